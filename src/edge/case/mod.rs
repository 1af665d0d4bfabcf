//! What the next one in the chain of responsibility gets: a text for the servicedesk, and a bundle with everything that the
//! page of a flow shows.

mod bundle;
mod environment;
mod masked;
pub mod owner;
mod read_me;
mod record;
mod sent;
mod tables;
mod text;
mod words;

pub use bundle::bundle;
pub use environment::Place;
pub use masked::Form;
pub use record::{FORMAT, File, Head, HubNames, Record, VERSION};
pub use text::text;
