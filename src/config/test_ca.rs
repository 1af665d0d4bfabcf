//! The CA that the hub answers for, of two files.

use super::HubEntry;
use super::hub_entry::{file, or_problem};
use super::keys;
use super::kind::{KEY_UNREADABLE, MISSING_KEY};
use super::load::Circumstances;
use super::problem::Sink;
use crate::dsig::Certificate;
use crate::mint::{Authority, MintError};
use toml::Spanned;

const HELP: &str = "give the certificate of a CA and its own key, in PEM and without password; vejviser certs new --keep-ca makes both";

/// Reads it, where there is one; both files are judged whatever becomes of the other.
pub(super) fn read(
    sink: &mut Sink<'_>,
    hub: &HubEntry,
    at: Circumstances<'_>,
) -> Option<Authority> {
    let (named, named_key) = (hub.test_ca.as_ref(), hub.test_ca_key.as_ref());
    let bytes = named.and_then(|name| Some((name, file(sink, name, at)?)));
    let key = named_key.and_then(|name| Some((name, file(sink, name, at)?)));
    let mut alone = |one: &Spanned<String>, is: &str, missing: &str| {
        let what = format!("`{missing}` is missing beside `{is}`");
        sink.add(MISSING_KEY, Some(one.span()), what, "add it");
    };
    match (named, named_key) {
        (Some(one), None) => alone(one, "test_ca", "test_ca_key"),
        (None, Some(one)) => alone(one, "test_ca_key", "test_ca"),
        _ => {}
    }
    let (name, bytes) = bytes?;
    let certificate = or_problem(sink, name, Certificate::parse(&bytes), HELP)?;
    keys::dates(sink, &name.span(), &certificate.story(), at);
    let (name_of_key, pem) = key?;
    match Authority::given(&bytes, &pem) {
        Ok(authority) => Some(authority),
        Err(MintError::Unreadable(why)) => or_problem(sink, name_of_key, Err(why), HELP),
        Err(why) => {
            let what = format!("{}: {why}", name.get_ref());
            sink.add(KEY_UNREADABLE, Some(name.span()), what, HELP);
            None
        }
    }
}
