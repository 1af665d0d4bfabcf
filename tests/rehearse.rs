//! `vejviser rehearse` through the binary: exit codes, every form of the report, files, baselines.
//!
//! `UPDATE_GOLDEN=1 cargo test rehearse::golden` writes the golden files anew; read the difference before you commit it.

use crate::support::sample_alone;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use vejviser::dsig::Certificate;

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("rehearse")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn run_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vejviser"))
        .arg("rehearse")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// Exit code and what was printed.
fn run(arguments: &[&str]) -> (i32, String) {
    let output = run_in(Path::new(env!("CARGO_TARGET_TMPDIR")), arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), text)
}

fn json(arguments: &[&str]) -> Value {
    let (_, text) = run(&[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&text).unwrap()
}

#[test]
fn exit_codes_say_whether_anybody_is_down() {
    assert_eq!(run(&[]).0, 1);
    let (code, text) = run(&["--strategy", "overlap", "--subject", "idp:eksempelstrup"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Ingen er nede undervejs."), "{text}");
    let (code, text) = run(&[
        "--language",
        "en",
        "--strategy",
        "hard-swap",
        "--order",
        "signing-first",
    ]);
    assert_eq!(code, 1);
    assert!(
        text.contains("Worst Wednesday 2 December at 06:00: 0 of 10 logins work."),
        "{text}"
    );
    assert!(text.contains("logged in with real keys") && text.contains("Stand-in keys were used"));
    assert!(!text.contains('\u{1b}') && text.lines().all(|line| line.chars().count() <= 100));
}

#[test]
fn a_question_that_cannot_be_understood_is_usage() {
    let folder = folder("usage");
    std::fs::write(folder.join("junk.json"), "{\"runs\": 1}").unwrap();
    std::fs::write(
        folder.join("junk.toml"),
        "[[identity_provider]]\nname = 1\n",
    )
    .unwrap();
    let cases: [(&[&str], i32); 10] = [
        (&["--subject", "idp:nobody"], 2),
        (&["--subject", "nobody"], 2),
        (&["--at", "tomorrow"], 2),
        (&["--output", "pdf=x"], 2),
        (&["--baseline", "missing.json"], 2),
        (&["--baseline", "junk.json"], 2),
        (&["--config", "missing.toml"], 2),
        (&["--config", "junk.toml"], 3),
        (&["--rollback-at", "2026-12-02T05:00:00+01:00"], 2),
        (&["--output", "json=missing/folder.json"], 4),
    ];
    for (arguments, code) in cases {
        let output = run_in(&folder, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    let output = run_in(&folder, &["--subject", "idp:nobody"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("idp:eksempelstrup") && told.contains("system:borgerportal"),
        "{told}"
    );
}

#[test]
fn both_orders_of_a_hard_swap_are_rehearsed_and_all_means_all() {
    let names = |report: &Value| -> Vec<String> {
        let runs = report["runs"].as_array().unwrap().iter();
        runs.map(|run| run["plan"]["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        names(&json(&[])),
        ["hard-swap (signing-first)", "hard-swap (metadata-first)"]
    );
    assert_eq!(
        names(&json(&["--order", "metadata-first"])),
        ["hard-swap (metadata-first)"]
    );
    let all = json(&["--strategy", "all"]);
    assert_eq!(names(&all).len(), 7);
    assert_eq!(all["summary"]["runs"], 7);
    for run in all["runs"].as_array().unwrap() {
        assert_eq!(run["proof"]["disagreements"].as_array().unwrap().len(), 0);
    }
    let back = json(&["--order", "signing-first", "--rollback-at-every-step"]);
    assert_eq!(
        names(&back),
        [
            "hard-swap (signing-first), roll-back at +15 min",
            "hard-swap (signing-first), roll-back at +45 min"
        ]
    );
    let steps = back["runs"][0]["plan"]["steps"].as_array().unwrap();
    assert_eq!(steps.last().unwrap()["action"], "roll-back");
    assert_eq!(steps.last().unwrap()["at"], "2026-12-02T06:15:00+01:00");
    // Given up before its second step, it is still called by its first.
    for (order, title) in [
        (
            "signing-first",
            "Hard swap: the new one signs first, metadata follows",
        ),
        (
            "metadata-first",
            "Hard swap: new metadata first, the new one signs later",
        ),
    ] {
        let back = json(&["--order", order, "--rollback-at-every-step"]);
        for run in back["runs"].as_array().unwrap() {
            assert!(
                run["plan"]["title_en"].as_str().unwrap().starts_with(title),
                "{}",
                run["plan"]
            );
        }
    }
    // Who keeps the old key loses nobody to encryption.
    let causes = |report: &Value| -> Vec<String> {
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .map(|finding| finding["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let to_old = "rollover::encrypts-to-old-key".to_owned();
    assert!(causes(&json(&[])).contains(&to_old));
    assert!(!causes(&json(&["--keep-old-decryption-key", "true"])).contains(&to_old));
}

#[test]
fn json_has_the_findings_of_the_contract() {
    let report = json(&["--order", "signing-first"]);
    let findings = report["findings"].as_array().unwrap();
    let errors = findings
        .iter()
        .filter(|finding| finding["severity"] == "error")
        .count();
    assert_eq!(report["summary"]["errors"], errors);
    assert_eq!(report["summary"]["warnings"], findings.len() - errors);
    let pinned = findings
        .iter()
        .find(|finding| finding["where"] == "hard-swap (signing-first): system:sagssystem");
    let pinned = pinned.unwrap();
    assert_eq!(pinned["id"], "rollover::holds-old-certificate");
    assert_eq!(pinned["actor"], "system");
    assert_eq!(
        pinned["found"],
        "Sagssystemet is down from 2026-12-02T06:00:00+01:00 to beyond the end of the rehearsal"
    );
    assert!(
        pinned["expected"]
            .as_str()
            .unwrap()
            .starts_with("Put both certificates into the configuration")
    );
    let run = &report["runs"][0];
    assert_eq!(run["plan"]["file"], "new_ADG_DEMO_Adgangsstyring_2.cer");
    assert!(run["proof"]["logins"].as_u64().unwrap() > 3);
    let moments = run["moments"].as_array().unwrap();
    assert!(moments.iter().all(|moment| moment["tried"] == 10));
}

#[test]
fn with_a_baseline_only_what_is_new_or_longer_is_a_finding() {
    let folder = folder("baseline");
    let first = run_in(&folder, &["--output", "json=before.json"]);
    assert_eq!(first.status.code(), Some(1));
    let again = run_in(&folder, &["--baseline", "before.json"]);
    let text = String::from_utf8(again.stdout).unwrap();
    assert_eq!(again.status.code(), Some(0), "{text}");
    assert!(text.contains("Intet er blevet værre."), "{text}");
    // Known outages are skipped in JUnit, not failed.
    let junit = run_in(&folder, &["--baseline", "before.json", "--format", "junit"]);
    let junit = String::from_utf8(junit.stdout).unwrap();
    assert!(
        junit.contains(" failures=\"0\"")
            && junit.contains("<skipped message=\"kendt afbrydelse\"/>")
    );
    // One that took less before, and one that was not there.
    let text = std::fs::read_to_string(folder.join("before.json")).unwrap();
    let mut before: Value = serde_json::from_str(&text).unwrap();
    for party in before["runs"][0]["parties"].as_array_mut().unwrap() {
        match party["id"].as_str().unwrap() {
            "idp:provekobing-adfs" => party["seconds_down"] = 60.into(),
            "system:borgerportal" => party["seconds_down"] = 999_999.into(),
            "idp:eksempelstrup" => party["seconds_down"] = 0.into(),
            _ => {}
        }
    }
    std::fs::write(folder.join("doctored.json"), before.to_string()).unwrap();
    let worse = run_in(
        &folder,
        &["--baseline", "doctored.json", "--output", "json=now.json"],
    );
    assert_eq!(worse.status.code(), Some(1));
    let text = String::from_utf8(worse.stdout).unwrap();
    for needed in [
        "Værre: hard-swap (signing-first), Prøvekøbing Kommune: før 1 min, nu 16 t 10 min",
        "Værre: hard-swap (signing-first), Eksempelstrup Kommune: før oppe hele tiden, nu 2 t",
        "Bedre: hard-swap (signing-first), Borgerportalen",
    ] {
        assert!(text.contains(needed), "{needed}\n{text}");
    }
    let now: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("now.json")).unwrap()).unwrap();
    assert_eq!(now["baseline"]["worse"].as_array().unwrap().len(), 2);
    // A plan that the baseline does not have is all news.
    let other = run_in(
        &folder,
        &["--baseline", "before.json", "--strategy", "emergency"],
    );
    assert_eq!(other.status.code(), Some(1));
    let text = String::from_utf8(other.stdout).unwrap();
    assert!(
        text.contains("Ikke øvet denne gang: hard-swap (metadata-first) (hub)."),
        "{text}"
    );
}

#[test]
fn files_are_named_as_the_real_hubs() {
    let folder = folder("files");
    let output = run_in(
        &folder,
        &[
            "--order",
            "signing-first",
            "--environment",
            "EXTTEST",
            "--files",
            "out",
        ],
    );
    assert_eq!(output.status.code(), Some(1));
    let read = |name: &str| std::fs::read(folder.join("out").join(name)).unwrap();
    let shipped = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("certs")
            .join(name);
        Certificate::parse(&std::fs::read(path).unwrap()).unwrap()
    };
    for (name, certificate) in [
        ("ADG_EXTTEST_Adgangsstyring_1.cer", shipped("hub.pem")),
        (
            "new_ADG_EXTTEST_Adgangsstyring_2.cer",
            shipped("hub-next.pem"),
        ),
    ] {
        assert_eq!(read(name), certificate.der(), "{name}");
    }
    let text = String::from_utf8(read("driftsmeddelelse-hard-swap-signing-first.txt")).unwrap();
    assert!(text.starts_with("ØVELSE") && text.contains("new_ADG_EXTTEST_Adgangsstyring_2.cer"));
    let text = String::from_utf8(read("announcement-hard-swap-signing-first.txt")).unwrap();
    assert!(text.starts_with("REHEARSAL"));
    let calendar = String::from_utf8(read("hard-swap-signing-first.ics")).unwrap();
    assert!(
        calendar.starts_with("BEGIN:VCALENDAR\r\n")
            && calendar.contains("DTSTART:20261202T050000Z\r\n")
    );
    // The hub's metadata for both sides, before, and from half past six on.
    let shows = |name: &str, certificate: &str| {
        let document = String::from_utf8(read(name)).unwrap();
        assert!(
            document.contains(&shipped(certificate).to_base64()),
            "{name}"
        );
        assert_eq!(document.matches("<md:KeyDescriptor").count(), 2, "{name}");
    };
    for role in ["idp", "sp"] {
        let name = |part: &str| format!("metadata-hard-swap-signing-first-{part}-{role}.xml");
        shows(&name("0-before"), "hub.pem");
        shows(&name("1-2026-12-02-0630"), "hub-next.pem");
    }
    assert_eq!(std::fs::read_dir(folder.join("out")).unwrap().count(), 9);
}

/// A federation of one's own, whose hub has these `[[hub.keys]]`; made by `certs new` in the folder.
fn own_federation(folder: &Path, keys: &[(&str, &str, &str)]) {
    let entries = keys.iter().map(|(certificate, key, more)| {
        format!(
            "[[hub.keys]]\ncertificate = \"{certificate}.pem\"\nkey = \"{key}.key.pem\"\n{more}\n"
        )
    });
    let hub = format!("[hub]\n{}\n", entries.collect::<String>());
    std::fs::write(folder.join("federation.toml"), hub + &sample_alone()).unwrap();
}

fn certificate(folder: &Path, name: &str, more: &[&str]) {
    let made = Command::new(env!("CARGO_BIN_EXE_vejviser"))
        .args(["certs", "new", "--out", ".", "--name", name])
        .args([
            "--valid-from",
            "2026-01-01T00:00:00Z",
            "--common-name",
            name,
        ])
        .args(more)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
}

/// Exit code and what was said beside the result.
fn told(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let own = ["--config", "federation.toml"];
    let output = run_in(folder, &[&own, arguments].concat());
    let told = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), told)
}

const NEXT: &str = "generation = \"next\"";

#[test]
fn the_certificates_of_a_federation_are_judged_with_the_plan() {
    let folder = folder("judged");
    certificate(&folder, "first", &[]);
    certificate(&folder, "second", &[]);
    certificate(
        &folder,
        "renewed",
        &["--fault", "reused", "--reuse", "first.key.pem"],
    );

    // A next certificate on the same key, and a strategy that changes it: said once for both orders, with its line.
    own_federation(
        &folder,
        &[("first", "first", ""), ("renewed-reused", "first", NEXT)],
    );
    let (code, said) = told(&folder, &[]);
    assert_eq!(code, Some(3), "{said}");
    let place = "error: hard-swap (signing-first), hard-swap (metadata-first): federation.toml:7\n";
    assert!(said.contains(place), "{said}");
    assert!(
        said.contains("on the key of the active one: rehearse same-key")
            && said.contains("øv same-key")
    );
    let (code, said) = told(&folder, &["--strategy", "same-key"]);
    assert_eq!(code, Some(0), "{said}");
    // Of all strategies those that it does not go with are rehearsed without it.
    let (code, said) = told(&folder, &["--strategy", "all"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("note: hard-swap (signing-first), ") && !said.contains("error"),
        "{said}"
    );
    assert!(
        said.contains("note: expired-in-place: federation.toml:3\n"),
        "{said}"
    );

    // The plan names one of them, the federation has the other.
    std::fs::write(
        folder.join("plan.toml"),
        "strategy = \"overlap\"\nwindow = { from = 2026-12-02T06:00:00+01:00, to = 2026-12-02T08:00:00+01:00 }\n[next]\ncertificate = \"renewed-reused.pem\"\n",
    )
    .unwrap();
    own_federation(&folder, &[("first", "first", "")]);
    let (code, said) = told(&folder, &["--plan", "plan.toml"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("plan::same-key") && said.contains("plan.toml:4"),
        "{said}"
    );

    // Nothing is rehearsed where files are wanted and there is nothing to write.
    let output = run_in(&folder, &["--config", "federation.toml", "--files", "out"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty() && !folder.join("out").exists());

    // Everything is judged at the window of the plan, and what is wrong by then is said.
    own_federation(
        &folder,
        &[("first", "first", ""), ("second", "second", NEXT)],
    );
    let late = "strategy = \"overlap\"\nwindow = { from = 2031-12-02T06:00:00+01:00, to = 2031-12-02T08:00:00+01:00 }\n";
    std::fs::write(folder.join("late.toml"), late).unwrap();
    for arguments in [
        &["--plan", "late.toml"][..],
        &["--at", "2031-12-02T05:00:00Z"],
    ] {
        let (code, said) = told(&folder, arguments);
        assert_eq!(code, Some(3), "{said}");
        for needed in [
            "key::expired",
            "is the active certificate, and",
            "is the next certificate, and",
        ] {
            let words = said.replace("\n  │", "");
            assert!(words.contains(needed), "{needed} in {said}");
        }
    }
}

/// Only what the hub signs for identity providers changes: systems stay up, and the report says which keys it is.
#[test]
fn keys_that_change_one_at_a_time_are_named() {
    let folder = folder("one-at-a-time");
    certificate(&folder, "first", &[]);
    certificate(&folder, "second", &[]);
    let next = format!("{NEXT}\nrole = \"sp\"\nuse = \"signing\"");
    let previous = "generation = \"previous\"";
    certificate(&folder, "before", &[]);
    own_federation(
        &folder,
        &[
            ("first", "first", ""),
            ("second", "second", &next),
            ("before", "before", previous),
        ],
    );
    let arguments = ["--config", "federation.toml", "--order", "signing-first"];
    let text = run_in(&folder, &[&arguments[..], &["--language", "en"]].concat());
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains("New keys for")
            && text.contains("signing towards identity providers (role sp)"),
        "{text}"
    );
    let report = run_in(&folder, &[&arguments[..], &["--format", "json"]].concat());
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    let run = &report["runs"][0];
    assert_eq!(run["plan"]["keys_changed"]["sp_signing"], true);
    assert_eq!(run["plan"]["keys_changed"]["sp_encryption"], false);
    for party in run["parties"].as_array().unwrap() {
        if party["id"].as_str().unwrap().starts_with("system:") {
            assert_eq!(party["seconds_down"], 0, "{party}");
        }
        let outages = party["outages"].as_array().unwrap().iter();
        assert!(
            outages
                .map(|o| &o["cause"])
                .all(|cause| cause != "rollover::encrypts-to-old-key")
        );
    }
    assert_eq!(run["proof"]["disagreements"].as_array().unwrap().len(), 0);
    // What was in use before can be shown again by a plan of one's own.
    let plan = r#"window = { from = 2026-12-02T06:00:00+01:00, to = 2026-12-02T08:00:00+01:00 }
[[step]]
at = 2026-12-01T06:00:00+01:00
do = "show"
signing = ["previous", "active", "next"]
[[step]]
at = 2026-12-02T06:00:00+01:00
do = "decrypt"
with = ["next", "active", "previous"]
[[step]]
at = 2026-12-02T06:00:00+01:00
do = "sign"
with = ["next"]
"#;
    std::fs::write(folder.join("plan.toml"), plan).unwrap();
    let arguments = [
        "--config",
        "federation.toml",
        "--plan",
        "plan.toml",
        "--language",
        "en",
    ];
    let output = run_in(&folder, &arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for needed in [
        "the previous certificate, the old certificate and the new certificate for signing",
        "decrypts with the keys of the new certificate, the old certificate and the previous certificate",
    ] {
        assert!(words.contains(needed), "{needed} in {text}");
    }
}

#[test]
fn times_and_names_that_cannot_be_are_refused_before_anything_is_done() {
    let folder = folder("refused");
    let far = "strategy = \"overlap\"\nwindow = { from = 9999-12-31T23:00:00Z, to = 9999-12-31T23:30:00Z }\n";
    std::fs::write(folder.join("far.toml"), far).unwrap();
    let back = "strategy = \"overlap\"\nrollback_at = 2026-12-02T06:30:00+01:00\nwindow = { from = 2026-12-02T06:00:00+01:00, to = 2026-12-02T08:00:00+01:00 }\n";
    std::fs::write(folder.join("back.toml"), back).unwrap();
    let cases: [(&[&str], i32, &str); 8] = [
        (&["--at", "9999-12-31T23:59:00-23:59"], 2, "2000 and 2100"),
        (&["--at", "0000-01-01T00:00:00Z"], 2, "2000 and 2100"),
        (
            &["--rollback-at", "9999-12-31T23:59:00Z"],
            2,
            "2000 and 2100",
        ),
        (
            &["--rollback-at", "2027-12-02T06:00:00Z"],
            2,
            "no later than",
        ),
        (&["--plan", "far.toml"], 3, "far.toml:2"),
        (&["--environment", "../x"], 2, "1 to 16 letters and digits"),
        (
            &["--strategy", "emergency", "--rollback-at-every-step"],
            2,
            "known to others",
        ),
        (
            &["--plan", "back.toml", "--rollback-at-every-step"],
            2,
            "given up already",
        ),
    ];
    for (arguments, code, needed) in cases {
        let output = run_in(&folder, arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(
            said.contains(needed) && !said.contains("panicked"),
            "{said}"
        );
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    // Before the window an overlap has something to give up.
    let output = run_in(
        &folder,
        &[
            "--strategy",
            "overlap",
            "--rollback-at",
            "2026-11-26T06:00:00+01:00",
        ],
    );
    assert_eq!(output.status.code(), Some(0));
}

/// Elements of a JUnit file by name, and the sums that its suites claim.
fn junit(text: &str) -> (usize, usize, usize, usize) {
    let (mut cases, mut failures, mut said_cases, mut said_failures) = (0, 0, 0, 0);
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                let number = |name: &str| -> usize {
                    let value = element.try_get_attribute(name).unwrap().unwrap();
                    value.value.parse().unwrap()
                };
                match element.name().as_ref() {
                    "testcase" => cases += 1,
                    "failure" => failures += 1,
                    "testsuite" => {
                        said_cases += number("tests");
                        said_failures += number("failures");
                    }
                    _ => {}
                }
            }
            Event::Eof => return (cases, failures, said_cases, said_failures),
            _ => {}
        }
    }
}

#[test]
fn junit_has_a_case_for_each_party_and_one_for_the_proof() {
    let (code, text) = run(&["--order", "signing-first", "--format", "junit"]);
    assert_eq!(code, 1);
    let (cases, failures, said_cases, said_failures) = junit(&text);
    assert_eq!((cases, failures), (8, 7));
    assert_eq!((said_cases, said_failures), (cases, failures));
}

#[test]
fn a_name_out_of_a_file_is_text_in_every_report() {
    let folder = folder("names");
    let name = "=<script>alert('1')</script> & \"æ\"";
    let sample = include_str!("../metadata/federation.toml");
    let hostile = format!("presentation_name = {}", Value::from(name));
    let config = sample.replace("presentation_name = \"Testrup Kommune\"", &hostile);
    assert_ne!(config, sample);
    std::fs::write(folder.join("federation.toml"), config).unwrap();
    let report = |format: &str| {
        let output = run_in(
            &folder,
            &["--config", "federation.toml", "--format", format],
        );
        assert_eq!(output.status.code(), Some(1), "{format}");
        String::from_utf8(output.stdout).unwrap()
    };
    let html = report("html");
    assert!(!html.contains("<script") && html.contains("&#60;script&#62;"));
    junit(&report("junit"));
    let csv = report("csv");
    assert!(
        csv.contains("\"'=<script>alert('1')</script> & \"\"æ\"\"\""),
        "{csv}"
    );
    let json: Value = serde_json::from_str(&report("json")).unwrap();
    let parties = json["runs"][0]["parties"].as_array().unwrap();
    assert!(parties.iter().any(|party| party["title"] == name));
    assert!(parties.iter().all(|party| party["habits_stated"] == true));
}

/// A plan in TOML for a federation of one's own: both in one folder, with a party whose habits nobody has stated.
#[test]
fn a_plan_of_ones_own_for_a_federation_of_ones_own() {
    let folder = folder("plan");
    let sample = include_str!("../metadata/federation.toml");
    let unstated = sample.replace(
        "[user_facing_system.trust]\nsource = \"pinned\"\ncontact = \"support@systemer.example\"\n",
        "",
    );
    assert_ne!(unstated, sample);
    std::fs::write(folder.join("federation.toml"), unstated).unwrap();
    let plan = r#"name = "Prøvens skift"
environment = "EXTTEST"
strategy = "hard-swap"
order = "signing-first"
window = { from = 2027-08-04T06:00:00+02:00, to = 2027-08-04T08:00:00+02:00 }
metadata_at = 2027-08-04T06:10:00+02:00
keep_old_decryption_key = true
[[party]]
name = "provekobing-adfs"
[party.trust]
source = "manual"
acts = [2027-08-04T06:20:00+02:00]
contact = "drift@provekobing.example"
"#;
    std::fs::write(folder.join("plan.toml"), plan).unwrap();
    let arguments = [
        "--config",
        "federation.toml",
        "--plan",
        "plan.toml",
        "--format",
        "json",
    ];
    let output = run_in(&folder, &arguments);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let run = &report["runs"][0];
    assert_eq!(
        run["plan"]["name"],
        "Prøvens skift: hard-swap (signing-first)"
    );
    assert_eq!(run["plan"]["file"], "new_ADG_EXTTEST_Adgangsstyring_2.cer");
    let party = |id: &str| {
        let mut parties = run["parties"].as_array().unwrap().iter();
        parties.find(|party| party["id"] == id).unwrap().clone()
    };
    // Twenty minutes past six by hand, as the plan says, not by the federation's daily fetch.
    assert_eq!(party("idp:provekobing-adfs")["seconds_down"], 20 * 60);
    // It encrypts to the old key, which is kept, and looks at no signature.
    assert_eq!(party("idp:fiktiv-gammel")["seconds_down"], 0);
    assert_eq!(party("system:sagssystem")["habits_stated"], false);
    assert!(party("system:sagssystem")["seconds_down"].as_i64().unwrap() > 86_400);

    // All problems of a plan at once, with file and line.
    let bad = plan
        .replace("T08:00:00", "T05:00:00")
        .replace("\"provekobing-adfs\"", "\"nobody\"");
    std::fs::write(folder.join("bad.toml"), bad).unwrap();
    let output = run_in(
        &folder,
        &["--config", "federation.toml", "--plan", "bad.toml"],
    );
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8(output.stderr).unwrap();
    for needed in ["plan::window", "bad.toml:5", "plan::party", "bad.toml:9"] {
        assert!(told.contains(needed), "{needed} in {told}");
    }
    // What a plan says, flags do not say again.
    let output = run_in(
        &folder,
        &["--plan", "plan.toml", "--order", "signing-first"],
    );
    assert_eq!(output.status.code(), Some(2));
    let output = run_in(&folder, &["--plan", "nowhere.toml"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_page_asks_nobody_for_anything() {
    let (_, html) = run(&["--strategy", "all", "--format", "html"]);
    for word in [
        "<script",
        "<link",
        "<img",
        "@import",
        "http://",
        "https://",
        "javascript:",
    ] {
        assert!(!html.contains(word), "{word}");
    }
    for needed in [
        "default-src 'none'",
        "<main lang=\"da\">",
        "<main lang=\"en\">",
        "Uofficielt: lavet med Vejviser, som ikke er KOMBITs.",
        "Unofficial: made with Vejviser, which is not KOMBIT",
        "@page { size: A4 landscape",
        "role=\"img\"",
    ] {
        assert!(html.contains(needed), "{needed}");
    }
    // Every pattern and every place that something points at is there.
    for (start, made) in [("url(#", "<pattern id=\""), ("href=\"#", " id=\"")] {
        for rest in html.split(start).skip(1) {
            let id = rest.split(['"', ')']).next().unwrap();
            assert!(html.contains(&format!("{made}{id}\"")), "{id}");
        }
    }
}

mod golden {
    use super::*;

    #[allow(
        clippy::disallowed_methods,
        reason = "a switch for the person who runs the test"
    )]
    fn golden(strategy: &str) {
        let folder = folder(&format!("golden-{strategy}"));
        let forms = [
            ("human", "txt"),
            ("json", "json"),
            ("junit", "xml"),
            ("html", "html"),
            ("csv", "csv"),
        ];
        let outputs: Vec<String> = forms
            .iter()
            .map(|(form, end)| format!("{form}={strategy}.{end}"))
            .collect();
        let mut arguments = vec!["--strategy", strategy];
        for output in &outputs {
            arguments.extend(["--output", output]);
        }
        let made = || -> Vec<String> {
            run_in(&folder, &arguments);
            let files = forms
                .iter()
                .map(|(_, end)| folder.join(format!("{strategy}.{end}")));
            files
                .map(|file| std::fs::read_to_string(file).unwrap())
                .collect()
        };
        let first = made();
        assert!(first == made(), "the same plan gives the same bytes");
        for ((_, end), actual) in forms.iter().zip(first) {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(format!("fixtures/golden/rehearsal/{strategy}.{end}"));
            if std::env::var("UPDATE_GOLDEN").is_ok() {
                std::fs::write(&path, &actual).unwrap();
            }
            let expected = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                actual == expected,
                "{} differs; UPDATE_GOLDEN=1 cargo test rehearse::golden writes it anew",
                path.display()
            );
        }
    }

    #[test]
    fn hard_swap() {
        golden("hard-swap");
    }

    #[test]
    fn overlap() {
        golden("overlap");
    }
}
