//! Pages: rendered from templates that escape everything, and static files.

use super::app::{App, IdpLink, SystemLink};
use crate::hub::{FlowId, Refusal, RowOutcome};
use askama::Template;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// The landing page of the public site.
#[derive(Template)]
#[template(path = "landing.html")]
pub struct Landing<'a> {
    /// Whether the parties are invented.
    pub demo: bool,
    /// The state.
    pub app: &'a App,
    /// Systems to try.
    pub systems: &'a [SystemLink],
    /// Identity providers.
    pub idps: &'a [IdpLink],
    /// Addresses: Danish label, address.
    pub addresses: Vec<(&'static str, String)>,
}

/// The chooser.
#[derive(Template)]
#[template(path = "chooser.html")]
pub struct Chooser<'a> {
    /// The flow.
    pub flow: &'a FlowId,
    /// Name of the system.
    pub system: &'a str,
    /// The level that is needed.
    pub required: String,
    /// What was searched for.
    pub query: &'a str,
    /// Whether there are enough entries for a search to be of use.
    pub searchable: bool,
    /// What to choose from.
    pub entries: Vec<Entry<'a>>,
}

/// One line of the chooser.
pub struct Entry<'a> {
    /// entityID.
    pub id: &'a str,
    /// Presentation name.
    pub name: &'a str,
    /// Description.
    pub description: &'a str,
}

/// A page that posts a message on.
#[derive(Template)]
#[template(path = "post.html")]
pub struct Post<'a> {
    /// Where to.
    pub action: &'a str,
    /// Name of the message's field.
    pub field: &'a str,
    /// The message.
    pub message: &'a str,
    /// RelayState.
    pub relay_state: Option<&'a str>,
}

/// A login stops here, and this is what the person in front of the browser is told.
#[derive(Template)]
#[template(path = "error.html")]
pub struct Error<'a> {
    /// The flow.
    pub flow: &'a str,
    /// Why.
    pub refusal: &'a Refusal,
}

/// Something else than a login went wrong.
#[derive(Template)]
#[template(path = "plain.html")]
pub struct Plain {
    /// Names the request in the log.
    pub flow: String,
    /// Danish, English: what.
    pub title: (&'static str, &'static str),
    /// Danish, English: who must act.
    pub actor: (&'static str, &'static str),
    /// Danish, English: what to do.
    pub text: (&'static str, &'static str),
}

impl Error<'_> {
    fn actor(&self) -> (&'static str, &'static str) {
        self.refusal.info().actor.text()
    }
    fn check(&self) -> &'static str {
        self.refusal.check.info().id
    }
}

/// A rendered page.
pub fn html(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(body) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The page of a refusal.
pub fn refused(status: StatusCode, flow: &FlowId, refusal: &Refusal) -> Response {
    let mut response = html(
        status,
        &Error {
            flow: flow.as_str(),
            refusal,
        },
    );
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// No such page.
pub async fn not_found() -> Response {
    failed(StatusCode::NOT_FOUND)
}

/// Not a host of ours.
pub fn misdirected() -> Response {
    failed(StatusCode::MISDIRECTED_REQUEST)
}

/// A handler panicked: a bug of ours, told as such.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked; the request was answered with a page");
    failed(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The page of an error that is no refusal of a login.
pub fn failed(status: StatusCode) -> Response {
    let mut bytes = [0; 16];
    super::world::random(&mut bytes);
    let flow = FlowId::from_random(bytes);
    tracing::info!(%flow, status = status.as_u16(), "answered with an error page");
    html(status, &plain(status, flow.to_string()))
}

/// Gives an error that has no page yet its page: whatever layer or extractor made it, a person may be
/// looking at it.
pub async fn with_page(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let has_page = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_error || has_page {
        return response;
    }
    let mut page = failed(status);
    for name in [ALLOW, RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

const OF_THE_SENDER: (&str, &str) = (
    "Den, der sendte browseren hertil (systemets leverandør eller kommunens IdP-drift)",
    "Whoever sent the browser here (the system's supplier or the municipality's identity provider)",
);
const OF_THE_USER: (&str, &str) = ("Brugeren (browseren)", "The user (the browser)");
const OF_THE_HUB: (&str, &str) = ("Hubbens drift", "The hub's operations");

fn plain(status: StatusCode, flow: String) -> Plain {
    let (title, actor, text) = match status {
        StatusCode::NOT_FOUND => (
            ("Siden findes ikke", "No such page"),
            OF_THE_SENDER,
            (
                "Tjek adressen. Hubbens adresser står på forsiden.",
                "Check the address. The hub's addresses are on the front page.",
            ),
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            (
                "Adressen tager ikke imod den slags forespørgsler",
                "This address does not take requests of this kind",
            ),
            OF_THE_SENDER,
            (
                "Send beskeden med den binding (HTTP-Redirect eller HTTP-POST), som hubbens metadata nævner.",
                "Send the message by the binding (HTTP-Redirect or HTTP-POST) that the hub's metadata names.",
            ),
        ),
        StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::URI_TOO_LONG
        | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
            ("Beskeden er for stor", "The message is too large"),
            OF_THE_SENDER,
            (
                "Send færre attributter eller certifikater, og brug HTTP-POST til store beskeder.",
                "Send fewer attributes or certificates, and use HTTP-POST for large messages.",
            ),
        ),
        StatusCode::MISDIRECTED_REQUEST => (
            ("Ukendt værtsnavn", "Unknown host name"),
            OF_THE_SENDER,
            (
                "Denne server svarer kun på sin egen adresse (public-url), hub.localhost og loopback.",
                "This server answers only to its own address (public-url), hub.localhost and loopback.",
            ),
        ),
        StatusCode::REQUEST_TIMEOUT => (
            (
                "Forespørgslen kom ikke frem i tide",
                "The request did not arrive in time",
            ),
            OF_THE_USER,
            ("Start login forfra.", "Start the login again."),
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            ("Hubben har for travlt", "The hub is too busy"),
            OF_THE_HUB,
            ("Prøv igen om lidt.", "Try again in a while."),
        ),
        status if status.is_server_error() => (
            ("Der skete en fejl i hubben", "Something broke in the hub"),
            OF_THE_HUB,
            (
                "Start login forfra. Sker det igen, er det en fejl i Vejviser, og ikke hos kommunen eller systemet.",
                "Start the login again. If it happens again, it is a bug of Vejviser, not of the municipality or the system.",
            ),
        ),
        _ => (
            (
                "Hubben kan ikke læse forespørgslen",
                "The hub cannot read the request",
            ),
            OF_THE_SENDER,
            (
                "Send de felter, som adressen kender, hver højst én gang, og en formular som application/x-www-form-urlencoded.",
                "Send the fields that the address knows, each at most once, and a form as application/x-www-form-urlencoded.",
            ),
        ),
    };
    Plain {
        flow,
        title,
        actor,
        text,
    }
}

/// A word and a class for the outcome of a check.
pub fn outcome(outcome: RowOutcome) -> (&'static str, &'static str) {
    match outcome {
        RowOutcome::Pass => ("ok", "pass"),
        RowOutcome::Fail => ("fejl", "fail"),
        RowOutcome::Warn => ("advarsel", "warn"),
        RowOutcome::Skip => ("ikke prøvet", "skip"),
    }
}

/// Serves a file of `assets/`.
pub fn asset(content_type: &'static str, body: &'static str) -> Response {
    (
        [
            (CONTENT_TYPE, content_type),
            (CACHE_CONTROL, "max-age=3600"),
        ],
        body,
    )
        .into_response()
}

/// The stylesheet.
pub async fn stylesheet() -> Response {
    asset(
        "text/css; charset=utf-8",
        include_str!("../../assets/vejviser.css"),
    )
}

/// The script that submits the form of a post page.
pub async fn autopost() -> Response {
    asset(
        "text/javascript; charset=utf-8",
        include_str!("../../assets/autopost.js"),
    )
}

/// The icon.
pub async fn icon() -> Response {
    asset("image/svg+xml", include_str!("../../assets/vejviser.svg"))
}

/// The static files that every site serves at the same paths.
pub fn assets<S: Clone + Send + Sync + 'static>() -> axum::Router<S> {
    use axum::routing::get;
    axum::Router::new()
        .route("/assets/vejviser.css", get(stylesheet))
        .route("/assets/autopost.js", get(autopost))
        .route("/assets/vejviser.svg", get(icon))
}
