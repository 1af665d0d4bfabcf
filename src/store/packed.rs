//! A session as it lies in a store: few bytes, for a hub has many.

use crate::hub::session::{Session, SessionId, SessionKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What most sessions say, so that none of them need say it again. It is part of the format: whoever changes a word of it
/// cannot read what was packed before, which is as good as gone then.
const USUAL: &[u8] = br#"{"id":"","browser":"","idp":"https:///runtime/services/trust","name_id":{"value":"C=DK,O=,CN=,Serial=","format":"urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName","name_qualifier":null,"sp_name_qualifier":null},"idp_indexes":[],"systems":[{"system":"https://.dk/saml","indexes":[]}],"authenticated":{"at":[],"reached":{"nsis":"Substantial","nist":"Three"},"attributes":[{"name":"https://data.gov.dk/concept/core/nsis/loa","name_format":null,"friendly_name":null,"values":[]},{"name":"dk:gov:saml:attribute:AssuranceLevel","name_format":null,"friendly_name":null,"values":["3"]},{"name":"https://data.gov.dk/model/core/eid/professional/cvr","name_format":null,"friendly_name":null,"values":[]},{"name":"https://data.gov.dk/model/core/eid/professional/orgName","name_format":null,"friendly_name":null,"values":[]},{"name":"https://data.gov.dk/model/core/eid/email","name_format":null,"friendly_name":null,"values":[]},{"name":"https://data.gov.dk/model/core/eid/professional/uuid/persistent","name_format":null,"friendly_name":null,"values":[]},{"name":"https://data.gov.dk/model/core/eid/privilegesIntermediate","name_format":null,"friendly_name":null,"values":[]},{"name":"dk:gov:saml:attribute:CvrNumberIdentifier","name_format":null,"friendly_name":null,"values":[]}],"proxies":null,"until":null},"started":[2026,,0,0,0],"used":[2026,,0,0,0],"ends":[2026,,0,0,0]}<?xml version="1.0" encoding="UTF-8"?><bpp:PrivilegeList xmlns:bpp="http://itst.dk/oiosaml/basic_privilege_profile" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:"><Privilege>http:///roles/jobrole//1</Privilege><Constraint Name="http:///constraints//1"></Constraint></PrivilegeGroup></bpp:PrivilegeList>"#;

/// Bytes of a browser's hash.
const BROWSER: usize = 32;

/// What is packed: base64 hides that texts repeat each other, so the values that are base64 stand behind, as what they say.
#[derive(Serialize, Deserialize)]
struct Plain<'a> {
    session: Cow<'a, Session>,
    /// Attribute and value that a text behind is the value of.
    unwrapped: Vec<(usize, usize, usize)>,
}

/// Packs it; none if that does not work.
pub(super) fn pack(session: &Session) -> Option<Box<[u8]>> {
    let mut session = session.clone();
    let mut unwrapped = Vec::new();
    let mut texts = Vec::new();
    // Its name is made of the rest; and digits say half of what bytes do.
    session.id = SessionId::default();
    if let Some(browser) = of_hex(&session.browser.0) {
        session.browser.0.clear();
        texts.extend(browser);
    }
    let attributes = session.authenticated.iter_mut();
    let attributes = attributes.flat_map(|login| login.attributes.iter_mut().enumerate());
    for (at, attribute) in attributes {
        for (number, value) in attribute.values.iter_mut().enumerate() {
            // Below that nothing is won.
            if value.len() < 64 {
                continue;
            }
            let Ok(text) = STANDARD.decode(value.as_bytes()) else {
                continue;
            };
            if STANDARD.encode(&text) == *value {
                unwrapped.push((at, number, text.len()));
                texts.extend_from_slice(&text);
                value.clear();
            }
        }
    }
    let plain = Plain {
        session: Cow::Owned(session),
        unwrapped,
    };
    let mut bytes = serde_json::to_vec(&plain).ok()?;
    let length = u32::try_from(bytes.len()).ok()?;
    bytes.extend_from_slice(&texts);
    let mut packed = length.to_le_bytes().to_vec();
    packed.extend(lz4_flex::block::compress_prepend_size_with_dict(
        &bytes, USUAL,
    ));
    Some(packed.into_boxed_slice())
}

/// What was packed; none if another version packed it.
pub(super) fn unpack(packed: &[u8]) -> Option<Session> {
    let (length, packed) = packed.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let bytes = lz4_flex::block::decompress_size_prepended_with_dict(packed, USUAL).ok()?;
    let (json, mut texts) = bytes.split_at_checked(length)?;
    let plain: Plain<'_> = serde_json::from_slice(json).ok()?;
    let mut session = plain.session.into_owned();
    if session.browser.0.is_empty() {
        let (browser, rest) = texts.split_at_checked(BROWSER)?;
        texts = rest;
        session.browser.0 = crate::dsig::hex(browser);
    }
    session.id = SessionId::of(&session.browser, &session.idp, &session.name_id);
    for (at, number, length) in plain.unwrapped {
        let (text, rest) = texts.split_at_checked(length)?;
        texts = rest;
        let attribute = session.authenticated.as_mut()?.attributes.get_mut(at)?;
        *attribute.values.get_mut(number)? = STANDARD.encode(text);
    }
    Some(session)
}

/// The bytes of a browser's hash; none if it is not written as one.
fn of_hex(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let bytes: Option<Vec<u8>> = (hex.as_bytes().chunks(2))
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect();
    bytes.filter(|bytes| bytes.len() == BROWSER && crate::dsig::hex(bytes) == hex)
}

/// What a session is found by, as a part of a digest: names are long and many.
pub(super) fn name_of(key: &SessionKey) -> u32 {
    match key {
        SessionKey::Browser(browser) => digest(&["browser", &browser.0]),
        SessionKey::Party { party, name_id } => digest(&["party", party, name_id]),
    }
}

/// The same of its own name.
pub(super) fn name_of_id(id: &SessionId) -> u32 {
    digest(&["session", id.as_str()])
}

/// The same in hex.
pub(super) fn name(key: &SessionKey) -> String {
    format!("{:08x}", name_of(key))
}

fn digest(parts: &[&str]) -> u32 {
    // No name has a NUL in it: XML has none.
    let digest = openssl::sha::sha256(parts.join("\0").as_bytes());
    let (part, _) = digest.split_at(4);
    part.iter()
        .fold(0, |name, byte| name << 8 | u32::from(*byte))
}
