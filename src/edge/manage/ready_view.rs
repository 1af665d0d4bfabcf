//! The list of tasks on `/skifte`, in words: what is open first, what is done behind it.

use super::readiness::{done, list};
use crate::edge::app::App;
use crate::edge::page::{Text, when};
use crate::hub::rollover::{Found, Task};

/// The list.
pub struct ReadyView {
    pub days: u16,
    pub change: Option<String>,
    pub open: Vec<TaskView>,
    pub done: Vec<TaskView>,
}

/// A task.
pub struct TaskView {
    pub party: String,
    pub what: &'static str,
    pub found: String,
    pub by: String,
    pub actor: &'static str,
    pub done: (&'static str, &'static str),
}

/// What was found, as people say it.
pub fn found(task: &Task, t: &Text) -> String {
    match &task.found {
        Found::Down(_) => t.ready_down(&task.found),
        Found::DownForever => t.ready_down_for_ever.to_owned(),
        found => found.to_string(),
    }
}

impl ReadyView {
    pub fn of(t: &'static Text, app: &App, days: u16) -> Self {
        let (tasks, change) = list(app, days);
        let snapshot = app.registry.now();
        let title = |name: &str| {
            let federation = &snapshot.federation;
            let idp = federation.named(name).map(|idp| &idp.presentation_name);
            let system = || federation.systems.iter().find(|system| system.name == name);
            let title = idp.or_else(|| system().map(|system| &system.presentation_name));
            title.cloned().unwrap_or_else(|| name.to_owned())
        };
        let view = |task: &Task| TaskView {
            party: title(&task.party),
            what: t.pick(task.kind.due().what),
            found: found(task, t),
            by: task
                .by
                .map_or_else(String::new, |by| when::calendar_day(by, t.language)),
            actor: t.pick(task.actor.text()),
            done: match task.done {
                Some(true) => ("pass", done(task, t)),
                Some(false) => ("fail", done(task, t)),
                None => ("warn", done(task, t)),
            },
        };
        let (finished, mut open): (Vec<Task>, Vec<Task>) =
            tasks.into_iter().partition(|task| task.done == Some(true));
        // What is known to be undone, then what nobody knows; by date.
        open.sort_by_key(|task| (task.done.is_none(), task.by));
        Self {
            days,
            change: change.map(|change| when::calendar_day(change, t.language)),
            open: open.iter().map(view).collect(),
            done: finished.iter().map(view).collect(),
        }
    }
}
