//! The parties as a list shows them, and as the API tells of them.

use super::Text;
use super::metadata::entity;
use super::preview::ends;
use super::role::Role;
use crate::dsig::Certificate;
use crate::edge::app::App;
use crate::edge::manage::view::rfc3339;
use crate::edge::metadata::State;
use crate::edge::page::when;
use crate::hub::{IdentityProvider, UserFacingSystem};
use crate::registry::object::SamlMetadata;
use crate::registry::{Reason, Registered};
use serde_json::{Value as Json, json};
use time::OffsetDateTime;

/// A party in a list.
#[derive(Debug)]
pub struct PartyRow {
    /// What it is.
    pub role: Role,
    /// Short name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// entityID.
    pub id: String,
    /// OIOSAMLProfile.
    pub profile: &'static str,
    /// The level.
    pub level: String,
    /// Where its metadata is from.
    pub source: String,
    /// When it is fetched next, where it is fetched.
    pub next: Option<String>,
    /// That the last try came to nothing, and why.
    pub failed: Option<(String, String)>,
    /// When the certificates end with which it signs: a class and words.
    pub ends: Vec<(&'static str, String)>,
    /// Whether the hub serves it.
    pub served: bool,
    /// Whether it can be used for logins.
    pub active: bool,
    /// What there is to say of it.
    pub notes: Vec<String>,
    /// The short name of its successor.
    pub replaced_by: Option<String>,
}

/// Where metadata comes from: a word, and the file or the address.
fn source(party: &dyn Registered) -> (&'static str, Option<String>) {
    let file = party.beside().rest.get("saml_metadata");
    let file = file.and_then(|name| name.as_str()).map(str::to_owned);
    match party.registered() {
        _ if party.beside().is_invented() => ("invented", None),
        SamlMetadata::Address(address) => ("address", Some(address.clone())),
        _ if file.is_some() => ("file", file),
        _ => ("document", None),
    }
}

/// What is known of fetching its metadata; none where it is not fetched.
fn fetching(app: &App, party: &dyn Registered) -> Option<State> {
    let is_fetched = matches!(party.registered(), SamlMetadata::Address(_));
    (is_fetched && !party.beside().is_invented()).then(|| app.metadata.state(party))
}

/// The certificates with which it signs: those that the hub has read, else those of its metadata.
fn signing(party: &dyn Registered, read: Vec<Certificate>) -> Vec<Certificate> {
    if !read.is_empty() {
        return read;
    }
    let document = party.document();
    let entity = document.and_then(|bytes| entity(bytes, Some(party.id())));
    let entity = entity.iter();
    let keys = entity.flat_map(|entity| {
        let idp = entity.idp.iter().flat_map(|role| &role.keys);
        idp.chain(entity.sp.iter().flat_map(|role| &role.keys))
    });
    let signing = keys.filter(|key| key.usage != crate::saml::metadata::KeyUse::Encryption);
    signing.flat_map(|key| key.readable()).collect()
}

/// The certificates of an identity provider that is served.
pub fn of_idp(served: Option<&IdentityProvider>) -> Vec<Certificate> {
    let keys = served.into_iter().flat_map(|served| &served.signing_keys);
    keys.filter_map(|key| key.certificate().cloned()).collect()
}

/// The certificates of a system that is served.
pub fn of_system(served: Option<&UserFacingSystem>) -> Vec<Certificate> {
    let keys = served.into_iter().flat_map(|served| &served.signing_keys);
    keys.filter_map(|key| key.certificate().cloned()).collect()
}

impl PartyRow {
    /// What both kinds have in common.
    pub fn of(
        app: &App,
        a: &Text,
        role: Role,
        party: &dyn Registered,
        read: Vec<Certificate>,
    ) -> Self {
        let now = app.clock.now();
        let fetching = fetching(app, party);
        let last = fetching.as_ref().and_then(|known| known.last);
        let source = match source(party) {
            ("invented", _) => a.source_invented.to_owned(),
            ("file", Some(file)) => a.source_file(file),
            ("address", Some(address)) => match last {
                Some(at) => a.source_fetched(address, when::in_short_near(at, now, a.language)),
                None => a.source_address(address),
            },
            _ => a.source_pasted.to_owned(),
        };
        let signing = signing(party, read);
        let told = |reason: &Reason| {
            a.language
                .pick((reason.da.as_str(), reason.en.as_str()))
                .to_owned()
        };
        Self {
            role,
            name: party.beside().name.clone(),
            title: party.beside().name.clone(),
            id: party.id().to_owned(),
            profile: "",
            level: String::new(),
            source,
            next: fetching.as_ref().map(|known| match known.next(now) {
                at if at <= now => a.fetched_soon.to_owned(),
                at => a.fetched_next(when::in_short_near(at, now, a.language)),
            }),
            failed: fetching.and_then(|known| known.failed).map(|(at, why)| {
                let at = when::in_short_near(at, now, a.language);
                (a.fetch_failed(at), told(&why))
            }),
            ends: signing
                .iter()
                .map(|certificate| ends(a, certificate.not_after(), now))
                .collect(),
            served: party.is_served(),
            active: true,
            notes: party.notes().iter().map(told).collect(),
            replaced_by: party.beside().replaced_by().map(str::to_owned),
        }
    }

    /// Whether a search finds it.
    pub fn fits(&self, wanted: &str) -> bool {
        let all = [&self.name, &self.title, &self.id];
        all.into_iter()
            .any(|text| text.to_lowercase().contains(wanted))
    }
}

/// A party as the API tells of it.
pub fn view(
    role: Role,
    party: &dyn Registered,
    read: Vec<Certificate>,
    now: OffsetDateTime,
) -> Json {
    let (word, from) = source(party);
    let certificates = signing(party, read).into_iter().map(|certificate| {
        let end = certificate.not_after();
        json!({
            "subject": certificate.subject(),
            "thumbprint": certificate.thumbprint(),
            "sha256": certificate.fingerprint(),
            "not_after": rfc3339(end),
            "days_left": (end - now).whole_days(),
        })
    });
    let notes = party.notes().iter();
    let notes = notes.map(|reason| json!({ "da": reason.da, "en": reason.en }));
    json!({
        "name": party.beside().name,
        "id": party.id(),
        "kind": role.path(),
        "served": party.is_served(),
        "notes": notes.collect::<Vec<_>>(),
        "metadata": { "source": word, "from": from },
        "fetched": party.fetched().map(|fetched| rfc3339(fetched.at)),
        "certificates": certificates.collect::<Vec<_>>(),
        "replaced_by": party.beside().replaced_by(),
    })
}
