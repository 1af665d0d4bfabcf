//! A change as it is shown and then made: the same one both times.

use super::object::{Known, Object};
use super::role::Role;
use crate::registry::beside::Beside;
use crate::registry::{Draft, Fetched, Reason, Refusal};
use serde_json::{Value as Json, json};

/// What is to be registered.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What it is.
    pub role: Role,
    /// The tag of what was shown when the form was opened; none for a party that is new.
    pub seen: Option<String>,
    /// The object.
    pub object: Object,
    /// What CH.json has no field for.
    pub beside: Beside,
    /// What was fetched for it.
    pub fetched: Option<Fetched>,
}

impl Plan {
    /// Makes the change, unless somebody else was there first.
    pub fn apply(self, draft: &mut Draft<'_>) -> Result<(), Refusal> {
        let known = Known::of(draft.content(), self.role, self.object.id());
        match (&self.seen, &known) {
            (None, Some(known)) => {
                let (id, name) = (self.object.id(), &known.beside.name);
                return Err(Refusal::Invalid(vec![Reason::new(
                    format!("Id: {id} er registreret i forvejen, som {name}"),
                    format!("Id: {id} is registered already, as {name}"),
                )]));
            }
            (Some(_), None) => return Err(Refusal::NotFound(gone(self.object.id()))),
            (Some(seen), Some(known)) if *seen != known.tag() => {
                return Err(Refusal::Conflict(Reason::new(
                    "En anden har ændret parten, siden siden blev åbnet. Intet er gemt.",
                    "Somebody else has changed the party since the page was opened. Nothing was saved.",
                )));
            }
            _ => {}
        }
        let mut reasons = Vec::new();
        if self.seen.is_none() && self.beside.name.is_empty() {
            reasons.push(Reason::new("Kortnavn: mangler", "Short name: is missing"));
        }
        match self.object.put(draft, self.beside, self.fetched) {
            Err(more) => reasons.extend(more),
            Ok(()) if reasons.is_empty() => return Ok(()),
            Ok(()) => {}
        }
        Err(Refusal::Invalid(reasons))
    }

    /// The party as the change log has it.
    pub fn row(&self) -> Json {
        row(&self.object, &self.beside)
    }
}

/// A party as the change log has it.
pub fn row(object: &Object, beside: &Beside) -> Json {
    json!({ "object": object.json(), "name": beside.name, "rest": beside.rest.to_string() })
}

/// There is no such party.
pub fn gone(id: &str) -> Reason {
    Reason::new(
        format!("{id} er ikke registreret mere"),
        format!("{id} is not registered any more"),
    )
}
