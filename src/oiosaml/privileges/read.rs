//! From the value of the attribute to the list.

use super::{
    BppVersion, Constraint, PrivilegeError, PrivilegeFault, PrivilegeGroup, PrivilegeList, Scope,
    budget,
};
use crate::dsig::base64;
use crate::xml::{Document, Limits, Node, XmlErrorKind, beginning};

/// A list is three elements deep, and the fourth is where the first element out of place is named; white space
/// between them is a piece of text.
const LIMITS: Limits = Limits {
    bytes: budget::BYTES,
    depth: 4,
    nodes: 4 * (budget::ENTRIES + budget::GROUPS),
    attributes: 16,
    namespaces: 16,
};

/// The namespace of `xsi:schemaLocation`, which says nothing of privileges.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

type Checked<T> = Result<T, PrivilegeError>;

impl PrivilegeList {
    /// Reads the value of the attribute: base64, white space allowed in it.
    pub fn read(value: &str) -> Result<Self, PrivilegeError> {
        let nowhere = |fault| PrivilegeError {
            fault,
            position: None,
        };
        // Four characters for three bytes, and as much white space again for lines however short.
        if value.len() > budget::BYTES * 8 / 3 {
            return Err(nowhere(PrivilegeFault::Budget("bytes of the value")));
        }
        let xml = base64::decode(value).ok_or(nowhere(PrivilegeFault::NotBase64))?;
        Self::parse(&xml)
    }

    /// Reads the document itself.
    pub fn parse(xml: &[u8]) -> Result<Self, PrivilegeError> {
        let document = Document::parse_within(xml, &LIMITS).map_err(|error| PrivilegeError {
            position: Some(error.position),
            fault: match error.kind {
                XmlErrorKind::Limit(what) => PrivilegeFault::Budget(what),
                _ => PrivilegeFault::Xml(error),
            },
        })?;
        let root = document.root();
        let version = BppVersion::ALL
            .into_iter()
            .find(|version| root.is(version.ns(), "PrivilegeList"))
            .ok_or_else(|| {
                let (name, namespace) = (root.local().to_owned(), root.namespace().to_owned());
                refuse(root, PrivilegeFault::Root(name, namespace))
            })?;
        plain(root, &[])?;
        let mut groups = Vec::new();
        let mut entries = 0;
        for node in root.elements() {
            if groups.len() == budget::GROUPS {
                return Err(refuse(node, PrivilegeFault::Budget("groups")));
            }
            groups.push(group(node, &mut entries)?);
        }
        match groups.is_empty() {
            true => Err(refuse(root, PrivilegeFault::NoGroup)),
            false => Ok(Self { version, groups }),
        }
    }
}

fn group(node: Node<'_>, entries: &mut usize) -> Checked<PrivilegeGroup> {
    if !unqualified(node, "PrivilegeGroup") {
        return Err(out_of_place(node));
    }
    plain(node, &["Scope"])?;
    let scope = node
        .attribute("Scope")
        .ok_or_else(|| refuse(node, PrivilegeFault::NoScope))?;
    let mut group = PrivilegeGroup {
        scope: Scope::parse(scope)
            .ok_or_else(|| refuse(node, PrivilegeFault::Scope(beginning(scope))))?,
        privileges: Vec::new(),
        constraints: Vec::new(),
    };
    // Senders differ in which of the two comes first.
    for child in node.elements() {
        *entries += 1;
        if *entries > budget::ENTRIES {
            let fault = PrivilegeFault::Budget("privileges and constraints");
            return Err(refuse(child, fault));
        }
        if unqualified(child, "Privilege") {
            group.privileges.push(privilege(child)?);
        } else if unqualified(child, "Constraint") {
            group.constraints.push(constraint(child)?);
        } else {
            return Err(out_of_place(child));
        }
    }
    match group.privileges.is_empty() {
        true => Err(refuse(node, PrivilegeFault::NoPrivilege)),
        false => Ok(group),
    }
}

fn privilege(node: Node<'_>) -> Checked<String> {
    attributes(node, &[])?;
    let text = text(node)?;
    // An identifier has no white space at its ends; a pretty printer puts some there.
    match text.trim_matches([' ', '\t', '\r', '\n']) {
        "" => Err(refuse(node, PrivilegeFault::EmptyPrivilege)),
        identifier => Ok(identifier.to_owned()),
    }
}

fn constraint(node: Node<'_>) -> Checked<Constraint> {
    attributes(node, &["Name"])?;
    match node.attribute("Name") {
        None | Some("") => Err(refuse(node, PrivilegeFault::NoName)),
        Some(name) => Ok(Constraint {
            name: name.to_owned(),
            value: text(node)?,
        }),
    }
}

/// The schema has no elementFormDefault, so what is below the root is in no namespace.
fn unqualified(node: Node<'_>, local: &str) -> bool {
    node.namespace().is_empty() && node.local() == local
}

/// An element that has elements in it, and of attributes these at most.
fn plain(node: Node<'_>, known: &[&str]) -> Checked<()> {
    attributes(node, known)?;
    match node.has_stray_text() {
        true => Err(refuse(
            node,
            PrivilegeFault::StrayText(node.local().to_owned()),
        )),
        false => Ok(()),
    }
}

/// No attribute but these: one that is not understood might be meant to narrow.
fn attributes(node: Node<'_>, known: &[&str]) -> Checked<()> {
    let unknown = node.attributes().find(|attribute| {
        let ours = attribute.namespace.is_empty() && known.contains(&attribute.local);
        !ours && attribute.namespace != XSI
    });
    match unknown {
        Some(attribute) => Err(refuse(
            node,
            PrivilegeFault::Attribute(attribute.local.to_owned()),
        )),
        None => Ok(()),
    }
}

fn text(node: Node<'_>) -> Checked<String> {
    match node.text() {
        Some(text) => Ok(text.into_owned()),
        None => Err(out_of_place(node.elements().next().unwrap_or(node))),
    }
}

fn out_of_place(node: Node<'_>) -> PrivilegeError {
    let (name, namespace) = (node.local().to_owned(), node.namespace().to_owned());
    refuse(node, PrivilegeFault::Element(name, namespace))
}

#[cold]
fn refuse(node: Node<'_>, fault: PrivilegeFault) -> PrivilegeError {
    PrivilegeError {
        fault,
        position: Some(node.position()),
    }
}
