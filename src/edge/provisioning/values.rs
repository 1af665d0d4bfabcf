//! Values that stand in a path, and lists that grow and shrink by one: the same for all kinds of objects.

use super::arrive::decoded;
use super::objects::not_found;
use crate::registry::object::{RoleMapping, UserContext, read_as};
use crate::registry::shape::{self, Value};
use crate::registry::{Reason, Refusal};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// A number in a path.
pub fn number(name: &str, text: &str, value: Value) -> Result<u8, Refusal> {
    let found = text
        .parse::<u8>()
        .map_or_else(|_| Json::from(text), Json::from);
    Ok(value_of(name, found, value)?)
}

/// A word in a path.
pub fn word<T: DeserializeOwned>(name: &str, text: &str, value: Value) -> Result<T, Refusal> {
    Ok(value_of(name, Json::from(text), value)?)
}

/// The URI of an NSIS level in a path, as base64 or as it is.
pub fn nsis(name: &str, text: &str) -> Result<String, Refusal> {
    let uri = decoded(text).filter(|uri| shape::nsis(uri).is_some());
    let uri = uri.unwrap_or_else(|| text.to_owned());
    let uri: String = value_of(name, Json::from(uri), Value::Nsis)?;
    Ok(uri)
}

/// true or false in a path.
pub fn switch(name: &str, text: &str) -> Result<bool, Refusal> {
    let found = match text.to_ascii_lowercase().as_str() {
        "true" => Json::from(true),
        "false" => Json::from(false),
        _ => Json::from(text),
    };
    Ok(value_of(name, found, Value::Bool)?)
}

fn value_of<T: DeserializeOwned>(name: &str, found: Json, value: Value) -> Result<T, Vec<Reason>> {
    read_as(found, value).map_err(|reasons| {
        let named = |text: &str| text.replacen("body", name, 1);
        let all = reasons.into_iter();
        all.map(|reason| Reason::new(named(&reason.da), named(&reason.en)))
            .collect()
    })
}

/// Something that is to be removed must be there.
pub fn removed(before: usize, after: usize, what: &str) -> Result<(), Refusal> {
    match after < before {
        true => Ok(()),
        false => Err(not_found(what)),
    }
}

/// Appends the user contexts that are not there yet.
pub fn add_contexts(contexts: &mut Vec<UserContext>, more: Vec<UserContext>) {
    for context in more {
        if !contexts.contains(&context) {
            contexts.push(context);
        }
    }
}

/// Removes a user context.
pub fn remove_context(contexts: &mut Vec<UserContext>, cvr: &str) -> Result<(), Refusal> {
    let before = contexts.len();
    contexts.retain(|context| context.cvr.as_str() != cvr);
    removed(before, contexts.len(), cvr)
}

/// Adds items; one with the same id takes the old one's place.
pub fn merge<T>(known: &mut Vec<T>, more: Vec<T>, id: impl Fn(&T) -> &str) {
    for item in more {
        match known.iter_mut().find(|old| id(old) == id(&item)) {
            Some(old) => *old = item,
            None => known.push(item),
        }
    }
}

/// Removes the item whose id stands in a path as base64.
pub fn remove_item<T>(
    known: &mut Vec<T>,
    item: &str,
    id: impl Fn(&T) -> &str,
) -> Result<(), Refusal> {
    let wanted = decoded(item).unwrap_or_else(|| item.to_owned());
    let before = known.len();
    known.retain(|old| id(old) != wanted);
    removed(before, known.len(), &wanted)
}

/// What a role mapping is known by.
pub fn mapping_id(mapping: &RoleMapping) -> &str {
    &mapping.id
}
