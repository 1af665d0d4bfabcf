//! The hub's AuthnRequest to the IdP: what is asked ([`question`]), as a message.

use super::identity::path;
use super::question::{Need, Question, question};
use super::trace::{Direction, Exchange, Leg};
use super::{
    Check, Context, FlowId, IdentityProvider, Pending, Refusal, Sealed, Source, Stage, Trace,
};
use crate::dsig::Entropy;
use crate::saml::binding::{MessageField, Outbound, redirect};
use crate::saml::{AuthnRequest, Binding, Scoping, names};

/// Asks `idp` for the pending login. The answer is the pending login in stage `Asked`, which must be stored
/// before the message is sent; or a refusal for the system.
pub fn ask(
    context: Context<'_>,
    pending: &Pending,
    idp: &str,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Result<(Pending, Sealed), Refusal> {
    let idp = context
        .federation
        .identity_provider(idp)
        .filter(|idp| idp.is_active())
        .ok_or_else(|| Refusal::of(Check::ChooseActive))?;
    if let Some(tried) = pending.profile {
        trace.decide(
            "trial",
            idp.oiosaml_profile.as_str(),
            tried.as_str(),
            Source::Setting,
        );
    }
    let idp = &*idp.tried_with(pending.profile);
    let (id, handle) = (new_id(entropy), handle(entropy));
    let need = Need {
        system: &pending.system,
        registered: context.federation.system(&pending.system),
        required: pending.required,
        enforced: pending.enforced,
    };
    let question = question(context.settings, need, idp, &handle, trace)?;
    let relay_state = question.relay_state.clone();
    let under_assured = question.under_assured;
    let request = request(context, pending, idp, question, id, trace);
    let message = request.to_element().render();
    let outbound = redirect(
        &idp.sso_url,
        MessageField::Request,
        &message,
        Some(&relay_state),
        Some(&context.hub.sp.signing),
    );
    trace.exchanges.push(Exchange {
        at: context.now,
        leg: Leg::IdentityProvider,
        direction: Direction::Out,
        kind: "AuthnRequest".to_owned(),
        binding: Binding::Redirect,
        peer: Some(idp.id.clone()),
        xml: message.as_str().to_owned(),
        decrypted: None,
        relay_state: Some(relay_state),
        query: match &outbound {
            Outbound::Redirect { url } => url.split_once('?').map(|(_, query)| query.to_owned()),
            Outbound::Post { .. } | Outbound::Soap { .. } => None,
        },
        checks: Vec::new(),
    });
    let asked = Pending {
        stage: Stage::Asked {
            idp: idp.id.clone(),
            request_id: request.id,
            sent: context.now,
            under_assured,
        },
        ..pending.clone()
    };
    Ok((asked, Sealed::new(outbound)))
}

fn request(
    context: Context<'_>,
    pending: &Pending,
    idp: &IdentityProvider,
    question: Question,
    id: String,
    trace: &mut Trace,
) -> AuthnRequest {
    AuthnRequest {
        destination: Some(idp.sso_url.clone()),
        issuer: Some(context.hub.entity_id.clone()),
        // Explicit in the samples of the real hub, also when it is false.
        force_authn: Some(pending.force_authn),
        is_passive: pending.is_passive.then_some(true),
        protocol_binding: Some(names::binding::POST.to_owned()),
        acs_url: Some(context.hub.url(path::CONSUME)),
        audiences: conditions(context, trace),
        requested_authn_context: question.context,
        scoping: question.requester_id.map(|requester| Scoping {
            requester_ids: vec![requester],
            ..Scoping::default()
        }),
        ..AuthnRequest::new(id, context.now)
    }
}

/// Conditions with our own audience, as in the samples of 2015; a setting.
fn conditions(context: Context<'_>, trace: &mut Trace) -> Vec<String> {
    if !context.settings.request_conditions {
        return Vec::new();
    }
    trace.decide(
        "request-conditions",
        "request_conditions",
        "AudienceRestriction in the request",
        Source::Setting,
    );
    vec![context.hub.entity_id.clone()]
}

/// What stands for `{handle}`: nothing that means anything. The flow's name would let whoever sees a
/// RelayState act on the chooser's form.
fn handle(entropy: &mut dyn Entropy) -> String {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    FlowId::from_random(bytes).to_string()
}

/// A message id like the real hub's: `id` and 32 hex digits.
pub(super) fn new_id(entropy: &mut dyn Entropy) -> String {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    let mut id = String::with_capacity(34);
    id.push_str("id");
    for byte in bytes {
        id.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        id.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
    }
    id
}
