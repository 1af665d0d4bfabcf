use super::types::Type;
use super::violations;
use crate::xml::{Document, Limits};

fn all(text: &str) -> Vec<String> {
    let document = Document::parse_within(text.as_bytes(), &Limits::METADATA).expect("well-formed");
    let found = violations(document.root()).into_iter();
    found.map(|found| found.what).collect()
}

const HEAD: &str = "xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";

#[test]
fn every_violation_is_told_at_once() {
    let text = format!(
        "<EntityDescriptor {HEAD} validUntil=\"tomorrow\" x=\"y\"><Organization>\
         <OrganizationName>A</OrganizationName></Organization>\
         <SPSSODescriptor protocolSupportEnumeration=\"urn:x\"><AssertionConsumerService Binding=\"b\" index=\"70000\"/>\
         <NameIDFormat>f</NameIDFormat><KeyDescriptor use=\"both\"/></SPSSODescriptor></EntityDescriptor>"
    );
    assert_eq!(
        all(&text),
        [
            "EntityDescriptor has no attribute entityID",
            "validUntil=“tomorrow” of EntityDescriptor is not a dateTime",
            "EntityDescriptor has no room for the attribute x",
            "EntityDescriptor has no RoleDescriptor or IDPSSODescriptor or SPSSODescriptor or AuthnAuthorityDescriptor or AttributeAuthorityDescriptor or PDPDescriptor or AffiliationDescriptor",
            "SPSSODescriptor stands too late in EntityDescriptor",
            "Organization has no OrganizationDisplayName",
            "Organization has no OrganizationURL",
            "OrganizationName has no attribute lang",
            "NameIDFormat stands too late in SPSSODescriptor",
            "KeyDescriptor stands too late in SPSSODescriptor",
            "AssertionConsumerService has no attribute Location",
            "index=“70000” of AssertionConsumerService is not an unsignedShort",
            "use=“both” of KeyDescriptor is not one of encryption, signing",
            "KeyDescriptor has no KeyInfo",
        ]
    );
}

#[test]
fn foreign_elements_are_looked_through() {
    let good = format!(
        "<EntityDescriptor {HEAD} entityID=\"e\" xml:lang=\"da\"><Extensions><x xmlns=\"urn:x\"><y/></x></Extensions>\
         <RoleDescriptor xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"x:Role\" xmlns:x=\"urn:x\" \
         protocolSupportEnumeration=\"urn:x\"/></EntityDescriptor>"
    );
    assert_eq!(all(&good), [""; 0]);
    let bad = good.replace(
        "<y/>",
        "<NameIDFormat xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" a=\"b\"/>",
    );
    assert_eq!(all(&bad), ["NameIDFormat has no room for the attribute a"]);
    let bad = good.replace("xsi:type=\"x:Role\" ", "");
    assert_eq!(
        all(&bad),
        ["RoleDescriptor is abstract, and has no xsi:type that says which role it is"]
    );
}

#[test]
fn values_have_types() {
    for (kind, good, bad) in [
        (
            Type::Duration,
            &["P1D", "PT1H", "-P1Y2M3DT4H5M6.7S"][..],
            &["P", "PT", "1D", "P1H", "P1D1Y", "PT1.5H", "P1DT", "P.5D"][..],
        ),
        (
            Type::DateTime,
            &["2026-01-01T00:00:00Z", "2026-01-01T00:00:00"],
            &["2026-01-01", "now"],
        ),
        (
            Type::Language,
            &["da", "en-GB", ""],
            &["da_DK", "-da", "danskere-og-x1234567890"],
        ),
        (Type::Integer, &["1", "-12"], &["", "1.5", "x"]),
        (Type::Base64, &["AAAA", "A A\nAA"], &["AAA!", "A"]),
        (Type::Id, &["_a"], &["1a", "a:b", ""]),
    ] {
        for value in good {
            assert!(kind.holds(value), "{kind:?} {value}");
        }
        for value in bad {
            assert!(!kind.holds(value), "{kind:?} {value}");
        }
    }
}
