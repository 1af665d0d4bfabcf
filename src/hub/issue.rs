//! What the hub issues to a system: an assertion, or a status.

use super::acs::Login;
use super::ask::new_id;
use super::fault::{self, Fault, Kit, Means};
use super::judge::stated_cvr;
use super::level::Reached;
use super::settings::AuthnInstantSetting;
use super::trace::{Direction, Exchange, Leg};
use super::{
    Accepted, Context, Federation, FlowId, Pending, Refusal, Sealed, Source, Trace,
    UserFacingSystem,
};
use crate::dsig::{self, Entropy, Place};
use crate::oiosaml::attributes as name;
use crate::oiosaml::{AttributeProfile, Level, OiosamlVersion, Scale};
use crate::saml::binding::{MessageField, post_octets};
use crate::saml::response::Content;
use crate::saml::{
    Assertion, Attribute, AuthnStatement, Binding, Conditions, NameId, Response, Status,
    SubjectConfirmation, names,
};
use crate::xml::Canonical;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use time::Duration;

/// How long an issued assertion is valid (sample pair: IssueInstant + 5 minutes).
pub const VALIDITY: Duration = Duration::minutes(5);

/// Where an answer goes: known once the system's request was accepted.
#[derive(Debug, Clone, Copy)]
pub struct ReplyTo<'a> {
    /// The flow, told to the system so that its servicedesk can name it.
    pub flow: &'a FlowId,
    /// entityID of the system.
    pub system: &'a str,
    /// `ID` of its request.
    pub request_id: &'a str,
    /// Its AssertionConsumerService.
    pub acs_url: &'a str,
    /// Its RelayState.
    pub relay_state: Option<&'a str>,
}

impl<'a> ReplyTo<'a> {
    /// The answer's way for a pending login.
    pub fn of(pending: &'a Pending) -> Self {
        Self {
            flow: &pending.flow,
            system: &pending.system,
            request_id: &pending.request_id,
            acs_url: &pending.acs_url,
            relay_state: pending.relay_state.as_deref(),
        }
    }
}

/// A signed Response with the refusal's status.
pub fn status(
    context: Context<'_>,
    to: ReplyTo<'_>,
    refusal: &Refusal,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Sealed {
    let (code, subcode) = refusal.status;
    let message = format!(
        "{} ({}, tråd-id {})",
        refusal.info().what.0,
        refusal.check.info().id,
        to.flow
    );
    let status = Status::refusal(code, subcode, message);
    let response = response(context, to, status, entropy);
    let signed = dsig::sign(
        &response.to_element(None),
        &response.id,
        Place::AfterIssuer,
        &context.hub.idp.signing,
    );
    send(context, to, &signed, None, trace)
}

/// What went to a system.
pub(super) struct Issued {
    /// The Response.
    pub(super) send: Sealed,
    /// SessionIndex of the assertion in it; none where there is no assertion, or one with a fault. What a system made of
    /// a faulty one is nobody's to know, and most of them name somebody else: they leave no session behind them.
    pub(super) session_index: Option<String>,
}

impl Issued {
    /// Nothing that a session could be kept of.
    fn without_session(send: Sealed) -> Self {
        Self {
            send,
            session_index: None,
        }
    }
}

/// A Response with the assertion for the system: signed, then encrypted. Only an accepted login can be
/// issued for.
pub(super) fn assertion(
    context: Context<'_>,
    pending: &Pending,
    idp: &str,
    login: Accepted<Login>,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Issued {
    let to = ReplyTo::of(pending);
    let mut login = login.into_value();
    let Some(system) = context.federation.system(&pending.system) else {
        // The system was removed while its user logged in: it gets a refusal it can still read.
        let refusal = Refusal::of(super::Check::RequestIssuerKnown);
        return Issued::without_session(status(context, to, &refusal, entropy, trace));
    };
    if let Some(kit) = &context.hub.faults {
        let organisation = stated_cvr(&login.assertion).ok();
        login.privileges = kit.roles(system, organisation.as_ref(), login.privileges);
    }
    let issued = build(context, pending, system, idp, &login, entropy, trace);
    if let (Some(fault), Some(kit)) = (pending.fault, &context.hub.faults) {
        let answer = faulty(context, to, (system, issued), (fault, kit), entropy, trace);
        return Issued::without_session(answer);
    }
    let signed = dsig::sign(
        &issued.to_element(),
        &issued.id,
        Place::AfterIssuer,
        &context.hub.idp.signing,
    );
    let content = match &system.encryption {
        Some(recipient) => {
            trace.decide(
                "encryption",
                system.id.clone(),
                format!(
                    "{} with {}",
                    recipient.cipher.uri(),
                    recipient.transport.uri()
                ),
                Source::Inferred,
            );
            Content::Encrypted(dsig::encrypt(&signed, recipient, entropy))
        }
        None => {
            trace.decide(
                "encryption",
                system.id.clone(),
                "none: the registration says so",
                Source::Setting,
            );
            Content::Assertion(signed.clone())
        }
    };
    let response = response(context, to, Status::success(), entropy);
    let message = response.to_element(Some(content)).render();
    let clear = (system.encryption.is_some()).then(|| signed.as_str().to_owned());
    let statement = issued.authn_statements.into_iter().next();
    Issued {
        send: send(context, to, &message, clear, trace),
        session_index: statement.and_then(|statement| statement.session_index),
    }
}

/// The same with a fault in it, for a system that is tested.
fn faulty(
    context: Context<'_>,
    to: ReplyTo<'_>,
    (system, issued): (&UserFacingSystem, Assertion),
    (fault, kit): (Fault, &Kit),
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Sealed {
    trace.decide("fault", fault.name(), fault.what(), Source::Setting);
    if let Some(refusal) = fault.refusal() {
        return status(context, to, &refusal, entropy, trace);
    }
    let envelope = response(context, to, Status::success(), entropy);
    let means = Means {
        signing: &context.hub.idp.signing,
        kit,
        entropy,
    };
    let answer = fault::answer(fault, (envelope, issued), system, context.now, means);
    send_text(context, to, answer.xml, answer.clear, trace)
}

fn build(
    context: Context<'_>,
    pending: &Pending,
    system: &UserFacingSystem,
    idp: &str,
    login: &Login,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Assertion {
    let (from, reached) = (&login.assertion, login.reached);
    let now = context.now;
    let end = now + VALIDITY;
    let level = issued_level(system, reached);
    trace.decide(
        "issued-level",
        reached
            .level()
            .map_or("no level".to_owned(), |level| level.english()),
        level.map_or("no level attribute".to_owned(), |level| level.english()),
        Source::Inferred,
    );
    let authn_instant = match context.settings.authn_instant {
        AuthnInstantSetting::IssueTime => now,
        AuthnInstantSetting::IdentityProvider => from
            .authn_statements
            .first()
            .map_or(now, |statement| statement.authn_instant),
    };
    Assertion {
        id: new_id(entropy),
        version: "2.0".to_owned(),
        issue_instant: now,
        issuer: context.hub.entity_id.clone(),
        issuer_format: None,
        name_id: from.name_id.as_ref().map(NameId::unqualified),
        confirmations: vec![SubjectConfirmation {
            method: names::BEARER.to_owned(),
            recipient: Some(pending.acs_url.clone()),
            not_before: None,
            not_on_or_after: Some(end),
            in_response_to: Some(pending.request_id.clone()),
        }],
        conditions: Some(Conditions {
            not_before: Some(now),
            not_on_or_after: Some(end),
            audience_restrictions: vec![vec![system.id.clone()]],
            proxy_restriction: proxy_restriction(from),
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant,
            session_index: Some(session_index(context, entropy)),
            session_not_on_or_after: None,
            class_ref: Some(level.map_or(names::UNSPECIFIED_CLASS.to_owned(), Level::class_ref)),
            authenticating_authorities: vec![idp.to_owned()],
        }],
        attributes: attributes(context, system, login),
    }
}

/// What the IdP allows to be passed on further: one step less than it allowed us (SAML core §2.5.1.6).
fn proxy_restriction(from: &Assertion) -> Option<Option<u32>> {
    let stated = from.conditions.as_ref()?.proxy_restriction?;
    Some(stated.map(|count| count.saturating_sub(1)))
}

/// The level that the assertion names first: on the scale of the system's need; what was reached, never what
/// was required. An NSIS system is told nothing that is not NSIS.
fn issued_level(system: &UserFacingSystem, reached: Reached) -> Option<Level> {
    match system.required_level.scale() {
        Scale::Nsis => reached.nsis.map(Level::Nsis),
        Scale::Nist => reached.nist.map(Level::Nist),
    }
}

/// The attributes of the system's OIOSAML version and attribute profile, in the order of the sample pair.
/// Values come from the IdP's signed assertion and from the registry; never an empty one.
fn attributes(context: Context<'_>, system: &UserFacingSystem, login: &Login) -> Vec<Attribute> {
    let (from, reached) = (&login.assertion, login.reached);
    let version = system.oiosaml_profile;
    let one = |names: [&'static str; 2]| {
        debug_assert!(
            names.iter().all(|own| name::PASSED_ON.contains(own)),
            "the length of what is passed on was judged"
        );
        names
            .into_iter()
            .find_map(|name| from.values(name).find(|value| !value.is_empty()))
            .map(str::to_owned)
    };
    let nist = reached.nist.map(|level| level.digit().to_string());
    let cvr = stated_cvr(from).ok();
    let organisation = cvr
        .as_ref()
        .and_then(|cvr| organisation(context.federation, cvr))
        .or_else(|| one([name::ORG_NAME_3, name::ORG_NAME_2]));
    let email = one([name::EMAIL_3, name::EMAIL_2])
        .filter(|_| system.attribute_profile != AttributeProfile::KombitWithoutPersonalData);
    let (spec_name, spec_value) = version.spec_version();
    let spec = Some(spec_value.to_owned());
    let kombit = Some(version.kombit_spec_ver().to_owned());
    let cvr = cvr.map(|cvr| cvr.to_string());
    let privileges = login.privileges.write();
    let mut list: Vec<(&'static str, Option<String>)> = match version {
        OiosamlVersion::V3 => {
            // An OIOSAML3 system with a NIST need is told the NIST level; a setting, as no sample shows it.
            let nist = nist.filter(|_| {
                system.required_level.scale() == Scale::Nist
                    && context.settings.assurance_level_for_oiosaml3
            });
            vec![
                (name::LOA, reached.nsis.map(|level| level.word().to_owned())),
                (name::ASSURANCE_LEVEL, nist),
                (name::EMAIL_3, email),
                (spec_name, spec),
                (name::KOMBIT_SPEC_VER, kombit),
                (name::CVR_3, cvr),
                (name::ORG_NAME_3, organisation),
                (name::PRIVILEGES_3, privileges),
            ]
        }
        // The order of the sample of 2015, which has neither organisation nor e-mail.
        OiosamlVersion::V2 => vec![
            (name::KOMBIT_SPEC_VER, kombit),
            (name::CVR_2, cvr),
            (name::PRIVILEGES_2, privileges),
            (name::ASSURANCE_LEVEL, nist),
            (spec_name, spec),
            (name::ORG_NAME_2, organisation),
            (name::EMAIL_2, email),
        ],
    };
    if system.attribute_profile == AttributeProfile::Seb {
        list.push((name::CPR_2, one([name::CPR_2, name::CPR_3])));
        list.push((
            name::UUID_PERSISTENT,
            one([name::UUID_PERSISTENT, name::UUID_PERSISTENT]),
        ));
    }
    list.into_iter()
        .filter_map(|(name, value)| value.map(|value| attribute(name, version, value)))
        .collect()
}

fn attribute(name: &str, version: OiosamlVersion, value: String) -> Attribute {
    Attribute {
        name: name.to_owned(),
        name_format: Some(version.name_format().to_owned()),
        friendly_name: None,
        values: vec![value],
    }
}

/// orgName is the registry's name for the CVR (sample pair); what the IdP calls itself only where the registry
/// has none.
fn organisation(federation: &Federation, cvr: &crate::oiosaml::Cvr) -> Option<String> {
    federation
        .organisations
        .get(cvr)
        .map(|organisation| organisation.name.clone())
}

/// 16 random bytes in base64, the form of the real hub's SessionIndex. A hub with faults marks every assertion by it, good
/// or bad.
fn session_index(context: Context<'_>, entropy: &mut dyn Entropy) -> String {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    let index = STANDARD.encode(bytes);
    match &context.hub.faults {
        Some(kit) => format!("{}:{index}", kit.watermark),
        None => index,
    }
}

fn response(
    context: Context<'_>,
    to: ReplyTo<'_>,
    status: Status,
    entropy: &mut dyn Entropy,
) -> Response {
    Response {
        id: new_id(entropy),
        version: "2.0".to_owned(),
        issue_instant: context.now,
        in_response_to: Some(to.request_id.to_owned()),
        destination: Some(to.acs_url.to_owned()),
        consent: None,
        issuer: Some(context.hub.entity_id.clone()),
        issuer_format: None,
        status,
    }
}

fn send(
    context: Context<'_>,
    to: ReplyTo<'_>,
    message: &Canonical,
    clear: Option<String>,
    trace: &mut Trace,
) -> Sealed {
    send_text(context, to, message.as_str().to_owned(), clear, trace)
}

fn send_text(
    context: Context<'_>,
    to: ReplyTo<'_>,
    message: String,
    clear: Option<String>,
    trace: &mut Trace,
) -> Sealed {
    let sealed = Sealed::new(post_octets(
        to.acs_url,
        MessageField::Response,
        message.as_bytes(),
        to.relay_state,
    ));
    trace.exchanges.push(Exchange {
        at: context.now,
        leg: Leg::System,
        direction: Direction::Out,
        kind: "Response".to_owned(),
        binding: Binding::Post,
        peer: Some(to.system.to_owned()),
        xml: message,
        decrypted: clear,
        relay_state: to.relay_state.map(str::to_owned),
        query: None,
        checks: Vec::new(),
    });
    sealed
}
