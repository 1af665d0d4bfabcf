//! For each rule a document that breaks it and nothing else: a rule without one does not compile.

use super::document::*;
use super::pki::{NOW, Odd, authority_named, pki, signer};
use crate::dsig::{Certificate, Revocation};
use crate::hub::lint::LintRole::{self, Idp, System};
use crate::hub::lint::{Asked, Others, Rule, certificates};
use crate::mint::Made;
use std::collections::BTreeMap;

/// A document, and what is known beside it.
pub struct Case {
    pub role: LintRole,
    pub document: String,
    pub trusted: Vec<Certificate>,
    pub others: Others,
    pub own_id: Option<&'static str>,
    pub revocation: BTreeMap<String, Asked>,
    /// What cannot but be broken too.
    pub also: Vec<Rule>,
}

/// Everything is as it should be beside the document.
pub fn judged(role: LintRole, document: String) -> Case {
    let all = certificates(document.as_bytes(), role).into_iter();
    let good = all.map(|one| (one.fingerprint(), Asked::Answered(Revocation::Good)));
    Case {
        role,
        revocation: good.collect(),
        document,
        trusted: vec![pki().ca.clone()],
        others: Others::default(),
        own_id: None,
        also: Vec::new(),
    }
}

fn edit(role: LintRole, from: &str, to: &str) -> Case {
    judged(role, edited(role, from, to))
}

fn odd(odd: Odd) -> Case {
    judged(System, with(&odd.make()))
}

/// With these KeyDescriptors, signed with the good key.
fn keyed(keys: &str) -> Case {
    judged(System, good(&unsigned(System, keys)))
}

/// With another made certificate, signed with its own key.
fn of(made: &Made) -> Case {
    let shown = &made.certificate;
    let text = unsigned(System, &keys(shown));
    judged(System, sign(&text, &signer(made, shown), &data(&[shown])))
}

/// The good metadata, of whose certificate this is known.
fn asked(answer: Option<Asked>) -> Case {
    let mut case = edit(System, "", "");
    match answer {
        Some(answer) => case
            .revocation
            .values_mut()
            .for_each(|known| *known = answer.clone()),
        None => case.revocation.clear(),
    }
    case
}

const SIGNING: &str = " use=\"signing\"";
const ENCRYPTION: &str = " use=\"encryption\"";
const END: &str = "</md:SPSSODescriptor>";
const STATE: [(&str, &str); 3] = [
    ("2.5.4.3", "Den Danske Stat OCES udstedende-CA 1"),
    ("2.5.4.10", "Den Danske Stat"),
    ("2.5.4.6", "DK"),
];

/// EntityAttributes with this in them.
fn entity_attributes(content: &str) -> String {
    format!(
        "<md:Extensions><a:EntityAttributes xmlns:a=\"urn:oasis:names:tc:SAML:metadata:attribute\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         {content}</a:EntityAttributes></md:Extensions>"
    )
}

pub fn case(rule: Rule) -> Case {
    let pki = pki();
    let mine = &pki.good.certificate;
    let both = keys(mine);
    match rule {
        Rule::Readable => judged(System, format!("<!DOCTYPE x>{}", edited(System, "", ""))),
        Rule::OneEntity => judged(
            System,
            format!(
                "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{}</md:EntitiesDescriptor>",
                edited(System, "", "")
            ),
        ),
        Rule::Schema => edit(System, "entityID=", "validUntil=\"i morgen\" entityID="),
        Rule::Role => judged(Idp, edited(System, "", "")),
        Rule::OneRole => {
            let text = unsigned(System, &both);
            let start = text.find("<md:SPSSODescriptor").unwrap();
            let end = text.find(END).unwrap() + END.len();
            let twice = format!("{}{}", &text[..end], &text[start..]);
            judged(System, good(&twice))
        }
        Rule::Protocol => edit(System, "SAML:2.0:protocol\"", "SAML:1.1:protocol\""),
        Rule::EntityIdForm => edit(System, "https://part.example/saml", "sagssystem"),
        Rule::EntityIdReplaced => Case {
            own_id: Some("https://part.example/before"),
            ..edit(System, "", "")
        },
        Rule::EntityIdTaken => {
            let mut case = edit(System, "", "");
            case.others
                .add("https://part.example/saml", "Et andet system", &[]);
            case
        }
        Rule::SignatureMissing => edit(System, HERE, ""),
        Rule::SignatureForm => {
            let text = edited(System, "", "");
            let old = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
            judged(
                System,
                text.replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", old),
            )
        }
        Rule::SignatureKey => {
            let named = "<ds:KeyName>mig</ds:KeyName>";
            let text = unsigned(System, &key("", named));
            let document = sign(&text, &signer(&pki.good, mine), "");
            Case {
                also: vec![Rule::KeyCertificate],
                ..judged(System, document)
            }
        }
        Rule::SignatureBroken => {
            let text = edited(System, "", "");
            judged(
                System,
                text.replace("https://part.example/acs", "https://part.example/acs2"),
            )
        }
        Rule::SignatureForeign => {
            let other = &pki.other.certificate;
            let document = sign(
                &unsigned(System, &both),
                &signer(&pki.other, other),
                &data(&[other]),
            );
            judged(System, document)
        }
        Rule::Expired => edit(
            System,
            "entityID=",
            "validUntil=\"2026-11-22T11:59:59Z\" entityID=",
        ),
        Rule::ExpiresSoon => edit(
            System,
            "AuthnRequestsSigned=",
            "validUntil=\"2026-12-01T00:00:00\" AuthnRequestsSigned=",
        ),
        Rule::SsoRedirect => edit(
            Idp,
            "<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
            "<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        ),
        Rule::IdpSloRedirect => edit(
            Idp,
            "<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://part.example/slo\"/>",
            "",
        ),
        Rule::AcsPost => edit(System, "bindings:HTTP-POST", "bindings:HTTP-Artifact"),
        Rule::SystemSloRedirect => edit(System, "bindings:HTTP-Redirect", "bindings:SOAP"),
        Rule::EndpointAddress => edit(
            System,
            "https://part.example/acs",
            "https://prøve.example/acs",
        ),
        Rule::EndpointInsecure => edit(
            System,
            "https://part.example/slo",
            "http://part.example/slo",
        ),
        Rule::EndpointIndex => edit(
            System,
            END,
            "<md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact\" Location=\"https://part.example/artifact\" index=\"0\"/></md:SPSSODescriptor>",
        ),
        Rule::SigningKey => keyed(&key(ENCRYPTION, &data(&[mine]))),
        Rule::EncryptionKey => keyed(&key(SIGNING, &data(&[mine]))),
        Rule::OneCertificate => {
            let other = data(&[&pki.other.certificate]);
            keyed(&(key(SIGNING, &data(&[mine])) + &key(ENCRYPTION, &other)))
        }
        Rule::SeveralSigning => keyed(&(both + &key(SIGNING, &data(&[&pki.other.certificate])))),
        Rule::KeyCertificate => keyed(&(both + &key(SIGNING, "<ds:KeyName>mig</ds:KeyName>"))),
        Rule::CertificateUnreadable => {
            let garbage =
                "<ds:X509Data><ds:X509Certificate>bm90IG9uZQ==</ds:X509Certificate></ds:X509Data>";
            keyed(&(both + &key(SIGNING, garbage)))
        }
        Rule::CertificateStack => keyed(&key("", &data(&[mine, &pki.ca]))),
        // It cannot sign what anybody accepts, so another one did.
        Rule::KeyTooSmall => Case {
            also: vec![Rule::SignatureForeign],
            ..keyed(&keys(&pki.tiny.certificate))
        },
        Rule::KeyShort => of(&pki.short),
        Rule::KeyKind => of(&pki.curve),
        Rule::KeyUsage => odd(Odd {
            documents_only: true,
            ..Odd::new()
        }),
        Rule::AuthorityCertificate => odd(Odd {
            ca: true,
            ..Odd::new()
        }),
        Rule::Oces2 => odd(Odd::new()
            .serial("CVR:55555555-FID:12345678")
            .without("2.5.4.97")),
        Rule::EmployeeCertificate => {
            odd(Odd::new().serial("UI:DK-E:G:3b2f0c1e-1111-4222-8333-444455556666"))
        }
        Rule::SubjectSerial => odd(Odd::new().serial("UI:DK-O:G:3b2f0c1e")),
        Rule::SubjectCvr => odd(Odd::new().without("2.5.4.97")),
        Rule::Policy => odd(Odd {
            policy: None,
            ..Odd::new()
        }),
        Rule::SelfSigned => odd(Odd {
            self_signed: true,
            ..Odd::new()
        }),
        Rule::IssuerUntrusted => odd(Odd::new().by(&[("2.5.4.3", "Somebody else")])),
        Rule::IssuerUnchecked => odd(Odd::new().by(&STATE)),
        Rule::TestEnvironment => {
            let test = [&STATE[..2], &[("2.5.4.11", "Test - cti")], &STATE[2..]].concat();
            Case {
                trusted: vec![authority_named(&test)],
                ..odd(Odd::new().by(&test))
            }
        }
        Rule::CertificateExpired => odd(Odd {
            days: (-900, -1),
            ..Odd::new()
        }),
        Rule::CertificateNotYet => odd(Odd {
            days: (1, 900),
            ..Odd::new()
        }),
        Rule::CertificateSoon => odd(Odd {
            days: (-900, 29),
            ..Odd::new()
        }),
        Rule::Revoked => asked(Some(Asked::Answered(Revocation::Revoked(NOW)))),
        Rule::RevocationUnknown => asked(Some(Asked::Answered(Revocation::Unknown))),
        Rule::RevocationUnreachable => asked(Some(Asked::Unreachable("timeout".to_owned()))),
        Rule::RevocationNotAsked => asked(None),
        Rule::CertificateTaken => {
            let mut case = edit(System, "", "");
            case.others.add(
                "https://other.example/",
                "Et andet system",
                std::slice::from_ref(mine),
            );
            case
        }
        Rule::KeyPublished => {
            let mut case = edit(System, "", "");
            case.others.add_published(mine);
            case
        }
        Rule::Unsigned => edit(
            System,
            "AuthnRequestsSigned=\"true\"",
            "AuthnRequestsSigned=\"false\"",
        ),
        Rule::EncryptionMethods => {
            let cbc = "<md:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes256-cbc\"/></md:KeyDescriptor>";
            let encryption = key(ENCRYPTION, &data(&[mine])).replace("</md:KeyDescriptor>", cbc);
            keyed(&(key(SIGNING, &data(&[mine])) + &encryption))
        }
        Rule::NameIdFormats => edit(
            System,
            "1.1:nameid-format:X509SubjectName",
            "2.0:nameid-format:transient",
        ),
        Rule::OtherRoles => edit(
            System,
            END,
            "</md:SPSSODescriptor><md:AttributeAuthorityDescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
             <md:AttributeService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\" Location=\"https://part.example/soap\"/></md:AttributeAuthorityDescriptor>",
        ),
        Rule::AttributeNamespace => {
            let strange = entity_attributes(
                "<a:Attribute Name=\"x\"><a:AttributeValue>y</a:AttributeValue></a:Attribute>",
            );
            edit(Idp, HERE, &(HERE.to_owned() + &strange))
        }
        Rule::AttributesInRole => {
            let attributes = entity_attributes("<saml:Attribute Name=\"x\"/>");
            let role = "SAML:2.0:protocol\">";
            edit(Idp, role, &(role.to_owned() + &attributes))
        }
        Rule::AttributeRepeated => {
            let twice =
                entity_attributes("<saml:Attribute Name=\"x\"/><saml:Attribute Name=\"x\"/>");
            edit(Idp, HERE, &(HERE.to_owned() + &twice))
        }
        Rule::ForeignAttributes => edit(
            System,
            END,
            "<md:AttributeConsumingService index=\"0\"><md:ServiceName xml:lang=\"da\">System</md:ServiceName>\
             <md:RequestedAttribute Name=\"https://data.gov.dk/model/core/specVersion\"/>\
             <md:RequestedAttribute Name=\"http://sts.safewhere.com/certificate\"/></md:AttributeConsumingService></md:SPSSODescriptor>",
        ),
        Rule::Placeholder => edit(
            System,
            "</md:EntityDescriptor>",
            "<md:ContactPerson contactType=\"support\"><md:GivenName>John</md:GivenName><md:SurName>Doe</md:SurName></md:ContactPerson></md:EntityDescriptor>",
        ),
    }
}
