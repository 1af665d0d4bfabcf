//! Keys of others: which can be used, and what to say of the rest.

use super::hub_entry::file;
use super::kind::{
    KEY_EXPIRED, KEY_EXPIRES_SOON, KEY_NOT_YET_VALID, KEY_STILL_REGISTERED, KEY_TEST_PKI,
    KEY_WRONG_USAGE, NO_SIGNING_KEY, UNUSABLE_KEY,
};
use super::load::Circumstances;
use super::pki;
use super::problem::Sink;
use crate::dsig::{Certificate, Policy, PublicKey, Story, Usage, Validity};
use crate::saml::metadata::{KeyDescriptor, KeyUse};
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;

/// The signing keys of an entity. None at all is fatal; one that cannot be used beside others is a warning.
pub(super) fn signing(
    sink: &mut Sink<'_>,
    span: &Range<usize>,
    descriptors: &[KeyDescriptor],
    at: Circumstances<'_>,
    shipped: bool,
) -> Vec<PublicKey> {
    let (mut keys, mut unusable, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for descriptor in descriptors.iter().filter(|d| d.usage != KeyUse::Encryption) {
        let mut first = None;
        for text in &descriptor.certificates {
            match Certificate::from_base64(text)
                .and_then(|c| PublicKey::from_certificate(c, Policy::Modern))
            {
                // A KeyDescriptor names one key (SAML metadata interoperability profile §2.6.1). What stands
                // behind the first certificate may be the chain above it, and no CA may sign for the party.
                Ok(key) if first.as_ref().is_some_and(|first| *first != key.key_id()) => {
                    unusable.push("it stands behind another one in its KeyDescriptor".to_owned());
                }
                Ok(key) => {
                    first = Some(key.key_id());
                    if seen.insert(key.key_id()) {
                        keys.push(key);
                    }
                }
                Err(why) => {
                    first.get_or_insert_default();
                    unusable.push(why.to_string());
                }
            }
        }
    }
    if keys.is_empty() {
        let why = if unusable.is_empty() {
            "there is none".to_owned()
        } else {
            unusable.join("; ")
        };
        let what = format!("no signing key in the metadata can be used: {why}");
        sink.add(NO_SIGNING_KEY, Some(span.clone()), what, "ask for metadata with a KeyDescriptor for signing: RSA from 2048 bits, or ECDSA on P-256 or P-384");
    } else {
        for why in unusable {
            sink.add(
                UNUSABLE_KEY,
                Some(span.clone()),
                format!("a signing key of the metadata is left out: {why}"),
                "the others are used",
            );
        }
    }
    if !shipped {
        for key in &keys {
            judge(sink, span, key, at, Usage::DigitalSignature);
        }
    }
    keys
}

/// The keys that a party had before. One that is registered still was not rotated out.
pub(super) fn former(
    sink: &mut Sink<'_>,
    files: &[Spanned<String>],
    registered: &[PublicKey],
    at: Circumstances<'_>,
) -> Vec<PublicKey> {
    let mut keys = Vec::new();
    for name in files {
        let Some(bytes) = file(sink, name, at) else {
            continue;
        };
        match PublicKey::parse(&bytes, Policy::Modern) {
            Ok(key) if registered.iter().any(|own| own.key_id() == key.key_id()) => sink.add(
                KEY_STILL_REGISTERED,
                Some(name.span()),
                format!("the metadata still shows the key of {}", name.get_ref()),
                "ask the party for metadata without it, or remove it here",
            ),
            Ok(key) => keys.push(key),
            Err(why) => sink.add(
                UNUSABLE_KEY,
                Some(name.span()),
                format!("{}: {why}", name.get_ref()),
                "a refusal cannot name it; nothing else depends on it",
            ),
        }
    }
    keys
}

/// What to say of a key that can be used.
pub(super) fn judge(
    sink: &mut Sink<'_>,
    span: &Range<usize>,
    key: &PublicKey,
    at: Circumstances<'_>,
    needed: Usage,
) {
    public(sink, span, key, at);
    if let Some(certificate) = key.certificate() {
        let story = certificate.story();
        dates(sink, span, &story, at);
        usage(sink, span, &story, &[needed]);
    }
}

/// What to say of the key that a system's assertions are encrypted for, beside what was said of those it signs
/// with.
pub(super) fn recipient(
    sink: &mut Sink<'_>,
    span: &Range<usize>,
    key: &PublicKey,
    at: Circumstances<'_>,
    signing: &[PublicKey],
) {
    let needed = Usage::KeyEncipherment;
    if !signing.iter().any(|other| other.key_id() == key.key_id()) {
        judge(sink, span, key, at, needed);
    } else if let Some(story) = key.certificate().map(Certificate::story)
        // Without this the same certificate was told of already, with all that its keyUsage lacks to sign.
        && story.allows(Usage::DigitalSignature)
    {
        usage(sink, span, &story, &[needed]);
    }
}

/// What to say of a certificate that is made for something else (`keyUsage`, RFC 5280 §4.2.1.3). A warning, for
/// the same reason as with dates.
pub(super) fn usage(sink: &mut Sink<'_>, span: &Range<usize>, story: &Story, needed: &[Usage]) {
    let missing = story.lacks(needed);
    let missing: Vec<&str> = missing.iter().map(|usage| usage.as_str()).collect();
    if !missing.is_empty() {
        let what = format!(
            "{}: keyUsage lacks {}",
            named(sink, span, story),
            missing.join(" and ")
        );
        let help = "order a certificate for signing and encryption, as OCES3 system certificates are; strict parties refuse this one";
        sink.add(KEY_WRONG_USAGE, Some(span.clone()), what, help);
    }
}

/// The file as the configuration names it, and whose certificate it is.
fn named(sink: &Sink<'_>, span: &Range<usize>, story: &Story) -> String {
    let file = sink.text.get(span.clone()).unwrap_or_default();
    format!("{}: {}", file.trim_matches('"'), story.subject_line())
}

/// Refuses a key of the shipped test PKI outside the demo.
pub(super) fn public(
    sink: &mut Sink<'_>,
    span: &Range<usize>,
    key: &PublicKey,
    at: Circumstances<'_>,
) {
    if at.rendered.is_none() && pki::is_public(key) {
        let subject = key
            .certificate()
            .map(Certificate::subject)
            .unwrap_or_default();
        let what = format!(
            "this key comes with Vejviser's test certificates, and everybody has it: {subject}"
        );
        sink.add(
            KEY_TEST_PKI,
            Some(span.clone()),
            what,
            "make a key of your own; vejviser certs new makes one",
        );
    }
}

/// What to say of a certificate's dates. Warnings: keys are trusted because they are registered, and a hub
/// that stops for one party's certificate would stop for all.
pub(super) fn dates(
    sink: &mut Sink<'_>,
    span: &Range<usize>,
    story: &Story,
    at: Circumstances<'_>,
) {
    let (begin, end) = (story.not_before.date(), story.not_after.date());
    let (kind, what, help) = match story.validity(at.now) {
        Validity::Valid => return,
        Validity::Expired => (
            KEY_EXPIRED,
            format!("expired on {end}"),
            "the real hub does not accept it; it must be changed",
        ),
        Validity::EndsSoon => (
            KEY_EXPIRES_SOON,
            format!("expires on {end}"),
            "plan the change now: vejviser rehearse shows who must act",
        ),
        Validity::NotYet => (
            KEY_NOT_YET_VALID,
            format!("is valid from {begin}"),
            "strict parties refuse it until then",
        ),
    };
    let what = format!("{} {what}", named(sink, span, story));
    sink.add(kind, Some(span.clone()), what, help);
}
