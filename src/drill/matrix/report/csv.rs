//! The matrix for spreadsheets: a row for each entry, in the language of the report; stable words for scripts are in JSON.

use super::{Report, Subject, Table};
use crate::edge::page::csv::danish_row;

/// UTF-8 with a byte order mark and semicolons, as Danish spreadsheets open it. Of the people those who must be
/// enrolled, of the generations whose login goes otherwise.
pub fn csv(report: &Report<'_>) -> String {
    let tables = report.tables(report.language);
    let table = match report.subject {
        Subject::Matrix | Subject::Overview => tables.first(),
        Subject::People | Subject::Generations => tables.get(1),
    };
    let mut out = String::from('\u{FEFF}');
    if let Some(table) = table {
        rows(&mut out, table);
    }
    out
}

fn rows(out: &mut String, table: &Table) {
    out.push_str(&danish_row(table.headings.iter().copied()));
    for row in &table.rows {
        out.push_str(&danish_row(row.iter().map(|entry| entry.in_full())));
    }
}
