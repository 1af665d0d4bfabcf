//! What is said of what was seen: Danish, English.

use super::case::Expect;
use super::login::{NoAnswer, address};
use crate::drill::Page;

/// A sentence in both languages.
pub(super) type Said = (String, String);

pub(super) fn said(da: impl Into<String>, en: impl Into<String>) -> Said {
    (da.into(), en.into())
}

/// Where the user ended, and whether logged in.
pub(super) fn ended(page: &Page, logged_in: bool) -> Said {
    let (status, at) = (page.status.as_u16(), address(&page.url));
    let onward = page.headers.get("location").and_then(|to| to.to_str().ok());
    let (da, en) = match onward {
        Some(to) => {
            let to = to.split(['?', '#']).next().unwrap_or_default();
            (format!(", videre til {to}"), format!(", on to {to}"))
        }
        None => Default::default(),
    };
    match logged_in {
        true => said(
            format!("brugeren blev logget ind: {status} på {at}{da}"),
            format!("the user was logged in: {status} at {at}{en}"),
        ),
        false => said(
            format!("brugeren blev ikke logget ind: {status} på {at}{da}"),
            format!("the user was not logged in: {status} at {at}{en}"),
        ),
    }
}

/// What should have become of the user.
pub(super) fn expected(expect: Expect) -> Said {
    match expect {
        Expect::LoggedIn => said("brugeren logges ind", "the user is logged in"),
        Expect::Refused => said("brugeren logges ikke ind", "the user is not logged in"),
        Expect::Orderly => said(
            "brugeren logges ind eller får en besked, men ingen serverfejl",
            "the user is logged in or gets a message, but no server error",
        ),
        Expect::Own => said("", ""),
    }
}

/// Why no answer of the hub could be delivered.
pub(super) fn no_answer(why: &NoAnswer, system: &str) -> Said {
    match why {
        NoAnswer::Browser(error) => said(error.da(), error.en()),
        NoAnswer::NeverCame(page) if page.needs_scripts() => {
            let at = address(&page.url);
            said(
                format!(
                    "{at} kræver JavaScript: brug --browser chromium, eller angiv den adresse, siden selv sender videre til"
                ),
                format!(
                    "{at} needs JavaScript: use --browser chromium, or give the address that the page itself sends on to"
                ),
            )
        }
        NoAnswer::NeverCame(page) => {
            let (at, status, title) = (address(&page.url), page.status.as_u16(), page.title());
            said(
                format!(
                    "{at} svarede {status} («{title}») og sendte ikke browseren til hubben: er det adressen, hvor login begynder?"
                ),
                format!(
                    "{at} answered {status} (“{title}”) and did not send the browser to the hub: is it the address at which a login begins?"
                ),
            )
        }
        NoAnswer::Stuck(page, check) => {
            let (status, at) = (page.status.as_u16(), address(&page.url));
            match check {
                Some(check) => {
                    let info = check.info();
                    said(
                        format!(
                            "hubben afviste forespørgslen fra {system}: {} ({}). {}",
                            info.what.0, info.id, info.remedy.0
                        ),
                        format!(
                            "the hub refused the request of {system}: {} ({}). {}",
                            info.what.1, info.id, info.remedy.1
                        ),
                    )
                }
                None => said(
                    format!("login stoppede på {at} ({status}), før hubben svarede systemet"),
                    format!(
                        "the login stopped at {at} ({status}) before the hub answered the system"
                    ),
                ),
            }
        }
    }
}
