//! A logout that a system starts: four other systems and the identity provider are told, each answers, and the system
//! gets its answer. All by HTTP-Redirect, and all of the hub's work but the store's.

use crate::world::{CVR, Counted, IDP, Keys, NOW, SYSTEM, World, single_logout};
use crate::{Bare, race, report};
use std::hint::black_box;
use time::Duration;
use vejviser::dsig::SigningKey;
use vejviser::hub::logout::{
    Answered, Arrival, Begun, Endpoint, Next, Received, answer, begin, next, receive,
};
use vejviser::hub::session::{Participant, Session, SessionId};
use vejviser::hub::{BrowserHash, Context, FlowId, Sealed, Trace};
use vejviser::oiosaml::{Level, Nsis, RequestProfile};
use vejviser::saml::binding::{MessageField, decode_redirect, redirect};
use vejviser::saml::{Decoded, LogoutRequest, LogoutResponse, NameId, Outbound, Status, names};
use vejviser::xml::Canonical;

/// Systems of the session; one of them starts the logout.
const SYSTEMS: usize = 5;
/// LogoutRequests to the others and to the identity provider, and the LogoutResponse to who started it.
const SIGNATURES: f64 = SYSTEMS as f64 + 1.0;
const HUB: &str = "https://hub.example";

fn system(n: usize) -> String {
    match n {
        0 => SYSTEM.to_owned(),
        n => format!("https://system{n}.example/saml"),
    }
}

fn name_id() -> NameId {
    NameId {
        value: format!(
            "C=DK,O={CVR},CN=Prøve Prøvesen,Serial=3b2f0c1e-1111-4222-8333-444455556666"
        ),
        format: Some(names::name_id::X509_SUBJECT_NAME.to_owned()),
        name_qualifier: None,
        sp_name_qualifier: None,
    }
}

/// The hub, and the session as its store has it.
fn scene(keys: &'static Keys) -> (World, Session) {
    let level = Level::Nsis(Nsis::Substantial);
    let mut world = World::with_keys(keys, RequestProfile::Oiosaml3, level);
    for n in 1..SYSTEMS {
        let mut more = world.federation.systems[0].clone();
        more.id = system(n);
        let base = format!("https://system{n}.example");
        more.single_logout = single_logout(&base, &[names::binding::REDIRECT]);
        world.federation.systems.push(more);
    }
    let browser = BrowserHash("browser".to_owned());
    let session = Session {
        id: SessionId::of(&browser, IDP, &name_id()),
        browser,
        idp: IDP.to_owned(),
        name_id: name_id(),
        idp_indexes: vec!["_s1".to_owned()],
        systems: (0..SYSTEMS)
            .map(|n| Participant {
                system: system(n),
                indexes: vec![format!("VGVzdFNlc3Npb25JbmRleA{n}==")],
            })
            .collect(),
        authenticated: None,
        started: NOW,
        used: NOW,
        ends: NOW + Duration::hours(8),
    };
    (world, session)
}

fn query(field: MessageField, message: &Canonical, key: &SigningKey) -> String {
    let Outbound::Redirect { url } = redirect(HUB, field, message, Some("state"), Some(key)) else {
        unreachable!("a redirect")
    };
    url.split_once('?').expect("a query").1.to_owned()
}

fn request(keys: &Keys, session: &Session) -> String {
    let request = LogoutRequest {
        id: "_logout-1".to_owned(),
        version: "2.0".to_owned(),
        issue_instant: NOW,
        destination: Some(format!("{HUB}{}", Endpoint::Issue.path())),
        consent: None,
        issuer: Some(SYSTEM.to_owned()),
        issuer_format: None,
        reason: None,
        not_on_or_after: Some(NOW + Duration::minutes(5)),
        name_id: Some(name_id()),
        session_indexes: session.systems[0].indexes.clone(),
    };
    let message = request.to_element().render();
    query(MessageField::Request, &message, &keys.system.signing)
}

fn endpoint(party: &str) -> Endpoint {
    match party {
        IDP => Endpoint::SignoffResponse,
        _ => Endpoint::Signoff,
    }
}

/// What a party says to the request with this ID.
fn response(keys: &Keys, party: &str, request_id: &str) -> String {
    let response = LogoutResponse {
        id: "_answer-1".to_owned(),
        version: "2.0".to_owned(),
        issue_instant: NOW,
        in_response_to: Some(request_id.to_owned()),
        destination: Some(format!("{HUB}{}", endpoint(party).path())),
        consent: None,
        issuer: Some(party.to_owned()),
        issuer_format: None,
        status: Status::success(),
    };
    let message = response.to_element().render();
    let key = match party {
        IDP => &keys.idp.signing,
        _ => &keys.system.signing,
    };
    query(MessageField::Response, &message, key)
}

fn decode(query: &str) -> Decoded {
    decode_redirect(query).expect("a message")
}

/// One logout: `answers` gives what a party answers to a request, by its `ID`. The ids are the same every time, so that
/// answers are made once, outside of what is timed.
fn logout(
    context: Context<'_>,
    session: &Session,
    request: &str,
    mut answers: impl FnMut(usize, &str, &str) -> String,
) -> Sealed {
    let entropy = &mut Counted::default();
    let mut trace = Trace::default();
    let decoded = decode(request);
    let arrival = Arrival {
        decoded: &decoded,
        endpoint: Endpoint::Issue,
        raw_query: Some(request),
    };
    let Received::Find(wanted) = receive(context, arrival, &mut trace) else {
        panic!("accepted: {trace:?}")
    };
    let flow = FlowId::from_random([7; 16]);
    let sessions = vec![session.clone()];
    let Begun::Ends(begun) = begin(context, &wanted, sessions, flow, &mut trace) else {
        panic!("a session: {trace:?}")
    };
    let mut step = next(context, begun.logout, entropy, &mut trace);
    black_box(trace);
    for at in 0.. {
        let mut trace = Trace::default();
        let logout = match step {
            Next::Ask(logout, sealed) => {
                black_box(sealed);
                logout
            }
            Next::End(end) => {
                assert_eq!(at, SYSTEMS, "everybody was told");
                assert_eq!(end.logout.failed().count(), 0);
                return end.send.expect("an answer");
            }
            Next::Call { .. } => unreachable!("all by Redirect"),
        };
        let asked = logout.asked().expect("somebody");
        let query = answers(at, &asked.party, logout.asked_with().expect("an ID"));
        let decoded = decode(&query);
        let arrival = Arrival {
            decoded: &decoded,
            endpoint: endpoint(&asked.party),
            raw_query: Some(&query),
        };
        let Answered::Goes(logout) = answer(context, arrival, Some(&logout), &mut trace) else {
            panic!("answered: {trace:?}")
        };
        step = next(context, *logout, entropy, &mut trace);
        black_box(trace);
    }
    unreachable!("it ends")
}

pub fn against_private_operations(bits: u32) -> bool {
    let keys: &'static Keys = Box::leak(Box::new(Keys::make(bits)));
    let (world, session) = scene(keys);
    let request = request(keys, &session);
    let mut made = Vec::new();
    logout(world.context(), &session, &request, |_, party, id| {
        let response = response(keys, party, id);
        made.push(response.clone());
        response
    });
    let bare = Bare::new(&keys.hub.bare);
    let digest = [7u8; 32];
    let [ours, sign] = race(
        if bits > 2048 { 60 } else { 120 },
        [
            &mut || {
                let answers = |at: usize, _: &str, _: &str| made[at].clone();
                black_box(logout(world.context(), &session, &request, answers));
            },
            &mut || {
                black_box(bare.sign(&digest));
            },
        ],
    );
    report(
        &format!("a logout across {SYSTEMS} systems / its six bare RSA-{bits} private operations"),
        ours,
        SIGNATURES * sign,
        1.25,
    )
}
