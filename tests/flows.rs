//! `vejviser flows`: the journal of a running hub from a command line, and a bundle played again.

use crate::case::{download, unpacked};
use crate::support::demo::{Demo, Went};
use crate::support::sample_alone;
use proptest::prelude::*;
use serde_json::Value;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use vejviser::cli::demo::hub_keys;
use vejviser::config::pki;
use vejviser::drill::Browser;
use vejviser::drill::replay::{Difference, Given, Replay, read, replay};
use vejviser::edge::case::File;

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("flows")
        .join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

async fn flows(args: &[&str]) -> (Option<i32>, String, String) {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    let ran = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vejviser"));
        command.arg("flows").args(args).output().unwrap()
    });
    let Output {
        status,
        stdout,
        stderr,
    } = ran.await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code(), text(stdout), text(stderr))
}

async fn logged_in(demo: &Demo, system: &str, idp: &str, person: &str) -> (Went, String) {
    let went = demo.log_in(&mut Browser::new(), system, idp, person).await;
    let id = demo.newest_flow().await["id"].as_str().unwrap().to_owned();
    (went, id)
}

/// What is registered in a demo, with its keys.
fn registered(demo: &Demo) -> Given {
    let snapshot = demo.app.registry.now();
    Given {
        federation: snapshot.federation.clone(),
        settings: snapshot.settings.clone(),
        keys: hub_keys().unwrap(),
    }
}

async fn recorded(demo: &Demo, id: &str, form: &str) -> File {
    let path = format!("/api/v1/flows/{id}/bundle?form={form}");
    read(&download(demo, &path).await.1).unwrap()
}

fn told(replay: &Replay) -> String {
    format!("{replay:#?}")
}

#[tokio::test]
async fn the_flows_of_a_hub_are_listed_shown_and_exported() {
    let demo = Demo::start().await;
    let (_, id) = logged_in(&demo, "sagssystem", "eksempelstrup", "bo").await;
    let manage = format!("http://127.0.0.1:{}", demo.manage);
    let hub = ["--manage", &manage];
    let (code, listed, _) = flows(&[&["list"], &hub[..]].concat()).await;
    assert_eq!(code, Some(0));
    assert!(
        listed.starts_with(&id) && listed.contains("refused"),
        "{listed}"
    );
    assert_eq!(listed.lines().count(), 1, "{listed}");
    // Narrowed; and a word that nobody knows is named, with those that may stand there.
    for (filter, lines) in [
        (["--actor", "identity-provider"], 1),
        (["--actor", "system"], 0),
        (["--system", "sagssystem"], 1),
        (["--organisation", "22222222"], 1),
        (["--outcome", "logged-in"], 0),
        (["--id", &id[..4]], 1),
        (["--before", "1"], 0),
    ] {
        let (code, listed, _) = flows(&[&["list"], &filter[..], &hub[..]].concat()).await;
        assert_eq!(
            (code, listed.lines().count()),
            (Some(0), lines),
            "{filter:?}"
        );
    }
    let (code, _, why) = flows(&[&["list", "--actor", "somebody"], &hub[..]].concat()).await;
    assert_ne!(code, Some(0));
    assert!(
        why.contains("actor") && why.contains("identity-provider"),
        "{why}"
    );
    let (_, json, _) = flows(&[&["list", "--format", "json"], &hub[..]].concat()).await;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["flows"][0]["id"], id.as_str());
    let (code, shown, _) = flows(&[&["show", &id, "--language", "en"], &hub[..]].concat()).await;
    assert_eq!(code, Some(0));
    assert!(shown.starts_with("A login to look into: "), "{shown}");
    let (_, shown, _) =
        flows(&[&["show", &id.to_lowercase(), "--format", "json"], &hub[..]].concat()).await;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown, demo.newest_flow().await);
    for form in ["masked", "hashed", "plain"] {
        let file = folder("export").join(format!("{form}.zip"));
        let output = file.to_str().unwrap();
        let asked = ["export", &id, "--form", form, "--output", output];
        let (code, named, _) = flows(&[&asked[..], &hub[..]].concat()).await;
        assert_eq!((code, named.trim()), (Some(0), output));
        let page = format!("/forloeb/{id}/sagspakke.zip?form={form}");
        assert!(
            std::fs::read(&file).unwrap() == download(&demo, &page).await.1,
            "{form}"
        );
    }
    let (code, _, why) = flows(&[&["show", "00000000000000000000000000"], &hub[..]].concat()).await;
    assert!(
        code == Some(2) && why.contains("no login is called that"),
        "{why}"
    );
    let (code, _, _) = flows(&[&["show", "x"], &hub[..]].concat()).await;
    assert_eq!(code, Some(2));
    let (code, _, why) = flows(&["list", "--manage", "http://127.0.0.1:1"]).await;
    assert!(code == Some(4) && why.contains("--manage"), "{why}");
}

#[tokio::test]
async fn with_the_same_registration_nothing_differs() {
    let demo = Demo::start().await;
    for (system, idp, person) in [
        ("sagssystem", "eksempelstrup", "anna"),
        ("sagssystem", "eksempelstrup", "bo"),
        ("borgerportal", "testrup", "gert"),
        ("borgerportal", "provekobing-adfs", "dorte"),
        ("borgerportal", "fiktiv-gammel", "jytte"),
    ] {
        let (went, id) = logged_in(&demo, system, idp, person).await;
        for form in ["plain", "masked", "hashed"] {
            let file = recorded(&demo, &id, form).await;
            let replay = replay(&file, &registered(&demo));
            assert!(
                !replay.differs(),
                "{system} {idp} {person} {form} {went:?}\n{}",
                told(&replay)
            );
            assert_eq!(
                replay.then.outcome == "logged-in",
                matches!(went, Went::In(_))
            );
        }
    }
}

/// What was so when the login was made (what a party had fetched, whose clock was wrong) is no matter of registration.
#[tokio::test]
async fn circumstances_are_what_they_were() {
    use vejviser::hub::verdict::{Cause, Confidence, Verdict, circumstance};
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    let login = demo.url("sagssystem", "/log-ind");
    demo.to_idp(&mut browser, &login, "testrup").await.unwrap();
    demo.move_clock(time::Duration::minutes(61));
    let id = demo.newest_flow().await["id"].as_str().unwrap().to_owned();
    let mut file = recorded(&demo, &id, "plain").await;
    let plain = replay(&file, &registered(&demo));
    assert!(!plain.differs(), "{}", told(&plain));
    assert_eq!(plain.now.cause, Some("idp-never-answered"));
    let mut trace = vejviser::hub::Trace::default();
    circumstance::hub_key(Some((file.flow.started, false)), || None, &mut trace);
    file.flow.content.decisions.extend(trace.decisions);
    file.flow.verdict = Some(Verdict {
        cause: Cause::IdpRefusesHubKey,
        confidence: Confidence::Likely,
        evidence: Vec::new(),
    });
    let replay = replay(&file, &registered(&demo));
    assert!(!replay.differs(), "{}", told(&replay));
    assert_eq!(replay.now.cause, Some("idp-refuses-hub-key"));
}

#[tokio::test]
async fn a_bundle_alone_is_enough() {
    let demo = Demo::start().await;
    let (_, id) = logged_in(&demo, "sagssystem", "eksempelstrup", "anna").await;
    let file = recorded(&demo, &id, "plain").await;
    // Another hub's keys: what was encrypted is in the bundle in clear.
    let keys = vejviser::hub::keys::HubKeys::shared(pki::ring("testrup").unwrap());
    let replay = replay(
        &file,
        &Given {
            keys,
            ..registered(&demo)
        },
    );
    assert!(!replay.differs(), "{}", told(&replay));
    assert!(
        replay
            .not_judged
            .iter()
            .any(|(_, en)| en.contains("in clear")),
        "{}",
        told(&replay)
    );
}

#[tokio::test]
async fn a_profile_that_was_changed_asks_otherwise() {
    let demo = Demo::start().await;
    let (went, id) = logged_in(&demo, "borgerportal", "provekobing-adfs", "dorte").await;
    assert_eq!(went, Went::Status("NoAuthnContext".to_owned()));
    let folder = folder("profile");
    let sample = sample_alone();
    let changed = sample.replacen(
        "oiosaml_profile = \"OIOSAML2_ADFS_MULTIPLEAUTHN\"\nassurance_level = 3\n",
        "oiosaml_profile = \"OIOSAML3\"\nassurance_level = 3\nnsis_assurance_level = \"Substantial\"\n",
        1,
    );
    assert_ne!(changed, sample);
    let [same, other] = [("same.toml", sample), ("changed.toml", changed)].map(|(name, text)| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    });
    for form in ["plain", "masked"] {
        let bundle = folder.join(format!("{form}.zip"));
        let path = format!("/api/v1/flows/{id}/bundle?form={form}");
        std::fs::write(&bundle, download(&demo, &path).await.1).unwrap();
        let bundle = bundle.to_str().unwrap();
        let (code, told, why) = flows(&["replay", bundle, "--config", &same]).await;
        assert_eq!(code, Some(0), "{told}{why}");
        assert!(told.contains("nothing differs"), "{told}");
        let (code, told, why) = flows(&["replay", bundle, "--config", &other]).await;
        assert_eq!(code, Some(1), "{told}{why}");
        for line in [
            "(HUB-C-005)",
            "AuthnContextClassRef\n    før / then: –\n    nu / now:   https://data.gov.dk/concept/core/nsis/loa/Substantial",
            "request-profile\n    før / then: –\n    nu / now:   OIOSAML3 for",
        ] {
            assert!(told.contains(line), "{line}\n{told}");
        }
        let (_, json, _) = flows(&["replay", bundle, "--config", &other, "--format", "json"]).await;
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["then"]["check"], "HUB-C-005");
        assert_eq!(json["now"]["outcome"], "open");
        assert_eq!(
            json["summary"]["findings"].as_u64(),
            json["findings"].as_array().map(|all| all.len() as u64)
        );
    }
    // Without a federation: the sample, whose invented parties stand where the bundle's hub stood.
    let bundle = folder.join("plain.zip");
    let (code, told, why) = flows(&["replay", bundle.to_str().unwrap()]).await;
    assert_eq!(code, Some(0), "{told}{why}");
}

/// The file as it would be if the hub had then decided what it decides with `given`.
fn as_if(file: &File, given: &Given) -> File {
    let replay = replay(file, given);
    let mut file = file.clone();
    file.flow.outcome = replay.now.outcome.to_owned();
    file.flow.refusal = replay.now.check.and_then(vejviser::hub::Check::named);
    file.flow.verdict = None;
    for difference in &replay.differences {
        let Difference::Check {
            message,
            check,
            now,
            ..
        } = difference
        else {
            continue;
        };
        let rows = &mut file.flow.content.exchanges[message - 1].checks;
        rows.retain(|row| row.check.info().id != *check);
        if let Some(now) = now {
            rows.push(vejviser::hub::Row {
                check: vejviser::hub::Check::named(check).unwrap(),
                outcome: now.outcome,
                found: now.found.clone().into(),
                expected: now.expected.clone().into(),
            });
        }
    }
    file
}

#[tokio::test]
async fn a_key_that_was_rotated_out_is_accepted_with_the_new_metadata() {
    let demo = Demo::start().await;
    let (_, id) = logged_in(&demo, "sagssystem", "eksempelstrup", "anna").await;
    let file = recorded(&demo, &id, "plain").await;
    let mut former = registered(&demo);
    let old = pki::pair("eksempelstrup-next").unwrap().signing.public();
    for idp in &mut former.federation.identity_providers {
        idp.signing_keys = vec![old.clone()];
    }
    let refused = as_if(&file, &former);
    assert_eq!(refused.flow.outcome, "refused");
    let replay = replay(&refused, &registered(&demo));
    assert_eq!(
        (replay.then.outcome, replay.now.outcome),
        ("refused", "logged-in"),
        "{}",
        told(&replay)
    );
    let names = |one: &Difference| {
        matches!(one, Difference::Check { check, now: Some(now), .. }
        if *check == "IDP-R-009" && now.outcome == vejviser::hub::RowOutcome::Pass)
    };
    assert!(replay.differences.iter().any(names), "{}", told(&replay));
}

#[tokio::test]
async fn a_foreign_acs_is_accepted_once_it_is_registered() {
    let demo = Demo::start().await;
    let (_, id) = logged_in(&demo, "sagssystem", "eksempelstrup", "anna").await;
    for form in ["plain", "masked"] {
        let file = recorded(&demo, &id, form).await;
        let mut former = registered(&demo);
        for system in &mut former.federation.systems {
            for acs in &mut system.assertion_consumers {
                acs.endpoint.location = "https://elsewhere.example/acs".to_owned();
            }
        }
        let refused = as_if(&file, &former);
        assert_eq!(
            refused.flow.refusal.map(|check| check.info().id),
            Some("SYS-Q-009"),
            "{form}"
        );
        let replay = replay(&refused, &registered(&demo));
        assert_eq!(replay.now.outcome, "logged-in", "{form} {}", told(&replay));
    }
}

#[tokio::test]
async fn what_is_no_bundle_is_told_in_words() {
    let folder = folder("bad");
    let zip = |name: &str, bytes: &[u8]| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap().into_inner()
    };
    let bomb = vec![b' '; 17 * 1024 * 1024];
    for (name, bytes, word) in [
        ("empty", Vec::new(), "no zip"),
        ("other.zip", zip("x.json", b"{}"), "no flow.json"),
        ("path.zip", zip("../flow.json", b"{}"), "no flow.json"),
        ("bomb.zip", zip("flow.json", &bomb), "over 16 MiB"),
        (
            "text.json",
            b"{\"format\":\"x\",\"version\":1}".to_vec(),
            "no flow of Vejviser",
        ),
        (
            "new.json",
            b"{\"format\":\"vejviser-flow\",\"version\":2}".to_vec(),
            "has version 2",
        ),
        (
            "less.json",
            b"{\"format\":\"vejviser-flow\",\"version\":1}".to_vec(),
            "cannot be read",
        ),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        let (code, _, why) = flows(&["replay", path.to_str().unwrap()]).await;
        assert!(
            code == Some(3) && why.contains(word),
            "{name}: {code:?} {why}"
        );
    }
    let (code, _, _) = flows(&["replay", "is-not-there.zip"]).await;
    assert_eq!(code, Some(2));
}

/// A bundle whose bytes were changed is refused or played, and nothing else.
#[tokio::test]
async fn a_broken_bundle_breaks_nothing() {
    let demo = Demo::start().await;
    let (_, id) = logged_in(&demo, "sagssystem", "eksempelstrup", "anna").await;
    let path = format!("/api/v1/flows/{id}/bundle?form=plain");
    let bundle = download(&demo, &path).await.1;
    let json = unpacked(&bundle)["flow.json"].clone();
    let given = registered(&demo);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4);
    let run = runner.run(&(any::<bool>(), changes), |(zipped, changes)| {
        let mut bytes = if zipped { bundle.clone() } else { json.clone() };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = if zipped { byte } else { b' ' + byte % 95 };
        }
        if let Ok(file) = read(&bytes) {
            let _ = replay(&file, &given);
        }
        Ok(())
    });
    run.unwrap();
}
