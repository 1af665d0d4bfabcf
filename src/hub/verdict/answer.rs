//! What is wrong with an identity provider's answer, before anybody looks at its level.

use super::Confidence::{Certain, Likely, Possible};
use super::{Cause, Evidence, Facts, Found, rule};
use crate::hub::acs::{NOT_KEPT, UNSOLICITED};
use crate::hub::judge::rotated::{EXPIRED, NO_REGISTERED_KEY, ROTATED_OUT};
use crate::hub::{Check, RowOutcome};

/// The hub waits for no such answer.
pub(super) fn nobody_waits(facts: &Facts<'_>) -> Option<Found> {
    if facts.reason()? != Check::ResponseExpected {
        return None;
    }
    let rows = facts.rows(&[Check::ResponseExpected]);
    if facts.found(Check::ResponseExpected)? == UNSOLICITED {
        return Some((Cause::Unsolicited, Certain, rows));
    }
    let Some((decision, again)) = facts.decision(rule::AGAIN) else {
        return Some((Cause::WrongInResponseTo, Likely, rows));
    };
    let evidence = [vec![Evidence::Decision { decision }], rows].concat();
    Some(
        match (again.result.as_str(), again.input.ends_with("abandoned")) {
            (rule::AGAIN_SAME_BROWSER, true) => (Cause::AnsweredTooLate, Certain, evidence),
            (rule::AGAIN_SAME_BROWSER, false) => (Cause::AnsweredTwice, Certain, evidence),
            // Somebody has a copy, or lost the cookie since.
            _ => (Cause::Replayed, Possible, evidence),
        },
    )
}

/// The answer came with another browser than the login began with, or with one that lost the hub's cookie.
pub(super) fn another_browser(facts: &Facts<'_>) -> Option<Found> {
    let check = facts.reason()?;
    let rows = facts.rows(&[Check::ResponseBrowser]);
    match check {
        Check::BrowserCookie if facts.found(Check::ResponseBrowser) == Some(NOT_KEPT) => {
            Some((Cause::CookieNotKept, Certain, rows))
        }
        Check::BrowserCookie => Some((Cause::CookieMissing, Likely, rows)),
        Check::ResponseBrowser => Some((Cause::OtherBrowser, Likely, rows)),
        _ => None,
    }
}

/// A row of the answer failed.
pub(super) fn refused(facts: &Facts<'_>) -> Option<Found> {
    let check = facts.reason()?;
    let rows = facts.rows(&[check]);
    let certain = |cause| Some((cause, Certain, rows.clone()));
    match check {
        Check::ResponseSignature | Check::AssertionSignature => signature(facts, check),
        Check::Decryption => match facts.decided(rule::HUB_KEY) {
            Some((rule::KEY_OLD, key)) => {
                let evidence = [rows, vec![key]].concat();
                Some((Cause::EncryptedToPreviousKey, Likely, evidence))
            }
            _ => None,
        },
        Check::Audience => certain(Cause::WrongAudience),
        Check::ConfirmationRecipient => certain(Cause::WrongRecipient),
        Check::ResponseDestination => certain(Cause::WrongDestination),
        Check::ResponseInResponseTo | Check::ConfirmationInResponseTo => {
            certain(Cause::WrongInResponseTo)
        }
        Check::Replay => certain(Cause::Replayed),
        Check::CvrContext | Check::NameIdOrganisation => certain(Cause::ForeignOrganisation),
        Check::ResponseIssueInstant
        | Check::ConfirmationTime
        | Check::ConditionsNotBefore
        | Check::ConditionsNotOnOrAfter => clock(facts, rows),
        // Also a login that was not made anew although it had to be; then nothing else is out of time.
        Check::AuthnInstant | Check::SessionNotOnOrAfter
            if facts.outcome(Check::ResponseIssueInstant) == Some(RowOutcome::Fail) =>
        {
            clock(facts, rows)
        }
        _ => None,
    }
}

/// Whose key made the signature, as far as the row says it.
fn signature(facts: &Facts<'_>, check: Check) -> Option<Found> {
    let found = facts.found(check)?;
    let rows = facts.rows(&[check]);
    let is_value = found.starts_with(NO_REGISTERED_KEY);
    Some(if found.starts_with(ROTATED_OUT) {
        (Cause::IdpRotatedOutKey, Certain, rows)
    } else if is_value && found.contains(EXPIRED) {
        // The certificate is what the message says; the signature is not its proof.
        (Cause::IdpExpiredKey, Likely, rows)
    } else if is_value {
        (Cause::IdpUnregisteredKey, Certain, rows)
    } else if found.starts_with("no signature") {
        (Cause::IdpUnsigned, Certain, rows)
    } else {
        return None;
    })
}

/// Whose clock is wrong.
fn clock(facts: &Facts<'_>, rows: Vec<Evidence>) -> Option<Found> {
    Some(match facts.decided(rule::CLOCK) {
        Some((rule::CLOCK_HUB, clock)) => (Cause::HubClock, Likely, [vec![clock], rows].concat()),
        Some((rule::CLOCK_PARTY, clock)) => {
            (Cause::IdpClock, Certain, [rows, vec![clock]].concat())
        }
        Some((_, clock)) => (Cause::IdpClock, Likely, [rows, vec![clock]].concat()),
        None => (Cause::IdpClock, Likely, rows),
    })
}
