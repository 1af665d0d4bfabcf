//! Checks that careless software does not make, or not quite.

use crate::config::Defect;
use crate::hub::Check;
use crate::hub::judge::Expected;
use crate::saml::assertion::{Conditions, SubjectConfirmation};
use crate::saml::{Assertion, names};

/// The message about which something was found.
pub struct Scene<'a> {
    /// Its assertion, which is signed well.
    pub assertion: &'a Assertion,
    /// InResponseTo of the Response.
    pub answers: Option<&'a str>,
    /// Whether the assertion was encrypted.
    pub encrypted: bool,
    /// What the system expects.
    pub expected: &'a Expected<'a>,
}

/// Whether software with this defect does not mind that `check` fails.
pub fn excuses(defect: Defect, check: Check, scene: &Scene<'_>) -> bool {
    use Check as C;
    use Defect as D;
    match (defect, check) {
        (D::IgnoresConditionsEnd, C::ConditionsNotOnOrAfter)
        | (D::IgnoresNotBefore, C::ConditionsNotBefore)
        | (D::IgnoresDestination, C::ResponseDestination)
        | (D::IgnoresAssertionIssuer, C::AssertionIssuer)
        | (D::IgnoresResponseIssuer, C::ResponseIssuer)
        | (D::IgnoresVersion, C::ResponseVersion)
        | (D::IgnoresUnknownConditions, C::UnknownCondition)
        | (D::IgnoresSessionEnd, C::SessionNotOnOrAfter)
        // Of a message that could be read, the strict system says by this row that it will not hear its Extensions.
        | (D::ReadsUnsignedLevel, C::ResponseReadable) => true,
        (D::AcceptsPlain, C::Decryption) => !scene.encrypted,
        (D::IgnoresConfirmationEnd, C::ConfirmationTime) => {
            let confirmation = scene.confirmation();
            confirmation.is_some_and(|one| one.not_before.is_none() && one.not_on_or_after.is_some())
        }
        (_, C::Audience) => audience(defect, scene),
        (_, C::ConfirmationRecipient) => recipient(defect, scene),
        (_, C::ResponseInResponseTo | C::ConfirmationInResponseTo) => answers(defect, check, scene),
        (D::IgnoresConfirmationMethod, C::SubjectConfirmation) => {
            !scene.assertion.confirmations.is_empty()
        }
        (D::AcceptsNoConfirmation, C::SubjectConfirmation) => {
            scene.assertion.confirmations.is_empty()
        }
        (D::AcceptsNoAuthnStatement, C::AuthnStatement) => {
            scene.assertion.authn_statements.is_empty()
        }
        (D::AcceptsNoNameId, C::SubjectNamed) => scene.assertion.name_id.is_none(),
        _ => false,
    }
}

fn audience(defect: Defect, scene: &Scene<'_>) -> bool {
    let conditions: Option<&Conditions> = scene.assertion.conditions.as_ref();
    let Some(conditions) = conditions else {
        return defect == Defect::AcceptsNoConditions;
    };
    let restrictions = conditions.audience_restrictions.as_slice();
    let ours = |audiences: &Vec<String>| {
        let mut audiences = audiences.iter();
        audiences.any(|audience| Some(audience.as_str()) == scene.expected.audience)
    };
    match defect {
        Defect::AcceptsNoAudience => restrictions.is_empty(),
        Defect::IgnoresAudience => restrictions.len() == 1,
        Defect::OneRestrictionSuffices => restrictions.iter().any(ours),
        _ => false,
    }
}

fn recipient(defect: Defect, scene: &Scene<'_>) -> bool {
    let Some(confirmation) = scene.confirmation() else {
        return false;
    };
    let begins = |stated: &str| {
        scene
            .expected
            .acs
            .is_some_and(|acs| stated.starts_with(acs))
    };
    match (defect, confirmation.recipient.as_deref()) {
        (Defect::AcceptsNoRecipient, None) => true,
        (Defect::IgnoresRecipient, Some(stated)) => !begins(stated),
        (Defect::ComparesRecipientLoosely, Some(stated)) => begins(stated),
        _ => false,
    }
}

fn answers(defect: Defect, check: Check, scene: &Scene<'_>) -> bool {
    let confirmation = scene.confirmation();
    let inner = confirmation.and_then(|one| one.in_response_to.as_deref());
    match defect {
        Defect::IgnoresInResponseTo => inner.is_some() && inner == scene.answers,
        Defect::AcceptsUnsolicited => inner.is_none() && scene.answers.is_none(),
        Defect::IgnoresConfirmationInResponseTo => {
            check == Check::ConfirmationInResponseTo && inner.is_some()
        }
        _ => false,
    }
}

impl Scene<'_> {
    /// The confirmation that the rows are about.
    fn confirmation(&self) -> Option<&SubjectConfirmation> {
        let mut all = self.assertion.confirmations.iter();
        all.find(|one| one.method == names::BEARER)
    }
}
