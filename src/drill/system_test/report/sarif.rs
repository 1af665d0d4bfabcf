//! The report for code hosts: what is wrong in the metadata file, beside its lines. Nothing else of a run is in a file.

use super::{Outcome, Report, clean};
use crate::drill::report::metadata;
use crate::drill::report::sarif::sarif as written;
use url::Url;

/// Without results where the metadata was fetched from an address.
pub fn sarif(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let run = clean::run(report.run);
    let file = &run.subject.metadata_from;
    let fetched = Url::parse(file).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let mut findings = Vec::new();
    let results = run.results.iter();
    for result in results.filter(|result| report.outcome(result) == Outcome::Fail && !fetched) {
        for finding in &result.metadata {
            // Two cases may look at the same file.
            if !findings.contains(finding) {
                findings.push(finding.clone());
            }
        }
    }
    findings.sort_by_key(|finding| finding.rule);
    let results = findings
        .iter()
        .map(|finding| metadata::result(finding, file));
    let value = written(&metadata::rules(report.book), &results.collect::<Vec<_>>());
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}
