//! The steps of a flow in the order in which they happened. The drawing and the list below it are made of the same
//! steps, so they say the same.

use super::Text;
use super::shown::{brief, visible};
use super::verdict::teller;
use crate::edge::journal::Flow;
use crate::edge::manage::view::Summary;
use crate::edge::page::{Text as PageText, when};
use crate::hub::trace::{Direction, Leg, Told};
use crate::hub::{Exchange, Federation, RowOutcome};
use crate::saml::Binding;
use time::OffsetDateTime;

/// Where the lanes stand, in the units of the drawing: the system, the hub, the IdP.
const LANES: [u32; 3] = [150, 480, 810];
/// Width of the drawing.
const WIDTH: u32 = 960;
/// Height of the names, and of a step.
const HEAD: u32 = 64;
const STEP: u32 = 60;
/// Characters that fit between two lanes, and over one.
const MAX_LABEL: usize = 40;
const MAX_NAME: usize = 26;
const MAX_THIRD: usize = 18;
const MAX_NOTE: usize = 70;

/// The drawing and the list.
#[derive(Debug)]
pub struct Sequence {
    /// What the drawing is called.
    pub title: String,
    /// The lanes: middle and name.
    pub lanes: Vec<(u32, String)>,
    /// The steps.
    pub steps: Vec<Step>,
    /// Height of the drawing.
    pub height: u32,
}

/// A step.
#[derive(Debug)]
pub struct Step {
    /// Its number, from 1.
    pub number: usize,
    /// What happened, the same in the drawing and in the list.
    pub label: String,
    /// How it was judged: sign, words, class.
    pub judged: (&'static str, String, &'static str),
    /// When.
    pub time: String,
    /// Where on the page it stands.
    pub address: String,
    /// Height of its line.
    pub y: u32,
    /// From where to where; the same twice is a note at that place.
    pub x: (u32, u32),
}

impl Step {
    /// Whether anybody judged it.
    pub fn is_judged(&self) -> bool {
        !self.judged.1.is_empty()
    }
    /// Whether it is no message.
    pub fn is_note(&self) -> bool {
        self.x.0 == self.x.1
    }
    /// Where its words stand, and which end of them: a note at an outer lane has room on one side only.
    pub fn words(&self) -> (u32, &'static str) {
        match self.is_note() {
            true if self.x.0 == LANES[0] => (8, "start"),
            true if self.x.0 == LANES[2] => (WIDTH - 8, "end"),
            _ => ((self.x.0 + self.x.1) / 2, "middle"),
        }
    }
    /// Height of its words.
    pub fn above(&self) -> u32 {
        self.y - 10
    }
    /// Height of how it was judged.
    pub fn below(&self) -> u32 {
        self.y + 18
    }
    /// The tip of its arrow.
    pub fn tip(&self) -> String {
        let (x, y) = (self.x.1, self.y);
        let back = match self.x.1 > self.x.0 {
            true => x - 12,
            false => x + 12,
        };
        format!("{x},{y} {back},{} {back},{}", y - 6, y + 6)
    }
}

impl Sequence {
    pub fn of(
        federation: &Federation,
        flow: &Flow,
        summary: &Summary,
        t: &PageText,
        f: &Text,
    ) -> Self {
        let system = match &flow.system {
            Some(_) => brief(&summary.system_label(), MAX_NAME),
            None => t.system.to_owned(),
        };
        let idp = match &flow.idp {
            Some(_) => brief(&summary.idp_label(), MAX_NAME),
            None => f.an_idp.to_owned(),
        };
        let content = &flow.content;
        let messages = content.exchanges.iter().enumerate();
        let mut steps: Vec<(OffsetDateTime, Step)> = messages
            .map(|(at, exchange)| {
                let whose = third(federation, flow, exchange);
                (exchange.at, message(at + 1, exchange, whose.as_deref(), f))
            })
            .collect();
        let told = content.told.iter().enumerate();
        steps.extend(told.map(|(at, told)| (told.at, said(at + 1, told, summary, f))));
        let visits = content.visits.iter().enumerate();
        // Where a message came or went there is an arrow already.
        let pages = visits.filter(|(_, visit)| !visit.path.starts_with("/runtime/"));
        steps.extend(pages.map(|(at, visit)| {
            let (method, path) = (visible(&visit.method), visible(&visit.path));
            let label = f.page_shown(method, path, visit.status);
            let address = format!("#v{}", at + 1);
            (visit.at, Step::note(LANES[1], label, address, none()))
        }));
        steps.sort_by_key(|(at, _)| *at);
        let steps: Vec<Step> = (steps.into_iter().zip(0..))
            .map(|((at, step), index)| Step {
                number: index as usize + 1,
                y: HEAD + STEP / 2 + 8 + STEP * index,
                time: when::clock(at, t.language),
                ..step
            })
            .collect();
        let names = [system.clone(), f.link_hub.to_owned(), idp.clone()];
        Self {
            title: f.sequence_title(system, idp),
            lanes: LANES.into_iter().zip(names).collect(),
            height: HEAD + STEP * u32::try_from(steps.len()).unwrap_or(u32::MAX / STEP) + 16,
            steps,
        }
    }
}

impl Sequence {
    /// Whom an arrow comes from.
    pub fn from(&self, step: &Step) -> &str {
        self.name(step.x.0)
    }
    /// Whom it goes to.
    pub fn to(&self, step: &Step) -> &str {
        self.name(step.x.1)
    }
    fn name(&self, x: u32) -> &str {
        let lane = self.lanes.iter().find(|(lane, _)| *lane == x);
        lane.map_or("", |(_, name)| name)
    }
}

impl Step {
    fn note(x: u32, label: String, address: String, judged: Judged) -> Self {
        Self {
            number: 0,
            label: brief(&label, MAX_NOTE),
            judged,
            time: String::new(),
            address,
            y: 0,
            x: (x, x),
        }
    }
}

type Judged = (&'static str, String, &'static str);

/// A logout reaches more systems than the lane is called after: whose message it is, where it is another's.
fn third(federation: &Federation, flow: &Flow, exchange: &Exchange) -> Option<String> {
    let peer = exchange.peer.as_deref()?;
    let (lane, name) = match exchange.leg {
        Leg::System => {
            let known = federation.system(peer).map(|one| &one.presentation_name);
            (&flow.system, known)
        }
        Leg::IdentityProvider => {
            let known = federation.identity_provider(peer);
            (&flow.idp, known.map(|one| &one.presentation_name))
        }
    };
    let other = lane.as_deref().is_some_and(|lane| lane != peer);
    other.then(|| visible(name.map_or(peer, String::as_str)))
}

fn message(number: usize, exchange: &Exchange, whose: Option<&str>, f: &Text) -> Step {
    let [system, hub, idp] = LANES;
    let x = match (exchange.leg, exchange.direction) {
        (Leg::System, Direction::In) => (system, hub),
        (Leg::System, Direction::Out) => (hub, system),
        (Leg::IdentityProvider, Direction::Out) => (hub, idp),
        (Leg::IdentityProvider, Direction::In) => (idp, hub),
    };
    let binding = match exchange.binding {
        Binding::Redirect => "Redirect",
        Binding::Post => "POST",
        Binding::Soap => "SOAP",
    };
    let what = format!("{} ({binding})", brief(&exchange.kind, MAX_LABEL - 12));
    Step {
        number: 0,
        label: match whose {
            Some(whose) => format!("{what}: {}", brief(whose, MAX_THIRD)),
            None => what,
        },
        judged: judged(exchange, f),
        time: String::new(),
        address: format!("#m{number}"),
        y: 0,
        x,
    }
}

fn judged(exchange: &Exchange, f: &Text) -> Judged {
    let count = |wanted| {
        let rows = exchange.checks.iter();
        rows.filter(|row| row.outcome == wanted).count()
    };
    let [pass, warn, fail] = [RowOutcome::Pass, RowOutcome::Warn, RowOutcome::Fail].map(count);
    match (pass, warn, fail) {
        (0, 0, 0) => none(),
        (_, _, 1..) => ("✗", f.checks_fail(fail), "fail"),
        (_, 1.., _) => ("!", f.checks_warn(warn), "warn"),
        _ => ("✓", f.checks_fine(pass), "pass"),
    }
}

/// Nothing to judge by.
fn none() -> Judged {
    ("", String::new(), "skip")
}

fn said(number: usize, told: &Told, summary: &Summary, f: &Text) -> Step {
    let (x, who) = match told.by {
        Leg::System => (LANES[0], teller(told.by, summary)),
        Leg::IdentityProvider => (LANES[2], teller(told.by, summary)),
    };
    let address = format!("#told{number}");
    let ids: Vec<String> = told
        .findings
        .iter()
        .map(|found| visible(&found.id))
        .collect();
    match ids.is_empty() {
        true => Step::note(
            x,
            f.told_fine(who),
            address,
            ("✓", f.link_ok.to_owned(), "pass"),
        ),
        false => Step::note(x, f.told_wrong(who), address, ("✗", ids.join(", "), "fail")),
    }
}
