//! What a persona or demo system holds of the hub at a moment, by its habits.

use super::playing::Playing;
use crate::dsig::PublicKey;
use crate::hub::Hub;
use crate::hub::keys::{Generation, RoleRings};
use crate::hub::rollover::{Compares, Subject, TrustModel, Validity, holding};
use crate::hub::trace::Leg;
use time::OffsetDateTime;

/// A party's trust in the hub.
#[derive(Debug, Clone)]
pub struct Trust {
    /// Keys that verify the hub's messages.
    pub keys: Vec<PublicKey>,
    /// Whether it looks at signatures at all.
    pub checks: bool,
    /// Key that assertions for the hub are encrypted with; none: they are not encrypted.
    pub encrypt_to: Option<PublicKey>,
    /// The generations that it verifies with, while a change of the hub is played.
    pub holds: Option<Vec<Generation>>,
}

impl Trust {
    /// What everybody holds while no change is played: what the hub's metadata shows.
    pub(super) fn of(hub: &Hub, side: Leg) -> Self {
        let role = match side {
            Leg::System => &hub.idp,
            Leg::IdentityProvider => &hub.sp,
        };
        Self {
            keys: role.public_keys(),
            checks: true,
            encrypt_to: hub.sp.encryption_key(),
            holds: None,
        }
    }

    /// What the party `name` holds when the plan stands at `at`; none where the hub's keys do not change.
    pub(super) fn during(
        playing: &Playing,
        side: Leg,
        name: &str,
        at: OffsetDateTime,
    ) -> Option<Self> {
        if playing.plan.subject != Subject::Hub {
            return None;
        }
        let role = match side {
            Leg::System => &playing.keys.idp,
            Leg::IdentityProvider => &playing.keys.sp,
        };
        let model = playing.model(name);
        let held = holding(&playing.plan, &model, &[], at);
        let signs = playing.state(at).signs;
        let holds: Vec<Generation> = held
            .signing
            .into_iter()
            .filter(|generation| in_time(playing, &model, *generation, at))
            // Whoever compares certificates takes a message only with one that it holds.
            .filter(|generation| model.compares == Compares::Key || *generation == signs)
            .collect();
        let encrypt_to = held.encryption.filter(|_| model.encrypts);
        Some(Self {
            keys: match model.checks_signatures {
                true => public(role, &holds),
                // Whoever checks nothing takes everybody's word; of keys there is one of ours.
                false => public(role, &Generation::ALL),
            },
            checks: model.checks_signatures,
            encrypt_to: encrypt_to.map(|to| role.encryption.pair(to).signing.public()),
            holds: Some(holds),
        })
    }
}

fn public(role: &RoleRings, generations: &[Generation]) -> Vec<PublicKey> {
    let pairs = generations
        .iter()
        .map(|generation| role.signing.pair(*generation));
    pairs.map(|pair| pair.signing.public()).collect()
}

/// Whether a party that looks at dates takes the certificate then.
fn in_time(
    playing: &Playing,
    model: &TrustModel,
    generation: Generation,
    at: OffsetDateTime,
) -> bool {
    let valid = |validity: Validity| validity.from <= at && at < validity.to;
    !model.checks_dates || playing.validities.of(generation).is_none_or(valid)
}
