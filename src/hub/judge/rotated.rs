//! Whose key made a signature that no registered key made, as far as it can be told. Nothing is accepted here: a key that was
//! rotated out is no key, and a certificate in a message proves nothing. Both are looked at only after every registered key
//! has failed, so that the refusal can call them by name.

use crate::dsig::{Certificate, PublicKey, SignatureError};
use crate::saml::time as saml_time;
use crate::xml::{DS, Node};
use time::OffsetDateTime;

/// What a row says first of a signature that no registered key made.
pub const NO_REGISTERED_KEY: &str = "no registered key made this signature";
/// How a row begins that a key was found for which was registered before.
pub const ROTATED_OUT: &str = "signed with a key that was rotated out: ";
/// What a row says of a certificate in the message that has expired.
pub const EXPIRED: &str = ", which expired ";

/// What to say of a signature that no registered key made. `verifies` tries it with one former key; `signed` is the
/// element with the signature, which may name a certificate.
pub(super) fn name(
    error: &SignatureError,
    former: &[PublicKey],
    verifies: impl Fn(&PublicKey) -> bool,
    signed: Option<Node<'_>>,
    now: Option<OffsetDateTime>,
) -> String {
    let made_it = match error {
        SignatureError::Value => former.iter().find(|key| verifies(key)),
        _ => None,
    };
    let Some(key) = made_it else {
        let named = signed.filter(|_| *error == SignatureError::Value);
        return match named.and_then(claimed) {
            Some(certificate) => format!("{error}; the message names {}", told(&certificate, now)),
            None => error.to_string(),
        };
    };
    let subject = key.certificate().map(Certificate::subject);
    let id = key.key_id();
    format!(
        "{ROTATED_OUT}{} (key {})",
        subject.unwrap_or_default(),
        id.get(..16).unwrap_or(&id)
    )
}

/// The certificate that the signature of an element names.
fn claimed(signed: Node<'_>) -> Option<Certificate> {
    let signature = signed.child(DS, "Signature")?;
    let data = signature.child(DS, "KeyInfo")?.child(DS, "X509Data")?;
    let certificate = data.child(DS, "X509Certificate")?;
    Certificate::from_base64(&certificate.text()?).ok()
}

fn told(certificate: &Certificate, now: Option<OffsetDateTime>) -> String {
    let subject = certificate.subject();
    let end = certificate.not_after();
    match now {
        Some(now) if end <= now => format!("{subject}{EXPIRED}{}", saml_time::format(end)),
        _ => format!("{subject}, which is not registered"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_verdict_looks_for_is_what_the_error_says() {
        assert_eq!(SignatureError::Value.to_string(), NO_REGISTERED_KEY);
    }
}
