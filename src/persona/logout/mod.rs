//! Single logout of an invented party, identity provider or demo system: it takes the hub's LogoutRequest, and starts a
//! logout itself. What it does of that its `logout` says ([`LogoutHabit`]).
//!
//! ```text
//! hub ──LogoutRequest──▶ /slo · /slo-soap ──▶ its sessions end ──LogoutResponse──▶ hub
//! user ──▶ /log-ud ──LogoutRequest──▶ hub ──▶ … ──LogoutResponse──▶ /slo-svar ──▶ a page that says what it said
//! ```

mod answered;
mod asked;
mod begin;
mod idp;
mod judge;
mod system;
#[cfg(test)]
mod tests;
mod told;

pub use asked::answer;
pub use begin::{Begun, begin};
pub use judge::accepted;
pub use told::Told;

use super::page::FailedRow;
use super::session::Memory;
use super::strict::Objection;
use super::{HubSide, Site};
use crate::config::LogoutHabit;
use crate::dsig::{PublicKey, SigningKey};
use crate::edge::page::Text;
use crate::hub::Check;
use crate::saml::metadata::Endpoint;
use crate::saml::names::binding;
use crate::saml::{Binding, LogoutRequest};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use std::sync::Arc;
use time::OffsetDateTime;

/// Path of the address for the hub's requests.
pub const REQUESTS: &str = "/slo";
/// Path of the address for the hub's answers.
pub const ANSWERS: &str = "/slo-svar";
/// Path of the address for the hub's own calls.
pub const SOAP: &str = "/slo-soap";

/// What single logout needs to know of a party at this moment.
pub struct Side<'a> {
    /// entityID.
    pub entity_id: &'a str,
    /// What people call it.
    pub title: &'a str,
    /// Its site.
    pub site: &'a Site,
    /// What it does.
    pub habit: LogoutHabit,
    /// The hub as it knows it.
    pub hub: &'a HubSide,
    /// Where the hub takes its requests.
    pub requests: &'a str,
    /// Where the hub takes its answers.
    pub answers: &'a str,
    /// The hub's keys that it holds.
    pub keys: Vec<PublicKey>,
    /// The key that it signs with.
    pub signing: SigningKey,
    /// Now.
    pub now: OffsetDateTime,
    /// Now by its own clock, which may be wrong: what its messages say.
    pub says: OffsetDateTime,
    /// Logouts that it has begun, by the `ID` of its request.
    pub begun: &'a Memory<Begun>,
}

/// An invented party.
pub trait Party: Send + Sync + Sized + 'static {
    /// What single logout needs to know of it.
    fn side(&self) -> Side<'_>;
    /// Whether it does not mind that a message of the hub fails this check.
    fn overlooks(&self, check: Check, is_signed: bool) -> bool;
    /// Ends the sessions that the hub names.
    fn end(&self, request: &LogoutRequest);
    /// Tells the hub's operators what is wrong with a message: they sit beside it.
    fn report(&self, request_id: Option<&str>, objections: &[Objection]);
    /// Its page about a logout.
    fn tell_user(&self, told: &Told) -> Response;
    /// A page that says what is wrong.
    fn refuse_logout(
        &self,
        code: StatusCode,
        what: &str,
        detail: Option<&str>,
        rows: Vec<FailedRow>,
    ) -> Response;
}

/// The routes of a party. One that has no part in it has none.
pub fn routes<P: Party>(habit: LogoutHabit) -> Router<Arc<P>> {
    let browser = Router::new()
        .route(
            REQUESTS,
            get(asked::by_redirect::<P>).post(asked::by_post::<P>),
        )
        .route(
            ANSWERS,
            get(answered::by_redirect::<P>).post(answered::by_post::<P>),
        );
    match habit.binding() {
        None => Router::new(),
        Some(Binding::Soap) => Router::new().route(SOAP, post(asked::by_soap::<P>)),
        Some(_) => browser,
    }
}

/// SingleLogoutService in its metadata.
pub fn endpoints(site: &Site, habit: LogoutHabit) -> Vec<Endpoint> {
    let all = [
        (Binding::Redirect, binding::REDIRECT),
        (Binding::Post, binding::POST),
        (Binding::Soap, binding::SOAP),
    ];
    let offered = all.into_iter().filter(|(one, _)| habit.offers(*one));
    offered
        .map(|(one, name)| match one {
            // It answers on the same connection.
            Binding::Soap => endpoint(name, site.url(SOAP), None),
            _ => endpoint(name, site.url(REQUESTS), Some(site.url(ANSWERS))),
        })
        .collect()
}

fn endpoint(binding: &str, location: String, response_location: Option<String>) -> Endpoint {
    Endpoint {
        binding: binding.to_owned(),
        location,
        response_location,
    }
}

/// Whether a query of «Log ud» says that nobody else shall be asked.
pub fn is_local(query: Option<&str>) -> bool {
    let mut pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.any(|(name, value)| name == "lokal" && value != "0")
}

/// What a message is refused with that came by a binding which its metadata does not offer.
fn not_offered<P: Party>(party: &P, binding: Binding) -> Option<Response> {
    let offers = party.side().habit.offers(binding);
    let t = Text::current();
    (!offers)
        .then(|| party.refuse_logout(StatusCode::BAD_REQUEST, t.logout_binding, None, Vec::new()))
}
