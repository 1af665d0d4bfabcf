//! The front page: what to try, and what to register.

use crate::edge::app::{App, Mode, SystemLink};
use crate::edge::page::{self, Landing, Link, Text};
use crate::hub::Federation;
use crate::hub::identity::path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// Shows it.
pub async fn show(State(app): State<Arc<App>>) -> Response {
    let t = Text::current();
    let snapshot = app.view();
    let hub = &snapshot.hub;
    let addresses = vec![
        ("entityID", hub.entity_id.clone()),
        (t.metadata_for_systems, hub.url(path::IDP_METADATA)),
        (t.metadata_for_idps, hub.url(path::SP_METADATA)),
        ("SingleSignOnService", hub.url(path::ISSUE)),
        ("AssertionConsumerService", hub.url(path::CONSUME)),
        (t.slo_for_systems, hub.url(path::ISSUE)),
        (t.slo_for_idps, hub.url(path::SIGNOFF_REQUEST)),
    ];
    let page = Landing {
        t,
        demo: app.mode == Mode::Demo,
        systems: app
            .systems
            .iter()
            .filter_map(|system| link(&snapshot.federation, system, t))
            .collect(),
        idps: &app.idps,
        flows: format!("{}/forloeb", app.manage_url),
        addresses,
    };
    page::html(StatusCode::OK, &page)
}

fn link<'a>(federation: &Federation, system: &'a SystemLink, t: &Text) -> Option<Link<'a>> {
    let known = federation.system(&system.entity_id);
    let note = known.map(|known| {
        t.system_needs(
            known.oiosaml_profile.as_str(),
            t.language.level(known.required_level),
        )
    });
    Some(Link {
        url: system.login_url.as_deref()?,
        title: &system.title,
        note: note.unwrap_or_default(),
    })
}
