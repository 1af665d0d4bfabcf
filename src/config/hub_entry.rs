//! The hub's own entry: who it is, and its keys.

use super::address::is_real_federation;
use super::file::KeyUse;
use super::kind::{
    INSECURE_URL, KEY_MISMATCH, KEY_UNREADABLE, MISSING_FILE, MISSING_KEY, NO_HUB_KEY,
    REAL_FEDERATION,
};
use super::load::Circumstances;
use super::parse::Written;
use super::problem::Sink;
use super::{HubKeys as Entry, hub_keys, keys, test_ca};
use crate::dsig::{Certificate, DecryptionKey, KeyError, Policy, PublicKey, SigningKey, Usage};
use crate::hub::Actor;
use crate::hub::keys::{HubKeys, KeyPair};
use crate::mint::Authority;
use crate::saml::address::insecure;
use toml::Spanned;

/// Bytes that a key to seal with is made from.
const LEAST_SECRET: usize = 32;

/// What is read of the entry.
pub(super) struct Own {
    /// The key pairs that can be used.
    pub pairs: Vec<KeyPair>,
    /// The same by role, use and generation.
    pub rings: Option<HubKeys>,
    /// The secret that remembered choices are sealed with.
    pub memory_key: Option<Vec<u8>>,
    /// The CA that the hub answers for.
    pub test_ca: Option<Authority>,
}

/// Judges the entry.
pub(super) fn check(sink: &mut Sink<'_>, written: &Written, at: Circumstances<'_>) -> Own {
    let hub = &written.file.hub;
    sink.party = Actor::Registration;
    for own in hub.public_url.iter().chain(&hub.entity_id) {
        if is_real_federation(own.get_ref()) {
            let what = format!(
                "{} lies under a domain of the real federation",
                own.get_ref()
            );
            let help = "Vejviser is not KOMBIT's: give it an address and entityID of your own";
            sink.add(REAL_FEDERATION, Some(own.span()), what, help);
        }
    }
    if let Some(url) = &hub.public_url
        && let Some(why) = insecure(url.get_ref())
    {
        sink.add(
            INSECURE_URL,
            Some(url.span()),
            why,
            "use https; http only on loopback and *.localhost",
        );
    }
    tls(sink, "", &hub.tls_certificate, &hub.tls_key, at);
    let (certificate, key) = (&hub.manage_tls_certificate, &hub.manage_tls_key);
    tls(sink, "manage_", certificate, key, at);
    for name in &hub.manage_certificates {
        administrator(sink, name, at);
    }
    let test_ca = test_ca::read(sink, hub, at);
    let memory_key = hub.memory_key.as_ref();
    let memory_key = memory_key.and_then(|name| secret(sink, name, at));
    if hub.keys.is_empty() && at.rendered.is_none() {
        let help = "add [[hub.keys]] with certificate = \"hub.pem\" and key = \"hub.key.pem\"; vejviser certs new makes a pair";
        sink.add(
            NO_HUB_KEY,
            written.hub.clone(),
            "the hub has no key to sign and decrypt with",
            help,
        );
    }
    let entries = hub.keys.iter();
    let pairs: Vec<_> = entries
        .filter_map(|entry| Some((entry, read(sink, entry, at)?)))
        .collect();
    // A key that cannot be read is told already; what would then be missing is not a second mistake.
    let rings = (pairs.len() == hub.keys.len())
        .then(|| hub_keys::rings(sink, written.hub.as_ref(), &pairs))
        .flatten();
    Own {
        pairs: pairs.into_iter().map(|(_, pair)| pair).collect(),
        rings,
        memory_key,
        test_ca,
    }
}

/// The secret that remembered choices are sealed with.
fn secret(sink: &mut Sink<'_>, name: &Spanned<String>, at: Circumstances<'_>) -> Option<Vec<u8>> {
    let bytes = file(sink, name, at)?;
    if bytes.len() >= LEAST_SECRET {
        return Some(bytes);
    }
    sink.add(
        KEY_UNREADABLE,
        Some(name.span()),
        format!("{} has {} bytes", name.get_ref(), bytes.len()),
        "at least 32 random bytes, for example of `openssl rand -base64 48`",
    );
    None
}

/// What the hub's own keys are for.
const HUB_HELP: &str = "the hub signs and decrypts with one RSA key of at least 2048 bits, in PEM and without password";
/// What a client shows.
const CLIENT_HELP: &str =
    "a certificate of RSA from 2048 bits, or ECDSA on P-256 or P-384, in PEM or DER";
/// What TLS takes.
const TLS_HELP: &str = "TLS takes a certificate chain, the server's own first, and its key, in PEM and without password";

fn read(sink: &mut Sink<'_>, pair: &Spanned<Entry>, at: Circumstances<'_>) -> Option<KeyPair> {
    let pair = pair.get_ref();
    // Both files are read, and each is judged whatever becomes of the other: all problems in one answer.
    let (certificate, key) = (file(sink, &pair.certificate, at), file(sink, &pair.key, at));
    let certificate = certificate.and_then(|bytes| {
        or_problem(
            sink,
            &pair.certificate,
            Certificate::parse(&bytes),
            HUB_HELP,
        )
    });
    let mut usable = false;
    if let Some(certificate) = &certificate {
        let span = pair.certificate.span();
        let story = certificate.story();
        keys::dates(sink, &span, &story, at);
        let needed: &[Usage] = match pair.usage {
            Some(KeyUse::Signing) => &[Usage::DigitalSignature],
            Some(KeyUse::Encryption) => &[Usage::KeyEncipherment],
            None => &[Usage::DigitalSignature, Usage::KeyEncipherment],
        };
        keys::usage(sink, &span, &story, needed);
        let public = PublicKey::from_certificate(certificate.clone(), Policy::Modern);
        if let Some(public) = or_problem(sink, &pair.certificate, public, HUB_HELP) {
            keys::public(sink, &span, &public, at);
            usable = true;
        }
    }
    let key = key?;
    if let Some(certificate) = &certificate
        && !usable
        && certificate.belongs_to(&key) == Ok(true)
    {
        // The same key: what is wrong with it has been told at the certificate.
        return None;
    }
    let signing = SigningKey::parse(&key, certificate.clone());
    let signing = or_problem(sink, &pair.key, signing, HUB_HELP)?;
    let decryption = or_problem(sink, &pair.key, DecryptionKey::parse(&key), HUB_HELP)?;
    certificate.filter(|_| usable).map(|certificate| KeyPair {
        certificate,
        signing,
        decryption,
    })
}

pub(super) fn or_problem<T>(
    sink: &mut Sink<'_>,
    at: &Spanned<String>,
    result: Result<T, KeyError>,
    help: &str,
) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(KeyError::Mismatch) => {
            let what = format!("{} is not the key of the certificate", at.get_ref());
            sink.add(
                KEY_MISMATCH,
                Some(at.span()),
                what,
                "name the key that the certificate was made for",
            );
            None
        }
        Err(why) => {
            let what = format!("{}: {why}", at.get_ref());
            sink.add(KEY_UNREADABLE, Some(at.span()), what, help);
            None
        }
    }
}

/// A certificate of somebody who administers. Everybody has the keys of the shipped test PKI.
fn administrator(sink: &mut Sink<'_>, name: &Spanned<String>, at: Circumstances<'_>) {
    let Some(bytes) = file(sink, name, at) else {
        return;
    };
    let Some(certificate) = or_problem(sink, name, Certificate::parse(&bytes), CLIENT_HELP) else {
        return;
    };
    keys::dates(sink, &name.span(), &certificate.story(), at);
    let public = PublicKey::from_certificate(certificate, Policy::Modern);
    if let Some(public) = or_problem(sink, name, public, CLIENT_HELP) {
        keys::public(sink, &name.span(), &public, at);
    }
}

fn tls(
    sink: &mut Sink<'_>,
    prefix: &str,
    certificate: &Option<Spanned<String>>,
    key: &Option<Spanned<String>>,
    at: Circumstances<'_>,
) {
    let (named, named_key) = (certificate.as_ref(), key.as_ref());
    let bytes = named.and_then(|name| Some((name, file(sink, name, at)?)));
    let key_bytes = named_key.and_then(|name| Some((name, file(sink, name, at)?)));
    match (certificate, key) {
        (Some(alone), None) => sink.add(
            MISSING_KEY,
            Some(alone.span()),
            format!("`{prefix}tls_key` is missing beside `{prefix}tls_certificate`"),
            "add it",
        ),
        (None, Some(alone)) => sink.add(
            MISSING_KEY,
            Some(alone.span()),
            format!("`{prefix}tls_certificate` is missing beside `{prefix}tls_key`"),
            "add it",
        ),
        _ => {}
    }
    let certificate = bytes.and_then(|(name, bytes)| {
        let certificate = or_problem(sink, name, Certificate::parse(&bytes), TLS_HELP)?;
        keys::dates(sink, &name.span(), &certificate.story(), at);
        let public = PublicKey::from_certificate(certificate.clone(), Policy::Modern);
        let public = or_problem(sink, name, public, TLS_HELP)?;
        keys::public(sink, &name.span(), &public, at);
        Some(certificate)
    });
    if let (Some(certificate), Some((name, pem))) = (certificate, key_bytes) {
        let belongs = certificate
            .belongs_to(&pem)
            .and_then(|belongs| match belongs {
                true => Ok(()),
                false => Err(KeyError::Mismatch),
            });
        or_problem(sink, name, belongs, TLS_HELP);
    }
}

/// A file that the configuration names, relative to it.
pub(super) fn file(
    sink: &mut Sink<'_>,
    name: &Spanned<String>,
    at: Circumstances<'_>,
) -> Option<Vec<u8>> {
    if let Some(held) = at.held.and_then(|held| held.get(name.get_ref())) {
        return Some(held.to_vec());
    }
    let path = at.path.parent().unwrap_or(at.path).join(name.get_ref());
    let read = match at.held {
        Some(_) => Err(std::io::ErrorKind::NotFound.into()),
        None => std::fs::read(&path),
    };
    match read {
        Ok(bytes) => Some(bytes),
        Err(why) => {
            let what = format!("{}: {why}", path.display());
            sink.add(
                MISSING_FILE,
                Some(name.span()),
                what,
                "file names are relative to the configuration",
            );
            None
        }
    }
}
