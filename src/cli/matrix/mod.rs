//! `vejviser matrix`: what each identity provider receives for each system, whether it can satisfy it, and what becomes of
//! each user, without any login.

mod args;
mod live;
mod moved;
mod stage;

pub use args::MatrixArgs;

use super::report::ReportFormat;
use super::{Failure, federation, given, output};
use crate::config::Loaded;
use crate::drill::matrix::baseline::Baseline;
use crate::drill::matrix::report::{Comparison, Form, Report, Subject, full};
use crate::drill::matrix::{Grid, Matrix, Roster, findings};
use crate::edge::world::Clock;
use crate::hub::{Federation, IdentityProvider, UserFacingSystem};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Runs it: exit code 1 where a login fails that is not in the baseline, or where the baseline is no longer true.
pub fn run(args: &MatrixArgs) -> Result<(), Failure> {
    if let Some(modes) = args.moved {
        let language = args.report.language.into();
        return moved::play(
            modes.modes(),
            language,
            args.report.format,
            &args.report.output,
        );
    }
    if args.live {
        return live::play(args);
    }
    let now = args.now.unwrap_or_else(|| Clock::default().now());
    let baseline = args.baseline.as_deref().map(baseline).transpose()?;
    let known = federation::read(args.config.as_deref(), now)?.loaded;
    let systems = systems(&known.federation, &args.system)?;
    let idps = idps(&known.federation, &args.idp)?;
    let roster = roster(args.people.as_deref(), &known)?;
    let matrix = Matrix {
        grid: Grid::of(
            systems,
            idps.iter().copied(),
            &known.settings,
            now,
            |system| roster.has_policy_for(system),
        ),
        roster: &roster,
        settings: &known.settings,
        now,
        one: match idps.as_slice() {
            [one] => Some(one),
            _ => None,
        },
    };
    if args.full {
        return everything(&matrix, args.report.format);
    }
    let findings = findings(&matrix.grid, &roster, now);
    let comparison = baseline
        .as_ref()
        .map(|baseline| Comparison::of(baseline, &findings));
    let report = Report {
        matrix: &matrix,
        findings: &findings,
        subject: match (args.overview, args.preflight, args.generations) {
            (true, _, _) => Subject::Overview,
            (_, true, _) => Subject::People,
            (_, _, true) => Subject::Generations,
            _ => Subject::Matrix,
        },
        language: args.report.language.into(),
        comparison: comparison.as_ref(),
        book: args.book.as_ref(),
    };
    output::deliver(args.report.format, &args.report.output, |format| {
        rendered(&report, format)
    })?;
    match report.fails() {
        true => Err(Failure::Findings(String::new())),
        false => Ok(()),
    }
}

fn rendered(report: &Report<'_>, format: ReportFormat) -> Result<String, Failure> {
    let could_not = |error: &dyn std::fmt::Display| Failure::CouldNotRun(error.to_string());
    match format {
        ReportFormat::Human => Ok(report.text()),
        ReportFormat::Csv => Ok(report.csv()),
        ReportFormat::Json => report.json().map_err(|error| could_not(&error)),
        ReportFormat::Junit => report.junit().map_err(|error| could_not(&error)),
        ReportFormat::Html => report.html().map_err(|error| could_not(&error)),
    }
}

/// Every cell, as it is made.
fn everything(matrix: &Matrix<'_>, format: ReportFormat) -> Result<(), Failure> {
    let form = match format {
        ReportFormat::Json => Form::Json,
        ReportFormat::Human | ReportFormat::Csv => Form::Csv,
        ReportFormat::Junit | ReportFormat::Html => {
            return Err(Failure::Usage(
                "error: --full: giv --format csv eller json / give --format csv or json".to_owned(),
            ));
        }
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let written = full(matrix, form, &mut out).and_then(|()| out.flush());
    match written {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::CouldNotRun(error.to_string())),
        Ok(()) => Ok(()),
    }
}

fn systems<'a>(
    federation: &'a Federation,
    names: &[String],
) -> Result<Vec<&'a UserFacingSystem>, Failure> {
    let all: Vec<_> = federation.systems.iter().collect();
    chosen("--system", all, names, |system| (&system.name, &system.id))
}

fn idps<'a>(
    federation: &'a Federation,
    names: &[String],
) -> Result<Vec<&'a IdentityProvider>, Failure> {
    let all: Vec<_> = federation.identity_providers.iter().collect();
    chosen("--idp", all, names, |idp| (&idp.name, &idp.id))
}

/// Those that are named, in the order of the federation; all where nobody is. All unknown names are told at once.
fn chosen<'a, T>(
    option: &str,
    all: Vec<&'a T>,
    names: &[String],
    of: impl Fn(&T) -> (&String, &String),
) -> Result<Vec<&'a T>, Failure> {
    if names.is_empty() {
        return Ok(all);
    }
    let is = |one: &T, name: &String| of(one).0 == name || of(one).1 == name;
    let unknown: Vec<&str> = names
        .iter()
        .filter(|name| !all.iter().any(|one| is(one, name)))
        .map(String::as_str)
        .collect();
    if !unknown.is_empty() {
        let known: Vec<&str> = all.iter().map(|one| of(one).0.as_str()).collect();
        return Err(Failure::Usage(format!(
            "error: {option} {}: ingen hedder det / nobody is called that\n\ngive one of {}",
            unknown.join(", "),
            known.join(", ")
        )));
    }
    Ok(all
        .into_iter()
        .filter(|one| names.iter().any(|name| is(one, name)))
        .collect())
}

fn roster(people: Option<&Path>, known: &Loaded) -> Result<Roster, Failure> {
    let roster = Roster::of(&known.file);
    let Some(path) = people else {
        return Ok(roster);
    };
    let bytes = given::of_option("--people", path)?;
    let idps = known.federation.identity_providers.iter();
    let names: Vec<&str> = idps.map(|idp| idp.name.as_str()).collect();
    roster.with_people(&bytes, &names).map_err(|errors| {
        let errors: Vec<String> = errors
            .iter()
            .map(|error| format!("{}:{}: {}", path.display(), error.line, error.why))
            .collect();
        Failure::Configuration(errors.join("\n"))
    })
}

fn baseline(path: &Path) -> Result<Baseline, Failure> {
    let bytes = given::of_option("--baseline", path)?;
    Baseline::parse(&bytes).map_err(|error| {
        Failure::Usage(format!(
            "error: --baseline {}: {error}\n\ngive what `vejviser matrix --format json` wrote",
            path.display()
        ))
    })
}
