//! The integration tests, one binary: the core from outside, then the program from outside.

mod attacks;
mod calibrate;
mod certs;
mod core;
mod corpus;
mod differential;
mod layers;
mod live;
mod login;
mod matrix;
mod outbound;
mod overlap;
mod personas;
mod played;
mod privileges;
mod provisioning;
mod readme;
mod real_metadata;
mod rehearsal;
mod rehearse;
mod remembered;
mod stores;
mod support;
mod undecryptable;
mod verify;
