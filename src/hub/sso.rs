//! A system's AuthnRequest arrives.

use super::identity::path;
use super::required::required;
use super::trace::{Direction, Exchange, Leg};
use super::{
    Accepted, Check, Context, Refusal, Report, RowOutcome, Source, Trace, UserFacingSystem,
};
use crate::dsig::{self, Policy, SignatureError};
use crate::oiosaml::Level;
use crate::saml::{AuthnRequest, Binding, Decoded, MessageField, names, time as saml_time};
use crate::xml::Document;
use time::Duration;

/// How old a request may be. It may be repeated in that time: people press “back”.
pub const MAX_AGE: Duration = Duration::minutes(5);

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
    let mut report = Report::default();
    let document = Document::parse(&decoded.xml);
    let request = read(decoded, &document, &mut report);
    let system = request
        .as_ref()
        .and_then(|request| known(context, request, &mut report));
    let login = match (request, system) {
        (Some(claimed), Some(system)) => {
            let request = authenticate(decoded, &document, claimed, system, &mut report);
            judge(context, &request, &mut report);
            acs(&request, system, &mut report).map(|acs_url| LoginRequest {
                system: system.id.clone(),
                request_id: request.id.clone(),
                acs_url,
                relay_state: decoded.relay_state.clone(),
                required: required(
                    context,
                    system,
                    request.requested_authn_context.as_ref(),
                    &mut report,
                    trace,
                ),
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
        .push(exchange(decoded, &document, system, raw_query).judged(&report));
    decide(report, login)
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

fn read(
    decoded: &Decoded,
    document: &Result<Document, crate::xml::XmlError>,
    report: &mut Report,
) -> Option<AuthnRequest> {
    let read = match (decoded.field, document) {
        (MessageField::Response, _) => Err("SAMLResponse".to_owned()),
        (_, Err(error)) => Err(error.to_string()),
        (_, Ok(document)) => AuthnRequest::read(document.root()).map_err(|error| error.to_string()),
    };
    match read {
        Ok(request) => {
            report.add(
                Check::RequestReadable,
                RowOutcome::Pass,
                "AuthnRequest",
                "a SAML 2.0 AuthnRequest",
            );
            Some(request)
        }
        Err(found) => {
            report.add(
                Check::RequestReadable,
                RowOutcome::Fail,
                found,
                "a SAML 2.0 AuthnRequest",
            );
            None
        }
    }
}

fn known<'f>(
    context: Context<'f>,
    request: &AuthnRequest,
    report: &mut Report,
) -> Option<&'f UserFacingSystem> {
    let issuer = request.issuer.as_deref();
    let system = issuer.and_then(|issuer| context.federation.system(issuer));
    report.require(
        Check::RequestIssuerKnown,
        system.is_some(),
        issuer.unwrap_or("no Issuer").to_owned(),
        "the entityID of a registered system",
    );
    system
}

/// Verifies what the binding demands: the query signature of a Redirect (over the octets as received), the
/// enveloped signature of a POST. An enveloped signature inside a Redirect message must be good as well:
/// whatever is signed badly fails closed. The request is read again from what was signed.
fn authenticate(
    decoded: &Decoded,
    document: &Result<Document, crate::xml::XmlError>,
    claimed: AuthnRequest,
    system: &UserFacingSystem,
    report: &mut Report,
) -> AuthnRequest {
    let keys = &system.signing_keys;
    let Ok(document) = document else {
        return claimed;
    };
    let count = if keys.is_empty() {
        "none".to_owned()
    } else {
        format!("{} registered", keys.len())
    };
    let has_key = report.require(
        Check::RequestTrustedKey,
        !keys.is_empty(),
        count,
        "at least one registered key",
    );
    let enveloped = dsig::has_signature(document.root());
    let signed = match decoded.binding {
        Binding::Redirect => decoded.query_signature.is_some(),
        Binding::Post => enveloped,
    };
    report.require(
        Check::RequestSigned,
        signed,
        if signed { "signed" } else { "not signed" },
        "signed",
    );
    if !signed || !has_key {
        report.skip(Check::RequestSignature, "no signature or no key");
        return claimed;
    }
    let mut verified: Result<String, SignatureError> = Err(SignatureError::Missing);
    if let Some(signature) = &decoded.query_signature {
        verified = dsig::verify_query(
            &signature.octets,
            &signature.algorithm,
            &signature.value,
            keys,
            Policy::Modern,
        )
        .map(|(_, algorithm)| algorithm.uri().to_owned());
    }
    let mut request = claimed;
    if enveloped && (decoded.binding == Binding::Post || verified.is_ok()) {
        verified = dsig::verify(document.root(), keys, Policy::Modern).and_then(|xml| {
            request = AuthnRequest::read(xml.root())
                .map_err(|error| SignatureError::Structure(error.to_string()))?;
            Ok(xml.algorithm().uri().to_owned())
        });
    }
    match verified {
        Ok(algorithm) => report.add(
            Check::RequestSignature,
            RowOutcome::Pass,
            algorithm,
            "a registered key",
        ),
        Err(error) => report.add(
            Check::RequestSignature,
            RowOutcome::Fail,
            error.to_string(),
            "a registered key",
        ),
    }
    request
}

fn judge(context: Context<'_>, request: &AuthnRequest, report: &mut Report) {
    report.require(
        Check::RequestVersion,
        request.version == "2.0",
        request.version.clone(),
        "2.0",
    );
    let here = context.hub.url(path::ISSUE);
    // SAML bindings §3.4.5.2, §3.5.5.2: a signed message that travels by browser must say where it goes.
    let destination = request.destination.as_deref();
    report.require(
        Check::RequestDestination,
        destination == Some(here.as_str()),
        destination.unwrap_or("none").to_owned(),
        here,
    );
    let age = context.now - request.issue_instant;
    let in_time = age <= MAX_AGE && age >= -super::judge::SKEW;
    report.require(
        Check::RequestIssueInstant,
        in_time,
        saml_time::format(request.issue_instant),
        format!(
            "at most {} s before {}",
            MAX_AGE.whole_seconds(),
            saml_time::format(context.now)
        ),
    );
    let binding = request.protocol_binding.as_deref();
    report.require(
        Check::RequestProtocolBinding,
        binding.is_none_or(|binding| binding == names::binding::POST),
        binding.unwrap_or("none").to_owned(),
        names::binding::POST,
    );
    let count = request
        .scoping
        .as_ref()
        .and_then(|scoping| scoping.proxy_count);
    report.require(
        Check::RequestProxyCount,
        count != Some(0),
        count.map_or("none".to_owned(), |n| n.to_string()),
        "none, or at least 1",
    );
    match &request.name_id_policy {
        None => report.skip(Check::RequestNameIdPolicy, "no NameIDPolicy"),
        Some(policy) => {
            let format = policy
                .format
                .as_deref()
                .unwrap_or(names::name_id::UNSPECIFIED);
            let fits = [
                names::name_id::UNSPECIFIED,
                names::name_id::X509_SUBJECT_NAME,
            ]
            .contains(&format);
            report.add(
                Check::RequestNameIdPolicy,
                if fits {
                    RowOutcome::Pass
                } else {
                    RowOutcome::Warn
                },
                format.to_owned(),
                names::name_id::X509_SUBJECT_NAME,
            );
        }
    }
}

/// The answer's address: by URL or index, but only one of the registered ones, compared byte for byte.
fn acs(request: &AuthnRequest, system: &UserFacingSystem, report: &mut Report) -> Option<String> {
    let registered = &system.assertion_consumers;
    let expected = registered
        .iter()
        .map(|acs| acs.endpoint.location.as_str())
        .collect::<Vec<_>>()
        .join(" or ");
    let (found, chosen) = match (&request.acs_url, request.acs_index) {
        (Some(url), None) => (
            url.clone(),
            registered.iter().find(|acs| acs.endpoint.location == *url),
        ),
        (None, Some(index)) => (
            format!("index {index}"),
            registered.iter().find(|acs| acs.index == index),
        ),
        (None, None) => (
            "none: the default one".to_owned(),
            registered.get(system.default_acs),
        ),
        (Some(url), Some(index)) => (format!("both {url} and index {index}"), None),
    };
    report.require(Check::RequestAcs, chosen.is_some(), found, expected);
    chosen.map(|acs| acs.endpoint.location.clone())
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
    decoded: &Decoded,
    document: &Result<Document, crate::xml::XmlError>,
    system: Option<&UserFacingSystem>,
    raw_query: Option<&str>,
) -> Exchange {
    Exchange {
        leg: Leg::System,
        direction: Direction::In,
        kind: document
            .as_ref()
            .map_or("unreadable".to_owned(), |document| {
                document.root().local().to_owned()
            }),
        binding: decoded.binding,
        peer: system.map(|system| system.id.clone()),
        xml: String::from_utf8_lossy(&decoded.xml).into_owned(),
        decrypted: None,
        relay_state: decoded.relay_state.clone(),
        query: raw_query.map(str::to_owned),
        checks: Vec::new(),
    }
}
