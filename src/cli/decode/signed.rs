//! Which elements the signatures in a document say they cover. Nothing is verified: a forged signature says
//! the same.

use super::MARK;
use crate::saml::QuerySignature;
use crate::xml::{DS, Document, Node, beginning};

/// Each costs a walk through the document.
const MAX_SIGNATURES: usize = 64;

/// The elements, counted in document order from 0.
pub struct Marks {
    covered: Vec<bool>,
    notes: Vec<String>,
}

impl Marks {
    /// Nothing is marked.
    pub fn none() -> Self {
        Self {
            covered: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What the signatures in `document`, and the one of the query it came with, refer to.
    pub fn of(document: &Document, query: Option<&QuerySignature>) -> Self {
        let root = document.root();
        let all: Vec<Node<'_>> = std::iter::once(root).chain(root.descendants()).collect();
        let mut marks = Self {
            covered: vec![query.is_some(); all.len()],
            notes: Vec::new(),
        };
        if let Some(query) = query {
            marks.note(
                "hele beskeden / the whole message",
                &query.algorithm,
                "query",
            );
        }
        let signatures = all
            .iter()
            .enumerate()
            .filter(|(_, e)| e.is(DS, "Signature"));
        for (at, signature) in signatures.take(MAX_SIGNATURES) {
            let Some(info) = signature.child(DS, "SignedInfo") else {
                continue;
            };
            let method = info.child(DS, "SignatureMethod");
            let algorithm = method.and_then(|method| method.attribute("Algorithm"));
            for reference in info.elements().filter(|e| e.is(DS, "Reference")) {
                let uri = reference.attribute("URI").unwrap_or_default();
                let algorithm = algorithm.unwrap_or("?");
                marks.cover(&all, at, uri, algorithm);
            }
        }
        if marks.notes.is_empty() {
            marks.notes.push("Ingen signatur / no signature".to_owned());
        }
        marks
    }

    /// Marks what `uri` refers to, without the signature itself: its transform takes that out.
    fn cover(&mut self, all: &[Node<'_>], signature: usize, uri: &str, algorithm: &str) {
        let target = match uri.strip_prefix('#') {
            None if uri.is_empty() => Some(0),
            None => None,
            Some(id) => all.iter().position(|node| {
                node.attributes()
                    .any(|a| matches!(a.local, "ID" | "Id" | "id") && a.value == id)
            }),
        };
        let Some(target) = target else {
            self.note("intet i beskeden / nothing in the message", algorithm, uri);
            return;
        };
        let end = |at: usize| at + 1 + all[at].descendants().count();
        let own = signature..end(signature);
        for at in (target..end(target)).filter(|at| !own.contains(at)) {
            self.covered[at] = true;
        }
        self.note(all[target].local(), algorithm, uri);
    }

    fn note(&mut self, what: &str, algorithm: &str, uri: &str) {
        // What a peer wrote may be long; a note shows its beginning, and nothing that a terminal obeys.
        let short = |text: &str| -> String {
            let shown: String = text.chars().filter(|c| !c.is_control()).collect();
            beginning(&shown)
        };
        self.notes.push(format!(
            "{}= signeret / signed: {} ({}), {}; ikke efterprøvet / not verified",
            MARK,
            short(what),
            short(uri),
            short(algorithm)
        ));
    }

    /// What to tell.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
    /// Whether anything is marked.
    pub fn any(&self) -> bool {
        self.covered.contains(&true)
    }
    /// Whether this element is.
    pub fn covers(&self, element: usize) -> bool {
        self.covered.get(element) == Some(&true)
    }
}
