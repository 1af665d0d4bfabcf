//! What was asked of the identity provider, and what it answered, in a line each.

use crate::edge::journal::Flow;
use crate::hub::trace::{Direction, Exchange, Leg};
use crate::xml::{Document, Node, SAML, SAMLP};

/// What the identity provider was asked.
pub struct Request {
    profile: Option<&'static str>,
    class_refs: Vec<String>,
    comparison: Option<String>,
    relay_state: Option<String>,
}

/// The latest request to the identity provider.
pub fn request(flow: &Flow) -> Option<Request> {
    let exchange = latest(flow, Direction::Out)?;
    let document = Document::parse(exchange.xml.as_bytes()).ok()?;
    let asked = document.root().child(SAMLP, "RequestedAuthnContext");
    let refs = asked.iter().flat_map(|asked| asked.elements());
    let refs = refs.filter(|node| node.is(SAML, "AuthnContextClassRef"));
    Some(Request {
        profile: flow.profile.map(|profile| profile.as_str()),
        class_refs: refs
            .filter_map(|node| Some(node.text()?.trim().to_owned()))
            .collect(),
        comparison: asked.and_then(|asked| asked.attribute("Comparison").map(str::to_owned)),
        relay_state: exchange.relay_state.clone(),
    })
}

impl Request {
    /// In Danish.
    pub fn danish(&self) -> String {
        self.told("intet class ref")
    }

    /// In English.
    pub fn english(&self) -> String {
        self.told("no class ref")
    }

    fn told(&self, nothing: &str) -> String {
        let mut parts: Vec<String> = self
            .profile
            .iter()
            .map(|profile| (*profile).to_owned())
            .collect();
        parts.push(match self.class_refs.is_empty() {
            true => nothing.to_owned(),
            false => self.class_refs.join(" "),
        });
        if let Some(comparison) = &self.comparison {
            parts.push(format!("Comparison={comparison}"));
        }
        if let Some(relay_state) = &self.relay_state {
            parts.push(format!("RelayState {relay_state}"));
        }
        parts.join(" · ")
    }
}

/// The status of the latest answer of the identity provider, with its words.
pub fn status(flow: &Flow) -> Option<String> {
    let exchange = latest(flow, Direction::In)?;
    let document = Document::parse(exchange.xml.as_bytes()).ok()?;
    let status = document.root().child(SAMLP, "Status")?;
    let code = status.child(SAMLP, "StatusCode")?;
    let inner = code.child(SAMLP, "StatusCode");
    let codes = [Some(code), inner].into_iter().flatten();
    let codes: Vec<&str> = codes.filter_map(last_word).collect();
    let message = status.child(SAMLP, "StatusMessage").and_then(Node::text);
    let message = message.unwrap_or_default();
    // That there was one is no help to anybody.
    let is_said =
        |text: &&str| !text.is_empty() && *text != "masked" && !text.starts_with("masked-");
    Some(match Some(message.trim()).filter(is_said) {
        Some(message) => format!("{}: «{message}»", codes.join(" / ")),
        None => codes.join(" / "),
    })
}

fn last_word(code: Node<'_>) -> Option<&str> {
    code.attribute("Value")?.rsplit(':').next()
}

fn latest(flow: &Flow, direction: Direction) -> Option<&Exchange> {
    let mut all = flow.content.exchanges.iter().rev();
    all.find(|one| one.leg == Leg::IdentityProvider && one.direction == direction)
}
