//! Class 4: a signature that is none, of somebody else, or by an algorithm that proves nothing.

use super::Case;
use super::craft::*;
use super::party::*;
use openssl::hash::MessageDigest;
use vejviser::dsig::{Digest, SignatureAlgorithm};

const ID: &str = "_assertion-1";

pub fn cases() -> Vec<Case> {
    let mut cases = accepted();
    cases.extend(missing());
    cases.extend(keys());
    cases.extend(algorithms());
    cases.extend(transforms());
    cases.extend(references());
    cases.extend(tampered());
    cases.extend(outer());
    cases
}

/// The plainest assertion with a place for a signature.
fn bare() -> String {
    open(assertion().to_element().render().as_str())
}

fn signed_by(craft: &Craft) -> String {
    around(&response(), &craft.sign(&bare(), ID))
}

fn idp() -> Craft {
    Craft::new(ID, key(IDP_KEY))
}

fn bent(bend: impl FnOnce(&mut Craft)) -> String {
    let mut craft = idp();
    bend(&mut craft);
    signed_by(&craft)
}

/// The message with a place for the signature.
fn message() -> String {
    around(&response(), &bare())
}

/// Digested is `content`, which is what the Reference comes to for whoever follows it.
fn over(content: &str, bend: impl FnOnce(&mut Craft)) -> String {
    let mut craft = idp();
    bend(&mut craft);
    swap(&message(), HERE, &craft.over(content.as_bytes()))
}

/// The assertion as inclusive canonicalization has it: with the declarations around it.
fn inclusive() -> String {
    swap(&content(&message(), ID), SAML, &[SAML, SAMLP].concat())
}

const SAML: &str = " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
const SAMLP: &str = " xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"";

fn refused(name: &str, why: &str, message: String) -> Case {
    answer(name, "IDP-R-009", why, message)
}

fn accepted() -> Vec<Case> {
    let by = |algorithm| Craft::by(ID, key(IDP_KEY), algorithm);
    let ecdsa = SignatureAlgorithm::Ecdsa(Digest::Sha256);
    let mut sha512 = by(SignatureAlgorithm::RsaPkcs1(Digest::Sha512));
    sha512.digest_method = Digest::Sha512.uri().to_owned();
    sha512.digest = MessageDigest::sha512();
    vec![
        good("04-accept-rsa-sha256", "RSA with SHA-256, the algorithm of nearly everybody.", signed_by(&idp())),
        good("04-accept-rsa-sha512", "RSA and the digest both with SHA-512.", signed_by(&sha512)),
        good("04-accept-rsa-pss", "RSA-PSS with SHA-256.",
            signed_by(&by(SignatureAlgorithm::RsaPss(Digest::Sha256)))).chance(),
        good("04-accept-ecdsa-p256", "ECDSA on P-256 with SHA-256, the value as r and s side by side.",
            signed_by(&Craft::by(ID, p256_key(), ecdsa))).set("peer-key", "p256").chance(),
        refused("04-ecdsa-zero", "r and s are zero, which some libraries took for a good ECDSA signature of anything (CVE-2022-21449).",
            signed_by(&Craft::value(ID, ecdsa.uri(), vec![0; 64]))).set("peer-key", "p256"),
    ]
}

fn missing() -> Vec<Case> {
    let message = signed_by(&idp());
    let signature = signature_of(&message).to_owned();
    let part = |from: &str, to: &str, with: &str| swap(&message, cut(&message, from, to), with);
    vec![
        refused(
            "04-unsigned",
            "Neither the Response nor its assertion is signed.",
            swap(&message, &signature, ""),
        ),
        refused(
            "04-empty-signature",
            "A Signature element with nothing in it.",
            swap(
                &message,
                &signature,
                "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"></ds:Signature>",
            ),
        ),
        refused(
            "04-empty-value",
            "SignatureValue is empty.",
            part(
                "<ds:SignatureValue>",
                "</ds:SignatureValue>",
                "<ds:SignatureValue></ds:SignatureValue>",
            ),
        ),
        refused(
            "04-no-signed-info",
            "There is no SignedInfo.",
            part("<ds:SignedInfo", "</ds:SignedInfo>", ""),
        ),
        refused(
            "04-no-reference",
            "SignedInfo has no Reference: the signature is about nothing.",
            part("<ds:Reference", "</ds:Reference>", ""),
        ),
        refused(
            "04-empty-digest",
            "DigestValue is empty.",
            part(
                "<ds:DigestValue>",
                "</ds:DigestValue>",
                "<ds:DigestValue></ds:DigestValue>",
            ),
        ),
        answer(
            "04-no-key",
            "no-trusted-key",
            "The message is good, and no key of its sender is registered: nothing can be trusted.",
            message.clone(),
        )
        .without("peer-key"),
    ]
}

fn keys() -> Vec<Case> {
    let attacker = |bend: &dyn Fn(&mut Craft)| {
        let mut craft = Craft::new(ID, key(ATTACKER_KEY));
        bend(&mut craft);
        signed_by(&craft)
    };
    let x509 = |name: &str| {
        format!(
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
            certificate(name).to_base64()
        )
    };
    let rsa = certificate_key(ATTACKER_KEY).rsa().unwrap();
    let key_value = format!(
        "<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{}</ds:Modulus><ds:Exponent>{}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>",
        base64(&rsa.n().to_vec()),
        base64(&rsa.e().to_vec())
    );
    let public = certificate_key(IDP_KEY);
    let pem = public.public_key_to_pem().unwrap();
    vec![
        refused(
            "04-other-key",
            "Signed with a key that is not the IdP's.",
            attacker(&|_| {}),
        ),
        refused(
            "04-other-key-certificate",
            "Signed with the attacker's key, whose certificate stands in KeyInfo: keys come from metadata, never from the message.",
            attacker(&|craft| craft.after = x509(ATTACKER_KEY)),
        ),
        refused(
            "04-other-key-good-certificate",
            "Signed with the attacker's key, and the IdP's certificate stands in KeyInfo.",
            attacker(&|craft| craft.after = x509(IDP_KEY)),
        ),
        refused(
            "04-other-key-value",
            "Signed with the attacker's key, which stands in KeyInfo as KeyValue.",
            attacker(&|craft| craft.after = key_value.clone()),
        ),
        refused(
            "04-hmac-public-key-pem",
            "An HMAC whose secret is the IdP's public key in PEM, which everybody has.",
            signed_by(&Craft::hmac(
                ID,
                &pem,
                MessageDigest::sha256(),
                "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
            )),
        ),
        refused(
            "04-hmac-truncated",
            "An HMAC of which no bit counts (HMACOutputLength, CVE-2009-0217).",
            signed_by(&Craft::hmac(
                ID,
                &pem,
                MessageDigest::sha256(),
                "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256|<ds:HMACOutputLength>0</ds:HMACOutputLength>",
            )),
        ),
    ]
}

fn algorithms() -> Vec<Case> {
    let sha1 = SignatureAlgorithm::RsaPkcs1(Digest::Sha1);
    let mut all_sha1 = Craft::by(ID, key(IDP_KEY), sha1);
    all_sha1.digest_method = Digest::Sha1.uri().to_owned();
    all_sha1.digest = MessageDigest::sha1();
    let pem = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/certs/eksempelstrup.key.pem"
    ))
    .unwrap();
    vec![
        refused(
            "04-rsa-sha1",
            "RSA with SHA-1.",
            signed_by(&Craft::by(ID, key(IDP_KEY), sha1)),
        ),
        refused(
            "04-digest-sha1",
            "The digest is SHA-1, for which another assertion can be made.",
            bent(|craft| {
                craft.digest_method = Digest::Sha1.uri().to_owned();
                craft.digest = MessageDigest::sha1();
            }),
        ),
        refused(
            "04-rsa-md5",
            "RSA with MD5.",
            signed_by(&Craft::pkcs1(
                ID,
                &pem,
                MessageDigest::md5(),
                "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
            )),
        ),
        refused(
            "04-algorithm-of-another-key",
            "The message says ECDSA, and the registered key is RSA.",
            bent(|craft| craft.method = SignatureAlgorithm::Ecdsa(Digest::Sha256).uri().to_owned()),
        ),
        refused(
            "04-unknown-algorithm",
            "A signature algorithm that nobody knows.",
            bent(|craft| craft.method = "urn:x:none".to_owned()),
        ),
        refused(
            "04-no-algorithm",
            "SignatureMethod names no algorithm.",
            bent(|craft| craft.method = String::new()),
        ),
        refused(
            "04-pss-parameters",
            "RSA-PSS with parameters of the sender's choice.",
            bent(|craft| {
                craft.method = "http://www.w3.org/2007/05/xmldsig-more#rsa-pss|<x:RSAPSSParams xmlns:x=\"http://www.w3.org/2007/05/xmldsig-more#\"></x:RSAPSSParams>".to_owned()
            }),
        ),
    ]
}

fn transforms() -> Vec<Case> {
    let case = |name: &str, why: &str, list: String, content: &str| {
        let message = over(content, |craft| craft.transforms = list);
        refused(&format!("04-transform-{name}"), why, message)
    };
    const XPATH: &str = "http://www.w3.org/TR/1999/REC-xpath-19991116";
    const FILTER: &str = "http://www.w3.org/2002/06/xmldsig-filter2";
    const XSLT: &str = "http://www.w3.org/TR/1999/REC-xslt-19991116";
    let xpath = swap(
        &transform(XPATH),
        "></",
        "><ds:XPath>not(ancestor-or-self::*[local-name()='Subject'])</ds:XPath></",
    );
    let filter = swap(
        &transform(FILTER),
        "></",
        &format!(
            "><f:XPath xmlns:f=\"{FILTER}\" Filter=\"subtract\">//*[local-name()='Subject']</f:XPath></"
        ),
    );
    let stylesheet = "><xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"></xsl:stylesheet></";
    let xslt = swap(&transform(XSLT), "></", stylesheet);
    let (enveloped, exclusive) = (transform(ENVELOPED), transform(EXCLUSIVE));
    let whole = content(&message(), ID);
    let without_subject = swap(&whole, cut(&whole, "<saml:Subject>", "</saml:Subject>"), "");
    let mut inherited = idp();
    inherited.canonicalization = INCLUSIVE.to_owned();
    inherited.inherited = [SAML, SAMLP].concat();
    vec![
        case(
            "xpath",
            "An XPath transform takes Subject out of what is signed: anybody can be put in.",
            format!("{enveloped}{xpath}{exclusive}"),
            &without_subject,
        ),
        case(
            "xpath-filter",
            "An XPath filter takes Subject out of what is signed: anybody can be put in.",
            format!("{enveloped}{filter}{exclusive}"),
            &without_subject,
        ),
        case(
            "xslt",
            "An XSLT transform makes whatever the sender likes of what is signed.",
            format!("{enveloped}{xslt}{exclusive}"),
            &whole,
        ),
        case(
            "base64",
            "A base64 transform: only the text is signed, not the elements.",
            format!(
                "{enveloped}{}",
                transform("http://www.w3.org/2000/09/xmldsig#base64")
            ),
            &whole,
        ),
        case(
            "inclusive",
            "Inclusive canonicalization: what is signed depends on what stands around it.",
            format!("{enveloped}{}", transform(INCLUSIVE)),
            &inclusive(),
        ),
        case(
            "with-comments",
            "Exclusive canonicalization with comments.",
            format!(
                "{enveloped}{}",
                transform("http://www.w3.org/2001/10/xml-exc-c14n#WithComments")
            ),
            &whole,
        ),
        case("none", "No transform at all.", String::new(), &inclusive()),
        case(
            "enveloped-only",
            "Only the enveloped-signature transform: inclusive canonicalization by default.",
            enveloped.clone(),
            &inclusive(),
        ),
        case(
            "exclusive-only",
            "Only canonicalization, so that the signature would sign itself.",
            exclusive.clone(),
            &whole,
        ),
        case(
            "reversed",
            "The two transforms in the other order.",
            format!("{exclusive}{enveloped}"),
            &whole,
        ),
        case(
            "third",
            "A third transform behind the two.",
            format!("{enveloped}{exclusive}{exclusive}"),
            &whole,
        ),
        case(
            "decrypt",
            "The decryption transform: what is signed is what comes out of decrypting.",
            format!(
                "{enveloped}{}{exclusive}",
                transform("http://www.w3.org/2002/07/decrypt#XML")
            ),
            &whole,
        ),
        refused(
            "04-c14n-inclusive",
            "SignedInfo itself is canonicalized inclusively.",
            signed_by(&inherited),
        ),
    ]
}

fn references() -> Vec<Case> {
    let of = |name: &str, why: &str, reference: &str, content: &str| {
        let message = over(content, |craft| craft.reference = reference.to_owned());
        refused(&format!("04-reference-{name}"), why, message)
    };
    let whole = content(&message(), "_response-1");
    let assertion = content(&message(), ID);
    let case = |name: &str, why: &str, reference: &str| of(name, why, reference, &assertion);
    let manifest =
        "<ds:Manifest xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"m\"></ds:Manifest>";
    vec![
        of(
            "empty",
            "URI=\"\" is the whole document, whatever that is where it is read.",
            " URI=\"\"",
            &whole,
        ),
        of(
            "xpointer-root",
            "An XPointer to the root.",
            " URI=\"#xpointer(/)\"",
            &whole,
        ),
        case(
            "xpointer-id",
            "An XPointer instead of the ID.",
            " URI=\"#xpointer(id('_assertion-1'))\"",
        ),
        case(
            "file",
            "A file of the hub's machine.",
            " URI=\"file:///etc/passwd\"",
        ),
        case(
            "http",
            "An address that the hub would have to fetch.",
            " URI=\"http://127.0.0.1:1/#_assertion-1\"",
        ),
        case(
            "other-case",
            "The ID in other letters.",
            " URI=\"#_Assertion-1\"",
        ),
        case(
            "type-manifest",
            "The Reference says that it is about a Manifest.",
            " Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\" URI=\"#_assertion-1\"",
        ),
        refused(
            "04-manifest",
            "The signature is about a Manifest, whose own references nobody must check.",
            over(manifest, |craft| {
                craft.reference = " URI=\"#m\"".to_owned();
                craft.transforms = transform(EXCLUSIVE);
                craft.after = format!("<ds:Object>{manifest}</ds:Object>");
            }),
        ),
    ]
}

/// What was signed, and changed since.
fn tampered() -> Vec<Case> {
    let message = signed_by(&idp());
    let changed = |name: &str, why: &str, from: &str, to: &str| {
        refused(&format!("04-changed-{name}"), why, swap(&message, from, to))
    };
    let digest = cut(&message, "<ds:DigestValue>", "</ds:DigestValue>").to_owned();
    vec![
        changed(
            "name",
            "The name was changed after signing.",
            "CN=Anna Eksempel",
            "CN=Borgmester",
        ),
        changed(
            "comment-end",
            "What was text became a comment after signing.",
            "Anna Eksempel",
            "Anna<!-- Eksempel-->",
        ),
        refused(
            "04-changed-with-digest",
            "The name was changed and the digest with it; only the signature's value was not.",
            {
                let other = swap(&message, "CN=Anna Eksempel", "CN=Borgmester");
                let bare = swap(&other, signature_of(&other), "");
                let content = cut(&bare, "<saml:Assertion", "</saml:Assertion>");
                let new = base64(&openssl::sha::sha256(content.as_bytes()));
                swap(
                    &other,
                    &digest,
                    &format!("<ds:DigestValue>{new}</ds:DigestValue>"),
                )
            },
        ),
        refused(
            "04-value-of-another-message",
            "The signature's value is that of another message of the same IdP.",
            {
                let other = plain(|_, a| a.id = "_assertion-0".to_owned());
                let value = cut(&other, "<ds:SignatureValue>", "</ds:SignatureValue>");
                swap(
                    &message,
                    cut(&message, "<ds:SignatureValue>", "</ds:SignatureValue>"),
                    value,
                )
            },
        ),
    ]
}

/// The Response's own signature: if it is there, it must be good.
fn outer() -> Vec<Case> {
    let inner = signed(&assertion(), &key(IDP_KEY));
    let outer = |craft: &Craft| {
        let message = around(&response(), &inner);
        let open = swap(&message, "</saml:Issuer>", "</saml:Issuer>@signature@");
        craft.sign(&open, "_response-1")
    };
    let forged = |name: &str, why: &str, message: String| answer(name, "IDP-R-006", why, message);
    let by = |name: &str| Craft::new("_response-1", key(name));
    vec![
        forged(
            "04-response-other-key",
            "A good assertion in a Response that the attacker signed: a bad signature is never as good as none.",
            outer(&by(ATTACKER_KEY)),
        ),
        forged(
            "04-response-sha1",
            "A good assertion in a Response signed with RSA and SHA-1.",
            outer(&Craft::by(
                "_response-1",
                key(IDP_KEY),
                SignatureAlgorithm::RsaPkcs1(Digest::Sha1),
            )),
        ),
        forged(
            "04-response-changed",
            "A good assertion in a Response that was changed after signing.",
            swap(
                &outer(&by(IDP_KEY)),
                "status:Success\"></samlp:StatusCode>",
                "status:Success\"></samlp:StatusCode><samlp:StatusMessage>x</samlp:StatusMessage>",
            ),
        ),
        forged(
            "04-response-reference-to-assertion",
            "The Response's signature is about the assertion in it.",
            {
                let message = around(&response(), &inner);
                Craft::new(ID, key(IDP_KEY)).sign(&open(&message), ID)
            },
        ),
        forged(
            "04-response-signed-only-badly",
            "Only the Response is signed, and by somebody else.",
            whole_by(&key(ATTACKER_KEY), |_, _| {}),
        ),
        answer(
            "04-assertion-badly-signed-in-good-response",
            "IDP-R-009",
            "The Response is signed well, and the assertion in it by somebody else: any bad signature refuses the message.",
            {
                let inner = signed(&assertion(), &key(ATTACKER_KEY));
                let message = around(&response(), &inner);
                by(IDP_KEY).sign(
                    &swap(&message, "</saml:Issuer>", "</saml:Issuer>@signature@"),
                    "_response-1",
                )
            },
        ),
    ]
}
