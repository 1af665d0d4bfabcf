//! The attack cases of `fixtures/attacks/`: each is judged by the code of `vejviser verify`, and must fail
//! exactly the check that it names.

#[allow(
    dead_code,
    reason = "the generator's half; shared with examples/attack-cases.rs"
)]
mod case;
#[allow(
    dead_code,
    reason = "the generator, shared with examples/attack-cases.rs"
)]
mod make;

use case::Case;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use vejviser::cli::verify;
use vejviser::dsig::{DecryptionKey, PublicKey};
use vejviser::hub::judge::SKEW;
use vejviser::hub::offline::{Kind, Profile, Question, Told};
use vejviser::hub::{Check, Row, RowOutcome};
use vejviser::oiosaml::{Cvr, Level, Nist, Nsis, OiosamlVersion};
use vejviser::saml::paste::Input;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/attacks")
}

/// All files, by name.
fn stored() -> BTreeMap<String, Case> {
    let mut cases = BTreeMap::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "case")
        {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let file = std::fs::read(&path).unwrap();
            let case = Case::parse(&name, &file).unwrap_or_else(|error| panic!("{name}: {error}"));
            cases.insert(name, case);
        }
    }
    assert!(!cases.is_empty());
    cases
}

/// What was said to a case.
struct Said {
    accepted: bool,
    told: Told,
    rows: Vec<Row>,
}

impl Said {
    fn ids(&self, outcome: RowOutcome) -> Vec<&'static str> {
        let mut ids: Vec<_> = (self.rows.iter())
            .filter(|row| row.outcome == outcome)
            .map(|row| row.check.info().id)
            .collect();
        ids.dedup();
        ids
    }
}

fn level(text: &str) -> Level {
    let nsis = Nsis::parse(text).map(Level::Nsis);
    nsis.or(Nist::parse(text).map(Level::Nist)).expect(text)
}

fn file(path: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Judges a case by what its header says, as `vejviser verify` does by its options.
fn judge(case: &Case) -> Said {
    let profile = match case.get("profile") {
        None => Profile::Saml,
        Some("oiosaml3") => Profile::Oiosaml(OiosamlVersion::V3),
        Some("oiosaml2") => Profile::Oiosaml(OiosamlVersion::V2),
        Some(other) => panic!("profile {other}"),
    };
    let (signatures, encryption) = verify::algorithms(profile, false);
    let keys: Vec<PublicKey> = (case.list("peer-key").into_iter())
        .map(|name| PublicKey::parse(&file(&case::public_key(name)), signatures).unwrap())
        .collect();
    let decryption_keys: Vec<DecryptionKey> = (case.get("key").into_iter())
        .map(|name| DecryptionKey::parse(&file(&format!("certs/{name}.key.pem"))).unwrap())
        .collect();
    let contexts: Vec<Cvr> = (case.list("cvr").into_iter())
        .map(|cvr| Cvr::parse(cvr).expect(cvr))
        .collect();
    let now = case.get("now").unwrap();
    let question = Question {
        kind: match case.get("kind").unwrap() {
            "response" => Kind::Response,
            "request" => Kind::Request,
            "logout-request" => Kind::LogoutRequest,
            "logout-response" => Kind::LogoutResponse,
            "metadata" => Kind::Metadata,
            other => panic!("kind {other}"),
        },
        profile,
        peer: case.get("peer"),
        keys: &keys,
        me: case.get("me"),
        acs: case.get("acs"),
        destination: case.get("destination"),
        in_response_to: case.get("in-response-to"),
        now: Some(OffsetDateTime::parse(now, &Rfc3339).unwrap()),
        skew: SKEW,
        decryption_keys: &decryption_keys,
        required: case.get("required-level").map(level),
        ceiling: case.get("ceiling").map(level),
        contexts: (!contexts.is_empty()).then_some(&contexts),
        signatures,
        encryption,
    };
    let input = match case.get("input").unwrap() {
        "xml" => Input::Xml,
        "form" => Input::Form,
        "url" => Input::Url,
        other => panic!("input {other}"),
    };
    let verdict = verify::judge(&case.sent(), input, &question);
    Said {
        accepted: verdict.accepted,
        told: verdict.told,
        rows: verdict.rows,
    }
}

#[test]
fn every_case_fails_exactly_the_check_it_names() {
    let mut wrong = Vec::new();
    for (name, case) in stored() {
        let said = judge(&case);
        let expect = case.get("expect").unwrap();
        let failed = said.ids(RowOutcome::Fail);
        let expected: Vec<&str> = (Some(expect)
            .filter(|expect| *expect != "accept")
            .into_iter())
        .chain(case.list("also"))
        .collect();
        let mut told = Vec::new();
        if said.accepted != (expect == "accept") {
            told.push(format!("accepted: {}", said.accepted));
        }
        if failed != expected {
            told.push(format!("failed {failed:?}, expected {expected:?}"));
        }
        if said.ids(RowOutcome::Warn) != case.list("warns") {
            told.push(format!("warned {:?}", said.ids(RowOutcome::Warn)));
        }
        if said.accepted && said.told.name_id.as_deref() != case.get("name-id") {
            told.push(format!("name {:?}", said.told.name_id));
        }
        let level = said.told.level.map(|level| match level {
            Level::Nsis(level) => level.word().to_owned(),
            Level::Nist(level) => level.digit().to_string(),
        });
        if said.accepted && level.as_deref() != case.get("level") {
            told.push(format!("level {level:?}"));
        }
        if !told.is_empty() {
            let found = (said.rows.iter())
                .filter(|row| row.outcome == RowOutcome::Fail)
                .map(|row| format!("\n    {}: {}", row.check.info().id, row.found));
            wrong.push(format!(
                "{name}: {}{}",
                told.join("; "),
                found.collect::<String>()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Checks that no single message can trip; each has its mutant elsewhere (`tests/core/checks.rs` or the tests
/// of the running program).
const NEEDS_MORE_THAN_A_MESSAGE: [(Check, &str); 6] = [
    (
        Check::RequestTrustedKey,
        "a registered system without key; a verdict without any key is no-trusted-key",
    ),
    (Check::ResponseExpected, "a hub that waits for a login"),
    (Check::ResponseBrowser, "a browser"),
    (Check::IdpActive, "a registration without CVR"),
    (Check::RolesGranted, "the system's role mappings"),
    (Check::Replay, "a message that was used before"),
];

#[test]
fn every_check_of_a_message_has_a_case() {
    let stored = stored();
    let named: BTreeSet<&str> = (stored.values())
        .flat_map(|case| [case.list("expect"), case.list("warns")].concat())
        .collect();
    let known: BTreeSet<&str> = Check::ALL.iter().map(|check| check.info().id).collect();
    for id in named.iter().filter(|id| **id != "accept") {
        assert!(known.contains(id), "{id} is no check");
    }
    let excused: Vec<Check> = NEEDS_MORE_THAN_A_MESSAGE
        .iter()
        .map(|(check, _)| *check)
        .collect();
    let judging = Check::of_requests()
        .iter()
        .copied()
        .chain(Check::of_answers().iter().copied())
        .chain([Check::TrustedKey])
        .chain(Check::of_logout(true))
        .chain(Check::of_logout(false))
        .chain(Check::of_metadata().iter().copied());
    let without: BTreeSet<&str> = judging
        .filter(|check| !excused.contains(check))
        .map(|check| check.info().id)
        .filter(|id| !named.contains(id))
        .collect();
    assert!(without.is_empty(), "no case trips {without:?}");
}

/// A verifier that refuses everything would pass the other test's half.
#[test]
fn every_kind_and_family_of_algorithms_has_something_to_accept() {
    let stored = stored();
    let accepted = |wanted: &dyn Fn(&Case) -> bool| {
        stored
            .values()
            .any(|case| case.get("expect") == Some("accept") && wanted(case))
    };
    for kind in [
        "response",
        "request",
        "logout-request",
        "logout-response",
        "metadata",
    ] {
        assert!(accepted(&|case| case.get("kind") == Some(kind)), "{kind}");
    }
    for name in [
        "rsa-sha256",
        "rsa-pss",
        "ecdsa-p256",
        "gcm-oaep-mgf1p",
        "gcm-oaep-sha256",
    ] {
        assert!(accepted(&|case| case.name.contains(name)), "{name}");
    }
}

/// What the README beside the files promises: the header is the options.
#[test]
fn the_command_says_the_same() {
    for name in [
        "01-accept-assertion-signed",
        "02-utf-16",
        "03-depth",
        "05-accept-gcm-oaep-sha256",
        "08-accept-cvr",
        "08-cvr-attribute-of-another",
        "08-cvr-of-another",
        "10-above-ceiling",
        "11-accept-redirect-ecdsa",
        "11-query-re-encoded",
        "12-unsigned",
        "12-response-to-nothing",
        "13-accept-aggregate",
        "13-no-trusted-key",
    ] {
        let case = Case::parse(name, &file(&format!("fixtures/attacks/{name}.case"))).unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_vejviser"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["verify", "--format", "json"])
            .args(case.options())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        program
            .stdin
            .take()
            .unwrap()
            .write_all(&case.sent())
            .unwrap();
        let output = program.wait_with_output().unwrap();
        let verdict: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let reason = verdict["reason"].as_str().unwrap_or("accept");
        assert_eq!(reason, case.get("expect").unwrap(), "{name}");
        assert_eq!(
            output.status.code(),
            Some(i32::from(reason != "accept")),
            "{name}"
        );
    }
}

#[test]
fn the_files_are_what_the_generator_makes() {
    let stored = stored();
    let all = make::all();
    let count = all.len();
    let made: BTreeMap<String, Case> = (all.into_iter())
        .map(|case| (case.name.clone(), case))
        .collect();
    assert_eq!(made.len(), count, "a name occurs twice");
    const ANEW: &str = "cargo run --example attack-cases";
    let names = |cases: &BTreeMap<String, Case>| cases.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&stored), names(&made), "{ANEW}");
    for (name, case) in &made {
        let there = &stored[name];
        assert_eq!(there.header(), case.header(), "{name}: {ANEW}");
        // Chance went into these; their headers are compared, and their messages are judged.
        if case.get("chance").is_none() {
            assert!(
                there.message == case.message,
                "{name} was edited, or the generator was: {ANEW}"
            );
        }
    }
    assert!(
        std::fs::read(folder().join("p256.pem")).unwrap() == make::p256_public(),
        "{ANEW}"
    );
}
