//! A party judges the hub's logout message by the hub's own checks.

use super::Party;
use crate::dsig::{Policy, has_signature};
use crate::hub::judge::SKEW;
use crate::hub::judge::logout::{ExpectedLogout, JudgedLogout, Logout, logout as judge};
use crate::hub::{Check, RowOutcome};
use crate::persona::strict::Objection;
use crate::saml::{Binding, Decoded, LogoutRequest, LogoutResponse};
use crate::xml::{Document, Node};

/// What a message must be.
pub(super) struct Wanted<'a> {
    /// A request, or else an answer.
    pub request: bool,
    /// The address that it came to; none where it came on a connection of ours.
    pub here: Option<&'a str>,
    /// What it must answer.
    pub in_response_to: Option<&'a str>,
}

/// The request, where the hub signed it for this party: or what speaks against it.
pub fn accepted<P: Party>(
    party: &P,
    decoded: &Decoded,
    here: &str,
) -> Result<LogoutRequest, Vec<Objection>> {
    let wanted = Wanted {
        request: true,
        here: Some(here),
        in_response_to: None,
    };
    let (judged, objections) = objections(party, decoded, &wanted);
    if !objections.is_empty() {
        return Err(objections);
    }
    match judged.message.as_ref().map(|message| message.value()) {
        Some(Logout::Request(request)) => Ok(request.clone()),
        // Nobody signed it, and that was overlooked: else there would be an objection.
        _ => claimed(decoded, |root| LogoutRequest::read(root).ok()).ok_or_else(Vec::new),
    }
}

/// The answer, where the hub signed it for this party and to this request, whatever its status: or what speaks against it.
pub(super) fn believed<P: Party>(
    party: &P,
    decoded: &Decoded,
    wanted: &Wanted<'_>,
) -> Result<LogoutResponse, Vec<Objection>> {
    let (judged, objections) = objections(party, decoded, wanted);
    if !objections.is_empty() {
        return Err(objections);
    }
    match judged.message.as_ref().map(|message| message.value()) {
        Some(Logout::Response(response)) => Ok(response.clone()),
        _ => claimed(decoded, |root| LogoutResponse::read(root).ok()).ok_or_else(Vec::new),
    }
}

fn objections<P: Party>(
    party: &P,
    decoded: &Decoded,
    wanted: &Wanted<'_>,
) -> (JudgedLogout, Vec<Objection>) {
    let side = party.side();
    let judged = judge(
        decoded,
        &ExpectedLogout {
            request: Some(wanted.request),
            sender: Some(&side.hub.entity_id),
            keys: &side.keys,
            former_keys: &[],
            signatures: Policy::Modern,
            destination: wanted.here,
            in_response_to: wanted.in_response_to,
            now: Some(side.now),
            skew: SKEW,
        },
    );
    let signed = is_signed(decoded);
    let rows = judged.report.findings().into_iter();
    let failed = rows.filter(|row| {
        // What the hub answers is the user's to know, and no reason not to believe that it did.
        let status = !wanted.request && row.check == Check::LogoutStatus;
        row.outcome == RowOutcome::Fail && !status && !party.overlooks(row.check, signed)
    });
    let objections = failed
        .map(|row| Objection {
            check: row.check,
            found: row.found.to_string(),
            expected: row.expected.to_string(),
        })
        .collect();
    (judged, objections)
}

/// Whether there is a signature at all, good or bad.
fn is_signed(decoded: &Decoded) -> bool {
    match decoded.binding {
        Binding::Redirect => decoded.query_signature.is_some(),
        Binding::Post | Binding::Soap => {
            claimed(decoded, |root| has_signature(root).then_some(())).is_some()
        }
    }
}

fn claimed<T>(decoded: &Decoded, read: impl FnOnce(Node<'_>) -> Option<T>) -> Option<T> {
    let document = Document::parse(&decoded.xml).ok()?;
    read(document.root())
}
