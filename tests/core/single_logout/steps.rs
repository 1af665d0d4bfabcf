//! Who is told, in which order, with what; and how it ends.

use super::*;
use vejviser::hub::Leg;
use vejviser::hub::logout::{ANSWER_WITHIN, Failure, from_page, overdue};
use vejviser::hub::trace::Direction;

fn outbound(sealed: &Sealed) -> &str {
    match sealed.outbound() {
        Outbound::Redirect { url } => url,
        Outbound::Post { action, .. } => action,
        Outbound::Soap { envelope } => envelope,
    }
}

#[test]
fn a_login_leaves_a_session_of_one_system_and_a_second_one_joins_it() {
    let mut stage = Stage::new();
    let login = stage.logs_in(SYSTEM, "b1", ANNA);
    assert_eq!(
        (login.idp.as_str(), &login.browser.0),
        (IDP, &"b1".to_owned())
    );
    assert_eq!(login.name_id, Stage::name_id(ANNA), "qualifiers and all");
    assert_eq!(login.idp_indexes, ["_b1-anna"]);
    assert_eq!(login.authenticated, None, "no single sign-on");
    assert_eq!(login.ends, NOW + Duration::minutes(480));
    let xml = &stage.world.trace.exchanges[1];
    let index = stage.index(SYSTEM, ANNA);
    let clear = xml.decrypted.as_deref().expect("the assertion");
    assert!(
        clear.contains(&format!("SessionIndex=\"{index}\"")),
        "{clear}"
    );
    stage.logs_in(SECOND, "b1", ANNA);
    stage.logs_in(SECOND, "b1", BENT);
    assert_eq!(stage.kept.sessions.len(), 2);
    let systems: Vec<&str> = (stage.kept.sessions[0].systems.iter())
        .map(|one| one.system.as_str())
        .collect();
    assert_eq!(systems, [SYSTEM, SECOND]);
}

#[test]
fn a_trial_and_a_refused_login_leave_no_session() {
    let mut stage = Stage::new();
    let world = &mut stage.world;
    let mut pending = world.pending(|_| {});
    pending.profile = Some(vejviser::oiosaml::RequestProfile::Oiosaml3);
    let (asked, _) = world.ask(&pending).unwrap();
    for (asked, loa) in [(asked, "Substantial"), (World::plain().asked(), "Low")] {
        let mut assertion = world.assertion(&asked);
        let values = assertion.attributes.iter_mut();
        for attribute in { values }.filter(|one| one.name == vejviser::oiosaml::attributes::LOA) {
            attribute.values = vec![loa.to_owned()];
        }
        let decoded = assertion_signed(&world.response(&asked), &assertion, key(IDP));
        let LoggedIn::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
            panic!("{:?}", world.trace)
        };
        assert_eq!(finish.consume.session, None, "{loa}");
    }
}

#[test]
fn a_system_starts_it_and_the_others_are_told_in_order_the_identity_provider_last() {
    let mut stage = Stage::with_anna_at(&[SECOND, SYSTEM, THIRD]);
    stage.logs_in(SYSTEM, "b1", BENT);
    let decoded = redirected(&stage.request(), Some(key(SYSTEM)));
    let came = stage.receives(&decoded, Endpoint::Issue);
    // The session is gone before anybody is told, and the other user's is there.
    assert_eq!(stage.kept.sessions.len(), 1);
    assert_eq!(stage.kept.sessions[0].name_id, Stage::name_id(BENT));
    let (told, end) = stage.all_answer(came);
    assert_eq!(told, [SECOND, THIRD, IDP]);
    assert_eq!(started_by(&end.logout), SYSTEM);
    assert!(end.logout.failed().next().is_none());
    let sent = end.send.expect("an answer");
    assert!(outbound(&sent).starts_with("https://sag.example/slo-answer?SAMLResponse="));
    assert!(outbound(&sent).contains("RelayState=r%26s"));
    let success = (names::status::SUCCESS.to_owned(), None);
    assert_eq!(status(&stage.trace), success);
    assert!(stage.kept.logouts.is_empty());
}

#[test]
fn the_identity_provider_starts_it_and_is_answered() {
    let mut stage = Stage::with_anna_at(&[SYSTEM, SECOND]);
    let request = stage.request_of(IDP, ANNA);
    let decoded = posted(MessageField::Request, &signed(&request, key(IDP)));
    let came = stage.receives(&decoded, Endpoint::SignoffRequest);
    let (told, end) = stage.all_answer(came);
    assert_eq!(told, [SYSTEM, SECOND]);
    // It asked by POST, and its metadata has only Redirect.
    let sent = end.send.expect("an answer");
    assert!(outbound(&sent).starts_with("https://idp.provekobing.example/slo-answer?"));
    let exchange = stage.trace.exchanges.last().unwrap();
    assert_eq!(
        (exchange.leg, exchange.direction),
        (Leg::IdentityProvider, Direction::Out)
    );
    assert_eq!(exchange.kind, "LogoutResponse");
}

#[test]
fn the_user_starts_it_on_the_hubs_page_and_all_users_of_the_browser_leave() {
    let mut stage = Stage::with_anna_at(&[SYSTEM]);
    stage.logs_in(SYSTEM, "b1", BENT);
    stage.logs_in(SYSTEM, "b2", BENT);
    let (browser, flow) = (BrowserHash("b1".into()), FlowId::from_random([9; 16]));
    let sessions = stage.kept.sessions.clone();
    let mut trace = Trace::default();
    let begun = from_page(stage.context(), &browser, sessions, flow, &mut trace);
    assert_eq!(begun.ends.len(), 2, "not the other browser's");
    let people: Vec<_> = (begun.logout.parties.iter())
        .map(|told| (told.party.as_str(), told.name_id.value.contains("anna")))
        .collect();
    assert_eq!(
        people,
        [(SYSTEM, true), (SYSTEM, false), (IDP, true), (IDP, false)]
    );
    assert!(trace.decisions.iter().any(|one| one.rule == "logout-order"));
    assert!(stage.begins(&begun));
    let next = stage.goes_on(begun.logout);
    let (_, end) = stage.all_answer(Came::Next(next));
    assert!(end.send.is_none(), "a page");
}

#[test]
fn the_identity_provider_is_told_the_name_as_it_said_it_itself() {
    let mut stage = Stage::with_anna_at(&[SYSTEM]);
    let decoded = redirected(&stage.request(), Some(key(SYSTEM)));
    let came = stage.receives(&decoded, Endpoint::Issue);
    assert!(matches!(came, Came::Next(Next::Ask(..))));
    let (exchange, document) = last_out(&stage.trace);
    assert_eq!(exchange.leg, Leg::IdentityProvider);
    let request = LogoutRequest::read(document.root()).unwrap();
    assert_eq!(request.name_id, Some(Stage::name_id(ANNA)));
}

/// The name was issued without qualifiers; some libraries write out what that means.
#[test]
fn a_system_may_write_out_the_qualifiers_that_its_name_has() {
    let ends = |name_qualifier: Option<&str>, sp_name_qualifier: Option<&str>| {
        let mut stage = Stage::with_anna_at(&[SYSTEM]);
        let mut request = stage.request();
        let name_id = request.name_id.as_mut().unwrap();
        name_id.name_qualifier = name_qualifier.map(str::to_owned);
        name_id.sp_name_qualifier = sp_name_qualifier.map(str::to_owned);
        let decoded = redirected(&request, Some(key(SYSTEM)));
        stage.receives(&decoded, Endpoint::Issue);
        stage.kept.sessions.is_empty()
    };
    let hub = Some("https://hub.example/runtime");
    assert!(ends(None, None) && ends(hub, Some(SYSTEM)) && ends(None, Some(SYSTEM)));
    assert!(!ends(Some(IDP), None) && !ends(hub, Some(IDP)) && !ends(None, Some("q")));
}

#[test]
fn a_logout_request_says_what_the_party_knows_and_is_signed_as_its_binding_has_it() {
    let bindings = [
        (names::binding::REDIRECT, Binding::Redirect),
        (names::binding::POST, Binding::Post),
        (names::binding::SOAP, Binding::Soap),
    ];
    for (uri, binding) in bindings {
        let mut stage = Stage::with_anna_at(&[SECOND, SYSTEM, SECOND]);
        stage.world.federation.systems[1].single_logout =
            single_logout("https://post.example", &[uri]);
        let index = stage.index(SECOND, ANNA);
        let decoded = redirected(&stage.request(), Some(key(SYSTEM)));
        let next = match stage.receives(&decoded, Endpoint::Issue) {
            Came::Next(next) => next,
            other => panic!("{other:?}"),
        };
        let (exchange, document) = last_out(&stage.trace);
        assert_eq!((exchange.binding, exchange.leg), (binding, Leg::System));
        let request = LogoutRequest::read(document.root()).unwrap();
        // What a system was told; the identity provider's own qualifiers are its and the hub's.
        let issued = Stage::name_id(ANNA).unqualified();
        assert_eq!(request.name_id, Some(issued));
        assert_eq!(request.session_indexes.len(), 2, "both logins");
        assert_eq!(request.session_indexes.last(), Some(&index));
        assert_eq!(
            request.destination.as_deref(),
            Some("https://post.example/slo")
        );
        assert_eq!(
            request.issuer.as_deref(),
            Some("https://hub.example/runtime")
        );
        assert_eq!(request.not_on_or_after, Some(NOW + Duration::minutes(5)));
        assert_eq!(
            request.reason.as_deref(),
            Some("urn:oasis:names:tc:SAML:2.0:logout:user")
        );
        assert_eq!(
            (request.version.as_str(), request.issue_instant),
            ("2.0", NOW)
        );
        let enveloped = dsig::has_signature(document.root());
        assert_eq!(enveloped, binding != Binding::Redirect);
        match (&next, binding) {
            (Next::Ask(logout, sealed), Binding::Redirect) => {
                assert!(outbound(sealed).contains("&SigAlg="));
                assert_eq!(logout.asked_with(), Some(request.id.as_str()));
            }
            (Next::Ask(_, sealed), Binding::Post) => {
                assert_eq!(outbound(sealed), "https://post.example/slo");
            }
            (Next::Call { url, message, .. }, Binding::Soap) => {
                assert_eq!(url, "https://post.example/slo");
                assert!(message.contains(&request.id));
            }
            (other, _) => panic!("{binding:?}: {other:?}"),
        }
    }
}

/// Each role of the hub signs with its own key.
#[test]
fn the_hub_signs_towards_identity_providers_with_the_keys_of_that_role() {
    let mut stage = Stage::with_anna_at(&[SYSTEM]);
    stage.world.hub.sp = stage.world.keys.stranger.role();
    stage.world.idp().single_logout =
        single_logout("https://idp.provekobing.example", &[names::binding::POST]);
    let decoded = posted(
        MessageField::Request,
        &signed(&stage.request(), key(SYSTEM)),
    );
    let came = stage.receives(&decoded, Endpoint::Issue);
    let verified = |trace: &Trace, pair: &Pair| {
        let (_, document) = last_out(trace);
        let keys = [pair.public()];
        dsig::verify(document.root(), &keys, vejviser::dsig::Policy::Modern).is_ok()
    };
    let keys = stage.world.keys;
    assert!(verified(&stage.trace, &keys.stranger) && !verified(&stage.trace, &keys.hub));
    let response = posted(
        MessageField::Response,
        &signed_response(&stage.response(), key(IDP)),
    );
    stage.world.system().single_logout =
        single_logout("https://sag.example", &[names::binding::POST]);
    came.asks();
    let end = stage.answered(&response, Endpoint::SignoffResponse).ends();
    // How the answer goes was decided when the request came.
    assert!(outbound(&end.send.unwrap()).starts_with("https://sag.example/slo-answer?"));
}

#[test]
fn redirect_is_preferred_then_post_and_who_offers_nothing_is_passed_over() {
    use names::binding::{POST, REDIRECT, SOAP};
    let mut stage = Stage::with_anna_at(&[SECOND, THIRD, SYSTEM]);
    stage.world.federation.systems[1].single_logout = Vec::new();
    stage.world.federation.systems[2].single_logout =
        single_logout("https://byg.example", &[SOAP, POST, REDIRECT]);
    stage.world.idp().single_logout =
        single_logout("https://idp.provekobing.example", &[SOAP, POST]);
    let decoded = redirected(&stage.request(), Some(key(SYSTEM)));
    let (logout, sealed) = stage.receives(&decoded, Endpoint::Issue).asks();
    assert_eq!(logout.parties[0].state, State::Failed(Failure::NoEndpoint));
    assert!(matches!(sealed.outbound(), Outbound::Redirect { .. }));
    let response = stage.by_redirect_response(&stage.response(), key(THIRD));
    let (_, sealed) = stage.answered(&response, Endpoint::Signoff).asks();
    assert!(matches!(sealed.outbound(), Outbound::Post { .. }));
    let response = posted(
        MessageField::Response,
        &signed_response(&stage.response(), key(IDP)),
    );
    let end = stage.answered(&response, Endpoint::SignoffResponse).ends();
    assert_eq!(end.logout.failed().count(), 1);
    let partial = names::status::PARTIAL_LOGOUT.to_owned();
    assert_eq!(
        status(&stage.trace),
        (names::status::SUCCESS.to_owned(), Some(partial))
    );
    let (_, document) = last_out(&stage.trace);
    let message = LogoutResponse::read(document.root())
        .unwrap()
        .status
        .message
        .unwrap();
    assert!(
        message.contains("SLO-017") && message.contains(end.logout.flow.as_str()),
        "{message}"
    );
}

#[test]
fn who_says_no_or_only_partly_or_was_removed_did_not_log_out() {
    let no = Status::refusal(names::status::RESPONDER, None, "no");
    let partial = Status::refusal(
        names::status::SUCCESS,
        Some(names::status::PARTIAL_LOGOUT),
        "x",
    );
    for (status, found) in [
        (no, names::status::RESPONDER.to_owned()),
        (
            partial,
            format!(
                "{} / {}",
                names::status::SUCCESS,
                names::status::PARTIAL_LOGOUT
            ),
        ),
    ] {
        let mut stage = Stage::with_anna_at(&[SECOND, SYSTEM]);
        let decoded = redirected(&stage.request(), Some(key(SYSTEM)));
        stage.receives(&decoded, Endpoint::Issue).asks();
        let response = LogoutResponse {
            status,
            ..stage.response()
        };
        let response = stage.by_redirect_response(&response, key(SECOND));
        // The identity provider was removed in the meantime.
        stage.world.federation.identity_providers.clear();
        let end = stage.answered(&response, Endpoint::Signoff).ends();
        let expected = [
            (SECOND, &State::Failed(Failure::Status(found))),
            (IDP, &State::Failed(Failure::Unknown)),
        ];
        assert_eq!(states(&end.logout), expected);
        let decisions = stage.trace.decisions.iter();
        assert_eq!(
            decisions.filter(|one| one.rule == "logout-party").count(),
            2
        );
    }
}

#[test]
fn who_does_not_answer_in_time_is_passed_by_at_whatever_moment_somebody_looks() {
    let mut stage = Stage::with_anna_at(&[SECOND, SYSTEM]);
    let decoded = redirected(&stage.request(), Some(key(SYSTEM)));
    let (logout, _) = stage.receives(&decoded, Endpoint::Issue).asks();
    let late = stage.by_redirect_response(&stage.response(), key(SECOND));
    stage.world.now = NOW + ANSWER_WITHIN - Duration::SECOND;
    assert_eq!(
        overdue(stage.context(), &logout, &mut Trace::default()),
        None
    );
    // It may still answer while nobody went on without it.
    stage.world.now = NOW + ANSWER_WITHIN;
    let arrival = Arrival {
        decoded: &late,
        endpoint: Endpoint::Signoff,
        raw_query: None,
    };
    let taken = answer(
        stage.context(),
        arrival,
        Some(&logout),
        &mut Trace::default(),
    );
    assert!(matches!(taken, Answered::Goes(logout) if logout.parties[0].state == State::LoggedOut));
    let mut trace = Trace::default();
    let gone_on = overdue(stage.context(), &logout, &mut trace).expect("overdue");
    assert_eq!(gone_on.parties[0].state, State::Failed(Failure::NoAnswer));
    assert_eq!(trace.decisions[0].rule, "logout-party");
    let next = stage.goes_on(gone_on);
    assert!(matches!(&next, Next::Ask(logout, _) if logout.asked().unwrap().party == IDP));
    // Now nobody waits for it any more.
    let came = stage.answered(&late, Endpoint::Signoff);
    assert_eq!(came.check(), Some(Check::LogoutExpected));
    let (_, end) = stage.all_answer(Came::Next(next));
    assert_eq!(end.logout.failed().count(), 1);
}

#[test]
fn without_a_session_index_all_sessions_of_the_user_end_and_each_party_is_told_once() {
    let mut stage = Stage::with_anna_at(&[SECOND, SYSTEM]);
    stage.logs_in(SYSTEM, "b2", ANNA);
    stage.logs_in(SECOND, "b2", ANNA);
    stage.logs_in(SYSTEM, "b2", BENT);
    let all = LogoutRequest {
        session_indexes: Vec::new(),
        ..stage.request()
    };
    let (logout, _) = stage
        .receives(&redirected(&all, Some(key(SYSTEM))), Endpoint::Issue)
        .asks();
    let parties: Vec<_> = (logout.parties.iter())
        .map(|told| (told.party.as_str(), told.indexes.len()))
        .collect();
    assert_eq!(parties, [(SECOND, 2), (IDP, 2)]);
    assert_eq!(stage.kept.sessions.len(), 1, "the other user's");
    let rows = &stage.trace.exchanges[0].checks;
    let row = |check| rows.iter().find(|row| row.check == check).unwrap();
    assert_eq!(row(Check::LogoutSession).found, "2 sessions");
    assert_eq!(
        row(Check::LogoutSessionIndex).outcome,
        vejviser::hub::RowOutcome::Warn
    );
    // A request that names one of them ends that one only.
    let mut stage = Stage::with_anna_at(&[SYSTEM]);
    stage.logs_in(SYSTEM, "b2", ANNA);
    let (logout, _) = stage
        .receives(
            &redirected(&stage.request(), Some(key(SYSTEM))),
            Endpoint::Issue,
        )
        .asks();
    assert_eq!(stage.kept.sessions.len(), 1);
    assert_eq!(
        (
            stage.kept.sessions[0].browser.0.as_str(),
            logout.browser.0.as_str()
        ),
        ("b2", "b1")
    );
}

#[test]
fn a_response_at_the_address_for_requests_is_taken_with_a_warning() {
    for (party, endpoint) in [(SECOND, Endpoint::Issue), (IDP, Endpoint::SignoffRequest)] {
        let systems = if party == IDP {
            vec![SYSTEM]
        } else {
            vec![SECOND, SYSTEM]
        };
        let mut stage = Stage::with_anna_at(&systems);
        let decoded = redirected(&stage.request(), Some(key(SYSTEM)));
        stage.receives(&decoded, Endpoint::Issue).asks();
        let response = LogoutResponse {
            destination: Some(format!("{HUB}{}", endpoint.path())),
            ..stage.response()
        };
        let response = stage.by_redirect_response(&response, key(party));
        let came = stage.answered(&response, endpoint);
        assert_eq!(came.check(), None, "{:?}", stage.trace);
        let rows = &stage.trace.exchanges[0].checks;
        let row = rows
            .iter()
            .find(|row| row.check == Check::LogoutAddress)
            .unwrap();
        assert_eq!(row.outcome, vejviser::hub::RowOutcome::Warn);
        assert!(row.expected.contains("signoff"), "{row:?}");
    }
}

#[test]
fn a_party_without_an_endpoint_for_answers_ends_on_a_page() {
    let mut stage = Stage::with_anna_at(&[SYSTEM]);
    stage.world.system().single_logout = Vec::new();
    stage.world.idp().single_logout = Vec::new();
    let decoded = redirected(&stage.request(), Some(key(SYSTEM)));
    let end = stage.receives(&decoded, Endpoint::Issue).ends();
    assert!(end.send.is_none() && stage.kept.sessions.is_empty());
    let came = stage.receives(&decoded, Endpoint::Issue);
    assert!(matches!(came, Came::Answer(Check::LogoutSession, None)));
}

/// The store may say that a session changed; then they are read again, and the flow says it once.
#[test]
fn who_begins_twice_is_told_once() {
    let stage = Stage::with_anna_at(&[SECOND, SYSTEM]);
    let decoded = redirected(&stage.request(), Some(key(SYSTEM)));
    let arrival = Arrival {
        decoded: &decoded,
        endpoint: Endpoint::Issue,
        raw_query: Some("q"),
    };
    let mut trace = Trace::default();
    let Received::Find(wanted) = receive(stage.context(), arrival, &mut trace) else {
        panic!("{trace:?}")
    };
    for _ in 0..2 {
        let flow = FlowId::from_random([1; 16]);
        let sessions = stage.kept.sessions.clone();
        let begun = begin(stage.context(), &wanted, sessions, flow, &mut trace);
        assert!(matches!(begun, Begun::Ends(_)));
    }
    let rows = trace.exchanges[0].checks.iter();
    assert_eq!(
        rows.filter(|row| row.check == Check::LogoutSession).count(),
        1
    );
    assert_eq!(trace.decisions.len(), 1);
    assert_eq!(trace.exchanges[0].query.as_deref(), Some("q"));
    assert!(trace.keys.is_some());
}
