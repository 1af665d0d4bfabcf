//! Nobody came back: from the chooser, or from the identity provider.

use super::Confidence::{Certain, Likely, Possible};
use super::{Cause, Ended, Evidence, Facts, Found, finding, rule};
use crate::hub::trace::Leg;

pub(super) fn never_came_back(facts: &Facts<'_>) -> Option<Found> {
    if facts.ended != Ended::Open {
        return None;
    }
    if !facts.chosen {
        let shown = facts.decided("idp-choice/chooser");
        let evidence = shown.map(|(_, evidence)| evidence);
        return Some((
            Cause::ChooserAbandoned,
            Certain,
            evidence.into_iter().collect(),
        ));
    }
    if let Some((evidence, told)) = facts.told_by(Leg::IdentityProvider) {
        let signature = told.findings.iter().any(|one| one.id == finding::SIGNATURE);
        let cause = match signature {
            true => Cause::IdpRefusesHubKey,
            false => Cause::IdpRefusesRequest,
        };
        return Some((cause, Certain, vec![evidence]));
    }
    if let Some((_, replaced)) = facts.decided(rule::REPLACED) {
        let remembered = facts
            .decided(rule::REMEMBERED)
            .map(|(_, evidence)| evidence);
        let evidence = std::iter::once(replaced).chain(remembered);
        return Some((Cause::RememberedReplaced, Likely, evidence.collect()));
    }
    let asked = facts
        .question()
        .map(|(exchange, _)| Evidence::Message { exchange });
    if let Some((rule::KEY_OLD, key)) = facts.decided(rule::HUB_KEY) {
        let evidence = std::iter::once(key).chain(asked);
        return Some((Cause::IdpRefusesHubKey, Likely, evidence.collect()));
    }
    Some((
        Cause::IdpNeverAnswered,
        Possible,
        asked.into_iter().collect(),
    ))
}
