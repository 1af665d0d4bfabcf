//! A page that the browser stands on, and the requests that led there.

use crate::drill::html::{self, Facts, Form, Output};
use hyper::{Method, StatusCode};
use url::Url;

/// One request and what it got.
#[derive(Debug, Clone)]
pub struct Hop {
    /// `GET` or `POST`.
    pub method: Method,
    /// Address.
    pub url: Url,
    /// Body of a POST.
    pub body: Option<String>,
    /// Status of the answer.
    pub status: StatusCode,
    /// Where a redirect leads, as written.
    pub location: Option<String>,
    /// `Content-Type` of the answer.
    pub content_type: Option<String>,
}

/// A page that the browser stands on.
#[derive(Debug, Clone)]
pub struct Page {
    /// Address.
    pub url: Url,
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: hyper::HeaderMap,
    /// The body.
    pub body: String,
}

impl Page {
    /// Its forms.
    pub fn forms(&self) -> Vec<Form> {
        html::forms(&self.body)
    }

    /// The addresses of its links.
    pub fn links(&self) -> Vec<String> {
        html::links(&self.body)
    }

    /// What it tells a script in `<output id="result">`.
    pub fn result(&self) -> Option<Output> {
        html::output(&self.body)
    }

    /// One value of the result, such as `data-status`.
    pub fn result_value(&self, key: &str) -> Option<String> {
        self.result().and_then(|mut output| output.remove(key))
    }

    /// The text that a user sees: no tags or scripts, white space folded, at most 100,000 bytes.
    pub fn text(&self) -> String {
        self.facts().text.trim().to_owned()
    }

    /// Its title.
    pub fn title(&self) -> String {
        self.facts().title.trim().to_owned()
    }

    /// Whether a browser that runs no scripts sees (nearly) nothing of it.
    pub fn needs_scripts(&self) -> bool {
        self.facts().needs_scripts
    }

    /// Where a link of the page leads, as its `<base>` has it.
    pub fn address_of(&self, link: &str) -> Option<Url> {
        let base = self.facts().base;
        let base = base.and_then(|base| self.url.join(&base).ok());
        base.as_ref().unwrap_or(&self.url).join(link.trim()).ok()
    }

    /// Where a form leads: without an action, to the page itself.
    pub fn target(&self, form: &Form) -> Option<Url> {
        match form.action.trim() {
            "" => Some(self.url.clone()),
            action => self.address_of(action),
        }
    }

    pub(super) fn facts(&self) -> Facts {
        html::facts(&self.body)
    }
}
