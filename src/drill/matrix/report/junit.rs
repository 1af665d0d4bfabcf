//! The matrix for CI: a suite for each IdP, a case for each need. No times of the clock: the same federation gives the same
//! bytes.

use super::Report;
use super::phrases::Text;
use super::words;
use crate::drill::matrix::{Finding, NeedGroup};
use crate::drill::report::junit::{Case, Failure, Junit, Suite};
use crate::hub::IdentityProvider;

/// A suite for each IdP.
pub fn junit(report: &Report<'_>) -> Result<String, askama::Error> {
    let t = Text::of(report.language);
    let groups = report.matrix.grid.idps.iter();
    let suites = groups.flat_map(|group| group.idps.iter()).map(|idp| {
        let needs = report.matrix.grid.needs.iter();
        let cases = needs.map(|need| case(report, idp, need, t)).collect();
        let name = format!("idp:{} {}", idp.name, idp.oiosaml_profile.as_str());
        Suite::new(&name, "", cases)
    });
    let stale = report
        .comparison
        .map_or(&[][..], |comparison| &comparison.stale);
    let stale = stale.iter().enumerate().map(|(at, entry)| Case {
        name: (at + 1).to_string(),
        failures: vec![Failure {
            kind: "matrix::stale-baseline".to_owned(),
            message: t.stale(format!("{} {}", entry.id, entry.place)),
            text: String::new(),
        }],
        ..Case::default()
    });
    let stale: Vec<Case> = stale.collect();
    let baseline = (!stale.is_empty()).then(|| Suite::new("baseline", "", stale));
    Junit::new("vejviser matrix", suites.chain(baseline).collect()).text()
}

fn case(
    report: &Report<'_>,
    idp: &IdentityProvider,
    need: &NeedGroup<'_>,
    t: &'static Text,
) -> Case {
    let mut case = Case {
        name: format!(
            "level {} ({})",
            need.required,
            words::names(&need.names(), t)
        ),
        ..Case::default()
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
        let said = format!("{who}{}{fate}", t.language.pick(about.title));
        let known = report
            .comparison
            .is_some_and(|comparison| comparison.baseline.knows(finding));
        match about.error && !known {
            true => case.failures.push(Failure {
                kind: about.id.to_owned(),
                message: said,
                text: String::new(),
            }),
            false => case.noted.push(said),
        }
    }
    case
}
