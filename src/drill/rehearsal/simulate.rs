//! The fast clock: everybody's spans, and the logins at every moment.

use super::login::{self, Situation};
use super::{Cast, Line, Moment, Party, Role, Run};
use crate::hub::rollover::{Course, Plan, Subject, TrustModel, Validities, registration};
use std::collections::BTreeSet;
use time::OffsetDateTime;

/// Lives through the plan. `hub` is how the hub takes over the change of another party, where that is stated.
pub fn rehearse(plan: &Plan, cast: &Cast, hub: Option<&TrustModel>) -> Run {
    let validities = cast.validities.under(plan);
    let concerned = concerned(plan, cast, hub);
    let lived = concerned
        .into_iter()
        .map(|party| line(plan, &validities, party));
    let (parties, met): (Vec<Line>, Vec<BTreeSet<Situation>>) = lived.unzip();
    let proof = login::prove(plan, met.into_iter().flatten().collect());
    Run {
        plan: plan.clone(),
        changer: changer(plan, cast),
        validities,
        moments: moments(plan, cast, &parties),
        parties,
        proof,
    }
}

/// What people call the party that changes; its short name where the cast does not know it.
fn changer(plan: &Plan, cast: &Cast) -> String {
    let (role, name) = match &plan.subject {
        Subject::Hub => return Subject::HUB_TITLE.to_owned(),
        Subject::IdentityProvider(name) => (Role::IdentityProvider, name),
        Subject::System(name) => (Role::System, name),
    };
    let mut parties = cast.parties.iter();
    let known = parties.find(|party| party.role == role && party.name == *name);
    known.map_or_else(|| name.clone(), |party| party.title.clone())
}

/// Everybody that holds a certificate of the changing party: all others of the hub; of anybody else, the hub.
fn concerned(plan: &Plan, cast: &Cast, hub: Option<&TrustModel>) -> Vec<Party> {
    if plan.subject == Subject::Hub {
        return cast.parties.clone();
    }
    vec![Party {
        name: "hub".to_owned(),
        title: Subject::HUB_TITLE.to_owned(),
        role: Role::Hub,
        model: hub.cloned().unwrap_or_else(|| registration(plan)),
        contact: None,
    }]
}

fn line(plan: &Plan, validities: &Validities, mut party: Party) -> (Line, BTreeSet<Situation>) {
    party.model = party.model.facing(&plan.subject, party.role.side());
    let model = party.model.under(plan, party.role.side());
    let course = Course::of(plan, &model, &[]);
    let met = situations(&course, &party, &model);
    let line = Line {
        outages: course.outages(validities),
        updates: course.taken().to_vec(),
        party,
    };
    (line, met)
}

/// The moments of the plan, and those at which somebody's logins begin or cease to fail.
fn moments(plan: &Plan, cast: &Cast, lines: &[Line]) -> Vec<Moment> {
    let (from, to) = plan.horizon();
    let mut at: BTreeSet<OffsetDateTime> = BTreeSet::from([from]);
    at.extend(plan.steps.iter().map(|step| step.at));
    let spans = lines.iter().flat_map(|line| &line.outages);
    at.extend(
        spans
            .flat_map(|outage| [Some(outage.from), outage.to])
            .flatten(),
    );
    at.into_iter()
        .filter(|at| *at <= to)
        .map(|at| {
            let (working, tried) = logins(plan, cast, lines, at);
            let steps = plan.steps.iter().filter(|step| step.at == at);
            Moment {
                at,
                steps: steps.cloned().collect(),
                working,
                tried,
            }
        })
        .collect()
}

/// Every system at every identity provider: a login works where both halves do.
fn logins(plan: &Plan, cast: &Cast, lines: &[Line], now: OffsetDateTime) -> (usize, usize) {
    let count = |role| {
        let all = cast.parties.iter().filter(|party| party.role == role);
        all.count()
    };
    let working = |role| {
        let all = lines.iter().filter(|line| line.party.role == role);
        all.filter(|line| line.works(now)).count()
    };
    let (idps, systems) = (count(Role::IdentityProvider), count(Role::System));
    match &plan.subject {
        Subject::Hub => (
            working(Role::IdentityProvider) * working(Role::System),
            idps * systems,
        ),
        // The logins of the one that changes, at everybody on the other side.
        Subject::IdentityProvider(_) => (working(Role::Hub) * systems, systems),
        Subject::System(_) => (working(Role::Hub) * idps, idps),
    }
}

/// The distinct situations that a login of a party can be in, as far as keys decide them.
fn situations(course: &Course<'_>, party: &Party, model: &TrustModel) -> BTreeSet<Situation> {
    let states = course.moments().into_iter().map(|now| {
        let state = course.schedule().at(now);
        Situation::of(state, party.role, model, course.at(now))
    });
    states.flatten().collect()
}
