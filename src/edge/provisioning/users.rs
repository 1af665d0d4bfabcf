//! `/Users`: of one authority, whose certificate the caller showed, or of all.

use super::answer::{self, refused};
use super::arrive::{Caller, Plain, Posted, Seen};
use super::filter;
use super::objects::{not_found, shown, told};
use crate::edge::app::App;
use crate::registry::object::{User, UserUpdate, read, read_list};
use crate::registry::{Content, Kind, Reason, Refusal, Scope};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Serialize;
use std::sync::Arc;
use time::OffsetDateTime;

type Hub = State<Arc<App>>;

/// The routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(list).post(create))
        .route("/.filter", get(filter::show))
        .route("/bulk", post(rebuild).put(overwrite))
        .route("/{id}", get(show).put(replace).delete(remove))
}

/// `UserBase`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UserBase {
    id: String,
    #[serde(with = "time::serde::rfc3339")]
    modified_date: OffsetDateTime,
}

/// Whose users a caller acts on.
pub fn scope(caller: &Caller) -> Scope {
    Scope::of(caller.authority.clone())
}

async fn list(State(app): Hub, caller: Caller) -> Response {
    let snapshot = app.registry.now();
    let scope = scope(&caller);
    let users = scope.users(&snapshot.content);
    let all: Vec<UserBase> = users
        .map(|user| UserBase {
            id: user.id,
            // Every user that was registered has one.
            modified_date: user.modified_date.unwrap_or(OffsetDateTime::UNIX_EPOCH),
        })
        .collect();
    answer::object(&all)
}

async fn show(State(app): Hub, caller: Caller, Plain(id): Plain) -> Response {
    match found(&scope(&caller), &app.registry.now().content, &id) {
        Ok(user) => shown(&user),
        Err(refusal) => refused(refusal),
    }
}

/// “The existing user with corresponding Id will be deleted then create a new user.”
async fn create(State(app): Hub, caller: Caller, Posted(body): Posted) -> Response {
    let user = read::<User>(body).map(|user| vec![user]);
    put(&app, &caller, user, false).await
}

/// “Rebuild User objects, all old objects will be deleted.”
async fn rebuild(State(app): Hub, caller: Caller, Posted(body): Posted) -> Response {
    put(&app, &caller, read_list(body), true).await
}

/// “Overwrite all existing User objects and insert new users while all unmatched objects will be kept.”
async fn overwrite(State(app): Hub, caller: Caller, Posted(body): Posted) -> Response {
    put(&app, &caller, read_list(body), false).await
}

async fn put(
    app: &App,
    caller: &Caller,
    users: Result<Vec<User>, Vec<Reason>>,
    rebuild: bool,
) -> Response {
    let users = match users {
        Ok(users) => users,
        Err(reasons) => return answer::invalid(reasons),
    };
    let (now, scope) = (app.clock.now(), scope(caller));
    let changed = app.registry.change(&caller.who, now, move |draft| {
        Ok(scope.put(draft, users, rebuild)?)
    });
    told(changed.await)
}

/// “All the other fields (Id, ModifiedDate, and Authority) are not updatable.”
async fn replace(
    State(app): Hub,
    caller: Caller,
    Plain(id): Plain,
    seen: Seen,
    Posted(body): Posted,
) -> Response {
    let (now, scope) = (app.clock.now(), scope(&caller));
    let changed = app.registry.change(&caller.who, now, move |draft| {
        let mut user = found(&scope, draft.content(), &id)?;
        seen.admits(&user)?;
        user.claims = read::<UserUpdate>(body)?.claims;
        Ok(scope.put(draft, vec![user], false)?)
    });
    told(changed.await)
}

async fn remove(State(app): Hub, caller: Caller, Plain(id): Plain, seen: Seen) -> Response {
    let (now, scope) = (app.clock.now(), scope(&caller));
    let changed = app.registry.change(&caller.who, now, move |draft| {
        let user = found(&scope, draft.content(), &id)?;
        seen.admits(&user)?;
        draft.remove(Kind::User, &User::key(&user.authority, &user.id));
        Ok(())
    });
    told(changed.await)
}

/// The user of an id. Whoever acts for all authorities can mean one only where no other has the same.
fn found(scope: &Scope, content: &Content, id: &str) -> Result<User, Refusal> {
    let mut all = scope.named(content, id);
    match (all.pop(), all.as_slice()) {
        (None, _) => Err(not_found(id)),
        (Some(user), []) => Ok(user),
        (Some(last), others) => {
            let authorities = others.iter().chain([&last]);
            let authorities: Vec<&str> = authorities.map(|user| user.authority.as_str()).collect();
            let authorities = authorities.join(", ");
            Err(Refusal::Conflict(Reason::new(
                format!(
                    "flere myndigheder har en bruger med id {id}: {authorities}; brug en af deres klientcertifikater, eller /Users/bulk"
                ),
                format!(
                    "several authorities have a user with the id {id}: {authorities}; use the client certificate of one of them, or /Users/bulk"
                ),
            )))
        }
    }
}
