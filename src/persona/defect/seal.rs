//! A signature as careless software takes it apart, to look at some of it.

use crate::dsig::{Certificate, Digest, Policy, PublicKey, base64, verify_query};
use crate::xml::{DS, Node, canonical};
use openssl::hash::MessageDigest;
use openssl::memcmp;
use openssl::pkey::PKey;
use openssl::rsa::Padding;
use openssl::sign::Signer;

const HMAC_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";

/// The parts of a signature. Nothing of it is verified.
pub struct Pieces<'d> {
    info: Node<'d>,
    method: &'d str,
    uri: &'d str,
    digest: Digest,
    digest_value: Vec<u8>,
    /// SignatureValue.
    pub value: Vec<u8>,
    /// The certificate in KeyInfo.
    pub shown: Option<Certificate>,
}

impl<'d> Pieces<'d> {
    /// The signature that an element carries.
    pub fn of(element: Node<'d>) -> Option<Self> {
        let signature = element.child(DS, "Signature")?;
        let info = signature.child(DS, "SignedInfo")?;
        let reference = info.child(DS, "Reference")?;
        let algorithm = |node: Node<'d>, name| node.child(DS, name)?.attribute("Algorithm");
        let bytes = |node: Node<'d>, name| base64::decode(&node.child(DS, name)?.text()?);
        let certificate = || {
            let data = signature.child(DS, "KeyInfo")?.child(DS, "X509Data")?;
            let text = data.child(DS, "X509Certificate")?.text()?;
            Certificate::from_base64(&text).ok()
        };
        Some(Self {
            info,
            method: algorithm(info, "SignatureMethod")?,
            uri: reference.attribute("URI")?,
            digest: Digest::from_uri(algorithm(reference, "DigestMethod")?)?,
            digest_value: bytes(reference, "DigestValue")?,
            value: bytes(signature, "SignatureValue")?,
            shown: certificate(),
        })
    }

    /// The ID that it refers to.
    pub fn refers_to(&self) -> Option<&'d str> {
        self.uri.strip_prefix('#')
    }

    /// Whether its digest is that of `element`, without `signature`.
    pub fn fits(&self, element: Node<'_>, signature: Option<Node<'_>>) -> bool {
        let content = canonical(element, signature, &[]);
        let digest = self.digest.of(content.as_bytes());
        digest.is_ok_and(|digest| {
            digest.len() == self.digest_value.len() && memcmp::eq(&digest, &self.digest_value)
        })
    }

    /// Whether its digest is that of the element that carries it.
    pub fn fits_its_own(&self, element: Node<'_>) -> bool {
        self.refers_to() == element.attribute("ID")
            && self.fits(element, element.child(DS, "Signature"))
    }

    /// Whether one of these keys made its value.
    pub fn made_by(&self, keys: &[PublicKey]) -> bool {
        let octets = canonical(self.info, None, &[]);
        let (octets, value) = (octets.as_bytes(), &self.value);
        verify_query(octets, self.method, value, keys, Policy::Modern).is_ok()
    }

    /// Whether its value is one that one of these RSA keys made, of whatever: its padding is right.
    pub fn opens_with(&self, keys: &[PublicKey]) -> bool {
        keys.iter().any(|key| {
            let Ok(rsa) = key.pkey().rsa() else {
                return false;
            };
            let mut room = vec![0; rsa.size() as usize];
            let opened = rsa.public_decrypt(&self.value, &mut room, Padding::PKCS1);
            opened.is_ok()
        })
    }

    /// Whether its value is an HMAC that anybody could make who has one of these keys: what an HMAC is keyed with is whatever
    /// the software has at hand, and that is PEM or DER.
    pub fn is_hmac_with(&self, keys: &[PublicKey]) -> bool {
        let octets = canonical(self.info, None, &[]);
        let fits = |secret: &[u8]| {
            let signer = PKey::hmac(secret);
            let made = signer.and_then(|secret| {
                Signer::new(MessageDigest::sha256(), &secret)?
                    .sign_oneshot_to_vec(octets.as_bytes())
            });
            made.is_ok_and(|made| made == self.value)
        };
        self.method == HMAC_SHA256
            && keys.iter().any(|key| {
                let (pem, der) = (
                    key.pkey().public_key_to_pem(),
                    key.pkey().public_key_to_der(),
                );
                [pem, der].into_iter().flatten().any(|secret| fits(&secret))
            })
    }
}
