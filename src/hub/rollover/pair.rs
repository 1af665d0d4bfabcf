//! The certificates of a change, and what speaks against them: one judgement for plan files, flags, and what the running
//! hub plays.

use super::names::common_name;
use super::outage::{Validities, Validity};
use super::plan::{Plan, Subject};
use crate::dsig::{Certificate, Policy, PublicKey};
use crate::hub::danish_time::{danish_time, written};
use crate::hub::keys::{Generation, KeyRing};
use time::Duration;

/// The certificate in use and the one that is changed to, as far as they are known.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    /// In use.
    pub active: Option<Certificate>,
    /// What is changed to.
    pub next: Option<Certificate>,
}

/// What speaks against a pair of certificates under a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// There is no certificate to change to.
    NextMissing,
    /// The next certificate is on the key of the active one, and the plan changes the key.
    OnTheSameKey(String),
    /// The next certificate is on another key, and the plan keeps the key.
    OnAnotherKey(String),
    /// The active certificate is not valid when the window begins.
    ActiveNotValid(String),
    /// The next certificate is not valid when it begins to sign.
    NextNotValid(String),
    /// The plan lets the active certificate expire at another moment than it does: that one is here.
    EndsElsewhere(String, time::OffsetDateTime),
}

/// How far the end of a certificate may lie from the step that says it: people write minutes.
const A_MINUTE: Duration = Duration::minutes(1);

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        let der = |certificate: &Option<Certificate>| certificate.as_ref().map(Certificate::der);
        der(&self.active) == der(&other.active) && der(&self.next) == der(&other.next)
    }
}

impl Pair {
    /// The one of a ring.
    pub fn of(ring: &KeyRing) -> Self {
        Self {
            active: Some(ring.active.certificate.clone()),
            next: ring.next.as_ref().map(|pair| pair.certificate.clone()),
        }
    }

    /// This one, and the other's where it has none.
    pub fn or(self, other: Self) -> Self {
        Self {
            active: self.active.or(other.active),
            next: self.next.or(other.next),
        }
    }

    /// Their dates.
    pub fn validities(&self) -> Validities {
        Validities {
            active: self.active.as_ref().map(Validity::of),
            next: self.next.as_ref().map(Validity::of),
        }
    }

    /// Whether both are on one key; none where that is not known.
    pub fn on_one_key(&self) -> Option<bool> {
        let id = |certificate: &Certificate| {
            let key = PublicKey::from_certificate(certificate.clone(), Policy::Modern).ok()?;
            Some(key.key_id())
        };
        Some(id(self.active.as_ref()?)? == id(self.next.as_ref()?)?)
    }

    /// Everything that speaks against this pair under the plan.
    pub fn objections(&self, plan: &Plan) -> Vec<Objection> {
        let mut found = Vec::new();
        let valid = |certificate: &Certificate, at| Validity::of(certificate).contains(at);
        if let Some(active) = &self.active {
            match plan.expires() {
                Some(at) if (active.not_after() - at).abs() >= A_MINUTE => {
                    found.push(Objection::EndsElsewhere(story(active), active.not_after()));
                }
                None if !valid(active, plan.window.from) => {
                    found.push(Objection::ActiveNotValid(story(active)));
                }
                _ => {}
            }
        }
        let Some(next) = &self.next else {
            found.push(Objection::NextMissing);
            return found;
        };
        match (self.on_one_key(), plan.same_key) {
            (Some(true), false) => found.push(Objection::OnTheSameKey(story(next))),
            (Some(false), true) => found.push(Objection::OnAnotherKey(story(next))),
            _ => {}
        }
        if !valid(next, plan.signs_next().unwrap_or(plan.window.to)) {
            found.push(Objection::NextNotValid(story(next)));
        }
        found
    }
}

impl Objection {
    /// Which certificate it is about.
    pub fn generation(&self) -> Generation {
        match self {
            Self::ActiveNotValid(_) | Self::EndsElsewhere(..) => Generation::Active,
            _ => Generation::Next,
        }
    }

    /// What is wrong: Danish, English.
    pub fn what(&self) -> (String, String) {
        let both = |of: &str, da: &str, en: &str| (format!("{of} {da}"), format!("{of} {en}"));
        match self {
            Self::NextMissing => (
                "der er intet næste certifikat at skifte til".to_owned(),
                "there is no next certificate to change to".to_owned(),
            ),
            Self::OnTheSameKey(next) => both(
                next,
                "er det næste certifikat, men på samme nøgle som det nuværende",
                "is the next certificate, but on the key of the active one",
            ),
            Self::OnAnotherKey(next) => both(
                next,
                "er det næste certifikat, men på en anden nøgle end det nuværende",
                "is the next certificate, but on another key than the active one",
            ),
            Self::ActiveNotValid(active) => both(
                active,
                "er det nuværende certifikat og er ikke gyldigt, når servicevinduet begynder",
                "is the active certificate, and is not valid when the window begins",
            ),
            Self::NextNotValid(next) => both(
                next,
                "er det næste certifikat og er ikke gyldigt, når der begynder at blive signeret med det",
                "is the next certificate, and is not valid when it begins to sign",
            ),
            Self::EndsElsewhere(active, _) => both(
                active,
                "er det nuværende certifikat og udløber på et andet tidspunkt, end planen siger",
                "is the active certificate, and ends at another moment than the plan says",
            ),
        }
    }

    /// What to do where `subject` changes: Danish, English.
    pub fn help(&self, subject: &Subject) -> (String, String) {
        let (da, en) = match self {
            Self::NextMissing if *subject == Subject::Hub => (
                "tilføj det i [[hub.keys]] med generation = \"next\", eller navngiv det i planen ([next] certificate = \"…\")",
                "add it as [[hub.keys]] with generation = \"next\", or name it in the plan ([next] certificate = \"…\")",
            ),
            Self::NextMissing => (
                "navngiv det, parten har bestilt, i planen ([next] certificate = \"…\")",
                "name the one that the party has ordered in the plan ([next] certificate = \"…\")",
            ),
            Self::OnTheSameKey(_) => (
                "øv same-key i stedet, eller giv et certifikat på en ny nøgle",
                "rehearse same-key instead, or give a certificate on a new key",
            ),
            Self::OnAnotherKey(_) => (
                "øv hard-swap eller overlap i stedet, eller giv et certifikat på den samme nøgle (samme nøglefil)",
                "rehearse hard-swap or overlap instead, or give a certificate on the same key (the same key file)",
            ),
            Self::ActiveNotValid(_) => (
                "flyt vinduet, navngiv det certifikat, der er i brug til den tid, eller øv expired-in-place",
                "move the window, name the certificate that is in use then, or rehearse expired-in-place",
            ),
            Self::NextNotValid(_) => (
                "bestil et, der er, eller flyt vinduet",
                "order one that is, or move the window",
            ),
            Self::EndsElsewhere(_, end) => {
                let end = written(*end);
                return (
                    format!("lad det udløbe {end}, eller øv en anden fremgangsmåde"),
                    format!("let it expire at {end}, or rehearse another strategy"),
                );
            }
        };
        (da.to_owned(), en.to_owned())
    }
}

/// A certificate with its dates: what people call it is its common name.
fn story(certificate: &Certificate) -> String {
    let day = |at| danish_time(at).date();
    format!(
        "{} ({} – {})",
        common_name(certificate).unwrap_or_else(|| certificate.subject()),
        day(certificate.not_before()),
        day(certificate.not_after())
    )
}
