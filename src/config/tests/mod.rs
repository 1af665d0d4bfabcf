//! Tests of whole files.
mod encryption;
mod plans;
mod problems;
mod sample;
mod samples;
