//! XML for people: one element a line, indented. Works on text, not on a document: what is shown may be
//! something that the strict reader refuses, and it must be shown all the same.

/// Bytes of a page that one message may take: thousands of nested tags indent to many times their size.
const MAX: usize = 1024 * 1024;

/// Puts every tag on a line of its own, text together with its element. What would grow too large stays as
/// it is.
pub fn pretty(xml: &str) -> String {
    let mut out = String::with_capacity(xml.len() + xml.len() / 4);
    let mut depth = 0_usize;
    let mut rest = xml.trim();
    let mut after_text = false;
    let mut after_opening = false;
    while !rest.is_empty() {
        let Some(start) = rest.find('<') else {
            out.push_str(rest);
            break;
        };
        if out.len() > MAX {
            return xml.to_owned();
        }
        let text = &rest[..start];
        if !text.trim().is_empty() {
            out.push_str(text);
            after_text = true;
            after_opening = false;
        }
        let tag = &rest[start..start + tag_length(&rest[start..])];
        rest = &rest[start + tag.len()..];
        let closes = tag.starts_with("</");
        if closes {
            depth = depth.saturating_sub(1);
        }
        // An element with nothing but text stays on one line.
        let joins = after_text || (closes && after_opening);
        if !out.is_empty() && !joins {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth.min(40)));
        }
        out.push_str(tag);
        after_opening =
            !closes && !tag.ends_with("/>") && !tag.starts_with("<!") && !tag.starts_with("<?");
        depth += usize::from(after_opening);
        after_text = false;
    }
    out
}

/// Bytes of the tag that `text` begins with; a `>` in quotes does not end it.
fn tag_length(text: &str) -> usize {
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
            assert_eq!(
                pretty(junk).replace(['\n', ' '], ""),
                junk.replace(' ', ""),
                "{junk}"
            );
        }
    }
}
