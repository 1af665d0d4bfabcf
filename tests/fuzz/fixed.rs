//! The small federation of the tests with the shipped test keys: the same in every run, so that a seed stays
//! good and a finding can be repeated.

#[path = "../support/world.rs"]
#[allow(
    dead_code,
    clippy::all,
    reason = "shared with the tests, which use all of it"
)]
pub mod world;

#[path = "../support/shipped.rs"]
mod shipped;

pub use shipped::keys;
use std::cell::RefCell;
use vejviser::oiosaml::{Level, Nsis, RequestProfile};
use world::World;

/// NSIS Substantial; the IdP may send CBC where it is an OIOSAML2 one.
pub fn world(profile: RequestProfile) -> World {
    World::with_keys(keys(), profile, Level::Nsis(Nsis::Substantial))
}

/// Runs `with` on a world that is made once a thread: making one costs more than most inputs.
#[allow(dead_code, reason = "not every target needs it")]
pub fn with_world<T>(with: impl FnOnce(&mut World) -> T) -> T {
    thread_local! {
        static WORLD: RefCell<World> = RefCell::new(world(RequestProfile::Oiosaml3));
    }
    WORLD.with_borrow_mut(with)
}
