//! Who it is about, by name: whoever gets a case must see at once whether it is theirs.

use crate::edge::journal::{Flow, State};
use crate::hub::verdict::rule;
use crate::hub::verdict::{CauseInfo, Contact};
use crate::hub::{Actor, Federation, IdentityProvider, UserFacingSystem};
use crate::oiosaml::Cvr;
use std::borrow::Cow;

/// The user's organisation: the one that was stated, or the only one that the IdP speaks for.
pub fn organisation(federation: &Federation, flow: &Flow) -> Option<Cvr> {
    let stated = flow.organisation.clone();
    stated.or_else(
        || match registered_idp(federation, flow)?.user_contexts.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        },
    )
}

/// What an organisation is called.
pub fn organisation_name(federation: &Federation, cvr: &Cvr) -> Option<String> {
    let known = federation.organisations.get(cvr)?;
    Some(known.name.clone())
}

/// The one who must act: the name of whoever plays the part here, and the part.
pub fn who(federation: &Federation, flow: &Flow, cause: &CauseInfo, danish: bool) -> String {
    let flow = &*about(flow);
    let name = match cause.actor {
        // A message of a logout may be an identity provider's.
        Actor::Sender if flow.system.is_none() && flow.idp.is_some() => {
            Some(municipality(federation, flow, danish))
        }
        Actor::IdentityProvider | Actor::RoleAdministration => {
            Some(municipality(federation, flow, danish))
        }
        // What a municipality registers is its own to change; the rest is the hub's.
        Actor::Registration if cause.contact == Contact::Municipality => {
            Some(municipality(federation, flow, danish))
        }
        Actor::System | Actor::Sender => Some(supplier(federation, flow, danish)),
        Actor::Registration | Actor::User | Actor::Hub => None,
    };
    let (da, en) = cause.actor.text();
    let part = if danish { da } else { en };
    match name {
        Some(name) => format!("{name} – {part}"),
        None => part.to_owned(),
    }
}

/// A logout that did not reach everybody is about the party that did not log the user out, whoever started it.
fn about(flow: &Flow) -> Cow<'_, Flow> {
    let mut all = flow.content.decisions.iter().rev();
    let failed = all.find(|one| one.rule == rule::NOT_LOGGED_OUT);
    let Some(failed) = failed.filter(|_| flow.state == State::PartialLogout) else {
        return Cow::Borrowed(flow);
    };
    let mut flow = flow.clone();
    let party = Some(failed.input.clone());
    match failed.result == rule::BY_IDP {
        true => flow.idp = party,
        false => flow.system = party,
    }
    Cow::Owned(flow)
}

/// Whom the user asks.
pub fn contact(federation: &Federation, flow: &Flow, contact: Contact, danish: bool) -> String {
    let flow = &*about(flow);
    let of = |name: String| match danish {
        true => format!("servicedesken hos {name}"),
        false => format!("the servicedesk of {name}"),
    };
    match contact {
        Contact::Municipality => of(municipality(federation, flow, danish)),
        Contact::System => of(supplier(federation, flow, danish)),
        Contact::Hub => hub(danish),
    }
}

/// The system: name and entityID.
pub fn system(federation: &Federation, flow: &Flow) -> String {
    let known = registered_system(federation, flow);
    titled(
        known.map(|system| system.presentation_name.as_str()),
        flow.system.as_deref(),
    )
}

/// The identity provider: name, entityID, registered profile.
pub fn idp(federation: &Federation, flow: &Flow) -> String {
    let known = registered_idp(federation, flow);
    let mut text = titled(
        known.map(|idp| idp.presentation_name.as_str()),
        flow.idp.as_deref(),
    );
    if let Some(idp) = known {
        text += &format!(" · {}", idp.oiosaml_profile.as_str());
    }
    text
}

fn titled(name: Option<&str>, id: Option<&str>) -> String {
    match (name, id) {
        (Some(name), Some(id)) => format!("{name} · {id}"),
        (None, Some(id)) => id.to_owned(),
        _ => "–".to_owned(),
    }
}

fn municipality(federation: &Federation, flow: &Flow, danish: bool) -> String {
    let cvr = organisation(federation, flow);
    let name = cvr.and_then(|cvr| organisation_name(federation, &cvr));
    let idp = registered_idp(federation, flow).map(|idp| idp.presentation_name.clone());
    name.or(idp).unwrap_or_else(|| match danish {
        true => "brugerens kommune".to_owned(),
        false => "the user's municipality".to_owned(),
    })
}

fn supplier(federation: &Federation, flow: &Flow, danish: bool) -> String {
    let known = registered_system(federation, flow);
    known.map_or_else(
        || match danish {
            true => "det brugervendte system".to_owned(),
            false => "the user-facing system".to_owned(),
        },
        |system| system.presentation_name.clone(),
    )
}

fn hub(danish: bool) -> String {
    match danish {
        true => "den, der driver hubben".to_owned(),
        false => "whoever runs the hub".to_owned(),
    }
}

fn registered_system<'f>(federation: &'f Federation, flow: &Flow) -> Option<&'f UserFacingSystem> {
    federation.system(flow.system.as_deref()?)
}

fn registered_idp<'f>(federation: &'f Federation, flow: &Flow) -> Option<&'f IdentityProvider> {
    federation.identity_provider(flow.idp.as_deref()?)
}
