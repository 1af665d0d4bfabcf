//! What is registered and has no effect on a login, and why: nobody shall believe otherwise because it was stored.

use super::content::Registered;
use super::object::UserFacingSystem;
use super::{Content, Kind, Reason};
use std::collections::BTreeSet;

/// Something that is registered and not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub kind: Kind,
    /// Its id; none where it is said of all objects of the kind.
    pub id: Option<String>,
    /// Why it is not served.
    pub reason: Reason,
}

/// Everything that is registered and not served: parties first, in the order of registration.
pub fn unserved(content: &Content) -> Vec<Note> {
    let idps = content.identity_providers.values();
    let idps = idps.flat_map(|party| of_party(Kind::IdentityProvider, &**party));
    let systems = content.systems.values();
    let systems = systems.flat_map(|party| of_party(Kind::System, &**party));
    let each = [Kind::AttributeService, Kind::OidcSystem].into_iter();
    let each = each.flat_map(|kind| {
        let ids = content.ids(kind).into_iter();
        ids.map(move |id| note(kind, Some(id), why(kind)))
    });
    let mappings = content.systems.values();
    let mappings = mappings.filter_map(|party| without_role(content, &party.object));
    idps.chain(systems).chain(mappings).chain(each).collect()
}

/// Mappings of a system from job function roles that nobody registered: unless a setting says otherwise they lead nowhere,
/// because nobody knows whose the role is.
fn without_role(content: &Content, system: &UserFacingSystem) -> Option<Note> {
    let known = content.others.get(&Kind::JobFunctionRole);
    let known = |id: &str| known.is_some_and(|all| all.contains_key(id));
    let mappings = system.role_mappings.iter();
    let from = mappings.map(|mapping| mapping.jobfunktionsrolle_id.as_str());
    let unknown: BTreeSet<&str> = from.filter(|id| !known(id)).collect();
    let (count, first) = (unknown.len(), unknown.first()?);
    let reason = Reason::new(
        format!(
            "{count} af systemets rollemapninger er fra jobfunktionsroller, som ingen har registreret, for eksempel {first}: de bruges ikke (unregistered_job_function_role)"
        ),
        format!(
            "{count} of the system's role mappings are from job function roles that nobody registered, for example {first}: they are not used (unregistered_job_function_role)"
        ),
    );
    Some(note(Kind::JobFunctionRole, Some(&system.id), reason))
}

fn of_party(kind: Kind, party: &dyn Registered) -> Vec<Note> {
    if party.is_served() {
        return Vec::new();
    }
    let notes = party.notes().iter();
    notes
        .map(|reason| note(kind, Some(party.id()), reason.clone()))
        .collect()
}

fn note(kind: Kind, id: Option<&str>, reason: Reason) -> Note {
    let id = id.map(str::to_owned);
    Note { kind, id, reason }
}

/// Why no object of a kind is served.
fn why(kind: Kind) -> Reason {
    let (da, en) = match kind {
        Kind::AttributeService => (
            "attributservicen er registreret, men hubben spørger ingen attributservice",
            "the attribute service is registered, but the hub asks no attribute service",
        ),
        _ => (
            "systemet er registreret, men hubben taler ikke OpenID Connect, så ingen kan logge ind i det",
            "the system is registered, but the hub speaks no OpenID Connect, so nobody can log in to it",
        ),
    };
    Reason::new(da, en)
}

#[cfg(test)]
mod tests {
    use super::super::object::{AttributeService, User, read};
    use super::super::{Draft, Judge};
    use super::*;
    use serde_json::json;
    use time::OffsetDateTime;

    #[test]
    fn what_is_stored_and_not_served_is_told() {
        let judge = Judge::default();
        let mut draft = Draft::new(Content::default(), &judge, OffsetDateTime::UNIX_EPOCH);
        let service: AttributeService = read(json!({ "Id": "https://a.example" })).unwrap();
        draft.put(&service).unwrap();
        let user = json!({ "Authority": "11111111", "Id": "a", "Claims": [] });
        draft.put(&read::<User>(user).unwrap()).unwrap();
        let idp = json!({ "Id": "https://idp.example", "AssuranceLevel": 3, "Beskrivelse": "", "KenderRoller": false,
            "Mobilvenlig": false, "Praesentationsnavn": "Prøvekøbing", "OIOSAMLProfile": "OIOSAML2",
            "SamlMetadata": { "MetadataUrl": "https://idp.example/m" } });
        draft
            .put_identity_provider(read(idp).unwrap(), None, None)
            .unwrap();
        let told = unserved(draft.content());
        let told: Vec<_> = (told.iter())
            .map(|note| (note.kind, note.id.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                (Kind::IdentityProvider, Some("https://idp.example")),
                (Kind::AttributeService, Some("https://a.example")),
            ]
        );
        assert!(unserved(&Content::default()).is_empty());
    }
}
