//! What is told of a change.

use super::*;
use crate::saml::metadata::{EncryptionMethod, IndexedEndpoint, SpRole};
use proptest::prelude::*;

#[test]
fn certificates_come_and_go_with_what_people_compare_them_by() {
    let (old, new) = (idp(&["testrup"]), idp(&["testrup-next"]));
    let diff = super::diff(&old, &new, NOW);
    let [gone, come] = &diff.certificates[..] else {
        panic!("{diff:?}");
    };
    let was = certificate("testrup");
    assert_eq!(
        (gone.how, gone.role, gone.usage),
        (How::Removed, Role::Idp, "signing")
    );
    assert_eq!(gone.sha1, Some(was.thumbprint()));
    assert_eq!(gone.sha256, Some(was.fingerprint()));
    assert_eq!(gone.subject, Some(was.subject()));
    assert_eq!(gone.days_left, Some((was.not_after() - NOW).whole_days()));
    assert_eq!(come.how, How::Added);
    assert_eq!(come.sha1, Some(certificate("testrup-next").thumbprint()));
    let (da, en) = (diff.da(), diff.en());
    assert!(
        da.contains("Fjernet certifikat til underskrift") && da.contains("Nyt certifikat"),
        "{da}"
    );
    assert!(
        en.contains("Removed certificate for signing") && en.contains(&was.thumbprint()),
        "{en}"
    );
    let mut other_use = old.clone();
    role(&mut other_use).keys[0].usage = KeyUse::Both;
    assert_eq!(super::diff(&old, &other_use, NOW).certificates.len(), 2);
    // Where it stands, and how its base64 is broken into lines, changes nothing.
    let mut wrapped = idp(&["testrup"]);
    role(&mut wrapped).keys[0].certificates[0].insert(10, '\n');
    assert!(super::diff(&old, &wrapped, NOW).is_empty());
}

#[test]
fn endpoints_are_told_apart_by_what_they_are_for() {
    let (old, mut new) = (idp(&["testrup"]), idp(&["testrup"]));
    role(&mut new).single_sign_on[0].location = "https://idp.example/new".to_owned();
    role(&mut new).single_logout = vec![at("https://idp.example/slo")];
    let diff = super::diff(&old, &new, NOW);
    let told: Vec<_> = diff
        .endpoints
        .iter()
        .map(|change| (change.how, change.service))
        .collect();
    assert_eq!(
        told,
        [
            (How::Added, "SingleLogoutService"),
            (How::Changed, "SingleSignOnService")
        ]
    );
    let en = diff.en();
    assert!(
        en.contains("https://idp.example/sso → https://idp.example/new"),
        "{en}"
    );
    assert!(
        en.contains("New address: SingleLogoutService (HTTP-Redirect) https://idp.example/slo")
    );
    let back = super::diff(&new, &old, NOW);
    assert_eq!(back.endpoints[0].how, How::Removed);
}

#[test]
fn everything_else_that_the_hub_reads_is_told_by_name() {
    let old = idp(&["testrup"]);
    let mut new = old.clone();
    new.entity_id = "https://new.example".to_owned();
    new.valid_until = Some(NOW);
    new.organization = Some("Testrup".to_owned());
    let idp = role(&mut new);
    idp.want_authn_requests_signed = true;
    idp.name_id_formats = vec!["urn:x".to_owned()];
    idp.assurance_certification = vec!["Substantial".to_owned()];
    idp.keys[0].encryption_methods = vec![EncryptionMethod::Unknown("urn:y".to_owned())];
    let diff = super::diff(&old, &new, NOW);
    assert!(diff.entity_id.is_some() && diff.valid_until.is_some());
    let names: Vec<&str> = diff
        .values
        .iter()
        .map(|value| value.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "IDPSSODescriptor/EncryptionMethod",
            "IDPSSODescriptor/NameIDFormat",
            "IDPSSODescriptor/WantAuthnRequestsSigned",
            "OrganizationDisplayName",
            "assurance-certification",
        ]
    );
    let json = serde_json::to_value(&diff).unwrap();
    assert_eq!(json["values"][3]["after"], "Testrup");
    assert_eq!(json["values"][3]["before"], serde_json::Value::Null);
    assert_eq!(json["valid_until"]["after"], "2026-11-22T12:00:00.000Z");
    assert!(
        diff.da()
            .contains("validUntil er ændret fra (intet) til 2026-11-22T12:00:00.000Z")
    );
}

/// Parties of every shape, with repetitions.
fn entities() -> impl Strategy<Value = Entity> {
    let endpoints = || {
        prop::collection::vec((0..3u8, 0..3u8), 0..5).prop_map(|places| {
            let one = |(binding, place): (u8, u8)| Endpoint {
                binding: format!("urn:b:{binding}"),
                location: format!("https://a.example/{place}"),
                response_location: (place == 2).then(|| "https://a.example/r".to_owned()),
            };
            places.into_iter().map(one).collect::<Vec<_>>()
        })
    };
    let keys = prop::collection::vec((0..3u8, 0..3usize), 0..4).prop_map(|keys| {
        let one = |(usage, which): (u8, usize)| KeyDescriptor {
            usage: [KeyUse::Signing, KeyUse::Encryption, KeyUse::Both][usize::from(usage)],
            certificates: vec![match which {
                2 => "MIIB".to_owned(),
                n => certificate(["testrup", "hub"][n]).to_base64(),
            }],
            encryption_methods: Vec::new(),
        };
        keys.into_iter().map(one).collect::<Vec<_>>()
    });
    (endpoints(), endpoints(), keys, any::<[bool; 3]>(), 0..3i64).prop_map(
        |(first, second, keys, [is_idp, is_sp, flag], days)| Entity {
            valid_until: (days > 0).then(|| NOW + Duration::days(days)),
            idp: is_idp.then(|| IdpRole {
                want_authn_requests_signed: flag,
                keys: keys.clone(),
                single_sign_on: first.clone(),
                single_logout: second.clone(),
                ..IdpRole::default()
            }),
            sp: is_sp.then(|| SpRole {
                keys,
                assertion_consumer: (0..)
                    .zip(first)
                    .map(|(index, endpoint)| IndexedEndpoint {
                        endpoint,
                        index,
                        is_default: flag.then_some(index == 1),
                    })
                    .collect(),
                single_logout: second,
                ..SpRole::default()
            }),
            ..idp(&[])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_differs_from_itself(one in entities()) {
        let diff = super::super::diff(&one, &one, NOW);
        prop_assert!(diff.is_empty(), "{:?}", diff);
        prop_assert_eq!(diff.da(), "Ingen ændringer.");
        prop_assert_eq!(diff.en(), "No changes.");
    }

    /// There and back: what one way adds, the other removes.
    #[test]
    fn the_other_way_round_is_the_opposite(one in entities(), other in entities()) {
        let there = super::super::diff(&one, &other, NOW);
        let back = super::super::diff(&other, &one, NOW);
        let count = |diff: &Diff, how: How| {
            let certificates = diff.certificates.iter().filter(|change| change.how == how).count();
            (certificates, diff.endpoints.iter().filter(|change| change.how == how).count())
        };
        prop_assert_eq!(count(&there, How::Added), count(&back, How::Removed));
        prop_assert_eq!(count(&there, How::Removed), count(&back, How::Added));
        prop_assert_eq!(count(&there, How::Changed), count(&back, How::Changed));
        prop_assert_eq!(there.is_empty(), back.is_empty());
        let lines = there.endpoints.len() + there.certificates.len() + there.values.len()
            + usize::from(there.valid_until.is_some());
        prop_assert_eq!(there.da().lines().count(), lines.max(1), "{}", there.da());
    }
}
