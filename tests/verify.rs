//! `vejviser verify`, `decode` and `checks` through the binary: exit codes, inputs, the shape of the result.

use crate::support::world::*;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use vejviser::dsig::{self, Place};
use vejviser::saml::binding::{MessageField, Outbound, redirect};

/// Files that the tests give to the program: certificates, a key and a good message of each form.
struct Files {
    folder: PathBuf,
}

impl Files {
    fn get() -> &'static Self {
        static FILES: OnceLock<Files> = OnceLock::new();
        FILES.get_or_init(Self::make)
    }
    fn make() -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("verify-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let files = Self { folder };
        let pem = |certificate: &vejviser::dsig::Certificate| {
            format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                certificate
                    .to_base64()
                    .as_bytes()
                    .chunks(64)
                    .map(|line| str::from_utf8(line).unwrap())
                    .collect::<Vec<_>>()
                    .join("\n")
            )
        };
        files.write("idp.pem", pem(&keys().idp.certificate).as_bytes());
        files.write("system.pem", pem(&keys().system.certificate).as_bytes());
        files.write("stranger.pem", pem(&keys().stranger.certificate).as_bytes());
        let key = keys().hub.bare.private_key_to_pem_pkcs8().unwrap();
        files.write("hub.key.pem", &key);
        let weak = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
        files.write("weak.pem", &weak.public_key_to_pem().unwrap());
        files.write("junk.pem", b"junk");
        let mut world = World::plain();
        let asked = world.asked();
        let (response, assertion) = (world.response(&asked), world.assertion(&asked));
        let good = assertion_signed(&response, &assertion, &keys().idp.signing);
        files.write("good.xml", &good.xml);
        let sealed = world.sealed(
            &response,
            &assertion,
            &keys().idp.signing,
            &keys().hub.recipient(),
        );
        files.write("sealed.xml", &sealed.xml);
        let request = world.request(|_| {});
        let signed = dsig::sign(
            &request.to_element(),
            &request.id,
            Place::AfterIssuer,
            &keys().system.signing,
        );
        files.write("request.xml", signed.as_bytes());
        let Outbound::Redirect { url } = redirect(
            "https://hub.example/runtime/saml2/issue.idp",
            MessageField::Request,
            &request.to_element().render(),
            Some("træ & co"),
            Some(&keys().system.signing),
        ) else {
            unreachable!("a redirect")
        };
        files.write("request.url", url.as_bytes());
        files
    }
    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.join(name), bytes).unwrap();
    }
    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(name)).unwrap()
    }
    fn run(&self, arguments: &[&str], stdin: &[u8]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vejviser"))
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that refuses its arguments reads nothing.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        child.wait_with_output().unwrap()
    }
    /// `verify` on a response at the time of the tests, and its exit code. To a program, such as this one, it
    /// prints JSON.
    fn verify(&self, arguments: &[&str], stdin: &[u8]) -> (i32, Value) {
        let common = ["verify", "--now", "2026-11-21T12:00:00Z"];
        let output = self.run(&[&common[..], arguments].concat(), stdin);
        let json = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code().unwrap(), json)
    }
}

const ACCEPT: [&str; 10] = [
    "--peer",
    IDP,
    "--peer-cert",
    "idp.pem",
    "--me",
    "https://hub.example/runtime",
    "--acs",
    "https://hub.example/runtime/saml2auth/consume.idp",
    "--profile",
    "oiosaml3",
];

#[test]
fn a_sender_is_held_to_the_cvrs_it_speaks_for() {
    let files = Files::get();
    let row = |cvrs: &[&str]| {
        let given = cvrs.iter().flat_map(|cvr| ["--cvr", *cvr]);
        let arguments: Vec<&str> = ACCEPT
            .into_iter()
            .chain(given)
            .chain(["good.xml"])
            .collect();
        let (code, json) = files.verify(&arguments, b"");
        let rows = json["checks"].as_array().unwrap();
        let row = rows.iter().find(|row| row["id"] == "IDP-R-031").unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (code, text(&json["reason"]), text(&row["outcome"]))
    };
    let said =
        |code: i32, reason: &str, outcome: &str| (code, reason.to_owned(), outcome.to_owned());
    assert_eq!(row(&[]), said(0, "", "skip"));
    assert_eq!(row(&[CVR]), said(0, "", "pass"));
    assert_eq!(row(&["22222222", CVR]), said(0, "", "pass"));
    assert_eq!(row(&["22222222", "33333333"]), said(1, "IDP-R-031", "fail"));
    for bad in ["1111111", "111111111", "1111111x", ""] {
        let arguments = [&["verify", "--cvr", bad], &ACCEPT[..], &["good.xml"]].concat();
        let output = files.run(&arguments, b"");
        assert_eq!(output.status.code(), Some(2), "--cvr {bad:?}");
        assert!(output.stdout.is_empty());
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.contains("--cvr") && told.contains("eight digits"),
            "{told}"
        );
    }
}

#[test]
fn a_good_response_is_accepted_in_the_shape_of_the_contract() {
    let files = Files::get();
    let arguments = [&ACCEPT[..], &["--required-level", "Low", "good.xml"]].concat();
    let (code, json) = files.verify(&arguments, b"");
    assert_eq!(code, 0, "{json:#}");
    let mut keys: Vec<&str> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "assertion_id",
            "attributes",
            "checks",
            "level",
            "name_id",
            "reason",
            "verdict"
        ]
    );
    assert_eq!(json["verdict"], "accept");
    assert_eq!(json["reason"], Value::Null);
    assert_eq!(json["level"], "Substantial");
    assert_eq!(json["assertion_id"], "_assertion-1");
    assert!(
        json["name_id"]
            .as_str()
            .unwrap()
            .contains("CN=Prøve Prøvesen")
    );
    let cvr = &json["attributes"]["https://data.gov.dk/model/core/eid/professional/cvr"];
    assert_eq!(cvr, &serde_json::json!([CVR]));
    for check in json["checks"].as_array().unwrap() {
        let mut keys: Vec<&str> = check
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        keys.sort_unstable();
        assert_eq!(keys, ["clause", "expected", "found", "id", "outcome"]);
        let outcome = check["outcome"].as_str().unwrap();
        assert!(["pass", "warn", "skip"].contains(&outcome), "{check}");
    }
}

#[test]
fn what_was_refused_says_why_and_nothing_else() {
    let files = Files::get();
    let reason = |arguments: &[&str]| {
        let (code, json) = files.verify(arguments, b"");
        assert_eq!((code, &json["verdict"]), (1, &"reject".into()), "{json:#}");
        assert_eq!(json["name_id"], Value::Null);
        assert_eq!(json["attributes"], serde_json::json!({}));
        json["reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(reason(&["good.xml"]), "no-trusted-key");
    assert_eq!(
        reason(&["--peer-cert", "stranger.pem", "good.xml"]),
        "IDP-R-009"
    );
    assert_eq!(
        reason(&["--peer-cert", "weak.pem", "good.xml"]),
        "no-trusted-key"
    );
    assert_eq!(reason(&["--peer-cert", "idp.pem", "junk.pem"]), "IDP-R-001");
    let wrong = [
        "--peer-cert",
        "idp.pem",
        "--in-response-to",
        "_x",
        "good.xml",
    ];
    assert_eq!(reason(&wrong), "IDP-R-013");
    assert_eq!(reason(&["--kind", "logout", "good.xml"]), "SLO-001");
    let level = [&ACCEPT[..], &["--required-level", "High", "good.xml"]].concat();
    assert_eq!(reason(&level), "IDP-R-036");
    let sealed = [&ACCEPT[..], &["sealed.xml"]].concat();
    assert_eq!(reason(&sealed), "IDP-R-008");
    let (code, json) = files.verify(&[&["--key", "hub.key.pem"], &sealed[..]].concat(), b"");
    assert_eq!((code, &json["verdict"]), (0, &"accept".into()), "{json:#}");
}

#[test]
fn a_request_is_read_from_its_url_with_the_signature_over_the_octets() {
    let files = Files::get();
    let url = String::from_utf8(files.read("request.url")).unwrap();
    let arguments = [
        "--kind",
        "request",
        "--peer",
        SYSTEM,
        "--peer-cert",
        "system.pem",
        "--acs",
        ACS,
        "--destination",
        "https://hub.example/runtime/saml2/issue.idp",
    ];
    for input in ["url", "auto"] {
        let arguments = [&arguments[..], &["--input", input, "-"]].concat();
        let (code, json) = files.verify(&arguments, url.as_bytes());
        assert_eq!(code, 0, "{json:#}");
        // The same message, encoded otherwise, is other octets.
        let other = url.replacen("%20", "+", 1);
        assert_ne!(other, url);
        let (code, json) = files.verify(&arguments, other.as_bytes());
        assert_eq!((code, &json["reason"]), (1, &"SYS-Q-005".into()));
    }
    let (code, _) = files.verify(&[&arguments[..], &["request.xml"]].concat(), b"");
    assert_eq!(code, 0, "POST, with its enveloped signature");
}

#[test]
fn standard_input_in_every_form_is_the_same_message() {
    use base64::Engine as _;
    let files = Files::get();
    let xml = files.read("good.xml");
    let base64 = base64::engine::general_purpose::STANDARD.encode(&xml);
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    let form = form.append_pair("SAMLResponse", &base64).finish();
    for (input, given) in [
        ("auto", xml.clone()),
        ("xml", xml),
        ("auto", base64.clone().into_bytes()),
        ("base64", base64.into_bytes()),
        ("auto", form.clone().into_bytes()),
        ("form", form.clone().into_bytes()),
    ] {
        let arguments = ["--peer-cert", "idp.pem", "--input", input];
        let (code, json) = files.verify(&arguments, &given);
        assert_eq!(code, 0, "{input}: {json:#}");
    }
    let (code, json) = files.verify(
        &["--peer-cert", "idp.pem", "--input", "url"],
        form.as_bytes(),
    );
    assert_eq!((code, &json["reason"]), (1, &"IDP-R-001".into()));
}

#[test]
fn a_question_that_cannot_be_understood_is_usage() {
    let files = Files::get();
    let usage = |arguments: &[&str], says: &str| {
        let output = files.run(&[&["verify"], arguments].concat(), b"");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?}: {text}");
        assert!(output.stdout.is_empty());
    };
    usage(&[], "FILE");
    usage(&["nowhere.xml"], "nowhere.xml");
    usage(
        &["--key", "hub.key.pem", "--key", "hub.key.pem", "good.xml"],
        "--key",
    );
    usage(&["--key", "junk.pem", "good.xml"], "junk.pem");
    usage(&["--key", "nowhere.pem", "good.xml"], "nowhere.pem");
    usage(&["--peer-cert", "junk.pem", "good.xml"], "certificate");
    usage(&["--peer-cert", "nowhere.pem", "good.xml"], "nowhere.pem");
    usage(&["--now", "yesterday", "good.xml"], "RFC 3339");
    usage(&["--required-level", "5", "good.xml"], "Substantial");
    usage(&["--ceiling", "Betydelig", "good.xml"], "Substantial");
    usage(&["--kind", "page", "good.xml"], "metadata");
    usage(&["--profile", "oiosaml4", "good.xml"], "oiosaml3");
    usage(&["--skew", "long", "good.xml"], "--skew");
    usage(&["good.xml", "sealed.xml"], "sealed.xml");
}

#[test]
fn people_read_the_verdict_and_what_to_do() {
    let files = Files::get();
    let output = files.run(&["verify", "--format", "human", "good.xml"], b"");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text.starts_with("AFVIST / REJECTED  no-trusted-key"),
        "{text}"
    );
    assert!(text.contains("--peer-cert"), "{text}");
}

#[test]
fn decode_shows_what_is_signed() {
    let files = Files::get();
    let output = files.run(&["decode", "good.xml"], b"");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0));
    let line = |what: &str| {
        let found = text.lines().find(|line| line.contains(what));
        found.unwrap_or_else(|| panic!("{what}: {text}")).to_owned()
    };
    assert!(
        line("<samlp:Response").starts_with("  "),
        "the envelope is not signed"
    );
    assert!(line("<saml:NameID").starts_with("▌ "), "the assertion is");
    assert!(
        line("<ds:SignatureValue").starts_with("  "),
        "its signature is not"
    );

    let output = files.run(&["decode"], &files.read("request.url"));
    let (text, talk) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    assert!(text.lines().all(|line| line.starts_with("▌ ")), "{text}");
    assert!(
        talk.contains("DEFLATE") && talk.contains("træ & co"),
        "{talk}"
    );

    let output = files.run(&["decode", "-"], b"<!DOCTYPE x><a><b>\x1b[31m</b></a>");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "it judges nothing");
    assert!(text.contains("<b>") && !text.contains('\u{1b}'), "{text}");
    let output = files.run(&["decode", "-"], b"no message at all");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_list_of_checks_is_the_same_in_all_forms() {
    let files = Files::get();
    let list = |format: &str| {
        let output = files.run(&["checks", "--format", format], b"");
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    };
    let json: Value = serde_json::from_str(&list("json")).unwrap();
    let checks = json["checks"].as_array().unwrap();
    assert_eq!(checks.len(), vejviser::hub::Check::ALL.len());
    let (csv, human) = (list("csv"), list("human"));
    let mut rows = csv.split("\r\n");
    assert_eq!(
        rows.next(),
        Some("id,severity,party,clause,title_da,title_en,remedy_da,remedy_en")
    );
    for check in checks {
        let start = format!(
            "\"{}\",\"{}\",\"{}\",",
            check["id"].as_str().unwrap(),
            check["severity"].as_str().unwrap(),
            check["party"].as_str().unwrap()
        );
        assert!(
            rows.next().is_some_and(|row| row.starts_with(&start)),
            "{start}"
        );
        assert!(human.contains(check["title_da"].as_str().unwrap()));
        for key in ["clause", "title_da", "title_en", "remedy_da", "remedy_en"] {
            assert!(!check[key].as_str().unwrap().is_empty());
        }
    }
}
