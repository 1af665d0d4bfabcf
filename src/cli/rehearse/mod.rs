//! `vejviser rehearse`: a change of certificates on a fast clock, and its reports.

mod args;
mod judged;
mod known;
mod plan_file;
mod plans;

pub use args::RehearseArgs;

use super::report::ReportFormat;

use super::{Failure, given, output, talk};
use crate::config;
use crate::drill::rehearsal::report::{Baseline, Comparison, Report};
use crate::drill::rehearsal::{Cast, Run, files, rehearse};
use crate::dsig::Certificate;
use crate::edge::page::Language;
use crate::hub::rollover::{Objection, Pair, Plan, Subject};
use known::Known;
use std::path::Path;

/// Runs it: exit code 1 where somebody is down (with a baseline: newly or for longer), 4 where the real logins
/// contradict the computation.
pub fn run(args: &RehearseArgs) -> Result<(), Failure> {
    let baseline = args.baseline.as_deref().map(baseline).transpose()?;
    let asked = asked(args)?;
    let cast = asked.known.cast();
    let hub = asked.known.habits.get("hub").map(|habits| &habits.model);
    let runs = asked.plans.iter().map(|(plan, pair)| {
        let cast = Cast {
            validities: pair.validities(),
            ..cast.clone()
        };
        rehearse(plan, &cast, hub)
    });
    let runs: Vec<Run> = runs.collect();
    let certificates = asked.plans.iter().find_map(|(_, pair)| both(pair));
    let comparison = baseline
        .zip(args.baseline.as_deref())
        .map(|(baseline, path)| baseline.compare(&file_name(path), &runs));
    let report = Report {
        runs: &runs,
        language: args.report.language.into(),
        certificates: certificates.as_ref(),
        comparison: comparison.as_ref(),
    };
    output::deliver(args.report.format, &args.report.output, |format| {
        rendered(&report, format)
    })?;
    if let Some(folder) = &args.files {
        let pairs = asked.plans.iter().map(|(_, pair)| pair);
        let runs = runs.iter().zip(pairs);
        write_files(folder, runs, &asked.known, args.report.language.into())?;
    }
    verdict(&runs, comparison.as_ref())
}

fn both(pair: &Pair) -> Option<(Certificate, Certificate)> {
    pair.active.clone().zip(pair.next.clone())
}

fn rendered(report: &Report<'_>, format: ReportFormat) -> Result<String, Failure> {
    let result = match format {
        ReportFormat::Human => return Ok(report.text()),
        ReportFormat::Csv => return Ok(report.csv()),
        ReportFormat::Json => report.json(),
        ReportFormat::Junit => report.junit(),
        ReportFormat::Html => report.html(),
    };
    result.map_err(|error| Failure::CouldNotRun(error.to_string()))
}

/// The exit code. That our own proof failed outweighs what was found.
fn verdict(runs: &[Run], comparison: Option<&Comparison>) -> Result<(), Failure> {
    let disagreements: usize = runs.iter().map(|run| run.proof.disagreements.len()).sum();
    if disagreements > 0 {
        return Err(Failure::CouldNotRun(format!(
            "error: fejl i Vejviser: {disagreements} rigtige logins gik anderledes end beregnet / \
             a defect of Vejviser: {disagreements} real logins ended otherwise than computed"
        )));
    }
    let findings = match comparison {
        Some(comparison) => !comparison.worse.is_empty(),
        None => runs.iter().any(Run::anyone_down),
    };
    match findings {
        true => Err(Failure::Findings(String::new())),
        false => Ok(()),
    }
}

/// What is to be rehearsed.
struct Asked {
    known: Known,
    /// Each plan with the certificates that are changed.
    plans: Vec<(Plan, Pair)>,
}

/// From a plan that somebody wrote, or from the flags.
fn asked(args: &RehearseArgs) -> Result<Asked, Failure> {
    let asked = match &args.plan {
        Some(path) => of_file(args, path)?,
        None => of_flags(args)?,
    };
    if args.files.is_some() && asked.plans.iter().all(|(_, pair)| both(pair).is_none()) {
        let subject = asked.plans.first().map(|(plan, _)| &plan.subject);
        let missing = Objection::NextMissing;
        let (da, en) = missing.what();
        let (help_da, help_en) = missing.help(subject.unwrap_or(&Subject::Hub));
        return Err(Failure::Usage(format!(
            "error: --files: {da} / {en}\n\n{help_da}\n{help_en}"
        )));
    }
    Ok(asked)
}

fn of_file(args: &RehearseArgs, path: &Path) -> Result<Asked, Failure> {
    let text = plan_file::text(path)?;
    let window = config::plan::window_of(&text).unwrap_or(args.at);
    let mut known = Known::read(args.config.as_deref(), window)?;
    let loaded = plan_file::read(path, &text, known.registered())?;
    known.habits.extend(loaded.habits);
    let plans = plans::given(args, loaded.plans)?;
    // Of several pairs of the hub the first one's dates and names stand for all; all were judged.
    let pair = loaded.pairs.into_iter().next().unwrap_or_default();
    Ok(Asked {
        plans: plans.into_iter().map(|plan| (plan, pair.clone())).collect(),
        known,
    })
}

fn of_flags(args: &RehearseArgs) -> Result<Asked, Failure> {
    let known = Known::read(args.config.as_deref(), args.at)?;
    let registered = known.registered();
    let subject = subject(args, &registered.subjects())?;
    let pairs = registered.pairs(&subject);
    let mut plans = plans::plans(args, &subject)?;
    for plan in &mut plans {
        plan.moves = registered.moves(&subject);
        if registered.has_previous(&subject) {
            *plan = plan.clone().with_previous();
        }
    }
    let judged = judged::judged(args, &known, plans, &pairs)?;
    Ok(Asked {
        known,
        plans: judged,
    })
}

/// Who changes; a name that the federation does not have is a slip of whoever asks.
fn subject(args: &RehearseArgs, known: &[Subject]) -> Result<Subject, Failure> {
    match known.contains(&args.subject) {
        true => Ok(args.subject.clone()),
        false => Err(Failure::Usage(format!(
            "error: --subject {}: ingen part hedder det / no party is called that\n\ngive one of {}",
            args.subject.word(),
            known
                .iter()
                .map(Subject::word)
                .collect::<Vec<_>>()
                .join(", ")
        ))),
    }
}

fn baseline(path: &Path) -> Result<Baseline, Failure> {
    let bytes = given::of_option("--baseline", path)?;
    Baseline::parse(&bytes).map_err(|error| {
        Failure::Usage(format!(
            "error: --baseline {}: {error}\n\ngive what `vejviser rehearse --format json` wrote",
            path.display()
        ))
    })
}

/// Reports are the same whoever makes them, so they name no folder.
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn write_files<'a>(
    folder: &Path,
    runs: impl Iterator<Item = (&'a Run, &'a Pair)>,
    known: &Known,
    language: Language,
) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::CouldNotRun(format!("error: {}: {error}", folder.display())))?;
    let mut names: Vec<String> = Vec::new();
    for (run, pair) in runs {
        // A strategy that the next certificate does not go with is rehearsed without it.
        let Some((active, next)) = both(pair) else {
            continue;
        };
        let mut written = files::files(run, &active, &next, language);
        let hub = match run.plan.subject {
            Subject::Hub => known.hub(pair)?,
            _ => None,
        };
        if let Some((hub, keys)) = hub {
            written.extend(files::metadata(&run.plan, &hub, &keys));
        }
        for file in written {
            output::write(&folder.join(&file.name), &file.bytes)?;
            if !names.contains(&file.name) {
                names.push(file.name);
            }
        }
    }
    talk::say(&format!("{}: {}", folder.display(), names.join(", ")));
    Ok(())
}
