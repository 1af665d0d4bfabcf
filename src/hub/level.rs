//! The level reached, from the IdP's assertion.
