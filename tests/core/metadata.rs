//! Metadata as `verify` judges it: each bent one trips exactly its check.

use crate::support::world::*;
use time::Duration;
use vejviser::dsig::{self, Place, Policy, SigningKey};
use vejviser::hub::judge::metadata::{ExpectedMetadata, JudgedMetadata, metadata};
use vejviser::hub::{Check, RowOutcome};
use vejviser::saml::{names, time as saml_time};
use vejviser::xml::{DS, Element, MD};

/// One entity with an IdP role.
fn entity(id: &str, location: &str, certificate: bool) -> Element {
    let key = Element::new(MD, "KeyDescriptor")
        .attr("use", if certificate { "signing" } else { "encryption" })
        .child(Element::new(DS, "KeyInfo").child(
            Element::new(DS, "X509Data").child(
                Element::new(DS, "X509Certificate").text(keys().idp.certificate.to_base64()),
            ),
        ));
    Element::new(MD, "EntityDescriptor")
        .attr("entityID", id.to_owned())
        .child(
            Element::new(MD, "IDPSSODescriptor")
                .attr("protocolSupportEnumeration", names::PROTOCOL)
                .child(key)
                .child(
                    Element::new(MD, "SingleSignOnService")
                        .attr("Binding", names::binding::REDIRECT)
                        .attr("Location", location.to_owned()),
                ),
        )
}

/// An aggregate that is good until one second after now.
fn aggregate(entities: Vec<Element>, seconds: i64) -> Element {
    let until = NOW + Duration::seconds(seconds);
    Element::new(MD, "EntitiesDescriptor")
        .attr("ID", "_all")
        .attr("validUntil", saml_time::format(until))
        .children(entities)
}

fn good() -> Element {
    entity(IDP, "https://idp.provekobing.example/sso", true)
}

fn signed(aggregate: &Element, key: &SigningKey) -> String {
    let signed = dsig::sign(aggregate, "_all", Place::First, key);
    signed.as_str().to_owned()
}

fn by_hub(aggregate: &Element) -> String {
    signed(aggregate, &keys().hub.signing)
}

pub type Mutant = (Check, fn() -> String);

pub const MUTANTS: &[Mutant] = &[
    (Check::MetadataReadable, || {
        format!("<!DOCTYPE x>{}", by_hub(&aggregate(vec![good()], 1)))
    }),
    (Check::MetadataReadable, || by_hub(&aggregate(vec![], 1))),
    (Check::MetadataSigned, || {
        aggregate(vec![good()], 1).render().as_str().to_owned()
    }),
    (Check::MetadataSignature, || {
        signed(&aggregate(vec![good()], 1), &keys().stranger.signing)
    }),
    (Check::MetadataSignature, || {
        by_hub(&aggregate(vec![good()], 1)).replacen("/sso", "/evil", 1)
    }),
    (Check::MetadataUnique, || {
        by_hub(&aggregate(vec![good(), good()], 1))
    }),
    (Check::MetadataEntity, || {
        by_hub(&aggregate(
            vec![entity(OTHER_IDP, "https://a.example/", true)],
            1,
        ))
    }),
    (Check::MetadataValid, || by_hub(&aggregate(vec![good()], 0))),
    (Check::MetadataEndpoints, || {
        by_hub(&aggregate(vec![entity(IDP, "http://a.example/", true)], 1))
    }),
    (Check::MetadataKeys, || {
        by_hub(&aggregate(
            vec![entity(IDP, "https://a.example/", false)],
            1,
        ))
    }),
];

fn judged(xml: &str, with_key: bool) -> JudgedMetadata {
    let trusted = [keys().hub.public()];
    let expected = ExpectedMetadata {
        entity: Some(IDP),
        keys: if with_key { &trusted } else { &[] },
        signatures: Policy::Modern,
        now: Some(NOW),
    };
    metadata(xml.as_bytes(), &expected)
}

/// Of an aggregate the row says which of its entities is meant, or how many others there are.
#[test]
fn the_row_of_the_entity_says_what_was_found() {
    let found = |entities: Vec<Element>| {
        let judged = judged(&by_hub(&aggregate(entities, 1)), true);
        let row = judged
            .report
            .rows()
            .into_iter()
            .find(|row| row.check == Check::MetadataEntity);
        row.expect("a row").found.to_string()
    };
    let other = |n: u8| {
        entity(
            &format!("https://{n}.example/saml"),
            "https://a.example/",
            true,
        )
    };
    assert_eq!(found(vec![other(1), good()]), IDP);
    assert_eq!(found(vec![other(1), other(2)]), "2 others");
    assert_eq!(found(vec![other(1)]), "https://1.example/saml");
}

#[test]
fn each_bent_metadata_trips_exactly_its_check() {
    for (at, (check, make)) in MUTANTS.iter().enumerate() {
        let judged = judged(&make(), true);
        let findings: Vec<_> = judged.report.findings();
        let found: Vec<_> = findings
            .iter()
            .map(|row| (row.check, row.outcome))
            .collect();
        assert_eq!(found, [(*check, RowOutcome::Fail)], "mutant {at}");
    }
}

#[test]
fn the_good_one_trips_nothing_and_without_a_key_nothing_is_trusted() {
    let other = entity(OTHER_IDP, "http://not.ours.example/", false);
    let xml = by_hub(&aggregate(vec![other, good()], 1));
    let good = judged(&xml, true);
    assert!(good.report.findings().is_empty(), "{:?}", good.report);
    assert_eq!(good.entities.map(|all| all.len()), Some(2));
    for check in Check::of_metadata() {
        assert!(good.report.outcome(*check).is_some(), "{check:?} has a row");
    }
    let keyless = judged(&xml, false);
    assert!(keyless.entities.is_none());
    assert_eq!(
        keyless.report.reason().map(|row| row.check),
        Some(Check::TrustedKey)
    );
}
