//! The IdP's list, found among its attributes and read.

use super::Incoming;
use crate::oiosaml::PrivilegeList;
use crate::oiosaml::attributes::PRIVILEGES;
use crate::oiosaml::privileges::PrivilegeFault;
use crate::saml::Assertion;

/// Whether the IdP states one.
pub(super) fn stated(assertion: &Assertion) -> bool {
    let mut all = assertion.attributes.iter();
    all.any(|attribute| PRIVILEGES.contains(&attribute.name.as_str()))
}

/// Takes it away.
pub(super) fn remove(assertion: &mut Assertion) {
    let of_roles = |name: &str| PRIVILEGES.contains(&name);
    assertion
        .attributes
        .retain(|attribute| !of_roles(&attribute.name));
}

/// Reads it. “There must not be several privilege attributes” (BPP 1.0.1): of two nobody knows which is meant.
pub(super) fn read(assertion: &Assertion, idp_states: bool) -> (Option<PrivilegeList>, Incoming) {
    if !stated(assertion) {
        let incoming = if idp_states {
            Incoming::Ignored
        } else {
            Incoming::None
        };
        return (None, incoming);
    }
    let values = PRIVILEGES
        .into_iter()
        .flat_map(|name| assertion.values(name));
    let values: Vec<&str> = values.filter(|value| !value.trim().is_empty()).collect();
    let value = match values.as_slice() {
        [] => return (None, Incoming::Empty),
        [one] => *one,
        more => {
            let why = format!("{} lists; BPP 1.0.1 allows one", more.len());
            return (None, Incoming::Unreadable { why });
        }
    };
    match PrivilegeList::read(value) {
        Ok(list) => {
            let incoming = Incoming::Read {
                namespace: list.version.namespace().to_owned(),
                groups: list.groups.len(),
            };
            (Some(list), incoming)
        }
        // OS2faktor sends one for people without roles.
        Err(error) if error.fault == PrivilegeFault::NoGroup => (None, Incoming::Empty),
        Err(error) => {
            let why = format!("{error}; {}", error.fault.why());
            (None, Incoming::Unreadable { why })
        }
    }
}
