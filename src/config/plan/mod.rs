//! A plan of a change of certificates, in TOML. All its problems come in one answer, each with file and line.

mod certificates;
pub mod file;
mod steps;

use super::kind::{PLAN_CONTRADICTION, PLAN_PARTY, PLAN_SUBJECT, PLAN_WINDOW, SYNTAX, WRONG_TYPE};
use super::moment;
use super::problem::Sink;
use super::trust::{self, Habits};
use super::{Problems, schema, walk};
use crate::dsig::Certificate;
use crate::hub::Federation;
use crate::hub::rollover::{Order, Plan, Preset, Strategy, Subject, Validities, Window};
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
    /// The dates of the certificates that the plan names.
    pub validities: Validities,
    /// The certificate in use, where the plan names it.
    pub active: Option<Certificate>,
    /// The certificate that is changed to, where the plan names it.
    pub next: Option<Certificate>,
    /// Habits that take the place of the federation's.
    pub habits: BTreeMap<String, Habits>,
    /// Warnings.
    pub warnings: Problems,
}

/// Reads `text` (the content of `path`) for the parties of `federation`. Files are read relative to `path`.
pub fn load(path: &Path, text: &str, federation: &Federation) -> Result<LoadedPlan, Problems> {
    let mut sink = Sink::new(path, text);
    let loaded = read(&mut sink).map(|written| judge(&mut sink, &written, federation));
    let problems = sink.finish();
    match loaded {
        Some(loaded) if !problems.any_fatal() => Ok(LoadedPlan {
            warnings: problems,
            ..loaded
        }),
        _ => Err(problems),
    }
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

fn judge(sink: &mut Sink<'_>, written: &Written, federation: &Federation) -> LoadedPlan {
    let file = &written.file;
    let subject = subject(sink, file, federation);
    let window = window(sink, file);
    let habits = habits(sink, file, federation);
    let rollback = rollback(sink, file, window);
    strangers(sink, file);
    let plans = match (&file.strategy, file.steps.is_empty()) {
        (Some(strategy), true) => presets(sink, file, *strategy.get_ref(), subject.clone(), window),
        (None, false) => steps::plan(sink, file, subject.clone(), window)
            .into_iter()
            .collect(),
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
    let certificates = certificates::read(sink, file, plans.first());
    let named = plans.into_iter().map(|plan| {
        let plan = match rollback {
            Some(at) => plan.rolled_back(at),
            None => plan,
        };
        Plan {
            name: match &file.name {
                Some(name) if plan.strategy == Some(Strategy::HardSwap) => {
                    format!("{name}: {}", plan.name)
                }
                Some(name) => name.clone(),
                None => plan.name,
            },
            environment: file.environment.clone().unwrap_or(plan.environment),
            ..plan
        }
    });
    LoadedPlan {
        plans: named.collect(),
        validities: certificates.validities(),
        active: certificates.active,
        next: certificates.next,
        habits,
        warnings: Problems::default(),
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

fn window(sink: &mut Sink<'_>, file: &PlanFile) -> Window {
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
    window
}

fn habits(
    sink: &mut Sink<'_>,
    file: &PlanFile,
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
        } else if habits.insert(name.clone(), read).is_some() {
            let what = format!("`{name}` stands twice");
            sink.add(PLAN_PARTY, span, what, "remove one of them");
        }
    }
    habits
}

fn rollback(sink: &mut Sink<'_>, file: &PlanFile, window: Window) -> Option<OffsetDateTime> {
    let text = file.rollback_at.as_ref()?;
    let at = moment::read(sink, text)?;
    let span = Some(text.span());
    if matches!(&file.strategy, Some(strategy) if *strategy.get_ref() == Strategy::Emergency) {
        let what = "an emergency has no way back: the old key is known to others";
        sink.add(PLAN_CONTRADICTION, span, what, "remove rollback_at");
        return None;
    }
    if at <= window.from && file.steps.is_empty() {
        let what = "the change is given up before it begins";
        sink.add(
            PLAN_CONTRADICTION,
            span,
            what,
            "put rollback_at after the start of the window",
        );
    }
    Some(at)
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
