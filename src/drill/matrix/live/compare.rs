//! What was predicted against what happened.

use super::{Line, Predicted, Sent};
use crate::drill::matrix::Fate;
use crate::edge::trials::{SentView, StatusView, TrialView};
use crate::hub::FlowId;
use crate::oiosaml::Level;
use crate::saml::{Comparison, Status};

/// How a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As predicted.
    Agrees,
    /// Otherwise than predicted.
    Differs,
    /// Nobody has logged in yet, or did not come back.
    Waiting,
    /// As predicted as far as the messages say, but whether a second factor was asked for a person must say.
    Review,
    /// It happened, and nobody has said what product the IdP is: nothing was predicted of its answer.
    Unpredicted,
}

/// One thing that went otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What: `sent`, `outcome`, `level`, `status`, `check` or `second-factor`.
    pub what: &'static str,
    /// What was predicted.
    pub expected: String,
    /// What happened.
    pub found: String,
}

impl State {
    /// For scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::Waiting => "WAITING",
            Self::Review => "REVIEW",
            Self::Unpredicted => "unpredicted",
        }
    }
}

impl Line<'_> {
    /// How it stands.
    pub fn state(&self) -> State {
        let Some(seen) = self.seen.as_ref().filter(|seen| seen.outcome != "waiting") else {
            return State::Waiting;
        };
        match (self.differences().is_empty(), seen.todo.is_some()) {
            (false, _) => State::Differs,
            (true, true) => State::Review,
            (true, false) if self.predicted.fate.is_none() => State::Unpredicted,
            (true, false) => State::Agrees,
        }
    }

    /// What went otherwise; nothing of a line that waits.
    pub fn differences(&self) -> Vec<Difference> {
        let seen = self.seen.as_ref().filter(|seen| seen.outcome != "waiting");
        seen.map_or_else(Vec::new, |seen| differences(&self.predicted, seen))
    }
}

fn differences(predicted: &Predicted, seen: &TrialView) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut same = |what, expected: &dyn std::fmt::Debug, seen: &dyn std::fmt::Debug| {
        let (expected, seen) = (format!("{expected:?}"), format!("{seen:?}"));
        if expected != seen {
            found.push(Difference {
                what,
                expected,
                found: seen,
            });
        }
    };
    let asked = predicted.cell.sent.as_ref().ok();
    let inactive = matches!(&predicted.fate, Some(Fate::NotAsked(_)));
    let asked = asked.filter(|_| !inactive).cloned();
    same("sent", &asked, &seen.sent.as_ref().map(sent));
    let Some(fate) = &predicted.fate else {
        return found;
    };
    let (outcome, under) = outcome(fate);
    same("outcome", &outcome, &seen.outcome.as_str());
    if outcome != seen.outcome {
        return found;
    }
    same("outcome", &under, &seen.under_assured);
    match fate {
        Fate::Passes {
            level,
            second_factor,
        } => {
            same("level", &word(*level), &seen.level);
            if let Some(asked) = seen.second_factor {
                same("second-factor", second_factor, &asked);
            }
        }
        Fate::UnderAssured { level } => same("level", &word(*level), &seen.level),
        Fate::RefusedByHub { level, check } => {
            same("level", &word(*level), &seen.level);
            same("check", &Some(check.info().id), &seen.check.as_deref());
        }
        Fate::NotAsked(check) => same("check", &Some(check.info().id), &seen.check.as_deref()),
        Fate::RefusedByIdp(status) => same("status", &Some(said(status)), &seen.status),
        // Whoever closes the browser there sends no status.
        Fate::Stuck(status) => {
            if seen.status.is_some() {
                same("status", &Some(said(status)), &seen.status);
            }
        }
    }
    found
}

/// The word of the API, and whether the level is too low.
fn outcome(fate: &Fate) -> (&'static str, bool) {
    match fate {
        Fate::Passes { .. } => ("logged-in", false),
        Fate::UnderAssured { .. } => ("logged-in", true),
        Fate::RefusedByIdp(_) => ("refused-by-idp", false),
        Fate::Stuck(_) => ("stopped-at-idp", false),
        Fate::RefusedByHub { .. } | Fate::NotAsked(_) => ("refused-by-hub", false),
    }
}

fn word(level: Option<Level>) -> Option<String> {
    level.map(|level| level.to_string())
}

fn said(status: &Status) -> StatusView {
    StatusView::of(status)
}

/// What was sent, in the words of the prediction.
pub fn sent(view: &SentView) -> Sent {
    Sent {
        class_ref: view.class_refs.first().cloned(),
        comparison: view.comparison.as_deref().and_then(Comparison::parse),
        relay_state: without_handle(view.relay_state.as_deref().unwrap_or_default()),
        requester_id: view.requester_ids.first().cloned(),
    }
}

/// RelayState with `{handle}` where the hub's own handle stands: 26 characters that no level's word has.
fn without_handle(relay_state: &str) -> String {
    for at in 0..relay_state.len().saturating_sub(25) {
        let handle = relay_state.get(at..at + 26);
        if let Some(handle) = handle.filter(|handle| FlowId::parse(handle).is_some()) {
            return relay_state.replacen(handle, "{handle}", 1);
        }
    }
    relay_state.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handle_is_left_out_wherever_it_stands() {
        let handle = FlowId::from_random([7; 16]);
        for template in ["{handle}", "{handle}&nsis=Betydelig", "Lav {handle}", ""] {
            let filled = template.replace("{handle}", handle.as_str());
            assert_eq!(without_handle(&filled), template);
        }
    }
}
