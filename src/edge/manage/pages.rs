//! The first page of the management listener. Read without scripts.

use super::api::blocking;
use super::flow::Text as FlowText;
use super::view::Summary;
use crate::edge::app::{App, Mode};
use crate::edge::journal::Filter;
use crate::edge::page::{self, Text};
use crate::hub::identity::path;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview<'a> {
    t: &'static Text,
    f: &'static FlowText,
    registered: String,
    public_url: &'a str,
    demo: bool,
    addresses: Vec<(&'static str, String)>,
    flows: Vec<Summary>,
}

pub async fn overview(State(app): State<Arc<App>>) -> Response {
    let snapshot = app.registry.now();
    let hub = app.hub();
    let latest = Filter {
        limit: Some(5),
        ..Filter::default()
    };
    let found = blocking(&app, move |journal| journal.search(&latest)).await;
    let flows = found
        .flows
        .iter()
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
            f: FlowText::current(),
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
