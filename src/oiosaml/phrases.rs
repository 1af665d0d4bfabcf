//! What identity providers write in a StatusMessage when they refuse, in lower case. Each says why, and none of them names a
//! person: so they may be kept where everything else that was written freely is masked.

/// Entra ID: another method than the requested one.
pub const AADSTS75011: &str = "aadsts75011";
/// AD FS: an authentication method that it does not know.
pub const MSIS7102: &str = "msis7102";
/// OS2faktor Login, of NSIS High.
pub const HIGH_NOT_SUPPORTED: &str = "høj ikke understøttet";
/// OS2faktor Login, of a user whose NSIS identity is not enough.
pub const NSIS_NOT_ENOUGH: &str = "nsis niveau er ikke tilstrækkeligt";
/// Of a second factor, in the words of several vendors.
pub const SECOND_FACTOR: [&str; 5] = [
    "2-faktor",
    "to-faktor",
    "multi-factor",
    "multifactor",
    "second factor",
];
/// Of a user who gave up.
pub const CANCELLED: [&str; 2] = ["cancel", "annulleret"];

/// All of them.
pub fn all() -> impl Iterator<Item = &'static str> {
    let codes = [AADSTS75011, MSIS7102, HIGH_NOT_SUPPORTED, NSIS_NOT_ENOUGH];
    codes.into_iter().chain(SECOND_FACTOR).chain(CANCELLED)
}
