//! What the browser did and what it got, beside the messages: where a login gets lost on the way, this shows it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// One request of a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Method.
    pub method: String,
    /// Path without the query: a message in it is among the messages.
    pub path: String,
    /// The headers that say something about the browser and where it came from. Never a cookie.
    pub headers: Vec<(String, String)>,
    /// Names of the cookies that came along; their values are the user's.
    pub cookies: Vec<String>,
    /// Status of the answer.
    pub status: u16,
    /// Cookies that the answer set: name and attributes, without the value.
    pub set_cookies: Vec<String>,
    /// Where the answer led: origin and path.
    pub location: Option<String>,
}
