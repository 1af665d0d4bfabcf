//! Case text and case bundle: what is handed on of a flow.

use crate::support::demo::{Demo, Went};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use time::OffsetDateTime;
use vejviser::drill::Browser;
use vejviser::edge::journal::{Note, Visit};
use vejviser::hub::trace::{Direction, Exchange, Finding, Leg, Source, Told};
use vejviser::hub::{Check, FlowId, Refusal, Report, RowOutcome, Trace};
use vejviser::saml::Binding;

/// The files of a bundle by name.
pub fn unpacked(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

/// What the management listener answers, as bytes.
pub async fn download(demo: &Demo, path: &str) -> (u16, Vec<u8>) {
    let (port, path) = (demo.manage, path.to_owned());
    let got = tokio::task::spawn_blocking(move || {
        use std::io::Write as _;
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        all
    });
    let all = got.await.unwrap();
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    assert!(
        !head.to_ascii_lowercase().contains("transfer-encoding"),
        "{head}"
    );
    (status, all[end + 4..].to_vec())
}

async fn bundle(demo: &Demo, id: &str, form: &str) -> Vec<u8> {
    let (status, bytes) = download(demo, &format!("/api/v1/flows/{id}/bundle?form={form}")).await;
    assert_eq!(status, 200);
    bytes
}

fn json(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Value {
    serde_json::from_slice(&files[name]).unwrap()
}

/// Every value of a JSON text that is no list and no object.
fn leaves<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| leaves(one, found)),
        Value::Object(all) => all.values().for_each(|one| leaves(one, found)),
        leaf => found.push(leaf),
    }
}

#[tokio::test]
async fn the_file_has_what_the_screen_shows() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    let went = demo
        .log_in(&mut browser, "sagssystem", "eksempelstrup", "anna")
        .await;
    assert!(matches!(went, Went::In(_)), "{went:?}");
    let shown = demo.newest_flow().await;
    let id = shown["id"].as_str().unwrap();
    let files = unpacked(&bundle(&demo, id, "plain").await);
    let file = json(&files, "flow.json");
    assert_eq!(
        (file["format"].as_str(), file["version"].as_u64()),
        (Some("vejviser-flow"), Some(1))
    );
    let mut there = Vec::new();
    leaves(&file, &mut there);
    let mut here = Vec::new();
    leaves(&shown, &mut here);
    assert!(here.len() > 100);
    for value in here {
        assert!(
            there.contains(&value),
            "the screen shows {value}, the file does not"
        );
    }
    let content = &file["flow"]["content"];
    let count = |value: &Value| value.as_array().unwrap().len();
    let exchanges = shown["exchanges"].as_array().unwrap();
    assert_eq!(count(&content["exchanges"]), exchanges.len());
    assert_eq!(count(&content["decisions"]), count(&shown["decisions"]));
    let checks: usize = exchanges.iter().map(|one| count(&one["checks"])).sum();
    let lines = |name: &str| {
        String::from_utf8(files[name].clone())
            .unwrap()
            .matches("\r\n")
            .count()
    };
    assert_eq!(lines("checks.csv"), checks + 1);
    assert_eq!(lines("decisions.csv"), count(&shown["decisions"]) + 1);
    for (number, one) in exchanges.iter().enumerate() {
        let begins = format!("messages/{:02}-", number + 1);
        let of = |end: &str| {
            files.iter().find(|(name, _)| {
                name.starts_with(&begins)
                    && name.ends_with(end)
                    && (end != ".xml" || !name.contains("-decrypted"))
            })
        };
        let same = |end: &str, value: &Value| {
            let file = of(end).map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap());
            assert_eq!(file.as_deref(), value.as_str(), "{begins}{end}");
        };
        same(".xml", &one["xml"]);
        same("-decrypted.xml", &one["decrypted"]);
        same("-query.txt", &one["query"]);
    }
    let environment = json(&files, "environment.json");
    assert_eq!(environment["system"]["entity_id"], shown["system"]);
    assert_eq!(environment["identity_provider"]["entity_id"], shown["idp"]);
    assert_eq!(environment["settings"]["remembered_choice"], "Ch2");
    assert!(
        environment["settings"]["roles.no_roles"].is_string(),
        "{environment}"
    );
    for (name, bytes) in &files {
        let name = name.as_str();
        if name == "README.txt" || name == "LÆS-MIG.txt" {
            continue;
        }
        let hash: String = openssl::sha::sha256(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        for read_me in ["README.txt", "LÆS-MIG.txt"] {
            let text = String::from_utf8(files[read_me].clone()).unwrap();
            assert!(
                text.contains(&format!("{hash}  {name}")),
                "{read_me} {name}"
            );
        }
    }
}

#[tokio::test]
async fn the_same_flow_gives_the_same_bytes_on_page_and_api() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    demo.log_in(&mut browser, "sagssystem", "eksempelstrup", "anna")
        .await;
    let id = demo.newest_flow().await["id"].as_str().unwrap().to_owned();
    for form in ["masked", "hashed", "plain"] {
        let api = bundle(&demo, &id, form).await;
        let page = download(&demo, &format!("/forloeb/{id}/sagspakke.zip?form={form}")).await;
        assert!(page == (200, api.clone()), "{form}");
        assert!(api == bundle(&demo, &id, form).await, "{form}");
    }
    let plain = download(&demo, &format!("/forloeb/{id}/sagspakke.zip")).await;
    assert_eq!(plain.1, bundle(&demo, &id, "masked").await);
    let path = |rest: &str| format!("/api/v1/flows/{rest}");
    assert_eq!(
        download(&demo, &path(&format!("{id}/bundle?form=raw")))
            .await
            .0,
        400
    );
    let other = path("00000000000000000000000000/bundle");
    assert_eq!(download(&demo, &other).await.0, 404);
    let (_, text) = download(&demo, &format!("/forloeb/{id}/sag.txt?lang=en")).await;
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.starts_with(&format!("A login to look into: {id}\n")),
        "{text}"
    );
    let (_, text) = download(&demo, &format!("/forloeb/{id}/sag.txt?lang=da")).await;
    assert!(
        String::from_utf8(text)
            .unwrap()
            .starts_with("Login, der skal undersøges: ")
    );
}

/// What must not be found. Each is one word, so that nothing is split.
const PLANTED: [&str; 7] = [
    "0101709995",
    "010170-9995",
    "Plantesen",
    "plantesen@kommune.example",
    "9d3f0c1e-1111-4222-8333-44445555aaaa",
    "192.0.2.77",
    "Hemmelighed77",
];

fn response(all: &str) -> String {
    let privileges = STANDARD.encode(format!(
        "<bpp:PrivilegeList xmlns:bpp=\"http://itst.dk/oiosaml/basic_privilege_profile\">\
         <PrivilegeGroup Scope=\"urn:dk:gov:saml:cprNumberIdentifier:0101709995\"><Privilege>http://x/{all}</Privilege>\
         <Constraint Name=\"http://x/{all}\">{all}</Constraint></PrivilegeGroup></bpp:PrivilegeList>"
    ));
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_Hemmelighed77\" Version=\"2.0\" \
         IssueInstant=\"2026-11-22T10:00:00Z\" Destination=\"https://hub.example/?{all}\" Consent=\"{all}\">\
         <saml:Issuer>https://idp.example<!-- {all} --></saml:Issuer>\
         <samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"/>\
         <samlp:StatusMessage>AADSTS75011 {all}</samlp:StatusMessage>\
         <samlp:StatusDetail><x>{all}</x></samlp:StatusDetail></samlp:Status>\
         <saml:Assertion ID=\"_a\" Version=\"2.0\" IssueInstant=\"2026-11-22T10:00:00Z\">\
         <saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName\">\
         C=DK,O=22222222,CN=Per Plantesen,Serial=9d3f0c1e-1111-4222-8333-44445555aaaa</saml:NameID></saml:Subject>\
         <saml:AttributeStatement><saml:Attribute Name=\"https://data.gov.dk/model/core/eid/cprNumber\">\
         <saml:AttributeValue>0101709995</saml:AttributeValue></saml:Attribute>\
         <saml:Attribute Name=\"other\"><saml:AttributeValue>{all}</saml:AttributeValue></saml:Attribute>\
         <saml:Attribute Name=\"https://data.gov.dk/model/core/eid/privilegesIntermediate\">\
         <saml:AttributeValue>{privileges}</saml:AttributeValue></saml:Attribute>\
         </saml:AttributeStatement></saml:Assertion></samlp:Response>"
    )
}

/// A flow in which everything says everything.
fn planted(demo: &Demo) -> FlowId {
    let all = PLANTED.join(" ");
    let now = OffsetDateTime::from_unix_timestamp(1_795_000_000).unwrap();
    let xml = response(&all);
    let mut report = Report::default();
    report.add(
        Check::ResponseStatus,
        RowOutcome::Fail,
        format!("Responder «{all}»"),
        all.clone(),
    );
    report.add(
        Check::SubjectNamed,
        RowOutcome::Fail,
        format!("CN = Per Plantesen, {all}"),
        "one CN",
    );
    let mut trace = Trace::default();
    for (leg, direction) in [
        (Leg::System, Direction::In),
        (Leg::IdentityProvider, Direction::In),
    ] {
        trace.exchanges.push(
            Exchange {
                at: now,
                leg,
                direction,
                kind: "Response".to_owned(),
                binding: Binding::Redirect,
                peer: Some(format!("https://{}", PLANTED[2])),
                xml: xml.clone(),
                decrypted: Some(xml.clone()),
                relay_state: Some(all.clone()),
                query: Some(format!(
                    "SAMLResponse={}&RelayState={all}&x={all}",
                    STANDARD.encode(&xml)
                )),
                checks: Vec::new(),
            }
            .judged(&report),
        );
    }
    trace.exchanges.push(Exchange {
        xml: format!("not XML: {all}"),
        kind: format!("Kind{}", PLANTED[2]),
        ..trace.exchanges[0].clone()
    });
    trace.decide(
        "relay-state",
        all.clone(),
        format!("to {all}"),
        Source::Setting,
    );
    let id = FlowId::from_random([7; 16]);
    let header = |name: &str| (name.to_owned(), format!("x {all}"));
    demo.app.journal.note(
        &id,
        Note {
            trace,
            system: Some(format!("https://{}/", PLANTED[2])),
            idp: Some(demo.entity_id("eksempelstrup")),
            visit: Some(Visit {
                at: now,
                method: "POST".to_owned(),
                path: format!("/u/{}/{}", PLANTED[0], PLANTED[2]),
                headers: vec![
                    header("user-agent"),
                    header("referer"),
                    header("x-forwarded-for"),
                    header(PLANTED[2]),
                ],
                cookies: vec![all.clone(), format!("sid-{}", PLANTED[6])],
                status: 302,
                set_cookies: vec![format!("{}=1; Path=/", PLANTED[6])],
                location: Some(format!("https://idp.example/{}/{}", PLANTED[2], PLANTED[4])),
            }),
            told: Some(Told {
                at: now,
                by: Leg::IdentityProvider,
                findings: vec![Finding {
                    id: format!("x-{}", PLANTED[6]),
                    found: all.clone(),
                    expected: all,
                }],
            }),
            ended: Some(vejviser::hub::acs::Outcome::Refused(Refusal::of(
                Check::ResponseStatus,
            ))),
            ..Note::default()
        },
    );
    id
}

/// The text, and what is base64 in it, once and twice.
fn opened(text: &str, depth: usize) -> Vec<String> {
    let mut all = vec![text.to_lowercase()];
    if depth == 0 {
        return all;
    }
    for run in text.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=%".contains(c))) {
        let bytes = STANDARD.decode(run).unwrap_or_default();
        let mut inflated = Vec::new();
        let _ = flate2::read::DeflateDecoder::new(&*bytes)
            .take(1 << 20)
            .read_to_end(&mut inflated);
        for inner in [bytes, inflated] {
            if inner.len() >= 4 {
                all.extend(opened(&String::from_utf8_lossy(&inner), depth - 1));
            }
        }
    }
    all
}

#[tokio::test]
async fn nobody_is_in_a_masked_bundle() {
    let demo = Demo::start().await;
    let id = planted(&demo).to_string();
    for form in ["masked", "hashed"] {
        for (name, bytes) in unpacked(&bundle(&demo, &id, form).await) {
            let text = String::from_utf8(bytes).unwrap();
            for text in opened(&text, 2).iter().chain([&name.to_lowercase()]) {
                for word in PLANTED {
                    assert!(
                        !text.contains(&word.to_lowercase()),
                        "{form} {name}: {word} in\n{text}"
                    );
                }
            }
        }
    }
    let (_, text) = download(&demo, &format!("/forloeb/{id}/sag.txt")).await;
    let text = String::from_utf8(text).unwrap();
    assert!(PLANTED.iter().all(|word| !text.contains(word)), "{text}");
    // What helps is there all the same.
    assert!(text.contains("AADSTS75011"), "{text}");
    let plain = unpacked(&bundle(&demo, &id, "plain").await);
    let plain = String::from_utf8(plain["flow.json"].clone()).unwrap();
    assert!(PLANTED.iter().all(|word| plain.contains(word)));
}

#[tokio::test]
async fn a_hash_is_of_one_hub_and_one_flow() {
    let (one, two) = (Demo::start().await, Demo::start().await);
    let id = planted(&one).to_string();
    assert_eq!(planted(&two).to_string(), id);
    let of = async |demo: &Demo| unpacked(&bundle(demo, &id, "hashed").await)["flow.json"].clone();
    let (first, second) = (of(&one).await, of(&two).await);
    assert_ne!(first, second);
    let text = String::from_utf8(first).unwrap();
    assert!(
        text.contains("CN=Person ") && text.contains("masked-"),
        "{text}"
    );
}

/// The text with what is another in every run replaced.
async fn golden(demo: &Demo, language: &str) -> String {
    let flow = demo.newest_flow().await;
    let id = flow["id"].as_str().unwrap().to_owned();
    let path = format!("/forloeb/{id}/sag.txt?lang={language}");
    let text = String::from_utf8(download(demo, &path).await.1).unwrap();
    assert!(text.lines().count() <= 40, "{text}");
    let text = text
        .replace(&id, "ID")
        .replace(&demo.public_url()[20..], ":PORT");
    let version = format!("Vejviser {}", env!("CARGO_PKG_VERSION"));
    let lines = text.replace(&version, "Vejviser VERSION");
    // What the verdict says is the verdict's business.
    let verdict = &flow["verdict"];
    let said = |name: &str| verdict[name].as_str().unwrap_or("?").to_owned();
    let lines = match language {
        "da" => lines
            .replace(&said("what_da"), "WHAT")
            .replace(&said("remedy_da"), "REMEDY"),
        _ => lines
            .replace(&said("what_en"), "WHAT")
            .replace(&said("remedy_en"), "REMEDY"),
    };
    let lines = lines.replace(&format!(" {}\n", said("cause")), " CAUSE\n");
    let lines = lines.lines().map(|line| {
        let digits = |c: char| if c.is_ascii_digit() { '0' } else { c };
        match line.contains(" UTC (") {
            true => line.chars().map(digits).collect(),
            false => line.replace("relay-state-1", "relay-state-2"),
        }
    });
    lines.collect::<Vec<String>>().join("\n") + "\n"
}

#[tokio::test]
async fn the_text_says_who_must_act_and_what_shows_it() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    demo.log_in(&mut browser, "sagssystem", "eksempelstrup", "bo")
        .await;
    for (language, expected) in [
        ("da", include_str!("../fixtures/golden/case.da.txt")),
        ("en", include_str!("../fixtures/golden/case.en.txt")),
    ] {
        let text = golden(&demo, language).await;
        assert!(text == expected, "{text}");
    }
}

/// What a municipality has registered is its own to change: the page and the text say so by name, and say the same.
#[tokio::test]
async fn the_one_who_must_act_is_named_the_same_on_the_page_and_in_the_text() {
    let demo = Demo::start().await;
    demo.log_in(
        &mut Browser::new(),
        "borgerportal",
        "provekobing-adfs",
        "dorte",
    )
    .await;
    let flow = demo.newest_flow().await;
    assert_eq!(flow["verdict"]["cause"], "nsis-at-oiosaml2-idp");
    let id = flow["id"].as_str().unwrap();
    for path in [
        format!("/forloeb/{id}?lang=en"),
        format!("/forloeb/{id}/sag.txt?lang=en"),
    ] {
        let page = demo.manage(&path).await.body;
        for said in [
            "Prøvekøbing Kommune – Whoever registers the parties in the hub",
            "the servicedesk of Prøvekøbing Kommune",
        ] {
            assert!(page.contains(said), "{said} in {page}");
        }
    }
}
