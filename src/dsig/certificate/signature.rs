//! How a certificate is signed: by its issuer, which says nothing of what its own key signs.

use super::story::name;
use crate::dsig::der;
use openssl::nid::Nid;
use openssl::x509::X509Ref;

/// How a certificate is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureStory {
    /// RSASSA-PSS (RFC 4055 §3.1).
    RsaPss {
        /// Digest.
        digest: String,
        /// Digest of MGF1.
        mgf: String,
        /// Bytes of salt.
        salt: u64,
    },
    /// Another algorithm, by OpenSSL's name.
    Other(String),
}

/// Of a certificate and its DER.
pub(super) fn read(x509: &X509Ref, der: &[u8]) -> SignatureStory {
    let algorithm = x509.signature_algorithm().object();
    if algorithm.nid() == Nid::RSASSAPSS {
        return pss(der).unwrap_or_else(|| SignatureStory::Other("RSASSA-PSS".to_owned()));
    }
    SignatureStory::Other(match algorithm.nid() {
        Nid::UNDEF => algorithm.to_string(),
        nid => name(Some(nid)),
    })
}

/// `RSASSA-PSS-params` of the outer AlgorithmIdentifier (RFC 4055 §3.1); what is absent is SHA-1, MGF1 with
/// SHA-1, and 20.
fn pss(certificate: &[u8]) -> Option<SignatureStory> {
    let algorithm = der::read(certificate)?.sequence()?.nth(1)?;
    let parameters = algorithm.sequence()?.nth(1)?.sequence()?;
    let (mut digest, mut mgf, mut salt) = ("SHA-1".to_owned(), "SHA-1".to_owned(), 20);
    for parameter in parameters {
        let value = parameter.children().next()?;
        match parameter.tag {
            tag if tag == der::context(0) => digest = digest_name(value)?,
            tag if tag == der::context(1) => mgf = digest_name(value.sequence()?.nth(1)?)?,
            tag if tag == der::context(2) => {
                salt = (value.content.iter()).try_fold(0_u64, |sum, byte| {
                    sum.checked_mul(256)?.checked_add(u64::from(*byte))
                })?;
            }
            _ => {}
        }
    }
    Some(SignatureStory::RsaPss { digest, mgf, salt })
}

fn digest_name(algorithm: der::Value<'_>) -> Option<String> {
    let oid = algorithm.sequence()?.next()?.dotted()?;
    Some(match oid.as_str() {
        "1.3.14.3.2.26" => "SHA-1".to_owned(),
        "2.16.840.1.101.3.4.2.1" => "SHA-256".to_owned(),
        "2.16.840.1.101.3.4.2.2" => "SHA-384".to_owned(),
        "2.16.840.1.101.3.4.2.3" => "SHA-512".to_owned(),
        _ => oid,
    })
}
