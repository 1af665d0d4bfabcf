//! `vejviser decode`: a message as readable XML, with what is signed marked. Judges nothing.

use super::args::DecodeArgs;
use super::{Failure, given, talk};
use crate::edge::pretty::{self, Line};
use crate::saml::coverage::{Claim, Coverage, Covered};
use crate::saml::paste::{self, Pasted};
use crate::xml::{Document, Limits, beginning};

/// Bytes that indentation may make of a document.
const MAX: usize = 64 * 1024 * 1024;

/// Stands before every line that a signature covers.
const MARK: &str = "▌ ";

/// Runs it.
pub fn run(args: &DecodeArgs) -> Result<(), Failure> {
    let bytes = given::bytes(args.file.as_deref())?;
    let pasted = paste::read(&bytes, args.input.into()).map_err(|error| {
        Failure::Findings(format!(
            "error: {error}\n\ngiv XML, base64, en adresse eller en formular / give XML, base64, an address or a form"
        ))
    })?;
    talk::say(&told(&pasted));
    let text = String::from_utf8_lossy(&pasted.xml);
    let text = text.trim_start_matches('\u{FEFF}');
    let coverage = match Document::parse_within(text.as_bytes(), &Limits::METADATA) {
        Ok(document) => {
            let coverage = Coverage::of(&document, pasted.query_signature.as_ref());
            if coverage.claims().is_empty() {
                talk::say("Ingen signatur / no signature");
            }
            coverage
        }
        Err(error) => {
            talk::say(&format!(
                "Hubben ville ikke læse det / the hub would not read it: {error}; hvad der er signeret, vises ikke / what is signed is not marked"
            ));
            Coverage::default()
        }
    };
    for claim in coverage.claims() {
        talk::say(&noted(claim));
    }
    let shown = match pretty::lines(text, MAX) {
        Some(lines) => lines.iter().map(|line| marked(line, &coverage)).collect(),
        None => printable(text),
    };
    talk::result(&shown);
    Ok(())
}

/// What decoding was done.
fn told(pasted: &Pasted) -> String {
    let mut told = format!("Afkodet / decoded: {}", pasted.steps.join(" → "));
    if let Some(field) = pasted.field {
        told.push_str(&format!("; {}", field.name()));
    }
    if let Some(state) = &pasted.relay_state {
        told.push_str(&format!("\nRelayState: {}", printable(state)));
    }
    told
}

/// What a signature says it covers. What a peer wrote may be long; a note shows its beginning.
fn noted(claim: &Claim) -> String {
    let short = |text: &str| -> String {
        let shown: String = text.chars().filter(|c| !c.is_control()).collect();
        beginning(&shown)
    };
    let what = match &claim.what {
        Covered::Query => "hele beskeden / the whole message",
        Covered::Element { name, .. } => name,
        Covered::Nothing => "intet i beskeden / nothing in the message",
    };
    format!(
        "{MARK}= signeret / signed: {} ({}), {}; ikke efterprøvet / not verified",
        short(what),
        short(&claim.uri),
        short(&claim.algorithm)
    )
}

/// The lines of a text node that has line breaks are covered as its element is.
fn marked(line: &Line, coverage: &Coverage) -> String {
    let margin = match coverage.any() {
        false => "",
        true if line.element.is_some_and(|element| coverage.covers(element)) => MARK,
        true => "  ",
    };
    let lines = line.text.lines().map(printable);
    lines.map(|text| format!("{margin}{text}\n")).collect()
}

/// Without what a terminal would obey.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{FFFD}',
            c => c,
        })
        .collect()
}
