//! The timeline of a run as geometry; the template draws it. Everything that colour says is said by a letter, a pattern
//! or a word too.

use super::axis::Axis;
use super::view::{PartyView, View};
use crate::drill::rehearsal::words;
use crate::edge::page::when;
use crate::hub::keys::{Generation, KeyState};
use time::OffsetDateTime;

/// Width of the drawing, of the names beside the bars, and of what is free at the right, in units of the drawing.
const WIDTH: f64 = 1060.0;
const NAMES: f64 = 214.0;
const RIGHT: f64 = 34.0;
/// Height of the head, of a row, and of a bar in it.
const HEAD: f64 = 64.0;
const ROW: f64 = 26.0;
const BAR: f64 = 18.0;
/// Parties in one drawing: it then fits on a page.
const PARTIES: usize = 18;
/// What a label of the axis, and a letter of a bar, needs.
const LABEL: f64 = 62.0;
const LETTER: f64 = 6.6;

/// A drawing: the head, what the changing party does, and some of the others.
pub struct Picture {
    /// Height.
    pub height: String,
    /// The service window: from and width.
    pub window: (String, String),
    /// Labels of the axis: place, row, day, time.
    pub labels: Vec<Label>,
    /// Lines of the steps: place and number.
    pub steps: Vec<(String, String)>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A label of the axis.
pub struct Label {
    /// Place.
    pub x: String,
    /// `start` or `middle` or `end`.
    pub anchor: &'static str,
    /// The day; empty where it is that of the label before.
    pub day: String,
    /// The time.
    pub clock: String,
}

/// A row: a name and its spans.
pub struct Row {
    /// Name.
    pub name: String,
    /// Baseline of its name.
    pub text_y: String,
    /// Top of its bar.
    pub y: String,
    /// Top of the ground of its labels.
    pub chip_y: String,
    /// Whether it is the changing party's.
    pub changer: bool,
    /// The spans.
    pub spans: Vec<Span>,
}

/// A span of a row.
pub struct Span {
    /// From.
    pub x: String,
    /// Width.
    pub width: String,
    /// `old`, `new`, `both`, `works`, or a letter.
    pub class: String,
    /// The pattern of a cause.
    pub letter: Option<char>,
    /// What is written into it.
    pub label: Option<String>,
    /// Where the label's own ground begins, and how wide it is: letters on a pattern cannot be read.
    pub chip: (String, String),
    /// Middle.
    pub middle: String,
}

impl Picture {
    /// The line where names begin and bars end, for the template.
    pub const BARS: (f64, f64) = (NAMES, WIDTH - RIGHT);

    /// Width of every drawing.
    pub fn width() -> f64 {
        WIDTH
    }

    /// Height of a bar.
    pub fn bar() -> f64 {
        BAR
    }

    /// The drawings of a run: as many as its parties need.
    pub fn of(view: &View<'_>) -> Vec<Self> {
        let axis = Axis::of(&view.run.plan);
        let chunks = view.parties.chunks(PARTIES);
        chunks
            .map(|parties| Self::one(view, &axis, parties))
            .collect()
    }

    fn one(view: &View<'_>, axis: &Axis, parties: &[PartyView<'_>]) -> Self {
        let plan = &view.run.plan;
        let x = |at| place(axis, at);
        let mut rows: Vec<(String, bool, Vec<Span>)> = changer(view, axis)
            .into_iter()
            .map(|(name, spans)| (name.to_owned(), true, spans))
            .collect();
        rows.extend(parties.iter().map(|party| {
            (
                cut(&party.line.party.title),
                false,
                party_spans(view, axis, party),
            )
        }));
        let (from, to) = (x(plan.window.from), x(plan.window.to));
        let count = rows.len();
        let top = |index: usize| HEAD + ROW * float(index);
        let steps = view.steps.iter().filter_map(|row| {
            let number = row.number?;
            axis.marks().iter().find(|(at, _)| *at == row.at)?;
            Some((unit(x(row.at)), number.to_string()))
        });
        Self {
            height: unit(top(count) + 8.0),
            window: (unit(from), unit(to - from)),
            labels: labels(view, axis),
            steps: steps.collect(),
            rows: rows
                .into_iter()
                .enumerate()
                .map(|(index, (name, changer, spans))| Row {
                    name,
                    changer,
                    spans,
                    y: unit(top(index) + 4.0),
                    chip_y: unit(top(index) + 6.0),
                    text_y: unit(top(index) + 17.0),
                })
                .collect(),
        }
    }
}

/// A label for each mark that has room: the window's and the ends first, because they must not be missing.
fn labels(view: &View<'_>, axis: &Axis) -> Vec<Label> {
    let language = view.t.language;
    let plan = &view.run.plan;
    let (from, to) = plan.horizon();
    let mut taken: Vec<(OffsetDateTime, f64)> = Vec::new();
    let first = [from, to, plan.window.from, plan.window.to];
    let others = axis.marks().iter().map(|(at, _)| *at);
    for at in first.into_iter().chain(others) {
        let x = place(axis, at);
        if taken.iter().all(|(_, other)| (other - x).abs() >= LABEL) {
            taken.push((at, x));
        }
    }
    taken.sort_by_key(|(at, _)| *at);
    let mut last_day = String::new();
    let labels = taken.into_iter().map(|(at, x)| {
        let day = when::day(at, language);
        let shown = if day == last_day {
            String::new()
        } else {
            day.clone()
        };
        last_day = day;
        Label {
            x: unit(x),
            anchor: if at == to { "end" } else { "middle" },
            day: shown,
            clock: when::clock(at, language),
        }
    });
    labels.collect()
}

/// What the changing party signs with, shows and decrypts with.
fn changer(view: &View<'_>, axis: &Axis) -> Vec<(&'static str, Vec<Span>)> {
    let t = view.t;
    type Of = fn(&KeyState) -> &[Generation];
    let rows: [(&'static str, Of); 3] = [
        (t.row_signs, |state| std::slice::from_ref(&state.signs)),
        (t.row_shows, |state| &state.shows.signing),
        (t.row_decrypts, |state| &state.decrypts),
    ];
    let plan = &view.run.plan;
    let schedule = plan.schedule();
    let (from, to) = plan.horizon();
    let mut moments: Vec<OffsetDateTime> = schedule
        .moments()
        .filter(|at| (from..to).contains(at))
        .collect();
    moments.insert(0, from);
    let row = |of: Of| {
        let mut spans: Vec<(OffsetDateTime, (&'static str, String))> = Vec::new();
        for at in &moments {
            let said = said(of(schedule.at(*at)), t);
            if spans.last().is_none_or(|(_, last)| *last != said) {
                spans.push((*at, said));
            }
        }
        let ends: Vec<OffsetDateTime> = spans
            .iter()
            .skip(1)
            .map(|(at, _)| *at)
            .chain([to])
            .collect();
        let spans = spans.into_iter().zip(ends);
        let drawn = spans.map(|((at, (class, label)), end)| {
            span(place(axis, at), place(axis, end), class, None, &label)
        });
        drawn.collect()
    };
    rows.into_iter().map(|(name, of)| (name, row(of))).collect()
}

fn said(generations: &[Generation], t: &super::phrases::Text) -> (&'static str, String) {
    let one = |generation: &Generation| match generation {
        Generation::Previous => t.previous,
        Generation::Active => t.old,
        Generation::Next => t.new,
    };
    match generations {
        [] => ("none", t.nothing.to_owned()),
        [Generation::Next] => ("new", t.new.to_owned()),
        [other] => ("old", one(other).to_owned()),
        [first, second] if [first, second].contains(&&Generation::Previous) => {
            ("both", t.plus(one(first), one(second)))
        }
        [_, _] => ("both", t.both.to_owned()),
        _ => ("both", t.all_three.to_owned()),
    }
}

fn party_spans(view: &View<'_>, axis: &Axis, party: &PartyView<'_>) -> Vec<Span> {
    let (from, to) = view.run.plan.horizon();
    let works = |from, to| {
        span(
            place(axis, from),
            place(axis, to),
            "works",
            None,
            view.t.works,
        )
    };
    let mut spans = Vec::new();
    let mut reached = from;
    for (outage, said) in party.line.outages.iter().zip(&party.outages) {
        if outage.from > reached {
            spans.push(works(reached, outage.from));
        }
        let end = outage.to.unwrap_or(to);
        // Over before the picture begins.
        if end <= from {
            continue;
        }
        let letter = words::letter(outage.cause);
        let label = format!("{letter} · {}", said.span);
        let mut drawn = span(
            place(axis, outage.from),
            place(axis, end),
            "fails",
            Some(letter),
            &label,
        );
        // Where the whole label has no room, the letter is what must be read.
        if drawn.label.is_none() {
            let middle = (place(axis, outage.from) + place(axis, end)) / 2.0;
            drawn.label = Some(letter.to_string());
            drawn.chip = (unit(middle - LETTER), unit(2.0 * LETTER));
        }
        spans.push(drawn);
        reached = end;
    }
    if reached < to {
        spans.push(works(reached, to));
    }
    spans
}

/// A span with its label, where that has room.
fn span(from: f64, to: f64, class: &str, letter: Option<char>, label: &str) -> Span {
    let width = (to - from).max(3.0);
    let chip = float(label.chars().count()) * LETTER + 8.0;
    let room = chip + 6.0;
    Span {
        x: unit(from),
        width: unit(width),
        class: class.to_owned(),
        letter,
        label: (room <= width).then(|| label.to_owned()),
        chip: (unit(from + width / 2.0 - chip / 2.0), unit(chip)),
        middle: unit(from + width / 2.0),
    }
}

fn place(axis: &Axis, at: OffsetDateTime) -> f64 {
    let (from, to) = Picture::BARS;
    from + axis.place(at) * (to - from)
}

fn cut(name: &str) -> String {
    const MOST: usize = 30;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    let cut: String = name.chars().take(MOST - 1).collect();
    format!("{cut}…")
}

#[allow(clippy::cast_precision_loss, reason = "a count of rows or letters")]
fn float(count: usize) -> f64 {
    count as f64
}

/// A tenth is finer than a printer.
fn unit(value: f64) -> String {
    format!("{value:.1}")
}
