//! A party's line on `/skifte`, in words.

use super::parties;
use super::skifte::generation;
use crate::edge::app::App;
use crate::edge::page::{Text, when};
use crate::edge::rollover::{At, Line};
use crate::hub::check::Actor;
use crate::hub::rollover::{Cause, Login, Outage, Source};
use crate::hub::trace::Leg;
use time::OffsetDateTime;

/// A line.
pub struct LineView {
    pub title: String,
    pub name: String,
    pub kind: &'static str,
    /// Where it has the hub's certificate from, and when.
    pub source: String,
    /// What was seen of it.
    pub seen: Vec<String>,
    /// Whether it trusts the next certificate: a class and a word.
    pub trusts: (&'static str, &'static str),
    /// Whether logins work: a class and a word.
    pub login: (&'static str, &'static str),
    /// Why not, or why not for long.
    pub why: Vec<String>,
    /// What to do, where there is something to do.
    pub remedy: Option<&'static str>,
    /// Who must act.
    pub actor: String,
    /// Its own address of the hub's metadata.
    pub address: Option<String>,
}

impl LineView {
    /// `beside` is the plan's time.
    pub fn of(t: &'static Text, app: &App, line: &Line, beside: Option<OffsetDateTime>) -> Self {
        let cause = line.cause();
        Self {
            title: line.title.clone(),
            name: line.name.clone(),
            kind: match line.side {
                Some(Leg::System) => t.system,
                Some(Leg::IdentityProvider) => t.identity_provider,
                None => t.roll_the_hub,
            },
            source: source(t, line, beside),
            seen: seen(t, line, beside),
            trusts: match line.trusts_new {
                Some(true) => ("pass", t.yes),
                Some(false) => ("fail", t.no),
                None => ("warn", t.unknown),
            },
            login: match (&line.login, line.next) {
                (Login::Fails { .. }, _) => ("fail", t.roll_fails),
                (Login::Unknown, _) => ("warn", t.unknown),
                (Login::Works { .. }, Some(_)) => ("warn", t.roll_works_until),
                (Login::Works { .. }, None) => ("pass", t.roll_works),
            },
            why: why(t, line, beside),
            remedy: cause.map(|cause| remedy(t, line.side, cause)),
            actor: actor(t, line, cause),
            address: parties::address(app, line),
        }
    }
}

fn source(t: &Text, line: &Line, beside: Option<OffsetDateTime>) -> String {
    let model = &line.model;
    let next = |moments: &[OffsetDateTime]| {
        let beside = beside.unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let all: Vec<String> = moments
            .iter()
            .map(|at| when::to(beside, *at, t.language))
            .collect();
        all.join(", ")
    };
    let mut words = match &model.source {
        _ if !model.stated => t.source_unknown.to_owned(),
        Source::Pinned => t.source_pinned.to_owned(),
        Source::Polled { every, .. } => t.source_polled(every.whole_hours()),
        Source::Restart(moments) if moments.is_empty() => t.source_restart.to_owned(),
        Source::Restart(moments) => t.source_restart_at(next(moments)),
        Source::Manual(moments) if moments.is_empty() => t.source_manual.to_owned(),
        Source::Manual(moments) => t.source_manual_at(next(moments)),
    };
    if !model.checks_signatures {
        words.push_str("; ");
        words.push_str(t.source_unchecked);
    }
    words
}

/// A moment of the plan, or of the world where no plan was played then.
fn moment(t: &Text, at: At, beside: Option<OffsetDateTime>) -> String {
    match (at.plan, beside) {
        (Some(plan), Some(beside)) => when::to(beside, plan, t.language),
        _ => when::in_full(at.real, t.language),
    }
}

/// The beginning of a fingerprint or key id, as the certificates of the change are shown.
pub fn short(whole: &str) -> String {
    format!("{}…", whole.get(..16).unwrap_or(whole))
}

fn seen(t: &Text, line: &Line, beside: Option<OffsetDateTime>) -> Vec<String> {
    let (seen, mut words) = (&line.seen, Vec::new());
    if let Some(fetch) = &seen.fetch {
        let certificates = fetch.signing.iter().map(|whole| short(whole));
        let certificates: Vec<String> = certificates.collect();
        let at = moment(t, fetch.at, beside);
        words.push(t.seen_fetch(at, certificates.join(", ")));
    }
    if let Some(message) = &seen.message {
        let at = moment(t, message.at, beside);
        let signer = short(&message.signed_by);
        words.push(match &message.opened {
            Some(opened) => t.seen_message_to(at, signer, generation(t, opened.generation)),
            None => t.seen_message(at, signer),
        });
    }
    let answered = seen.message.as_ref().map(|message| message.at.real);
    if let Some(asked) = seen.asked.filter(|asked| answered < Some(asked.real)) {
        words.push(t.seen_asked(moment(t, asked, beside)));
    }
    if let Some((at, check)) = &seen.claimed {
        words.push(t.seen_claimed(moment(t, *at, beside), check));
    }
    words
}

fn why(t: &Text, line: &Line, beside: Option<OffsetDateTime>) -> Vec<String> {
    let mut words = Vec::new();
    let beside = beside.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let short = |at| when::to(beside, at, t.language);
    match &line.login {
        Login::Fails { expected, seen } => {
            if let Some(seen) = seen {
                words.push(t.roll_seen(seen));
            }
            if let Some(Outage { to, cause, .. }) = expected {
                words.push(cause_text(t, *cause).to_owned());
                words.push(match to {
                    Some(to) => t.roll_until(short(*to)),
                    None => t.roll_forever.to_owned(),
                });
            }
        }
        Login::Works { seen: true } => words.push(t.roll_works_seen.to_owned()),
        Login::Works { seen: false } | Login::Unknown => {}
    }
    if let (false, Some(next)) = (line.fails(), &line.next) {
        words.push(t.roll_fails_at(short(next.from)));
        words.push(cause_text(t, next.cause).to_owned());
    }
    words
}

fn cause_text(t: &Text, cause: Cause) -> &'static str {
    match cause {
        Cause::HoldsOld => t.cause_holds_old,
        Cause::HoldsNewTooEarly => t.cause_holds_new,
        Cause::ComparesCertificate => t.cause_compares,
        Cause::CertificateExpired => t.cause_expired,
        Cause::CertificateNotYetValid => t.cause_not_yet,
        Cause::MissingUse => t.cause_missing_use,
        Cause::NothingToEncryptTo => t.cause_nothing_to_encrypt_to,
        Cause::EncryptsToOld => t.cause_encrypts_old,
        Cause::EncryptsToNewTooEarly => t.cause_encrypts_new,
    }
}

fn remedy(t: &Text, side: Option<Leg>, cause: Cause) -> &'static str {
    match cause {
        // The hub takes over what is registered; it fetches nothing.
        Cause::HoldsOld | Cause::ComparesCertificate | Cause::EncryptsToOld if side.is_none() => {
            t.remedy_register
        }
        Cause::HoldsNewTooEarly | Cause::EncryptsToNewTooEarly if side.is_none() => {
            t.remedy_register_both
        }
        Cause::HoldsOld | Cause::ComparesCertificate | Cause::EncryptsToOld => t.remedy_fetch,
        Cause::HoldsNewTooEarly | Cause::EncryptsToNewTooEarly => t.remedy_both,
        Cause::CertificateExpired | Cause::CertificateNotYetValid => t.remedy_dates,
        Cause::MissingUse => t.remedy_use,
        Cause::NothingToEncryptTo => t.remedy_show_encryption,
    }
}

/// Whom to ring where somebody is named; the kind of people otherwise, and nobody where nothing fails.
fn actor(t: &Text, line: &Line, cause: Option<Cause>) -> String {
    if !line.fails() && cause.is_none() && line.model.stated {
        return "–".to_owned();
    }
    let actor = match line.side {
        _ if !line.model.stated => Actor::Registration,
        Some(Leg::System) => Actor::System,
        Some(Leg::IdentityProvider) => Actor::IdentityProvider,
        None => Actor::Registration,
    };
    let who = t.pick(actor.text());
    match &line.contact {
        Some(contact) => format!("{who}: {contact}"),
        None => who.to_owned(),
    }
}
