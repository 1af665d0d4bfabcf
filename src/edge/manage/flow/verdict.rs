//! Who must act: in words, with links to what shows it.

use super::Text;
use super::message::anchor;
use super::shown::brief;
use crate::edge::case::owner;
use crate::edge::journal::Flow;
use crate::edge::manage::view::Summary;
use crate::edge::page::{Language, Text as PageText};
use crate::hub::Federation;
use crate::hub::trace::Leg;
use crate::hub::verdict::{Confidence, Evidence};

/// Characters of the name of something.
const MAX_NAME: usize = 80;
/// Characters of the part that somebody plays, with their name.
const MAX_WHO: usize = 160;

/// The box on top of the page.
#[derive(Debug)]
pub struct VerdictBox {
    /// Who must act, and what they are called.
    pub who: String,
    pub what: &'static str,
    pub remedy: &'static str,
    pub confidence: &'static str,
    pub contact: String,
    pub security: bool,
    /// Id of the cause.
    pub cause: &'static str,
    /// The check that refused.
    pub check: Option<&'static str>,
    /// Address on the page, and what stands there.
    pub evidence: Vec<(String, String)>,
}

impl VerdictBox {
    pub fn of(
        federation: &Federation,
        flow: &Flow,
        summary: &Summary,
        t: &PageText,
        f: &Text,
    ) -> Option<Self> {
        let verdict = summary.verdict.as_ref()?;
        let info = flow.verdict.as_ref()?.cause.info();
        let danish = t.language == Language::Danish;
        Some(Self {
            who: brief(&owner::who(federation, flow, &info, danish), MAX_WHO),
            what: verdict.what(t),
            remedy: verdict.remedy(t),
            confidence: match verdict.confidence {
                Confidence::Certain => f.certain,
                Confidence::Likely => f.likely,
                Confidence::Possible => f.possible,
            },
            contact: brief(
                &owner::contact(federation, flow, info.contact, danish),
                MAX_WHO,
            ),
            security: verdict.security,
            cause: verdict.cause,
            check: verdict.check,
            evidence: (verdict.evidence.iter())
                .filter_map(|evidence| link(evidence, flow, summary, f))
                .collect(),
        })
    }
}

/// What shows it, where it is on this page; of an old flow it may be gone.
fn link(evidence: &Evidence, flow: &Flow, summary: &Summary, f: &Text) -> Option<(String, String)> {
    let content = &flow.content;
    match *evidence {
        Evidence::Message { exchange } => {
            let kind = brief(&content.exchanges.get(exchange)?.kind, MAX_NAME);
            let number = exchange + 1;
            Some((format!("#m{number}"), f.evidence_message(number, kind)))
        }
        Evidence::Row { exchange, check } => {
            let rows = &content.exchanges.get(exchange)?.checks;
            rows.iter().find(|row| row.check == check)?;
            let (number, id) = (exchange + 1, check.info().id);
            let address = format!("#{}", anchor(number, id));
            Some((address, f.evidence_row(number, id)))
        }
        Evidence::Decision { decision } => {
            let rule = &content.decisions.get(decision)?.rule;
            let address = format!("#d{}", decision + 1);
            Some((address, f.evidence_decision(rule)))
        }
        Evidence::Told { told } => {
            let by = content.told.get(told)?.by;
            let who = teller(by, summary);
            Some((format!("#told{}", told + 1), f.evidence_told(who)))
        }
    }
}

/// What the party of a leg is called.
pub fn teller(by: Leg, summary: &Summary) -> String {
    let name = match by {
        Leg::System => summary.system_label(),
        Leg::IdentityProvider => summary.idp_label(),
    };
    brief(&name, MAX_NAME)
}
