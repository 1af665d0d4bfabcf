//! What the handlers see of the parties while a change of certificates goes on, or before the next one.

use crate::edge::app::{App, View};
use crate::edge::rollover::{Fetch, Message, Stranger};
use crate::hub::rollover::Heard;
use crate::hub::trace::Leg;
use crate::hub::{Actor, Check, Federation, Hub, Trace};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use std::net::IpAddr;

/// A message of a party arrived, of which `trace` has the keys.
pub fn message(app: &App, view: &View, entity_id: &str, trace: &Trace) {
    let (Some(name), Some(keys)) = (named(&view.federation, entity_id), &trace.keys) else {
        return;
    };
    let now = app.clock.real();
    let opens = &view.hub.sp.decrypts;
    let opened_with = keys.opened_with.and_then(|index| opens.get(index).copied());
    app.player.observed.message(
        name,
        Message {
            at: app.player.at(now),
            signed_by: keys.signed_by.clone(),
            opened_with,
        },
    );
}

/// A message that says it is from this party was refused, and not for what the user or the hub did. What it says counts
/// only where a registered key of the party signed it.
pub fn failed(app: &App, view: &View, entity_id: &str, check: Check, trace: &Trace) {
    if matches!(check.info().actor, Actor::User | Actor::Hub) {
        return;
    }
    let id = check.info().id.to_owned();
    if trace.keys.is_some() {
        heard(app, view, entity_id, Heard::Failed(id));
    } else if let Some(name) = named(&view.federation, entity_id) {
        let at = app.player.at(app.clock.real());
        app.player.observed.claimed(name, at, id);
    }
}

/// A login through this party ended.
pub fn heard(app: &App, view: &View, entity_id: &str, heard: Heard) {
    if let Some(name) = named(&view.federation, entity_id) {
        let at = app.player.at(app.clock.real());
        app.player.observed.heard(name, at, heard);
    }
}

/// An identity provider is asked.
pub fn asked(app: &App, view: &View, entity_id: &str) {
    if let Some(name) = named(&view.federation, entity_id) {
        let at = app.player.at(app.clock.real());
        app.player.observed.asked(name, at);
    }
}

/// Metadata was fetched: by the party that its address names, by the only one that is registered with the
/// address it came from, or by somebody.
pub fn fetched(
    app: &App,
    hub: &Hub,
    role: Leg,
    part: Option<&str>,
    source: Option<IpAddr>,
    headers: &HeaderMap,
) {
    let at = app.player.at(app.clock.real());
    let snapshot = app.registry.now();
    let federation = &snapshot.federation;
    let name = match part {
        Some(part) => known(federation, role, part),
        None => source.and_then(|source| at_address(federation, role, source)),
    };
    let Some(name) = name else {
        let agent = headers.get(USER_AGENT).map(|agent| agent.as_bytes());
        app.player.observed.stranger(Stranger {
            at,
            address: source.map(|source| source.to_string()),
            agent: String::from_utf8_lossy(agent.unwrap_or_default()).into_owned(),
            role,
        });
        return;
    };
    let shown = match role {
        Leg::System => &hub.idp.shown,
        Leg::IdentityProvider => &hub.sp.shown,
    };
    let fingerprints = |certificates: &[crate::dsig::Certificate]| {
        let all = certificates.iter();
        all.map(|certificate| certificate.fingerprint()).collect()
    };
    app.player.observed.fetched(
        name,
        Fetch {
            at,
            signing: fingerprints(&shown.signing),
            encryption: fingerprints(&shown.encryption),
        },
    );
}

fn named<'a>(federation: &'a Federation, entity_id: &str) -> Option<&'a str> {
    let idp = federation.identity_provider(entity_id).map(|idp| &idp.name);
    let system = || federation.system(entity_id).map(|system| &system.name);
    idp.or_else(system).map(String::as_str)
}

/// Of a role's document only the side that it is for takes anything over.
fn known<'a>(federation: &'a Federation, role: Leg, name: &str) -> Option<&'a str> {
    let idps = federation.identity_providers.iter().map(|idp| &idp.name);
    let systems = federation.systems.iter().map(|system| &system.name);
    let found = match role {
        Leg::IdentityProvider => idps.into_iter().find(|known| *known == name),
        Leg::System => systems.into_iter().find(|known| *known == name),
    };
    found.map(String::as_str)
}

/// The only identity provider that is registered with the address. Systems are registered with none.
fn at_address(federation: &Federation, role: Leg, source: IpAddr) -> Option<&str> {
    let idps = federation.identity_providers.iter();
    let mut here = idps
        .filter(|_| role == Leg::IdentityProvider)
        .filter(|idp| idp.ip_addresses.contains(&source));
    match (here.next(), here.next()) {
        (Some(idp), None) => Some(&idp.name),
        _ => None,
    }
}
