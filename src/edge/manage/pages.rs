//! The pages of the management listener. Read without scripts.

use super::view::{Detail, Summary};
use crate::edge::app::{App, Mode};
use crate::edge::page::{self, Text};
use crate::hub::FlowId;
use crate::hub::identity::path;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview<'a> {
    t: &'static Text,
    registered: String,
    public_url: &'a str,
    demo: bool,
    addresses: Vec<(&'static str, String)>,
    flows: Vec<Summary>,
}

#[derive(Template)]
#[template(path = "flows.html")]
struct Flows {
    t: &'static Text,
    flows: Vec<Summary>,
}

#[derive(Template)]
#[template(path = "flow.html")]
struct FlowPage {
    t: &'static Text,
    flow: Detail,
}

pub async fn overview(State(app): State<Arc<App>>) -> Response {
    let snapshot = app.registry.now();
    let hub = app.hub();
    let flows = app
        .journal
        .list()
        .iter()
        .take(5)
        .map(|flow| Summary::of(&snapshot.federation, flow))
        .collect();
    let t = Text::current();
    let addresses = vec![
        (t.public_address, hub.public_url.clone()),
        ("entityID", hub.entity_id.clone()),
        (t.metadata_for_systems, hub.url(path::IDP_METADATA)),
        (t.metadata_for_idps, hub.url(path::SP_METADATA)),
    ];
    page::html(
        StatusCode::OK,
        &Overview {
            t,
            registered: t.registered(
                snapshot.federation.identity_providers.len(),
                snapshot.federation.systems.len(),
            ),
            public_url: &hub.public_url,
            demo: app.mode == Mode::Demo,
            addresses,
            flows,
        },
    )
}

pub async fn flows(State(app): State<Arc<App>>) -> Response {
    let snapshot = app.registry.now();
    let flows = app
        .journal
        .list()
        .iter()
        .map(|flow| Summary::of(&snapshot.federation, flow))
        .collect();
    page::html(
        StatusCode::OK,
        &Flows {
            t: Text::current(),
            flows,
        },
    )
}

pub async fn flow(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    match FlowId::parse(&id).and_then(|id| app.journal.get(&id)) {
        Some(flow) => page::html(
            StatusCode::OK,
            &FlowPage {
                t: Text::current(),
                flow: Detail::of(&app.registry.now().federation, &flow),
            },
        ),
        None => page::not_found().await,
    }
}
