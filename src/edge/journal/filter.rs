//! Which flows somebody looks for.

use super::{Flow, State};
use crate::hub::Actor;
use crate::oiosaml::{Cvr, RequestProfile};

/// What a flow must be like. What is not given does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// How it stands.
    pub outcome: Option<State>,
    /// entityID of the system.
    pub system: Option<String>,
    /// entityID of the identity provider.
    pub idp: Option<String>,
    /// The user's organisation.
    pub organisation: Option<Cvr>,
    /// The request profile.
    pub profile: Option<RequestProfile>,
    /// Who must act.
    pub actor: Option<Actor>,
    /// What its id begins with, in upper case.
    pub id: Option<String>,
    /// Whether messages that nobody known sent are left out.
    pub known_only: bool,
    /// Only flows that began before the one with this number.
    pub before: Option<u64>,
    /// How many; none: [`Filter::LIMIT`].
    pub limit: Option<usize>,
}

/// Flows, newest first, without their content.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The flows.
    pub flows: Vec<Flow>,
    /// The number to go on before, if there are more.
    pub next: Option<u64>,
}

impl Filter {
    /// How many flows are told at once, unless somebody asks for fewer or more.
    pub const LIMIT: usize = 100;
    /// How many at most.
    pub const MOST: usize = 1000;

    /// How many flows are told.
    pub(super) fn most(&self) -> usize {
        self.limit.unwrap_or(Self::LIMIT).min(Self::MOST)
    }

    /// Whether the flow is among those, its place in the list included.
    pub(super) fn finds(&self, flow: &Flow) -> bool {
        self.before.is_none_or(|before| flow.number() < before) && self.admits(flow)
    }

    /// Whether the flow is like that; its place in the list aside.
    pub fn admits(&self, flow: &Flow) -> bool {
        let actor = flow
            .verdict
            .as_ref()
            .filter(|_| flow.state != State::Pending);
        let actor = actor.map(|verdict| verdict.cause.info().actor);
        fn is<T: PartialEq>(wanted: &Option<T>, found: Option<&T>) -> bool {
            wanted.as_ref().is_none_or(|wanted| found == Some(wanted))
        }
        is(&self.outcome, Some(&flow.state))
            && is(&self.system, flow.system.as_ref())
            && is(&self.idp, flow.idp.as_ref())
            && is(&self.organisation, flow.organisation.as_ref())
            && is(&self.profile, flow.profile.as_ref())
            && is(&self.actor, actor.as_ref())
            && (self.id.as_ref()).is_none_or(|id| flow.id.as_str().starts_with(id.as_str()))
            && !(self.known_only && flow.is_from_a_stranger())
    }
}
