//! The schema of metadata, judged whole: every violation at once, where the reader stops at the first.
//!
//! [`table`] says what each element may hold, [`types`] what a value may be, and here both are held against a
//! document. Elements that the table does not have are looked through, as the wildcards of the schema do (`lax`).

mod table;
#[cfg(test)]
mod tests;
mod types;

use crate::saml::SchemaError;
use crate::saml::schema::{XSI, is_nil, refuse, text, xsi_type};
use crate::xml::{DS, MD, Node, beginning};
use table::{Content, Name, Part, Shape, shape};

/// The namespace of `xml:lang`.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Everything in which `root` breaks the schema of SAML metadata, in document order; where it goes on for long, the
/// beginning. A signature's own elements are not judged: whoever verifies it holds it to a narrower shape.
pub fn violations(root: Node<'_>) -> Vec<SchemaError> {
    let mut found = Vec::new();
    element(root, &mut found);
    found.truncate(MAX_VIOLATIONS);
    found
}

/// Nobody reads more, and a file that is something else altogether must not cost the square of its length.
pub const MAX_VIOLATIONS: usize = 100;

fn element(node: Node<'_>, found: &mut Vec<SchemaError>) {
    if node.is(DS, "Signature") || found.len() >= MAX_VIOLATIONS {
        return;
    }
    if let Some(shape) = shape(node) {
        if node.is(MD, "RoleDescriptor") && xsi_type(node).is_none() {
            found.push(refuse(node, |name| {
                format!("{name} is abstract, and has no xsi:type that says which role it is")
            }));
        }
        attributes(node, shape, found);
        content(node, shape, found);
    }
    for child in node.elements() {
        element(child, found);
    }
}

fn attributes(node: Node<'_>, shape: &Shape, found: &mut Vec<SchemaError>) {
    if is_nil(node) {
        found.push(refuse(node, |name| format!("{name} cannot be nil")));
    }
    for declared in shape.attributes.iter().filter(|declared| declared.required) {
        let there = (node.attributes())
            .any(|a| a.local == declared.local && a.namespace == declared.namespace);
        if !there {
            found.push(refuse(node, |on| {
                format!("{on} has no attribute {}", declared.local)
            }));
        }
    }
    for attribute in node.attributes() {
        let declared = (shape.attributes.iter()).find(|declared| {
            declared.local == attribute.local && declared.namespace == attribute.namespace
        });
        match declared {
            Some(declared) if !declared.kind.holds(attribute.value) => {
                found.push(refuse(node, |on| {
                    let (name, value) = (attribute.local, beginning(attribute.value));
                    format!("{name}=“{value}” of {on} is not {}", declared.kind.words())
                }));
            }
            Some(_) => {}
            None if attribute.namespace == XSI => {}
            None if shape.foreign && !["", MD.uri].contains(&attribute.namespace) => {}
            None => found.push(refuse(node, |on| {
                format!("{on} has no room for the attribute {}", attribute.local)
            })),
        }
    }
}

fn content(node: Node<'_>, shape: &Shape, found: &mut Vec<SchemaError>) {
    match shape.content {
        Content::Any => {}
        Content::Text(kind) => match text(node) {
            Ok(value) if !kind.holds(&value) => found.push(refuse(node, |name| {
                format!("“{}” in {name} is not {}", beginning(&value), kind.words())
            })),
            Ok(_) => {}
            Err(error) => found.push(error),
        },
        Content::Mixed(parts) => sequence(node, parts, found),
        Content::Elements(parts) => {
            if node.has_stray_text() {
                found.push(refuse(node, |name| format!("text directly in {name}")));
            }
            sequence(node, parts, found);
        }
    }
}

/// The children against the parts that must follow each other.
fn sequence(node: Node<'_>, parts: &[Part], found: &mut Vec<SchemaError>) {
    let mut at = 0;
    let mut seen = vec![false; parts.len()];
    for child in node.elements() {
        let fits = |at: &usize| parts[*at].takes(child) && (parts[*at].many || !seen[*at]);
        match (at..parts.len()).find(fits) {
            Some(next) => {
                missing(node, &parts[at..next], &seen[at..next], found);
                at = next;
                seen[at] = true;
            }
            None => found.push(refuse(child, |name| misplaced(node, child, parts, name))),
        }
        if found.len() >= MAX_VIOLATIONS {
            return;
        }
    }
    missing(node, &parts[at..], &seen[at..], found);
}

fn missing(node: Node<'_>, parts: &[Part], seen: &[bool], found: &mut Vec<SchemaError>) {
    for (part, _) in parts
        .iter()
        .zip(seen)
        .filter(|(part, seen)| part.needed && !**seen)
    {
        found.push(refuse(node, |name| {
            format!("{name} has no {}", part.words())
        }));
    }
}

fn misplaced(node: Node<'_>, child: Node<'_>, parts: &[Part], name: &str) -> String {
    match parts.iter().find(|part| part.takes(child)) {
        Some(part) if !part.many => {
            format!(
                "{name} stands in {} a second time, or too late",
                node.local()
            )
        }
        Some(_) => format!("{name} stands too late in {}", node.local()),
        None => format!("{} has no room for {name} here", node.local()),
    }
}

impl Part {
    fn takes(&self, child: Node<'_>) -> bool {
        self.names.iter().any(|name| match name {
            Name::Is(ns, local) => child.is(*ns, local),
            Name::Other(ns) => !child.namespace().is_empty() && child.namespace() != ns.uri,
        })
    }

    fn words(&self) -> String {
        let names = self.names.iter().map(|name| match name {
            Name::Is(_, local) => *local,
            Name::Other(_) => "element of another namespace",
        });
        names.collect::<Vec<_>>().join(" or ")
    }
}
