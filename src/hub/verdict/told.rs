//! The hub sent its answer, and the system did not take it.

use super::Confidence::Certain;
use super::{Cause, Ended, Facts, Found, finding};
use crate::hub::Check;
use crate::hub::trace::Leg;

pub(super) fn by_the_system(facts: &Facts<'_>) -> Option<Found> {
    if facts.ended != Ended::LoggedIn {
        return None;
    }
    let (evidence, told) = facts.told_by(Leg::System)?;
    let says = |ids: &[&str]| {
        told.findings
            .iter()
            .any(|one| ids.contains(&one.id.as_str()))
    };
    let id = |check: Check| check.info().id;
    let keys = [
        Check::TrustedKey,
        Check::ResponseSignature,
        Check::AssertionSignature,
    ]
    .map(id);
    let cause = if says(&[finding::RELAY_STATE]) {
        Cause::RelayStateLost
    } else if says(&[finding::OTHER_BROWSER]) {
        Cause::OtherBrowser
    } else if says(&keys) {
        Cause::SystemRefusesHubKey
    } else {
        Cause::SystemRefusesAnswer
    };
    Some((cause, Certain, vec![evidence]))
}
