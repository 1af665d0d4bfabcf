//! What a message may cost that is refused (SECURITY.md, “Budgets”): CPU time of the thread that judges it, and
//! bytes that it allocates, all of them, whether given back or not. A binary of its own, because the allocator
//! that counts is the binary's.
//!
//! A debug build is slower by the factor below; `cargo test --release --test budget` holds the real figure,
//! and `-- --nocapture` prints the table.

#[path = "../support/app.rs"]
mod app;
mod attacks;
mod flows;
mod largest;
#[path = "../support/raw.rs"]
#[allow(dead_code, reason = "shared with the suite, which uses all of it")]
mod raw;
mod roles;
mod sessions;
mod system_test;
#[path = "../support/world.rs"]
#[allow(dead_code, reason = "shared with the suite, which uses all of it")]
mod world;

use attacks::{Attack, Good, Into};
use cpu_time::ThreadTime;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use vejviser::hub::Pending;
use vejviser::hub::acs::{Answered, Outcome, claimed_in_response_to};
use vejviser::hub::sso::Received;
use vejviser::saml::binding::{decode_post, decode_redirect};
use vejviser::saml::{MessageField, metadata};
use vejviser::xml::{Document, Limits};
use world::World;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The allocator counts for the whole program, so one test measures at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// CPU time of one refusal in a release build.
const CPU: Duration = Duration::from_millis(50);
/// Bytes that one refusal may allocate altogether.
const BYTES: usize = 32 << 20;
/// How much slower a build without optimisation may be.
const DEBUG: u32 = if cfg!(debug_assertions) { 20 } else { 1 };

/// Ways through the hub's endpoints, without their sockets: whether the message was refused.
fn refused(world: &mut World, asked: &Pending, into: &Into, form: &[u8]) -> bool {
    match into {
        Into::Answer(_) | Into::Form(_) => {
            let Ok(decoded) = decode_post(form) else {
                return true;
            };
            let pending = claimed_in_response_to(&decoded);
            let pending = pending
                .filter(|id| asked.asked_with() == Some(id))
                .map(|_| asked);
            match world.answer(&decoded, pending, Some("browser")) {
                Answered::Page(_) => true,
                Answered::Finish(finish) => matches!(finish.outcome, Outcome::Refused(_)),
            }
        }
        Into::Request(_) | Into::Query(_) => {
            let decoded = match into {
                Into::Query(query) => decode_redirect(query),
                _ => decode_post(form),
            };
            let Ok(decoded) = decoded else { return true };
            !matches!(world.receive(&decoded), Received::Login(_))
        }
        Into::Metadata(xml) => match Document::parse_within(xml.as_bytes(), &Limits::METADATA) {
            Ok(document) => metadata::read(document.root()).is_err(),
            Err(_) => true,
        },
    }
}

/// The body that a browser would send.
fn form(into: &Into) -> Vec<u8> {
    let (field, xml) = match into {
        Into::Answer(xml) => (MessageField::Response, xml),
        Into::Request(xml) => (MessageField::Request, xml),
        Into::Form(body) => return body.clone(),
        Into::Query(_) | Into::Metadata(_) => return Vec::new(),
    };
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair(field.name(), &raw::base64(xml.as_bytes()));
    form.finish().into_bytes()
}

#[test]
fn a_refused_message_costs_no_more_than_its_budget() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut world = World::plain();
    let asked = world.asked();
    let good = Good::new(&mut world, &asked);
    let attacks = attacks::all(&good, &world);
    let mut worst: BTreeMap<&str, (Duration, &str, usize, &str, usize)> = BTreeMap::new();
    let mut broken = Vec::new();
    let mut passed = Vec::new();
    for Attack { class, what, into } in &attacks {
        let form = form(into);
        let region = Region::new(ALLOCATOR);
        let start = ThreadTime::now();
        let was_refused = refused(&mut world, &asked, into, &form);
        let mut cpu = start.elapsed();
        let bytes = region.change().bytes_allocated;
        // A neighbour on the machine only ever adds, so a slow one gets another chance, and in a release build,
        // where the figure is the real one, so does everybody.
        for _ in 0..2 {
            if cfg!(debug_assertions) && cpu <= CPU * DEBUG {
                break;
            }
            let start = ThreadTime::now();
            refused(&mut world, &asked, into, &form);
            cpu = cpu.min(start.elapsed());
        }
        if !was_refused {
            passed.push(format!("{class}: {what}"));
        }
        if cpu > CPU * DEBUG || bytes > BYTES {
            broken.push(format!("{class}: {what}: {cpu:?}, {bytes} bytes"));
        }
        let entry = worst.entry(class).or_insert((Duration::ZERO, "", 0, "", 0));
        entry.4 += 1;
        if cpu > entry.0 {
            (entry.0, entry.1) = (cpu, what);
        }
        if bytes > entry.2 {
            (entry.2, entry.3) = (bytes, what);
        }
    }
    println!(
        "{:<32} {:>3}  {:>9}  {:>10}",
        "class", "n", "CPU", "allocated"
    );
    for (class, (cpu, slow, bytes, large, count)) in &worst {
        let (ms, kib) = (cpu.as_secs_f64() * 1e3, bytes / 1024);
        println!("{class:<32} {count:>3}  {ms:>6.2} ms  {kib:>6} KiB   {slow} | {large}");
    }
    // Costly, but good: an envelope that nobody signed may be padded by anybody, and a registered IdP may say much.
    println!("accepted all the same: {passed:#?}");
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(attacks.len() > 100, "{}", attacks.len());
    assert!(
        attacks.len() > 4 * passed.len(),
        "most are refused: {passed:#?}"
    );
}
