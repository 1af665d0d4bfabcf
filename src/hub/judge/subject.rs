//! Whom the assertion names, in any federation.

use super::Expected;
use crate::dsig;
use crate::hub::{Check, Report};
use crate::saml::Assertion;
use crate::saml::assertion::NameId;
use crate::xml::{Node, SAML, beginning};

/// The row of the name, and the name itself where it was encrypted (SAML core §2.2.4). Only a signed one is
/// decrypted: nothing may be learned from trying others.
pub(super) fn named(
    element: Node<'_>,
    trusted: bool,
    assertion: &mut Assertion,
    expected: &Expected<'_>,
    report: &mut Report,
) {
    let subject = element.child(SAML, "Subject");
    let encrypted = subject.and_then(|subject| subject.child(SAML, "EncryptedID"));
    let found = match encrypted {
        None => None,
        Some(_) if !trusted => {
            return report.skip(Check::SubjectNamed, "an EncryptedID that nobody signed");
        }
        Some(encrypted) => match decrypted(encrypted, expected) {
            Ok(name) => {
                assertion.name_id = Some(name);
                None
            }
            Err(error) => Some(format!("EncryptedID: {error}")),
        },
    };
    let name = assertion.name_id.as_ref().map(|name| name.value.as_str());
    let found = found.or_else(|| name.map(beginning));
    report.require(
        Check::SubjectNamed,
        name.is_some_and(|name| !name.trim().is_empty()),
        found.unwrap_or_else(|| "no NameID".to_owned()),
        "a NameID",
    );
}

fn decrypted(encrypted: Node<'_>, expected: &Expected<'_>) -> Result<NameId, dsig::DecryptError> {
    let decrypted = dsig::decrypt(encrypted, expected.decryption_keys, expected.encryption)?;
    let root = decrypted.document.root();
    if !root.is(SAML, "NameID") {
        return Err(dsig::DecryptError::Failed);
    }
    NameId::read(root).map_err(|_| dsig::DecryptError::Failed)
}
