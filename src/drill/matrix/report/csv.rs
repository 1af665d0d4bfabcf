//! The matrix for spreadsheets: a row for each entry, in the language of the report; stable words for scripts are in JSON.

use super::{Report, Subject, Table};

/// UTF-8 with a byte order mark and semicolons, as Danish spreadsheets open it. Of what is asked about the last table:
/// of the people those who must be enrolled.
pub fn csv(report: &Report<'_>) -> String {
    let tables = report.tables(report.language);
    let table = match report.subject {
        Subject::Matrix => tables.first(),
        _ => tables.last(),
    };
    let mut out = String::from('\u{FEFF}');
    if let Some(table) = table {
        rows(&mut out, table);
    }
    out
}

fn rows(out: &mut String, table: &Table) {
    line(out, table.headings.iter().copied());
    for row in &table.rows {
        line(out, row.iter().map(|entry| entry.text.as_str()));
    }
}

/// A line of fields.
pub(super) fn line<'a>(out: &mut String, fields: impl Iterator<Item = &'a str>) {
    let quoted: Vec<String> = fields.map(quoted).collect();
    out.push_str(&quoted.join(";"));
    out.push_str("\r\n");
}

/// A field that stays one field, and that a spreadsheet does not take for a formula (OWASP, CSV injection).
fn quoted(field: &str) -> String {
    let risky = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if risky { "'" } else { "" };
    match risky || field.contains([';', '"', '\n', '\r']) {
        true => format!("\"{guard}{}\"", field.replace('"', "\"\"")),
        false => field.to_owned(),
    }
}
