//! A federation of the real one's size: 98 municipalities with three identity providers each, and a thousand systems.
//!
//!     cargo bench --bench size
//!
//! Says how long `vejviser serve` takes until it answers, what a login costs beside one in a federation of five and five,
//! and what the process takes in memory. Exit 1 if one of them is beyond its goal.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[path = "../../support/mod.rs"]
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod support;

mod crowd;
mod hub;
mod visitor;

use hub::Running;
use std::process::ExitCode;
use support::served::Folder;
use visitor::Visitor;

const MUNICIPALITIES: usize = 98;
const IDPS_EACH: usize = 3;
const SYSTEMS: usize = 1_000;

const STARTS: usize = 5;
const LOGINS: usize = 100;
/// Logins in a row at one hub, then at the other; of each hub the cheapest such row counts, because noise only adds.
const ROW: usize = 4;
const ROUNDS: usize = 150;

const START_GOAL_MS: f64 = 1_000.0;
const RATIO_GOAL: f64 = 1.05;
const MEMORY_GOAL_MB: f64 = 100.0;

fn main() -> ExitCode {
    let small = Folder::new("size-small");
    let large = Folder::new("size-large");
    // One of each stands in the file: those that log in.
    crowd::settle(&small, 4, 1, 4);
    crowd::settle(&large, MUNICIPALITIES, IDPS_EACH, SYSTEMS - 1);

    let mut starts: Vec<f64> = (0..STARTS)
        .map(|_| Running::start(&large).ready_ms)
        .collect();
    starts.sort_by(f64::total_cmp);
    let start = starts[STARTS / 2];
    let start_fits = told(
        &format!(
            "start to ready with {} identity providers and {SYSTEMS} systems, median of {STARTS}",
            MUNICIPALITIES * IDPS_EACH + 1
        ),
        &format!("{start:.0} ms"),
        &format!("< {START_GOAL_MS:.0} ms"),
        start < START_GOAL_MS,
    );

    let (small, large) = (Running::start(&small), Running::start(&large));
    let visitors = [Visitor::of(&small), Visitor::of(&large)];
    for _ in 0..LOGINS {
        visitors[1].log_in();
    }
    let memory = large.memory_mb();
    let memory_fits = told(
        &format!("memory after {LOGINS} logins"),
        &format!("{memory:.1} MB"),
        &format!("< {MEMORY_GOAL_MB:.0} MB"),
        memory < MEMORY_GOAL_MB,
    );

    let [of_small, of_large] = cheapest([&small, &large], &visitors, Visitor::log_in);
    let ratio = of_large / of_small;
    let ratio_fits = told(
        "a login there, beside one with 5 and 5",
        &format!("{of_large:.0} µs / {of_small:.0} µs = {ratio:.3}"),
        &format!("≤ {RATIO_GOAL}"),
        ratio <= RATIO_GOAL,
    );
    let [of_small, of_large] = cheapest([&small, &large], &visitors, Visitor::look);
    println!(
        "a request and the page to choose at: {of_large:.0} µs, with 5 and 5 {of_small:.0} µs (no goal)"
    );
    match start_fits && memory_fits && ratio_fits {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn told(what: &str, found: &str, goal: &str, fits: bool) -> bool {
    let verdict = if fits { "ok" } else { "MISSED" };
    println!("{what}: {found} (goal {goal}) {verdict}");
    fits
}

/// The CPU time of one step of each hub, in microseconds, both in turns.
fn cheapest(hubs: [&Running; 2], visitors: &[Visitor; 2], step: fn(&Visitor)) -> [f64; 2] {
    let mut best = [f64::MAX; 2];
    for _ in 0..ROUNDS {
        for ((hub, visitor), best) in hubs.iter().zip(visitors).zip(&mut best) {
            let before = hub.cpu_us();
            (0..ROW).for_each(|_| step(visitor));
            *best = best.min((hub.cpu_us() - before) / ROW as f64);
        }
    }
    best
}
