//! What the real validation service says, word for word, beside what [`super::Rule`] has.

/// Above all findings of metadata that is refused.
pub const FAILED: &str = "Metadata validation failed.";

/// Of metadata that is given by its address and cannot be had.
pub fn unavailable(url: &str, why: &str) -> String {
    format!(
        "The metadata specified at {url} is either not available or not accessible. Error details: {why}"
    )
}
