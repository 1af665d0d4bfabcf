//! What an invented IdP does with a request and a person: one pure function, which its site and a prediction
//! without any login both ask, so that they cannot differ.

use super::habits::{Asked, Habits, Need};
use crate::config::{Person, Persona};
use crate::oiosaml::RequestProfile;
use crate::saml::names::status;
use crate::saml::{AuthnRequest, Status};
use time::OffsetDateTime;

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
        request,
        profile,
        now,
    };
    match admitted(persona, &asked) {
        Err(status) => Behaviour::Refuses(status),
        Ok(_) if request.is_passive == Some(true) => Behaviour::Refuses(no_passive()),
        Ok(need) => logged_in(persona, &asked, &need, person),
    }
}

/// What the IdP demands of whoever logs in, or the status that it answers without asking anybody.
pub(super) fn admitted(persona: &Persona, asked: &Asked<'_>) -> Result<Need, Status> {
    (Habits::of(persona.kind).admit)(asked)
}

/// What it does with somebody who logs in, or did so earlier.
pub(super) fn logged_in(
    persona: &Persona,
    asked: &Asked<'_>,
    need: &Need,
    person: &Person,
) -> Behaviour {
    match (Habits::of(persona.kind).state)(asked, need, person) {
        Ok(stated) => Behaviour::Answers(stated),
        Err(Stop::Answer(status)) => Behaviour::Refuses(status),
        Err(Stop::Stuck(status)) => Behaviour::Stuck(status),
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
