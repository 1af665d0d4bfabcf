//! The lists of privileges in the real hub's sample messages, read in place.

use crate::support::shared;
use vejviser::oiosaml::privileges::{BppVersion, Scope};
use vejviser::oiosaml::{PrivilegeList, attributes};
use vejviser::saml::Assertion;
use vejviser::xml::{Document, SAML};

/// The value of the privileges attribute, in either name of it, of a sample message.
fn value(name: &str) -> Option<String> {
    let file = std::fs::read(shared("spec/messages")?.join(name)).unwrap();
    // The samples have a byte order mark, which the reader of messages refuses.
    let xml = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&file);
    let document = Document::parse(xml).unwrap();
    let root = document.root();
    let mut all = std::iter::once(root).chain(root.descendants());
    let assertion = all.find(|node| node.is(SAML, "Assertion")).unwrap();
    let assertion = Assertion::read(assertion).unwrap();
    let names = [attributes::PRIVILEGES_2, attributes::PRIVILEGES_3];
    let mut values = names.iter().flat_map(|name| assertion.values(name));
    Some(values.next().expect("a list").to_owned())
}

#[test]
fn what_an_idp_sent_is_read() {
    let Some(value) = value("AssertionIdPToContextHandler2_Substantial.xml") else {
        return;
    };
    let list = PrivilegeList::read(&value).unwrap();
    assert_eq!(list.version, BppVersion::V1_1);
    assert_eq!(list.groups.len(), 5);
    let constraints: usize = list.groups.iter().map(|g| g.constraints.len()).sum();
    assert_eq!(constraints, 2);
    assert!(
        list.groups
            .iter()
            .all(|g| matches!(g.scope, Scope::Cvr(_)) && g.privileges.len() == 1)
    );
}

#[test]
fn what_the_real_hub_issued_is_written_to_the_byte() {
    let Some(value) = value("AssertionContextHandler2ToBrugervendtSystem_Substantial.xml") else {
        return;
    };
    let list = PrivilegeList::read(&value).unwrap();
    assert_eq!(list.version, BppVersion::V1_2);
    assert_eq!(list.write().as_deref(), Some(value.trim()));
}

#[test]
fn the_older_samples_are_read_too() {
    for name in [
        "AssertionIdPToContextHandler.xml",
        "AssertionContextHandlerToBrugervendtSystem.xml",
        "AssertionAttributeServiceToContextHandler.xml",
    ] {
        if let Some(value) = value(name) {
            let list =
                PrivilegeList::read(&value).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(list.version, BppVersion::V1_1, "{name}");
        }
    }
}
