//! What a change changed, field by field. A document is told by the certificates in it, a secret not at all.

use super::metadata::entity;
use crate::dsig::Certificate;
use crate::edge::fetch::refresh::{Diff, diff};
use crate::edge::world::hex;
use crate::saml::metadata::{Entity, KeyDescriptor};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;
use time::OffsetDateTime;

/// A field that has another value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Its name: CH.json's, or the key in federation.toml.
    pub field: String,
    /// What it was.
    pub from: Option<String>,
    /// What it is.
    pub to: Option<String>,
    /// What differs between two metadata documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Diff>,
}

/// What a value is told as.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    text: String,
    document: Option<Vec<u8>>,
    /// By what two are told apart where the text may be the same.
    mark: String,
}

/// Letters of a value that are told.
const MAX_VALUE: usize = 300;
/// Values that nobody is told.
const SECRETS: [&str; 2] = ["ClientSecret", "client_secret"];

/// What differs between two stored objects; `now` is for the days that certificates have left.
pub fn compare(
    before: Option<&Json>,
    after: Option<&Json>,
    now: OffsetDateTime,
) -> Vec<FieldChange> {
    let (before, after) = (before.map(fields), after.map(fields));
    let (before, mut after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let mut changes = Vec::new();
    for (field, old) in before {
        let new = after.shift_remove(&field);
        if new.as_ref() != Some(&old) {
            changes.push(change(field, Some(old), new, now));
        }
    }
    let new = after.into_iter();
    changes.extend(new.map(|(field, new)| change(field, None, Some(new), now)));
    changes
}

fn change(field: String, old: Option<Told>, new: Option<Told>, now: OffsetDateTime) -> FieldChange {
    let read = |told: &Option<Told>| entity(told.as_ref()?.document.as_deref()?, None);
    let metadata = match (read(&old), read(&new)) {
        (Some(old), Some(new)) => Some(diff(&old, &new, now)),
        _ => None,
    };
    FieldChange {
        field,
        from: old.map(|told| told.text),
        to: new.map(|told| told.text),
        metadata,
    }
}

/// The fields of a stored object, flat. What is empty is as good as nothing.
fn fields(row: &Json) -> IndexMap<String, Told> {
    let mut all = IndexMap::new();
    let Some(map) = row.as_object() else {
        return all;
    };
    let object = map.get("object").and_then(Json::as_object);
    for (name, value) in object.into_iter().flatten() {
        put(&mut all, name, value);
    }
    // A party has parts beside its object, other kinds are nothing but one.
    for (name, value) in map {
        match (name.as_str(), object.is_some()) {
            ("object", true) => {}
            ("rest", true) => rest(&mut all, value),
            ("fetched", true) => fetched(&mut all, value),
            ("files", true) => {
                let files = value.as_object().into_iter().flatten();
                for (file, content) in files {
                    add(
                        &mut all,
                        file,
                        document(content.as_str().unwrap_or_default()),
                    );
                }
            }
            _ => put(&mut all, name, value),
        }
    }
    all
}

fn rest(all: &mut IndexMap<String, Told>, value: &Json) {
    let table: toml::Table = value
        .as_str()
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    for (key, value) in table {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        add(all, &key, plain(&key, &text));
    }
}

fn fetched(all: &mut IndexMap<String, Told>, value: &Json) {
    let of = |name: &str| value.get(name).and_then(Json::as_str).unwrap_or_default();
    let mut told = document(of("document"));
    let at = of("at").get(..16).unwrap_or_default().replace('T', " ");
    told.text = format!("{at} UTC: {}", told.text);
    told.mark = format!("{}{}", of("at"), told.mark);
    add(all, "MetadataUrl (hentet/fetched)", told);
}

fn put(all: &mut IndexMap<String, Told>, name: &str, value: &Json) {
    let told = match name {
        "SamlMetadata" => match value.get("Xml").and_then(Json::as_str) {
            Some(xml) if !xml.is_empty() => document(xml),
            _ => plain(name, value["MetadataUrl"].as_str().unwrap_or_default()),
        },
        "Base64Certificate" => {
            let certificate = Certificate::from_base64(value.as_str().unwrap_or_default());
            let thumbprint = certificate.map(|certificate| certificate.thumbprint());
            plain(
                name,
                &thumbprint.map_or("?".to_owned(), |sha1| format!("SHA-1 {sha1}")),
            )
        }
        _ => {
            let text = text(value);
            let mut told = plain(name, &text);
            if hides_a_secret(value) {
                told.text = "…".to_owned();
            }
            told
        }
    };
    add(all, name, told);
}

fn add(all: &mut IndexMap<String, Told>, name: &str, told: Told) {
    if !told.text.is_empty() {
        all.insert(name.to_owned(), told);
    }
}

fn plain(name: &str, text: &str) -> Told {
    let told = match (SECRETS.contains(&name), text.char_indices().nth(MAX_VALUE)) {
        (true, _) => "…".to_owned(),
        (_, Some((end, _))) => format!("{}…", &text[..end]),
        (_, None) => text.to_owned(),
    };
    Told {
        text: told,
        document: None,
        mark: text.to_owned(),
    }
}

fn hides_a_secret(value: &Json) -> bool {
    let map = value.as_object();
    map.is_some_and(|map| SECRETS.iter().any(|secret| map.contains_key(*secret)))
}

/// A value as people read it: what a list or an object holds, without its marks.
fn text(value: &Json) -> String {
    let joined = |all: &mut dyn Iterator<Item = String>| all.collect::<Vec<_>>().join(", ");
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => joined(&mut items.iter().map(text)),
        Json::Object(map) if map.len() == 1 => joined(&mut map.values().map(text)),
        Json::Object(map) => {
            let mut pairs = map
                .iter()
                .map(|(name, value)| format!("{name}: {}", text(value)));
            format!("({})", joined(&mut pairs))
        }
        other => other.to_string(),
    }
}

fn document(base64: &str) -> Told {
    let bytes = STANDARD.decode(base64).unwrap_or_default();
    let digest = hex(&openssl::sha::sha256(&bytes));
    let thumbprints = entity(&bytes, None).map(|entity| thumbprints(&entity));
    let text = match thumbprints.filter(|all| !all.is_empty()) {
        Some(all) => format!("XML, SHA-1 {}", all.join(", ")),
        None => format!("XML, {} bytes, SHA-256 {}", bytes.len(), &digest[..16]),
    };
    Told {
        text,
        document: Some(bytes),
        mark: digest,
    }
}

/// The thumbprints of its certificates, each once.
fn thumbprints(entity: &Entity) -> Vec<String> {
    let idp = entity.idp.iter().flat_map(|role| &role.keys);
    let sp = entity.sp.iter().flat_map(|role| &role.keys);
    let mut all = Vec::new();
    for certificate in idp.chain(sp).flat_map(KeyDescriptor::readable) {
        let thumbprint = certificate.thumbprint();
        if !all.contains(&thumbprint) {
            all.push(thumbprint);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::pki;
    use serde_json::json;

    const NOW: OffsetDateTime = time::macros::datetime!(2026-11-22 12:00 UTC);

    fn told(before: Json, after: Json) -> Vec<(String, Option<String>, Option<String>)> {
        let changes = compare(Some(&before), Some(&after), NOW).into_iter();
        changes
            .map(|change| (change.field, change.from, change.to))
            .collect()
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_party_is_told_field_by_field_with_what_stands_beside_it() {
        let row = |title: &str, contexts: &[&str], rest: &str| {
            let contexts: Vec<Json> = contexts.iter().map(|cvr| json!({ "Cvr": cvr })).collect();
            json!({ "object": { "Praesentationsnavn": title, "Anvenderkontekster": contexts, "KenderRoller": true,
                "SamlMetadata": { "Xml": "", "MetadataUrl": "https://a.example/m" } }, "name": "a", "rest": rest })
        };
        let before = row("Odder", &["11111111"], "");
        assert_eq!(told(before.clone(), before.clone()), []);
        let after = row("Ny", &["11111111", "22222222"], "replaced_by = \"b\"\n");
        assert_eq!(
            told(before.clone(), after.clone()),
            [
                (
                    "Anvenderkontekster".to_owned(),
                    some("11111111"),
                    some("11111111, 22222222")
                ),
                ("Praesentationsnavn".to_owned(), some("Odder"), some("Ny")),
                ("replaced_by".to_owned(), None, some("b")),
            ]
        );
        // Of what is new and of what is gone, everything.
        assert_eq!(compare(None, Some(&after), NOW).len(), 6);
        assert_eq!(compare(Some(&before), None, NOW).len(), 5);
    }

    fn metadata(certificate: &str) -> String {
        let pem = pki::certificate(certificate).unwrap();
        let certificate = Certificate::parse(pem.as_bytes()).unwrap().to_base64();
        let xml = format!(
            "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://a.example\">\
             <IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><KeyDescriptor use=\"signing\">\
             <KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>{certificate}</X509Certificate></X509Data>\
             </KeyInfo></KeyDescriptor><SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
             Location=\"https://a.example/sso\"/></IDPSSODescriptor></EntityDescriptor>"
        );
        STANDARD.encode(xml)
    }

    #[test]
    fn metadata_is_told_by_its_certificates_and_never_as_base64() {
        let (one, other) = (metadata("testrup"), metadata("testrup-next"));
        let row = |xml: &str| json!({ "object": { "SamlMetadata": { "Xml": xml, "MetadataUrl": "" } }, "name": "a" });
        let changes = compare(Some(&row(&one)), Some(&row(&other)), NOW);
        let [change] = changes.as_slice() else {
            panic!("{changes:?}")
        };
        assert!(change.from.as_ref().unwrap().starts_with("XML, SHA-1 "));
        assert_eq!(change.metadata.as_ref().unwrap().certificates.len(), 2);
        let said = serde_json::to_string(change).unwrap();
        assert!(!said.contains("MII") && said.len() < 3000, "{said}");
        // What cannot be read is told by its digest.
        let broken = row(&STANDARD.encode("<a/>"));
        let changes = compare(Some(&row(&one)), Some(&broken), NOW);
        assert!(
            changes[0]
                .to
                .as_ref()
                .unwrap()
                .starts_with("XML, 4 bytes, SHA-256 ")
        );
        assert_eq!(changes[0].metadata, None);
    }

    #[test]
    fn secrets_are_not_told_and_long_values_not_to_the_end() {
        let row = |secret: &str| json!({ "Id": "a", "ClientSecret": secret, "OIDCMetadata": { "ClientSecret": secret, "X": "y" } });
        let changes = told(row("one"), row("other"));
        assert_eq!(changes.len(), 2);
        assert!(
            changes
                .iter()
                .all(|(_, from, to)| from == &some("…") && to == &some("…"))
        );
        let long = json!({ "Beskrivelse": "å".repeat(1000) });
        let changes = told(json!({}), long);
        assert_eq!(
            changes[0].2.as_ref().unwrap().chars().count(),
            MAX_VALUE + 1
        );
    }
}
