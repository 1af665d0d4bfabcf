//! Who is registered: the page, and the same for scripts.

use super::Text;
use super::demo::{self, IdpView};
use super::party::{PartyRow, of_idp, of_system, view};
use super::role::Role;
use crate::edge::app::{App, Mode};
use crate::edge::page::{self, Text as PageText, when};
use crate::edge::registry::FileRead;
use crate::hub::settings::RememberedChoice;
use crate::oiosaml::{Level, Nist};
use crate::registry::object::IdentityProvider;
use crate::registry::shape;
use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// From how many parties on a search helps.
const SEARCH_FROM: usize = 20;

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    /// What was done on the page before: the short name.
    saved: Option<String>,
    removed: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/list.html")]
struct ListPage {
    t: &'static PageText,
    a: &'static Text,
    demo: bool,
    idps: Vec<(PartyRow, Option<IdpView>)>,
    systems: Vec<PartyRow>,
    total: usize,
    searchable: bool,
    query: String,
    saved: Option<String>,
    removed: Option<String>,
    file: Option<(String, String)>,
    mode: RememberedChoice,
    /// What a service desk sends to users who are stuck.
    forget_link: String,
}

/// The page.
pub async fn page(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    let a = Text::current();
    let snapshot = app.registry.now();
    let (content, federation) = (&snapshot.content, &snapshot.federation);
    let wanted = asked.q.trim().to_lowercase();
    let idps = content.identity_providers.values().map(|party| {
        let served = federation.identity_provider(&party.object.id);
        let read = of_idp(party.served.as_ref());
        let mut row = PartyRow::of(&app, a, Role::IdentityProvider, &**party, read);
        row.title = party.object.praesentationsnavn.clone();
        row.profile = party.object.oiosaml_profile.as_str();
        row.level = levels(a, &party.object);
        row.active = served.is_some_and(|served| served.is_active());
        let demo = served.map(|served| IdpView::of(served, app.pinned.of(&served.id)));
        (row, demo)
    });
    let systems = content.systems.values().map(|party| {
        let read = of_system(party.served.as_ref());
        let mut row = PartyRow::of(&app, a, Role::System, &**party, read);
        if let Some(served) = &party.served {
            row.title = served.presentation_name.clone();
        }
        row.profile = party.object.oiosaml_profile.as_str();
        let level = party.object.required_level();
        row.level = level.map_or_else(String::new, |level| a.language.level(level));
        row
    });
    let total = content.identity_providers.len() + content.systems.len();
    let page = ListPage {
        t: PageText::current(),
        a,
        demo: app.mode == Mode::Demo,
        idps: idps.filter(|(row, _)| row.fits(&wanted)).collect(),
        systems: systems.filter(|row| row.fits(&wanted)).collect(),
        total,
        searchable: total >= SEARCH_FROM,
        query: asked.q,
        saved: asked.saved,
        removed: asked.removed,
        file: app.registry.file().map(|read| file(a, &read)),
        mode: snapshot.settings.remembered_choice,
        forget_link: app.hub().url(crate::edge::front::FORGET),
    };
    page::html(StatusCode::OK, &page)
}

/// What came of reading federation.toml again: a class and words.
fn file(a: &Text, read: &FileRead) -> (String, String) {
    let at = when::in_full(read.at, a.language);
    match &read.refused {
        None => ("info".to_owned(), a.file_taken(at)),
        Some(why) => ("error".to_owned(), format!("{} {why}", a.file_refused(at))),
    }
}

/// The highest levels that an identity provider issues.
fn levels(a: &Text, idp: &IdentityProvider) -> String {
    let nist = Nist::try_from(idp.assurance_level).ok().map(Level::Nist);
    let nsis = shape::nsis(&idp.nsis_assurance_level).map(Level::Nsis);
    let all = nist.into_iter().chain(nsis);
    let all: Vec<String> = all.map(|level| a.language.level(level)).collect();
    all.join(", ")
}

/// The parties, for scripts.
pub async fn parties(State(app): State<Arc<App>>) -> Response {
    let now = app.clock.now();
    let content = &app.registry.now().content;
    let idps = content.identity_providers.values();
    let idps = idps.map(|party| {
        let read = of_idp(party.served.as_ref());
        view(Role::IdentityProvider, &**party, read, now)
    });
    let systems = content.systems.values();
    let systems = systems.map(|party| {
        let read = of_system(party.served.as_ref());
        view(Role::System, &**party, read, now)
    });
    Json(json!({ "parties": idps.chain(systems).collect::<Vec<_>>() })).into_response()
}

impl ListPage {
    fn pinned(&self, idp: &IdpView) -> String {
        demo::pinned(idp, self.t)
    }
}
