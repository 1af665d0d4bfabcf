//! The matrix by real logins: each IdP in each profile from each built-in test system, beside what was predicted.
//!
//! ```text
//! settings, IdP, roster ──▶ plan ──▶ Line { predicted, how it is driven }
//!                                     │ drive (browser)        ▲ seen (TrialView: in process, or by the API)
//!                                     └────────────▶ hub ──────┘──▶ compare ──▶ report, table
//! ```

mod compare;
mod drive;
mod manage;
mod report;
mod table;

pub use compare::{Difference, State};
pub use drive::{Arrived, FormLogin, drive};
pub use manage::Manage;
pub use report::{Kind, Live, Said};
pub use table::live_table;

use super::{Cell, Fate, Roster, Sent, cell, fate};
use crate::config::{BUILT_IN, Person, Persona, pki};
use crate::edge::trials::{SystemView, TrialView};
use crate::hub::question::Need;
use crate::hub::{Check, IdentityProvider, Settings, UserFacingSystem};
use crate::oiosaml::{Level, Nsis, RequestProfile};
use crate::persona::{Addresses, BuiltIn};
use time::OffsetDateTime;

/// What was predicted of one login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predicted {
    /// What the IdP is sent.
    pub cell: Cell,
    /// What becomes of it; none where nobody has said what product the IdP is.
    pub fate: Option<Fate>,
}

/// How a login is made.
#[derive(Debug, Clone)]
pub enum How {
    /// By an invented IdP, as this person.
    Autologin(String),
    /// By filling in the IdP's form.
    Form(FormLogin),
    /// The hub refuses before it asks anybody.
    Nobody,
    /// By a person at a browser.
    ByHand,
}

/// One login: an IdP in a profile, from a test system.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// The IdP.
    pub idp: &'a IdentityProvider,
    /// In which profile.
    pub profile: RequestProfile,
    /// The test system.
    pub system: SystemView,
    /// The level that it needs.
    pub level: Level,
    /// What should happen.
    pub predicted: Predicted,
    /// How it is made.
    pub how: How,
    /// What happened.
    pub seen: Option<TrialView>,
}

impl Line<'_> {
    /// Where a person starts it.
    pub fn link(&self) -> String {
        link(
            (&self.system.login_url, &self.system.ticket),
            &self.idp.name,
            self.profile,
            None,
        )
    }

    /// Where this line starts it.
    pub fn start(&self) -> String {
        let person = match &self.how {
            How::Autologin(person) => Some(person.as_str()),
            _ => None,
        };
        link(
            (&self.system.login_url, &self.system.ticket),
            &self.idp.name,
            self.profile,
            person,
        )
    }

    /// Whether `trial` is one of this line.
    pub fn is(&self, trial: &TrialView) -> bool {
        trial.idp == self.idp.name
            && trial.profile == self.profile.as_str()
            && trial.system == self.system.name
    }

    /// Takes its latest trial out of these. What a person tried `earlier` (by its flow) still counts; where a script logs in
    /// now, only what came of that.
    pub fn look(&mut self, trials: &[TrialView], earlier: &[String]) {
        let old =
            |trial: &TrialView| !matches!(self.how, How::ByHand) && earlier.contains(&trial.flow);
        let mut trials = trials.iter();
        self.seen = trials.find(|trial| self.is(trial) && !old(trial)).cloned();
    }
}

/// Where a trial starts: at a test system's login, with the ticket that it wants to see.
pub fn link(
    (login_url, ticket): (&str, &str),
    idp: &str,
    profile: RequestProfile,
    person: Option<&str>,
) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("idp", idp);
    query.append_pair("profil", profile.as_str());
    query.append_pair("ticket", ticket);
    if let Some(person) = person {
        query.append_pair("autologin", person);
    }
    format!("{login_url}?{}", query.finish())
}

/// Of whom the logins are.
#[derive(Debug, Clone, Copy)]
pub struct Whom<'a> {
    /// Products and people.
    pub roster: &'a Roster,
    /// This person; none: at each IdP the one who has most.
    pub person: Option<&'a str>,
}

/// Every login: `forms` are the IdPs that a script can log in at by their form.
pub fn plan<'a>(
    settings: &Settings,
    idps: &[&'a IdentityProvider],
    systems: &[SystemView],
    whom: Whom<'_>,
    forms: &dyn Fn(&str) -> Option<FormLogin>,
    now: OffsetDateTime,
) -> Vec<Line<'a>> {
    let registered = registered(systems);
    let mut lines = Vec::new();
    for idp in idps {
        let persona = whom.roster.at(&idp.name);
        let known = persona.and_then(|persona| chosen(persona, whom.person));
        let assumed = most();
        let person = known.unwrap_or(&assumed);
        for profile in RequestProfile::ALL {
            for (system, view) in &registered {
                let need = Need {
                    system: &system.id,
                    registered: Some(system),
                    required: system.required_level,
                    enforced: true,
                };
                let cell = cell(settings, need, idp, profile);
                let level = system.required_level;
                // What the hub refuses by itself needs nobody's habits.
                let fate = match (&cell.sent, persona) {
                    _ if !idp.is_active() => Some(Fate::NotAsked(Check::ChooseActive)),
                    (Err(check), _) => Some(Fate::NotAsked(*check)),
                    (Ok(_), None) => None,
                    (Ok(_), Some(persona)) => {
                        Some(fate(&cell, level, idp, profile, (persona, person), now))
                    }
                };
                let how = match (&cell.sent, known, forms(&idp.name)) {
                    _ if !idp.is_active() => How::Nobody,
                    (Err(_), _, _) => How::Nobody,
                    (Ok(_), Some(known), None) if invented(persona) => {
                        How::Autologin(known.id.clone())
                    }
                    (Ok(_), _, Some(form)) => How::Form(form),
                    _ => How::ByHand,
                };
                lines.push(Line {
                    idp,
                    profile,
                    system: (*view).clone(),
                    level,
                    predicted: Predicted { cell, fate },
                    how,
                    seen: None,
                });
            }
        }
    }
    lines
}

/// An invented IdP has a key of the test PKI; a product that is only named has none.
fn invented(persona: Option<&Persona>) -> bool {
    persona.is_some_and(|persona| !persona.key.is_empty())
}

/// The person who is asked for; else the first of those who have most.
fn chosen<'a>(persona: &'a Persona, wanted: Option<&str>) -> Option<&'a Person> {
    let people = persona.people.iter();
    match wanted {
        Some(id) => people.into_iter().find(|person| person.id == id),
        None => people
            .rev()
            .max_by_key(|person| (person.second_factor, person.nsis)),
    }
}

/// Of an IdP whose people nobody has listed: somebody who has everything.
fn most() -> Person {
    Person {
        id: String::new(),
        name: String::new(),
        uuid: String::new(),
        email: String::new(),
        second_factor: true,
        nsis: Some(Nsis::High),
        roles: Vec::new(),
    }
}

/// The systems as a hub knows them, each beside what its API says of it.
fn registered(systems: &[SystemView]) -> Vec<(UserFacingSystem, &SystemView)> {
    let built_in = Addresses::new("http://hub.localhost").and_then(|addresses| {
        let pair = pki::pair("sagssystem")?;
        Ok(BuiltIn::new(&addresses, pair).registered())
    });
    let built_in = built_in.unwrap_or_default();
    let known = |view: &&SystemView| BUILT_IN.contains(&view.name.as_str());
    let all = systems.iter().filter(known).filter_map(|view| {
        let system = built_in.iter().find(|system| system.name == view.name)?;
        let system = UserFacingSystem {
            id: view.entity_id.clone(),
            ..system.clone()
        };
        Some((system, view))
    });
    all.collect()
}
