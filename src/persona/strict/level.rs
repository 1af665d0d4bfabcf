//! The level that a system holds its users to: by the attribute of its scale alone.

use super::Objection;
use crate::config::Defect;
use crate::hub::Check;
use crate::oiosaml::attributes::{ASSURANCE_LEVEL, LOA};
use crate::oiosaml::{Level, Nist, Nsis, Scale};
use crate::persona::system::System;
use crate::saml::Assertion;

/// What an attribute says where nobody signed it.
type Unsigned<'a> = dyn Fn(&str) -> Vec<String> + 'a;

/// Why the level is not good enough.
pub(super) fn objection(
    system: &System,
    assertion: &Assertion,
    unsigned: Option<&Unsigned<'_>>,
) -> Option<Objection> {
    let need = system.level?;
    let name = match need.scale() {
        Scale::Nsis => LOA,
        Scale::Nist => ASSURANCE_LEVEL,
    };
    let signed: Vec<String> = assertion.values(name).map(str::to_owned).collect();
    let stated = match unsigned {
        Some(unsigned) if system.demo.has(Defect::ReadsUnsignedLevel) => {
            Some(unsigned(name)).filter(|found| !found.is_empty())
        }
        _ => None,
    };
    let stated = stated.unwrap_or(signed);
    let class = assertion.authn_statements.first();
    let class = class.and_then(|statement| statement.class_ref.as_deref());
    let reached = reached(need, &stated, class, system.demo.defect);
    if reached.is_some_and(|reached| reached.satisfies(need)) {
        return None;
    }
    let found = match stated.is_empty() {
        true => "no level".to_owned(),
        false => stated.join(", "),
    };
    Some(Objection::new(Check::LevelReached, found, need.to_string()))
}

/// The level that counts: the lowest of the values, and none where one of them is no level of the scale. A class ref never
/// counts (domain: it often only repeats what was asked).
fn reached(
    need: Level,
    values: &[String],
    class_ref: Option<&str>,
    defect: Option<Defect>,
) -> Option<Level> {
    let scale = need.scale();
    let levels: Vec<Option<Level>> = values.iter().map(|value| parse(scale, value)).collect();
    let class = class_ref.and_then(Level::from_class_ref);
    let class = class.filter(|class| class.scale() == scale);
    match (defect, levels.as_slice()) {
        (Some(Defect::AcceptsNoLevel), []) => Some(need),
        (Some(Defect::AcceptsUnknownLevel), [None]) => {
            let foreign = parse(other(scale), &values[0]);
            foreign.is_none().then_some(need)
        }
        (Some(Defect::MixesScales), [None]) => {
            parse(other(scale), &values[0]).map(|foreign| foreign.on(scale))
        }
        (Some(Defect::BelievesClassRef), [Some(level)]) => Some(
            class
                .filter(|class| class.satisfies(*level))
                .unwrap_or(*level),
        ),
        // It notes the level in its log. That attribute and class ref contradict each other it would notice.
        (Some(Defect::AcceptsLowerLevel), [Some(level)]) => {
            let contradicted = class.is_some_and(|class| !level.satisfies(class));
            Some(if contradicted { *level } else { need })
        }
        (Some(Defect::TakesHighestLevel), _) => {
            all(&levels, |a, b| if a.satisfies(b) { a } else { b })
        }
        _ => all(&levels, |a, b| if a.satisfies(b) { b } else { a }),
    }
}

fn all(levels: &[Option<Level>], choose: impl Fn(Level, Level) -> Level) -> Option<Level> {
    let known: Option<Vec<Level>> = levels.iter().copied().collect();
    known?.into_iter().reduce(choose)
}

fn parse(scale: Scale, value: &str) -> Option<Level> {
    match scale {
        Scale::Nsis => Nsis::parse(value).map(Level::Nsis),
        Scale::Nist => Nist::parse(value).map(Level::Nist),
    }
}

fn other(scale: Scale) -> Scale {
    match scale {
        Scale::Nsis => Scale::Nist,
        Scale::Nist => Scale::Nsis,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEED: Level = Level::Nsis(Nsis::Substantial);

    fn enough(values: &[&str], class: Option<Level>, defect: Option<Defect>) -> bool {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let class = class.map(Level::class_ref);
        let reached = reached(NEED, &values, class.as_deref(), defect);
        reached.is_some_and(|reached| reached.satisfies(NEED))
    }

    /// What each says: the attribute, the class ref, and whose mistake takes it.
    #[test]
    fn each_mistake_takes_what_no_other_takes() {
        let (low, high) = (Level::Nsis(Nsis::Low), Level::Nsis(Nsis::High));
        let table: [(&[&str], Option<Level>, Defect); 6] = [
            (&["Low"], Some(low), Defect::AcceptsLowerLevel),
            (&[], None, Defect::AcceptsNoLevel),
            (
                &["Substantial", "Low"],
                Some(NEED),
                Defect::TakesHighestLevel,
            ),
            (&["Low"], Some(NEED), Defect::BelievesClassRef),
            (&["Ultra"], Some(NEED), Defect::AcceptsUnknownLevel),
            (&["4"], Some(NEED), Defect::MixesScales),
        ];
        for (values, class, mistake) in table {
            assert!(!enough(values, class, None), "{values:?}");
            for defect in Defect::ALL {
                let takes = enough(values, class, Some(*defect));
                assert_eq!(takes, *defect == mistake, "{values:?} {defect:?}");
            }
        }
        for defect in Defect::ALL {
            assert!(enough(&["Substantial"], Some(NEED), Some(*defect)));
            assert!(enough(&["High"], Some(high), Some(*defect)));
        }
    }

    #[test]
    fn the_other_scale_holds_as_well() {
        let need = Level::Nist(Nist::parse("3").unwrap());
        let reached = |value: &str, defect| {
            let reached = reached(need, &[value.to_owned()], None, defect);
            reached.is_some_and(|reached| reached.satisfies(need))
        };
        assert!(reached("3", None) && reached("4", None));
        assert!(!reached("2", None) && !reached("High", None));
        assert!(reached("High", Some(Defect::MixesScales)));
        assert!(!reached("High", Some(Defect::AcceptsUnknownLevel)));
    }
}
