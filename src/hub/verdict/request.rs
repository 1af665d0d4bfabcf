//! What is wrong with a system's request, or with the choice of who is to answer it.

use super::Confidence::{Certain, Likely};
use super::{Cause, Facts, Found, rule};
use crate::hub::Check;

/// Nobody of that entityID is known, though somebody tried to register them.
pub(super) fn unknown(facts: &Facts<'_>) -> Option<Found> {
    if facts.reason()? != Check::RequestIssuerKnown {
        return None;
    }
    let (why, evidence) = facts.decided(rule::REGISTRATION)?;
    let cause = match why.split(": ").next()? {
        "metadata::no-encryption-key" | "metadata::no-encryption-method" => {
            Cause::SystemNoEncryptionKey
        }
        "metadata::expired" => Cause::SystemMetadataExpired,
        _ => return None,
    };
    let rows = facts.rows(&[Check::RequestIssuerKnown]);
    Some((cause, Certain, [vec![evidence], rows].concat()))
}

/// The request, or the choice, was refused.
pub(super) fn refused(facts: &Facts<'_>) -> Option<Found> {
    let check = facts.reason()?;
    let rows = facts.rows(&[check]);
    let certain = |cause| Some((cause, Certain, rows.clone()));
    match check {
        Check::RequestSigned => certain(Cause::RequestUnsigned),
        Check::RequestSignature => certain(Cause::RequestForeignKey),
        Check::RequestAcs => certain(Cause::ForeignAcs),
        Check::RequestIssueInstant => match facts.decided(rule::CLOCK) {
            Some((rule::CLOCK_HUB, clock)) => {
                Some((Cause::HubClock, Likely, [vec![clock], rows].concat()))
            }
            Some((_, clock)) => Some((Cause::RequestStale, Likely, [rows, vec![clock]].concat())),
            None => Some((Cause::RequestStale, Likely, rows)),
        },
        Check::NsisAtOiosaml2Idp => certain(Cause::NsisAtOiosaml2),
        Check::IdpActive | Check::ChooseActive | Check::ChooseKnown => certain(Cause::IdpInactive),
        Check::ChooseCancelled => certain(Cause::CancelledAtChooser),
        Check::RememberedActive => {
            let decided = [rule::REPLACED, rule::REMEMBERED].map(|rule| facts.decided(rule));
            let cause = match decided[0] {
                Some(_) => Cause::RememberedReplaced,
                None => Cause::RememberedInactive,
            };
            let evidence = decided.into_iter().flatten().map(|(_, evidence)| evidence);
            Some((cause, Certain, evidence.collect()))
        }
        _ => None,
    }
}
