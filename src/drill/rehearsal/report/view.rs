//! A run in one language, as text and pages show it: facts, steps, parties, tasks, proof.

use super::phrases::Text;
use super::steps::{self, StepRow};
use super::tasks::{self, Tasks};
use super::{Report, habits};
use crate::drill::rehearsal::words::{self, Who};
use crate::drill::rehearsal::{Line, Role, Run};
use crate::edge::page::when;
use crate::hub::rollover::{Cause, Moves, Plan, Strategy};
use time::{Duration, OffsetDateTime};

/// A run.
pub struct View<'a> {
    /// The texts of its language.
    pub t: &'static Text,
    /// The run.
    pub run: &'a Run,
    /// What people call the strategy, with order and rollback.
    pub title: String,
    /// The strategy in a sentence.
    pub about: &'static str,
    /// How it went, in a sentence or three.
    pub headline: Vec<String>,
    /// Label and value.
    pub facts: Vec<(&'static str, String)>,
    /// The steps.
    pub steps: Vec<StepRow>,
    /// Everybody, hardest hit first.
    pub parties: Vec<PartyView<'a>>,
    /// Who has to do what.
    pub tasks: Tasks,
    /// How we know.
    pub proof: String,
    /// That it is not so, where the real logins said otherwise.
    pub disagreement: Option<String>,
    /// The causes that occur.
    pub causes: Vec<(char, &'static str)>,
}

/// A party.
pub struct PartyView<'a> {
    /// Its line.
    pub line: &'a Line,
    /// What kind of party.
    pub kind: &'static str,
    /// How it takes over changes.
    pub habits: String,
    /// When it was down and why.
    pub outages: Vec<OutageView>,
}

/// An outage.
pub struct OutageView {
    /// Of its cause.
    pub letter: char,
    /// Its cause, short.
    pub title: &'static str,
    /// From.
    pub from: String,
    /// Until.
    pub to: String,
    /// For how long.
    pub span: String,
    /// What happens.
    pub what: String,
    /// Who must act now.
    pub who: String,
}

/// For how long a party is down in a run, and whether that ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Downtime {
    /// Whether it lasts beyond the end of the rehearsal.
    pub open: bool,
    /// Up to the end of the rehearsal.
    pub span: Duration,
}

impl Downtime {
    /// Of a party.
    pub fn of(line: &Line, end: OffsetDateTime) -> Self {
        let spans = line.down();
        Self {
            open: spans.iter().any(|span| span.to.is_none()),
            span: spans
                .iter()
                .map(|span| span.to.unwrap_or(end) - span.from)
                .sum(),
        }
    }

    /// In words.
    pub fn text(self, t: &Text) -> String {
        let span = when::span(self.span, t.language);
        if self.open { t.at_least(span) } else { span }
    }
}

impl<'a> View<'a> {
    /// The run in a language.
    pub fn of(report: &Report<'a>, run: &'a Run, t: &'static Text) -> Self {
        let file = report.file(run);
        let end = run.plan.horizon().1;
        let mut lines: Vec<&Line> = run.parties.iter().collect();
        // Stable: those that are hit alike keep the order of the federation.
        lines.sort_by_key(|line| std::cmp::Reverse(Downtime::of(line, end)));
        let count = run.proof.disagreements.len();
        Self {
            t,
            run,
            title: title(run, t),
            about: about(run.plan.strategy, t),
            headline: headline(run, &lines, t),
            facts: facts(run, &file, t),
            steps: steps::rows(run, &file, t),
            tasks: tasks::tasks(run, &lines, &file, t),
            parties: lines
                .into_iter()
                .map(|line| party(run, line, &file, t))
                .collect(),
            proof: match run.proof.logins {
                0 if run.plan.same_key => t.proof_none.to_owned(),
                logins => t.proof(when::number(logins, t.language)),
            },
            disagreement: (count > 0).then(|| t.disagreement(count)),
            causes: causes(run, t),
        }
    }

    /// How it went, where the number of those that are down stands beside it.
    pub fn remark(&self) -> String {
        let said = usize::from(self.down() > 0);
        self.headline
            .iter()
            .skip(said)
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// How many parties are down at some time.
    pub fn down(&self) -> usize {
        self.parties
            .iter()
            .filter(|party| !party.outages.is_empty())
            .count()
    }
}

/// What people call a run: the strategy, its order, and whether it was rolled back.
pub fn title(run: &Run, t: &Text) -> String {
    let plan = &run.plan;
    let mut title = match plan.strategy {
        Some(Strategy::HardSwap) => match signing_leads(plan) {
            true => format!("{}: {}", t.hard_swap, t.signing_first),
            false => format!("{}: {}", t.hard_swap, t.metadata_leads),
        },
        Some(strategy) => name(strategy, t).to_owned(),
        None => plan.name.clone(),
    };
    if let Some(back) = plan.given_up() {
        let at = when::in_words_near(back, plan.window.from, t.language);
        title.push_str(&format!(" – {}", t.rolled_back(at)));
    }
    title
}

/// Of a hard swap, which may be rolled back before its second step.
fn signing_leads(plan: &Plan) -> bool {
    match (plan.signs_next(), plan.shows_next()) {
        (Some(signs), Some(shows)) => signs <= shows,
        (signs, _) => signs.is_some(),
    }
}

fn name(strategy: Strategy, t: &Text) -> &'static str {
    match strategy {
        Strategy::HardSwap => t.hard_swap,
        Strategy::MetadataFirst => t.metadata_first,
        Strategy::Overlap => t.overlap,
        Strategy::SameKey => t.same_key,
        Strategy::Emergency => t.emergency,
        Strategy::ExpiredInPlace => t.expired,
    }
}

fn about(strategy: Option<Strategy>, t: &Text) -> &'static str {
    match strategy {
        Some(Strategy::HardSwap) => t.hard_swap_about,
        Some(Strategy::MetadataFirst) => t.metadata_first_about,
        Some(Strategy::Overlap) => t.overlap_about,
        Some(Strategy::SameKey) => t.same_key_about,
        Some(Strategy::Emergency) => t.emergency_about,
        Some(Strategy::ExpiredInPlace) => t.expired_about,
        None => t.own_plan,
    }
}

fn headline(run: &Run, worst_first: &[&Line], t: &Text) -> Vec<String> {
    let number = |count| when::number(count, t.language);
    let down = run
        .parties
        .iter()
        .filter(|line| !line.outages.is_empty())
        .count();
    if down == 0 {
        return vec![t.nobody_down.to_owned()];
    }
    let mut said = vec![t.some_down(number(down), number(run.parties.len()))];
    if let Some(worst) = run.worst() {
        let at = when::in_words_near(worst.at, run.plan.window.from, t.language);
        said.push(t.worst_at(number(worst.working), number(worst.tried), at));
    }
    if let Some(line) = worst_first.first() {
        let time = Downtime::of(line, run.plan.horizon().1);
        let span = when::span(time.span, t.language);
        let span = if time.open { t.no_end_text(span) } else { span };
        said.push(t.longest(&line.party.title, span));
    }
    said
}

fn facts(run: &Run, file: &str, t: &Text) -> Vec<(&'static str, String)> {
    let plan = &run.plan;
    let (from, to) = plan.horizon();
    let span = |from, to| {
        t.from_to(
            when::in_full(from, t.language),
            when::to(from, to, t.language),
        )
    };
    let mut facts = vec![
        (
            t.changes,
            format!("{} ({})", run.changer, t.environment(&plan.environment)),
        ),
        (t.window, span(plan.window.from, plan.window.to)),
        (t.strategy, plan.name.clone()),
        (t.horizon, span(from, to)),
        (t.file, file.to_owned()),
    ];
    if plan.moves != Moves::ALL {
        let of = |wanted| {
            let tasks = plan.moves.tasks().into_iter();
            let tasks = tasks.filter(|(moves, _)| *moves == wanted);
            let named: Vec<_> = tasks.map(|(_, task)| t.language.pick(task)).collect();
            named.join("; ")
        };
        facts.push((t.keys_changed, of(true)));
        facts.push((t.keys_kept, of(false)));
    }
    facts
}

fn party<'a>(run: &'a Run, line: &'a Line, file: &str, t: &'static Text) -> PartyView<'a> {
    let end = run.plan.horizon().1;
    let short = |at| when::in_short_near(at, run.plan.window.from, t.language);
    let outages = line.outages.iter();
    PartyView {
        line,
        kind: match line.party.role {
            Role::Hub => t.kind_hub,
            Role::IdentityProvider => t.kind_idp,
            Role::System => t.kind_system,
        },
        habits: habits::text(&line.party.model, run.plan.window.from, t),
        outages: outages
            .map(|outage| {
                let party = &line.party;
                let said = words::explain(outage, party, &run.plan, &run.changer, file, t.language);
                let time = Downtime {
                    open: outage.to.is_none(),
                    span: outage.to.unwrap_or(end) - outage.from,
                };
                OutageView {
                    letter: words::letter(outage.cause),
                    title: t.language.pick(words::title(outage.cause)),
                    from: short(outage.from),
                    to: match outage.to {
                        Some(to) => short(to),
                        None => t.no_end.to_owned(),
                    },
                    span: time.text(t),
                    who: acting(&said, run, line, t),
                    what: said.what,
                }
            })
            .collect(),
    }
}

/// Who acts while it lasts: each party once.
fn acting(said: &words::Explained, run: &Run, line: &Line, t: &Text) -> String {
    let mut who: Vec<String> = Vec::new();
    for duty in &said.now {
        let name = whom(duty.who, run, line, t);
        if !who.contains(&name) {
            who.push(name);
        }
    }
    who.join("; ")
}

/// Who must act, by kind and name, and whom to ring where somebody is named.
pub fn whom(who: Who, run: &Run, line: &Line, t: &Text) -> String {
    let kind = t
        .language
        .pick(words::actor(who, &line.party, &run.plan).text());
    let name = named(who, run, line);
    if kind.contains(&name) {
        kind.to_owned()
    } else {
        format!("{kind}: {name}")
    }
}

/// The name of the party that must act, with whom to ring.
pub fn named(who: Who, run: &Run, line: &Line) -> String {
    match (who, &line.party.contact) {
        (Who::Changer, _) => run.changer.clone(),
        (Who::Holder, None) => line.party.title.clone(),
        (Who::Holder, Some(contact)) => format!("{} ({contact})", line.party.title),
    }
}

fn causes(run: &Run, t: &Text) -> Vec<(char, &'static str)> {
    let occurs = |cause: &Cause| {
        let mut outages = run.parties.iter().flat_map(|line| &line.outages);
        outages.any(|outage| outage.cause == *cause)
    };
    let causes = Cause::ALL.into_iter().filter(occurs);
    causes
        .map(|cause| (words::letter(cause), t.language.pick(words::title(cause))))
        .collect()
}
