//! Reading of captures: SAML-tracer's export, HAR, or one message as people have it at hand. Nothing but the
//! messages is taken out of a log: no cookie, header, page or other form is ever looked at.

use super::message::{Message, Query, Raw};
use crate::dsig::DecryptionKey;
use crate::oiosaml::mask::Masker;
use crate::saml::Binding;
use crate::saml::binding::{decode_post, decode_redirect};
use crate::saml::paste::{self, Input};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt;

/// Bytes of one capture.
pub const MAX_CAPTURE: usize = 64 * 1024 * 1024;
/// Messages of one capture; a login has eight.
const MAX_MESSAGES: usize = 500;

/// In which form a capture came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// SAML-tracer's export.
    SamlTracer,
    /// HTTP Archive.
    Har,
    /// One message.
    Message,
}

/// A file as given.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// A capture that was read: masked messages in their order.
pub struct Capture {
    /// What the file is called.
    pub name: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// Its form.
    pub form: Form,
    /// Its messages.
    pub messages: Vec<Message>,
    /// What looked like a message and could not be read, in words that quote nothing of it.
    pub unreadable: Vec<String>,
}

/// Why a capture cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// More than [`MAX_CAPTURE`].
    TooLarge,
    /// Begins like JSON and is neither of the two logs; says where it breaks off.
    Json(String),
    /// JSON, but neither `log` nor `requests`.
    UnknownJson,
    /// No message in it; why, if something looked like one.
    NoMessage(Option<String>),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "større end 64 MiB / larger than 64 MiB"),
            Self::Json(why) => write!(f, "ikke læsbar JSON / no readable JSON: {why}"),
            Self::UnknownJson => write!(
                f,
                "hverken HAR eller eksport fra SAML-tracer / neither HAR nor an export of SAML-tracer"
            ),
            Self::NoMessage(None) => write!(f, "ingen SAML-besked i filen / no SAML message in it"),
            Self::NoMessage(Some(why)) => {
                write!(
                    f,
                    "ingen læsbar SAML-besked i filen / no readable SAML message in it: {why}"
                )
            }
        }
    }
}

/// Reads one capture. `keys` open assertions that are encrypted, if one of them fits.
pub fn read(
    file: File<'_>,
    keys: &[DecryptionKey],
    masker: &mut Masker,
) -> Result<Capture, Unreadable> {
    if file.bytes.len() > MAX_CAPTURE {
        return Err(Unreadable::TooLarge);
    }
    let (form, found) = find(file.bytes)?;
    let mut capture = Capture {
        name: file.name.to_owned(),
        sha256: hex(&openssl::sha::sha256(file.bytes)),
        form,
        messages: Vec::new(),
        unreadable: Vec::new(),
    };
    let rest = found.len() > MAX_MESSAGES;
    let mut seen = BTreeSet::new();
    for raw in found.into_iter().take(MAX_MESSAGES) {
        match raw.and_then(|raw| Message::read(&raw, keys, masker)) {
            // A browser that repeats a request repeats the message; it is told once.
            Ok(message) if !seen.insert((message.kind, message.id().map(str::to_owned))) => {}
            Ok(message) => capture.messages.push(message),
            Err(why) => capture.unreadable.push(why),
        }
    }
    if rest {
        let why = format!("more than {MAX_MESSAGES} messages: the rest was not read");
        capture.unreadable.push(why);
    }
    match capture.messages.is_empty() {
        true => Err(Unreadable::NoMessage(capture.unreadable.into_iter().next())),
        false => Ok(capture),
    }
}

type Found = Vec<Result<Raw, String>>;

fn find(bytes: &[u8]) -> Result<(Form, Found), Unreadable> {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if !start.trim_ascii_start().starts_with(b"{") {
        return Ok((Form::Message, vec![pasted(bytes)]));
    }
    // What is wrong is told by line and column: serde's own words may quote the file.
    let log: Log = serde_json::from_slice(start).map_err(|error| {
        Unreadable::Json(format!("line {}, column {}", error.line(), error.column()))
    })?;
    match (log.log, log.requests) {
        (Some(har), _) => Ok((
            Form::Har,
            har.entries
                .iter()
                .filter_map(|entry| entry.request.message())
                .collect(),
        )),
        (None, Some(requests)) => Ok((
            Form::SamlTracer,
            requests.iter().filter_map(Traced::message).collect(),
        )),
        (None, None) => Err(Unreadable::UnknownJson),
    }
}

/// What is read of either log; everything else in it is skipped by the reader.
#[derive(Deserialize)]
struct Log {
    log: Option<Har>,
    requests: Option<Vec<Traced>>,
}

#[derive(Deserialize)]
struct Har {
    #[serde(default)]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct PostData {
    text: Option<String>,
    #[serde(default)]
    params: Vec<Param>,
}

#[derive(Deserialize)]
struct Param {
    name: String,
    value: Option<String>,
}

impl Request {
    fn message(&self) -> Option<Result<Raw, String>> {
        if let Some(data) = self.post_data.as_ref().filter(|_| self.method == "POST") {
            let body = match data.text.as_deref().filter(|text| !text.is_empty()) {
                Some(text) => text.to_owned(),
                None => {
                    let pairs = data.params.iter();
                    let pairs =
                        pairs.map(|p| (p.name.as_str(), p.value.as_deref().unwrap_or_default()));
                    form(pairs)
                }
            };
            return posted(&self.url, &body);
        }
        redirected(&self.url)
    }
}

/// A request as SAML-tracer exports it.
#[derive(Deserialize)]
struct Traced {
    #[serde(default)]
    method: String,
    #[serde(default)]
    url: String,
    post: Option<Vec<Vec<Option<String>>>>,
    /// The message in clear. Needed only where the export hides the forms.
    saml: Option<String>,
}

impl Traced {
    fn message(&self) -> Option<Result<Raw, String>> {
        let pairs = self
            .post
            .iter()
            .flatten()
            .filter_map(|pair| match &pair[..] {
                [Some(name), Some(value), ..] => Some((name.as_str(), value.as_str())),
                _ => None,
            });
        let body = form(pairs);
        let found = match self.method.as_str() {
            "POST" => posted(&self.url, &body),
            _ => redirected(&self.url),
        };
        match (found, self.saml.as_deref().filter(|xml| !xml.is_empty())) {
            (Some(Ok(raw)), _) => Some(Ok(raw)),
            (_, Some(xml)) => Some(Ok(Raw {
                binding: Some(match self.method.as_str() {
                    "POST" => Binding::Post,
                    _ => Binding::Redirect,
                }),
                address: Some(self.url.clone()),
                xml: xml.as_bytes().to_vec(),
                relay_state: None,
                query: None,
                complete: false,
            })),
            (found, None) => found,
        }
    }
}

/// The fields of ours in a form, written again; others, passwords among them, are dropped here.
fn form<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in
        pairs.filter(|(name, _)| matches!(*name, "SAMLRequest" | "SAMLResponse" | "RelayState"))
    {
        // Some browsers write the values as they travelled.
        let travelled = name != "RelayState" && value.contains('%');
        match travelled {
            true => {
                let (value, _) = url::form_urlencoded::parse(value.as_bytes())
                    .next()
                    .unwrap_or_default();
                out.append_pair(name, &value)
            }
            false => out.append_pair(name, value),
        };
    }
    out.finish()
}

pub(super) fn posted(address: &str, body: &str) -> Option<Result<Raw, String>> {
    if !body.contains("SAMLRequest=") && !body.contains("SAMLResponse=") {
        return None;
    }
    let decoded = decode_post(body.trim().as_bytes());
    Some(
        decoded
            .map_err(|error| error.to_string())
            .map(|decoded| Raw {
                binding: Some(Binding::Post),
                address: Some(address.to_owned()),
                xml: decoded.xml,
                relay_state: decoded.relay_state,
                query: None,
                complete: true,
            }),
    )
}

pub(super) fn redirected(address: &str) -> Option<Result<Raw, String>> {
    let query = address.split('#').next()?.split_once('?')?.1;
    if !query.contains("SAMLRequest=") && !query.contains("SAMLResponse=") {
        return None;
    }
    let decoded = decode_redirect(query);
    Some(
        decoded
            .map_err(|error| error.to_string())
            .map(|decoded| Raw {
                binding: Some(Binding::Redirect),
                address: Some(address.to_owned()),
                xml: decoded.xml,
                relay_state: decoded.relay_state,
                query: Some(Query {
                    parameters: parameters(query),
                    algorithm: decoded.query_signature.map(|signature| signature.algorithm),
                }),
                complete: true,
            }),
    )
}

/// The parameters of the binding in the order of the address.
fn parameters(query: &str) -> Vec<&'static str> {
    const NAMES: [&str; 6] = [
        "SAMLRequest",
        "SAMLResponse",
        "SAMLEncoding",
        "RelayState",
        "SigAlg",
        "Signature",
    ];
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    names
        .filter_map(|name| NAMES.into_iter().find(|known| *known == name))
        .collect()
}

fn pasted(bytes: &[u8]) -> Result<Raw, String> {
    // Of an address all of it counts: where the message went to, and in which order it was written.
    if let Ok(text) = std::str::from_utf8(bytes)
        && text.trim_start().starts_with("http")
        && let Some(Ok(raw)) = redirected(text.trim())
    {
        return Ok(raw);
    }
    let pasted = paste::read(bytes, Input::Auto).map_err(|error| error.to_string())?;
    let travelled = pasted.field.is_some();
    Ok(Raw {
        binding: travelled.then_some(pasted.binding),
        address: None,
        query: pasted.query_signature.map(|signature| Query {
            parameters: Vec::new(),
            algorithm: Some(signature.algorithm),
        }),
        complete: pasted.relay_state.is_some(),
        relay_state: pasted.relay_state,
        xml: pasted.xml,
    })
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        out.push_str(&format!("{byte:02x}"));
    }
    out
}
