//! Tests of whole files.
mod encryption;
mod problems;
mod sample;
mod samples;
