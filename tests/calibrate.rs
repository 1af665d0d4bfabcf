//! `vejviser calibrate`: captures of a second hub with other settings are explained by exactly those settings; of people
//! nothing is told.

use crate::support::demo::{Demo, Went, went};
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
        let mut text = config::SAMPLE.to_owned();
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
        for file in ["login.har", "login.json"] {
            let (code, told) = captured.calibrate(file);
            assert_eq!(proposals(&told), [case.setting], "{name} {file}: {told:#}");
            assert_eq!(code, 1, "{name}");
            assert_eq!(told["summary"]["unexplained"], 0, "{name}: {told:#}");
            assert_eq!(told["proposals"][0]["certain"], true, "{name}: {told:#}");
            let sha256 = told["captures"][0]["sha256"].as_str().unwrap();
            assert_eq!(told["proposals"][0]["captures"], json!([sha256]));
            assert!(
                told["findings"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|finding| finding["explained_by"] == json!([case.setting])),
                "{told:#}"
            );
        }
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
