//! `/api/v1/readiness` and `/skifte/parathed.csv`: who still has to do what before the next change, and by when.

use super::ready_view::found;
use super::rehearsal::moment;
use crate::edge::app::App;
use crate::edge::page::Text;
use crate::edge::page::csv::danish_row;
use crate::edge::rollover::facts;
use crate::hub::rollover::{TASKS, Task, tasks};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use time::OffsetDateTime;

/// How many days before its end a certificate must be renewed, where nobody says: three weeks to get a new one and
/// a window in each of them.
pub const DAYS: u16 = 60;

/// `?days=`
#[derive(Debug, Deserialize)]
pub struct Within {
    days: Option<u16>,
}

/// Everybody's tasks, and when the hub next changes.
pub fn list(app: &App, days: u16) -> (Vec<Task>, Option<OffsetDateTime>) {
    let (facts, change) = facts(app, app.clock.real());
    (tasks(&facts, change, app.clock.now(), days), change)
}

/// As JSON.
pub async fn show(
    State(app): State<Arc<App>>,
    within: Result<Query<Within>, QueryRejection>,
) -> Response {
    let Ok(Query(within)) = within else {
        return wrong_days();
    };
    let days = within.days.unwrap_or(DAYS);
    let (tasks, change) = list(&app, days);
    let open = tasks.iter().filter(|task| task.done != Some(true)).count();
    let kinds =
        TASKS.map(|due| json!({ "id": due.id, "what_da": due.what.0, "what_en": due.what.1 }));
    Json(json!({
        "days": days,
        "next_change": change.map(moment),
        "summary": { "tasks": tasks.len(), "open": open },
        "kinds": kinds,
        "tasks": tasks.iter().map(view).collect::<Vec<_>>(),
    }))
    .into_response()
}

/// As a table for a spreadsheet, in the language of the request: UTF-8 with a byte order mark and semicolons, as
/// Danish spreadsheets open it.
pub async fn csv(
    State(app): State<Arc<App>>,
    within: Result<Query<Within>, QueryRejection>,
) -> Response {
    let Ok(Query(within)) = within else {
        return wrong_days();
    };
    let t = Text::current();
    let (tasks, _) = list(&app, within.days.unwrap_or(DAYS));
    let mut table = String::from('\u{FEFF}');
    let mut line = |fields: &[&str]| table.push_str(&danish_row(fields.iter().copied()));
    line(&[
        t.ready_party,
        t.ready_task,
        t.ready_what,
        t.ready_found,
        t.ready_by,
        t.who_must_act,
        t.ready_done,
    ]);
    for task in &tasks {
        let due = task.kind.due();
        let by = task.by.map(moment).unwrap_or_default();
        line(&[
            &task.party,
            due.id,
            t.pick(due.what),
            &found(task, t),
            by.get(..10).unwrap_or_default(),
            t.pick(task.actor.text()),
            done(task, t),
        ]);
    }
    (
        [
            (CONTENT_TYPE, "text/csv; charset=utf-8"),
            (CONTENT_DISPOSITION, "attachment; filename=\"parathed.csv\""),
        ],
        table,
    )
        .into_response()
}

/// Whether it is done, in a word.
pub fn done(task: &Task, t: &Text) -> &'static str {
    match task.done {
        Some(true) => t.yes,
        Some(false) => t.no,
        None => t.unknown,
    }
}

fn view(task: &Task) -> Value {
    json!({
        "party": task.party,
        "id": task.kind.due().id,
        "found": task.found.to_string(),
        "by": task.by.map(moment),
        "actor": task.actor,
        "done": task.done,
    })
}

fn wrong_days() -> Response {
    super::guard::refuse(
        StatusCode::BAD_REQUEST,
        "days: give a number from 0 to 65535",
    )
}
