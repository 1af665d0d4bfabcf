//! Good messages that careless software cannot cope with: it was made for the first answer that its developer saw.

use super::wire::{Seal, Wire};
use crate::config::Defect;
use crate::hub::Check;
use crate::hub::judge::Expected;
use crate::oiosaml::attributes::{CVR_2, CVR_3, EMAIL_2, EMAIL_3, KOMBIT_SPEC_VER};
use crate::persona::issued;
use crate::persona::system::System;
use crate::saml::Assertion;
use crate::xml::{DS, Node};
use time::Duration;

/// How software stumbles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stumble {
    /// It refuses the login, by this check: over what.
    Over(Check, &'static str),
    /// It breaks, and the user sees a server error.
    Breaks,
}

/// What fits into its cookie.
const FEW_ROLES: usize = 20;
/// What two clocks in one room may differ.
const HARDLY: Duration = Duration::seconds(5);
const TIMES: [&str; 5] = [
    "IssueInstant",
    "NotBefore",
    "NotOnOrAfter",
    "AuthnInstant",
    "SessionNotOnOrAfter",
];

/// What software with this defect stumbles over in a message that is good.
pub fn stumble(
    defect: Defect,
    system: &System,
    assertion: &Assertion,
    wire: &Wire,
    expected: &Expected<'_>,
) -> Option<Stumble> {
    let over = |check, found| Some(Stumble::Over(check, found));
    let stumbles = match defect {
        Defect::LogsNobodyIn => over(Check::AssertionReadable, "an answer"),
        Defect::OwnLevelOnly => over(Check::LevelReached, "another level than its own"),
        Defect::NoOaepSha256 => over(Check::Decryption, "xmlenc11#rsa-oaep"),
        Defect::NoOaepMgf1p => over(Check::Decryption, "rsa-oaep-mgf1p"),
        Defect::RefusesSignedResponse => over(Check::ResponseSignature, "a signature"),
        Defect::NeedsKeyInfo => over(Check::AssertionSignature, "no KeyInfo"),
        Defect::NeedsPrefix => over(Check::AssertionCount, "no saml:Assertion"),
        Defect::RefusesWhiteSpace => over(Check::AssertionReadable, "white space"),
        Defect::ReadsAttributesInOrder => over(Check::AssertionReadable, "another attribute"),
        Defect::StumblesOverNames => over(Check::NameIdSyntax, "& or < in the name"),
        Defect::NeedsTightNameId => over(Check::NameIdSyntax, "blanks"),
        Defect::NeedsMilliseconds => over(Check::AssertionReadable, "more than three decimals"),
        Defect::FirstAudienceOnly => over(Check::Audience, "another Audience first"),
        Defect::FirstConfirmationOnly => over(Check::ConfirmationRecipient, "another one first"),
        Defect::NoClockTolerance => over(Check::ConditionsNotBefore, "the future"),
        Defect::RefusesSessionEnd => over(Check::SessionNotOnOrAfter, "SessionNotOnOrAfter"),
        Defect::FewRolesOnly | Defect::FailsWithoutRoles | Defect::FailsWithoutEmail => {
            Some(Stumble::Breaks)
        }
        _ => None,
    };
    stumbles.filter(|_| meets(defect, system, assertion, wire, expected))
}

/// Whether the message has what it stumbles over.
fn meets(
    defect: Defect,
    system: &System,
    assertion: &Assertion,
    wire: &Wire,
    expected: &Expected<'_>,
) -> bool {
    let name_id = assertion.name_id.as_ref();
    let name_id = name_id.map_or("", |name| name.value.as_str());
    let has = |names: [&str; 2]| {
        let mut all = assertion.attributes.iter();
        all.any(|attribute| names.contains(&attribute.name.as_str()))
    };
    let transport = wire.parts.first().and_then(|part| part.transport);
    match defect {
        Defect::LogsNobodyIn => true,
        Defect::OwnLevelOnly => {
            let own = system.level.map(|level| level.to_string());
            let values = crate::persona::verdict::level(assertion, system.profile);
            own != values.map(|level| level.to_string())
        }
        Defect::NoOaepSha256 => transport.is_some_and(|transport| transport.xmlenc11),
        Defect::NoOaepMgf1p => transport.is_some_and(|transport| !transport.xmlenc11),
        Defect::RefusesSignedResponse => wire.seal != Seal::None,
        Defect::NeedsKeyInfo => {
            let signature = wire
                .only_encrypted()
                .and_then(|element| element.child(DS, "Signature"));
            signature.is_none_or(|signature| signature.child(DS, "KeyInfo").is_none())
        }
        Defect::NeedsPrefix => !wire.clear().contains("<saml:Assertion"),
        Defect::RefusesWhiteSpace => blank_between_elements(wire.clear()),
        Defect::ReadsAttributesInOrder => {
            let at = |names: &[&str]| {
                let mut all = assertion.attributes.iter();
                all.position(|attribute| names.contains(&attribute.name.as_str()))
            };
            at(&[CVR_2, CVR_3]) < at(&[KOMBIT_SPEC_VER])
        }
        Defect::StumblesOverNames => name_id.contains(['&', '<']),
        Defect::NeedsTightNameId => name_id.contains(" ="),
        Defect::NeedsMilliseconds => wire.only_encrypted().is_some_and(has_long_fractions),
        Defect::FirstAudienceOnly => {
            let conditions = assertion.conditions.as_ref();
            let restrictions = conditions.map(|conditions| &conditions.audience_restrictions);
            let first = restrictions.and_then(|all| all.first()?.first());
            first.map(String::as_str) != expected.audience
        }
        Defect::FirstConfirmationOnly => {
            let first = assertion.confirmations.first();
            first.and_then(|first| first.recipient.as_deref()) != expected.acs
        }
        Defect::FewRolesOnly => issued::of(&assertion.attributes).rows.len() > FEW_ROLES,
        Defect::FailsWithoutRoles => {
            let mut all = assertion.attributes.iter();
            !all.any(|attribute| issued::is_roles(&attribute.name))
        }
        Defect::FailsWithoutEmail => !has([EMAIL_2, EMAIL_3]),
        Defect::NoClockTolerance => {
            let conditions = assertion.conditions.as_ref();
            let begins = conditions.and_then(|conditions| conditions.not_before);
            let late = |instant| expected.now.is_some_and(|now| instant > now + HARDLY);
            late(assertion.issue_instant) || begins.is_some_and(late)
        }
        Defect::RefusesSessionEnd => {
            let mut statements = assertion.authn_statements.iter();
            statements.any(|statement| statement.session_not_on_or_after.is_some())
        }
        _ => false,
    }
}

fn blank_between_elements(text: &str) -> bool {
    let mut between = text.split('>').skip(1);
    between.any(|rest| {
        let trimmed = rest.trim_start();
        trimmed.len() < rest.len() && trimmed.starts_with('<')
    })
}

fn has_long_fractions(assertion: Node<'_>) -> bool {
    let mut all = std::iter::once(assertion).chain(assertion.descendants());
    all.any(|node| {
        let times = TIMES.iter().filter_map(|name| node.attribute(name));
        let mut fractions = times.filter_map(|time| time.split_once('.'));
        fractions.any(|(_, rest)| rest.bytes().take_while(u8::is_ascii_digit).count() > 3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Document;

    #[test]
    fn white_space_is_seen_between_elements_only() {
        assert!(blank_between_elements("<a>\n  <b>x</b></a>"));
        assert!(!blank_between_elements("<a><b> x </b></a>"));
        assert!(!blank_between_elements("<a b=\"1\"  c=\"2\"></a>"));
    }

    #[test]
    fn decimals_are_counted_in_times_only() {
        let long = |text: &str| {
            let document = Document::parse(text.as_bytes()).unwrap();
            has_long_fractions(document.root())
        };
        assert!(long(
            "<a><b NotBefore=\"2026-01-01T00:00:00.1234567Z\"/></a>"
        ));
        assert!(!long(
            "<a NotBefore=\"2026-01-01T00:00:00.123Z\"><b v=\"1.23456\"/></a>"
        ));
    }
}
