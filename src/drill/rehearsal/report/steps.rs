//! What happened when, and how many logins then worked.

use super::phrases::Text;
use crate::drill::rehearsal::{Moment, Run};
use crate::edge::page::when;
use crate::hub::keys::{Generation, Shows};
use crate::hub::rollover::{Action, Plan};
use time::OffsetDateTime;

/// A moment, as a row.
pub struct StepRow {
    /// When.
    pub at: OffsetDateTime,
    /// The number that the picture shows; none for moments at which only others do something.
    pub number: Option<usize>,
    /// When, in words.
    pub when: String,
    /// What happened.
    pub what: Vec<String>,
    /// `96 of 19,600`.
    pub logins: String,
    /// Whether all logins work.
    pub all_work: bool,
}

/// How many names a row has room for.
const NAMES: usize = 3;

/// All moments in the order of time; `file` is the name of the new certificate's file.
pub fn rows(run: &Run, file: &str, t: &Text) -> Vec<StepRow> {
    let mut number = 0;
    let rows = run.moments.iter().map(|moment| {
        let planned = !moment.steps.is_empty();
        number += usize::from(planned);
        let count = |count| when::number(count, t.language);
        StepRow {
            at: moment.at,
            number: planned.then_some(number),
            when: when::in_short_near(moment.at, run.plan.window.from, t.language),
            what: what(run, moment, file, t),
            logins: t.share(count(moment.working), count(moment.tried)),
            all_work: moment.working == moment.tried,
        }
    });
    rows.collect()
}

fn what(run: &Run, moment: &Moment, file: &str, t: &Text) -> Vec<String> {
    let steps = moment.steps.iter();
    let mut said: Vec<String> = steps
        .map(|step| action(&step.action, &run.plan, &run.changer, file, t))
        .collect();
    let down = run.parties.iter().flat_map(|line| {
        let spans = line.down().into_iter();
        spans.map(move |span| (&line.party.title, span))
    });
    let (mut failing, mut back) = (Vec::new(), Vec::new());
    for (title, span) in down {
        if span.from == moment.at {
            failing.push(title.as_str());
        }
        if span.to == Some(moment.at) {
            back.push(title.as_str());
        }
    }
    if !failing.is_empty() {
        said.push(t.goes_down(some(&failing, t)));
    }
    if !back.is_empty() {
        said.push(t.comes_up(some(&back, t)));
    }
    if said.is_empty() {
        said.push(t.begins.to_owned());
    }
    said
}

/// The first names of a list, and how many more there are.
fn some(names: &[&str], t: &Text) -> String {
    let mut said = names
        .iter()
        .take(NAMES)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if let Some(more) = names.len().checked_sub(NAMES).filter(|more| *more > 0) {
        said.push_str(&format!(" {}", t.and_more(when::number(more, t.language))));
    }
    said
}

/// A step in words.
pub fn action(action: &Action, plan: &Plan, changer: &str, file: &str, t: &Text) -> String {
    match action {
        Action::Announce => t.announce.to_owned(),
        Action::HandOut => t.hand_out(file),
        Action::Show(shows) => published(shows, t),
        Action::Sign(generation) => t.signs(changer, certificate(*generation, t)),
        Action::Decrypt(_) if plan.same_key => t.decrypts_same(changer),
        Action::Decrypt(generations) => match generations.as_slice() {
            [one] => t.decrypts_one(changer, certificate(*one, t)),
            [_, _] if !generations.contains(&Generation::Previous) => t.decrypts_two(changer),
            several => t.decrypts_several(changer, certificates(several, t)),
        },
        Action::Expire => t.expires.to_owned(),
        Action::RollBack => t.roll_back.to_owned(),
    }
}

fn published(shows: &Shows, t: &Text) -> String {
    let (signing, encryption) = (
        certificates(&shows.signing, t),
        certificates(&shows.encryption, t),
    );
    let said = if signing == encryption {
        t.show_same(signing)
    } else {
        t.show(signing, encryption)
    };
    if shows.without_use {
        t.without_use(said)
    } else {
        said
    }
}

/// `the new certificate, the old certificate and the previous certificate`.
fn certificates(generations: &[Generation], t: &Text) -> String {
    let named = |generation: &Generation| certificate(*generation, t).to_owned();
    let Some((last, others)) = generations.split_last() else {
        return t.none_shown.to_owned();
    };
    let others = others.iter().map(named);
    match others.reduce(|first, second| t.comma(first, second)) {
        Some(others) => t.and(others, named(last)),
        None => named(last),
    }
}

fn certificate(generation: Generation, t: &Text) -> &'static str {
    match generation {
        Generation::Previous => t.the_previous,
        Generation::Active => t.the_old,
        Generation::Next => t.the_new,
    }
}
