//! A flow as it is handed on: whole, or without what it says of people.

use super::words::Words;
use crate::edge::journal::{Flow, Visit};
use crate::hub::roles::{Incoming, Story};
use crate::hub::trace::{Leg, Told};
use crate::hub::{Check, Decision, Exchange, Federation, FlowId, Row};
use crate::oiosaml::mask::Masker;
use crate::xml::Document;
use std::borrow::Cow;

/// The form of a case bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// People's data is replaced by counted names: `person-1@masked.invalid`.
    Masked,
    /// The same, by salted hashes.
    Hashed,
    /// As it was.
    Plain,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Masked, Self::Hashed, Self::Plain];

    /// The word of addresses, options and files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Masked => "masked",
            Self::Hashed => "hashed",
            Self::Plain => "plain",
        }
    }

    /// The form that is called so.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == word)
    }
}

/// The flow in this form. The salt is that of [`Form::Hashed`].
pub fn masked(federation: &Federation, flow: &Flow, form: Form, salt: [u8; 32]) -> Flow {
    let mut masker = match form {
        Form::Plain => return flow.clone(),
        Form::Masked => Masker::default(),
        Form::Hashed => Masker::hashing(salt),
    };
    let mut flow = flow.clone();
    let mut left = Vec::new();
    for exchange in &mut flow.content.exchanges {
        message(exchange, &mut masker);
        left.push(exchange.xml.clone());
        left.extend(exchange.decrypted.clone());
    }
    let mut words = Words::new(federation, &left, &mut masker);
    for name in [&mut flow.system, &mut flow.idp].into_iter().flatten() {
        *name = words.value(name);
    }
    let content = &mut flow.content;
    for exchange in &mut content.exchanges {
        around(exchange, &mut words);
    }
    for decision in &mut content.decisions {
        *decision = Decision {
            input: words.ours(&decision.input),
            result: words.ours(&decision.result),
            ..decision.clone()
        };
    }
    if let Some(story) = &mut content.story {
        roles(story, &mut words);
    }
    for visit in &mut content.visits {
        visited(visit, &mut words);
    }
    for told in &mut content.told {
        said(told, &mut words);
    }
    flow
}

/// What travelled: of XML that cannot be read, nothing is kept.
fn message(exchange: &mut Exchange, masker: &mut Masker) {
    exchange.xml = tree(&exchange.xml, masker);
    let decrypted = exchange.decrypted.as_deref();
    exchange.decrypted = decrypted.map(|xml| tree(xml, masker));
    exchange.query = exchange.query.as_deref().map(query);
    exchange.relay_state = exchange.relay_state.as_deref().map(|relay| {
        // Ours is a handle, and perhaps a level beside it.
        let end = relay.find(|c: char| !c.is_ascii_alphanumeric());
        let (handle, level) = relay.split_at(end.unwrap_or(relay.len()));
        match exchange.leg == Leg::IdentityProvider && FlowId::parse(handle).is_some() {
            true => format!("{}{level}", masker.relay_state(handle)),
            false => masker.relay_state(relay),
        }
    });
}

fn tree(xml: &str, masker: &mut Masker) -> String {
    let document = Document::parse(xml.as_bytes());
    let kept = document
        .ok()
        .and_then(|document| masker.document(document.root()));
    match kept {
        Some(kept) => kept.source().to_owned(),
        None => masker.other(xml),
    }
}

/// What stands around a message.
fn around(exchange: &mut Exchange, words: &mut Words<'_>) {
    exchange.kind = words.value(&exchange.kind);
    exchange.peer = exchange.peer.as_deref().map(|peer| words.value(peer));
    if let Some(relay) = &exchange.relay_state {
        exchange.relay_state = Some(words.theirs(relay));
    }
    for row in &mut exchange.checks {
        *row = Row {
            found: Cow::Owned(words.ours(&row.found)),
            expected: Cow::Owned(words.ours(&row.expected)),
            ..row.clone()
        };
    }
}

/// The query of a Redirect: which parameters there were. Its signature is over what is not here any more.
fn query(raw: &str) -> String {
    const KNOWN: [&str; 6] = [
        "SAMLRequest",
        "SAMLResponse",
        "RelayState",
        "SAMLEncoding",
        "SigAlg",
        "Signature",
    ];
    let parts = raw.split('&').map(|part| part.split('=').next());
    let parts = parts.flatten().map(|name| match KNOWN.contains(&name) {
        true => format!("{name}=masked"),
        false => "masked=masked".to_owned(),
    });
    parts.collect::<Vec<_>>().join("&")
}

fn roles(story: &mut Story, words: &mut Words<'_>) {
    match &mut story.incoming {
        Incoming::Unreadable { why } => *why = words.ours(why),
        Incoming::Read { namespace, .. } => *namespace = words.theirs(namespace),
        Incoming::None | Incoming::Ignored | Incoming::Empty => {}
    }
    for group in &mut story.groups {
        group.scope = words.theirs(&group.scope);
        for constraint in &mut group.constraints {
            constraint.name = words.theirs(&constraint.name);
            constraint.value = words.value(&constraint.value);
        }
        for row in &mut group.roles {
            row.role = words.theirs(&row.role);
            row.about = row.about.as_deref().map(|about| words.theirs(about));
            row.mapping = row.mapping.as_deref().map(|id| words.theirs(id));
            let Some(issued) = &mut row.issued else {
                continue;
            };
            issued.role = words.theirs(&issued.role);
            for (name, value) in &mut issued.constraints {
                *name = words.theirs(name);
                *value = words.value(value);
            }
        }
    }
    for claim in &mut story.claims {
        claim.key = words.theirs(&claim.key);
    }
}

/// Headers whose names say nothing of anybody.
const HEADERS: [&str; 16] = [
    "user-agent",
    "accept",
    "accept-language",
    "content-type",
    "origin",
    "referer",
    "host",
    "sec-fetch-site",
    "sec-fetch-mode",
    "sec-fetch-dest",
    "sec-fetch-user",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "forwarded",
    "via",
];

/// Headers that say what a browser is, and how it came; of all others only that they were there.
fn visited(visit: &mut Visit, words: &mut Words<'_>) {
    visit.method = words.value(&visit.method);
    visit.path = path(&visit.path, words);
    for (name, value) in &mut visit.headers {
        let known = name.to_ascii_lowercase();
        *value = match known.as_str() {
            "user-agent" => agent(value, words),
            "sec-fetch-site" | "sec-fetch-mode" | "sec-fetch-dest" | "sec-fetch-user"
                if value.len() <= 16
                    && value
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b"-?1".contains(&b)) =>
            {
                value.clone()
            }
            "origin" | "referer" | "host" => words.theirs(value),
            _ => words.value(value),
        };
        if !HEADERS.contains(&known.as_str()) {
            *name = words.value(name);
        }
    }
    for cookie in &mut visit.cookies {
        *cookie = ours(cookie, words);
    }
    for cookie in &mut visit.set_cookies {
        let (name, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let name = name.split('=').next().unwrap_or_default();
        // The attributes are our own.
        *cookie = match attributes {
            "" => ours(name, words),
            _ => format!("{};{attributes}", ours(name, words)),
        };
    }
    visit.location = visit.location.as_deref().map(|at| path(at, words));
}

/// The name of a cookie of the hub; of another one, nothing.
fn ours(name: &str, words: &mut Words<'_>) -> String {
    let bare = name.strip_prefix("__Host-").unwrap_or(name);
    match bare.starts_with("vejviser") && bare.len() <= 32 {
        true => name.to_owned(),
        false => words.value(name),
    }
}

/// Paths of the hub are kept, of all other addresses what is registered.
fn path(address: &str, words: &mut Words<'_>) -> String {
    const OWN: [&str; 4] = ["/runtime/", "/vaelg", "/mit-valg", "/login"];
    match OWN.iter().any(|own| address.starts_with(own)) && address.len() <= 64 {
        true => words.ours(address),
        false => words.theirs(address),
    }
}

/// What the browser says that it is: products and versions, in the form that all browsers have.
fn agent(value: &str, words: &mut Words<'_>) -> String {
    let short = value.len() <= 256;
    let form = value.starts_with("Mozilla/5.0 (") || !value.contains(' ');
    match short && form {
        true => words.scrubbed(value),
        false => words.value(value),
    }
}

fn said(told: &mut Told, words: &mut Words<'_>) {
    for finding in &mut told.findings {
        finding.found = words.ours(&finding.found);
        finding.expected = words.ours(&finding.expected);
        if Check::named(&finding.id).is_none() {
            finding.id = words.ours(&finding.id);
        }
    }
}
