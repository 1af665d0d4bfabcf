//! Tests of whole files.
mod encryption;
mod personas;
mod plans;
mod problems;
mod sample;
pub(crate) mod samples;
