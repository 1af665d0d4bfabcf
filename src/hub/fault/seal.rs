//! Signatures that the hub's own signer does not make.

use super::text::swap;
use crate::dsig::{Certificate, Digest, SignatureAlgorithm, SigningKey, base64};
use crate::xml::{DS, Document, Element, Node, canonical};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;

const HMAC_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// How a signature is made.
pub(super) struct Hand<'a> {
    by: By<'a>,
    shows: Option<&'a Certificate>,
}

enum By<'a> {
    Key(&'a SigningKey),
    Sha1(SigningKey),
    /// Keyed with what everybody knows: the public key in PEM.
    Hmac(&'a SigningKey),
}

impl<'a> Hand<'a> {
    /// By this key, which shows its certificate.
    pub(super) fn of(key: &'a SigningKey) -> Self {
        Self {
            by: By::Key(key),
            shows: key.certificate(),
        }
    }
    /// The same, showing another certificate, or none.
    pub(super) fn showing(self, certificate: Option<&'a Certificate>) -> Self {
        Self {
            shows: certificate,
            ..self
        }
    }
    /// By this key, with SHA-1.
    pub(super) fn with_sha1(key: &'a SigningKey) -> Self {
        let sha1 = SignatureAlgorithm::RsaPkcs1(Digest::Sha1);
        let by = key.clone().with_algorithm(sha1);
        Self {
            // A key on a curve has no such algorithm; the hub's are RSA.
            by: by.map_or(By::Key(key), By::Sha1),
            shows: key.certificate(),
        }
    }
    /// With an HMAC whose secret is the public half of this key.
    pub(super) fn hmac(key: &'a SigningKey) -> Self {
        Self {
            by: By::Hmac(key),
            shows: key.certificate(),
        }
    }

    fn method(&self) -> &'static str {
        match &self.by {
            By::Key(key) => key.algorithm().uri(),
            By::Sha1(key) => key.algorithm().uri(),
            By::Hmac(_) => HMAC_SHA256,
        }
    }

    fn digest(&self) -> Digest {
        match &self.by {
            By::Key(key) => key.algorithm().digest(),
            By::Sha1(_) => Digest::Sha1,
            By::Hmac(_) => Digest::Sha256,
        }
    }

    fn value(&self, octets: &[u8]) -> Vec<u8> {
        match &self.by {
            By::Key(key) => key.sign_octets(octets),
            By::Sha1(key) => key.sign_octets(octets),
            By::Hmac(key) => hmac(key, octets).expect("OpenSSL has HMAC"),
        }
    }

    /// Signs the element with this `ID`: its text with the signature behind Issuer. What cannot be read stays as it is.
    pub(super) fn sign(&self, text: &str, id: &str) -> String {
        let Some(digest) = digest_of(text, id, self.digest()) else {
            return text.to_owned();
        };
        let signed_info = self.signed_info(id, &digest);
        let octets = signed_info.render();
        let value = self.value(octets.as_bytes());
        let shown = self.shows.map(|certificate| {
            let certificate = Element::new(DS, "X509Certificate").text(certificate.to_base64());
            Element::new(DS, "KeyInfo").child(Element::new(DS, "X509Data").child(certificate))
        });
        let signature = Element::new(DS, "Signature")
            .child(signed_info)
            .child(Element::new(DS, "SignatureValue").text(base64::encode(&value)))
            .child_opt(shown);
        behind_issuer(text, signature.render().as_str())
    }

    fn signed_info(&self, id: &str, digest: &str) -> Element {
        let method = |name, uri: &'static str| Element::new(DS, name).attr("Algorithm", uri);
        let transforms = Element::new(DS, "Transforms")
            .child(method("Transform", ENVELOPED))
            .child(method("Transform", EXCLUSIVE));
        let reference = Element::new(DS, "Reference")
            .attr("URI", format!("#{id}"))
            .child(transforms)
            .child(method("DigestMethod", self.digest().uri()))
            .child(Element::new(DS, "DigestValue").text(digest.to_owned()));
        Element::new(DS, "SignedInfo")
            .child(method("CanonicalizationMethod", EXCLUSIVE))
            .child(method("SignatureMethod", self.method()))
            .child(reference)
    }
}

/// The digest of the element with this `ID`, in base64.
pub(super) fn digest_of(text: &str, id: &str, digest: Digest) -> Option<String> {
    let document = Document::parse(text.as_bytes()).ok()?;
    let root = document.root();
    let mut all = std::iter::once(root).chain(root.descendants());
    let element: Node<'_> = all.find(|node| node.attribute("ID") == Some(id))?;
    let signature = element.child(DS, "Signature");
    let content = canonical(element, signature, &[]);
    let value = digest.of(content.as_bytes()).ok()?;
    Some(base64::encode(&value))
}

/// Behind the first Issuer, whatever its prefix.
fn behind_issuer(text: &str, signature: &str) -> String {
    for end in ["</saml:Issuer>", "</a2:Issuer>"] {
        if text.contains(end) {
            return swap(text, end, &[end, signature].concat());
        }
    }
    text.to_owned()
}

fn hmac(key: &SigningKey, octets: &[u8]) -> Result<Vec<u8>, openssl::error::ErrorStack> {
    let public = key.public().pkey().public_key_to_pem()?;
    let secret = PKey::hmac(&public)?;
    Signer::new(MessageDigest::sha256(), &secret)?.sign_oneshot_to_vec(octets)
}
