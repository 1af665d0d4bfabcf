//! The one mistake of a demo system that does everything else right: how careless software reads messages and keeps sessions.
//!
//! It sees what such software sees: the message, cookies, and what it remembers. It knows nothing of what is tested. Each
//! mistake is there in one of three forms.
//!
//! ```text
//! excuses    a check fails, and the software does not look at that
//! believed   it reads another thing than the one that the signature is about
//! stumble    a message is good, and the software cannot cope with it
//! ```
//!
//! What concerns sites, cookies and logout stands where they are made: `system`, `session`, `strict::slo`.

mod belief;
mod doctype;
mod excuse;
mod seal;
mod stumble;
#[cfg(test)]
mod tests;
mod wire;

pub use belief::believed;
pub use doctype::without_doctype;
pub use excuse::{Scene, excuses};
pub use stumble::{Stumble, stumble};
pub use wire::{Wire, read};
