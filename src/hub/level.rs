//! The level reached: what the IdP's assertion states, cut to what the IdP is registered for.

use super::{Check, IdentityProvider, Report, RowOutcome, Source, Trace};
use crate::oiosaml::{Level, Nist, Nsis, attributes};
use crate::saml::Assertion;

/// What a login reached, on both scales. An NSIS level counts on the NIST scale by the published table; a
/// NIST level never counts on the NSIS scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
    /// The level to report: the NSIS one where there is one, because it is worth more.
    pub fn level(self) -> Option<Level> {
        self.nsis.map(Level::Nsis).or(self.nist.map(Level::Nist))
    }
}

/// Reads the level from the attributes; from the class ref only where no level attribute is there.
pub fn reached(
    assertion: &Assertion,
    idp: &IdentityProvider,
    report: &mut Report,
    trace: &mut Trace,
) -> Reached {
    let (stated, from) = stated(assertion, report);
    let reached = cut(stated, idp, report);
    trace.decide(
        "level-reached",
        format!(
            "{from}: {}",
            stated.map_or("no level".to_owned(), |level| level.english())
        ),
        reached
            .level()
            .map_or("no level".to_owned(), |level| level.english()),
        Source::Inferred,
    );
    reached
}

/// What the assertion states: one level, or none. Several values: the lowest. A value that is no level
/// makes the statement worthless, because nobody can say what was meant.
fn stated(assertion: &Assertion, report: &mut Report) -> (Option<Level>, &'static str) {
    let loa = assertion
        .values(attributes::LOA)
        .map(|text| (text, Nsis::parse(text).map(Level::Nsis)));
    let nist = assertion
        .values(attributes::ASSURANCE_LEVEL)
        .map(|text| (text, Nist::parse(text).map(Level::Nist)));
    let values: Vec<(&str, Option<Level>)> = loa.chain(nist).collect();
    if values.is_empty() {
        report.skip(Check::LevelUnambiguous, "no level attribute");
        let class_ref = assertion
            .authn_statements
            .first()
            .and_then(|statement| statement.class_ref.as_deref());
        return (
            class_ref.and_then(Level::from_class_ref),
            "class ref, as no level attribute is there",
        );
    }
    let shown = values
        .iter()
        .map(|(text, _)| *text)
        .collect::<Vec<_>>()
        .join(", ");
    let levels: Option<Vec<Level>> = values.iter().map(|(_, level)| *level).collect();
    let Some(levels) = levels else {
        report.add(
            Check::LevelUnambiguous,
            RowOutcome::Warn,
            shown,
            "Low, Substantial, High, or 1–4",
        );
        return (None, "level attributes");
    };
    let agree = levels
        .windows(2)
        .all(|pair| on_nist(pair[0]) == on_nist(pair[1]));
    report.add(
        Check::LevelUnambiguous,
        if agree {
            RowOutcome::Pass
        } else {
            RowOutcome::Warn
        },
        shown,
        "one level",
    );
    // `loa` comes first, so that of equal ones the NSIS level wins.
    (
        levels.into_iter().min_by_key(|level| on_nist(*level)),
        "level attributes",
    )
}

fn on_nist(level: Level) -> Nist {
    match level {
        Level::Nist(level) => level,
        Level::Nsis(level) => level.to_nist(),
    }
}

/// Cuts to the registered ceilings. An IdP without `NSISAssuranceLevel`, or with the profile `OIOSAML2`, for
/// which CH.json ignores the field, states no NSIS at all.
fn cut(stated: Option<Level>, idp: &IdentityProvider, report: &mut Report) -> Reached {
    use crate::oiosaml::RequestProfile;
    let ceiling = idp
        .nsis_assurance_level
        .filter(|_| idp.oiosaml_profile != RequestProfile::Oiosaml2);
    let registered = format!(
        "NIST {}, {}",
        idp.assurance_level.digit(),
        ceiling.map_or("no NSIS".to_owned(), |level| format!(
            "NSIS {}",
            level.word()
        ))
    );
    let reached = match stated {
        None => Reached::default(),
        Some(Level::Nist(level)) => Reached {
            nsis: None,
            nist: Some(level.min(idp.assurance_level)),
        },
        Some(Level::Nsis(level)) => match ceiling {
            None => Reached::default(),
            Some(ceiling) => {
                let level = level.min(ceiling);
                Reached {
                    nsis: Some(level),
                    nist: Some(level.to_nist().min(idp.assurance_level)),
                }
            }
        },
    };
    let kept = match stated {
        None => true,
        Some(Level::Nist(level)) => reached.nist == Some(level),
        Some(Level::Nsis(level)) => reached.nsis == Some(level),
    };
    let found = stated.map_or("no level".to_owned(), |level| level.english());
    report.add(
        Check::LevelCeiling,
        if kept {
            RowOutcome::Pass
        } else {
            RowOutcome::Warn
        },
        found,
        registered,
    );
    reached
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
