//! What each identity provider is asked, whether it can satisfy it, and what becomes of each person, without any login.
//!
//! ```text
//! Federation ──▶ Grid (needs × registrations × six profiles, equal ones once) ──▶ findings ──▶ report
//!                 └─ cell: hub::question, hub::level        └─ fate: persona::behaviour, hub::level
//! ```
//!
//! A cell is what the running hub would do: the same functions, asked with a registration and a need instead of a
//! message. A fate adds a person and the habits of the IdP's product.

mod advice;
pub mod baseline;
mod cell;
mod fate;
mod finding;
mod grid;
pub mod live;
pub mod page;
pub mod report;
mod roster;

pub use advice::{Advice, Tried, advice};
pub use cell::{Cell, Sent, Standing, cell};
pub use fate::{Fate, Lacks, fate, lacks};
pub use finding::{About, Finding, KINDS, Kind, findings};
pub use grid::{Grid, IdpGroup, NeedGroup, ProfileCells};
pub use roster::{Roster, RosterError};

use crate::hub::{IdentityProvider, Settings};
use crate::oiosaml::RequestProfile;
use time::OffsetDateTime;

/// Everything that a report is made from.
#[derive(Debug)]
pub struct Matrix<'a> {
    /// What is registered.
    pub grid: Grid<'a>,
    /// Products and people.
    pub roster: &'a Roster,
    /// The settings.
    pub settings: &'a Settings,
    /// When.
    pub now: OffsetDateTime,
    /// The one IdP that is asked about: its six profiles are told.
    pub one: Option<&'a IdentityProvider>,
}

impl<'a> Matrix<'a> {
    /// The fates of everybody known at `idp`, for the need with this index, as registered.
    pub fn fates(
        &self,
        grid: &Grid<'a>,
        need: usize,
        idp: usize,
        at: &IdentityProvider,
    ) -> Vec<(&'a crate::config::Person, Fate)> {
        let profile = at.oiosaml_profile;
        self.fates_in(grid, need, idp, at, profile)
    }

    /// The same in another profile.
    pub fn fates_in(
        &self,
        grid: &Grid<'a>,
        need: usize,
        idp: usize,
        at: &IdentityProvider,
        profile: RequestProfile,
    ) -> Vec<(&'a crate::config::Person, Fate)> {
        let cells = grid.cells(need, idp);
        let cell = cells.and_then(|cells| cells.get(grid::position(profile)));
        let level = grid.needs.get(need).map(|need| need.required);
        let (Some(cell), Some(level), Some(persona)) = (cell, level, self.roster.at(&at.name))
        else {
            return Vec::new();
        };
        let people = persona.people.iter();
        people
            .map(|person| {
                let fate = fate(cell, level, at, profile, (persona, person), self.now);
                (person, fate)
            })
            .collect()
    }
}
