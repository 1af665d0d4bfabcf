//! The state of a hub's process around a world of one system and its identity providers, without any socket.

use super::world::World;
use std::sync::Arc;
use vejviser::config::pki;
use vejviser::edge::journal::Journal;
use vejviser::edge::memory::Seal;
use vejviser::edge::metadata::Source;
use vejviser::edge::next_login::NextLogins;
use vejviser::edge::pinned::Pinned;
use vejviser::edge::registry::Registry;
use vejviser::edge::rollover::{Parts, Player};
use vejviser::edge::trials::Trials;
use vejviser::edge::world::Clock;
use vejviser::edge::{App, Mode};
use vejviser::hub::keys::HubKeys;
use vejviser::store::Store;

/// It, on this store, journal and clock.
pub fn app(world: &World, store: Arc<dyn Store>, journal: Journal, clock: Arc<Clock>) -> Arc<App> {
    let keys = HubKeys::shared(pki::ring("hub").unwrap());
    Arc::new(App {
        player: Arc::new(Player::new(world.hub.clone(), keys, Parts::default())),
        registry: Registry::new(world.federation.clone(), world.settings.clone()),
        test_ca: None,
        metadata: Source::offline(),
        seal: Seal::fresh(),
        pinned: Pinned::default(),
        trusted_proxies: Vec::new(),
        store,
        journal: Arc::new(journal),
        logins: Arc::default(),
        next_logins: NextLogins::new(clock.clone()),
        trials: Arc::new(Trials::new(clock.clone())),
        clock,
        mode: Mode::Serve,
        manage_url: "http://127.0.0.1:1".to_owned(),
        systems: Vec::new(),
        test_systems: Vec::new(),
        idps: Vec::new(),
        hand_outs: |_, _, _, _, _| Vec::new(),
        pages: Box::new(axum::Router::new),
        on_reset: Vec::new(),
    })
}
