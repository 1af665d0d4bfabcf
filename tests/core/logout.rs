//! Logout messages: each bent one trips exactly its check, and the good ones trip nothing.

use crate::support::world::*;
use time::Duration;
use vejviser::dsig::{self, Place, SigningKey};
use vejviser::hub::judge::logout::{ExpectedLogout, JudgedLogout, logout};
use vejviser::hub::{Check, RowOutcome};
use vejviser::saml::binding::{MessageField, Outbound, decode_redirect, redirect};
use vejviser::saml::{Decoded, LogoutRequest, LogoutResponse, NameId, Status, names};

const SLO: &str = "https://hub.example/runtime/saml2/signoff.idp";

fn request(bend: fn(&mut LogoutRequest)) -> LogoutRequest {
    let mut request = LogoutRequest {
        id: "_logout-1".into(),
        version: "2.0".into(),
        issue_instant: NOW,
        destination: Some(SLO.into()),
        consent: None,
        issuer: Some(SYSTEM.into()),
        issuer_format: None,
        reason: None,
        not_on_or_after: Some(NOW + Duration::minutes(5)),
        name_id: Some(NameId {
            value: format!("C=DK,O={CVR},CN=Prøve,Serial=1"),
            format: Some(names::name_id::X509_SUBJECT_NAME.into()),
            name_qualifier: None,
            sp_name_qualifier: None,
        }),
        session_indexes: vec!["_s1".into()],
    };
    bend(&mut request);
    request
}

fn response(bend: fn(&mut LogoutResponse)) -> LogoutResponse {
    let mut response = LogoutResponse {
        id: "_answer-1".into(),
        version: "2.0".into(),
        issue_instant: NOW,
        in_response_to: Some("_logout-1".into()),
        destination: Some(SLO.into()),
        consent: None,
        issuer: Some(SYSTEM.into()),
        issuer_format: None,
        status: Status::success(),
    };
    bend(&mut response);
    response
}

fn asks(bend: fn(&mut LogoutRequest)) -> Decoded {
    let request = request(bend);
    let signing = &keys().system.signing;
    let element = request.to_element();
    let message = dsig::sign(&element, &request.id, Place::AfterIssuer, signing);
    posted(MessageField::Request, &message)
}

fn answers(bend: fn(&mut LogoutResponse)) -> Decoded {
    let response = response(bend);
    let signing = &keys().system.signing;
    let element = response.to_element();
    let message = dsig::sign(&element, &response.id, Place::AfterIssuer, signing);
    posted(MessageField::Response, &message)
}

fn by_redirect(key: Option<&SigningKey>) -> Decoded {
    let message = request(|_| {}).to_element().render();
    let Outbound::Redirect { url } = redirect(SLO, MessageField::Request, &message, None, key)
    else {
        unreachable!("a redirect")
    };
    decode_redirect(url.split_once('?').unwrap().1).unwrap()
}

fn judged(decoded: &Decoded, with_key: bool) -> JudgedLogout {
    let trusted = [keys().system.public()];
    let expected = ExpectedLogout {
        sender: Some(SYSTEM),
        keys: if with_key { &trusted } else { &[] },
        destination: Some(SLO),
        in_response_to: Some("_logout-1"),
        now: Some(NOW),
        ..ExpectedLogout::nothing()
    };
    logout(decoded, &expected)
}

pub type Mutant = (Check, fn() -> Decoded);

pub const MUTANTS: &[Mutant] = &[
    (Check::LogoutReadable, || Decoded {
        xml: b"<LogoutRequest".to_vec(),
        ..asks(|_| {})
    }),
    (Check::LogoutReadable, || Decoded {
        field: MessageField::Response,
        ..asks(|_| {})
    }),
    (Check::LogoutIssuer, || {
        asks(|r| r.issuer = Some(OTHER_IDP.into()))
    }),
    (Check::LogoutIssuer, || asks(|r| r.issuer = None)),
    (Check::LogoutIssuer, || {
        answers(|r| r.issuer_format = Some(names::name_id::PERSISTENT.into()))
    }),
    (Check::LogoutSigned, || {
        posted(
            MessageField::Request,
            &request(|_| {}).to_element().render(),
        )
    }),
    (Check::LogoutSigned, || by_redirect(None)),
    (Check::LogoutSignature, || {
        by_redirect(Some(&keys().stranger.signing))
    }),
    (Check::LogoutSignature, || {
        let mut decoded = asks(|_| {});
        let text = String::from_utf8(decoded.xml).unwrap();
        decoded.xml = text.replacen("CN=Prøve", "CN=Andre", 1).into_bytes();
        decoded
    }),
    (Check::LogoutVersion, || asks(|r| r.version = "1.1".into())),
    (Check::LogoutDestination, || {
        asks(|r| r.destination = Some("https://hub.example/".into()))
    }),
    (Check::LogoutDestination, || {
        answers(|r| r.destination = None)
    }),
    (Check::LogoutIssueInstant, || {
        asks(|r| r.issue_instant = NOW - Duration::seconds(481))
    }),
    (Check::LogoutIssueInstant, || {
        answers(|r| r.issue_instant = NOW + Duration::seconds(181))
    }),
    (Check::LogoutExpiry, || {
        asks(|r| r.not_on_or_after = Some(NOW - Duration::seconds(180)))
    }),
    (Check::LogoutNameId, || asks(|r| r.name_id = None)),
    (Check::LogoutNameId, || {
        asks(|r| r.name_id.as_mut().unwrap().value = " ".into())
    }),
    (Check::LogoutSessionIndex, || {
        asks(|r| r.session_indexes.clear())
    }),
    (Check::LogoutInResponseTo, || {
        answers(|r| r.in_response_to = Some("_other".into()))
    }),
    (Check::LogoutInResponseTo, || {
        answers(|r| r.in_response_to = None)
    }),
    (Check::LogoutStatus, || {
        answers(|r| r.status = Status::refusal(names::status::RESPONDER, None, "no"))
    }),
];

fn findings(judged: &JudgedLogout) -> Vec<(Check, RowOutcome)> {
    let findings = judged.report.findings();
    findings
        .into_iter()
        .map(|row| (row.check, row.outcome))
        .collect()
}

#[test]
fn each_bent_message_trips_exactly_its_check() {
    for (at, (check, make)) in MUTANTS.iter().enumerate() {
        let outcome = if check.info().mandatory {
            RowOutcome::Fail
        } else {
            RowOutcome::Warn
        };
        let judged = judged(&make(), true);
        assert_eq!(findings(&judged), [(*check, outcome)], "mutant {at}");
    }
}

#[test]
fn the_good_ones_trip_nothing_and_without_a_key_nothing_is_trusted() {
    let by_redirect = by_redirect(Some(&keys().system.signing));
    for decoded in [asks(|_| {}), answers(|_| {}), by_redirect] {
        let good = judged(&decoded, true);
        assert_eq!(findings(&good), []);
        assert!(good.message.is_some());
        for check in Check::of_logout(good.is_request) {
            assert!(good.report.outcome(check).is_some(), "{check:?} has a row");
        }
        let keyless = judged(&decoded, false);
        assert!(keyless.message.is_none());
        assert_eq!(
            keyless.report.reason().map(|row| row.check),
            Some(Check::TrustedKey)
        );
    }
}

/// An expired request is taken for the allowed difference of clocks longer, to the second, and told the limit.
#[test]
fn a_request_expires_after_the_allowed_difference_of_clocks() {
    for (late, outcome) in [(179, RowOutcome::Pass), (180, RowOutcome::Fail)] {
        let request = request(|_| {});
        let request = LogoutRequest {
            not_on_or_after: Some(NOW - Duration::seconds(late)),
            ..request
        };
        let signing = &keys().system.signing;
        let message = dsig::sign(
            &request.to_element(),
            &request.id,
            Place::AfterIssuer,
            signing,
        );
        let judged = judged(&posted(MessageField::Request, &message), true);
        let mut rows = judged.report.rows().into_iter();
        let row = rows.find(|row| row.check == Check::LogoutExpiry).unwrap();
        assert_eq!(row.outcome, outcome, "{late} s");
        assert_eq!(row.expected, "after 2026-11-21T11:57:00.000Z");
    }
}
