//! `/matrix` on the management listener, and `/api/v1/matrix`: the federation as it is registered now.

use super::live::live_table;
use super::report::phrases::Text;
use super::report::{Report, Subject, Table, named};
use super::{Grid, Matrix, Roster, findings};
use crate::edge::App;
use crate::edge::manage::CATALOGUE;
use crate::edge::page::{self, Language, Text as PageText};
use crate::hub::Federation;
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use std::sync::Arc;

/// What the address asks for. A name that nobody has is a 404.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// Short name.
    #[serde(default)]
    idp: String,
    /// Short name.
    #[serde(default)]
    system: String,
    #[serde(default)]
    view: View,
}

/// A view of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum View {
    #[default]
    Matrix,
    People,
    Generations,
    Overview,
}

/// A form in which it is downloaded.
#[derive(Debug, Clone, Copy)]
enum Form {
    Csv,
    Json,
    Html,
}

#[derive(Template)]
#[template(path = "matrix/page.html")]
struct Page {
    t: &'static PageText,
    m: &'static Text,
    size: String,
    tables: Vec<Table>,
    views: [(&'static str, &'static str, bool); 4],
    /// Name, title, whether it is shown.
    idps: Vec<(String, String, bool)>,
    systems: Vec<(String, String, bool)>,
    /// The query of the page, for downloads.
    query: String,
}

/// The routes.
pub fn router(roster: Arc<Roster>) -> Router<Arc<App>> {
    let (page, csv, json, html) = (roster.clone(), roster.clone(), roster.clone(), roster);
    let file = |roster: Arc<Roster>, form: Form| {
        move |State(app): State<Arc<App>>, asked: Result<Query<Asked>, QueryRejection>| async move {
            answer(asked, |asked| download(&app, &roster, asked, form))
        }
    };
    Router::new()
        .route(
            "/matrix",
            get(
                move |State(app): State<Arc<App>>, asked: Result<Query<Asked>, QueryRejection>| async move {
                    answer(asked, |asked| shown(&app, &page, asked))
                },
            ),
        )
        .route("/matrix.csv", get(file(csv, Form::Csv)))
        .route("/matrix.html", get(file(html, Form::Html)))
        .route("/api/v1/matrix", get(file(json, Form::Json)))
}

fn answer(
    asked: Result<Query<Asked>, QueryRejection>,
    with: impl FnOnce(&Asked) -> Option<Response>,
) -> Response {
    match asked {
        Ok(Query(asked)) => with(&asked).unwrap_or_else(|| page::failed(StatusCode::NOT_FOUND)),
        Err(_) => page::failed(StatusCode::BAD_REQUEST),
    }
}

/// Makes the matrix that is asked for, and hands it to `with`; none where a name is nobody's.
fn with_matrix<T>(
    app: &App,
    roster: &Roster,
    asked: &Asked,
    with: impl FnOnce(&Report<'_>, &Federation) -> T,
) -> Option<T> {
    let snapshot = app.registry.now();
    let (federation, settings) = (&snapshot.federation, &snapshot.settings);
    let wanted = |name: &str, asked: &str| asked.is_empty() || name == asked;
    let systems: Vec<_> = federation
        .systems
        .iter()
        .filter(|system| wanted(&system.name, &asked.system))
        .collect();
    let idps: Vec<_> = federation
        .identity_providers
        .iter()
        .filter(|idp| wanted(&idp.name, &asked.idp))
        .collect();
    let nobody = |asked: &str, none: bool| !asked.is_empty() && none;
    if nobody(&asked.system, systems.is_empty()) || nobody(&asked.idp, idps.is_empty()) {
        return None;
    }
    let now = app.clock.now();
    let matrix = Matrix {
        grid: Grid::of(systems, idps.iter().copied(), settings, now, |system| {
            roster.has_policy_for(system)
        }),
        roster,
        settings,
        now,
        one: idps.first().copied().filter(|_| !asked.idp.is_empty()),
    };
    let findings = findings(&matrix.grid, roster, now);
    let report = Report {
        matrix: &matrix,
        findings: &findings,
        subject: match asked.view {
            View::Matrix => Subject::Matrix,
            View::People => Subject::People,
            View::Generations => Subject::Generations,
            View::Overview => Subject::Overview,
        },
        language: Language::current(),
        comparison: None,
        book: None,
    };
    Some(with(&report, federation))
}

fn shown(app: &App, roster: &Roster, asked: &Asked) -> Option<Response> {
    let t = PageText::current();
    let m = Text::of(t.language);
    with_matrix(app, roster, asked, |report, federation| {
        let mut tables = report.tables(t.language);
        if let (Some(idp), View::Matrix) = (report.matrix.one, asked.view) {
            tables.push(live_table(app, idp, m));
        }
        tables.extend(named(&tables, m, |id| Some(format!("{CATALOGUE}#{id}"))));
        let page = Page {
            t,
            m,
            size: report.size(m),
            tables,
            views: [
                ("matrix", m.view_matrix, asked.view == View::Matrix),
                ("people", m.view_people, asked.view == View::People),
                (
                    "generations",
                    m.view_generations,
                    asked.view == View::Generations,
                ),
                ("overview", m.view_overview, asked.view == View::Overview),
            ],
            idps: federation
                .identity_providers
                .iter()
                .map(|idp| {
                    (
                        idp.name.clone(),
                        idp.presentation_name.clone(),
                        idp.name == asked.idp,
                    )
                })
                .collect(),
            systems: federation
                .systems
                .iter()
                .map(|system| {
                    (
                        system.name.clone(),
                        system.presentation_name.clone(),
                        system.name == asked.system,
                    )
                })
                .collect(),
            query: query(asked),
        };
        page::html(StatusCode::OK, &page)
    })
}

/// Names are short names, which need no escaping; the template escapes all the same.
fn query(asked: &Asked) -> String {
    let view = match asked.view {
        View::Matrix => "matrix",
        View::People => "people",
        View::Generations => "generations",
        View::Overview => "overview",
    };
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("view", view);
    query.append_pair("idp", &asked.idp);
    query.append_pair("system", &asked.system);
    query.finish()
}

fn download(app: &App, roster: &Roster, asked: &Asked, form: Form) -> Option<Response> {
    let made = with_matrix(app, roster, asked, |report, _| match form {
        Form::Csv => Ok(report.csv()),
        Form::Json => report.json().map_err(|error| error.to_string()),
        Form::Html => report.html().map_err(|error| error.to_string()),
    })?;
    let (kind, name) = match form {
        Form::Csv => ("text/csv; charset=utf-8", "matrix.csv"),
        Form::Json => return Some(json(made)),
        Form::Html => ("text/html; charset=utf-8", "matrix.html"),
    };
    Some(match made {
        Ok(text) => {
            let disposition = format!("attachment; filename=\"{name}\"");
            let headers = [
                (CONTENT_TYPE, kind.to_owned()),
                (CONTENT_DISPOSITION, disposition),
            ];
            (headers, text).into_response()
        }
        Err(error) => unwritable(&error),
    })
}

fn json(made: Result<String, String>) -> Response {
    match made {
        Ok(text) => ([(CONTENT_TYPE, "application/json")], text).into_response(),
        Err(error) => unwritable(&error),
    }
}

/// No value of ours refuses to be written, so this does not happen.
fn unwritable(error: &str) -> Response {
    tracing::error!(%error, "the matrix cannot be written");
    page::failed(StatusCode::INTERNAL_SERVER_ERROR)
}
