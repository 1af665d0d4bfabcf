//! What an invented IdP does with a request and a person: one pure function, which its site and a prediction
//! without any login both ask, so that they cannot differ.

use super::habits::{Asked, Habits, Need, Reached, Reading};
use super::misbehaviour;
use crate::config::{Person, Persona, Trait};
use crate::oiosaml::attributes::AUTHN_METHODS;
use crate::oiosaml::attributes::LOA;
use crate::oiosaml::request_profile::MULTIPLEAUTHN;
use crate::oiosaml::{Level, Nsis, RequestProfile};
use crate::saml::names::{PASSWORD_PROTECTED_TRANSPORT, status};
use crate::saml::{AuthnRequest, Status};
use time::{Duration, OffsetDateTime};

/// The class ref that OS2faktor answers with when NSIS was required: the concept, without a level.
const NSIS_WITHOUT_LEVEL: &str = "https://data.gov.dk/concept/core/nsis";
/// How far IssueInstant may be from now, for whoever looks.
const TOLERANCE: Duration = Duration::minutes(5);

/// What becomes of a login at the IdP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// The person is logged in, and this is said about it.
    Answers(Stated),
    /// The IdP answers the hub with this status.
    Refuses(Status),
    /// The person stands before a page that cannot be passed; the status is for whoever cancels there.
    Stuck(Status),
}

/// What the IdP says about a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// AuthnContextClassRef.
    pub class_ref: String,
    /// Names and values of the level attributes: one from a good IdP, none or contradictory ones from others.
    pub levels: Vec<(&'static str, String)>,
    /// Attributes beside the profile's, each with its values.
    pub attributes: Vec<(&'static str, Vec<String>)>,
    /// Whether a second factor was used.
    pub second_factor: bool,
}

/// Why a person cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The IdP answers the hub with this status.
    Answer(Status),
    /// The user stands before a page that cannot be passed; the status is for whoever cancels there.
    Stuck(Status),
}

/// What `persona`, registered in the hub with `profile`, does when `person`, who has no session there, logs in
/// to answer `request` at `now`.
pub fn behaviour(
    persona: &Persona,
    profile: RequestProfile,
    request: &AuthnRequest,
    person: &Person,
    now: OffsetDateTime,
) -> Behaviour {
    let asked = Asked {
        persona,
        request,
        profile,
        now,
    };
    match admitted(&asked) {
        Err(status) => Behaviour::Refuses(status),
        Ok(_) if request.is_passive == Some(true) => Behaviour::Refuses(no_passive()),
        Ok(need) => logged_in(&asked, &need, person),
    }
}

/// What the IdP demands of whoever logs in, or the status that it answers without asking anybody.
pub(super) fn admitted(asked: &Asked<'_>) -> Result<Need, Status> {
    let need = refused_outright(asked)
        .map_or(Ok(()), Err)
        .and_then(|()| read(asked));
    need.map(|need| raised(asked, need))
        .map_err(|status| own_words(asked, status))
}

/// What it does with somebody who logs in now.
pub(super) fn logged_in(asked: &Asked<'_>, need: &Need, person: &Person) -> Behaviour {
    match stated(asked, need, person) {
        Ok(stated) => Behaviour::Answers(stated),
        Err(Stop::Answer(status)) => Behaviour::Refuses(own_words(asked, status)),
        Err(Stop::Stuck(status)) => Behaviour::Stuck(status),
    }
}

/// What it does with somebody who logged in earlier and used what `used` has; nothing where it asks again.
pub(super) fn in_session(asked: &Asked<'_>, need: &Need, used: &Person) -> Option<Behaviour> {
    if need.second_factor && !used.second_factor {
        return None;
    }
    if let Some(status) = method_mismatch(asked, used.second_factor) {
        return Some(Behaviour::Stuck(status));
    }
    match logged_in(asked, need, used) {
        Behaviour::Answers(stated) => Some(Behaviour::Answers(stated)),
        Behaviour::Refuses(_) | Behaviour::Stuck(_) => None,
    }
}

/// Nobody is logged in, and nobody may be asked (SAML core §3.4.1, IsPassive).
pub(super) fn no_passive() -> Status {
    Status::refusal(
        status::RESPONDER,
        Some(status::NO_PASSIVE),
        "The user has no session and must not be asked.",
    )
}

/// What is refused whatever the class refs mean.
fn refused_outright(asked: &Asked<'_>) -> Option<Status> {
    let requesters_fault = |message| Some(Status::refusal(status::REQUESTER, None, message));
    let request = asked.request;
    let here = asked.now + asked.persona.skew();
    if asked.has(Trait::RequestAgeChecked) && (here - request.issue_instant).abs() > TOLERANCE {
        return requesters_fault("IssueInstant er ikke inden for det tilladte tidsrum");
    }
    if asked.has(Trait::ForceAndPassiveRefused)
        && request.force_authn == Some(true)
        && request.is_passive == Some(true)
    {
        return requesters_fault(
            "Kan ikke både tvinge login og være passiv (både ForceAuthn og isPassive er true)",
        );
    }
    if asked.has(Trait::ScopingRefused) && request.scoping.is_some() {
        return requesters_fault(
            "MSIS1001: The SAML authentication request element 'Scoping' is not supported.",
        );
    }
    let high = Level::Nsis(Nsis::High).class_ref();
    if asked.has(Trait::HighRefused) && asked.class_refs().contains(&high) {
        return Some(no_context("NSIS niveau Høj ikke understøttet"));
    }
    None
}

/// What the class refs mean.
fn read(asked: &Asked<'_>) -> Result<Need, Status> {
    let habits = Habits::of(asked.persona.kind);
    if asked.class_refs().is_empty() || asked.has(Trait::RequestedLevelNotEvaluated) {
        return Ok(Need::default());
    }
    match (habits.reads)(asked) {
        Reading::Need(need) => Ok(need),
        Reading::Refused(status) => Err(status),
        Reading::Unknown if asked.has(Trait::UnknownClassRefRefused) => {
            Err(no_context(habits.unknown))
        }
        Reading::Unknown => Ok(Need::default()),
    }
}

/// Raised by what the IdP demands for the system that asks, never lowered.
fn raised(asked: &Asked<'_>, need: Need) -> Need {
    let requesters = asked.request.scoping.as_ref();
    let first = requesters.and_then(|scoping| scoping.requester_ids.first());
    let mut subsystems = asked.persona.subsystems.iter().map(toml::Spanned::get_ref);
    let policy = subsystems.find(|subsystem| Some(&subsystem.id) == first);
    match policy.filter(|_| asked.has(Trait::RequesterPolicy)) {
        None => need,
        Some(policy) => {
            let nsis = need.nsis.max(policy.nsis);
            let strong = policy.nsis.is_some_and(|nsis| nsis >= Nsis::Substantial);
            Need {
                second_factor: need.second_factor || policy.second_factor || strong,
                nsis,
            }
        }
    }
}

/// What is said about somebody who logs in.
fn stated(asked: &Asked<'_>, need: &Need, person: &Person) -> Result<Stated, Stop> {
    let habits = Habits::of(asked.persona.kind);
    let reached = (habits.reaches)(asked, need, person)?;
    if let Some(status) = method_mismatch(asked, reached.second_factor) {
        return Err(Stop::Stuck(status));
    }
    Ok(Stated {
        class_ref: class_ref(asked, need, &reached),
        attributes: further(asked, &reached),
        levels: misbehaviour::levels(asked, reached.level),
        second_factor: reached.second_factor,
    })
}

/// Entra ID stops whoever logged in by another method than the requested one, unless the login is forced.
fn method_mismatch(asked: &Asked<'_>, second_factor: bool) -> Option<Status> {
    let refs = asked.class_refs();
    if !asked.has(Trait::MethodMismatchRefused)
        || refs.is_empty()
        || asked.request.force_authn == Some(true)
    {
        return None;
    }
    let (used, fits): (_, fn(&str) -> bool) = match second_factor {
        true => ("MultiFactor", |uri| uri == MULTIPLEAUTHN),
        false => ("Password", super::microsoft::is_password),
    };
    let known = |uri: &String| fits(uri) && (!second_factor || asked.multipleauthn());
    (!refs.iter().any(known)).then(|| {
        no_context(&format!(
            "AADSTS75011: Authentication method '{used}' by which the user authenticated with the service doesn't match \
             requested authentication method '{}'.",
            refs.join(", ")
        ))
    })
}

fn class_ref(asked: &Asked<'_>, need: &Need, reached: &Reached) -> String {
    let nsis = match &reached.level {
        Some((LOA, word)) => Nsis::parse(word),
        _ => None,
    };
    let password = || PASSWORD_PROTECTED_TRANSPORT.to_owned();
    if asked.has(Trait::FirstFactorClassRef) {
        return password();
    }
    if asked.has(Trait::NsisClassRefWithoutLevel) && need.nsis.is_some() {
        return NSIS_WITHOUT_LEVEL.to_owned();
    }
    match nsis {
        Some(nsis) if asked.has(Trait::LevelClassRef) => Level::Nsis(nsis).class_ref(),
        _ if asked.has(Trait::ClassRefEchoed) => {
            asked.class_refs().first().cloned().unwrap_or_else(password)
        }
        _ if reached.second_factor && asked.multipleauthn() => MULTIPLEAUTHN.to_owned(),
        _ => password(),
    }
}

fn further(asked: &Asked<'_>, reached: &Reached) -> Vec<(&'static str, Vec<String>)> {
    if !asked.has(Trait::AuthnMethodsReferences) {
        return Vec::new();
    }
    let second = reached.second_factor.then(|| MULTIPLEAUTHN.to_owned());
    let methods = std::iter::once(PASSWORD_PROTECTED_TRANSPORT.to_owned()).chain(second);
    vec![(AUTHN_METHODS, methods.collect())]
}

/// A refusal as the vendor writes it.
fn own_words(asked: &Asked<'_>, status: Status) -> Status {
    let subcode = status
        .subcode
        .filter(|_| !asked.has(Trait::NoSecondLevelStatus));
    Status { subcode, ..status }
}

/// The level cannot be given.
pub(super) fn no_context(message: &str) -> Status {
    Status::refusal(status::RESPONDER, Some(status::NO_AUTHN_CONTEXT), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PersonaKind::{Adfs, Entra};
    use crate::persona::habits::tests::{NOW, person, persona, request};

    fn in_session_of(persona: &Persona, class_ref: &str, second_factor: bool) -> Option<Behaviour> {
        let request = request(&[class_ref]);
        let asked = Asked {
            persona,
            request: &request,
            profile: RequestProfile::Oiosaml2AdfsMultipleauthn,
            now: NOW,
        };
        let need = admitted(&asked).unwrap();
        in_session(&asked, &need, &person(second_factor, None))
    }

    /// AADSTS75011 in the field: logged in with two factors, asked for a password (pfSense-saml2 issue 20).
    #[test]
    fn entra_stops_a_session_of_another_method_and_asks_for_a_factor_that_is_missing() {
        let entra = persona(Entra, "");
        let stuck = in_session_of(&entra, PASSWORD_PROTECTED_TRANSPORT, true);
        assert!(
            matches!(stuck, Some(Behaviour::Stuck(status)) if status.message.as_ref().unwrap().starts_with("AADSTS75011: Authentication method 'MultiFactor'"))
        );
        assert!(matches!(
            in_session_of(&entra, PASSWORD_PROTECTED_TRANSPORT, false),
            Some(Behaviour::Answers(_))
        ));
        assert_eq!(in_session_of(&entra, MULTIPLEAUTHN, false), None);
        let adfs = persona(Adfs, "");
        assert!(matches!(
            in_session_of(&adfs, PASSWORD_PROTECTED_TRANSPORT, true),
            Some(Behaviour::Answers(_))
        ));
    }

    #[test]
    fn nobody_is_asked_by_a_passive_request() {
        let mut passive = request(&[]);
        passive.is_passive = Some(true);
        let said = behaviour(
            &persona(Adfs, ""),
            RequestProfile::Oiosaml2,
            &passive,
            &person(true, None),
            NOW,
        );
        assert_eq!(said, Behaviour::Refuses(no_passive()));
    }
}
