//! Flows as the API and the pages show them.

use super::flow::shown::{took, visible};
use super::roles::RolesView;
use crate::edge::journal::{Flow, State, Visit};
use crate::edge::page::{Text, when};
use crate::hub::choose::ChosenBy;
use crate::hub::trace::{Direction, Leg, Source, Told};
use crate::hub::verdict::{Confidence, Contact, Evidence};
use crate::hub::{self, Actor, Decision, Exchange, Federation, Row, RowOutcome};
use crate::oiosaml::{Level, RequestProfile};
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
    /// The request profile that the IdP was asked in.
    pub profile: Option<&'static str>,
    /// The level that the system needs: `1|2|3|4|Low|Substantial|High`.
    pub required: Option<String>,
    /// The CVR of the user's organisation, and its name.
    pub organisation: Option<String>,
    pub organisation_name: Option<String>,
    pub chosen_by: Option<ChoiceView>,
    pub outcome: &'static str,
    pub level: Option<String>,
    pub under_assured: bool,
    pub verdict: Option<Verdict>,
    #[serde(skip)]
    pub began: OffsetDateTime,
    #[serde(skip)]
    pub took: Option<time::Duration>,
    #[serde(skip)]
    level_needed: Option<Level>,
    #[serde(skip)]
    asked_by: Option<RequestProfile>,
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
    /// The check that refused; none where nothing did.
    pub check: Option<&'static str>,
    pub confidence: Confidence,
    pub security: bool,
    pub contact: Contact,
    pub what_da: &'static str,
    pub what_en: &'static str,
    pub remedy_da: &'static str,
    pub remedy_en: &'static str,
    pub evidence: Vec<Evidence>,
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
    /// What the browser did.
    pub visits: Vec<Visit>,
    /// What the parties said of the hub's messages.
    pub told: Vec<Told>,
}

/// A message.
#[derive(Debug, Serialize)]
pub struct ExchangeView {
    /// When it arrived or was made.
    pub at: String,
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
}

impl Summary {
    pub fn of(federation: &Federation, flow: &Flow) -> Self {
        let system_name = flow.system.as_deref().and_then(|id| federation.system(id));
        let idp_name = flow
            .idp
            .as_deref()
            .and_then(|id| federation.identity_provider(id));
        let organisation = flow.organisation.as_ref();
        let organisation = organisation.and_then(|cvr| federation.organisations.get(cvr));
        Self {
            id: flow.id.to_string(),
            started: rfc3339(flow.started),
            system: flow.system.clone(),
            idp: flow.idp.clone(),
            system_name: system_name.map(|system| system.presentation_name.clone()),
            idp_name: idp_name.map(|idp| idp.presentation_name.clone()),
            profile: flow.profile.map(RequestProfile::as_str),
            required: flow.required.map(|level| level.to_string()),
            organisation: flow.organisation.as_ref().map(ToString::to_string),
            organisation_name: organisation.map(|known| known.name.clone()),
            chosen_by: flow.chosen.map(|(by, since)| ChoiceView {
                by,
                since: since.map(rfc3339),
            }),
            outcome: flow.state.word(),
            level: flow.level.as_ref().map(|(level, _)| level.clone()),
            under_assured: flow.level.as_ref().is_some_and(|(_, under)| *under),
            verdict: flow
                .verdict
                .as_ref()
                .filter(|_| flow.state != State::Pending)
                .map(|verdict| Verdict::of(flow, verdict)),
            began: flow.started,
            took: flow.state.has_ended().then(|| flow.changed - flow.started),
            level_needed: flow.required,
            asked_by: flow.profile,
        }
    }
    pub fn system_label(&self) -> String {
        let name = self.system_name.as_deref().or(self.system.as_deref());
        visible(name.unwrap_or("–"))
    }
    pub fn idp_label(&self) -> String {
        let name = self.idp_name.as_deref().or(self.idp.as_deref());
        visible(name.unwrap_or("–"))
    }
    /// The organisation's name, else its number.
    pub fn organisation_label(&self) -> &str {
        self.organisation_name
            .as_deref()
            .or(self.organisation.as_deref())
            .unwrap_or("–")
    }
    /// How the IdP was asked, and which level the system needs.
    pub fn profile_label(&self, t: &Text) -> String {
        let profile = self.asked_by.map(|profile| profile.title().to_owned());
        let level = self.level_needed.map(|level| t.language.level(level));
        let both: Vec<String> = profile.into_iter().chain(level).collect();
        match both.is_empty() {
            true => "–".to_owned(),
            false => both.join(" / "),
        }
    }
    pub fn outcome_label(&self, t: &Text) -> &'static str {
        outcome_label(self.outcome, self.under_assured, t)
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
    /// When it began, in Danish time.
    pub fn when(&self, t: &Text) -> String {
        when::in_short(self.began, t.language)
    }
    /// How long it took; of one that has not ended, nothing.
    pub fn took(&self, t: &Text) -> String {
        self.took
            .map_or_else(|| "–".to_owned(), |span| took(span, t.language))
    }
}

/// How a flow ended, by the API's word.
pub fn outcome_label(word: &str, under_assured: bool, t: &Text) -> &'static str {
    match word {
        "logged-in" if under_assured => t.outcome_under,
        "logged-in" => t.outcome_completed,
        "refused" => t.outcome_refused,
        "logged-out" => t.outcome_logged_out,
        "partial-logout" => t.outcome_partial_logout,
        "abandoned" => t.outcome_abandoned,
        _ => t.outcome_pending,
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
            (ChosenBy::Session, _) => t.chosen_by_session.to_owned(),
        }
    }
}

impl Verdict {
    fn of(flow: &Flow, verdict: &hub::verdict::Verdict) -> Self {
        let info = verdict.cause.info();
        Self {
            actor: info.actor,
            cause: info.id,
            check: flow.refusal.map(|check| check.info().id),
            confidence: verdict.confidence,
            security: info.security,
            contact: info.contact,
            what_da: info.what.0,
            what_en: info.what.1,
            remedy_da: info.remedy.0,
            remedy_en: info.remedy.1,
            evidence: verdict.evidence.clone(),
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
            exchanges: flow
                .content
                .exchanges
                .iter()
                .map(ExchangeView::of)
                .collect(),
            decisions: flow.content.decisions.clone(),
            visits: flow.content.visits.clone(),
            told: flow.content.told.clone(),
            roles: flow
                .content
                .story
                .clone()
                .map(|story| RolesView::of(federation, story)),
        }
    }
}

impl ExchangeView {
    fn of(exchange: &Exchange) -> Self {
        Self {
            at: rfc3339(exchange.at),
            leg: exchange.leg,
            direction: exchange.direction,
            kind: exchange.kind.clone(),
            binding: match exchange.binding {
                Binding::Redirect => "HTTP-Redirect",
                Binding::Post => "HTTP-POST",
                Binding::Soap => "SOAP",
            },
            peer: exchange.peer.clone(),
            relay_state: exchange.relay_state.clone(),
            query: exchange.query.clone(),
            xml: exchange.xml.clone(),
            decrypted: exchange.decrypted.clone(),
            checks: exchange.checks.iter().map(RowView::of).collect(),
        }
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
        }
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
