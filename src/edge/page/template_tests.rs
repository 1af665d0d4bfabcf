//! The table of texts is complete, and the templates say nothing that is not in it.

use super::text::ENTRIES;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Texts that are the same in both languages on purpose: terms and names.
const EQUAL: [&str; 8] = [
    "metadata",
    "system",
    "identity_provider",
    "arrow_from_system",
    "arrow_to_system",
    "arrow_to_idp",
    "arrow_from_idp",
    "check_ok",
];

/// What templates may say by themselves: names and SAML's terms.
const TERMS: [&str; 16] = [
    "Vejviser",
    "API",
    "Context Handler 1",
    "Context Handler 2",
    "XML",
    "entityID",
    "RelayState",
    "RequesterID",
    "ForceAuthn",
    "NameID",
    "AuthnContextClassRef",
    "AuthenticatingAuthority",
    "StatusCode",
    "StatusCode (2)",
    "StatusMessage",
    "RelayState:",
];

/// Attributes that people read or hear.
const SPOKEN: [&str; 5] = ["aria-label", "title", "alt", "placeholder", "content"];

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// A template without its expressions, statements and comments.
fn without_code(template: &str) -> String {
    let mut text = template.to_owned();
    for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}")] {
        while let Some(start) = text.find(open) {
            let end = text[start..].find(close).expect("closed") + start + close.len();
            text.replace_range(start..end, "\u{0}");
        }
    }
    text
}

/// What a template says in its own words: text nodes and spoken attributes.
fn said(template: &str) -> Vec<String> {
    let text = without_code(template);
    let mut said: Vec<String> = Vec::new();
    for piece in text.split('<') {
        let (tag, after) = piece.split_once('>').unwrap_or(("", piece));
        said.extend(after.split('\u{0}').map(|text| text.trim().to_owned()));
        for name in SPOKEN {
            let value = tag.split_once(&format!(" {name}=\""));
            let value = value.and_then(|(_, rest)| rest.split('"').next());
            let is_meta = tag.starts_with("meta ");
            said.extend(value.filter(|_| !is_meta).map(str::to_owned));
        }
    }
    said.retain(|text| text.chars().any(char::is_alphabetic));
    said
}

/// The names in braces of a text.
fn values(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect()
}

#[test]
fn every_text_is_there_in_both_languages() {
    let mut names = BTreeSet::new();
    for (name, da, en) in ENTRIES {
        assert!(names.insert(name), "{name} occurs twice");
        assert!(!da.trim().is_empty() && !en.trim().is_empty(), "{name}");
        assert_eq!(values(da), values(en), "{name}");
        assert_eq!(da == en, EQUAL.contains(name), "{name}: {da}");
        for text in [da, en] {
            assert!(!text.contains('<') && !text.contains('&'), "{name}: {text}");
        }
        let ends = |text: &str| text.ends_with(['.', '?', ':']);
        assert_eq!(ends(da), ends(en), "{name}");
    }
}

#[test]
fn templates_say_nothing_that_is_not_in_the_table() {
    let mut own = Vec::new();
    for path in files("templates", "html") {
        let text = fs::read_to_string(&path).unwrap();
        own.extend(
            said(&text)
                .into_iter()
                .filter(|text| !TERMS.contains(&text.as_str()))
                .map(|text| format!("{}: {text}", path.display())),
        );
    }
    assert!(own.is_empty(), "{own:#?}");
}

#[test]
fn the_scan_finds_sentences() {
    for hidden in [
        "<p>Hej</p>",
        "<p>{{ t.a }} og</p>",
        "{% if a %}x{% endif %}",
        "<a aria-label=\"Luk\" href=\"x\">–</a>",
    ] {
        assert_eq!(said(hidden).len(), 1, "{hidden}");
    }
    assert!(said("<p class=\"alert\">{{ t.a }} – <!-- -->{# nej #}</p>").is_empty());
}

#[test]
fn every_text_is_used_and_filled() {
    let mut code = BTreeMap::new();
    for path in files("templates", "html")
        .into_iter()
        .chain(files("src", "rs"))
    {
        code.insert(path.clone(), fs::read_to_string(path).unwrap());
    }
    for (name, da, _) in ENTRIES {
        let mut used = false;
        for (path, text) in &code {
            for part in text.split(&format!(".{name}")).skip(1) {
                if part.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                let template = path.extension().is_some_and(|found| found == "html");
                if template {
                    let filled = part.starts_with('(');
                    assert!(
                        filled || values(da).is_empty(),
                        "{name} has values: {}",
                        path.display()
                    );
                }
                used = true;
            }
        }
        assert!(used, "{name} is not used");
    }
}
