//! Revocation lists and OCSP answers of the test CA: the system's `openssl` takes them, and so do we, until something
//! is wrong with them.

use std::path::{Path, PathBuf};
use std::process::Command;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use vejviser::dsig::{
    Certificate, Revocation, RevocationError, ocsp_request, read_crl, read_ocsp, where_to_ask,
};
use vejviser::edge::world::{Clock, SystemEntropy};
use vejviser::mint::{self, Authority, KeyKind, Made, Recipe};
use vejviser::oiosaml::Cvr;

/// The system's `openssl` compares with its own clock, so this is not moved.
fn now() -> OffsetDateTime {
    Clock::default().now()
}

struct Stage {
    ca: Authority,
    authority: Certificate,
    good: Made,
    bad: Made,
}

fn stage(kind: KeyKind) -> Stage {
    let ca = Authority::on(kind, now(), 365, &mut SystemEntropy).unwrap();
    let make = |name: &str| {
        let recipe = Recipe {
            organisation: "Opfundet".to_owned(),
            cvr: Cvr::parse("99999999").unwrap(),
            common_name: name.to_owned(),
            uuid: None,
            not_before: now() - Duration::days(2),
            days: 365,
            key: KeyKind::P256,
            fault: None,
            reuse: None,
        };
        mint::make(&recipe, &ca, &mut SystemEntropy).unwrap()
    };
    Stage {
        authority: Certificate::parse(ca.certificate_pem().as_bytes()).unwrap(),
        good: make("good"),
        bad: make("bad"),
        ca,
    }
}

fn serial(certificate: &Certificate) -> Vec<u8> {
    let hex = certificate.story().serial;
    let bytes = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16));
    bytes.collect::<Result<_, _>>().unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("revocation")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What the system's `openssl` says; none, aloud, where there is none.
fn openssl(folder: &Path, arguments: &[&str]) -> Option<(bool, String)> {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output();
    let Ok(output) = output else {
        println!("SKIPPED: no openssl to judge");
        return None;
    };
    let told = [output.stdout, output.stderr].concat();
    Some((
        output.status.success(),
        String::from_utf8_lossy(&told).into_owned(),
    ))
}

#[test]
fn openssl_takes_the_list_and_knows_whom_it_names() {
    for kind in [KeyKind::Rsa(2048), KeyKind::P256] {
        let stage = stage(kind);
        let folder = folder(&format!("crl-{kind:?}").replace(['(', ')'], "-"));
        let put = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
        let revoked = [(serial(&stage.bad.certificate), now() - Duration::days(1))];
        let list = mint::crl(&stage.ca, &revoked, now()).unwrap();
        put("list.der", &list);
        put("ca.pem", stage.ca.certificate_pem().as_bytes());
        put("good.pem", stage.good.certificate_pem.as_bytes());
        put("bad.pem", stage.bad.certificate_pem.as_bytes());
        let list = [
            "crl", "-inform", "DER", "-in", "list.der", "-CAfile", "ca.pem", "-out", "list.pem",
        ];
        let Some((ok, told)) = openssl(&folder, &list) else {
            return;
        };
        assert!(ok && told.contains("verify OK"), "{told}");
        let verify = [
            "verify",
            "-crl_check",
            "-CAfile",
            "ca.pem",
            "-CRLfile",
            "list.pem",
        ];
        let (ok, told) = openssl(&folder, &[&verify[..], &["good.pem"]].concat()).unwrap();
        assert!(ok, "{told}");
        let (ok, told) = openssl(&folder, &[&verify[..], &["bad.pem"]].concat()).unwrap();
        assert!(!ok && told.contains("certificate revoked"), "{told}");
    }
}

#[test]
fn openssl_takes_the_answers() {
    for kind in [KeyKind::Rsa(2048), KeyKind::P256] {
        let stage = stage(kind);
        let folder = folder(&format!("ocsp-{kind:?}").replace(['(', ')'], "-"));
        let put = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
        put("ca.pem", stage.ca.certificate_pem().as_bytes());
        put("good.pem", stage.good.certificate_pem.as_bytes());
        put("bad.pem", stage.bad.certificate_pem.as_bytes());
        // With a nonce, which must come back, and about two at once.
        let ask = [
            "ocsp", "-issuer", "ca.pem", "-cert", "good.pem", "-cert", "bad.pem",
        ];
        let ask = [&ask[..], &["-reqout", "request.der"]].concat();
        if openssl(&folder, &ask).is_none() {
            return;
        }
        let request = std::fs::read(folder.join("request.der")).unwrap();
        let revoked = [(serial(&stage.bad.certificate), now() - Duration::days(1))];
        put(
            "response.der",
            &mint::ocsp(&stage.ca, &request, &revoked, now()).unwrap(),
        );
        let read = [
            "ocsp", "-issuer", "ca.pem", "-cert", "good.pem", "-cert", "bad.pem",
        ];
        // -no_nonce: it adds none of its own to the request that is read.
        let files = [
            "-reqin",
            "request.der",
            "-no_nonce",
            "-respin",
            "response.der",
            "-CAfile",
            "ca.pem",
        ];
        let read = [&read[..], &files].concat();
        let (ok, told) = openssl(&folder, &read).unwrap();
        assert!(ok && told.contains("Response verify OK"), "{told}");
        assert!(
            !told.contains("WARNING") && !told.contains("Nonce"),
            "the nonce comes back: {told}"
        );
        assert!(
            told.contains("good.pem: good") && told.contains("bad.pem: revoked"),
            "{told}"
        );
    }
}

#[test]
fn what_we_make_we_read() {
    let stage = stage(KeyKind::P256);
    let at = datetime!(2026-11-21 10:00 UTC);
    let now = datetime!(2026-11-22 10:00 UTC);
    let revoked = [(serial(&stage.bad.certificate), at)];
    let list = read_crl(
        &mint::crl(&stage.ca, &revoked, now).unwrap(),
        &stage.authority,
        now,
    );
    let list = list.unwrap();
    assert_eq!(list.status(&stage.good.certificate), Ok(Revocation::Good));
    assert_eq!(
        list.status(&stage.bad.certificate),
        Ok(Revocation::Revoked(at))
    );
    let none = mint::crl(&stage.ca, &[], now).unwrap();
    let none = read_crl(&none, &stage.authority, now).unwrap();
    assert_eq!(none.status(&stage.bad.certificate), Ok(Revocation::Good));
    for (made, expected) in [
        (&stage.good, Revocation::Good),
        (&stage.bad, Revocation::Revoked(at)),
    ] {
        let request = ocsp_request(&made.certificate, &stage.authority).unwrap();
        let answer = mint::ocsp(&stage.ca, &request, &revoked, now).unwrap();
        let read = read_ocsp(&answer, &made.certificate, &stage.authority, now);
        assert_eq!(read, Ok(expected));
    }
    let sources = where_to_ask(&stage.good.certificate);
    assert_eq!(sources.ocsp.as_deref(), Some("http://ca.invalid/ocsp"));
    assert_eq!(
        sources.crl,
        ["http://ca.invalid/oces/issuing/1/crl/issuing.crl"]
    );
    assert_eq!(where_to_ask(&stage.authority), Default::default());
}

#[test]
fn what_is_old_foreign_or_changed_is_no_answer() {
    let (stage, other) = (stage(KeyKind::P256), stage(KeyKind::P256));
    let now = datetime!(2026-11-22 10:00 UTC);
    let good = &stage.good.certificate;
    let list = mint::crl(&stage.ca, &[], now).unwrap();
    let request = ocsp_request(good, &stage.authority).unwrap();
    let answer = mint::ocsp(&stage.ca, &request, &[], now).unwrap();
    let later = now + Duration::days(1) + Duration::minutes(6);
    for at in [later, now - Duration::minutes(6)] {
        let stale = |error| matches!(error, RevocationError::Stale { .. });
        assert!(read_crl(&list, &stage.authority, at).is_err_and(stale));
        assert!(read_ocsp(&answer, good, &stage.authority, at).is_err_and(stale));
    }
    // Another CA, and what another CA says of ours.
    assert_eq!(
        read_crl(&list, &other.authority, now),
        Err(RevocationError::NotOfIt)
    );
    let read = read_crl(&list, &stage.authority, now).unwrap();
    assert_eq!(
        read.status(&other.good.certificate),
        Err(RevocationError::NotOfIt)
    );
    let said = mint::ocsp(&other.ca, &request, &[], now).unwrap();
    let said = read_ocsp(&said, good, &stage.authority, now);
    assert_eq!(said, Err(RevocationError::Signature));
    // Not even where that CA is trusted: it may speak of its own only.
    let said = mint::ocsp(&other.ca, &request, &[], now).unwrap();
    let said = read_ocsp(&said, good, &other.authority, now);
    assert_eq!(said, Err(RevocationError::Signature));
    // The last byte is one of the signature.
    let broken = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        *bytes.last_mut().unwrap() ^= 1;
        bytes
    };
    let signature = Err(RevocationError::Signature);
    assert_eq!(read_crl(&broken(&list), &stage.authority, now), signature);
    let signature = Err(RevocationError::Signature);
    assert_eq!(
        read_ocsp(&broken(&answer), good, &stage.authority, now),
        signature
    );
    // An answer about another certificate.
    let bad = read_ocsp(&answer, &stage.bad.certificate, &stage.authority, now);
    assert_eq!(bad, Err(RevocationError::NotOfIt));
    let unreadable = |error| matches!(error, RevocationError::Unreadable(_));
    assert!(read_crl(b"no list", &stage.authority, now).is_err_and(unreadable));
    assert!(
        read_ocsp(b"no answer", good, &stage.authority, now)
            .is_err_and(|error| matches!(error, RevocationError::Unreadable(_)))
    );
    // What cannot be understood is refused in the protocol's own words.
    let refused = mint::ocsp(&stage.ca, b"no request", &[], now).unwrap();
    let refused = read_ocsp(&refused, good, &stage.authority, now);
    assert_eq!(refused, Err(RevocationError::Refused("malformedRequest")));
}
