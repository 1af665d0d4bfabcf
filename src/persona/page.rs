//! The pages of personas and demo systems, and the headers that every one of them carries.

use super::address::origin;
use crate::saml::{MessageField, Outbound, Status};
use askama::Template;
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;

/// A button of the login page.
pub struct PersonButton {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Traits in Danish.
    pub traits: String,
}

/// What the hub asked for, in words for the login page.
pub struct AskedFor {
    /// Class refs, or none.
    pub class_refs: Vec<String>,
    /// RelayState.
    pub relay_state: String,
    /// RequesterID.
    pub requester: String,
    /// ForceAuthn.
    pub force_authn: bool,
}

/// An IdP's login page.
#[derive(Template)]
#[template(path = "persona/login.html")]
pub struct LoginPage<'a> {
    /// Site.
    pub base: &'a str,
    /// Name in the chooser.
    pub title: &'a str,
    /// Vendor.
    pub product: &'a str,
    /// The signed query, carried along to be verified again.
    pub query: &'a str,
    /// People.
    pub people: Vec<PersonButton>,
    /// The request in words.
    pub asked: AskedFor,
}

/// An IdP's page for somebody who has no second factor.
#[derive(Template)]
#[template(path = "persona/stuck.html")]
pub struct StuckPage<'a> {
    /// Site.
    pub base: &'a str,
    /// Name in the chooser.
    pub title: &'a str,
    /// Vendor.
    pub product: &'a str,
    /// The signed query.
    pub query: &'a str,
    /// Who cannot go on.
    pub person: &'a str,
}

/// An IdP's own front page.
#[derive(Template)]
#[template(path = "persona/idp.html")]
pub struct IdpPage<'a> {
    /// Site.
    pub base: &'a str,
    /// Name in the chooser.
    pub title: &'a str,
    /// Vendor.
    pub product: &'a str,
    /// Request profile.
    pub profile: &'a str,
    /// entityID.
    pub entity_id: &'a str,
    /// People.
    pub people: Vec<PersonButton>,
    /// Who has a session.
    pub session: Option<String>,
}

/// A message that the browser posts on.
#[derive(Template)]
#[template(path = "persona/post.html")]
pub struct PostPage<'a> {
    /// Site.
    pub base: &'a str,
    /// Whose page it is.
    pub title: &'a str,
    /// Where to.
    pub action: &'a str,
    /// Field of the message.
    pub field: &'a str,
    /// The message.
    pub message: &'a str,
    /// RelayState.
    pub relay_state: Option<&'a str>,
}

/// A demo system's front page before login, and after logout.
#[derive(Template)]
#[template(path = "persona/front.html")]
pub struct FrontPage<'a> {
    /// Site.
    pub base: &'a str,
    /// Name.
    pub title: &'a str,
    /// Level that it needs, in Danish.
    pub level: &'a str,
    /// Profile.
    pub profile: &'a str,
    /// Binding of its request.
    pub binding: &'a str,
    /// Whether somebody was just logged out.
    pub logged_out: bool,
}

/// One attribute.
#[derive(Clone)]
pub struct AttributeRow {
    /// Name.
    pub name: String,
    /// Values.
    pub values: Vec<String>,
}

/// A demo system's page for somebody who is logged in.
#[derive(Template)]
#[template(path = "persona/welcome.html")]
pub struct WelcomePage<'a> {
    /// Site.
    pub base: &'a str,
    /// Name.
    pub title: &'a str,
    /// The user's name.
    pub name: &'a str,
    /// NameID.
    pub name_id: &'a str,
    /// Level for people.
    pub level_text: &'a str,
    /// Level for scripts: `1|2|3|4|Low|Substantial|High`, or nothing.
    pub level: &'a str,
    /// Class ref.
    pub class_ref: &'a str,
    /// The IdP.
    pub authority: &'a str,
    /// Attributes.
    pub attributes: &'a [AttributeRow],
}

/// A row of a report that failed.
pub struct FailedRow {
    /// Check id.
    pub id: String,
    /// What it means.
    pub what: String,
    /// Found.
    pub found: String,
    /// Expected.
    pub expected: String,
}

/// A login that did not succeed.
#[derive(Template)]
#[template(path = "persona/refused.html")]
pub struct RefusedPage<'a> {
    /// Site.
    pub base: &'a str,
    /// Name.
    pub title: &'a str,
    /// For people: Danish, English.
    pub what: (&'a str, &'a str),
    /// The status in the answer.
    pub status: Option<&'a Status>,
    /// Failed checks.
    pub rows: Vec<FailedRow>,
    /// Whether there is a login to start again.
    pub again: bool,
}

/// Where the forms of a page may go.
#[derive(Debug, Clone, Copy)]
pub enum Forms<'a> {
    /// To the site itself.
    Own,
    /// To the origin of this address.
    To(&'a str),
    /// To an address that may send the browser on to a third party, whose origin only that address knows:
    /// browsers hold a redirect after a form against the form's page.
    Anywhere,
}

/// Renders with the headers of every page.
pub fn render(status: StatusCode, page: &impl Template, forms: Forms<'_>) -> Response {
    let Ok(html) = page.render() else {
        // Writing to a String fails only if a value's Display does, and ours do not.
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let form_action = match forms {
        Forms::Own => "; form-action 'self'".to_owned(),
        Forms::To(address) => format!("; form-action {}", origin(address)),
        Forms::Anywhere => String::new(),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'{form_action}"
    );
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

/// Sends a message on through the browser.
pub fn send(base: &str, title: &str, outbound: &Outbound) -> Response {
    match outbound {
        Outbound::Redirect { url } => {
            let mut response = Redirect::to(url).into_response();
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Outbound::Post {
            action,
            field,
            message,
            relay_state,
        } => {
            let page = PostPage {
                base,
                title,
                action,
                field: field.name(),
                message,
                relay_state: relay_state.as_deref(),
            };
            // A request may be answered with a redirect to an IdP, a response goes no further.
            let forms = match field {
                MessageField::Request => Forms::Anywhere,
                MessageField::Response => Forms::To(action),
            };
            render(StatusCode::OK, &page, forms)
        }
    }
}

/// The static files of a site. The script is a file because a content policy without `unsafe-inline` is
/// worth more than a request saved.
pub fn assets<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let file = |content_type: &'static str, text: &'static str| {
        get(move || async move {
            (
                [
                    (header::CONTENT_TYPE, content_type),
                    (header::CACHE_CONTROL, "max-age=3600"),
                ],
                text,
            )
        })
    };
    Router::new()
        .route(
            "/assets/vejviser.css",
            file(
                "text/css; charset=utf-8",
                include_str!("../../assets/vejviser.css"),
            ),
        )
        .route(
            "/assets/vejviser.svg",
            file("image/svg+xml", include_str!("../../assets/vejviser.svg")),
        )
        .route(
            "/assets/autopost.js",
            file(
                "text/javascript; charset=utf-8",
                include_str!("../../assets/autopost.js"),
            ),
        )
}
