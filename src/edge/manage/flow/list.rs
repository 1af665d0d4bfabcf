//! The list: what somebody looks for, newest first. New rows come by themselves where scripts run.

use super::Text;
use super::remove::DONE;
use crate::edge::app::App;
use crate::edge::guard::CSP;
use crate::edge::journal::{Filter, State as FlowState};
use crate::edge::manage::api::blocking;
use crate::edge::manage::view::{Summary, outcome_label};
use crate::edge::page::{self, Text as PageText};
use crate::hub::{Actor, Federation};
use crate::oiosaml::RequestProfile;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use std::sync::Arc;
use url::form_urlencoded::{Serializer, parse};

#[derive(Template)]
#[template(path = "flows.html")]
struct Flows {
    t: &'static PageText,
    f: &'static Text,
    /// Why the address cannot be used.
    problem: Option<String>,
    /// Whether something was just deleted.
    deleted: bool,
    fields: Vec<Field>,
    id: String,
    known: bool,
    /// Whether the list is narrowed.
    narrowed: bool,
    flows: Vec<Summary>,
    next: Option<String>,
}

/// A field to choose from.
struct Field {
    name: &'static str,
    label: &'static str,
    options: Vec<Choice>,
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// What the address asks for.
struct Asked(Vec<(String, String)>);

/// The page.
pub async fn page(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    let snapshot = app.registry.now();
    let federation = &snapshot.federation;
    let mut asked = Asked::read(&query.unwrap_or_default());
    let deleted = asked.take(DONE);
    let filter = Filter::of_query(&asked.query(&[]), federation);
    let (found, problem) = match filter {
        Ok(filter) => {
            let found = blocking(&app, move |journal| journal.search(&filter)).await;
            (found, None)
        }
        Err(problem) => (Default::default(), Some(problem)),
    };
    let flows = found.flows.iter();
    let (t, f) = (PageText::current(), Text::current());
    let page = Flows {
        t,
        f,
        deleted: deleted && problem.is_none(),
        fields: fields(&asked, federation, t, f),
        id: asked.value("id").to_owned(),
        known: asked.value("known") == "1",
        narrowed: asked.narrows(),
        flows: flows.map(|flow| Summary::of(federation, flow)).collect(),
        next: found.next.map(|next| {
            let next = next.to_string();
            format!("/forloeb?{}", asked.query(&[("before", &next)]))
        }),
        problem,
    };
    let status = match page.problem {
        Some(_) => StatusCode::BAD_REQUEST,
        None => StatusCode::OK,
    };
    listening(page::html(status, &page))
}

/// With a policy that lets the page's script hear of new flows, and fetch the page again.
fn listening(mut response: Response) -> Response {
    let policy = format!("{CSP}; connect-src 'self'");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

impl Asked {
    fn read(query: &str) -> Self {
        let pairs = parse(query.as_bytes()).into_owned();
        Self(pairs.filter(|(name, _)| name != "lang").collect())
    }

    /// Whether it is asked for; takes it away.
    fn take(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|(known, _)| known != name);
        self.0.len() != before
    }

    fn value(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    fn narrows(&self) -> bool {
        let narrows = |(name, value): &(String, String)| name != "limit" && !value.is_empty();
        self.0.iter().any(narrows)
    }

    /// The query, with these instead.
    fn query(&self, instead: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in &self.0 {
            if instead.iter().all(|(new, _)| new != name) && !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.extend_pairs(instead);
        query.finish()
    }
}

fn fields(asked: &Asked, federation: &Federation, t: &PageText, f: &Text) -> Vec<Field> {
    let field = |name, label, options: Vec<(String, String)>| {
        let all = (String::new(), f.any.to_owned());
        let options = std::iter::once(all)
            .chain(options)
            .map(|(value, label)| Choice {
                chosen: asked.value(name) == value,
                value,
                label,
            });
        Field {
            name,
            label,
            options: options.collect(),
        }
    };
    let outcomes = FlowState::ALL.map(|state| {
        let word = state.word();
        (word.to_owned(), outcome_label(word, false, t).to_owned())
    });
    let mut systems: Vec<(String, String)> = (federation.systems.iter())
        .map(|system| (system.name.clone(), system.presentation_name.clone()))
        .collect();
    systems.sort_by_key(|(_, label)| label.to_lowercase());
    let mut organisations: Vec<(String, String)> = (federation.organisations.iter())
        .map(|(cvr, known)| (cvr.to_string(), known.name.clone()))
        .collect();
    organisations.sort_by_key(|(_, label)| label.to_lowercase());
    let profiles = RequestProfile::ALL
        .map(|profile| (profile.as_str().to_owned(), profile.title().to_owned()));
    let actors = ACTORS.map(|(word, actor)| (word.to_owned(), t.pick(actor.text()).to_owned()));
    vec![
        field("outcome", t.outcome, outcomes.into()),
        field("system", t.system, systems),
        field("organisation", f.organisation, organisations),
        field("profile", t.profile, profiles.into()),
        field("actor", t.who_must_act, actors.into()),
    ]
}

/// Those who can have to act in a login.
const ACTORS: [(&str, Actor); 6] = [
    ("identity-provider", Actor::IdentityProvider),
    ("system", Actor::System),
    ("role-administration", Actor::RoleAdministration),
    ("registration", Actor::Registration),
    ("user", Actor::User),
    ("hub", Actor::Hub),
];
