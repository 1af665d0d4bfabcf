//! What is made, as OpenSSL reads and verifies it.

use super::testchance::Counting;
use super::*;
use crate::dsig::{Holder, KeyStory, Origin, SignatureStory, Usage};
use crate::oiosaml::Cvr;
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509, X509StoreContext};
use std::sync::OnceLock;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-22 00:00 UTC);

fn authority() -> &'static Authority {
    static CA: OnceLock<Authority> = OnceLock::new();
    CA.get_or_init(|| Authority::new(NOW, 3 * DAYS_A_YEAR, &mut Counting(0)).unwrap())
}

fn recipe(fault: Option<Fault>) -> Recipe {
    Recipe {
        organisation: "Prøvekøbing Kommune".to_owned(),
        cvr: Cvr::parse("11111111").unwrap(),
        common_name: hub_name("exttest", 2),
        uuid: None,
        not_before: NOW,
        days: 3 * DAYS_A_YEAR,
        key: KeyKind::Rsa(2048),
        fault,
        reuse: None,
    }
}

fn made(recipe: &Recipe) -> Made {
    make(recipe, authority(), &mut Counting(100)).unwrap()
}

/// What OpenSSL says of the chain at a time.
fn verdict(made: &Made, ca_pem: &str, at: OffsetDateTime) -> i32 {
    let ca = X509::from_pem(ca_pem.as_bytes()).unwrap();
    let mut store = X509StoreBuilder::new().unwrap();
    store.add_cert(ca).unwrap();
    let mut parameters = X509VerifyParam::new().unwrap();
    parameters.set_time(at.unix_timestamp());
    // Level 2 asks for 112 bits: RSA with 2048.
    parameters.set_auth_level(2);
    store.set_param(&parameters).unwrap();
    let certificate = X509::from_pem(made.certificate_pem.as_bytes()).unwrap();
    let mut context = X509StoreContext::new().unwrap();
    let chain = Stack::new().unwrap();
    let outcome = context.init(&store.build(), &certificate, &chain, |context| {
        context.verify_cert()?;
        Ok(context.error().as_raw())
    });
    outcome.unwrap()
}

/// `X509_V_…` of OpenSSL's x509_vfy.h.
const OK: i32 = 0;
const NOT_YET_VALID: i32 = 9;
const EXPIRED: i32 = 10;
const SELF_SIGNED: i32 = 18;
const NO_ISSUER: i32 = 20;
const KEY_TOO_SMALL: i32 = 66;

#[test]
fn a_good_certificate_has_the_shape_of_oces3() {
    let made = made(&Recipe {
        key: KeyKind::Rsa(3072),
        ..recipe(None)
    });
    assert_eq!(verdict(&made, authority().certificate_pem(), NOW), OK);
    let story = made.certificate.story();
    let subject: Vec<(&str, &str)> = (story.subject.iter())
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let uuid = "UI:DK-O:G:65666768-696a-4b6c-ad6e-6f7071727374";
    assert_eq!(
        subject,
        [
            ("CN", "ADG_EXTTEST_Adgangsstyring_2"),
            ("serialNumber", uuid),
            ("O", "Prøvekøbing Kommune"),
            ("organizationIdentifier", "NTRDK-11111111"),
            ("C", "DK"),
        ]
    );
    assert_eq!(story.cvr(), Some("11111111"));
    assert_eq!(story.holder(), Holder::Organisation);
    assert_eq!(story.origin(), Origin::Other);
    assert_eq!(story.serial.len(), 40);
    assert_eq!(story.not_before, NOW);
    // As the real hub's: 2023-03-29 10:38:27 to 2026-03-28 10:38:26.
    assert_eq!(story.not_after, datetime!(2029-11-20 23:59:59 UTC));
    assert_eq!(story.key, KeyStory::Rsa(3072));
    let pss = SignatureStory::RsaPss {
        digest: "SHA-256".to_owned(),
        mgf: "SHA-256".to_owned(),
        salt: 32,
    };
    assert_eq!(story.signature, pss);
    let usage = vec![Usage::DigitalSignature, Usage::KeyEncipherment];
    assert_eq!(story.key_usage, Some(usage));
    assert_eq!(story.policies, ["0.4.0.2042.1.1", "1.2.208.169.1.1.1.3.7"]);
    assert!(story.has_oces3_policy() && !story.is_ca && !story.self_signed);
    let addresses = story.authority_info.iter().chain(&story.revocation_lists);
    let hosts: Vec<bool> = addresses
        .map(|address| address.starts_with("http://ca.invalid/"))
        .collect();
    assert_eq!(hosts, [true; 3]);
    assert_eq!(
        made.certificate.belongs_to(made.key_pem.as_bytes()),
        Ok(true)
    );
}

#[test]
fn each_fault_is_what_it_says() {
    let ca = authority().certificate_pem();
    let of = |fault| made(&recipe(Some(fault)));
    let said = |fault| verdict(&of(fault), ca, NOW);
    assert_eq!(said(Fault::Expired), EXPIRED);
    assert_eq!(said(Fault::NotYetValid), NOT_YET_VALID);
    assert_eq!(said(Fault::ExpiresSoon), OK);
    let ends = of(Fault::ExpiresSoon).certificate.not_after();
    assert_eq!(ends, datetime!(2026-12-05 23:59:59 UTC));
    let usage = of(Fault::WrongUsage).certificate.story();
    assert!(!usage.allows(Usage::DigitalSignature) && !usage.allows(Usage::KeyEncipherment));
    assert!(usage.allows(Usage::NonRepudiation));
    // The end entity's key is too small.
    assert_eq!(said(Fault::Rsa1024), KEY_TOO_SMALL);
    assert_eq!(
        of(Fault::Rsa1024).certificate.story().key,
        KeyStory::Rsa(1024)
    );
    let other = of(Fault::OtherCa);
    assert_eq!(verdict(&other, ca, NOW), NO_ISSUER);
    assert_eq!(verdict(&other, &other.ca_pem, NOW), OK);
    let alone = of(Fault::SelfSigned);
    assert_eq!(verdict(&alone, ca, NOW), SELF_SIGNED);
    assert!(alone.certificate.story().self_signed);
    assert_eq!(alone.certificate.story().origin(), Origin::SelfSigned);
    let wrong = of(Fault::WrongKey);
    assert_eq!(
        wrong.certificate.belongs_to(wrong.key_pem.as_bytes()),
        Ok(false)
    );
    assert_eq!(verdict(&wrong, ca, NOW), OK);
}

#[test]
fn a_reused_key_is_the_other_ones() {
    let first = made(&recipe(None));
    let key = PKey::private_key_from_pem(first.key_pem.as_bytes()).unwrap();
    let reused = Recipe {
        reuse: Some(key),
        ..recipe(Some(Fault::Reused))
    };
    let second = made(&reused);
    let (first, second) = (first.certificate.story(), second.certificate.story());
    assert_eq!(first.key_id, second.key_id);
    assert_ne!(first.sha256, second.sha256);
    let without = make(&recipe(Some(Fault::Reused)), authority(), &mut Counting(0));
    assert!(matches!(without, Err(MintError::Unsuitable(_))));
}

#[test]
fn every_fault_has_a_name_of_its_own_and_words() {
    for fault in Fault::ALL {
        let about = fault.about();
        assert_eq!(Fault::by_name(about.name), Some(*fault));
        let safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(about.name.chars().all(safe), "{}", about.name);
        for word in [about.what.0, about.what.1, about.strict.0, about.strict.1] {
            assert!(!word.is_empty(), "{fault:?}");
        }
    }
    assert_eq!(Fault::by_name("none"), None);
}

#[test]
fn a_ca_that_is_given_issues() {
    let ca = authority();
    let key = ca.key_pem().unwrap();
    let again = Authority::given(ca.certificate_pem().as_bytes(), key.as_bytes()).unwrap();
    let made = make(&recipe(None), &again, &mut Counting(7)).unwrap();
    assert_eq!(verdict(&made, ca.certificate_pem(), NOW), OK);
    let own = (made.certificate_pem.as_bytes(), made.key_pem.as_bytes());
    let no_ca = Authority::given(own.0, own.1).unwrap_err();
    assert!(no_ca.to_string().contains("is no CA"), "{no_ca}");
    let foreign = Authority::given(ca.certificate_pem().as_bytes(), own.1);
    assert!(matches!(foreign, Err(MintError::Unreadable(_))));
    assert!(Authority::given(b"x", b"x").is_err());
}

#[test]
fn what_cannot_stand_in_a_certificate_is_not_made() {
    let good = recipe(None);
    for wrong in [
        Recipe {
            organisation: " ".to_owned(),
            ..good.clone()
        },
        Recipe {
            organisation: "å".repeat(65),
            ..good.clone()
        },
        Recipe {
            common_name: "a\nb".to_owned(),
            ..good.clone()
        },
        Recipe {
            not_before: datetime!(9999-12-31 00:00 UTC),
            ..good.clone()
        },
        Recipe {
            days: 0,
            ..good.clone()
        },
        Recipe {
            days: 40_000,
            ..good.clone()
        },
    ] {
        let outcome = make(&wrong, authority(), &mut Counting(0));
        assert!(
            matches!(outcome, Err(MintError::Unsuitable(_))),
            "{wrong:?}"
        );
    }
}

#[test]
fn a_ca_is_made_at_any_time() {
    Authority::new(datetime!(9999-12-31 00:00 UTC), 36_500, &mut Counting(0)).unwrap();
}

#[test]
fn no_certificate_outlives_its_ca() {
    for days in [1, 3650, 36_500] {
        let ca = Authority::new(NOW, days, &mut Counting(0)).unwrap();
        for fault in [
            None,
            Some(Fault::Expired),
            Some(Fault::NotYetValid),
            Some(Fault::OtherCa),
        ] {
            let recipe = Recipe {
                days,
                ..recipe(fault)
            };
            let made = make(&recipe, &ca, &mut Counting(9)).unwrap();
            let ca = Certificate::parse(made.ca_pem.as_bytes()).unwrap();
            let (from, until) = (made.certificate.not_before(), made.certificate.not_after());
            assert!(
                ca.not_before() <= from && until <= ca.not_after(),
                "{days} {fault:?}"
            );
        }
    }
}

#[test]
fn dates_after_2049_and_keys_on_a_curve_are_read_too() {
    let late = Recipe {
        not_before: datetime!(2049-06-01 12:30:15 +02:00),
        days: 365,
        key: KeyKind::P256,
        ..recipe(None)
    };
    let story = made(&late).certificate.story();
    assert_eq!(story.not_before, datetime!(2049-06-01 10:30:15 UTC));
    assert_eq!(story.not_after, datetime!(2050-06-01 10:30:14 UTC));
    assert_eq!(story.key, KeyStory::Ec("prime256v1".to_owned()));
    let alone = made(&Recipe {
        fault: Some(Fault::SelfSigned),
        key: KeyKind::P256,
        ..recipe(None)
    });
    assert!(alone.certificate.story().self_signed, "signed by ECDSA");
}
