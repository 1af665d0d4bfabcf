//! No role came through, whether the login was refused for it or not.

use super::Confidence::Certain;
use super::{Cause, Ended, Facts, Found};
use crate::hub::roles::{Incoming, RoleRule, Story};
use crate::hub::{Check, RowOutcome};

pub(super) fn none_came_through(facts: &Facts<'_>) -> Option<Found> {
    let without = match facts.ended {
        Ended::Refused(check) => check == Check::RolesGranted,
        Ended::LoggedIn => facts.outcome(Check::RolesGranted) == Some(RowOutcome::Warn),
        Ended::Open | Ended::LoggedOut | Ended::PartialLogout => false,
    };
    let story = facts.story.filter(|_| without)?;
    let rows = facts.rows(&[Check::RolesGranted, Check::PrivilegesReadable]);
    Some((cause(story), Certain, rows))
}

fn cause(story: &Story) -> Cause {
    let dropped_by = |rules: &[RoleRule]| {
        let mut rows = story.groups.iter().flat_map(|group| &group.roles);
        rows.any(|row| rules.contains(&row.rule))
    };
    match story.incoming {
        // The list is the identity provider's, and nobody who gives roles can mend it.
        Incoming::Unreadable { .. } => Cause::Check(Check::PrivilegesReadable),
        Incoming::None | Incoming::Ignored | Incoming::Empty => Cause::RolesNotSent,
        Incoming::Read { .. } => {
            let delegation = [
                RoleRule::NotDelegated,
                RoleRule::ForeignScope,
                RoleRule::OtherContext,
            ];
            match dropped_by(&delegation) {
                true => Cause::RoleNotDelegated,
                false => Cause::RoleNotMapped,
            }
        }
    }
}
