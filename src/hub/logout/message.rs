//! The two messages, signed as their binding has it; and what the journal gets of those that come in.

use super::Arrival;
use super::party::signing;
use crate::dsig::{self, Entropy, Place};
use crate::hub::ask::new_id;
use crate::hub::trace::{Direction, Exchange};
use crate::hub::{Context, Leg, Trace};
use crate::saml::binding::{MessageField, Outbound, post, redirect, soap};
use crate::saml::{Binding, Decoded, LogoutRequest, LogoutResponse, NameId, Status};
use crate::xml::{Canonical, Element};
use time::Duration;

/// How long a LogoutRequest of ours is valid: who reads it later must not act on it.
pub(super) const VALIDITY: Duration = Duration::minutes(5);
/// The user wants it (SAML core §3.7.3).
const REASON: &str = "urn:oasis:names:tc:SAML:2.0:logout:user";

/// Where a message goes.
pub(super) struct Way<'a> {
    pub(super) leg: Leg,
    /// entityID.
    pub(super) party: &'a str,
    pub(super) binding: Binding,
    /// None: on the connection that the request came by.
    pub(super) url: Option<&'a str>,
    pub(super) relay_state: Option<&'a str>,
}

/// A LogoutRequest: NameID to the letter as the party knows it, with all of the SessionIndexes that it has.
pub(super) fn request(
    context: Context<'_>,
    id: &str,
    way: &Way<'_>,
    (name_id, indexes): (&NameId, &[String]),
    trace: &mut Trace,
) -> Outbound {
    let request = LogoutRequest {
        id: id.to_owned(),
        version: "2.0".to_owned(),
        issue_instant: context.now,
        destination: way.url.map(str::to_owned),
        consent: None,
        issuer: Some(context.hub.entity_id.clone()),
        issuer_format: None,
        reason: Some(REASON.to_owned()),
        not_on_or_after: Some(context.now + VALIDITY),
        name_id: Some(name_id.clone()),
        session_indexes: indexes.to_vec(),
    };
    let field = MessageField::Request;
    out(context, way, field, &request.to_element(), id, trace)
}

/// A LogoutResponse.
pub(super) fn response(
    context: Context<'_>,
    way: &Way<'_>,
    request_id: &str,
    status: Status,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Outbound {
    let id = new_id(entropy);
    let response = LogoutResponse {
        id: id.clone(),
        version: "2.0".to_owned(),
        issue_instant: context.now,
        in_response_to: Some(request_id.to_owned()),
        destination: way.url.map(str::to_owned),
        consent: None,
        issuer: Some(context.hub.entity_id.clone()),
        issuer_format: None,
        status,
    };
    let field = MessageField::Response;
    out(context, way, field, &response.to_element(), &id, trace)
}

fn out(
    context: Context<'_>,
    way: &Way<'_>,
    field: MessageField,
    element: &Element,
    id: &str,
    trace: &mut Trace,
) -> Outbound {
    let key = signing(context.hub, way.leg);
    let url = way.url.unwrap_or_default();
    let enveloped = || dsig::sign(element, id, Place::AfterIssuer, key);
    let (message, outbound): (Canonical, Outbound) = match way.binding {
        Binding::Redirect => {
            let message = element.render();
            let outbound = redirect(url, field, &message, way.relay_state, Some(key));
            (message, outbound)
        }
        Binding::Post => {
            let message = enveloped();
            let outbound = post(url, field, &message, way.relay_state);
            (message, outbound)
        }
        Binding::Soap => {
            let message = enveloped();
            let envelope = soap::envelope(&message);
            (message, Outbound::Soap { envelope })
        }
    };
    trace.exchanges.push(Exchange {
        at: context.now,
        leg: way.leg,
        direction: Direction::Out,
        kind: match field {
            MessageField::Request => "LogoutRequest".to_owned(),
            MessageField::Response => "LogoutResponse".to_owned(),
        },
        binding: way.binding,
        peer: Some(way.party.to_owned()),
        xml: message.as_str().to_owned(),
        decrypted: None,
        relay_state: (way.relay_state.map(str::to_owned)).filter(|_| way.binding != Binding::Soap),
        query: match &outbound {
            Outbound::Redirect { url } => url.split_once('?').map(|(_, query)| query.to_owned()),
            Outbound::Post { .. } | Outbound::Soap { .. } => None,
        },
        checks: Vec::new(),
    });
    outbound
}

/// What came, for the journal; `peer` as far as it is one that we know.
pub(super) fn arrived(
    context: Context<'_>,
    arrival: Arrival<'_>,
    root: Option<String>,
    peer: Option<(Leg, &str)>,
) -> Exchange {
    let legs = arrival.endpoint.legs();
    let leg = peer.map(|(leg, _)| leg);
    Exchange {
        query: arrival.raw_query.map(str::to_owned),
        ..came(
            context,
            arrival.decoded,
            root,
            leg.or(legs.first().copied()).unwrap_or(Leg::System),
            peer.map(|(_, id)| id),
        )
    }
}

/// The same of what came back on a call of the hub's.
pub(super) fn came(
    context: Context<'_>,
    decoded: &Decoded,
    root: Option<String>,
    leg: Leg,
    peer: Option<&str>,
) -> Exchange {
    Exchange {
        at: context.now,
        leg,
        direction: Direction::In,
        kind: root.unwrap_or_else(|| "unreadable".to_owned()),
        binding: decoded.binding,
        peer: peer.map(str::to_owned),
        xml: String::from_utf8_lossy(&decoded.xml).into_owned(),
        decrypted: None,
        relay_state: decoded.relay_state.clone(),
        query: None,
        checks: Vec::new(),
    }
}
