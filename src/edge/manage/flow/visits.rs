//! What the browser asked the hub for: headers and cookies, by name.

use super::shown::visible;
use crate::edge::journal::Visit;
use crate::edge::page::{Text, when};

/// A request of the browser.
#[derive(Debug)]
pub struct VisitView {
    pub at: String,
    pub method: String,
    pub path: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub cookies: Vec<String>,
    pub set_cookies: Vec<String>,
    pub location: Option<String>,
}

impl VisitView {
    pub fn of(visit: &Visit, t: &Text) -> Self {
        let all = |texts: &[String]| texts.iter().map(|text| visible(text)).collect();
        let headers = visit.headers.iter();
        Self {
            at: when::clock(visit.at, t.language),
            method: visible(&visit.method),
            path: visible(&visit.path),
            status: visit.status,
            headers: headers
                .map(|(name, value)| (visible(name), visible(value)))
                .collect(),
            cookies: all(&visit.cookies),
            set_cookies: all(&visit.set_cookies),
            location: visit.location.as_deref().map(visible),
        }
    }
}
