//! A party is removed: first what that does, then the doing.

use super::Text;
use super::connect::{found, is_gone};
use super::object::{Known, Object};
use super::role::Role;
use super::typed::Typed;
use crate::edge::app::App;
use crate::edge::page::{self, Text as PageText};
use crate::edge::provisioning::Caller;
use crate::hub::settings::RememberedChoice;
use crate::registry::{Kind, Reason, Refusal};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "admin/remove.html")]
struct RemovePage {
    t: &'static PageText,
    a: &'static Text,
    role: Role,
    name: String,
    id: String,
    tag: String,
    reason: Option<String>,
    consequences: Vec<String>,
}

/// The page.
pub async fn page(
    State(app): State<Arc<App>>,
    Path((role, name)): Path<(String, String)>,
) -> Response {
    match found(&app, &role, &name) {
        Some((role, known)) => shown(&app, role, &known, None),
        None => page::not_found().await,
    }
}

/// The button.
pub async fn confirmed(
    State(app): State<Arc<App>>,
    Path((role, name)): Path<(String, String)>,
    caller: Caller,
    typed: Result<Typed, StatusCode>,
) -> Response {
    let (Some((role, known)), Ok(typed)) = (found(&app, &role, &name), typed) else {
        return page::not_found().await;
    };
    let (id, seen) = (known.object.id().to_owned(), typed.get("tag").to_owned());
    let now = app.clock.now();
    let removed = app.registry.change(&caller.who, now, move |draft| {
        let known = Known::of(draft.content(), role, &id).ok_or_else(|| is_gone(&id))?;
        if known.tag() != seen {
            return Err(Refusal::Conflict(Reason::new(
                "En anden har ændret parten, siden siden blev åbnet. Intet er slettet.",
                "Somebody else has changed the party since the page was opened. Nothing was deleted.",
            )));
        }
        draft.remove(role.kind(), &id);
        Ok(())
    });
    match removed.await {
        Ok(()) => {
            let to = format!("/admin?removed={name}");
            (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
        }
        Err(Refusal::Conflict(reason) | Refusal::NotFound(reason)) => {
            shown(&app, role, &known, Some(reason))
        }
        Err(refusal) => {
            tracing::error!(?refusal, "not removed");
            page::failed(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

fn shown(app: &App, role: Role, known: &Known, reason: Option<Reason>) -> Response {
    let a = Text::current();
    let status = match reason {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    let page = RemovePage {
        t: PageText::current(),
        a,
        role,
        name: known.beside.name.clone(),
        id: known.object.id().to_owned(),
        tag: known.tag(),
        reason: reason.map(|reason| a.language.pick((reason.da, reason.en))),
        consequences: consequences(app, a, known),
    };
    page::html(status, &page)
}

/// What becomes of whom.
fn consequences(app: &App, a: &Text, known: &Known) -> Vec<String> {
    let snapshot = app.registry.now();
    let name = &known.beside.name;
    let mut all = Vec::new();
    match &known.object {
        Object::System(_) => all.push(a.removes_system.to_owned()),
        Object::IdentityProvider(idp) => {
            all.push(a.removes_idp(&idp.praesentationsnavn));
            let uses = app.pinned.of(&idp.id).uses;
            all.push(match (snapshot.settings.remembered_choice, uses) {
                (_, 0) => a.remembered_nobody.to_owned(),
                (RememberedChoice::Ch2, uses) => a.remembered_ch2(uses),
                (RememberedChoice::Safe, uses) => a.remembered_safe(uses),
            });
            if let Some(by) = known.beside.replaced_by() {
                all.push(a.loses_successor(by));
            }
            let others = snapshot.content.identity_providers.values();
            let naming = others.filter(|party| party.beside.replaced_by() == Some(name));
            all.extend(naming.map(|party| a.named_by(&party.beside.name)));
        }
    }
    let mark = format!("{} {}", role_word(&known.object), known.object.id());
    if snapshot.content.of(Kind::File).any(|(id, _)| id == mark) {
        all.push(a.stands_in_file.to_owned());
    }
    all
}

fn role_word(object: &Object) -> &'static str {
    match object {
        Object::IdentityProvider(_) => Kind::IdentityProvider.as_str(),
        Object::System(_) => Kind::System.as_str(),
    }
}
