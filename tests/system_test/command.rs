//! `vejviser test-system` as a supplier runs it: exit codes, reports, the list of known failures, and what it says where
//! nothing could be tested.

use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("test-system")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// On free ports, with no variable of this machine.
fn test_system(folder: &Path, args: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vejviser"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VEJVISER_") {
            program.env_remove(name);
        }
    }
    program
        .arg("test-system")
        .args(args)
        .env("VEJVISER_LISTEN", "127.0.0.1:0")
        .env("VEJVISER_MANAGE", "127.0.0.1:0")
        .current_dir(folder)
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", told(output)))
}

#[test]
fn a_failure_is_told_and_a_known_one_is_not() {
    let folder = folder("baseline");
    let demo = ["--demo", "--defect", "accepts-unsigned", "--only", "SP-S"];
    let run = |more: &[&str]| test_system(&folder, &[&demo[..], more].concat());
    let plain = run(&[
        "--format",
        "json",
        "--output",
        "html=report.html,junit=report.xml",
    ]);
    assert_eq!(plain.status.code(), Some(1), "{}", told(&plain));
    let found = &json(&plain)["findings"];
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(
        (&found[0]["id"], &found[0]["actor"]),
        (&"SP-S-001".into(), &"system".into())
    );
    let page = std::fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("SP-S-001") && page.contains("Afviser en assertion uden signatur"));
    let suites = std::fs::read_to_string(folder.join("report.xml")).unwrap();
    assert!(suites.contains("failures=\"1\""));

    let known = "[[known]]\ncase = \"SP-S-001\"\nuntil = 2999-01-01\n";
    std::fs::write(folder.join("known.toml"), known).unwrap();
    let baseline = ["--baseline", "known.toml"];
    assert_eq!(run(&baseline).status.code(), Some(0));
    // Known to the day, and not a day longer.
    std::fs::write(folder.join("known.toml"), known.replace("2999", "2020")).unwrap();
    let expired = run(&[&baseline[..], &["--format", "json"]].concat());
    assert_eq!(expired.status.code(), Some(1));
    let ids = json(&expired)["findings"].to_string();
    assert!(ids.contains("system-test::expired-baseline"), "{ids}");
    // A line whose case passes is no longer true.
    std::fs::write(folder.join("known.toml"), known.replace("S-001", "S-006")).unwrap();
    let stale = test_system(
        &folder,
        &["--demo", "--only", "SP-S-006", "--baseline", "known.toml"],
    );
    assert_eq!(stale.status.code(), Some(1));
    std::fs::write(folder.join("known.toml"), known.replace("S-001", "X-001")).unwrap();
    let wrong = run(&baseline);
    assert_eq!(wrong.status.code(), Some(3));
    assert!(told(&wrong).contains("known.toml"), "{}", told(&wrong));
}

/// A system of one page.
fn page(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/login", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 4096]);
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    url
}

/// Never a false pass: exit code 4 with what was seen, and no report.
#[test]
fn where_nothing_can_be_tested_it_says_what_was_seen() {
    let folder = folder("stopped");
    let sample = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/metadata/system/sagssystem.xml"
    );
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/login", listener.local_addr().unwrap())
    };
    let script =
        "<!doctype html><title>App</title><div id=root></div><script src=/app.js></script>";
    let cases = [
        (nobody, ["afvist", "refused"]),
        (
            page("200 OK", "<title>Velkommen</title><p>Forsiden af et system"),
            [
                "er det adressen, hvor login begynder",
                "is it the address at which a login begins",
            ],
        ),
        (
            page("404 Not Found", "nope"),
            ["svarede 404", "answered 404"],
        ),
        (
            page("200 OK", script),
            ["kræver JavaScript", "needs JavaScript"],
        ),
    ];
    for (url, words) in cases {
        let args = [
            "--login-url",
            &url,
            "--metadata",
            sample,
            "--timeout",
            "5",
            "--format",
            "json",
        ];
        let output = test_system(&folder, &args);
        let told = told(&output);
        assert_eq!(output.status.code(), Some(4), "{url}: {told}");
        assert!(output.stdout.is_empty());
        for word in words {
            assert!(told.contains(word), "{url}: «{word}» is not in {told}");
        }
    }
    let args = [
        "--login-url",
        "http://127.0.0.1:1/",
        "--metadata",
        "nowhere.xml",
    ];
    assert_eq!(test_system(&folder, &args).status.code(), Some(2));
    std::fs::write(folder.join("bad.xml"), "<no/>").unwrap();
    let args = [
        "--login-url",
        "http://127.0.0.1:1/",
        "--metadata",
        "bad.xml",
    ];
    assert_eq!(test_system(&folder, &args).status.code(), Some(3));
}

/// Metadata that was fetched stands in a file as long as the hub may read it, and no longer.
#[test]
fn nothing_is_left_of_metadata_that_was_fetched() {
    let folder = folder("fetched");
    let temporary = folder.join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let sample = page(
        "200 OK",
        include_str!("../../metadata/system/sagssystem.xml"),
    );
    let output = Command::new(env!("CARGO_BIN_EXE_vejviser"))
        .current_dir(&folder)
        .env("TMPDIR", &temporary)
        .args(["test-system", "--listen", "127.0.0.1:0", "--manage"])
        .args(["127.0.0.1:0", "--metadata", &sample, "--login-url"])
        .arg(page("200 OK", "<title>Velkommen</title>"))
        .output()
        .unwrap();
    // The hub has read it: what stops the run is the system.
    let told = told(&output);
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(
        told.contains("is it the address at which a login begins"),
        "{told}"
    );
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
}

#[test]
fn what_is_asked_wrongly_is_usage() {
    let folder = folder("usage");
    for args in [
        &[][..],
        &["--login-url", "http://127.0.0.1:1/"],
        &["--demo", "--defect", "nothing"],
        &["--demo", "--only", "SP-X"],
        &["--demo", "--profile", "OIOSAML2", "--level", "High"],
        &["--demo", "--list"],
        &["--demo", "--run", "a b"],
    ] {
        assert_eq!(
            test_system(&folder, args).status.code(),
            Some(2),
            "{args:?}"
        );
    }
    let remote = ["--demo", "--listen", "0.0.0.0:0"];
    assert_eq!(test_system(&folder, &remote).status.code(), Some(3));
}

#[test]
fn the_list_the_schema_and_the_hubs_metadata_need_no_system() {
    let folder = folder("asked");
    let list = test_system(&folder, &["--list", "--language", "en"]);
    let text = String::from_utf8(list.stdout).unwrap();
    assert!(
        text.contains("SP-S-014  MUST    Does not read a forged assertion before the real one")
    );
    assert_eq!(
        text.matches("  SP-").count(),
        vejviser::testing::Case::ALL.len()
    );
    let schema = test_system(&folder, &["--schema"]);
    assert!(
        json(&schema)["$schema"]
            .as_str()
            .unwrap()
            .contains("draft-07")
    );
    let address = [
        "--hub-metadata",
        "--public-url",
        "http://hub.localhost:7878",
    ];
    let first = test_system(&folder, &address);
    let text = String::from_utf8(first.stdout.clone()).unwrap();
    assert!(text.contains("entityID=\"http://hub.localhost:7878/runtime/systemproeve\""));
    assert_eq!(
        first.stdout,
        test_system(&folder, &address).stdout,
        "always the same"
    );
}
