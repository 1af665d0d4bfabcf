//! `/OIDCBrugervendteSystemer`.

use super::answer;
use super::arrive::{Caller, Id, IdAnd, Posted, Seen};
use super::needs::{add_role_mappings, remove_role_mapping, set_nist, set_nsis};
use super::objects::{self, change, other_id, register};
use crate::edge::app::App;
use crate::edge::world::random_hex;
use crate::registry::object::{OidcMetadata, OidcSystem, read};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{delete, get, put};
use std::sync::Arc;

type Hub = State<Arc<App>>;

/// The routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(objects::list::<OidcSystem>).post(create))
        .route(
            "/{id}",
            get(objects::show::<OidcSystem>)
                .put(replace)
                .delete(objects::remove::<OidcSystem>),
        )
        .route("/{id}/AssuranceLevel/{value}", put(assurance_level))
        .route(
            "/{id}/NSISAssuranceLevel/{value}",
            put(nsis_assurance_level),
        )
        .route("/{id}/OIDCMetadata", put(oidc_metadata))
        .route("/{id}/RoleMappings", put(add_mappings))
        .route("/{id}/RoleMappings/{item}", delete(remove_mapping))
}

async fn create(State(app): Hub, caller: Caller, Posted(body): Posted) -> Response {
    match read::<OidcSystem>(body) {
        Ok(mut system) => {
            give_secret(&mut system.oidc_metadata, None);
            register(&app, &caller, system).await
        }
        Err(reasons) => answer::invalid(reasons),
    }
}

async fn replace(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    let system = read::<OidcSystem>(body);
    change(&app, &caller, id, seen, move |old: &mut OidcSystem| {
        let mut system = system?;
        if system.id != old.id {
            return Err(other_id(&old.id));
        }
        give_secret(&mut system.oidc_metadata, Some(&old.oidc_metadata));
        *old = system;
        Ok(())
    })
    .await
}

async fn assurance_level(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |system: &mut OidcSystem| {
        set_nist(system, &value)
    })
    .await
}

async fn nsis_assurance_level(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, value): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |system: &mut OidcSystem| {
        set_nsis(system, &value)
    })
    .await
}

async fn oidc_metadata(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    change(&app, &caller, id, seen, move |system: &mut OidcSystem| {
        let mut metadata = read::<OidcMetadata>(body)?;
        give_secret(&mut metadata, Some(&system.oidc_metadata));
        system.oidc_metadata = metadata;
        Ok(())
    })
    .await
}

async fn add_mappings(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    change(&app, &caller, id, seen, move |system: &mut OidcSystem| {
        add_role_mappings(system, body)
    })
    .await
}

async fn remove_mapping(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, item): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |system: &mut OidcSystem| {
        remove_role_mapping(system, &item)
    })
    .await
}

/// A secret for a client that has keys: the one that it was given before, or a random one.
fn give_secret(metadata: &mut OidcMetadata, old: Option<&OidcMetadata>) {
    if metadata.wants_secret() {
        let known = old.map(|old| old.client_secret.clone());
        let known = known.filter(|secret| !secret.is_empty());
        metadata.client_secret = known.unwrap_or_else(random_hex::<32>);
    }
}
