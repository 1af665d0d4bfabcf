//! Who can no longer log in during a change: the rule, for one party at one moment, and the spans it makes.

use super::habits::{Compares, Holding, TrustModel};
use super::plan::Plan;
use crate::hub::keys::{Generation, KeyState, Schedule};
use time::OffsetDateTime;

/// From when to when a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From.
    pub from: OffsetDateTime,
    /// To.
    pub to: OffsetDateTime,
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
pub enum Leg {
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

impl Cause {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::HoldsOld,
        Self::HoldsNewTooEarly,
        Self::ComparesCertificate,
        Self::CertificateExpired,
        Self::CertificateNotYetValid,
        Self::MissingUse,
        Self::EncryptsToOld,
        Self::EncryptsToNewTooEarly,
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
            Self::EncryptsToOld => "rollover::encrypts-to-old-key",
            Self::EncryptsToNewTooEarly => "rollover::encrypts-to-new-key-too-early",
        }
    }

    /// Which half of the login fails.
    pub fn leg(self) -> Leg {
        match self {
            Self::EncryptsToOld | Self::EncryptsToNewTooEarly => Leg::Encryption,
            _ => Leg::Signature,
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

/// A party takes over what there is: by its habits, or because it was seen to fetch metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Update {
    at: OffsetDateTime,
    seen: bool,
}

/// What a party holds at `now`: what it took over last, or what was shown before the plan began. `fetched` are moments
/// of the plan at which it was seen to fetch metadata, whatever its habits say.
pub fn holding(
    plan: &Plan,
    model: &TrustModel,
    fetched: &[OffsetDateTime],
    now: OffsetDateTime,
) -> Holding {
    let (from, _) = plan.horizon();
    let mut updates = updates(model, fetched, from, now.max(from));
    updates.retain(|update| update.at <= now);
    held(plan, &plan.schedule(), model, updates.pop())
}

/// What it does by its habits and what was seen, in the order of time.
fn updates(
    model: &TrustModel,
    fetched: &[OffsetDateTime],
    from: OffsetDateTime,
    to: OffsetDateTime,
) -> Vec<Update> {
    let habit = model.updates(from, to).into_iter();
    let seen = fetched.iter().filter(|at| **at <= to);
    let mut all: Vec<Update> = habit
        .map(|at| Update { at, seen: false })
        .chain(seen.map(|at| Update {
            at: *at,
            seen: true,
        }))
        .collect();
    all.sort();
    all
}

fn held(plan: &Plan, schedule: &Schedule, model: &TrustModel, updated: Option<Update>) -> Holding {
    match updated {
        None => model.takes(&plan.start.shows, false),
        Some(Update { at, seen }) => {
            // Whoever was seen at the metadata's address has not taken the file.
            let handed_out = !seen && plan.offers_file(at);
            model.takes(&schedule.at(at).shows, handed_out)
        }
    }
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
        None => Some(Cause::MissingUse),
        Some(to) if state.decrypts.contains(&to) => None,
        Some(to) if state.decrypts.iter().all(|opens| to < *opens) => Some(Cause::EncryptsToOld),
        Some(_) => Some(Cause::EncryptsToNewTooEarly),
    }
}

/// The spans in which logins of a party fail, in the order of time, each with its cause. Exact: between two
/// moments at which something changes nothing does. `fetched` as in [`holding`].
pub fn outages(
    plan: &Plan,
    validities: &Validities,
    model: &TrustModel,
    fetched: &[OffsetDateTime],
) -> Vec<Outage> {
    let (from, to) = plan.horizon();
    let schedule = plan.schedule();
    let validities = validities.under(plan);
    let updates = updates(model, fetched, from, to);
    let bounds = [validities.active, validities.next];
    let bounds = bounds.into_iter().flatten();
    let mut moments: Vec<OffsetDateTime> = std::iter::once(from)
        .chain(schedule.moments())
        .chain(updates.iter().map(|update| update.at))
        .chain(bounds.flat_map(|validity| [validity.from, validity.to]))
        .filter(|at| (from..to).contains(at))
        .collect();
    moments.sort();
    moments.dedup();
    let mut spans: Vec<Outage> = Vec::new();
    let mut open: Option<Outage> = None;
    for now in moments {
        let done = updates.partition_point(|update| update.at <= now);
        let last = done
            .checked_sub(1)
            .and_then(|index| updates.get(index))
            .copied();
        let holding = held(plan, &schedule, model, last);
        let cause = verdict(plan, schedule.at(now), &validities, model, &holding, now);
        if open.map(|outage| outage.cause) == cause {
            continue;
        }
        if let Some(outage) = open.take() {
            spans.push(Outage {
                to: Some(now),
                ..outage
            });
        }
        open = cause.map(|cause| Outage {
            from: now,
            to: None,
            cause,
        });
    }
    spans.extend(open);
    spans
}
