//! Who can no longer log in during a change: the rule, for one party at one moment, and the spans it makes.

use super::course::Course;
use super::habits::{Compares, Holding, TrustModel};
use super::plan::Plan;
use crate::dsig::Certificate;
use crate::hub::keys::{Generation, KeyState};
use time::OffsetDateTime;

/// From when to when a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From.
    pub from: OffsetDateTime,
    /// To.
    pub to: OffsetDateTime,
}

impl Validity {
    /// Of a certificate.
    pub fn of(certificate: &Certificate) -> Self {
        Self {
            from: certificate.not_before(),
            to: certificate.not_after(),
        }
    }

    /// Whether it is valid at a moment.
    pub fn contains(&self, at: OffsetDateTime) -> bool {
        (self.from..self.to).contains(&at)
    }
}

/// The dates of the certificates of a change, as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Validities {
    /// Of the certificate in use when the change begins.
    pub active: Option<Validity>,
    /// Of the one that is changed to.
    pub next: Option<Validity>,
}

/// Which half of a login fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Half {
    /// The party refuses what the changing one signed.
    Signature,
    /// The changing one cannot open what the party encrypted.
    Encryption,
}

/// Why logins of a party fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The next key signs, and the party holds only the old certificate.
    HoldsOld,
    /// The old key still signs, and the party has already gone over to the next certificate alone.
    HoldsNewTooEarly,
    /// The key is the same, and the party compares certificates.
    ComparesCertificate,
    /// The certificate that belongs to the signature is outside its dates.
    CertificateExpired,
    /// The certificate that belongs to the signature is not valid yet.
    CertificateNotYetValid,
    /// Metadata without `use`, which the party does not understand: it holds nothing.
    MissingUse,
    /// Metadata shows no certificate that could be encrypted to.
    NothingToEncryptTo,
    /// The party encrypts to the old key, which no longer decrypts.
    EncryptsToOld,
    /// The party encrypts to the next key, which does not decrypt yet.
    EncryptsToNewTooEarly,
}

/// A span in which logins of a party fail for one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// From.
    pub from: OffsetDateTime,
    /// To; none where it lasts beyond the end of the rehearsal.
    pub to: Option<OffsetDateTime>,
    /// Why.
    pub cause: Cause,
}

impl Outage {
    /// Whether logins fail at a moment.
    pub fn covers(&self, at: OffsetDateTime) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::HoldsOld,
        Self::HoldsNewTooEarly,
        Self::ComparesCertificate,
        Self::CertificateExpired,
        Self::CertificateNotYetValid,
        Self::MissingUse,
        Self::EncryptsToOld,
        Self::EncryptsToNewTooEarly,
        Self::NothingToEncryptTo,
    ];

    /// Stable id of the finding in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::HoldsOld => "rollover::holds-old-certificate",
            Self::HoldsNewTooEarly => "rollover::holds-new-certificate-too-early",
            Self::ComparesCertificate => "rollover::compares-certificate",
            Self::CertificateExpired => "rollover::certificate-expired",
            Self::CertificateNotYetValid => "rollover::certificate-not-yet-valid",
            Self::MissingUse => "rollover::missing-use",
            Self::NothingToEncryptTo => "rollover::nothing-to-encrypt-to",
            Self::EncryptsToOld => "rollover::encrypts-to-old-key",
            Self::EncryptsToNewTooEarly => "rollover::encrypts-to-new-key-too-early",
        }
    }

    /// Which half of the login fails.
    pub fn half(self) -> Half {
        match self {
            Self::EncryptsToOld | Self::EncryptsToNewTooEarly | Self::NothingToEncryptTo => {
                Half::Encryption
            }
            _ => Half::Signature,
        }
    }
}

impl Validities {
    /// With the end that the plan gives the active certificate, if it lets it expire.
    pub fn under(mut self, plan: &Plan) -> Self {
        if let Some(to) = plan.expires() {
            let from = self
                .active
                .map_or(OffsetDateTime::UNIX_EPOCH, |known| known.from);
            self.active = Some(Validity { from, to });
        }
        self
    }

    /// Why somebody who looks at dates refuses a certificate at `now`.
    pub fn refusal(&self, generation: Generation, now: OffsetDateTime) -> Option<Cause> {
        let validity = self.of(generation)?;
        if now >= validity.to {
            Some(Cause::CertificateExpired)
        } else if now < validity.from {
            Some(Cause::CertificateNotYetValid)
        } else {
            None
        }
    }

    /// Of one generation; of what was in use before nothing is known.
    fn of(&self, generation: Generation) -> Option<Validity> {
        match generation {
            Generation::Active => self.active,
            Generation::Next => self.next,
            Generation::Previous => None,
        }
    }
}

/// What a party holds at `now`: what it took over last, or what was shown before the plan began. `fetched` are moments
/// of the plan at which it was seen to fetch metadata, whatever its habits say.
pub fn holding(
    plan: &Plan,
    model: &TrustModel,
    fetched: &[OffsetDateTime],
    now: OffsetDateTime,
) -> Holding {
    Course::of(plan, model, fetched).at(now).clone()
}

/// Why a login of the party fails at `now`, if it does: it holds `holding`, and the other party's keys are in
/// `state`.
pub fn verdict(
    plan: &Plan,
    state: &KeyState,
    validities: &Validities,
    model: &TrustModel,
    holding: &Holding,
    now: OffsetDateTime,
) -> Option<Cause> {
    signature(plan, state, validities, model, holding, now)
        .or_else(|| encryption(plan, state, model, holding))
}

fn signature(
    plan: &Plan,
    state: &KeyState,
    validities: &Validities,
    model: &TrustModel,
    holding: &Holding,
    now: OffsetDateTime,
) -> Option<Cause> {
    if !model.checks_signatures {
        return None;
    }
    if holding.signing.is_empty() {
        return Some(Cause::MissingUse);
    }
    let signs = state.signs;
    // With which of the certificates it holds the signature verifies, if with any.
    let certificate = match model.compares {
        Compares::Certificate => holding.signing.contains(&signs).then_some(signs),
        Compares::Key => {
            let same = |held: &&Generation| **held == signs || plan.same_key;
            // The exact one first: its dates are then those that are judged.
            let exact = holding.signing.iter().find(|held| **held == signs);
            exact.or_else(|| holding.signing.iter().find(same)).copied()
        }
    };
    let Some(certificate) = certificate else {
        return Some(if plan.same_key {
            Cause::ComparesCertificate
        } else if holding.signing.iter().all(|held| *held < signs) {
            Cause::HoldsOld
        } else {
            Cause::HoldsNewTooEarly
        });
    };
    validities
        .refusal(certificate, now)
        .filter(|_| model.checks_dates)
}

fn encryption(
    plan: &Plan,
    state: &KeyState,
    model: &TrustModel,
    holding: &Holding,
) -> Option<Cause> {
    if !model.encrypts || plan.same_key {
        return None;
    }
    match holding.encryption {
        // It understood nothing of what it read, or there was nothing.
        None if holding.signing.is_empty() => Some(Cause::MissingUse),
        None => Some(Cause::NothingToEncryptTo),
        Some(to) if state.decrypts.contains(&to) => None,
        Some(to) if state.decrypts.iter().all(|opens| to < *opens) => Some(Cause::EncryptsToOld),
        Some(_) => Some(Cause::EncryptsToNewTooEarly),
    }
}

/// The spans in which logins of a party fail ([`Course::outages`]). `fetched` as in [`holding`].
pub fn outages(
    plan: &Plan,
    validities: &Validities,
    model: &TrustModel,
    fetched: &[OffsetDateTime],
) -> Vec<Outage> {
    Course::of(plan, model, fetched).outages(validities)
}
