//! `/BrugervendteSystemer`.

use super::answer::{self, refused};
use super::arrive::{Caller, Id, IdAnd, Posted, Seen};
use super::needs::{add_role_mappings as add, remove_role_mapping as take_out, set_nist, set_nsis};
use super::objects::{not_found, other_id, shown, taken, told};
use super::values::word;
use crate::edge::app::App;
use crate::edge::metadata;
use crate::oiosaml::OiosamlVersion;
use crate::registry::object::{SamlMetadata, UserFacingSystem, read};
use crate::registry::{Draft, Fetched, Kind, Reason, Refusal, Registered};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

type Hub = State<Arc<App>>;

/// Shows one.
pub async fn show(State(app): Hub, Id(id): Id) -> Response {
    match app.registry.now().content.systems.get(&id) {
        Some(party) => shown(&party.object),
        None => refused(not_found(&id)),
    }
}

/// Registers one.
pub async fn create(State(app): Hub, caller: Caller, Posted(body): Posted) -> Response {
    let object: UserFacingSystem = match read(body) {
        Ok(object) => object,
        Err(reasons) => return answer::invalid(reasons),
    };
    // Nothing is fetched for what cannot be.
    if app.registry.now().content.systems.contains_key(&object.id) {
        return refused(taken(&object.id));
    }
    let fetched = match needed(&app, &object.id, &object.saml_metadata).await {
        Ok(fetched) => fetched,
        Err(refusal) => return refused(refusal),
    };
    let now = app.clock.now();
    let changed = app.registry.change(&caller.who, now, move |draft| {
        if draft.content().systems.contains_key(&object.id) {
            return Err(taken(&object.id));
        }
        Ok(draft.put_system(object, None, fetched)?)
    });
    told(changed.await)
}

/// Replaces one.
pub async fn replace(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    let object = match read::<UserFacingSystem>(body) {
        Ok(object) => object,
        Err(reasons) => return answer::invalid(reasons),
    };
    let fetched = match needed(&app, &id, &object.saml_metadata).await {
        Ok(fetched) => fetched,
        Err(refusal) => return refused(refusal),
    };
    change_with(&app, &caller, id, seen, fetched, move |old| {
        if object.id != old.id {
            return Err(other_id(&old.id));
        }
        *old = object;
        Ok(())
    })
    .await
}

/// Removes one.
pub async fn remove(State(app): Hub, caller: Caller, Id(id): Id, seen: Seen) -> Response {
    let now = app.clock.now();
    let changed = app.registry.change(&caller.who, now, move |draft| {
        seen.admits(&found(draft, &id)?)?;
        draft.remove(Kind::System, &id);
        Ok(())
    });
    told(changed.await)
}

/// Sets the NIST level. “For OIOSAML3 profile, the NSISAssuranceLevel attribute will be reset to empty.”
pub async fn assurance_level(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |system| {
        set_nist(system, &value)
    })
    .await
}

/// Sets the attribute profile.
pub async fn attribute_profile(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |system| {
        system.attribute_profile = word(
            "AttributeProfile",
            &value,
            UserFacingSystem::ATTRIBUTE_PROFILES,
        )?;
        Ok(())
    })
    .await
}

/// Switches the profile; the level goes along by the published table.
pub async fn oiosaml_profile(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |system| {
        system.switch_to(word("OIOSAMLProfile", &value, UserFacingSystem::PROFILES)?);
        Ok(())
    })
    .await
}

/// Sets the NSIS level. “Only applicable for the OIOSAML3 profile. The AssuranceLevel attribute will be reset to 0.”
pub async fn nsis_assurance_level(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |system| {
        if system.oiosaml_profile == OiosamlVersion::V2 {
            return Err(Refusal::Invalid(vec![Reason::new(
                "NSISAssuranceLevel: gælder kun for OIOSAML3, og systemet er registreret som OIOSAML2",
                "NSISAssuranceLevel: is for OIOSAML3 only, and the system is registered as OIOSAML2",
            )]));
        }
        set_nsis(system, &value)
    })
    .await
}

/// Sets the metadata.
pub async fn saml_metadata(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    let metadata = match read::<SamlMetadata>(body) {
        Ok(metadata) => metadata,
        Err(reasons) => return answer::invalid(reasons),
    };
    let fetched = match needed(&app, &id, &metadata).await {
        Ok(fetched) => fetched,
        Err(refusal) => return refused(refusal),
    };
    change_with(&app, &caller, id, seen, fetched, move |system| {
        system.saml_metadata = metadata;
        Ok(())
    })
    .await
}

/// Adds role mappings; one with the same id is replaced.
pub async fn add_role_mappings(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    change(&app, &caller, id, seen, move |system| add(system, body)).await
}

/// Removes a role mapping.
pub async fn remove_role_mapping(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, item): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |system| {
        take_out(system, &item)
    })
    .await
}

/// What must be fetched first.
async fn needed(app: &App, id: &str, wanted: &SamlMetadata) -> Result<Option<Fetched>, Refusal> {
    let snapshot = app.registry.now();
    let known = snapshot.content.systems.get(id);
    let known = known.map(|party| &**party as &dyn Registered);
    metadata::needed(app, known, id, wanted).await
}

/// Changes one that is there.
async fn change(
    app: &App,
    caller: &Caller,
    id: String,
    seen: Seen,
    change: impl FnOnce(&mut UserFacingSystem) -> Result<(), Refusal> + Send + 'static,
) -> Response {
    change_with(app, caller, id, seen, None, change).await
}

/// The same with metadata that was fetched for it.
async fn change_with(
    app: &App,
    caller: &Caller,
    id: String,
    seen: Seen,
    fetched: Option<Fetched>,
    change: impl FnOnce(&mut UserFacingSystem) -> Result<(), Refusal> + Send + 'static,
) -> Response {
    let now = app.clock.now();
    let changed = app.registry.change(&caller.who, now, move |draft| {
        let mut object = found(draft, &id)?;
        seen.admits(&object)?;
        change(&mut object)?;
        Ok(draft.put_system(object, None, fetched)?)
    });
    told(changed.await)
}

fn found(draft: &Draft<'_>, id: &str) -> Result<UserFacingSystem, Refusal> {
    let known = draft.content().systems.get(id);
    known
        .map(|party| party.object.clone())
        .ok_or_else(|| not_found(id))
}
