//! What is wrong, and who must act: one ordered list of kinds, and a finding for each IdP, need and person.

use super::cell::{Cell, Standing};
use super::fate::{Fate, Lacks, fate, lacks};
use super::grid::{Grid, NeedGroup};
use super::roster::Roster;
use crate::config::{Person, Persona};
use crate::hub::{Actor, IdentityProvider};
use time::OffsetDateTime;

/// A kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The IdP refuses what it is asked, whoever logs in.
    RefusedByIdp,
    /// The hub refuses whatever the IdP answers.
    RefusedByHub,
    /// The hub does not ask: an NSIS need at an IdP that speaks OIOSAML2.
    NsisAtOiosaml2,
    /// The IdP is registered for less than is needed.
    LevelTooLow,
    /// Somebody has no second factor.
    NoSecondFactor,
    /// Somebody has no NSIS identity, or one too low.
    NoNsisIdentity,
    /// Somebody gets in with less than is needed, and nobody says so.
    UnderAssured,
    /// Nothing is asked: whether the level is reached is the municipality's word.
    NothingAsked,
    /// The IdP cannot be chosen.
    Inactive,
}

/// What the list says of a kind.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Which.
    pub kind: Kind,
    /// Stable id.
    pub id: &'static str,
    /// Whether logins fail: `error`, else `warning`.
    pub error: bool,
    /// Who must act.
    pub actor: Actor,
    /// What it is: Danish and English.
    pub title: (&'static str, &'static str),
    /// What to do.
    pub remedy: (&'static str, &'static str),
}

/// The list, worst first.
pub const KINDS: [About; 9] = [
    About {
        kind: Kind::RefusedByIdp,
        id: "matrix::refused-by-idp",
        error: true,
        actor: Actor::IdentityProvider,
        title: (
            "IdP'en afviser det, hubben beder om, uanset hvem der logger ind",
            "The IdP refuses what the hub asks for, whoever logs in",
        ),
        remedy: (
            "Registrér IdP'en med en profil, som den forstår (tabellen for den enkelte IdP viser hver profil)",
            "Register the IdP with a profile that it understands (the table of that IdP shows each of them)",
        ),
    },
    About {
        kind: Kind::RefusedByHub,
        id: "matrix::refused-by-hub",
        error: true,
        actor: Actor::IdentityProvider,
        title: (
            "IdP'en oplyser et for lavt niveau, også for brugere med to faktorer",
            "The IdP states too low a level, even of users with two factors",
        ),
        remedy: (
            "Lad IdP'en oplyse det opnåede niveau, eller vælg en profil, den reagerer på",
            "Let the IdP state the level that was reached, or choose a profile that it acts on",
        ),
    },
    About {
        kind: Kind::NsisAtOiosaml2,
        id: "matrix::nsis-at-oiosaml2",
        error: true,
        actor: Actor::Registration,
        title: (
            "Systemet kræver NSIS, og IdP'en er registreret som OIOSAML2",
            "The system needs NSIS, and the IdP is registered as OIOSAML2",
        ),
        remedy: (
            "Registrér IdP'en med en OIOSAML3-profil, når den er NSIS-anmeldt, eller sæt systemets krav til NIST",
            "Register the IdP with an OIOSAML3 profile once it is notified for NSIS, or state the system's need as NIST",
        ),
    },
    About {
        kind: Kind::LevelTooLow,
        id: "matrix::level-too-low",
        error: true,
        actor: Actor::Registration,
        title: (
            "IdP'en er registreret til et lavere niveau, end systemet kræver",
            "The IdP is registered for a lower level than the system needs",
        ),
        remedy: (
            "Hæv IdP'ens AssuranceLevel eller NSISAssuranceLevel, hvis den kan nå niveauet",
            "Raise the IdP's AssuranceLevel or NSISAssuranceLevel, if it can reach the level",
        ),
    },
    About {
        kind: Kind::NoSecondFactor,
        id: "matrix::no-second-factor",
        error: true,
        actor: Actor::IdentityProvider,
        title: (
            "Brugeren har ingen anden faktor",
            "The user has no second factor",
        ),
        remedy: (
            "Tilmeld brugeren to-faktor-login",
            "Enrol the user for two-factor login",
        ),
    },
    About {
        kind: Kind::NoNsisIdentity,
        id: "matrix::no-nsis-identity",
        error: true,
        actor: Actor::IdentityProvider,
        title: (
            "Brugeren har ingen NSIS-identitet på det krævede niveau",
            "The user has no NSIS identity at the level that is needed",
        ),
        remedy: (
            "Giv brugeren en NSIS-identitet på niveauet",
            "Give the user an NSIS identity at that level",
        ),
    },
    About {
        kind: Kind::UnderAssured,
        id: "matrix::under-assured",
        error: false,
        actor: Actor::IdentityProvider,
        title: (
            "Brugeren kommer ind på et lavere niveau end krævet, uden at nogen får det at vide",
            "The user gets in at a lower level than needed, and nobody is told",
        ),
        remedy: (
            "Kommunen står inde for niveauet: tilmeld brugeren to-faktor-login, eller vælg en profil, der beder om det",
            "The municipality answers for the level: enrol the user, or choose a profile that asks for it",
        ),
    },
    About {
        kind: Kind::NothingAsked,
        id: "matrix::nothing-asked",
        error: false,
        actor: Actor::IdentityProvider,
        title: (
            "Hubben beder ikke om noget niveau: kommunen står inde for det",
            "The hub asks for no level: the municipality answers for it",
        ),
        remedy: (
            "Sørg for, at IdP'en altid logger brugerne ind på det højeste niveau, den kan levere",
            "Make sure that the IdP always logs in at the highest level it can",
        ),
    },
    About {
        kind: Kind::Inactive,
        id: "matrix::inactive",
        error: false,
        actor: Actor::Registration,
        title: (
            "IdP'en har ingen anvenderkontekst og kan ikke vælges",
            "The IdP has no anvenderkontekst and cannot be chosen",
        ),
        remedy: (
            "Tilføj kommunens CVR som anvenderkontekst, eller luk registreringen",
            "Add the municipality's CVR as anvenderkontekst, or close the registration",
        ),
    },
];

/// A finding.
#[derive(Debug, Clone)]
pub struct Finding<'a> {
    /// What kind.
    pub kind: Kind,
    /// At which IdP.
    pub idp: &'a IdentityProvider,
    /// For which need; none where it concerns all of them.
    pub need: Option<&'a NeedGroup<'a>>,
    /// Of whom.
    pub person: Option<&'a Person>,
    /// What becomes of the login, where it was predicted.
    pub fate: Option<Fate>,
}

impl Kind {
    /// Its entry in the list.
    pub fn about(self) -> &'static About {
        let found = KINDS.iter().find(|about| about.kind == self);
        found.unwrap_or(&KINDS[0])
    }
}

impl Finding<'_> {
    /// Where, for scripts and baselines: it does not change when another system with the same need comes.
    pub fn place(&self) -> String {
        let mut place = format!("idp:{}", self.idp.name);
        if let Some(need) = self.need {
            place = format!("{place} level:{}", need.required);
            if !need.enforced {
                place.push_str(" generation:1");
            }
        }
        match self.person {
            Some(person) => format!("{place} person:{}", person.id),
            None => place,
        }
    }
}

/// Everything that is wrong with what is registered, the worst kind first.
pub fn findings<'a>(
    grid: &'a Grid<'a>,
    roster: &'a Roster,
    now: OffsetDateTime,
) -> Vec<Finding<'a>> {
    let mut findings = Vec::new();
    for group in &grid.idps {
        for idp in group.idps.iter().filter(|idp| !idp.is_active()) {
            findings.push(Finding {
                kind: Kind::Inactive,
                idp,
                need: None,
                person: None,
                fate: None,
            });
        }
    }
    for (need, group, cell) in grid.todays() {
        for idp in &group.idps {
            of_cell(&mut findings, need, idp, cell, roster, now);
        }
    }
    findings.sort_by_key(|finding| finding.kind);
    findings
}

fn of_cell<'a>(
    findings: &mut Vec<Finding<'a>>,
    need: &'a NeedGroup<'a>,
    idp: &'a IdentityProvider,
    cell: &Cell,
    roster: &'a Roster,
    now: OffsetDateTime,
) {
    let mut add = |kind, person, fate| {
        findings.push(Finding {
            kind,
            idp,
            need: Some(need),
            person,
            fate,
        });
    };
    match cell.standing {
        Standing::Inactive => {}
        Standing::NotAsked => add(Kind::NsisAtOiosaml2, None, None),
        Standing::TooLow => add(Kind::LevelTooLow, None, None),
        // Under Context Handler 1 nobody is asked anything: that is no finding, but what is going to change.
        Standing::Unasked if !need.enforced => {}
        Standing::Unasked | Standing::Enough => {
            let persona = roster.at(&idp.name);
            let of = |persona: &Persona, person: &Person| {
                let who = (persona, person);
                fate(cell, need.required, idp, idp.oiosaml_profile, who, now)
            };
            let Some(persona) = persona.filter(|persona| !persona.people.is_empty()) else {
                if cell.standing == Standing::Unasked {
                    add(Kind::NothingAsked, None, None);
                }
                return;
            };
            let mut refused = None;
            for person in &persona.people {
                let fate = of(persona, person);
                match (&fate, lacks(person, |person| of(persona, person))) {
                    (Fate::Passes { .. }, _) => {}
                    (Fate::UnderAssured { .. }, _) => {
                        add(Kind::UnderAssured, Some(person), Some(fate));
                    }
                    (_, Some(Lacks::Both)) => {
                        add(Kind::NoSecondFactor, Some(person), Some(fate.clone()));
                        add(Kind::NoNsisIdentity, Some(person), Some(fate));
                    }
                    (_, Some(Lacks::SecondFactor)) => {
                        add(Kind::NoSecondFactor, Some(person), Some(fate));
                    }
                    (_, Some(Lacks::NsisIdentity)) => {
                        add(Kind::NoNsisIdentity, Some(person), Some(fate));
                    }
                    (_, None) => refused = Some(fate),
                }
            }
            // Nothing that a person can get helps: it is the IdP's.
            if let Some(fate) = refused {
                let kind = match fate {
                    Fate::RefusedByHub { .. } => Kind::RefusedByHub,
                    _ => Kind::RefusedByIdp,
                };
                add(kind, None, Some(fate));
            }
        }
    }
}
