//! What the hub knows of everybody, for the list of tasks.

use super::report::parties;
use crate::config::Habits;
use crate::dsig::{Certificate, PublicKey};
use crate::edge::app::App;
use crate::hub::rollover::{Facts, Registered, Subject, last_morning};
use crate::hub::trace::Leg;
use time::OffsetDateTime;

/// Everybody, and when the hub next changes its certificate: in the window of what is played, else on the last morning
/// before the first of its certificates ends.
pub fn facts(app: &App, now: OffsetDateTime) -> (Vec<Facts>, Option<OffsetDateTime>) {
    let view = app.view();
    let playing = app.player.playing(now).map(|(playing, _, _)| playing);
    let change = match playing.filter(|playing| playing.plan.subject == Subject::Hub) {
        Some(playing) => Some(playing.plan.window.from),
        None => {
            let roles = [&view.hub.idp.shown, &view.hub.sp.shown];
            let shown = roles
                .into_iter()
                .flat_map(|shown| shown.signing.iter().chain(&shown.encryption));
            let ends = shown.map(Certificate::not_after).min();
            ends.and_then(last_morning)
        }
    };
    let shown_first = view.hub.sp.encryption_key().map(|key| key.key_id());
    let facts = parties(app).into_iter().map(|(name, _, side)| {
        let system = || {
            let mut systems = view.federation.systems.iter();
            systems.find(|system| system.name == name)
        };
        let (signing, encryption) = match side {
            Leg::IdentityProvider => (
                view.federation.named(&name).map(|idp| &idp.signing_keys),
                None,
            ),
            Leg::System => (
                system().map(|system| &system.signing_keys),
                system().and_then(|system| system.encryption.as_ref()),
            ),
        };
        let mut certificates: Vec<Registered> = signing
            .into_iter()
            .flatten()
            .filter_map(|key| registered(key, true))
            .collect();
        let own = encryption.and_then(|recipient| registered(&recipient.key, false));
        certificates.extend(own.filter(|own| certificates.iter().all(|c| c.key_id != own.key_id)));
        let shown = match side {
            Leg::System => &view.hub.idp.shown,
            Leg::IdentityProvider => &view.hub.sp.shown,
        };
        let seen = app.player.observed.of(&name);
        let habits = app.player.parts.habits.get(&name).cloned();
        Facts {
            certificates,
            fetched: seen.fetch.map(|fetch| {
                fetch.signing == fingerprints(&shown.signing)
                    && fetch.encryption == fingerprints(&shown.encryption)
            }),
            encrypted_to_shown: seen
                .message
                .as_ref()
                .and_then(|message| message.opened.as_ref())
                .map(|opened| shown_first.as_deref() == Some(opened.key_id.as_str())),
            signed_by: seen.message.map(|message| message.signed_by),
            model: habits.unwrap_or_else(Habits::unknown).model,
            name,
            side,
        }
    });
    (facts.collect(), change)
}

fn registered(key: &PublicKey, signs: bool) -> Option<Registered> {
    let certificate = key.certificate()?;
    Some(Registered {
        subject: certificate.subject(),
        key_id: key.key_id().to_string(),
        from: certificate.not_before(),
        to: certificate.not_after(),
        rsa_bits: key.rsa_bits(),
        signs,
    })
}

fn fingerprints(certificates: &[Certificate]) -> Vec<String> {
    certificates.iter().map(Certificate::fingerprint).collect()
}
