//! Lines of a terminal.

/// Columns of a line.
pub const WIDTH: usize = 96;

/// Breaks at blanks, and a word that is too long anywhere; lines after the first one stand under its text.
pub fn wrapped(out: &mut String, start: &str, text: &str) {
    let indent = " ".repeat(start.chars().count());
    let room = WIDTH - indent.len().min(WIDTH - 1);
    let mut line = start.to_owned();
    let mut used = 0;
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for (at, part) in letters.chunks(room).enumerate() {
            let blank = usize::from(used > 0 && at == 0);
            if used > 0 && used + blank + part.len() > room {
                ended(out, &line);
                line.clone_from(&indent);
                used = 0;
            }
            if used > 0 && blank == 1 {
                line.push(' ');
                used += 1;
            }
            line.extend(part);
            used += part.len();
        }
    }
    ended(out, &line);
}

fn ended(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}

/// Labels with their values, the values under each other; an empty label goes on with the one above.
pub fn labelled(out: &mut String, indent: &str, rows: &[(&str, String)]) {
    let width = rows.iter().map(|(label, _)| label.chars().count()).max();
    let width = width.unwrap_or(0) + 2;
    for (label, value) in rows {
        let colon = if label.is_empty() { " " } else { ":" };
        let blanks = " ".repeat(width.saturating_sub(label.chars().count() + 1));
        wrapped(out, &format!("{indent}{label}{colon}{blanks}"), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_never_too_long() {
        let mut out = String::new();
        wrapped(
            &mut out,
            "  Adresse: ",
            &format!("kort {} æ", "x".repeat(200)),
        );
        assert!(
            out.lines().all(|line| line.chars().count() <= WIDTH),
            "{out}"
        );
        assert_eq!(out.matches('x').count(), 200);
        assert!(
            out.starts_with("  Adresse: kort\n           xxx") && out.ends_with("x æ\n"),
            "{out}"
        );
        let mut out = String::new();
        labelled(
            &mut out,
            "  ",
            &[("A", "1".to_owned()), ("Åben", "2".to_owned())],
        );
        assert_eq!(out, "  A:    1\n  Åben: 2\n");
        let mut out = String::new();
        wrapped(&mut out, "- ", "");
        assert_eq!(out, "-\n");
    }
}
