//! OS2faktor Login: takes the strongest of several class refs, and tells people in Danish why they cannot go on.

use super::behaviour::{Stop, no_context};
use super::habits::{Asked, Habits, Need, Reached, Reading, encryption_by_version, first_bpp};
use crate::config::{Person, Trait};
use crate::oiosaml::attributes::{ASSURANCE_LEVEL, EMAIL_3, LOA, UUID_PERSISTENT};
use crate::oiosaml::{Level, Nist, Nsis, OiosamlVersion};
use time::Duration;

/// Habits of OS2faktor Login.
pub const HABITS: Habits = Habits {
    reads,
    unknown: "Det ønskede AuthnContextClassRef understøttes ikke",
    reaches,
    encryption: encryption_by_version,
    conditions: Duration::minutes(10),
    bpp: first_bpp,
    // No e-mail in OIOSAML2 (KombitServiceProviderV2).
    personal: &[EMAIL_3, UUID_PERSISTENT],
    // It keeps them in a HashMap.
    order: &[],
};

/// NSIS from Substantial on, a NIST level from 3 on and multipleauthn mean a second factor.
fn reads(asked: &Asked<'_>) -> Reading {
    let nsis = asked.levels().find_map(|level| match level {
        Level::Nsis(nsis) => Some(nsis),
        Level::Nist(_) => None,
    });
    let strong = asked.levels().any(|level| match level {
        Level::Nsis(nsis) => nsis >= Nsis::Substantial,
        Level::Nist(nist) => nist >= Nist::Three,
    });
    let second_factor = strong || asked.multipleauthn();
    match second_factor || asked.levels().next().is_some() {
        true => Reading::Need(Need {
            second_factor,
            nsis,
        }),
        false => Reading::Unknown,
    }
}

/// `loa` only about somebody with an NSIS identity; everybody else gets `AssuranceLevel`, in the same
/// OIOSAML3 response. With a password alone nobody is more than Low, or 2.
fn reaches(asked: &Asked<'_>, need: &Need, person: &Person) -> Result<Reached, Stop> {
    let refused = |message: &str| Err(Stop::Answer(no_context(message)));
    let second_factor = need.second_factor;
    if second_factor && !person.second_factor {
        return refused("Brugeren har ikke registreret en 2-faktor enhed");
    }
    let (nist, most) = match second_factor {
        true => (Nist::Three, Nsis::Substantial),
        false => (Nist::Two, Nsis::Low),
    };
    let level = match (asked.version(), person.nsis) {
        (OiosamlVersion::V3, Some(identity)) => {
            let reached = identity.min(most);
            if need.nsis.is_some_and(|needed| reached < needed) {
                return refused("Brugerens NSIS niveau er ikke tilstrækkeligt");
            }
            Some((LOA, reached.word().to_owned()))
        }
        (OiosamlVersion::V3, None) if !asked.has(Trait::NistForNonNsis) => None,
        _ => Some((ASSURANCE_LEVEL, nist.digit().to_string())),
    };
    Ok(Reached {
        level,
        second_factor,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PersonaKind::Os2faktor;
    use crate::oiosaml::RequestProfile::{Oiosaml2, Oiosaml3};
    use crate::oiosaml::request_profile::MULTIPLEAUTHN;
    use crate::persona::behaviour::{Behaviour, behaviour};
    use crate::persona::habits::tests::{NOW, person, persona, request, says, scoped, stated};
    use crate::saml::names::{PASSWORD_PROTECTED_TRANSPORT, status};

    const SUBSTANTIAL: &str = "https://data.gov.dk/concept/core/nsis/loa/Substantial";

    fn level(
        profile: crate::oiosaml::RequestProfile,
        class_ref: &str,
        who: &Person,
    ) -> (&'static str, String) {
        stated(Os2faktor, profile, &[class_ref], who)
            .unwrap()
            .levels
            .remove(0)
    }

    #[test]
    fn assurance_level_3_means_a_second_factor_and_4_does_not() {
        let who = person(true, None);
        assert_eq!(
            level(Oiosaml2, "urn:dk:gov:saml:attribute:AssuranceLevel:3", &who).1,
            "3"
        );
        assert_eq!(level(Oiosaml2, MULTIPLEAUTHN, &who).1, "3");
        assert_eq!(
            level(Oiosaml2, "urn:dk:gov:saml:attribute:AssuranceLevel:4", &who).1,
            "2"
        );
        assert_eq!(
            level(Oiosaml2, "urn:dk:gov:saml:attribute:AssuranceLevel:2", &who).1,
            "2"
        );
    }

    #[test]
    fn somebody_without_nsis_identity_gets_the_nist_attribute_in_oiosaml3() {
        assert_eq!(
            level(Oiosaml3, SUBSTANTIAL, &person(true, Some(Nsis::High))),
            (LOA, "Substantial".to_owned())
        );
        assert_eq!(
            level(Oiosaml3, SUBSTANTIAL, &person(true, None)),
            (ASSURANCE_LEVEL, "3".to_owned())
        );
    }

    #[test]
    fn the_class_ref_hides_the_level_when_nsis_was_required() {
        let class_ref = |refs: &[&str]| {
            stated(
                Os2faktor,
                Oiosaml3,
                refs,
                &person(true, Some(Nsis::Substantial)),
            )
            .unwrap()
            .class_ref
        };
        assert_eq!(
            class_ref(&[SUBSTANTIAL]),
            "https://data.gov.dk/concept/core/nsis"
        );
        assert_eq!(class_ref(&[MULTIPLEAUTHN]), MULTIPLEAUTHN);
        assert_eq!(class_ref(&[]), PASSWORD_PROTECTED_TRANSPORT);
    }

    #[test]
    fn its_statuses_have_no_second_level_and_speak_danish() {
        let high = stated(
            Os2faktor,
            Oiosaml3,
            &["https://data.gov.dk/concept/core/nsis/loa/High"],
            &person(true, None),
        )
        .unwrap_err();
        let Stop::Answer(high) = high else { panic!() };
        assert_eq!(
            (high.code.as_str(), high.subcode),
            (status::RESPONDER, None)
        );
        assert_eq!(
            high.message.as_deref(),
            Some("NSIS niveau Høj ikke understøttet")
        );
        let no_factor = stated(
            Os2faktor,
            Oiosaml3,
            &[SUBSTANTIAL],
            &person(false, Some(Nsis::Substantial)),
        )
        .unwrap_err();
        assert!(matches!(no_factor, Stop::Answer(answer) if answer.subcode.is_none()));
    }

    #[test]
    fn old_requests_and_contradictory_ones_are_the_requesters_fault() {
        let mut contradictory = request(&[]);
        contradictory.force_authn = Some(true);
        contradictory.is_passive = Some(true);
        let os2 = persona(Os2faktor, "");
        let asked = |request, now| match behaviour(
            &os2,
            Oiosaml3,
            request,
            &person(true, Some(Nsis::Low)),
            now,
        ) {
            Behaviour::Refuses(answer) => Err(answer.code),
            other => Ok(other),
        };
        assert_eq!(
            asked(&contradictory, NOW),
            Err(status::REQUESTER.to_owned())
        );
        let plain = request(&[]);
        let tolerated = NOW + Duration::minutes(5);
        assert!(asked(&plain, tolerated).is_ok());
        assert_eq!(
            asked(&plain, tolerated + Duration::seconds(1)),
            Err(status::REQUESTER.to_owned())
        );
        let ahead = persona(Os2faktor, "traits = [\"clock-ahead\"]");
        let who = person(true, Some(Nsis::Low));
        let refused = behaviour(&ahead, Oiosaml3, &plain, &who, NOW);
        assert!(matches!(refused, Behaviour::Refuses(_)), "by its own clock");
    }

    #[test]
    fn what_a_system_needs_is_known_by_its_requester_id_and_never_lowered() {
        let line = |more| format!("subsystems = [{{ id = \"https://system.example\", {more} }}]");
        let says = |more: &str, class_refs: &[&str], second_factor| {
            let who = person(second_factor, Some(Nsis::Substantial));
            let request = scoped(request(class_refs));
            says(&persona(Os2faktor, more), Oiosaml3, &request, &who)
        };
        let low = "https://data.gov.dk/concept/core/nsis/loa/Low";
        assert_eq!(says("", &[low], true).unwrap().levels[0].1, "Low");
        let raised = line("nsis = \"Substantial\"");
        assert_eq!(
            says(&raised, &[low], true).unwrap().levels[0].1,
            "Substantial"
        );
        assert!(says(&raised, &[low], false).is_err());
        let forced = line("second_factor = true");
        assert!(says(&forced, &[low], true).unwrap().second_factor);
        let lower = line("nsis = \"Low\"");
        assert_eq!(
            says(&lower, &[SUBSTANTIAL], true).unwrap().levels[0].1,
            "Substantial"
        );
        assert!(says(&line("nsis = \"High\""), &[low], true).is_err());
        let ignored = format!("without = [\"requester-policy\"]\n{raised}");
        assert_eq!(says(&ignored, &[low], true).unwrap().levels[0].1, "Low");
    }

    #[test]
    fn what_is_taken_away_is_not_done() {
        let says = |more: &str, refs: &[&str]| {
            says(
                &persona(Os2faktor, more),
                Oiosaml3,
                &request(refs),
                &person(true, Some(Nsis::High)),
            )
        };
        let four = "urn:dk:gov:saml:attribute:AssuranceLevel:4";
        assert!(!says("", &[four]).unwrap().second_factor);
        let strong = says("without = [\"assurance-level-3-only\"]", &[four]).unwrap();
        assert!(strong.second_factor && strong.class_ref == four);
        let refused = says("traits = [\"unknown-class-ref-refused\"]", &[four]);
        assert!(refused.is_err());
        let coded = says(
            "without = [\"no-second-level-status\"]",
            &["https://data.gov.dk/concept/core/nsis/loa/High"],
        );
        assert!(matches!(coded, Err(Stop::Answer(answer)) if answer.subcode.is_some()));
    }
}
