//! `flow.json`: a flow as a file, for machines and for whoever plays it again. Its form has a version.

use super::Form;
use crate::edge::journal::{Content, Flow, State};
use crate::hub::choose::ChosenBy;
use crate::hub::verdict::Verdict;
use crate::hub::{Check, FlowId};
use crate::oiosaml::{Cvr, Level, RequestProfile};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What the file calls itself.
pub const FORMAT: &str = "vejviser-flow";
/// The version of the form that this program writes, and the only one that it reads.
pub const VERSION: u32 = 1;

/// What tells the form, before anything else is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Head {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
}

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// `masked`, `hashed` or `plain`.
    pub form: String,
    /// Which version of Vejviser wrote it.
    pub vejviser: String,
    /// The hub that the flow went through.
    pub hub: HubNames,
    /// The flow.
    pub flow: Record,
    /// The same as `/api/v1/flows/{id}` and the page show it.
    #[serde(skip_deserializing)]
    pub shown: serde_json::Value,
}

/// What the hub was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubNames {
    /// entityID.
    pub entity_id: String,
    /// Public address.
    pub public_url: String,
}

/// A flow with everything that is kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its name.
    pub id: FlowId,
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    pub started: OffsetDateTime,
    /// When something last happened.
    #[serde(with = "time::serde::rfc3339")]
    pub changed: OffsetDateTime,
    /// entityID of the system.
    pub system: Option<String>,
    /// entityID of the identity provider.
    pub idp: Option<String>,
    /// The profile that it was asked in.
    pub profile: Option<RequestProfile>,
    /// The level that the system needs.
    pub required: Option<Level>,
    /// The user's organisation.
    pub organisation: Option<Cvr>,
    /// Who chose the identity provider.
    pub chosen_by: Option<ChosenBy>,
    /// Since when that is remembered.
    #[serde(with = "time::serde::rfc3339::option")]
    pub chosen_since: Option<OffsetDateTime>,
    /// How it stands: a word of [`State`].
    pub outcome: String,
    /// The check that it was refused for.
    pub refusal: Option<Check>,
    /// Level reached, in words.
    pub level: Option<String>,
    /// Whether that is lower than needed.
    pub under_assured: bool,
    /// Whether something was left out.
    pub truncated: bool,
    /// Who must act.
    pub verdict: Option<Verdict>,
    /// Messages, decisions, roles, visits, and what parties said.
    pub content: Content,
}

impl Record {
    /// Of a flow.
    pub fn of(flow: &Flow) -> Self {
        Self {
            id: flow.id.clone(),
            started: flow.started,
            changed: flow.changed,
            system: flow.system.clone(),
            idp: flow.idp.clone(),
            profile: flow.profile,
            required: flow.required,
            organisation: flow.organisation.clone(),
            chosen_by: flow.chosen.map(|(by, _)| by),
            chosen_since: flow.chosen.and_then(|(_, since)| since),
            outcome: flow.state.word().to_owned(),
            refusal: flow.refusal,
            level: flow.level.as_ref().map(|(level, _)| level.clone()),
            under_assured: flow.level.as_ref().is_some_and(|(_, under)| *under),
            truncated: flow.truncated,
            verdict: (flow.verdict.clone()).filter(|_| flow.state != State::Pending),
            content: flow.content.clone(),
        }
    }
}

impl File {
    /// Whether people's data was left out.
    pub fn is_masked(&self) -> bool {
        self.form != Form::Plain.word()
    }
}
