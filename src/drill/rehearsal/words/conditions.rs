//! When a row of duties fits.

use crate::drill::rehearsal::Party;
use crate::hub::keys::Generation::{Active, Next};
use crate::hub::keys::KeyState;
use crate::hub::rollover::{Plan, Reads, Source, Strategy};
use time::{Duration, OffsetDateTime};

/// What decides, besides the cause, what there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum If {
    /// Nothing: the last row of every cause.
    Always,
    /// The plan lets the certificate expire.
    Expires,
    /// Nobody was told in time.
    Unannounced,
    /// Everything has been put back.
    RolledBack,
    /// The next key does not sign.
    OldSigns,
    /// The next key signs.
    NewSigns,
    /// The key that is in use when the change begins still decrypts.
    OldOpens,
    /// Nobody has said how the party takes over changes.
    Unstated,
    /// The certificate is a fixed value.
    Pinned,
    /// Metadata is fetched every so often.
    Polled,
    /// Metadata is fetched every hour, or more often.
    Hourly,
    /// Metadata is read when the program starts.
    Restart,
    /// There is room for one certificate, or only one is read.
    OneOnly,
    /// Somebody acts by hand and has room for one certificate.
    OneByHand,
    /// Both certificates are not in metadata long enough before the switch for everybody who follows it.
    NotAhead,
}

/// How long both certificates must stand in metadata for the party to see them: as long as it does not look, and at
/// least a day, so that somebody notices where it does not work.
pub fn lead(party: &Party) -> Duration {
    let least = Duration::hours(24);
    match &party.model.source {
        Source::Polled { every, .. } => (*every).max(least),
        _ => Duration::days(7),
    }
}

/// An outage that begins.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// Whose logins fail.
    pub party: &'a Party,
    /// The plan.
    pub plan: &'a Plan,
    /// When it begins.
    pub from: OffsetDateTime,
    /// What the changing party does with its keys then.
    pub keys: &'a KeyState,
}

impl If {
    /// Whether it is so.
    pub fn holds(self, situation: &Situation<'_>) -> bool {
        let Situation {
            party,
            plan,
            from,
            keys,
        } = *situation;
        let model = &party.model;
        let one_only = model.reads != Reads::All;
        match self {
            Self::Always => true,
            Self::Expires => plan.expires().is_some(),
            Self::Unannounced => plan.strategy == Some(Strategy::Emergency),
            Self::RolledBack => plan.given_up().is_some_and(|back| back <= from),
            Self::OldSigns => keys.signs != Next,
            Self::NewSigns => keys.signs == Next,
            Self::OldOpens => keys.decrypts.contains(&Active),
            Self::Unstated => !model.stated,
            Self::Pinned => model.source == Source::Pinned,
            Self::Polled => matches!(model.source, Source::Polled { .. }),
            Self::Hourly => {
                matches!(model.source, Source::Polled { every, .. } if every <= Duration::hours(1))
            }
            Self::Restart => matches!(model.source, Source::Restart(_)),
            Self::OneOnly => one_only,
            Self::OneByHand => {
                one_only && matches!(model.source, Source::Pinned | Source::Manual(_))
            }
            Self::NotAhead => !ahead(plan, lead(party)),
        }
    }
}

/// Whether both certificates stand in metadata that long before the next key signs.
fn ahead(plan: &Plan, lead: Duration) -> bool {
    match (plan.shows_both(), plan.signs_next()) {
        (Some(shown), Some(signs)) => signs - shown >= lead,
        _ => false,
    }
}
