//! A system's AuthnRequest arrives.

use super::identity::path;
use super::judge::request::Asking;
use super::judge::{self, ExpectedRequest, SKEW};
use super::pending::PENDING_LIFETIME;
use super::required::required;
use super::trace::{Direction, Exchange, KeysUsed, Leg};
use super::{
    Accepted, BrowserHash, Check, Context, FlowId, Pending, Refusal, Report, RowOutcome, Source,
    Stage, Trace, UserFacingSystem,
};
use crate::dsig::Policy;
use crate::oiosaml::Level;
use crate::saml::Decoded;
use time::OffsetDateTime;

pub use super::judge::request::MAX_AGE;

/// A system's request that was accepted: everything the later steps need of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginRequest {
    /// entityID of the system.
    pub system: String,
    /// `ID` of the request.
    pub request_id: String,
    /// Where the answer goes, from registered metadata.
    pub acs_url: String,
    /// RelayState, byte for byte.
    pub relay_state: Option<String>,
    /// The level that is needed.
    pub required: Level,
    /// Whether a level too low is refused: not under generation 1.
    pub enforced: bool,
    /// ForceAuthn.
    pub force_authn: bool,
    /// IsPassive.
    pub is_passive: bool,
    /// IDPList.
    pub idp_list: Vec<String>,
}

impl LoginRequest {
    /// The login that begins with it in this browser: it waits for a choice of IdP.
    pub fn pending(self, flow: FlowId, browser: BrowserHash, now: OffsetDateTime) -> Pending {
        Pending {
            flow,
            browser,
            system: self.system,
            request_id: self.request_id,
            acs_url: self.acs_url,
            relay_state: self.relay_state,
            required: self.required,
            enforced: self.enforced,
            force_authn: self.force_authn,
            is_passive: self.is_passive,
            idp_list: self.idp_list,
            chooser: false,
            notice: None,
            remember: false,
            profile: None,
            fault: None,
            started: now,
            expires: now + PENDING_LIFETIME,
            stage: Stage::Choosing,
        }
    }
}

/// What became of it.
#[derive(Debug)]
pub enum Received {
    /// Accepted: go on to [`super::choose`].
    Login(Box<Accepted<LoginRequest>>),
    /// Refused on a local page: the system is unknown, the signature bad, or the ACS foreign.
    Page(Refusal),
    /// Refused with a signed status to the system ([`super::issue::status`]).
    Answer(Box<LoginRequest>, Refusal),
}

/// Judges a request that came to the SingleSignOnService. `raw_query` is kept for the journal.
pub fn receive(
    context: Context<'_>,
    decoded: &Decoded,
    raw_query: Option<&str>,
    trace: &mut Trace,
) -> Received {
    let mut system = None;
    let here = context.hub.url(path::ISSUE);
    let judged = judge::request(decoded, |issuer| {
        system = issuer.and_then(|issuer| context.federation.system(issuer));
        system.map(|system| expected(context, system, &here))
    });
    let (mut report, request) = (judged.report, judged.request);
    if let Some(Asking::Signed(signed)) = &request {
        trace.keys = Some(KeysUsed {
            signed_by: signed.key_id().to_owned(),
            issued: Some(signed.value().issue_instant),
            opened_with: None,
        });
    }
    let login = match (&request, system, judged.acs_url) {
        (Some(asking), Some(system), Some(acs_url)) => {
            let request = asking.told();
            let stated = request.requested_authn_context.as_ref();
            Some(LoginRequest {
                system: system.id.clone(),
                request_id: request.id.clone(),
                acs_url,
                relay_state: decoded.relay_state.clone(),
                required: required(context, system, stated, &mut report, trace),
                enforced: generation(context, system, trace),
                force_authn: request.force_authn.unwrap_or(false),
                is_passive: request.is_passive.unwrap_or(false),
                idp_list: request
                    .scoping
                    .iter()
                    .flat_map(|s| &s.idp_list)
                    .map(|entry| entry.provider_id.clone())
                    .collect(),
            })
        }
        _ => None,
    };
    trace
        .exchanges
        .push(exchange(context.now, decoded, judged.root, system, raw_query).judged(&report));
    decide(report, login)
}

/// What the hub expects of a registered system.
fn expected<'a>(
    context: Context<'a>,
    system: &'a UserFacingSystem,
    here: &'a str,
) -> ExpectedRequest<'a> {
    ExpectedRequest {
        sender: Some(&system.id),
        keys: Some(&system.signing_keys),
        former_keys: &system.former_keys,
        signatures: Policy::Modern,
        destination: Some(here),
        consumers: Some((&system.assertion_consumers, system.default_acs)),
        now: Some(context.now),
        skew: SKEW,
        hub_rules: true,
    }
}

/// A local page where an answer could go to the wrong place, a status to the system everywhere else.
fn decide(report: Report, login: Option<LoginRequest>) -> Received {
    match report.conclude(login, Check::of_requests()) {
        Ok(accepted) => Received::Login(Box::new(accepted)),
        Err((report, login)) => {
            let refusal =
                Refusal::of_report(&report).unwrap_or_else(|| Refusal::of(Check::RequestReadable));
            let only_page = [
                Check::RequestReadable,
                Check::RequestIssuerKnown,
                Check::RequestSigned,
                Check::RequestTrustedKey,
                Check::RequestSignature,
                Check::RequestAcs,
            ];
            let page = only_page
                .into_iter()
                .find(|check| report.outcome(*check) == Some(RowOutcome::Fail));
            match (page, login) {
                (None, Some(login)) => Received::Answer(Box::new(login), refusal),
                (Some(check), _) => Received::Page(Refusal::of(check)),
                (None, None) => Received::Page(refusal),
            }
        }
    }
}

fn generation(context: Context<'_>, system: &UserFacingSystem, trace: &mut Trace) -> bool {
    let two = system.generation.is_two(context.now);
    if !two {
        trace.decide(
            "generation",
            system.id.clone(),
            "Context Handler 1: no level is asked for or refused",
            Source::Confirmed,
        );
    }
    two
}

fn exchange(
    at: OffsetDateTime,
    decoded: &Decoded,
    root: Option<String>,
    system: Option<&UserFacingSystem>,
    raw_query: Option<&str>,
) -> Exchange {
    Exchange {
        at,
        leg: Leg::System,
        direction: Direction::In,
        kind: root.unwrap_or_else(|| "unreadable".to_owned()),
        binding: decoded.binding,
        peer: system.map(|system| system.id.clone()),
        xml: String::from_utf8_lossy(&decoded.xml).into_owned(),
        decrypted: None,
        relay_state: decoded.relay_state.clone(),
        query: raw_query.map(str::to_owned),
        checks: Vec::new(),
    }
}
