//! The hub's test CA from outside: `certs new` issues, the system's `openssl` and `vejviser lint --online` ask, somebody
//! takes a certificate back, and the hub is restarted.

use crate::support::served::{Folder, Served, federation};
use serde_json::{Value, json};
use std::process::{Command, Output};
use vejviser::dsig::{self, Certificate, SigningKey};
use vejviser::saml::metadata::*;
use vejviser::saml::names::binding;

fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

fn made(folder: &Folder, arguments: &[&str]) {
    let all = [
        &["certs", "new", "--out", ".", "--key-type", "p-256"],
        arguments,
    ]
    .concat();
    let output = folder.run(&all);
    assert!(output.status.success(), "{}", text(&output));
}

/// Whether it ended well, and what it says; none, aloud, where there is no `openssl`.
fn openssl(folder: &Folder, arguments: &[&str]) -> Option<(bool, String)> {
    let mut command = Command::new("openssl");
    let output = command
        .args(arguments)
        .current_dir(folder.path(""))
        .output();
    let Ok(output) = output else {
        println!("SKIPPED: no openssl to judge");
        return None;
    };
    Some((output.status.success(), text(&output)))
}

/// Metadata of a system with this certificate, signed.
fn metadata(folder: &Folder, name: &str) -> Vec<u8> {
    let pem = folder.read(&format!("{name}.pem"));
    let certificate = Certificate::parse(pem.as_bytes()).unwrap();
    let endpoint = |binding: &str, path: &str| Endpoint {
        binding: binding.to_owned(),
        location: format!("https://system.example/{path}"),
        response_location: None,
    };
    let role = SpRole {
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
    };
    let entity = Entity {
        entity_id: "https://system.example/new".to_owned(),
        id: Some("_m".to_owned()),
        valid_until: None,
        idp: None,
        sp: Some(role),
        organization: None,
    };
    let key = folder.read(&format!("{name}.key.pem"));
    let key = SigningKey::parse(key.as_bytes(), Some(certificate)).unwrap();
    let signed = dsig::sign(&entity.to_element(), "_m", dsig::Place::First, &key);
    signed.as_bytes().to_vec()
}

/// The ids that `lint` finds.
fn linted(folder: &Folder, more: &[&str]) -> (Option<i32>, Vec<String>) {
    let all = [
        "lint",
        "new.xml",
        "--role",
        "system",
        "--format",
        "json",
        "--ca",
        "ca.ca.pem",
    ];
    let output = folder.run(&[&all[..], more].concat());
    let json: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output)));
    let ids = json["findings"].as_array().unwrap().iter();
    let ids = ids.map(|finding| finding["id"].as_str().unwrap().to_owned());
    (output.status.code(), ids.collect())
}

const REVOKED: &str = "MD-V-048";
const UNREACHABLE: &str = "MD-V-050";
const NOT_ASKED: &str = "MD-V-051";

#[test]
fn what_it_took_back_is_revoked_for_everybody_and_after_a_restart() {
    let folder = Folder::new("test-ca");
    made(&folder, &["--name", "ca", "--keep-ca"]);
    let hub = "[hub]\ntest_ca = \"ca.ca.pem\"\ntest_ca_key = \"ca.ca.key.pem\"\n\n";
    let config = format!("{hub}{}", federation("Kommunens IdP"));
    folder.write("federation.toml", config.as_bytes());
    let served = folder.serve();
    let base = base_of(&served);
    let issue = [
        "--ca",
        "ca.ca.pem",
        "--ca-key",
        "ca.ca.key.pem",
        "--revocation-url",
        &base,
    ];
    made(&folder, &[&["--name", "other"], &issue[..]].concat());
    // With fewer bits, or on a curve, it would be no certificate for a system.
    let system = ["--name", "system", "--key-type", "rsa-3072"];
    let output = folder.run(&[&["certs", "new", "--out", "."], &system[..], &issue].concat());
    assert!(output.status.success(), "{}", text(&output));
    folder.write("new.xml", &metadata(&folder, "system"));
    let certificate = Certificate::parse(folder.read("system.pem").as_bytes()).unwrap();
    let serial = certificate.story().serial;
    let address = format!("/api/v1/test-ca/revoked/{serial}");

    // Nothing was taken back.
    assert_eq!(served.json("GET", &address, None).0, 404);
    assert_eq!(
        served.json("GET", "/api/v1/test-ca/revoked", None),
        (200, json!({ "revoked": [] }))
    );
    let (status, own) = served.json("GET", "/api/v1/test-ca", None);
    assert_eq!(status, 200);
    assert_eq!(own["certificate"], folder.read("ca.ca.pem"));
    assert_eq!(own["revocation_url"], format!("{}/ca", served.public));
    // Somebody's key is not handed out.
    assert_eq!(served.json("GET", "/api/v1/test-ca/key", None).0, 404);
    says(&folder, &base, "good");
    let (code, ids) = linted(&folder, &["--online"]);
    assert_eq!((code, ids), (Some(0), Vec::new()));
    assert_eq!(linted(&folder, &[]).1, [NOT_ASKED]);

    // Taken back: twice is once, and however the number is written.
    let (status, first) = served.json("PUT", &address, None);
    assert_eq!((status, &first["serial"]), (200, &json!(serial)));
    let capitals = address.replace(&serial, &serial.to_uppercase());
    assert_eq!(served.json("PUT", &capitals, None), (200, first.clone()));
    assert_eq!(
        served.json("PUT", "/api/v1/test-ca/revoked/none", None).0,
        400
    );
    says(&folder, &base, "revoked");
    assert_eq!(
        linted(&folder, &["--online"]),
        (Some(1), vec![REVOKED.to_owned()])
    );

    // Nobody answers: with the hub gone, the certificate's CA cannot be asked.
    drop(served);
    assert_eq!(
        linted(&folder, &["--online"]),
        (Some(1), vec![UNREACHABLE.to_owned()])
    );

    let served = folder.serve();
    let base = base_of(&served);
    assert_eq!(served.json("GET", &address, None), (200, first));
    says(&folder, &base, "revoked");
    // The metadata itself by its address.
    let idp = format!("{}/runtime/saml2/metadata.idp", served.public);
    let all = [
        "lint", &idp, "--role", "idp", "--online", "--format", "json",
    ];
    let output = folder.run(&all);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    assert_eq!(json["file"], idp.as_str(), "{}", text(&output));

    assert_eq!(served.ask("DELETE", &address, None).unwrap().0, 204);
    assert_eq!(served.json("DELETE", &address, None).0, 404);
    says(&folder, &base, "good");
}

/// Where the test CA of a hub is.
fn base_of(served: &Served) -> String {
    let port = served.public.rsplit(':').next().unwrap();
    format!("http://127.0.0.1:{port}/ca")
}

/// What the system's `openssl` hears of the system's certificate; of the other one, always that it is good.
fn says(folder: &Folder, base: &str, expected: &str) {
    let address = format!("{base}/ocsp");
    let ask = [
        "ocsp",
        "-issuer",
        "ca.ca.pem",
        "-cert",
        "system.pem",
        "-cert",
        "other.pem",
        "-CAfile",
        "ca.ca.pem",
        "-url",
        &address,
    ];
    let Some((ok, told)) = openssl(folder, &ask) else {
        return;
    };
    assert!(ok && told.contains("Response verify OK"), "{told}");
    assert!(told.contains(&format!("system.pem: {expected}")), "{told}");
    assert!(told.contains("other.pem: good"), "{told}");
    let host = base.trim_start_matches("http://").trim_end_matches("/ca");
    let list = fetched(host, "/ca/revoked.crl");
    folder.write("list.der", &list);
    let crl = [
        "crl", "-inform", "DER", "-in", "list.der", "-out", "list.pem",
    ];
    assert!(openssl(folder, &crl).unwrap().0);
    let verify = [
        "verify",
        "-crl_check",
        "-CAfile",
        "ca.ca.pem",
        "-CRLfile",
        "list.pem",
    ];
    let (ok, told) = openssl(folder, &[&verify[..], &["system.pem"]].concat()).unwrap();
    assert_eq!(ok, expected == "good", "{told}");
    assert_eq!(!ok, told.contains("certificate revoked"), "{told}");
    let (ok, told) = openssl(folder, &[&verify[..], &["other.pem"]].concat()).unwrap();
    assert!(ok, "{told}");
}

/// The body of an answer, as bytes.
fn fetched(host: &str, path: &str) -> Vec<u8> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.expect("an answer") + 4;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    answer.split_off(end)
}
