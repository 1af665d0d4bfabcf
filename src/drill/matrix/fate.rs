//! One person: what becomes of their login at an IdP whose habits are known.

use super::cell::{Cell, Standing};
use crate::config::{Nature, Person, Persona, Trait};
use crate::hub::judge::SKEW;
use crate::hub::level::{Ceiling, reached};
use crate::hub::{Actor, Check, IdentityProvider, Report, Trace};
use crate::oiosaml::{Level, Nsis, RequestProfile};
use crate::persona::{Behaviour, Stated, behaviour};
use crate::saml::{
    Assertion, Attribute, AuthnRequest, AuthnStatement, RequestedAuthnContext, Scoping, Status,
};
use time::OffsetDateTime;

/// What becomes of a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The user is logged in.
    Passes {
        /// The level reached.
        level: Option<Level>,
        /// Whether they were asked for a second factor.
        second_factor: bool,
    },
    /// The user is logged in with less than the system needs, and nobody says so: nothing was asked.
    UnderAssured {
        /// The level reached.
        level: Option<Level>,
    },
    /// The IdP answers with a status.
    RefusedByIdp(Status),
    /// The user stands before a page of the IdP that they cannot pass.
    Stuck(Status),
    /// The hub refuses the answer.
    RefusedByHub {
        /// The level reached.
        level: Option<Level>,
        /// The check.
        check: Check,
    },
    /// The hub does not ask.
    NotAsked(Check),
}

/// What would turn a refusal into a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lacks {
    /// A second factor.
    SecondFactor,
    /// An NSIS identity, or a higher one.
    NsisIdentity,
    /// Both.
    Both,
}

/// The fate of `person` at `idp`, as if it were registered with `profile`; `cell` is what it is asked there.
pub fn fate(
    cell: &Cell,
    need: Level,
    idp: &IdentityProvider,
    profile: RequestProfile,
    (persona, person): (&Persona, &Person),
    now: OffsetDateTime,
) -> Fate {
    let request = match (&cell.sent, cell.standing) {
        (_, Standing::Inactive) => return Fate::NotAsked(Check::ChooseActive),
        (Err(check), _) => return Fate::NotAsked(*check),
        (Ok(sent), _) => request(idp, sent, now),
    };
    match behaviour(persona, profile, &request, person, now) {
        Behaviour::Refuses(status) => Fate::RefusedByIdp(status),
        Behaviour::Stuck(status) => Fate::Stuck(status),
        Behaviour::Answers(stated) => {
            if let Some(check) = tripped(persona) {
                return Fate::RefusedByHub { level: None, check };
            }
            let idp = IdentityProvider {
                oiosaml_profile: profile,
                ..idp.clone()
            };
            judged(cell, need, Ceiling::of(&idp), stated, now)
        }
    }
}

/// The check that every answer of this IdP trips, whatever it says of the level: an unsigned one, another one's CVR.
fn tripped(persona: &Persona) -> Option<Check> {
    let traits = persona.all_traits().into_iter();
    // A clock that is wrong by less than the hub allows trips nothing.
    let traits = traits.filter(|one| {
        let clock = matches!(one, Trait::ClockAhead | Trait::ClockBehind);
        !clock || persona.skew().abs() > SKEW
    });
    let tripped = traits.filter_map(|one| match one.about().nature {
        Nature::Misbehaviour(check) => check,
        Nature::Vendor => None,
    });
    // The level is judged below, and nobody is asked to log in anew here.
    let judged_otherwise = [Check::LevelReached, Check::AuthnInstant];
    let mut tripped =
        tripped.filter(|check| check.info().mandatory && !judged_otherwise.contains(check));
    tripped.next()
}

/// The hub's verdict on what is stated, by the functions that judge a real answer.
fn judged(cell: &Cell, need: Level, ceiling: Ceiling, stated: Stated, now: OffsetDateTime) -> Fate {
    let second_factor = stated.second_factor;
    let (mut report, mut trace) = (Report::new(), Trace::default());
    let reached = reached(&assertion(stated, now), ceiling, &mut report, &mut trace);
    let level = reached.level();
    match (reached.satisfies(need), cell.standing) {
        (true, _) => Fate::Passes {
            level,
            second_factor,
        },
        (false, Standing::Unasked) => Fate::UnderAssured { level },
        (false, _) => Fate::RefusedByHub {
            level,
            check: Check::LevelReached,
        },
    }
}

/// What `person` lacks to be logged in with what the system needs; none where nothing is lacking, or nothing that a person
/// can get helps.
pub fn lacks(person: &Person, of: impl Fn(&Person) -> Fate) -> Option<Lacks> {
    let passes = |person: &Person| matches!(of(person), Fate::Passes { .. });
    if passes(person) {
        return None;
    }
    let with_factor = Person {
        second_factor: true,
        ..person.clone()
    };
    let with_nsis = Person {
        nsis: Some(Nsis::High),
        ..person.clone()
    };
    let with_both = Person {
        nsis: Some(Nsis::High),
        ..with_factor.clone()
    };
    let helps = [
        (with_factor, Lacks::SecondFactor),
        (with_nsis, Lacks::NsisIdentity),
        (with_both, Lacks::Both),
    ];
    let found = helps.into_iter().find(|(changed, _)| passes(changed));
    found.map(|(_, lacks)| lacks)
}

impl Fate {
    /// Whether the user is logged in.
    pub fn logs_in(&self) -> bool {
        matches!(self, Self::Passes { .. } | Self::UnderAssured { .. })
    }

    /// Who must act so that the user gets in; none where they do.
    pub fn actor(&self) -> Option<Actor> {
        match self {
            Self::Passes { .. } => None,
            Self::UnderAssured { .. }
            | Self::RefusedByIdp(_)
            | Self::Stuck(_)
            | Self::RefusedByHub { .. } => Some(Actor::IdentityProvider),
            Self::NotAsked(check) => Some(check.info().actor),
        }
    }

    /// For scripts.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Passes {
                second_factor: false,
                ..
            } => "passes",
            Self::Passes {
                second_factor: true,
                ..
            } => "second-factor",
            Self::UnderAssured { .. } => "under-assured",
            Self::RefusedByIdp(_) => "refused-by-idp",
            Self::Stuck(_) => "stuck-at-idp",
            Self::RefusedByHub { .. } => "refused-by-hub",
            Self::NotAsked(_) => "not-asked",
        }
    }
}

impl Lacks {
    /// What somebody lacks who lacks both of these.
    pub fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Both }
    }

    /// For scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::SecondFactor => "second-factor",
            Self::NsisIdentity => "nsis-identity",
            Self::Both => "second-factor-and-nsis-identity",
        }
    }
}

/// As much of the hub's AuthnRequest as an IdP's habits look at.
fn request(idp: &IdentityProvider, sent: &super::Sent, now: OffsetDateTime) -> AuthnRequest {
    AuthnRequest {
        destination: Some(idp.sso_url.clone()),
        force_authn: Some(false),
        requested_authn_context: sent.class_ref.clone().map(|uri| RequestedAuthnContext {
            comparison: sent.comparison,
            class_refs: vec![uri],
            decl_refs: Vec::new(),
        }),
        scoping: sent.requester_id.clone().map(|requester| Scoping {
            requester_ids: vec![requester],
            ..Scoping::default()
        }),
        ..AuthnRequest::new("_matrix", now)
    }
}

/// As much of an assertion as the level is read from.
fn assertion(stated: Stated, now: OffsetDateTime) -> Assertion {
    let attribute = |(name, value): (&str, String)| Attribute {
        name: name.to_owned(),
        name_format: None,
        friendly_name: None,
        values: vec![value],
    };
    Assertion {
        id: "_matrix".to_owned(),
        version: "2.0".to_owned(),
        issue_instant: now,
        issuer: String::new(),
        issuer_format: None,
        name_id: None,
        confirmations: Vec::new(),
        conditions: None,
        authn_statements: vec![AuthnStatement {
            authn_instant: now,
            session_index: None,
            session_not_on_or_after: None,
            class_ref: Some(stated.class_ref),
            authenticating_authorities: Vec::new(),
        }],
        attributes: stated.levels.into_iter().map(attribute).collect(),
    }
}
