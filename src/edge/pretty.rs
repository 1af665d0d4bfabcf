//! XML for people: one element a line, indented. Works on text, not on a document: what is shown may be
//! something that the strict reader refuses, and it must be shown all the same.

/// Bytes of a page that one message may take: thousands of nested tags indent to many times their size.
pub const MAX: usize = 1024 * 1024;

/// A line, and which element of the document it belongs to: their start tags counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line, indented.
    pub text: String,
    /// The element that starts, ends or goes on in it.
    pub element: Option<usize>,
}

/// Puts every tag on a line of its own, text together with its element. What would grow too large stays as
/// it is.
pub fn pretty(xml: &str) -> String {
    match lines(xml, MAX) {
        Some(lines) => {
            let lines: Vec<String> = lines.into_iter().map(|line| line.text).collect();
            lines.join("\n")
        }
        None => xml.to_owned(),
    }
}

/// The lines of [`pretty`], unless they would take more bytes than `most`.
pub fn lines(xml: &str, most: usize) -> Option<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut elements = 0;
    let mut bytes = 0;
    let mut rest = xml.trim();
    let mut after_text = false;
    let mut after_opening = false;
    while !rest.is_empty() {
        let start = rest.find('<').unwrap_or(rest.len());
        if bytes > most {
            return None;
        }
        let text = &rest[..start];
        if !text.trim().is_empty() {
            append(&mut lines, text, open.last().copied());
            bytes += text.len();
            after_text = true;
            after_opening = false;
        }
        let tag = &rest[start..start + tag_length(&rest[start..])];
        rest = &rest[start + tag.len()..];
        if tag.is_empty() {
            break;
        }
        let closes = tag.starts_with("</");
        let is_markup = tag.starts_with("<!") || tag.starts_with("<?");
        let element = if closes {
            open.pop()
        } else if is_markup {
            open.last().copied()
        } else {
            elements += 1;
            Some(elements - 1)
        };
        // An element with nothing but text stays on one line.
        if after_text || (closes && after_opening) {
            append(&mut lines, tag, element);
        } else {
            let indent = "  ".repeat(open.len().min(40));
            bytes += indent.len() + 1;
            lines.push(Line {
                text: indent + tag,
                element,
            });
        }
        bytes += tag.len();
        after_opening = !closes && !is_markup && !tag.ends_with("/>");
        if after_opening {
            open.extend(element);
        }
        after_text = false;
    }
    Some(lines)
}

fn append(lines: &mut Vec<Line>, text: &str, element: Option<usize>) {
    match lines.last_mut() {
        Some(line) => line.text.push_str(text),
        None => lines.push(Line {
            text: text.to_owned(),
            element,
        }),
    }
}

/// Bytes of the tag that `text` begins with; a `>` in quotes does not end it.
pub fn tag_length(text: &str) -> usize {
    for (opens, closes) in [("<!--", "-->"), ("<![CDATA[", "]]>")] {
        if text.starts_with(opens) {
            return text
                .find(closes)
                .map_or(text.len(), |end| end + closes.len());
        }
    }
    let mut quote = None;
    for (index, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_get_lines_and_text_stays() {
        assert_eq!(
            pretty("<a><b x=\"1>2\">t &amp; u</b><c/><d y=''></d></a>"),
            "<a>\n  <b x=\"1>2\">t &amp; u</b>\n  <c/>\n  <d y=''></d>\n</a>"
        );
    }

    #[test]
    fn lines_know_their_elements() {
        let found = lines("<a><!-- <x> --><b>t</b><c/></a>", MAX).unwrap();
        let elements: Vec<_> = found.iter().map(|line| line.element).collect();
        assert_eq!(elements, [Some(0), Some(0), Some(1), Some(2), Some(0)]);
    }

    #[test]
    fn what_would_grow_too_large_stays_as_it_is() {
        let deep = "<a>".repeat(50) + &"<b/>".repeat(60_000);
        assert_eq!(pretty(&deep), deep);
    }

    #[test]
    fn junk_is_shown_and_ends() {
        for junk in [
            "",
            "junk",
            "<",
            "<a",
            "</a></a>",
            "<a b='",
            "æ<ø",
            "<!--",
            "<![CDATA[x]]>",
        ] {
            assert!(lines(junk, MAX).is_some());
            assert_eq!(
                pretty(junk).replace(['\n', ' '], ""),
                junk.replace(' ', ""),
                "{junk}"
            );
        }
    }
}
