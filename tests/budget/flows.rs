//! What flows cost: to record one, as a share of its login's CPU, and to find and open one among 100,000 in a file.

use crate::{ALONE, DEBUG, world};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use cpu_time::{ProcessTime, ThreadTime};
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tower::ServiceExt as _;
use vejviser::edge::journal::{Filter, Journal, Note, State, Visit};
use vejviser::edge::manage::Access;
use vejviser::edge::world::{Clock, random};
use vejviser::hub::acs::{Answered, Outcome};
use vejviser::hub::sso::Received;
use vejviser::hub::{Actor, Check, FlowId, Refusal, Trace};
use vejviser::oiosaml::{Cvr, Level, Nsis, RequestProfile};
use world::{Keys, World};

/// CPU time of a list of flows, and of one flow, in a release build.
const FOUND: Duration = Duration::from_millis(50);
/// Of a login's CPU time, at most this share for recording it, in percent.
const SHARE: f64 = 10.0;
/// Flows in the file; where nothing is optimised, fewer.
const FLOWS: u32 = if cfg!(debug_assertions) {
    10_000
} else {
    100_000
};

/// A directory of its own; gone with the value.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let place = std::env::temp_dir().join(format!("vejviser-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&place).unwrap();
        Self(place)
    }
    fn open(&self) -> Journal {
        let week = time::Duration::days(7);
        Journal::kept(Arc::new(Clock::default()), &self.0.join("flows.db"), week).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn id() -> FlowId {
    let mut bytes = [0; 16];
    random(&mut bytes);
    FlowId::from_random(bytes)
}

/// The steps of a login whose answer is encrypted, as the hub does them: what each tells the journal, and the CPU time of
/// all, the fastest of some.
fn login(bits: u32) -> ([Trace; 3], Duration) {
    let keys: &'static Keys = Box::leak(Box::new(Keys::make(bits)));
    let level = Level::Nsis(Nsis::Substantial);
    let mut world = World::with_keys(keys, RequestProfile::Oiosaml3, level);
    let request = world.by_redirect(&world.request(|_| {}), Some(&keys.system.signing));
    let pending = world.pending(|_| {});
    let mut best = Duration::MAX;
    let mut traces = Default::default();
    for _ in 0..if cfg!(debug_assertions) { 3 } else { 30 } {
        let start = ThreadTime::now();
        let received = world.receive(&request);
        let mut cpu = start.elapsed();
        assert!(matches!(received, Received::Login(_)));
        let first = std::mem::take(&mut world.trace);
        let start = ThreadTime::now();
        let (asked, _) = world.ask(&pending).unwrap();
        cpu += start.elapsed();
        let second = std::mem::take(&mut world.trace);
        let (response, assertion) = (world.response(&asked), world.assertion(&asked));
        let answer = world.sealed(
            &response,
            &assertion,
            &keys.idp.signing,
            &keys.hub.recipient(),
        );
        let start = ThreadTime::now();
        let answered = world.answer(&answer, Some(&asked), Some("browser"));
        cpu += start.elapsed();
        let Answered::Finish(finish) = answered else {
            panic!("a login that succeeds")
        };
        assert!(matches!(finish.outcome, Outcome::LoggedIn { .. }));
        best = best.min(cpu);
        traces = [first, second, std::mem::take(&mut world.trace)];
    }
    (traces, best)
}

/// What a browser did, as Chromium tells it.
fn visit() -> Note {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
    Note {
        visit: Some(Visit {
            at: Clock::default().now(),
            method: "POST".to_owned(),
            path: "/runtime/saml2auth/consume.idp".to_owned(),
            headers: vec![
                header("host", "hub.example"),
                header("user-agent", agent),
                header("origin", "https://idp.provekobing.example"),
                header("content-type", "application/x-www-form-urlencoded"),
                header("accept-language", "da,en;q=0.8"),
                header("sec-fetch-site", "cross-site"),
            ],
            cookies: vec!["__Host-vejviser-0123456789ab".to_owned()],
            status: 200,
            set_cookies: Vec::new(),
            location: None,
        }),
        ..Note::default()
    }
}

/// What is noted of a login, step by step, each with the request that led to it.
fn notes(traces: [Trace; 3]) -> Vec<Note> {
    let last = Some(Outcome::LoggedIn {
        level: Some(Level::Nsis(Nsis::Substantial)),
        under_assured: false,
    });
    let ended = [None, None, last];
    let notes = traces.into_iter().zip(ended).map(|(trace, ended)| Note {
        trace,
        system: Some(world::SYSTEM.to_owned()),
        idp: Some(world::IDP.to_owned()),
        profile: Some(RequestProfile::Oiosaml3),
        organisation: Cvr::parse(world::CVR),
        ended,
        ..Note::default()
    });
    notes.flat_map(|note| [note, visit()]).collect()
}

/// CPU time of recording one login, of many; written after so many each.
fn recording(journal: &Journal, traces: &[Trace; 3], together: usize) -> Duration {
    let rounds = if cfg!(debug_assertions) { 32 } else { 512 };
    let mut all: Vec<_> = (0..rounds).map(|_| (id(), notes(traces.clone()))).collect();
    let start = ThreadTime::now();
    for (count, (id, notes)) in all.iter_mut().enumerate() {
        for note in notes.drain(..) {
            journal.note(id, note);
        }
        if (count + 1) % together == 0 {
            journal.flush();
        }
    }
    start.elapsed() / u32::try_from(rounds).unwrap()
}

#[test]
fn recording_costs_a_tenth_of_a_login_at_most() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let place = Place::new("recorded");
    let (traces, login) = login(3072);
    let mut broken = Vec::new();
    let cases = [
        ("in memory", Journal::new(Arc::default()), 1),
        ("in a file, ten at a time", place.open(), 10),
    ];
    for (what, journal, together) in cases {
        let best = (0..3)
            .map(|_| recording(&journal, &traces, together))
            .min()
            .unwrap();
        let share = best.as_secs_f64() / login.as_secs_f64() * 100.0;
        println!("recording {what}: {best:?}, {share:.1} % of a login with RSA-3072 ({login:?})");
        let flow = journal.list().remove(0);
        assert_eq!(journal.get(&flow.id).unwrap().content.exchanges.len(), 4);
        if share > SHARE {
            broken.push(what);
        }
    }
    // Without optimisation the parts are slower by different factors.
    assert!(cfg!(debug_assertions) || broken.is_empty(), "{broken:?}");
}

/// Fills the file with copies of three flows, under ids that count.
fn filled(place: &Place) {
    let journal = place.open();
    let (traces, _) = login(2048);
    let refused = Some(Outcome::Refused(Refusal::of(Check::RequestSignature)));
    for ended in [None, refused] {
        let last = Note {
            ended,
            ..notes(traces.clone()).remove(2)
        };
        journal.note(&id(), last);
    }
    let whole = id();
    for note in notes(traces) {
        journal.note(&whole, note);
    }
    journal.flush();
    drop(journal);
    let file = rusqlite::Connection::open(place.0.join("flows.db")).unwrap();
    file.execute_batch(&format!(
        "PRAGMA synchronous = OFF; BEGIN;
         CREATE TEMP TABLE copy AS
             WITH RECURSIVE n (n) AS (SELECT 4 UNION ALL SELECT n + 1 FROM n WHERE n < {FLOWS})
             SELECT n, 1 + n % 3 AS of, printf('%026d', n) AS name FROM n;
         INSERT INTO flow SELECT n, name, began - n * 1000000000, state, system, idp, organisation, profile, actor
             FROM copy JOIN flow ON number = of ORDER BY n;
         INSERT INTO content SELECT n, replace(summary, flow.id, name), body
             FROM copy JOIN content ON content.number = of JOIN flow ON flow.number = of ORDER BY n;
         COMMIT;"
    ))
    .unwrap();
}

#[test]
fn a_list_and_a_flow_are_found_among_a_hundred_thousand() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let place = Place::new("found");
    filled(&place);
    let start = ThreadTime::now();
    let journal = place.open();
    println!("opening a file of {FLOWS} flows: {:?}", start.elapsed());
    let any = Filter::default;
    let text = |text: &str| Some(text.to_owned());
    let searches = [
        ("all", 100, any()),
        (
            "refused",
            100,
            Filter {
                outcome: Some(State::Refused),
                ..any()
            },
        ),
        (
            "a system's",
            100,
            Filter {
                system: text(world::SYSTEM),
                ..any()
            },
        ),
        (
            "nobody's",
            0,
            Filter {
                actor: Some(Actor::Hub),
                ..any()
            },
        ),
        (
            "of nobody's organisation",
            0,
            Filter {
                organisation: Cvr::parse("99999999"),
                ..any()
            },
        ),
        (
            "of an unused profile",
            0,
            Filter {
                profile: Some(RequestProfile::Oiosaml2),
                ..any()
            },
        ),
        (
            "of everybody, and of no such IdP",
            0,
            Filter {
                outcome: Some(State::LoggedIn),
                system: text(world::SYSTEM),
                idp: text(world::OTHER_IDP),
                ..any()
            },
        ),
        (
            "by its id",
            1,
            Filter {
                id: text(&format!("{:026}", 5000)),
                ..any()
            },
        ),
        (
            "by an id that is not there",
            0,
            Filter {
                id: text("Z0Z0Z0Z0"),
                ..any()
            },
        ),
        (
            "the last page",
            99,
            Filter {
                before: Some(100),
                ..any()
            },
        ),
    ];
    let mut broken = Vec::new();
    for (what, count, filter) in searches {
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let start = ThreadTime::now();
            let found = black_box(journal.search(&filter));
            best = best.min(start.elapsed());
            assert_eq!(found.flows.len(), count, "{what}");
        }
        println!("a list of {count:>3} flows, {what}: {best:?}");
        if best > FOUND * DEBUG {
            broken.push(what);
        }
    }
    let ids = (0..10).map(|n| FlowId::parse(&format!("{:026}", 4 + n * (FLOWS / 11))).unwrap());
    for id in ids {
        let start = ThreadTime::now();
        let flow = journal.get(&id).unwrap();
        let took = start.elapsed();
        assert!(!flow.content.exchanges.is_empty());
        if took > FOUND * DEBUG {
            broken.push("one flow");
        }
        println!("one flow: {took:?}");
    }
    assert!(broken.is_empty(), "{broken:?}");
}

/// The pages, through the listener that serves them: read, judged, written as HTML, on whichever thread.
#[test]
fn the_pages_of_a_hundred_thousand_flows() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let place = Place::new("pages");
    filled(&place);
    let clock = Arc::new(Clock::default());
    let world = World::plain();
    let store = Arc::new(vejviser::store::Memory::default());
    let app = crate::app::app(&world, store, place.open(), clock);
    let site = vejviser::edge::manage::router(app, Access::open());
    // Every third is a copy of the whole login.
    let whole = format!("{:026}", FLOWS / 3 * 3 - 1);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut broken = Vec::new();
    for path in [
        "/forloeb".to_owned(),
        "/forloeb?actor=hub".to_owned(),
        format!("/forloeb/{whole}"),
        format!("/forloeb/{whole}?lang=en"),
    ] {
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let request = Request::get(&path).header("host", "localhost");
            let request = request.body(Body::empty()).unwrap();
            let start = ProcessTime::now();
            let (status, bytes) = runtime.block_on(async {
                let answer = site.clone().oneshot(request).await.unwrap();
                let status = answer.status();
                (status, to_bytes(answer.into_body(), 1 << 24).await.unwrap())
            });
            best = best.min(start.elapsed());
            assert_eq!(status, 200, "{path}");
            // A flow's page has all four messages.
            let messages = String::from_utf8_lossy(&bytes)
                .matches("class=\"message\"")
                .count();
            assert_eq!(
                messages,
                if path.contains("/forloeb/") { 4 } else { 0 },
                "{path}"
            );
        }
        println!("{path}: {best:?}");
        if best > FOUND * DEBUG {
            broken.push(path);
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}
