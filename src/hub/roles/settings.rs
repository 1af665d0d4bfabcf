//! What is not known of how the real hub treats roles, each as a named setting with its default.

use serde::Deserialize;

/// `[settings.roles]`. Every field says in its documentation what is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoleSettings {
    /// What becomes of a job function role that a mapping names and nobody registered (`Jobfunktionsroller`): nobody
    /// knows whose it is. Default drop.
    pub unregistered_job_function_role: OrDrop,
    /// What becomes of a registered role of another organisation in a scope that is the IdP's own. Default drop:
    /// whoever registered it gave it for their own organisation.
    pub role_of_another_context: OrDrop,
    /// Where the values of a parametric constraint are looked for when the role's own group has none. Default the
    /// groups of the same scope: in the sample pair the value of one group narrows the role of another.
    pub parametric_values: ParametricValues,
    /// Whether such a value may be a SAML attribute of that name, as OS2faktor can send it. Default yes.
    pub parametric_attributes: bool,
    /// What becomes of a role whose constraint has no value. Default drop: without the constraint it would reach
    /// further than anybody meant.
    pub missing_constraint_value: OrDrop,
    /// Several values of a constraint: an element each, as in the sample pair, or one with commas, as LAMO has seen at
    /// an OIOSAML2 system. Default an element each.
    pub constraint_values: ConstraintValues,
    /// Constraints of the IdP that no mapping at this system uses. Default ignored: a job function role may hold
    /// roles of several systems, each with its own.
    pub unused_constraints: UnusedConstraints,
    /// The order of what comes out: of the registered mappings, as the sample pair can be read, or of the IdP's groups.
    pub privilege_order: PrivilegeOrder,
    /// What happens when no role comes through. Default the attribute is left out (BPP 1.0.1).
    pub no_roles: NoRoles,
    /// What happens when the IdP's list cannot be read. Default the login is refused.
    pub unreadable_privileges: UnreadablePrivileges,
    /// What becomes of roles of an IdP that is registered without `KenderRoller`. Default drop.
    pub privileges_of_idp_without_roles: OrDrop,
    /// What a registered user's claims do to what the IdP says. Default they fill in what it does not say.
    pub user_claims: UserClaims,
}

/// Whether something counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrDrop {
    /// It counts for nothing.
    Drop,
    /// It is translated all the same.
    Translate,
}

/// Where parametric values are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParametricValues {
    /// In the role's own group, and where that has none in the others of its scope.
    Scope,
    /// In the role's own group.
    Group,
}

/// How several values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConstraintValues {
    /// An element each.
    Repeated,
    /// One element, with `, ` between them.
    Joined,
}

/// What a constraint does that nothing uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnusedConstraints {
    /// Nothing.
    Ignore,
    /// The role is dropped with it.
    Drop,
}

/// The order of what comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PrivilegeOrder {
    /// Of the registered mappings.
    Mapping,
    /// Of the IdP's groups.
    Group,
}

/// What happens when no role comes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoRoles {
    /// The attribute is left out.
    Omit,
    /// The login is refused.
    Refuse,
}

/// What happens when the IdP's list cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnreadablePrivileges {
    /// The login is refused.
    Refuse,
    /// The user has no roles.
    Ignore,
}

/// What a registered user's claims do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserClaims {
    /// They say what the IdP does not.
    Fill,
    /// They replace what the IdP says.
    Override,
    /// Nothing.
    Ignore,
}

impl Default for RoleSettings {
    fn default() -> Self {
        Self {
            unregistered_job_function_role: OrDrop::Drop,
            role_of_another_context: OrDrop::Drop,
            parametric_values: ParametricValues::Scope,
            parametric_attributes: true,
            missing_constraint_value: OrDrop::Drop,
            constraint_values: ConstraintValues::Repeated,
            unused_constraints: UnusedConstraints::Ignore,
            privilege_order: PrivilegeOrder::Mapping,
            no_roles: NoRoles::Omit,
            unreadable_privileges: UnreadablePrivileges::Refuse,
            privileges_of_idp_without_roles: OrDrop::Drop,
            user_claims: UserClaims::Fill,
        }
    }
}
