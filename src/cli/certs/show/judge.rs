//! What is wrong with a certificate, and what one should know about it.

use super::finding::Finding;
use super::kind::*;
use super::read::Shown;
use crate::config::pki;
use crate::dsig::{
    KeyError, KeyStory, Origin, Policy, PublicKey, SignatureStory, Story, Usage, Validity,
};
use crate::saml::metadata::KeyUse;
use time::OffsetDateTime;

/// The findings of one certificate, alone.
pub fn one(shown: &Shown, story: &Story, now: OffsetDateTime) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |kind, found: String| {
        findings.push(Finding::new(
            kind,
            shown.actor(),
            found,
            shown.place.clone(),
        ));
    };
    if let Some((kind, found)) = dates(story, now) {
        add(kind, found);
    }
    let usage = shown.party.as_ref().map(|party| party.usage);
    if wrong_usage(usage, story) {
        add(WRONG_USAGE, usages(story));
    }
    match PublicKey::from_certificate(shown.certificate.clone(), Policy::Modern) {
        Ok(key) if pki::is_public(&key) => add(
            TEST_PKI,
            "this key comes with Vejviser's test certificates, and everybody has it".to_owned(),
        ),
        Ok(_) => {}
        Err(KeyError::TooSmall(bits)) => add(TOO_SMALL, format!("RSA with {bits} bits")),
        Err(error) => add(UNSUPPORTED, error.to_string()),
    }
    if let SignatureStory::RsaPss { .. } = story.signature {
        add(PSS, shown.certificate.subject());
    }
    if let KeyStory::Ec(curve) = &story.key {
        let found = format!("ECDSA {curve} signs only");
        match usage {
            Some(KeyUse::Encryption) => add(CANNOT_DECRYPT, found),
            _ if story.is_ca => {}
            _ => add(SIGNS_ONLY, found),
        }
    }
    let issuer = story.issuer_line();
    match story.origin() {
        Origin::Oces3 => add(OCES3, issuer),
        Origin::Oces3Test => add(OCES3_TEST, issuer),
        // A root is its own issuer, as it must be.
        Origin::SelfSigned if story.is_ca => {}
        Origin::SelfSigned => add(SELF_SIGNED, issuer),
        Origin::Other => add(OTHER_CA, issuer),
    }
    findings
}

fn dates(story: &Story, now: OffsetDateTime) -> Option<(&'static Kind, String)> {
    let (begin, end) = (story.not_before.date(), story.not_after.date());
    match story.validity(now) {
        Validity::Valid => None,
        Validity::Expired => Some((EXPIRED, format!("expired on {end}"))),
        Validity::NotYet => Some((NOT_YET_VALID, format!("valid from {begin}"))),
        Validity::EndsSoon => Some((EXPIRES_SOON, format!("expires on {end}"))),
    }
}

/// Whether the place where it stands needs what `keyUsage` does not allow. A file alone does not say what it is
/// for: then one of the two is enough.
fn wrong_usage(usage: Option<KeyUse>, story: &Story) -> bool {
    match usage {
        Some(usage) => !usage.lacking(story).is_empty(),
        None if story.is_ca => false,
        None => {
            story
                .lacks(&[Usage::DigitalSignature, Usage::KeyEncipherment])
                .len()
                == 2
        }
    }
}

fn usages(story: &Story) -> String {
    let allowed = story.key_usage.iter().flatten().map(|usage| usage.as_str());
    format!("keyUsage: {}", allowed.collect::<Vec<_>>().join(", "))
}

/// One key in two certificates, or with two parties. A certificate that was copied is no second one.
pub fn reused(shown: &[(Shown, Story)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, (here, story)) in shown.iter().enumerate() {
        let other = shown[..at].iter().find(|(there, earlier)| {
            let parties = (&there.party, &here.party);
            let two_parties = matches!(parties, (Some(a), Some(b)) if a.entity_id != b.entity_id);
            earlier.key_id == story.key_id && (earlier.sha256 != story.sha256 || two_parties)
        });
        if let Some((there, _)) = other {
            let found = format!("the key {} stands in {} too", story.key_id, there.place);
            findings.push(Finding::new(
                REUSED,
                here.actor(),
                found,
                here.place.clone(),
            ));
        }
    }
    findings
}
