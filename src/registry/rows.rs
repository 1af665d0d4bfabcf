//! Objects as the store keeps them: one text each, which the store does not look into.

use super::beside::Beside;
use super::compile::Judge;
use super::content::{Content, Fetched, Party};
use super::object;
use super::{Kind, Reason};
use crate::hub::federation::Organisation;
use crate::oiosaml::Cvr;
use crate::store::records::Row;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use time::OffsetDateTime;

/// A party.
#[derive(Serialize, Deserialize)]
struct PartyRow<O> {
    object: O,
    name: String,
    /// The rest of its section, as TOML.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    rest: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    files: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fetched: Option<FetchedRow>,
}

#[derive(Serialize, Deserialize)]
struct FetchedRow {
    document: String,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    etag: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct OrganisationRow {
    name: String,
    #[serde(default)]
    email_domains: Vec<String>,
}

/// What is stored cannot be read: nothing is served then, rather than half of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredError {
    /// What.
    pub row: String,
    /// Why.
    pub why: String,
}

impl fmt::Display for StoredError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.row, self.why)
    }
}

impl std::error::Error for StoredError {}

/// The text of an object; none if it is not registered any more.
pub(super) fn body(content: &Content, kind: Kind, id: &str) -> Option<String> {
    match kind {
        Kind::IdentityProvider => {
            let party = content.identity_providers.get(id)?;
            Some(party_row(
                &party.object,
                &party.beside,
                party.fetched.as_ref(),
            ))
        }
        Kind::System => {
            let party = content.systems.get(id)?;
            Some(party_row(
                &party.object,
                &party.beside,
                party.fetched.as_ref(),
            ))
        }
        Kind::Organisation => {
            let organisation = content.organisations.get(&Cvr::parse(id)?)?;
            Some(json(&OrganisationRow {
                name: organisation.name.clone(),
                email_domains: organisation.email_domains.clone(),
            }))
        }
        other => content
            .others
            .get(&other)?
            .get(id)
            .map(|text| text.to_string()),
    }
}

fn party_row<O: Serialize + Clone>(
    object: &O,
    beside: &Beside,
    fetched: Option<&Fetched>,
) -> String {
    let files = beside.files.iter();
    json(&PartyRow {
        object,
        name: beside.name.clone(),
        rest: beside.rest.to_string(),
        files: files
            .map(|(name, bytes)| (name.clone(), STANDARD.encode(bytes)))
            .collect(),
        fetched: fetched.map(|fetched| FetchedRow {
            document: STANDARD.encode(&fetched.document),
            at: fetched.at,
            etag: fetched.etag.clone(),
        }),
    })
}

/// Texts, numbers and lists of them: nothing of which serde could make no JSON.
fn json(row: &impl Serialize) -> String {
    serde_json::to_string(row).expect("a row of texts is JSON")
}

impl Content {
    /// All of it as the store keeps it.
    pub fn rows(&self) -> Vec<Row> {
        let all = Kind::ALL.into_iter().flat_map(|kind| {
            let ids = self.ids(kind).into_iter();
            ids.filter_map(move |id| {
                Some(Row {
                    kind: kind.as_str().to_owned(),
                    id: id.to_owned(),
                    body: body(self, kind, id)?,
                })
            })
        });
        all.collect()
    }

    /// What is stored, judged as if it were registered now. A party that cannot be served any more, for example because its
    /// metadata has expired, stays registered and says why.
    pub fn load(rows: &[Row], judge: &Judge, now: OffsetDateTime) -> Result<Self, StoredError> {
        let mut content = Self::default();
        for row in rows {
            let failed = |why: String| StoredError {
                row: format!("{} {}", row.kind, row.id),
                why,
            };
            let kind = Kind::parse(&row.kind)
                .ok_or_else(|| failed("ukendt slags / unknown kind".to_owned()))?;
            content.put_row(kind, row, judge, now).map_err(failed)?;
        }
        Ok(content)
    }

    fn put_row(
        &mut self,
        kind: Kind,
        row: &Row,
        judge: &Judge,
        now: OffsetDateTime,
    ) -> Result<(), String> {
        match kind {
            Kind::IdentityProvider => {
                let (object, beside, fetched): (object::IdentityProvider, _, _) = party(&row.body)?;
                let document = super::content::in_force(&object.saml_metadata, fetched.as_ref());
                let compiled = judge.identity_provider(&object, &beside, document, None, now);
                let party = Party {
                    served: compiled.served,
                    notes: all(compiled.faults, compiled.notes),
                    object,
                    beside,
                    fetched,
                };
                Arc::make_mut(&mut self.identity_providers).insert(row.id.clone(), Arc::new(party));
            }
            Kind::System => {
                let (object, beside, fetched): (object::UserFacingSystem, _, _) = party(&row.body)?;
                let document = super::content::in_force(&object.saml_metadata, fetched.as_ref());
                let compiled = judge.system(&object, &beside, document, None, now);
                let party = Party {
                    served: compiled.served,
                    notes: all(compiled.faults, compiled.notes),
                    object,
                    beside,
                    fetched,
                };
                self.put_system(row.id.clone(), party);
            }
            Kind::Organisation => {
                let cvr = Cvr::parse(&row.id).ok_or("intet CVR-nummer / no CVR number")?;
                let read: OrganisationRow = read(&row.body)?;
                let organisation = Organisation {
                    name: read.name,
                    email_domains: read.email_domains,
                };
                Arc::make_mut(&mut self.organisations).insert(cvr, organisation);
            }
            other => {
                let all = self.others.entry(other).or_default();
                Arc::make_mut(all).insert(row.id.clone(), row.body.as_str().into());
            }
        }
        Ok(())
    }
}

fn party<O: DeserializeOwned>(body: &str) -> Result<(O, Beside, Option<Fetched>), String> {
    let row: PartyRow<O> = read(body)?;
    let files = row.files.into_iter();
    let files = files.map(|(name, text)| Ok((name, decoded(&text)?)));
    let beside = Beside {
        name: row.name,
        rest: row.rest.parse().map_err(|error| format!("{error}"))?,
        files: files.collect::<Result<_, String>>()?,
    };
    let fetched = row.fetched.map(|fetched| {
        Ok::<_, String>(Fetched {
            document: decoded(&fetched.document)?,
            at: fetched.at,
            etag: fetched.etag,
        })
    });
    Ok((row.object, beside, fetched.transpose()?))
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    serde_json::from_str(body).map_err(|error| error.to_string())
}

fn decoded(text: &str) -> Result<Arc<[u8]>, String> {
    let bytes = STANDARD.decode(text).map_err(|error| error.to_string())?;
    Ok(bytes.into())
}

fn all(mut faults: Vec<Reason>, notes: Vec<Reason>) -> Vec<Reason> {
    faults.extend(notes);
    faults
}
