//! Signatures over octets, in the form XML and the query string carry them.

use super::algorithm::SignatureAlgorithm;
use super::key::Kind;
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer, Verifier};

/// Signs; an ECDSA value comes out as r‖s.
pub(super) fn sign(
    key: &PKey<Private>,
    kind: Kind,
    algorithm: SignatureAlgorithm,
    octets: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let digest = algorithm.digest().message_digest();
    let mut signer = Signer::new(digest, key)?;
    if let SignatureAlgorithm::RsaPss(_) = algorithm {
        signer.set_rsa_padding(Padding::PKCS1_PSS)?;
        signer.set_rsa_mgf1_md(digest)?;
        signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
    }
    let value = signer.sign_oneshot_to_vec(octets)?;
    match algorithm {
        SignatureAlgorithm::Ecdsa(_) => {
            let length = kind.coordinate_len() as i32;
            let value = EcdsaSig::from_der(&value)?;
            let (r, s) = (
                value.r().to_vec_padded(length)?,
                value.s().to_vec_padded(length)?,
            );
            Ok([r, s].concat())
        }
        _ => Ok(value),
    }
}

/// Whether `key` made `value` over `octets`. Errors of OpenSSL are a no.
pub(super) fn verify(
    key: &PKey<Public>,
    kind: Kind,
    algorithm: SignatureAlgorithm,
    octets: &[u8],
    value: &[u8],
) -> bool {
    match algorithm {
        SignatureAlgorithm::Ecdsa(_) => match to_der(value, kind.coordinate_len()) {
            Some(der) => verify_value(key, algorithm, octets, &der),
            None => false,
        },
        _ => verify_value(key, algorithm, octets, value),
    }
}

/// Like [`verify`] with `value` in the form OpenSSL has: DER for ECDSA.
pub(super) fn verify_value(
    key: &PKey<Public>,
    algorithm: SignatureAlgorithm,
    octets: &[u8],
    value: &[u8],
) -> bool {
    let check = || -> Result<bool, ErrorStack> {
        if let SignatureAlgorithm::RsaPkcs1(digest) = algorithm {
            // What nearly everyone sends, with less of OpenSSL between the octets and the arithmetic.
            let hashed = digest.of(octets)?;
            let mut context = PkeyCtx::new(key)?;
            context.verify_init()?;
            context.set_rsa_padding(Padding::PKCS1)?;
            context.set_signature_md(digest.md())?;
            return context.verify(&hashed, value);
        }
        let digest = algorithm.digest().message_digest();
        let mut verifier = Verifier::new(digest, key)?;
        if let SignatureAlgorithm::RsaPss(_) = algorithm {
            verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
            verifier.set_rsa_mgf1_md(digest)?;
            verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        }
        verifier.verify_oneshot(value, octets)
    };
    // A dropped ErrorStack has emptied OpenSSL's queue, so nothing of it turns up in a later call.
    check().unwrap_or(false)
}

fn to_der(value: &[u8], coordinate: usize) -> Option<Vec<u8>> {
    if value.len() != 2 * coordinate || coordinate == 0 {
        return None;
    }
    let (r, s) = value.split_at(coordinate);
    let (r, s) = (BigNum::from_slice(r).ok()?, BigNum::from_slice(s).ok()?);
    EcdsaSig::from_private_components(r, s).ok()?.to_der().ok()
}
