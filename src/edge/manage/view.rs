//! Flows as the API and the pages show them.

use super::roles::RolesView;
use crate::edge::journal::Flow;
use crate::edge::page::{Text, outcome};
use crate::edge::pretty::pretty;
use crate::hub::choose::ChosenBy;
use crate::hub::trace::{Direction, Leg, Source};
use crate::hub::{Actor, Check, Decision, Exchange, Federation, Row, RowOutcome};
use crate::saml::Binding;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A line of the list.
#[derive(Debug, Serialize)]
pub struct Summary {
    pub id: String,
    pub started: String,
    pub system: Option<String>,
    pub idp: Option<String>,
    pub system_name: Option<String>,
    pub idp_name: Option<String>,
    pub chosen_by: Option<ChoiceView>,
    pub outcome: &'static str,
    pub level: Option<String>,
    pub under_assured: bool,
    pub verdict: Option<Verdict>,
}

/// Who chose the IdP.
#[derive(Debug, Serialize)]
pub struct ChoiceView {
    pub by: ChosenBy,
    /// Since when that is remembered.
    pub since: Option<String>,
}

/// Who must act, and why.
#[derive(Debug, Serialize)]
pub struct Verdict {
    pub actor: Actor,
    pub cause: &'static str,
    pub what_da: &'static str,
    pub what_en: &'static str,
    pub remedy_da: &'static str,
    pub remedy_en: &'static str,
}

/// A flow with everything that is kept of it.
#[derive(Debug, Serialize)]
pub struct Detail {
    #[serde(flatten)]
    pub summary: Summary,
    pub truncated: bool,
    pub exchanges: Vec<ExchangeView>,
    pub decisions: Vec<Decision>,
    pub roles: Option<RolesView>,
    /// Who must act where the user was let in without any role. The login succeeded, so it is no verdict of the API.
    #[serde(skip)]
    pub without_roles: Option<Verdict>,
}

/// A message.
#[derive(Debug, Serialize)]
pub struct ExchangeView {
    pub leg: Leg,
    pub direction: Direction,
    #[serde(rename = "type")]
    pub kind: String,
    pub binding: &'static str,
    pub peer: Option<String>,
    pub relay_state: Option<String>,
    pub query: Option<String>,
    pub xml: String,
    pub decrypted: Option<String>,
    pub checks: Vec<RowView>,
}

/// A row of a report.
#[derive(Debug, Serialize)]
pub struct RowView {
    pub id: &'static str,
    pub outcome: RowOutcome,
    pub clause: &'static str,
    pub found: String,
    pub expected: String,
    #[serde(skip)]
    pub what: (&'static str, &'static str),
}

impl Summary {
    pub fn of(federation: &Federation, flow: &Flow) -> Self {
        let system_name = flow.system.as_deref().and_then(|id| federation.system(id));
        let idp_name = flow
            .idp
            .as_deref()
            .and_then(|id| federation.identity_provider(id));
        Self {
            id: flow.id.to_string(),
            started: rfc3339(flow.started),
            system: flow.system.clone(),
            idp: flow.idp.clone(),
            system_name: system_name.map(|system| system.presentation_name.clone()),
            idp_name: idp_name.map(|idp| idp.presentation_name.clone()),
            chosen_by: flow.chosen.map(|(by, since)| ChoiceView {
                by,
                since: since.map(rfc3339),
            }),
            outcome: flow.state.word(),
            level: flow.level.as_ref().map(|(level, _)| level.clone()),
            under_assured: flow.level.as_ref().is_some_and(|(_, under)| *under),
            verdict: flow.refusal.map(|refusal| Verdict::of(refusal.check)),
        }
    }
    pub fn system_label(&self) -> &str {
        self.system_name
            .as_deref()
            .or(self.system.as_deref())
            .unwrap_or("–")
    }
    pub fn idp_label(&self) -> &str {
        self.idp_name
            .as_deref()
            .or(self.idp.as_deref())
            .unwrap_or("–")
    }
    pub fn outcome_label(&self, t: &Text) -> &'static str {
        match self.outcome {
            "logged-in" if self.under_assured => t.outcome_under,
            "logged-in" => t.outcome_completed,
            "refused" => t.outcome_refused,
            "abandoned" => t.outcome_abandoned,
            _ => t.outcome_pending,
        }
    }
    /// The level that was reached.
    pub fn level_line(&self, t: &Text) -> Option<String> {
        let level = self.level.as_deref()?;
        Some(if self.under_assured {
            t.level_reached_under(level)
        } else {
            t.level_reached(level)
        })
    }
    pub fn time(&self) -> String {
        let to_the_second = self.started.get(..19).unwrap_or(&self.started);
        to_the_second.replace('T', " ")
    }
}

impl ChoiceView {
    /// In words.
    pub fn text(&self, t: &Text) -> String {
        match (self.by, &self.since) {
            (ChosenBy::IdpList, _) => t.chosen_by_idp_list.to_owned(),
            (ChosenBy::OnlyOne, _) => t.chosen_by_only_one.to_owned(),
            (ChosenBy::SourceAddress, _) => t.chosen_by_address.to_owned(),
            (ChosenBy::Memory, Some(since)) => {
                t.chosen_by_memory_since(since.get(..10).unwrap_or(since))
            }
            (ChosenBy::Memory, None) => t.chosen_by_memory.to_owned(),
            (ChosenBy::Chooser, _) => t.chosen_by_user.to_owned(),
            (ChosenBy::Trial, _) => t.chosen_by_trial.to_owned(),
        }
    }
}

impl Verdict {
    fn of(check: Check) -> Self {
        let info = check.info();
        Self {
            actor: info.actor,
            cause: info.id,
            what_da: info.what.0,
            what_en: info.what.1,
            remedy_da: info.remedy.0,
            remedy_en: info.remedy.1,
        }
    }
    pub fn actor(&self, t: &Text) -> &'static str {
        t.pick(self.actor.text())
    }
    pub fn what(&self, t: &Text) -> &'static str {
        t.pick((self.what_da, self.what_en))
    }
    pub fn remedy(&self, t: &Text) -> &'static str {
        t.pick((self.remedy_da, self.remedy_en))
    }
}

impl Detail {
    pub fn of(federation: &Federation, flow: &Flow) -> Self {
        Self {
            summary: Summary::of(federation, flow),
            truncated: flow.truncated,
            exchanges: flow.exchanges.iter().map(ExchangeView::of).collect(),
            decisions: flow.decisions.clone(),
            without_roles: without_roles(flow),
            roles: flow.story().map(|story| RolesView::of(federation, story)),
        }
    }
}

fn without_roles(flow: &Flow) -> Option<Verdict> {
    let mut rows = flow.exchanges.iter().flat_map(|exchange| &exchange.checks);
    rows.any(|row| row.check == Check::RolesGranted && row.outcome == RowOutcome::Warn)
        .then(|| Verdict::of(Check::RolesGranted))
}

impl ExchangeView {
    fn of(exchange: &Exchange) -> Self {
        Self {
            leg: exchange.leg,
            direction: exchange.direction,
            kind: exchange.kind.clone(),
            binding: match exchange.binding {
                Binding::Redirect => "HTTP-Redirect",
                Binding::Post => "HTTP-POST",
            },
            peer: exchange.peer.clone(),
            relay_state: exchange.relay_state.clone(),
            query: exchange.query.clone(),
            xml: exchange.xml.clone(),
            decrypted: exchange.decrypted.clone(),
            checks: exchange.checks.iter().map(RowView::of).collect(),
        }
    }
    pub fn arrow(&self, t: &Text) -> &'static str {
        match (self.leg, self.direction) {
            (Leg::System, Direction::In) => t.arrow_from_system,
            (Leg::System, Direction::Out) => t.arrow_to_system,
            (Leg::IdentityProvider, Direction::Out) => t.arrow_to_idp,
            (Leg::IdentityProvider, Direction::In) => t.arrow_from_idp,
        }
    }
    pub fn pretty_xml(&self) -> String {
        pretty(&self.xml)
    }
    pub fn pretty_decrypted(&self) -> Option<String> {
        self.decrypted.as_deref().map(pretty)
    }
    /// How many checks passed, failed and warned.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |outcome| {
            self.checks
                .iter()
                .filter(|row| row.outcome == outcome)
                .count()
        };
        (
            count(RowOutcome::Pass),
            count(RowOutcome::Fail),
            count(RowOutcome::Warn),
        )
    }
}

impl RowView {
    fn of(row: &Row) -> Self {
        let info = row.check.info();
        Self {
            id: info.id,
            outcome: row.outcome,
            clause: info.clause,
            found: row.found.to_string(),
            expected: row.expected.to_string(),
            what: info.what,
        }
    }
    /// What it means when it fails.
    pub fn what(&self, t: &Text) -> &'static str {
        t.pick(self.what)
    }
    /// A word and a class.
    pub fn label(&self, t: &Text) -> (&'static str, &'static str) {
        outcome(self.outcome, t)
    }
}

/// Where a rule comes from, for a page.
pub fn source(source: Source, t: &Text) -> &'static str {
    match source {
        Source::Observed => t.source_observed,
        Source::Confirmed => t.source_confirmed,
        Source::Inferred => t.source_inferred,
        Source::Setting => t.source_setting,
    }
}

/// A time as every answer has it.
pub fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}
