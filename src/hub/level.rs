//! The level reached: what the IdP's assertion states, cut to what the IdP is registered for.

use super::{Check, IdentityProvider, Report, RowOutcome, Source, Trace};
use crate::oiosaml::{Level, Nist, Nsis, RequestProfile, attributes};
use crate::saml::Assertion;

/// What a login reached, on both scales. An NSIS level counts on the NIST scale by the published table; a
/// NIST level never counts on the NSIS scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Reached {
    /// NSIS level, if the IdP may state one and did.
    pub nsis: Option<Nsis>,
    /// NIST level.
    pub nist: Option<Nist>,
}

impl Reached {
    /// Whether it is enough.
    pub fn satisfies(self, need: Level) -> bool {
        match need {
            Level::Nsis(need) => self.nsis.is_some_and(|reached| reached >= need),
            Level::Nist(need) => self.nist.is_some_and(|reached| reached >= need),
        }
    }
    /// No more than an IdP may state now: its registration may have changed since.
    pub(in crate::hub) fn within(self, ceiling: Ceiling) -> Self {
        let nsis = (self.nsis.zip(ceiling.nsis)).map(|(reached, most)| reached.min(most));
        // A NIST level may be an NSIS level by the published table: one that is gone or cut takes it down with it.
        let from_nsis = self.nsis.is_some().then(|| nsis.map(Nsis::to_nist));
        let nist = self.nist.map(|reached| reached.min(ceiling.nist));
        Self {
            nsis,
            nist: match from_nsis {
                Some(most) => most.and_then(|most| nist.map(|level| level.min(most))),
                None => nist,
            },
        }
    }
    /// The level to report: the NSIS one where there is one, because it is worth more.
    pub fn level(self) -> Option<Level> {
        self.nsis.map(Level::Nsis).or(self.nist.map(Level::Nist))
    }
}

/// The highest levels that an IdP may state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceiling {
    /// NIST.
    pub nist: Nist,
    /// NSIS; `None`: it may state none.
    pub nsis: Option<Nsis>,
}

impl Ceiling {
    /// What the IdP is registered for. One without `NSISAssuranceLevel`, or with the profile `OIOSAML2`, for
    /// which CH.json ignores the field, states no NSIS at all.
    pub fn of(idp: &IdentityProvider) -> Self {
        Self {
            nist: idp.assurance_level,
            nsis: idp
                .nsis_assurance_level
                .filter(|_| idp.oiosaml_profile != RequestProfile::Oiosaml2),
        }
    }
}

impl Ceiling {
    /// Whether an IdP that states the highest level it may, on the one scale or on the other, states enough for `need`.
    pub fn satisfies(self, need: Level) -> bool {
        let nsis = self.nsis.map(Level::Nsis);
        let stated = nsis.into_iter().chain([Level::Nist(self.nist)]);
        let mut reached = stated.map(|level| lowest(&[level], self));
        reached.any(|reached| reached.satisfies(need))
    }
}

/// Reads the level from the attributes; from the class ref only where no level attribute is there.
pub fn reached(
    assertion: &Assertion,
    ceiling: Ceiling,
    report: &mut Report,
    trace: &mut Trace,
) -> Reached {
    let (stated, from) = stated(assertion, report);
    let reached = lowest(&cut(&stated, ceiling, report), ceiling);
    trace.decide(
        "level-reached",
        format!("{from}: {}", listed(&stated)),
        reached
            .level()
            .map_or("no level".to_owned(), Level::english),
        Source::Inferred,
    );
    reached
}

/// What the assertion states. A value that is no level makes the statement worthless, because nobody can say
/// what was meant.
fn stated(assertion: &Assertion, report: &mut Report) -> (Vec<Level>, &'static str) {
    let nsis = assertion
        .values(attributes::LOA)
        .map(|text| (text, Nsis::parse(text).map(Level::Nsis)));
    let nist = assertion
        .values(attributes::ASSURANCE_LEVEL)
        .map(|text| (text, Nist::parse(text).map(Level::Nist)));
    let values: Vec<(&str, Option<Level>)> = nsis.chain(nist).collect();
    if values.is_empty() {
        report.skip(Check::LevelUnambiguous, "no level attribute");
        let class_ref = assertion
            .authn_statements
            .first()
            .and_then(|statement| statement.class_ref.as_deref());
        let level = class_ref.and_then(Level::from_class_ref);
        return (
            level.into_iter().collect(),
            "class ref, as no level attribute is there",
        );
    }
    let shown = values.iter().map(|(text, _)| *text).collect::<Vec<_>>();
    let levels: Option<Vec<Level>> = values.iter().map(|(_, level)| *level).collect();
    let agree = |levels: &Vec<Level>| {
        levels
            .windows(2)
            .all(|pair| on_nist(pair[0]) == on_nist(pair[1]))
    };
    let outcome = if levels.as_ref().is_some_and(agree) {
        RowOutcome::Pass
    } else {
        RowOutcome::Warn
    };
    report.add(
        Check::LevelUnambiguous,
        outcome,
        shown.join(", "),
        "one level: Low, Substantial, High, or 1–4",
    );
    (levels.unwrap_or_default(), "level attributes")
}

fn on_nist(level: Level) -> Nist {
    match level {
        Level::Nist(level) => level,
        Level::Nsis(level) => level.to_nist(),
    }
}

/// Cuts each value to its registered ceiling. NSIS values of an IdP that may state none do not count, and the
/// NIST values beside them do.
fn cut(stated: &[Level], ceiling: Ceiling, report: &mut Report) -> Vec<Level> {
    let cut: Vec<Level> = stated
        .iter()
        .filter_map(|level| match level {
            Level::Nist(level) => Some(Level::Nist((*level).min(ceiling.nist))),
            Level::Nsis(level) => (ceiling.nsis).map(|most| Level::Nsis((*level).min(most))),
        })
        .collect();
    let outcome = if cut == stated {
        RowOutcome::Pass
    } else {
        RowOutcome::Warn
    };
    let registered = format!(
        "NIST {}, {}",
        ceiling.nist.digit(),
        ceiling.nsis.map_or("no NSIS".to_owned(), |level| format!(
            "NSIS {}",
            level.word()
        ))
    );
    report.add(Check::LevelCeiling, outcome, listed(stated), registered);
    cut
}

/// Of contradictory values the lowest. A NIST value never counts as NSIS, but it shows that an NSIS value
/// beside it is too high; an NSIS value counts as NIST, as far as the IdP is registered there.
fn lowest(levels: &[Level], ceiling: Ceiling) -> Reached {
    let nist = levels.iter().filter_map(|level| match level {
        Level::Nist(level) => Some(*level),
        Level::Nsis(_) => None,
    });
    let nsis = levels.iter().filter_map(|level| match level {
        Level::Nsis(level) => Some(*level),
        Level::Nist(_) => None,
    });
    let (nist, nsis) = (nist.min(), nsis.min());
    let nsis = nsis.map(|level| nist.map_or(level, |nist| level.min(nist.to_nsis())));
    let as_nist = nsis.map(|level| level.to_nist().min(ceiling.nist));
    Reached {
        nsis,
        nist: nist.into_iter().chain(as_nist).min(),
    }
}

fn listed(levels: &[Level]) -> String {
    if levels.is_empty() {
        return "no level".to_owned();
    }
    let levels: Vec<String> = levels.iter().map(|level| level.english()).collect();
    levels.join(", ")
}

/// The row that decides: is it enough? An under-assured login is let through with a warning.
pub fn enough(reached: Reached, need: Level, under_assured: bool, report: &mut Report) {
    let found = reached
        .level()
        .map_or("no level".to_owned(), |level| level.english());
    let outcome = match (reached.satisfies(need), under_assured) {
        (true, _) => RowOutcome::Pass,
        (false, true) => RowOutcome::Warn,
        (false, false) => RowOutcome::Fail,
    };
    report.add(
        Check::LevelReached,
        outcome,
        found,
        format!("at least {}", need.english()),
    );
}
