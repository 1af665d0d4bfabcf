//! Class 8: one municipality's IdP speaks for another one.

use super::Case;
use super::craft::{Craft, open, swap};
use super::party::*;
use vejviser::oiosaml::attributes;
use vejviser::saml::{Assertion, Response, names};

fn issued_by(issuer: &str, by: &str) -> String {
    plain_by(&key(by), |r, a| {
        r.issuer = Some(issuer.to_owned());
        a.issuer = issuer.to_owned();
    })
}

fn speaking_for(cvr: &str, name_cvr: &str) -> impl FnOnce(&mut Response, &mut Assertion) {
    let (cvr, name_cvr) = (cvr.to_owned(), name_cvr.to_owned());
    move |_, a| {
        for attribute in &mut a.attributes {
            if attribute.name == attributes::CVR_3 {
                attribute.values = vec![cvr.clone()];
            }
        }
        let name = a.name_id.as_mut().unwrap();
        name.value = name.value.replace(CVR, &name_cvr);
    }
}

fn named(name_id: &str) -> String {
    let name_id = name_id.to_owned();
    plain(|_, a| a.name_id.as_mut().unwrap().value = name_id)
}

pub fn cases() -> Vec<Case> {
    let mut cases = issuers();
    cases.extend(organisations());
    cases.extend(names());
    cases.extend(privileges());
    cases
}

fn issuers() -> Vec<Case> {
    let lookalike = |name: &str, why: &str, issuer: &str| {
        answer(
            &format!("08-issuer-{name}"),
            "IDP-R-005",
            why,
            issued_by(issuer, IDP_KEY),
        )
        .also("IDP-R-016")
    };
    let only = |name: &str, expect: &str, why: &str, bend: fn(&mut Response, &mut Assertion)| {
        answer(name, expect, why, plain(bend))
    };
    vec![
        answer(
            "08-other-idp-answers",
            "IDP-R-005",
            "Another municipality's IdP answers, as itself: it was not asked.",
            issued_by(OTHER_IDP, OTHER_KEY),
        )
        .also("IDP-R-009 IDP-R-016"),
        answer(
            "08-other-idp-as-this",
            "IDP-R-009",
            "Another municipality's IdP answers in the name of the one that was asked.",
            issued_by(IDP, OTHER_KEY),
        ),
        answer(
            "08-other-assertion-in-this-response",
            "IDP-R-009",
            "The Response names the IdP that was asked; the assertion in it is another one's.",
            plain_by(&key(OTHER_KEY), |_, a| a.issuer = OTHER_IDP.to_owned()),
        )
        .also("IDP-R-016"),
        only(
            "08-assertion-issuer",
            "IDP-R-016",
            "The Response and the assertion, signed by the same IdP, name different Issuers.",
            |_, a| a.issuer = OTHER_IDP.to_owned(),
        ),
        only(
            "08-response-issuer",
            "IDP-R-005",
            "The Response names another IdP than the assertion in it.",
            |r, _| r.issuer = Some(OTHER_IDP.to_owned()),
        ),
        only(
            "08-response-issuer-format",
            "IDP-R-005",
            "The Response's Issuer is of format persistent, so it is no entityID.",
            |r, _| r.issuer_format = Some(names::name_id::PERSISTENT.to_owned()),
        ),
        only(
            "08-assertion-issuer-format",
            "IDP-R-016",
            "The assertion's Issuer is of format persistent, so it is no entityID.",
            |_, a| a.issuer_format = Some(names::name_id::PERSISTENT.to_owned()),
        ),
        answer(
            "08-response-issuer-missing",
            "IDP-R-005",
            "A signed Response without Issuer.",
            whole(|r, _| r.issuer = None),
        ),
        good(
            "08-accept-response-issuer-missing",
            "A Response that is not itself signed may leave Issuer out; the assertion's decides.",
            plain(|r, _| r.issuer = None),
        ),
        good(
            "08-accept-issuer-format-entity",
            "Format entity says what is meant anyway.",
            plain(|_, a| a.issuer_format = Some(names::name_id::ENTITY.to_owned())),
        ),
        good(
            "08-accept-issuer-white-space",
            "Line breaks around an Issuer belong to the XML, not to the name.",
            {
                let text = swap(
                    assertion().to_element().render().as_str(),
                    &format!("<saml:Issuer>{IDP}</saml:Issuer>"),
                    &format!("<saml:Issuer>\n  {IDP}\n</saml:Issuer>"),
                );
                around(
                    &response(),
                    &Craft::new("_assertion-1", key(IDP_KEY)).sign(&open(&text), "_assertion-1"),
                )
            },
        ),
        lookalike(
            "case",
            "The entityID in other letters.",
            "https://IDP.eksempelstrup.example/saml",
        ),
        lookalike(
            "slash",
            "The entityID with a slash at its end.",
            &format!("{IDP}/"),
        ),
        lookalike(
            "prefix",
            "The entityID of somebody else begins like this one.",
            &format!("{IDP}.evil.example"),
        ),
        lookalike(
            "cyrillic",
            "A Cyrillic “е” looks like ours.",
            &IDP.replace("eksempel", "\u{435}ksempel"),
        ),
        lookalike(
            "zero-width",
            "A space of no width inside the entityID.",
            &IDP.replace("idp.", "idp\u{200B}."),
        ),
        lookalike(
            "no-break-space",
            "A no-break space at the end is not white space of XML.",
            &format!("{IDP}\u{A0}"),
        ),
    ]
}

fn organisations() -> Vec<Case> {
    let registered = |case: Case| case.set("cvr", CVR);
    let attribute_values = |values: &'static [&'static str]| {
        plain(move |_, a| {
            a.attributes
                .retain(|attribute| attribute.name != attributes::CVR_3);
            if !values.is_empty() {
                a.attributes.push(attribute(attributes::CVR_3, values));
            }
        })
    };
    vec![
        registered(answer(
            "08-cvr-of-another",
            "IDP-R-031",
            "The IdP speaks for another municipality, in the attribute and in the NameID.",
            plain(speaking_for(OTHER_CVR, OTHER_CVR)),
        )),
        registered(
            answer(
                "08-cvr-attribute-of-another",
                "IDP-R-031",
                "The attribute names another municipality, the NameID its own.",
                plain(speaking_for(OTHER_CVR, CVR)),
            )
            .also("IDP-R-032"),
        ),
        registered(good(
            "08-accept-cvr",
            "The IdP speaks for the municipality that it is registered for.",
            plain(|_, _| {}),
        )),
        answer(
            "08-cvr-name-of-another",
            "IDP-R-032",
            "The NameID (O=) names another municipality than the attribute.",
            plain(speaking_for(CVR, OTHER_CVR)),
        ),
        answer(
            "08-cvr-missing",
            "IDP-R-031",
            "No attribute says which organisation the user belongs to.",
            attribute_values(&[]),
        ),
        answer(
            "08-cvr-two",
            "IDP-R-031",
            "Two organisations at once.",
            attribute_values(&[CVR, OTHER_CVR]),
        ),
        answer(
            "08-cvr-two-versions",
            "IDP-R-031",
            "The attribute of OIOSAML2 names another organisation than that of OIOSAML3.",
            plain(|_, a| {
                a.attributes
                    .push(attribute(attributes::CVR_2, &[OTHER_CVR]))
            }),
        ),
        answer(
            "08-cvr-white-space",
            "IDP-R-031",
            "The CVR number has white space around it.",
            attribute_values(&[" 22222222"]),
        ),
        answer(
            "08-cvr-other-digits",
            "IDP-R-031",
            "Digits of another script.",
            attribute_values(&["２２２２２２２２"]),
        ),
        good(
            "08-accept-spec-version-missing",
            "The profile version is missing; that is a warning.",
            plain(|_, a| {
                a.attributes
                    .retain(|attribute| attribute.name != attributes::SPEC_VERSION_3)
            }),
        )
        .set("warns", "IDP-R-033"),
        good(
            "08-accept-kombit-version-other",
            "KOMBIT's profile version, by its other name, is that of the other OIOSAML; that is a warning.",
            plain(|_, a| {
                a.attributes
                    .push(attribute(attributes::KOMBIT_SPEC_VER_URI, &["1.0"]));
            }),
        )
        .set("warns", "IDP-R-040"),
    ]
}

/// The list of privileges is a document of its own: whatever it is, it is read strictly or not at all.
fn privileges() -> Vec<Case> {
    const BPP: &str = "http://itst.dk/oiosaml/basic_privilege_profile";
    const OWN: &str = "urn:dk:gov:saml:cvrNumberIdentifier:22222222";
    let list = |inside: &str| {
        let xml = format!("<bpp:PrivilegeList xmlns:bpp=\"{BPP}\">{inside}</bpp:PrivilegeList>");
        openssl::base64::encode_block(xml.as_bytes())
    };
    let group = |inside: &str| {
        list(&format!(
            "<PrivilegeGroup Scope=\"{OWN}\">{inside}</PrivilegeGroup>"
        ))
    };
    let stated = |values: Vec<String>| {
        plain(move |_, a| {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            a.attributes
                .push(attribute(attributes::PRIVILEGES_3, &values));
        })
    };
    let one = group("<Privilege>http://eksempelstrup.example/roles/jobrole/a/1</Privilege>");
    let bad = |name: &str, why: &str, value: String| {
        answer(
            &format!("08-privileges-{name}"),
            "IDP-R-041",
            why,
            stated(vec![value]),
        )
    };
    vec![
        bad(
            "junk",
            "What should be a list is no base64.",
            "!".to_owned(),
        ),
        bad(
            "dtd",
            "The list has a DTD, which nobody may read.",
            openssl::base64::encode_block(b"<!DOCTYPE x [<!ENTITY e \"x\">]><x>&e;</x>"),
        ),
        bad(
            "nested",
            "A role with an element in it.",
            group("<Privilege><b>http://eksempelstrup.example/roles/jobrole/a/1</b></Privilege>"),
        ),
        bad(
            "scope",
            "A scope of a known kind, whose number is none.",
            list(
                "<PrivilegeGroup Scope=\"urn:dk:gov:saml:cvrNumberIdentifier:2\"><Privilege>x</Privilege></PrivilegeGroup>",
            ),
        ),
        bad(
            "many",
            "More groups than anybody has.",
            list(
                &format!(
                    "<PrivilegeGroup Scope=\"{OWN}\"><Privilege>x</Privilege></PrivilegeGroup>"
                )
                .repeat(501),
            ),
        ),
        answer(
            "08-privileges-two",
            "IDP-R-041",
            "Two lists: whichever is read, somebody meant the other.",
            stated(vec![one.clone(), one.clone()]),
        ),
        good(
            "08-accept-privileges",
            "A list with one role.",
            stated(vec![one]),
        ),
        good(
            "08-accept-privileges-empty",
            "A list without groups, as some IdPs send for users without roles; that is a warning.",
            stated(vec![list("")]),
        )
        .set("warns", "IDP-R-041"),
    ]
}

/// A name is typed by people; it must not be able to say more than who it is.
fn names() -> Vec<Case> {
    let bad = |name: &str, why: &str, value: &str| {
        answer(&format!("08-name-{name}"), "IDP-R-030", why, named(value))
    };
    vec![
        bad(
            "second-organisation",
            "Somebody's name brings a second O along.",
            "C=DK,O=22222222,CN=Anna,O=33333333,Serial=1",
        ),
        bad(
            "comma",
            "A comma in the name that is not escaped.",
            "C=DK,O=22222222,CN=Eksempel, Anna,Serial=1",
        ),
        bad(
            "unknown-part",
            "A part that the federation does not have.",
            "C=DK,O=22222222,OU=Borgmester,CN=Anna,Serial=1",
        ),
        bad(
            "too-long",
            "A name of 259 characters.",
            &format!("C=DK,O=22222222,CN={},Serial=1", "Anna ".repeat(52)),
        ),
        bad(
            "whole-too-long",
            "A NameID of more than 1024 bytes.",
            &format!("C=DK,O=22222222,CN=Anna,Serial={}", "1".repeat(1024)),
        ),
        answer(
            "08-value-too-long",
            "IDP-R-039",
            "An e-mail address of more than 1024 bytes, to be passed on to the system.",
            plain(|_, a| {
                a.attributes
                    .retain(|attribute| attribute.name != attributes::EMAIL_3);
                let long = format!("{}@eksempelstrup.example", "a".repeat(1024));
                a.attributes.push(attribute(attributes::EMAIL_3, &[&long]));
            }),
        ),
        good(
            "08-accept-name-escaped",
            "A comma and an equals sign in the name, escaped.",
            named("C=DK,O=22222222,CN=Eksempel\\, Anna \\= x,Serial=1"),
        )
        .set(
            "name-id",
            "C=DK,O=22222222,CN=Eksempel\\, Anna \\= x,Serial=1",
        ),
        good(
            "08-accept-name-blanks",
            "Blanks around the parts, as some IdPs write them.",
            named("C=DK, O = 22222222, CN = Anna, Serial = 1"),
        )
        .set("name-id", "C=DK, O = 22222222, CN = Anna, Serial = 1"),
    ]
}
