//! Where in a document something was found.

use crate::xml::{Node, Position};
use std::fmt;

/// A place in metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The way down to an element, such as `/EntityDescriptor/SPSSODescriptor/KeyDescriptor[2]`; empty where only the
    /// line is known.
    pub path: String,
    /// Line and column, from 1.
    pub position: Option<Position>,
}

impl Place {
    /// Of an element.
    pub fn of(node: Node<'_>) -> Self {
        let mut path = String::new();
        let mut here = Some(node);
        while let Some(node) = here {
            here = node.parent();
            let step = match here {
                Some(parent) => step(node, parent),
                None => node.local().to_owned(),
            };
            path = format!("/{step}{path}");
        }
        Self {
            path,
            position: Some(node.position()),
        }
    }

    /// A position alone.
    pub fn line(position: Position) -> Self {
        Self {
            path: String::new(),
            position: Some(position),
        }
    }
}

/// The name, with a number where there are several of it.
fn step(node: Node<'_>, parent: Node<'_>) -> String {
    let same =
        |other: &Node<'_>| other.local() == node.local() && other.namespace() == node.namespace();
    let among: Vec<Node<'_>> = parent.elements().filter(same).collect();
    let at = among.iter().position(|other| other.same(node));
    match (among.len(), at) {
        (0 | 1, _) | (_, None) => node.local().to_owned(),
        (_, Some(at)) => format!("{}[{}]", node.local(), at + 1),
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.position, self.path.is_empty()) {
            (Some(position), true) => position.fmt(f),
            (Some(position), false) => write!(f, "{} ({position})", self.path),
            (None, _) => f.write_str(&self.path),
        }
    }
}
