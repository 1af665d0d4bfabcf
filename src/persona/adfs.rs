//! AD FS: exact class refs, no Scoping, a second factor by `multipleauthn`, attributes by claim rules.

use super::behaviour::{Stated, Stop};
use super::habits::{Asked, Habits, Need, encryption_by_version};
use crate::config::Person;
use crate::oiosaml::attributes::{ASSURANCE_LEVEL, LOA};
use crate::oiosaml::request_profile::MULTIPLEAUTHN;
use crate::oiosaml::{Nist, Nsis, OiosamlVersion};
use crate::saml::Status;
use crate::saml::names::{PASSWORD_PROTECTED_TRANSPORT, status};
use time::Duration;

/// Habits of AD FS.
pub const HABITS: Habits = Habits {
    product: "AD FS",
    admit,
    state,
    encryption: encryption_by_version,
    conditions: Duration::hours(1),
};

/// Methods that it knows beside multipleauthn.
const PASSWORD_METHODS: [&str; 4] = [
    PASSWORD_PROTECTED_TRANSPORT,
    "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
    "urn:federation:authentication:windows",
];

/// Its words for a method it does not know (event MSIS7102).
const UNKNOWN_METHOD: &str =
    "MSIS7102: Requested Authentication Method is not supported on the STS.";

/// Scoping is refused as the requester's fault. Of several class refs one that it knows is enough; with none
/// that it knows the answer is NoAuthnContext, which is why the multipleauthn profiles exist.
fn admit(asked: &Asked<'_>) -> Result<Need, Status> {
    if asked.request.scoping.is_some() {
        return Err(Status::refusal(
            status::REQUESTER,
            None,
            "MSIS: The Scoping element of the AuthnRequest is not supported by the STS.",
        ));
    }
    let refs = asked.class_refs();
    if refs.is_empty()
        || refs
            .iter()
            .any(|uri| PASSWORD_METHODS.contains(&uri.as_str()))
    {
        return Ok(Need::default());
    }
    if refs.iter().any(|uri| uri == MULTIPLEAUTHN) {
        return Ok(Need {
            second_factor: true,
            nsis: None,
        });
    }
    Err(Status::refusal(
        status::RESPONDER,
        Some(status::NO_AUTHN_CONTEXT),
        UNKNOWN_METHOD,
    ))
}

/// The class ref names the first factor even when two were used, so that only the attribute tells the level.
/// The claim rules state NSIS for the group of people who have an NSIS identity, NIST for everybody else.
/// An IdP whose hub asks nothing has promised the highest level it can give: it uses the second factor of
/// everybody who has one.
fn state(asked: &Asked<'_>, need: &Need, person: &Person) -> Result<Stated, Stop> {
    if need.second_factor && !person.second_factor {
        return Err(Stop::Stuck(Status::refusal(
            status::RESPONDER,
            Some(status::AUTHN_FAILED),
            "The user did not complete multi-factor authentication.",
        )));
    }
    let second_factor =
        need.second_factor || (asked.profile.asks_nothing() && person.second_factor);
    let nist = if second_factor {
        Nist::Three
    } else {
        Nist::Two
    };
    let nsis = if second_factor {
        Nsis::Substantial
    } else {
        Nsis::Low
    };
    let level = match (asked.version(), person.nsis) {
        (OiosamlVersion::V3, Some(identity)) => (LOA, nsis.min(identity).word().to_owned()),
        _ => (ASSURANCE_LEVEL, nist.digit().to_string()),
    };
    Ok(Stated {
        class_ref: PASSWORD_PROTECTED_TRANSPORT.to_owned(),
        levels: vec![level],
        attributes: Vec::new(),
        second_factor,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PersonaKind::Adfs;
    use crate::oiosaml::RequestProfile;
    use crate::persona::habits::tests::{NOW, person, request, scoped, stated};

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
    fn scoping_is_the_requesters_fault() {
        let request = scoped(request(&[MULTIPLEAUTHN]));
        let refused = admit(&Asked {
            request: &request,
            profile: RequestProfile::Oiosaml2,
            now: NOW,
        })
        .unwrap_err();
        assert_eq!(refused.code, status::REQUESTER);
    }
}
