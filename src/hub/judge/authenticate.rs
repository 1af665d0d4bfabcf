//! Who wrote it: the outer signature, decryption, the inner signature, in this order.

use super::{Expected, Signed, rotated, subject};
use crate::dsig::{self, DecryptPolicy, PublicKey, SignatureError, SignedXml};
use crate::hub::{Check, Report, RowOutcome};
use crate::saml::{Assertion, Claimed, Response};
use crate::xml::{Document, Node, SAML};
use std::sync::Arc;

/// The envelope after its signature was looked at.
pub(super) enum Envelope {
    /// Signed by a registered key; only these bytes are read from here on.
    Signed {
        xml: Box<SignedXml>,
        key_id: Arc<str>,
    },
    /// Without signature: its assertion decides.
    Unsigned,
    /// With a signature that is no good. Fails closed, whatever the assertion says.
    Forged,
}

impl Envelope {
    /// The element to read: the signed one, or what claims to be a Response.
    pub(super) fn root<'d>(&'d self, document: &'d Document) -> Node<'d> {
        match self {
            Self::Signed { xml, .. } => xml.root(),
            Self::Unsigned | Self::Forged => document.root(),
        }
    }
    /// Whether the whole Response is covered by a good signature.
    pub(super) fn is_signed(&self) -> bool {
        matches!(self, Self::Signed { .. })
    }
}

/// Looks at the signature of the Response.
pub(super) fn envelope(root: Node<'_>, expected: &Expected<'_>, report: &mut Report) -> Envelope {
    let has_key = !expected.keys.is_empty();
    let key_row = if has_key {
        format!("{} registered", expected.keys.len())
    } else {
        "none".to_owned()
    };
    report.require(
        Check::TrustedKey,
        has_key,
        key_row,
        "at least one registered key",
    );
    if !dsig::has_signature(root) {
        return Envelope::Unsigned;
    }
    match dsig::verify(root, expected.keys, expected.signatures) {
        Ok(xml) => {
            let key_id = expected
                .keys
                .get(xml.key_index())
                .map(dsig::PublicKey::key_id)
                .unwrap_or_default();
            report.add(
                Check::ResponseSignature,
                RowOutcome::Pass,
                format!("{}, key {}", xml.algorithm().uri(), short(&key_id)),
                "a registered key",
            );
            Envelope::Signed {
                xml: Box::new(xml),
                key_id,
            }
        }
        Err(error) => {
            let former = expected.former_keys;
            failed(
                Check::ResponseSignature,
                root,
                &error,
                former,
                expected,
                report,
            );
            Envelope::Forged
        }
    }
}

/// An assertion and where it comes from.
pub(super) enum Origin {
    /// A registered key signed it.
    Signed(Signed<Assertion>),
    /// Nobody can be held to it.
    Unknown(Claimed<Assertion>),
}

impl Origin {
    /// What it says, for the rows: a tester wants to see all of them, also of a message that is refused.
    pub(super) fn told(&self) -> &Assertion {
        match self {
            Self::Signed(signed) => signed.value(),
            Self::Unknown(claimed) => claimed.unverified(),
        }
    }
}

/// What was found of the assertion.
#[derive(Default)]
pub(super) struct Found {
    /// The assertion.
    pub(super) assertion: Option<Origin>,
    /// Whether it was encrypted.
    pub(super) encrypted: bool,
    /// In clear, for the journal.
    pub(super) decrypted: Option<String>,
    /// Which of the expected decryption keys opened it.
    pub(super) opened_with: Option<usize>,
}

/// Finds the one assertion and looks at what covers it.
pub(super) fn assertion(
    root: Node<'_>,
    outer: &Envelope,
    expected: &Expected<'_>,
    report: &mut Report,
) -> Found {
    let plain = Response::assertions(root);
    let encrypted = Response::encrypted_assertions(root);
    let count = plain.len() + encrypted.len();
    if !report.require(Check::AssertionCount, count == 1, count.to_string(), "1") {
        return Found::default();
    }
    if let Some(element) = plain.first() {
        report.skip(Check::Decryption, "the assertion is not encrypted");
        return covered(*element, outer, false, expected, report);
    }
    // A Response whose own signature is bad is not decrypted: nothing may be learned from trying.
    if matches!(outer, Envelope::Forged) {
        report.skip(Check::Decryption, "the Response's signature is not good");
        return Found {
            encrypted: true,
            ..Found::default()
        };
    }
    match dsig::decrypt(encrypted[0], expected.decryption_keys, expected.encryption) {
        Ok(decrypted) => {
            report.add(
                Check::Decryption,
                RowOutcome::Pass,
                decrypted.cipher.uri(),
                "AES-GCM with RSA-OAEP",
            );
            let element = decrypted.document.root();
            let clear = Some(decrypted.document.source().to_owned());
            Found {
                encrypted: true,
                decrypted: clear,
                opened_with: Some(decrypted.key_index),
                ..covered(element, outer, true, expected, report)
            }
        }
        Err(error) => {
            report.add(
                Check::Decryption,
                RowOutcome::Fail,
                error.to_string(),
                "AES-GCM with RSA-OAEP, to the hub's certificate",
            );
            Found {
                encrypted: true,
                ..Found::default()
            }
        }
    }
}

/// Reads the assertion from what covers it: its own signature, or the signature of the whole Response. A
/// decrypted assertion must carry its own: a signature over ciphertext says nothing about who knew the
/// content (security.md 1).
fn covered(
    element: Node<'_>,
    outer: &Envelope,
    was_encrypted: bool,
    expected: &Expected<'_>,
    report: &mut Report,
) -> Found {
    if !element.is(SAML, "Assertion") {
        report.add(
            Check::AssertionReadable,
            RowOutcome::Fail,
            element.local().to_owned(),
            "saml:Assertion",
        );
        return Found::default();
    }
    let (signed_xml, key_id) = if dsig::has_signature(element) {
        match dsig::verify(element, expected.keys, expected.signatures) {
            Ok(xml) => {
                let key_id = expected
                    .keys
                    .get(xml.key_index())
                    .map(dsig::PublicKey::key_id)
                    .unwrap_or_default();
                report.add(
                    Check::AssertionSignature,
                    RowOutcome::Pass,
                    format!("{}, key {}", xml.algorithm().uri(), short(&key_id)),
                    "a registered key",
                );
                (Some(xml), Some(key_id))
            }
            Err(error) => {
                // After CBC nobody may learn from the time it takes that the padding was good.
                let former = match expected.encryption {
                    DecryptPolicy::CbcToo if was_encrypted => &[],
                    _ => expected.former_keys,
                };
                failed(
                    Check::AssertionSignature,
                    element,
                    &error,
                    former,
                    expected,
                    report,
                );
                (None, None)
            }
        }
    } else {
        match outer {
            Envelope::Signed { key_id, .. } if !was_encrypted => {
                report.add(
                    Check::AssertionSignature,
                    RowOutcome::Pass,
                    "covered by the Response's signature",
                    "a registered key",
                );
                (None, Some(key_id.clone()))
            }
            Envelope::Forged => {
                report.skip(
                    Check::AssertionSignature,
                    "only the Response is signed, and not well",
                );
                (None, None)
            }
            _ => {
                let found = if was_encrypted {
                    "no signature inside the encryption"
                } else {
                    "no signature"
                };
                report.add(
                    Check::AssertionSignature,
                    RowOutcome::Fail,
                    found,
                    "a registered key",
                );
                (None, None)
            }
        }
    };
    let read = match &signed_xml {
        Some(xml) => Assertion::read(xml.root()),
        None => Assertion::read(element),
    };
    match read {
        Ok(mut assertion) => {
            report.add(
                Check::AssertionReadable,
                RowOutcome::Pass,
                "Assertion",
                "SAML's schema",
            );
            let trusted = key_id.filter(|_| !matches!(outer, Envelope::Forged));
            let read_from = signed_xml.as_ref().map_or(element, SignedXml::root);
            let known = trusted.is_some();
            subject::named(read_from, known, &mut assertion, expected, report);
            let origin = match trusted {
                Some(key_id) => Origin::Signed(Signed {
                    value: assertion,
                    key_id,
                }),
                None => Origin::Unknown(Claimed::new(assertion)),
            };
            Found {
                assertion: Some(origin),
                ..Found::default()
            }
        }
        Err(error) => {
            report.add(
                Check::AssertionReadable,
                RowOutcome::Fail,
                error.to_string(),
                "SAML's schema",
            );
            Found::default()
        }
    }
}

fn failed(
    check: Check,
    element: Node<'_>,
    error: &SignatureError,
    former: &[PublicKey],
    expected: &Expected<'_>,
    report: &mut Report,
) {
    // Without a key the row of the key is the reason, and this one only follows from it.
    if *error == SignatureError::NoTrustedKey {
        report.skip(check, "no registered key to verify with");
    } else {
        report.add(
            check,
            RowOutcome::Fail,
            rotated::name(
                error,
                former,
                |key| {
                    let key = std::slice::from_ref(key);
                    dsig::verify(element, key, expected.signatures).is_ok()
                },
                Some(element),
                expected.now,
            ),
            "a registered key",
        );
    }
}

fn short(key_id: &str) -> &str {
    key_id.get(..16).unwrap_or(key_id)
}
