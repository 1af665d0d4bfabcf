//! A change of certificates, played by the running hub: real parties and real people take part.
//!
//! A [`Player`] holds the plan and its own time, which runs as fast as somebody wants; the clock of messages stays
//! as it is, because peers have real ones. What the hub signs, decrypts and shows at a moment follows from the plan's
//! schedule; what personas hold of it follows from their habits ([`Trust`]).

mod ask;
mod observed;
mod player;
mod playing;
mod ready;
mod renewed;
mod report;
mod rings;
mod transport;
mod trust;
mod written;

/// Windows are announced in Danish time.
pub use crate::hub::danish_time::{by_danish_clocks, danish_time as danish};
pub use ask::{Refused, Wanted, usual_window};
pub use observed::{At, Fetch, Message, Observed, Opened, Seen, Stranger};
pub use player::{Parts, Player};
pub use playing::Playing;
pub use ready::facts;
pub use report::{Line, lines};
pub use transport::{MOST_SPEED, Transport};
pub use trust::Trust;
pub use written::{NotPlayed, Pace};

#[cfg(test)]
mod tests;
