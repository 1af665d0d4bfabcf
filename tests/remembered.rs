//! “Husk mit valg” as a browser sees it: the incident of November 2024, its cure, and what becomes of cookies.

use crate::support::demo::{Demo, Went, went};
use vejviser::drill::{Browser, Page};
use vejviser::hub::settings::RememberedChoice::{self, Ch2, Safe};

/// Someone of Fiktiv Kommune logs in by the chooser, with or without a tick.
async fn logs_in(demo: &Demo, browser: &mut Browser, system: &str, idp: &str, tick: bool) -> Page {
    let chooser = start(demo, browser, system).await;
    let page = choose(demo, browser, &chooser, idp, tick).await;
    answer(browser, &page).await
}

/// The user begins at a system: the chooser, or wherever that leads.
async fn start(demo: &Demo, browser: &mut Browser, system: &str) -> Page {
    let login = demo.url(system, "/log-ind");
    browser.get(&login).await.unwrap()
}

async fn choose(demo: &Demo, browser: &mut Browser, chooser: &Page, idp: &str, tick: bool) -> Page {
    assert!(is_chooser(chooser), "{}", chooser.body);
    let idp = demo.entity_id(idp);
    let mut form = chooser
        .forms()
        .into_iter()
        .find(|form| form.choices.iter().any(|choice| choice.value == idp))
        .unwrap();
    // The page never ticks it by itself.
    assert!(form.fields.iter().all(|(name, _)| name != "husk"));
    if tick {
        form.fields.push(("husk".into(), "1".into()));
    }
    browser
        .submit(chooser, &form, Some(("idp".into(), idp)))
        .await
        .unwrap()
}

/// Jytte at whichever IdP of the municipality.
async fn answer(browser: &mut Browser, page: &Page) -> Page {
    browser.choose(page, "person", "jytte").await.unwrap()
}

fn is_chooser(page: &Page) -> bool {
    page.body.contains("name=\"husk\"")
}

fn is_at(demo: &Demo, page: &Page, site: &str) -> bool {
    page.url.as_str().starts_with(&demo.url(site, "/"))
}

fn logged_in(page: &Page) -> bool {
    matches!(went(page), Went::In(_))
}

fn check_id(page: &Page) -> &str {
    let (_, rest) = page.body.split_once("id=\"check\">").unwrap_or_default();
    rest.split('<').next().unwrap_or_default()
}

async fn chosen_by(demo: &Demo) -> String {
    demo.newest_flow().await["chosen_by"]["by"]
        .as_str()
        .unwrap_or("-")
        .to_owned()
}

#[tokio::test]
async fn november_2024_can_be_seen_and_undone() {
    let demo = Demo::start_with(Ch2).await;
    let mut browser = Browser::new();
    let page = logs_in(&demo, &mut browser, "sagssystem", "fiktiv-gammel", true).await;
    assert!(logged_in(&page), "{}", page.body);
    assert_eq!(chosen_by(&demo).await, "chooser");

    // Every system, and ForceAuthn too: straight to the old IdP.
    for login in [
        demo.url("borgerportal", "/log-ind"),
        demo.url("sagssystem", "/log-ind?force=1"),
    ] {
        let page = browser.get(&login).await.unwrap();
        assert!(
            is_at(&demo, &page, "fiktiv-gammel") || logged_in(&page),
            "{}",
            page.url
        );
        let flow = demo.newest_flow().await;
        assert_eq!(flow["chosen_by"]["by"], "memory");
        assert!(flow["chosen_by"]["since"].is_string());
    }
    let all = demo.api("/api/v1/identity-providers").await;
    let old = all["identity_providers"].as_array().unwrap().iter();
    let old = old
        .clone()
        .find(|idp| idp["name"] == "fiktiv-gammel")
        .unwrap();
    assert_eq!(
        (&old["pinned"]["uses"], &old["pinned"]["stopped"]),
        (&2.into(), &0.into())
    );

    // The municipality closes its old IdP: no chooser, a page that names the memory.
    assert!(demo.app.registry.set_active("fiktiv-gammel", false));
    let stuck = start(&demo, &mut browser, "sagssystem").await;
    assert_eq!(check_id(&stuck), "HUB-C-006");
    assert!(stuck.body.contains("/mit-valg"));
    let flow = demo.newest_flow().await;
    assert_eq!(
        (&flow["outcome"], &flow["verdict"]["check"]),
        (&"refused".into(), &"HUB-C-006".into())
    );

    // Forgotten, the user can choose, and the new IdP works.
    let mine = browser.follow(&stuck, "/mit-valg").await.unwrap();
    assert!(
        mine.body.contains("Fiktiv Kommune (gammel)"),
        "{}",
        mine.body
    );
    let forgotten = browser.submit_first(&mine).await.unwrap();
    assert!(
        forgotten.url.query().unwrap().contains("glemt=1"),
        "{}",
        forgotten.url
    );
    let page = logs_in(&demo, &mut browser, "sagssystem", "fiktiv-ny", false).await;
    assert!(logged_in(&page));
}

#[tokio::test]
async fn the_cure_follows_the_municipality() {
    let demo = Demo::start_with(Safe).await;
    let mut browser = Browser::new();
    demo.app.registry.set_active("fiktiv-ny", false);
    let page = logs_in(&demo, &mut browser, "sagssystem", "fiktiv-gammel", true).await;
    assert!(logged_in(&page), "{}", page.body);
    let again = start(&demo, &mut browser, "sagssystem").await;
    assert!(
        is_at(&demo, &again, "fiktiv-gammel") || logged_in(&again),
        "{}",
        again.url
    );
    assert_eq!(chosen_by(&demo).await, "memory");
    if !logged_in(&again) {
        assert!(logged_in(&answer(&mut browser, &again).await));
    }

    // It moves. The user notices nothing but another login page.
    demo.app.registry.set_active("fiktiv-ny", true);
    demo.app.registry.set_active("fiktiv-gammel", false);
    let moved = start(&demo, &mut browser, "sagssystem").await;
    assert!(is_at(&demo, &moved, "fiktiv-ny"), "{}", moved.url);
    assert!(logged_in(&answer(&mut browser, &moved).await));
    // The choice was for that system alone.
    let other = start(&demo, &mut browser, "borgerportal").await;
    assert!(is_chooser(&other));
}

#[tokio::test]
async fn an_automatic_login_that_did_not_come_back_is_asked_next_time() {
    let demo = Demo::start_with(Safe).await;
    let mut browser = Browser::new();
    let chooser = start(&demo, &mut browser, "sagssystem").await;
    let page = choose(&demo, &mut browser, &chooser, "testrup", true).await;
    assert!(logged_in(
        &browser.choose(&page, "person", "gert").await.unwrap()
    ));
    // The IdP knows the user already and answers by itself; asked anew it waits.
    browser.get(&demo.url("testrup", "/log-ud")).await.unwrap();
    let waits = start(&demo, &mut browser, "sagssystem").await;
    assert!(is_at(&demo, &waits, "testrup"), "{}", waits.url);
    // The user gives up, and starts again.
    let asked = start(&demo, &mut browser, "sagssystem").await;
    assert!(is_chooser(&asked));
    assert!(
        asked.body.contains("blev ikke gennemført"),
        "{}",
        asked.body
    );
    // The same choice without a tick comes back, and memory holds again.
    let page = choose(&demo, &mut browser, &asked, "testrup", false).await;
    assert!(logged_in(
        &browser.choose(&page, "person", "gert").await.unwrap()
    ));
    let page = start(&demo, &mut browser, "sagssystem").await;
    assert!(
        logged_in(&page) || is_at(&demo, &page, "testrup"),
        "{}",
        page.url
    );
}

#[tokio::test]
async fn the_service_desks_link_frees_and_only_when_opened() {
    let demo = Demo::start_with(Ch2).await;
    let mut browser = Browser::new();
    logs_in(&demo, &mut browser, "sagssystem", "fiktiv-ny", true).await;
    for _ in 0..2 {
        let page = browser
            .get(&demo.url("hub", "/mit-valg/glem"))
            .await
            .unwrap();
        assert!(page.status.is_success(), "idempotent");
    }
    assert!(
        browser
            .cookie("hub.localhost", "__Host-vejviser-valg")
            .is_none()
    );
    let page = start(&demo, &mut browser, "sagssystem").await;
    assert!(is_chooser(&page));
}

#[tokio::test]
async fn each_row_forgets_itself() {
    let demo = Demo::start_with(Safe).await;
    let mut browser = Browser::new();
    for system in ["sagssystem", "borgerportal"] {
        logs_in(&demo, &mut browser, system, "fiktiv-ny", true).await;
        browser
            .get(&demo.url("fiktiv-ny", "/log-ud"))
            .await
            .unwrap();
    }
    let mine = browser.get(&demo.url("hub", "/mit-valg")).await.unwrap();
    for name in ["Sagssystemet", "Borgerportalen", "Fiktiv Kommune"] {
        assert!(mine.body.contains(name), "{name} in {}", mine.body);
    }
    let key = demo.entity_id("borgerportal");
    let form = mine
        .forms()
        .into_iter()
        .find(|form| form.fields.contains(&("key".into(), key.clone())))
        .unwrap();
    let after = browser.submit(&mine, &form, None).await.unwrap();
    assert!(
        after.body.contains("autofocus"),
        "the focus goes to the row that is left"
    );
    let kept = start(&demo, &mut browser, "sagssystem").await;
    assert!(is_at(&demo, &kept, "fiktiv-ny"), "{}", kept.url);
    let asked = start(&demo, &mut browser, "borgerportal").await;
    assert!(is_chooser(&asked));
}

// ── Cookies as browsers treat them ────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn a_browser_that_lost_our_cookie_is_told_so_in_words() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    let chooser = start(&demo, &mut browser, "sagssystem").await;
    // At the chooser: another browser opens the address, and presses a button.
    let mut other = Browser::new();
    let lost = other.get(chooser.url.as_str()).await.unwrap();
    assert_eq!(check_id(&lost), "HUB-F-003");
    assert!(lost.body.contains("cookie") && lost.body.contains("localhost"));
    let lost = other
        .choose(&chooser, "idp", &demo.entity_id("testrup"))
        .await
        .unwrap();
    assert_eq!(check_id(&lost), "HUB-F-003");
    // At the answer: nothing is lost for the right browser.
    let page = browser
        .choose(&chooser, "idp", &demo.entity_id("testrup"))
        .await
        .unwrap();
    let lost = other.choose(&page, "person", "gert").await.unwrap();
    assert_eq!(check_id(&lost), "HUB-F-003", "{}", lost.body);
    let page = browser.choose(&page, "person", "gert").await.unwrap();
    assert!(logged_in(&page), "{}", page.body);
}

#[tokio::test]
async fn two_tabs_of_a_new_browser_both_succeed() {
    let demo = Demo::start().await;
    // Both requests leave before either has a cookie.
    let (mut one, mut two) = (Browser::new(), Browser::new());
    let first = start(&demo, &mut one, "sagssystem").await;
    let second = start(&demo, &mut two, "borgerportal").await;
    one.share_cookies_with(&mut two);
    let first = one
        .choose(&first, "idp", &demo.entity_id("testrup"))
        .await
        .unwrap();
    one.share_cookies_with(&mut two);
    let second = two
        .choose(&second, "idp", &demo.entity_id("eksempelstrup"))
        .await
        .unwrap();
    let first = one.choose(&first, "person", "gert").await.unwrap();
    let second = two.choose(&second, "person", "anna").await.unwrap();
    assert!(
        logged_in(&first) && logged_in(&second),
        "{} {}",
        first.url,
        second.url
    );
}

#[tokio::test]
async fn nothing_that_a_user_does_twice_ends_on_a_blank_page() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    let chooser = start(&demo, &mut browser, "sagssystem").await;
    let idp = demo.entity_id("testrup");
    let page = browser.choose(&chooser, "idp", &idp).await.unwrap();
    // Back, and the same button again: the IdP is asked anew, and the older question is void.
    let again = browser.choose(&chooser, "idp", &idp).await.unwrap();
    assert!(is_at(&demo, &again, "testrup"));
    let late = browser.choose(&page, "person", "gert").await.unwrap();
    assert_eq!(check_id(&late), "IDP-R-002", "{}", late.body);
    let done = browser.choose(&again, "person", "gert").await.unwrap();
    assert!(logged_in(&done));
    // The answer once more, by a button or by “reload”.
    let twice = browser.choose(&again, "person", "gert").await.unwrap();
    assert_eq!(check_id(&twice), "IDP-R-002");
    // Back to the chooser of a login that is over.
    let over = browser.get(chooser.url.as_str()).await.unwrap();
    assert_eq!(check_id(&over), "HUB-F-001");
    let over = browser.choose(&chooser, "idp", &idp).await.unwrap();
    assert_eq!(check_id(&over), "HUB-F-001");
}

#[tokio::test]
async fn a_memory_that_is_junk_is_none_and_does_no_harm() {
    for mode in [Ch2, Safe] as [RememberedChoice; 2] {
        let demo = Demo::start_with(mode).await;
        for junk in [
            "",
            "x",
            "%00%ff",
            "\"><script>alert(1)</script>",
            &"A".repeat(4000),
        ] {
            let mut browser = Browser::new();
            browser.set_cookie("hub.localhost", "__Host-vejviser-valg", junk);
            let page = start(&demo, &mut browser, "sagssystem").await;
            assert!(is_chooser(&page), "{junk}");
            let mine = browser.get(&demo.url("hub", "/mit-valg")).await.unwrap();
            assert!(mine.status.is_success() && !mine.body.contains("<script>alert"));
        }
    }
}
