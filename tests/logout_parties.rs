//! Single logout as the invented parties play it: the whole demo, a browser, and what each `logout = "…"` does.

use crate::support::demo::{Demo, Went, went};
use time::Duration;
use vejviser::drill::{Browser, Page};
use vejviser::dsig::{Place, SigningKey, sign};
use vejviser::edge::world::random_hex;
use vejviser::saml::binding::{post, redirect};
use vejviser::saml::names::status;
use vejviser::saml::{LogoutRequest, LogoutResponse, MessageField, NameId, Outbound, Status};

/// What the three parties do with a logout.
#[derive(Clone, Copy)]
struct Habits {
    idp: &'static str,
    sag: &'static str,
    portal: &'static str,
}

const ANSWERING: Habits = Habits {
    idp: "answers",
    sag: "answers",
    portal: "answers",
};

impl Habits {
    /// One municipality and two systems that anybody can use.
    async fn start(self) -> Demo {
        let Self { idp, sag, portal } = self;
        Demo::start_on(&format!(
            r#"
[[organisation]]
cvr = "11111111"
name = "Prøvekøbing Kommune"

[[identity_provider]]
name = "idp"
presentation_name = "Prøvekøbing"
oiosaml_profile = "OIOSAML3"
assurance_level = 4
nsis_assurance_level = "Substantial"
user_contexts = ["11111111"]
[identity_provider.persona]
kind = "oiosaml3"
key = "testrup"
logout = "{idp}"
people = [
    {{ id = "to", name = "Totte Prøve", uuid = "e0000000-0000-4000-8000-000000000001", email = "to@p.example", second_factor = true, nsis = "Substantial" }},
    {{ id = "tre", name = "Trine Prøve", uuid = "e0000000-0000-4000-8000-000000000002", email = "tre@p.example", second_factor = true, nsis = "Substantial" }},
]

[[user_facing_system]]
name = "sag"
presentation_name = "Sagen"
cvr = "11111111"
oiosaml_profile = "OIOSAML3"
nsis_assurance_level = "Low"
[user_facing_system.demo]
key = "sagssystem"
logout = "{sag}"

[[user_facing_system]]
name = "portal"
presentation_name = "Portalen"
cvr = "11111111"
oiosaml_profile = "OIOSAML3"
nsis_assurance_level = "Low"
[user_facing_system.demo]
key = "borgerportal"
logout = "{portal}"
"#
        ))
        .await
    }

    /// The demo, and a browser that is logged in to both systems from one login: `sag` first.
    async fn logged_in(self) -> (Demo, Browser) {
        let demo = self.start().await;
        let mut browser = Browser::new();
        log_in(&demo, &mut browser, "sag", "to").await;
        // The identity provider knows the user, and asks nobody.
        let page = browser.get(&demo.url("portal", "/log-ind")).await.unwrap();
        assert!(matches!(went(&page), Went::In(_)), "{}", page.body);
        assert_eq!(inside(&demo, &mut browser).await, ["idp", "sag", "portal"]);
        browser.clear_hops();
        (demo, browser)
    }
}

/// A login: there is one identity provider, so that nobody has to choose.
async fn log_in(demo: &Demo, browser: &mut Browser, system: &str, person: &str) {
    let page = browser.get(&demo.url(system, "/log-ind")).await.unwrap();
    let page = browser.choose(&page, "person", person).await.unwrap();
    assert!(matches!(went(&page), Went::In(_)), "{}", page.body);
}

/// Where this browser has a session.
async fn inside(demo: &Demo, browser: &mut Browser) -> Vec<&'static str> {
    let mut found = Vec::new();
    for name in ["idp", "sag", "portal"] {
        let page = browser.get(&demo.url(name, "/")).await.unwrap();
        assert!(page.status.is_success());
        let is_in = match name {
            "idp" => page.body.contains("Totte Prøve er logget på her."),
            _ => page.body.contains("<h1>Logget ind</h1>"),
        };
        if is_in {
            found.push(name);
        }
    }
    found
}

/// What the page of a party says of a logout, and whose it is.
fn told(demo: &Demo, page: &Page) -> (String, String) {
    let sites = ["idp", "sag", "portal", "hub"];
    let at = |name: &&str| page.url.as_str().starts_with(&demo.url(name, "/"));
    let site = sites.into_iter().find(at).expect("a site of the demo");
    let word = page.result_value("data-logout").unwrap_or_default();
    (site.to_owned(), word)
}

fn says(site: &str, word: &str) -> (String, String) {
    (site.to_owned(), word.to_owned())
}

/// From the hub's page about a partial logout to whoever waits for the answer: a link or a form carries it.
async fn go_on(browser: &mut Browser, page: &Page, to: &str) -> Page {
    if let Some(link) = page.links().into_iter().find(|link| link.starts_with(to)) {
        return browser.get(&link).await.unwrap();
    }
    let mut forms = page.forms().into_iter();
    let form = forms.find(|form| {
        page.target(form)
            .is_some_and(|url| url.as_str().starts_with(to))
    });
    let form = form.unwrap_or_else(|| panic!("nothing leads to {to}: {}", page.body));
    browser.submit(page, &form, None).await.unwrap()
}

/// Whether the browser asked this address.
fn went_by(browser: &Browser, address: &str) -> bool {
    let mut hops = browser.hops().iter();
    hops.any(|hop| hop.url.as_str().starts_with(address))
}

// ── By the book ───────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn one_logout_ends_both_systems_and_the_identity_provider() {
    for (starts, first) in [("portal", "sag"), ("sag", "portal")] {
        let (demo, mut browser) = ANSWERING.logged_in().await;
        let page = browser.get(&demo.url(starts, "/")).await.unwrap();
        let out = browser.follow(&page, "/log-ud").await.unwrap();
        assert_eq!(
            told(&demo, &out),
            says(starts, "everywhere"),
            "{}",
            out.body
        );
        assert!(out.body.contains("<h1>Logget ud</h1>"));
        // The identity provider comes last: one that strands the browser leaves no system behind it.
        let hops = browser.hops().iter();
        let asked: Vec<String> = hops
            .filter(|hop| hop.url.path() == "/slo")
            .map(|hop| hop.url.host_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(
            asked,
            [format!("{first}.localhost"), "idp.localhost".into()]
        );
        assert_eq!(inside(&demo, &mut browser).await, [""; 0]);
        // The page can be looked at again, in the other language too.
        let again = format!("{}&lang=en", out.url);
        let english = browser.get(&again).await.unwrap();
        assert!(english.body.contains("<h1>Logged out</h1>"));
        assert!(english.body.contains("at the municipality"));
    }
}

#[tokio::test]
async fn the_identity_provider_starts_it() {
    let (demo, mut browser) = ANSWERING.logged_in().await;
    let out = browser.get(&demo.url("idp", "/log-ud")).await.unwrap();
    assert_eq!(told(&demo, &out), says("idp", "everywhere"), "{}", out.body);
    assert!(out.body.contains("Ingen er logget på her."));
    assert_eq!(inside(&demo, &mut browser).await, [""; 0]);
}

#[tokio::test]
async fn a_logout_of_one_user_is_nobody_elses() {
    let (demo, mut browser) = ANSWERING.logged_in().await;
    let mut other = Browser::new();
    log_in(&demo, &mut other, "sag", "tre").await;
    browser.get(&demo.url("portal", "/log-ud")).await.unwrap();
    let page = other.get(&demo.url("sag", "/")).await.unwrap();
    assert!(page.body.contains("<h1>Logget ind</h1>") && page.body.contains("Trine Prøve"));
    let page = other.get(&demo.url("idp", "/")).await.unwrap();
    assert!(page.body.contains("Trine Prøve er logget på her."));
}

#[tokio::test]
async fn a_local_logout_tells_nobody() {
    let (demo, mut browser) = ANSWERING.logged_in().await;
    let page = browser.get(&demo.url("sag", "/")).await.unwrap();
    let out = browser.follow(&page, "/log-ud?lokal=1").await.unwrap();
    assert_eq!(told(&demo, &out), says("sag", "here"));
    assert_eq!(inside(&demo, &mut browser).await, ["idp", "portal"]);
    let out = browser
        .get(&demo.url("idp", "/log-ud?lokal=1"))
        .await
        .unwrap();
    assert_eq!(told(&demo, &out), says("idp", "here"));
    assert_eq!(inside(&demo, &mut browser).await, ["portal"]);
    assert!(!went_by(&browser, &demo.url("hub", "/")));
}

// ── A party with a habit is told ──────────────────────────────────────────────────────────────────────

/// `portal` starts it, `sag` or the identity provider has the habit.
async fn portal_starts(habits: Habits) -> (Demo, Browser, Page) {
    let (demo, mut browser) = habits.logged_in().await;
    let page = browser.get(&demo.url("portal", "/log-ud")).await.unwrap();
    (demo, browser, page)
}

fn sag(habit: &'static str) -> Habits {
    Habits {
        sag: habit,
        ..ANSWERING
    }
}

fn idp(habit: &'static str) -> Habits {
    Habits {
        idp: habit,
        ..ANSWERING
    }
}

#[tokio::test]
async fn post_only_and_soap_only_are_told_by_what_they_offer() {
    for (habit, habits) in [
        ("post-only", sag("post-only")),
        ("post-only", idp("post-only")),
        ("soap-only", sag("soap-only")),
        ("soap-only", idp("soap-only")),
    ] {
        let party = if habits.sag == habit { "sag" } else { "idp" };
        let (demo, mut browser, page) = portal_starts(habits).await;
        assert_eq!(
            told(&demo, &page),
            says("portal", "everywhere"),
            "{habit}: {}",
            page.body
        );
        let slo = demo.url(party, "/slo");
        let hops = browser.hops().iter();
        let methods: Vec<&str> = hops
            .filter(|hop| hop.url.as_str().starts_with(&slo))
            .map(|hop| hop.method.as_str())
            .collect();
        match habit {
            "post-only" => assert_eq!(methods, ["POST"], "{party}"),
            _ => assert_eq!(methods, [""; 0], "the hub called {party}"),
        }
        assert_eq!(
            inside(&demo, &mut browser).await,
            [""; 0],
            "{habit} {party}"
        );
    }
}

#[tokio::test]
async fn whoever_answers_with_an_error_is_named() {
    for (party, title, habits) in [
        ("sag", "Sagen", sag("answers-error")),
        ("idp", "Prøvekøbing", idp("answers-error")),
        ("sag", "Sagen", sag("not-offered")),
        ("idp", "Prøvekøbing", idp("not-offered")),
    ] {
        let (demo, mut browser, page) = portal_starts(habits).await;
        assert_eq!(told(&demo, &page).0, "hub", "{party}: {}", page.url);
        assert!(page.text().contains(title), "{title}: {}", page.text());
        let out = go_on(&mut browser, &page, &demo.url("portal", "/slo-svar")).await;
        assert_eq!(
            told(&demo, &out),
            says("portal", "partly"),
            "{party}: {}",
            out.body
        );
        assert!(out.body.contains("<h1>Logget ud</h1>") && out.body.contains("PartialLogout"));
        assert_eq!(inside(&demo, &mut browser).await, [party]);
    }
}

/// The session of a system that stayed is gone at the hub: its own logout finds that out.
#[tokio::test]
async fn a_session_that_the_hub_has_forgotten_ends_all_the_same() {
    let (demo, mut browser, page) = portal_starts(sag("answers-error")).await;
    go_on(&mut browser, &page, &demo.url("portal", "/slo-svar")).await;
    let out = browser.get(&demo.url("sag", "/log-ud")).await.unwrap();
    assert_eq!(told(&demo, &out), says("sag", "unknown"), "{}", out.body);
    assert!(out.body.contains("<h1>Logget ud</h1>") && out.body.contains("UnknownPrincipal"));
    assert_eq!(inside(&demo, &mut browser).await, [""; 0]);
}

#[tokio::test]
async fn an_answer_at_the_address_for_requests_is_taken_and_warned_of() {
    for habits in [
        sag("answers-at-request-address"),
        idp("answers-at-request-address"),
    ] {
        let (demo, mut browser, page) = portal_starts(habits).await;
        assert_eq!(
            told(&demo, &page),
            says("portal", "everywhere"),
            "{}",
            page.body
        );
        assert_eq!(inside(&demo, &mut browser).await, [""; 0]);
        let flow = demo.newest_flow().await;
        let exchanges = flow["exchanges"].as_array().unwrap();
        let checks = exchanges.iter().flat_map(|one| one["checks"].as_array());
        let mut warned = checks
            .flatten()
            .filter(|row| row["id"] == "SLO-016" && row["outcome"] == "warn");
        assert!(warned.next().is_some(), "{flow:#}");
    }
}

/// The browser stands on the page of a party that never answers. The hub's own page goes on when the answer is overdue.
#[tokio::test]
async fn whoever_never_answers_strands_the_browser_until_the_hubs_page_goes_on() {
    for (party, title, habits) in [
        ("sag", "Sagen", sag("never-answers")),
        ("idp", "Prøvekøbing", idp("never-answers")),
    ] {
        let (demo, mut browser, page) = portal_starts(habits).await;
        assert_eq!(told(&demo, &page), says(party, "silent"), "{}", page.body);
        assert!(page.text().contains("svarer aldrig"), "{}", page.text());
        let flow = demo.newest_flow().await;
        let address = demo.url(
            "hub",
            &format!("/log-ud?flow={}", flow["id"].as_str().unwrap()),
        );
        // Too early: somebody may still answer.
        let early = browser.get(&address).await.unwrap();
        assert!(early.status.is_success(), "{}", early.body);
        let answer = demo.url("portal", "/slo-svar");
        let leads = |page: &Page| page.links().iter().any(|link| link.starts_with(&answer));
        assert!(!leads(&early), "{}", early.body);
        demo.move_clock(Duration::seconds(31));
        let late = browser.get(&address).await.unwrap();
        let went_on = match leads(&late) {
            true => late,
            false => browser.submit_first(&late).await.unwrap(),
        };
        assert!(went_on.text().contains(title), "{}", went_on.text());
        let out = go_on(&mut browser, &went_on, &answer).await;
        assert_eq!(told(&demo, &out), says("portal", "partly"), "{}", out.body);
        assert_eq!(inside(&demo, &mut browser).await, [""; 0]);
    }
}

// ── A party with a habit starts it ────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn every_habit_starts_a_logout_of_its_own() {
    for habit in [
        "never-answers",
        "answers-error",
        "post-only",
        "answers-at-request-address",
    ] {
        for (party, habits) in [("sag", sag(habit)), ("idp", idp(habit))] {
            let (demo, mut browser) = habits.logged_in().await;
            let out = browser.get(&demo.url(party, "/log-ud")).await.unwrap();
            assert_eq!(
                told(&demo, &out),
                says(party, "everywhere"),
                "{habit}: {}",
                out.body
            );
            assert_eq!(
                inside(&demo, &mut browser).await,
                [""; 0],
                "{habit} {party}"
            );
        }
    }
    for (party, habits) in [("sag", sag("not-offered")), ("idp", idp("not-offered"))] {
        let (demo, mut browser) = habits.logged_in().await;
        let out = browser.get(&demo.url(party, "/log-ud")).await.unwrap();
        assert_eq!(told(&demo, &out), says(party, "here"));
        assert_eq!(inside(&demo, &mut browser).await.len(), 2);
        assert!(!went_by(&browser, &demo.url("hub", "/")));
    }
}

/// It calls the hub itself. Without a browser the hub can tell those only who take calls.
#[tokio::test]
async fn soap_only_starts_it_without_the_browser() {
    let all = Habits {
        idp: "soap-only",
        sag: "soap-only",
        portal: "soap-only",
    };
    for (party, habits, word, left) in [
        ("sag", all, "everywhere", &[][..]),
        ("idp", all, "everywhere", &[]),
        ("sag", sag("soap-only"), "partly", &["idp", "portal"]),
        ("idp", idp("soap-only"), "partly", &["sag", "portal"]),
    ] {
        let (demo, mut browser) = habits.logged_in().await;
        let out = browser.get(&demo.url(party, "/log-ud")).await.unwrap();
        assert_eq!(
            told(&demo, &out),
            says(party, word),
            "{party}: {}",
            out.body
        );
        assert!(!went_by(&browser, &demo.url("hub", "/")));
        assert_eq!(inside(&demo, &mut browser).await, left, "{party}");
    }
}

// ── What a party does not believe ─────────────────────────────────────────────────────────────────────

/// The NameID that everybody knows Totte by.
fn totte() -> NameId {
    NameId {
        value: "C=DK,O=11111111,CN=Totte Prøve,Serial=e0000000-0000-4000-8000-000000000001".into(),
        format: Some("urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName".into()),
        name_qualifier: None,
        sp_name_qualifier: None,
    }
}

fn request(demo: &Demo, to: &str) -> LogoutRequest {
    LogoutRequest {
        id: format!("_{}", random_hex::<16>()),
        version: "2.0".into(),
        issue_instant: demo.app.clock.now(),
        destination: Some(to.into()),
        consent: None,
        issuer: Some(demo.app.hub().entity_id.clone()),
        issuer_format: None,
        reason: None,
        not_on_or_after: None,
        name_id: Some(totte()),
        session_indexes: Vec::new(),
    }
}

fn by_redirect(request: &LogoutRequest, to: &str, key: Option<&SigningKey>) -> String {
    let message = request.to_element().render();
    match redirect(to, MessageField::Request, &message, None, key) {
        Outbound::Redirect { url } => url,
        _ => panic!("a redirect"),
    }
}

#[tokio::test]
async fn a_request_that_the_hub_did_not_sign_for_this_party_ends_nothing() {
    for party in ["sag", "idp"] {
        let (demo, mut browser) = ANSWERING.logged_in().await;
        let hub = demo.app.hub();
        let (own, others) = match party {
            "sag" => (&hub.idp.signing, "portal"),
            _ => (&hub.sp.signing, "sag"),
        };
        let stranger = vejviser::config::pki::ring("fiktiv-ny").unwrap();
        let stranger = vejviser::hub::keys::RoleKeys::of(&stranger.active)
            .signing
            .clone();
        let to = demo.url(party, "/slo");
        let good = request(&demo, &to);
        let of = |change: &dyn Fn(&mut LogoutRequest)| {
            let mut changed = request(&demo, &to);
            change(&mut changed);
            changed
        };
        let elsewhere = of(&|one| one.destination = Some(demo.url(others, "/slo")));
        let old = of(&|one| one.issue_instant -= Duration::minutes(20));
        let ended = of(&|one| one.not_on_or_after = Some(one.issue_instant - Duration::minutes(9)));
        let issuer = of(&|one| one.issuer = Some("https://other.example".into()));
        let nobody = of(&|one| one.name_id = None);
        for (check, sent) in [
            ("SLO-003", by_redirect(&good, &to, None)),
            ("SLO-004", by_redirect(&good, &to, Some(&stranger))),
            ("SLO-006", by_redirect(&elsewhere, &to, Some(own))),
            ("SLO-007", by_redirect(&old, &to, Some(own))),
            ("SLO-008", by_redirect(&ended, &to, Some(own))),
            ("SLO-002", by_redirect(&issuer, &to, Some(own))),
            ("SLO-009", by_redirect(&nobody, &to, Some(own))),
        ] {
            let page = Browser::new().get(&sent).await.unwrap();
            assert_eq!(page.status, 403, "{party} {check}");
            assert!(
                page.body.contains("<h1>Logout mislykkedes</h1>"),
                "{}",
                page.body
            );
            let row = format!("data-check=\"{check}\"");
            assert!(page.body.contains(&row), "{party} {check}: {}", page.body);
        }
        for junk in ["", "?SAMLRequest=x", "?SAMLResponse=x"] {
            let page = browser.get(&format!("{to}{junk}")).await.unwrap();
            assert_eq!(page.status, 400, "{junk}");
            assert!(page.body.contains("kan ikke læses"), "{}", page.body);
        }
        assert_eq!(inside(&demo, &mut browser).await, ["idp", "sag", "portal"]);
        // Another user's, or another session's: nothing ends, and nothing is wrong with it.
        let somebody = of(&|one| one.name_id.as_mut().unwrap().value.push('x'));
        let index = of(&|one| one.session_indexes = vec!["_another".into()]);
        for other in [somebody, index] {
            let mut browser = Browser::new().stopping_before(&demo.url("hub", "/"));
            let sent = by_redirect(&other, &to, Some(own));
            let answer = browser.get(&sent).await;
            assert!(answer.is_err() || answer.unwrap().status.is_redirection());
        }
        assert_eq!(inside(&demo, &mut browser).await, ["idp", "sag", "portal"]);
        let mut hubs = Browser::new().stopping_before(&demo.url("hub", "/"));
        let _ = hubs.get(&by_redirect(&good, &to, Some(own))).await;
        assert!(!inside(&demo, &mut browser).await.contains(&party));
    }
}

#[tokio::test]
async fn a_binding_that_metadata_does_not_offer_is_refused_with_words() {
    let (demo, mut browser) = sag("post-only").logged_in().await;
    let to = demo.url("sag", "/slo");
    let hub = demo.app.hub();
    let sent = by_redirect(&request(&demo, &to), &to, Some(&hub.idp.signing));
    let page = browser.get(&sent).await.unwrap();
    assert_eq!(page.status, 400);
    assert!(page.body.contains("Dens metadata siger"), "{}", page.body);
    assert_eq!(inside(&demo, &mut browser).await.len(), 3);
}

/// A browser that has just left `party`, and stands before the hub: the request's `ID`, and RelayState.
async fn leaving(demo: &Demo, browser: &mut Browser, party: &str) -> (String, String) {
    let mut stopping = Browser::new().stopping_before(&demo.url("hub", "/"));
    stopping.take_cookies_of(browser);
    let _ = stopping.get(&demo.url(party, "/log-ud")).await;
    let hop = stopping.hops().last().expect("a hop");
    let location = hop.location.as_deref().expect("a redirect");
    let query = location.split_once('?').unwrap().1;
    let decoded = vejviser::saml::binding::decode_redirect(query).unwrap();
    let document = vejviser::xml::Document::parse(&decoded.xml).unwrap();
    let request = LogoutRequest::read(document.root()).unwrap();
    assert_eq!(request.name_id, Some(totte()));
    assert_eq!(request.session_indexes.len(), 1);
    (request.id, decoded.relay_state.unwrap())
}

#[tokio::test]
async fn an_answer_that_is_not_the_hubs_to_this_request_is_explained() {
    for party in ["sag", "idp"] {
        let (demo, mut browser) = ANSWERING.logged_in().await;
        let hub = demo.app.hub();
        let own = match party {
            "sag" => &hub.idp.signing,
            _ => &hub.sp.signing,
        };
        let stranger = vejviser::config::pki::ring("fiktiv-ny").unwrap();
        let stranger = vejviser::hub::keys::RoleKeys::of(&stranger.active)
            .signing
            .clone();
        let (id, relay_state) = leaving(&demo, &mut browser, party).await;
        let to = demo.url(party, "/slo-svar");
        let answer = |answers: &str, destination: &str, status: Status| LogoutResponse {
            id: format!("_{}", random_hex::<16>()),
            version: "2.0".into(),
            issue_instant: demo.app.clock.now(),
            in_response_to: Some(answers.into()),
            destination: Some(destination.into()),
            consent: None,
            issuer: Some(hub.entity_id.clone()),
            issuer_format: None,
            status,
        };
        let sent = |response: &LogoutResponse, relay_state: &str, key: Option<&SigningKey>| {
            let message = response.to_element().render();
            let state = Some(relay_state);
            match redirect(&to, MessageField::Response, &message, state, key) {
                Outbound::Redirect { url } => url,
                _ => panic!("a redirect"),
            }
        };
        let good = answer(&id, &to, Status::success());
        let other = answer("_other", &to, Status::success());
        let elsewhere = answer(&id, &demo.url(party, "/slo"), Status::success());
        for (words, url) in [
            (
                "Der ventes ikke på dette svar",
                sent(&other, &relay_state, Some(own)),
            ),
            ("data-check=\"SLO-003\"", sent(&good, &relay_state, None)),
            (
                "data-check=\"SLO-004\"",
                sent(&good, &relay_state, Some(&stranger)),
            ),
            (
                "data-check=\"SLO-006\"",
                sent(&elsewhere, &relay_state, Some(own)),
            ),
            (
                "RelayState did not come back",
                sent(&good, "other", Some(own)),
            ),
        ] {
            let page = browser.get(&url).await.unwrap();
            assert_eq!(page.status, 403, "{words}");
            assert!(page.body.contains(words), "{words}: {}", page.body);
            assert!(
                page.body.contains("<h1>Logout mislykkedes</h1>")
                    && !page.body.contains("Logget ind")
            );
        }
        for junk in ["", "?SAMLResponse=x", "?SAMLRequest=x"] {
            let page = browser.get(&format!("{to}{junk}")).await.unwrap();
            assert_eq!(page.status, 400, "{junk}");
        }
        // Junk used nothing up: a refusal of the hub is its word, and the right answer counts once.
        let denied = Status::refusal(status::REQUESTER, Some(status::REQUEST_DENIED), "");
        let url = sent(&answer(&id, &to, denied), &relay_state, Some(own));
        let page = browser.get(&url).await.unwrap();
        assert_eq!(told(&demo, &page), says(party, "refused"), "{}", page.body);
        assert!(page.body.contains("(RequestDenied)"));
        let page = browser
            .get(&sent(&good, &relay_state, Some(own)))
            .await
            .unwrap();
        assert!(page.body.contains("Der ventes ikke på dette svar"));
    }
}

#[tokio::test]
async fn a_call_that_is_no_request_of_the_hub_gets_a_fault_and_ends_nothing() {
    let (demo, mut browser) = sag("soap-only").logged_in().await;
    let to = demo.url("sag", "/slo-soap");
    let hub = demo.app.hub();
    let good = request(&demo, &to);
    let (element, id) = (good.to_element(), good.id.clone());
    let stranger = vejviser::config::pki::ring("fiktiv-ny").unwrap();
    let stranger = vejviser::hub::keys::RoleKeys::of(&stranger.active)
        .signing
        .clone();
    let by = |key: &SigningKey| {
        vejviser::saml::binding::soap::envelope(&sign(&element, &id, Place::AfterIssuer, key))
    };
    let unsigned = vejviser::saml::binding::soap::envelope(&element.render());
    for (body, words) in [
        ("junk".to_owned(), "Fault"),
        (unsigned, "SLO-003"),
        (by(&stranger), "SLO-004"),
    ] {
        let (status, answer) = call(&to, body).await;
        assert_eq!(status, 500, "{answer}");
        assert!(
            answer.contains("Fault") && answer.contains(words),
            "{answer}"
        );
    }
    assert_eq!(inside(&demo, &mut browser).await.len(), 3);
    let (status, answer) = call(&to, by(&hub.idp.signing)).await;
    assert_eq!(status, 200, "{answer}");
    assert!(
        answer.contains("LogoutResponse") && answer.contains(&id),
        "{answer}"
    );
    assert_eq!(inside(&demo, &mut browser).await, ["idp", "portal"]);
}

/// A call by SOAP.
async fn call(to: &str, body: String) -> (u16, String) {
    let url = url::Url::parse(to).unwrap();
    let (host, path) = (url.authority().to_owned(), url.path().to_owned());
    let port = url.port().unwrap();
    let asked = tokio::task::spawn_blocking(move || {
        use std::io::{Read as _, Write as _};
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        let length = body.len();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = asked.await.unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer)
}

/// A form that posts a signed message is what a system by POST sends; the page must let the hub send the browser on.
#[tokio::test]
async fn a_page_that_posts_an_answer_lets_the_hub_send_the_browser_on() {
    let (demo, _) = sag("post-only").logged_in().await;
    let to = demo.url("sag", "/slo");
    let hub = demo.app.hub();
    let good = request(&demo, &to);
    let message = sign(
        &good.to_element(),
        &good.id,
        Place::AfterIssuer,
        &hub.idp.signing,
    );
    let Outbound::Post { message, .. } = post(&to, MessageField::Request, &message, None) else {
        panic!("a form")
    };
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("SAMLRequest", &message)
        .finish();
    let (status, answer) = call_form(&to, form).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("name=\"SAMLResponse\""), "{answer}");
    let policy = answer
        .lines()
        .find(|line| {
            line.to_ascii_lowercase()
                .starts_with("content-security-policy")
        })
        .expect("a policy");
    assert!(
        !policy.contains(&format!("form-action {}", demo.public_url())),
        "{policy}"
    );
}

async fn call_form(to: &str, body: String) -> (u16, String) {
    let url = url::Url::parse(to).unwrap();
    let (host, path, port) = (
        url.authority().to_owned(),
        url.path().to_owned(),
        url.port().unwrap(),
    );
    let asked = tokio::task::spawn_blocking(move || {
        use std::io::{Read as _, Write as _};
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        let length = body.len();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = asked.await.unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}
