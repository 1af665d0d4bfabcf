//! Blocks: configuration is read by the program, commands and flags exist, and what is said to come from a set-up that runs in
//! CI stands in its files.

use super::{LANGUAGES, Page, pages, root};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use vejviser::config;

/// A fenced block with the line before it.
struct Block {
    language: String,
    before: String,
    lines: Vec<String>,
}

fn blocks(page: &Page) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut before = String::new();
    let mut lines = page.text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            blocks.push(Block {
                language: language.to_owned(),
                before: std::mem::take(&mut before),
                lines: lines
                    .by_ref()
                    .take_while(|line| *line != "```")
                    .map(str::to_owned)
                    .collect(),
            });
        } else if !line.trim().is_empty() {
            before = line.to_owned();
        }
    }
    blocks
}

fn all() -> Vec<(String, Block)> {
    let pages = LANGUAGES.iter().flat_map(|language| pages(language));
    pages
        .flat_map(|page| {
            let name = page.name();
            blocks(&page)
                .into_iter()
                .map(move |block| (name.clone(), block))
        })
        .collect()
}

#[test]
fn its_configuration_is_read() {
    let mut read = 0;
    for (page, block) in all() {
        if block.language != "toml" {
            continue;
        }
        let text = block.lines.join("\n");
        if let Err(problems) = config::parse(Path::new("book.toml"), &text) {
            panic!("{page}: {}", config::render::text(&problems, &text));
        }
        read += 1;
    }
    assert!(read >= 14, "{read}");
}

#[test]
fn its_commands_and_their_flags_exist() {
    let mut helps: BTreeMap<String, String> = BTreeMap::new();
    let mut seen = 0;
    for (page, block) in all() {
        if block.language != "sh" {
            continue;
        }
        for line in block.lines.iter().map(|line| line.trim_start()) {
            let Some(rest) = line.strip_prefix("vejviser ") else {
                continue;
            };
            seen += 1;
            let rest = rest.split(" #").next().unwrap();
            let mut words: Vec<&str> = rest.split_whitespace().collect();
            // `certs new`, `flows list`: a command of a command.
            let nested = ["certs", "flows", "roles"].contains(&words[0]);
            let command: Vec<&str> = words.drain(..1 + usize::from(nested)).collect();
            let help = helps.entry(command.join(" ")).or_insert_with(|| {
                let output = Command::new(env!("CARGO_BIN_EXE_vejviser"))
                    .args(&command)
                    .arg("--help")
                    .output()
                    .unwrap();
                assert!(
                    output.status.success(),
                    "{page}: `vejviser {}`",
                    command.join(" ")
                );
                String::from_utf8(output.stdout).unwrap()
            });
            for flag in words.iter().filter(|word| word.starts_with("--")) {
                let flag = flag.split('=').next().unwrap();
                assert!(
                    help.split(|c: char| !(c.is_alphanumeric() || c == '-'))
                        .any(|word| word == flag),
                    "{page}: `vejviser {}` has no {flag}",
                    command.join(" ")
                );
            }
        }
    }
    assert!(seen > 30, "{seen}");
}

/// `<!-- from FILE | OLD ==> NEW | … -->` before a block: after the replacements, each run of its lines stands in the file, one
/// after the other. A line of only `…` (as a comment of the language) means that something is left out.
#[test]
fn what_comes_from_a_set_up_that_runs_in_ci_stands_there() {
    let mut files = std::collections::BTreeSet::new();
    for (page, block) in all() {
        let Some(said) = block.before.strip_prefix("<!-- from ") else {
            continue;
        };
        let said = said
            .strip_suffix(" -->")
            .expect("the comment ends on its line");
        let mut parts = said.split(" | ");
        let file = parts.next().unwrap();
        let mut text = std::fs::read_to_string(root().join(file))
            .unwrap_or_else(|error| panic!("{page}: {file}: {error}"));
        for part in parts {
            let (old, new) = part.split_once(" ==> ").unwrap();
            assert!(text.contains(old), "{page}: {file} has no {old}");
            text = text.replace(old, new);
        }
        assert_stands_in(&page, file, &block.lines, &text);
        files.insert(file.to_owned());
    }
    assert!(files.len() >= 5, "{files:?}");
}

fn assert_stands_in(page: &str, file: &str, lines: &[String], text: &str) {
    let there: Vec<&str> = text.lines().map(str::trim).collect();
    let mut from = 0;
    for run in lines.split(|line| is_gap(line)) {
        let run: Vec<&str> = run.iter().map(|line| line.trim()).collect();
        if run.is_empty() {
            continue;
        }
        let at = there[from..]
            .windows(run.len())
            .position(|window| window == run);
        let Some(at) = at else {
            panic!("{page}: not in {file}:\n{}", run.join("\n"));
        };
        from += at + run.len();
    }
    assert!(from > 0, "{page}: an empty block");
}

fn is_gap(line: &str) -> bool {
    let bare: String = line.chars().filter(|c| !" #/<!->*".contains(*c)).collect();
    bare == "…"
}

#[test]
fn a_block_that_is_not_in_its_file_is_found() {
    let caught = |lines: &[&str]| {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        std::panic::catch_unwind(|| assert_stands_in("p", "f", &lines, "a\n  b\nc\nd")).is_err()
    };
    assert!(!caught(&["a", "b", "# …", "d"]) && !caught(&["  b", "<!-- … -->", "d"]));
    assert!(caught(&["a", "c"]) && caught(&["d", "…", "a"]) && caught(&["…"]));
}
