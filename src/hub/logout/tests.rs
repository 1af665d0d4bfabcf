//! The steps of a logout.
