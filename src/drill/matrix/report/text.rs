//! The matrix for people at a terminal.

use super::phrases::Text;
use super::{Report, Table};
use std::fmt::Write;

/// Columns.
const WIDTH: usize = 120;
/// A column is at least so wide, where there is more to show.
const NARROW: usize = 8;

/// The report.
pub fn text(report: &Report<'_>) -> String {
    let t = Text::of(report.language);
    let mut out = String::new();
    let _ = writeln!(out, "{}", t.title);
    let _ = writeln!(out, "{}", t.unofficial);
    let _ = writeln!(out, "{}", report.size(t));
    for table in report.tables(report.language) {
        self::table(&mut out, &table);
    }
    out
}

/// A table, its notes below it.
pub fn table(out: &mut String, table: &Table) {
    let _ = writeln!(out, "\n{}", table.title);
    let widths = widths(table);
    if !table.rows.is_empty() {
        let headings = table.headings.iter().map(|heading| (*heading).to_owned());
        row(out, &headings.collect::<Vec<_>>(), &widths);
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        row(out, &rule, &widths);
    }
    for entries in &table.rows {
        let entries = entries.iter().map(|entry| match entry.class {
            "fail" => format!("✗ {}", entry.text),
            "warn" => format!("! {}", entry.text),
            "pass" => format!("✓ {}", entry.text),
            _ => entry.text.clone(),
        });
        row(out, &entries.collect::<Vec<_>>(), &widths);
    }
    for note in &table.notes {
        for line in wrapped(note, WIDTH - 2) {
            let _ = writeln!(out, "  {line}");
        }
    }
}

/// As wide as the longest entry; where all of them do not fit, the widest ones give way.
fn widths(table: &Table) -> Vec<usize> {
    let mut widths: Vec<usize> = table
        .headings
        .iter()
        .map(|heading| heading.chars().count())
        .collect();
    for entries in &table.rows {
        for (width, entry) in widths.iter_mut().zip(entries) {
            let mark = if entry.class.is_empty() { 0 } else { 2 };
            *width = (*width).max(entry.text.chars().count() + mark);
        }
    }
    while widths.iter().sum::<usize>() + 2 * widths.len() > WIDTH {
        match widths.iter_mut().max() {
            Some(widest) if *widest > NARROW => *widest -= 1,
            _ => break,
        }
    }
    widths
}

fn row(out: &mut String, entries: &[String], widths: &[usize]) {
    let cells: Vec<Vec<String>> = entries
        .iter()
        .zip(widths)
        .map(|(entry, width)| wrapped(entry, *width))
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    for line in 0..height {
        let mut text = String::new();
        for (cell, width) in cells.iter().zip(widths) {
            let part = cell.get(line).map_or("", String::as_str);
            let _ = write!(
                text,
                "  {part}{}",
                " ".repeat(width.saturating_sub(part.chars().count()))
            );
        }
        let _ = writeln!(out, "{}", text.trim_end());
    }
}

/// Breaks at blanks, and a word that is too long anywhere. What a terminal would obey is left out.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().filter(|letter| !letter.is_control()).collect();
        for part in letters.chunks(width.max(1)) {
            let part: String = part.iter().collect();
            let needed =
                line.chars().count() + part.chars().count() + usize::from(!line.is_empty());
            if needed > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&part);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}
