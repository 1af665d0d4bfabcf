//! Whose habits each IdP has, and who logs in there: what the federation's registration does not say.

use crate::config::{File, Person, Persona};
use crate::hub::UserFacingSystem;
use crate::oiosaml::Nsis;
use std::collections::BTreeMap;

/// Products and people by the short name of the IdP.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    known: BTreeMap<String, Persona>,
}

/// A line of a list of people that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterError {
    /// Line, from 1; the heading is line 1.
    pub line: u64,
    /// Why.
    pub why: String,
}

/// A line of the list.
#[derive(Debug, serde::Deserialize)]
struct Line {
    idp: String,
    person: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    second_factor: String,
    #[serde(default)]
    nsis: String,
}

impl Roster {
    /// What a federation's file says: the invented IdPs with their people, and the product behind a real one.
    pub fn of(file: &File) -> Self {
        let entries = file.identity_providers.iter().map(|entry| entry.get_ref());
        let known = entries.filter_map(|entry| {
            let persona = match (&entry.persona, &entry.product) {
                (Some(persona), _) => persona.get_ref().clone(),
                (None, Some(kind)) => Persona::of(*kind),
                (None, None) => return None,
            };
            Some((entry.name.get_ref().clone(), persona))
        });
        Self {
            known: known.collect(),
        }
    }

    /// What is known of an IdP.
    pub fn at(&self, idp: &str) -> Option<&Persona> {
        self.known.get(idp)
    }

    /// The people of an IdP.
    pub fn people(&self, idp: &str) -> &[Person] {
        self.at(idp).map_or(&[], |persona| &persona.people)
    }

    /// Whether some IdP has a policy of its own for this system (OS2faktor, by RequesterID).
    pub fn has_policy_for(&self, system: &UserFacingSystem) -> bool {
        let policies = self.known.values().flat_map(|persona| &persona.subsystems);
        policies
            .into_iter()
            .any(|policy| policy.get_ref().id == system.id)
    }

    /// Whether anybody is listed.
    pub fn has_people(&self) -> bool {
        self.known
            .values()
            .any(|persona| !persona.people.is_empty())
    }

    /// Takes the people of a list (CSV with the heading `idp;person;name;second_factor;nsis`, or with commas) in the
    /// place of those that were known. `second_factor` is yes/no, ja/nej, 1/0; `nsis` is empty or a level. All errors at
    /// once.
    pub fn with_people(mut self, csv: &[u8], idps: &[&str]) -> Result<Self, Vec<RosterError>> {
        let text = csv.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(csv);
        let heading = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let delimiter = if heading.contains(&b';') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .trim(csv::Trim::All)
            .from_reader(text);
        let mut errors = Vec::new();
        let mut people: BTreeMap<String, Vec<Person>> = BTreeMap::new();
        let headings = reader.headers().cloned().unwrap_or_default();
        for record in reader.records() {
            let at = |error: &csv::Error| error.position().map_or(1, csv::Position::line);
            let read = match &record {
                Err(error) => Err((at(error), error.to_string())),
                Ok(record) => {
                    let line = record.position().map_or(1, csv::Position::line);
                    let fields = record.deserialize::<Line>(Some(&headings));
                    fields
                        .map_err(|error| error.to_string())
                        .and_then(|fields| person(fields, idps, &self))
                        .map_err(|why| (line, why))
                }
            };
            match read {
                Ok((idp, person)) => people.entry(idp).or_default().push(person),
                Err((line, why)) => errors.push(RosterError { line, why }),
            }
        }
        if people.is_empty() && errors.is_empty() {
            errors.push(RosterError {
                line: 1,
                why: "nobody is listed; the heading is idp;person;name;second_factor;nsis"
                    .to_owned(),
            });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        for persona in self.known.values_mut() {
            persona.people.clear();
        }
        for (idp, people) in people {
            if let Some(persona) = self.known.get_mut(&idp) {
                persona.people = people;
            }
        }
        Ok(self)
    }
}

fn person(line: Line, idps: &[&str], roster: &Roster) -> Result<(String, Person), String> {
    let idp = line.idp.as_str();
    if !idps.contains(&idp) {
        return Err(format!(
            "idp: there is no “{idp}”; one of {}",
            idps.join(", ")
        ));
    }
    if roster.at(idp).is_none() {
        return Err(format!(
            "idp: nobody has said what product {idp} is: add product = \"adfs\" (or another one) to its entry"
        ));
    }
    if line.person.is_empty() {
        return Err("person: give an id".to_owned());
    }
    let second_factor = match line.second_factor.to_lowercase().as_str() {
        "1" | "yes" | "ja" | "true" => true,
        "" | "0" | "no" | "nej" | "false" => false,
        other => {
            return Err(format!(
                "second_factor: “{other}”: skriv ja eller nej / write yes or no"
            ));
        }
    };
    let nsis = match line.nsis.as_str() {
        "" => None,
        text => {
            let danish = Nsis::ALL.into_iter().find(|level| level.danish() == text);
            let level = danish.or_else(|| Nsis::parse(text));
            Some(level.ok_or_else(|| {
                format!("nsis: “{text}”: skriv Lav, Betydelig eller Høj / write Low, Substantial or High")
            })?)
        }
    };
    let person = Person {
        name: if line.name.is_empty() {
            line.person.clone()
        } else {
            line.name
        },
        id: line.person,
        uuid: String::new(),
        email: String::new(),
        second_factor,
        nsis,
        roles: Vec::new(),
    };
    Ok((line.idp, person))
}
