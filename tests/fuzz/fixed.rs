//! The small federation of the tests with the keys of this folder: the same in every run, so that a seed stays
//! good and a finding can be repeated. They sign with P-256 and decrypt with RSA-2048, so that a private key
//! costs less than what is fuzzed.

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
use vejviser::dsig::{DecryptionKey, SigningKey};
use vejviser::oiosaml::{Level, Nsis, RequestProfile};
use world::{Keys, Pair, World, self_signed};

/// Hub, IdP, system and stranger. Only the hub and the system are ever encrypted for: the other two have the
/// hub's key for it, which nobody uses.
pub fn keys() -> &'static Keys {
    macro_rules! pair {
        ($signs:literal, $opens:literal) => {
            pair(
                include_bytes!(concat!("keys/", $signs, ".sign.pem")),
                include_bytes!(concat!("keys/", $opens, ".open.pem")),
            )
        };
    }
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys {
        hub: pair!("hub", "hub"),
        idp: pair!("idp", "hub"),
        system: pair!("system", "system"),
        stranger: pair!("stranger", "hub"),
    })
}

fn pair(signs: &[u8], opens: &[u8]) -> Pair {
    let bare = PKey::private_key_from_pem(opens).unwrap();
    let certificate = self_signed(&PKey::private_key_from_pem(signs).unwrap());
    Pair {
        signing: SigningKey::parse(signs, Some(certificate.clone())).unwrap(),
        decryption: DecryptionKey::parse(opens).unwrap(),
        encryption: self_signed(&bare),
        certificate,
        bare,
    }
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
