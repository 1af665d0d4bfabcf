//! Logout messages that must end nothing: each is refused by its check, and what is stored is what was stored before.

use super::*;
use vejviser::hub::acs::LONGEST_REPLAY_MEMORY;
use vejviser::hub::judge::SKEW;
use vejviser::hub::logout::{Begun, Wanted};
use vejviser::saml::names::name_id::PERSISTENT;
use vejviser::xml::Canonical;

/// Anna at two systems, Bent at one of them, and who else is registered.
fn stage() -> Stage {
    let mut stage = Stage::with_anna_at(&[SECOND, SYSTEM]);
    stage.logs_in(SYSTEM, "b2", BENT);
    stage.logs_in(THIRD, "b2", BENT);
    stage
}

/// How the refusal goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    /// Nobody can be held to it.
    Page,
    /// To the party that signed it.
    Answer,
}
use To::{Answer, Page};

type Attack = (&'static str, Check, To, fn(&Stage) -> (Decoded, Endpoint));

fn bent(stage: &Stage, bend: fn(&mut LogoutRequest)) -> (Decoded, Endpoint) {
    let mut request = stage.request();
    bend(&mut request);
    (redirected(&request, Some(key(SYSTEM))), Endpoint::Issue)
}

fn post(text: &str) -> (Decoded, Endpoint) {
    let mut decoded = posted(MessageField::Request, &Stage::new_message());
    decoded.xml = text.as_bytes().to_vec();
    (decoded, Endpoint::Issue)
}

impl Stage {
    /// Any message, for what is around it.
    fn new_message() -> Canonical {
        vejviser::xml::Element::new(vejviser::xml::SAMLP, "LogoutRequest").render()
    }
}

/// The good request by POST, its signature, and one about Bent without a signature, which has another ID.
fn wrapped(stage: &Stage) -> (String, String, String) {
    let request = stage.request();
    let good = signed(&request, key(SYSTEM)).as_str().to_owned();
    let end = "</ds:Signature>";
    let (from, to) = (
        good.find("<ds:Signature").unwrap(),
        good.find(end).unwrap() + end.len(),
    );
    let evil = LogoutRequest {
        id: "_evil".to_owned(),
        name_id: Some(Stage::name_id(BENT).unqualified()),
        session_indexes: Vec::new(),
        ..request
    };
    let evil = evil.to_element().render().as_str().to_owned();
    (good.clone(), good[from..to].to_owned(), evil)
}

const AFTER: &str = "</saml:Issuer>";
const EXTENSIONS: [&str; 2] = ["<samlp:Extensions>", "</samlp:Extensions>"];

const REQUESTS: &[Attack] = &[
    (
        "a stranger's signature, by Redirect",
        Check::LogoutSignature,
        Page,
        |s| {
            (
                redirected(&s.request(), Some(&keys().stranger.signing)),
                Endpoint::Issue,
            )
        },
    ),
    (
        "a stranger's signature, by POST",
        Check::LogoutSignature,
        Page,
        |s| post(signed(&s.request(), &keys().stranger.signing).as_str()),
    ),
    (
        "another system's signature",
        Check::LogoutSignature,
        Page,
        |s| (redirected(&s.request(), Some(key(SECOND))), Endpoint::Issue),
    ),
    (
        "no signature, by Redirect",
        Check::LogoutSigned,
        Page,
        |s| (redirected(&s.request(), None), Endpoint::Issue),
    ),
    ("no signature, by POST", Check::LogoutSigned, Page, |s| {
        post(s.request().to_element().render().as_str())
    }),
    ("no signature, by SOAP", Check::LogoutSigned, Page, |s| {
        let message = s.request().to_element().render();
        (
            soap_decoded(MessageField::Request, &message),
            Endpoint::Soap,
        )
    }),
    (
        "RelayState changed after signing",
        Check::LogoutSignature,
        Page,
        |s| {
            let mut decoded = redirected(&s.request(), Some(key(SYSTEM)));
            let signature = decoded.query_signature.as_mut().unwrap();
            signature.octets = [b"x".as_slice(), signature.octets.as_slice()].concat();
            (decoded, Endpoint::Issue)
        },
    ),
    (
        "the name changed after signing",
        Check::LogoutSignature,
        Page,
        |s| {
            post(
                &signed(&s.request(), key(SYSTEM))
                    .as_str()
                    .replace("anna", "bent"),
            )
        },
    ),
    (
        "an Issuer that nobody knows",
        Check::LogoutIssuer,
        Page,
        |s| bent(s, |r| r.issuer = Some("https://nobody.example".into())),
    ),
    ("no Issuer", Check::LogoutIssuer, Page, |s| {
        bent(s, |r| r.issuer = None)
    }),
    (
        "an identity provider's at the systems' address",
        Check::LogoutIssuer,
        Page,
        |s| {
            (
                redirected(&s.request_of(IDP, ANNA), Some(key(IDP))),
                Endpoint::Issue,
            )
        },
    ),
    (
        "a system's at the identity providers' address",
        Check::LogoutIssuer,
        Page,
        |s| {
            (
                redirected(&s.request(), Some(key(SYSTEM))),
                Endpoint::SignoffRequest,
            )
        },
    ),
    ("a response's field", Check::LogoutReadable, Page, |s| {
        let message = signed(&s.request(), key(SYSTEM));
        (posted(MessageField::Response, &message), Endpoint::Issue)
    }),
    ("a document type", Check::LogoutReadable, Page, |s| {
        post(&format!(
            "<!DOCTYPE x>{}",
            signed(&s.request(), key(SYSTEM)).as_str()
        ))
    }),
    (
        "the signed one in Extensions, its signature moved out",
        Check::LogoutSignature,
        Page,
        |s| {
            let (good, signature, evil) = wrapped(s);
            let bare = good.replace(&signature, "");
            let inner = format!("{AFTER}{signature}{}{bare}{}", EXTENSIONS[0], EXTENSIONS[1]);
            post(&evil.replacen(AFTER, &inner, 1))
        },
    ),
    (
        "the signed one in the signature's Object",
        Check::LogoutSignature,
        Page,
        |s| {
            let (good, signature, evil) = wrapped(s);
            let bare = good.replace(&signature, "");
            let object = format!("<ds:Object>{bare}</ds:Object></ds:Signature>");
            let signature = signature.replace("</ds:Signature>", &object);
            post(&evil.replacen(AFTER, &format!("{AFTER}{signature}"), 1))
        },
    ),
    (
        "a second LogoutRequest around the signed one",
        Check::LogoutSigned,
        Page,
        |s| {
            let (good, _, evil) = wrapped(s);
            let inner = format!("{AFTER}{}{good}{}", EXTENSIONS[0], EXTENSIONS[1]);
            post(&evil.replacen(AFTER, &inner, 1))
        },
    ),
    (
        "the signed one as a child",
        Check::LogoutReadable,
        Page,
        |s| {
            let (good, _, evil) = wrapped(s);
            post(&evil.replace(
                "</samlp:LogoutRequest>",
                &format!("{good}</samlp:LogoutRequest>"),
            ))
        },
    ),
    ("two of the same ID", Check::LogoutReadable, Page, |s| {
        let (good, signature, evil) = wrapped(s);
        let bare = good.replace(&signature, "");
        let inner = format!("{AFTER}{signature}{}{bare}{}", EXTENSIONS[0], EXTENSIONS[1]);
        post(
            &evil
                .replacen(AFTER, &inner, 1)
                .replace("_evil", "_logout-1"),
        )
    }),
    ("expired", Check::LogoutExpiry, Answer, |s| {
        bent(s, |r| {
            r.not_on_or_after = Some(NOW - Duration::seconds(180))
        })
    }),
    ("too old", Check::LogoutIssueInstant, Answer, |s| {
        bent(s, |r| {
            r.issue_instant = NOW - Duration::seconds(481);
            r.not_on_or_after = None;
        })
    }),
    ("from the future", Check::LogoutIssueInstant, Answer, |s| {
        bent(s, |r| r.issue_instant = NOW + Duration::seconds(181))
    }),
    ("another version", Check::LogoutVersion, Answer, |s| {
        bent(s, |r| r.version = "1.1".into())
    }),
    ("for another hub", Check::LogoutDestination, Answer, |s| {
        bent(s, |r| {
            r.destination = Some("https://other.example/runtime/saml2/issue.idp".into())
        })
    }),
    ("for nowhere", Check::LogoutDestination, Answer, |s| {
        bent(s, |r| r.destination = None)
    }),
    (
        "to the address for responses",
        Check::LogoutDestination,
        Answer,
        |s| {
            let there = |r: &mut LogoutRequest| {
                r.destination = Some(format!("{HUB}{}", Endpoint::Signoff.path()));
            };
            (bent(s, there).0, Endpoint::Signoff)
        },
    ),
    ("nobody's NameID", Check::LogoutNameId, Answer, |s| {
        bent(s, |r| r.name_id = None)
    }),
    ("another user's NameID", Check::LogoutSession, Answer, |s| {
        bent(s, |r| r.name_id = Some(Stage::name_id(BENT).unqualified()))
    }),
    (
        "a NameID in other letters",
        Check::LogoutSession,
        Answer,
        |s| {
            bent(s, |r| {
                r.name_id.as_mut().unwrap().value = r.name_id.as_ref().unwrap().value.to_uppercase()
            })
        },
    ),
    (
        "a NameID of another format",
        Check::LogoutSession,
        Answer,
        |s| {
            bent(s, |r| {
                r.name_id.as_mut().unwrap().format = Some(PERSISTENT.into())
            })
        },
    ),
    (
        "a NameID with another qualifier",
        Check::LogoutSession,
        Answer,
        |s| {
            bent(s, |r| {
                r.name_id.as_mut().unwrap().sp_name_qualifier = Some("x".into())
            })
        },
    ),
    (
        "another session's SessionIndex",
        Check::LogoutSession,
        Answer,
        |s| {
            let mut request = s.request();
            request.session_indexes = vec![s.index(SYSTEM, BENT)];
            (redirected(&request, Some(key(SYSTEM))), Endpoint::Issue)
        },
    ),
    (
        "another system's SessionIndex",
        Check::LogoutSession,
        Answer,
        |s| {
            let mut request = s.request();
            request.session_indexes = vec![s.index(SECOND, ANNA)];
            (redirected(&request, Some(key(SYSTEM))), Endpoint::Issue)
        },
    ),
    (
        "a user who is not logged in at the system that asks",
        Check::LogoutSession,
        Answer,
        |s| {
            let mut request = s.request();
            request.issuer = Some(THIRD.to_owned());
            request.session_indexes = Vec::new();
            (redirected(&request, Some(key(THIRD))), Endpoint::Issue)
        },
    ),
];

fn held(stage: &mut Stage, (what, check, to, make): &Attack) {
    let (decoded, endpoint) = make(stage);
    let before = stage.kept.clone();
    let came = stage.receives(&decoded, endpoint);
    let rows = &stage.trace.exchanges[0].checks;
    assert_eq!(came.check(), Some(*check), "{what}: {rows:#?}");
    let went = match &came {
        Came::Page(_) => Page,
        Came::Answer(_, sent) => {
            assert!(sent.is_some(), "{what}");
            let (code, subcode) = status(&stage.trace);
            let denied = match check {
                Check::LogoutSession => Some(names::status::UNKNOWN_PRINCIPAL),
                Check::LogoutVersion => None,
                _ => Some(names::status::REQUEST_DENIED),
            };
            assert_ne!(code, names::status::SUCCESS, "{what}");
            assert_eq!(subcode.as_deref(), denied, "{what}");
            Answer
        }
        Came::Next(next) => panic!("{what}: {next:?}"),
    };
    assert_eq!(went, *to, "{what}");
    assert!(rows.iter().any(|row| row.check == *check), "{what}: a row");
    assert_eq!(stage.kept, before, "{what}: ended something");
}

#[test]
fn a_bad_request_is_refused_by_its_check_and_ends_nothing() {
    let mut stage = stage();
    for attack in REQUESTS {
        held(&mut stage, attack);
    }
    // The same stage, and the same request when it is good.
    let (decoded, endpoint) = bent(&stage, |_| {});
    assert!(matches!(stage.receives(&decoded, endpoint), Came::Next(_)));
    assert_ne!(stage.kept, Kept::default());
}

#[test]
fn a_key_that_was_rotated_out_is_refused_by_name() {
    let mut stage = stage();
    stage.world.system().former_keys = vec![keys().stranger.public()];
    held(&mut stage, &REQUESTS[0]);
    let rows = &stage.trace.exchanges[0].checks;
    let row = rows
        .iter()
        .find(|row| row.check == Check::LogoutSignature)
        .unwrap();
    assert!(row.found.contains("rotated out"), "{row:?}");
}

#[test]
fn a_party_without_a_key_is_refused() {
    let mut stage = stage();
    let (decoded, endpoint) = bent(&stage, |_| {});
    stage.world.system().signing_keys.clear();
    let before = stage.kept.clone();
    let came = stage.receives(&decoded, endpoint);
    assert!(matches!(came, Came::Page(Check::TrustedKey)), "{came:?}");
    assert_eq!(stage.kept, before);
}

/// A request counts once, also when the same user is back, and another party's of the same ID is another one.
#[test]
fn a_repeated_request_ends_nothing() {
    let mut stage = Stage::with_anna_at(&[SECOND, SYSTEM]);
    let request = LogoutRequest {
        session_indexes: Vec::new(),
        ..stage.request()
    };
    let decoded = redirected(&request, Some(key(SYSTEM)));
    let came = stage.receives(&decoded, Endpoint::Issue);
    stage.all_answer(came);
    stage.logs_in(SYSTEM, "b1", ANNA);
    stage.logs_in(SECOND, "b1", ANNA);
    let before = stage.kept.clone();
    let came = stage.receives(&decoded, Endpoint::Issue);
    assert_eq!(came.check(), Some(Check::LogoutRepeated));
    assert_eq!(stage.kept, before);
    let others = LogoutRequest {
        issuer: Some(SECOND.to_owned()),
        ..request
    };
    let came = stage.receives(&redirected(&others, Some(key(SECOND))), Endpoint::Issue);
    assert!(matches!(came, Came::Next(_)), "{came:?}");
}

fn wanted(stage: &Stage, request: &LogoutRequest) -> Option<Wanted> {
    let decoded = redirected(request, Some(key(SYSTEM)));
    let arrival = Arrival {
        decoded: &decoded,
        endpoint: Endpoint::Issue,
        raw_query: None,
    };
    match receive(stage.context(), arrival, &mut Trace::default()) {
        Received::Find(wanted) => Some(*wanted),
        _ => None,
    }
}

/// It is remembered for as long as it would be taken, to the second, and never for ever.
#[test]
fn a_request_is_remembered_until_nobody_would_take_it() {
    let far = time::macros::datetime!(9999-12-31 23:59:59 UTC);
    for end in [
        None,
        Some(NOW + Duration::minutes(5)),
        Some(NOW + Duration::hours(1)),
        Some(far),
    ] {
        for issued in [NOW, NOW - Duration::minutes(4), NOW + Duration::minutes(2)] {
            let mut stage = Stage::with_anna_at(&[SYSTEM]);
            let mut request = stage.request();
            (request.not_on_or_after, request.issue_instant) = (end, issued);
            let (id, until) = wanted(&stage, &request).expect("taken").replay;
            assert!(until <= NOW + LONGEST_REPLAY_MEMORY + SKEW + Duration::SECOND);
            assert_eq!(id.len(), 64, "as long as any other");
            stage.world.now = until;
            assert_eq!(wanted(&stage, &request), None, "{end:?} {issued}");
        }
    }
}

#[test]
fn the_core_does_not_take_the_stores_word_for_whose_session_it_is() {
    let stage = stage();
    let wanted = wanted(&stage, &stage.request()).unwrap();
    assert_eq!(wanted.key, party_key(SYSTEM, ANNA));
    let flow = FlowId::from_random([1; 16]);
    let all = stage.kept.sessions.clone();
    let Begun::Ends(begun) = begin(stage.context(), &wanted, all, flow, &mut Trace::default())
    else {
        panic!("a session")
    };
    assert_eq!(begun.ends.len(), 1);
    assert_eq!(begun.ends[0].name_id, Stage::name_id(ANNA));
}

type Forgery = (&'static str, Check, fn(&Stage) -> (Decoded, Endpoint));

fn replied(stage: &Stage, signed_by: &str, bend: fn(&mut LogoutResponse)) -> (Decoded, Endpoint) {
    let mut response = stage.response();
    bend(&mut response);
    (
        stage.by_redirect_response(&response, key(signed_by)),
        Endpoint::Signoff,
    )
}

const RESPONSES: &[Forgery] = &[
    ("without InResponseTo", Check::LogoutExpected, |s| {
        replied(s, SECOND, |r| r.in_response_to = None)
    }),
    (
        "to a request that nobody made",
        Check::LogoutExpected,
        |s| replied(s, SECOND, |r| r.in_response_to = Some("_other".into())),
    ),
    (
        "of another party that took part",
        Check::LogoutIssuer,
        |s| replied(s, SYSTEM, |r| r.issuer = Some(SYSTEM.into())),
    ),
    (
        "of another party, in the name of the asked one",
        Check::LogoutSignature,
        |s| replied(s, SYSTEM, |_| {}),
    ),
    ("of the identity provider", Check::LogoutIssuer, |s| {
        replied(s, IDP, |r| r.issuer = Some(IDP.into()))
    }),
    ("unsigned", Check::LogoutSigned, |s| {
        let message = s.response().to_element().render();
        (posted(MessageField::Response, &message), Endpoint::Signoff)
    }),
    ("too old", Check::LogoutIssueInstant, |s| {
        replied(s, SECOND, |r| {
            r.issue_instant = NOW - Duration::seconds(481)
        })
    }),
    ("for another address", Check::LogoutDestination, |s| {
        replied(s, SECOND, |r| {
            r.destination = Some("https://other.example/".into())
        })
    }),
    (
        "at the address of the other kind",
        Check::LogoutDestination,
        |s| {
            let there = |r: &mut LogoutResponse| {
                r.destination = Some(format!("{HUB}{}", Endpoint::SignoffResponse.path()));
            };
            (replied(s, SECOND, there).0, Endpoint::SignoffResponse)
        },
    ),
    ("at the address for SOAP", Check::LogoutDestination, |s| {
        let there = |r: &mut LogoutResponse| {
            r.destination = Some(format!("{HUB}{}", Endpoint::Soap.path()));
        };
        (replied(s, SECOND, there).0, Endpoint::Soap)
    }),
    ("of another version", Check::LogoutVersion, |s| {
        replied(s, SECOND, |r| r.version = "1.0".into())
    }),
    (
        "a refusal that a stranger signed",
        Check::LogoutSignature,
        |s| {
            let no = Status::refusal(names::status::RESPONDER, None, "no");
            let response = LogoutResponse {
                status: no,
                ..s.response()
            };
            (
                s.by_redirect_response(&response, &keys().stranger.signing),
                Endpoint::Signoff,
            )
        },
    ),
    ("a request in its place", Check::LogoutReadable, |s| {
        let message = signed(&s.request_of(SYSTEM, BENT), key(SYSTEM));
        let text = message.as_str().replacen(
            " Version",
            &format!(
                " InResponseTo=\"{}\" Version",
                s.kept.logouts[0].asked_with().unwrap()
            ),
            1,
        );
        let mut decoded = posted(MessageField::Response, &message);
        decoded.xml = text.into_bytes();
        (decoded, Endpoint::Signoff)
    }),
];

#[test]
fn a_bad_response_is_refused_by_its_check_and_the_logout_stays_as_it_was() {
    let mut stage = stage();
    let decoded = redirected(&stage.request(), Some(key(SYSTEM)));
    stage.receives(&decoded, Endpoint::Issue).asks();
    for (what, check, make) in RESPONSES {
        let (decoded, endpoint) = make(&stage);
        let before = stage.kept.clone();
        let came = stage.answered(&decoded, endpoint);
        assert!(
            matches!(&came, Came::Page(found) if found == check),
            "{what}: {came:?}"
        );
        let rows = &stage.trace.exchanges[0].checks;
        assert!(rows.iter().any(|row| row.check == *check), "{what}: a row");
        assert_eq!(stage.kept, before, "{what}: changed something");
    }
    let (decoded, endpoint) = replied(&stage, SECOND, |_| {});
    assert!(matches!(
        stage.answered(&decoded, endpoint),
        Came::Next(Next::Ask(..))
    ));
}

/// The checks that these steps make and no message alone trips.
pub fn tripped() -> Vec<Check> {
    let mut tripped: Vec<Check> = Vec::new();
    let mut stage = stage();
    let request = LogoutRequest {
        session_indexes: Vec::new(),
        ..stage.request()
    };
    let decoded = redirected(&request, Some(key(SYSTEM)));
    let (mut logout, _) = stage.receives(&decoded, Endpoint::Issue).asks();
    let response = LogoutResponse {
        destination: request.destination.clone(),
        ..stage.response()
    };
    let response = stage.by_redirect_response(&response, key(SECOND));
    stage.answered(&response, Endpoint::Issue);
    let rows = stage.trace.exchanges[0].checks.iter();
    tripped.extend(
        rows.filter(|row| row.outcome == vejviser::hub::RowOutcome::Warn)
            .map(|row| row.check),
    );
    tripped.extend(stage.answered(&response, Endpoint::Signoff).check());
    for told in &mut logout.parties {
        told.state = State::Failed(vejviser::hub::logout::Failure::NoAnswer);
    }
    stage.goes_on(logout);
    let (_, document) = last_out(&stage.trace);
    let message = LogoutResponse::read(document.root())
        .unwrap()
        .status
        .message;
    let named = Check::ALL.iter().find(|check| {
        message
            .as_ref()
            .is_some_and(|text| text.contains(check.info().id))
    });
    tripped.extend(named);
    tripped.extend(stage.receives(&decoded, Endpoint::Issue).check());
    stage.logs_in(SYSTEM, "b1", ANNA);
    tripped.extend(stage.receives(&decoded, Endpoint::Issue).check());
    tripped
}
