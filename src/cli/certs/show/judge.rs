//! What is wrong with a certificate, and what one should know about it.

use super::finding::Finding;
use super::kind::*;
use super::read::Shown;
use crate::config::pki;
use crate::dsig::{KeyError, KeyStory, Origin, Policy, PublicKey, SignatureStory, Story, Usage};
use crate::saml::metadata::KeyUse;
use time::{Duration, OffsetDateTime};

/// As long before the end as `check` warns.
const SOON: Duration = Duration::days(30);

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
    if let Some(found) = wrong_usage(shown, story) {
        add(WRONG_USAGE, found);
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
    if matches!(story.key, KeyStory::Ec(_)) && !story.is_ca {
        add(
            CANNOT_DECRYPT,
            "an elliptic curve key signs only".to_owned(),
        );
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
    let day = |at: OffsetDateTime| at.date();
    let end = story.not_after;
    if end <= now {
        Some((EXPIRED, format!("expired on {}", day(end))))
    } else if now < story.not_before {
        let from = day(story.not_before);
        Some((NOT_YET_VALID, format!("valid from {from}")))
    } else if end <= now + SOON {
        Some((EXPIRES_SOON, format!("expires on {}", day(end))))
    } else {
        None
    }
}

/// What the place where it stands needs and `keyUsage` does not allow. A file alone does not say what it is
/// for: then one of the two is enough.
fn wrong_usage(shown: &Shown, story: &Story) -> Option<String> {
    let usage = shown.party.as_ref().map(|party| party.usage);
    if usage.is_none() && story.is_ca {
        return None;
    }
    let signs = story.allows(Usage::DigitalSignature);
    let decrypts = story.allows(Usage::KeyEncipherment);
    let fits = match usage {
        Some(KeyUse::Signing) => signs,
        Some(KeyUse::Encryption) => decrypts,
        Some(KeyUse::Both) => signs && decrypts,
        None => signs || decrypts,
    };
    let allowed = story.key_usage.iter().flatten().map(|usage| usage.as_str());
    let allowed: Vec<&str> = allowed.collect();
    (!fits).then(|| format!("keyUsage: {}", allowed.join(", ")))
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
