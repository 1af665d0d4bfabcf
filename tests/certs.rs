//! `vejviser certs` through the binary: what is made, what is told of it, and what `check` says of it. The
//! system's `openssl` is the outside judge.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of a test, empty at its start.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join("certs")
            .join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
    fn run(&self, arguments: &[&str]) -> Output {
        self.pipe(arguments, b"")
    }
    fn pipe(&self, arguments: &[&str], stdin: &[u8]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vejviser"))
            .args(arguments)
            .current_dir(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that refuses its arguments reads nothing.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        child.wait_with_output().unwrap()
    }
    /// `certs new` with keys that are quick to make. It must succeed.
    fn make(&self, arguments: &[&str]) -> Value {
        let common = [
            "certs",
            "new",
            "--key-type",
            "rsa-2048",
            "--out",
            ".",
            "--format",
            "json",
        ];
        let output = self.run(&[&common[..], arguments].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }
    /// The same with variables, however it ends.
    fn with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_vejviser"))
            .args(["certs", "new", "--key-type", "rsa-2048", "--out", "."])
            .args(arguments)
            .envs(variables.iter().copied())
            .current_dir(&self.0)
            .output()
            .unwrap()
    }
    /// `certs show` and its exit code.
    fn show(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.run(&[&["certs", "show", "--format", "json"], arguments].concat());
        let json = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
        (code(&output), json)
    }
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(name), bytes).unwrap();
    }
    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }
    fn base64(&self, name: &str) -> String {
        let pem = String::from_utf8(self.read(name)).unwrap();
        pem.lines()
            .filter(|line| !line.starts_with("-----"))
            .collect()
    }
    /// Whether the system's OpenSSL accepts a certificate; none where it is not there.
    fn openssl_verifies(&self, ca: &str, certificate: &str) -> Option<bool> {
        let verify = ["verify", "-auth_level", "2", "-CAfile", ca, certificate];
        let output = Command::new("openssl")
            .args(verify)
            .current_dir(&self.0)
            .output();
        match output {
            Ok(output) => Some(output.status.success()),
            Err(_) => {
                eprintln!("SKIPPED: no openssl to judge {certificate}");
                None
            }
        }
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The ids of the findings that are no remarks, in their order.
fn wrong(json: &Value) -> Vec<String> {
    let findings = json["findings"].as_array().unwrap().iter();
    let wrong = findings.filter(|finding| finding["severity"] != "remark");
    wrong
        .map(|finding| finding["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn without_any_option_one_good_certificate_is_made() {
    let folder = Folder::new("alone");
    let output = folder.run(&["certs", "new"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let name = "test-certs/VEJVISER_TEST_Opfundet_Organisation_1";
    let lines: Vec<String> = (stdout(&output).lines())
        .map(|line| line.split("  ").next().unwrap().to_owned())
        .collect();
    let files = [".pem", ".key.pem", ".cer", ".ca.pem"].map(|end| format!("{name}{end}"));
    assert_eq!(lines, files);
    let talk = stderr(&output);
    assert!(
        talk.contains("ingen i den rigtige føderation") && talk.contains("nobody"),
        "{talk}"
    );
    let verdict = folder.openssl_verifies(&files[3], &files[0]);
    assert_ne!(verdict, Some(false));
    #[cfg(unix)]
    for (file, secret) in [(&files[0], false), (&files[1], true)] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.0.join(file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077 == 0, secret, "{file}: {mode:o}");
    }
    let (exit, json) = folder.show(&[&files[0], &files[2], "--key", &files[1]]);
    assert_eq!(
        (exit, wrong(&json)),
        (0, vec![]),
        "a copy is no second certificate: {json:#}"
    );
    let certificate = &json["certificates"][0];
    for (key, value) in [
        ("organisation", "Opfundet Organisation"),
        ("cvr", "99999999"),
        ("type", "oces3-organisation-or-system"),
        ("issued_by", "other"),
        ("key", "RSA-3072"),
        ("private_key", files[1].as_str()),
    ] {
        assert_eq!(certificate[key], value, "{key}");
    }
    assert_eq!(certificate["signature"]["algorithm"], "RSASSA-PSS");
    // Nothing is overwritten: every file that is in the way is named, and none is touched.
    let before = folder.read(&files[1]);
    let again = folder.run(&["certs", "new"]);
    assert_eq!(code(&again), 2);
    assert!(
        files.iter().all(|file| stderr(&again).contains(file)),
        "{}",
        stderr(&again)
    );
    assert_eq!(folder.read(&files[1]), before);
    let forced = folder.run(&["certs", "new", "--key-type", "rsa-2048", "--force"]);
    assert_eq!(code(&forced), 0, "{}", stderr(&forced));
    assert_ne!(folder.read(&files[1]), before);
}

#[test]
fn every_fault_is_made_and_named() {
    let folder = Folder::new("faults");
    let made = folder.make(&["--name", "x", "--fault", "all"]);
    let faults: Vec<&str> = (made["files"].as_array().unwrap().iter())
        .filter(|file| file["kind"] == "certificate")
        .filter_map(|file| file["fault"].as_str())
        .collect();
    let expected: [(&str, &[&str], bool); 9] = [
        ("expired", &["key::expired"], false),
        ("expires-soon", &["key::expires-soon"], true),
        ("not-yet-valid", &["key::not-yet-valid"], false),
        ("wrong-usage", &["key::wrong-usage"], true),
        ("reused", &["key::reused"], true),
        ("rsa-1024", &["key::too-small"], false),
        ("other-ca", &[], false),
        ("self-signed", &[], false),
        ("wrong-key", &["key::mismatch"], true),
    ];
    assert_eq!(faults, expected.map(|(fault, ..)| fault));
    for (fault, ids, verifies) in expected {
        let (file, key) = (format!("x-{fault}.pem"), format!("x-{fault}.key.pem"));
        // Beside the good one: only so is reuse to be seen.
        let (exit, json) = folder.show(&["x.pem", &file, "--key", &key]);
        assert_eq!(wrong(&json), ids, "{fault}: {json:#}");
        assert_eq!(exit, i32::from(!ids.is_empty()), "{fault}");
        let told = folder.openssl_verifies("x.ca.pem", &file);
        assert!(
            told.is_none_or(|told| told == verifies),
            "{fault}: {told:?}"
        );
    }
    let verdict = folder.openssl_verifies("x-other-ca.ca.pem", "x-other-ca.pem");
    assert_ne!(verdict, Some(false));
    let remark = |file: &str| {
        let (_, json) = folder.show(&[file]);
        json["findings"][1]["id"].as_str().unwrap().to_owned()
    };
    assert_eq!(remark("x-self-signed.pem"), "certificate::self-signed");
    assert_eq!(remark("x-other-ca.pem"), "certificate::other-ca");
}

#[test]
fn the_real_hubs_naming_and_an_own_ca() {
    let folder = Folder::new("naming");
    folder.make(&["--name", "first", "--keep-ca", "--pkcs12", "hemmelig"]);
    let hub = [
        "--environment",
        "exttest",
        "--number",
        "2",
        "--upcoming",
        "--cvr",
        "00000001",
        "--organisation",
        "Vejviser (opfundet)",
        "--valid-from",
        "2026-11-20",
        "--years",
        "1",
    ];
    let own = ["--ca", "first.ca.pem", "--ca-key", "first.ca.key.pem"];
    let made = folder.make(&[&hub[..], &own].concat());
    let name = "new_ADG_EXTTEST_Adgangsstyring_2";
    assert_eq!(made["files"][0]["file"], format!("./{name}.pem"));
    assert_eq!(
        made["files"].as_array().unwrap().len(),
        3,
        "the CA is there already"
    );
    let certificate = format!("{name}.pem");
    assert_ne!(
        folder.openssl_verifies("first.ca.pem", &certificate),
        Some(false)
    );
    let (_, json) = folder.show(&[&certificate, "--now", "2026-11-22T00:00:00Z"]);
    let certificate = &json["certificates"][0];
    assert_eq!(certificate["common_name"], "ADG_EXTTEST_Adgangsstyring_2");
    assert_eq!(certificate["valid_until"], "2027-11-19T23:59:59Z");
    assert_eq!(certificate["days_left"], 362);
    // A key of somebody else's choice.
    folder.make(&["--name", "third", "--reuse", "first.key.pem"]);
    let (exit, json) = folder.show(&["first.pem", "third-reused.pem"]);
    assert_eq!((exit, wrong(&json)), (1, vec!["key::reused".to_owned()]));
    let p12 = folder.run(&["certs", "show", "first.p12"]);
    assert!(
        stdout(&p12).contains("PKCS #12") && code(&p12) == 1,
        "{}",
        stdout(&p12)
    );
}

/// A switch that a variable turns off is off, whatever would not go with it.
#[test]
fn a_variable_that_says_no_means_no() {
    let folder = Folder::new("variables");
    let made = folder.with(
        &[("VEJVISER_UPCOMING", "0"), ("VEJVISER_KEEP_CA", "0")],
        &["--name", "a"],
    );
    assert_eq!(code(&made), 0, "{}", stderr(&made));
    assert!(!folder.0.join("a.ca.key.pem").exists() && !folder.0.join("new_a.pem").exists());
    folder.make(&["--name", "b", "--keep-ca"]);
    let own = [
        "--ca",
        "b.ca.pem",
        "--ca-key",
        "b.ca.key.pem",
        "--name",
        "c",
    ];
    for off in ["0", "false", "no", "off", ""] {
        let made = folder.with(&[("VEJVISER_KEEP_CA", off), ("VEJVISER_FORCE", "1")], &own);
        assert_eq!(code(&made), 0, "{off:?}: {}", stderr(&made));
        assert!(!folder.0.join("c.ca.key.pem").exists());
    }
    let both = folder.with(&[("VEJVISER_KEEP_CA", "1")], &own);
    assert_eq!(
        (code(&both), stderr(&both).contains("--keep-ca")),
        (2, true)
    );
    let alone = folder.with(&[("VEJVISER_UPCOMING", "1")], &["--name", "d"]);
    assert_eq!(
        (code(&alone), stderr(&alone).contains("--environment")),
        (2, true)
    );
}

/// What others must not read is the owner's from the first byte on, whatever stood there; and nothing is written
/// through a link.
#[cfg(unix)]
#[test]
fn secrets_are_the_owners_and_links_are_not_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("secrets");
    let secrets = [
        "a.key.pem",
        "a.p12",
        "a.ca.key.pem",
        "a-expired.key.pem",
        "a-expired.p12",
    ];
    let all = [
        "--name",
        "a",
        "--keep-ca",
        "--pkcs12",
        "hemmelig",
        "--fault",
        "expired",
    ];
    let modes = || {
        let mode = |file: &&str| {
            let about = std::fs::symlink_metadata(folder.0.join(file)).unwrap();
            assert!(about.is_file(), "{file}");
            about.permissions().mode() & 0o777
        };
        secrets.iter().map(mode).collect::<Vec<_>>()
    };
    folder.make(&all);
    assert_eq!(modes(), [0o600; 5]);
    // In the way stand a file that everybody reads, and links: to a file, to nowhere, to a folder.
    let anybody = std::fs::Permissions::from_mode(0o666);
    std::fs::set_permissions(folder.0.join("a.p12"), anybody).unwrap();
    folder.write("elsewhere", "untouched");
    std::fs::create_dir(folder.0.join("below")).unwrap();
    for (link, to) in [
        ("a.key.pem", "elsewhere"),
        ("a.ca.key.pem", "nowhere"),
        ("a.pem", "below"),
    ] {
        std::fs::remove_file(folder.0.join(link)).unwrap();
        symlink(to, folder.0.join(link)).unwrap();
    }
    let refused = folder.with(&[], &all);
    assert_eq!(code(&refused), 2);
    for file in ["a.key.pem", "a.ca.key.pem", "a.pem", "a.p12"] {
        assert!(
            stderr(&refused).contains(&format!("{file} findes allerede")),
            "{file}"
        );
    }
    assert!(!folder.0.join("nowhere").exists());
    folder.make(&[&all[..], &["--force"]].concat());
    assert_eq!(modes(), [0o600; 5], "by --force too");
    assert_eq!(folder.read("elsewhere"), b"untouched");
    assert!(!folder.0.join("nowhere").exists());
    assert_eq!(
        std::fs::read_dir(folder.0.join("below")).unwrap().count(),
        0
    );
    let (exit, json) = folder.show(&["a.pem", "--key", "a.key.pem"]);
    assert_eq!((exit, wrong(&json)), (0, vec![]), "a pair again");
    // A folder is not removed by --force.
    std::fs::remove_file(folder.0.join("a.cer")).unwrap();
    std::fs::create_dir(folder.0.join("a.cer")).unwrap();
    let folder_there = folder.with(&[], &[&all[..], &["--force"]].concat());
    assert_eq!(code(&folder_there), 4, "{}", stderr(&folder_there));
}

/// The script of the shipped PKI, broken off when the first certificate is to be issued.
#[cfg(unix)]
#[test]
fn the_script_leaves_no_key_of_a_ca_where_it_fails() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("script");
    let Ok(found) = Command::new("sh")
        .args(["-c", "command -v openssl"])
        .output()
    else {
        return eprintln!("SKIPPED: no shell");
    };
    let openssl = stdout(&found).trim().to_owned();
    if openssl.is_empty() {
        return eprintln!("SKIPPED: no openssl");
    }
    for name in ["bin", "tmp", "certs"] {
        std::fs::create_dir(folder.0.join(name)).unwrap();
    }
    let stub = format!("#!/bin/sh\n[ \"$1\" != ca ] || exit 1\nexec {openssl} \"$@\"\n");
    folder.write("bin/openssl", stub);
    let runs = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.0.join("bin/openssl"), runs).unwrap();
    folder.write("certs/make.sh", include_str!("../certs/make.sh"));
    folder.write("certs/ca.pem", "the old one");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut path: Vec<_> = std::env::split_paths(&path).collect();
    path.insert(0, folder.0.join("bin"));
    let output = Command::new("sh")
        .arg("certs/make.sh")
        .current_dir(&folder.0)
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("TMPDIR", folder.0.join("tmp"))
        .output()
        .unwrap();
    assert!(!output.status.success());
    let names = |name: &str| -> Vec<_> {
        let entries = std::fs::read_dir(folder.0.join(name)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("certs"), ["ca.pem", "make.sh"]);
    assert!(names("tmp").is_empty());
    assert_eq!(folder.read("certs/ca.pem"), b"the old one");
}

#[test]
fn a_question_that_cannot_be_answered_says_why() {
    let folder = Folder::new("usage");
    folder.write("junk.pem", "junk");
    folder.make(&["--name", "x"]);
    for (arguments, exit, says) in [
        (&["--name", "../x"][..], 2, "--name"),
        (&["--fault", "tired"], 2, "not-yet-valid"),
        (&["--cvr", "1234"], 2, "eight digits"),
        (&["--organisation", ""], 2, "1 to 64"),
        (&["--days", "0"], 2, "36500"),
        (&["--days", "1", "--years", "1"], 2, "--years"),
        (&["--valid-from", "tomorrow"], 2, "2026-03-01"),
        (&["--valid-from", "9999-12-31"], 2, "1970 to 2400"),
        (&["--number", "2"], 2, "--environment"),
        (&["--reuse", "junk.pem"], 2, "junk.pem"),
        (
            &["--ca", "nowhere.pem", "--ca-key", "neither.pem"],
            2,
            "neither.pem",
        ),
        (
            &["--ca", "x.ca.pem", "--ca-key", "x.key.pem"],
            2,
            "does not belong",
        ),
        (&["--ca", "x.pem", "--ca-key", "x.key.pem"], 2, "is no CA"),
        (&["--out", "x.pem/below"], 4, "x.pem/below"),
    ] {
        let quick = ["certs", "new", "--key-type", "rsa-2048"];
        let output = folder.run(&[&quick[..], arguments].concat());
        let text = stderr(&output);
        assert_eq!(code(&output), exit, "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?}: {text}");
        assert!(output.stdout.is_empty());
    }
    assert_eq!(code(&folder.run(&["certs", "show"])), 2, "no file");
}

#[test]
fn every_form_of_a_certificate_is_read_and_what_is_none_is_named() {
    let folder = Folder::new("forms");
    folder.make(&["--name", "a"]);
    folder.make(&["--name", "b"]);
    let (a, b) = (folder.read("a.pem"), folder.read("b.pem"));
    folder.write("both.pem", [b"two of them\n", &a[..], &b].concat());
    folder.write("base64.txt", folder.base64("a.pem"));
    folder.write(
        "windows.pem",
        String::from_utf8_lossy(&a).replace('\n', "\r\n"),
    );
    let cut = String::from_utf8_lossy(&a).replacen('\n', "\n!", 3);
    folder.write("cut.pem", [cut.as_bytes(), &b].concat());
    folder.write("open.pem", &a[..a.len() - 30]);
    folder.write("junk.xml", "<junk/>");
    folder.write("empty.pem", "");
    let files = ["both.pem", "base64.txt", "windows.pem", "a.cer"];
    let (exit, json) = folder.show(&files);
    assert_eq!((exit, wrong(&json)), (0, vec![]), "{json:#}");
    let places: Vec<&str> = (json["certificates"].as_array().unwrap().iter())
        .map(|certificate| certificate["where"].as_str().unwrap())
        .collect();
    let second = 2 + a.iter().filter(|byte| **byte == b'\n').count();
    let second = format!("both.pem:{second}");
    assert_eq!(
        places,
        [
            "both.pem:2",
            &second,
            "base64.txt",
            "windows.pem:1",
            "a.cer"
        ]
    );
    // All problems at once, each with its file, and the good one among them is told all the same.
    let bad = [
        "cut.pem",
        "open.pem",
        "junk.xml",
        "empty.pem",
        "a.key.pem",
        "nowhere.pem",
        "--key",
        "b.key.pem",
        "--key",
        "a.key.pem",
        "--key",
        "a.pem",
    ];
    let (exit, json) = folder.show(&bad);
    let findings = json["findings"].as_array().unwrap().iter();
    let found: Vec<(&str, &str)> = findings
        .filter(|finding| finding["severity"] != "remark")
        .map(|finding| {
            let word = |key: &str| finding[key].as_str().unwrap();
            (word("id"), word("where"))
        })
        .collect();
    let expected = [
        ("certificate::unreadable", "cut.pem:1"),
        ("certificate::unreadable", "open.pem:1"),
        ("metadata::unreadable", "junk.xml"),
        ("certificate::unreadable", "empty.pem"),
        ("certificate::unreadable", "a.key.pem"),
        ("config::missing-file", "nowhere.pem"),
        ("key::mismatch", "a.key.pem"),
        ("key::unreadable", "a.pem"),
    ];
    assert_eq!(
        (exit, found.as_slice()),
        (2, &expected[..]),
        "a file is not there"
    );
    assert_eq!(json["certificates"].as_array().unwrap().len(), 1);
    assert_eq!(json["certificates"][0]["private_key"], "b.key.pem");
    assert!(
        !json.to_string().contains("PRIVATE"),
        "nothing secret is shown"
    );
    let unopened = folder.run(&["certs", "show", ".", "a.pem"]);
    assert_eq!(code(&unopened), 4, "{}", stdout(&unopened));
    assert!(
        stdout(&unopened).contains("RSA-2048"),
        "the other one is told"
    );
    // So is a key, by the same rule: 2 where it is not there, 4 where it does not open.
    for (key, exit) in [("nowhere.pem", 2), (".", 4)] {
        let output = folder.run(&["certs", "show", "a.pem", "--key", key]);
        assert_eq!(code(&output), exit, "{}", stdout(&output));
        assert!(stdout(&output).contains("config::missing-file"));
    }
    let output = folder.pipe(&["certs", "show", "-"], &b);
    let text = stdout(&output);
    assert!(
        text.starts_with("stdin:1\n") && code(&output) == 0,
        "{text}"
    );
    for words in [
        "udløber om",
        "expires in",
        "RSASSA-PSS",
        "1 certifikat, 0 fejl, 0 advarsler",
    ] {
        assert!(text.contains(words), "{words} in\n{text}");
    }
}

#[test]
fn metadata_tells_its_certificates_by_role_and_use() {
    let folder = Folder::new("metadata");
    folder.make(&["--name", "a", "--fault", "wrong-usage"]);
    let idp = idp(&folder.base64("a.pem"));
    folder.write("idp.xml", &idp);
    let (exit, json) = folder.show(&["idp.xml"]);
    assert_eq!((exit, wrong(&json)), (0, vec![]), "{json:#}");
    let certificate = &json["certificates"][0];
    assert_eq!(certificate["entity_id"], "https://idp.example/saml");
    assert_eq!(
        (&certificate["role"], &certificate["use"]),
        (&"idp".into(), &"signing".into())
    );
    // One certificate with two parties, and one that may neither sign nor decrypt.
    let sp = |file: &str| sp(&folder.base64(file));
    folder.write("sp.xml", sp("a.pem"));
    folder.write("sp-usage.xml", sp("a-wrong-usage.pem"));
    let (exit, json) = folder.show(&["idp.xml", "sp.xml", "sp-usage.xml"]);
    assert_eq!(
        (exit, wrong(&json)),
        (1, vec!["key::wrong-usage".into(), "key::reused".to_owned()])
    );
    let reused = json["findings"].as_array().unwrap().last().unwrap();
    assert_eq!(reused["actor"], "system");
    assert_eq!(
        reused["where"],
        "sp.xml: https://system.example/saml sp both"
    );
    folder.write(
        "none.xml",
        idp.replace("<md:KeyDescriptor", "<!--")
            .replace("</md:KeyDescriptor>", "-->"),
    );
    let (exit, json) = folder.show(&["none.xml"]);
    assert_eq!(
        (exit, wrong(&json)),
        (1, vec!["certificate::unreadable".to_owned()]),
        "{json:#}"
    );
}

/// Two certificates of one role and use, as during a change, are told apart wherever they are spoken of.
#[test]
fn certificates_of_one_role_and_use_have_a_number() {
    let folder = Folder::new("numbered");
    folder.make(&["--name", "a", "--fault", "expired"]);
    let (good, expired) = (folder.base64("a.pem"), folder.base64("a-expired.pem"));
    let chain = format!("{good}</ds:X509Certificate><ds:X509Certificate>{expired}");
    let one = idp(&good);
    let descriptor = one.find("<md:KeyDescriptor").unwrap();
    let end = one.find("</md:KeyDescriptor>").unwrap() + "</md:KeyDescriptor>".len();
    let descriptor = &one[descriptor..end];
    let two = descriptor.replace(&good, &expired) + descriptor;
    folder.write("two.xml", one.replace(descriptor, &two));
    folder.write("chain.xml", idp(&chain));
    let of = "https://idp.example/saml idp signing";
    for (file, places, wrong) in [
        ("two.xml", ["#1", "#2"], 0),
        ("chain.xml", ["certificate 1", "certificate 2"], 1),
    ] {
        let places = places.map(|place| format!("{file}: {of} {place}"));
        let (exit, json) = folder.show(&[file]);
        let told: Vec<&str> = (json["certificates"].as_array().unwrap().iter())
            .map(|certificate| certificate["where"].as_str().unwrap())
            .collect();
        assert_eq!(told, places);
        let findings = json["findings"].as_array().unwrap().iter();
        let findings: Vec<_> = findings
            .filter(|finding| finding["severity"] != "remark")
            .map(|finding| (&finding["id"], &finding["where"]))
            .collect();
        let expired = ("key::expired".into(), places[wrong].as_str().into());
        assert_eq!((exit, findings), (1, vec![(&expired.0, &expired.1)]));
        // For people: the finding stands below its own certificate.
        let text = stdout(&folder.run(&["certs", "show", file]));
        let blocks: Vec<&str> = text.split("\n\n").collect();
        for (at, place) in places.iter().enumerate() {
            assert!(blocks[at].starts_with(place), "{text}");
            assert_eq!(blocks[at].contains("key::expired"), at == wrong, "{text}");
        }
    }
    // A file that is named twice is told once.
    let (_, json) = folder.show(&["a.pem", "a.pem"]);
    assert_eq!(json["certificates"].as_array().unwrap().len(), 1);
}

/// A key on a curve signs. Where it is put up for encryption, that is an error and not its keyUsage.
#[test]
fn nobody_encrypts_for_a_key_on_a_curve() {
    let folder = Folder::new("curve");
    let made = [
        "certs",
        "new",
        "--out",
        ".",
        "--name",
        "ec",
        "--key-type",
        "p-256",
    ];
    assert_eq!(code(&folder.run(&made)), 0);
    let (exit, json) = folder.show(&["ec.pem"]);
    assert_eq!((exit, wrong(&json)), (0, vec![]), "{json:#}");
    let usage = &json["certificates"][0]["key_usage"];
    assert_eq!(usage, &serde_json::json!(["digitalSignature"]));
    let both = sp(&folder.base64("ec.pem"));
    let encryption = both.replace(
        "<md:KeyDescriptor>",
        "<md:KeyDescriptor use=\"encryption\">",
    );
    for (metadata, exit, id, severity) in [
        (
            &idp(&folder.base64("ec.pem")),
            0,
            "key::signs-only",
            "remark",
        ),
        (&both, 0, "key::signs-only", "remark"),
        (&encryption, 1, "key::cannot-decrypt", "error"),
    ] {
        folder.write("ec.xml", metadata);
        let (code, json) = folder.show(&["ec.xml"]);
        let findings = json["findings"].as_array().unwrap().iter();
        let keys: Vec<_> = findings
            .filter(|finding| finding["id"].as_str().unwrap().starts_with("key::"))
            .map(|finding| (&finding["id"], &finding["severity"]))
            .collect();
        assert_eq!((code, keys), (exit, vec![(&id.into(), &severity.into())]));
    }
}

#[test]
fn the_help_names_all_that_can_be_found() {
    let folder = Folder::new("help");
    let text = stdout(&folder.run(&["certs", "show", "--help"]));
    for word in [
        "error    key::cannot-decrypt",
        "error    key::unsupported",
        "error    metadata::unreadable",
        "remark   certificate::other-ca",
    ] {
        assert!(text.contains(word), "{word} in\n{text}");
    }
}

#[test]
fn the_shipped_certificates_are_known_as_public() {
    let folder = Folder::new("shipped");
    let certs = Path::new(env!("CARGO_MANIFEST_DIR")).join("certs");
    let hub = certs.join("hub.pem").display().to_string();
    let now = ["--now", "2026-11-22T00:00:00Z"];
    let (exit, json) = folder.show(&[&[hub.as_str()][..], &now].concat());
    assert_eq!((exit, wrong(&json)), (1, vec!["key::test-pki".to_owned()]));
    let (exit, json) = folder.show(&["nowhere.pem", &hub, "--now", "2030-01-01T00:00:00Z"]);
    assert_eq!((exit, &json["summary"]["errors"]), (2, &2.into()));
    assert_eq!(json["certificates"][0]["days_left"], -61);
}

/// What `certs new` makes, a hub runs with; what is broken, `check` names with file and line.
#[test]
fn check_takes_the_good_ones_and_names_the_others() {
    let folder = Folder::new("check");
    folder.make(&["--name", "hub", "--fault", "all", "--keep-ca"]);
    let ca = ["--ca", "hub.ca.pem", "--ca-key", "hub.ca.key.pem", "--name"];
    let faults = "expired,wrong-usage,rsa-1024,reused";
    folder.make(&[&ca[..], &["idp", "--fault", faults]].concat());
    folder.make(&[&ca[..], &["sp", "--fault", "not-yet-valid"]].concat());
    let good = "[hub]\npublic_url = \"https://hub.example\"\n[[hub.keys]]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"\n\
        [[organisation]]\ncvr = \"11111111\"\nname = \"P\"\n\
        [[identity_provider]]\nname = \"idp\"\nid = \"https://idp.example/saml\"\npresentation_name = \"IdP\"\noiosaml_profile = \"OIOSAML3\"\n\
        assurance_level = 3\nnsis_assurance_level = \"Substantial\"\nuser_contexts = [\"11111111\"]\nsaml_metadata = \"idp.xml\"\n\
        [[user_facing_system]]\nname = \"system\"\nid = \"https://system.example/saml\"\ncvr = \"55555555\"\noiosaml_profile = \"OIOSAML3\"\n\
        nsis_assurance_level = \"Low\"\nsaml_metadata = \"sp.xml\"\n";
    folder.write("good.toml", good);
    let check = |text: &str| {
        folder.write("federation.toml", text);
        let output = folder.run(&["check", "federation.toml", "--format", "json"]);
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = json["findings"].as_array().unwrap();
        let told: Vec<(String, String)> = findings
            .iter()
            .map(|finding| {
                let word = |key: &str| finding[key].as_str().unwrap().to_owned();
                (word("id"), word("where"))
            })
            .collect();
        (code(&output), told)
    };
    let with = |idp_file: &str, sp_file: &str| {
        folder.write("idp.xml", idp(&folder.base64(idp_file)));
        folder.write("sp.xml", sp(&folder.base64(sp_file)));
    };
    with("idp.pem", "sp.pem");
    assert_eq!(check(good), (0, vec![]));
    let line = |line: usize| format!("federation.toml:{line}");
    for (fault, exit, id, at) in [
        ("expired", 0, "key::expired", 4),
        ("expires-soon", 0, "key::expires-soon", 4),
        ("not-yet-valid", 0, "key::not-yet-valid", 4),
        ("wrong-usage", 0, "key::wrong-usage", 4),
        ("rsa-1024", 3, "key::unreadable", 4),
        ("wrong-key", 3, "key::mismatch", 5),
    ] {
        let text = good.replace("hub.pem", &format!("hub-{fault}.pem"));
        let text = text.replace("hub.key.pem", &format!("hub-{fault}.key.pem"));
        assert_eq!(
            check(&text),
            (exit, vec![(id.to_owned(), line(at))]),
            "{fault}"
        );
    }
    // Trust is by registration: who issued a key does not matter.
    for fault in ["other-ca", "self-signed"] {
        let text = good.replace("\"hub.", &format!("\"hub-{fault}."));
        assert_eq!(check(&text), (0, vec![]), "{fault}");
    }
    for (idp_file, sp_file, exit, id, at) in [
        ("idp-expired.pem", "sp.pem", 0, "key::expired", 17),
        (
            "idp.pem",
            "sp-not-yet-valid.pem",
            0,
            "key::not-yet-valid",
            24,
        ),
        ("idp-wrong-usage.pem", "sp.pem", 0, "key::wrong-usage", 17),
        (
            "idp-rsa-1024.pem",
            "sp.pem",
            3,
            "metadata::no-signing-key",
            17,
        ),
        ("idp.pem", "idp-reused.pem", 3, "metadata::shared-key", 24),
    ] {
        with(idp_file, sp_file);
        assert_eq!(
            check(good),
            (exit, vec![(id.to_owned(), line(at))]),
            "{idp_file} {sp_file}"
        );
    }
    // A hub with such a pair does not start, and says where.
    with("idp.pem", "sp.pem");
    folder.write(
        "federation.toml",
        good.replace("hub.key.pem", "hub-wrong-key.key.pem"),
    );
    let listen = ["--listen", "127.0.0.1:0", "--manage", "127.0.0.1:0"];
    let output = folder.run(&[&["serve", "--config", "federation.toml"], &listen[..]].concat());
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(
        stderr(&output).contains("hub-wrong-key.key.pem is not the key"),
        "{}",
        stderr(&output)
    );
}

/// README's block, as it stands there, in a shell.
#[test]
fn readmes_commands_run() {
    let folder = Folder::new("readme");
    folder.make(&["--name", "x"]);
    folder.write("idp-metadata.xml", idp(&folder.base64("x.pem")));
    let readme = include_str!("../README.md");
    let block = readme
        .split("## Test certificates")
        .nth(1)
        .and_then(|rest| rest.split("```sh\n").nth(1)?.split("```").next())
        .unwrap();
    assert_eq!(block.lines().count(), 4);
    let program = format!("'{}'", env!("CARGO_BIN_EXE_vejviser"));
    let script = block.replace("target/release/vejviser", &program);
    let shell = Command::new("sh")
        .args(["-euc", &script])
        .current_dir(&folder.0)
        .output()
        .unwrap();
    assert_eq!(code(&shell), 0, "{}", stderr(&shell));
    let made = folder
        .0
        .join("test-certs/new_ADG_EXTTEST_Adgangsstyring_2.cer");
    assert!(made.exists());
}

fn idp(certificate: &str) -> String {
    let endpoint = r#"<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/>"#;
    metadata(
        "idp",
        "IDPSSODescriptor",
        " use=\"signing\"",
        certificate,
        endpoint,
    )
}

fn sp(certificate: &str) -> String {
    let endpoint = r#"<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://system.example/acs" index="0"/>"#;
    metadata("system", "SPSSODescriptor", "", certificate, endpoint)
}

fn metadata(host: &str, role: &str, usage: &str, certificate: &str, endpoint: &str) -> String {
    format!(
        r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://{host}.example/saml"><md:{role} protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor{usage}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>{endpoint}</md:{role}></md:EntityDescriptor>"#
    )
}
