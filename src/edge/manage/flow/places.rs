//! Which place of a message a check is about: one table, from the check to the way there.

use super::xml::View;
use crate::hub::Check;
use crate::oiosaml::attributes as names;

/// A place in a message: the way to it from the root, which is not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Local names of the elements on the way.
    pub path: &'static [&'static str],
    /// The attribute of the last one.
    pub attribute: Option<&'static str>,
    /// The SAML attribute in it, by one of its names.
    pub named: &'static [&'static str],
}

/// Where a place was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The line.
    pub line: usize,
    /// Whether it is the place itself, and not the nearest element around where it should be.
    pub there: bool,
}

const CVR: &[&str] = &[names::CVR_3, names::CVR_2];
const LEVEL: &[&str] = &[names::LOA, names::ASSURANCE_LEVEL];
const SPEC_VERSION: &[&str] = &[names::SPEC_VERSION_3, names::SPEC_VERSION_2];
const KOMBIT_SPEC_VERSION: &[&str] = &[names::KOMBIT_SPEC_VER_URI, names::KOMBIT_SPEC_VER];

const ROOT: Place = element(&[]);
const ISSUER: Place = element(&["Issuer"]);
const SIGNATURE: Place = element(&["Signature"]);
const NAME_ID: Place = element(&["Assertion", "Subject", "NameID"]);
const CONDITIONS: &[&str] = &["Assertion", "Conditions"];
const CONFIRMATION: &[&str] = &[
    "Assertion",
    "Subject",
    "SubjectConfirmation",
    "SubjectConfirmationData",
];
const AUTHN: &[&str] = &["Assertion", "AuthnStatement"];
const ATTRIBUTES: &[&str] = &["Assertion", "AttributeStatement"];

/// The place that a check is about; none if it is about circumstances, such as the browser or the store.
pub fn place(check: Check) -> Option<Place> {
    use Check as C;
    Some(match check {
        C::RequestReadable | C::ResponseReadable | C::LogoutReadable => ROOT,
        C::RequestIssuerKnown | C::ResponseIssuer | C::LogoutIssuer => ISSUER,
        // A key that is missing is missing for this sender.
        C::RequestTrustedKey | C::TrustedKey | C::IdpActive => ISSUER,
        C::RequestSigned | C::RequestSignature | C::ResponseSignature => SIGNATURE,
        C::LogoutSigned | C::LogoutSignature => SIGNATURE,
        C::RequestVersion | C::ResponseVersion | C::LogoutVersion => attribute(&[], "Version"),
        C::RequestDestination | C::ResponseDestination | C::LogoutDestination => {
            attribute(&[], "Destination")
        }
        C::RequestIssueInstant | C::ResponseIssueInstant | C::LogoutIssueInstant => {
            attribute(&[], "IssueInstant")
        }
        C::RequestAcs => attribute(&[], "AssertionConsumerServiceURL"),
        C::RequestProtocolBinding => attribute(&[], "ProtocolBinding"),
        C::RequestProxyCount => attribute(&["Scoping"], "ProxyCount"),
        C::RequestContext => element(&["RequestedAuthnContext"]),
        C::RequestNameIdPolicy => element(&["NameIDPolicy"]),
        C::ResponseExpected | C::ResponseInResponseTo | C::LogoutInResponseTo => {
            attribute(&[], "InResponseTo")
        }
        C::AssertionCount | C::AssertionReadable => element(&["Assertion"]),
        C::Decryption => element(&["EncryptedAssertion"]),
        C::AssertionSignature => element(&["Assertion", "Signature"]),
        C::ResponseStatus | C::LogoutStatus => attribute(&["Status", "StatusCode"], "Value"),
        C::AssertionIssuer => element(&["Assertion", "Issuer"]),
        C::SubjectNamed | C::NameIdSyntax | C::NameIdOrganisation => NAME_ID,
        C::NameIdFormat => attribute(NAME_ID.path, "Format"),
        C::SubjectConfirmation => {
            attribute(&["Assertion", "Subject", "SubjectConfirmation"], "Method")
        }
        C::ConfirmationRecipient => attribute(CONFIRMATION, "Recipient"),
        C::ConfirmationInResponseTo => attribute(CONFIRMATION, "InResponseTo"),
        C::ConfirmationTime => attribute(CONFIRMATION, "NotOnOrAfter"),
        C::ConditionsNotBefore => attribute(CONDITIONS, "NotBefore"),
        C::ConditionsNotOnOrAfter => attribute(CONDITIONS, "NotOnOrAfter"),
        C::Audience => element(&["Assertion", "Conditions", "AudienceRestriction", "Audience"]),
        C::UnknownCondition => element(CONDITIONS),
        C::ProxyRestriction => attribute(&["Assertion", "Conditions", "ProxyRestriction"], "Count"),
        C::AuthnStatement => element(AUTHN),
        C::AuthnInstant => attribute(AUTHN, "AuthnInstant"),
        C::SessionNotOnOrAfter => attribute(AUTHN, "SessionNotOnOrAfter"),
        C::CvrContext => saml_attribute(CVR),
        C::SpecVersion => saml_attribute(SPEC_VERSION),
        C::KombitSpecVersion => saml_attribute(KOMBIT_SPEC_VERSION),
        C::IdentityLength => element(ATTRIBUTES),
        C::LevelUnambiguous | C::LevelCeiling | C::LevelReached => saml_attribute(LEVEL),
        C::PrivilegesReadable | C::RolesGranted => saml_attribute(&names::PRIVILEGES),
        C::Replay => attribute(&["Assertion"], "ID"),
        C::ChoosePassive => attribute(&[], "IsPassive"),
        C::LogoutExpiry => attribute(&[], "NotOnOrAfter"),
        C::LogoutNameId => element(&["NameID"]),
        C::LogoutSessionIndex | C::LogoutSession => element(&["SessionIndex"]),
        C::LogoutRepeated => attribute(&[], "ID"),
        C::LogoutExpected => attribute(&[], "InResponseTo"),
        C::MetadataReadable | C::MetadataUnique => ROOT,
        C::MetadataSigned | C::MetadataSignature => SIGNATURE,
        C::MetadataEntity => attribute(&[], "entityID"),
        C::MetadataValid => attribute(&[], "validUntil"),
        C::MetadataEndpoints | C::MetadataKeys => ROOT,
        C::ResponseBrowser
        | C::ChooseKnown
        | C::StepUp
        | C::LogoutAddress
        | C::LogoutParty
        | C::ChooseActive
        | C::ChooseCancelled
        | C::NsisAtOiosaml2Idp
        | C::RememberedActive
        | C::FlowKnown
        | C::StoreAvailable
        | C::BrowserCookie => return None,
    })
}

const fn element(path: &'static [&'static str]) -> Place {
    Place {
        path,
        attribute: None,
        named: &[],
    }
}

const fn attribute(path: &'static [&'static str], attribute: &'static str) -> Place {
    Place {
        path,
        attribute: Some(attribute),
        named: &[],
    }
}

const fn saml_attribute(named: &'static [&'static str]) -> Place {
    Place {
        path: ATTRIBUTES,
        attribute: None,
        named,
    }
}

impl Place {
    /// Whether it is in the assertion, which may be encrypted.
    pub fn is_in_assertion(&self) -> bool {
        self.path.first() == Some(&"Assertion")
    }

    /// Where it is in a message, or in an assertion alone; if it is not there, the nearest element around it.
    pub fn find(&self, view: &View) -> Option<Found> {
        let elements = view.elements();
        let root = elements.first()?;
        let mut path = self.path;
        if self.is_in_assertion() && root.tag.local == "Assertion" {
            path = &path[1..];
        }
        let mut at = 0;
        let mut there = true;
        for step in path {
            let child = |wanted: &str| {
                let mut below = elements.iter().enumerate().skip(at + 1);
                below.find(|(_, e)| e.parent == Some(at) && e.tag.local == wanted)
            };
            let hidden = || child("EncryptedAssertion").filter(|_| *step == "Assertion");
            let Some((next, found)) = child(step).or_else(hidden) else {
                there = false;
                break;
            };
            at = next;
            there = found.tag.local == *step;
            if !there {
                break;
            }
        }
        if there && !self.named.is_empty() {
            let name = |value: &str| self.named.contains(&value);
            let mut below = elements.iter().enumerate().skip(at + 1);
            let named = below.find(|(_, e)| {
                let mut own = e.tag.attributes.iter();
                e.parent == Some(at) && own.any(|(local, value)| local == "Name" && name(value))
            });
            there = named.is_some();
            at = named.map_or(at, |(found, _)| found);
        }
        let found = elements.get(at)?;
        if let (true, Some(wanted)) = (there, self.attribute) {
            there = found
                .tag
                .attributes
                .iter()
                .any(|(local, _)| local == wanted);
        }
        Some(Found {
            line: found.line,
            there,
        })
    }

    /// As one writes it: `Assertion/Conditions/@NotBefore`.
    pub fn text(&self) -> String {
        let mut text = self.path.join("/");
        let named = self.named.first().map(|name| {
            let short = name.rsplit(['/', ':']).next().unwrap_or(name);
            format!("Attribute[{short}]")
        });
        let attribute = self.attribute.map(|name| format!("@{name}"));
        for more in named.into_iter().chain(attribute) {
            if !text.is_empty() {
                text.push('/');
            }
            text.push_str(&more);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESPONSE: &str = "<p:Response Destination='x'><Issuer>i</Issuer><Assertion ID='_a'><Conditions>\
        </Conditions><AttributeStatement><Attribute Name='other'/><Attribute \
        Name='dk:gov:saml:attribute:AssuranceLevel'><AttributeValue>3</AttributeValue></Attribute>\
        </AttributeStatement></Assertion></p:Response>";

    fn found(check: Check, xml: &str) -> (usize, bool) {
        let view = View::of(xml, None, &[]).unwrap();
        let found = place(check).unwrap().find(&view).unwrap();
        (found.line, found.there)
    }

    #[test]
    fn every_check_of_a_message_has_a_place_but_the_browsers() {
        let judged = Check::of_requests().iter().chain(Check::of_answers());
        let logout = [true, false].into_iter().flat_map(Check::of_logout);
        let checks: Vec<Check> = judged.copied().chain(logout).collect();
        let without = checks.iter().filter(|check| place(**check).is_none());
        let without: Vec<&Check> = without.collect();
        assert_eq!(without, [&Check::ResponseBrowser]);
    }

    #[test]
    fn a_place_is_the_line_of_its_element() {
        assert_eq!(found(Check::ResponseDestination, RESPONSE), (1, true));
        assert_eq!(found(Check::ResponseIssuer, RESPONSE), (2, true));
        assert_eq!(found(Check::UnknownCondition, RESPONSE), (4, true));
        assert_eq!(found(Check::LevelReached, RESPONSE), (7, true));
        assert_eq!(found(Check::Replay, RESPONSE), (3, true));
    }

    #[test]
    fn what_is_not_there_links_to_what_is_around_it() {
        assert_eq!(found(Check::ConditionsNotBefore, RESPONSE), (4, false));
        assert_eq!(found(Check::Audience, RESPONSE), (4, false));
        assert_eq!(found(Check::CvrContext, RESPONSE), (5, false));
        assert_eq!(found(Check::ResponseStatus, RESPONSE), (1, false));
        let hidden = "<Response><EncryptedAssertion/></Response>";
        assert_eq!(found(Check::Audience, hidden), (2, false));
    }

    #[test]
    fn an_assertion_alone_is_its_own_root() {
        let alone = "<Assertion><Subject><NameID>n</NameID></Subject></Assertion>";
        assert_eq!(found(Check::NameIdSyntax, alone), (3, true));
        assert_eq!(found(Check::AssertionSignature, alone), (1, false));
    }

    #[test]
    fn junk_has_places_too() {
        for junk in ["<", "<a", "</a>", "<a></b></c><d>", "text"] {
            let view = View::of(junk, None, &[]).unwrap();
            for check in Check::ALL {
                let found = place(*check).and_then(|place| place.find(&view));
                assert!(found.is_none_or(|found| found.line == 1), "{junk}");
            }
        }
    }

    #[test]
    fn places_are_written_as_one_writes_them() {
        let text = |check| place(check).unwrap().text();
        assert_eq!(
            text(Check::ConditionsNotBefore),
            "Assertion/Conditions/@NotBefore"
        );
        assert_eq!(text(Check::ResponseDestination), "@Destination");
        assert_eq!(
            text(Check::LevelReached),
            "Assertion/AttributeStatement/Attribute[loa]"
        );
    }
}
