//! Links, anchors, and that both languages have the same pages.

use super::{LANGUAGES, Page, pages, root};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// What a page links to, outside of code.
fn targets(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        // Every other piece is code.
        for prose in line.split('`').step_by(2) {
            let found = prose.split("](").skip(1);
            targets.extend(
                found
                    .filter_map(|rest| rest.split(')').next())
                    .map(str::to_owned),
            );
        }
    }
    targets
}

/// The anchors of a page: its own, and those that are made of its headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for rest in text.split("<a id=\"").skip(1) {
        let id = rest.split('"').next().unwrap();
        assert!(
            anchors.insert(id.to_owned()),
            "the anchor {id} stands there twice"
        );
    }
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if !fenced && line.starts_with('#') {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
            let title: String = title.chars().filter(kept).collect();
            anchors.insert(title.replace(' ', "-"));
        }
    }
    anchors
}

/// `a/b/../c` without the way back.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

fn both() -> Vec<Page> {
    LANGUAGES
        .iter()
        .flat_map(|language| pages(language))
        .collect()
}

/// Addresses of this machine are what readers open; every other one would have to be asked, and tests ask nobody.
#[test]
fn its_links_lead_somewhere() {
    let mut followed = 0;
    let pages = both();
    for page in &pages {
        for target in targets(&page.text) {
            if target.starts_with("http") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = match file {
                "" => page.path.clone(),
                file => plain(&page.path.parent().unwrap().join(file)),
            };
            followed += 1;
            let found = pages.iter().find(|other| other.path == path);
            let Some(found) = found else {
                panic!(
                    "{} links to {target}, which is no page of the book",
                    page.name()
                );
            };
            assert!(
                anchor.is_empty() || anchors(&found.text).contains(anchor),
                "{} links to {target}, which has no such anchor",
                page.name()
            );
        }
    }
    assert!(followed > 300, "{followed}");
}

#[test]
fn the_scan_finds_links() {
    let found = targets("[a](x.md) `[b](y.md)` [`c`](z.md#d)\n```\n[e](f.md)\n```");
    assert_eq!(found, ["x.md", "z.md#d"]);
    assert!(anchors("## A b, C\n<a id=\"X-1\"></a>").contains("a-b-c"));
}

#[test]
fn both_languages_have_the_same_pages_and_say_where_the_other_is() {
    let [danish, english] = LANGUAGES.map(|language| {
        let pages = pages(language);
        let names = pages.into_iter().map(|page| page.path);
        names
            .map(|path| path.strip_prefix(language).unwrap().to_owned())
            .collect::<Vec<_>>()
    });
    assert_eq!(danish, english);
    for page in both() {
        let language = page.path.iter().next().unwrap().to_str().unwrap();
        let other = if language == "da" { "en" } else { "da" };
        let name = page.path.strip_prefix(language).unwrap();
        if name == Path::new("SUMMARY.md") {
            continue;
        }
        let up = "../".repeat(page.path.components().count() - 1);
        let wanted = format!("]({up}{other}/{})", name.display());
        assert!(
            page.text.contains(&wanted),
            "{} has no link {wanted}",
            page.name()
        );
        assert!(page.text.starts_with("# "), "{} has no title", page.name());
    }
}

/// What stands in no summary is not built.
#[test]
fn every_page_stands_in_its_summary() {
    for language in LANGUAGES {
        let pages = pages(language);
        let summary = pages
            .iter()
            .find(|page| page.path.ends_with("SUMMARY.md"))
            .unwrap();
        let listed: BTreeSet<String> = targets(&summary.text).into_iter().collect();
        let there: BTreeSet<String> = pages
            .iter()
            .map(|page| {
                page.path
                    .strip_prefix(language)
                    .unwrap()
                    .display()
                    .to_string()
            })
            .filter(|name| name != "SUMMARY.md")
            .collect();
        assert_eq!(listed, there);
    }
}

/// README leads to the book in both languages, and each guide of a vendor is there.
#[test]
fn the_book_has_what_it_promises() {
    let readme = include_str!("../../README.md");
    for language in LANGUAGES {
        assert!(readme.contains(&format!("(book/{language}/index.md)")));
        for vendor in [
            "adfs",
            "entra",
            "os2faktor",
            "keycloak",
            "simplesamlphp",
            "shibboleth",
            "lemonldap",
        ] {
            let path = root()
                .join("book")
                .join(language)
                .join("guides")
                .join(vendor);
            let path = path.with_extension("md");
            let text = std::fs::read_to_string(&path).unwrap();
            let untested = text.contains(match language {
                "da" => "Ikke afprøvet her",
                _ => "Untested here",
            });
            let tested = text.contains("<!-- from tests/interop/");
            assert!(
                untested != tested,
                "{}: tested or untested?",
                path.display()
            );
        }
    }
}

/// What reports link to by `--book` stands there, in both languages.
#[test]
fn every_id_that_a_report_links_has_its_anchor() {
    use vejviser::drill::report::book::Book;
    use vejviser::drill::report::catalogue::all;
    use vejviser::edge::page::Language;

    let book = Book::at("https://bog.example").unwrap();
    let ids = all().into_iter().map(|entry| entry.id);
    let pages = both();
    let pages: Vec<_> = pages
        .iter()
        .map(|page| (&page.path, anchors(&page.text)))
        .collect();
    let mut followed = 0;
    for id in ids {
        for language in [Language::Danish, Language::English] {
            let about = book.about(language, id).expect(id);
            let built = about.strip_prefix("https://bog.example/").unwrap();
            let (page, anchor) = built.split_once('#').unwrap();
            let source = Path::new(page).with_extension("md");
            let (_, there) = pages.iter().find(|(path, _)| **path == source).expect(page);
            assert!(there.contains(anchor), "{about}");
            followed += 1;
        }
    }
    assert!(followed > 500, "{followed}");
}
