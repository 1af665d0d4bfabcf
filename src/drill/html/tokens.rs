//! Tags and what stands between them.

use std::collections::BTreeMap;

/// Attributes of one tag; what comes after them is overlooked.
const MAX_ATTRIBUTES: usize = 256;
/// Characters of a character reference.
const MAX_REFERENCE: usize = 32;

/// A tag; one without a name stands for the end of the page, a comment or a declaration.
#[derive(Debug, Default)]
pub struct Tag {
    pub name: String,
    pub closing: bool,
    pub attributes: BTreeMap<String, String>,
}

impl Tag {
    pub fn take(&mut self, name: &str) -> String {
        self.attributes.remove(name).unwrap_or_default()
    }

    fn end_of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            closing: true,
            ..Self::default()
        }
    }
}

/// Calls `visit` for every tag, with the text before it. What stands in scripts, styles, text areas and the like is
/// text, and comes with the end tag.
pub fn each_tag(html: &str, mut visit: impl FnMut(Tag, &str)) {
    let (mut text, mut at) = (0, 0);
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let (tag, length) = match kind(&html[start..]) {
            Kind::Text => {
                at = start + 1;
                continue;
            }
            Kind::Other(length) => (Tag::default(), length),
            Kind::Tag(length) => (parse(&html[start + 1..start + length - 1]), length),
            // Nothing closes it: the rest is no page.
            Kind::Unclosed => break,
        };
        let name = tag.name.clone();
        let raw = !tag.closing && is_raw(&name);
        visit(tag, &html[text..start]);
        at = start + length;
        text = at;
        if raw {
            let (inside, length) = until_end(&html[at..], &name);
            visit(Tag::end_of(&name), inside);
            at += length;
            text = at;
        }
    }
    visit(Tag::default(), &html[text..]);
}

enum Kind {
    Text,
    /// A comment or declaration of this length.
    Other(usize),
    Tag(usize),
    Unclosed,
}

fn kind(text: &str) -> Kind {
    let mut next = text[1..].chars();
    match (next.next(), next.next()) {
        (Some('!'), _) if text.starts_with("<!--") => match text.find("-->") {
            Some(end) => Kind::Other(end + 3),
            None => Kind::Unclosed,
        },
        (Some('!' | '?'), _) => match text.find('>') {
            Some(end) => Kind::Other(end + 1),
            None => Kind::Unclosed,
        },
        (Some('/'), Some(c)) | (Some(c), _) if c.is_ascii_alphabetic() => match tag_end(text) {
            Some(end) => Kind::Tag(end + 1),
            None => Kind::Unclosed,
        },
        _ => Kind::Text,
    }
}

/// Where the tag at the start of `text` ends: the first `>` outside the quotes of a value.
fn tag_end(text: &str) -> Option<usize> {
    let (mut quote, mut before) = (None, b' ');
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    None
}

/// Elements whose content is text.
fn is_raw(name: &str) -> bool {
    let raw = [
        "script", "style", "textarea", "title", "iframe", "xmp", "noembed",
    ];
    raw.contains(&name)
}

/// The text up to the end tag, and the length of both together.
fn until_end<'a>(html: &'a str, name: &str) -> (&'a str, usize) {
    let mut at = 0;
    while let Some(found) = html[at..].find("</") {
        let start = at + found;
        let behind = start + 2 + name.len();
        let named = html.get(start + 2..behind);
        let named = named.is_some_and(|named| named.eq_ignore_ascii_case(name));
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/');
        if named && html[behind..].starts_with(ends) {
            let close = html[behind..]
                .find('>')
                .map_or(html.len(), |end| behind + end + 1);
            return (&html[..start], close);
        }
        at = start + 2;
    }
    (html, html.len())
}

fn parse(inside: &str) -> Tag {
    let closing = inside.starts_with('/');
    let inside = inside.trim_start_matches('/').trim_end_matches('/');
    let name_end = inside
        .find(|c: char| c.is_whitespace() || c == '/')
        .unwrap_or(inside.len());
    let (name, mut rest) = inside.split_at(name_end);
    let mut tag = Tag {
        name: name.to_ascii_lowercase(),
        closing,
        ..Tag::default()
    };
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let key_end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (key, after) = rest.split_at(key_end);
        if key.is_empty() || tag.attributes.len() == MAX_ATTRIBUTES {
            return tag;
        }
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(after) => value(after.trim_start()),
            None => ("", after),
        };
        tag.attributes
            .entry(key.to_ascii_lowercase())
            .or_insert_with(|| unescape(value));
        rest = after;
    }
}

fn value(text: &str) -> (&str, &str) {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inside = &text[1..];
        return inside.split_once(quote).unwrap_or((inside, ""));
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// Character references: the usual named ones, the Danish letters, and numeric ones.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest
            .bytes()
            .take(MAX_REFERENCE)
            .position(|byte| byte == b';');
        let replaced = end.and_then(|end| character(&rest[1..end]).map(|c| (c, end + 1)));
        let (c, used) = replaced.unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[used..];
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    const NAMED: [(&str, char); 17] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", '\u{a0}'),
        ("aelig", 'æ'),
        ("oslash", 'ø'),
        ("aring", 'å'),
        ("AElig", 'Æ'),
        ("Oslash", 'Ø'),
        ("Aring", 'Å'),
        ("eacute", 'é'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("laquo", '«'),
        ("raquo", '»'),
    ];
    if let Some((_, c)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some(*c);
    }
    let digits = name.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code)
}
