//! A line of indented XML in coloured pieces, and the elements that start in it. Works on anything: what is shown
//! may be what the strict reader refuses.

use crate::edge::manage::flow::shown::is_odd;
use crate::edge::pretty::tag_length;

/// A piece of a line: what it is, as a class of the stylesheet, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Class: `t` tag, `a` name of an attribute, `v` its value, `x` text, `c` comment or other markup, `o` a
    /// character that could not be seen.
    pub class: &'static str,
    /// Text.
    pub text: String,
}

/// A start tag: what places look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Local name.
    pub local: String,
    /// Attributes: local name and value, as written.
    pub attributes: Vec<(String, String)>,
}

/// What a line has.
#[derive(Debug, Default)]
pub struct Lexed {
    /// The pieces; line breaks are in them.
    pub spans: Vec<Span>,
    /// Start tags in order.
    pub tags: Vec<Start>,
}

/// A tag in the order of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// An element starts.
    Opens(Tag),
    /// It starts and ends.
    Empty(Tag),
    /// The latest one ends.
    Closes,
}

/// Cuts up a line of [`pretty::lines`](crate::edge::pretty::lines): its tags begin and end where they do there.
pub fn lex(line: &str) -> Lexed {
    let mut lexed = Lexed::default();
    let mut rest = line;
    while !rest.is_empty() {
        let start = rest.find('<').unwrap_or(rest.len());
        let (text, after) = rest.split_at(start);
        lexed.push("x", text);
        let (tag, after) = after.split_at(tag_length(after));
        rest = after;
        if tag.starts_with("<!") || tag.starts_with("<?") {
            lexed.push("c", tag);
        } else if tag.starts_with("</") {
            lexed.push("t", tag);
            lexed.tags.push(Start::Closes);
        } else if !tag.is_empty() {
            lexed.start_tag(tag);
        }
    }
    lexed
}

impl Lexed {
    fn start_tag(&mut self, tag: &str) {
        let name = |c: char| c.is_whitespace() || matches!(c, '>' | '/');
        let end = tag[1..].find(name).map_or(tag.len(), |at| at + 1);
        let (head, mut rest) = tag.split_at(end);
        self.push("t", head);
        let mut found = Tag {
            local: local(&head[1..]).to_owned(),
            attributes: Vec::new(),
        };
        // What stands before a quote is a name and an equals sign; or it is wrong, and shown all the same.
        while let Some(quote) = rest.find(['"', '\'']) {
            let (before, value) = rest.split_at(quote);
            let mark = &value[..1];
            let end = value[1..].find(mark).map_or(value.len(), |at| at + 2);
            let (value, after) = value.split_at(end);
            self.push("a", before);
            self.push("v", value);
            let named = before.trim_matches(|c: char| c.is_whitespace() || c == '=');
            let bare = value.trim_matches(mark.chars().next().unwrap_or('"'));
            found
                .attributes
                .push((local(named).to_owned(), bare.to_owned()));
            rest = after;
        }
        self.push("t", rest);
        self.tags.push(match tag.ends_with("/>") {
            true => Start::Empty(found),
            false => Start::Opens(found),
        });
    }

    /// Adds text; characters that nobody sees, or that turn the text around, become visible.
    fn push(&mut self, class: &'static str, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(is_odd) {
            let (before, from) = rest.split_at(at);
            self.append(class, before);
            let odd = from.chars().next().unwrap_or_default();
            rest = &from[odd.len_utf8()..];
            // A line break of Windows is a line break.
            if odd != '\r' || !rest.starts_with('\n') {
                self.append("o", &format!("U+{:04X}", u32::from(odd)));
            }
        }
        self.append(class, rest);
    }

    fn append(&mut self, class: &'static str, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if last.class == class && class != "o" => last.text.push_str(text),
            _ => self.spans.push(Span {
                class,
                text: text.to_owned(),
            }),
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(line: &str) -> String {
        let spans = lex(line).spans.into_iter();
        let painted = spans.map(|span| format!("{}[{}]", span.class, span.text));
        painted.collect()
    }

    #[test]
    fn tags_attributes_values_and_text_have_classes() {
        assert_eq!(
            painted("<a:b c=\"1>2\" d=''>t &lt; u</a:b>"),
            "t[<a:b]a[ c=]v[\"1>2\"]a[ d=]v['']t[>]x[t &lt; u]t[</a:b>]"
        );
        assert_eq!(
            painted("<!-- <x> --><y/>"),
            "c[<!-- <x> -->]t[<y/>]",
            "markup in a comment is the comment's"
        );
        assert_eq!(painted("<![CDATA[<z>]]>"), "c[<![CDATA[<z>]]>]");
    }

    #[test]
    fn nothing_of_a_line_is_lost() {
        for line in [
            "",
            "<",
            "<a",
            "<a b",
            "<a b='",
            "<a b=\"c",
            "</",
            "<!--",
            "<a b='1'c=\"2\" 'd>e",
            "<æ ø=\"å\">\n<b>",
            "<a/ b='c'>",
            "< x>",
        ] {
            let spans = lex(line).spans;
            let text: String = spans.into_iter().map(|span| span.text).collect();
            assert_eq!(text, line);
        }
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(
            painted("a\u{202E}b\u{0}\u{200B}\r\nc\r"),
            "x[a]o[U+202E]x[b]o[U+0000]o[U+200B]x[\nc]o[U+000D]"
        );
    }

    #[test]
    fn start_tags_say_their_name_and_attributes() {
        let tags = lex("<s:A x:ID=\"_1\" Name='n'><B/></s:A>").tags;
        let tag = |local: &str, attributes: &[(&str, &str)]| Tag {
            local: local.to_owned(),
            attributes: (attributes.iter())
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
        };
        let expected = [
            Start::Opens(tag("A", &[("ID", "_1"), ("Name", "n")])),
            Start::Empty(tag("B", &[])),
            Start::Closes,
        ];
        assert_eq!(tags, expected);
    }
}
