//! Flows as they change, for a page that stays open: server-sent events.
//!
//! The number of a change is the id of its event. Who comes back with it (`Last-Event-ID`, which browsers send by
//! themselves) gets what changed meanwhile, or is told to load everything anew.

use super::guard::refuse;
use super::view::Summary;
use crate::edge::app::App;
use crate::edge::journal::Listener;
use crate::hub::FlowId;
use axum::extract::{Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use serde::Deserialize;
use serde_json::json;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// How long a browser waits before it comes back after a broken connection.
const RETRY: Duration = Duration::from_secs(2);

/// `?after=`, for whoever cannot send a header.
#[derive(Debug, Deserialize)]
pub struct After {
    after: Option<u64>,
}

/// One who watches.
struct Watch {
    app: Arc<App>,
    listener: Listener,
    after: u64,
    queue: VecDeque<Told>,
}

/// What is said next.
enum Told {
    Hello,
    Reset,
    Changed(u64, FlowId),
}

pub async fn events(
    State(app): State<Arc<App>>,
    Query(after): Query<After>,
    headers: HeaderMap,
) -> Response {
    let Some(listener) = app.journal.listen() else {
        let why = "too many watch the flows already, or the program stops";
        return refuse(StatusCode::SERVICE_UNAVAILABLE, why);
    };
    let last = headers.get("last-event-id");
    let last = last.map(|last| last.to_str().ok().and_then(|last| last.parse().ok()));
    let now = app.journal.last_change();
    // A number that we never gave is as good as one that was long ago.
    let after = match last {
        Some(last) => last.unwrap_or(0),
        None => after.after.unwrap_or(now),
    };
    let watch = Watch {
        app,
        listener,
        after,
        queue: VecDeque::from([Told::Hello]),
    };
    let events = unfold(watch, |mut watch| async {
        let event = watch.next().await?;
        Some((Ok::<_, Infallible>(event), watch))
    });
    (
        [
            (CACHE_CONTROL.as_str(), "no-store"),
            ("x-accel-buffering", "no"),
        ],
        Sse::new(events).keep_alive(KeepAlive::default()),
    )
        .into_response()
}

impl Watch {
    /// The next event; none once the program stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(told) = self.queue.pop_front() {
                return Some(self.event(told));
            }
            match self.app.journal.changes_since(self.after) {
                None => {
                    self.after = self.app.journal.last_change();
                    self.queue.push_back(Told::Reset);
                }
                Some(changes) => {
                    let changes = changes.into_iter();
                    self.queue
                        .extend(changes.map(|(number, id)| Told::Changed(number, id)));
                    if self.queue.is_empty() && !self.listener.heard(self.after).await {
                        return None;
                    }
                }
            }
        }
    }

    fn event(&mut self, told: Told) -> Event {
        match told {
            // Without data it is no event: a browser only remembers the number.
            Told::Hello => Event::default().id(self.after.to_string()).retry(RETRY),
            Told::Reset => Event::default()
                .id(self.after.to_string())
                .event("reset")
                .data("{}"),
            Told::Changed(number, id) => {
                self.after = number;
                let event = Event::default().id(number.to_string());
                match self.app.journal.summary(&id) {
                    Some(flow) => {
                        let summary = Summary::of(&self.app.registry.now().federation, &flow);
                        event.event("flow").data(json!(summary).to_string())
                    }
                    None => event.event("gone").data(json!({ "id": id }).to_string()),
                }
            }
        }
    }
}
