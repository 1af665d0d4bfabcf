//! `/IdentityProviders`.

use super::answer::{self, refused};
use super::arrive::{Caller, Id, IdAnd, Posted, Seen, decoded};
use super::objects::{not_found, other_id, shown, taken, told};
use super::values::{
    add_contexts as append, nsis, number, remove_context as take_out, removed, switch, word,
};
use crate::edge::app::App;
use crate::edge::metadata;
use crate::registry::object::{
    IdentityProvider, SamlMetadata, StepUp, UserContext, read, read_as, read_list,
};
use crate::registry::shape::Value;
use crate::registry::{Draft, Fetched, Kind, Refusal, Registered};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

type Hub = State<Arc<App>>;

/// Shows one.
pub async fn show(State(app): Hub, Id(id): Id) -> Response {
    match app.registry.now().content.identity_providers.get(&id) {
        Some(party) => shown(&party.object),
        None => refused(not_found(&id)),
    }
}

/// Registers one.
pub async fn create(State(app): Hub, caller: Caller, Posted(body): Posted) -> Response {
    let object: IdentityProvider = match read(body) {
        Ok(object) => object,
        Err(reasons) => return answer::invalid(reasons),
    };
    // Nothing is fetched for what cannot be.
    if app
        .registry
        .now()
        .content
        .identity_providers
        .contains_key(&object.id)
    {
        return refused(taken(&object.id));
    }
    let fetched = match needed(&app, &object.id, &object.saml_metadata).await {
        Ok(fetched) => fetched,
        Err(refusal) => return refused(refusal),
    };
    let now = app.clock.now();
    let changed = app.registry.change(&caller.who, now, move |draft| {
        if draft.content().identity_providers.contains_key(&object.id) {
            return Err(taken(&object.id));
        }
        Ok(draft.put_identity_provider(object, None, fetched)?)
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
    let object = match read::<IdentityProvider>(body) {
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
        draft.remove(Kind::IdentityProvider, &id);
        Ok(())
    });
    told(changed.await)
}

/// Appends user contexts.
pub async fn add_contexts(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    let contexts = read_list::<UserContext>(body);
    change(&app, &caller, id, seen, move |idp| {
        append(&mut idp.anvenderkontekster, contexts?);
        Ok(())
    })
    .await
}

/// Removes a user context.
pub async fn remove_context(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, cvr): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        take_out(&mut idp.anvenderkontekster, &cvr)
    })
    .await
}

/// Sets the NIST level.
pub async fn assurance_level(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        idp.assurance_level = number("AssuranceLevel", &value, Value::Whole(1, 4))?;
        Ok(())
    })
    .await
}

/// Sets the description.
pub async fn description(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        idp.beskrivelse = read_as(body, Value::Text)?;
        Ok(())
    })
    .await
}

/// Adds addresses.
pub async fn add_addresses(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        let addresses: Vec<String> = read_as(body, Value::List(&Value::Ip))?;
        for address in addresses {
            if !idp.ip_adresser.contains(&address) {
                idp.ip_adresser.push(address);
            }
        }
        Ok(())
    })
    .await
}

/// Removes an address. It may stand in the path as it is, or as base64 like other values.
pub async fn remove_address(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        let before = idp.ip_adresser.len();
        let plain = decoded(&value);
        idp.ip_adresser
            .retain(|known| *known != value && Some(known) != plain.as_ref());
        removed(before, idp.ip_adresser.len(), &value)
    })
    .await
}

/// Sets whether it issues job function roles.
pub async fn knows_roles(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        idp.kender_roller = switch("KenderRoller", &value)?;
        Ok(())
    })
    .await
}

/// Sets whether it is for mobile use.
pub async fn mobile_friendly(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        idp.mobilvenlig = switch("Mobilvenlig", &value)?;
        Ok(())
    })
    .await
}

/// Sets the NSIS level: its URI as base64, as for systems; CH.json does not say for identity providers, so the URI itself is
/// taken too.
pub async fn nsis_assurance_level(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        idp.nsis_assurance_level = nsis("NSISAssuranceLevel", &value)?;
        Ok(())
    })
    .await
}

/// Sets the profile.
pub async fn oiosaml_profile(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        idp.oiosaml_profile = word("OIOSAMLProfile", &value, IdentityProvider::PROFILES)?;
        Ok(())
    })
    .await
}

/// Sets the name in the chooser.
pub async fn presentation_name(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        idp.praesentationsnavn = read_as(body, Value::Id)?;
        Ok(())
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
    change_with(&app, &caller, id, seen, fetched, move |idp| {
        idp.saml_metadata = metadata;
        Ok(())
    })
    .await
}

/// Sets whether it is sent Scoping.
pub async fn supports_scope(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        idp.supports_scope = switch("SupportsScope", &value)?;
        Ok(())
    })
    .await
}

/// Sets whether it can raise a level.
pub async fn supports_step_up(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |idp| {
        idp.supports_step_up = word("SupportsStepUp", &value, StepUp::WORDS)?;
        Ok(())
    })
    .await
}

/// What must be fetched first.
async fn needed(app: &App, id: &str, wanted: &SamlMetadata) -> Result<Option<Fetched>, Refusal> {
    let snapshot = app.registry.now();
    let known = snapshot.content.identity_providers.get(id);
    let known = known.map(|party| &**party as &dyn Registered);
    metadata::needed(app, known, id, wanted).await
}

/// Changes one that is there.
async fn change(
    app: &App,
    caller: &Caller,
    id: String,
    seen: Seen,
    change: impl FnOnce(&mut IdentityProvider) -> Result<(), Refusal> + Send + 'static,
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
    change: impl FnOnce(&mut IdentityProvider) -> Result<(), Refusal> + Send + 'static,
) -> Response {
    let now = app.clock.now();
    let changed = app.registry.change(&caller.who, now, move |draft| {
        let mut object = found(draft, &id)?;
        seen.admits(&object)?;
        change(&mut object)?;
        Ok(draft.put_identity_provider(object, None, fetched)?)
    });
    told(changed.await)
}

fn found(draft: &Draft<'_>, id: &str) -> Result<IdentityProvider, Refusal> {
    let known = draft.content().identity_providers.get(id);
    known
        .map(|party| party.object.clone())
        .ok_or_else(|| not_found(id))
}
