//! Ten thousand logins while the running hub goes through an overlap; not one may fail.
//!
//!     cargo bench --bench overlap [-- LOGINS]

#[path = "../overlap.rs"]
#[allow(dead_code, reason = "its test runs in the suite")]
mod overlap;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod support;

use std::process::ExitCode;

fn main() -> ExitCode {
    let asked = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .next();
    let logins = asked.unwrap_or(10_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let swept = runtime.expect("a runtime").block_on(overlap::sweep(logins));
    println!(
        "{} of {logins} logins succeeded in {} states of the hub's keys, {} of them across a change",
        swept.logged_in, swept.states, swept.across
    );
    for failure in swept.failed.iter().take(20) {
        println!("  {failure}");
    }
    match swept.failed.is_empty() && swept.logged_in == logins {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
