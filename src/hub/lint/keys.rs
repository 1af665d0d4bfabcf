//! The keys of a role: what its KeyDescriptors hold, and what each certificate is to be used for.

use super::finding::Sink;
use super::{LintRole, Place, Rule};
use crate::dsig::Certificate;
use crate::saml::metadata::KeyUse;
use crate::xml::{DS, MD, Node};

/// A certificate, where it stands first, and for what.
#[derive(Debug, Clone)]
pub(super) struct Used {
    pub certificate: Certificate,
    pub place: Place,
    pub usage: KeyUse,
}

/// KeyDescriptors of a role; a change of certificates needs four.
const MAX_KEYS: usize = 32;

/// Judges the KeyDescriptors of the roles; the certificates that can be read, each once.
pub(super) fn keys(sink: &mut Sink, roles: &[Node<'_>]) -> Vec<Used> {
    let mut used: Vec<Used> = Vec::new();
    for role in roles {
        let mut here = Vec::new();
        let descriptors = role.elements().filter(|node| node.is(MD, "KeyDescriptor"));
        let mut descriptors: Vec<Node<'_>> = descriptors.collect();
        if let Some(beyond) = descriptors.get(MAX_KEYS) {
            let found = format!("{} KeyDescriptors in a role", descriptors.len());
            let expected = format!("at most {MAX_KEYS}");
            sink.add(Rule::Readable, *beyond, found, expected);
            descriptors.truncate(MAX_KEYS);
        }
        for descriptor in &descriptors {
            here.extend(descriptor_key(sink, *descriptor));
        }
        needed(sink, *role, &descriptors, &here);
        for one in here {
            let fingerprint = one.certificate.fingerprint();
            match used
                .iter_mut()
                .find(|known| known.certificate.fingerprint() == fingerprint)
            {
                Some(known) if known.usage != one.usage => known.usage = KeyUse::Both,
                Some(_) => {}
                None => used.push(one),
            }
        }
    }
    used
}

fn usage(descriptor: Node<'_>) -> KeyUse {
    match descriptor.attribute("use") {
        Some("signing") => KeyUse::Signing,
        Some("encryption") => KeyUse::Encryption,
        // Another word breaks the schema, which is told.
        _ => KeyUse::Both,
    }
}

/// The certificate of a KeyDescriptor.
fn descriptor_key(sink: &mut Sink, descriptor: Node<'_>) -> Option<Used> {
    let texts = descriptor.descendants();
    let texts: Vec<Node<'_>> = texts
        .filter(|node| node.is(DS, "X509Certificate"))
        .collect();
    if texts.is_empty() {
        let (found, expected) = ("no X509Certificate", "the certificate of the party");
        sink.add(Rule::KeyCertificate, descriptor, found, expected);
    }
    let mut read: Vec<(Node<'_>, Certificate)> = Vec::new();
    for node in texts {
        match Certificate::from_base64(&node.text().unwrap_or_default()) {
            Ok(certificate) => read.push((node, certificate)),
            Err(why) => {
                let expected = "the base64 of a certificate in DER";
                sink.add(Rule::CertificateUnreadable, node, why.to_string(), expected);
            }
        }
    }
    let mut read = read.into_iter();
    let (node, certificate) = read.next()?;
    if let Some((other, behind)) = read.find(|(_, other)| other.der() != certificate.der()) {
        let found = format!("{} behind {}", behind.subject(), certificate.subject());
        sink.add(Rule::CertificateStack, other, found, "one certificate");
    }
    Some(Used {
        certificate,
        place: Place::of(node),
        usage: usage(descriptor),
    })
}

/// What a role needs of keys.
fn needed(sink: &mut Sink, role: Node<'_>, descriptors: &[Node<'_>], here: &[Used]) {
    let for_use = |but: KeyUse| {
        let mut all: Vec<&Certificate> = Vec::new();
        for used in here.iter().filter(|used| used.usage != but) {
            if all
                .iter()
                .all(|known| known.der() != used.certificate.der())
            {
                all.push(&used.certificate);
            }
        }
        all
    };
    let is_there = |but: KeyUse| descriptors.iter().any(|node| usage(*node) != but);
    let (signing, encryption) = (for_use(KeyUse::Encryption), for_use(KeyUse::Signing));
    if !is_there(KeyUse::Encryption) {
        let (found, expected) = ("no KeyDescriptor for signing", "one");
        sink.add(Rule::SigningKey, role, found, expected);
    }
    if sink.role == LintRole::System && !is_there(KeyUse::Signing) {
        let (found, expected) = ("no KeyDescriptor for encryption", "one");
        sink.add(Rule::EncryptionKey, role, found, expected);
    }
    let of = |all: &[&Certificate]| {
        let subjects = all.iter().map(|certificate| certificate.subject());
        subjects.collect::<Vec<_>>().join("; ")
    };
    let shared = |one: &&Certificate| signing.iter().any(|other| other.der() == one.der());
    if !signing.is_empty() && !encryption.is_empty() && !encryption.iter().any(shared) {
        let found = format!("signing: {}; encryption: {}", of(&signing), of(&encryption));
        sink.add(
            Rule::OneCertificate,
            role,
            found,
            "the same certificate for both",
        );
    }
    if signing.len() > 1 {
        sink.add(
            Rule::SeveralSigning,
            role,
            of(&signing),
            "one certificate for signing",
        );
    }
}
