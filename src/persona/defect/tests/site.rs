//! What is no matter of one answer: cookies, sessions, keys, logout, metadata and the request.

use super::*;
use crate::drill::system_test::Case;
use crate::dsig::{Certificate, SigningKey};
use crate::hub::keys::Generation;
use crate::hub::lint::{Circumstances, LintRole, Others, Severity, lint};
use crate::saml::binding::redirect;
use crate::saml::{LogoutRequest, LogoutResponse, MessageField, Outbound};

/// Whether the system does what the case wants; none for a case about one answer.
pub(super) async fn is_right(stage: &Stage, id: &str, case: Case) -> Option<bool> {
    let mut browser = Browser::default();
    let browser = &mut browser;
    Some(match case {
        Case::GoodLogin => stage.log_in(id, browser, None).await.logged_in(),
        Case::AgainWithSession => {
            stage.log_in(id, browser, None).await;
            let again = stage.get(id, browser, "/log-ind").await;
            again.status == StatusCode::SEE_OTHER && stage.is_in(id, browser).await
        }
        Case::Unreadable => junk(stage, id, &[("SAMLResponse", "%%%")]).await,
        Case::NoMessage => junk(stage, id, &[("RelayState", "x")]).await,
        Case::ReplaySameBrowser | Case::OtherBrowser | Case::BackButton | Case::SecondTab => {
            delivered(stage, id, case).await
        }
        Case::NextKeyEarly
        | Case::NextKeyAnnounced
        | Case::OldKeyStillThere
        | Case::OldKeyRemoved => keys(stage, id, case).await,
        Case::CrossSitePost | Case::SlowLogin => {
            let seen = stage.get(id, browser, "/log-ind").await;
            let mut lines = seen.cookies.iter();
            let line = lines
                .find(|line| line.starts_with("system_browser"))
                .unwrap();
            match case {
                Case::SlowLogin => line.contains("SameSite="),
                _ => !line.contains("SameSite=Lax") && line.contains("Secure"),
            }
        }
        Case::CookieFlags => {
            let seen = stage.log_in(id, browser, None).await;
            let flags = |line: &String| line.contains("HttpOnly") && line.contains("Secure");
            seen.cookies.iter().all(flags)
        }
        Case::SessionFixation => {
            let asked = stage.ask(id, browser, "/log-ind").await;
            let mut planted = browser.clone();
            let xml = stage.answer(id, &asked, None);
            stage.deliver(id, browser, &asked, &xml).await;
            !stage.is_in(id, &mut planted).await
        }
        Case::RelayStateRedirect | Case::RelayStateMarkup => relay_state(stage, id, case).await,
        Case::LogoutEnds | Case::LogoutEndsOnServer => {
            stage.log_in(id, browser, None).await;
            let mut old = browser.clone();
            stage.get(id, browser, "/log-ud").await;
            match case {
                Case::LogoutEnds => !stage.is_in(id, browser).await,
                _ => !stage.is_in(id, &mut old).await,
            }
        }
        Case::LogoutByHub | Case::LogoutUnsigned | Case::LogoutForged => {
            by_hub(stage, id, case).await
        }
        Case::MetadataAccepted => findings(stage, id, Severity::Error).await.is_empty(),
        Case::MetadataNoTrouble => findings(stage, id, Severity::Warning).await.is_empty(),
        Case::RequestAccepted => {
            let asked = stage.ask(id, browser, "/log-ind").await;
            asked.request.name_id_policy.is_none()
        }
        Case::RequestIdsFresh => {
            let first = stage.ask(id, browser, "/log-ind").await;
            first.request.id != stage.ask(id, browser, "/log-ind").await.request.id
        }
        Case::RelayStateShort => {
            let asked = stage.ask(id, browser, "/log-ind").await;
            asked.relay_state.len() <= 80
        }
        _ => return None,
    })
}

async fn junk(stage: &Stage, id: &str, fields: &[(&str, &str)]) -> bool {
    let seen = stage
        .post(id, &mut Browser::default(), "/acs", fields)
        .await;
    seen.status.is_client_error()
}

async fn delivered(stage: &Stage, id: &str, case: Case) -> bool {
    let (mut one, mut other) = (Browser::default(), Browser::default());
    let asked = stage.ask(id, &mut one, "/log-ind").await;
    let xml = stage.answer(id, &asked, None);
    match case {
        Case::OtherBrowser => {
            stage.ask(id, &mut other, "/log-ind").await;
            let seen = stage.deliver(id, &mut other, &asked, &xml).await;
            seen.status.is_client_error() && !stage.is_in(id, &mut other).await
        }
        Case::SecondTab => {
            stage.ask(id, &mut one, "/log-ind").await;
            stage.deliver(id, &mut one, &asked, &xml).await.logged_in()
        }
        _ => {
            let before = one.clone();
            stage.deliver(id, &mut one, &asked, &xml).await;
            if case == Case::ReplaySameBrowser {
                one = before;
            }
            let seen = stage.deliver(id, &mut one, &asked, &xml).await;
            match case {
                Case::BackButton => !seen.status.is_server_error(),
                _ => seen.status.is_client_error() && !stage.is_in(id, &mut one).await,
            }
        }
    }
}

async fn relay_state(stage: &Stage, id: &str, case: Case) -> bool {
    let mut browser = Browser::default();
    let mut asked = stage.ask(id, &mut browser, "/log-ind").await;
    let planted = match case {
        Case::RelayStateRedirect => "https://angreb.invalid/",
        _ => "<script>alert(1)</script>",
    };
    asked.relay_state = planted.to_owned();
    let xml = stage.answer(id, &asked, None);
    let seen = stage.deliver(id, &mut browser, &asked, &xml).await;
    !seen.location.contains("angreb") && !seen.body.contains(planted)
}

async fn keys(stage: &Stage, id: &str, case: Case) -> bool {
    let mut browser = Browser::default();
    let shown = |generations: &[Generation]| {
        let generations = generations.to_vec();
        stage.shows(|state| state.shows.signing = generations);
    };
    let read = async |browser: &mut Browser| {
        let seen = stage.post(id, browser, "/genindlaes", &[]).await;
        assert_eq!(seen.status, StatusCode::NO_CONTENT);
    };
    // What it holds before the change.
    shown(&[Generation::Active]);
    stage.log_in(id, &mut Browser::default(), None).await;
    let asked = stage.ask(id, &mut browser, "/log-ind").await;
    match case {
        Case::NextKeyEarly => {}
        Case::OldKeyRemoved => shown(&[Generation::Next]),
        _ => shown(&[Generation::Active, Generation::Next]),
    }
    if case != Case::NextKeyEarly {
        read(&mut browser).await;
    }
    let pair = match case {
        Case::OldKeyStillThere | Case::OldKeyRemoved => &stage.pair,
        _ => &stage.next,
    };
    let xml = stage.answer_by(id, &asked, None, pair);
    let seen = stage.deliver(id, &mut browser, &asked, &xml).await;
    shown(&[Generation::Active]);
    read(&mut browser).await;
    match case {
        Case::NextKeyEarly | Case::OldKeyRemoved => seen.status.is_client_error(),
        _ => seen.logged_in(),
    }
}

/// The hub's LogoutRequest as path and query.
fn logout_request(stage: &Stage, id: &str, key: Option<&SigningKey>) -> String {
    let to = format!("http://{id}.localhost:8080/slo");
    let asked = Asked {
        request: AuthnRequest {
            issuer: Some(String::new()),
            ..AuthnRequest::new("_x", stage.clock.now())
        },
        relay_state: String::new(),
    };
    let (_, assertion) = stage.good(&asked);
    let request = LogoutRequest {
        id: "_logout".into(),
        version: "2.0".into(),
        issue_instant: stage.clock.now(),
        destination: Some(to.clone()),
        consent: None,
        issuer: Some(assertion.issuer),
        issuer_format: None,
        reason: None,
        not_on_or_after: None,
        name_id: assertion.name_id,
        session_indexes: vec!["index".into()],
    };
    let message = request.to_element().render();
    let sent = redirect(&to, MessageField::Request, &message, Some("handle"), key);
    let Outbound::Redirect { url } = sent else {
        panic!("a redirect")
    };
    url[url.find("/slo").unwrap()..].to_owned()
}

async fn by_hub(stage: &Stage, id: &str, case: Case) -> bool {
    let mut browser = Browser::default();
    stage.log_in(id, &mut browser, None).await;
    let key = match case {
        Case::LogoutByHub => Some(&stage.pair.signing),
        Case::LogoutForged => Some(&stage.kit.stranger),
        _ => None,
    };
    let path = logout_request(stage, id, key);
    // It comes through the user's browser, but no cookie is needed.
    let seen = stage.get(id, &mut Browser::default(), &path).await;
    assert!(!seen.status.is_server_error());
    let is_in = stage.is_in(id, &mut browser).await;
    match case {
        Case::LogoutByHub => {
            assert!(
                seen.location
                    .contains("/runtime/saml2/signoff.idp?SAMLResponse="),
                "{id}: {}",
                seen.body
            );
            !is_in
        }
        _ => is_in,
    }
}

async fn findings(stage: &Stage, id: &str, severity: Severity) -> Vec<String> {
    let seen = stage.get(id, &mut Browser::default(), "/metadata").await;
    let authority = Certificate::parse(pki::CA.as_bytes()).unwrap();
    let found = lint(
        seen.body.as_bytes(),
        LintRole::System,
        &Circumstances {
            now: stage.clock.now(),
            trusted_cas: &[authority],
            others: &Others::default(),
            revocation: &BTreeMap::new(),
            own_id: None,
        },
    );
    let found = found.findings.iter();
    let bad = found.filter(|finding| finding.rule.info().severity == severity);
    bad.map(|finding| finding.rule.info().id.to_owned())
        .collect()
}

#[tokio::test]
async fn the_right_system_does_right_and_each_mistake_is_seen() {
    let stage = Stage::new(OiosamlVersion::V3);
    let mut judged = 0;
    for case in Case::ALL.iter().copied() {
        let Some(right) = is_right(&stage, RIGHT, case).await else {
            continue;
        };
        assert!(right, "{case:?}");
        let own = Defect::ALL[case as usize].id();
        assert_eq!(is_right(&stage, own, case).await, Some(false), "{case:?}");
        judged += 1;
    }
    assert_eq!(judged, Case::ALL.len() - super::answers::FAULTS);
}

#[tokio::test]
async fn the_answer_to_a_logout_is_signed_and_names_the_request() {
    let stage = Stage::new(OiosamlVersion::V3);
    let path = logout_request(&stage, RIGHT, Some(&stage.pair.signing));
    let seen = stage.get(RIGHT, &mut Browser::default(), &path).await;
    let (_, query) = seen.location.split_once('?').unwrap();
    let decoded = decode_redirect(query).unwrap();
    let signature = decoded.query_signature.unwrap();
    let key = pki::pair("sagssystem").unwrap().signing.public();
    let (octets, algorithm) = (&signature.octets, &signature.algorithm);
    let policy = dsig::Policy::Modern;
    dsig::verify_query(octets, algorithm, &signature.value, &[key], policy).unwrap();
    let document = Document::parse(&decoded.xml).unwrap();
    let response = LogoutResponse::read(document.root()).unwrap();
    assert!(response.status.is_success());
    assert_eq!(response.in_response_to.as_deref(), Some("_logout"));
    assert_eq!(decoded.relay_state.as_deref(), Some("handle"));
    // What is no request of the hub's gets a page.
    for path in ["/slo", "/slo?SAMLRequest=x", "/slo?SAMLResponse=x"] {
        let seen = stage.get(RIGHT, &mut Browser::default(), path).await;
        assert!(seen.status.is_client_error(), "{path}");
    }
}

#[tokio::test]
async fn two_tabs_may_end_in_either_order_and_another_user_stays() {
    let stage = Stage::new(OiosamlVersion::V3);
    let (mut browser, mut other) = (Browser::default(), Browser::default());
    let first = stage.ask(RIGHT, &mut browser, "/log-ind").await;
    let second = stage.ask(RIGHT, &mut browser, "/log-ind").await;
    for asked in [&second, &first] {
        let xml = stage.answer(RIGHT, asked, None);
        assert!(
            stage
                .deliver(RIGHT, &mut browser, asked, &xml)
                .await
                .logged_in()
        );
    }
    stage.log_in(RIGHT, &mut other, None).await;
    stage.get(RIGHT, &mut browser, "/log-ud").await;
    assert!(!stage.is_in(RIGHT, &mut browser).await);
    assert!(stage.is_in(RIGHT, &mut other).await);
}
