//! What the hub knows of everybody, for the list of tasks.

use super::report::parties;
use super::{by_danish_clocks, danish};
use crate::config::Habits;
use crate::dsig::{Certificate, PublicKey};
use crate::edge::app::App;
use crate::hub::rollover::{Facts, Registered};
use crate::hub::trace::Leg;
use time::OffsetDateTime;

/// Everybody, and when the hub next changes its certificate: in the window of what is played, else on the last morning
/// before the certificate in use ends.
pub fn facts(app: &App, now: OffsetDateTime) -> (Vec<Facts>, Option<OffsetDateTime>) {
    let view = app.view();
    let change = match app.player.playing(now) {
        Some((playing, _, _)) => Some(playing.plan.window.from),
        None => {
            let ends = view
                .hub
                .idp
                .shown
                .signing
                .first()
                .map(Certificate::not_after);
            ends.and_then(last_morning)
        }
    };
    let facts = parties(app).into_iter().map(|(name, _, side)| {
        let keys = match side {
            Leg::IdentityProvider => view.federation.named(&name).map(|idp| &idp.signing_keys),
            Leg::System => {
                let mut systems = view.federation.systems.iter();
                let system = systems.find(|system| system.name == name);
                system.map(|system| &system.signing_keys)
            }
        };
        let shown = match side {
            Leg::System => &view.hub.idp.shown,
            Leg::IdentityProvider => &view.hub.sp.shown,
        };
        let seen = app.player.observed.of(&name);
        let habits = app.player.parts.habits.get(&name).cloned();
        Facts {
            certificates: keys.into_iter().flatten().filter_map(registered).collect(),
            fetched: seen.fetch.map(|fetch| {
                fetch.signing == fingerprints(&shown.signing)
                    && fetch.encryption == fingerprints(&shown.encryption)
            }),
            encrypted_to_shown: seen
                .message
                .as_ref()
                .and_then(|message| message.opened_with)
                .map(|with| app.player.shows_first(with, now)),
            signed_by: seen.message.map(|message| message.signed_by),
            model: habits.unwrap_or_else(Habits::unknown).model,
            name,
            side,
        }
    });
    (facts.collect(), change)
}

/// Six o'clock, when windows begin, on the day before.
fn last_morning(ends: OffsetDateTime) -> Option<OffsetDateTime> {
    let day = danish(ends).date().previous_day()?;
    Some(by_danish_clocks(day.with_hms(6, 0, 0).ok()?))
}

fn registered(key: &PublicKey) -> Option<Registered> {
    let certificate = key.certificate()?;
    Some(Registered {
        subject: certificate.subject(),
        key_id: key.key_id().to_string(),
        from: certificate.not_before(),
        to: certificate.not_after(),
        rsa_bits: key.rsa_bits(),
    })
}

fn fingerprints(certificates: &[Certificate]) -> Vec<String> {
    certificates.iter().map(Certificate::fingerprint).collect()
}
