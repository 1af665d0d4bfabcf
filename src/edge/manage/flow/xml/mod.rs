//! A message's XML for the page: indented, coloured, numbered, folded, and tinted where a signature covers it.
//!
//! The lines are a flat list of rows, because a template has no recursion: a fold opens, has its lines, and closes.

mod fold;
mod lexer;

pub use lexer::Span;

use crate::edge::pretty;
use crate::saml::coverage::{Claim, Coverage, Covered};
use crate::xml::{Document, Limits};
use fold::Folds;
use lexer::{Start, Tag, lex};

/// Lines that are shown as such. A message with more is shown as it is.
const MAX_LINES: usize = 4_000;
/// Coloured pieces of a page: each costs more than its text.
const MAX_SPANS: usize = 40_000;
/// Characters of a text from which on it is folded: certificates, signatures, encrypted data.
const LONG: usize = 160;
/// Characters of a folded text that are seen all the same.
const SEEN: usize = 48;

/// The view of one document.
#[derive(Debug, Default)]
pub struct View {
    rows: Vec<Row>,
    elements: Vec<Element>,
    coverage: Coverage,
}

/// What stands below what was there before.
#[derive(Debug, PartialEq, Eq)]
pub enum Row {
    /// A line.
    Line(Line),
    /// The first line of an element that can be folded.
    Open {
        /// The line.
        line: Line,
        /// Whether it is unfolded at first.
        unfolded: bool,
    },
    /// A line with a text too long to show; and the text.
    Long {
        /// The line with the beginning of the text.
        line: Line,
        /// The text.
        text: String,
        /// How many characters it has.
        characters: usize,
    },
    /// The fold ends.
    Close,
}

/// A line.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// Whether a signature covers it.
    pub signed: bool,
    /// Whether something links to it.
    pub target: bool,
    /// The pieces.
    pub spans: Vec<Span>,
    /// The checks that found something wrong in it: the id of each, and whether it failed.
    pub marks: Vec<(&'static str, bool)>,
}

/// An element, for whoever looks for one.
#[derive(Debug)]
pub struct Element {
    /// Its start tag.
    pub tag: Tag,
    /// The one it is in.
    pub parent: Option<usize>,
    /// The line in which it starts.
    pub line: usize,
    /// The line in which it ends.
    pub end: usize,
}

impl View {
    /// Of a message. `query` is the algorithm of the signature over the query that it came in; `scope` are the
    /// namespaces of the place that it was encrypted at.
    pub fn of(xml: &str, query: Option<&str>, scope: &[(&str, &str)]) -> Option<Self> {
        let xml = xml.trim_start_matches('\u{FEFF}');
        let lines = pretty::lines(xml, pretty::MAX)?;
        if lines.len() > MAX_LINES {
            return None;
        }
        let coverage = Document::parse_in_scope(xml.trim().as_bytes(), scope, &Limits::MESSAGE)
            .map(|document| Coverage::with_query(&document, query))
            .unwrap_or_default();
        let mut view = Self {
            coverage,
            ..Self::default()
        };
        let folds = Folds::of(&lines);
        let mut open = Vec::new();
        let (mut number, mut spans) = (1, 0);
        for (at, line) in lines.iter().enumerate() {
            let lexed = lex(&line.text);
            spans += lexed.spans.len();
            if spans > MAX_SPANS || number > MAX_LINES {
                return None;
            }
            view.know(lexed.tags, number, &mut open);
            let signed = (line.element).is_some_and(|element| view.coverage.covers(element));
            number += view.show(lexed.spans, number, signed, folds.begins(at));
            let around = line.element.and_then(|at| view.elements.get_mut(at));
            if let Some(element) = around {
                element.end = number - 1;
            }
            for _ in 0..folds.ends(at) {
                view.rows.push(Row::Close);
            }
        }
        Some(view.folded())
    }

    /// The rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
    /// The elements, in document order.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }
    /// What the signatures say they cover.
    pub fn claims(&self) -> &[Claim] {
        self.coverage.claims()
    }

    /// From which line to which an element goes that a signature covers.
    pub fn lines_of(&self, covered: &Covered) -> Option<(usize, usize)> {
        let Covered::Element { first, .. } = covered else {
            return None;
        };
        let element = self.elements.get(*first)?;
        Some((element.line, element.end))
    }

    /// Says at a line that a check is about it.
    pub fn mark(&mut self, line: usize, check: &'static str, found_wrong: Option<bool>) {
        for row in &mut self.rows {
            let (Row::Line(found) | Row::Open { line: found, .. } | Row::Long { line: found, .. }) =
                row
            else {
                continue;
            };
            if found.number == line {
                found.target = true;
                let failed = found_wrong.filter(|_| found.marks.iter().all(|(id, _)| *id != check));
                found.marks.extend(failed.map(|failed| (check, failed)));
                return;
            }
        }
    }

    /// Notes the elements of a line.
    fn know(&mut self, tags: Vec<Start>, line: usize, open: &mut Vec<usize>) {
        for start in tags {
            let (tag, stays) = match start {
                Start::Opens(tag) => (tag, true),
                Start::Empty(tag) => (tag, false),
                Start::Closes => {
                    open.pop();
                    continue;
                }
            };
            self.elements.push(Element {
                tag,
                parent: open.last().copied(),
                line,
                end: line,
            });
            if stays {
                open.push(self.elements.len() - 1);
            }
        }
    }

    /// Adds what was one line of the indented text, and says how many lines of the page it takes.
    fn show(&mut self, spans: Vec<Span>, number: usize, signed: bool, opens: bool) -> usize {
        let line = |number, spans| Line {
            number,
            signed,
            target: false,
            spans,
            marks: Vec::new(),
        };
        let length = |span: &Span| span.text.chars().count();
        let long = spans
            .iter()
            .position(|span| matches!(span.class, "x" | "c") && length(span) > LONG);
        if let (Some(at), false) = (long, opens) {
            let mut short = spans;
            let text = short[at].clone();
            let beginning = text.text.trim_start().chars().take(SEEN);
            short[at].text = beginning.filter(|c| *c != '\n').collect::<String>() + "…";
            for piece in &mut short {
                piece.text = piece.text.replace('\n', " ");
            }
            self.rows.push(Row::Long {
                line: line(number, short),
                characters: length(&text),
                text: text.text,
            });
            return 1;
        }
        let lines = split(spans);
        let count = lines.len();
        for (at, spans) in lines.into_iter().enumerate() {
            let line = line(number + at, spans);
            self.rows.push(match at == 0 && opens {
                true => Row::Open {
                    line,
                    unfolded: true,
                },
                false => Row::Line(line),
            });
        }
        count
    }

    /// Signatures and encrypted data are folded at first: they are long and seldom read.
    fn folded(mut self) -> Self {
        for row in &mut self.rows {
            if let Row::Open { line, unfolded } = row {
                let first = self.elements.partition_point(|e| e.line < line.number);
                let name = (self.elements.get(first)).map_or("", |e| e.tag.local.as_str());
                *unfolded = !matches!(name, "Signature" | "EncryptedData" | "EncryptedKey");
            }
        }
        self
    }
}

/// Pieces in lines.
fn split(spans: Vec<Span>) -> Vec<Vec<Span>> {
    let mut lines = vec![Vec::new()];
    for span in spans {
        for (at, text) in span.text.split('\n').enumerate() {
            if at > 0 {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut().filter(|_| !text.is_empty()) {
                line.push(Span {
                    class: span.class,
                    text: text.to_owned(),
                });
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests;
