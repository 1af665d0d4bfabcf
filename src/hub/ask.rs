//! The hub's AuthnRequest to the IdP, shaped by its request profile.

use super::identity::path;
use super::settings::{ComparisonSetting, LevelWords, NsisNeed, RequesterId};
use super::trace::{Direction, Exchange, Leg};
use super::{
    Check, Context, FlowId, IdentityProvider, Pending, Refusal, Sealed, Settings, Source, Stage,
    Trace,
};
use crate::dsig::Entropy;
use crate::oiosaml::request_profile::{Ask, ClassRef};
use crate::oiosaml::{Level, Nsis, RequestProfile};
use crate::saml::binding::{MessageField, Outbound, redirect};
use crate::saml::{AuthnRequest, Binding, Comparison, RequestedAuthnContext, Scoping, names};

/// Bytes that SAML bindings §3.4.3 allows for RelayState.
pub const MAX_RELAY_STATE: usize = 80;

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
    let under_assured = under_assured(context, pending, idp, trace);
    if !under_assured {
        nsis_can_be_stated(context, pending.required, idp, trace)?;
    }
    let shape = (!under_assured).then(|| shape(context, pending.required, idp, trace));
    let request = request(context, pending, idp, shape, new_id(entropy), trace);
    let relay_state = relay_state(context.settings, &handle(entropy), shape, trace);
    let message = request.to_element().render();
    let outbound = redirect(
        &idp.sso_url,
        MessageField::Request,
        &message,
        Some(&relay_state),
        Some(&context.hub.sp.signing),
    );
    trace.exchanges.push(Exchange {
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
            Outbound::Post { .. } => None,
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

/// Whether the IdP is asked nothing and is not refused for its level: profile
/// `OIOSAML2_WITHOUT_REQUESTED_LOA`, and every IdP for a system in generation 1.
fn under_assured(
    context: Context<'_>,
    pending: &Pending,
    idp: &IdentityProvider,
    trace: &mut Trace,
) -> bool {
    let why = if !pending.enforced {
        "the system is in generation 1"
    } else if idp.oiosaml_profile.asks_nothing() {
        "the identity provider's profile asks for no level"
    } else {
        return false;
    };
    let allowed = context.settings.under_assured_logins;
    let result = if allowed {
        "nothing is asked, and no level is refused"
    } else {
        "nothing is asked, but a level too low is refused"
    };
    trace.decide("under-assured", why, result, Source::Setting);
    true
}

fn nsis_can_be_stated(
    context: Context<'_>,
    required: Level,
    idp: &IdentityProvider,
    trace: &mut Trace,
) -> Result<(), Refusal> {
    if !matches!(required, Level::Nsis(_)) || idp.oiosaml_profile.can_state_nsis() {
        return Ok(());
    }
    let refuse = context.settings.nsis_need_at_oiosaml2_idp == NsisNeed::Refuse;
    trace.decide(
        "nsis-need-at-oiosaml2-idp",
        format!(
            "{} at profile {}",
            required.english(),
            idp.oiosaml_profile.as_str()
        ),
        if refuse {
            "refused"
        } else {
            "asked with the converted level"
        },
        Source::Setting,
    );
    if refuse {
        Err(Refusal::of(Check::NsisAtOiosaml2Idp))
    } else {
        Ok(())
    }
}

/// The cell of the profile table.
fn shape(context: Context<'_>, required: Level, idp: &IdentityProvider, trace: &mut Trace) -> Ask {
    let ask = idp
        .oiosaml_profile
        .ask(required, context.settings.multipleauthn_from);
    let mut result = ask
        .class_ref_uri()
        .unwrap_or_else(|| "no class ref".to_owned());
    if let Some(level) = ask.relay_state_level {
        result = format!("{result}, {} in RelayState", level.danish());
    }
    // The published table has a slip in one row, and says nothing of needs on the other scale.
    let source = if idp.oiosaml_profile == RequestProfile::Oiosaml2AdfsMultipleauthn {
        Source::Setting
    } else if required != ask.level {
        Source::Inferred
    } else {
        Source::Confirmed
    };
    trace.decide(
        "request-profile",
        format!(
            "{} for {}",
            idp.oiosaml_profile.as_str(),
            required.english()
        ),
        result,
        source,
    );
    ask
}

fn request(
    context: Context<'_>,
    pending: &Pending,
    idp: &IdentityProvider,
    shape: Option<Ask>,
    id: String,
    trace: &mut Trace,
) -> AuthnRequest {
    AuthnRequest {
        id,
        version: "2.0".to_owned(),
        issue_instant: context.now,
        destination: Some(idp.sso_url.clone()),
        issuer: Some(context.hub.entity_id.clone()),
        // Explicit in the samples of the real hub, also when it is false.
        force_authn: Some(pending.force_authn),
        is_passive: pending.is_passive.then_some(true),
        protocol_binding: Some(names::binding::POST.to_owned()),
        acs_url: Some(context.hub.url(path::CONSUME)),
        acs_index: None,
        attribute_consuming_service_index: None,
        provider_name: None,
        consent: None,
        name_id_policy: None,
        audiences: conditions(context, trace),
        requested_authn_context: shape
            .and_then(|ask| requested_authn_context(context.settings, ask, trace)),
        scoping: scoping(context, pending, idp, trace),
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

fn requested_authn_context(
    settings: &Settings,
    ask: Ask,
    trace: &mut Trace,
) -> Option<RequestedAuthnContext> {
    let class_ref = ask.class_ref_uri()?;
    let setting = match ask.class_ref {
        ClassRef::MultipleAuthn => settings.multipleauthn_comparison,
        _ => settings.level_comparison,
    };
    let comparison = match setting {
        ComparisonSetting::None => None,
        ComparisonSetting::Exact => Some(Comparison::Exact),
        ComparisonSetting::Minimum => Some(Comparison::Minimum),
    };
    // OIOSAML3 [OIO-SP-06] demands minimum for NSIS; for the others nothing is published.
    trace.decide(
        "comparison",
        class_ref.clone(),
        comparison.map_or("no Comparison", Comparison::as_str),
        Source::Setting,
    );
    Some(RequestedAuthnContext {
        comparison,
        class_refs: vec![class_ref],
        decl_refs: Vec::new(),
    })
}

/// RequesterID only for an IdP that supports scope: AD FS refuses a Scoping element.
fn scoping(
    context: Context<'_>,
    pending: &Pending,
    idp: &IdentityProvider,
    trace: &mut Trace,
) -> Option<Scoping> {
    if !idp.supports_scope {
        return None;
    }
    let requester = match (
        context.settings.requester_id,
        context.federation.system(&pending.system),
    ) {
        (RequesterId::ServiceProviderCvrApp, Some(system)) => {
            format!("ServiceProvider:CVR:{}:APP:{}", system.cvr, system.name)
        }
        _ => pending.system.clone(),
    };
    trace.decide(
        "requester-id",
        "the identity provider supports scope",
        requester.clone(),
        Source::Setting,
    );
    Some(Scoping {
        proxy_count: None,
        idp_list: Vec::new(),
        requester_ids: vec![requester],
    })
}

/// `{handle}`, and for `OIOSAML3_ADFS_RELAY_STATE` the level beside it. Nothing is ever correlated by it.
fn relay_state(settings: &Settings, handle: &str, shape: Option<Ask>, trace: &mut Trace) -> String {
    let Some(level) = shape.and_then(|ask| ask.relay_state_level) else {
        return handle.to_owned();
    };
    let filled = settings
        .relay_state_template
        .replace("{handle}", handle)
        .replace("{level}", &word(level, settings.relay_state_words));
    trace.decide(
        "relay-state",
        settings.relay_state_template.clone(),
        filled.clone(),
        Source::Setting,
    );
    // The configuration refuses templates that could grow longer; this is the belt to those braces.
    if filled.len() <= MAX_RELAY_STATE {
        filled
    } else {
        handle.to_owned()
    }
}

/// What stands for `{handle}`: nothing that means anything. The flow's name would let whoever sees a
/// RelayState act on the chooser's form.
fn handle(entropy: &mut dyn Entropy) -> String {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    FlowId::from_random(bytes).to_string()
}

/// The word for the level in RelayState.
pub fn word(level: Nsis, words: LevelWords) -> String {
    match words {
        LevelWords::Danish => level.danish().to_owned(),
        LevelWords::English => level.word().to_owned(),
        LevelWords::Uri => Level::Nsis(level).class_ref(),
    }
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
