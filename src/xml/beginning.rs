//! How a value that a peer wrote is shown in a report or an error: one limit, so that nobody can fill either.

/// As many characters of it; every name of the standards is shorter, and most NameIDs are.
const SHOWN: usize = 120;

/// The beginning of `text`; … says that there is more.
pub(crate) fn beginning(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_is_whole_and_what_is_long_begins() {
        let whole = "å".repeat(SHOWN);
        assert_eq!(beginning(&whole), whole);
        assert_eq!(beginning(&format!("{whole}b")), format!("{whole}…"));
        assert_eq!(beginning(""), "");
    }
}
