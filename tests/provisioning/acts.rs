//! What is changed acts on the next login, without a restart.

use super::{Api, in_path, metadata};
use crate::support::demo::{Demo, Went};
use serde_json::json;
use vejviser::drill::{Browser, Page};

/// The hub's newest request to an identity provider: its XML and its RelayState.
async fn asked(demo: &Demo) -> (String, String) {
    let flow = demo.newest_flow().await;
    let exchanges = flow["exchanges"].as_array().unwrap().iter();
    let mut exchanges =
        exchanges.filter(|one| one["leg"] == "identity-provider" && one["direction"] == "out");
    let request = exchanges.next_back().expect("a request to the IdP");
    let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    (text("xml"), text("relay_state"))
}

async fn to_idp(demo: &Demo, system: &str, idp: &str) -> (String, String) {
    let login = demo.url(system, "/log-ind");
    demo.to_idp(&mut Browser::new(), &login, idp).await.unwrap();
    asked(demo).await
}

async fn chooser(demo: &Demo) -> Page {
    Browser::new()
        .get(&demo.url("sagssystem", "/log-ind"))
        .await
        .unwrap()
}

#[tokio::test]
async fn what_is_registered_of_an_identity_provider_decides_the_next_request() {
    let demo = Demo::start().await;
    let api = Api::of(&demo);
    let idp = format!(
        "/IdentityProviders/{}",
        in_path(&demo.entity_id("eksempelstrup"))
    );
    let set = async |what: &str| api.done("PUT", &format!("{idp}/{what}"), None).await;

    let (xml, _) = to_idp(&demo, "borgerportal", "eksempelstrup").await;
    assert!(
        xml.contains("loa/Substantial") && xml.contains("Scoping"),
        "{xml}"
    );
    set("SupportsScope/false").await;
    set("OIOSAMLProfile/OIOSAML3_ADFS_MULTIPLEAUTHN").await;
    let (xml, _) = to_idp(&demo, "borgerportal", "eksempelstrup").await;
    assert!(
        xml.contains("multipleauthn") && !xml.contains("Scoping"),
        "{xml}"
    );
    set("OIOSAMLProfile/OIOSAML3_ADFS_RELAY_STATE").await;
    set("SupportsScope/true").await;
    let (xml, relay_state) = to_idp(&demo, "borgerportal", "eksempelstrup").await;
    assert!(
        relay_state.contains("nsis=Betydelig") && xml.contains("Scoping"),
        "{relay_state} {xml}"
    );

    // The highest level that it is registered for is a ceiling.
    set("OIOSAMLProfile/OIOSAML3").await;
    let low = in_path("https://data.gov.dk/concept/core/nsis/loa/Low");
    set(&format!("NSISAssuranceLevel/{low}")).await;
    let went = demo
        .log_in(&mut Browser::new(), "borgerportal", "eksempelstrup", "anna")
        .await;
    assert!(matches!(went, Went::Status(_)), "{went:?}");

    set("Mobilvenlig/false").await;
    set("KenderRoller/false").await;
    set("SupportsStepUp/SUPPORTED").await;
    api.done(
        "PUT",
        &format!("{idp}/Praesentationsnavn"),
        Some(&json!("Nyt navn")),
    )
    .await;
    let snapshot = demo.app.registry.now();
    let served = snapshot
        .federation
        .identity_provider(&demo.entity_id("eksempelstrup"))
        .unwrap();
    let flags = (
        served.mobile_friendly,
        served.knows_roles,
        served.supports_step_up,
    );
    assert_eq!(flags, (false, false, true));
    assert!(chooser(&demo).await.body.contains("Nyt navn"));

    // Without a user context it is inactive, and with one again it can be chosen.
    let contexts = format!("{idp}/Anvenderkontekster");
    api.done("DELETE", &format!("{contexts}/22222222"), None)
        .await;
    assert!(!chooser(&demo).await.body.contains("Nyt navn"));
    api.done("PUT", &contexts, Some(&json!([{ "Cvr": "22222222" }])))
        .await;
    assert!(chooser(&demo).await.body.contains("Nyt navn"));
}

#[tokio::test]
async fn an_address_sends_its_users_to_the_only_one_that_has_it() {
    let demo = Demo::start().await;
    let api = Api::of(&demo);
    let addresses = |idp: &str| {
        format!(
            "/IdentityProviders/{}/IpAdresser",
            in_path(&demo.entity_id(idp))
        )
    };
    let here = json!(["127.0.0.1"]);
    api.done("PUT", &addresses("testrup"), Some(&here)).await;
    let page = chooser(&demo).await;
    assert!(
        page.url.as_str().starts_with(&demo.url("testrup", "/")),
        "{}",
        page.url
    );
    // Of two that have it neither is chosen.
    api.done("PUT", &addresses("fiktiv-ny"), Some(&here)).await;
    assert!(chooser(&demo).await.body.contains("name=\"husk\""));
    api.done(
        "DELETE",
        &format!("{}/127.0.0.1", addresses("testrup")),
        None,
    )
    .await;
    let page = chooser(&demo).await;
    assert!(
        page.url.as_str().starts_with(&demo.url("fiktiv-ny", "/")),
        "{}",
        page.url
    );
}

#[tokio::test]
async fn the_switch_of_a_systems_profile_takes_its_level_along() {
    let demo = Demo::start().await;
    let api = Api::of(&demo);
    let system = format!(
        "/BrugervendteSystemer/{}",
        in_path(&demo.entity_id("sagssystem"))
    );
    let before = api.get(&system).await;
    assert_eq!(
        (&before["OIOSAMLProfile"], &before["AssuranceLevel"]),
        (&json!("OIOSAML2"), &json!(3))
    );
    api.done("PUT", &format!("{system}/OIOSAMLProfile/OIOSAML3"), None)
        .await;
    let now = api.get(&system).await;
    let nsis = "https://data.gov.dk/concept/core/nsis/loa/Substantial";
    assert_eq!(
        (&now["AssuranceLevel"], &now["NSISAssuranceLevel"]),
        (&json!(0), &json!(nsis))
    );
    let went = demo
        .log_in(&mut Browser::new(), "sagssystem", "eksempelstrup", "anna")
        .await;
    assert_eq!(went, Went::In("Substantial".to_owned()));
    // An IdP that can state NIST only is asked no more.
    let went = demo
        .log_in(
            &mut Browser::new(),
            "sagssystem",
            "provekobing-adfs",
            "dorte",
        )
        .await;
    assert!(matches!(went, Went::Status(_)), "{went:?}");
    api.done("PUT", &format!("{system}/OIOSAMLProfile/OIOSAML2"), None)
        .await;
    assert_eq!(api.get(&system).await["AssuranceLevel"], 3);
    let went = demo
        .log_in(
            &mut Browser::new(),
            "sagssystem",
            "provekobing-adfs",
            "dorte",
        )
        .await;
    assert_eq!(went, Went::In("3".to_owned()));
}

#[tokio::test]
async fn parties_that_are_registered_by_their_metadata_log_in_at_once() {
    let demo = Demo::start().await;
    let api = Api::of(&demo);
    for (kind, name) in [
        ("IdentityProviders", "testrup"),
        ("BrugervendteSystemer", "borgerportal"),
    ] {
        let id = demo.entity_id(name);
        let path = format!("/{kind}/{}", in_path(&id));
        let mut object = api.get(&path).await;
        let document = Browser::new().get(&id).await.unwrap().body;
        assert!(document.contains("EntityDescriptor"), "{document}");
        api.done("DELETE", &path, None).await;
        let login = demo.url("borgerportal", "/log-ind");
        let page = Browser::new().get(&login).await.unwrap();
        assert!(
            !page.body.contains(&demo.entity_id("testrup")),
            "{}",
            page.body
        );
        object["SamlMetadata"] = metadata(&document);
        api.done("POST", &format!("/{kind}"), Some(&object)).await;
        let went = demo
            .log_in(&mut Browser::new(), "borgerportal", "testrup", "gert")
            .await;
        assert!(matches!(went, Went::In(_)), "{name}: {went:?}");
        assert_eq!(api.get(&path).await, object);
    }
    // One by an address at which nobody answers is not registered.
    let idp = json!({ "Id": "https://ny.example/entity", "AssuranceLevel": 3, "Beskrivelse": "", "KenderRoller": false,
        "Mobilvenlig": true, "Praesentationsnavn": "Ny", "OIOSAMLProfile": "OIOSAML3", "SamlMetadata": { "MetadataUrl": "https://ny.example/m" } });
    let answer = api.ask("POST", "/IdentityProviders", Some(&idp)).await;
    assert_eq!(answer.status, 503, "{answer:?}");
    let path = format!(
        "/IdentityProviders/{}",
        in_path("https://ny.example/entity")
    );
    assert_eq!(api.ask("GET", &path, None).await.status, 404);
}
