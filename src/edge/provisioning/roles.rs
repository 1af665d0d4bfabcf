//! `/Brugersystemroller` and `/Jobfunktionsroller`.

use super::arrive::{Caller, Id, IdAnd, Posted, Seen};
use super::objects::{self, change};
use super::values::{add_contexts, merge, remove_context, remove_item};
use crate::edge::app::App;
use crate::registry::object::{
    DataRestrictionType, JobFunctionRole, UserContext, UserSystemRole, read_list,
};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{delete, put};
use std::sync::Arc;

type Hub = State<Arc<App>>;

/// The routes of user system roles.
pub fn user_system_roles() -> Router<Arc<App>> {
    objects::routes::<UserSystemRole>()
        .route("/{id}/Dataafgraensningstyper", put(add_types))
        .route("/{id}/Dataafgraensningstyper/{item}", delete(remove_type))
}

/// The routes of job function roles.
pub fn job_function_roles() -> Router<Arc<App>> {
    objects::routes::<JobFunctionRole>()
        .route("/{id}/DelegeretTil", put(delegate))
        .route("/{id}/DelegeretTil/{value}", delete(undelegate))
}

/// Adds types; one with the same id takes the old one's place.
async fn add_types(
    State(app): Hub,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    change(&app, &caller, id, seen, move |role: &mut UserSystemRole| {
        let more = read_list::<DataRestrictionType>(body)?;
        merge(&mut role.dataafgraensningstyper, more, type_id);
        Ok(())
    })
    .await
}

async fn remove_type(
    State(app): Hub,
    caller: Caller,
    IdAnd(id, item): IdAnd,
    seen: Seen,
) -> Response {
    change(&app, &caller, id, seen, move |role: &mut UserSystemRole| {
        remove_item(&mut role.dataafgraensningstyper, &item, type_id)
    })
    .await
}

async fn delegate(
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
        move |role: &mut JobFunctionRole| {
            add_contexts(&mut role.delegeret_til, read_list::<UserContext>(body)?);
            Ok(())
        },
    )
    .await
}

async fn undelegate(
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
        move |role: &mut JobFunctionRole| remove_context(&mut role.delegeret_til, &cvr),
    )
    .await
}

fn type_id(kind: &DataRestrictionType) -> &str {
    &kind.id
}
