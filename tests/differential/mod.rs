//! What we accept, judged by others: Debian's xmlsec1 for signatures, xmllint for canonical form.
//!
//! Ten thousand mutants of good messages, always the same ones; `VEJVISER_MUTANTS=100000` makes more of them,
//! `VEJVISER_SEED` others.

mod canonical;
mod judges;
mod mutants;
mod mutate;
mod schema;
mod tree;

/// A number from the environment.
#[allow(
    clippy::disallowed_methods,
    reason = "how long a test runs is the tester's business"
)]
fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Chance that is the same in every run (SplitMix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// From 0 to below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }
    pub fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }
    pub fn word<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }
    pub fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }
}
