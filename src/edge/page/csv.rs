//! Fields of a table for spreadsheets.

use std::borrow::Cow;

/// A row (RFC 4180): every field in quotes, quotes doubled. Nothing in it is a
/// formula: names come from files of others (OWASP, CSV injection).
pub fn row(fields: &[impl AsRef<str>]) -> String {
    let fields = fields.iter().map(|field| self::field(field.as_ref()));
    let quoted: Vec<String> = fields.collect();
    quoted.join(",") + "\r\n"
}

fn field(field: &str) -> String {
    format!("\"{}\"", inert(field).replace('"', "\"\""))
}

/// A row as Danish spreadsheets open it, after a byte order mark: semicolons, quotes only where they are needed.
pub fn danish_row<'a>(fields: impl IntoIterator<Item = &'a str>) -> String {
    let quoted = |text: &'a str| {
        let inert = inert(text);
        match inert != text || text.contains([';', '"', '\n', '\r']) {
            true => format!("\"{}\"", inert.replace('"', "\"\"")),
            false => text.to_owned(),
        }
    };
    let fields: Vec<String> = fields.into_iter().map(quoted).collect();
    fields.join(";") + "\r\n"
}

/// The field, marked as text where a spreadsheet would take it for a formula.
fn inert(field: &str) -> Cow<'_, str> {
    match field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => Cow::Owned(format!("'{field}")),
        false => Cow::Borrowed(field),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_field_of_a_danish_row_stays_one_field_and_is_no_formula() {
        let fields = ["a b", "a;b", "say \"no\"", "=HYPERLINK(1)"];
        assert_eq!(
            super::danish_row(fields),
            "a b;\"a;b\";\"say \"\"no\"\"\";\"'=HYPERLINK(1)\"\r\n"
        );
    }

    #[test]
    fn nothing_in_it_is_a_formula_and_every_quote_is_doubled() {
        let fields = ["=1+1", "a \"b\", c", "@x", ""].map(str::to_owned);
        assert_eq!(
            super::row(&fields),
            "\"'=1+1\",\"a \"\"b\"\", c\",\"'@x\",\"\"\r\n"
        );
    }
}
