//! The structure of EncryptedData and EncryptedKey (XML Encryption 1.1 §3), as far as it is allowed.
//!
//! Everything refused here is visible in the message itself, so telling about it helps a tester and teaches an
//! attacker nothing.

use super::algorithm::RSA_1_5;
use super::encrypt::TYPE_ELEMENT;
use super::oaep::Envelope;
use super::{BlockCipher, DecryptError, DecryptPolicy, Digest, KeyTransport, base64};
use crate::xml::{DS, Node, XENC, XENC11};

/// An EncryptedKey that may be for us.
pub(super) struct Candidate {
    pub envelope: Envelope,
    pub wrapped: Vec<u8>,
}

/// An EncryptedData and the keys that go with it.
pub(super) struct Message {
    pub cipher: BlockCipher,
    pub sealed: Vec<u8>,
    pub candidates: Vec<Candidate>,
}

/// Each costs one RSA operation for each of our keys.
const MAX_KEYS: usize = 4;

type Checked<T> = Result<T, DecryptError>;

fn refuse<T>(what: &'static str) -> Checked<T> {
    Err(DecryptError::NotAllowed(what))
}

/// Reads the one EncryptedData in `around`.
pub(super) fn read(around: Node<'_>, policy: DecryptPolicy) -> Checked<Message> {
    if around.has_stray_text() {
        return refuse("text beside EncryptedData");
    }
    let mut data = None;
    let mut beside = Vec::new();
    for element in around.elements() {
        if element.is(XENC, "EncryptedData") && data.is_none() {
            data = Some(element);
        } else if element.is(XENC, "EncryptedKey") && beside.len() < MAX_KEYS {
            beside.push(element);
        } else {
            return refuse("another element beside EncryptedData, or too many of them");
        }
    }
    let Some(data) = data else {
        return refuse("an element without EncryptedData");
    };
    // Absent, the plaintext must be one element all the same.
    if data
        .attribute("Type")
        .is_some_and(|found| found != TYPE_ELEMENT)
    {
        return refuse("EncryptedData of another type than Element");
    }
    let parts = Parts::read(data)?;
    let cipher = cipher(parts.method, policy)?;
    let found = encrypted_keys(parts.key_info, beside)?;
    let mut candidates = Vec::new();
    let mut refused = None;
    for key in found {
        let parts = Parts::read(key)?;
        match transport(parts.method, policy) {
            Ok(envelope) => {
                candidates.push(Candidate {
                    envelope,
                    wrapped: cipher_value(parts.data)?,
                });
            }
            Err(error) => refused = Some(error),
        }
    }
    match refused {
        // One for another recipient may use what it likes.
        Some(error) if candidates.is_empty() => Err(error),
        _ => Ok(Message {
            cipher,
            sealed: cipher_value(parts.data)?,
            candidates,
        }),
    }
}

/// The children that EncryptedData and EncryptedKey have in common (§3.1), in their order.
struct Parts<'d> {
    method: Node<'d>,
    key_info: Option<Node<'d>>,
    data: Node<'d>,
}

impl<'d> Parts<'d> {
    fn read(of: Node<'d>) -> Checked<Self> {
        if of.has_stray_text() {
            return refuse("text in EncryptedData or EncryptedKey");
        }
        let mut elements = of.elements().peekable();
        let Some(method) = elements.next_if(|e| e.is(XENC, "EncryptionMethod")) else {
            return refuse("EncryptedData or EncryptedKey without EncryptionMethod");
        };
        let key_info = elements.next_if(|e| e.is(DS, "KeyInfo"));
        let Some(data) = elements.next_if(|e| e.is(XENC, "CipherData")) else {
            return refuse("EncryptedData or EncryptedKey without CipherData");
        };
        if of.local() == "EncryptedKey" {
            let _ = elements.next_if(|e| e.is(XENC, "ReferenceList"));
            let _ = elements.next_if(|e| e.is(XENC, "CarriedKeyName"));
        }
        match elements.next() {
            None => Ok(Self {
                method,
                key_info,
                data,
            }),
            Some(_) => refuse("another element in EncryptedData or EncryptedKey"),
        }
    }
}

/// In KeyInfo, or beside EncryptedData: the latter with or without a RetrievalMethod that points there.
fn encrypted_keys<'d>(key_info: Option<Node<'d>>, beside: Vec<Node<'d>>) -> Checked<Vec<Node<'d>>> {
    let mut keys = Vec::new();
    let mut retrieved = Vec::new();
    for element in key_info.iter().flat_map(|info| info.elements()) {
        if element.is(XENC, "EncryptedKey") {
            keys.push(element);
        } else if element.is(DS, "RetrievalMethod") {
            // Never another place than beside: nothing is searched for, and nothing fetched.
            let id = element
                .attribute("URI")
                .and_then(|uri| uri.strip_prefix('#'));
            let key = beside
                .iter()
                .find(|k| id.is_some() && k.attribute("Id") == id);
            match key {
                Some(&key) if element.elements().next().is_none() => retrieved.push(key),
                _ => {
                    return refuse(
                        "a RetrievalMethod to another place than an EncryptedKey beside",
                    );
                }
            }
        }
        if keys.len() + retrieved.len() + beside.len() > 2 * MAX_KEYS {
            break;
        }
    }
    keys.extend(if retrieved.is_empty() {
        beside
    } else {
        retrieved
    });
    match keys.len() {
        0 => refuse("EncryptedData without EncryptedKey"),
        1..=MAX_KEYS => Ok(keys),
        _ => refuse("more than four EncryptedKeys"),
    }
}

fn cipher(method: Node<'_>, policy: DecryptPolicy) -> Checked<BlockCipher> {
    let uri = method.attribute("Algorithm").unwrap_or_default();
    match BlockCipher::from_uri(uri) {
        _ if method.elements().next().is_some() => refuse("a parameter of the block cipher"),
        Some(cipher) if cipher.is_authenticated() => Ok(cipher),
        Some(_) if policy == DecryptPolicy::GcmOnly => refuse("AES-CBC"),
        Some(cipher) => Ok(cipher),
        None => refuse("this block cipher"),
    }
}

/// RSA-OAEP with its parameters; where none are named, SHA-1 holds for both (§5.5.2).
fn transport(method: Node<'_>, policy: DecryptPolicy) -> Checked<Envelope> {
    let uri = method.attribute("Algorithm").unwrap_or_default();
    if uri == RSA_1_5 {
        return match policy {
            DecryptPolicy::LegacyForOfflineVerdicts => Ok(Envelope::Pkcs1v15),
            _ => refuse("RSA-1_5"),
        };
    }
    let Some(mut transport) = KeyTransport::from_uri(uri) else {
        return refuse("this key transport");
    };
    let (mut digest, mut mgf) = (None, None);
    for parameter in method.elements() {
        let uri = parameter.attribute("Algorithm").unwrap_or_default();
        if parameter.is(DS, "DigestMethod") && digest.is_none() {
            digest = Some(Digest::from_oaep_uri(uri));
        } else if parameter.is(XENC11, "MGF") && mgf.is_none() && transport.xmlenc11 {
            mgf = Some(Digest::from_mgf_uri(uri));
        } else {
            return refuse("a parameter of RSA-OAEP");
        }
    }
    let (digest, mgf) = (
        digest.unwrap_or(Some(Digest::Sha1)),
        mgf.unwrap_or(Some(Digest::Sha1)),
    );
    match (digest, mgf) {
        (Some(digest), Some(mgf)) => {
            transport = KeyTransport {
                digest,
                mgf,
                ..transport
            };
            Ok(Envelope::Oaep(transport))
        }
        _ => refuse("this digest of RSA-OAEP"),
    }
}

/// CipherValue and nothing else: a CipherReference would be fetched from somewhere.
fn cipher_value(data: Node<'_>) -> Checked<Vec<u8>> {
    let mut elements = data.elements();
    let value = match (elements.next(), elements.next()) {
        (Some(value), None) if value.is(XENC, "CipherValue") && !data.has_stray_text() => value,
        _ => return refuse("CipherData without exactly one CipherValue"),
    };
    let bytes = value.text().and_then(|text| base64::decode(&text));
    bytes.ok_or(DecryptError::NotAllowed("a CipherValue that is not base64"))
}
