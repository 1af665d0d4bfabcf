//! What the rules look at, and how they find things in it.

use super::Evidence;
use crate::hub::roles::Story;
use crate::hub::trace::{Direction, Leg, Told};
use crate::hub::{Check, Decision, Exchange, Row, RowOutcome};

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// How it ended.
    pub ended: Ended,
    /// Whether an identity provider was chosen.
    pub chosen: bool,
    /// The messages, in order.
    pub exchanges: &'a [Exchange],
    /// The decisions, in order.
    pub decisions: &'a [Decision],
    /// What became of the user's roles.
    pub story: Option<&'a Story>,
    /// What the parties said of the hub's messages.
    pub told: &'a [Told],
}

/// How a flow ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Somebody was refused, by this check first.
    Refused(Check),
    /// The system got an assertion.
    LoggedIn,
    /// Nobody came back; or nobody has yet.
    Open,
    /// A logout: everybody says that the user is logged out.
    LoggedOut,
    /// A logout: somebody did not log the user out.
    PartialLogout,
}

impl<'a> Facts<'a> {
    /// The check that refused. Whoever sent an encrypted assertion is told no more than that it could not be decrypted and
    /// verified; here it is the row that failed.
    pub(super) fn reason(&self) -> Option<Check> {
        let Ended::Refused(told) = self.ended else {
            return None;
        };
        let failed = || {
            let (_, answer) = self.answer()?;
            let mut rows = answer.checks.iter();
            let failed = rows.find(|row| {
                row.outcome == RowOutcome::Fail && row.check >= Check::AssertionCount
            })?;
            Some(failed.check)
        };
        match told {
            Check::Decryption => failed().or(Some(told)),
            told => Some(told),
        }
    }

    /// The identity provider's last answer.
    pub(super) fn answer(&self) -> Option<(usize, &'a Exchange)> {
        self.last(Leg::IdentityProvider, Direction::In)
    }

    /// The hub's last request to the identity provider.
    pub(super) fn question(&self) -> Option<(usize, &'a Exchange)> {
        self.last(Leg::IdentityProvider, Direction::Out)
    }

    fn last(&self, leg: Leg, direction: Direction) -> Option<(usize, &'a Exchange)> {
        let mut all = self.exchanges.iter().enumerate().rev();
        all.find(|(_, exchange)| (exchange.leg, exchange.direction) == (leg, direction))
    }

    /// The last row of a check, with its message.
    pub(super) fn row(&self, check: Check) -> Option<(usize, &'a Row)> {
        let mut all = self.exchanges.iter().enumerate().rev();
        all.find_map(|(at, exchange)| {
            let mut rows = exchange.checks.iter();
            Some((at, rows.find(|row| row.check == check)?))
        })
    }

    /// How the last row of a check went.
    pub(super) fn outcome(&self, check: Check) -> Option<RowOutcome> {
        self.row(check).map(|(_, row)| row.outcome)
    }

    /// What the last row of a check found.
    pub(super) fn found(&self, check: Check) -> Option<&'a str> {
        self.row(check).map(|(_, row)| &*row.found)
    }

    /// The rows of these checks, as evidence.
    pub(super) fn rows(&self, checks: &[Check]) -> Vec<Evidence> {
        let rows = checks.iter().filter_map(|check| {
            let (exchange, _) = self.row(*check)?;
            Some(Evidence::Row {
                exchange,
                check: *check,
            })
        });
        rows.collect()
    }

    /// The last decision by this rule.
    pub(super) fn decision(&self, rule: &str) -> Option<(usize, &'a Decision)> {
        let mut all = self.decisions.iter().enumerate().rev();
        all.find(|(_, decision)| decision.rule == rule)
    }

    /// What the last decision by this rule says, and the decision as evidence.
    pub(super) fn decided(&self, rule: &str) -> Option<(&'a str, Evidence)> {
        let (decision, found) = self.decision(rule)?;
        Some((&found.result, Evidence::Decision { decision }))
    }

    /// The class ref that the identity provider was asked for.
    pub(super) fn asked_for(&self) -> Option<&'a str> {
        let (_, decision) = self.decision("comparison")?;
        Some(&decision.input)
    }

    /// The same, by whoever says that it found something wrong with the hub's message.
    pub(super) fn told_by(&self, leg: Leg) -> Option<(Evidence, &'a Told)> {
        let mut all = self.told.iter().enumerate().rev();
        let (at, told) = all.find(|(_, told)| told.by == leg && !told.findings.is_empty())?;
        Some((Evidence::Told { told: at }, told))
    }
}
