//! The administration as a person uses it: forms without scripts, on a demo and on a hub of one's own.

use crate::support::demo::{Demo, Went};
use crate::support::served::{self, Folder, IDP, SYSTEM, in_path};
use crate::support::world;
use serde_json::json;
use vejviser::drill::{Browser, Page};

/// Somebody at the administration.
pub struct Clerk {
    browser: Browser,
    base: String,
}

impl Clerk {
    pub fn at(demo: &Demo) -> Self {
        Self {
            browser: Browser::without_scripts(),
            base: demo.app.manage_url.clone(),
        }
    }

    pub fn speaking(self, languages: &'static str) -> Self {
        Self {
            browser: self.browser.speaking(languages),
            ..self
        }
    }

    pub async fn open(&mut self, path: &str) -> Page {
        let url = format!("{}{path}", self.base);
        self.browser.get(&url).await.unwrap()
    }

    /// Fills fields of the page's form with this button, and presses it.
    pub async fn press(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let forms = page.forms().into_iter();
        let mut with_it =
            forms.filter(|form| form.choices.iter().any(|choice| choice.value == action));
        let mut form = with_it
            .next()
            .unwrap_or_else(|| panic!("no {action}: {}", page.body));
        for (name, value) in fields {
            form.fields.retain(|(field, _)| field != name);
            form.fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let button = Some(("action".to_owned(), action.to_owned()));
        self.browser.submit(page, &form, button).await.unwrap()
    }

    /// The value of a field that a page shows.
    fn value(page: &Page, field: &str) -> String {
        let mut fields = page.forms().into_iter().flat_map(|form| form.fields);
        let found = fields.find(|(name, _)| name == field);
        found.map(|(_, value)| value).unwrap_or_default()
    }
}

fn says(page: &Page, words: &[&str]) {
    for word in words {
        assert!(page.body.contains(word), "{word}: {}", page.body);
    }
}

#[tokio::test]
async fn an_idp_is_deleted_connected_again_by_pasted_metadata_and_logged_in_with() {
    let demo = Demo::start().await;
    let mut clerk = Clerk::at(&demo).speaking("da");
    let metadata = clerk.browser.get(&demo.entity_id("testrup")).await.unwrap();
    let page = clerk.open("/admin/identity-provider/testrup/delete").await;
    says(
        &page,
        &[
            "Slet testrup?",
            "kan ikke vælges mere",
            "Den står i federation.toml",
        ],
    );
    let page = clerk.press(&page, "delete", &[]).await;
    says(&page, &["testrup er slettet."]);
    assert!(!page.body.contains("Testrup Kommune"));
    let gone = clerk.open("/admin/identity-provider/testrup").await;
    assert_eq!(gone.status, 404);

    let page = clerk.open("/admin/identity-provider").await;
    says(&page, &["Tilslut it-system", "Brugervendt system"]);
    assert!(
        !page.body.contains("name=\"profile\""),
        "metadata comes first"
    );
    let page = clerk.press(&page, "next", &[("xml", &metadata.body)]).await;
    says(
        &page,
        &[
            "Det står der i metadata",
            "SingleSignOnService",
            "Context Handler 2&#39;s kontrol",
        ],
    );
    assert_eq!(Clerk::value(&page, "title"), "Testrup Kommune");
    assert_eq!(Clerk::value(&page, "contexts"), "33333333");
    let page = clerk.press(&page, "preview", &[("name", "testrup")]).await;
    says(&page, &["Gem Testrup Kommune?", "Intet er gemt endnu."]);
    assert!(
        !clerk.open("/admin").await.body.contains("Testrup"),
        "nothing before Save"
    );
    let page = clerk.press(&page, "save", &[]).await;
    says(
        &page,
        &["testrup er gemt", "Testrup Kommune", "Indlæst XML"],
    );
    let went = demo
        .log_in(&mut Browser::new(), "sagssystem", "testrup", "gert")
        .await;
    assert!(matches!(went, Went::In(_)), "{went:?}");

    let page = clerk.open("/admin/log").await;
    says(
        &page,
        &[
            "Identity provider testrup oprettet",
            "Identity provider testrup slettet",
            "af demo",
            "XML, SHA-1 ",
        ],
    );
    assert!(!page.body.contains("MII"), "no base64 in the log");
    let changes = demo.api("/api/v1/changes?limit=1").await;
    assert_eq!(changes["changes"][0]["what"], "added");
    let next = changes["next"].as_u64().unwrap();
    let older = demo.api(&format!("/api/v1/changes?before={next}")).await;
    assert_eq!(
        (&older["changes"][0]["what"], &older["next"]),
        (&json!("removed"), &json!(null))
    );
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once_and_what_was_typed_stays() {
    let demo = Demo::start().await;
    for (language, words) in [
        (
            "da",
            [
                "Det kan ikke gemmes endnu",
                "skal være et CVR-nummer",
                "skal være en IP-adresse",
                "ikke tom",
            ],
        ),
        (
            "en",
            [
                "It cannot be saved yet",
                "must be a CVR number",
                "must be an IP address",
                "not empty",
            ],
        ),
    ] {
        let mut clerk = Clerk::at(&demo).speaking(language);
        let page = clerk.open("/admin/identity-provider/testrup").await;
        let wrong = [
            ("contexts", "1234"),
            ("addresses", "nowhere"),
            ("title", ""),
            ("description", "bevaret & <her>"),
        ];
        let page = clerk.press(&page, "preview", &wrong).await;
        assert_eq!(page.status, 422);
        says(&page, &words);
        assert_eq!(Clerk::value(&page, "contexts"), "1234");
        assert_eq!(Clerk::value(&page, "description"), "bevaret & <her>");
        let page = clerk
            .press(
                &page,
                "preview",
                &[
                    ("contexts", "33333333"),
                    ("addresses", ""),
                    ("title", "T"),
                    ("replaced_by", "nobody"),
                ],
            )
            .await;
        assert_eq!(page.status, 422);
        says(&page, &["nobody"]);
    }
    let mut clerk = Clerk::at(&demo);
    let page = clerk.open("/admin/system").await;
    let page = clerk.press(&page, "next", &[("xml", "<a/>")]).await;
    assert_eq!(
        (page.status.as_u16(), Clerk::value(&page, "xml").as_str()),
        (422, "<a/>")
    );
    let address = format!("{}/admin", demo.app.manage_url);
    let page = clerk
        .press(&page, "next", &[("xml", ""), ("url", &address)])
        .await;
    assert_eq!(page.status, 422, "the hub never asks itself: {}", page.body);
    assert!(
        demo.api("/api/v1/changes").await["changes"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn who_comes_second_sees_what_is_stored_beside_what_was_typed() {
    let demo = Demo::start().await;
    let (mut one, mut other) = (Clerk::at(&demo), Clerk::at(&demo).speaking("en"));
    let path = "/admin/identity-provider/testrup";
    let (first, second) = (one.open(path).await, other.open(path).await);
    let first = one
        .press(&first, "preview", &[("title", "Testrup By")])
        .await;
    says(
        &first,
        &["Praesentationsnavn", "Testrup Kommune", "Testrup By"],
    );
    one.press(&first, "save", &[]).await;
    let fields = [("title", "Testrup Sogn"), ("replaced_by", "fiktiv-ny")];
    let second = other.press(&second, "preview", &fields).await;
    assert_eq!(second.status, 409);
    says(
        &second,
        &[
            "Somebody else has changed the party",
            "Stored now",
            "Testrup By",
            "Typed here",
            "replaced_by",
        ],
    );
    assert_eq!(Clerk::value(&second, "title"), "Testrup Sogn");
    // Whoever has seen it may go on.
    let second = other.press(&second, "preview", &[]).await;
    let saved = other.press(&second, "save", &[]).await;
    says(
        &saved,
        &["testrup is saved", "Testrup Sogn", "replaced by fiktiv-ny"],
    );
    let stale = one.press(&first, "save", &[]).await;
    assert_eq!(stale.status, 409);
}

#[tokio::test]
async fn a_system_takes_its_level_along_and_its_metadata_from_an_address() {
    let demo = Demo::start().await;
    let mut clerk = Clerk::at(&demo);
    let page = clerk.open("/admin/system/sagssystem").await;
    let page = clerk
        .press(&page, "preview", &[("profile", "OIOSAML3")])
        .await;
    says(
        &page,
        &[
            "OIOSAMLProfile",
            "NSISAssuranceLevel",
            "nsis/loa/Substantial",
        ],
    );
    let page = clerk.press(&page, "save", &[]).await;
    says(&page, &["sagssystem er gemt"]);
    let fields = demo.api("/api/v1/changes").await["changes"][0]["fields"].clone();
    let names: Vec<&str> = fields
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|f| f["field"].as_str())
        .collect();
    assert_eq!(
        names,
        ["AssuranceLevel", "OIOSAMLProfile", "NSISAssuranceLevel"]
    );
    // Fetched once, shown, and saved as it was shown.
    let page = clerk.open("/admin/system/sagssystem").await;
    let page = clerk
        .press(&page, "preview", &[("refetch", "on"), ("generation", "1")])
        .await;
    says(&page, &["AssertionConsumerService", "generation"]);
    clerk.press(&page, "save", &[]).await;
    let parties = demo.api("/api/v1/parties").await;
    let all = parties["parties"].as_array().unwrap();
    let system = all
        .iter()
        .find(|party| party["name"] == "sagssystem")
        .unwrap();
    assert!(
        system["fetched"].is_string() && system["served"] == true,
        "{system}"
    );
    assert_eq!(
        system["certificates"][0]["thumbprint"]
            .as_str()
            .unwrap()
            .len(),
        40
    );
    let went = demo
        .log_in(&mut Browser::new(), "sagssystem", "testrup", "gert")
        .await;
    assert!(matches!(went, Went::In(_)), "{went:?}");
}

#[tokio::test]
async fn on_a_hub_of_ones_own_what_is_saved_is_there_after_a_restart() {
    let folder = Folder::new("admin");
    let served = folder.serve();
    let mut clerk = Clerk {
        browser: Browser::without_scripts().speaking("en"),
        base: format!("http://{}", served.manage),
    };
    assert_eq!(clerk.open("/admin").await.status, 401);
    clerk.open(&format!("/?token={}", served.token)).await;
    let page = clerk.open("/admin").await;
    says(
        &page,
        &[
            "Kommunens IdP",
            "File: idp.xml",
            "Connect an identity provider",
        ],
    );
    let page = clerk.open("/admin/system").await;
    // Of another role, on a key of the hub's, on somebody else's key.
    let keys = world::keys();
    let idp = served::idp("https://ny.example/saml", &keys.stranger.certificate);
    let page = clerk.press(&page, "next", &[("xml", &idp)]).await;
    says(&page, &["use the other tab"]);
    let taken = served::system("https://ny.example/saml", &keys.idp.certificate);
    let page = clerk.press(&page, "next", &[("xml", &taken)]).await;
    let page = clerk.press(&page, "preview", &[("name", "system")]).await;
    says(
        &page,
        &["is used by idp already", "system: the short name is taken"],
    );
    let free = served::system("https://ny.example/saml", &keys.stranger.certificate);
    let page = clerk
        .press(
            &page,
            "preview",
            &[("name", "ny"), ("title", "Nyt system"), ("xml", &free)],
        )
        .await;
    says(&page, &["Save Nyt system?", "errors"]);
    let page = clerk.press(&page, "save", &[]).await;
    says(&page, &["ny is saved", "Nyt system", "XML that was put in"]);
    drop(served);
    let served = folder.serve();
    let (status, object) = served.json(
        "GET",
        &format!(
            "/BrugervendteSystemer/{}",
            in_path("https://ny.example/saml")
        ),
        None,
    );
    assert_eq!(
        (status, &object["OIOSAMLProfile"]),
        (200, &json!("OIOSAML3"))
    );
    let (_, log) = served.json("GET", "/api/v1/changes", None);
    let change = &log["changes"][0];
    assert_eq!(
        (&change["who"], &change["name"]),
        (&json!("browser"), &json!("ny"))
    );
    let (_, parties) = served.json("GET", "/api/v1/parties", None);
    let ids: Vec<&str> = parties["parties"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|p| p["id"].as_str())
        .collect();
    assert_eq!(ids, [IDP, SYSTEM, "https://ny.example/saml"]);
}
