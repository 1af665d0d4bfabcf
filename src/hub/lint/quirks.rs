//! What is accepted, and yet worth knowing; most of it stands in the real hub's own metadata (`domain.md` §1.4).

use super::finding::Sink;
use super::{LintRole, Rule};
use crate::dsig::BlockCipher;
use crate::saml::metadata::{EncryptionMethod, encryption_methods};
use crate::saml::names::name_id;
use crate::xml::{MD, MDATTR, Node, SAML, beginning};
use std::collections::BTreeMap;

/// Judges the party and the roles.
pub(super) fn judge(sink: &mut Sink, entity: Node<'_>, roles: &[Node<'_>]) {
    for role in roles {
        if sink.role == LintRole::System {
            unsigned(sink, *role);
        }
        methods(sink, *role);
        name_id_formats(sink, *role);
        foreign_attributes(sink, *role);
    }
    others(sink, entity, roles);
    entity_attributes(sink, entity, false);
    for role in roles {
        entity_attributes(sink, *role, true);
    }
    placeholders(sink, entity);
}

fn unsigned(sink: &mut Sink, role: Node<'_>) {
    let said = role.attribute("AuthnRequestsSigned").map(str::trim);
    if !matches!(said, Some("true" | "1")) {
        let found = said.map_or("no AuthnRequestsSigned".to_owned(), beginning);
        sink.add(Rule::Unsigned, role, found, "AuthnRequestsSigned=\"true\"");
    }
}

/// What the hub would choose of the methods (`config`: the first allowed cipher and the first allowed transport).
fn methods(sink: &mut Sink, role: Node<'_>) {
    for descriptor in role.elements().filter(|node| node.is(MD, "KeyDescriptor")) {
        if sink.role == LintRole::Idp || descriptor.attribute("use") == Some("signing") {
            continue;
        }
        // What breaks the schema is told.
        let Ok(methods) = encryption_methods(descriptor) else {
            continue;
        };
        let gcm = |method: &EncryptionMethod| {
            use BlockCipher::{Aes128Gcm, Aes256Gcm};
            matches!(method, EncryptionMethod::Cipher(Aes128Gcm | Aes256Gcm))
        };
        let transport =
            |method: &EncryptionMethod| matches!(method, EncryptionMethod::Transport(_));
        let ciphers = methods
            .iter()
            .any(|method| !transport(method) && !wraps(method));
        let transports = methods
            .iter()
            .any(|method| transport(method) || wraps(method));
        let good =
            (!ciphers || methods.iter().any(gcm)) && (!transports || methods.iter().any(transport));
        if !good {
            let nodes = descriptor
                .elements()
                .filter(|node| node.is(MD, "EncryptionMethod"));
            let uris = nodes.filter_map(|node| node.attribute("Algorithm"));
            let found = beginning(&uris.collect::<Vec<_>>().join(", "));
            let expected = "AES-GCM and RSA-OAEP, or none named";
            sink.add(Rule::EncryptionMethods, descriptor, found, expected);
        }
    }
}

/// Whether a method that we do not have is one for keys, by its name.
fn wraps(method: &EncryptionMethod) -> bool {
    matches!(method, EncryptionMethod::Unknown(uri) if uri.contains("#rsa-") || uri.contains("#kw-"))
}

fn name_id_formats(sink: &mut Sink, role: Node<'_>) {
    let formats = role.elements().filter(|node| node.is(MD, "NameIDFormat"));
    let formats: Vec<(Node<'_>, String)> = formats
        .map(|node| (node, node.text().unwrap_or_default().trim().to_owned()))
        .collect();
    let ours = |format: &(Node<'_>, String)| format.1 == name_id::X509_SUBJECT_NAME;
    if let Some((first, _)) = formats.first()
        && !formats.iter().any(ours)
    {
        let found: Vec<&str> = formats.iter().map(|(_, format)| format.as_str()).collect();
        let found = beginning(&found.join(", "));
        sink.add(
            Rule::NameIdFormats,
            *first,
            found,
            name_id::X509_SUBJECT_NAME,
        );
    }
}

/// Names of KOMBIT's profile begin so (`oiosaml::attributes`).
const PROFILE: [&str; 3] = ["dk:gov:saml:attribute:", "https://data.gov.dk/", "urn:oid:"];

fn foreign_attributes(sink: &mut Sink, role: Node<'_>) {
    let wanted = role
        .elements()
        .filter(|node| node.is(MD, "AttributeConsumingService"));
    let wanted = wanted.flat_map(Node::elements);
    let wanted = wanted.filter(|node| node.is(MD, "RequestedAttribute"));
    let offered = role.elements().filter(|node| node.is(SAML, "Attribute"));
    let foreign: Vec<(Node<'_>, &str)> = (offered.chain(wanted))
        .filter_map(|node| Some((node, node.attribute("Name")?)))
        .filter(|(_, name)| !PROFILE.iter().any(|start| name.starts_with(start)))
        .collect();
    if let Some((first, _)) = foreign.first() {
        let names: Vec<&str> = foreign.iter().map(|(_, name)| *name).collect();
        let found = beginning(&names.join(", "));
        let expected = "names of KOMBIT's attribute profile, or none";
        sink.add(Rule::ForeignAttributes, *first, found, expected);
    }
}

fn others(sink: &mut Sink, entity: Node<'_>, roles: &[Node<'_>]) {
    // Where the role itself is missing, that is what counts.
    if roles.is_empty() {
        return;
    }
    let own = sink.role.descriptor();
    let others = entity.elements().filter(|node| {
        node.namespace() == MD.uri && node.local().ends_with("Descriptor") && node.local() != own
    });
    let others: Vec<Node<'_>> = others.collect();
    if let Some(first) = others.first() {
        let found: Vec<&str> = others.iter().map(|node| node.local()).collect();
        sink.add(Rule::OtherRoles, *first, found.join(", "), own);
    }
}

/// `EntityAttributes` in the Extensions of the party or of a role.
fn entity_attributes(sink: &mut Sink, of: Node<'_>, in_role: bool) {
    let extensions = of.elements().filter(|node| node.is(MD, "Extensions"));
    let all = extensions.flat_map(Node::elements);
    for attributes in all.filter(|node| node.is(MDATTR, "EntityAttributes")) {
        if in_role {
            let expected = "/EntityDescriptor/Extensions";
            sink.add(Rule::AttributesInRole, attributes, of.local(), expected);
        }
        let strange = attributes.elements().filter(|node| {
            node.is(MDATTR, "Attribute")
                || node
                    .descendants()
                    .any(|below| below.is(MDATTR, "AttributeValue"))
        });
        let strange: Vec<Node<'_>> = strange.collect();
        if let Some(first) = strange.first() {
            let found = format!("{} of them in {}", strange.len(), MDATTR.uri);
            sink.add(Rule::AttributeNamespace, *first, found, SAML.uri);
        }
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for name in attributes
            .elements()
            .filter_map(|node| node.attribute("Name"))
        {
            *names.entry(name).or_default() += 1;
        }
        for (name, times) in names.into_iter().filter(|(_, times)| *times > 1) {
            let found = format!("{} {times} times", beginning(name));
            sink.add(
                Rule::AttributeRepeated,
                attributes,
                found,
                "once, with all its values",
            );
        }
    }
}

/// What templates of the product have in them.
const PLACEHOLDERS: [&str; 6] = [
    "MyOrganization",
    "Temp org. display name",
    "http://tempuri.org/",
    "John Doe",
    "my@email.address.org",
    "000-TEMP",
];

fn placeholders(sink: &mut Sink, entity: Node<'_>) {
    let told = entity
        .elements()
        .filter(|node| node.is(MD, "Organization") || node.is(MD, "ContactPerson"));
    for node in told {
        let texts = node.elements().filter_map(|child| child.text());
        let mut texts: Vec<String> = texts.map(|text| text.trim().to_owned()).collect();
        let part = |local| {
            node.child(MD, local)
                .and_then(Node::text)
                .unwrap_or_default()
        };
        texts.push(format!(
            "{} {}",
            part("GivenName").trim(),
            part("SurName").trim()
        ));
        let known = texts
            .iter()
            .filter(|text| PLACEHOLDERS.contains(&text.as_str()));
        let known: Vec<&str> = known.map(String::as_str).collect();
        if !known.is_empty() {
            sink.add(
                Rule::Placeholder,
                node,
                known.join(", "),
                "who answers questions",
            );
        }
    }
}
