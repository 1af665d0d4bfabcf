//! What all kinds of objects can: list, show, create, replace, remove.

use super::answer::{self, done, refused};
use super::arrive::{Caller, Id, Posted, Seen, tag_header};
use crate::edge::app::App;
use crate::registry::object::{Object, read};
use crate::registry::{Kind, Reason, Refusal};
use axum::Router;
use axum::extract::State;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use std::sync::Arc;

/// The routes of a kind of object of which the hub makes nothing at a login.
pub fn routes<T: Object>() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(list::<T>).post(create::<T>))
        .route(
            "/{id}",
            get(show::<T>).put(replace::<T>).delete(remove::<T>),
        )
}

/// The entityIDs of all identity providers.
pub async fn list_identity_providers(State(app): State<Arc<App>>) -> Response {
    answer::object(&app.registry.now().content.ids(Kind::IdentityProvider))
}

/// The entityIDs of all systems.
pub async fn list_systems(State(app): State<Arc<App>>) -> Response {
    answer::object(&app.registry.now().content.ids(Kind::System))
}

/// The identifiers of all.
pub async fn list<T: Object>(State(app): State<Arc<App>>) -> Response {
    answer::object(&app.registry.now().content.ids(T::KIND))
}

/// Shows one.
pub async fn show<T: Object>(State(app): State<Arc<App>>, Id(id): Id) -> Response {
    one::<T>(&app, &id)
}

/// Registers one.
pub async fn create<T: Object>(
    State(app): State<Arc<App>>,
    caller: Caller,
    Posted(body): Posted,
) -> Response {
    match read::<T>(body) {
        Ok(object) => register(&app, &caller, object).await,
        Err(reasons) => answer::invalid(reasons),
    }
}

/// Replaces one.
async fn replace<T: Object>(
    State(app): State<Arc<App>>,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    let object = read::<T>(body);
    change::<T>(&app, &caller, id, seen, move |old| {
        let object = object?;
        if object.id() != old.id() {
            return Err(other_id(&old.id()));
        }
        *old = object;
        Ok(())
    })
    .await
}

/// Removes one.
pub async fn remove<T: Object>(
    State(app): State<Arc<App>>,
    caller: Caller,
    Id(id): Id,
    seen: Seen,
) -> Response {
    discard::<T>(&app, &caller, id, seen).await
}

/// The one that is registered under this.
pub fn one<T: Object>(app: &App, id: &str) -> Response {
    match app.registry.now().content.get::<T>(id) {
        Some(object) => shown(&object),
        None => refused(not_found(id)),
    }
}

/// Registers an object that was read.
pub async fn register<T: Object>(app: &App, caller: &Caller, object: T) -> Response {
    let now = app.clock.now();
    let changed = app.registry.change(&caller.who, now, move |draft| {
        let id = object.id();
        if draft.content().get::<T>(&id).is_some() {
            return Err(taken(&id));
        }
        Ok(draft.put(&object)?)
    });
    told(changed.await)
}

/// Removes what is registered under this.
pub async fn discard<T: Object>(app: &App, caller: &Caller, id: String, seen: Seen) -> Response {
    let now = app.clock.now();
    let changed = app.registry.change(&caller.who, now, move |draft| {
        let Some(object) = draft.content().get::<T>(&id) else {
            return Err(not_found(&id));
        };
        seen.admits(&object)?;
        draft.remove(T::KIND, &id);
        Ok(())
    });
    told(changed.await)
}

/// Changes one object of a kind of which the hub makes nothing at a login, and judges it whole.
pub async fn change<T: Object>(
    app: &App,
    caller: &Caller,
    id: String,
    seen: Seen,
    change: impl FnOnce(&mut T) -> Result<(), Refusal> + Send + 'static,
) -> Response {
    let now = app.clock.now();
    let changed = app.registry.change(&caller.who, now, move |draft| {
        let Some(mut object) = draft.content().get::<T>(&id) else {
            return Err(not_found(&id));
        };
        seen.admits(&object)?;
        change(&mut object)?;
        let mut reasons = Vec::new();
        object.contradictions(&mut reasons);
        if !reasons.is_empty() {
            return Err(reasons.into());
        }
        Ok(draft.put(&object)?)
    });
    told(changed.await)
}

/// An object, with its tag.
pub fn shown(object: &impl Serialize) -> Response {
    let mut response = answer::object(object).into_response();
    response.headers_mut().insert(ETAG, tag_header(object));
    response
}

/// What came of a change.
pub fn told(changed: Result<(), Refusal>) -> Response {
    match changed {
        Ok(()) => done(),
        Err(refusal) => refused(refusal),
    }
}

/// There is nothing of this id.
pub fn not_found(id: &str) -> Refusal {
    Refusal::NotFound(Reason::new(
        format!("der er intet med id {id}"),
        format!("there is nothing with the id {id}"),
    ))
}

/// There is something of this id already.
pub fn taken(id: &str) -> Refusal {
    Refusal::Invalid(vec![Reason::new(
        format!("Id: {id} er registreret i forvejen; brug PUT for at ændre det"),
        format!("Id: {id} is registered already; use PUT to change it"),
    )])
}

/// The body is of another object than the path.
pub fn other_id(id: &str) -> Refusal {
    Refusal::Invalid(vec![Reason::new(
        format!("Id: skal være det, der står i adressen: {id}"),
        format!("Id: must be the one in the address: {id}"),
    )])
}
