//! What an invented party does with a logout.

use serde::{Deserialize, Serialize};

/// What an invented identity provider or demo system does with single logout. `logout = "…"` in its section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogoutHabit {
    /// By HTTP-Redirect and HTTP-POST, and it answers.
    #[default]
    Answers,
    /// It logs the user out and leaves the browser on a page of its own.
    NeverAnswers,
    /// It answers that it could not (`Responder`), and the user stays logged in.
    AnswersError,
    /// HTTP-POST is all that its metadata offers.
    PostOnly,
    /// SOAP is all that its metadata offers.
    SoapOnly,
    /// It answers to the address for requests, whatever ResponseLocation says.
    AnswersAtRequestAddress,
    /// Its metadata names no SingleLogoutService.
    NotOffered,
}
