//! The matrix against the hub's own words.
