//! What the process knows of a sender beside the message: gathered here, judged in [`crate::hub::verdict::circumstance`].

use crate::dsig::{Certificate, PublicKey};
use crate::edge::app::{App, View};
use crate::edge::journal::Flow;
use crate::hub::acs::claimed_in_response_to;
use crate::hub::trace::Leg;
use crate::hub::verdict::circumstance;
use crate::hub::{BrowserHash, Check, Trace};
use crate::saml::Decoded;
use std::sync::Arc;
use time::Duration;

/// A message of this party was refused by `check`.
pub fn refused(app: &App, view: &View, entity_id: &str, check: Check, trace: &mut Trace) {
    match check {
        Check::RequestIssueInstant
        | Check::ResponseIssueInstant
        | Check::ConfirmationTime
        | Check::ConditionsNotBefore
        | Check::ConditionsNotOnOrAfter
        | Check::AuthnInstant
        | Check::SessionNotOnOrAfter => clock(app, view, entity_id, trace),
        Check::Decryption => hub_key(app, view, entity_id, trace),
        _ => {}
    }
}

/// How the clocks of all parties that were heard stand to the hub's.
fn clock(app: &App, view: &View, entity_id: &str, trace: &mut Trace) {
    let (mut own, mut others) = (None, Vec::<Duration>::new());
    for (id, name) in names(view) {
        let heard = app.player.observed.of(name).message;
        match heard.and_then(|message| message.behind) {
            Some(behind) if id == entity_id => own = Some(behind),
            Some(behind) => others.push(behind),
            None => {}
        }
    }
    if let Some(own) = own {
        circumstance::clock(own, &others, trace);
    }
}

/// Whether an identity provider may hold an older certificate of the hub than the one that is used now.
pub fn hub_key(app: &App, view: &View, entity_id: &str, trace: &mut Trace) {
    let Some((_, name)) = names(view).find(|(id, _)| *id == entity_id) else {
        return;
    };
    let shown = &view.hub.sp.shown;
    let fetched = app.player.observed.of(name).fetch.map(|fetch| {
        let same = |known: &[String], now: &[Certificate]| {
            let now: Vec<String> = now.iter().map(Certificate::fingerprint).collect();
            known == now
        };
        let current =
            same(&fetch.signing, &shown.signing) && same(&fetch.encryption, &shown.encryption);
        (fetch.at.real, current)
    });
    circumstance::hub_key(fetched, || holds(app, view, name), trace);
}

/// Whether it has the hub's keys of now by its habits; none while no change of them is played.
fn holds(app: &App, view: &View, name: &str) -> Option<bool> {
    let now = app.clock.real();
    app.player.playing(now)?;
    let trust = app.player.trust(Leg::IdentityProvider, name, now);
    let signs = view.hub.sp.signing.certificate();
    let signs = signs.map(Certificate::fingerprint);
    let mut known = trust.keys.iter().filter_map(|key| key.certificate());
    let verifies = !trust.checks || known.any(|known| Some(known.fingerprint()) == signs);
    let opens = |key: &PublicKey| {
        let mut ours = view.hub.sp.decryption.iter();
        ours.any(|own| own.key_id() == key.key_id())
    };
    trust
        .played
        .then(|| verifies && trust.encrypt_to.as_ref().is_none_or(opens))
}

/// Why the hub knows nobody of this entityID, if somebody tried to register them.
pub fn unknown(app: &App, entity_id: &str, trace: &mut Trace) {
    if let Some(reason) = app.registry.why_unknown(entity_id) {
        circumstance::registration(entity_id, reason.kind, &reason.en, trace);
    }
}

/// An answer to a login that is over, or whose hour is: that login, if the same browser brings it.
pub async fn again(
    app: &Arc<App>,
    decoded: &Decoded,
    same_browser: impl FnOnce(&BrowserHash) -> bool,
    trace: &mut Trace,
) -> Option<Flow> {
    let login = app.logins.of(&claimed_in_response_to(decoded)?)?;
    let same = same_browser(&login.browser);
    // It may lie in the file only.
    let (journal, id) = (app.journal.clone(), login.flow.clone());
    let read = tokio::task::spawn_blocking(move || journal.summary(&id)).await;
    let earlier = read.ok().flatten();
    let stands = earlier.as_ref().map(|flow| flow.state.word());
    let flow = login.flow.as_str();
    circumstance::again(flow, stands.unwrap_or("forgotten"), same, trace);
    earlier.filter(|_| same)
}

/// entityID and short name of everybody.
fn names(view: &View) -> impl Iterator<Item = (&str, &str)> {
    let idps = view.federation.identity_providers.iter();
    let systems = view.federation.systems.iter();
    idps.map(|idp| (idp.id.as_str(), idp.name.as_str()))
        .chain(systems.map(|system| (system.id.as_str(), system.name.as_str())))
}
