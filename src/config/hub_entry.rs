//! The hub's own entry: who it is, and its keys.

use super::address::is_real_federation;
use super::kind::{
    INSECURE_URL, KEY_MISMATCH, KEY_UNREADABLE, MISSING_FILE, MISSING_KEY, NO_HUB_KEY,
    REAL_FEDERATION,
};
use super::load::Circumstances;
use super::parse::Written;
use super::problem::Sink;
use super::{HubKeys as Entry, hub_keys, keys};
use crate::dsig::{Certificate, DecryptionKey, KeyError, Policy, PublicKey, SigningKey};
use crate::hub::Actor;
use crate::hub::keys::{HubKeys, KeyPair};
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
    tls(sink, &hub.tls_certificate, &hub.tls_key, at);
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

fn read(sink: &mut Sink<'_>, pair: &Spanned<Entry>, at: Circumstances<'_>) -> Option<KeyPair> {
    let pair = pair.get_ref();
    // Both files are read before either is judged: all problems in one answer.
    let (certificate, key) = (file(sink, &pair.certificate, at), file(sink, &pair.key, at));
    let certificate = certificate
        .and_then(|bytes| or_problem(sink, &pair.certificate, Certificate::parse(&bytes)))?;
    let span = pair.certificate.span();
    let public = or_problem(
        sink,
        &pair.certificate,
        PublicKey::from_certificate(certificate.clone(), Policy::Modern),
    )?;
    keys::public(sink, &span, &public, at);
    keys::dates(sink, &span, &certificate, at);
    let key = key?;
    let signing = or_problem(
        sink,
        &pair.key,
        SigningKey::parse(&key, Some(certificate.clone())),
    )?;
    let decryption = or_problem(sink, &pair.key, DecryptionKey::parse(&key))?;
    Some(KeyPair {
        certificate,
        signing,
        decryption,
    })
}

fn or_problem<T>(
    sink: &mut Sink<'_>,
    at: &Spanned<String>,
    result: Result<T, KeyError>,
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
            let help = "the hub signs and decrypts with one RSA key of at least 2048 bits, in PEM and without password";
            sink.add(
                KEY_UNREADABLE,
                Some(at.span()),
                format!("{}: {why}", at.get_ref()),
                help,
            );
            None
        }
    }
}

fn tls(
    sink: &mut Sink<'_>,
    certificate: &Option<Spanned<String>>,
    key: &Option<Spanned<String>>,
    at: Circumstances<'_>,
) {
    let bytes = certificate
        .as_ref()
        .and_then(|certificate| file(sink, certificate, at));
    key.as_ref().and_then(|key| file(sink, key, at));
    match (certificate, key) {
        (Some(alone), None) => sink.add(
            MISSING_KEY,
            Some(alone.span()),
            "`tls_key` is missing beside `tls_certificate`",
            "add it",
        ),
        (None, Some(alone)) => sink.add(
            MISSING_KEY,
            Some(alone.span()),
            "`tls_certificate` is missing beside `tls_key`",
            "add it",
        ),
        _ => {}
    }
    if let (Some(certificate), Some(bytes)) = (certificate, bytes)
        && let Some(public) =
            or_problem(sink, certificate, PublicKey::parse(&bytes, Policy::Modern))
    {
        keys::public(sink, &certificate.span(), &public, at);
    }
}

/// A file that the configuration names, relative to it.
pub(super) fn file(
    sink: &mut Sink<'_>,
    name: &Spanned<String>,
    at: Circumstances<'_>,
) -> Option<Vec<u8>> {
    let path = at.path.parent().unwrap_or(at.path).join(name.get_ref());
    match std::fs::read(&path) {
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
