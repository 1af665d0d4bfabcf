//! Job function roles become user system roles: what the user may do in the system that asked.
//!
//! An IdP states its user's job function roles in a list of privileges ([`crate::oiosaml::PrivilegeList`]). Each
//! system has mappings from them to its own roles, with the constraints that belong to it; the municipality that a
//! role is given for is the scope of its group. What comes out is a list of the same form. Sources: domain.md §3.4, of
//! which one pair of sample messages is the best; what that does not show is a field of [`RoleSettings`].
//!
//! ```text
//! assertion ──▶ claims ──▶ incoming ──▶ translate ──▶ issue
//!               │ of the registry │ the list, read │ a row for every role, and the rule that decided it
//! ```
//!
//! Everything is told ([`Story`]): staff must see why a role came through or did not.

mod claims;
mod incoming;
mod registered;
mod rule;
mod settings;
mod story;
mod told;
mod translate;

pub use claims::{ClaimFate, ClaimRow};
pub(super) use registered::is_parametric;
pub use registered::{
    Claim, DataRestriction, Directory, JobFunctionRole, LookUp, RoleMapping, RoleMappings,
};
pub use rule::RoleRule;
pub use settings::{
    ConstraintValues, NoRoles, OrDrop, ParametricValues, PrivilegeOrder, RoleSettings,
    UnreadablePrivileges, UnusedConstraints, UserClaims,
};
pub use story::{GroupStory, Incoming, Issued, RoleRow, StatedConstraint, Story};
pub use told::{GroupTold, RoleTold, Told};
pub use translate::{Giver, translate};

use super::judge::stated_cvr;
use super::trace::Source;
use super::{
    Check, Federation, IdentityProvider, Report, RowOutcome, Settings, Trace, UserFacingSystem,
};
use crate::oiosaml::PrivilegeList;
use crate::oiosaml::privileges::BppVersion;
use crate::saml::Assertion;

/// What an IdP's statement about its user comes to, for one system.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The assertion with the claims that the registry adds to it.
    pub assertion: Assertion,
    /// The user system roles; without groups there is no attribute.
    pub privileges: PrivilegeList,
    /// What became of every role, and why.
    pub story: Story,
}

/// Joins the registry's claims to an assertion, and translates its roles for a system. Adds two rows to the report:
/// whether the list can be read, and whether any role came through. No system: it was removed while its user logged in.
pub fn grant(
    assertion: &Assertion,
    idp: &IdentityProvider,
    system: Option<&UserFacingSystem>,
    federation: &Federation,
    settings: &Settings,
    report: &mut Report,
) -> Granted {
    let settings = &settings.roles;
    let mut assertion = assertion.clone();
    let mut story = Story::default();
    let cvr = stated_cvr(&assertion).ok();
    let idp_states = incoming::stated(&assertion);
    if !idp.knows_roles && settings.privileges_of_idp_without_roles == OrDrop::Drop {
        incoming::remove(&mut assertion);
    }
    story.claims = claims::join(
        &mut assertion,
        cvr.as_ref(),
        &federation.directory,
        settings,
    );
    let (list, incoming) = incoming::read(&assertion, idp_states);
    story.incoming = incoming;
    readable(&story.incoming, settings, report);
    let mut privileges = PrivilegeList {
        version: system.map_or(BppVersion::V1_2, |system| system.oiosaml_profile.bpp()),
        groups: Vec::new(),
    };
    if let (Some(list), Some(cvr), Some(system)) = (&list, &cvr, system) {
        let giver = Giver {
            contexts: &idp.user_contexts,
            user: cvr,
            attributes: &assertion,
            directory: &federation.directory,
            settings,
        };
        (privileges.groups, story.groups) = translate(list, &system.role_mappings, &giver);
    }
    story.issued = privileges.groups.len();
    came_through(&story, system, settings, report);
    Granted {
        assertion,
        privileges,
        story,
    }
}

/// The row of an assertion that is judged without the federation: whether its list can be read.
pub fn judge_list(assertion: &Assertion, report: &mut Report) {
    let (_, incoming) = incoming::read(assertion, incoming::stated(assertion));
    readable(&incoming, &RoleSettings::default(), report);
}

fn readable(incoming: &Incoming, settings: &RoleSettings, report: &mut Report) {
    const EXPECTED: &str = "one OIO-BPP list, or none";
    let (outcome, found) = match incoming {
        Incoming::None => (RowOutcome::Pass, "none".to_owned()),
        Incoming::Ignored => (
            RowOutcome::Warn,
            "a list of an IdP that is not registered to know roles (KenderRoller); not looked at"
                .to_owned(),
        ),
        Incoming::Empty => (
            RowOutcome::Warn,
            "an attribute or a list without content".to_owned(),
        ),
        Incoming::Unreadable { why } => {
            let refused = settings.unreadable_privileges == UnreadablePrivileges::Refuse;
            let outcome = if refused {
                RowOutcome::Fail
            } else {
                RowOutcome::Warn
            };
            (outcome, why.clone())
        }
        Incoming::Read { groups, .. } => (RowOutcome::Pass, format!("{groups} groups")),
    };
    report.add(Check::PrivilegesReadable, outcome, found, EXPECTED);
}

fn came_through(
    story: &Story,
    system: Option<&UserFacingSystem>,
    settings: &RoleSettings,
    report: &mut Report,
) {
    if system.is_none_or(|system| system.role_mappings.is_empty()) {
        return report.skip(
            Check::RolesGranted,
            "no role mappings are registered for the system",
        );
    }
    let outcome = match (story.issued, settings.no_roles) {
        (1.., _) => RowOutcome::Pass,
        (0, NoRoles::Omit) => RowOutcome::Warn,
        (0, NoRoles::Refuse) => RowOutcome::Fail,
    };
    report.add(
        Check::RolesGranted,
        outcome,
        story.told(),
        "at least one user system role",
    );
}

/// The decisions of a story, for the flow: what the registry added, and what became of the list.
pub fn decide(story: &Story, trace: &mut Trace) {
    if !story.claims.is_empty() {
        trace.decide(
            "user-claims",
            format!("{} claims of a registered user", story.claims.len()),
            format!(
                "{} joined",
                story.claims.iter().filter(|row| row.joins()).count()
            ),
            Source::Setting,
        );
    }
    if story.incoming == Incoming::None {
        return;
    }
    // What a list means is read out of the sample pair; that none is looked at, or that one that cannot be read refuses the
    // login or does not, is a setting.
    let source = match story.incoming {
        Incoming::Read { .. } => Source::Inferred,
        _ => Source::Setting,
    };
    let result = format!("{} groups issued", story.issued);
    trace.decide("roles", story.told(), result, source);
}
