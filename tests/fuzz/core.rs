//! The core of Vejviser and its cookies, from the sources in `src/`.
#![allow(
    dead_code,
    missing_docs,
    reason = "a part of the crate, without those who use the rest"
)]

#[path = "../../src/dsig/mod.rs"]
pub mod dsig;
#[path = "../../src/hub/mod.rs"]
pub mod hub;
#[path = "../../src/mint/mod.rs"]
pub mod mint;
#[path = "../../src/oiosaml/mod.rs"]
pub mod oiosaml;
#[path = "../../src/saml/mod.rs"]
pub mod saml;
#[path = "../../src/xml/mod.rs"]
pub mod xml;

/// What reads cookies.
#[path = "."]
pub mod edge {
    #[path = "../../src/edge/browser.rs"]
    pub mod browser;
    #[path = "../../src/edge/cookies.rs"]
    pub mod cookies;
    #[path = "../../src/edge/memory.rs"]
    pub mod memory;
    #[path = "../../src/edge/world.rs"]
    pub mod world;
}
