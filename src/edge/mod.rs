//! The world: sockets, pages, cookies, clock, chance and journal. Decides nothing.
//!
//! [`front`] is the hub's public site, [`manage`] the management listener, [`server`] the sockets under
//! both. A handler reads what the core needs, lets one step of [`crate::hub`] decide, carries out the
//! effects it names, and only then sends.

pub mod app;
pub mod browser;
pub mod case;
pub mod cookies;
pub mod fetch;
pub mod front;
pub mod guard;
pub mod journal;
pub mod logins;
pub mod manage;
pub mod memory;
pub mod metadata;
pub mod next_login;
pub mod page;
pub mod pinned;
pub mod pretty;
pub mod provisioning;
pub mod registry;
pub mod reports;
pub mod rollover;
pub mod send;
pub mod server;
pub mod test_ca;
#[cfg(test)]
mod testing;
pub mod trials;
pub mod world;

pub use app::{App, IdpLink, Mode, SystemLink, View};
