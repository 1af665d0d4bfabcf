//! The same login through our own hub: what it would have sent, as a message. Nothing here knows a rule; every message
//! is made by the hub's own steps, with stand-ins whose keys come from the shipped test PKI.
//!
//! The hub has the name and the addresses of the one that was captured, so that messages can be compared. It listens
//! nowhere, and what it makes is never sent.

use super::login::{Login, made, name_id};
use super::mask::Masker;
use super::message::{Message, Query, Raw, child_text, signature};
use crate::config::pki;
use crate::dsig::{self, Entropy, Place, SigningKey};
use crate::hub::acs::Answered;
use crate::hub::choose::{Arrival, Choice, decide};
use crate::hub::identity::path;
use crate::hub::issue::{self, ReplyTo};
use crate::hub::keys::{KeyPair, RoleKeys};
use crate::hub::question::{Need, question};
use crate::hub::required::required;
use crate::hub::sso::{LoginRequest, Received};
use crate::hub::{
    BrowserHash, BrowserMemory, Consumed, Context, Federation, FlowId, Hub, IdentityProvider,
    Pending, Refusal, Report, Sealed, Settings, Trace, UserFacingSystem,
};
use crate::oiosaml::attributes as name;
use crate::oiosaml::{Level, OiosamlVersion};
use crate::saml::binding::{decode_post, decode_redirect, post, redirect};
use crate::saml::response::Content;
use crate::saml::time::parse;
use crate::saml::{
    Assertion, Attribute, AuthnRequest, AuthnStatement, Binding, Conditions, Decoded, MessageField,
    NameId, Outbound, Response, Status, SubjectConfirmation, names,
};
use crate::xml::{SAML, SAMLP};
use std::sync::LazyLock;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// A time for captures that name none.
const NOW: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

/// The parties of a login as the registry has them, or as they are supposed to be.
#[derive(Clone)]
pub struct Parties {
    /// The identity provider.
    pub idp: IdentityProvider,
    /// The system.
    pub system: UserFacingSystem,
    /// The federation in which both are.
    pub federation: Federation,
}

/// What our hub made of a login.
#[derive(Default)]
pub struct Played {
    /// Its request to the identity provider.
    pub request: Option<Message>,
    /// Its answer to the system.
    pub response: Option<Message>,
    /// Why it stopped, and before which message.
    pub refused: Option<Refused>,
    /// The identity provider that it would have asked, if not the one that was.
    pub chose: Option<String>,
    /// What it decided.
    pub trace: Trace,
}

/// Where our hub stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The check.
    pub check: &'static str,
}

struct Stands {
    hub: KeyPair,
    idp: SigningKey,
    system: SigningKey,
}

static STANDS: LazyLock<Stands> = LazyLock::new(|| {
    let whole = "the shipped test PKI is whole";
    Stands {
        hub: pki::pair("hub").expect(whole),
        idp: pki::pair("eksempelstrup").expect(whole).signing,
        system: pki::pair("sagssystem").expect(whole).signing,
    }
});

/// The key that the stand-in of an identity provider signs with.
pub fn idp_key() -> crate::dsig::PublicKey {
    STANDS.idp.public()
}

/// The key that the stand-in of a system signs with.
pub fn system_key() -> crate::dsig::PublicKey {
    STANDS.system.public()
}

/// Bytes that are not drawn: what they fill has no secret to keep.
#[derive(Default)]
struct Counted(u64);

impl Entropy for Counted {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
    }
}

/// Plays the login.
pub fn play(
    login: &Login<'_>,
    parties: &Parties,
    settings: &Settings,
    masker: &mut Masker,
) -> Played {
    let mut played = Played::default();
    let hub = hub(login);
    let mut entropy = Counted(login.request.map_or(1, |seen| seen.number as u64 + 1));
    let times = Times::of(login);
    let at = |now| Context {
        hub: &hub,
        federation: &parties.federation,
        settings,
        now,
    };
    let pending = match pending(login, parties, at(times.asked), &mut played) {
        Ok(pending) => pending,
        Err((refusal, pending)) => {
            played.refused = Some(Refused {
                check: refusal.check.info().id,
            });
            if let Some(pending) = pending {
                let to = ReplyTo::of(&pending);
                let sealed = issue::status(
                    at(times.response),
                    to,
                    &refusal,
                    &mut entropy,
                    &mut Trace::default(),
                );
                played.response = own(&sealed, None, masker);
            }
            return played;
        }
    };
    let mut trace = std::mem::take(&mut played.trace);
    let idp = choose(
        at(times.request),
        &pending,
        parties,
        &mut trace,
        &mut played,
    );
    let asked = crate::hub::ask::ask(at(times.request), &pending, &idp, &mut entropy, &mut trace);
    played.trace = trace;
    let (asked, sealed) = match asked {
        Ok(asked) => asked,
        Err(refusal) => {
            played.refused = Some(Refused {
                check: refusal.check.info().id,
            });
            let to = ReplyTo::of(&pending);
            let sealed = issue::status(
                at(times.response),
                to,
                &refusal,
                &mut entropy,
                &mut Trace::default(),
            );
            played.response = own(&sealed, None, masker);
            return played;
        }
    };
    played.request = own(&sealed, None, masker);
    if login.response.is_none() {
        return played;
    }
    let Some(answer) = answer(login, parties, &asked, &hub, times.response) else {
        return played;
    };
    let browser = asked.browser.clone();
    let mut trace = std::mem::take(&mut played.trace);
    let answered = crate::hub::acs::receive(
        at(times.response),
        &answer,
        Some(&asked),
        Some(&browser),
        &mut entropy,
        &mut trace,
    );
    let clear = trace
        .exchanges
        .last()
        .and_then(|exchange| exchange.decrypted.clone());
    match answered {
        Answered::Page(refusal) => {
            played.refused = Some(Refused {
                check: refusal.check.info().id,
            });
        }
        Answered::Finish(finish) => {
            if let crate::hub::acs::Outcome::Refused(refusal) = &finish.outcome {
                played.refused = Some(Refused {
                    check: refusal.check.info().id,
                });
            }
            let sealed = finish.release(&Consumed::Done);
            played.response = sealed.and_then(|sealed| own(sealed, clear.as_deref(), masker));
        }
    }
    played.trace = trace;
    played
}

/// What decides our request to the identity provider: two registrations with the same key make the same one.
pub fn key(login: &Login<'_>, parties: &Parties, settings: &Settings) -> String {
    let hub = hub(login);
    let context = Context {
        hub: &hub,
        federation: &parties.federation,
        settings,
        now: Times::of(login).request,
    };
    let (system, mut trace) = (&parties.system, Trace::default());
    let asked = login
        .asked
        .and_then(|seen| AuthnRequest::read(seen.message.root()).ok());
    let required = match asked {
        Some(asked) => {
            let requested = asked.requested_authn_context.as_ref();
            required(
                context,
                system,
                requested,
                &mut Report::default(),
                &mut trace,
            )
        }
        None => system.required_level,
    };
    let need = Need {
        system: &system.id,
        registered: Some(system),
        required,
        enforced: system.generation.is_two(context.now),
    };
    let question = question(settings, need, &parties.idp, "handle", &mut trace);
    format!(
        "{question:?} {} {}",
        settings.request_conditions, settings.honour_idp_list
    )
}

/// Our message as if it had been captured.
fn own(sealed: &Sealed, clear: Option<&str>, masker: &mut Masker) -> Option<Message> {
    let raw = match sealed.outbound() {
        Outbound::Redirect { url } => {
            let query = url.split_once('?')?.1;
            let decoded = decode_redirect(query).ok()?;
            Raw {
                binding: Some(Binding::Redirect),
                address: Some(url.clone()),
                xml: decoded.xml,
                relay_state: decoded.relay_state,
                query: Some(Query {
                    parameters: super::capture::parameters(query),
                    algorithm: decoded.query_signature.map(|signature| signature.algorithm),
                }),
                complete: true,
            }
        }
        Outbound::Post {
            action,
            relay_state,
            ..
        } => Raw {
            binding: Some(Binding::Post),
            address: Some(action.clone()),
            xml: posted(sealed.outbound())?.xml,
            relay_state: relay_state.clone(),
            query: None,
            complete: true,
        },
    };
    Message::own(&raw, clear, masker)
}

fn posted(outbound: &Outbound) -> Option<Decoded> {
    let Outbound::Post { field, message, .. } = outbound else {
        return None;
    };
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair(field.name(), message);
    decode_post(form.finish().as_bytes()).ok()
}

/// When each step of the login was, by the clock of the hub that was captured.
struct Times {
    asked: OffsetDateTime,
    request: OffsetDateTime,
    response: OffsetDateTime,
}

impl Times {
    fn of(login: &Login<'_>) -> Self {
        let of = |seen: Option<super::login::Seen<'_>>| seen.and_then(|seen| made(seen.message));
        // The assertion and its envelope may differ by a millisecond; the assertion is what is compared.
        let issued = login
            .response
            .and_then(|seen| parse(seen.message.assertion()?.attribute("IssueInstant")?));
        let response = issued.or(of(login.response));
        let request = of(login.request)
            .or(of(login.asked))
            .or(response)
            .unwrap_or(NOW);
        Self {
            asked: of(login.asked).unwrap_or(request),
            request,
            response: response.unwrap_or(request),
        }
    }
}

/// The hub that was captured, with keys of ours.
fn hub(login: &Login<'_>) -> Hub {
    let messages = [login.request, login.response].into_iter().flatten();
    let entity_id = messages.filter_map(|seen| seen.message.issuer()).next();
    let acs = login.request.and_then(|seen| {
        seen.message
            .root()
            .attribute("AssertionConsumerServiceURL")
            .map(str::to_owned)
    });
    let to = |seen: Option<super::login::Seen<'_>>| {
        seen.and_then(|seen| seen.message.destination().map(str::to_owned))
    };
    let address = acs.or(to(login.answer)).or(to(login.asked));
    let address = address.and_then(|address| url::Url::parse(&address).ok());
    let public_url = address.map_or_else(
        || "https://hub.invalid".to_owned(),
        |url| url[..url::Position::BeforePath].to_owned(),
    );
    Hub {
        entity_id: entity_id.unwrap_or_else(|| format!("{public_url}/runtime")),
        public_url,
        organisation: "Vejviser".to_owned(),
        idp: RoleKeys::of(&STANDS.hub),
        sp: RoleKeys::of(&STANDS.hub),
    }
}

fn begun(login: LoginRequest, now: OffsetDateTime) -> Pending {
    let browser = BrowserHash("browser".to_owned());
    login.pending(FlowId::from_random([0; 16]), browser, now)
}

type Stopped = (Refusal, Option<Box<Pending>>);

/// The login after the system's request was judged; without one, as the hub's request and the registration have it.
fn pending(
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
    let decoded = signed(
        message,
        request,
        context.hub,
        login.asked.and_then(relay_mask),
    );
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

fn relay_mask(seen: super::login::Seen<'_>) -> Option<String> {
    let relay = seen.message.relay.as_ref()?.as_ref()?;
    Some(relay.mask.clone())
}

/// The system's request, signed by its stand-in.
fn signed(
    message: &Message,
    request: AuthnRequest,
    hub: &Hub,
    relay_state: Option<String>,
) -> Option<Decoded> {
    // Where it went is the hub that we imitate, in whatever spelling.
    let request = AuthnRequest {
        destination: request.destination.map(|_| hub.url(path::ISSUE)),
        ..request
    };
    let element = request.to_element();
    let (to, key) = (hub.url(path::ISSUE), &STANDS.system);
    let relay = relay_state.as_deref();
    if message.binding == Some(Binding::Redirect) {
        let sent = redirect(
            &to,
            MessageField::Request,
            &element.render(),
            relay,
            Some(key),
        );
        let Outbound::Redirect { url } = sent else {
            return None;
        };
        return decode_redirect(url.split_once('?')?.1).ok();
    }
    let element = dsig::sign(&element, &request.id, Place::AfterIssuer, key);
    let decoded = posted(&post(&to, MessageField::Request, &element, relay))?;
    Some(Decoded {
        relay_state,
        ..decoded
    })
}

/// The identity provider that is asked: the one that was, unless the request's own list leads to another one. What
/// the user, the address or the browser's memory chose is in no message.
fn choose(
    context: Context<'_>,
    pending: &Pending,
    parties: &Parties,
    trace: &mut Trace,
    played: &mut Played,
) -> String {
    if pending.idp_list.is_empty() {
        return parties.idp.id.clone();
    }
    let memory = BrowserMemory::default();
    let arrival = Arrival {
        source: None,
        memory: &memory,
        asks: false,
    };
    match decide(context, pending, arrival, trace) {
        Choice::Go(chosen) if chosen.idp != parties.idp.id => {
            played.chose = Some(chosen.idp.clone());
            chosen.idp
        }
        _ => parties.idp.id.clone(),
    }
}

/// What the identity provider answered, addressed to our request and signed by its stand-in. Of an answer that cannot
/// be read, one that fits what the hub then issued.
fn answer(
    login: &Login<'_>,
    parties: &Parties,
    asked: &Pending,
    hub: &Hub,
    now: OffsetDateTime,
) -> Option<Decoded> {
    let to = asked.asked_with().map(str::to_owned);
    let acs = hub.url(path::CONSUME);
    let captured = login.answer.map(|seen| seen.message);
    let envelope = captured.and_then(|message| Response::read(message.root()).ok());
    let stated = captured
        .and_then(Message::assertion)
        .and_then(|node| Assertion::read(node).ok());
    let signs = captured.map(|message| {
        (
            signature(message.root()).is_some(),
            message
                .assertion()
                .is_some_and(|assertion| signature(assertion).is_some()),
        )
    });
    let refusal = envelope
        .as_ref()
        .is_some_and(|envelope| !envelope.status.is_success());
    let assertion = match stated {
        Some(stated) => Some(stated),
        None if refusal => None,
        // The hub refused, and nobody can see what.
        None if login.response.is_some_and(|seen| is_status(seen.message)) => return None,
        None => Some(supposed(login, parties, hub, now)),
    };
    let assertion = assertion.map(|assertion| addressed(assertion, &acs, to.clone()));
    let response = Response {
        id: "_answer".to_owned(),
        issue_instant: envelope
            .as_ref()
            .map_or(now, |envelope| envelope.issue_instant),
        version: "2.0".to_owned(),
        in_response_to: to,
        destination: Some(acs.clone()),
        consent: None,
        issuer: Some(parties.idp.id.clone()),
        issuer_format: None,
        status: envelope.map_or_else(Status::success, |envelope| envelope.status),
    };
    let content = assertion.map(|assertion| {
        let element = assertion.to_element();
        Content::Assertion(match signs {
            Some((true, false)) => element.render(),
            _ => dsig::sign(&element, &assertion.id, Place::AfterIssuer, &STANDS.idp),
        })
    });
    let element = response.to_element(content);
    let message = match signs {
        Some((true, _)) => dsig::sign(&element, &response.id, Place::AfterIssuer, &STANDS.idp),
        _ => element.render(),
    };
    posted(&post(&acs, MessageField::Response, &message, None))
}

/// Whether a response refuses.
pub fn is_status(message: &Message) -> bool {
    let status = message.root().child(SAMLP, "Status");
    let code = status.and_then(|status| status.child(SAMLP, "StatusCode")?.attribute("Value"));
    code.is_some_and(|code| code != names::status::SUCCESS)
}

fn addressed(mut assertion: Assertion, acs: &str, to: Option<String>) -> Assertion {
    for confirmation in &mut assertion.confirmations {
        confirmation.recipient = Some(acs.to_owned());
        confirmation.in_response_to.clone_from(&to);
    }
    assertion
}

/// What an identity provider must have said for the hub to issue what it issued.
fn supposed(login: &Login<'_>, parties: &Parties, hub: &Hub, now: OffsetDateTime) -> Assertion {
    let issued = login
        .response
        .and_then(|seen| Assertion::read(seen.message.assertion()?).ok());
    let cvr = parties
        .idp
        .user_contexts
        .first()
        .map_or("00000000", |cvr| cvr.as_str());
    let value = login.response.and_then(|seen| name_id(seen.message));
    let value = value.unwrap_or_else(|| {
        format!("C=DK,O={cvr},CN=Person 0,Serial=00000000-0000-4000-8000-000000000000")
    });
    let format = issued
        .as_ref()
        .and_then(|issued| issued.name_id.as_ref()?.format.clone());
    let version = if parties.idp.oiosaml_profile.is_oiosaml2() {
        OiosamlVersion::V2
    } else {
        OiosamlVersion::V3
    };
    let attribute = |name: &str, value: &str| Attribute {
        name: name.to_owned(),
        name_format: Some(version.name_format().to_owned()),
        friendly_name: None,
        values: vec![value.to_owned()],
    };
    let (spec, spec_value) = version.spec_version();
    let mut attributes = vec![attribute(spec, spec_value), attribute(version.cvr(), cvr)];
    let said: Vec<Attribute> = issued
        .iter()
        .flat_map(|issued| &issued.attributes)
        .cloned()
        .collect();
    let levels = said
        .iter()
        .filter(|a| matches!(a.name.as_str(), name::LOA | name::ASSURANCE_LEVEL));
    attributes.extend(levels.cloned());
    if attributes.len() == 2 {
        attributes.push(match parties.system.required_level {
            Level::Nsis(level) => attribute(name::LOA, level.word()),
            Level::Nist(level) => attribute(name::ASSURANCE_LEVEL, &level.digit().to_string()),
        });
    }
    let passed_on = said
        .iter()
        .filter(|a| name::PASSED_ON.contains(&a.name.as_str()));
    attributes.extend(passed_on.cloned());
    let authn_instant = issued
        .as_ref()
        .and_then(|issued| Some(issued.authn_statements.first()?.authn_instant))
        .unwrap_or(now);
    Assertion {
        id: "_supposed".to_owned(),
        version: "2.0".to_owned(),
        issue_instant: now,
        issuer: parties.idp.id.clone(),
        issuer_format: None,
        name_id: Some(NameId {
            value,
            format: Some(format.unwrap_or_else(|| names::name_id::X509_SUBJECT_NAME.to_owned())),
            name_qualifier: None,
            sp_name_qualifier: None,
        }),
        confirmations: vec![SubjectConfirmation {
            method: names::BEARER.to_owned(),
            recipient: None,
            not_before: None,
            not_on_or_after: Some(now + Duration::minutes(5)),
            in_response_to: None,
        }],
        conditions: Some(Conditions {
            not_before: Some(now),
            not_on_or_after: Some(now + Duration::minutes(5)),
            audience_restrictions: vec![vec![hub.entity_id.clone()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant,
            session_index: Some("_session".to_owned()),
            session_not_on_or_after: None,
            class_ref: Some(names::UNSPECIFIED_CLASS.to_owned()),
            authenticating_authorities: Vec::new(),
        }],
        attributes,
    }
}

/// Who authenticated the user, as the hub's assertion has it.
pub fn authority(login: &Login<'_>) -> Option<String> {
    let statement = login
        .response?
        .message
        .assertion()?
        .child(SAML, "AuthnStatement")?;
    child_text(
        statement.child(SAML, "AuthnContext")?,
        "AuthenticatingAuthority",
    )
}
