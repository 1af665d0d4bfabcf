//! A plan of a change of certificates, in TOML. All its problems come in one answer, each with file and line.

mod certificates;
pub mod file;
mod registered;
mod steps;

pub use registered::Registered;

use super::kind::{PLAN_CONTRADICTION, PLAN_PARTY, PLAN_SUBJECT, PLAN_WINDOW, SYNTAX, WRONG_TYPE};
use super::moment;
use super::problem::Sink;
use super::trust::{self, Habits};
use super::{Problems, schema, walk};
use crate::hub::Federation;
use crate::hub::rollover::{self, NoWayBack, Order, Pair, Plan, Preset, Strategy, Subject, Window};
use file::{OrderWord, PlanFile};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use time::{Duration, OffsetDateTime};
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

/// A plan without fatal problems.
#[derive(Debug)]
pub struct LoadedPlan {
    /// One plan; two where both orders of a hard swap are rehearsed.
    pub plans: Vec<Plan>,
    /// The certificates that are changed: those that the plan names, and what is registered where it names none.
    pub pairs: Vec<Pair>,
    /// Habits that take the place of the federation's.
    pub habits: BTreeMap<String, Habits>,
    /// Warnings.
    pub warnings: Problems,
}

/// What a plan is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A rehearsal: files are read relative to the plan.
    Rehearse,
    /// A hub that plays it, one order at a time, with its own keys: it reads no files that somebody names to it.
    Play,
}

/// Reads `text` (the content of `path`) for what is registered.
pub fn load(
    path: &Path,
    text: &str,
    registered: Registered<'_>,
    purpose: Purpose,
) -> Result<LoadedPlan, Problems> {
    let mut sink = Sink::new(path, text);
    let loaded = read(&mut sink).map(|written| judge(&mut sink, &written, registered, purpose));
    let problems = sink.finish();
    match loaded {
        Some(loaded) if !problems.any_fatal() => Ok(LoadedPlan {
            warnings: problems,
            ..loaded
        }),
        _ => Err(problems),
    }
}

/// When the window of a plan begins, as far as it can be read: dates are judged at that moment.
pub fn window_of(text: &str) -> Option<OffsetDateTime> {
    let plan: toml::Table = toml::from_str(text).ok()?;
    moment::of(plan.get("window")?.get("from")?.as_datetime()?)
}

/// The file, and what its types do not keep.
struct Written {
    file: PlanFile,
    /// Whether it says in any way what is done, be it in words that cannot be read.
    says_what: bool,
}

fn read(sink: &mut Sink<'_>) -> Option<Written> {
    let (mut root, errors) = DeTable::parse_recoverable(sink.text);
    for error in &errors {
        let help = "TOML: key = value; texts stand in quotes, moments do not";
        sink.add(SYNTAX, error.span(), error.message(), help);
    }
    if !errors.is_empty() {
        return None;
    }
    let says_what = ["strategy", "step"]
        .iter()
        .any(|key| root.get_ref().contains_key(*key));
    let whole = walk::table(sink, root.get_mut(), &schema::PLAN, 0..0, "the plan");
    match PlanFile::deserialize(Deserializer::from(root)) {
        Ok(file) => Some(Written { file, says_what }),
        // What is missing was told by the walk.
        Err(_) if !whole => None,
        Err(error) => {
            let help = "see the plans in README";
            sink.add(WRONG_TYPE, error.span(), error.message(), help);
            None
        }
    }
}

fn judge(
    sink: &mut Sink<'_>,
    written: &Written,
    registered: Registered<'_>,
    purpose: Purpose,
) -> LoadedPlan {
    let file = &written.file;
    let subject = subject(sink, file, registered.federation);
    let (window, dated) = window(sink, file);
    let environment = environment(sink, file);
    let habits = habits(sink, file, &subject, registered.federation);
    strangers(sink, file);
    let rollback_at = file.rollback_at.as_ref();
    let rollback_at = rollback_at.and_then(|text| moment::read(sink, text));
    let before = sink.count();
    let plans = match (&file.strategy, file.steps.is_empty()) {
        (Some(strategy), true) => presets(sink, file, *strategy.get_ref(), subject.clone(), window),
        (None, false) => {
            let previous = registered.has_previous(&subject);
            vec![steps::plan(sink, file, subject.clone(), window, previous)]
        }
        (Some(strategy), false) => {
            let what = "a strategy has steps of its own";
            let help = "remove strategy, or the steps";
            sink.add(PLAN_CONTRADICTION, Some(strategy.span()), what, help);
            Vec::new()
        }
        (None, true) if written.says_what => Vec::new(),
        (None, true) => {
            let what = "the plan has neither a strategy nor a step";
            let help = "add strategy = \"hard-swap\", or [[step]]";
            sink.add(PLAN_CONTRADICTION, Some(file.window.span()), what, help);
            Vec::new()
        }
    };
    // Steps that could not be read may be what a later judgement misses.
    let sound = sink.count() == before;
    let named = match purpose {
        Purpose::Rehearse => certificates::named(sink, file),
        Purpose::Play => no_files(sink, file),
    };
    if let (Purpose::Play, [_, _, ..], Some(strategy)) = (purpose, plans.as_slice(), &file.strategy)
    {
        let what = "a hub plays one order at a time";
        let help = "add order = \"signing-first\" or order = \"metadata-first\"";
        sink.add(PLAN_CONTRADICTION, Some(strategy.span()), what, help);
    }
    let known = registered.pairs(&subject).into_iter();
    let pairs: Vec<Pair> = known.map(|known| named.clone().or(known)).collect();
    let mut plans = plans;
    for plan in &mut plans {
        plan.moves = registered.moves(&subject);
        // Steps of one's own say nothing of keys: the certificates do.
        if plan.strategy.is_none() {
            plan.same_key = pairs.iter().all(|pair| pair.on_one_key() == Some(true));
        }
        if registered.has_previous(&subject) {
            *plan = plan.clone().with_previous();
        }
        if let Some(environment) = &environment {
            plan.environment.clone_from(environment);
        }
    }
    match registered.stand_ins {
        // Nothing can be said of dates.
        _ if !dated => {}
        // Of what is invented only what the plan itself names is judged.
        true => certificates::judge(sink, file, &plans, &named, std::slice::from_ref(&named)),
        false => certificates::judge(sink, file, &plans, &named, &pairs),
    }
    let plans = plans.into_iter().map(|plan| match sound && dated {
        true => rolled_back(sink, file, rollback_at, plan),
        false => plan,
    });
    let plans = plans.map(|plan| Plan {
        name: match &file.name {
            Some(name) if plan.strategy == Some(Strategy::HardSwap) => {
                format!("{name}: {}", plan.name)
            }
            Some(name) => name.clone(),
            None => plan.name,
        },
        ..plan
    });
    LoadedPlan {
        plans: plans.collect(),
        pairs,
        habits,
        warnings: Problems::default(),
    }
}

/// A plan that came without a folder names no file: nobody reads the files of this machine by asking for them.
fn no_files(sink: &mut Sink<'_>, file: &PlanFile) -> Pair {
    for pair in [&file.active, &file.next].into_iter().flatten() {
        let what = "this hub plays with its own keys, and reads no files that a plan names";
        let help = "remove the section; the hub's next certificate is [[hub.keys]] with generation = \"next\"";
        sink.add(
            PLAN_CONTRADICTION,
            Some(pair.certificate.span()),
            what,
            help,
        );
    }
    Pair::default()
}

fn environment(sink: &mut Sink<'_>, file: &PlanFile) -> Option<String> {
    let text = file.environment.as_ref()?;
    let named = rollover::environment(text.get_ref());
    if named.is_none() {
        let what = format!("environment cannot be `{}`", text.get_ref());
        let help =
            "1 to 16 letters and digits, such as TEST or PROD: it becomes part of file names";
        sink.add(WRONG_TYPE, Some(text.span()), what, help);
    }
    named
}

/// The plan, given up where the file says so.
fn rolled_back(
    sink: &mut Sink<'_>,
    file: &PlanFile,
    at: Option<OffsetDateTime>,
    plan: Plan,
) -> Plan {
    let (Some(text), Some(at)) = (&file.rollback_at, at) else {
        return plan;
    };
    match plan.rolled_back(at) {
        Ok(back) => back,
        Err(why) => {
            let both = file.order.is_none() && plan.strategy == Some(Strategy::HardSwap);
            let help = match (why, both) {
                (NoWayBack::Emergency, _) => "remove rollback_at",
                (NoWayBack::Twice, _) => "remove rollback_at, or the step that rolls back",
                (NoWayBack::TooEarly(_), true) => {
                    "move rollback_at, or say which order is rehearsed: order = \"signing-first\""
                }
                _ => "move rollback_at",
            };
            let what = format!("{}: {}", plan.name, why.what().1);
            sink.add(PLAN_CONTRADICTION, Some(text.span()), what, help);
            plan
        }
    }
}

fn subject(sink: &mut Sink<'_>, file: &PlanFile, federation: &Federation) -> Subject {
    let Some(text) = &file.subject else {
        return Subject::Hub;
    };
    let subject = Subject::parse(text.get_ref());
    let known = match &subject {
        None => false,
        Some(Subject::Hub) => true,
        Some(Subject::IdentityProvider(name)) => federation.named(name).is_some(),
        Some(Subject::System(name)) => federation.systems.iter().any(|s| s.name == *name),
    };
    if !known {
        sink.add(
            PLAN_SUBJECT,
            Some(text.span()),
            format!("`{}` is not in the federation", text.get_ref()),
            "hub, idp:NAME or system:NAME, with a short name of the federation",
        );
    }
    subject.unwrap_or(Subject::Hub)
}

/// The window, and whether it could be read.
fn window(sink: &mut Sink<'_>, file: &PlanFile) -> (Window, bool) {
    let entry = file.window.get_ref();
    let (from, to) = (
        moment::read(sink, &entry.from),
        moment::read(sink, &entry.to),
    );
    let window = Window {
        from: from.unwrap_or(OffsetDateTime::UNIX_EPOCH),
        to: to.unwrap_or(OffsetDateTime::UNIX_EPOCH),
    };
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        let what = "the window ends before it begins";
        sink.add(
            PLAN_WINDOW,
            Some(file.window.span()),
            what,
            "put from before to",
        );
    }
    (window, from.is_some() && to.is_some())
}

fn habits(
    sink: &mut Sink<'_>,
    file: &PlanFile,
    subject: &Subject,
    federation: &Federation,
) -> BTreeMap<String, Habits> {
    let mut habits = BTreeMap::new();
    for party in &file.parties {
        let name = party.name.get_ref();
        let known = name == "hub"
            || federation.named(name).is_some()
            || federation.systems.iter().any(|system| system.name == *name);
        let read = trust::read(sink, &party.trust);
        let span = Some(party.name.span());
        if !known {
            let what = format!("`{name}` is not in the federation");
            sink.add(
                PLAN_PARTY,
                span,
                what,
                "a short name of the federation, or hub",
            );
        } else if (name == "hub") == (*subject == Subject::Hub) {
            let (what, help) = match subject {
                Subject::Hub => (
                    "the hub takes over nothing of its own change".to_owned(),
                    "remove the entry, or say who else changes: subject = \"idp:NAME\"",
                ),
                _ => (
                    format!(
                        "`{name}` takes over nothing of a change of {}: only the hub does",
                        subject.word()
                    ),
                    "remove the entry, or say how the hub takes it over: name = \"hub\"",
                ),
            };
            sink.add(PLAN_CONTRADICTION, span, what, help);
        } else if habits.insert(name.clone(), read).is_some() {
            let what = format!("`{name}` stands twice");
            sink.add(PLAN_PARTY, span, what, "remove one of them");
        }
    }
    habits
}

/// Parameters of other strategies.
fn strangers(sink: &mut Sink<'_>, file: &PlanFile) {
    let strategy = file.strategy.as_ref().map(|strategy| *strategy.get_ref());
    let swap = strategy == Some(Strategy::HardSwap);
    let overlaps = matches!(strategy, Some(Strategy::Overlap | Strategy::MetadataFirst));
    let announced = !matches!(
        strategy,
        None | Some(Strategy::Emergency | Strategy::ExpiredInPlace)
    );
    let given = [
        (
            file.order.as_ref().map(Spanned::span),
            "order",
            swap,
            "hard-swap",
        ),
        (
            file.metadata_at.as_ref().map(Spanned::span),
            "metadata_at",
            swap,
            "hard-swap",
        ),
        (
            file.overlap_days.as_ref().map(Spanned::span),
            "overlap_days",
            overlaps,
            "overlap and metadata-first",
        ),
        (
            file.notice_days.as_ref().map(Spanned::span),
            "notice_days",
            announced,
            "a change that is announced",
        ),
        (
            file.keep_old_decryption_key.as_ref().map(Spanned::span),
            "keep_old_decryption_key",
            strategy.is_some(),
            "a strategy; steps say it with do = \"decrypt\"",
        ),
    ];
    for (span, name, fits, whose) in given {
        if span.is_some() && !fits {
            let what = format!("{name} does not go with this plan");
            sink.add(PLAN_CONTRADICTION, span, what, format!("it is for {whose}"));
        }
    }
}

fn presets(
    sink: &mut Sink<'_>,
    file: &PlanFile,
    strategy: Strategy,
    subject: Subject,
    window: Window,
) -> Vec<Plan> {
    let mut preset = Preset::new(strategy, subject, window);
    if let Some(text) = &file.metadata_at
        && let Some(at) = moment::read(sink, text)
    {
        preset.metadata_at = at;
        if !(window.from..=window.to).contains(&at) {
            let what = "metadata is published outside the window";
            let help = "put it inside, or write the steps yourself";
            sink.add(PLAN_WINDOW, Some(text.span()), what, help);
        }
    }
    let days = |days: &Spanned<u16>| Duration::days(i64::from(*days.get_ref()));
    if let Some(overlap) = &file.overlap_days {
        preset.overlap = days(overlap);
    }
    if let Some(notice) = &file.notice_days {
        preset.notice = days(notice);
    }
    if let Some(keep) = &file.keep_old_decryption_key {
        preset.keep_old_decryption_key = *keep.get_ref();
    }
    let order = file
        .order
        .as_ref()
        .map_or(OrderWord::Both, |order| *order.get_ref());
    let orders: &[Order] = match (strategy, order) {
        (Strategy::HardSwap, OrderWord::Both) => &Order::ALL,
        (_, OrderWord::MetadataFirst) => &[Order::MetadataFirst],
        _ => &[Order::SigningFirst],
    };
    let plans = orders.iter().map(|order| {
        Preset {
            order: *order,
            ..preset.clone()
        }
        .plan()
    });
    plans.collect()
}
