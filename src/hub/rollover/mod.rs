//! A change of certificates: what the party that changes does and when ([`Plan`]), how the others take it over
//! ([`TrustModel`]), and who can then no longer log in, from when to when and why ([`outages`]).
//!
//! Pure, so that a rehearsal on a fast clock and the running hub judge by the same rules.

mod course;
mod habits;
mod moves;
mod names;
mod outage;
mod outlook;
mod pair;
mod plan;
mod preset;
mod readiness;
mod registration;

pub use course::{Course, Taken};
pub use habits::{Compares, Holding, Reads, Source, TrustModel};
pub use moves::Moves;
pub use names::{ENVIRONMENT, Names, environment, plain, slug};
pub use outage::{Cause, Half, Outage, Validities, Validity, holding, outages, verdict};
pub use outlook::{Heard, Login, Outlook, outlook};
pub use pair::{Objection, Pair};
pub use plan::{Action, NoWayBack, Plan, Step, Subject, Window};
pub use preset::{Order, Preset, Strategy};
pub use readiness::{Due, Facts, Found, Kind, Registered, TASKS, Task, last_morning, tasks};
pub use registration::registration;

#[cfg(test)]
mod tests;
