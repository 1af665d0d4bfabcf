//! One flow on one page.

use super::Text;
use super::chain::{Link, chain};
use super::message::Message;
use super::sequence::Sequence;
use super::shown::visible;
use super::verdict::{VerdictBox, teller};
use super::visits::VisitView;
use crate::edge::app::App;
use crate::edge::case;
use crate::edge::journal::Flow;
use crate::edge::manage::api::blocking;
use crate::edge::manage::roles::RolesView;
use crate::edge::manage::view::{Summary, source};
use crate::edge::page::{self, Text as PageText, when};
use crate::hub::trace::Told;
use crate::hub::{Decision, Federation, FlowId};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "flow.html")]
pub struct FlowPage {
    pub t: &'static PageText,
    pub f: &'static Text,
    pub summary: Summary,
    pub verdict: Option<VerdictBox>,
    pub chain: Vec<Link>,
    pub begun: String,
    pub begun_utc: String,
    pub truncated: bool,
    pub sequence: Sequence,
    pub messages: Vec<Message>,
    pub told: Vec<ToldView>,
    pub roles: Option<RolesView>,
    pub decisions: Vec<DecisionView>,
    pub visits: Vec<VisitView>,
    pub case_text: String,
}

/// What a party said of the hub's message.
pub struct ToldView {
    pub at: String,
    pub by: String,
    /// Id, found, expected.
    pub findings: Vec<(String, String, String)>,
}

/// A decision of the hub.
pub struct DecisionView {
    pub rule: String,
    pub input: String,
    pub result: String,
    /// Where the rule comes from: words and class.
    pub source: (&'static str, &'static str),
}

/// The page.
pub async fn page(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let Some(id) = FlowId::parse(&id) else {
        return page::not_found().await;
    };
    match blocking(&app, move |journal| journal.get(&id)).await {
        Some(flow) => {
            let federation = &app.registry.now().federation;
            let language = page::Language::current();
            page::html(StatusCode::OK, &FlowPage::of(federation, &flow, language))
        }
        None => page::not_found().await,
    }
}

impl FlowPage {
    /// The page of a flow.
    pub fn of(federation: &Federation, flow: &Flow, language: page::Language) -> Self {
        let (t, f) = (PageText::of(language), Text::of(language));
        let summary = Summary::of(federation, flow);
        let content = &flow.content;
        let messages = content.exchanges.iter().zip(1..);
        Self {
            verdict: VerdictBox::of(federation, flow, &summary, t, f),
            chain: chain(flow, &summary, f),
            begun: when::in_full(flow.started, language),
            begun_utc: utc(&summary.started),
            truncated: flow.truncated,
            sequence: Sequence::of(federation, flow, &summary, t, f),
            messages: messages
                .map(|(exchange, number)| Message::of(number, exchange, t, f))
                .collect(),
            told: (content.told.iter())
                .map(|told| ToldView::of(told, &summary, t))
                .collect(),
            roles: (content.story.clone()).map(|story| RolesView::of(federation, story)),
            decisions: (content.decisions.iter())
                .map(|decision| DecisionView::of(decision, t))
                .collect(),
            visits: (content.visits.iter())
                .map(|visit| VisitView::of(visit, t))
                .collect(),
            case_text: visible(&case::text(federation, flow, language)),
            summary,
            t,
            f,
        }
    }
}

/// To the second.
fn utc(started: &str) -> String {
    let second = started.get(..19).unwrap_or(started);
    format!("{} UTC", second.replace('T', " "))
}

impl ToldView {
    fn of(told: &Told, summary: &Summary, t: &PageText) -> Self {
        let findings = told.findings.iter();
        let shown = findings.map(|finding| {
            let [id, found, expected] =
                [&finding.id, &finding.found, &finding.expected].map(|text| visible(text));
            (id, found, expected)
        });
        Self {
            at: when::clock(told.at, t.language),
            by: teller(told.by, summary),
            findings: shown.collect(),
        }
    }
}

impl DecisionView {
    fn of(decision: &Decision, t: &PageText) -> Self {
        use crate::hub::Source::{Confirmed, Inferred, Observed, Setting};
        let class = match decision.source {
            Observed | Confirmed => "pass",
            Inferred => "skip",
            Setting => "warn",
        };
        Self {
            rule: visible(&decision.rule),
            input: visible(&decision.input),
            result: visible(&decision.result),
            source: (source(decision.source, t), class),
        }
    }
}
