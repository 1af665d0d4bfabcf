//! What a session costs in memory: a hub of a hundred thousand users who are logged in.

use crate::{ALLOCATOR, ALONE};
use stats_alloc::Region;
use std::sync::PoisonError;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use vejviser::hub::level::Reached;
use vejviser::hub::session::{Authenticated, Participant, Session, SessionId, SessionKey};
use vejviser::hub::{BrowserHash, Consume, Consumed, FlowId, Pending, Stage};
use vejviser::oiosaml::{Level, Nist, Nsis};
use vejviser::saml::{Attribute, NameId, names};
use vejviser::store::{Memory, Store};

/// Live sessions, and what they may take.
const SESSIONS: usize = 100_000;
const BYTES: usize = 100_000_000;
/// A debug build takes a while for as many: it holds a part of them to the same.
const MEASURED: usize = if cfg!(debug_assertions) {
    SESSIONS / 10
} else {
    SESSIONS
};

fn now() -> OffsetDateTime {
    datetime!(2026-12-01 08:00 UTC)
}

/// Chance enough that no two sessions help each other, and the same every time.
fn digest(n: usize, what: &str) -> String {
    let digest = openssl::sha::sha256(format!("{n} {what}").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base64(text: &str) -> String {
    openssl::base64::encode_block(text.as_bytes())
}

fn uuid(n: usize, what: &str) -> String {
    let hex = digest(n, what);
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..32],
    ];
    parts.join("-")
}

/// Two roles with a constraint each, of a municipality's own naming.
fn privileges(n: usize, cvr: usize) -> String {
    let group = |what: &str| {
        format!(
            "<PrivilegeGroup Scope=\"urn:dk:gov:saml:cvrNumberIdentifier:{cvr:08}\"><Privilege>http://kommune{}.eksempel.dk/roles/jobrole/sagsbehandling-{}/1</Privilege><Constraint Name=\"http://sts.eksempel.dk/constraints/orgenhed/1\">{}</Constraint></PrivilegeGroup>",
            n % 98,
            &digest(n, what)[..8],
            uuid(n, what)
        )
    };
    base64(&format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><bpp:PrivilegeList xmlns:bpp=\"http://itst.dk/oiosaml/basic_privilege_profile\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">{}{}</bpp:PrivilegeList>",
        group("one"),
        group("two")
    ))
}

/// User `n`, who is logged in to three systems.
fn session(n: usize) -> Session {
    let (browser, cvr) = (BrowserHash(digest(n, "browser")), 10_000_000 + n % 98);
    let name_id = NameId {
        value: format!(
            "C=DK,O={cvr:08},CN=Fornavn{} Efternavn{n},Serial={}",
            n % 3000,
            uuid(n, "serial")
        ),
        format: Some(names::name_id::X509_SUBJECT_NAME.to_owned()),
        name_qualifier: None,
        sp_name_qualifier: None,
    };
    let idp = format!(
        "https://login.kommune{}.eksempel.dk/adfs/services/trust",
        n % 98
    );
    let attribute = |name: &str, value: String| Attribute {
        name: name.to_owned(),
        name_format: None,
        friendly_name: None,
        values: vec![value],
    };
    let professional = "https://data.gov.dk/model/core/eid/professional";
    let systems = (0..3).map(|number| Participant {
        system: format!(
            "https://saml.fagsystem{}.eksempel.dk/metadata",
            (n + number * 7) % 200
        ),
        indexes: vec![base64(&digest(n, &format!("index {number}"))[..16])],
    });
    Session {
        id: SessionId::of(&browser, &idp, &name_id),
        browser,
        idp,
        name_id,
        idp_indexes: vec![format!("_{}", uuid(n, "idp"))],
        systems: systems.collect(),
        authenticated: Some(Authenticated {
            at: now() - Duration::seconds(20),
            reached: Reached {
                nsis: Some(Nsis::Substantial),
                nist: Some(Nist::Three),
            },
            attributes: vec![
                attribute(
                    "https://data.gov.dk/concept/core/nsis/loa",
                    "Substantial".to_owned(),
                ),
                attribute(&format!("{professional}/cvr"), format!("{cvr:08}")),
                attribute(
                    &format!("{professional}/orgName"),
                    format!("Kommune {}", n % 98),
                ),
                attribute(
                    "https://data.gov.dk/model/core/eid/email",
                    format!("efternavn{n}@kommune{}.eksempel.dk", n % 98),
                ),
                attribute(
                    "https://data.gov.dk/model/core/eid/privilegesIntermediate",
                    privileges(n, cvr),
                ),
            ],
            proxies: None,
            until: None,
        }),
        started: now() + Duration::milliseconds(i64::try_from(n).expect("few")),
        used: now() + Duration::milliseconds(i64::try_from(n).expect("few")),
        ends: now() + Duration::hours(8),
    }
}

fn pending(n: usize, session: &Session) -> Pending {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&n.to_le_bytes());
    Pending {
        flow: FlowId::from_random(bytes),
        browser: session.browser.clone(),
        system: session.systems[0].system.clone(),
        request_id: format!("_{n}"),
        acs_url: "https://system.eksempel.dk/acs".to_owned(),
        relay_state: None,
        required: Level::Nsis(Nsis::Substantial),
        enforced: true,
        force_authn: false,
        is_passive: false,
        idp_list: Vec::new(),
        chooser: false,
        notice: None,
        remember: false,
        profile: None,
        fault: None,
        started: now(),
        expires: now() + Duration::hours(1),
        stage: Stage::Choosing,
    }
}

#[test]
fn a_hundred_thousand_sessions_fit_into_their_budget() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(fill());
}

async fn fill() {
    let store = Memory::new();
    let region = Region::new(ALLOCATOR);
    for n in 0..MEASURED {
        let session = session(n);
        let consume = Consume {
            pending: pending(n, &session),
            replay: Vec::new(),
            session: Some(Box::new(session)),
        };
        store
            .put(&consume.pending, None, now())
            .await
            .expect("room");
        let consumed = store.consume(&consume, now()).await;
        assert_eq!(consumed, Ok(Consumed::Done));
    }
    let change = region.change();
    let bytes = change.bytes_allocated - change.bytes_deallocated;
    println!(
        "{MEASURED} sessions: {bytes} bytes, {} each",
        bytes / MEASURED
    );
    for n in [0, MEASURED / 2, MEASURED - 1] {
        let session = session(n);
        let key = SessionKey::Party {
            party: session.systems[2].system.clone(),
            name_id: session.name_id.value.clone(),
        };
        let found = store.sessions(&key, now()).await;
        assert_eq!(found, Ok(vec![session]), "none gave way");
    }
    assert!(bytes <= BYTES / SESSIONS * MEASURED, "{bytes} bytes");
}
