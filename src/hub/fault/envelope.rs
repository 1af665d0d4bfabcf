//! The Response around what it carries.

use super::after::{Carried, Part};
use super::seal::Hand;
use super::text::{cut, swap};
use super::{Draft, Fault, Faulty, Means};
use crate::dsig::{BlockCipher, Digest, KeyTransport, Recipient, encrypt_octets};
use crate::xml::{Element, SAML};

const SHA256: KeyTransport = KeyTransport {
    xmlenc11: true,
    digest: Digest::Sha256,
    mgf: Digest::Sha256,
};

/// The whole message.
pub(super) fn around(
    fault: Fault,
    draft: &Draft<'_>,
    carried: Carried,
    means: Means<'_>,
) -> Faulty {
    let recipient = recipient(fault, draft);
    let Means {
        signing,
        kit,
        entropy,
    } = means;
    let clear = recipient.as_ref().map(|_| clear(&carried.assertions));
    let mut assertions = String::new();
    for part in &carried.assertions {
        match (&recipient, part.encrypted) {
            (Some(recipient), true) => {
                let data = encrypt_octets(part.xml.as_bytes(), recipient, entropy);
                let wrapped = Element::new(SAML, "EncryptedAssertion").child(data);
                assertions.push_str(wrapped.render().as_str());
            }
            _ => assertions.push_str(&part.xml),
        }
    }
    let mut xml = draft.response.to_element(None).render().as_str().to_owned();
    if let Some(extensions) = &carried.extensions {
        let extensions = format!("<samlp:Extensions>{extensions}</samlp:Extensions><samlp:Status>");
        xml = swap(&xml, "<samlp:Status>", &extensions);
    }
    if let Some(detail) = &carried.status_detail {
        let detail = format!("<samlp:StatusDetail>{detail}</samlp:StatusDetail></samlp:Status>");
        xml = swap(&xml, "</samlp:Status>", &detail);
    }
    let end = "</samlp:Response>";
    xml = swap(&xml, end, &[&assertions, end].concat());
    let id = &draft.response.id;
    xml = match fault {
        Fault::ResponseSignedToo | Fault::OnlyResponseSigned | Fault::DestinationOther => {
            Hand::of(signing).sign(&xml, id)
        }
        Fault::BadResponseSignature => Hand::of(&kit.stranger).sign(&xml, id),
        _ => xml,
    };
    if fault == Fault::Doctype {
        xml = with_doctype(&xml);
    }
    Faulty { xml, clear }
}

/// How the system's assertions are encrypted, if they are.
fn recipient(fault: Fault, draft: &Draft<'_>) -> Option<Recipient> {
    let own = draft.system.encryption.clone()?;
    Some(match fault {
        Fault::EncryptionSha256 => Recipient {
            cipher: BlockCipher::Aes256Gcm,
            transport: SHA256,
            ..own
        },
        Fault::EncryptionMgf1p => Recipient {
            cipher: BlockCipher::Aes128Gcm,
            transport: KeyTransport::OAEP_MGF1P,
            ..own
        },
        _ => own,
    })
}

/// What is encrypted, in clear, for the journal.
fn clear(parts: &[Part]) -> String {
    let encrypted = parts.iter().filter(|part| part.encrypted);
    let texts: Vec<&str> = encrypted.map(|part| part.xml.as_str()).collect();
    texts.join("\n")
}

/// The Response's Issuer as an entity of an internal DTD: harmless, and never legal.
fn with_doctype(xml: &str) -> String {
    let issuer = cut(xml, "<saml:Issuer", "</saml:Issuer>");
    let name = issuer.rsplit_once("</").map_or("", |(before, _)| before);
    let name = name.split_once('>').map_or("", |(_, name)| name);
    let by_entity = swap(issuer, name, "&hub;");
    let xml = swap(xml, issuer, &by_entity);
    format!("<!DOCTYPE samlp:Response [<!ENTITY hub \"{name}\">]>{xml}")
}
