//! A session as it lies in a store: few bytes, for a hub has many.

use crate::hub::session::{Session, SessionKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What most sessions say, so that none of them need say it again. It is part of the format: whoever changes a word of it
/// cannot read what was packed before, which is as good as gone then.
const USUAL: &[u8] = br#"{"id":"","browser":"","idp":"https:///runtime/services/trust","name_id":{"value":"C=DK,O=,CN=,Serial=","format":"urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName","name_qualifier":null,"sp_name_qualifier":null},"idp_indexes":[],"systems":[{"system":"https://.dk/saml","indexes":[]}],"authenticated":{"at":[],"reached":{"nsis":"Substantial","nist":"Three"},"attributes":[{"name":"https://data.gov.dk/concept/core/nsis/loa","name_format":null,"friendly_name":null,"values":[]},{"name":"dk:gov:saml:attribute:AssuranceLevel","name_format":null,"friendly_name":null,"values":["3"]},{"name":"https://data.gov.dk/model/core/eid/professional/cvr","name_format":null,"friendly_name":null,"values":[]},{"name":"https://data.gov.dk/model/core/eid/professional/orgName","name_format":null,"friendly_name":null,"values":[]},{"name":"https://data.gov.dk/model/core/eid/email","name_format":null,"friendly_name":null,"values":[]},{"name":"https://data.gov.dk/model/core/eid/professional/uuid/persistent","name_format":null,"friendly_name":null,"values":[]},{"name":"https://data.gov.dk/model/core/eid/privilegesIntermediate","name_format":null,"friendly_name":null,"values":[]},{"name":"dk:gov:saml:attribute:CvrNumberIdentifier","name_format":null,"friendly_name":null,"values":[]}],"proxies":null,"until":null},"started":[2026,,0,0,0],"used":[2026,,0,0,0],"ends":[2026,,0,0,0]}<?xml version="1.0" encoding="UTF-8"?><bpp:PrivilegeList xmlns:bpp="http://itst.dk/oiosaml/basic_privilege_profile" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:"><Privilege>http:///roles/jobrole//1</Privilege><Constraint Name="http:///constraints//1"></Constraint></PrivilegeGroup></bpp:PrivilegeList>"#;

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
    for (at, number, length) in plain.unwrapped {
        let (text, rest) = texts.split_at_checked(length)?;
        texts = rest;
        let attribute = session.authenticated.as_mut()?.attributes.get_mut(at)?;
        *attribute.values.get_mut(number)? = STANDARD.encode(text);
    }
    Some(session)
}

/// What a session is found by, as the half of a digest: names are long and many.
pub(super) fn name_of(key: &SessionKey) -> u128 {
    let text = match key {
        SessionKey::Browser(browser) => browser.0.clone(),
        // No name has a NUL in it: XML has none.
        SessionKey::Party { party, name_id } => [party.as_str(), name_id].join("\0"),
    };
    let digest = openssl::sha::sha256(text.as_bytes());
    let (half, _) = digest.split_at(16);
    half.iter()
        .fold(0, |name, byte| name << 8 | u128::from(*byte))
}

/// The same in hex.
pub(super) fn name(key: &SessionKey) -> String {
    format!("{:032x}", name_of(key))
}
