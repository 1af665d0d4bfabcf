//! Which form a page's script submits by itself. No script is run: a page that does so is known by what it looks like.

use super::Form;
use super::tokens::each_tag;

/// What submits the form, in a script.
const SUBMITS: [&str; 3] = ["submit(", "requestSubmit", "submit.call"];
/// The same, where it can only be the page's first form.
const SUBMITS_FIRST: [&str; 3] = [
    "forms[0].submit(",
    "forms[0].requestSubmit",
    "forms.item(0).submit(",
];

/// What the page's scripts say.
#[derive(Debug, Default)]
struct Scripts {
    /// A script or `onload` submits something.
    submit: bool,
    /// `onload` does, or a script submits the first form.
    at_once: bool,
    links: bool,
}

/// Marks the form that is submitted at once.
pub fn mark(html: &str, forms: &mut [Form]) {
    if forms.iter().all(|form| form.automatic || form.visible) {
        return;
    }
    let scripts = read(html);
    let alone = forms.len() == 1;
    for form in forms {
        let named = form.choices.iter().any(|choice| !choice.name.is_empty());
        let several = form.choices.len() > 1;
        // A message of SAML is on its way: by a script, or nothing else can be done with the page.
        let message = form.saml && !form.visible && (scripts.submit || !named && !several);
        // Any other answer that is posted on (`form_post`): only where the page is made for nothing else.
        let posted_on = scripts.at_once
            && alone
            && form.post
            && !form.visible
            && !form.fields.is_empty()
            && !scripts.links;
        form.automatic |= message || posted_on;
    }
}

fn read(html: &str) -> Scripts {
    let mut scripts = Scripts::default();
    each_tag(html, |tag, text| {
        let says = |text: &str, any: &[&str]| any.iter().any(|word| text.contains(word));
        match (tag.name.as_str(), tag.closing) {
            ("script", true) => {
                scripts.submit |= says(text, &SUBMITS);
                scripts.at_once |= says(text, &SUBMITS_FIRST);
            }
            ("body", false) => {
                let onload = tag.attributes.get("onload");
                let submits = onload.is_some_and(|script| says(script, &SUBMITS));
                scripts.submit |= submits;
                scripts.at_once |= submits;
            }
            ("a", false) => scripts.links |= tag.attributes.contains_key("href"),
            _ => {}
        }
    });
    scripts
}
