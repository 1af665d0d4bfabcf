//! Trials as the API has them: written by the hub, read by whoever drives it.

use super::{Asked, Came, Trial};
use crate::config::BUILT_IN;
use crate::edge::{App, SystemLink};
use crate::oiosaml::Level;
use crate::saml::{Comparison, Status};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrialView {
    /// Short name of the IdP.
    pub idp: String,
    /// Request profile.
    pub profile: String,
    /// Short name of the test system.
    pub system: String,
    /// The flow.
    pub flow: String,
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    pub started: OffsetDateTime,
    /// What the IdP was sent.
    pub sent: Option<SentView>,
    /// [`Came::word`].
    pub outcome: String,
    /// Whether the user was logged in with less than is needed.
    pub under_assured: bool,
    /// Level reached.
    pub level: Option<String>,
    /// The check that refused.
    pub check: Option<String>,
    /// The IdP's status.
    pub status: Option<StatusView>,
    /// How long it took.
    pub seconds: Option<f64>,
    /// Whether a second factor was asked for.
    pub second_factor: Option<bool>,
    /// Who says so.
    pub second_factor_said_by: Option<String>,
    /// `WAITING` or `REVIEW`.
    pub todo: Option<String>,
}

/// What was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentView {
    /// Class refs.
    pub class_refs: Vec<String>,
    /// Comparison.
    pub comparison: Option<String>,
    /// RelayState.
    pub relay_state: Option<String>,
    /// RequesterIDs.
    pub requester_ids: Vec<String>,
}

/// A status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusView {
    /// Top-level code.
    pub code: String,
    /// Second-level code.
    pub subcode: Option<String>,
    /// The IdP's words.
    pub message: Option<String>,
}

/// A built-in test system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemView {
    /// Short name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// entityID.
    pub entity_id: String,
    /// The level that it needs.
    pub level: String,
    /// Where its logins start.
    pub login_url: String,
    /// What a trial there must show (`ticket=`).
    pub ticket: String,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrialsView {
    /// The hub's public address.
    pub hub: String,
    /// The systems.
    pub systems: Vec<SystemView>,
    /// The latest trial of each kind.
    pub trials: Vec<TrialView>,
}

impl TrialsView {
    /// As they are now.
    pub fn of(app: &App) -> Self {
        let systems = app.test_systems.iter();
        let systems = systems.filter_map(|link| SystemView::of(link, app.trials.ticket()));
        Self {
            hub: app.hub().public_url.clone(),
            systems: systems.collect(),
            trials: app.trials.results().iter().map(TrialView::of).collect(),
        }
    }
}

impl TrialView {
    /// Of a trial.
    pub fn of(trial: &Trial) -> Self {
        Self {
            idp: trial.of.idp.clone(),
            profile: trial.of.profile.as_str().to_owned(),
            system: trial.of.system.clone(),
            flow: trial.flow.to_string(),
            started: trial.started,
            sent: trial.asked.as_ref().map(SentView::of),
            outcome: trial.came.word().to_owned(),
            under_assured: trial.came
                == Came::LoggedIn {
                    under_assured: true,
                },
            level: trial.level.map(|level| level.to_string()),
            check: match &trial.came {
                Came::Refused(check) => Some(check.info().id.to_owned()),
                _ => None,
            },
            status: match &trial.came {
                Came::Status(status) | Came::Stopped(Some(status)) => Some(StatusView::of(status)),
                _ => None,
            },
            seconds: trial.took.map(|took| took.as_seconds_f64()),
            second_factor: trial.second_factor.map(|(asked, _)| asked),
            second_factor_said_by: trial.second_factor.map(|(_, by)| by.word().to_owned()),
            todo: trial.todo().map(|todo| todo.word().to_owned()),
        }
    }
}

impl SystemView {
    /// Of one of the seven.
    fn of(link: &SystemLink, ticket: &str) -> Option<Self> {
        let mut levels = BUILT_IN.iter().zip(Level::ALL);
        let (_, level) = levels.find(|(name, _)| **name == link.name)?;
        Some(Self {
            name: link.name.clone(),
            title: link.title.clone(),
            entity_id: link.entity_id.clone(),
            level: level.to_string(),
            login_url: link.login_url.clone()?,
            ticket: ticket.to_owned(),
        })
    }
}

impl SentView {
    fn of(asked: &Asked) -> Self {
        Self {
            class_refs: asked.class_refs.clone(),
            comparison: asked
                .comparison
                .map(|known| Comparison::as_str(known).to_owned()),
            relay_state: asked.relay_state.clone(),
            requester_ids: asked.requester_ids.clone(),
        }
    }
}

impl StatusView {
    /// Of a status.
    pub fn of(status: &Status) -> Self {
        Self {
            code: status.code.clone(),
            subcode: status.subcode.clone(),
            message: status.message.clone(),
        }
    }
}
