//! What a certificate of the Danish public certificates (OCES) says by its names and policies. A name proves
//! nothing: no chain is verified here.

use super::Story;

/// What kind of holder a subject's serialNumber names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// OCES3 `UI:DK-O:G:<uuid>`: an organisation or one of its systems; the certificate does not tell which.
    Organisation,
    /// OCES3 `UI:DK-E:G:<uuid>`: an employee. Not for systems.
    Employee,
    /// OCES2 (out of use since 2023), `CVR:…-UID:…` or `CVR:…-FID:…`: an organisation or a function of it.
    Oces2Organisation,
    /// OCES2 `CVR:…-RID:…`: an employee. Not for systems.
    Oces2Employee,
    /// Anything else, or no serialNumber.
    Other,
}

/// Whose name the issuer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Den Danske Stat's issuing CAs for OCES3.
    Oces3,
    /// The same in the test environment (`OU=Test - cti`).
    Oces3Test,
    /// Itself: the subject is the issuer, and its own key made the signature.
    SelfSigned,
    /// Somebody else.
    Other,
}

/// Policy of OCES certificates for organisations and systems, version 7 (OCES3).
pub const OCES3_ORGANISATION_POLICY: &str = "1.2.208.169.1.1.1.3.7";

impl Story {
    /// The kind of holder.
    pub fn holder(&self) -> Holder {
        let Some(serial) = self.subject_part("serialNumber") else {
            return Holder::Other;
        };
        let oces2 = serial.strip_prefix("CVR:");
        match oces2.and_then(|rest| rest.split_once('-')) {
            Some((_, id)) if id.starts_with("UID:") || id.starts_with("FID:") => {
                Holder::Oces2Organisation
            }
            Some((_, id)) if id.starts_with("RID:") => Holder::Oces2Employee,
            _ if serial.starts_with("UI:DK-O:G:") => Holder::Organisation,
            _ if serial.starts_with("UI:DK-E:G:") => Holder::Employee,
            _ => Holder::Other,
        }
    }

    /// The CVR number: of organizationIdentifier (`NTRDK-<cvr>`, ETSI EN 319 412-1 §5.1.4) in OCES3, of the
    /// serialNumber (`CVR:<cvr>-…`) in OCES2.
    pub fn cvr(&self) -> Option<&str> {
        let new = self
            .subject_part("organizationIdentifier")
            .and_then(|id| id.strip_prefix("NTRDK-"));
        new.or_else(|| {
            let old = self.subject_part("serialNumber")?.strip_prefix("CVR:")?;
            old.split('-').next()
        })
    }

    /// Whose name the issuer has.
    pub fn origin(&self) -> Origin {
        if self.self_signed {
            return Origin::SelfSigned;
        }
        let is = |name: &str, value: &str| {
            (self.issuer.iter()).any(|(of, found)| of == name && found == value)
        };
        match is("O", "Den Danske Stat") {
            true if is("OU", "Test - cti") => Origin::Oces3Test,
            true => Origin::Oces3,
            false => Origin::Other,
        }
    }

    /// Whether it carries the policy of OCES3 for organisations and systems, or the one below it that the test
    /// environment uses (`….7.1`).
    pub fn has_oces3_policy(&self) -> bool {
        self.policies.iter().any(|policy| {
            policy
                .strip_prefix(OCES3_ORGANISATION_POLICY)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}
