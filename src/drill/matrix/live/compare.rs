//! What was predicted against what happened.

use super::{Line, Predicted, Sent};
use crate::drill::matrix::Fate;
use crate::drill::matrix::report::phrases::Text;
use crate::drill::matrix::report::words;
use crate::edge::page::Language;
use crate::edge::trials::{SentView, StatusView, TrialView};
use crate::hub::{Check, FlowId};
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
    let mut same = |what, expected: String, seen: String| {
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
    let asked = asked.filter(|_| !inactive);
    same(
        "sent",
        asked_for(asked),
        asked_for(seen.sent.as_ref().map(sent).as_ref()),
    );
    let Some(fate) = &predicted.fate else {
        return found;
    };
    let (outcome, under) = outcome(fate);
    same("outcome", outcome.to_owned(), seen.outcome.clone());
    if outcome != seen.outcome {
        return found;
    }
    let too_low = |under: bool| {
        if under {
            "under-assured"
        } else {
            "with the level"
        }
        .to_owned()
    };
    same("outcome", too_low(under), too_low(seen.under_assured));
    let level = |level: Option<String>| level.unwrap_or_else(|| "no level".to_owned());
    let check = |check: Option<&str>| check.unwrap_or("no check").to_owned();
    let second = |asked: bool| if asked { "asked for" } else { "not asked for" }.to_owned();
    let status = |status: Option<&StatusView>| {
        status.map_or_else(
            || "no status".to_owned(),
            |status| {
                let parts = [
                    Some(&status.code),
                    status.subcode.as_ref(),
                    status.message.as_ref(),
                ];
                parts
                    .into_iter()
                    .flatten()
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" ")
            },
        )
    };
    match fate {
        Fate::Passes {
            level: reached,
            second_factor,
        } => {
            same("level", level(word(*reached)), level(seen.level.clone()));
            if let Some(asked) = seen.second_factor {
                same("second-factor", second(*second_factor), second(asked));
            }
        }
        Fate::UnderAssured { level: reached } => {
            same("level", level(word(*reached)), level(seen.level.clone()));
        }
        Fate::RefusedByHub {
            level: reached,
            check: by,
        } => {
            // Of an answer that is refused for something else the level is not looked at.
            if *by == Check::LevelReached {
                same("level", level(word(*reached)), level(seen.level.clone()));
            }
            same(
                "check",
                check(Some(by.info().id)),
                check(seen.check.as_deref()),
            );
        }
        Fate::NotAsked(by) => same(
            "check",
            check(Some(by.info().id)),
            check(seen.check.as_deref()),
        ),
        Fate::RefusedByIdp(by) => same(
            "status",
            status(Some(&said(by))),
            status(seen.status.as_ref()),
        ),
        // Whoever closes the browser there sends no status.
        Fate::Stuck(by) => {
            if seen.status.is_some() {
                same(
                    "status",
                    status(Some(&said(by))),
                    status(seen.status.as_ref()),
                );
            }
        }
    }
    found
}

/// What was sent, as reports in English say it.
fn asked_for(sent: Option<&Sent>) -> String {
    let t = Text::of(Language::English);
    let Some(sent) = sent else {
        return "nothing".to_owned();
    };
    let requester = sent.requester_id.as_deref().unwrap_or_default();
    format!("{} {requester}", words::of_sent(sent, t))
        .trim_end()
        .to_owned()
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
