//! OS2faktor Login: knows three class refs for a second factor, answers with top-level statuses in Danish,
//! and names an NSIS requirement without its level.

use super::behaviour::{Stated, Stop};
use super::habits::{Asked, Habits, Need, encryption_by_version};
use crate::config::Person;
use crate::oiosaml::attributes::{ASSURANCE_LEVEL, LOA};
use crate::oiosaml::request_profile::MULTIPLEAUTHN;
use crate::oiosaml::{Level, Nist, Nsis, OiosamlVersion};
use crate::saml::Status;
use crate::saml::names::{PASSWORD_PROTECTED_TRANSPORT, status};
use time::Duration;

/// Habits of OS2faktor Login.
pub const HABITS: Habits = Habits {
    product: "OS2faktor Login",
    admit,
    state,
    encryption: encryption_by_version,
    conditions: Duration::minutes(10),
};

/// The class ref it answers with when NSIS was required: the concept, without a level.
const NSIS_WITHOUT_LEVEL: &str = "https://data.gov.dk/concept/core/nsis";

/// How far IssueInstant may be from now.
const TOLERANCE: Duration = Duration::minutes(5);

/// NSIS Substantial, `AssuranceLevel:3` (not `:4`) and multipleauthn mean a second factor; other refs, even
/// `AssuranceLevel:4`, mean nothing to it. High is refused. No status has a second-level code.
fn admit(asked: &Asked<'_>) -> Result<Need, Status> {
    let refused = |code, message: &str| Err(Status::refusal(code, None, message));
    let request = asked.request;
    if (asked.now - request.issue_instant).abs() > TOLERANCE {
        return refused(
            status::REQUESTER,
            "IssueInstant er ikke inden for det tilladte tidsrum",
        );
    }
    if request.force_authn == Some(true) && request.is_passive == Some(true) {
        return refused(
            status::REQUESTER,
            "Kan ikke både tvinge login og være passiv (både ForceAuthn og isPassive er true)",
        );
    }
    let levels = || {
        asked
            .class_refs()
            .iter()
            .filter_map(|uri| Level::from_class_ref(uri))
    };
    if levels().any(|level| level == Level::Nsis(Nsis::High)) {
        return refused(status::RESPONDER, "NSIS niveau Høj ikke understøttet");
    }
    let nsis = levels().find_map(|level| match level {
        Level::Nsis(nsis) => Some(nsis),
        Level::Nist(_) => None,
    });
    let known_ref = levels().any(|level| level == Level::Nist(Nist::Three))
        || asked.class_refs().iter().any(|uri| uri == MULTIPLEAUTHN);
    Ok(Need {
        second_factor: nsis == Some(Nsis::Substantial) || known_ref,
        nsis,
    })
}

/// `loa` only about somebody with an NSIS identity; everybody else gets `AssuranceLevel`, in the same
/// OIOSAML3 response. With a password alone nobody is more than Low, or 2.
fn state(asked: &Asked<'_>, need: &Need, person: &Person) -> Result<Stated, Stop> {
    let refused = |message: &str| {
        Err(Stop::Answer(Status::refusal(
            status::RESPONDER,
            None,
            message,
        )))
    };
    if need.second_factor && !person.second_factor {
        return refused("Brugeren har ikke registreret en 2-faktor enhed");
    }
    let level = match (asked.version(), person.nsis) {
        (OiosamlVersion::V3, Some(nsis)) => {
            let reached = if need.second_factor {
                nsis.min(Nsis::Substantial)
            } else {
                Nsis::Low
            };
            if need.nsis.is_some_and(|needed| reached < needed) {
                return refused("Brugerens NSIS niveau er ikke tilstrækkeligt");
            }
            (LOA, reached.word().to_owned())
        }
        _ => {
            let reached = if need.second_factor {
                Nist::Three
            } else {
                Nist::Two
            };
            (ASSURANCE_LEVEL, reached.digit().to_string())
        }
    };
    let class_ref = match (need.nsis, asked.class_refs().first()) {
        (Some(_), _) => NSIS_WITHOUT_LEVEL.to_owned(),
        (None, Some(first)) => first.clone(),
        (None, None) => PASSWORD_PROTECTED_TRANSPORT.to_owned(),
    };
    Ok(Stated {
        class_ref,
        levels: vec![level],
        attributes: Vec::new(),
        second_factor: need.second_factor,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PersonaKind::Os2faktor;
    use crate::oiosaml::RequestProfile::{Oiosaml2, Oiosaml3};
    use crate::persona::habits::tests::{NOW, person, request, stated};

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
        assert_eq!(class_ref(&[SUBSTANTIAL]), NSIS_WITHOUT_LEVEL);
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
        let asked = |request, now| {
            admit(&Asked {
                request,
                profile: Oiosaml3,
                now,
            })
            .map_err(|answer| answer.code)
        };
        assert_eq!(
            asked(&contradictory, NOW),
            Err(status::REQUESTER.to_owned())
        );
        let plain = request(&[]);
        assert!(asked(&plain, NOW + TOLERANCE).is_ok());
        assert_eq!(
            asked(&plain, NOW + TOLERANCE + Duration::seconds(1)),
            Err(status::REQUESTER.to_owned())
        );
    }
}
