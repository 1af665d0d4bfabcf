//! Pages: rendered from templates that escape everything, in the language of the request, and static files.
//!
//! A page's texts are [`Text`]s, in its field `t`. Personas and demo systems render their pages here too.

mod assets;
mod choices;
mod chooser;
pub mod csv;
mod error;
pub mod language;
mod logout;
mod text;
pub mod when;

pub use assets::assets;
pub use choices::{ChoiceRow, ChoiceState, Forgotten, MyChoices};
pub use chooser::{Chooser, Entry, Remember};
pub use error::{
    Error, FailedAs, Plain, failed, misdirected, not_found, panicked, refused, with_page,
};
pub use language::{Language, Place};
pub use logout::{Carry, LogoutPage, PartyRow, Progress, SessionRow};
pub use text::Text;
pub(crate) use text::texts;

use super::guard::{csp_posting_anywhere, csp_posting_to, origin};
use crate::hub::RowOutcome;
use askama::Template;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// The landing page of the public site.
#[derive(Template)]
#[template(path = "landing.html")]
pub struct Landing<'a> {
    /// Texts.
    pub t: &'static Text,
    /// Whether the parties are invented.
    pub demo: bool,
    /// Systems to try.
    pub systems: Vec<Link<'a>>,
    /// Identity providers.
    pub idps: &'a [super::IdpLink],
    /// The journal's list.
    pub flows: String,
    /// Addresses: label, address.
    pub addresses: Vec<(&'static str, String)>,
}

/// A system to try.
pub struct Link<'a> {
    /// Where its login starts.
    pub url: &'a str,
    /// What people call it.
    pub title: &'a str,
    /// Profile and level, in words.
    pub note: String,
}

/// Whose page it is, where it is not the hub's.
#[derive(Debug, Clone, Copy)]
pub struct Party<'a> {
    /// Address of the site without a slash at the end.
    pub base: &'a str,
    /// What people call it.
    pub title: &'a str,
}

/// A page that posts a message on.
#[derive(Template)]
#[template(path = "post.html")]
pub struct Post<'a> {
    /// Texts.
    pub t: &'static Text,
    /// The persona or demo system that sends it; nobody is the hub.
    pub party: Option<Party<'a>>,
    /// Where to.
    pub action: &'a str,
    /// Name of the message's field.
    pub field: &'a str,
    /// The message.
    pub message: &'a str,
    /// RelayState.
    pub relay_state: Option<&'a str>,
}

impl Post<'_> {
    fn base(&self) -> &str {
        self.party.map_or("", |party| party.base)
    }
}

/// Where the forms of a page may go.
#[derive(Debug, Clone, Copy)]
pub enum Forms<'a> {
    /// To the site itself.
    Own,
    /// To the origin of this address.
    To(&'a str),
    /// To an address that may send the browser on to a third party, whose origin only that address knows:
    /// browsers hold a redirect after a form against the form's page.
    Anywhere,
}

/// A rendered page whose forms stay on its site.
pub fn html(status: StatusCode, template: &impl Template) -> Response {
    html_with(status, template, Forms::Own)
}

/// A rendered page with the policy for its forms.
pub fn html_with(status: StatusCode, template: &impl Template, forms: Forms<'_>) -> Response {
    // Writing to a String fails only if a value's Display does, and ours do not.
    let Ok(body) = template.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let policy = match forms {
        Forms::Own => csp_posting_to("'self'"),
        Forms::To(address) => {
            csp_posting_to(&origin(address).unwrap_or_else(|| "'none'".to_owned()))
        }
        Forms::Anywhere => csp_posting_anywhere(),
    };
    let mut response = (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A word and a class for the outcome of a check.
pub fn outcome(outcome: RowOutcome, t: &Text) -> (&'static str, &'static str) {
    match outcome {
        RowOutcome::Pass => (t.check_ok, "pass"),
        RowOutcome::Fail => (t.check_failed, "fail"),
        RowOutcome::Warn => (t.check_warned, "warn"),
        RowOutcome::Skip => (t.check_skipped, "skip"),
    }
}

#[cfg(test)]
mod template_tests;
#[cfg(test)]
mod tests;
