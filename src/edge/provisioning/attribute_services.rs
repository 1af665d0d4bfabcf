//! `/AttributServices`.

use super::arrive::{Caller, Id, IdAnd, Posted, Seen};
use super::objects::{self, change};
use super::values;
use crate::edge::app::App;
use crate::registry::object::{AttributeService, SamlMetadata, UserContext, read, read_list};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{delete, put};
use std::sync::Arc;

type Hub = State<Arc<App>>;

/// The routes.
pub fn routes() -> Router<Arc<App>> {
    objects::routes::<AttributeService>()
        .route("/{id}/Anvenderkontekster", put(add_contexts))
        .route("/{id}/Anvenderkontekster/{value}", delete(remove_context))
        .route("/{id}/SamlMetadata", put(saml_metadata))
}

async fn add_contexts(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    change(
        &app,
        &caller,
        id,
        seen,
        move |service: &mut AttributeService| {
            let more = read_list::<UserContext>(body)?;
            values::add_contexts(&mut service.anvenderkontekster, more);
            Ok(())
        },
    )
    .await
}

async fn remove_context(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, cvr): IdAnd,
    seen: Seen,
) -> Response {
    change(
        &app,
        &caller,
        id,
        seen,
        move |service: &mut AttributeService| {
            values::remove_context(&mut service.anvenderkontekster, &cvr)
        },
    )
    .await
}

async fn saml_metadata(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    change(
        &app,
        &caller,
        id,
        seen,
        move |service: &mut AttributeService| {
            service.saml_metadata = Some(read::<SamlMetadata>(body)?);
            Ok(())
        },
    )
    .await
}
