//! Which of the six profiles lets most people in, with what was counted.

use super::cell::Standing;
use super::fate::Fate;
use super::grid::position;
use super::{Grid, Matrix};
use crate::hub::{Check, IdentityProvider};
use crate::oiosaml::RequestProfile;

/// How a profile does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Which.
    pub profile: RequestProfile,
    /// Logins (of a person at a system), or ways (of a system to the IdP) where nobody is known.
    pub all: usize,
    /// Those that work at the level that is needed.
    pub working: usize,
    /// Those that get in with less, or without being asked.
    pub under: usize,
    /// Why the first one that is refused is.
    pub first: Option<Why>,
}

/// Why a login fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A fate.
    Fate(Fate),
    /// A standing, where nobody is known.
    Standing(Standing),
}

/// What is recommended for an IdP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// Whether people were counted.
    pub people: bool,
    /// All six, in the order of the administration module.
    pub tried: Vec<Tried>,
    /// The best; none if nobody gets in with any.
    pub best: Option<RequestProfile>,
}

/// Of several profiles that do equally well, the registered one; else one that asks for the level itself is better than
/// one that asks for a second factor, and that is better than asking nothing.
const PREFERRED: [RequestProfile; 6] = [
    RequestProfile::Oiosaml3,
    RequestProfile::Oiosaml3AdfsRelayState,
    RequestProfile::Oiosaml3AdfsMultipleauthn,
    RequestProfile::Oiosaml2,
    RequestProfile::Oiosaml2AdfsMultipleauthn,
    RequestProfile::Oiosaml2WithoutRequestedLoa,
];

/// Tries all six for `idp`, which stands in `grid` at `index`. An IdP of known habits is judged by its people; one that
/// nobody knows by its registration.
pub fn advice(matrix: &Matrix<'_>, index: usize, idp: &IdentityProvider) -> Advice {
    let people = !matrix.roster.people(&idp.name).is_empty();
    // What counts is what will be: under Context Handler 1 every profile asks nothing.
    let two = matrix.grid.in_generation(true, matrix.settings);
    let tried: Vec<Tried> = RequestProfile::ALL
        .into_iter()
        .map(|profile| {
            let outcomes = match people {
                true => by_people(matrix, &two, index, idp, profile),
                false => by_registration(&two, index, profile),
            };
            count(profile, outcomes)
        })
        .collect();
    let best = tried.iter().filter(|tried| tried.working + tried.under > 0);
    // A login with less than is needed, and nobody told, is no success: it counts against a profile.
    let best = best.min_by_key(|tried| {
        let missing = tried.all - tried.working;
        let preference = PREFERRED.iter().position(|one| *one == tried.profile);
        (
            missing,
            tried.under,
            tried.profile != idp.oiosaml_profile,
            preference,
        )
    });
    Advice {
        people,
        best: best.map(|tried| tried.profile),
        tried,
    }
}

/// How one login goes, and how many go so.
type Outcome = (Result<bool, Why>, usize);

fn by_people(
    matrix: &Matrix<'_>,
    grid: &Grid<'_>,
    index: usize,
    idp: &IdentityProvider,
    profile: RequestProfile,
) -> Vec<Outcome> {
    let needs = grid.needs.iter().enumerate();
    needs
        .flat_map(|(n, need)| {
            let fates = matrix.fates_in(grid, n, index, idp, profile);
            fates.into_iter().map(|(_, fate)| {
                let outcome = match fate {
                    Fate::Passes { .. } => Ok(true),
                    Fate::UnderAssured { .. } => Ok(false),
                    refused => Err(Why::Fate(refused)),
                };
                (outcome, need.systems.len())
            })
        })
        .collect()
}

fn by_registration(grid: &Grid<'_>, index: usize, profile: RequestProfile) -> Vec<Outcome> {
    let needs = grid.needs.iter().enumerate();
    needs
        .filter_map(|(n, need)| {
            let cell = grid.cells(n, index)?.get(position(profile))?;
            let outcome = match cell.standing {
                Standing::Enough => Ok(true),
                Standing::Unasked => Ok(false),
                refused => Err(Why::Standing(refused)),
            };
            Some((outcome, need.systems.len()))
        })
        .collect()
}

fn count(profile: RequestProfile, outcomes: Vec<Outcome>) -> Tried {
    let mut tried = Tried {
        profile,
        all: 0,
        working: 0,
        under: 0,
        first: None,
    };
    for (outcome, times) in outcomes {
        tried.all += times;
        match outcome {
            Ok(true) => tried.working += times,
            Ok(false) => tried.under += times,
            Err(why) if tried.first.is_none() || better(&why, tried.first.as_ref()) => {
                tried.first = Some(why);
            }
            Err(_) => {}
        }
    }
    tried
}

/// What holds for everybody explains more than what one person lacks.
fn better(why: &Why, than: Option<&Why>) -> bool {
    let general = |why: &Why| matches!(why, Why::Fate(Fate::NotAsked(Check::NsisAtOiosaml2Idp)));
    general(why) && !than.is_some_and(general)
}
