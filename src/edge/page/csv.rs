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

/// The field, marked as text where a spreadsheet would take it for a formula.
pub fn inert(field: &str) -> Cow<'_, str> {
    match field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => Cow::Owned(format!("'{field}")),
        false => Cow::Borrowed(field),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_in_it_is_a_formula_and_every_quote_is_doubled() {
        let fields = ["=1+1", "a \"b\", c", "@x", ""].map(str::to_owned);
        assert_eq!(
            super::row(&fields),
            "\"'=1+1\",\"a \"\"b\"\", c\",\"'@x\",\"\"\r\n"
        );
    }
}
