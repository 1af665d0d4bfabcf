//! The change log: who changed what, when, from what to what.

use super::Text;
use super::compare::{FieldChange, compare};
use crate::edge::app::App;
use crate::edge::manage::guard::refuse;
use crate::edge::manage::view::rfc3339;
use crate::edge::page::{self, Language, Text as PageText, when};
use crate::registry::Kind;
use crate::store::StoreError;
use crate::store::records::Logged;
use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use time::OffsetDateTime;

/// Lines of a page.
const PAGE: usize = 25;
/// Lines that a script gets at most.
const MOST: usize = 200;

/// Which lines.
#[derive(Debug, Deserialize)]
pub struct Asked {
    before: Option<u64>,
    limit: Option<usize>,
}

#[derive(Template)]
#[template(path = "admin/log.html")]
struct LogPage {
    t: &'static PageText,
    a: &'static Text,
    lines: Vec<Line>,
    first: bool,
    next: Option<u64>,
}

/// A change.
struct Line {
    number: u64,
    at: OffsetDateTime,
    who: String,
    kind: Option<Kind>,
    id: String,
    name: Option<String>,
    what: What,
    changes: Vec<FieldChange>,
}

/// What became of an object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Added,
    Changed,
    Removed,
}

impl Line {
    fn of(logged: Logged, now: OffsetDateTime) -> Self {
        let read = |text: &Option<String>| -> Option<Value> {
            let text = text.as_deref()?;
            Some(serde_json::from_str(text).unwrap_or_else(|_| json!({ "?": text })))
        };
        let (before, after) = (read(&logged.before), read(&logged.after));
        let name = after.as_ref().or(before.as_ref());
        let name = name.and_then(|row| row.get("name")?.as_str().map(str::to_owned));
        Self {
            what: match (&before, &after) {
                (None, _) => What::Added,
                (_, None) => What::Removed,
                _ => What::Changed,
            },
            changes: compare(before.as_ref(), after.as_ref(), now),
            kind: Kind::parse(&logged.kind),
            number: logged.number,
            at: logged.at,
            who: logged.who,
            id: logged.id,
            name,
        }
    }

    fn when(&self, a: &Text) -> String {
        when::in_full(self.at, a.language)
    }

    fn title(&self, a: &Text) -> String {
        let kind = self.kind.map_or("?", |kind| a.kind(kind));
        let name = self.name.as_deref().unwrap_or(&self.id);
        match self.what {
            What::Added => a.log_added(kind, name),
            What::Changed => a.log_changed(kind, name),
            What::Removed => a.log_removed(kind, name),
        }
    }

    fn is_change(&self) -> bool {
        self.what == What::Changed
    }

    fn json(&self) -> Value {
        json!({
            "number": self.number,
            "at": rfc3339(self.at),
            "who": self.who,
            "kind": self.kind.map(Kind::as_str),
            "id": self.id,
            "name": self.name,
            "what": match self.what {
                What::Added => "added",
                What::Changed => "changed",
                What::Removed => "removed",
            },
            "fields": self.changes,
        })
    }
}

/// Lines before one, and where to go on. What the hub notes of federation.toml for itself is no change of anybody's.
async fn lines(
    app: &App,
    mut before: Option<u64>,
    wanted: usize,
) -> Result<(Vec<Line>, Option<u64>), StoreError> {
    let now = app.clock.now();
    let mut lines: Vec<Line> = Vec::new();
    loop {
        let read = app.registry.log(before, wanted + 1).await?;
        let is_all = read.len() <= wanted;
        for logged in read {
            if lines.len() == wanted {
                return Ok((lines, before));
            }
            before = Some(logged.number);
            if Kind::parse(&logged.kind) != Some(Kind::File) {
                lines.push(Line::of(logged, now));
            }
        }
        if is_all {
            return Ok((lines, None));
        }
    }
}

/// The page.
pub async fn page(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    match lines(&app, asked.before, PAGE).await {
        Ok((lines, next)) => page::html(
            StatusCode::OK,
            &LogPage {
                t: PageText::current(),
                a: Text::current(),
                lines,
                first: asked.before.is_none(),
                next,
            },
        ),
        Err(error) => {
            tracing::error!(%error, "the change log cannot be read");
            page::failed(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// The same for scripts.
pub async fn changes(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    let limit = asked.limit.unwrap_or(PAGE).clamp(1, MOST);
    match lines(&app, asked.before, limit).await {
        Ok((lines, next)) => {
            let all: Vec<Value> = lines.iter().map(Line::json).collect();
            Json(json!({ "changes": all, "next": next })).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the change log cannot be read");
            refuse(StatusCode::SERVICE_UNAVAILABLE, "the store does not answer")
        }
    }
}

impl LogPage {
    fn lines(&self, change: &FieldChange) -> Vec<String> {
        metadata_lines(change, self.a.language)
    }
}

/// The lines of a change of metadata, in a language.
pub fn metadata_lines(change: &FieldChange, language: Language) -> Vec<String> {
    let Some(diff) = &change.metadata else {
        return Vec::new();
    };
    let text = match language {
        Language::Danish => diff.da(),
        Language::English => diff.en(),
    };
    text.lines().map(str::to_owned).collect()
}
