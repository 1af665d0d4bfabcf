//! What the handlers see of the parties while a change of certificates goes on, or before the next one.

use crate::edge::app::{App, View};
use crate::edge::rollover::{Fetch, Message, Opened, Stranger};
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
    let opens = &view.hub.sp;
    let opened = keys.opened_with.and_then(|index| {
        Some(Opened {
            generation: *opens.decrypts.get(index)?,
            key_id: opens.decryption.get(index)?.key_id().to_string(),
        })
    });
    app.player.observed.message(
        name,
        Message {
            at: app.player.at(now),
            behind: keys.issued.map(|issued| app.clock.now() - issued),
            signed_by: keys.signed_by.clone(),
            opened,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::pki;
    use crate::edge::app::Mode;
    use crate::edge::rollover::{Parts, Player, Wanted, facts};
    use crate::edge::testing;
    use crate::hub::keys::{HubKeys, KeyRing};
    use crate::hub::rollover::Strategy;
    use crate::hub::trace::KeysUsed;
    use std::sync::Arc;
    use time::macros::datetime;
    use time::{Duration, OffsetDateTime};

    const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

    fn with(keys: HubKeys) -> App {
        let mut app = Arc::into_inner(testing::app(Mode::Demo)).unwrap();
        let hub = app.player.unplanned().as_ref().clone();
        app.player = Arc::new(Player::new(hub, keys, Parts::default()));
        let overlap = Wanted {
            window: Some(SIX),
            speed: Some(0),
            ..Wanted::of(Strategy::Overlap)
        };
        app.player.start(&overlap, app.clock.real()).unwrap();
        app
    }

    fn jump(app: &App, by: Duration) {
        app.player.jump(SIX + by, app.clock.real()).unwrap();
    }

    /// A message that the key with this number opened.
    fn opened(app: &App, index: usize) {
        let keys = KeysUsed {
            signed_by: "a".to_owned(),
            issued: None,
            opened_with: Some(index),
        };
        let trace = Trace {
            keys: Some(keys),
            ..Trace::default()
        };
        message(app, &app.view(), testing::IDP, &trace);
    }

    fn encrypted_to_shown(app: &App) -> Option<bool> {
        let (facts, _) = facts(app, app.clock.real());
        facts.into_iter().next().unwrap().encrypted_to_shown
    }

    /// Only what the hub signs for identity providers changes: what they encrypt to is called the next one in the plan, and
    /// is the key that it always was.
    #[test]
    fn who_encrypts_to_the_only_key_does_not_encrypt_to_an_old_one() {
        let ring = pki::ring("hub").unwrap();
        let mut keys = HubKeys::shared(KeyRing::of(ring.active.clone()));
        keys.sp.signing = ring;
        let app = with(keys);
        assert_eq!(encrypted_to_shown(&app), None);
        for days in [-8, -1, 1, 8] {
            jump(&app, Duration::days(days));
            opened(&app, 0);
            assert_eq!(encrypted_to_shown(&app), Some(true), "{days}");
        }
    }

    /// Which key it was stays known when the plan stands elsewhere, or is over, and its generation means another one.
    #[test]
    fn the_key_counts_that_opened_the_message_and_not_what_it_was_called() {
        let app = with(HubKeys::shared(pki::ring("hub").unwrap()));
        jump(&app, Duration::days(8));
        // Of the two that decrypt then, the next one.
        opened(&app, 1);
        assert_eq!(encrypted_to_shown(&app), Some(true));
        jump(&app, -Duration::days(8));
        assert_eq!(encrypted_to_shown(&app), Some(false));
        opened(&app, 0);
        app.player.end();
        assert_eq!(encrypted_to_shown(&app), Some(true));
        let overlap = Wanted::of(Strategy::Overlap);
        app.player.start(&overlap, SIX).unwrap();
        let seen = app.player.observed.of("idp").message.unwrap();
        assert_eq!(seen.opened.unwrap().generation.word(), "active");
    }
}
