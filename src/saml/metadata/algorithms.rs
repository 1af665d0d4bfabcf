//! `EncryptionMethod` by its URIs (XML Encryption 1.1 §5.2 and §5.5.2), both ways.

use super::EncryptionMethod;
use crate::dsig::{BlockCipher, Digest, KeyTransport};

/// RSA-OAEP whose mask is always made with SHA-1.
const OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
/// RSA-OAEP that names its mask generation.
const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

const MASKS: [(Digest, &str); 4] = [
    (Digest::Sha1, "http://www.w3.org/2009/xmlenc11#mgf1sha1"),
    (Digest::Sha256, "http://www.w3.org/2009/xmlenc11#mgf1sha256"),
    (Digest::Sha384, "http://www.w3.org/2009/xmlenc11#mgf1sha384"),
    (Digest::Sha512, "http://www.w3.org/2009/xmlenc11#mgf1sha512"),
];

/// The method of an algorithm and its parameters. Whatever of them we do not know makes it unknown: to take
/// a default instead would encrypt what the recipient cannot open.
pub(super) fn method(
    uri: &str,
    digest: Option<&str>,
    mgf: Option<&str>,
    labelled: bool,
) -> EncryptionMethod {
    if let Some(cipher) = BlockCipher::from_uri(uri) {
        return EncryptionMethod::Cipher(cipher);
    }
    let transport = match uri {
        OAEP | OAEP_MGF1P if !labelled => transport(uri == OAEP, digest, mgf),
        _ => None,
    };
    match transport {
        Some(transport) => EncryptionMethod::Transport(transport),
        None => EncryptionMethod::Unknown(uri.to_owned()),
    }
}

fn transport(xmlenc11: bool, digest: Option<&str>, mgf: Option<&str>) -> Option<KeyTransport> {
    let digest = digest.map_or(Some(Digest::Sha1), Digest::from_uri)?;
    let mgf = match mgf {
        None => Digest::Sha1,
        Some(uri) => MASKS.iter().find(|mask| mask.1 == uri)?.0,
    };
    (xmlenc11 || mgf == Digest::Sha1).then_some(KeyTransport {
        xmlenc11,
        digest,
        mgf,
    })
}

/// The algorithm's URI.
pub(super) fn uri(method: &EncryptionMethod) -> &str {
    match method {
        EncryptionMethod::Cipher(cipher) => cipher.uri(),
        EncryptionMethod::Transport(transport) if transport.xmlenc11 => OAEP,
        EncryptionMethod::Transport(_) => OAEP_MGF1P,
        EncryptionMethod::Unknown(uri) => uri,
    }
}

/// The URI of the mask generation with `digest`.
pub(super) fn mask_uri(digest: Digest) -> &'static str {
    MASKS
        .iter()
        .find(|mask| mask.0 == digest)
        .map_or("", |mask| mask.1)
}
