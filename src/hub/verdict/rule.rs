//! The names of the decisions that only state circumstances: they imitate nothing, and the verdict looks at them.

/// How the names of those begin that no registration decides: they are what was so at that moment.
pub const CIRCUMSTANCE: &str = "circumstance/";
/// How a sender's clock stands to the hub's and to everybody else's.
pub const CLOCK: &str = "circumstance/clock";
/// Everybody else's clock says what the sender's says.
pub const CLOCK_HUB: &str = "the hub's clock is wrong";
/// It is the sender's that is wrong.
pub const CLOCK_PARTY: &str = "the sender's clock is wrong";
/// Nobody else was heard lately.
pub const CLOCK_UNKNOWN: &str = "which of the two is wrong cannot be told";
/// That a party has not the hub's certificate of now, as far as can be seen.
pub const HUB_KEY: &str = "circumstance/hub-key";
/// What that says.
pub const KEY_OLD: &str = "it has a previous certificate of the hub";
/// Why nobody of this entityID is known.
pub const REGISTRATION: &str = "circumstance/registration";
/// An answer to a login that is over.
pub const AGAIN: &str = "circumstance/answered-again";
/// From the browser that started it.
pub const AGAIN_SAME_BROWSER: &str = "the same browser sends it again";
/// From elsewhere.
pub const AGAIN_OTHER_BROWSER: &str = "another browser sends it";
/// A party of a logout that did not log the user out.
pub const NOT_LOGGED_OUT: &str = "circumstance/not-logged-out";
/// It is a system.
pub const BY_SYSTEM: &str = "a user-facing system";
/// It is an identity provider.
pub const BY_IDP: &str = "an identity provider";
/// Another identity provider took the place of the remembered one.
pub const REPLACED: &str = "idp-choice/replaced";
/// A remembered choice decided.
pub const REMEMBERED: &str = "idp-choice/remembered";
