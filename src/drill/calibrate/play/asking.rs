//! The system's request, as our hub receives it.

use super::own::posted;
use super::stand_ins::STANDS;
use super::{Parties, Played};
use crate::drill::calibrate::login::{Login, Seen};
use crate::drill::calibrate::message::Message;
use crate::dsig::{self, Place};
use crate::hub::identity::path;
use crate::hub::sso::{LoginRequest, Received};
use crate::hub::{BrowserHash, Context, FlowId, Hub, Pending, Refusal};
use crate::saml::binding::{decode_redirect, post, redirect};
use crate::saml::{AuthnRequest, Binding, Decoded, MessageField, Outbound};
use time::OffsetDateTime;

/// The login after the system's request was judged; without one, as the hub's request and the registration have it.
pub(super) fn pending(
    login: &Login<'_>,
    parties: &Parties,
    context: Context<'_>,
    played: &mut Played,
) -> Result<Pending, Stopped> {
    let asked = login.asked.map(|seen| seen.message);
    let request = asked.and_then(|asked| Some((asked, AuthnRequest::read(asked.root()).ok()?)));
    let Some((message, request)) = request else {
        let flag = |name: &str| {
            let found = login
                .request
                .and_then(|seen| seen.message.root().attribute(name));
            matches!(found, Some("true" | "1"))
        };
        let answered = login
            .response
            .and_then(|seen| seen.message.in_response_to());
        return Ok(begun(
            LoginRequest {
                system: parties.system.id.clone(),
                request_id: answered.unwrap_or("_unknown").to_owned(),
                acs_url: parties.system.assertion_consumers[parties.system.default_acs]
                    .endpoint
                    .location
                    .clone(),
                relay_state: login.response.and_then(relay_mask),
                required: parties.system.required_level,
                enforced: parties.system.generation.is_two(context.now),
                force_authn: flag("ForceAuthn"),
                is_passive: flag("IsPassive"),
                idp_list: Vec::new(),
            },
            context.now,
        ));
    };
    let relay = login.asked.and_then(relay_mask);
    let decoded = signed(message, request, context.hub, relay.as_deref());
    let Some(decoded) = decoded else {
        return Err((Refusal::of(crate::hub::Check::RequestReadable), None));
    };
    match crate::hub::sso::receive(context, &decoded, None, &mut played.trace) {
        Received::Login(login) => Ok(begun(login.into_value(), context.now)),
        Received::Page(refusal) => Err((refusal, None)),
        Received::Answer(login, refusal) => {
            Err((refusal, Some(Box::new(begun(*login, context.now)))))
        }
    }
}

pub(super) type Stopped = (Refusal, Option<Box<Pending>>);

fn begun(login: LoginRequest, now: OffsetDateTime) -> Pending {
    let browser = BrowserHash("browser".to_owned());
    login.pending(FlowId::from_random([0; 16]), browser, now)
}

/// The system's request, signed by its stand-in.
fn signed(
    message: &Message,
    request: AuthnRequest,
    hub: &Hub,
    relay_state: Option<&str>,
) -> Option<Decoded> {
    // Where it went is the hub that we imitate, in whatever spelling.
    let request = AuthnRequest {
        destination: request.destination.map(|_| hub.url(path::ISSUE)),
        ..request
    };
    let element = request.to_element();
    let (to, key) = (hub.url(path::ISSUE), &STANDS.system);
    if message.binding == Some(Binding::Redirect) {
        let sent = redirect(
            &to,
            MessageField::Request,
            &element.render(),
            relay_state,
            Some(key),
        );
        let Outbound::Redirect { url } = sent else {
            return None;
        };
        return decode_redirect(url.split_once('?')?.1).ok();
    }
    let element = dsig::sign(&element, &request.id, Place::AfterIssuer, key);
    posted(&post(&to, MessageField::Request, &element, relay_state))
}

fn relay_mask(seen: Seen<'_>) -> Option<String> {
    let relay = seen.message.relay.as_ref()?.as_ref()?;
    Some(relay.mask.clone())
}
