//! What a page says of a logout, kept in its address: so that it can be looked at again, in either language.

use crate::edge::page::Text;
use crate::saml::Status;
use crate::saml::names::status;

/// The parameter of the address.
const PARAMETER: &str = "svar";
/// The parameter with the hub's status, where it refused.
const STATUS: &str = "status";
/// Characters of a status that are repeated on a page.
const LONGEST: usize = 40;

/// What a page says of a logout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The user is logged out here, and nobody else was asked.
    Here,
    /// The hub answered that everybody logged the user out.
    Everywhere,
    /// The hub answered PartialLogout.
    Partly,
    /// The hub answered that it has no such session (UnknownPrincipal).
    Unknown,
    /// The hub answered with an error: the last word of its status.
    Refused(String),
    /// The hub could not be reached by SOAP, or its answer was none.
    Unreached,
    /// The hub asked for it, and gets no answer.
    Silent,
}

impl Told {
    /// What the hub's answer says.
    pub fn of(status: &Status) -> Self {
        match (status.is_success(), status.subcode.as_deref()) {
            (true, Some(status::PARTIAL_LOGOUT)) => Self::Partly,
            (true, _) => Self::Everywhere,
            (false, Some(status::UNKNOWN_PRINCIPAL)) => Self::Unknown,
            (false, subcode) => {
                let code = subcode.unwrap_or(&status.code);
                Self::Refused(last_word(code))
            }
        }
    }

    /// For scripts, and in the address.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Everywhere => "everywhere",
            Self::Partly => "partly",
            Self::Unknown => "unknown",
            Self::Refused(_) => "refused",
            Self::Unreached => "unreached",
            Self::Silent => "silent",
        }
    }

    /// As a query.
    pub fn query(&self) -> String {
        match self {
            Self::Refused(status) => format!("{PARAMETER}={}&{STATUS}={status}", self.word()),
            _ => format!("{PARAMETER}={}", self.word()),
        }
    }

    /// What a query says: anybody may have written it.
    pub fn read(query: &str) -> Option<Self> {
        let pairs = || url::form_urlencoded::parse(query.as_bytes());
        let value = |name: &str| pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        let word = value(PARAMETER)?;
        let known = [
            Self::Here,
            Self::Everywhere,
            Self::Partly,
            Self::Unknown,
            Self::Refused(last_word(&value(STATUS).unwrap_or_default())),
            Self::Unreached,
            Self::Silent,
        ];
        known.into_iter().find(|one| one.word() == word)
    }

    /// Whether the user should know that somebody may not have logged them out.
    pub fn warns(&self) -> bool {
        !matches!(self, Self::Here | Self::Everywhere)
    }

    /// A sentence for the user of the party called `title`.
    pub fn text(&self, t: &Text, title: &str) -> String {
        match self {
            Self::Here => t.logged_out_text(title),
            Self::Everywhere => t.logout_everywhere(title),
            Self::Partly => t.logout_partly(title),
            Self::Unknown => t.logout_unknown(title),
            Self::Refused(status) => t.logout_refused_by_hub(title, status),
            Self::Unreached => t.logout_unreached(title),
            Self::Silent => t.logout_silent(title),
        }
    }
}

/// The last word of a status code, and nothing that is none.
fn last_word(code: &str) -> String {
    let word = code.rsplit(':').next().unwrap_or_default();
    let letters = word.chars().filter(char::is_ascii_alphanumeric);
    letters.take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_becomes_a_page_and_its_address_leads_back() {
        let refusal = |code, subcode| Status::refusal(code, subcode, "");
        let partial = Status {
            subcode: Some(status::PARTIAL_LOGOUT.to_owned()),
            ..Status::success()
        };
        for (status, told, word) in [
            (Status::success(), Told::Everywhere, "everywhere"),
            (partial, Told::Partly, "partly"),
            (
                refusal(status::REQUESTER, Some(status::UNKNOWN_PRINCIPAL)),
                Told::Unknown,
                "unknown",
            ),
            (
                refusal(status::REQUESTER, Some(status::REQUEST_DENIED)),
                Told::Refused("RequestDenied".into()),
                "refused",
            ),
            (
                refusal(status::RESPONDER, None),
                Told::Refused("Responder".into()),
                "refused",
            ),
        ] {
            let found = Told::of(&status);
            assert_eq!((&found, found.word()), (&told, word));
            assert_eq!(Told::read(&found.query()), Some(told));
        }
        for told in [Told::Here, Told::Unreached, Told::Silent] {
            assert_eq!(Told::read(&told.query()), Some(told));
        }
        assert_eq!(Told::read("svar=andet"), None);
        assert_eq!(Told::read("lang=en"), None);
    }

    #[test]
    fn an_address_that_somebody_wrote_puts_no_words_on_the_page() {
        let told = Told::read("svar=refused&status=<b>ring+til+12345678</b>").expect("a page");
        assert_eq!(told, Told::Refused("bringtil12345678b".into()));
    }
}
