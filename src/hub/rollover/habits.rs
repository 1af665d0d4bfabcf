//! How a party takes over a change of another one's certificate.

use super::plan::{Plan, Subject};
use crate::hub::danish_time::danish_time;
use crate::hub::keys::{Generation, Shows};
use crate::hub::trace::Leg;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// A party's habits: what it takes from metadata, when, and what it checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustModel {
    /// Where it has the other party's certificate from.
    pub source: Source,
    /// Which certificates it takes where there are several.
    pub reads: Reads,
    /// Whether it checks signatures. An AD FS or Entra ID may be told not to check requests; a system that does
    /// not check assertions trusts everybody.
    pub checks_signatures: bool,
    /// Whether a certificate outside its dates is refused. Keys in metadata need no dates (IIP-MD12).
    pub checks_dates: bool,
    /// What it compares.
    pub compares: Compares,
    /// Whether it encrypts to the other party.
    pub encrypts: bool,
    /// Whether it understands descriptors without `use` (SAML metadata §2.4.1.1).
    pub reads_missing_use: bool,
    /// Whether somebody stated these habits; if not, they are the worst that one must expect.
    pub stated: bool,
}

/// Where a party has another one's certificate from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file or a value in its configuration, which nobody is going to change.
    Pinned,
    /// The metadata's address, every so often; AD FS: 24 hours.
    Polled {
        /// How often.
        every: Duration,
        /// A moment at which it does; the others lie whole intervals before and after. It stands for what clocks show:
        /// who fetches at ten past ten in winter does so in summer too.
        at: OffsetDateTime,
    },
    /// Metadata is read when the program starts: at these moments.
    Restart(Vec<OffsetDateTime>),
    /// Somebody takes it over by hand, from metadata or from the file that was handed out: at these moments.
    Manual(Vec<OffsetDateTime>),
}

/// Which of several certificates a party takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reads {
    /// All (IIP-MD07: try all).
    All,
    /// The first one only.
    First,
    /// The last one only.
    Last,
}

/// What a party compares when it verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compares {
    /// The key: a new certificate on it changes nothing.
    Key,
    /// The certificate, byte for byte or by its thumbprint.
    Certificate,
}

/// What a party holds of another one at a moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holding {
    /// Verifies with these.
    pub signing: Vec<Generation>,
    /// Encrypts to this one.
    pub encryption: Option<Generation>,
}

impl Default for TrustModel {
    /// A party that follows metadata daily and reads it as it should.
    fn default() -> Self {
        Self {
            source: Source::Polled {
                every: Duration::hours(24),
                at: OffsetDateTime::UNIX_EPOCH,
            },
            reads: Reads::All,
            checks_signatures: true,
            checks_dates: false,
            compares: Compares::Key,
            encrypts: true,
            reads_missing_use: true,
            stated: true,
        }
    }
}

impl TrustModel {
    /// What must be expected of a party that nobody has said anything about: somebody has to act there, and no
    /// date is known.
    pub fn unknown() -> Self {
        Self {
            source: Source::Manual(Vec::new()),
            stated: false,
            ..Self::default()
        }
    }

    /// The habits as far as they bear on a change of `subject`, for a party on this side of the hub (none: the hub
    /// itself). Only identity providers encrypt to the hub, and the hub only to systems.
    pub fn facing(&self, subject: &Subject, side: Option<Leg>) -> Self {
        let encrypted = match side {
            Some(Leg::IdentityProvider) => *subject == Subject::Hub,
            Some(Leg::System) => false,
            None => matches!(subject, Subject::System(_)),
        };
        Self {
            encrypts: self.encrypts && encrypted,
            ..self.clone()
        }
    }

    /// The habits as far as they bear on a plan ([`Self::facing`]): nobody notices a change of keys that does not
    /// happen on their side.
    pub fn under(&self, plan: &Plan, side: Option<Leg>) -> Self {
        let mut model = self.facing(&plan.subject, side);
        if let (Subject::Hub, Some(side)) = (&plan.subject, side) {
            let (signing, encryption) = plan.moves.towards(side);
            model.checks_signatures &= signing;
            model.encrypts &= encryption;
        }
        model
    }

    /// The same habits with every date moved, for a plan on another day.
    pub fn moved(&self, by: Duration) -> Self {
        let moved = |at: OffsetDateTime| at.checked_add(by).unwrap_or(at);
        let all = |moments: &[OffsetDateTime]| moments.iter().map(|at| moved(*at)).collect();
        let source = match &self.source {
            Source::Pinned => Source::Pinned,
            Source::Polled { every, at } => Source::Polled {
                every: *every,
                at: moved(*at),
            },
            Source::Restart(moments) => Source::Restart(all(moments)),
            Source::Manual(moments) => Source::Manual(all(moments)),
        };
        Self {
            source,
            ..self.clone()
        }
    }

    /// The first moment from `now` on at which it fetches metadata, where it does so every so often. `season` is a
    /// moment of the time of the year whose clocks count.
    pub(super) fn poll_from(
        &self,
        now: OffsetDateTime,
        season: OffsetDateTime,
    ) -> Option<OffsetDateTime> {
        let Source::Polled { every, at } = &self.source else {
            return None;
        };
        let offset = |at| i64::from(danish_time(at).offset().whole_seconds());
        let clocks = offset(*at) - offset(season);
        let every = (*every).max(Duration::minutes(1)).whole_seconds();
        let since = (now - *at).whole_seconds() - clocks;
        let mut wait = (every - since.rem_euclid(every)) % every;
        // A part of a second has passed that whole ones do not count.
        if wait == 0 && (now - *at).subsec_nanoseconds() > 0 {
            wait = every;
        }
        let exact = now.replace_nanosecond(at.nanosecond()).unwrap_or(now);
        exact.checked_add(Duration::seconds(wait))
    }

    /// The moments at which somebody acts, where they are known, in the order of time.
    pub(super) fn acts(&self) -> Vec<OffsetDateTime> {
        match &self.source {
            Source::Pinned | Source::Polled { .. } => Vec::new(),
            Source::Restart(moments) | Source::Manual(moments) => {
                let mut moments = moments.clone();
                moments.sort();
                moments
            }
        }
    }

    /// What it takes from metadata that shows this. `handed_out`: the next certificate lies there as a file, which
    /// somebody who acts by hand takes too, or instead where only one has room.
    pub fn takes(&self, shows: &Shows, handed_out: bool) -> Holding {
        if shows.without_use && !self.reads_missing_use {
            return Holding {
                signing: Vec::new(),
                encryption: None,
            };
        }
        let by_hand = handed_out && matches!(self.source, Source::Manual(_));
        // Without `use` there is one list, as the hub writes it: what it shows for encryption, then the rest, and each is
        // good for both.
        let (mut signing, encryption) = match shows.without_use {
            true => {
                let list = shows.listed();
                (list.clone(), list)
            }
            false => (shows.signing.clone(), shows.encryption.clone()),
        };
        if by_hand && !signing.contains(&Generation::Next) {
            match self.reads {
                Reads::All => signing.push(Generation::Next),
                Reads::First | Reads::Last => signing = vec![Generation::Next],
            }
        }
        Holding {
            signing: self.pick(&signing),
            encryption: match self.reads {
                Reads::Last => encryption.last().copied(),
                Reads::All | Reads::First => encryption.first().copied(),
            },
        }
    }

    fn pick(&self, generations: &[Generation]) -> Vec<Generation> {
        let one = match self.reads {
            Reads::All => return generations.to_vec(),
            Reads::First => generations.first(),
            Reads::Last => generations.last(),
        };
        one.copied().into_iter().collect()
    }
}
