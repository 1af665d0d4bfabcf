//! A party begins a logout: its user pressed «Log ud».

use super::answered::what_it_says;
use super::{Party, Told};
use crate::dsig::{Place, sign};
use crate::edge::fetch::{Fetcher, Settings};
use crate::edge::page::Party as OnPage;
use crate::edge::send;
use crate::persona::session::{random_id, random_name};
use crate::saml::binding::{post, redirect, soap};
use crate::saml::{Binding, LogoutRequest, MessageField, NameId};
use axum::response::Response;

/// Bytes of an answer to a call.
const MOST: usize = 256 * 1024;

/// A logout that was begun.
#[derive(Clone)]
pub struct Begun {
    /// RelayState, which must come back.
    pub(super) relay_state: String,
}

/// Asks the hub to log the user out everywhere. The session here has ended already.
pub async fn begin<P: Party>(party: &P, name_id: NameId, index: Option<String>) -> Response {
    let side = party.side();
    let Some(binding) = side.habit.binding() else {
        return party.tell_user(&Told::Here);
    };
    let to = match binding {
        Binding::Soap => &side.hub.signoff_soap,
        _ => side.requests,
    };
    let request = LogoutRequest {
        id: random_id(),
        version: "2.0".to_owned(),
        issue_instant: side.says,
        destination: Some(to.to_owned()),
        consent: None,
        issuer: Some(side.entity_id.to_owned()),
        issuer_format: None,
        reason: Some("urn:oasis:names:tc:SAML:2.0:logout:user".to_owned()),
        not_on_or_after: None,
        name_id: Some(name_id),
        session_indexes: index.into_iter().collect(),
    };
    let relay_state = random_name();
    let begun = Begun {
        relay_state: relay_state.clone(),
    };
    side.begun.put(request.id.clone(), begun);
    let element = request.to_element();
    let signed = || sign(&element, &request.id, Place::AfterIssuer, &side.signing);
    let (field, handle) = (MessageField::Request, Some(relay_state.as_str()));
    let message = match binding {
        Binding::Redirect => redirect(to, field, &element.render(), handle, Some(&side.signing)),
        Binding::Post => post(to, field, &signed(), handle),
        Binding::Soap => {
            let told = called(party, to, soap::envelope(&signed())).await;
            return party.tell_user(&told);
        }
    };
    let on_page = OnPage {
        base: &side.site.base,
        title: side.title,
    };
    send::of_party(on_page, &message)
}

/// Asks by SOAP: the browser waits.
async fn called<P: Party>(party: &P, to: &str, envelope: String) -> Told {
    let fetcher = Fetcher::of_machine(&Settings::default());
    let sent = fetcher.call(to, envelope, MOST).await;
    let decoded = sent.ok().and_then(|got| soap::decode(&got).ok());
    let said = decoded.and_then(|decoded| what_it_says(party, &decoded, None).ok());
    said.unwrap_or(Told::Unreached)
}
