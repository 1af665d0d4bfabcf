//! The content key in its RSA envelope.

use super::KeyTransport;
use openssl::error::ErrorStack;
use openssl::pkey::{HasPrivate, HasPublic, PKeyRef};
use openssl::pkey_ctx::{PkeyCtx, PkeyCtxRef};
use openssl::rsa::Padding;

/// How an EncryptedKey was made; RSA-1_5 only for offline verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Envelope {
    Oaep(KeyTransport),
    Pkcs1v15,
}

impl Envelope {
    fn prepare<T>(self, context: &mut PkeyCtxRef<T>) -> Result<(), ErrorStack> {
        match self {
            Self::Oaep(transport) => {
                context.set_rsa_padding(Padding::PKCS1_OAEP)?;
                context.set_rsa_oaep_md(transport.digest.md())?;
                context.set_rsa_mgf1_md(transport.mgf.md())
            }
            // OpenSSL 3.2 and later answers bad padding with random bytes, which then fail like any wrong key.
            Self::Pkcs1v15 => context.set_rsa_padding(Padding::PKCS1),
        }
    }
}

pub(super) fn wrap<T: HasPublic>(
    key: &PKeyRef<T>,
    envelope: Envelope,
    content_key: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let mut context = PkeyCtx::new(key)?;
    context.encrypt_init()?;
    envelope.prepare(&mut context)?;
    let mut wrapped = Vec::new();
    context.encrypt_to_vec(content_key, &mut wrapped)?;
    Ok(wrapped)
}

pub(super) fn unwrap<T: HasPrivate>(
    key: &PKeyRef<T>,
    envelope: Envelope,
    wrapped: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let mut context = PkeyCtx::new(key)?;
    context.decrypt_init()?;
    envelope.prepare(&mut context)?;
    let mut content_key = Vec::new();
    context.decrypt_to_vec(wrapped, &mut content_key)?;
    Ok(content_key)
}
