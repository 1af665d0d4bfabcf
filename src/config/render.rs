//! Problems as people and scripts read them.

use super::{self as config, Kind, Problem, Problems};
use crate::hub::Actor;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity,
    SourceCode,
};
use serde::Serialize;
use std::fmt;

/// For the terminal: each problem framed in its lines, without colour. `text` is the content of the file.
pub fn text(problems: &Problems, text: &str) -> String {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_width(100)
        .with_links(false);
    let mut out = String::new();
    for problem in &problems.list {
        let source = NamedSource::new(problem.file.display().to_string(), text.to_owned());
        // Writing to a String cannot fail; should a report not be drawn, its words are not lost.
        if handler
            .render_report(&mut out, &Framed { problem, source })
            .is_err()
        {
            out.push_str(&format!(
                "{}: {} ({})\n",
                problem.id, problem.what, problem.help
            ));
        }
        out.push('\n');
    }
    let count = |severity| problems.count(severity);
    let left_out = match count(config::Severity::LeftOut) {
        0 => String::new(),
        parties => format!("{parties} left out, "),
    };
    out.push_str(&format!(
        "{} fatal, {left_out}{} warnings\n",
        count(config::Severity::Fatal),
        count(config::Severity::Warning)
    ));
    out
}

/// The contract's findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// How many of which.
    pub summary: Summary,
    /// One for each problem.
    pub findings: Vec<Finding>,
}

/// How many of which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Problems that stop the hub from starting, or from knowing a party.
    pub errors: usize,
    /// Others.
    pub warnings: usize,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable id.
    pub id: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// Who must act.
    pub actor: Actor,
    /// Danish title.
    pub title_da: &'static str,
    /// English title.
    pub title_en: &'static str,
    /// What was found.
    pub found: String,
    /// What was expected, or what to do.
    pub expected: String,
    /// File and line.
    #[serde(rename = "where")]
    pub place: String,
}

/// Problems as findings.
pub fn findings(problems: &Problems) -> Findings {
    let findings: Vec<Finding> = problems.list.iter().map(finding).collect();
    let warnings = problems.count(config::Severity::Warning);
    Findings {
        summary: Summary {
            errors: findings.len() - warnings,
            warnings,
        },
        findings,
    }
}

fn finding(problem: &Problem) -> Finding {
    let kind = Kind::by_id(problem.id);
    let file = problem.file.display();
    Finding {
        id: problem.id,
        severity: match problem.severity {
            config::Severity::Fatal | config::Severity::LeftOut => "error",
            config::Severity::Warning => "warning",
        },
        actor: problem.actor,
        title_da: kind.map_or(problem.id, |kind| kind.da),
        title_en: kind.map_or(problem.id, |kind| kind.en),
        found: problem.what.clone(),
        expected: problem.help.clone(),
        place: problem
            .line
            .map_or_else(|| file.to_string(), |line| format!("{file}:{line}")),
    }
}

/// A problem with its source, for miette.
#[derive(Debug)]
struct Framed<'a> {
    problem: &'a Problem,
    source: NamedSource<String>,
}

impl fmt::Display for Framed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.what)
    }
}

impl std::error::Error for Framed<'_> {}

impl Diagnostic for Framed<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.problem.id))
    }
    fn severity(&self) -> Option<Severity> {
        Some(match self.problem.severity {
            config::Severity::Fatal | config::Severity::LeftOut => Severity::Error,
            config::Severity::Warning => Severity::Warning,
        })
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.problem.help))
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.problem
            .span
            .is_some()
            .then_some(&self.source as &dyn SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.problem.span.clone()?;
        let label = Kind::by_id(self.problem.id).map(|kind| kind.en.to_owned());
        Some(Box::new(std::iter::once(LabeledSpan::new(
            label,
            span.start,
            span.len(),
        ))))
    }
}
