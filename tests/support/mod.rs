//! What the tests share.

pub mod app;
pub mod demo;
#[allow(dead_code, reason = "the benchmarks and the budgets use the rest")]
pub mod raw;
#[allow(dead_code, reason = "the benchmarks and the budgets do not use it")]
pub mod served;
pub mod shipped;
pub mod town;
pub mod world;

use std::path::PathBuf;

/// The sample federation alone, without the file of objects that it names: a text that sections can be put before.
#[allow(dead_code, reason = "the benchmarks and the budgets play it as it is")]
pub fn sample_alone() -> String {
    let alone = vejviser::config::SAMPLE.replacen("objects = \"objects.json\"\n", "", 1);
    assert_ne!(alone, vejviser::config::SAMPLE);
    alone
}

/// A folder of the public material that the project reads in place and does not ship. `None`, said aloud,
/// where it is absent.
#[allow(
    clippy::disallowed_methods,
    reason = "where the material lies is the tester's business"
)]
pub fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("VEJVISER_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.exists() {
        return Some(path);
    }
    println!(
        "SKIPPED: {} is absent; this test reads public material that the project does not ship",
        path.display()
    );
    None
}
