//! Forms that all reports share: what CI servers read.

pub mod junit;
pub mod metadata;
pub mod sarif;
