//! Which elements the signatures in a document say they cover. Nothing is verified: a forged signature says
//! the same.

use super::QuerySignature;
use crate::xml::{DS, Document, Node};

/// Each costs a walk through the document.
const MAX_SIGNATURES: usize = 64;

/// What the signatures cover. Elements are counted in document order from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    covered: Vec<bool>,
    claims: Vec<Claim>,
}

/// What one reference of a signature says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What it covers.
    pub what: Covered,
    /// The algorithm, as named.
    pub algorithm: String,
    /// The reference, as written.
    pub uri: String,
}

/// What a signature covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Covered {
    /// The whole message, as the query that it came in.
    Query,
    /// An element, and everything in it.
    Element {
        /// Its local name.
        name: String,
        /// Which it is.
        first: usize,
    },
    /// Nothing that is there.
    Nothing,
}

impl Coverage {
    /// What the signatures in `document`, and the one of the query it came with, refer to.
    pub fn of(document: &Document, query: Option<&QuerySignature>) -> Self {
        let algorithm = query.map(|query| query.algorithm.as_str());
        Self::with_query(document, algorithm)
    }

    /// The same, where no more is known of the query's signature than its algorithm.
    pub fn with_query(document: &Document, algorithm: Option<&str>) -> Self {
        let root = document.root();
        let all: Vec<Node<'_>> = std::iter::once(root).chain(root.descendants()).collect();
        let mut coverage = Self {
            covered: vec![algorithm.is_some(); all.len()],
            claims: Vec::new(),
        };
        if let Some(algorithm) = algorithm {
            coverage.claims.push(Claim {
                what: Covered::Query,
                algorithm: algorithm.to_owned(),
                uri: "query".to_owned(),
            });
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
                let what = coverage.cover(&all, at, uri);
                coverage.claims.push(Claim {
                    what,
                    algorithm: algorithm.unwrap_or("?").to_owned(),
                    uri: uri.to_owned(),
                });
            }
        }
        coverage
    }

    /// Marks what `uri` refers to, without the signature itself: its transform takes that out.
    fn cover(&mut self, all: &[Node<'_>], signature: usize, uri: &str) -> Covered {
        let target = match uri.strip_prefix('#') {
            None if uri.is_empty() => Some(0),
            None => None,
            Some(id) => all.iter().position(|node| {
                node.attributes()
                    .any(|a| matches!(a.local, "ID" | "Id" | "id") && a.value == id)
            }),
        };
        let Some(target) = target else {
            return Covered::Nothing;
        };
        let end = |at: usize| at + 1 + all[at].descendants().count();
        let own = signature..end(signature);
        for at in (target..end(target)).filter(|at| !own.contains(at)) {
            self.covered[at] = true;
        }
        Covered::Element {
            name: all[target].local().to_owned(),
            first: target,
        }
    }

    /// What each signature says.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }
    /// Whether anything is covered.
    pub fn any(&self) -> bool {
        self.covered.contains(&true)
    }
    /// Whether this element is.
    pub fn covers(&self, element: usize) -> bool {
        self.covered.get(element) == Some(&true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(uri: &str) -> String {
        format!(
            "<d:Signature xmlns:d='http://www.w3.org/2000/09/xmldsig#'><d:SignedInfo>\
             <d:Reference URI='{uri}'/></d:SignedInfo></d:Signature>"
        )
    }

    fn of(xml: &str) -> Coverage {
        Coverage::with_query(&Document::parse(xml.as_bytes()).unwrap(), None)
    }

    #[test]
    fn a_signature_covers_what_it_names_and_not_itself() {
        let signed = of(&format!(
            "<a><b ID='_1'>{}<c/></b><e/></a>",
            signature("#_1")
        ));
        let covered: Vec<bool> = (0..8).map(|at| signed.covers(at)).collect();
        // a, b, Signature, SignedInfo, Reference, c, e, and what is not there.
        assert_eq!(
            covered,
            [false, true, false, false, false, true, false, false]
        );
        let [claim] = signed.claims() else {
            panic!("{signed:?}")
        };
        let what = Covered::Element {
            name: "b".to_owned(),
            first: 1,
        };
        assert_eq!((&claim.what, claim.algorithm.as_str()), (&what, "?"));
    }

    #[test]
    fn an_empty_reference_is_the_document_and_a_wrong_one_nothing() {
        let whole = of(&format!("<a>{}<b/></a>", signature("")));
        assert!(whole.covers(0) && whole.covers(4) && !whole.covers(1));
        for wrong in ["#_2", "http://elsewhere.example/"] {
            let nothing = of(&format!("<a ID='_1'>{}</a>", signature(wrong)));
            assert!(!nothing.any());
            assert_eq!(nothing.claims()[0].what, Covered::Nothing);
        }
    }

    #[test]
    fn the_signature_of_a_query_covers_everything() {
        let document = Document::parse(b"<a><b/></a>").unwrap();
        let all = Coverage::with_query(&document, Some("rsa"));
        assert!(all.covers(0) && all.covers(1) && !all.covers(2));
        assert_eq!(all.claims()[0].what, Covered::Query);
    }
}
