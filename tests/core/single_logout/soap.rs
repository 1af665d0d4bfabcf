//! Without a browser: the party that asks waits on its connection, and the hub calls those that it can.

use super::*;
use vejviser::hub::Leg;
use vejviser::hub::logout::{Failure, called};
use vejviser::saml::BindingError;

fn by_soap(stage: &mut Stage, request: &LogoutRequest, party: &str) -> Came {
    let decoded = soap_decoded(MessageField::Request, &signed(request, key(party)));
    stage.receives(&decoded, Endpoint::Soap)
}

fn of(party: &str, stage: &Stage) -> LogoutRequest {
    LogoutRequest {
        destination: None,
        ..stage.request_of(party, ANNA)
    }
}

#[test]
fn either_kind_of_party_asks_at_one_address_and_is_answered_there() {
    for (party, leg) in [(SYSTEM, Leg::System), (IDP, Leg::IdentityProvider)] {
        let mut stage = Stage::with_anna_at(&[SYSTEM, SECOND]);
        let request = of(party, &stage);
        let end = by_soap(&mut stage, &request, party).ends();
        let StartedBy::Party(reply) = &end.logout.started_by else {
            panic!("{:?}", end.logout)
        };
        assert_eq!(
            (reply.party.as_str(), reply.leg, reply.binding),
            (party, leg, Binding::Soap)
        );
        // Nobody else has SOAP, and no browser is there.
        let mut failed = end.logout.failed();
        assert!(failed.all(|(_, why)| *why == Failure::NoEndpoint));
        assert!(matches!(
            end.send.unwrap().outbound(),
            Outbound::Soap { .. }
        ));
        let partial = Some(names::status::PARTIAL_LOGOUT.to_owned());
        assert_eq!(status(&stage.trace).1, partial);
    }
}

#[test]
fn by_soap_a_destination_may_be_missing_and_may_not_be_another() {
    let mut stage = Stage::with_anna_at(&[SYSTEM]);
    let mut request = of(SYSTEM, &stage);
    request.destination = Some("https://hub.example/other".to_owned());
    let before = stage.kept.clone();
    let came = by_soap(&mut stage, &request, SYSTEM);
    assert!(matches!(
        came,
        Came::Answer(Check::LogoutDestination, Some(_))
    ));
    assert_eq!(stage.kept, before);
}

/// What comes back of a call, and what becomes of the party.
#[test]
fn the_logout_goes_on_whatever_comes_back_of_a_call() {
    type Made = fn(&Stage) -> Result<Result<Decoded, BindingError>, String>;
    fn answer(stage: &Stage, bend: fn(&mut LogoutResponse), signed_by: &str) -> Decoded {
        let mut response = stage.response();
        response.destination = None;
        bend(&mut response);
        soap_decoded(
            MessageField::Response,
            &signed_response(&response, key(signed_by)),
        )
    }
    let cases: [(&str, Made, State); 7] = [
        (
            "good",
            |s| Ok(Ok(answer(s, |_| {}, SECOND))),
            State::LoggedOut,
        ),
        (
            "no",
            |s| {
                let no = |r: &mut LogoutResponse| {
                    r.status = Status::refusal(names::status::RESPONDER, None, "no");
                };
                Ok(Ok(answer(s, no, SECOND)))
            },
            State::Failed(Failure::Status(names::status::RESPONDER.to_owned())),
        ),
        (
            "another's",
            |s| Ok(Ok(answer(s, |_| {}, SYSTEM))),
            State::Failed(Failure::Unreachable),
        ),
        (
            "to another request",
            |s| {
                Ok(Ok(answer(
                    s,
                    |r| r.in_response_to = Some("_x".into()),
                    SECOND,
                )))
            },
            State::Failed(Failure::Unreachable),
        ),
        (
            "unsigned",
            |s| {
                let message = s.response().to_element().render();
                Ok(Ok(soap_decoded(MessageField::Response, &message)))
            },
            State::Failed(Failure::Unreachable),
        ),
        (
            "no message",
            |_| Ok(Err(BindingError::NoMessage)),
            State::Failed(Failure::Unreachable),
        ),
        (
            "nothing",
            |_| Err("connection refused".to_owned()),
            State::Failed(Failure::Unreachable),
        ),
    ];
    for (what, made, expected) in cases {
        let mut stage = Stage::with_anna_at(&[SECOND, SYSTEM]);
        stage.world.federation.systems[1].single_logout =
            single_logout("https://post.example", &[names::binding::SOAP]);
        let decoded = redirected(&stage.request(), Some(key(SYSTEM)));
        let Came::Next(Next::Call { logout, .. }) = stage.receives(&decoded, Endpoint::Issue)
        else {
            panic!("a call")
        };
        let came = made(&stage);
        let mut trace = Trace::default();
        let logout = called(stage.context(), *logout, came, &mut trace);
        assert_eq!(logout.parties[0].state, expected, "{what}");
        let failed = matches!(expected, State::Failed(_));
        assert_eq!(trace.decisions.len(), usize::from(failed), "{what}");
        assert!(matches!(stage.goes_on(logout), Next::Ask(..)), "{what}");
    }
}

/// A system that a browser's logout reaches by SOAP, and one that a call cannot.
#[test]
fn a_call_without_anybody_asked_changes_nothing() {
    let mut stage = Stage::with_anna_at(&[SYSTEM]);
    let request = of(SYSTEM, &stage);
    let end = by_soap(&mut stage, &request, SYSTEM).ends();
    let same = called(
        stage.context(),
        end.logout.clone(),
        Err("x".into()),
        &mut Trace::default(),
    );
    assert_eq!(same, end.logout);
}
