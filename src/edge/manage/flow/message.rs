//! A message on the page: its checks, each with a link to the line it is about, and its XML in every form.

use super::Text;
use super::places::{Found, place};
use super::shown::{brief, visible};
use super::xml::{Row as XmlRow, View};
use crate::dsig::base64;
use crate::edge::page::{Text as PageText, outcome, when};
use crate::edge::pretty::pretty;
use crate::hub::trace::{Direction, Leg};
use crate::hub::{Exchange, Row, RowOutcome};
use crate::saml::Binding;
use crate::saml::coverage::{Claim, Covered};
use crate::xml::Document;
use std::collections::BTreeSet;

/// Characters of a name of an algorithm or an element that a sentence takes.
const MAX_NAME: usize = 64;

/// A message.
#[derive(Debug)]
pub struct Message {
    pub number: usize,
    pub time: String,
    pub arrow: &'static str,
    pub kind: String,
    pub binding: &'static str,
    pub peer: Option<String>,
    pub relay_state: Option<String>,
    /// How many checks passed, failed and warned.
    pub counts: (usize, usize, usize),
    pub checks: Vec<CheckView>,
    /// Nothing of an old flow.
    pub xml: Option<Pane>,
    /// The assertion that was encrypted in it.
    pub decrypted: Option<Pane>,
    /// The XML as it travelled.
    pub octets: String,
    pub query: Option<String>,
    pub base64: Option<String>,
}

/// A check and what it found.
#[derive(Debug)]
pub struct CheckView {
    /// What links to it; a check has one row that can be linked to.
    pub anchor: Option<String>,
    pub id: &'static str,
    pub label: (&'static str, &'static str),
    /// Whether something is wrong.
    pub wrong: bool,
    pub what: &'static str,
    pub found: String,
    pub expected: String,
    pub clause: &'static str,
    pub place: Option<PlaceView>,
}

/// Where in the XML a check is about.
#[derive(Debug)]
pub struct PlaceView {
    pub address: String,
    pub label: String,
    pub path: String,
}

/// A document, line by line.
#[derive(Debug)]
pub struct Pane {
    /// What the anchors of its lines begin with: `m2`, and `m2a` of the assertion in clear.
    pub prefix: String,
    /// None of a document that is too large.
    pub view: Option<View>,
    /// Then this.
    pub plain: String,
    /// What the signatures in it say that they cover, in words.
    pub signatures: Vec<String>,
}

impl Pane {
    fn of(
        prefix: String,
        xml: &str,
        query: Option<&str>,
        scope: &[(&str, &str)],
        f: &Text,
    ) -> Self {
        let view = View::of(xml, query, scope);
        let claims = view.iter().flat_map(|view| {
            let claims = view.claims().iter();
            claims.map(|claim| claimed(claim, view, f))
        });
        Self {
            signatures: claims.collect(),
            plain: match view {
                Some(_) => String::new(),
                None => visible(&pretty(xml)),
            },
            prefix,
            view,
        }
    }

    /// Whether anything in it is tinted.
    pub fn is_signed(&self) -> bool {
        !self.signatures.is_empty()
    }
    /// The rows.
    pub fn rows(&self) -> &[XmlRow] {
        self.view.as_ref().map_or(&[], View::rows)
    }
}

impl Message {
    /// Of the exchange with this number, from 1.
    pub fn of(number: usize, exchange: &Exchange, t: &PageText, f: &Text) -> Self {
        let algorithm = exchange.query.as_deref().and_then(signed_query);
        let prefix = format!("m{number}");
        let xml = (!exchange.xml.is_empty())
            .then(|| Pane::of(prefix.clone(), &exchange.xml, algorithm.as_deref(), &[], f));
        let decrypted = exchange.decrypted.as_deref().map(|clear| {
            let around = Document::parse(exchange.xml.as_bytes()).ok();
            let scope = around.as_ref().map(scope).unwrap_or_default();
            Pane::of(format!("{prefix}a"), clear, None, &scope, f)
        });
        let mut message = Self {
            number,
            time: when::clock(exchange.at, t.language),
            arrow: arrow(exchange, t),
            kind: brief(&exchange.kind, MAX_NAME),
            binding: match exchange.binding {
                Binding::Redirect => "HTTP-Redirect",
                Binding::Post => "HTTP-POST",
                Binding::Soap => "SOAP",
            },
            peer: exchange.peer.as_deref().map(visible),
            relay_state: exchange.relay_state.as_deref().map(visible),
            counts: counts(&exchange.checks),
            checks: Vec::new(),
            xml,
            decrypted,
            octets: visible(&exchange.xml),
            query: exchange.query.as_deref().map(visible),
            base64: (exchange.binding == Binding::Post && !exchange.xml.is_empty())
                .then(|| base64::encode(exchange.xml.as_bytes())),
        };
        message.judge(&exchange.checks, t, f);
        message
    }

    /// Adds the rows, and marks the lines that they are about.
    fn judge(&mut self, rows: &[Row], t: &PageText, f: &Text) {
        let mut seen = BTreeSet::new();
        for row in rows {
            let info = row.check.info();
            let wrong = matches!(row.outcome, RowOutcome::Fail | RowOutcome::Warn);
            let anchor = seen.insert(info.id).then(|| anchor(self.number, info.id));
            let mark = wrong.then_some(row.outcome == RowOutcome::Fail);
            let view = CheckView {
                anchor,
                id: info.id,
                label: outcome(row.outcome, t),
                wrong,
                what: t.pick(info.what),
                found: visible(&row.found),
                expected: visible(&row.expected),
                clause: info.clause,
                place: self.place_of(row, mark, f),
            };
            self.checks.push(view);
        }
    }

    /// The line of a check. What stands in an encrypted assertion stands in its clear text.
    fn place_of(&mut self, row: &Row, mark: Option<bool>, f: &Text) -> Option<PlaceView> {
        let place = place(row.check)?;
        let clear = self.decrypted.as_mut().filter(|_| place.is_in_assertion());
        let in_clear = clear.is_some();
        let pane = clear.or(self.xml.as_mut())?;
        let view = pane.view.as_mut()?;
        let Found { line, there } = place.find(view)?;
        view.mark(line, row.check.info().id, mark);
        Some(PlaceView {
            address: format!("#{}-l{line}", pane.prefix),
            label: match (in_clear, there) {
                (false, true) => f.line(line),
                (false, false) => f.line_around(line),
                (true, true) => f.in_clear(line),
                (true, false) => f.in_clear_around(line),
            },
            path: place.text(),
        })
    }
}

/// The name of a row on the page.
pub fn anchor(message: usize, check: &str) -> String {
    format!("m{message}-{check}")
}

fn arrow(exchange: &Exchange, t: &PageText) -> &'static str {
    match (exchange.leg, exchange.direction) {
        (Leg::System, Direction::In) => t.arrow_from_system,
        (Leg::System, Direction::Out) => t.arrow_to_system,
        (Leg::IdentityProvider, Direction::Out) => t.arrow_to_idp,
        (Leg::IdentityProvider, Direction::In) => t.arrow_from_idp,
    }
}

fn counts(rows: &[Row]) -> (usize, usize, usize) {
    let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    (
        count(RowOutcome::Pass),
        count(RowOutcome::Fail),
        count(RowOutcome::Warn),
    )
}

/// The algorithm of the signature over a query, if it has one.
fn signed_query(query: &str) -> Option<String> {
    let value = |wanted: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let found = pairs.find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.into_owned())
    };
    value("Signature").and_then(|_| value("SigAlg"))
}

/// The namespaces of the place that an assertion was encrypted at: what was encrypted leans on them.
fn scope(document: &Document) -> Vec<(&str, &str)> {
    let mut elements = document.root().elements();
    let encrypted = elements.find(|element| element.local() == "EncryptedAssertion");
    encrypted.map_or_else(Vec::new, |element| element.namespaces_in_scope())
}

/// What a signature says it covers, in words.
fn claimed(claim: &Claim, view: &View, f: &Text) -> String {
    let algorithm = claim.algorithm.rsplit('#').next().unwrap_or_default();
    let algorithm = brief(algorithm, MAX_NAME);
    match &claim.what {
        Covered::Query => f.signed_query(algorithm),
        Covered::Nothing => f.signed_nothing(brief(&claim.uri, MAX_NAME), algorithm),
        Covered::Element { name, .. } => {
            let (from, to) = view.lines_of(&claim.what).unwrap_or((1, 1));
            f.signed_element(brief(name, MAX_NAME), from, to, algorithm)
        }
    }
}
