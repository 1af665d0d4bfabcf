//! Forms and links of a page, read tolerantly: a tokeniser for tags and their attributes, no tree.

use std::collections::BTreeMap;

/// A form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// `action` as written; empty means the page itself.
    pub action: String,
    /// Whether it is posted.
    pub post: bool,
    /// Hidden and other valued inputs, in order.
    pub fields: Vec<(String, String)>,
    /// Buttons and radio buttons that have a name: name, value, text behind it.
    pub choices: Vec<Choice>,
    /// Whether the page's script submits it by itself.
    pub automatic: bool,
}

/// A button or radio button.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// `name`
    pub name: String,
    /// `value`
    pub value: String,
    /// Text of a button.
    pub text: String,
}

/// `<output id="result">`: what a page tells a script.
pub type Output = BTreeMap<String, String>;

#[derive(Debug, Default)]
struct Tag {
    name: String,
    closing: bool,
    attributes: BTreeMap<String, String>,
}

impl Tag {
    fn take(&mut self, name: &str) -> String {
        self.attributes.remove(name).unwrap_or_default()
    }
}

/// The forms of a page, in order.
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut open = false;
    let mut button: Option<Choice> = None;
    // A list to choose from, and whether an option of it is named as chosen.
    let mut list: Option<(String, Option<String>, bool)> = None;
    let mut area: Option<String> = None;
    each_tag(html, |mut tag, text| {
        if let Some(choice) = &mut button {
            choice.text.push_str(text);
        }
        match (tag.name.as_str(), tag.closing) {
            ("form", false) => {
                let automatic = tag.attributes.get("id").is_some_and(|id| id == "autopost");
                let post = tag.take("method").eq_ignore_ascii_case("post");
                forms.push(Form {
                    action: tag.take("action"),
                    post,
                    automatic,
                    ..Form::default()
                });
                open = true;
            }
            ("form", true) => open = false,
            ("input", false) if open => {
                let Some(form) = forms.last_mut() else { return };
                let (name, value, kind) = (tag.take("name"), tag.take("value"), tag.take("type"));
                let checked = tag.attributes.contains_key("checked");
                match kind.to_ascii_lowercase().as_str() {
                    "radio" | "submit" => form.choices.push(Choice {
                        name,
                        value,
                        text: String::new(),
                    }),
                    "checkbox" if !checked => {}
                    "checkbox" if value.is_empty() => form.fields.push((name, "on".to_owned())),
                    // Nobody chooses a file here, and an empty one says nothing.
                    "file" => {}
                    _ if name.is_empty() => {}
                    _ => form.fields.push((name, value)),
                }
            }
            ("button", false) if open => {
                button = Some(Choice {
                    name: tag.take("name"),
                    value: tag.take("value"),
                    text: String::new(),
                })
            }
            ("select", false) if open => list = Some((tag.take("name"), None, false)),
            ("option", false) => {
                if let Some((_, value, named)) = &mut list {
                    let selected = tag.attributes.contains_key("selected");
                    // Where none is named, the first counts.
                    if selected || value.is_none() && !*named {
                        *value = Some(tag.take("value"));
                        *named |= selected;
                    }
                }
            }
            ("select", true) => {
                if let (Some((name, value, _)), Some(form)) = (list.take(), forms.last_mut())
                    && !name.is_empty()
                {
                    form.fields.push((name, value.unwrap_or_default()));
                }
            }
            ("textarea", false) if open => area = Some(tag.take("name")),
            ("textarea", true) => {
                if let (Some(name), Some(form)) = (area.take(), forms.last_mut()) {
                    // A line end right behind the tag belongs to the page, not to the text.
                    let text = text.strip_prefix('\n').unwrap_or(text);
                    form.fields.push((name, unescape(text)));
                }
            }
            ("button", true) => {
                if let (Some(choice), Some(form)) = (button.take(), forms.last_mut()) {
                    let text = choice.text.split_whitespace().collect::<Vec<_>>().join(" ");
                    form.choices.push(Choice {
                        text: unescape(&text),
                        ..choice
                    });
                }
            }
            _ => {}
        }
    });
    forms
}

/// The addresses of a page's links, in order.
pub fn links(html: &str) -> Vec<String> {
    let mut links = Vec::new();
    each_tag(html, |mut tag, _| {
        if tag.name == "a" && !tag.closing && tag.attributes.contains_key("href") {
            links.push(tag.take("href"));
        }
    });
    links
}

/// The attributes of `<output id="result">`.
pub fn output(html: &str) -> Option<Output> {
    let mut found = None;
    each_tag(html, |tag, _| {
        if tag.name == "output"
            && !tag.closing
            && tag.attributes.get("id").is_some_and(|id| id == "result")
        {
            found = Some(tag.attributes);
        }
    });
    found
}

/// Calls `visit` for every tag, with the text before it.
fn each_tag(html: &str, mut visit: impl FnMut(Tag, &str)) {
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, after) = rest.split_at(start);
        let Some(end) = tag_end(after) else { return };
        visit(parse(&after[1..end]), text);
        rest = &after[end + 1..];
    }
}

/// Where the tag at the start of `text` ends: the first `>` outside quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

fn parse(inside: &str) -> Tag {
    let closing = inside.starts_with('/');
    let inside = inside.trim_start_matches('/').trim_end_matches('/');
    let name_end = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let (name, mut rest) = inside.split_at(name_end);
    let mut tag = Tag {
        name: name.to_ascii_lowercase(),
        closing,
        ..Tag::default()
    };
    loop {
        rest = rest.trim_start();
        let key_end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (key, after) = rest.split_at(key_end);
        if key.is_empty() {
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

/// Character references: the five named ones and numeric ones.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let replaced = rest
            .find(';')
            .and_then(|end| character(&rest[1..end]).map(|c| (c, end + 1)));
        let (c, used) = replaced.unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[used..];
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_forms_with_their_buttons() {
        let page = r#"<form method="post" action="/login?a=1&amp;b=2"><input type="hidden" name="q" value="x&#38;y">
            <ul><li><button name=person value='eva'><b>Eva</b> <i>med to-faktor</i></button></ul><input type=checkbox name=remember value=1></form>
            <form id="autopost" METHOD=POST action=/x><button>Videre</button></form>"#;
        let forms = forms(page);
        assert_eq!(forms.len(), 2);
        assert_eq!(
            (forms[0].action.as_str(), forms[0].post, forms[0].automatic),
            ("/login?a=1&b=2", true, false)
        );
        assert_eq!(forms[0].fields, [("q".to_owned(), "x&y".to_owned())]);
        assert_eq!(
            forms[0].choices,
            [Choice {
                name: "person".into(),
                value: "eva".into(),
                text: "Eva med to-faktor".into()
            }]
        );
        assert!(forms[1].automatic);
    }

    #[test]
    fn lists_and_areas_are_fields_and_files_are_not() {
        let page = r#"<form><select name="a"><option value="1">x</option><option value="2" selected>y</option></select>
            <select name="b"><option value="first"><option value="second"></select><input type="file" name="f">
            <input type="checkbox" name="c" checked><textarea name="d">
1 &lt; 2
</textarea></form><select name="outside"><option value="1"></select>"#;
        let found = forms(page).remove(0).fields;
        let expected = [("a", "2"), ("b", "first"), ("c", "on"), ("d", "1 < 2\n")];
        assert_eq!(
            found,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn survives_broken_markup() {
        assert!(forms("<form><input value=\"").is_empty() || forms("<form").is_empty());
        assert_eq!(forms("a < b > <form action='x").len(), 0);
        assert_eq!(unescape("&amp;&nix;&#x41;&"), "&&nix;A&");
    }

    #[test]
    fn reads_the_result() {
        let found = output(r#"<output id="result" data-status="Success" data-level="3"></output>"#)
            .unwrap();
        assert_eq!(found["data-level"], "3");
    }
}
