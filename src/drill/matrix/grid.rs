//! Needs × registrations × six profiles, computed once for equal ones: of 1,000 systems and 294 IdPs a few hundred cells
//! are different.

use super::cell::{Cell, Standing, cell};
use crate::hub::level::Ceiling;
use crate::hub::question::Need;
use crate::hub::{IdentityProvider, Settings, UserFacingSystem};
use crate::oiosaml::{Level, RequestProfile};
use std::collections::HashMap;
use time::OffsetDateTime;

/// The cells of one need at one registration, in the order of [`RequestProfile::ALL`].
pub type ProfileCells = [Cell; 6];

/// Systems that need the same.
#[derive(Debug, Clone)]
pub struct NeedGroup<'a> {
    /// The level.
    pub required: Level,
    /// Whether Context Handler 2's rules hold for it.
    pub enforced: bool,
    /// The systems; none where the level is asked about without a system.
    pub systems: Vec<&'a UserFacingSystem>,
}

/// IdPs that are registered alike.
#[derive(Debug, Clone)]
pub struct IdpGroup<'a> {
    /// The profile.
    pub profile: RequestProfile,
    /// The highest levels.
    pub ceiling: Ceiling,
    /// The IdPs.
    pub idps: Vec<&'a IdentityProvider>,
}

/// The grid.
#[derive(Debug, Clone)]
pub struct Grid<'a> {
    /// Groups of needs, in the order of the federation's systems.
    pub needs: Vec<NeedGroup<'a>>,
    /// Groups of IdPs, in the order of the federation.
    pub idps: Vec<IdpGroup<'a>>,
    cells: Vec<ProfileCells>,
}

impl<'a> Grid<'a> {
    /// Every system at every IdP, as registered at `now`. Systems for which `apart` holds stand alone: an IdP may treat them
    /// otherwise than their need says.
    pub fn of(
        systems: impl IntoIterator<Item = &'a UserFacingSystem>,
        idps: impl IntoIterator<Item = &'a IdentityProvider>,
        settings: &Settings,
        now: OffsetDateTime,
        apart: impl Fn(&UserFacingSystem) -> bool,
    ) -> Self {
        let mut needs: Vec<NeedGroup<'a>> = Vec::new();
        let mut known = HashMap::new();
        for system in systems {
            let (required, enforced) = (system.required_level, system.generation.is_two(now));
            let alone = apart(system).then_some(&system.id);
            let index = *known.entry((required, enforced, alone)).or_insert_with(|| {
                needs.push(NeedGroup {
                    required,
                    enforced,
                    systems: Vec::new(),
                });
                needs.len() - 1
            });
            if let Some(group) = needs.get_mut(index) {
                group.systems.push(system);
            }
        }
        Self::with_needs(needs, idps, settings)
    }

    /// Every level at every IdP, whatever the systems need.
    pub fn of_levels(
        idps: impl IntoIterator<Item = &'a IdentityProvider>,
        settings: &Settings,
    ) -> Self {
        let needs = Level::ALL.map(|required| NeedGroup {
            required,
            enforced: true,
            systems: Vec::new(),
        });
        Self::with_needs(needs.into(), idps, settings)
    }

    /// The same systems and IdPs under Context Handler 1, or 2, whatever generation the systems are in.
    pub fn in_generation(&self, two: bool, settings: &Settings) -> Self {
        let needs = self.needs.iter().map(|group| NeedGroup {
            enforced: two,
            ..group.clone()
        });
        let idps = self
            .idps
            .iter()
            .flat_map(|group| group.idps.iter().copied());
        Self::with_needs(needs.collect(), idps, settings)
    }

    fn with_needs(
        needs: Vec<NeedGroup<'a>>,
        idps: impl IntoIterator<Item = &'a IdentityProvider>,
        settings: &Settings,
    ) -> Self {
        let mut groups: Vec<IdpGroup<'a>> = Vec::new();
        let mut known = HashMap::new();
        for idp in idps {
            let ceiling = Ceiling::of(idp);
            // What a cell looks at: the profile decides the ceiling's NSIS part anew, so the registered one counts.
            let key = (
                idp.oiosaml_profile,
                idp.assurance_level,
                idp.nsis_assurance_level,
                idp.supports_scope,
                idp.is_active(),
            );
            let index = *known.entry(key).or_insert_with(|| {
                groups.push(IdpGroup {
                    profile: idp.oiosaml_profile,
                    ceiling,
                    idps: Vec::new(),
                });
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(index) {
                group.idps.push(idp);
            }
        }
        let pairs = needs
            .iter()
            .flat_map(|need| groups.iter().map(move |group| (need, group)));
        let cells =
            pairs.filter_map(|(need, group)| Some(cells(settings, need, group.idps.first()?)));
        Self {
            cells: cells.collect(),
            needs,
            idps: groups,
        }
    }

    /// The six cells of the need and the registration with these indexes.
    pub fn cells(&self, need: usize, idp: usize) -> Option<&ProfileCells> {
        self.cells.get(need * self.idps.len() + idp)
    }

    /// The cell of today: in the profile that the IdPs are registered with.
    pub fn today(&self, need: usize, idp: usize) -> Option<&Cell> {
        let profile = self.idps.get(idp)?.profile;
        self.cells(need, idp)?.get(position(profile))
    }

    /// Everything that is registered: need, registration, and the cell of today.
    pub fn todays(&self) -> impl Iterator<Item = (&NeedGroup<'a>, &IdpGroup<'a>, &Cell)> {
        let all = self.needs.iter().enumerate();
        all.flat_map(move |(n, need)| {
            let idps = self.idps.iter().enumerate();
            idps.filter_map(move |(i, idp)| Some((need, idp, self.today(n, i)?)))
        })
    }

    /// How many logins of a system at an IdP stand so today.
    pub fn count(&self, standing: Standing) -> usize {
        let all = self
            .todays()
            .filter(|(_, _, cell)| cell.standing == standing);
        all.map(|(need, idp, _)| need.systems.len() * idp.idps.len())
            .sum()
    }

    /// How many pairs of a system and an IdP there are.
    pub fn pairs(&self) -> usize {
        let systems: usize = self.needs.iter().map(|need| need.systems.len()).sum();
        let idps: usize = self.idps.iter().map(|idp| idp.idps.len()).sum();
        systems * idps
    }
}

/// Its place in [`RequestProfile::ALL`].
pub(super) fn position(profile: RequestProfile) -> usize {
    let found = RequestProfile::ALL.iter().position(|one| *one == profile);
    found.unwrap_or_default()
}

fn cells(settings: &Settings, group: &NeedGroup<'_>, idp: &IdentityProvider) -> ProfileCells {
    let first = group.systems.first();
    let need = Need {
        system: first.map_or("{system}", |system| &system.id),
        registered: first.copied(),
        required: group.required,
        enforced: group.enforced,
    };
    RequestProfile::ALL.map(|profile| cell(settings, need, idp, profile))
}

impl<'a> NeedGroup<'a> {
    /// Short names, in order.
    pub fn names(&self) -> Vec<&'a str> {
        self.systems
            .iter()
            .map(|system| system.name.as_str())
            .collect()
    }
}

impl<'a> IdpGroup<'a> {
    /// Short names, in order.
    pub fn names(&self) -> Vec<&'a str> {
        self.idps.iter().map(|idp| idp.name.as_str()).collect()
    }
}
