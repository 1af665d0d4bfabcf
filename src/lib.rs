//! Vejviser: an unofficial Context Handler 2 that anyone can run.
//!
//! A user-facing system (service provider) sends an AuthnRequest to the hub; the hub finds out which
//! municipality the user belongs to, asks that municipality's identity provider in the words of one of
//! six request profiles, judges the answer, and issues an assertion of its own to the system.
//!
//! # Map
//!
//! The folders stand from left to right; one uses only what stands to its left, and a test holds that.
//!
//! | folder | what it is | invariant |
//! |---|---|---|
//! | [`xml`] | strict reader, exclusive C14N, canonical writer | no DTD, entity or processing instruction ever gets through |
//! | [`dsig`] | signatures and encryption | keys come from the caller, never from the message |
//! | [`saml`] | messages, metadata, bindings as plain data | decides nothing |
//! | [`oiosaml`] | levels, request profiles, attribute names, NameID, privileges | tables, one place each |
//! | [`mint`] | test certificates in the shape of OCES3, good and broken | pure: time and chance are arguments; no CA of anybody's trust |
//! | [`hub`] | the rules of Context Handler 2 | pure: time, chance and records are arguments |
//! | [`store`] | pending logins, replay memory and the registry's records, in memory or in one file | one conformance suite for every implementation |
//! | [`registry`] | the objects of the provisioning interface, and what the hub makes of them | a change is judged whole before it is stored |
//! | [`edge`] | sockets, pages, cookies, clock, journal | knows the world, decides nothing |
//! | [`persona`] | invented municipal IdPs and demo systems | only in `demo` and tests |
//! | [`drill`] | a headless browser and what is rehearsed with it | uses the hub only from outside |
//! | [`testing`] | a hub inside a supplier's own test | a hub with faults has keys and an entityID of its own |
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod cli;
pub mod config;
pub mod drill;
pub mod dsig;
pub mod edge;
pub mod hub;
pub mod mint;
pub mod oiosaml;
pub mod persona;
pub mod registry;
pub mod saml;
pub mod store;
pub mod testing;
pub mod xml;
