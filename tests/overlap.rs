//! No login is lost by our own change: while the running hub goes through an overlap, people log in without a break,
//! several at a time, so that logins begin on one side of every step and end on the other.

use crate::support::demo::{Demo, Went};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tokio::task::LocalSet;
use vejviser::config::Habits;
use vejviser::drill::Browser;
use vejviser::edge::rollover::Wanted;
use vejviser::hub::rollover::{Source, Strategy, TrustModel};

const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);
/// Logins under way at a time.
const AT_A_TIME: usize = 4;
/// Who logs in where: the demo's combinations that succeed without a change.
const LOGINS: [(&str, &str, &str); 6] = [
    ("sagssystem", "eksempelstrup", "anna"),
    ("borgerportal", "eksempelstrup", "anna"),
    ("sagssystem", "testrup", "gert"),
    ("borgerportal", "testrup", "gert"),
    ("sagssystem", "fiktiv-ny", "jytte"),
    ("sagssystem", "provekobing-adfs", "dorte"),
];

/// How it went.
pub struct Swept {
    /// Logins that succeeded.
    pub logged_in: usize,
    /// Those that did not: when, who, and how they ended.
    pub failed: Vec<String>,
    /// States of the hub's keys that logins began in.
    pub states: usize,
    /// Logins that began in one state and ended in another.
    pub across: usize,
}

/// The moments of so many logins, in the order of time: half of them spread evenly over an overlap from the day before it
/// begins to the day after it ends, half within half an hour of the moments at which it does something.
fn moments(logins: usize) -> Vec<OffsetDateTime> {
    let near = Duration::minutes(30);
    let week = Duration::days(7);
    let spread = |count: usize, from: OffsetDateTime, to: OffsetDateTime| {
        (0..count).map(move |number| from + (to - from) * (number as f64 / count as f64))
    };
    let switches = [SIX - week, SIX, SIX + week];
    let half = logins / 2;
    let mut moments: Vec<OffsetDateTime> = switches
        .iter()
        .enumerate()
        .flat_map(|(index, at)| {
            let count = half * (index + 1) / 3 - half * index / 3;
            spread(count, *at - near, *at + near)
        })
        .collect();
    let day = Duration::days(1);
    moments.extend(spread(logins - half, SIX - week - day, SIX + week + day));
    moments.sort();
    moments
}

/// `logins` logins at their [`moments`]. Everybody follows metadata: some hourly, some daily.
pub async fn sweep(logins: usize) -> Swept {
    let daily = |hours, minutes: i64| Habits {
        model: TrustModel {
            source: Source::Polled {
                every: Duration::hours(hours),
                at: SIX + Duration::minutes(minutes),
            },
            ..TrustModel::default()
        },
        contact: None,
    };
    let habits = BTreeMap::from([
        ("eksempelstrup".to_owned(), daily(1, 1)),
        ("provekobing-adfs".to_owned(), daily(24, 970)),
        ("testrup".to_owned(), daily(6, 17)),
        ("fiktiv-ny".to_owned(), daily(12, 333)),
        ("sagssystem".to_owned(), daily(24, 1)),
        ("borgerportal".to_owned(), daily(4, 7)),
    ]);
    let demo = Arc::new(Demo::start_with_habits(habits).await);
    let player = &demo.app.player;
    let wanted = Wanted {
        window: Some(SIX),
        speed: Some(0),
        ..Wanted::of(Strategy::Overlap)
    };
    player.start(&wanted, demo.app.clock.real()).unwrap();
    let moments = Arc::new(moments(logins));
    let next = Arc::new(AtomicUsize::new(0));
    let workers = (0..AT_A_TIME).map(|_| {
        let (demo, next, moments) = (demo.clone(), next.clone(), moments.clone());
        async move {
            let mut failed = Vec::new();
            let (mut states, mut across) = (BTreeSet::new(), 0);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(at) = moments.get(number).copied() else {
                    return (failed, states, across);
                };
                demo.app.player.jump(at, demo.app.clock.real()).unwrap();
                let (system, idp, person) = LOGINS[number % LOGINS.len()];
                let begun = state(&demo);
                states.insert(begun);
                match demo.log_in(&mut Browser::new(), system, idp, person).await {
                    Went::In(_) => {}
                    other => failed.push(format!("{at}: {person} of {idp} at {system}: {other:?}")),
                }
                across += usize::from(state(&demo) != begun);
            }
        }
    });
    // A browser stays on its thread; the hub has threads of its own.
    let browsers = LocalSet::new();
    let workers: Vec<_> = workers.map(|worker| browsers.spawn_local(worker)).collect();
    let (mut failed, mut states, mut across) = (Vec::new(), BTreeSet::new(), 0);
    browsers
        .run_until(async {
            for worker in workers {
                let (its_failed, its_states, its_across) = worker.await.unwrap();
                failed.extend(its_failed);
                states.extend(its_states);
                across += its_across;
            }
        })
        .await;
    Swept {
        logged_in: logins - failed.len(),
        failed,
        states: states.len(),
        across,
    }
}

/// The state that the hub's keys are in, by its number.
fn state(demo: &Demo) -> usize {
    let now = demo.app.clock.real();
    let (playing, _, at) = demo.app.player.playing(now).unwrap();
    playing.schedule.index(at)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_login_is_lost_by_an_overlap() {
    // A third of the half, and what is spread evenly.
    let near = |at: &OffsetDateTime| (*at - SIX).abs() <= Duration::minutes(30);
    let all = moments(80);
    assert_eq!(
        (all.len(), all.iter().filter(|at| near(at)).count()),
        (80, 14)
    );
    let swept = sweep(80).await;
    assert_eq!(swept.failed, Vec::<String>::new());
    assert_eq!((swept.logged_in, swept.states), (80, 4));
    assert!(swept.across > 0);
}
