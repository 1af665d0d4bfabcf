//! The report for a terminal, in one language. It can be read aloud: every sign has its word beside it.

use super::case_view::CaseView;
use super::lines::{labelled, wrapped};
use super::view::View;
use super::{Outcome, Report, clean};
use std::fmt::Write;

/// The whole report.
pub fn text(report: &Report<'_>) -> String {
    let run = clean::run(report.run);
    let view = report.view(&run, report.language);
    let t = view.t;
    // Writing to a String does not fail.
    let mut out = String::new();
    wrapped(&mut out, "", &view.title);
    wrapped(&mut out, "", t.unofficial);
    wrapped(&mut out, "", t.invented);
    out.push('\n');
    labelled(&mut out, "  ", &view.facts);
    out.push('\n');
    wrapped(&mut out, &format!("{}: ", t.result), &view.counts);
    wrapped(&mut out, "", &view.lead);
    for remark in &view.remarks {
        wrapped(&mut out, "", remark);
    }

    let failed = view.failed();
    if !failed.is_empty() {
        heading(&mut out, t.worst_first);
    }
    for case in failed {
        whole(&mut out, case, &view);
    }
    if !view.stale.is_empty() {
        heading(&mut out, t.stale);
        for line in &view.stale {
            wrapped(&mut out, "  ", line);
        }
    }
    let mut lists = vec![
        (t.known_failures, Outcome::Known),
        (t.skipped_cases, Outcome::Skip),
    ];
    if report.verbose {
        lists.push((t.passed_cases, Outcome::Pass));
    }
    for (title, outcome) in lists {
        list(&mut out, title, &view.with(outcome));
    }
    chapters(&mut out, &view);
    out
}

/// A failure with everything that is known of it.
fn whole(out: &mut String, case: &CaseView, view: &View) {
    out.push('\n');
    let start = format!("{} {} {} ", case.outcome.sign(), case.outcome_word, case.id);
    wrapped(
        out,
        &format!("{start}({}) ", case.weight.to_lowercase()),
        case.title,
    );
    labelled(out, "    ", &case.told(view.t));
}

fn list(out: &mut String, title: &str, cases: &[&CaseView]) {
    if cases.is_empty() {
        return;
    }
    heading(out, title);
    for case in cases {
        wrapped(
            out,
            &format!("  {} {}  ", case.outcome.sign(), case.id),
            case.title,
        );
        if !case.note.is_empty() {
            wrapped(out, "              ", &case.note);
        }
    }
}

/// One line a chapter.
fn chapters(out: &mut String, view: &View) {
    let t = view.t;
    heading(out, t.chapters);
    let widths = view
        .chapters
        .iter()
        .map(|chapter| chapter.title.chars().count());
    let width = widths.max().unwrap_or(0);
    for chapter in &view.chapters {
        let [passed, failed, known, skipped] = chapter.sums();
        let mut said = vec![t.passed_of(passed, chapter.cases.len())];
        if failed + known > 0 {
            said.push(match known {
                0 => t.failures(failed),
                known => t.failures_known(failed + known, known),
            });
        }
        if skipped > 0 {
            said.push(t.skips(skipped));
        }
        let blanks = " ".repeat(width - chapter.title.chars().count() + 2);
        let start = format!("  {}  {}{blanks}", chapter.id(), chapter.title);
        wrapped(out, &start, &said.join(" · "));
    }
}

fn heading(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n{title}\n{}", "-".repeat(title.chars().count()));
}
