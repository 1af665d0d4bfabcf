//! An IdP by the OIOSAML3 book: NSIS refs with minimum comparison, and an answer that says what was reached. What
//! is known of Safewhere Identify and FoxIDs beside it are traits.

use super::behaviour::{Stop, no_context};
use super::habits::{Asked, GCM, Habits, Need, PERSONAL, Reached, Reading, first_bpp};
use crate::config::{Person, Trait};
use crate::oiosaml::attributes::{
    ASSURANCE_LEVEL, CVR_3, EMAIL_2, EMAIL_3, LOA, ORG_NAME_3, PRIVILEGES_3, SPEC_VERSION_3,
};
use crate::oiosaml::{Level, Nist, Nsis, OiosamlVersion, Scale};
use crate::saml::Comparison;
use time::Duration;

/// Habits by the book.
pub const HABITS: Habits = Habits {
    reads,
    unknown: "Det ønskede AuthnContextClassRef understøttes ikke",
    reaches,
    encryption: |_| GCM,
    conditions: Duration::minutes(5),
    bpp: OiosamlVersion::bpp,
    personal: PERSONAL,
    order: &[],
};
/// Safewhere Identify: Conditions last an hour, roles come first and in the older namespace, and nothing is stated of the
/// person but their e-mail (Safewhere/kombit SampleMessages, 2023).
pub const SAFEWHERE: Habits = Habits {
    conditions: Duration::hours(1),
    bpp: first_bpp,
    personal: &[EMAIL_2, EMAIL_3],
    order: &[
        PRIVILEGES_3,
        CVR_3,
        SPEC_VERSION_3,
        ORG_NAME_3,
        LOA,
        EMAIL_3,
    ],
    ..HABITS
};
/// FoxIDs: nothing is known that would differ from the book but its traits; its lists of roles are of BPP 1.2 too (FoxIDs
/// docs/howto-saml-2.0-context-handler.md).
pub const FOXIDS: Habits = HABITS;

/// Refs that are no level of ours are no context that it can give. Of several levels the lowest is enough
/// (SAML core §3.3.2.2.1: one of them suffices).
fn reads(asked: &Asked<'_>) -> Reading {
    let context = asked.request.requested_authn_context.as_ref();
    if let Some(Comparison::Maximum | Comparison::Better) = context.and_then(|c| c.comparison) {
        return Reading::Refused(no_context("Kun Comparison minimum og exact understøttes"));
    }
    match asked.levels().filter_map(nsis).min() {
        Some(nsis) => Reading::Need(Need {
            second_factor: nsis >= Nsis::Substantial,
            nsis: Some(nsis),
        }),
        None if asked.multipleauthn() => Reading::Need(Need {
            second_factor: true,
            nsis: None,
        }),
        None => Reading::Unknown,
    }
}

/// Everybody logs in as strongly as they can: without second factor that is Low at most.
fn reaches(asked: &Asked<'_>, need: &Need, person: &Person) -> Result<Reached, Stop> {
    let refused = |message| Err(Stop::Answer(no_context(message)));
    let second_factor = person.second_factor;
    if need.second_factor && !second_factor && need.nsis.is_none() {
        return refused("Brugeren har ingen anden faktor");
    }
    let nist = match second_factor {
        true => Nist::Three,
        false => Nist::Two,
    };
    let Some(identity) = person.nsis else {
        let level = match asked.version() {
            OiosamlVersion::V3 if asked.has(Trait::NistForNonNsis) && need.nsis.is_none() => {
                Some((ASSURANCE_LEVEL, nist.digit().to_string()))
            }
            _ if asked.has(Trait::RequestedLevelNotEvaluated) => None,
            _ => return refused("Brugeren har ingen NSIS-identitet"),
        };
        return Ok(Reached {
            level,
            second_factor,
        });
    };
    let reached = match second_factor {
        true => identity,
        false => identity.min(Nsis::Low),
    };
    if need.nsis.is_some_and(|needed| reached < needed) {
        return refused("Det ønskede sikringsniveau kan ikke opnås for brugeren");
    }
    let level = match asked.version() {
        OiosamlVersion::V3 => (LOA, reached.word().to_owned()),
        OiosamlVersion::V2 => (ASSURANCE_LEVEL, reached.to_nist().digit().to_string()),
    };
    Ok(Reached {
        level: Some(level),
        second_factor,
    })
}

fn nsis(level: Level) -> Option<Nsis> {
    match level.on(Scale::Nsis) {
        Level::Nsis(nsis) => Some(nsis),
        Level::Nist(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PersonaKind;
    use crate::oiosaml::RequestProfile;
    use crate::persona::behaviour::Stated;
    use crate::persona::habits::tests::{person, persona, request, says, stated};
    use crate::saml::names::status;

    fn asked(class_refs: &[&str], who: &Person) -> Result<Stated, Stop> {
        stated(
            PersonaKind::Oiosaml3,
            RequestProfile::Oiosaml3,
            class_refs,
            who,
        )
    }

    const SUBSTANTIAL: &str = "https://data.gov.dk/concept/core/nsis/loa/Substantial";

    #[test]
    fn a_minimum_may_be_exceeded_and_the_answer_says_by_what() {
        let said = asked(&[SUBSTANTIAL], &person(true, Some(Nsis::High))).unwrap();
        assert_eq!(said.levels, [(LOA, "High".to_owned())]);
        assert!(said.class_ref.ends_with("/High"));
    }

    #[test]
    fn what_cannot_be_met_is_no_authn_context() {
        for who in [
            person(false, Some(Nsis::Substantial)),
            person(true, Some(Nsis::Low)),
            person(true, None),
        ] {
            let stop = asked(&[SUBSTANTIAL], &who).unwrap_err();
            assert!(
                matches!(stop, Stop::Answer(answer) if answer.subcode.as_deref() == Some(status::NO_AUTHN_CONTEXT))
            );
        }
        assert!(
            asked(
                &["http://schemas.microsoft.com/claims/multipleauthn"],
                &person(true, Some(Nsis::High))
            )
            .is_err()
        );
    }

    #[test]
    fn one_of_several_refs_suffices() {
        let low = "https://data.gov.dk/concept/core/nsis/loa/Low";
        assert!(asked(&[SUBSTANTIAL, low], &person(false, Some(Nsis::Substantial))).is_ok());
    }

    /// docs.safewhere.com: by default Identify does not evaluate what is requested.
    #[test]
    fn safewhere_answers_with_what_the_user_can() {
        let safewhere = |who| {
            stated(
                PersonaKind::Safewhere,
                RequestProfile::Oiosaml3,
                &[SUBSTANTIAL],
                &who,
            )
        };
        let said = safewhere(person(false, Some(Nsis::Substantial))).unwrap();
        assert_eq!(said.levels, [(LOA, "Low".to_owned())]);
        assert!(safewhere(person(true, None)).unwrap().levels.is_empty());
        let asks = persona(
            PersonaKind::Safewhere,
            "without = [\"requested-level-not-evaluated\"]",
        );
        let who = person(false, Some(Nsis::Substantial));
        assert!(
            says(
                &asks,
                RequestProfile::Oiosaml3,
                &request(&[SUBSTANTIAL]),
                &who
            )
            .is_err()
        );
    }

    #[test]
    fn misbehaviour_changes_what_is_stated_and_nothing_else() {
        let levels = |one: &str, identity| {
            let bad = persona(PersonaKind::Oiosaml3, &format!("traits = [\"{one}\"]"));
            let who = person(true, Some(identity));
            let said = says(&bad, RequestProfile::Oiosaml3, &request(&[]), &who).unwrap();
            said.levels
                .into_iter()
                .map(|level| level.1)
                .collect::<Vec<_>>()
        };
        assert_eq!(levels("returns-lower", Nsis::High), ["Substantial"]);
        assert_eq!(levels("returns-lower", Nsis::Low), ["Low"]);
        assert_eq!(levels("returns-higher", Nsis::Low), ["High"]);
        assert!(levels("returns-no-level", Nsis::High).is_empty());
        assert_eq!(
            levels("contradictory-levels", Nsis::High),
            ["High", "Substantial"]
        );
        assert_eq!(levels("contradictory-levels", Nsis::Low), ["Low", "4"]);
    }
}
