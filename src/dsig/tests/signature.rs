//! What a signature must look like, one broken rule a case.

use crate::dsig::{
    Digest, Place, Policy, PublicKey, SignatureAlgorithm, SignatureError as E, SignedXml,
    SigningKey, has_signature, sign, testkeys, verify,
};
use crate::xml::{Canonical, Document, Element, MD, SAML, SAMLP, canonical};
use std::sync::OnceLock;

pub(super) fn rsa() -> SigningKey {
    let keys = testkeys::get();
    let certificate = crate::dsig::Certificate::parse(keys.rsa_cert.as_bytes()).unwrap();
    SigningKey::parse(keys.rsa_pem.as_bytes(), Some(certificate)).unwrap()
}

pub(super) fn message() -> Element {
    Element::new(SAMLP, "Response")
        .attr("ID", "_r")
        .child(Element::new(SAML, "Issuer").text("https://idp.example/ø?a=1&b=2"))
        .child(Element::new(SAMLP, "Status").text("\r\n<ok>"))
}

pub(super) fn check(source: &str, key: &SigningKey, policy: Policy) -> Result<SignedXml, E> {
    let document = Document::parse(source.as_bytes()).unwrap();
    verify(document.root(), &[key.public()], policy)
}

/// Made once: signing is the slow part.
pub(super) fn signed() -> &'static Canonical {
    static SIGNED: OnceLock<Canonical> = OnceLock::new();
    SIGNED.get_or_init(|| sign(&message(), "_r", Place::AfterIssuer, &rsa()))
}

pub(super) fn public() -> PublicKey {
    rsa().public()
}

#[test]
fn every_algorithm_there_and_back() {
    let keys = testkeys::get();
    for pem in [&keys.rsa_pem, &keys.p256_pem, &keys.p384_pem] {
        for &algorithm in SignatureAlgorithm::ALL {
            let key = SigningKey::parse(pem.as_bytes(), None).unwrap();
            let Ok(key) = key.with_algorithm(algorithm) else {
                continue;
            };
            let signed = sign(&message(), "_r", Place::AfterIssuer, &key);
            let modern = check(signed.as_str(), &key, Policy::Modern);
            if algorithm.digest() == Digest::Sha1 {
                assert_eq!(modern.unwrap_err(), E::Algorithm(algorithm.uri().into()));
                check(signed.as_str(), &key, Policy::LegacyForOfflineVerdicts).unwrap();
                continue;
            }
            let verified = modern.unwrap();
            assert_eq!(verified.algorithm(), algorithm);
            // What is handed out is what was signed, without the signature.
            let again = canonical(verified.root(), None, &[]);
            assert_eq!(again, message().render().as_str());
            assert!(!has_signature(verified.root()));
        }
    }
}

#[test]
fn what_we_sign_is_canonical_whole() {
    let document = Document::parse(signed().as_bytes()).unwrap();
    assert_eq!(canonical(document.root(), None, &[]), signed().as_str());
    let second = document.root().elements().nth(1).unwrap();
    assert_eq!(second.local(), "Signature");
}

#[test]
fn metadata_is_signed_first_and_messages_without_issuer_too() {
    let metadata = Element::new(MD, "EntityDescriptor")
        .attr("ID", "_m")
        .child(Element::new(MD, "x"));
    for place in [Place::First, Place::AfterIssuer] {
        let signed = sign(&metadata, "_m", place, &rsa());
        check(signed.as_str(), &rsa(), Policy::Modern).unwrap();
    }
    let empty = Element::new(MD, "EntityDescriptor").attr("ID", "_m");
    check(
        sign(&empty, "_m", Place::First, &rsa()).as_str(),
        &rsa(),
        Policy::Modern,
    )
    .unwrap();
}

#[test]
fn all_keys_are_tried_and_only_those() {
    let document = Document::parse(signed().as_bytes()).unwrap();
    let ec = SigningKey::parse(testkeys::get().p256_pem.as_bytes(), None)
        .unwrap()
        .public();
    let verified = verify(
        document.root(),
        &[ec.clone(), rsa().public()],
        Policy::Modern,
    )
    .unwrap();
    assert_eq!(verified.key_index(), 1);
    // The certificate in KeyInfo is the right one, and does not help.
    let error = verify(document.root(), &[ec], Policy::Modern).unwrap_err();
    assert_eq!(error, E::Value);
    assert_eq!(
        verify(document.root(), &[], Policy::Modern).unwrap_err(),
        E::NoTrustedKey
    );
}

#[test]
fn a_small_key_is_not_used_whatever_it_was_read_for() {
    let small = testkeys::rsa(1024);
    let pem = small.public_key_to_pem().unwrap();
    let key = PublicKey::parse(&pem, Policy::LegacyForOfflineVerdicts).unwrap();
    let document = Document::parse(signed().as_bytes()).unwrap();
    assert_eq!(
        verify(document.root(), &[key], Policy::Modern).unwrap_err(),
        E::Value
    );
}

/// A text in the signed message, what takes its place, and whether the refusal is the right one.
type Case<'a> = (&'a str, &'a str, fn(&E) -> bool);

#[test]
fn one_broken_rule_one_refusal() {
    const DS_SIGNATURE: &str = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">";
    const ENVELOPED: &str = "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>";
    const EXCLUSIVE: &str =
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";
    const METHOD: &str =
        "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\">";
    let signed = signed().as_str().to_owned();
    let cases: &[Case<'_>] = &[
        // Content and value.
        ("a=1&amp;b=2", "a=1&amp;b=3", |e| *e == E::Digest),
        ("&lt;ok>", "&lt;no>", |e| *e == E::Digest),
        ("&lt;ok&gt;", "&lt;no&gt;", |e| *e == E::Digest),
        ("<ds:SignatureValue>", "<ds:SignatureValue>AAAA", |e| {
            *e == E::Value
        }),
        ("<ds:DigestValue>", "<ds:DigestValue>AAAA", |e| {
            *e == E::Value
        }),
        ("<ds:SignatureValue>", "<ds:SignatureValue>?", |e| {
            matches!(e, E::Structure(_))
        }),
        ("<ds:SignatureValue>", "<ds:SignatureValue><ds:x/>", |e| {
            matches!(e, E::Structure(_))
        }),
        // Reference.
        ("URI=\"#_r\"", "URI=\"\"", |e| matches!(e, E::Reference(_))),
        ("URI=\"#_r\"", "", |e| matches!(e, E::Reference(_))),
        ("URI=\"#_r\"", "URI=\"#_s\"", |e| {
            matches!(e, E::Reference(_))
        }),
        ("URI=\"#_r\"", "URI=\"_r\"", |e| {
            matches!(e, E::Reference(_))
        }),
        ("URI=\"#_r\"", "URI=\"#xpointer(id('_r'))\"", |e| {
            matches!(e, E::Reference(_))
        }),
        ("URI=\"#_r\"", "URI=\"http://localhost/\"", |e| {
            matches!(e, E::Reference(_))
        }),
        ("URI=\"#_r\"", "URI=\"#_r\" Type=\"x\"", |e| {
            matches!(e, E::Structure(_))
        }),
        (" ID=\"_r\"", "", |e| matches!(e, E::Reference(_))),
        (" ID=\"_r\"", " xml:id=\"_r\"", |e| {
            matches!(e, E::Reference(_))
        }),
        (" ID=\"_r\"", " Id=\"_r\"", |e| matches!(e, E::Reference(_))),
        // Transforms and canonicalization.
        (ENVELOPED, "", |e| matches!(e, E::Transform(_))),
        (EXCLUSIVE, "", |e| matches!(e, E::Transform(_))),
        (EXCLUSIVE, ENVELOPED, |e| matches!(e, E::Transform(_))),
        (ENVELOPED, EXCLUSIVE, |e| matches!(e, E::Transform(_))),
        (
            "</ds:Transforms>",
            "<ds:Transform Algorithm='x'/></ds:Transforms>",
            |e| matches!(e, E::Structure(_)),
        ),
        (
            EXCLUSIVE,
            "<ds:Transform Algorithm='http://www.w3.org/TR/1999/REC-xslt-19991116'/>",
            |e| matches!(e, E::Transform(_)),
        ),
        (
            EXCLUSIVE,
            "<ds:Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#WithComments'/>",
            |e| matches!(e, E::Transform(_)),
        ),
        (
            EXCLUSIVE,
            "<ds:Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'><x xmlns='u:x'/></ds:Transform>",
            |e| matches!(e, E::Transform(_)),
        ),
        (
            "CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"",
            "CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"",
            |e| matches!(e, E::Transform(_)),
        ),
        // Algorithms.
        ("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256", |e| {
            matches!(e, E::Algorithm(_))
        }),
        (
            "2001/04/xmldsig-more#rsa-sha256",
            "2000/09/xmldsig#rsa-sha1",
            |e| matches!(e, E::Algorithm(_)),
        ),
        ("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1", |e| {
            matches!(e, E::Algorithm(_))
        }),
        ("2001/04/xmlenc#sha256", "2001/04/xmldsig-more#md5", |e| {
            matches!(e, E::Algorithm(_))
        }),
        ("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha512", |e| {
            *e == E::Value
        }),
        (
            "xmldsig-more#rsa-sha256",
            "xmldsig-more#ecdsa-sha256",
            |e| *e == E::Value,
        ),
        (
            METHOD,
            &format!("{METHOD}<ds:HMACOutputLength>1</ds:HMACOutputLength>"),
            |e| matches!(e, E::Structure(_)),
        ),
        // Structure.
        ("<ds:SignedInfo>", "<ds:SignedInfo/><ds:SignedInfo>", |e| {
            matches!(e, E::Structure(_))
        }),
        (
            "</ds:SignedInfo>",
            "</ds:SignedInfo><ds:SignedInfo/>",
            |e| matches!(e, E::Structure(_)),
        ),
        ("<ds:SignedInfo>", "<ds:SignedInfo x='y'>", |e| {
            matches!(e, E::Structure(_))
        }),
        ("<ds:SignedInfo>", "<ds:SignedInfo>x", |e| {
            matches!(e, E::Structure(_))
        }),
        ("</ds:Reference>", "</ds:Reference><ds:Reference/>", |e| {
            matches!(e, E::Structure(_))
        }),
        (
            "</ds:DigestValue>",
            "</ds:DigestValue><ds:DigestValue/>",
            |e| matches!(e, E::Structure(_)),
        ),
        ("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object/>", |e| {
            matches!(e, E::Structure(_))
        }),
        ("</ds:KeyInfo>", "</ds:KeyInfo><ds:KeyInfo/>", |e| {
            matches!(e, E::Structure(_))
        }),
        // Place.
        (
            "</ds:Signature>",
            "</ds:Signature><ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>",
            |e| matches!(e, E::Misplaced(_)),
        ),
        (
            DS_SIGNATURE,
            &format!("<samlp:Extensions/>{DS_SIGNATURE}"),
            |e| matches!(e, E::Misplaced(_)),
        ),
        ("<saml:Issuer", "<samlp:Extensions/><saml:Issuer", |e| {
            matches!(e, E::Misplaced(_))
        }),
        (
            "http://www.w3.org/2000/09/xmldsig#\">",
            "u:foreign\">",
            |e| *e == E::Missing,
        ),
    ];
    for (old, new, expected) in cases {
        let broken = signed.replacen(old, new, 1);
        if broken == signed {
            // The writer spells > in text as &gt;, so of the two spellings only one is there.
            assert!(old.contains("ok"), "{old} does not occur");
            continue;
        }
        let error = check(&broken, &rsa(), Policy::Modern).expect_err(new);
        assert!(expected(&error), "{old} -> {new}: {error:?}");
    }
}

#[test]
fn a_list_of_prefixes_has_an_end() {
    const EXCLUSIVE: &str =
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";
    let signed = signed().as_str();
    let with = |count: usize| {
        let list: Vec<String> = (0..count).map(|i| format!("p{i}")).collect();
        let transform = format!(
            "<ds:Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'><ec:InclusiveNamespaces \
             xmlns:ec='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='{}'/></ds:Transform>",
            list.join(" ")
        );
        let changed = signed.replacen(EXCLUSIVE, &transform, 1);
        assert_ne!(changed, signed);
        check(&changed, &rsa(), Policy::Modern).unwrap_err()
    };
    // It is read, and then the signature is not over it.
    assert_eq!(with(32), E::Value);
    assert!(matches!(with(33), E::Structure(_)));
}

#[test]
fn a_canonical_form_may_be_a_few_times_what_arrived_and_no_more() {
    let name = format!("u:{}", "n".repeat(490));
    // Every use of the name is written with it; what is signed is another content, so the digest is what
    // refuses a form that was made.
    let with = |uses: usize, text: usize| {
        let content = format!(
            "<samlp:Status xmlns:p='{name}'>{}{}",
            "x".repeat(text),
            "<p:a/>".repeat(uses)
        );
        let changed = signed().as_str().replacen("<samlp:Status>", &content, 1);
        check(&changed, &rsa(), Policy::Modern).unwrap_err()
    };
    let too_large = |error| matches!(error, E::Structure(how) if how.contains("too large"));
    // Up to 64 KiB whatever arrived.
    assert_eq!(with(100, 0), E::Digest);
    assert!(too_large(with(400, 0)));
    // And four times what arrived.
    assert_eq!(with(400, 50_000), E::Digest);
    assert!(too_large(with(700, 50_000)));
}

#[test]
fn what_was_signed_is_read_again_wherever_its_namespaces_are_declared() {
    // Forty namespaces that one element uses: declared outside of it when they arrive, on it in canonical form.
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let many = (0..40).fold(Element::new(SAMLP, "Status"), |element, i| {
        let (prefix, uri) = (leak(format!("p{i}")), leak(format!("u:{i}")));
        element.attr_in(crate::xml::Ns { prefix, uri }, "a", "1")
    });
    let message = Element::new(SAMLP, "Response")
        .attr("ID", "_r")
        .child(Element::new(SAML, "Issuer").text("https://idp.example"))
        .child(many);
    let signed = sign(&message, "_r", Place::AfterIssuer, &rsa());
    let declarations: String = (0..40).map(|i| format!(" xmlns:p{i}=\"u:{i}\"")).collect();
    let sorted = signed.as_str().split("<samlp:Status").nth(1).unwrap();
    let declared = &sorted[..sorted.find(" p0:a").unwrap()];
    assert_eq!(declared.len(), declarations.len());
    let outside = (signed.as_str()).replacen(declared, "", 1).replacen(
        " ID=",
        &format!("{declarations} ID="),
        1,
    );
    let verified = check(&outside, &rsa(), Policy::Modern).unwrap();
    let again = verified.root().child(SAMLP, "Status").unwrap();
    assert_eq!(again.attributes().count(), 40);
}

#[test]
fn every_refusal_says_what_it_is() {
    use crate::dsig::{DecryptError, KeyError};
    let x = || "x".to_owned();
    for (error, words) in [
        (E::Missing, "no signature"),
        (E::NoTrustedKey, "no key is registered"),
        (E::Misplaced(x()), "misplaced: x"),
        (E::Structure(x()), "structure: x"),
        (E::Reference(x()), "reference: x"),
        (E::Transform(x()), "transform not allowed: x"),
        (E::Algorithm(x()), "algorithm not allowed: x"),
        (E::Digest, "changed after it was signed"),
        (E::Value, "no registered key made"),
    ] {
        assert!(error.to_string().contains(words), "{error}");
    }
    for (error, words) in [
        (KeyError::Unreadable(x()), "cannot be read: x"),
        (KeyError::TooSmall(1024), "RSA with 1024 bits"),
        (KeyError::Unsupported(x()), "x is not supported"),
        (KeyError::Mismatch, "does not belong"),
    ] {
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(
        DecryptError::NotAllowed("x").to_string(),
        "x is not allowed"
    );
    assert_eq!(DecryptError::Failed.to_string(), "decryption failed");
}

#[test]
fn what_changes_nothing_signed_is_accepted() {
    let signed = signed().as_str().to_owned();
    for (old, new) in [
        ("<samlp:Status>", "<!-- c --><samlp:Status>"),
        ("<samlp:Status>", "<samlp:Status xmlns:unused='u:x'>"),
        ("<ds:DigestValue>", "<ds:DigestValue><!-- SAMLStorm -->"),
        (" ID=\"_r\"", "\n ID='_r' "),
        (
            "</ds:X509Data>",
            "</ds:X509Data><ds:KeyName>anything</ds:KeyName>",
        ),
        ("<ds:Signature ", "<ds:Signature Id='x' "),
    ] {
        let varied = signed.replacen(old, new, 1);
        assert_ne!(varied, signed);
        check(&varied, &rsa(), Policy::Modern).expect(new);
    }
    // White space within base64 of SignatureValue, as most senders write it.
    let (head, tail) = signed.split_once("<ds:SignatureValue>").unwrap();
    let (value, tail) = tail.split_at(76);
    let wrapped = format!("{head}<ds:SignatureValue>\r\n{value}\r\n{tail}");
    check(&wrapped, &rsa(), Policy::Modern).unwrap();
}
