//! Forms, links and text of a page, read tolerantly: a tokeniser for tags and their attributes, no tree. Whatever the
//! page, it takes time and memory in proportion to its length.

mod automatic;
mod facts;
mod tokens;

pub(super) use facts::{Facts, facts, refresh};

use std::collections::BTreeMap;
use tokens::{each_tag, unescape};

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
    /// Whether somebody could fill something in: a field that is not hidden.
    pub visible: bool,
    /// Whether it has a hidden SAMLRequest or SAMLResponse.
    pub saml: bool,
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

/// The forms of a page, in order.
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut open = false;
    let mut button: Option<Choice> = None;
    // A list to choose from, and whether an option of it is named as chosen.
    let mut list: Option<(String, Option<String>, bool)> = None;
    let mut area: Option<String> = None;
    each_tag(html, |mut tag, text| {
        let scripted = tag.closing && matches!(tag.name.as_str(), "script" | "style");
        if let Some(choice) = button.as_mut().filter(|_| !scripted) {
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
                let kind = tag
                    .attributes
                    .get("type")
                    .map(|kind| kind.to_ascii_lowercase());
                let hidden = kind.as_deref() == Some("hidden");
                let button = matches!(
                    kind.as_deref(),
                    Some("submit" | "image" | "button" | "reset")
                );
                form.visible |= !hidden && !button;
                let (name, value, kind) = (tag.take("name"), tag.take("value"), tag.take("type"));
                let checked = tag.attributes.contains_key("checked");
                form.saml |= hidden && matches!(name.as_str(), "SAMLRequest" | "SAMLResponse");
                match kind.to_ascii_lowercase().as_str() {
                    // Pressed by nobody here, or by a script alone.
                    "button" | "reset" | "image" => {}
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
            ("select", false) if open => {
                forms
                    .last_mut()
                    .into_iter()
                    .for_each(|form| form.visible = true);
                list = Some((tag.take("name"), None, false));
            }
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
            ("textarea", false) if open => {
                forms
                    .last_mut()
                    .into_iter()
                    .for_each(|form| form.visible = true);
                area = Some(tag.take("name"));
            }
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
    automatic::mark(html, &mut forms);
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

#[cfg(test)]
mod tests;
