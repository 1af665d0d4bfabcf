//! The hub's own metadata, one signed document a role.

use super::Hub;
use crate::xml::Canonical;

/// Which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form {
    /// The real hub's form, with its quirks: entity attributes in a foreign namespace, NameIDFormats that it
    /// does not issue, endpoints that nobody serves (`?quirks=ch2`).
    pub quirks: bool,
}

/// The IdP role, for user-facing systems.
pub fn idp_role(hub: &Hub, form: Form) -> Canonical {
    let _ = (hub, form);
    todo!()
}

/// The SP role, for identity providers.
pub fn sp_role(hub: &Hub, form: Form) -> Canonical {
    let _ = (hub, form);
    todo!()
}
