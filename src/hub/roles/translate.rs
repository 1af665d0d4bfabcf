//! One list into the other.

use super::registered::{RoleMapping, RoleMappings, is_parametric};
use super::{
    ConstraintValues, Directory, GroupStory, Issued, OrDrop, ParametricValues, PrivilegeOrder,
    RoleRow, RoleRule, RoleSettings, StatedConstraint, UnusedConstraints,
};
use crate::oiosaml::privileges::{Constraint, PrivilegeGroup, Scope, budget};
use crate::oiosaml::{Cvr, PrivilegeList};
use crate::saml::Assertion;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of a story, which is four times what may be issued: an IdP may repeat a role that has many mappings.
const MAX_ROWS: usize = 4 * budget::GROUPS;

/// Who gives the roles, and by which rules.
#[derive(Debug, Clone, Copy)]
pub struct Giver<'a> {
    /// The organisations that the IdP speaks for.
    #[doc(alias = "Anvenderkontekster")]
    pub contexts: &'a [Cvr],
    /// The user's own.
    pub user: &'a Cvr,
    /// What the IdP says besides: a parametric value may be among it.
    pub attributes: &'a Assertion,
    /// The registered roles.
    pub directory: &'a Directory,
    /// What is unknown of the real hub.
    pub settings: &'a RoleSettings,
}

/// Translates a list for the system of these mappings: the groups to issue, and what became of every role, in the
/// order of the list.
pub fn translate(
    list: &PrivilegeList,
    mappings: &RoleMappings,
    giver: &Giver<'_>,
) -> (Vec<PrivilegeGroup>, Vec<GroupStory>) {
    let values = Values::of(list, giver);
    let mut stories: Vec<GroupStory> = list.groups.iter().enumerate().map(story).collect();
    let mut due: Vec<Due<'_>> = Vec::new();
    let mut rows = 0;
    for (at, group) in list.groups.iter().enumerate() {
        for role in &group.privileges {
            let told = &mut stories[at];
            if rows >= MAX_ROWS {
                told.roles.push(row(role, RoleRule::Budget, None));
                return (issue(due, &values, giver, &mut stories), stories);
            }
            if let Some((rule, about)) = giver.refuses(&group.scope, role, mappings) {
                told.roles.push(row(role, rule, about));
                rows += 1;
                continue;
            }
            for (place, mapping) in mappings.from_role(role) {
                mark_used(&mut told.constraints, mapping);
                due.push(Due {
                    place,
                    mapping,
                    group: at,
                    scope: &group.scope,
                    row: told.roles.len(),
                });
                let mut row = row(role, RoleRule::Translated, None);
                row.mapping = Some(mapping.id.clone());
                told.roles.push(row);
                rows += 1;
            }
        }
    }
    (issue(due, &values, giver, &mut stories), stories)
}

/// A mapping that applies.
struct Due<'l> {
    place: usize,
    mapping: &'l RoleMapping,
    group: usize,
    scope: &'l Scope,
    row: usize,
}

/// What comes out, in its order and within the budget of a list; the rows are told.
fn issue(
    mut due: Vec<Due<'_>>,
    values: &Values<'_>,
    giver: &Giver<'_>,
    stories: &mut [GroupStory],
) -> Vec<PrivilegeGroup> {
    if giver.settings.privilege_order == PrivilegeOrder::Mapping {
        // Stable: of one mapping the IdP's order stays.
        due.sort_by_key(|due| due.place);
    }
    let mut groups: Vec<PrivilegeGroup> = Vec::new();
    let mut spent = Spent::default();
    for due in due {
        let story = &mut stories[due.group];
        let unused = story.constraints.iter().find(|one| !one.used);
        let unused =
            unused.filter(|_| giver.settings.unused_constraints == UnusedConstraints::Drop);
        let constraints = match unused {
            Some(unused) => Err((RoleRule::UnusedConstraint, unused.name.clone())),
            None => constraints(&due, values, giver.settings),
        };
        let row = &mut story.roles[due.row];
        match constraints {
            Err((rule, about)) => (row.rule, row.about) = (rule, Some(about)),
            Ok(constraints) if !spent.takes(due.mapping, &constraints) => {
                row.rule = RoleRule::Budget
            }
            Ok(constraints) => {
                let constraints = constraints.into_iter();
                let constraints = constraints.map(|(name, value)| (name.to_owned(), value));
                let constraints: Vec<(String, String)> = constraints.collect();
                row.issued = Some(Issued {
                    group: groups.len() + 1,
                    role: due.mapping.user_system_role.clone(),
                    constraints: constraints.clone(),
                });
                groups.push(PrivilegeGroup {
                    scope: due.scope.clone(),
                    privileges: vec![due.mapping.user_system_role.clone()],
                    constraints: constraints
                        .into_iter()
                        .map(|(name, value)| Constraint { name, value })
                        .collect(),
                });
            }
        }
    }
    groups
}

/// What a list has cost so far: an IdP may repeat a long value, and a role that has many mappings.
#[derive(Default)]
struct Spent {
    groups: usize,
    entries: usize,
    bytes: usize,
}

impl Spent {
    /// Whether there is room for one more group.
    fn takes(&mut self, mapping: &RoleMapping, constraints: &[(&str, String)]) -> bool {
        // Of markup, the scope included.
        const GROUP: usize = 160;
        const CONSTRAINT: usize = 40;
        let texts = constraints
            .iter()
            .map(|(name, value)| name.len() + value.len() + CONSTRAINT);
        let next = Self {
            groups: self.groups + 1,
            entries: self.entries + 1 + constraints.len(),
            bytes: self.bytes + GROUP + mapping.user_system_role.len() + texts.sum::<usize>(),
        };
        let fits = next.groups <= budget::GROUPS
            && next.entries <= budget::ENTRIES
            && next.bytes <= budget::BYTES;
        if fits {
            *self = next;
        }
        fits
    }
}

fn story((at, group): (usize, &PrivilegeGroup)) -> GroupStory {
    let constraints = group.constraints.iter().map(|constraint| StatedConstraint {
        name: constraint.name.clone(),
        value: constraint.value.clone(),
        used: false,
    });
    GroupStory {
        number: at + 1,
        scope: group.scope.to_string(),
        constraints: constraints.collect(),
        roles: Vec::new(),
    }
}

fn row(role: &str, rule: RoleRule, about: Option<String>) -> RoleRow {
    RoleRow {
        role: role.to_owned(),
        rule,
        about,
        mapping: None,
        issued: None,
    }
}

fn mark_used(constraints: &mut [StatedConstraint], mapping: &RoleMapping) {
    let asked = mapping.restrictions.iter().flat_map(|one| &one.values);
    for id in asked.filter(|value| is_parametric(value)) {
        for constraint in constraints.iter_mut().filter(|one| one.name == *id) {
            constraint.used = true;
        }
    }
}

impl Giver<'_> {
    /// Why a role does not count within this scope, if it does not: “a scope is allowed if it is one of the IdP's CVRs, or
    /// the role's anvenderkontekst is that scope and it is delegated to the user's CVR” (design §5).
    fn refuses(
        &self,
        scope: &Scope,
        role: &str,
        mappings: &RoleMappings,
    ) -> Option<(RoleRule, Option<String>)> {
        let scope = match scope {
            Scope::Cvr(scope) => scope,
            Scope::Other(_) => return Some((RoleRule::UnknownScope, None)),
            Scope::ProductionUnit(_) | Scope::SeNumber(_) | Scope::Cpr(_) => {
                return Some((RoleRule::ScopeNotOrganisation, None));
            }
        };
        if mappings.from_role(role).next().is_none() {
            return Some((RoleRule::NoMapping, None));
        }
        let own = self.contexts.contains(scope);
        let foreign = || Some((RoleRule::ForeignScope, Some(scope.to_string())));
        let Some(registered) = self.directory.job_function_role(role) else {
            let counts = self.settings.unregistered_job_function_role == OrDrop::Translate;
            return match (counts, own) {
                (true, true) => None,
                (true, false) => foreign(),
                (false, _) => Some((RoleRule::Unregistered, None)),
            };
        };
        let of_scope = registered.context.as_ref() == Some(scope);
        match registered.context {
            Some(owner) if own && !of_scope => {
                let counts = self.settings.role_of_another_context == OrDrop::Translate;
                (!counts).then(|| (RoleRule::OtherContext, Some(owner.to_string())))
            }
            _ if own => None,
            _ if !of_scope => foreign(),
            _ => {
                let delegated = registered.delegated_to.contains(self.user);
                (!delegated).then(|| (RoleRule::NotDelegated, Some(scope.to_string())))
            }
        }
    }
}

/// The constraints of a mapping, its parametric values replaced by what the IdP states.
fn constraints<'l>(
    due: &Due<'l>,
    values: &Values<'l>,
    settings: &RoleSettings,
) -> Result<Vec<(&'l str, String)>, (RoleRule, String)> {
    let mut all = Vec::new();
    for restriction in &due.mapping.restrictions {
        let mut found: Vec<&str> = Vec::new();
        for value in &restriction.values {
            match is_parametric(value) {
                true => found.extend(values.stated(due, value, settings)),
                false => found.push(value),
            }
        }
        let kind = restriction.kind.as_str();
        if found.is_empty() {
            if settings.missing_constraint_value == OrDrop::Drop {
                let of = restriction.values.first().unwrap_or(&restriction.kind);
                return Err((RoleRule::NoValue, of.clone()));
            }
            continue;
        }
        match settings.constraint_values {
            ConstraintValues::Repeated => {
                all.extend(found.into_iter().map(|value| (kind, value.to_owned())));
            }
            ConstraintValues::Joined => all.push((kind, found.join(", "))),
        }
    }
    Ok(all)
}

/// What the IdP states under each name: looked for often, so sorted once.
struct Values<'l> {
    groups: Vec<BTreeMap<&'l str, Vec<&'l str>>>,
    /// Of all groups of a scope together; a value that several state is there once.
    scopes: BTreeMap<&'l Cvr, BTreeMap<&'l str, Vec<&'l str>>>,
    attributes: BTreeMap<&'l str, Vec<&'l str>>,
}

impl<'l> Values<'l> {
    fn of(list: &'l PrivilegeList, giver: &Giver<'l>) -> Self {
        let mut groups = Vec::with_capacity(list.groups.len());
        let mut scopes: BTreeMap<&Cvr, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for group in &list.groups {
            let mut own: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            let stated = group.constraints.iter();
            for constraint in stated.filter(|one| !one.value.trim().is_empty()) {
                let (name, value) = (constraint.name.as_str(), constraint.value.as_str());
                own.entry(name).or_default().push(value);
                if let Scope::Cvr(scope) = &group.scope
                    && seen.insert((scope, name, value))
                {
                    let all = scopes.entry(scope).or_default();
                    all.entry(name).or_default().push(value);
                }
            }
            groups.push(own);
        }
        let mut attributes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let stated = giver.attributes.attributes.iter();
        for attribute in stated.filter(|attribute| is_parametric(&attribute.name)) {
            let values = attribute.values.iter().map(String::as_str);
            let values = values.filter(|value| !value.trim().is_empty());
            attributes
                .entry(&attribute.name)
                .or_default()
                .extend(values);
        }
        Self {
            groups,
            scopes,
            attributes,
        }
    }

    /// What is stated under a parametric id: in the group, in another of its scope, or as an attribute.
    fn stated(&self, due: &Due<'_>, id: &str, settings: &RoleSettings) -> &[&'l str] {
        let own = self.groups[due.group].get(id);
        let of_scope = || match due.scope {
            Scope::Cvr(scope) if settings.parametric_values == ParametricValues::Scope => {
                self.scopes.get(scope)?.get(id)
            }
            _ => None,
        };
        let attribute = || match settings.parametric_attributes {
            true => self.attributes.get(id),
            false => None,
        };
        own.or_else(of_scope)
            .or_else(attribute)
            .map_or(&[], Vec::as_slice)
    }
}
