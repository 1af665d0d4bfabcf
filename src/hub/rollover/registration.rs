//! How the hub itself takes over the change of another party.

use super::habits::{Source, TrustModel};
use super::plan::{Action, Plan};
use time::Duration;

/// How long after its publication the metadata of a party is registered in the hub by hand, where nothing else is
/// said.
const REGISTRATION: Duration = Duration::minutes(30);

/// The hub takes metadata by hand: somebody registers it after each publication.
pub fn registration(plan: &Plan) -> TrustModel {
    let shows = plan
        .steps
        .iter()
        .filter(|step| matches!(step.action, Action::Show(_) | Action::RollBack));
    TrustModel {
        source: Source::Manual(shows.map(|step| step.at + REGISTRATION).collect()),
        ..TrustModel::default()
    }
    .facing(&plan.subject, None)
}
