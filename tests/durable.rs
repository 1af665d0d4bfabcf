//! kill -9 at any moment: what was answered is there after the next start, and nothing is there half.
#![allow(
    clippy::disallowed_methods,
    reason = "a process is killed by the clock of the world"
)]

use crate::support::served::{Folder, IDP, SYSTEM, Served, federation, in_path};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use vejviser::registry::{Content, Judge};
use vejviser::store::Sqlite;
use vejviser::store::records::{Records, Stored};

/// Rounds in `cargo test`; `cargo bench --bench durable` does as many as it is asked.
const ROUNDS: usize = 200;

/// What was seen in so many rounds.
#[derive(Debug, Default)]
pub struct Survived {
    /// Times that the process was killed before it said that it was ready.
    pub at_start: usize,
    /// Changes that were answered, and found again.
    pub answered: usize,
    /// Changes that were under way when it was killed, and are there or are not.
    pub under_way: usize,
}

#[test]
fn what_was_answered_outlives_the_process() {
    let survived = kill(ROUNDS);
    assert!(
        survived.at_start > 0 && survived.answered > ROUNDS,
        "{survived:?}"
    );
}

/// Kills a hub so many times, at moments that are spread from its start to well into its work.
pub fn kill(rounds: usize) -> Survived {
    let folder = Folder::new("durable");
    drop(folder.serve());
    let started = Instant::now();
    drop(folder.serve());
    let start = started.elapsed();
    let mut survived = Survived::default();
    for round in 0..rounds {
        let title = format!("Runde {round}");
        // Two sections change at once: they are taken over together or not at all.
        folder.write("federation.toml", federation(&title).as_bytes());
        // Every third time in the middle of the start, and of the first change.
        let (during, after) = match round % 3 {
            0 => (
                Some(start * u32::try_from(round % 12).unwrap() / 12),
                Duration::ZERO,
            ),
            _ => (
                None,
                Duration::from_millis(u64::try_from(5 + 13 * (round % 11)).unwrap()),
            ),
        };
        let child = folder.spawn();
        if let Some(wait) = during {
            let mut child = child;
            std::thread::sleep(wait);
            child.kill().unwrap();
            child.wait().unwrap();
            survived.at_start += 1;
            judge(&folder, &[0; 3]);
            continue;
        }
        let mut served = Served::ready(child).expect("a start after a kill");
        let counts = work(&mut served, after);
        drop(served);
        survived.under_way += counts.under_way;
        survived.answered += judge(&folder, &counts.answered);
    }
    survived
}

/// What writers got answered.
struct Counts {
    answered: [usize; 3],
    under_way: usize,
}

/// Three writers change one field each, counting, until the hub is killed under them.
fn work(served: &mut Served, after: Duration) -> Counts {
    let (stop, dead) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (idp, system) = (in_path(IDP), in_path(SYSTEM));
    // It is there from the second round on.
    let made = served.ask("POST", "/Brugersystemroller", Some(&json!({ "Id": "tal" })));
    assert!(matches!(made, Some((200 | 400, _))), "{made:?}");
    let mut answered = [0; 3];
    let (manage, token) = (served.manage.clone(), served.token.clone());
    std::thread::scope(|scope| {
        let write = |path: String, body: fn(usize) -> Value| {
            let (manage, token, stop, dead) = (&manage, &token, &stop, &dead);
            move || {
                let mut last = 0;
                for count in 1.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let body = body(count);
                    match crate::support::served::ask(manage, token, "PUT", &path, Some(&body)) {
                        Some((200, _)) => last = count,
                        Some(other) => panic!("{other:?}"),
                        None => {
                            dead.fetch_add(1, Ordering::Relaxed);
                            break;
                        }
                    }
                }
                last
            }
        };
        let writers = [
            scope.spawn(write(format!("/IdentityProviders/{idp}/Beskrivelse"), |count| json!(format!("{count}")))),
            scope.spawn(write(format!("/BrugervendteSystemer/{system}/RoleMappings"), |count| {
                json!([{ "Id": "tal", "JobfunktionsrolleId": format!("{count}"), "BrugersystemrolleId": format!("{count}") }])
            })),
            scope.spawn(write("/Brugersystemroller/dGFs".to_owned(), |count| {
                json!({ "Id": "tal", "Dataafgraensningstyper": [{ "Id": "a", "Description": format!("{count}") }] })
            })),
        ];
        std::thread::sleep(after);
        served.child.kill().unwrap();
        stop.store(true, Ordering::Relaxed);
        for (index, writer) in writers.into_iter().enumerate() {
            answered[index] = writer.join().unwrap();
        }
    });
    Counts {
        answered,
        under_way: dead.into_inner(),
    }
}

/// Looks at what the dead process left: at least what it answered, at most the one that was under way.
fn judge(folder: &Folder, answered: &[usize; 3]) -> usize {
    let content = left(folder);
    let idp = &content.identity_providers[IDP].object;
    let organisation = content.organisations.values().next().unwrap();
    assert_eq!(
        idp.praesentationsnavn, organisation.name,
        "two sections of one file"
    );
    let system = &content.systems[SYSTEM].object;
    let mapping = system.role_mappings.first();
    let mapped = mapping.map(|mapping| {
        assert_eq!(mapping.jobfunktionsrolle_id, mapping.brugersystemrolle_id);
        mapping.jobfunktionsrolle_id.clone()
    });
    let role = content.get::<vejviser::registry::object::UserSystemRole>("tal");
    let role = role.and_then(|role| role.dataafgraensningstyper.into_iter().next()?.description);
    let found = [Some(idp.beskrivelse.clone()), mapped, role];
    for (found, answered) in found.iter().zip(answered) {
        if *answered > 0 {
            let found: usize = found.as_deref().unwrap_or_default().parse().unwrap_or(0);
            assert!(
                found == *answered || found == answered + 1,
                "{found} of {answered}"
            );
        }
    }
    answered.iter().sum()
}

fn left(folder: &Folder) -> Content {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Sqlite::open(&folder.path("federation.db")).unwrap();
        let Stored { rows, .. } = store.load().await.unwrap();
        let now = vejviser::edge::world::Clock::default().now();
        let content = Content::load(&rows, &Judge::default(), now).unwrap();
        assert!(content.parties().all(|party| party.is_served()));
        content
    })
}
