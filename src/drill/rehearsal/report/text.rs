//! The report for a terminal, in one language.

use super::axis::Axis;
use super::phrases::Text;
use super::tasks::Task;
use super::view::{PartyView, View};
use super::{Comparison, Report};
use crate::drill::rehearsal::{Line, words};
use crate::edge::page::when;
use std::fmt::Write;

/// Columns of a line.
const WIDTH: usize = 100;
/// Columns of a name beside a bar.
const NAME: usize = 30;
/// Columns of a bar.
const BAR: usize = WIDTH - NAME - 4;

/// The whole report.
pub fn text(report: &Report<'_>) -> String {
    let t = report.text_table();
    let views = report.views(report.language);
    // Writing to a String does not fail.
    let mut out = String::new();
    let _ = writeln!(out, "{}", t.title);
    wrapped(&mut out, "", t.unofficial);
    let _ = writeln!(out, "{}", t.danish_time_used);
    if let Some(comparison) = report.comparison {
        compared(&mut out, comparison, t);
    }
    if views.len() > 1 {
        overview(&mut out, &views, t);
    }
    for (index, view) in views.iter().enumerate() {
        run(&mut out, index + 1, view);
    }
    out
}

fn overview(out: &mut String, views: &[View<'_>], t: &Text) {
    heading(out, t.overview);
    for (index, view) in views.iter().enumerate() {
        wrapped(out, &format!("  {}. ", index + 1), &view.title);
        wrapped(out, "     ", &view.headline.join(" "));
    }
}

fn run(out: &mut String, number: usize, view: &View<'_>) {
    let t = view.t;
    let _ = writeln!(out, "\n{}", "=".repeat(WIDTH));
    wrapped(out, &format!("{number}. "), &view.title);
    let _ = writeln!(out, "{}\n", "=".repeat(WIDTH));
    wrapped(out, "", &view.headline.join(" "));
    wrapped(out, "", view.about);
    if let Some(disagreement) = &view.disagreement {
        wrapped(out, "", disagreement);
    }
    out.push('\n');
    let width = view
        .facts
        .iter()
        .map(|(label, _)| label.chars().count())
        .max();
    for (label, value) in &view.facts {
        wrapped(
            out,
            &format!("  {}", padded(label, width.unwrap_or(0) + 2)),
            value,
        );
    }
    steps(out, view);
    timeline(out, view);
    heading(out, t.parties);
    for party in &view.parties {
        self::party(out, party, t);
    }
    for (title, tasks) in [
        (t.tasks_before, &view.tasks.before),
        (t.tasks_now, &view.tasks.now),
    ] {
        if !tasks.is_empty() {
            heading(out, title);
            for task in tasks {
                self::task(out, task);
            }
        }
    }
    heading(out, t.proof_title);
    wrapped(out, "  ", &view.proof);
}

fn steps(out: &mut String, view: &View<'_>) {
    let t = view.t;
    heading(out, t.steps);
    wrapped(out, "  ", t.logins_note);
    let logins = view
        .steps
        .iter()
        .map(|row| row.logins.chars().count())
        .max();
    let width = logins.unwrap_or(0).max(t.logins.chars().count());
    let moments = view.steps.iter().map(|row| row.when.chars().count()).max();
    let moments = moments.unwrap_or(0).max(16);
    let _ = writeln!(
        out,
        "  {:>3}  {}  {}  {}",
        t.step_number,
        padded(t.when, moments),
        padded(t.logins, width),
        t.what
    );
    for row in &view.steps {
        let number = row
            .number
            .map_or(String::new(), |number| number.to_string());
        let start = format!(
            "  {number:>3}  {}  {}  ",
            padded(&row.when, moments),
            padded(&row.logins, width)
        );
        let indent = " ".repeat(start.chars().count());
        for (index, what) in row.what.iter().enumerate() {
            wrapped(out, if index == 0 { &start } else { &indent }, what);
        }
    }
}

/// A bar for each party: `-` works, a letter is the cause for which it fails.
fn timeline(out: &mut String, view: &View<'_>) {
    let t = view.t;
    let axis = Axis::of(&view.run.plan);
    heading(out, t.picture);
    let (mut numbers, mut clocks) = (vec![' '; BAR], vec![' '; BAR]);
    for row in &view.steps {
        if let Some(number) = row
            .number
            .filter(|_| axis.marks().iter().any(|(at, _)| *at == row.at))
        {
            put(
                &mut numbers,
                column(axis.place(row.at)),
                &number.to_string(),
            );
        }
    }
    for (at, place) in axis.marks() {
        put(&mut clocks, column(*place), &when::clock(*at, t.language));
    }
    for (label, line) in [("", &numbers), ("", &clocks)] {
        let line: String = line.iter().collect();
        let _ = writeln!(
            out,
            "{}",
            format!("  {} {line}", padded(label, NAME)).trim_end()
        );
    }
    for party in &view.parties {
        let _ = writeln!(
            out,
            "  {} {}",
            padded(&party.line.party.title, NAME),
            bar(party.line, &axis)
        );
    }
    let causes = view
        .causes
        .iter()
        .map(|(letter, title)| format!("{letter} {title}"));
    let legend: Vec<String> = std::iter::once(format!("- {}", t.works))
        .chain(causes)
        .collect();
    wrapped(out, &format!("  {}: ", t.legend), &legend.join(" · "));
    wrapped(out, "  ", t.picture_note);
}

fn bar(line: &Line, axis: &Axis) -> String {
    let mut cells = ['-'; BAR];
    for outage in &line.outages {
        let from = column(axis.place(outage.from)).min(BAR - 1);
        let to = outage
            .to
            .map_or(BAR, |to| column(axis.place(to)))
            .max(from + 1);
        // However short, it is seen.
        for cell in cells
            .iter_mut()
            .take(to)
            .skip(from)
            .filter(|cell| **cell == '-')
        {
            *cell = words::letter(outage.cause);
        }
    }
    cells.iter().collect()
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place is between 0 and 1, a bar less than a hundred columns"
)]
fn column(place: f64) -> usize {
    (place * BAR as f64).round() as usize
}

/// Puts a label into a line where it has room; one that has none is left out. At the end it stands before its place.
fn put(line: &mut [char], at: usize, label: &str) {
    let width = label.chars().count();
    let at = at.min(line.len().saturating_sub(width));
    let around = line.get(at.saturating_sub(1)..line.len().min(at + width + 1));
    if around.is_some_and(|cells| cells.iter().all(|cell| *cell == ' ')) {
        for (cell, letter) in line.iter_mut().skip(at).zip(label.chars()) {
            *cell = letter;
        }
    }
}

fn party(out: &mut String, party: &PartyView<'_>, t: &Text) {
    let contact = party.line.party.contact.as_ref();
    let contact = contact.map_or(String::new(), |contact| format!("; {contact}"));
    let about = format!(
        "{} – {}: {}{contact}",
        party.line.party.title, party.kind, party.habits
    );
    wrapped(out, "  ", &about);
    if party.outages.is_empty() {
        let _ = writeln!(out, "     {}", t.not_down);
    }
    for outage in &party.outages {
        let span = format!(
            "{}  {} {} – {} ({})",
            outage.letter, t.down, outage.from, outage.to, outage.span
        );
        wrapped(out, "     ", &span);
        wrapped(out, "        ", &outage.what);
        wrapped(out, "        ", &format!("{}: {}", t.who_acts, outage.who));
    }
}

fn task(out: &mut String, task: &Task) {
    wrapped(out, "  [ ] ", &task.text);
    wrapped(
        out,
        "      ",
        &format!("{}: {}", task.actor, task.names.join(", ")),
    );
}

fn compared(out: &mut String, comparison: &Comparison, t: &'static Text) {
    heading(out, &t.compared(&comparison.file));
    for line in comparison.lines(t) {
        wrapped(out, "  ", &line);
    }
}

fn heading(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n{title}");
}

fn padded(text: &str, width: usize) -> String {
    let count = text.chars().count();
    if count <= width {
        return format!("{text}{}", " ".repeat(width - count));
    }
    let cut: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{cut}…")
}

/// Breaks at blanks; lines after the first one stand under its text. What a terminal would obey is left out.
fn wrapped(out: &mut String, start: &str, text: &str) {
    let indent = " ".repeat(start.chars().count());
    let mut line = start.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(|letter| !letter.is_control()).collect();
        let width = line.chars().count() + word.chars().count() + usize::from(!empty);
        if width > WIDTH && !empty {
            let _ = writeln!(out, "{}", line.trim_end());
            line.clone_from(&indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(&word);
        empty = false;
    }
    let _ = writeln!(out, "{}", line.trim_end());
}
