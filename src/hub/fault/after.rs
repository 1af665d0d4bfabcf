//! What is changed after signing: which assertions the Response carries, and what else.

use super::before::shifted;
use super::seal::{Hand, digest_of};
use super::text::{before_end, cut, indented, other_prefix, signature, swap, with_fractions};
use super::{Draft, Fault, Means, stated};
use crate::saml::{Assertion, Attribute};
use crate::xml::{Element, SAML};
use time::Duration;

/// The good assertion in its stages.
pub(super) struct Signed {
    /// With its signature.
    signed: String,
    /// Without.
    bare: String,
}

/// What a Response carries, in order.
#[derive(Default)]
pub(super) struct Carried {
    pub(super) assertions: Vec<Part>,
    pub(super) extensions: Option<String>,
    pub(super) status_detail: Option<String>,
}

/// An assertion, and whether it is encrypted where the system has a key.
pub(super) struct Part {
    pub(super) xml: String,
    pub(super) encrypted: bool,
}

/// How long ago a signed assertion was issued that a forged one hides behind: three times as long as it was good for.
const EXPIRED: Duration = Duration::minutes(15);
const END: &str = "</saml:Assertion>";
const FORGED_ID: &str = "_forged";

impl Signed {
    pub(super) fn of(fault: Fault, draft: &Draft<'_>, means: &Means<'_>) -> Self {
        let original = match fault.forges() {
            // Somebody may discard the forged assertion and take the signed one (SAML profiles §4.1.4.3): it has expired, so
            // that whoever gets in came by the forgery.
            true => shifted(&draft.assertion, -EXPIRED),
            false => draft.assertion.clone(),
        };
        let bare = written(fault, &original);
        let own = means.signing;
        let (stranger, neighbour) = (&means.kit.stranger, &means.kit.neighbour);
        let hand = match fault {
            Fault::NoKeyInfo => Hand::of(own).showing(None),
            Fault::OtherKey => Hand::of(stranger).showing(None),
            Fault::OtherKeyShown => Hand::of(stranger),
            Fault::OtherKeyPosing => Hand::of(stranger).showing(own.certificate()),
            Fault::OtherKeyOfSameCa => Hand::of(neighbour),
            Fault::Sha1Signature => Hand::with_sha1(own),
            Fault::HmacSignature => Hand::hmac(own),
            _ => Hand::of(own),
        };
        let signed = hand.sign(&bare, &draft.assertion.id);
        Self {
            signed: tampered(fault, signed, &draft.assertion.id),
            bare,
        }
    }
}

/// The assertion in a spelling that is legal and not ours.
fn written(fault: Fault, assertion: &Assertion) -> String {
    let text = assertion.to_element().render().as_str().to_owned();
    match fault {
        Fault::OtherPrefixes => other_prefix(&text),
        Fault::Indented => indented(&text),
        Fault::FractionsOfSeconds => with_fractions(&text),
        // SAML core §2.5.1.1: a condition of a type that nobody knows.
        Fault::UnknownCondition => swap(
            &text,
            "</saml:Conditions>",
            "<saml:Condition xmlns:x=\"urn:vejviser.invalid:betingelse\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"x:Ukendt\"></saml:Condition>\
             </saml:Conditions>",
        ),
        _ => text,
    }
}

/// Changed after it was signed.
fn tampered(fault: Fault, signed: String, id: &str) -> String {
    let renamed = || swap(&signed, "CN=", "CN=Forfalsket ");
    match fault {
        Fault::ChangedAfterSigning => renamed(),
        Fault::ChangedWithDigest => {
            let renamed = renamed();
            let digest = digest_of(&renamed, id, crate::dsig::Digest::Sha256);
            let old = cut(&renamed, "<ds:DigestValue>", "</ds:DigestValue>");
            let new = format!(
                "<ds:DigestValue>{}</ds:DigestValue>",
                digest.unwrap_or_default()
            );
            swap(&renamed, old, &new)
        }
        Fault::EmptySignature => {
            let value = cut(&signed, "<ds:SignatureValue>", "</ds:SignatureValue>");
            swap(&signed, value, "<ds:SignatureValue></ds:SignatureValue>")
        }
        _ => signed,
    }
}

/// Which assertions go along, and where.
pub(super) fn carried(fault: Fault, draft: &Draft<'_>, good: &Signed) -> Carried {
    let sealed = |xml: String| Part {
        xml,
        encrypted: true,
    };
    let plain = |xml: String| Part {
        xml,
        encrypted: false,
    };
    let good_one = || sealed(good.signed.clone());
    let forged = || forged(&draft.assertion, FORGED_ID);
    let only = |part: Part| Carried {
        assertions: vec![part],
        ..Carried::default()
    };
    let both = |first: Part, second: Part| Carried {
        assertions: vec![first, second],
        ..Carried::default()
    };
    match fault {
        Fault::Unsigned | Fault::OnlyResponseSigned => only(sealed(good.bare.clone())),
        Fault::UnsignedPlain => only(plain(good.bare.clone())),
        Fault::PlainInsteadOfEncrypted => only(plain(good.signed.clone())),
        Fault::ForgedBefore => both(sealed(forged()), good_one()),
        Fault::ForgedAfter => both(good_one(), sealed(forged())),
        Fault::SameIdTwice => both(
            good_one(),
            sealed(self::forged(&draft.assertion, &draft.assertion.id)),
        ),
        Fault::PlainBesideEncrypted => both(plain(forged()), good_one()),
        Fault::OriginalInside => only(sealed(before_end(&forged(), END, &good.signed))),
        Fault::OriginalInObject => {
            let object = format!("<ds:Object>{}</ds:Object></ds:Signature>", good.bare);
            let signature = swap(signature(&good.signed), "</ds:Signature>", &object);
            only(sealed(with_signature(&forged(), &signature)))
        }
        Fault::OriginalInStatusDetail => Carried {
            status_detail: Some(good.bare.clone()),
            ..only(sealed(with_signature(&forged(), signature(&good.signed))))
        },
        Fault::ForgedInExtensions => Carried {
            extensions: Some(forged()),
            ..only(good_one())
        },
        Fault::LevelUnsigned => Carried {
            extensions: Some(level_statement(draft)),
            ..only(good_one())
        },
        _ => only(good_one()),
    }
}

/// The same assertion about somebody else.
fn forged(assertion: &Assertion, id: &str) -> String {
    let mut forged = assertion.clone();
    forged.id = id.to_owned();
    let text = forged.to_element().render().as_str().to_owned();
    swap(&text, "CN=", "CN=Forfalsket ")
}

fn with_signature(forged: &str, signature: &str) -> String {
    swap(
        forged,
        "</saml:Issuer>",
        &["</saml:Issuer>", signature].concat(),
    )
}

/// The level that is needed, where nothing is signed.
fn level_statement(draft: &Draft<'_>) -> String {
    let (name, value) = stated(draft.system.required_level);
    let attribute = Attribute {
        name: name.to_owned(),
        name_format: Some(draft.system.oiosaml_profile.name_format().to_owned()),
        friendly_name: None,
        values: vec![value],
    };
    let statement = Element::new(SAML, "AttributeStatement").child(attribute.to_element());
    statement.render().as_str().to_owned()
}
