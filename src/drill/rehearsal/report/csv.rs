//! The report for spreadsheets: a row for each outage.

use super::view::View;
use super::{Report, key, rfc3339};
use crate::edge::page::csv;

/// Moments are RFC 3339; an outage that does not end has no `to`.
pub fn csv(report: &Report<'_>) -> String {
    let mut out =
        "plan,subject,party,title,from,to,seconds,cause,cause_title,what,who\r\n".to_owned();
    for view in report.views(report.language) {
        rows(&mut out, &view);
    }
    out
}

fn rows(out: &mut String, view: &View<'_>) {
    let plan = &view.run.plan;
    let end = plan.horizon().1;
    for party in &view.parties {
        for (outage, said) in party.line.outages.iter().zip(&party.outages) {
            let seconds = (outage.to.unwrap_or(end) - outage.from).whole_seconds();
            let fields = [
                plan.name.clone(),
                plan.subject.word(),
                key(party.line),
                party.line.party.title.clone(),
                rfc3339(outage.from),
                outage.to.map_or_else(String::new, rfc3339),
                seconds.to_string(),
                outage.cause.id().to_owned(),
                said.title.to_owned(),
                said.what.clone(),
                said.who.clone(),
            ];
            out.push_str(&csv::row(&fields));
        }
    }
}
