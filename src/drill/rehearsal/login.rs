//! Real logins, one for each distinct situation: what the computation says of it must come true with real keys and
//! real signatures, on the hub's own path.

use super::Role;
use crate::hub::keys::{Generation, KeyState};
use crate::hub::rollover::{Compares, Holding, Plan, Subject, TrustModel};
use std::collections::BTreeSet;

/// What keys decide of a login: who uses which generation. Parties with the same habits at the same moment are in
/// the same situation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Situation {
    /// The party that takes over the change.
    pub role: Role,
    /// The changing party signs with this one.
    pub signs: Generation,
    /// The changing party decrypts with these.
    pub decrypts: Vec<Generation>,
    /// The other one verifies with these; none: it does not check.
    pub trusts: Option<Vec<Generation>>,
    /// The other one encrypts to this one; none: it does not encrypt.
    pub encrypts_to: Option<Generation>,
}

/// What the real logins of a run said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// Distinct situations, each logged in once. Dates of certificates and the comparing of certificates are not
    /// among them: keys decide nothing there.
    pub logins: usize,
    /// Situations in which the real login ended otherwise than computed: a defect of ours.
    pub disagreements: Vec<Situation>,
}

impl Situation {
    /// The situation of a party, where keys alone decide it.
    pub(super) fn of(
        state: &KeyState,
        role: Role,
        model: &TrustModel,
        holding: &Holding,
    ) -> Option<Self> {
        let by_key = model.compares == Compares::Key && !model.checks_dates;
        let encrypts_to = match (model.encrypts, holding.encryption) {
            (true, None) => return None,
            (true, to) => to,
            (false, _) => None,
        };
        by_key.then(|| Self {
            role,
            signs: state.signs,
            decrypts: state.decrypts.clone(),
            trusts: model.checks_signatures.then(|| holding.signing.clone()),
            encrypts_to,
        })
    }

    /// Whether a login works, by the rule.
    pub fn works(&self) -> bool {
        let trusts = |trusted: &Vec<Generation>| trusted.contains(&self.signs);
        self.trusts.as_ref().is_none_or(trusts)
            && self
                .encrypts_to
                .is_none_or(|generation| self.decrypts.contains(&generation))
    }
}

/// Logs in once in every situation. A change that keeps its key has no situation that keys could decide.
pub(super) fn prove(plan: &Plan, situations: BTreeSet<Situation>) -> Proof {
    let mut proof = Proof::default();
    if plan.same_key {
        return proof;
    }
    for situation in situations {
        let real = super::stage::Stage::set(changing(&plan.subject), &situation).log_in();
        proof.logins += 1;
        if real.is_ok() != situation.works() {
            proof.disagreements.push(situation);
        }
    }
    proof
}

fn changing(subject: &Subject) -> Role {
    match subject {
        Subject::Hub => Role::Hub,
        Subject::IdentityProvider(_) => Role::IdentityProvider,
        Subject::System(_) => Role::System,
    }
}
