//! Whole logins through the demo, as a browser sees them: system, hub, IdP and back.

use crate::support::demo::{Demo, Went, went};
use vejviser::drill::Browser;
use vejviser::saml::names::status;

fn level(text: &str) -> Went {
    Went::In(text.to_owned())
}

fn status_code(text: &str) -> Went {
    Went::Status(text.to_owned())
}

#[tokio::test]
async fn the_first_choice_on_every_page_succeeds_for_every_system() {
    let demo = Demo::start().await;
    for system in ["sagssystem", "borgerportal"] {
        let mut browser = Browser::new();
        let chooser = browser.get(&demo.url(system, "/log-ind")).await.unwrap();
        let people = browser.submit_first(&chooser).await.unwrap();
        let page = browser.submit_first(&people).await.unwrap();
        assert!(
            matches!(went(&page), Went::In(_)),
            "{system}: {}",
            page.body
        );
        assert_eq!(page.url.as_str(), demo.url(system, "/"));
        assert!(page.links().contains(&demo.url(system, "/log-ud")));
        let out = browser.follow(&page, "/log-ud").await.unwrap();
        assert!(out.body.contains("<h1>Logget ud</h1>") && !out.body.contains("Logged out"));
        let english = browser.get(&demo.url(system, "/log-ud?lang=en")).await;
        assert!(english.unwrap().body.contains("<h1>Logged out</h1>"));
        let front = browser.get(&demo.url(system, "/")).await.unwrap();
        assert_eq!(
            went(&front),
            Went::Page(
                front
                    .body
                    .split("<h1>")
                    .nth(1)
                    .unwrap()
                    .split('<')
                    .next()
                    .unwrap()
                    .to_owned()
            )
        );
    }
}

/// Every person of every IdP at both systems. The reasons, by column: OS2faktor and the plain IdP know who
/// has an NSIS identity; AD FS never lets anybody without a second factor past `multipleauthn`; an IdP that
/// can only state NIST is not asked for NSIS at all. OS2faktor's own refusals have no second-level code.
#[tokio::test]
async fn everybody_everywhere() {
    let demo = Demo::start().await;
    let table = [
        // idp, person, the NIST 3 system, the NSIS Substantial system
        ("eksempelstrup", "anna", level("3"), level("Substantial")),
        ("eksempelstrup", "bo", status_code("-"), status_code("-")),
        (
            "eksempelstrup",
            "carla",
            level("3"),
            status_code("NoAuthnContext"),
        ),
        (
            "provekobing-adfs",
            "dorte",
            level("3"),
            status_code("NoAuthnContext"),
        ),
        (
            "provekobing-adfs",
            "erik",
            status_code("AuthnFailed"),
            status_code("NoAuthnContext"),
        ),
        (
            "provekobing-adfs",
            "freja",
            level("3"),
            status_code("NoAuthnContext"),
        ),
        ("testrup", "gert", level("4"), level("High")),
        (
            "testrup",
            "hanne",
            status_code("NoAuthnContext"),
            status_code("NoAuthnContext"),
        ),
        (
            "testrup",
            "ib",
            status_code("NoAuthnContext"),
            status_code("NoAuthnContext"),
        ),
        ("fiktiv-gammel", "jytte", level("3"), level("Substantial")),
        (
            "fiktiv-gammel",
            "karl",
            status_code("AuthnFailed"),
            status_code("AuthnFailed"),
        ),
        (
            "fiktiv-gammel",
            "lise",
            level("3"),
            status_code("NoAuthnContext"),
        ),
        ("fiktiv-ny", "jytte", level("3"), level("Substantial")),
        (
            "fiktiv-ny",
            "karl",
            status_code("NoAuthnContext"),
            status_code("NoAuthnContext"),
        ),
        (
            "fiktiv-ny",
            "lise",
            status_code("NoAuthnContext"),
            status_code("NoAuthnContext"),
        ),
    ];
    let mut wrong = Vec::new();
    for (idp, person, nist, nsis) in table {
        for (system, expected) in [("sagssystem", nist), ("borgerportal", nsis)] {
            let mut browser = Browser::new();
            let mut found = demo.log_in(&mut browser, system, idp, person).await;
            if matches!(&found, Went::Page(heading) if heading.contains("anden faktor")) {
                // AD FS leaves them standing there; a script gets the answer of whoever cancels.
                found = by_script(&demo, system, idp, person).await;
            }
            if found != expected {
                wrong.push(format!(
                    "{idp}/{person} at {system}: {found:?}, expected {expected:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `?autologin=` behind the address that the hub redirects to.
async fn by_script(demo: &Demo, system: &str, idp: &str, person: &str) -> Went {
    let mut browser = Browser::new();
    let login = demo
        .to_idp(&mut browser, &demo.url(system, "/log-ind"), idp)
        .await
        .unwrap();
    went(
        &browser
            .get(&format!("{}&autologin={person}", login.url))
            .await
            .unwrap(),
    )
}

#[tokio::test]
async fn a_script_logs_in_without_a_page() {
    let demo = Demo::start().await;
    assert_eq!(
        by_script(&demo, "sagssystem", "eksempelstrup", "anna").await,
        level("3")
    );
}

#[tokio::test]
async fn two_logins_in_one_browser_do_not_disturb_each_other() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    let first = demo
        .to_idp(
            &mut browser,
            &demo.url("sagssystem", "/log-ind"),
            "eksempelstrup",
        )
        .await
        .unwrap();
    let second = demo
        .to_idp(
            &mut browser,
            &demo.url("borgerportal", "/log-ind"),
            "testrup",
        )
        .await
        .unwrap();
    let third = demo
        .to_idp(
            &mut browser,
            &demo.url("sagssystem", "/log-ind"),
            "fiktiv-ny",
        )
        .await
        .unwrap();
    let page = browser.choose(&third, "person", "jytte").await.unwrap();
    assert_eq!(went(&page), level("3"));
    let page = browser.choose(&second, "person", "gert").await.unwrap();
    assert_eq!(went(&page), level("High"));
    let page = browser.choose(&first, "person", "anna").await.unwrap();
    assert_eq!(went(&page), level("3"));
    assert!(page.body.contains("Anna Eksempel"));
}

#[tokio::test]
async fn an_idp_session_answers_until_a_login_is_forced() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    assert_eq!(
        demo.log_in(&mut browser, "sagssystem", "eksempelstrup", "anna")
            .await,
        level("3")
    );
    let page = demo
        .to_idp(
            &mut browser,
            &demo.url("borgerportal", "/log-ind"),
            "eksempelstrup",
        )
        .await
        .unwrap();
    assert_eq!(went(&page), level("Substantial"), "single sign-on");
    let page = demo
        .to_idp(
            &mut browser,
            &demo.url("borgerportal", "/log-ind?force=1"),
            "eksempelstrup",
        )
        .await
        .unwrap();
    let page = browser.choose(&page, "person", "anna").await.unwrap();
    assert_eq!(went(&page), level("Substantial"));
}

#[tokio::test]
async fn a_level_too_low_is_told_to_the_system_and_judged_in_the_journal() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    assert_eq!(
        demo.log_in(&mut browser, "borgerportal", "eksempelstrup", "carla")
            .await,
        status_code("NoAuthnContext")
    );
    let flow = demo.newest_flow().await;
    assert_eq!(flow["outcome"], "refused");
    assert_eq!(flow["verdict"]["check"], "IDP-R-036", "{}", flow["verdict"]);
    assert_eq!(flow["verdict"]["actor"], "identity-provider");
    assert_eq!(flow["idp"], demo.entity_id("eksempelstrup"));
}

#[tokio::test]
async fn what_an_idp_refuses_reaches_the_system_as_a_refusal() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    let page = demo
        .to_idp(
            &mut browser,
            &demo.url("sagssystem", "/log-ind"),
            "eksempelstrup",
        )
        .await
        .unwrap();
    let page = browser.choose(&page, "cancel", "1").await.unwrap();
    assert_eq!(
        page.result_value("data-status").as_deref(),
        Some(status::RESPONDER)
    );
    assert!(matches!(went(&page), Went::Status(_)));
    assert_eq!(demo.newest_flow().await["outcome"], "refused");
}

/// Stops where the IdP's page would post its Response by itself.
async fn idp_response(demo: &Demo, browser: &mut Browser) -> vejviser::drill::Page {
    let login = demo.url("sagssystem", "/log-ind");
    let page = demo.to_idp(browser, &login, "eksempelstrup").await.unwrap();
    let page = browser.choose(&page, "person", "anna").await.unwrap();
    assert!(page.forms()[0].automatic && page.url.host_str() == Some("eksempelstrup.localhost"));
    page
}

#[tokio::test]
async fn another_browser_cannot_bring_the_answer() {
    let demo = Demo::start().await;
    let mut victim = Browser::without_scripts();
    let answer = idp_response(&demo, &mut victim).await;
    let form = answer.forms().remove(0);
    let mut thief = Browser::new();
    let page = thief.submit(&answer, &form, None).await.unwrap();
    assert_eq!(page.url.host_str(), Some("hub.localhost"));
    assert!(matches!(went(&page), Went::Page(_)));
    // Nothing was consumed: the browser that began goes on.
    let page = victim.submit(&answer, &form, None).await.unwrap();
    let page = victim.submit(&page, &page.forms()[0], None).await.unwrap();
    assert_eq!(went(&page), level("3"));
}

#[tokio::test]
async fn an_answer_is_good_once() {
    let demo = Demo::start().await;
    let mut browser = Browser::without_scripts();
    let answer = idp_response(&demo, &mut browser).await;
    let form = answer.forms().remove(0);
    let issued = browser.submit(&answer, &form, None).await.unwrap();
    let again = browser.submit(&answer, &form, None).await.unwrap();
    assert!(again.forms().is_empty(), "nothing is issued twice");
    assert!(matches!(went(&again), Went::Page(_)));

    let page = browser
        .submit(&issued, &issued.forms()[0], None)
        .await
        .unwrap();
    assert_eq!(went(&page), level("3"));
    // The system, too, takes the hub's answer once.
    let page = browser
        .submit(&issued, &issued.forms()[0], None)
        .await
        .unwrap();
    assert!(matches!(went(&page), Went::Page(_)), "{}", page.body);
}

#[tokio::test]
async fn the_hubs_answer_belongs_to_the_browser_that_began() {
    let demo = Demo::start().await;
    let mut browser = Browser::without_scripts();
    let answer = idp_response(&demo, &mut browser).await;
    let issued = browser
        .submit(&answer, &answer.forms()[0], None)
        .await
        .unwrap();
    let page = Browser::new()
        .submit(&issued, &issued.forms()[0], None)
        .await
        .unwrap();
    assert!(matches!(went(&page), Went::Page(_)));
}

#[tokio::test]
async fn an_old_answer_is_refused() {
    let demo = Demo::start().await;
    let mut browser = Browser::without_scripts();
    let answer = idp_response(&demo, &mut browser).await;
    demo.move_clock(time::Duration::minutes(20));
    let page = browser
        .submit(&answer, &answer.forms()[0], None)
        .await
        .unwrap();
    let page = match page.forms().first() {
        Some(form) => browser.submit(&page, form, None).await.unwrap(),
        None => page,
    };
    assert!(!matches!(went(&page), Went::In(_)));
}

/// A user who reads English: every page on the way, and the first choice still succeeds.
#[tokio::test]
async fn a_login_in_english_is_english_on_every_page() {
    let demo = Demo::start().await;
    for system in ["sagssystem", "borgerportal"] {
        let mut browser = Browser::new().speaking("en-GB,en;q=0.9,da;q=0.5");
        let chooser = browser.get(&demo.url(system, "/log-ind")).await.unwrap();
        let people = browser.submit_first(&chooser).await.unwrap();
        let page = browser.submit_first(&people).await.unwrap();
        for page in [&chooser, &people, &page] {
            assert!(page.body.contains("<html lang=\"en\">"), "{}", page.url);
            for danish in ["Testmiljø", "Vælg", "Log ind", "Logget ind", "Afbryd"] {
                assert!(!page.body.contains(danish), "{danish} at {}", page.url);
            }
        }
        assert!(page.body.contains("<h1>Logged in</h1>"));
        assert!(matches!(went(&page), Went::In(_)));
        assert!(page.links().contains(&demo.url(system, "/log-ud")));
    }
}

/// The link in the header leads to the same step of the same login, and later pages keep the language.
#[tokio::test]
async fn the_language_can_be_changed_in_the_middle_of_a_login() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    let login = demo.url("sagssystem", "/log-ind");
    let chooser = browser.get(&login).await.unwrap();
    let switch = |page: &vejviser::drill::Page| {
        let mut links = page.links().into_iter();
        links.find(|link| link.ends_with("lang=en")).unwrap()
    };
    let chooser = browser.follow(&chooser, &switch(&chooser)).await.unwrap();
    assert!(chooser.body.contains("Where do you want to log in?"));
    let idp = demo.entity_id("eksempelstrup");
    let people = browser.choose(&chooser, "idp", &idp).await.unwrap();
    // Another site: it keeps a language of its own. Its link repeats a signed address.
    assert!(people.body.contains("Hvem vil du være?"));
    let people = browser.follow(&people, &switch(&people)).await.unwrap();
    assert!(people.body.contains("Whom do you want to be?"));
    let page = browser.choose(&people, "person", "anna").await.unwrap();
    assert_eq!(went(&page), level("3"));
    let chooser = browser.get(&login).await.unwrap();
    assert!(chooser.body.contains("Where do you want to log in?"));
}
