//! `vejviser calibrate`: captures of a second hub with other settings are explained by exactly those settings; of people
//! nothing is told.

use crate::support::demo::{Demo, Went, went};
use crate::support::sample_alone;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use vejviser::config;
use vejviser::drill::{Browser, Hop};

/// One login at a hub whose settings, or whose parties, are other ones than the sample's.
#[derive(Clone, Copy)]
struct Case {
    /// What is changed in the sample federation, at both hubs.
    parties: &'static [(&'static str, &'static str)],
    /// The line of `[settings]` at the captured hub; empty: none.
    setting: &'static str,
    system: &'static str,
    /// Query of the login address.
    wishes: &'static str,
    idp: &'static str,
    person: &'static str,
}

const PLAIN: Case = Case {
    parties: &[],
    setting: "",
    system: "sagssystem",
    wishes: "",
    idp: "eksempelstrup",
    person: "anna",
};
const ADFS: Case = Case {
    idp: "provekobing-adfs",
    person: "dorte",
    ..PLAIN
};
const RELAY: Case = Case {
    system: "borgerportal",
    idp: "fiktiv-gammel",
    person: "jytte",
    ..PLAIN
};
const NIST_2: (&str, &str) = (
    "oiosaml_profile = \"OIOSAML2\"\nassurance_level = 3",
    "oiosaml_profile = \"OIOSAML2\"\nassurance_level = 2",
);
const NIST_NEED: (&str, &str) = (
    "oiosaml_profile = \"OIOSAML3\"\nnsis_assurance_level = \"Substantial\"\n# Henter",
    "oiosaml_profile = \"OIOSAML3\"\nassurance_level = 3\n# Henter",
);
const ASKS_NOTHING: (&str, &str) = (
    "\"OIOSAML2_ADFS_MULTIPLEAUTHN\"",
    "\"OIOSAML2_WITHOUT_REQUESTED_LOA\"",
);

impl Case {
    fn federation(&self, before: &str) -> String {
        let mut text = sample_alone();
        for (old, new) in self.parties {
            assert!(text.contains(old), "{old}");
            text = text.replace(old, new);
        }
        format!("{before}{text}")
    }
}

/// A login, captured.
struct Captured {
    folder: PathBuf,
    hops: Vec<Hop>,
    cookies: Vec<String>,
}

/// Drives the login and keeps what the browser saw.
async fn capture(name: &str, case: Case) -> Captured {
    let setting = match case.setting {
        "" => String::new(),
        line => format!("[settings]\n{line}\n"),
    };
    let demo = Demo::start_on(&case.federation(&setting)).await;
    let mut browser = Browser::new();
    log_in(&demo, &mut browser, case).await;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("calibrate")
        .join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let known = format!("[hub]\npublic_url = \"{}\"\n", demo.public_url());
    std::fs::write(folder.join("federation.toml"), case.federation(&known)).unwrap();
    let host = |site: &str| format!("{site}.localhost");
    let cookies = [
        ("hub", "vejviser_browser"),
        (case.system, "system_browser"),
        (case.system, "system_session"),
    ];
    let cookies = cookies
        .iter()
        .filter_map(|(site, cookie)| browser.cookie(&host(site), cookie));
    let cookies = cookies.map(str::to_owned).collect();
    let captured = Captured {
        folder,
        hops: browser.hops().to_vec(),
        cookies,
    };
    std::fs::write(
        captured.folder.join("login.har"),
        captured.har().to_string(),
    )
    .unwrap();
    std::fs::write(
        captured.folder.join("login.json"),
        captured.traced().to_string(),
    )
    .unwrap();
    captured
}

async fn log_in(demo: &Demo, browser: &mut Browser, case: Case) -> Went {
    let wishes = case.wishes.replace(
        "{testrup}",
        &url::form_urlencoded::byte_serialize(demo.entity_id("testrup").as_bytes())
            .collect::<String>(),
    );
    let login = demo.url(case.system, &format!("/log-ind{wishes}"));
    let mut page = browser.get(&login).await.unwrap();
    if page
        .forms()
        .iter()
        .any(|form| form.choices.iter().any(|choice| choice.name == "idp"))
    {
        page = browser
            .choose(&page, "idp", &demo.entity_id(case.idp))
            .await
            .unwrap();
    }
    if page
        .forms()
        .iter()
        .any(|form| form.choices.iter().any(|choice| choice.name == "person"))
    {
        page = browser.choose(&page, "person", case.person).await.unwrap();
    }
    went(&page)
}

impl Captured {
    /// As a browser's tools write it, cookies and all.
    fn har(&self) -> Value {
        let entries = self.hops.iter().map(|hop| {
            let mut request = json!({"method": hop.method.as_str(), "url": hop.url.as_str(), "httpVersion": "HTTP/1.1",
                "cookies": self.cookies.iter().map(|value| json!({"name": "c", "value": value})).collect::<Vec<_>>(),
                "headers": [{"name": "Cookie", "value": format!("c={}", self.cookies.join("; d="))}], "queryString": []});
            if let Some(body) = &hop.body {
                request["postData"] = json!({"mimeType": "application/x-www-form-urlencoded", "text": body});
            }
            json!({"startedDateTime": "2026-11-22T10:00:00.000Z", "time": 1, "request": request,
                "response": {"status": hop.status.as_u16(), "content": {"text": "<p>hemmelig side</p>"}}})
        });
        let entries: Vec<Value> = entries.collect();
        json!({"log": {"version": "1.2", "creator": {"name": "test"}, "entries": entries}})
    }

    /// As SAML-tracer exports it.
    fn traced(&self) -> Value {
        let requests = self.hops.iter().map(|hop| {
            let post: Vec<(String, String)> = url::form_urlencoded::parse(hop.body.as_deref().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
            json!({"method": hop.method.as_str(), "url": hop.url.as_str(), "requestId": "1", "post": post, "get": [],
                "requestHeaders": [{"name": "Cookie", "value": self.cookies.join("; ")}], "responseHeaders": [],
                "responseStatus": hop.status.as_u16(), "protocol": "SAML-P"})
        });
        let requests: Vec<Value> = requests.collect();
        json!({"requests": requests, "timestamp": "2026-11-22T10:00:00.000Z"})
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let certs = Path::new(env!("CARGO_MANIFEST_DIR")).join("certs");
        let key = |name: &str| certs.join(format!("{name}.key.pem")).display().to_string();
        Command::new(env!("CARGO_BIN_EXE_vejviser"))
            .arg("calibrate")
            .args([
                "--key",
                &key("hub"),
                "--key",
                &key("sagssystem"),
                "--key",
                &key("borgerportal"),
            ])
            .args(arguments)
            .current_dir(&self.folder)
            .output()
            .unwrap()
    }

    /// With the registry, from a file of the capture.
    fn calibrate(&self, file: &str) -> (i32, Value) {
        told(&self.run(&["--config", "federation.toml", file]))
    }
}

fn told(output: &Output) -> (i32, Value) {
    let json = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), json)
}

fn proposals(told: &Value) -> Vec<String> {
    let list = told["proposals"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list.map(|p| format!("{} = {}", text(&p["setting"]), text(&p["value"])))
        .collect()
}

/// Every setting that changes a message, with a login in which it does.
const SETTINGS: &[(&str, Case)] = &[
    (
        "from-two",
        Case {
            setting: "multipleauthn_from = \"2\"",
            parties: &[NIST_2],
            ..ADFS
        },
    ),
    (
        "level-exact",
        Case {
            setting: "level_comparison = \"exact\"",
            ..PLAIN
        },
    ),
    (
        "level-none",
        Case {
            setting: "level_comparison = \"none\"",
            ..PLAIN
        },
    ),
    (
        "multi-exact",
        Case {
            setting: "multipleauthn_comparison = \"exact\"",
            ..ADFS
        },
    ),
    (
        "multi-minimum",
        Case {
            setting: "multipleauthn_comparison = \"minimum\"",
            ..RELAY
        },
    ),
    (
        "template",
        Case {
            setting: "relay_state_template = \"loa:{level}|{handle}\"",
            ..RELAY
        },
    ),
    (
        "words",
        Case {
            setting: "relay_state_words = \"english\"",
            ..RELAY
        },
    ),
    (
        "conditions",
        Case {
            setting: "request_conditions = true",
            ..PLAIN
        },
    ),
    (
        "requester",
        Case {
            setting: "requester_id = \"service_provider_cvr_app\"",
            ..PLAIN
        },
    ),
    (
        "registered-only",
        Case {
            setting: "requested_level = \"registered_only\"",
            parties: &[NIST_2],
            wishes: "?niveau=3",
            ..PLAIN
        },
    ),
    (
        "nsis-ask",
        Case {
            setting: "nsis_need_at_oiosaml2_idp = \"ask\"",
            system: "borgerportal",
            ..ADFS
        },
    ),
    (
        "under-assured",
        Case {
            setting: "under_assured_logins = false",
            parties: &[ASKS_NOTHING],
            person: "erik",
            ..ADFS
        },
    ),
    (
        "no-level",
        Case {
            setting: "assurance_level_for_oiosaml3 = false",
            parties: &[NIST_NEED],
            system: "borgerportal",
            person: "carla",
            ..PLAIN
        },
    ),
    (
        "idp-list",
        Case {
            setting: "honour_idp_list = false",
            wishes: "?idp={testrup}",
            ..PLAIN
        },
    ),
    (
        "authn-instant",
        Case {
            setting: "authn_instant = \"identity_provider\"",
            ..PLAIN
        },
    ),
];

#[tokio::test]
async fn each_setting_that_changes_a_message_is_named_with_its_value() {
    for (name, case) in SETTINGS {
        let captured = capture(name, *case).await;
        // The other form is read in the logins that do not differ.
        let (code, told) = captured.calibrate("login.har");
        assert_eq!(proposals(&told), [case.setting], "{name}: {told:#}");
        assert_eq!(code, 1, "{name}");
        assert_eq!(told["summary"]["unexplained"], 0, "{name}: {told:#}");
        assert_eq!(told["proposals"][0]["certain"], true, "{name}: {told:#}");
        let sha256 = told["captures"][0]["sha256"].as_str().unwrap();
        assert_eq!(told["proposals"][0]["captures"], json!([sha256]));
        let findings = told["findings"].as_array().unwrap();
        let by = json!([case.setting]);
        assert!(
            findings.iter().all(|finding| finding["explained_by"] == by),
            "{told:#}"
        );
    }
}

/// What calibrate prints can be put into the configuration, and then nothing is left to say.
#[tokio::test]
async fn what_is_printed_settles_the_matter() {
    let captured = capture(
        "pasted",
        Case {
            setting: "relay_state_words = \"english\"",
            ..RELAY
        },
    )
    .await;
    let (_, told) = captured.calibrate("login.har");
    let known = std::fs::read_to_string(captured.folder.join("federation.toml")).unwrap();
    let pasted = format!("{}\n{known}", told["toml"].as_str().unwrap());
    std::fs::write(captured.folder.join("settled.toml"), &pasted).unwrap();
    let (code, settled) = self::told(&captured.run(&["--config", "settled.toml", "login.har"]));
    assert_eq!((code, &settled["findings"]), (0, &json!([])), "{settled:#}");
    // A hub on this federation says of the rules that were seen that they were.
    let demo = Demo::start_on(&pasted).await;
    log_in(&demo, &mut Browser::new(), RELAY).await;
    let flow = demo.newest_flow().await;
    let decisions = flow["decisions"].as_array().unwrap();
    let source = |rule: &str| {
        let decision = decisions.iter().find(|decision| decision["rule"] == rule);
        decision
            .map(|decision| decision["source"].clone())
            .unwrap_or_default()
    };
    for seen in [
        "request-profile",
        "comparison",
        "relay-state",
        "issued-level",
    ] {
        assert_eq!(source(seen), "observed", "{seen}: {flow:#}");
    }
    assert_eq!(source("idp-choice/chooser"), "confirmed");
    // What was seen for one input is not seen for another.
    log_in(&demo, &mut Browser::new(), PLAIN).await;
    let flow = demo.newest_flow().await;
    let comparison = flow["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|decision| decision["rule"] == "comparison");
    assert_eq!(comparison.unwrap()["source"], "setting");
}

#[tokio::test]
async fn a_hub_with_the_same_settings_does_not_differ() {
    let cases: &[(&str, Case)] = &[
        ("same-plain", PLAIN),
        (
            "same-forced",
            Case {
                wishes: "?force=1&niveau=3",
                ..PLAIN
            },
        ),
        (
            "same-nsis",
            Case {
                system: "borgerportal",
                ..PLAIN
            },
        ),
        ("same-adfs", ADFS),
        ("same-relay", RELAY),
        (
            "same-book",
            Case {
                idp: "testrup",
                person: "gert",
                ..PLAIN
            },
        ),
        (
            "same-refused",
            Case {
                system: "borgerportal",
                person: "bo",
                ..PLAIN
            },
        ),
        (
            "same-too-low",
            Case {
                idp: "provekobing-adfs",
                person: "erik",
                ..PLAIN
            },
        ),
        (
            "same-nobody-asked",
            Case {
                system: "borgerportal",
                ..ADFS
            },
        ),
        (
            "same-list",
            Case {
                wishes: "?idp={testrup}",
                idp: "testrup",
                person: "gert",
                ..PLAIN
            },
        ),
    ];
    for (name, case) in cases {
        let captured = capture(name, *case).await;
        for file in ["login.har", "login.json"] {
            let (code, told) = captured.calibrate(file);
            assert_eq!(
                (code, &told["findings"]),
                (0, &json!([])),
                "{name} {file}: {told:#}"
            );
            assert_eq!(told["proposals"], json!([]), "{name}");
        }
    }
}

/// Without the registry, by what the asker says or by trying everything.
#[tokio::test]
async fn what_nobody_says_is_tried() {
    let captured = capture(
        "unknown",
        Case {
            setting: "relay_state_words = \"english\"",
            ..RELAY
        },
    )
    .await;
    let (code, told) = self::told(&captured.run(&["login.har"]));
    assert_eq!(
        (code, proposals(&told)),
        (1, vec!["relay_state_words = \"english\"".to_owned()]),
        "{told:#}"
    );
    let fits = json!({"OIOSAML3_ADFS_RELAY_STATE": ["Substantial"]});
    assert_eq!(
        (
            &told["possible"][0]["profiles"],
            &told["possible"][0]["exactly"]
        ),
        (&fits, &json!(true)),
        "{told:#}"
    );
    // What the parties are registered as was not seen, so no rule of a registration counts as observed.
    let observed: Vec<_> = told["observed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["rule"].clone())
        .collect();
    assert_eq!(observed, ["comparison", "relay-state"]);
    let flags = [
        "--profile",
        "OIOSAML3_ADFS_RELAY_STATE",
        "--required-level",
        "Substantial",
        "--supports-scope",
        "false",
    ];
    let (_, told) = self::told(&captured.run(&[&flags[..], &["login.har"]].concat()));
    assert_eq!(proposals(&told), ["relay_state_words = \"english\""]);
    assert_eq!(told["possible"], json!([]));
    // As something that it is not.
    let (_, told) = self::told(&captured.run(&[
        "--profile",
        "OIOSAML3",
        "--required-level",
        "Substantial",
        "login.har",
    ]));
    assert!(
        told["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["id"] == "CAL-Q-016" && f["explained_by"] == json!([])),
        "{told:#}"
    );
    let (_, told) = self::told(&captured.run(&[
        "--profile",
        "OIOSAML3_ADFS_RELAY_STATE",
        "--required-level",
        "Substantial",
        "--supports-scope",
        "--",
        "login.har",
    ]));
    assert!(
        told["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["id"] == "CAL-Q-018"),
        "{told:#}"
    );
}

/// The messages of a capture as files of their own, in clear.
fn files(captured: &Captured) -> Vec<(String, String)> {
    use vejviser::dsig::{DecryptPolicy, DecryptionKey, decrypt};
    use vejviser::saml::binding::{decode_post, decode_redirect};
    use vejviser::xml::{Document, SAML};
    let keys: Vec<DecryptionKey> = ["hub", "sagssystem", "borgerportal"]
        .map(|name| {
            DecryptionKey::parse(config::pki::private_key(name).unwrap().as_bytes()).unwrap()
        })
        .into();
    let decoded = captured.hops.iter().filter_map(|hop| match &hop.body {
        Some(body) => decode_post(body.as_bytes()).ok(),
        None => decode_redirect(hop.url.query()?).ok(),
    });
    let clear = |xml: Vec<u8>| {
        let document = Document::parse(&xml).unwrap();
        let text = document.source().to_owned();
        let Some(encrypted) = document.root().child(SAML, "EncryptedAssertion") else {
            return text;
        };
        let opened = decrypt(encrypted, &keys, DecryptPolicy::CbcToo).unwrap();
        let (start, end) = (
            text.find("<saml:EncryptedAssertion").unwrap(),
            text.find("</saml:EncryptedAssertion>").unwrap(),
        );
        format!(
            "{}{}{}",
            &text[..start],
            opened.document.source(),
            &text[end + "</saml:EncryptedAssertion>".len()..]
        )
    };
    decoded
        .enumerate()
        .map(|(at, decoded)| (format!("{at}.xml"), clear(decoded.xml)))
        .collect()
}

fn run_files(captured: &Captured, files: &[(String, String)], config: &str) -> (i32, Value) {
    for (name, text) in files {
        std::fs::write(captured.folder.join(name), text).unwrap();
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    told(&captured.run(&[&["--config", config][..], &names].concat()))
}

/// The two settings that no demo can show, because its identity providers name their users and sign their refusals: the
/// messages of a login are changed by hand. That breaks signatures, which calibrate does not verify: nobody's key is at
/// hand.
#[tokio::test]
async fn settings_of_what_an_idp_answers_are_named_too() {
    let captured = capture(
        "by-hand",
        Case {
            idp: "testrup",
            person: "gert",
            ..PLAIN
        },
    )
    .await;
    let x509 = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName";
    let persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    let mut named: Vec<(String, String)> = files(&captured);
    assert_eq!(named.len(), 4);
    let (code, told) = run_files(&captured, &named, "federation.toml");
    assert_eq!(code, 1, "in clear: {told:#}");
    let ids: Vec<_> = told["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["id"].clone())
        .collect();
    assert_eq!(
        ids,
        ["CAL-R-014"],
        "a message in a file has no binding: {told:#}"
    );
    for (_, text) in &mut named {
        *text = text.replace(x509, persistent);
    }
    let (_, told) = run_files(&captured, &named, "federation.toml");
    assert_eq!(
        proposals(&told),
        ["require_x509_subject_name = false"],
        "{told:#}"
    );

    let captured = capture(
        "unsigned",
        Case {
            // AD FS does not know the levels, and says so before it asks anybody.
            parties: &[("\"OIOSAML2_ADFS_MULTIPLEAUTHN\"", "\"OIOSAML2\"")],
            ..ADFS
        },
    )
    .await;
    let mut unsigned = files(&captured);
    let answer = &mut unsigned[2].1;
    let (start, end) = (
        answer.find("<ds:Signature").unwrap(),
        answer.find("</ds:Signature>").unwrap(),
    );
    answer.replace_range(start..end + "</ds:Signature>".len(), "");
    let known = std::fs::read_to_string(captured.folder.join("federation.toml")).unwrap();
    std::fs::write(
        captured.folder.join("strict.toml"),
        format!("{known}\n[settings]\nunsigned_status = false\n"),
    )
    .unwrap();
    let (_, told) = run_files(&captured, &unsigned, "strict.toml");
    assert_eq!(proposals(&told), ["unsigned_status = true"], "{told:#}");
    let (code, told) = run_files(&captured, &unsigned, "federation.toml");
    assert_eq!(code, 0, "{told:#}");
    assert!(
        told["observed"]
            .as_array()
            .unwrap()
            .iter()
            .any(|o| o["rule"] == "unsigned-status"),
        "{told:#}"
    );
}

/// Of people, and of what keeps a browser logged in, nothing is told in any form.
#[tokio::test]
async fn nobody_is_named() {
    let captured = capture(
        "masked",
        Case {
            setting: "request_conditions = true",
            ..PLAIN
        },
    )
    .await;
    let mut messages = files(&captured);
    let person = [
        "Anna Eksempel",
        "anna@eksempelstrup.example",
        "a0000000-0000-4000-8000-000000000001",
    ];
    assert!(
        person.iter().all(|secret| messages[2].1.contains(secret)),
        "{}",
        messages[2].1
    );
    // A CPR number where it belongs, and where it does not; a password in a form, a token in an address.
    for (_, text) in &mut messages {
        *text = text.replace("</saml:AttributeStatement>", "<saml:Attribute Name=\"dk:gov:saml:attribute:CprNumberIdentifier\"><saml:AttributeValue>0101701234</saml:AttributeValue></saml:Attribute><saml:Attribute Name=\"http://x.example/020280-4321\"><saml:AttributeValue>Anna E.</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>");
        *text = text.replace(
            "<saml:Issuer>",
            "<saml:Issuer Format=\"mailto:bo@privat.example\">",
        );
    }
    for (name, text) in &messages {
        std::fs::write(captured.folder.join(name), text).unwrap();
    }
    let mut har = captured.har();
    let entry = json!({"request": {"method": "POST", "url": "https://idp.example/login?session=HEMMELIG99", "cookies": [],
        "postData": {"text": "user=anna&password=Kodeord123&SAMLResponse=x", "params": []}}});
    har["log"]["entries"].as_array_mut().unwrap().push(entry);
    std::fs::write(captured.folder.join("more.har"), har.to_string()).unwrap();
    let values = |text: &str, name: &str| -> Vec<String> {
        text.split(&format!("{name}=\""))
            .skip(1)
            .filter_map(|rest| Some(rest.split('"').next()?.to_owned()))
            .collect()
    };
    let mut secrets: Vec<String> = [
        "0101701234",
        "020280-4321",
        "Anna E.",
        "bo@privat",
        "Kodeord123",
        "HEMMELIG99",
        "hemmelig side",
    ]
    .into_iter()
    .chain(person)
    .map(str::to_owned)
    .collect();
    secrets.extend(captured.cookies.iter().cloned());
    assert!(
        captured.cookies.len() >= 2,
        "cookies: {:?}",
        captured.cookies
    );
    for (_, text) in &messages {
        for name in ["ID", "InResponseTo", "SessionIndex"] {
            secrets.extend(values(text, name));
        }
    }
    let relay = captured.hops.iter().filter_map(|hop| {
        let text = hop.body.clone().or(hop.url.query().map(str::to_owned))?;
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(text.as_bytes())
            .into_owned()
            .collect();
        pairs
            .into_iter()
            .find(|(name, _)| name == "RelayState")
            .map(|(_, value)| value)
    });
    secrets.extend(relay);
    assert!(secrets.len() > 15, "{secrets:?}");
    let all = ["more.har", "login.json", "0.xml", "1.xml", "2.xml", "3.xml"];
    // With everything that is known, and with nothing: each in one of the forms.
    let known = [
        &[
            "--config",
            "federation.toml",
            "--format",
            "json",
            "--output",
            "human=out.txt",
        ][..],
        &all,
    ]
    .concat();
    let unknown = ["--format", "human", "--output", "json=out.txt", "more.har"];
    for arguments in [&known[..], &unknown] {
        let output = captured.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(1),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let mut told = String::from_utf8(output.stdout).unwrap();
        told.push_str(&String::from_utf8(output.stderr).unwrap());
        told.push_str(&std::fs::read_to_string(captured.folder.join("out.txt")).unwrap());
        for secret in &secrets {
            assert!(!told.contains(secret.as_str()), "{secret} is told:\n{told}");
        }
    }
}

#[tokio::test]
async fn forms_and_bad_input() {
    let captured = capture(
        "forms",
        Case {
            setting: "request_conditions = true",
            ..PLAIN
        },
    )
    .await;
    let human = captured.run(&[
        "--config",
        "federation.toml",
        "--format",
        "human",
        "login.har",
    ]);
    let text = String::from_utf8(human.stdout).unwrap();
    for line in [
        "forklares af / explained by: request_conditions = true",
        "[settings]",
        "fundet / found:",
        "CAL-Q-015",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let folder = &captured.folder;
    for (name, bytes) in [
        ("empty.har", &b"{\"log\":{\"entries\":[]}}"[..]),
        ("cut.har", b"{\"log\":{\"entries\":["),
        ("other.json", b"{}"),
        ("words.txt", b"hello there"),
    ] {
        std::fs::write(folder.join(name), bytes).unwrap();
        let output = captured.run(&[name]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(4), 0),
            "{name}: {told}"
        );
        assert!(told.contains(name), "{told}");
    }
    for arguments in [
        &["nowhere.har"][..],
        &[],
        &["--profile", "OIOSAML4", "login.har"],
        &["--required-level", "5", "login.har"],
        &["--key", "nowhere.pem", "login.har"],
        &["--config", "nowhere.toml", "login.har"],
    ] {
        let output = captured.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    std::fs::write(folder.join("wrong.toml"), "[settings]\nno_such = 1\n").unwrap();
    assert_eq!(
        captured
            .run(&["--config", "wrong.toml", "login.har"])
            .status
            .code(),
        Some(3)
    );
    // No difference in what could be read says nothing of the rest.
    let mut same = captured.har();
    let broken = json!({"request": {"method": "GET", "url": "https://h.example/?SAMLRequest=x"}});
    same["log"]["entries"].as_array_mut().unwrap().push(broken);
    std::fs::write(folder.join("part.har"), same.to_string()).unwrap();
    let known = std::fs::read_to_string(folder.join("federation.toml")).unwrap();
    let settings = "[settings]\nrequest_conditions = true\n";
    std::fs::write(folder.join("settled.toml"), format!("{known}\n{settings}")).unwrap();
    for (config, file, expected) in [
        ("settled.toml", "login.har", 0),
        ("settled.toml", "part.har", 4),
        ("federation.toml", "part.har", 1),
    ] {
        let (code, told) = self::told(&captured.run(&["--config", config, file]));
        assert_eq!(code, expected, "{config} {file}: {told:#}");
    }
    // A message in each form in which people have it.
    let address = captured
        .hops
        .iter()
        .find(|hop| hop.url.path() == "/sso")
        .unwrap();
    std::fs::write(folder.join("address.txt"), address.url.as_str()).unwrap();
    let (_, told) = self::told(&captured.run(&["--config", "federation.toml", "address.txt"]));
    assert_eq!(proposals(&told), ["request_conditions = true"], "{told:#}");
    let answer = captured
        .hops
        .iter()
        .rfind(|hop| hop.body.is_some())
        .unwrap();
    std::fs::write(folder.join("form.txt"), answer.body.as_deref().unwrap()).unwrap();
    let (_, told) =
        self::told(&captured.run(&["--config", "federation.toml", "address.txt", "form.txt"]));
    assert_eq!(told["captures"].as_array().unwrap().len(), 2);
    assert_eq!(proposals(&told), ["request_conditions = true"], "{told:#}");
}

/// The public samples of 2015 and 2023, read in place. They are no captures: signatures were made before the text was
/// laid out, and nobody says how the parties were registered.
#[test]
fn the_public_samples_differ_in_what_is_stated_here() {
    let Some(folder) = crate::support::shared("spec/messages") else {
        return;
    };
    let run = |files: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_vejviser"))
            .args(["calibrate", "--format", "json"])
            .args(files)
            .current_dir(&folder)
            .output()
            .unwrap();
        let (_, told) = told(&output);
        let ids: Vec<String> = told["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["id"].as_str().unwrap().to_owned())
            .collect();
        (ids, proposals(&told), told)
    };
    // 2015, to an AD FS: by POST, SHA-1, no AssertionConsumerService, no level, the old RequesterID.
    let (ids, proposals, told) = run(&["AuthnRequestContextHandlerToIdP.xml"]);
    assert_eq!(
        ids,
        [
            "CAL-Q-002",
            "CAL-Q-003",
            "CAL-Q-006",
            "CAL-Q-011",
            "CAL-Q-012",
            "CAL-Q-015",
            "CAL-Q-018"
        ],
        "{told:#}"
    );
    assert_eq!(
        proposals,
        [
            "request_conditions = true",
            "requester_id = \"service_provider_cvr_app\""
        ],
        "{told:#}"
    );
    // 2023, a pair: seven digits of a second, and Consent. Roles are not compared: they are masked.
    let (ids, proposals, told) = run(&[
        "AssertionIdPToContextHandler2_Substantial.xml",
        "AssertionContextHandler2ToBrugervendtSystem_Substantial.xml",
    ]);
    assert_eq!(ids, ["CAL-R-007", "CAL-R-012"], "{told:#}");
    assert_eq!(proposals, [""; 0]);
    let same: Vec<&str> = told["same"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    for id in [
        "CAL-R-002",
        "CAL-R-003",
        "CAL-A-005",
        "CAL-A-007",
        "CAL-A-008",
        "CAL-A-011",
        "CAL-A-014",
        "CAL-A-015",
        "CAL-A-016",
        "CAL-A-017",
        "CAL-A-021",
        "CAL-A-028",
    ] {
        assert!(same.contains(&id), "{id}: {told:#}");
    }
    // Logout of 2015: we send none yet, so only the form is compared.
    for file in [
        "LogoutRequestContextHandlerToIdP.xml",
        "LogoutResponseContextHandlerToBrugervendtsystem.xml",
    ] {
        assert_eq!(run(&[file]).0, ["CAL-L-002", "CAL-L-003"]);
    }
    // What came to the hub is no matter of the hub's rules.
    for file in [
        "AssertionIdPToContextHandler.xml",
        "AuthnRequestBrugervendtSystemToContextHandler.xml",
        "LogoutResponseIdpToContextHandler.xml",
    ] {
        assert_eq!(run(&[file]).0, [""; 0]);
    }
}

/// The rules that `[[observed]]` may name are those that decide.
#[test]
fn every_rule_that_decides_can_be_observed() {
    use vejviser::hub::trace::RULES;
    let mut named = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/hub")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let calls = text.split(".decide(").skip(1);
                let rules = calls.filter_map(|rest| {
                    rest.trim_start()
                        .strip_prefix('"')?
                        .split('"')
                        .next()
                        .map(str::to_owned)
                });
                named.extend(rules);
            }
        }
    }
    named.sort();
    named.dedup();
    // The real hub has no trials and no faults.
    named.retain(|rule| rule.rsplit('/').next() != Some("trial") && rule != "fault");
    let mut known: Vec<&str> = RULES.to_vec();
    known.sort_unstable();
    assert_eq!(named, known);
}

/// README's commands, in a folder with what they name.
#[tokio::test]
async fn what_readme_says_runs() {
    let captured = capture("readme", RELAY).await;
    let key = config::pki::private_key("borgerportal").unwrap();
    std::fs::write(captured.folder.join("system.key.pem"), key).unwrap();
    let lines: Vec<&str> = include_str!("../README.md")
        .lines()
        .filter_map(|line| line.strip_prefix("target/release/vejviser calibrate "))
        .collect();
    assert_eq!(lines.len(), 3);
    for line in lines {
        let output = Command::new(env!("CARGO_BIN_EXE_vejviser"))
            .arg("calibrate")
            .args(line.split(' '))
            .current_dir(&captured.folder)
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{line}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert!(captured.folder.join("calibration.json").exists());
}
