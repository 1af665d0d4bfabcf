//! The small federation of the tests with the shipped test keys: the same in every run, so that a seed stays
//! good and a finding can be repeated.

#[path = "../support/world.rs"]
#[allow(
    dead_code,
    clippy::all,
    reason = "shared with the tests, which use all of it"
)]
pub mod world;

use openssl::pkey::PKey;
use std::cell::RefCell;
use std::sync::OnceLock;
use vejviser::dsig::{Certificate, DecryptionKey, SigningKey};
use vejviser::oiosaml::{Level, Nsis, RequestProfile};
use world::{Keys, Pair, World};

macro_rules! pair {
    ($name:literal) => {
        pair(
            include_bytes!(concat!("../../certs/", $name, ".key.pem")),
            include_bytes!(concat!("../../certs/", $name, ".pem")),
        )
    };
}

fn pair(key: &[u8], certificate: &[u8]) -> Pair {
    let certificate = Certificate::parse(certificate).unwrap();
    Pair {
        signing: SigningKey::parse(key, Some(certificate.clone())).unwrap(),
        decryption: DecryptionKey::parse(key).unwrap(),
        certificate,
        bare: PKey::private_key_from_pem(key).unwrap(),
    }
}

/// Hub, IdP, system and stranger.
pub fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys {
        hub: pair!("hub"),
        idp: pair!("provekobing-adfs"),
        system: pair!("sagssystem"),
        stranger: pair!("testrup"),
    })
}

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
