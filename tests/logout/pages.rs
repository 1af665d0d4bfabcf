//! The page `/log-ud`, and what a browser without its cookie reads.

use super::stage::*;
use super::{IDP_SLO, SECOND_SLO, SYSTEM_SLO, begun};
use crate::support::world::{IDP, SYSTEM};
use axum::http::StatusCode;
use time::Duration;
use vejviser::edge::journal::State;
use vejviser::saml::Status;

const BUTTON: &str = "Log ud overalt";
const NO_COOKIE: &str = "Vi kan ikke se, hvilke sessioner denne browser har";

#[tokio::test]
async fn the_user_logs_out_on_the_hubs_page() {
    let stage = Stage::logged_in().await;
    let page = stage.get("/log-ud", true).await;
    for said in [
        "Prøvekøbing Kommune",
        "Sagssystemet",
        "Postsystemet",
        BUTTON,
    ] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    // Looking changes nothing, and no other site can press the button.
    let strange = stage.post_from("/log-ud", &[], true, "cross-site").await;
    assert_eq!(strange.status, StatusCode::FORBIDDEN);
    assert_eq!(stage.sessions().await.len(), 1);
    let asked = stage.post("/log-ud", &[], true).await.asks(SYSTEM_SLO);
    let under_way = stage.get("/log-ud", true).await;
    assert!(
        under_way
            .body
            .contains("Vi venter på svar fra Sagssystemet"),
        "{}",
        under_way.body
    );
    let came = stage
        .answers(SYSTEM, SIGNOFF, &asked, Status::success())
        .await;
    let asked = came.asks(SECOND_SLO);
    let came = stage
        .answers(SECOND, SIGNOFF, &asked, Status::success())
        .await;
    let asked = came.asks(IDP_SLO);
    let came = stage
        .answers(IDP, SIGNOFF_RESPONSE, &asked, Status::success())
        .await;
    let to = came.location().unwrap().to_owned();
    assert!(to.starts_with("/log-ud?flow="), "{to}");
    let page = stage.get(&to, true).await;
    assert!(
        page.body.contains("<h1>Du er logget ud</h1>"),
        "{}",
        page.body
    );
    assert_eq!(
        page.body.matches("badge long pass").count(),
        3,
        "{}",
        page.body
    );
    assert_eq!(stage.flow().state, State::LoggedOut);
    // There is nothing more to press, and pressing all the same ends on the page.
    assert!(!page.body.contains(BUTTON));
    let again = stage.post("/log-ud", &[], true).await;
    assert_eq!(again.location(), Some("/log-ud"));
}

#[tokio::test]
async fn somebody_who_never_answers_is_passed_over_when_the_time_is_up() {
    let mut stage = Stage::logged_in().await;
    begun(&stage).await.asks(SECOND_SLO);
    let flow = stage.flow().id.to_string();
    let page = format!("/log-ud?flow={flow}");
    let early = stage.get(&page, true).await;
    assert!(
        early.body.contains("Vi venter på svar fra Postsystemet"),
        "{}",
        early.body
    );
    let too_early = stage.post("/log-ud", &[("flow", &flow)], true).await;
    assert_eq!(too_early.location(), Some(page.as_str()));
    stage.move_clock(Duration::seconds(31));
    for _ in 0..2 {
        let late = stage.get(&page, true).await;
        assert!(
            late.body.contains("Fortsæt uden Postsystemet"),
            "{}",
            late.body
        );
    }
    let came = stage.post("/log-ud", &[("flow", &flow)], true).await;
    let asked = came.asks(IDP_SLO);
    let came = stage
        .answers(IDP, SIGNOFF_RESPONSE, &asked, Status::success())
        .await;
    assert!(came.body.contains("svarede ikke i tide"), "{}", came.body);
    assert!(came.body.contains("Gå tilbage til Sagssystemet"));
    let over = stage.get(&page, true).await;
    assert!(
        over.body.contains("Du er ikke logget ud overalt"),
        "{}",
        over.body
    );
    // After its ten minutes it is forgotten, and the page says so.
    stage.move_clock(Duration::minutes(11));
    let gone = stage.get(&page, true).await;
    assert!(
        gone.body.contains("Det logout kender vi ikke her"),
        "{}",
        gone.body
    );
    let pressed = stage.post("/log-ud", &[("flow", &flow)], true).await;
    assert_eq!(
        pressed.location(),
        Some(page.as_str()),
        "to a page, which is no loop"
    );
}

/// The cookie is lost: before the login's answer, at the chooser, and on every page of a logout.
#[tokio::test]
async fn a_browser_without_its_cookie_reads_why() {
    let stage = Stage::logged_in().await;
    let chooser = stage
        .get("/vaelg?flow=00000000000000000000000000", false)
        .await;
    chooser.is_page(StatusCode::FORBIDDEN, "HUB-");
    let page = stage.get("/log-ud", false).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(NO_COOKIE), "{}", page.body);
    assert!(!page.body.contains("Sagssystemet") && !page.body.contains(BUTTON));
    let pressed = stage.post("/log-ud", &[], false).await;
    assert_eq!(pressed.location(), Some("/log-ud"));
    // The logout itself needs none: every message here comes without.
    let asked = begun(&stage).await.asks(SECOND_SLO);
    let flow = stage.flow().id.to_string();
    let address = format!("/log-ud?flow={flow}");
    let page = stage.get(&address, false).await;
    assert!(page.body.contains(NO_COOKIE) && page.body.contains("Det logout kender vi ikke her"));
    assert!(!page.body.contains("Postsystemet"), "nobody else is told");
    let pressed = stage.post("/log-ud", &[("flow", &flow)], false).await;
    assert_eq!(pressed.location(), Some(address.as_str()));
    let came = stage
        .answers(SECOND, SIGNOFF, &asked, Status::success())
        .await;
    came.asks(IDP_SLO);
}

#[tokio::test]
async fn the_page_is_there_in_english_and_other_pages_lead_to_it() {
    let stage = Stage::new();
    let english = stage.get("/log-ud?lang=en", false).await;
    assert!(
        english.body.contains("We cannot see which sessions"),
        "{}",
        english.body
    );
    let english = stage.get("/log-ud?lang=en", true).await;
    assert!(
        english.body.contains("This browser has no sessions"),
        "{}",
        english.body
    );
    for path in ["/", "/mit-valg"] {
        let page = stage.get(path, false).await;
        assert!(page.body.contains("href=\"/log-ud\""), "{path}");
    }
}
