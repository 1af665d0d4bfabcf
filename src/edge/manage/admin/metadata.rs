//! The metadata of a form: a file, pasted XML, an address, what an earlier page brought along, or what is in force.

use super::fetch::fetch;
use super::object::{Known, too_large};
use super::typed::Typed;
use crate::edge::app::App;
use crate::registry::object::SamlMetadata;
use crate::registry::{Fetched, Reason};
use crate::saml::metadata::{self, Entity};
use crate::xml::{Document, Limits};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use time::OffsetDateTime;

/// The field in which the `ETag` of a document is carried along.
const ETAG: &str = "document_etag";
/// Bytes of one.
const MAX_TAG: usize = 1024;

/// Metadata that a form is about.
#[derive(Debug, Clone)]
pub struct Offered {
    /// As it is registered.
    pub metadata: SamlMetadata,
    /// What was fetched for it just now.
    pub fetched: Option<Fetched>,
    /// The document; none where the address was never fetched.
    pub document: Option<Arc<[u8]>>,
}

/// Takes what is new out of the form, and leaves in it what the next page must bring back. Nothing is asked twice: what was
/// fetched is carried along, and so what was shown is what is saved.
pub async fn offered(
    app: &App,
    typed: &mut Typed,
    known: Option<&Known>,
    now: OffsetDateTime,
) -> Result<Offered, Vec<Reason>> {
    let registered = match known.map(|known| known.object.metadata()) {
        Some(SamlMetadata::Address(address)) => Some(address.as_str()),
        _ => None,
    };
    let carried = carried(typed);
    let is_carried = carried.is_some() && typed.is("document_of", "address");
    let expected = match is_carried {
        true => Some(typed.get("document_name").to_owned()),
        false => registered.map(str::to_owned),
    };
    let url = typed.get("url").to_owned();
    let again = typed.has("refetch");
    let new_url = !url.is_empty() && (again || expected.as_deref() != Some(&url));
    let (file, xml) = (typed.file.take(), typed.get("xml").to_owned());
    let given = [file.is_some(), !xml.is_empty(), new_url];
    if given.into_iter().filter(|given| *given).count() > 1 {
        return Err(vec![Reason::new(
            "SamlMetadata: brug enten en fil, indsat XML eller en adresse, ikke flere af dem",
            "SamlMetadata: use a file, pasted XML or an address, not several of them",
        )]);
    }
    typed.clear("refetch");
    if let Some((name, bytes)) = file {
        carry(typed, "file", &name, &bytes);
        return document(bytes);
    }
    if !xml.is_empty() {
        carry(typed, "", "", b"");
        return document(xml.into_bytes());
    }
    if new_url {
        let got = fetch(app, &url).await.map_err(|reason| vec![reason])?;
        carry(typed, "address", &url, &got.bytes);
        typed.set(ETAG, got.etag.as_deref().unwrap_or_default());
        return Ok(fetched(url, got.bytes.to_vec(), got.etag, now));
    }
    match (carried, known) {
        (Some(bytes), _) if is_carried => {
            let address = expected.unwrap_or_default();
            Ok(fetched(address, bytes, carried_tag(typed), now))
        }
        (Some(bytes), _) => document(bytes),
        (None, Some(known)) => Ok(Offered {
            metadata: known.object.metadata().clone(),
            fetched: None,
            document: known.document.clone(),
        }),
        (None, None) => Err(vec![Reason::new(
            "SamlMetadata: mangler: vælg en fil, indsæt XML, eller skriv en adresse",
            "SamlMetadata: is missing: choose a file, paste XML, or give an address",
        )]),
    }
}

fn document(bytes: Vec<u8>) -> Result<Offered, Vec<Reason>> {
    if let Some(reason) = too_large(&bytes) {
        return Err(vec![reason]);
    }
    let bytes: Arc<[u8]> = bytes.strip_prefix(BOM).unwrap_or(&bytes).into();
    Ok(Offered {
        metadata: SamlMetadata::Document(bytes.clone()),
        fetched: None,
        document: Some(bytes),
    })
}

fn fetched(address: String, bytes: Vec<u8>, etag: Option<String>, at: OffsetDateTime) -> Offered {
    let document: Arc<[u8]> = bytes.into();
    Offered {
        metadata: SamlMetadata::Address(address),
        document: Some(document.clone()),
        fetched: Some(Fetched { document, at, etag }),
    }
}

fn carried(typed: &Typed) -> Option<Vec<u8>> {
    let text = typed.get("document");
    (!text.is_empty()).then(|| STANDARD.decode(text).ok())?
}

/// The `ETag` of what was fetched. A form may hold anything; what cannot stand in a request is none.
fn carried_tag(typed: &Typed) -> Option<String> {
    let tag = typed.get(ETAG);
    let fits =
        (1..=MAX_TAG).contains(&tag.len()) && tag.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    fits.then(|| tag.to_owned())
}

fn carry(typed: &mut Typed, of: &str, name: &str, bytes: &[u8]) {
    typed.set("document_of", of);
    typed.set("document_name", name);
    typed.set("document", STANDARD.encode(bytes));
    typed.clear(ETAG);
}

/// AD FS writes a byte order mark. It belongs to the file.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The party of this entityID; without one, the only party that is described.
pub fn entity(bytes: &[u8], id: Option<&str>) -> Option<Entity> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let document = Document::parse_within(bytes, &Limits::METADATA).ok()?;
    let mut all = metadata::read(document.root()).ok()?;
    match id {
        Some(id) => all.into_iter().find(|entity| entity.entity_id == id),
        None if all.len() == 1 => all.pop(),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_that_no_request_can_hold_is_none() {
        let long = "x".repeat(MAX_TAG + 1);
        for (written, tag) in [
            ("W/\"1\"", Some("W/\"1\"")),
            ("", None),
            ("\"a b\"", Some("\"a b\"")),
            ("\"\u{7}\"", None),
            ("\"ø\"", None),
            (&long, None),
        ] {
            let mut typed = Typed::default();
            typed.set(ETAG, written);
            assert_eq!(carried_tag(&typed).as_deref(), tag, "{written}");
            // Another document has no tag, or one of its own.
            carry(&mut typed, "file", "a.xml", b"<a/>");
            assert_eq!(carried_tag(&typed), None);
        }
    }
}
