//! Metadata as the real hub's validation service judges it when a party is registered, all findings at once.
//!
//! ```text
//! bytes ──▶ document ──▶ schema · signature · dates ──▶ role ──▶ endpoints · keys ──▶ certificates ──▶ quirks
//!                        what others have, what CAs say, the moment: arguments ─────────┘
//! ```
//!
//! [`Rule`] is the one list of what can be said. Nothing is fetched: [`certificates`] tells whose revocation to ask
//! about, and what was found out comes in [`Circumstances`].

mod certificate;
mod circumstances;
mod document;
mod endpoints;
mod finding;
mod keys;
mod place;
mod quirks;
pub mod rule;
pub mod said;
mod signature;
#[cfg(test)]
mod tests;

pub use circumstances::{Asked, Circumstances, Others};
pub use finding::{Finding, Linted};
pub use place::Place;
pub use rule::{Rule, Severity};

use crate::dsig::Certificate;
use crate::hub::Actor;
use crate::saml::metadata;
use crate::xml::{Document, Limits, MD, Node};
use document::described;
use finding::Sink;

/// What the metadata is registered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LintRole {
    /// An identity provider.
    Idp,
    /// A user-facing system.
    #[doc(alias = "brugervendt system")]
    System,
}

impl LintRole {
    /// The element that describes it.
    pub fn descriptor(self) -> &'static str {
        match self {
            Self::Idp => "IDPSSODescriptor",
            Self::System => "SPSSODescriptor",
        }
    }

    /// Who must act on what its metadata says.
    pub fn actor(self) -> Actor {
        match self {
            Self::Idp => Actor::IdentityProvider,
            Self::System => Actor::System,
        }
    }
}

/// Judges metadata. Never fails: what cannot be read is a finding.
pub fn lint(bytes: &[u8], role: LintRole, at: &Circumstances<'_>) -> Linted {
    let mut sink = Sink::new(role);
    let document = match read(bytes) {
        Ok(document) => document,
        Err(error) => {
            let place = Place::line(error.position);
            sink.add_at(
                Rule::Readable,
                place,
                error.to_string(),
                "XML without a DTD",
            );
            return sink.finish(None);
        }
    };
    schema(&mut sink, document.root());
    let Some(entity) = described(&mut sink, document.root()) else {
        return sink.finish(None);
    };
    document::entity_id(&mut sink, entity, at);
    let roles = document::roles(&mut sink, entity, role);
    let used = keys::keys(&mut sink, &roles);
    signature::judge(&mut sink, entity, &used);
    document::dates(&mut sink, entity, &roles, at.now);
    for node in &roles {
        endpoints::judge(&mut sink, *node);
    }
    for used in &used {
        certificate::judge(&mut sink, used, entity.attribute("entityID"), at);
    }
    quirks::judge(&mut sink, entity, &roles);
    sink.finish(entity.attribute("entityID").map(str::to_owned))
}

/// The certificates of the role, each once: whose CAs are to be asked before [`lint`].
pub fn certificates(bytes: &[u8], role: LintRole) -> Vec<Certificate> {
    let mut unheard = Sink::new(role);
    let Ok(document) = read(bytes) else {
        return Vec::new();
    };
    let Some(entity) = described(&mut unheard, document.root()) else {
        return Vec::new();
    };
    let roles = document::roles(&mut unheard, entity, role);
    let used = keys::keys(&mut unheard, &roles);
    used.into_iter().map(|used| used.certificate).collect()
}

fn read(bytes: &[u8]) -> Result<Document, crate::xml::XmlError> {
    // AD FS writes a byte order mark. It belongs to the file.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    Document::parse_within(bytes, &Limits::METADATA)
}

fn schema(sink: &mut Sink, root: Node<'_>) {
    // What is no metadata at the root is told as that alone.
    if root.namespace() != MD.uri {
        return;
    }
    let violations = metadata::violations(root);
    let all = violations.len();
    let expected = "SAML 2.0 metadata that holds to the schema";
    for violation in violations {
        let place = Place::line(violation.position);
        sink.add_at(Rule::Schema, place, violation.what, expected);
    }
    if all >= metadata::MAX_VIOLATIONS {
        let found = "perhaps more: nobody looked further";
        sink.add_at(Rule::Schema, Place::default(), found, expected);
    }
}
