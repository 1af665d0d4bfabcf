//! Sessions and logouts: what every store does with them.

use super::{asked, at, consuming};
use crate::hub::level::Reached;
use crate::hub::logout::{
    BeginLogout, Ended, LOGOUT_LIFETIME, PendingLogout, StartedBy, State, Told,
};
use crate::hub::session::{Authenticated, Participant, Session, SessionId, SessionKey};
use crate::hub::{BrowserHash, Consume, Consumed, FlowId, Leg};
use crate::oiosaml::{Nist, Nsis};
use crate::saml::assertion::NameId;
use crate::saml::{Attribute, Binding, names::name_id::X509_SUBJECT_NAME};
use crate::store::{LogoutKey, Store, StoreError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use time::Duration;

pub(super) async fn suite<S: Store + 'static>(make: impl Fn() -> S) {
    a_login_begins_a_session(&make()).await;
    a_second_login_joins_it(&make()).await;
    a_replayed_answer_begins_none(&make()).await;
    only_what_is_there_is_joined(&make()).await;
    a_session_ends(&make()).await;
    nobody_is_found_by_half_a_name(&make()).await;
    a_logout_takes_its_sessions_and_no_other(&make()).await;
    a_request_logs_out_once(&make()).await;
    a_session_that_changed_is_read_again(&make()).await;
    a_logout_goes_on_from_what_was_read(&make()).await;
    a_logout_is_forgotten(&make()).await;
    clear_forgets_them(&make()).await;
    of_32_logouts_at_once_exactly_one_takes_it(Arc::new(make())).await;
    of_32_logins_at_once_all_are_in_it(Arc::new(make())).await;
}

const SYSTEM: &str = "https://system.example/saml";
const IDP: &str = "https://idp.example";

/// Somebody's session in browser `n`, with `system`, as its login leaves it.
pub(crate) fn session(n: u8, system: &str) -> Session {
    let browser = BrowserHash(format!("{n:064x}"));
    let name_id = NameId {
        value: format!("C=DK,O=12345678,CN=Person {n},Serial={n}"),
        format: Some(X509_SUBJECT_NAME.to_owned()),
        name_qualifier: None,
        sp_name_qualifier: None,
    };
    let attribute = |name: &str, value: String| Attribute {
        name: name.to_owned(),
        name_format: None,
        friendly_name: None,
        values: vec![value],
    };
    Session {
        id: SessionId::of(&browser, IDP, &name_id),
        browser,
        idp: IDP.to_owned(),
        name_id,
        idp_indexes: vec![format!("_idp{n}")],
        systems: vec![Participant {
            system: system.to_owned(),
            indexes: vec![format!("{n}@{system}")],
        }],
        authenticated: Some(Authenticated {
            at: at(0),
            reached: Reached {
                nsis: Some(Nsis::Substantial),
                nist: Some(Nist::Three),
            },
            attributes: vec![
                attribute(
                    "https://data.gov.dk/model/core/eid/privilegesIntermediate",
                    STANDARD.encode("<bpp:PrivilegeList>æøå</bpp:PrivilegeList>".repeat(3)),
                ),
                // Looks like base64 and is none; and one that is, but not as it is written in here.
                attribute("odd", "A".repeat(65)),
                attribute("long", format!("{}=", "QUJD".repeat(20) + "QUI")),
            ],
            proxies: Some(Some(1)),
            until: Some(at(3000)),
        }),
        started: at(0),
        used: at(0),
        ends: at(3600),
    }
}

fn login(n: u8, session: Session) -> Consume {
    Consume {
        session: Some(Box::new(session)),
        ..consuming(asked(n, &format!("id{n}")), &[&format!("answer{n}")])
    }
}

async fn log_in(store: &impl Store, n: u8, session: Session) {
    let login = login(n, session);
    store.put(&login.pending, None, at(0)).await.expect("put");
    assert_eq!(store.consume(&login, at(1)).await, Ok(Consumed::Done));
}

fn of(session: &Session, party: &str) -> SessionKey {
    SessionKey::Party {
        party: party.to_owned(),
        name_id: session.name_id.value.clone(),
    }
}

/// A logout of these sessions, by request `id`.
fn logout(n: u8, id: Option<&str>, ends: &[Session]) -> BeginLogout {
    let told = |session: &Session| Told {
        party: session.idp.clone(),
        leg: Leg::IdentityProvider,
        name_id: session.name_id.clone(),
        indexes: session.idp_indexes.clone(),
        state: State::ToTell,
    };
    BeginLogout {
        logout: PendingLogout {
            flow: FlowId::from_random([n; 16]),
            browser: ends[0].browser.clone(),
            started_by: StartedBy::Page,
            parties: ends.iter().map(told).collect(),
            started: at(10),
            expires: at(10) + LOGOUT_LIFETIME,
        },
        ends: ends.to_vec(),
        replay: id.map(|id| (id.to_owned(), at(900))),
    }
}

fn asking(logout: &PendingLogout, request_id: &str) -> PendingLogout {
    let mut logout = logout.clone();
    logout.parties[0].state = State::Asked {
        request_id: request_id.to_owned(),
        binding: Binding::Redirect,
        until: at(40),
    };
    logout
}

async fn a_login_begins_a_session(store: &impl Store) {
    let session = session(1, SYSTEM);
    log_in(store, 1, session.clone()).await;
    for key in [
        SessionKey::Browser(session.browser.clone()),
        of(&session, IDP),
        of(&session, SYSTEM),
    ] {
        let found = store.sessions(&key, at(2)).await;
        assert_eq!(found, Ok(vec![session.clone()]), "{key:?}");
    }
}

async fn a_second_login_joins_it(store: &impl Store) {
    let (first, second) = (session(1, SYSTEM), session(1, "https://other.example"));
    log_in(store, 1, first.clone()).await;
    log_in(store, 2, second.clone()).await;
    let joined = Session::joined(Some(first.clone()), second);
    assert_eq!(joined.systems.len(), 2);
    for party in [SYSTEM, "https://other.example", IDP] {
        let found = store.sessions(&of(&first, party), at(2)).await;
        assert_eq!(found, Ok(vec![joined.clone()]), "{party}");
    }
}

async fn a_replayed_answer_begins_none(store: &impl Store) {
    let session = session(1, SYSTEM);
    let mut login = login(1, session.clone());
    login.replay[0].0 = "used".to_owned();
    let earlier = consuming(asked(9, "id9"), &["used"]);
    store.put(&earlier.pending, None, at(0)).await.expect("put");
    store.consume(&earlier, at(0)).await.expect("done");
    store.put(&login.pending, None, at(0)).await.expect("put");
    let consumed = store.consume(&login, at(1)).await;
    assert_eq!(consumed, Ok(Consumed::Replayed("used".to_owned())));
    let found = store.sessions(&of(&session, IDP), at(2)).await;
    assert_eq!(found, Ok(Vec::new()));
}

async fn only_what_is_there_is_joined(store: &impl Store) {
    let (first, second) = (session(1, SYSTEM), session(1, "https://other.example"));
    assert_eq!(store.join(&second, at(1)).await, Ok(false));
    let found = store.sessions(&of(&first, IDP), at(1)).await;
    assert_eq!(found, Ok(Vec::new()), "nothing began");
    log_in(store, 1, first.clone()).await;
    assert_eq!(store.join(&second, at(2)).await, Ok(true));
    let found = store
        .sessions(&of(&first, "https://other.example"), at(3))
        .await;
    assert_eq!(found, Ok(vec![Session::joined(Some(first), second)]));
}

async fn a_session_ends(store: &impl Store) {
    let first = session(1, SYSTEM);
    log_in(store, 1, first.clone()).await;
    let key = SessionKey::Browser(first.browser.clone());
    let found = |seconds| store.sessions(&key, at(seconds));
    // The clock is asked each time: what is over may be looked at again by a clock that was moved back.
    assert_eq!(found(3599).await.map(|all| all.len()), Ok(1));
    assert_eq!(found(3600).await, Ok(Vec::new()));
    assert_eq!(store.join(&first, at(3600)).await, Ok(false));
    let again = Session {
        ends: at(9000),
        ..session(1, "https://other.example")
    };
    let login = Consume {
        pending: crate::hub::Pending {
            expires: at(9000),
            ..asked(2, "id2")
        },
        ..login(2, again.clone())
    };
    store
        .put(&login.pending, None, at(3600))
        .await
        .expect("put");
    store.consume(&login, at(3601)).await.expect("done");
    assert_eq!(
        found(3602).await,
        Ok(vec![again]),
        "the old one is not in it"
    );
}

async fn nobody_is_found_by_half_a_name(store: &impl Store) {
    let (one, other) = (session(1, SYSTEM), session(2, SYSTEM));
    log_in(store, 1, one.clone()).await;
    log_in(store, 2, other.clone()).await;
    let found = store.sessions(&of(&one, SYSTEM), at(2)).await;
    assert_eq!(found, Ok(vec![one.clone()]));
    for key in [
        of(&one, "https://nobody.example"),
        SessionKey::Browser(BrowserHash("00".repeat(32))),
        SessionKey::Party {
            party: SYSTEM.to_owned(),
            name_id: String::new(),
        },
    ] {
        assert_eq!(store.sessions(&key, at(2)).await, Ok(Vec::new()), "{key:?}");
    }
}

async fn a_logout_takes_its_sessions_and_no_other(store: &impl Store) {
    let (one, other) = (session(1, SYSTEM), session(2, SYSTEM));
    log_in(store, 1, one.clone()).await;
    log_in(store, 2, other.clone()).await;
    let begin = logout(1, Some("request"), std::slice::from_ref(&one));
    assert_eq!(store.begin_logout(&begin, at(10)).await, Ok(Ended::Done));
    assert_eq!(
        store.sessions(&of(&one, SYSTEM), at(11)).await,
        Ok(Vec::new())
    );
    assert_eq!(store.sessions(&of(&one, IDP), at(11)).await, Ok(Vec::new()));
    let left = store.sessions(&of(&other, SYSTEM), at(11)).await;
    assert_eq!(left, Ok(vec![other]));
    assert_eq!(store.join(&one, at(11)).await, Ok(false), "it is gone");
    let kept = store.logout(LogoutKey::Browser(&one.browser), at(11)).await;
    assert_eq!(kept, Ok(Some(begin.logout)));
}

async fn a_request_logs_out_once(store: &impl Store) {
    let (one, other) = (session(1, SYSTEM), session(2, SYSTEM));
    log_in(store, 1, one.clone()).await;
    log_in(store, 2, other.clone()).await;
    let begin = logout(1, Some("request"), &[one]);
    assert_eq!(store.begin_logout(&begin, at(10)).await, Ok(Ended::Done));
    let again = logout(2, Some("request"), std::slice::from_ref(&other));
    let ended = store.begin_logout(&again, at(11)).await;
    assert_eq!(ended, Ok(Ended::Replayed));
    let left = store.sessions(&of(&other, SYSTEM), at(11)).await;
    assert_eq!(left, Ok(vec![other]), "nothing was taken");
    let kept = store
        .logout(LogoutKey::Flow(&again.logout.flow), at(11))
        .await;
    assert_eq!(kept, Ok(None));
}

async fn a_session_that_changed_is_read_again(store: &impl Store) {
    let (first, second) = (session(1, SYSTEM), session(1, "https://other.example"));
    log_in(store, 1, first.clone()).await;
    let begin = logout(1, Some("request"), std::slice::from_ref(&first));
    store.join(&second, at(2)).await.expect("joined");
    assert_eq!(store.begin_logout(&begin, at(10)).await, Ok(Ended::Changed));
    let joined = Session::joined(Some(first), second);
    let found = store.sessions(&of(&joined, IDP), at(11)).await;
    assert_eq!(found, Ok(vec![joined.clone()]), "nothing was taken");
    let again = logout(1, Some("request"), &[joined]);
    let ended = store.begin_logout(&again, at(12)).await;
    assert_eq!(ended, Ok(Ended::Done), "the request was not used up");
}

async fn a_logout_goes_on_from_what_was_read(store: &impl Store) {
    let one = session(1, SYSTEM);
    log_in(store, 1, one.clone()).await;
    let begun = logout(1, None, &[one]).logout;
    let begin = logout(1, None, &[session(1, SYSTEM)]);
    assert_eq!(store.begin_logout(&begin, at(10)).await, Ok(Ended::Done));
    let (first, second) = (asking(&begun, "idA"), asking(&begun, "idB"));
    assert_eq!(store.go_on(&first, Some(&second), at(11)).await, Ok(false));
    assert_eq!(store.go_on(&begun, Some(&first), at(11)).await, Ok(true));
    assert_eq!(store.go_on(&begun, Some(&second), at(11)).await, Ok(false));
    let by = |id| store.logout(LogoutKey::Request(id), at(12));
    assert_eq!(by("idA").await, Ok(Some(first.clone())));
    assert_eq!(by("idB").await, Ok(None));
    assert_eq!(store.go_on(&first, Some(&second), at(12)).await, Ok(true));
    assert_eq!(by("idA").await, Ok(None), "an answer to it is late");
    assert_eq!(by("idB").await, Ok(Some(second.clone())));
    assert_eq!(store.go_on(&second, None, at(13)).await, Ok(true));
    assert_eq!(by("idB").await, Ok(None));
    assert_eq!(store.go_on(&second, None, at(13)).await, Ok(false));
}

async fn a_logout_is_forgotten(store: &impl Store) {
    let one = session(1, SYSTEM);
    log_in(store, 1, one.clone()).await;
    let begin = logout(1, None, &[one]);
    store.begin_logout(&begin, at(10)).await.expect("done");
    let logout = &begin.logout;
    let late = logout.expires;
    let before = late - Duration::SECOND;
    let by_flow = LogoutKey::Flow(&logout.flow);
    let found = store.logout(by_flow, before).await;
    assert_eq!(found, Ok(Some(logout.clone())));
    for key in [by_flow, LogoutKey::Browser(&logout.browser)] {
        assert_eq!(store.logout(key, late).await, Ok(None));
    }
    assert_eq!(store.go_on(logout, None, late).await, Ok(false));
}

async fn clear_forgets_them(store: &impl Store) {
    let (one, other) = (session(1, SYSTEM), session(2, SYSTEM));
    log_in(store, 1, one.clone()).await;
    log_in(store, 2, other.clone()).await;
    let begin = logout(1, Some("request"), std::slice::from_ref(&one));
    store.begin_logout(&begin, at(10)).await.expect("done");
    store.clear().await.expect("cleared");
    assert_eq!(
        store.sessions(&of(&other, IDP), at(11)).await,
        Ok(Vec::new())
    );
    let kept = store
        .logout(LogoutKey::Flow(&begin.logout.flow), at(11))
        .await;
    assert_eq!(kept, Ok(None));
    log_in(store, 1, one).await;
    let ended = store.begin_logout(&begin, at(12)).await;
    assert_eq!(ended, Ok(Ended::Done), "as if it never was");
}

async fn of_32_logouts_at_once_exactly_one_takes_it(store: Arc<impl Store + 'static>) {
    let one = session(1, SYSTEM);
    log_in(&*store, 1, one.clone()).await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..32 {
        let begin = logout(n, Some(&format!("request{n}")), std::slice::from_ref(&one));
        let store = store.clone();
        tasks.spawn(async move { store.begin_logout(&begin, at(10)).await });
    }
    let results = tasks.join_all().await;
    let count =
        |such: Result<Ended, StoreError>| results.iter().filter(|result| **result == such).count();
    assert_eq!((count(Ok(Ended::Done)), count(Ok(Ended::Changed))), (1, 31));
}

async fn of_32_logins_at_once_all_are_in_it(store: Arc<impl Store + 'static>) {
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..32 {
        let login = login(n, session(1, &format!("https://system{n}.example")));
        let store = store.clone();
        tasks.spawn(async move {
            store.put(&login.pending, None, at(0)).await.expect("put");
            store.consume(&login, at(1)).await
        });
    }
    let results = tasks.join_all().await;
    assert!(results.iter().all(|result| *result == Ok(Consumed::Done)));
    let found = store.sessions(&of(&session(1, SYSTEM), IDP), at(2)).await;
    let found = found.expect("read");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].systems.len(), 32);
}
