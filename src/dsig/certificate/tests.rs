//! What a certificate says, against the shipped test PKI and certificates made here.

use super::super::testkeys;
use super::*;
use crate::dsig::{Policy, PublicKey};
use time::macros::datetime;

#[test]
fn a_certificate_tells_its_story() {
    let certificate = Certificate::parse(testkeys::get().rsa_cert.as_bytes()).unwrap();
    assert_eq!(certificate.subject(), "CN=Prøve\\, test,O=Vejviser,C=DK");
    assert_eq!(certificate.not_before(), datetime!(2026-01-02 03:04:05 UTC));
    assert_eq!(certificate.not_after(), datetime!(2056-01-02 03:04:05 UTC));
    assert_eq!(certificate.fingerprint().len(), 64);
    assert!(Certificate::from_base64("%%").is_err() && Certificate::parse(b"").is_err());
}

/// The shipped hub certificate, which OpenSSL's own program made (`certs/make.sh`).
#[test]
fn openssls_certificate_is_told_in_full() {
    let certificate = Certificate::parse(include_bytes!("../../../certs/hub.pem")).unwrap();
    let story = certificate.story();
    assert_eq!(story.subject_part("O"), Some("Vejviser (opfundet)"));
    assert_eq!(story.cvr(), Some("00000001"));
    assert_eq!(story.holder(), Holder::Organisation);
    assert_eq!(story.serial, "252fc3b98b0fecf30427684e929056cd5c31c720");
    assert_eq!(story.not_before, datetime!(2026-11-01 00:00 UTC));
    assert_eq!(story.key, KeyStory::Rsa(3072));
    let SignatureStory::RsaPss { digest, mgf, salt } = &story.signature else {
        panic!("{:?}", story.signature);
    };
    assert_eq!(
        (digest.as_str(), mgf.as_str(), *salt),
        ("SHA-256", "SHA-256", 32)
    );
    assert!(story.allows(Usage::DigitalSignature) && !story.allows(Usage::KeyCertSign));
    assert_eq!(
        story.policies,
        ["0.4.0.2042.1.1", OCES3_ORGANISATION_POLICY]
    );
    assert_eq!(
        story.authority_info,
        ["http://ca.invalid/issuing.cer", "http://ca.invalid/ocsp"]
    );
    assert_eq!(story.revocation_lists, ["http://ca.invalid/issuing.crl"]);
    assert_eq!((story.sha1.len(), story.sha256.len()), (40, 64));
    let public = PublicKey::from_certificate(certificate, Policy::Modern).unwrap();
    assert_eq!(*story.key_id, *public.key_id());
    assert!(!story.is_ca && !story.self_signed);
    let ca = Certificate::parse(include_bytes!("../../../certs/ca.pem")).unwrap();
    let ca = ca.story();
    assert!(ca.is_ca && ca.self_signed && ca.allows(Usage::KeyCertSign));
    assert_eq!((ca.holder(), ca.cvr()), (Holder::Other, None));
}

/// A certificate from the tests' own maker: no extensions at all, PKCS #1.
#[test]
fn what_a_certificate_does_not_say_is_not_invented() {
    let certificate = Certificate::parse(testkeys::get().rsa_cert.as_bytes()).unwrap();
    let story = certificate.story();
    assert_eq!(story.key_usage, None);
    assert!(
        story.allows(Usage::DigitalSignature),
        "no keyUsage allows all"
    );
    assert!(story.policies.is_empty() && story.revocation_lists.is_empty());
    let plain = SignatureStory::Other("sha256WithRSAEncryption".to_owned());
    assert_eq!(story.signature, plain);
    assert_eq!(story.origin(), Origin::SelfSigned);
    let pem = testkeys::get().rsa_pem.as_bytes();
    assert_eq!(certificate.belongs_to(pem), Ok(true));
    assert_eq!(
        certificate.belongs_to(testkeys::get().p256_pem.as_bytes()),
        Ok(false)
    );
    assert!(certificate.belongs_to(b"x").is_err());
}

#[test]
fn a_certificate_has_its_times() {
    let base = Certificate::parse(testkeys::get().rsa_cert.as_bytes()).unwrap();
    let story = base.story();
    let moments = [
        (datetime!(0000-01-01 00:00 UTC), Validity::NotYet),
        (datetime!(2026-01-02 03:04:04 UTC), Validity::NotYet),
        (datetime!(2026-01-02 03:04:05 UTC), Validity::Valid),
        (datetime!(2055-12-03 03:04:04 UTC), Validity::Valid),
        (datetime!(2055-12-03 03:04:05 UTC), Validity::EndsSoon),
        (datetime!(2056-01-02 03:04:04 UTC), Validity::EndsSoon),
        (datetime!(2056-01-02 03:04:05 UTC), Validity::Expired),
        (datetime!(9999-12-31 23:59:59 UTC), Validity::Expired),
    ];
    for (now, validity) in moments {
        assert_eq!(story.validity(now), validity, "{now}");
    }
    // RFC 5280 §4.1.2.5: no end that is known. The month before it has an answer too.
    let endless = Story {
        not_after: datetime!(9999-12-31 23:59:59 UTC),
        ..story.clone()
    };
    let late = datetime!(9999-12-15 00:00 UTC);
    assert_eq!(endless.validity(late), Validity::EndsSoon);
    // One that begins tomorrow and lives for a week is not valid yet, before it ends soon.
    let short = Story {
        not_before: story.not_after - time::Duration::WEEK,
        ..story.clone()
    };
    let before = short.not_before - time::Duration::DAY;
    assert_eq!(short.validity(before), Validity::NotYet);
    assert_eq!(story.lacks(&[Usage::KeyEncipherment]), []);
    let documents = Story {
        key_usage: Some(vec![Usage::NonRepudiation]),
        ..story
    };
    let needed = [Usage::DigitalSignature, Usage::NonRepudiation];
    assert_eq!(documents.lacks(&needed), [Usage::DigitalSignature]);
}

#[test]
fn names_tell_the_kind_of_certificate() {
    let base = Certificate::parse(testkeys::get().rsa_cert.as_bytes()).unwrap();
    let named = |serial: &str, issuer: &[(&str, &str)]| Story {
        subject: vec![("serialNumber".to_owned(), serial.to_owned())],
        issuer: (issuer.iter())
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        self_signed: false,
        ..base.story()
    };
    for (serial, holder, cvr) in [
        ("UI:DK-O:G:x", Holder::Organisation, None),
        ("UI:DK-E:G:x", Holder::Employee, None),
        (
            "CVR:12345678-FID:1",
            Holder::Oces2Organisation,
            Some("12345678"),
        ),
        (
            "CVR:12345678-UID:1",
            Holder::Oces2Organisation,
            Some("12345678"),
        ),
        (
            "CVR:12345678-RID:1",
            Holder::Oces2Employee,
            Some("12345678"),
        ),
        ("PID:1", Holder::Other, None),
    ] {
        let story = named(serial, &[]);
        assert_eq!((story.holder(), story.cvr()), (holder, cvr), "{serial}");
    }
    let state = ("O", "Den Danske Stat");
    assert_eq!(named("", &[state]).origin(), Origin::Oces3);
    assert_eq!(
        named("", &[("OU", "Test - cti"), state]).origin(),
        Origin::Oces3Test
    );
    assert_eq!(named("", &[("O", "Another")]).origin(), Origin::Other);
}

/// Metadata holds whatever somebody put there.
#[test]
fn no_damaged_certificate_makes_its_story_panic() {
    let der = Certificate::parse(include_bytes!("../../../certs/hub.pem"));
    let der = der.unwrap().der();
    for at in 0..der.len() {
        let mut damaged = der.clone();
        damaged[at] = [0x00, 0x30, 0x7f, 0x84, 0xff][at % 5];
        if let Ok(certificate) = Certificate::parse(&damaged) {
            let story = certificate.story();
            let _ = (story.holder(), story.cvr(), story.issuer_line());
        }
    }
}

#[test]
fn a_name_is_escaped_as_rfc_4514_has_it() {
    for (value, expected) in [
        ("Ea Eksempel", "Ea Eksempel"),
        (" Ea ", "\\ Ea\\ "),
        ("  Ea", "\\  Ea"),
        ("Ea  ", "Ea \\ "),
        (" ", "\\ "),
        ("#1", "\\#1"),
        ("1#", "1#"),
        (" #", "\\ #"),
        ("a\"b+c,d;e<f>g\\h", "a\\\"b\\+c\\,d\\;e\\<f\\>g\\\\h"),
        ("a=b", "a=b"),
        // Nothing that a terminal would obey.
        ("a\u{1b}[2J\n", "a\u{FFFD}[2J\u{FFFD}"),
        ("", ""),
    ] {
        assert_eq!(escaped(value), expected, "{value:?}");
    }
}
