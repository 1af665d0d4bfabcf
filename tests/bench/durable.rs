//! A few hundred times kill -9 under a hub that is being written to.
//!
//!     cargo bench --bench durable [-- ROUNDS]

#[path = "../durable.rs"]
#[allow(dead_code, reason = "its test runs in the suite")]
mod durable;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod support;

fn main() {
    let asked = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .next();
    let rounds = asked.unwrap_or(300);
    let survived = durable::kill(rounds);
    println!(
        "killed {rounds} times, {} of them before the start was over: {} answered changes were there, {} had been under way",
        survived.at_start, survived.answered, survived.under_way
    );
}
