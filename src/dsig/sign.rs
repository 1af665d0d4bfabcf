//! Signing what our own writer wrote.

use super::SigningKey;
use crate::xml::{Canonical, Element};

/// Where the signature goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// After the first child, `saml:Issuer`: messages and assertions.
    AfterIssuer,
    /// Before all children: metadata.
    First,
}

/// Renders `element`, which has an `ID` attribute, and puts an enveloped signature over it in `place`.
/// The certificate of the key is shown in KeyInfo.
pub fn sign(element: &Element, id: &str, place: Place, key: &SigningKey) -> Canonical {
    let _ = (element, id, place, key);
    todo!()
}
