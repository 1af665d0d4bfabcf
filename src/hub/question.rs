//! What an IdP is asked: the request profile, the level and the settings, before there is a message.

use super::settings::{ComparisonSetting, LevelWords, NsisNeed, RequesterId};
use super::{Check, IdentityProvider, Refusal, Settings, Source, Trace, UserFacingSystem};
use crate::oiosaml::request_profile::{Ask, ClassRef};
use crate::oiosaml::{Level, Nsis, RequestProfile};
use crate::saml::{Comparison, RequestedAuthnContext};

/// Bytes that SAML bindings §3.4.3 allows for RelayState.
pub const MAX_RELAY_STATE: usize = 80;

/// What a system needs of a login.
#[derive(Debug, Clone, Copy)]
pub struct Need<'a> {
    /// The system's entityID.
    pub system: &'a str,
    /// Its registration, if it still is registered.
    pub registered: Option<&'a UserFacingSystem>,
    /// The level.
    pub required: Level,
    /// Whether a level too low is refused: not under generation 1.
    pub enforced: bool,
}

/// What the IdP is asked, as far as its registration and the need decide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Whether the IdP is asked nothing and is not refused for its level.
    pub under_assured: bool,
    /// RequestedAuthnContext.
    pub context: Option<RequestedAuthnContext>,
    /// RelayState, with the handle that was given.
    pub relay_state: String,
    /// RequesterID in Scoping.
    pub requester_id: Option<String>,
}

/// What `idp` is asked for this need, or why it cannot be asked. `handle` is what stands for `{handle}` in RelayState.
pub fn question(
    settings: &Settings,
    need: Need<'_>,
    idp: &IdentityProvider,
    handle: &str,
    trace: &mut Trace,
) -> Result<Question, Refusal> {
    let under_assured = under_assured(settings, need.enforced, idp, trace);
    if !under_assured {
        nsis_can_be_stated(settings, need.required, idp, trace)?;
    }
    let shape = (!under_assured).then(|| shape(settings, need.required, idp, trace));
    Ok(Question {
        under_assured,
        context: shape.and_then(|ask| requested_authn_context(settings, ask, trace)),
        requester_id: requester_id(settings, need, idp, trace),
        relay_state: relay_state(settings, handle, shape, trace),
    })
}

/// Whether the IdP is asked nothing and is not refused for its level: profile
/// `OIOSAML2_WITHOUT_REQUESTED_LOA`, and every IdP for a system in generation 1.
fn under_assured(
    settings: &Settings,
    enforced: bool,
    idp: &IdentityProvider,
    trace: &mut Trace,
) -> bool {
    let why = if !enforced {
        "the system is in generation 1"
    } else if idp.oiosaml_profile.asks_nothing() {
        "the identity provider's profile asks for no level"
    } else {
        return false;
    };
    let allowed = settings.under_assured_logins;
    let result = if allowed {
        "nothing is asked, and no level is refused"
    } else {
        "nothing is asked, but a level too low is refused"
    };
    trace.decide("under-assured", why, result, Source::Setting);
    true
}

fn nsis_can_be_stated(
    settings: &Settings,
    required: Level,
    idp: &IdentityProvider,
    trace: &mut Trace,
) -> Result<(), Refusal> {
    if !matches!(required, Level::Nsis(_)) || idp.oiosaml_profile.can_state_nsis() {
        return Ok(());
    }
    let refuse = settings.nsis_need_at_oiosaml2_idp == NsisNeed::Refuse;
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
fn shape(settings: &Settings, required: Level, idp: &IdentityProvider, trace: &mut Trace) -> Ask {
    let ask = idp
        .oiosaml_profile
        .ask(required, settings.multipleauthn_from);
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

/// What RequesterID holds for a system.
pub fn requester(
    settings: &Settings,
    system: &str,
    registered: Option<&UserFacingSystem>,
) -> String {
    match (settings.requester_id, registered) {
        (RequesterId::ServiceProviderCvrApp, Some(system)) => {
            format!("ServiceProvider:CVR:{}:APP:{}", system.cvr, system.name)
        }
        _ => system.to_owned(),
    }
}

/// RequesterID only for an IdP that supports scope: AD FS before 4.0 refuses a Scoping element.
fn requester_id(
    settings: &Settings,
    need: Need<'_>,
    idp: &IdentityProvider,
    trace: &mut Trace,
) -> Option<String> {
    if !idp.supports_scope {
        return None;
    }
    let requester = requester(settings, need.system, need.registered);
    trace.decide(
        "requester-id",
        "the identity provider supports scope",
        requester.clone(),
        Source::Setting,
    );
    Some(requester)
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

/// The word for the level in RelayState.
pub fn word(level: Nsis, words: LevelWords) -> String {
    match words {
        LevelWords::Danish => level.danish().to_owned(),
        LevelWords::English => level.word().to_owned(),
        LevelWords::Uri => Level::Nsis(level).class_ref(),
    }
}
