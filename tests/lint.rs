//! `vejviser lint` through the binary, and the real hub's own metadata, read in place.

use crate::support::shared;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("lint")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vejviser"))
        .arg("lint")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata/idp/eksempelstrup.xml")
}

/// The same without SingleLogoutService, which the real hub refuses; and so without signature.
fn without_logout() -> String {
    let mut text = std::fs::read_to_string(sample()).unwrap();
    for element in ["ds:Signature", "md:SingleLogoutService"] {
        let end = format!("</{element}>");
        while let Some(from) = text.find(&format!("<{element} ")) {
            let to = from + text[from..].find(&end).unwrap() + end.len();
            text.replace_range(from..to, "");
        }
    }
    text
}

const THEN: [&str; 2] = ["--now", "2026-11-22T12:00:00Z"];

/// Ids with their severities.
fn found(output: &Output) -> Vec<(String, String)> {
    let json: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)));
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = json["findings"].as_array().unwrap().iter();
    findings
        .map(|found| (word(&found["id"]), word(&found["severity"])))
        .collect()
}

#[test]
fn each_form_can_be_read_and_says_the_same() {
    let folder = folder("forms");
    std::fs::write(folder.join("idp 1.xml"), without_logout()).unwrap();
    let arguments = [
        "idp 1.xml",
        "--role",
        "idp",
        "--output",
        "json=a.json",
        "--output",
        "junit=a.xml",
        "--output",
        "sarif=a.sarif",
    ];
    let output = run(&folder, &[&arguments[..], &THEN].concat());
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let human = text(&output.stdout);
    let message = "IDPSSODescriptor must have a SingleLogoutService endpoint using the HTTP-Redirect binding.";
    assert!(human.contains(message), "{human}");
    assert!(
        human.contains("FEJL / ERROR  MD-V-018") && human.contains("ADVARSEL / WARNING  MD-V-053")
    );
    assert!(
        human.contains("ville blive afvist: 2 fejl,")
            && human.contains("would be refused: 2 errors,")
    );
    let json: Value =
        serde_json::from_slice(&std::fs::read(folder.join("a.json")).unwrap()).unwrap();
    let findings = json["findings"].as_array().unwrap();
    assert_eq!(json["summary"]["errors"], 2);
    assert_eq!(json["summary"]["accepted"], false);
    let refusal = findings
        .iter()
        .find(|found| found["id"] == "MD-V-018")
        .unwrap();
    assert_eq!(refusal["message"], message);
    assert_eq!(refusal["actor"], "identity-provider");
    assert_eq!(refusal["mark"], "confirmed");
    assert_eq!(refusal["path"], "/EntityDescriptor/IDPSSODescriptor");
    // SARIF: every result names a rule of the list, and a line of the file.
    let sarif: Value =
        serde_json::from_slice(&std::fs::read(folder.join("a.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    for result in results {
        let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[at]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "idp%201.xml");
        assert!(place["region"]["startLine"].as_u64().unwrap() > 0);
    }
    // JUnit: a case for every rule.
    let junit = text(&std::fs::read(folder.join("a.xml")).unwrap());
    let mut reader = quick_xml::Reader::from_str(&junit);
    let (mut cases, mut failures) = (0, 0);
    loop {
        use quick_xml::events::Event;
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "testcase" => cases += 1,
                "failure" => failures += 1,
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((cases, failures), (rules.len(), 2));
    assert!(junit.contains(&format!("tests=\"{cases}\" failures=\"2\"")));
}

#[test]
fn the_exit_code_says_how_it_went() {
    let folder = folder("codes");
    std::fs::write(folder.join("idp.xml"), without_logout()).unwrap();
    std::fs::write(folder.join("bad.xml"), "<no metadata").unwrap();
    std::fs::create_dir(folder.join("empty")).unwrap();
    for (arguments, code, words) in [
        (&["idp.xml", "--role", "idp"][..], 1, ""),
        (&["idp.xml", "--role", "system"], 1, ""),
        (&["idp.xml"], 2, "--role"),
        (&["idp.xml", "--role", "hub"], 2, "hub"),
        (&["nowhere.xml", "--role", "idp"], 2, "nowhere.xml"),
        (&["empty", "--role", "idp"], 4, "empty"),
        (
            &["https://idp.example/metadata", "--role", "idp"],
            2,
            "--online",
        ),
        (
            &["http://127.0.0.1:9/metadata", "--role", "idp", "--online"],
            4,
            "http://127.0.0.1:9/metadata",
        ),
        (
            &["idp.xml", "--role", "idp", "--ca", "bad.xml"],
            2,
            "--ca bad.xml",
        ),
        (
            &["idp.xml", "--role", "idp", "--crl", "nowhere"],
            2,
            "--crl nowhere",
        ),
        (&["idp.xml", "--role", "idp", "--others", "."], 3, "bad.xml"),
        (
            &["idp.xml", "--role", "idp", "--format", "html"],
            2,
            "sarif",
        ),
    ] {
        let output = run(&folder, arguments);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
}

#[test]
fn others_and_revocation_lists_count() {
    let folder = folder("others");
    std::fs::copy(sample(), folder.join("idp.xml")).unwrap();
    let parties = folder.join("others");
    std::fs::create_dir(&parties).unwrap();
    // The same file again is nobody else.
    std::fs::copy(sample(), parties.join("same.xml")).unwrap();
    let json = ["idp.xml", "--role", "idp", "--format", "json"];
    let json = [&json[..], &THEN].concat();
    let with = |more: &[&str]| {
        let found = found(&run(&folder, &[&json[..], more].concat()));
        found.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    let alone = with(&["--others", "others"]);
    assert!(!alone.contains(&"MD-V-009".to_owned()) && alone.contains(&"MD-V-051".to_owned()));
    let before = std::fs::read_to_string(sample()).unwrap();
    std::fs::write(parties.join("before.xml"), format!("{before}\n")).unwrap();
    let taken = with(&["--others", "others"]);
    assert!(taken.contains(&"MD-V-009".to_owned()), "{taken:?}");
    let id = "http://eksempelstrup.localhost:7878/metadata";
    assert_eq!(with(&["--others", "others", "--replaces", id]), alone);
    // A list that is no list cannot clear anybody.
    std::fs::write(folder.join("list.crl"), "none").unwrap();
    assert!(with(&["--crl", "list.crl"]).contains(&"MD-V-050".to_owned()));
}

/// A certificate of a CA that is made and kept, all the way: judged, taken back, judged again.
#[test]
fn the_metadata_of_a_kept_ca_is_accepted_until_it_takes_the_certificate_back() {
    use vejviser::dsig::{self, Certificate, SigningKey};
    use vejviser::mint::{self, Authority};
    use vejviser::saml::metadata::*;
    use vejviser::saml::names::binding;
    let folder = folder("kept");
    let made = Command::new(env!("CARGO_BIN_EXE_vejviser"))
        .args([
            "certs",
            "new",
            "--out",
            ".",
            "--name",
            "system",
            "--keep-ca",
            "--valid-from",
            "2026-11-01",
        ])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", text(&made.stderr));
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let certificate = Certificate::parse(&read("system.pem")).unwrap();
    let endpoint = |binding: &str, path: &str| Endpoint {
        binding: binding.to_owned(),
        location: format!("https://system.example/{path}"),
        response_location: None,
    };
    let entity = Entity {
        entity_id: "https://system.example/saml".to_owned(),
        id: Some("_m".to_owned()),
        valid_until: None,
        idp: None,
        sp: Some(SpRole {
            authn_requests_signed: true,
            want_assertions_signed: true,
            keys: vec![KeyDescriptor {
                usage: KeyUse::Both,
                certificates: vec![certificate.to_base64()],
                encryption_methods: Vec::new(),
            }],
            assertion_consumer: vec![IndexedEndpoint {
                endpoint: endpoint(binding::POST, "acs"),
                index: 0,
                is_default: Some(true),
            }],
            single_logout: vec![endpoint(binding::REDIRECT, "slo")],
            name_id_formats: Vec::new(),
        }),
        organization: None,
    };
    let key = SigningKey::parse(&read("system.key.pem"), Some(certificate.clone())).unwrap();
    let signed = dsig::sign(&entity.to_element(), "_m", dsig::Place::First, &key);
    std::fs::write(folder.join("system.xml"), signed.as_bytes()).unwrap();
    let ca = Authority::given(&read("system.ca.pem"), &read("system.ca.key.pem")).unwrap();
    let now = time::macros::datetime!(2026-11-22 11:00 UTC);
    let serial = certificate.story().serial;
    let bytes = (0..serial.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&serial[at..at + 2], 16).unwrap());
    std::fs::write(folder.join("good.crl"), mint::crl(&ca, &[], now).unwrap()).unwrap();
    std::fs::write(
        folder.join("bad.crl"),
        mint::crl(&ca, &[(bytes.collect(), now)], now).unwrap(),
    )
    .unwrap();
    let json = ["system.xml", "--role", "system", "--format", "json"];
    let json = [&json[..], &THEN].concat();
    let output = run(
        &folder,
        &[&json[..], &["--ca", "system.ca.pem", "--crl", "good.crl"]].concat(),
    );
    assert_eq!(found(&output), [], "{}", text(&output.stdout));
    assert_eq!(output.status.code(), Some(0));
    let output = run(
        &folder,
        &[&json[..], &["--ca", "system.ca.pem", "--crl", "bad.crl"]].concat(),
    );
    assert_eq!(
        found(&output),
        [("MD-V-048".to_owned(), "error".to_owned())]
    );
    // Nobody knows that CA.
    let output = run(&folder, &json);
    let ids: Vec<String> = found(&output).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["MD-V-042", "MD-V-051"]);
}

/// Exactly what is known of the real hub's own metadata (ext-test), while its certificate was valid.
#[test]
fn the_real_hubs_metadata_has_its_quirks_and_nothing_else() {
    let Some(folder) = shared("spec/metadata") else {
        return;
    };
    for (file, role, expected) in [
        (
            "ch2-idp-exttest.xml",
            "idp",
            // Signed by a test organisation, for the sample of the interface; chain and revocation not asked;
            // NameIDFormat; a second role; three of EntityAttributes; leftover attributes; organisation and contact
            // out of a template.
            &[
                "014", "043", "051", "056", "057", "058", "059", "060", "061", "062", "062",
            ][..],
        ),
        (
            "ch2-sp-exttest.xml",
            "system",
            &["014", "043", "051", "056", "061", "062", "062"],
        ),
        // Context Handler 1: unsigned, and on OCES2.
        (
            "ch1-idp-exttest.xml",
            "idp",
            &["010", "032", "036", "042", "045", "051"],
        ),
        (
            "ch1-sp-exttest.xml",
            "system",
            &["010", "032", "036", "042", "045", "051"],
        ),
    ] {
        let output = run(
            &folder,
            &[
                file,
                "--role",
                role,
                "--now",
                "2026-01-05T08:00:00Z",
                "--format",
                "json",
            ],
        );
        let ids: Vec<String> = found(&output).into_iter().map(|(id, _)| id).collect();
        let expected: Vec<String> = expected.iter().map(|id| format!("MD-V-{id}")).collect();
        assert_eq!(ids, expected, "{file}: {}", text(&output.stdout));
        let accepted = file.starts_with("ch2");
        assert_eq!(output.status.code(), Some(i32::from(!accepted)), "{file}");
    }
    let today = ["ch2-idp-exttest.xml", "--role", "idp", "--format", "json"];
    let output = run(&folder, &[&today[..], &THEN].concat());
    let expired = ("MD-V-045".to_owned(), "error".to_owned());
    assert!(
        found(&output).contains(&expired),
        "its certificate ended in March 2026"
    );
}
