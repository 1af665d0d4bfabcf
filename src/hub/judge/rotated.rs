//! A key that was rotated out is no key: it accepts nothing. It is tried only after every registered key has failed,
//! so that the refusal can call it by its name.

use crate::dsig::{Certificate, PublicKey, SignatureError};

/// What to say of a signature that no registered key made. `verifies` tries it with one former key.
pub(super) fn name(
    error: &SignatureError,
    former: &[PublicKey],
    verifies: impl Fn(&PublicKey) -> bool,
) -> String {
    let made_it = match error {
        SignatureError::Value => former.iter().find(|key| verifies(key)),
        _ => None,
    };
    let Some(key) = made_it else {
        return error.to_string();
    };
    let subject = key.certificate().map(Certificate::subject);
    let id = key.key_id();
    format!(
        "signed with a key that was rotated out: {} (key {})",
        subject.unwrap_or_default(),
        id.get(..16).unwrap_or(&id)
    )
}
