//! What takes effect, and what does not.

use super::*;
use crate::xml::MD;
use proptest::prelude::*;

fn refused(old: &[u8], new: &[u8]) -> Reason {
    match super::accept(old, new, IDP, NOW) {
        Err(refusal) => {
            let (da, en) = (refusal.da(), refusal.en());
            assert!(
                da.contains(IDP) && da.ends_with("De gamle gælder fortsat."),
                "{da}"
            );
            assert!(
                en.contains(IDP) && en.ends_with("The old one stays in force."),
                "{en}"
            );
            assert_eq!(refusal.to_string(), en);
            refusal.reason
        }
        Ok(change) => panic!("accepted: {change:?}"),
    }
}

fn accepted(old: &[u8], new: &[u8]) -> Change {
    match super::accept(old, new, IDP, NOW) {
        Ok(change) => change,
        Err(refusal) => panic!("{refusal}"),
    }
}

#[test]
fn good_metadata_takes_effect_and_tells_what_is_new() {
    let (old, mut new) = (idp(&["testrup"]), idp(&["testrup", "testrup-next"]));
    new.valid_until = Some(NOW + Duration::days(2));
    let change = accepted(&unsigned(&old), &unsigned(&new));
    assert_eq!(change.entity.entity_id, IDP);
    assert_eq!(change.signer, Signer::Nobody);
    let diff = change.diff.expect("there was one before");
    assert_eq!((diff.certificates.len(), diff.endpoints.len()), (1, 0));
    let first = super::accept(None, &unsigned(&old), IDP, NOW).expect("good");
    assert_eq!(first.diff, None);
    let with_mark = [b"\xEF\xBB\xBF", &unsigned(&old)[..]].concat();
    assert!(
        accepted(&unsigned(&old), &with_mark)
            .diff
            .unwrap()
            .is_empty()
    );
}

#[test]
fn cache_duration_and_the_end_of_the_group_count() {
    let group = Element::new(MD, "EntitiesDescriptor")
        .attr("ID", "_group")
        .attr("validUntil", "2026-11-23T00:00:00Z")
        .attr("cacheDuration", "PT2H")
        .child(idp(&["testrup"]).to_element().attr("cacheDuration", "P1D"));
    let change = accepted(&rendered(&group), &rendered(&group));
    assert_eq!(change.cache_duration, Some(Duration::hours(2)));
    assert_eq!(
        change.entity.valid_until,
        Some(datetime!(2026-11-23 0:00 UTC))
    );
    // A signature of the descriptor does not cover what its group says, but the group may end sooner.
    let inner = String::from_utf8(signed(&idp(&["testrup"]), "testrup")).unwrap();
    let group = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         validUntil=\"2026-11-23T00:00:00Z\">{inner}</md:EntitiesDescriptor>"
    );
    let change = accepted(group.as_bytes(), group.as_bytes());
    assert!(matches!(change.signer, Signer::By { .. }));
    assert_eq!(
        change.entity.valid_until,
        Some(datetime!(2026-11-23 0:00 UTC))
    );
}

#[test]
fn what_is_no_metadata_is_refused() {
    let old = unsigned(&idp(&["testrup"]));
    assert_eq!(
        refused(&old, b"<!DOCTYPE html><title>Log ind</title>"),
        Reason::Html
    );
    for junk in [
        "",
        "<md/>",
        "not xml",
        "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>",
    ] {
        let reason = refused(&old, junk.as_bytes());
        assert!(
            matches!(reason, Reason::Unreadable(_)),
            "{junk}: {reason:?}"
        );
    }
    let half = &old[..old.len() / 2];
    assert!(matches!(refused(&old, half), Reason::Unreadable(_)));
    // Nothing of it is used, so neither is what it was held against.
    let reason = refused(half, &old);
    assert!(matches!(reason, Reason::OldUnreadable(_)), "{reason:?}");
}

#[test]
fn another_party_is_refused() {
    let old = idp(&["testrup"]);
    for other in [
        "https://idp.example/metadata/",
        "https://IDP.example/metadata",
        "x",
    ] {
        let new = Entity {
            entity_id: other.to_owned(),
            ..old.clone()
        };
        let reason = refused(&unsigned(&old), &unsigned(&new));
        assert_eq!(reason, Reason::OtherEntity(vec![other.to_owned()]));
    }
}

#[test]
fn what_has_ended_is_refused_though_the_old_has_too() {
    let mut entity = idp(&["testrup"]);
    entity.valid_until = Some(NOW);
    let bytes = unsigned(&entity);
    assert_eq!(refused(&bytes, &bytes), Reason::Ended(NOW));
    entity.valid_until = Some(NOW + Duration::SECOND);
    accepted(&bytes, &unsigned(&entity));
}

#[test]
fn a_broken_signature_is_refused_whatever_was_before() {
    let good = idp(&["testrup"]);
    let text = String::from_utf8(signed(&good, "testrup")).unwrap();
    let broken = text.replace("https://idp.example/sso", "https://evil.example/sso");
    for old in [unsigned(&good), signed(&good, "testrup")] {
        let reason = refused(&old, broken.as_bytes());
        assert!(matches!(reason, Reason::Broken(_)), "{reason:?}");
    }
}

#[test]
fn where_the_old_was_signed_the_new_must_be() {
    let entity = idp(&["testrup"]);
    let old = signed(&entity, "testrup");
    assert_eq!(refused(&old, &unsigned(&entity)), Reason::Unsigned);
    accepted(&unsigned(&entity), &old);
    // A signature without certificate, or by SHA-1, cannot be checked.
    let text = String::from_utf8(old.clone()).unwrap();
    let (before, rest) = text.split_once("<ds:KeyInfo>").unwrap();
    let bare = format!("{before}{}", rest.split_once("</ds:KeyInfo>").unwrap().1);
    let weak = text.replace(
        "2001/04/xmldsig-more#rsa-sha256",
        "2000/09/xmldsig#rsa-sha1",
    );
    assert!(weak != text);
    for vouches_for_nothing in [bare, weak] {
        let new = vouches_for_nothing.as_bytes();
        assert!(matches!(refused(&old, new), Reason::Unchecked(_)));
        let change = accepted(&unsigned(&entity), new);
        assert!(matches!(change.signer, Signer::Unchecked(_)));
        accepted(new, &unsigned(&entity));
        accepted(new, &old);
    }
}

#[test]
fn an_announced_key_may_sign_and_a_stranger_may_not() {
    let announced = signed(&idp(&["testrup", "testrup-next"]), "testrup");
    let rolled = signed(&idp(&["testrup-next"]), "testrup-next");
    let change = accepted(&announced, &rolled);
    assert!(matches!(change.signer, Signer::By { .. }));
    // Whom the old one does not name may be anybody, though the new one names itself.
    let old = signed(&idp(&["testrup"]), "testrup");
    let Reason::OtherSigner { thumbprint, .. } = refused(&old, &rolled) else {
        panic!("another reason");
    };
    assert_eq!(thumbprint, certificate("testrup-next").thumbprint());
    // A key for encryption signs nothing.
    let mut entity = idp(&["testrup", "testrup-next"]);
    role(&mut entity).keys[1].usage = KeyUse::Encryption;
    let reason = refused(&signed(&entity, "testrup"), &rolled);
    assert!(matches!(reason, Reason::OtherSigner { .. }));
    // Metadata may be signed by somebody else than the party, always the same.
    let by_hub = signed(&idp(&["testrup"]), "hub");
    accepted(&by_hub, &signed(&idp(&["testrup-next"]), "hub"));
}

#[test]
fn only_what_was_signed_is_read() {
    let entity = idp(&["testrup"]);
    let inner = String::from_utf8(signed(&entity, "testrup")).unwrap();
    let group = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{}{inner}</md:EntitiesDescriptor>",
        String::from_utf8(unsigned(&entity)).unwrap()
    );
    let reason = refused(&signed(&entity, "testrup"), group.as_bytes());
    assert!(
        matches!(reason, Reason::Unreadable(_)),
        "two of one name: {reason:?}"
    );
    // What stands beside a signed descriptor is not its party's.
    let other = unsigned(&Entity {
        entity_id: "https://other.example".to_owned(),
        id: None,
        ..idp(&["hub"])
    });
    let other = String::from_utf8(other).unwrap();
    let group = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{other}{inner}</md:EntitiesDescriptor>"
    );
    let change = accepted(&signed(&entity, "testrup"), group.as_bytes());
    assert_eq!(change.entity.entity_id, IDP);
    let stranger = super::super::accept(
        inner.as_bytes(),
        group.as_bytes(),
        "https://other.example",
        NOW,
    );
    assert!(stranger.is_err(), "the old one is of another party");
}

#[test]
fn a_party_that_could_not_work_is_refused() {
    let old = unsigned(&idp(&["testrup"]));
    let mut keyless = idp(&["testrup"]);
    role(&mut keyless).keys[0].usage = KeyUse::Encryption;
    assert_eq!(
        refused(&old, &unsigned(&keyless)),
        Reason::NoKeys("IDPSSODescriptor")
    );
    let mut unread = idp(&["testrup"]);
    role(&mut unread).keys[0].certificates = vec!["MIIB".to_owned()];
    assert_eq!(
        refused(&old, &unsigned(&unread)),
        Reason::NoKeys("IDPSSODescriptor")
    );
    for bad in ["http://idp.example/sso", "/sso", "javascript:alert(1)"] {
        let mut entity = idp(&["testrup"]);
        role(&mut entity).single_sign_on[0].location = bad.to_owned();
        let reason = refused(&old, &unsigned(&entity));
        assert!(matches!(reason, Reason::Address(_)), "{bad}: {reason:?}");
    }
    let text = String::from_utf8(old.clone()).unwrap();
    let other = text.replace("urn:oasis:names:tc:SAML:2.0:protocol", "urn:x");
    assert!(other != text);
    assert_eq!(refused(&old, other.as_bytes()), Reason::NoRole);
}

#[test]
fn a_role_that_is_gone_is_refused() {
    use crate::saml::metadata::{IndexedEndpoint, SpRole};
    let mut both = idp(&["testrup"]);
    both.sp = Some(SpRole {
        keys: vec![key("testrup")],
        assertion_consumer: vec![IndexedEndpoint {
            endpoint: at("https://idp.example/acs"),
            index: 0,
            is_default: None,
        }],
        ..SpRole::default()
    });
    let reason = refused(&unsigned(&both), &unsigned(&idp(&["testrup"])));
    assert_eq!(reason, Reason::RoleGone("SPSSODescriptor"));
    both.idp = None;
    let reason = refused(&unsigned(&idp(&["testrup"])), &unsigned(&both));
    assert_eq!(reason, Reason::RoleGone("IDPSSODescriptor"));
}

#[test]
fn every_reason_is_told_in_both_languages() {
    let text = || "x".to_owned();
    let all = [
        Reason::Html,
        Reason::Unreadable(text()),
        Reason::OtherEntity(vec![text(); 5]),
        Reason::Ended(NOW),
        Reason::Unsigned,
        Reason::Unchecked(text()),
        Reason::Broken(text()),
        Reason::OtherSigner {
            subject: text(),
            thumbprint: text(),
        },
        Reason::NoRole,
        Reason::RoleGone("IDPSSODescriptor"),
        Reason::NoKeys("IDPSSODescriptor"),
        Reason::Address(text()),
        Reason::OldUnreadable(Box::new(Reason::Html)),
    ];
    for reason in all {
        let entity_id = IDP.to_owned();
        let refusal = Refusal { entity_id, reason };
        let (da, en) = (refusal.da(), refusal.en());
        assert!(da.len() > 120 && en.len() > 120 && da != en, "{da}\n{en}");
        assert!(!da.contains(" the "), "{da}");
    }
}

/// entityIDs that look alike.
fn ids() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "https://a.example",
        "https://a.example/",
        "https://A.example",
        "https://a.example#x",
        "https://a.example%20",
        "https://a.examplé",
        "a",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn accept_never_accepts_a_party_of_another_id(
        wanted in ids(), in_file in prop::collection::vec(ids(), 1..4), sign in any::<bool>(), before in any::<bool>(),
    ) {
        let of = |id: &String| Entity { entity_id: id.clone(), ..idp(&["testrup"]) };
        let element = match &in_file[..] {
            [one] => of(one).to_element(),
            many => Element::new(MD, "EntitiesDescriptor")
                .attr("ID", "_md")
                .children(many.iter().map(|id| Entity { id: None, ..of(id) }.to_element())),
        };
        let new = match sign {
            true => signed_element(&element, "testrup"),
            false => rendered(&element),
        };
        let old = unsigned(&of(&wanted));
        let answer = super::super::accept(before.then_some(&old[..]), &new, &wanted, NOW);
        let mut distinct = in_file.clone();
        distinct.sort();
        distinct.dedup();
        let should = in_file.contains(&wanted) && distinct.len() == in_file.len();
        prop_assert_eq!(answer.is_ok(), should, "{:?}", answer);
        if let Ok(change) = answer {
            prop_assert_eq!(change.entity.entity_id, wanted);
        }
    }
}
