//! Who has to do what: the duties of all outages, each once, with everybody whose they are.

use super::phrases::Text;
use super::view;
use crate::drill::rehearsal::words::{self, Duty};
use crate::drill::rehearsal::{Line, Run};

/// The tasks of a run.
#[derive(Debug, Default)]
pub struct Tasks {
    /// What would have prevented outages.
    pub before: Vec<Task>,
    /// What to do while they last.
    pub now: Vec<Task>,
}

/// One task.
#[derive(Debug)]
pub struct Task {
    /// In the imperative.
    pub text: String,
    /// Which kind of party.
    pub actor: &'static str,
    /// Their names, with whom to ring.
    pub names: Vec<String>,
}

/// All tasks, those of the hardest hit first.
pub fn tasks(run: &Run, worst_first: &[&Line], file: &str, t: &Text) -> Tasks {
    let mut tasks = Tasks::default();
    for line in worst_first {
        for outage in &line.outages {
            let (party, plan) = (&line.party, &run.plan);
            let said = words::explain(outage, party, plan, &run.changer, file, t.language);
            for duty in said.before {
                add(&mut tasks.before, duty, run, line, t);
            }
            for duty in said.now {
                add(&mut tasks.now, duty, run, line, t);
            }
        }
    }
    tasks
}

fn add(tasks: &mut Vec<Task>, duty: Duty, run: &Run, line: &Line, t: &Text) {
    let actor = t
        .language
        .pick(words::actor(duty.who, &line.party, &run.plan).text());
    let name = view::named(duty.who, run, line);
    let same = |task: &&mut Task| task.text == duty.text && task.actor == actor;
    match tasks.iter_mut().find(same) {
        Some(task) if task.names.contains(&name) => {}
        Some(task) => task.names.push(name),
        None => tasks.push(Task {
            text: duty.text,
            actor,
            names: vec![name],
        }),
    }
}
