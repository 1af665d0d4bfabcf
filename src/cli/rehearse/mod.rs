//! `vejviser rehearse`: a change of certificates on a fast clock, and its reports.

mod args;
mod known;
mod plan_file;
mod plans;

pub use args::{LanguageArg, RehearseArgs, ReportFormat};

use super::{Failure, given, output, talk};
use crate::drill::rehearsal::report::{Baseline, Comparison, Report};
use crate::drill::rehearsal::{Cast, Run, files, rehearse};
use crate::dsig::Certificate;
use crate::edge::page::Language;
use crate::hub::rollover::{Plan, Subject, Validities, Validity};
use known::Known;
use std::path::Path;

/// Runs it: exit code 1 where somebody is down (with a baseline: newly or for longer), 4 where the real logins
/// contradict the computation.
pub fn run(args: &RehearseArgs) -> Result<(), Failure> {
    let baseline = args.baseline.as_deref().map(baseline).transpose()?;
    let mut known = Known::read(args.config.as_deref(), args.at)?;
    let asked = asked(args, &mut known)?;
    let cast = Cast {
        validities: validities(&asked.active, &asked.next),
        ..known.cast()
    };
    let hub = known.habits.get("hub").map(|habits| &habits.model);
    let plans = asked.plans.iter();
    let runs: Vec<Run> = plans.map(|plan| rehearse(plan, &cast, hub)).collect();
    let certificates = asked.active.zip(asked.next);
    let comparison = baseline
        .zip(args.baseline.as_deref())
        .map(|(baseline, path)| baseline.compare(&file_name(path), &runs));
    let report = Report {
        runs: &runs,
        language: args.language.into(),
        certificates: certificates.as_ref(),
        comparison: comparison.as_ref(),
    };
    output::deliver(args.format, &args.output, |format| {
        rendered(&report, format)
    })?;
    if let Some(folder) = &args.files {
        let certificates = certificates.ok_or_else(|| {
            Failure::Usage(
                "error: --files: det næste certifikat er ikke nævnt / the next certificate is not named\n\n\
                 name it in the plan ([next] certificate = \"…\"), or the hub's as [[hub.keys]] with generation = \"next\""
                    .to_owned(),
            )
        })?;
        write_files(folder, &runs, &certificates, args.language.into())?;
    }
    verdict(&runs, comparison.as_ref())
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
    plans: Vec<Plan>,
    /// The certificate in use, where it is known.
    active: Option<Certificate>,
    /// The certificate that is changed to, where it is known.
    next: Option<Certificate>,
}

/// From a plan that somebody wrote, or from the flags.
fn asked(args: &RehearseArgs, known: &mut Known) -> Result<Asked, Failure> {
    let Some(path) = &args.plan else {
        let subject = subject(args, &known.subjects())?;
        let (active, next) = known.certificates(&subject);
        let plans = plans::plans(args, &subject)?;
        return Ok(Asked {
            plans,
            active,
            next,
        });
    };
    let loaded = plan_file::read(path, &known.federation)?;
    let subject = loaded
        .plans
        .first()
        .map_or(Subject::Hub, |plan| plan.subject.clone());
    let (active, next) = known.certificates(&subject);
    known.habits.extend(loaded.habits);
    Ok(Asked {
        plans: plans::given(args, loaded.plans)?,
        active: loaded.active.or(active),
        next: loaded.next.or(next),
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

fn validities(active: &Option<Certificate>, next: &Option<Certificate>) -> Validities {
    let validity = |certificate: &Certificate| Validity {
        from: certificate.not_before(),
        to: certificate.not_after(),
    };
    Validities {
        active: active.as_ref().map(validity),
        next: next.as_ref().map(validity),
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

fn write_files(
    folder: &Path,
    runs: &[Run],
    (active, next): &(Certificate, Certificate),
    language: Language,
) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::CouldNotRun(format!("error: {}: {error}", folder.display())))?;
    let mut names: Vec<String> = Vec::new();
    for run in runs {
        for file in files::files(run, active, next, None, language) {
            output::write(&folder.join(&file.name), &file.bytes)?;
            if !names.contains(&file.name) {
                names.push(file.name);
            }
        }
    }
    talk::say(&format!("{}: {}", folder.display(), names.join(", ")));
    Ok(())
}
