//! Metadata as it was offered: read whole, with who signed it.

use super::refusal::Reason;
use crate::dsig::{self, Policy, PublicKey, SignatureError};
use crate::edge::fetch::is_html;
use crate::saml::metadata::{self, Entity, KeyDescriptor, KeyUse};
use crate::xml::{Document, Limits, MD, Node};
use time::{Duration, OffsetDateTime};

/// Who signed metadata, as far as can be said: the key comes with the signature, so the signature proves that nobody
/// changed the file since, and that the next file is of the same hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// Nobody.
    Nobody,
    /// There is a signature that cannot be checked: why. It vouches for nothing.
    Unchecked(String),
    /// Somebody with this certificate.
    By {
        /// [`PublicKey::key_id`].
        key_id: String,
        /// The certificate's subject.
        subject: String,
        /// The certificate's SHA-1, as Windows shows it.
        thumbprint: String,
    },
}

/// One party out of a metadata file.
pub(super) struct Offered {
    pub entity: Entity,
    pub signer: Signer,
    pub cache_duration: Option<Duration>,
}

impl Offered {
    /// Reads the party `entity_id` out of an EntityDescriptor or EntitiesDescriptor. What is signed is read from
    /// the bytes that the signature covers.
    pub fn read(bytes: &[u8], entity_id: &str) -> Result<Self, Reason> {
        if is_html(bytes) {
            return Err(Reason::Html);
        }
        // AD FS writes a byte order mark. It belongs to the file.
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let unreadable = |why: String| Reason::Unreadable(why);
        let document = Document::parse_within(bytes, &Limits::METADATA);
        let document = document.map_err(|error| unreadable(error.to_string()))?;
        let root = document.root();
        let all = metadata::read(root).map_err(|error| unreadable(error.to_string()))?;
        let ids: Vec<String> = all.iter().map(|one| one.entity_id.clone()).collect();
        let of_it = |one: &Entity| one.entity_id == entity_id;
        let (Some(mut entity), Some(node)) =
            (all.into_iter().find(of_it), descriptor(root, entity_id))
        else {
            return Err(Reason::OtherEntity(ids));
        };
        let element = match dsig::has_signature(root) {
            true => root,
            false => node,
        };
        let (signer, signed) = signer(element)?;
        if let Some(signed) = signed {
            let until = entity.valid_until;
            let all = metadata::read(signed.root());
            let all = all.map_err(|error| unreadable(error.to_string()))?;
            let found = all.into_iter().find(of_it);
            entity = found.ok_or(Reason::OtherEntity(ids))?;
            // The group around a signed descriptor may end sooner.
            entity.valid_until = entity.valid_until.into_iter().chain(until).min();
        }
        Ok(Self {
            entity,
            signer,
            cache_duration: cache_duration(node),
        })
    }

    /// Whether it has ended.
    pub fn ended(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.entity.valid_until.filter(|end| *end <= now)
    }
}

/// The descriptor of a party, in whatever group.
fn descriptor<'d>(root: Node<'d>, entity_id: &str) -> Option<Node<'d>> {
    let is_it = |node: &Node<'_>| {
        node.is(MD, "EntityDescriptor") && node.attribute("entityID") == Some(entity_id)
    };
    Some(root).filter(is_it).or_else(|| {
        let mut groups = vec![root];
        while let Some(group) = groups.pop() {
            if let Some(found) = group.elements().find(is_it) {
                return Some(found);
            }
            groups.extend(
                group
                    .elements()
                    .filter(|node| node.is(MD, "EntitiesDescriptor")),
            );
        }
        None
    })
}

/// Who signed an element, and what was signed if that can be said.
fn signer(element: Node<'_>) -> Result<(Signer, Option<dsig::SignedXml>), Reason> {
    if !dsig::has_signature(element) {
        return Ok((Signer::Nobody, None));
    }
    let keys = metadata::offered_keys(element);
    if keys.is_empty() {
        let why = "the signature comes without a certificate that can be used".to_owned();
        return Ok((Signer::Unchecked(why), None));
    }
    match dsig::verify(element, &keys, Policy::Modern) {
        Ok(signed) => {
            let by = of(&keys[signed.key_index()]);
            Ok((by, Some(signed)))
        }
        Err(error @ (SignatureError::Digest | SignatureError::Value)) => {
            Err(Reason::Broken(error.to_string()))
        }
        Err(other) => Ok((Signer::Unchecked(other.to_string()), None)),
    }
}

fn of(key: &PublicKey) -> Signer {
    let certificate = key.certificate();
    let text = |text: Option<String>| text.unwrap_or_default();
    Signer::By {
        key_id: key.key_id().to_string(),
        subject: text(certificate.map(dsig::Certificate::subject)),
        thumbprint: text(certificate.map(dsig::Certificate::thumbprint)),
    }
}

/// The usable keys of descriptors that are for signing.
pub(super) fn signing_keys(keys: &[KeyDescriptor]) -> impl Iterator<Item = PublicKey> + '_ {
    keys.iter()
        .filter(|key| key.usage != KeyUse::Encryption)
        .flat_map(KeyDescriptor::readable)
        .filter_map(|certificate| PublicKey::from_certificate(certificate, Policy::Modern).ok())
}

/// The shortest `cacheDuration` of a descriptor, its roles and the groups that it stands in (SAML metadata §2.3).
fn cache_duration(descriptor: Node<'_>) -> Option<Duration> {
    let above = std::iter::successors(Some(descriptor), |node| node.parent());
    let durations = above
        .chain(descriptor.elements())
        .filter_map(|node| duration(node.attribute("cacheDuration")?));
    durations.min()
}

/// Reads an `xs:duration`, `P1DT12H`. A year has 365 days here, a month 30: nobody caches to the day. One that
/// cannot be read, is negative or has no end is none.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let (date, time) = match text.trim().strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text.trim().strip_prefix('P')?, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let days = sum(
        date,
        &[('Y', 365 * 86_400), ('M', 30 * 86_400), ('D', 86_400)],
    )?;
    let seconds = sum(time, &[('H', 3600), ('M', 60), ('S', 1)])?;
    Some(Duration::seconds(days.checked_add(seconds)?))
}

/// Numbers, each with its unit, in the order of the units. A fraction of a second is cut.
fn sum(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut total: i64 = 0;
    for (unit, seconds) in units {
        let Some((number, rest)) = text.split_once(*unit) else {
            continue;
        };
        let whole = match number.split_once('.') {
            Some((whole, fraction)) if *unit == 'S' && digits(fraction) => whole,
            _ => number,
        };
        let number: i64 = whole.parse().ok().filter(|_| digits(whole))?;
        total = total.checked_add(number.checked_mul(*seconds)?)?;
        text = rest;
    }
    text.is_empty().then_some(total)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
