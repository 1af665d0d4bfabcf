//! Whether fetched metadata takes effect.

use super::diff::{Diff, diff};
use super::offered::{Offered, Signer, signing_keys};
use super::refusal::{Reason, Refusal};
use crate::saml::address::{insecure, unsendable};
use crate::saml::metadata::{Endpoint, Entity};
use crate::saml::names::binding;
use time::{Duration, OffsetDateTime};

/// Metadata that takes effect.
#[derive(Debug, Clone)]
pub struct Change {
    /// The party as it is from now on.
    pub entity: Entity,
    /// What is new about it; `None` if there was none before.
    pub diff: Option<Diff>,
    /// Who signed it.
    pub signer: Signer,
    /// Its `cacheDuration`, for [`super::next`]; its `validUntil` stands in `entity`.
    pub cache_duration: Option<Duration>,
}

/// Judges metadata of the party `entity_id` that was fetched at `now`, against what the hub has (`old`, or `None`
/// for a party that is new). Whatever is refused, the old one stays.
///
/// Refused is what cannot be read, is of another party, has run out, has a broken signature, lacks a role that the
/// party had, or has no usable signing key or an address that the hub could not use. Where the old one was signed,
/// the new one must be too: by the same key, or by one that the old one names as the party's own. So a change of
/// certificate that is announced, as AD FS does it, goes through by itself, and one that nobody announced waits for
/// a person who compares the thumbprint with its owner. A signature that cannot be checked vouches for nothing, and
/// takes the place of a good one no more than none does.
pub fn accept<'a>(
    old: impl Into<Option<&'a [u8]>>,
    new: &[u8],
    entity_id: &str,
    now: OffsetDateTime,
) -> Result<Change, Refusal> {
    judge(old.into(), new, entity_id, now).map_err(|reason| Refusal {
        entity_id: entity_id.to_owned(),
        reason,
    })
}

fn judge(
    old: Option<&[u8]>,
    new: &[u8],
    entity_id: &str,
    now: OffsetDateTime,
) -> Result<Change, Reason> {
    let new = Offered::read(new, entity_id)?;
    if let Some(end) = new.ended(now) {
        return Err(Reason::Ended(end));
    }
    usable(&new.entity)?;
    let old = match old {
        // What was accepted once could be read then; without it nobody knows who signed.
        Some(old) => {
            let read = Offered::read(old, entity_id);
            Some(read.map_err(|reason| Reason::OldUnreadable(Box::new(reason)))?)
        }
        None => None,
    };
    if let Some(old) = &old {
        same_hand(old, &new.signer)?;
        if old.entity.idp.is_some() && new.entity.idp.is_none() {
            return Err(Reason::RoleGone("IDPSSODescriptor"));
        }
        if old.entity.sp.is_some() && new.entity.sp.is_none() {
            return Err(Reason::RoleGone("SPSSODescriptor"));
        }
    }
    Ok(Change {
        diff: old.map(|old| diff(&old.entity, &new.entity, now)),
        entity: new.entity,
        signer: new.signer,
        cache_duration: new.cache_duration,
    })
}

/// Whether the new metadata is by whoever made the old.
fn same_hand(old: &Offered, new: &Signer) -> Result<(), Reason> {
    let Signer::By { key_id: before, .. } = &old.signer else {
        return Ok(());
    };
    let (key_id, subject, thumbprint) = match new {
        Signer::Nobody => return Err(Reason::Unsigned),
        Signer::Unchecked(why) => return Err(Reason::Unchecked(why.clone())),
        Signer::By {
            key_id,
            subject,
            thumbprint,
        } => (key_id, subject, thumbprint),
    };
    let (idp, sp) = (&old.entity.idp, &old.entity.sp);
    let idp = idp.iter().flat_map(|role| signing_keys(&role.keys));
    let mut own = idp.chain(sp.iter().flat_map(|role| signing_keys(&role.keys)));
    if before == key_id || own.any(|key| *key.key_id() == **key_id) {
        return Ok(());
    }
    Err(Reason::OtherSigner {
        subject: subject.clone(),
        thumbprint: thumbprint.clone(),
    })
}

/// Whether the hub could work with it: every role has a key that can sign, and addresses that can be used.
fn usable(entity: &Entity) -> Result<(), Reason> {
    if let Some(idp) = &entity.idp {
        if signing_keys(&idp.keys).next().is_none() {
            return Err(Reason::NoKeys("IDPSSODescriptor"));
        }
        reachable(idp.single_sign_on.iter().chain(&idp.single_logout))?;
    }
    if let Some(sp) = &entity.sp {
        if signing_keys(&sp.keys).next().is_none() {
            return Err(Reason::NoKeys("SPSSODescriptor"));
        }
        let consumers = sp.assertion_consumer.iter().map(|acs| &acs.endpoint);
        reachable(consumers.chain(&sp.single_logout))?;
    }
    match (&entity.idp, &entity.sp) {
        (None, None) => Err(Reason::NoRole),
        _ => Ok(()),
    }
}

/// Whether a browser can be sent to every address that one may be sent to.
fn reachable<'e>(endpoints: impl Iterator<Item = &'e Endpoint>) -> Result<(), Reason> {
    let ours = [binding::REDIRECT, binding::POST];
    let addresses = endpoints
        .filter(|endpoint| ours.contains(&endpoint.binding.as_str()))
        .flat_map(|endpoint| {
            let response = endpoint.response_location.iter();
            std::iter::once(&endpoint.location).chain(response)
        });
    let mut faults = addresses.filter_map(|address| unsendable(address).or(insecure(address)));
    faults
        .next()
        .map_or(Ok(()), |why| Err(Reason::Address(why)))
}
