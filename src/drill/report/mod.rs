//! What all reports share: the forms that CI servers read, and where more is said of their ids.

pub mod book;
pub mod catalogue;
pub mod junit;
pub mod metadata;
pub mod sarif;
