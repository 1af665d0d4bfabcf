//! Who in the chain must act (kædeansvar): of a flow that did not end as it should, the cause, and what shows it.
//!
//! One ordered list of rules over what the journal keeps of a flow, and nothing else: whoever gets the flow gets the same
//! verdict. What only the process knows (what a party fetched, how clocks stand) comes in as decisions of the flow ([`rule`]).

mod answer;
mod cause;
pub mod circumstance;
mod facts;
pub mod finding;
mod gone;
mod level;
mod logout;
mod request;
mod roles;
pub mod rule;
mod status;
mod told;

pub use cause::{Cause, CauseInfo, Contact};
pub use facts::{Ended, Facts};

use super::Check;
use serde::{Deserialize, Serialize};

/// The verdict on a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What it was.
    pub cause: Cause,
    /// How sure that is.
    pub confidence: Confidence,
    /// What shows it, the most telling first.
    pub evidence: Vec<Evidence>,
}

/// How sure a cause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// It fits, and so does something else.
    Possible,
    /// Nothing else that we know fits as well.
    Likely,
    /// The messages say it.
    Certain,
}

/// Something of the flow that shows a cause: places in its lists, counted from 0. What was left out of an old flow is
/// not there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Evidence {
    /// A message.
    Message {
        /// Which.
        exchange: usize,
    },
    /// A row of a message's checks.
    Row {
        /// Which message.
        exchange: usize,
        /// Which check.
        check: Check,
    },
    /// A decision.
    Decision {
        /// Which.
        decision: usize,
    },
    /// What a party said of the hub's message.
    Told {
        /// Which.
        told: usize,
    },
}

/// What a rule found: the cause, how sure it is, and what shows it.
type Found = (Cause, Confidence, Vec<Evidence>);

/// A rule: looks, and finds a cause or nothing.
type Rule = fn(&Facts<'_>) -> Option<Found>;

/// The rules in their order: the first that finds something has the verdict.
const RULES: [Rule; 12] = [
    logout::partial,
    logout::never_came_back,
    request::unknown,
    request::refused,
    gone::never_came_back,
    answer::nobody_waits,
    answer::another_browser,
    answer::refused,
    status::refused,
    level::too_low,
    roles::none_came_through,
    told::by_the_system,
];

/// The verdict; none for a login that went as it should. Of a flow that goes on it is the one that it will have if nobody
/// comes back.
pub fn of(facts: &Facts<'_>) -> Option<Verdict> {
    let found = RULES.iter().find_map(|rule| rule(facts));
    let (cause, confidence, evidence) = found.or_else(|| by_check(facts))?;
    Some(Verdict {
        cause,
        confidence,
        evidence,
    })
}

/// What the check says that refused, where no rule knows more.
fn by_check(facts: &Facts<'_>) -> Option<Found> {
    let check = facts.reason()?;
    let cause = match check {
        Check::StoreAvailable => Cause::StoreUnavailable,
        check => Cause::Check(check),
    };
    Some((cause, Confidence::Certain, facts.rows(&[check])))
}
