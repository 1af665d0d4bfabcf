//! One message of a capture, or of our own: masked.

use crate::dsig::{DecryptPolicy, DecryptionKey, decrypt};
use crate::oiosaml::mask::Masker;
use crate::oiosaml::{Level, Nsis};
use crate::saml::Binding;
use crate::xml::{DS, Document, Node, SAML, SAMLP};

/// What travelled, before it is masked. Does not outlive the reading of its capture.
pub struct Raw {
    /// How it travelled, where that is known.
    pub binding: Option<Binding>,
    /// Where it was sent.
    pub address: Option<String>,
    /// The XML.
    pub xml: Vec<u8>,
    /// RelayState.
    pub relay_state: Option<String>,
    /// Of a Redirect, the query.
    pub query: Option<Query>,
    /// Whether no RelayState means that there was none.
    pub complete: bool,
}

/// The query of a Redirect, without what it carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The parameters of the binding, in order.
    pub parameters: Vec<&'static str>,
    /// SigAlg.
    pub algorithm: Option<String>,
}

/// Which message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// AuthnRequest
    AuthnRequest,
    /// Response
    Response,
    /// LogoutRequest
    LogoutRequest,
    /// LogoutResponse
    LogoutResponse,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::AuthnRequest,
        Self::Response,
        Self::LogoutRequest,
        Self::LogoutResponse,
    ];

    /// Name of the root element.
    pub fn word(self) -> &'static str {
        match self {
            Self::AuthnRequest => "AuthnRequest",
            Self::Response => "Response",
            Self::LogoutRequest => "LogoutRequest",
            Self::LogoutResponse => "LogoutResponse",
        }
    }
}

/// RelayState.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// A mask that is the same wherever the same value stood.
    pub mask: String,
    /// Its shape as the hub's own: `{handle}` for what nobody can read, and the words of a level as they stood.
    pub shape: String,
}

/// A masked message.
pub struct Message {
    /// Which.
    pub kind: Kind,
    /// How it travelled, where that is known.
    pub binding: Option<Binding>,
    /// Where it was sent, without query.
    pub address: Option<String>,
    /// Of a Redirect, the query.
    pub query: Option<Query>,
    /// RelayState; the outer none: not known.
    pub relay: Option<Option<Relay>>,
    /// The masked tree.
    pub xml: Document,
    /// The assertion that was encrypted in it, if a key opened it; masked.
    clear: Option<Document>,
    forms: Vec<(String, String)>,
}

impl Message {
    /// Masks a message. The error quotes nothing of it.
    pub fn read(raw: &Raw, keys: &[DecryptionKey], masker: &mut Masker) -> Result<Self, String> {
        let document = Document::parse(&raw.xml).map_err(|_| "no well-formed XML".to_owned())?;
        let root = document.root();
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| root.is(SAMLP, kind.word()))
            .ok_or_else(|| "XML that is no message of SAML's".to_owned())?;
        let clear = opened(root, keys);
        Self::masked(raw, kind, root, clear.as_ref().map(Document::root), masker)
            .ok_or_else(|| "a message that cannot be kept".to_owned())
    }

    /// The same for a message of ours, of which the assertion in clear is at hand.
    pub fn own(raw: &Raw, clear: Option<&str>, masker: &mut Masker) -> Option<Self> {
        let document = Document::parse(&raw.xml).ok()?;
        let root = document.root();
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| root.is(SAMLP, kind.word()))?;
        let clear = clear.and_then(|clear| Document::parse(clear.as_bytes()).ok());
        Self::masked(raw, kind, root, clear.as_ref().map(Document::root), masker)
    }

    fn masked(
        raw: &Raw,
        kind: Kind,
        root: Node<'_>,
        clear: Option<Node<'_>>,
        masker: &mut Masker,
    ) -> Option<Self> {
        let xml = masker.document(root)?;
        let clear = match clear {
            Some(clear) => Some(masker.document(clear)?),
            None => None,
        };
        let relay = raw.relay_state.as_deref();
        let known = raw.complete || relay.is_some();
        let relay = relay.map(|text| Relay {
            mask: masker.relay_state(text),
            shape: masker.scrub(&shape(text)),
        });
        let algorithm = |query: &Query| query.algorithm.as_deref().map(|uri| masker.scrub(uri));
        let query = raw.query.as_ref().map(algorithm);
        let query = raw
            .query
            .as_ref()
            .zip(query)
            .map(|(query, algorithm)| Query {
                parameters: query.parameters.clone(),
                algorithm,
            });
        let roots = [Some(xml.root()), clear.as_ref().map(Document::root)];
        let nodes = roots
            .into_iter()
            .flatten()
            .flat_map(|root| std::iter::once(root).chain(root.descendants()));
        let ids = nodes.flat_map(|node| [node.attribute("ID"), node.attribute("SessionIndex")]);
        let forms = ids
            .flatten()
            .filter_map(|id| Some((id.to_owned(), masker.form(id)?.to_owned())))
            .collect();
        Some(Self {
            kind,
            binding: raw.binding,
            address: raw
                .address
                .as_deref()
                .map(|address| masker.address(address)),
            query,
            relay: known.then_some(relay),
            xml,
            clear,
            forms,
        })
    }

    /// The message.
    pub fn root(&self) -> Node<'_> {
        self.xml.root()
    }

    /// Its (masked) `ID`.
    pub fn id(&self) -> Option<&str> {
        self.root().attribute("ID")
    }

    /// Its (masked) `InResponseTo`.
    pub fn in_response_to(&self) -> Option<&str> {
        self.root().attribute("InResponseTo")
    }

    /// Its issuer.
    pub fn issuer(&self) -> Option<String> {
        child_text(self.root(), "Issuer")
    }

    /// Where it says that it goes, or where it was sent.
    pub fn destination(&self) -> Option<&str> {
        self.root()
            .attribute("Destination")
            .or(self.address.as_deref())
    }

    /// The assertion, if there is one that can be read.
    pub fn assertion(&self) -> Option<Node<'_>> {
        match &self.clear {
            Some(clear) => Some(clear.root()),
            None => self.root().child(SAML, "Assertion"),
        }
    }

    /// Whether there is an encrypted one.
    pub fn is_encrypted(&self) -> bool {
        self.root().child(SAML, "EncryptedAssertion").is_some()
    }

    /// Which form an id of it had.
    pub fn form(&self, id: &str) -> Option<&str> {
        let found = self.forms.iter().find(|(mask, _)| mask == id);
        found.map(|(_, form)| form.as_str())
    }
}

/// The text of a child of `node` in SAML's namespace.
pub fn child_text(node: Node<'_>, local: &str) -> Option<String> {
    let text = node.child(SAML, local)?.text()?;
    Some(text.trim().to_owned())
}

/// Whether an element has an enveloped signature.
pub fn signature(node: Node<'_>) -> Option<Node<'_>> {
    node.child(DS, "Signature")
}

fn opened(root: Node<'_>, keys: &[DecryptionKey]) -> Option<Document> {
    let encrypted = root.child(SAML, "EncryptedAssertion")?;
    let opened = decrypt(encrypted, keys, DecryptPolicy::CbcToo).ok()?;
    Some(opened.document).filter(|document| document.root().is(SAML, "Assertion"))
}

/// The words by which a RelayState can name a level: ours of all vocabularies, longest first.
pub fn level_words() -> Vec<String> {
    let mut words: Vec<String> = Nsis::ALL
        .into_iter()
        .flat_map(|level| {
            [
                Level::Nsis(level).class_ref(),
                level.danish().to_owned(),
                level.word().to_owned(),
            ]
        })
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// `{handle}` for the longest run of letters and digits that names no level, and for every other that is as long as
/// a secret: what is left is how the hub puts its RelayState together.
fn shape(text: &str) -> String {
    let text = match text.contains('%') {
        true => {
            // Only the percent signs are read; “&” and “+” belong to the text.
            let field = text.replace('&', "%26").replace('+', "%2B");
            let field = format!("x={field}");
            let (_, value) = url::form_urlencoded::parse(field.as_bytes())
                .next()
                .unwrap_or_default();
            value.into_owned()
        }
        false => text.to_owned(),
    };
    let word = level_words()
        .into_iter()
        .find(|word| text.contains(word.as_str()));
    let parts: Vec<&str> = match &word {
        Some(word) => text.splitn(2, word.as_str()).collect(),
        None => vec![&text],
    };
    // What is counted or drawn has a digit in it nearly always.
    let weight = |run: &str| (run.bytes().any(|b| b.is_ascii_digit()), run.len());
    let heaviest = parts.iter().flat_map(|part| runs(part)).map(weight).max();
    let mut handle = false;
    let shaped = parts.iter().map(|part| {
        let mut out = String::new();
        let mut rest = *part;
        while let Some(run) = runs(rest).next() {
            let at = rest.find(run).unwrap_or_default();
            out.push_str(&rest[..at]);
            let first = Some(weight(run)) == heaviest && !handle;
            handle |= first;
            // A name of a field stands before a sign; what else is no level may be anything, somebody's name too.
            let field = rest[at + run.len()..].starts_with(['=', ':']) && run.len() < 16;
            match (first, field) {
                (true, _) => out.push_str("{handle}"),
                (false, true) => out.push_str(run),
                (false, false) => out.push_str("{…}"),
            }
            rest = &rest[at + run.len()..];
        }
        out.push_str(rest);
        out
    });
    let shaped: Vec<String> = shaped.collect();
    shaped.join(word.as_deref().unwrap_or_default())
}

fn runs(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '+' | '/');
    text.split(move |c| !inside(c))
        .filter(|run| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn a_relay_state_is_its_shape() {
        for (text, expected) in [
            ("01ABCDEFGHJKMNPQRSTVWXYZ01", "{handle}"),
            ("01ABCDEFGHJKMNPQRSTVWXYZ01&nsis=Høj", "{handle}&nsis=Høj"),
            ("loa=Substantial;id=42", "loa=Substantial;id={handle}"),
            (
                "3b2f0c1e-1111-4222-8333-444455556666 https://data.gov.dk/concept/core/nsis/loa/High",
                "{handle} https://data.gov.dk/concept/core/nsis/loa/High",
            ),
            (
                "abcdefghijklmnopqrstuvwxyz.abcdefghijklmnopq",
                "{handle}.{…}",
            ),
            ("handle1234567890&nsis=H%C3%B8j", "{handle}&nsis=Høj"),
            ("", ""),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }
}
