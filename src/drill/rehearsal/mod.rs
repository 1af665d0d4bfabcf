//! A change of certificates on a fast clock: every party lives through the plan as its habits say, and every
//! system logs in at every identity provider at every step.
//!
//! Who is down, from when to when and why is computed ([`crate::hub::rollover::outages`]); that the computation is
//! right is shown by real logins with real signatures, one for each distinct situation ([`Situation`]). Nothing sleeps,
//! and nothing is drawn: the same plan gives the same bytes.

mod cast;
pub mod files;
mod login;
pub mod report;
mod simulate;
mod stage;
pub mod words;

pub use login::{Proof, Situation};
pub use simulate::rehearse;

use crate::hub::rollover::{Outage, Plan, Step, Taken, TrustModel, Validities};
use crate::hub::trace::Leg;
use time::OffsetDateTime;

/// What kind of party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The hub, where another party changes.
    Hub,
    /// A municipality's identity provider.
    IdentityProvider,
    /// A user-facing system.
    System,
}

/// A party that must take over the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Short name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Of which kind.
    pub role: Role,
    /// How it takes over changes.
    pub model: TrustModel,
    /// Whom to ring, where somebody is named.
    pub contact: Option<String>,
}

/// Everybody who takes part.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    /// Identity providers and systems, in the order of the federation.
    pub parties: Vec<Party>,
    /// The dates of the certificates of the party that changes, as far as they are known.
    pub validities: Validities,
}

/// What became of one plan.
#[derive(Debug, Clone)]
pub struct Run {
    /// The plan.
    pub plan: Plan,
    /// What people call the party that changes.
    pub changer: String,
    /// The dates of its certificates.
    pub validities: Validities,
    /// Everybody who had to take it over, in the order of the federation.
    pub parties: Vec<Line>,
    /// What the plan did and how many logins then worked, in the order of time.
    pub moments: Vec<Moment>,
    /// The real logins that were made to prove it.
    pub proof: Proof,
}

/// One party's part in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who.
    pub party: Party,
    /// What it took over, and when; fetches that found what the one before found are left out.
    pub updates: Vec<Taken>,
    /// When logins failed, and why. Spans that follow each other without a gap have different causes.
    pub outages: Vec<Outage>,
}

/// A moment at which logins were tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: OffsetDateTime,
    /// What the plan does then; empty for moments at which only other parties do something.
    pub steps: Vec<Step>,
    /// Logins (one for each system at each identity provider) that work from then on.
    pub working: usize,
    /// Logins that were tried.
    pub tried: usize,
}

/// Logins of a party fail from here to there, whatever the causes on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Down {
    /// From.
    pub from: OffsetDateTime,
    /// To; none where it lasts beyond the end of the rehearsal.
    pub to: Option<OffsetDateTime>,
}

impl Role {
    /// All of them, from the middle outwards.
    pub const ALL: [Self; 3] = [Self::Hub, Self::IdentityProvider, Self::System];

    /// On which side of the hub; none: it is the hub.
    pub fn side(self) -> Option<Leg> {
        match self {
            Self::Hub => None,
            Self::IdentityProvider => Some(Leg::IdentityProvider),
            Self::System => Some(Leg::System),
        }
    }
}

impl Run {
    /// Whether logins of any party failed at any time.
    pub fn anyone_down(&self) -> bool {
        self.parties.iter().any(|line| !line.outages.is_empty())
    }

    /// The moment at which most logins failed.
    pub fn worst(&self) -> Option<&Moment> {
        let failing = |moment: &&Moment| moment.tried - moment.working;
        // The first of several.
        self.moments.iter().rev().max_by_key(failing)
    }
}

impl Line {
    /// The spans without regard to their causes.
    pub fn down(&self) -> Vec<Down> {
        let mut spans: Vec<Down> = Vec::new();
        for outage in &self.outages {
            match spans.last_mut() {
                Some(last) if last.to == Some(outage.from) => last.to = outage.to,
                _ => spans.push(Down {
                    from: outage.from,
                    to: outage.to,
                }),
            }
        }
        spans
    }

    /// Whether logins work at `now`.
    pub fn works(&self, now: OffsetDateTime) -> bool {
        !self.outages.iter().any(|outage| outage.covers(now))
    }
}

#[cfg(test)]
mod tests;
