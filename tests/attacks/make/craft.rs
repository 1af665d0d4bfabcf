//! Signatures that the project's own signer refuses to make, and surgery on messages.

use openssl::hash::{MessageDigest, hash};
use openssl::pkey::PKey;
use openssl::sign::Signer;
use vejviser::dsig::{SignatureAlgorithm, SigningKey};
use vejviser::xml::{Document, canonical};

pub const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
pub const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Stands in a message where the signature goes.
pub const HERE: &str = "@signature@";

pub fn base64(bytes: &[u8]) -> String {
    openssl::base64::encode_block(bytes)
}

/// `text` with one thing replaced, which must be there.
pub fn swap(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "«{from}» is not in {text}");
    text.replacen(from, to, 1)
}

/// What stands between two marks, marks included.
pub fn cut<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let start = text.find(from).unwrap_or_else(|| panic!("no {from}"));
    let end = text[start..].find(to).unwrap_or_else(|| panic!("no {to}"));
    &text[start..start + end + to.len()]
}

/// The first signature of a message.
pub fn signature_of(text: &str) -> &str {
    cut(text, "<ds:Signature ", "</ds:Signature>")
}

pub fn transform(algorithm: &str) -> String {
    format!("<ds:Transform Algorithm=\"{algorithm}\"></ds:Transform>")
}

type Make = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A signature, each part of which can be another one.
pub struct Craft {
    pub canonicalization: String,
    pub method: String,
    pub reference: String,
    pub transforms: String,
    pub digest_method: String,
    pub digest: MessageDigest,
    /// Namespace declarations around the signature, which inclusive canonicalization repeats in SignedInfo.
    pub inherited: String,
    /// Behind the Reference.
    pub more: String,
    /// Behind SignatureValue.
    pub after: String,
    make: Make,
}

impl Craft {
    /// What the project's own signer makes.
    pub fn new(id: &str, key: SigningKey) -> Self {
        Self {
            canonicalization: EXCLUSIVE.to_owned(),
            method: RSA_SHA256.to_owned(),
            reference: format!(" URI=\"#{id}\""),
            transforms: transform(ENVELOPED) + &transform(EXCLUSIVE),
            digest_method: SHA256.to_owned(),
            digest: MessageDigest::sha256(),
            inherited: String::new(),
            more: String::new(),
            after: String::new(),
            make: Box::new(move |octets| key.sign_octets(octets)),
        }
    }

    /// With an algorithm of the crate's, allowed or not.
    pub fn by(id: &str, key: SigningKey, algorithm: SignatureAlgorithm) -> Self {
        Self {
            method: algorithm.uri().to_owned(),
            ..Self::new(id, key.with_algorithm(algorithm).unwrap())
        }
    }

    /// With an HMAC, keyed by what everybody knows.
    pub fn hmac(id: &str, secret: &[u8], digest: MessageDigest, method: &str) -> Self {
        let secret = PKey::hmac(secret).unwrap();
        let make = move |octets: &[u8]| {
            let mut signer = Signer::new(digest, &secret).unwrap();
            signer.sign_oneshot_to_vec(octets).unwrap()
        };
        Self::made(id, method, Box::new(make))
    }

    /// With a fixed value.
    pub fn value(id: &str, method: &str, value: Vec<u8>) -> Self {
        Self::made(id, method, Box::new(move |_| value.clone()))
    }

    /// With PKCS #1 and a digest that the crate does not have.
    pub fn pkcs1(id: &str, pem: &[u8], digest: MessageDigest, method: &str) -> Self {
        let key = PKey::private_key_from_pem(pem).unwrap();
        let make = move |octets: &[u8]| {
            let mut signer = Signer::new(digest, &key).unwrap();
            signer.sign_oneshot_to_vec(octets).unwrap()
        };
        Self::made(id, method, Box::new(make))
    }

    fn made(id: &str, method: &str, make: Make) -> Self {
        let nobody = super::party::key(super::party::ATTACKER_KEY);
        Self {
            method: method.to_owned(),
            make,
            ..Self::new(id, nobody)
        }
    }

    /// Digests `content`, whatever the Reference says, and signs.
    pub fn over(&self, content: &[u8]) -> String {
        let digest = base64(&hash(self.digest, content).unwrap());
        let (canonicalization, method) = (&self.canonicalization, &self.method);
        // `method` may bring parameters of its own behind its URI.
        let (method, parameters) = method.split_once('|').unwrap_or((method, ""));
        let transforms = match self.transforms.as_str() {
            "" => String::new(),
            list => format!("<ds:Transforms>{list}</ds:Transforms>"),
        };
        let signed_info = format!(
            "<ds:SignedInfo xmlns:ds=\"{DS}\">\
             <ds:CanonicalizationMethod Algorithm=\"{canonicalization}\"></ds:CanonicalizationMethod>\
             <ds:SignatureMethod Algorithm=\"{method}\">{parameters}</ds:SignatureMethod>\
             <ds:Reference{}>{transforms}<ds:DigestMethod Algorithm=\"{}\"></ds:DigestMethod>\
             <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>{}</ds:SignedInfo>",
            self.reference, self.digest_method, self.more,
        );
        // What is signed is the canonical form, whichever algorithm the message claims for it.
        let document = Document::parse(signed_info.as_bytes()).unwrap();
        let octets = canonical(document.root(), None, &[]);
        let declared = format!("<ds:SignedInfo xmlns:ds=\"{DS}\"");
        let octets = swap(
            &octets,
            &declared,
            &[&declared, self.inherited.as_str()].concat(),
        );
        let value = base64(&(self.make)(octets.as_bytes()));
        format!(
            "<ds:Signature xmlns:ds=\"{DS}\">{signed_info}\
             <ds:SignatureValue>{value}</ds:SignatureValue>{}</ds:Signature>",
            self.after
        )
    }

    /// Signs the element `id` of a message, in which [`HERE`] stands for the signature.
    pub fn sign(&self, message: &str, id: &str) -> String {
        let content = content(message, id);
        message.replacen(HERE, &self.over(content.as_bytes()), 1)
    }
}

/// The canonical form of the element `id` of a message, without the signature that goes [`HERE`].
pub fn content(message: &str, id: &str) -> String {
    let bare = swap(message, HERE, "");
    let document = Document::parse(bare.as_bytes()).unwrap();
    let root = document.root();
    let element = std::iter::once(root)
        .chain(root.descendants())
        .find(|node| node.attribute("ID") == Some(id))
        .unwrap_or_else(|| panic!("no element {id}"));
    canonical(element, None, &[])
}

/// An assertion's XML with [`HERE`] behind its Issuer.
pub fn open(assertion: &str) -> String {
    swap(assertion, "</saml:Issuer>", "</saml:Issuer>@signature@")
}
