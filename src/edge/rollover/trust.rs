//! What a persona or demo system holds of the hub at a moment, by its habits.

use super::playing::Playing;
use crate::dsig::PublicKey;
use crate::hub::Hub;
use crate::hub::keys::{Generation, RoleRings};
use crate::hub::rollover::{Compares, Subject, holding};
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
    /// Whether this is what it holds of a change that is played.
    pub played: bool,
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
            played: false,
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
        let validities = playing.validities(Some(side));
        let compares = model.compares == Compares::Certificate;
        let holds: Vec<Generation> = held
            .signing
            .into_iter()
            .filter(|generation| {
                !model.checks_dates || validities.refusal(*generation, at).is_none()
            })
            // On one key the certificate alone tells them apart, for whoever compares certificates.
            .filter(|generation| !(playing.plan.same_key && compares) || *generation == signs)
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
            played: true,
        })
    }
}

fn public(role: &RoleRings, generations: &[Generation]) -> Vec<PublicKey> {
    let pairs = generations
        .iter()
        .map(|generation| role.signing.pair(*generation));
    pairs.map(|pair| pair.signing.public()).collect()
}
