//! The interface as its description has it, and what it refuses.

use super::{Api, in_path, metadata};
use crate::support::demo::Demo;
use crate::support::shared;
use serde_json::{Value as Json, json};

#[tokio::test]
async fn every_operation_of_the_description_is_served() {
    let Some(file) = shared("spec/CH.json") else {
        return;
    };
    let spec: Json = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let api = Api::of(&Demo::start().await);
    let mut count = 0;
    for (path, operations) in spec["paths"].as_object().unwrap() {
        let segments = path.split('/').map(|part| match part.strip_prefix('{') {
            Some(_) if path.starts_with("/Users") => "nobody".to_owned(),
            Some(_) => in_path("https://nobody.example/entity"),
            None => part.to_owned(),
        });
        let asked = segments.collect::<Vec<_>>().join("/");
        for (method, operation) in operations.as_object().unwrap() {
            let parameters = operation["parameters"].as_array();
            let mut parameters = parameters.into_iter().flatten();
            let has_body = parameters.any(|parameter| parameter["in"] == "body");
            let body = has_body.then(|| json!({}));
            let method = method.to_uppercase();
            let answer = api.ask(&method, &asked, body.as_ref()).await;
            let of_object = !answer.details().is_empty();
            let known = match answer.status {
                200 => true,
                400 | 404 => of_object && answer.body["version"] == "2.0",
                _ => false,
            };
            assert!(known, "{method} {path}: {answer:?}");
            let documented = &operation["responses"][answer.status.to_string()];
            assert!(documented.is_object(), "{method} {path}: {answer:?}");
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
    let unknown = api.ask("GET", "/Users/a/b", None).await;
    assert!(unknown.status == 404 && unknown.details().is_empty());
}

fn idp(id: &str) -> Json {
    json!({ "Id": id, "AssuranceLevel": 3, "Beskrivelse": "", "KenderRoller": false, "Mobilvenlig": false,
        "Praesentationsnavn": "Ny", "OIOSAMLProfile": "OIOSAML3", "SamlMetadata": { "MetadataUrl": "https://ny.example/m" } })
}

fn system(id: &str) -> Json {
    json!({ "Id": id, "Cvr": "55555555", "OIOSAMLProfile": "OIOSAML2", "AssuranceLevel": 3,
        "SamlMetadata": { "MetadataUrl": "https://ny.example/m" } })
}

/// A body with these fields in the place of others.
fn with(mut body: Json, fields: Json) -> Json {
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[tokio::test]
async fn what_is_malformed_is_refused_with_all_reasons_and_changes_nothing() {
    let demo = Demo::start().await;
    let api = Api::of(&demo);
    let before = api.get("/IdentityProviders").await;
    let other = demo.entity_id("testrup");
    let large = "<a>".to_owned() + &"x".repeat(1 << 20);
    let expired = demo.manage("/").await.body;
    let nsis = "https://data.gov.dk/concept/core/nsis/loa/Low";
    let (idps, systems) = ("/IdentityProviders", "/BrugervendteSystemer");
    for (path, body, reasons) in [
        (idps, json!([]), vec!["must be an object"]),
        (idps, json!({}), vec!["Id: is missing"; 1]),
        (
            idps,
            with(
                idp("a"),
                json!({ "AssuranceLevel": 5, "Mobilvenlig": "ja", "Mobilevenlig": true, "IpAdresser": ["1.2.3"] }),
            ),
            vec![
                "AssuranceLevel: must be",
                "Mobilvenlig: must be true",
                "did you mean Mobilvenlig?",
                "IpAdresser[0]: must be",
            ],
        ),
        (
            idps,
            with(
                idp("a"),
                json!({ "OIOSAMLProfile": "OIOSAML4", "SupportsStepUp": "MAYBE" }),
            ),
            vec![
                "OIOSAMLProfile: must be one of",
                "SupportsStepUp: must be one of",
            ],
        ),
        (
            idps,
            with(idp("a"), json!({ "NSISAssuranceLevel": "Low" })),
            vec!["NSISAssuranceLevel: must be one of"],
        ),
        (
            idps,
            with(
                idp("a"),
                json!({ "SamlMetadata": { "Xml": "PGEvPg==", "MetadataUrl": "https://a" } }),
            ),
            vec!["both Xml and MetadataUrl"],
        ),
        (
            idps,
            with(idp("a"), json!({ "SamlMetadata": metadata(&large) })),
            vec!["is larger than"],
        ),
        (
            idps,
            with(idp("a"), json!({ "SamlMetadata": metadata(&expired) })),
            vec!["metadata"],
        ),
        (
            idps,
            with(idp("a"), json!({ "SamlMetadata": { "Xml": "%%" } })),
            vec!["is not base64"],
        ),
        (idps, idp(&other), vec!["is registered already"]),
        (
            systems,
            system(&other),
            vec!["must be unique within the federation"],
        ),
        (
            systems,
            with(system("a"), json!({ "AssuranceLevel": null })),
            vec!["AssuranceLevel: must be 1–4"],
        ),
        (
            systems,
            with(system("a"), json!({ "NSISAssuranceLevel": nsis })),
            vec!["must be empty when"],
        ),
        (
            systems,
            with(system("a"), json!({ "Cvr": "1", "AttributeProfile": "X" })),
            vec!["Cvr: must be", "AttributeProfile: must be"],
        ),
        (
            "/Users",
            json!({ "Authority": "1", "Id": "", "Claims": [{ "Key": "k" }], "Navn": "x" }),
            vec![
                "Authority: must be",
                "Id: must be",
                "Claims[0].Value: is missing",
                "Navn: User has no such field",
            ],
        ),
        (
            "/Users/bulk",
            json!([{ "Authority": "11111111", "Id": "a", "Claims": [] }, { "Id": "b" }, 3]),
            vec![
                "[1].Authority: is missing",
                "[1].Claims: is missing",
                "[2]: must be an object",
            ],
        ),
        (
            "/Brugersystemroller",
            json!({ "Id": "r", "Dataafgraensningstyper": [{ "Id": "a" }, { "Id": "a" }, {}] }),
            vec!["Dataafgraensningstyper[2].Id: is missing"],
        ),
    ] {
        let answer = api.ask("POST", path, Some(&body)).await;
        let told = answer.details();
        assert_eq!(
            (answer.status, answer.body["message"].as_str()),
            (400, Some("Invalid data supplied")),
            "{body}"
        );
        for reason in reasons {
            assert!(
                told.iter().any(|told| told.contains(reason)),
                "{reason}: {told:#?}"
            );
        }
    }
    for (path, body) in [
        ("IpAdresser", json!("10.0.0.1")),
        ("Beskrivelse", json!({})),
        ("Praesentationsnavn", json!("")),
    ] {
        let path = format!("/IdentityProviders/{}/{path}", in_path(&other));
        assert_eq!(
            api.ask("PUT", &path, Some(&body)).await.status,
            400,
            "{path}"
        );
    }
    for value in [
        "AssuranceLevel/0",
        "KenderRoller/ja",
        "OIOSAMLProfile/oiosaml3",
        "NSISAssuranceLevel/Low",
        "SupportsStepUp/true",
    ] {
        let path = format!("/IdentityProviders/{}/{value}", in_path(&other));
        assert_eq!(api.ask("PUT", &path, None).await.status, 400, "{path}");
    }
    assert_eq!(api.get("/IdentityProviders").await, before);
}

#[tokio::test]
async fn who_has_seen_something_else_changes_nothing() {
    let demo = Demo::start().await;
    let api = Api::of(&demo);
    let path = format!("/IdentityProviders/{}", in_path(&demo.entity_id("testrup")));
    let first = api.ask("GET", &path, None).await;
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    let set = format!("{path}/Beskrivelse");
    let changed = api
        .ask_if("PUT", &set, Some(&json!("ny")), Some(&tag))
        .await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let late = api
        .ask_if("PUT", &set, Some(&json!("for sent")), Some(&tag))
        .await;
    assert_eq!(
        (late.status, late.body["code"].as_u64()),
        (409, Some(409)),
        "{late:?}"
    );
    assert_eq!(
        api.ask_if("DELETE", &path, None, Some(&tag)).await.status,
        409
    );
    assert_eq!(api.get(&path).await["Beskrivelse"], "ny");
}

/// Each writer replaces the whole object; whoever reads sees one writer's and no mixture.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_never_tear_an_object() {
    let demo = Demo::start().await;
    let api = std::sync::Arc::new(Api::of(&demo));
    let path = format!("/IdentityProviders/{}", in_path(&demo.entity_id("testrup")));
    let original = api.get(&path).await;
    let written = |number: usize| {
        let text = format!("skriver {number}");
        let fields =
            json!({ "Beskrivelse": text, "Praesentationsnavn": text, "Mobilvenlig": number < 12 });
        with(original.clone(), fields)
    };
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..24 {
        let (api, path, body) = (api.clone(), path.clone(), written(number));
        writers.spawn(async move {
            api.done("PUT", &path, Some(&body)).await;
            let user = json!({ "Authority": "11111111", "Id": number.to_string(), "Claims": [] });
            api.done("POST", "/Users", Some(&user)).await;
            let seen = api.get(&path).await;
            assert_eq!(seen["Beskrivelse"], seen["Praesentationsnavn"]);
        });
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    let last = api.get(&path).await;
    assert!((0..24).any(|number| last == written(number)), "{last}");
    assert_eq!(
        api.get("/Users").await.as_array().unwrap().len(),
        24,
        "no change is lost"
    );
}
