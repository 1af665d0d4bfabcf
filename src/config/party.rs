//! A party's metadata: from the file that its entry names, or rendered by the demo.

use super::hub_entry::file;
use super::kind::{
    DEMO_ONLY, INSECURE_ENDPOINT, METADATA_ADDRESS, METADATA_ENDPOINT, METADATA_ENTITY_ID,
    METADATA_EXPIRED, METADATA_FETCHED, METADATA_SIGNATURE, METADATA_TWICE, METADATA_UNREADABLE,
    MISSING_KEY, MISSING_METADATA, SIGNATURE_UNCHECKED,
};
use super::load::Circumstances;
use super::problem::Sink;
use crate::dsig::{self, Policy, SignatureError};
use crate::saml::address::{insecure, unsendable};
use crate::saml::metadata::{self, Endpoint, Entity};
use crate::saml::names::binding;
use crate::xml::{Document, Limits, Node};
use std::ops::Range;
use toml::Spanned;

/// What the two kinds of entries have in common.
pub(super) struct Party<'a> {
    pub name: &'a Spanned<String>,
    pub id: Option<&'a Spanned<String>>,
    pub saml_metadata: Option<&'a Spanned<String>>,
    pub saml_metadata_url: Option<&'a Spanned<String>>,
    /// Where its persona or demo section stands, and what that is called.
    pub invented: Option<(Range<usize>, &'static str)>,
}

/// Metadata, and the place in the configuration that its problems are told at.
pub(super) struct Found {
    pub entity: Entity,
    pub span: Range<usize>,
    /// Rendered by the demo with a key of the shipped PKI.
    pub shipped: bool,
}

/// The party's metadata, if it can be used at all.
pub(super) fn metadata(
    sink: &mut Sink<'_>,
    party: &Party<'_>,
    at: Circumstances<'_>,
) -> Option<Found> {
    match (&party.invented, at.rendered) {
        (Some((span, section)), None) => {
            let what =
                format!("`{section}` is for invented parties, and these exist only in the demo");
            sink.add(
                DEMO_ONLY,
                Some(span.clone()),
                what,
                "remove the section and give saml_metadata and id",
            );
            None
        }
        (Some((span, _)), Some(rendered)) => match rendered.get(party.name.get_ref()) {
            Some(entity) => right_id(sink, party, entity).then(|| Found {
                entity: entity.clone(),
                span: span.clone(),
                shipped: true,
            }),
            None => {
                let what = format!(
                    "the demo rendered no metadata for `{}`",
                    party.name.get_ref()
                );
                sink.add(
                    MISSING_METADATA,
                    Some(party.name.span()),
                    what,
                    "check the name of its key",
                );
                None
            }
        },
        (None, _) => from_file(sink, party, at),
    }
}

fn from_file(sink: &mut Sink<'_>, party: &Party<'_>, at: Circumstances<'_>) -> Option<Found> {
    if let Some(address) = party.saml_metadata_url {
        by_address(sink, party, address);
        return None;
    }
    let Some(name) = party.saml_metadata else {
        let what = format!("`{}` has no saml_metadata", party.name.get_ref());
        sink.add(
            MISSING_METADATA,
            Some(party.name.span()),
            what,
            "add saml_metadata = \"file.xml\", or saml_metadata_url = \"https://…\"",
        );
        return None;
    };
    let bytes = file(sink, name, at)?;
    // AD FS writes a byte order mark. It belongs to the file; the reader, which messages pass too, knows none.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let unreadable = |sink: &mut Sink<'_>, why: String| {
        sink.add(
            METADATA_UNREADABLE,
            Some(name.span()),
            format!("{}: {why}", name.get_ref()),
            "fetch it again from its owner, without editing it",
        );
    };
    let document = Document::parse_within(bytes, &Limits::METADATA)
        .map_err(|why| unreadable(sink, why.to_string()))
        .ok()?;
    judge_signature(sink, name, document.root());
    let mut entities = metadata::read(document.root())
        .map_err(|why| unreadable(sink, why.to_string()))
        .ok()?;
    let wanted = match party.id {
        Some(id) => entities
            .iter()
            .position(|entity| entity.entity_id == *id.get_ref()),
        None => None,
    };
    let Some(wanted) = wanted else {
        let ids = entities
            .iter()
            .map(|entity| entity.entity_id.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        match party.id {
            Some(id) => {
                let what = format!("the id is {}, but the metadata is of {ids}", id.get_ref());
                sink.add(
                    METADATA_ENTITY_ID,
                    Some(id.span()),
                    what,
                    "they are compared byte for byte",
                );
            }
            None => {
                let help = format!("add the entityID of its metadata: id = \"{ids}\"");
                sink.add(
                    MISSING_KEY,
                    Some(party.name.span()),
                    format!("`id` is missing for `{}`", party.name.get_ref()),
                    help,
                );
            }
        }
        return None;
    };
    let entity = entities.swap_remove(wanted);
    if let Some(end) = entity.valid_until.filter(|end| *end <= at.now) {
        let what = format!(
            "{}: validUntil was {}; the hub does not know `{}`",
            name.get_ref(),
            end.date(),
            party.name.get_ref()
        );
        sink.add(
            METADATA_EXPIRED,
            Some(name.span()),
            what,
            "fetch the metadata again",
        );
        return None;
    }
    Some(Found {
        entity,
        span: name.span(),
        shipped: false,
    })
}

/// Metadata that the running hub fetches: what can be said of it without going there.
fn by_address(sink: &mut Sink<'_>, party: &Party<'_>, address: &Spanned<String>) {
    let span = Some(address.span());
    let name = party.name.get_ref();
    if party.saml_metadata.is_some() {
        let what = format!("`{name}` has saml_metadata and saml_metadata_url");
        sink.add(METADATA_TWICE, span, what, "keep one of them");
    } else if party.id.is_none() {
        let what = format!("`id` is missing for `{name}`");
        let help = "add the entityID that its metadata has: whatever else is fetched is refused";
        sink.add(MISSING_KEY, Some(party.name.span()), what, help);
    } else if let Some(why) = unsendable(address.get_ref()).or_else(|| insecure(address.get_ref()))
    {
        let help = "an https address; http only on loopback and *.localhost";
        sink.add(METADATA_ADDRESS, span, why, help);
    } else {
        let what = format!(
            "{}: the metadata of `{name}` is fetched by the running hub",
            address.get_ref()
        );
        let help = "nothing of it was judged here; vejviser lint judges the file";
        sink.add(METADATA_FETCHED, span, what, help);
    }
}

fn right_id(sink: &mut Sink<'_>, party: &Party<'_>, entity: &Entity) -> bool {
    match party.id {
        Some(id) if *id.get_ref() != entity.entity_id => {
            let what = format!(
                "the id is {}, but the demo renders {}",
                id.get_ref(),
                entity.entity_id
            );
            sink.add(
                METADATA_ENTITY_ID,
                Some(id.span()),
                what,
                "leave the id out for an invented party",
            );
            false
        }
        _ => true,
    }
}

/// Whether a file with a signature, and a certificate that may have made it, is still what was signed. Who
/// signed is not judged: the file is trusted because the administrator put it there. But what was changed on
/// its way is not what its owner wrote.
fn judge_signature(sink: &mut Sink<'_>, name: &Spanned<String>, root: Node<'_>) {
    let keys = metadata::offered_keys(root);
    if keys.is_empty() {
        return;
    }
    let (kind, why) = match dsig::verify(root, &keys, Policy::Modern) {
        Ok(_) => return,
        Err(SignatureError::Digest) => (
            METADATA_SIGNATURE,
            "the signature's digest does not fit the content".to_owned(),
        ),
        Err(SignatureError::Value) => (
            METADATA_SIGNATURE,
            "the signature is not one of its own certificate over its SignedInfo".to_owned(),
        ),
        // Other forms than those of messages are no reason to refuse: the file could be unsigned as well.
        Err(other) => (SIGNATURE_UNCHECKED, other.to_string()),
    };
    let help = if kind == METADATA_SIGNATURE {
        "fetch the metadata again; an editor or a proxy has changed it"
    } else {
        "the file is used as it is; compare it with its owner's if in doubt"
    };
    let what = format!("{}: {why}", name.get_ref());
    sink.add(kind, Some(name.span()), what, help);
}

/// Every endpoint that the hub may send something to must be an address, and https.
pub(super) fn check_endpoints<'e>(
    sink: &mut Sink<'_>,
    span: &Range<usize>,
    endpoints: impl Iterator<Item = &'e Endpoint>,
) {
    for endpoint in endpoints
        .filter(|endpoint| [binding::REDIRECT, binding::POST].contains(&endpoint.binding.as_str()))
    {
        for address in [
            Some(&endpoint.location),
            endpoint.response_location.as_ref(),
        ]
        .into_iter()
        .flatten()
        {
            if let Some(why) = unsendable(address) {
                sink.add(
                    METADATA_ENDPOINT,
                    Some(span.clone()),
                    why,
                    "an absolute URL in ASCII: the host as xn--…, the rest percent-encoded",
                );
            } else if let Some(why) = insecure(address) {
                sink.add(
                    INSECURE_ENDPOINT,
                    Some(span.clone()),
                    why,
                    "http is allowed only on loopback and *.localhost",
                );
            }
        }
    }
}
