//! The matrix for CI: a suite for each IdP, a case for each need. No times of the clock: the same federation gives the same
//! bytes.

use super::Report;
use super::phrases::Text;
use super::words;
use crate::drill::matrix::{Finding, NeedGroup};
use crate::hub::IdentityProvider;
use askama::Template;

#[derive(Template)]
#[template(path = "matrix/junit.xml")]
struct Junit {
    suites: Vec<Suite>,
    stale: Vec<String>,
}

struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    /// Id, and what is said of it, of each finding that is not known.
    failures: Vec<(&'static str, String)>,
    /// What is known, or no error.
    noted: Vec<String>,
}

/// A suite for each IdP.
pub fn junit(report: &Report<'_>) -> Result<String, askama::Error> {
    let t = Text::of(report.language);
    let groups = report.matrix.grid.idps.iter();
    let suites = groups.flat_map(|group| group.idps.iter()).map(|idp| Suite {
        name: safe(&format!(
            "idp:{} {}",
            idp.name,
            idp.oiosaml_profile.as_str()
        )),
        cases: report
            .matrix
            .grid
            .needs
            .iter()
            .map(|need| case(report, idp, need, t))
            .collect(),
    });
    let stale = report
        .comparison
        .map_or(&[][..], |comparison| &comparison.stale);
    let junit = Junit {
        suites: suites.collect(),
        stale: stale
            .iter()
            .map(|entry| safe(&t.stale(format!("{} {}", entry.id, entry.place))))
            .collect(),
    };
    Ok(junit.render()? + "\n")
}

fn case(
    report: &Report<'_>,
    idp: &IdentityProvider,
    need: &NeedGroup<'_>,
    t: &'static Text,
) -> Case {
    let mut case = Case {
        name: safe(&format!(
            "level {} ({})",
            need.required,
            words::names(&need.names(), t)
        )),
        failures: Vec::new(),
        noted: Vec::new(),
    };
    let here = |finding: &&Finding<'_>| {
        finding.idp.name == idp.name
            && finding.need.is_none_or(|found| {
                found.required == need.required && found.enforced == need.enforced
            })
    };
    for finding in report.findings.iter().filter(here) {
        let about = finding.kind.about();
        let who = finding
            .person
            .map_or_else(String::new, |person| format!("{}: ", person.name));
        let fate = finding
            .fate
            .as_ref()
            .map_or_else(String::new, |fate| format!(" – {}", words::fate(fate, t)));
        let said = safe(&format!("{who}{}{fate}", t.language.pick(about.title)));
        let known = report
            .comparison
            .is_some_and(|comparison| comparison.baseline.knows(finding));
        match about.error && !known {
            true => case.failures.push((about.id, said)),
            false => case.noted.push(said),
        }
    }
    case
}

/// Without the characters that XML 1.0 cannot carry (§2.2); the rest is escaped by the template.
fn safe(text: &str) -> String {
    let carried = |letter: &char| {
        (!letter.is_control() || *letter == '\n' || *letter == '\t')
            && !matches!(letter, '\u{FFFE}' | '\u{FFFF}')
    };
    text.chars().filter(carried).collect()
}

impl Suite {
    fn failures(&self) -> usize {
        self.cases
            .iter()
            .filter(|case| !case.failures.is_empty())
            .count()
    }
}

impl Junit {
    fn tests(&self) -> usize {
        self.suites
            .iter()
            .map(|suite| suite.cases.len())
            .sum::<usize>()
            + self.stale.len()
    }
    fn failures(&self) -> usize {
        self.suites.iter().map(Suite::failures).sum::<usize>() + self.stale.len()
    }
}
