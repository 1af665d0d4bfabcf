//! The one shape that a `ds:Signature` may have (XML Signature 1.1 §4, narrowed by SAML core §5.4).

use super::algorithm::{ENVELOPED, EXCLUSIVE_C14N};
use super::{Digest, Policy, SignatureAlgorithm, SignatureError, base64};
use crate::xml::{DS, Node, Ns};

/// A signature whose structure is the allowed one; nothing of it has been verified.
pub(super) struct Structure<'d> {
    pub signed_info: Node<'d>,
    /// PrefixList of CanonicalizationMethod.
    pub signed_info_prefixes: Vec<&'d str>,
    pub algorithm: SignatureAlgorithm,
    pub value: Vec<u8>,
    pub uri: &'d str,
    /// PrefixList of the Reference's canonicalization.
    pub prefixes: Vec<&'d str>,
    pub digest: Digest,
    pub digest_value: Vec<u8>,
}

const EC: Ns = Ns {
    prefix: "ec",
    uri: EXCLUSIVE_C14N,
};
/// Every prefix is looked for at every declaration; a real list has a handful.
const MAX_PREFIXES: usize = 32;

impl<'d> Structure<'d> {
    pub fn read(signature: Node<'d>, policy: Policy) -> Result<Self, SignatureError> {
        let mut parts = children(signature, &["Id"])?;
        let signed_info = parts.take("SignedInfo")?;
        let value_node = parts.take("SignatureValue")?;
        // What is in KeyInfo is never looked at: keys come from the caller.
        parts.take_optional("KeyInfo");
        parts.end()?;

        let mut parts = children(signed_info, &["Id"])?;
        let method = parts.take("CanonicalizationMethod")?;
        let (canonicalization, signed_info_prefixes) = transform(method)?;
        if canonicalization != EXCLUSIVE_C14N {
            return Err(SignatureError::Transform(canonicalization.to_owned()));
        }
        let algorithm = algorithm_uri(parts.take("SignatureMethod")?)?;
        let reference = parts.take("Reference")?;
        parts.end()?;

        let mut parts = children(reference, &["Id", "URI"])?;
        let transforms = parts.take("Transforms")?;
        let digest = algorithm_uri(parts.take("DigestMethod")?)?;
        let digest_node = parts.take("DigestValue")?;
        parts.end()?;

        let admitted = |found: Digest| policy.admits(found);
        let known = SignatureAlgorithm::from_uri(algorithm).filter(|a| admitted(a.digest()));
        let known_digest = Digest::from_uri(digest).filter(|d| admitted(*d));
        let uri = reference.attribute("URI");
        Ok(Self {
            signed_info,
            signed_info_prefixes,
            algorithm: known.ok_or_else(|| SignatureError::Algorithm(algorithm.to_owned()))?,
            value: bytes(value_node, &["Id"])?,
            uri: uri.ok_or_else(|| SignatureError::Reference("no URI".to_owned()))?,
            prefixes: reference_transforms(transforms)?,
            digest: known_digest.ok_or_else(|| SignatureError::Algorithm(digest.to_owned()))?,
            digest_value: bytes(digest_node, &[])?,
        })
    }
}

/// Child elements in the order they must have.
struct Children<'d> {
    of: Node<'d>,
    rest: Vec<Node<'d>>,
}

fn structure(at: Node<'_>, how: &str) -> SignatureError {
    SignatureError::Structure(format!("{} ({}): {how}", at.local(), at.position()))
}

/// The children of an element that has no text and only the given attributes.
fn children<'d>(of: Node<'d>, attributes: &[&str]) -> Result<Children<'d>, SignatureError> {
    only_attributes(of, attributes)?;
    if of.has_stray_text() {
        return Err(structure(of, "text between elements"));
    }
    // Backwards, so that the next one is popped.
    let mut rest: Vec<_> = of.elements().take(8).collect();
    rest.reverse();
    Ok(Children { of, rest })
}

fn only_attributes(of: Node<'_>, allowed: &[&str]) -> Result<(), SignatureError> {
    let foreign = of
        .attributes()
        .find(|a| !a.namespace.is_empty() || !allowed.contains(&a.local));
    match foreign {
        Some(attribute) => Err(structure(of, &format!("the attribute {}", attribute.local))),
        None => Ok(()),
    }
}

impl<'d> Children<'d> {
    fn take(&mut self, local: &str) -> Result<Node<'d>, SignatureError> {
        let found = self.take_optional(local);
        found.ok_or_else(|| structure(self.of, &format!("{local} is expected")))
    }
    fn take_optional(&mut self, local: &str) -> Option<Node<'d>> {
        self.rest.pop_if(|next| next.is(DS, local))
    }
    fn end(&self) -> Result<(), SignatureError> {
        match self.rest.last() {
            Some(next) => Err(structure(
                self.of,
                &format!("{} is not expected", next.local()),
            )),
            None => Ok(()),
        }
    }
}

/// The `Algorithm` of an element that has nothing else: HMACOutputLength and RSASSA-PSS parameters, which
/// would weaken the algorithm, are children.
fn algorithm_uri(of: Node<'_>) -> Result<&str, SignatureError> {
    children(of, &["Algorithm"])?.end()?;
    of.attribute("Algorithm")
        .ok_or_else(|| structure(of, "no Algorithm"))
}

/// The text of an element as bytes.
fn bytes(of: Node<'_>, attributes: &[&str]) -> Result<Vec<u8>, SignatureError> {
    only_attributes(of, attributes)?;
    let text = of
        .text()
        .ok_or_else(|| structure(of, "elements in a value"))?;
    base64::decode(&text).ok_or_else(|| structure(of, "not base64"))
}

/// Exactly enveloped, then exclusive C14N: anything else could make what is digested another thing than what
/// is read, or does nothing.
fn reference_transforms(transforms: Node<'_>) -> Result<Vec<&str>, SignatureError> {
    let mut parts = children(transforms, &[])?;
    let first = parts.take("Transform")?;
    let (enveloped, none) = transform(first)?;
    if enveloped != ENVELOPED || !none.is_empty() {
        return Err(SignatureError::Transform(enveloped.to_owned()));
    }
    let (exclusive, prefixes) = match parts.take_optional("Transform") {
        Some(second) => transform(second)?,
        // Without it the inclusive canonicalization of XML Signature §4.4.3.2 would apply.
        None => {
            return Err(SignatureError::Transform(
                "inclusive C14N by default".to_owned(),
            ));
        }
    };
    if exclusive != EXCLUSIVE_C14N {
        return Err(SignatureError::Transform(exclusive.to_owned()));
    }
    parts.end()?;
    Ok(prefixes)
}

/// The algorithm of a Transform or CanonicalizationMethod, and its PrefixList (Exclusive C14N §4).
fn transform(of: Node<'_>) -> Result<(&str, Vec<&str>), SignatureError> {
    let parts = children(of, &["Algorithm"])?;
    let uri = of
        .attribute("Algorithm")
        .ok_or_else(|| structure(of, "no Algorithm"))?;
    let prefixes = match parts.rest[..] {
        [] => Vec::new(),
        [list] if uri == EXCLUSIVE_C14N && list.is(EC, "InclusiveNamespaces") => prefix_list(list)?,
        _ => return Err(SignatureError::Transform(format!("{uri} with parameters"))),
    };
    Ok((uri, prefixes))
}

fn prefix_list(list: Node<'_>) -> Result<Vec<&str>, SignatureError> {
    children(list, &["PrefixList"])?.end()?;
    let found = list
        .attribute("PrefixList")
        .ok_or_else(|| structure(list, "no PrefixList"))?;
    let prefixes: Vec<&str> = found
        .split_ascii_whitespace()
        .take(MAX_PREFIXES + 1)
        .collect();
    match prefixes.len() > MAX_PREFIXES {
        true => Err(structure(list, "too many prefixes")),
        false => Ok(prefixes),
    }
}
