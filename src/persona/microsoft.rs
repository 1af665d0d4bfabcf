//! AD FS and Entra ID: exact class refs, a second factor by `multipleauthn`, attributes by claim rules.

use super::behaviour::Stop;
use super::habits::{
    Asked, Habits, Need, PERSONAL, Reached, Reading, encryption_by_version, first_bpp,
};
use crate::config::{Person, Trait};
use crate::oiosaml::attributes::{ASSURANCE_LEVEL, LOA};
use crate::oiosaml::{Nist, Nsis, OiosamlVersion};
use crate::saml::Status;
use crate::saml::names::{PASSWORD_PROTECTED_TRANSPORT, status};
use time::Duration;

/// Habits of Microsoft's products.
pub const HABITS: Habits = Habits {
    reads,
    unknown: "MSIS7102: Requested Authentication Method is not supported on the STS.",
    reaches,
    encryption: encryption_by_version,
    conditions: Duration::hours(1),
    // The list comes out of OS2rollekatalog, or out of a claim rule that was copied from one that did.
    bpp: first_bpp,
    personal: PERSONAL,
    order: &[],
};

/// Methods that they know beside multipleauthn.
const PASSWORD_METHODS: [&str; 4] = [
    PASSWORD_PROTECTED_TRANSPORT,
    "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
    "urn:federation:authentication:windows",
];

/// Whether a class ref is met by a password.
pub fn is_password(uri: &str) -> bool {
    PASSWORD_METHODS.contains(&uri)
}

/// Of several class refs one that they know is enough; a level is none, which is why the multipleauthn profiles
/// exist.
fn reads(asked: &Asked<'_>) -> Reading {
    if asked.class_refs().iter().any(|uri| is_password(uri)) {
        return Reading::Need(Need::default());
    }
    if asked.multipleauthn() {
        return Reading::Need(Need {
            second_factor: true,
            nsis: None,
        });
    }
    Reading::Unknown
}

/// The claim rules state NSIS for the group of people who have an NSIS identity, NIST for everybody else.
/// An IdP whose hub asks nothing has promised the highest level it can give.
fn reaches(asked: &Asked<'_>, need: &Need, person: &Person) -> Result<Reached, Stop> {
    if need.second_factor && !person.second_factor {
        return Err(Stop::Stuck(Status::refusal(
            status::RESPONDER,
            Some(status::AUTHN_FAILED),
            "The user did not complete multi-factor authentication.",
        )));
    }
    let unasked = asked.profile.asks_nothing() && asked.has(Trait::StrongestWhenUnasked);
    let second_factor = need.second_factor || unasked && person.second_factor;
    let (nist, nsis) = match second_factor {
        true => (Nist::Three, Nsis::Substantial),
        false => (Nist::Two, Nsis::Low),
    };
    let level = match (asked.version(), person.nsis) {
        (OiosamlVersion::V3, Some(identity)) => Some((LOA, nsis.min(identity).word().to_owned())),
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
    use crate::config::PersonaKind::{self, Adfs, AdfsOld, Entra};
    use crate::oiosaml::RequestProfile;
    use crate::oiosaml::request_profile::MULTIPLEAUTHN;
    use crate::persona::habits::tests::{person, persona, request, says, scoped, stated};

    const NIST_3: &str = "urn:dk:gov:saml:attribute:AssuranceLevel:3";

    #[test]
    fn a_class_ref_it_does_not_know_is_no_authn_context() {
        for unknown in [
            NIST_3,
            "https://data.gov.dk/concept/core/nsis/loa/Substantial",
        ] {
            let stop = stated(
                Adfs,
                RequestProfile::Oiosaml2,
                &[unknown],
                &person(true, None),
            )
            .unwrap_err();
            let Stop::Answer(answer) = stop else {
                panic!("{stop:?}")
            };
            assert_eq!(answer.code, status::RESPONDER);
            assert_eq!(answer.subcode.as_deref(), Some(status::NO_AUTHN_CONTEXT));
            assert!(answer.message.unwrap().starts_with("MSIS7102"));
        }
    }

    #[test]
    fn multipleauthn_raises_the_attribute_but_not_the_class_ref() {
        let said = stated(
            Adfs,
            RequestProfile::Oiosaml2AdfsMultipleauthn,
            &[MULTIPLEAUTHN],
            &person(true, None),
        )
        .unwrap();
        assert_eq!(said.levels, [(ASSURANCE_LEVEL, "3".to_owned())]);
        assert_eq!(said.class_ref, PASSWORD_PROTECTED_TRANSPORT);
        let said = stated(
            Adfs,
            RequestProfile::Oiosaml2AdfsMultipleauthn,
            &[],
            &person(true, None),
        )
        .unwrap();
        assert_eq!(said.levels, [(ASSURANCE_LEVEL, "2".to_owned())]);
        let level = |nsis| {
            stated(
                Adfs,
                RequestProfile::Oiosaml3AdfsRelayState,
                &[MULTIPLEAUTHN],
                &person(true, nsis),
            )
            .unwrap()
            .levels
            .remove(0)
        };
        assert_eq!(level(Some(Nsis::High)), (LOA, "Substantial".to_owned()));
        assert_eq!(level(None), (ASSURANCE_LEVEL, "3".to_owned()));
    }

    #[test]
    fn without_a_second_factor_nobody_passes_multipleauthn() {
        let stop = stated(
            Adfs,
            RequestProfile::Oiosaml2AdfsMultipleauthn,
            &[MULTIPLEAUTHN],
            &person(false, None),
        )
        .unwrap_err();
        assert!(
            matches!(stop, Stop::Stuck(answer) if answer.subcode.as_deref() == Some(status::AUTHN_FAILED))
        );
    }

    #[test]
    fn where_nothing_is_asked_it_gives_the_most_it_can() {
        let level = |second_factor| {
            stated(
                Adfs,
                RequestProfile::Oiosaml2WithoutRequestedLoa,
                &[],
                &person(second_factor, None),
            )
            .unwrap()
            .levels
            .remove(0)
            .1
        };
        assert_eq!((level(true).as_str(), level(false).as_str()), ("3", "2"));
    }

    #[test]
    fn scoping_is_the_requesters_fault_until_it_is_taken_away() {
        let request = scoped(request(&[MULTIPLEAUTHN]));
        let asked = |kind: PersonaKind, more: &str| {
            let profile = RequestProfile::Oiosaml2AdfsMultipleauthn;
            says(&persona(kind, more), profile, &request, &person(true, None))
        };
        for (kind, more) in [(AdfsOld, ""), (Adfs, "traits = [\"scoping-refused\"]")] {
            let Err(Stop::Answer(refused)) = asked(kind, more) else {
                panic!("answered")
            };
            assert_eq!(refused.code, status::REQUESTER);
            assert!(refused.message.unwrap().starts_with("MSIS1001"));
        }
        assert!(asked(AdfsOld, "without = [\"scoping-refused\"]").is_ok());
        assert!(asked(Adfs, "").is_ok());
    }

    #[test]
    fn the_newer_one_lists_its_methods() {
        let methods = |kind| {
            let profile = RequestProfile::Oiosaml2AdfsMultipleauthn;
            let said = stated(kind, profile, &[MULTIPLEAUTHN], &person(true, None)).unwrap();
            said.attributes
        };
        let both = [PASSWORD_PROTECTED_TRANSPORT, MULTIPLEAUTHN].map(str::to_owned);
        assert_eq!(methods(Adfs)[0].1, both);
        assert!(methods(AdfsOld).is_empty());
    }

    #[test]
    fn without_multipleauthn_it_is_a_method_like_any_unknown_one() {
        let without = persona(Adfs, "without = [\"multipleauthn-second-factor\"]");
        let profile = RequestProfile::Oiosaml2AdfsMultipleauthn;
        let refused = says(
            &without,
            profile,
            &request(&[MULTIPLEAUTHN]),
            &person(true, None),
        );
        assert!(
            matches!(refused, Err(Stop::Answer(answer)) if answer.subcode.as_deref() == Some(status::NO_AUTHN_CONTEXT))
        );
    }

    #[test]
    fn entra_stops_whoever_used_another_method_and_gives_way_to_force() {
        let profile = RequestProfile::Oiosaml3;
        let who = person(true, Some(Nsis::Substantial));
        let mut asked = request(&[NIST_3]);
        let Err(Stop::Stuck(stuck)) = says(&persona(Entra, ""), profile, &asked, &who) else {
            panic!("not stuck")
        };
        assert!(stuck.message.unwrap().starts_with("AADSTS75011"));
        asked.force_authn = Some(true);
        assert!(says(&persona(Entra, ""), profile, &asked, &who).is_ok());
        assert!(stated(Entra, profile, &[], &who).is_ok());
        assert!(stated(Entra, profile, &[PASSWORD_PROTECTED_TRANSPORT], &who).is_ok());
        assert!(stated(Entra, profile, &[MULTIPLEAUTHN], &who).is_ok());
    }
}
