//! What parties call what they found wrong with the hub's messages, beside the ids of our own checks.

/// The system does not know the RelayState that came back.
pub const RELAY_STATE: &str = "relay-state";
/// The answer came with another browser than the system's login.
pub const OTHER_BROWSER: &str = "other-browser";
/// The hub's signature, or its absence.
pub const SIGNATURE: &str = "signature";
/// Something else of the hub's request.
pub const REQUEST: &str = "request";
