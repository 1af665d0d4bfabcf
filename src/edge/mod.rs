//! The world: sockets, pages, cookies, clock, chance and journal. Decides nothing.

pub mod world;
