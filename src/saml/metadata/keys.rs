//! `KeyDescriptor`: whose key, for what, and how to encrypt for it.

use super::{EncryptionMethod, KeyDescriptor, KeyUse, algorithms};
use crate::dsig::{Certificate, KeyStory, Policy, PublicKey, Story, Usage};
use crate::saml::SchemaError;
use crate::saml::schema::{refuse, required, sequence, token, trim};
use crate::xml::{DS, MD, Node, XENC, XENC11};

/// `KeyDescriptor` (SAML metadata §2.4.1.1). A `use` that the schema does not have is refused: to read it as
/// no `use` at all would make an encryption key good for signatures.
pub(super) fn read_key(node: Node<'_>) -> Result<KeyDescriptor, SchemaError> {
    let usage = match node.attribute("use") {
        None => KeyUse::Both,
        Some("signing") => KeyUse::Signing,
        Some("encryption") => KeyUse::Encryption,
        Some(_) => {
            return Err(refuse(node, |name| {
                format!("the use of {name} is neither signing nor encryption")
            }));
        }
    };
    let mut children = sequence(node)?;
    let key_info = children.required(DS, "KeyInfo")?;
    let mut encryption_methods = Vec::new();
    while let Some(method) = children.optional(MD, "EncryptionMethod") {
        encryption_methods.push(read_method(method)?);
    }
    children.end()?;
    let mut certificates = Vec::new();
    for data in key_info.elements().filter(|child| child.is(DS, "X509Data")) {
        for certificate in data
            .elements()
            .filter(|child| child.is(DS, "X509Certificate"))
        {
            certificates.push(token(certificate)?);
        }
    }
    Ok(KeyDescriptor {
        usage,
        certificates,
        encryption_methods,
    })
}

/// The `EncryptionMethod`s of a `KeyDescriptor`, whatever else is wrong with it.
pub fn encryption_methods(descriptor: Node<'_>) -> Result<Vec<EncryptionMethod>, SchemaError> {
    let methods = descriptor.elements();
    let methods = methods.filter(|child| child.is(MD, "EncryptionMethod"));
    methods.map(read_method).collect()
}

impl KeyUse {
    /// What the certificate's `keyUsage` does not allow of what this place needs. A key on a curve enciphers no key
    /// whatever its certificate says, and should not say so (RFC 8813 §3): that is another matter.
    pub fn lacking(self, story: &Story) -> Vec<Usage> {
        let mut needed = Vec::new();
        if self != Self::Encryption {
            needed.push(Usage::DigitalSignature);
        }
        if self != Self::Signing && !matches!(story.key, KeyStory::Ec(_)) {
            needed.push(Usage::KeyEncipherment);
        }
        story.lacks(&needed)
    }
}

/// The keys that an element's signature brings along in its KeyInfo. A file that one of them signed was not changed
/// since; who made it, they cannot say.
pub fn offered_keys(element: Node<'_>) -> Vec<PublicKey> {
    let Some(signature) = element.child(DS, "Signature") else {
        return Vec::new();
    };
    let info = signature.elements().filter(|e| e.is(DS, "KeyInfo"));
    let data = info.flat_map(|info| info.elements().filter(|e| e.is(DS, "X509Data")));
    let certificates =
        data.flat_map(|data| data.elements().filter(|e| e.is(DS, "X509Certificate")));
    certificates
        .filter_map(|certificate| Certificate::from_base64(&certificate.text()?).ok())
        .filter_map(|certificate| PublicKey::from_certificate(certificate, Policy::Modern).ok())
        .collect()
}

/// `EncryptionMethod` (XML Encryption 1.1 §3.2): KeySize, OAEPparams, then elements of other namespaces.
fn read_method(node: Node<'_>) -> Result<EncryptionMethod, SchemaError> {
    let algorithm = trim(required(node, "Algorithm")?);
    let parameter = |ns, local: &str| {
        node.child(ns, local)
            .map(|child| required(child, "Algorithm").map(trim))
    };
    let digest = parameter(DS, "DigestMethod").transpose()?;
    let mgf = parameter(XENC11, "MGF").transpose()?;
    // A label would have to be used by the sender; ours never has one.
    let labelled = match node.child(XENC, "OAEPparams") {
        Some(label) => !token(label)?.is_empty(),
        None => false,
    };
    Ok(algorithms::method(algorithm, digest, mgf, labelled))
}
