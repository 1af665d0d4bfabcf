//! The book (`book/da`, `book/en`) says what the program says: its generated pages are the program's lists, its commands
//! exist, its configuration is read, what it shows of real set-ups stands in the files that run in CI, and its links lead
//! somewhere.
//!
//! `UPDATE_GOLDEN=1 cargo test book::` writes the generated pages anew; read the difference before you commit it.

mod api;
mod blocks;
mod catalogue;
mod kontroller;
mod links;
mod rules;
mod settings;

use std::path::{Path, PathBuf};

/// The languages, as folders of the book.
const LANGUAGES: [&str; 2] = ["da", "en"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A page: its path from the book's folder, and its text.
struct Page {
    path: PathBuf,
    text: String,
}

impl Page {
    fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// Every page of a language, in the order of their paths.
fn pages(language: &str) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut folders = vec![root().join("book").join(language)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == "md") {
                let text = std::fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root().join("book")).unwrap().to_owned();
                pages.push(Page { path, text });
            }
        }
    }
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    pages
}

/// Holds a generated page against the code, or writes it anew.
#[allow(
    clippy::disallowed_methods,
    reason = "a switch for the person who runs the test"
)]
fn golden(name: &str, make: impl Fn(&str) -> String) {
    for language in LANGUAGES {
        let path = root().join("book").join(language).join(name);
        let made = make(language);
        if std::env::var("UPDATE_GOLDEN").is_ok() {
            std::fs::write(&path, &made).unwrap();
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            there == made,
            "{} differs; UPDATE_GOLDEN=1 cargo test book:: writes it anew",
            path.display()
        );
    }
}

/// The text of a language.
fn one<'a>(language: &str, both: (&'a str, &'a str)) -> &'a str {
    match language {
        "da" => both.0,
        _ => both.1,
    }
}

/// The first lines of a generated page: what it is, and where the other language has it.
fn head(language: &str, name: &str, title: (&str, &str), lead: (&str, &str)) -> String {
    let (other, label) = match language {
        "da" => ("en", "In English"),
        _ => ("da", "På dansk"),
    };
    format!(
        "# {}\n\n[{label}](../{other}/{name})\n\n{}\n\n",
        one(language, title),
        one(language, lead)
    )
}

/// Text that Markdown must not read.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '*' | '_' | '[' | ']' | '|' | '`' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
