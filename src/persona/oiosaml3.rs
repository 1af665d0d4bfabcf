//! An IdP by the OIOSAML3 book: NSIS refs with minimum comparison, and an answer that says what was reached.

use super::behaviour::{Stated, Stop};
use super::habits::{Asked, GCM, Habits, Need};
use crate::config::Person;
use crate::oiosaml::attributes::{ASSURANCE_LEVEL, LOA};
use crate::oiosaml::{Level, Nsis, OiosamlVersion, Scale};
use crate::saml::names::{PASSWORD_PROTECTED_TRANSPORT, status};
use crate::saml::{Comparison, Status};
use time::Duration;

/// Habits by the book.
pub const HABITS: Habits = Habits {
    product: "OIOSAML3",
    admit,
    state,
    encryption: |_| GCM,
    conditions: Duration::minutes(5),
};

fn no_context(message: &str) -> Status {
    Status::refusal(status::RESPONDER, Some(status::NO_AUTHN_CONTEXT), message)
}

/// Refs that are no level of ours are no context that it can give. Of several levels the lowest is enough
/// (SAML core §3.3.2.2.1: one of them suffices).
fn admit(asked: &Asked<'_>) -> Result<Need, Status> {
    let Some(context) = &asked.request.requested_authn_context else {
        return Ok(Need::default());
    };
    if matches!(
        context.comparison,
        Some(Comparison::Maximum | Comparison::Better)
    ) {
        return Err(no_context("Kun Comparison minimum og exact understøttes"));
    }
    let lowest = context
        .class_refs
        .iter()
        .filter_map(|uri| Level::from_class_ref(uri))
        .filter_map(nsis)
        .min();
    let Some(nsis) = lowest else {
        return Err(no_context(
            "Det ønskede AuthnContextClassRef understøttes ikke",
        ));
    };
    Ok(Need {
        second_factor: nsis >= Nsis::Substantial,
        nsis: Some(nsis),
    })
}

/// Everybody logs in as strongly as they can: without second factor that is Low at most.
fn state(asked: &Asked<'_>, need: &Need, person: &Person) -> Result<Stated, Stop> {
    let refused = |message| Err(Stop::Answer(no_context(message)));
    let Some(identity) = person.nsis else {
        return refused("Brugeren har ingen NSIS-identitet");
    };
    let reached = if person.second_factor {
        identity
    } else {
        identity.min(Nsis::Low)
    };
    if need.nsis.is_some_and(|needed| reached < needed) {
        return refused("Det ønskede sikringsniveau kan ikke opnås for brugeren");
    }
    let level = match asked.version() {
        OiosamlVersion::V3 => (LOA, reached.word().to_owned()),
        OiosamlVersion::V2 => (ASSURANCE_LEVEL, reached.to_nist().digit().to_string()),
    };
    let class_ref = match asked.version() {
        OiosamlVersion::V3 => Level::Nsis(reached).class_ref(),
        OiosamlVersion::V2 => PASSWORD_PROTECTED_TRANSPORT.to_owned(),
    };
    Ok(Stated {
        class_ref,
        levels: vec![level],
        attributes: Vec::new(),
        second_factor: person.second_factor,
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
    use crate::persona::habits::tests::{person, stated};

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
}
