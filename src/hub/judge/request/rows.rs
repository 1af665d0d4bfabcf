//! What a request says.

use super::{ExpectedRequest, MAX_AGE};
use crate::hub::{Check, Report, RowOutcome};
use crate::saml::{AuthnRequest, names, time as saml_time};
use crate::xml::beginning;

/// Rows of what it says.
pub(super) fn rows(request: &AuthnRequest, expected: &ExpectedRequest<'_>, report: &mut Report) {
    report.require(
        Check::RequestVersion,
        request.version == "2.0",
        request.version.clone(),
        "2.0",
    );
    // SAML bindings §3.4.5.2, §3.5.5.2: a signed message that travels by browser must say where it goes.
    match expected.destination {
        None => report.skip(Check::RequestDestination, "no address was given"),
        Some(here) => {
            let destination = request.destination.as_deref();
            report.require(
                Check::RequestDestination,
                destination == Some(here),
                destination.unwrap_or("none").to_owned(),
                here.to_owned(),
            );
        }
    }
    match expected.now {
        None => report.skip(Check::RequestIssueInstant, "no time was given"),
        Some(now) => {
            let age = now - request.issue_instant;
            report.require(
                Check::RequestIssueInstant,
                age <= MAX_AGE && age >= -expected.skew,
                saml_time::format(request.issue_instant),
                format!(
                    "at most {} s before {}",
                    MAX_AGE.whole_seconds(),
                    saml_time::format(now)
                ),
            );
        }
    }
    let binding = request.protocol_binding.as_deref();
    if expected.hub_rules {
        report.require(
            Check::RequestProtocolBinding,
            binding.is_none_or(|binding| binding == names::binding::POST),
            binding.unwrap_or("none").to_owned(),
            names::binding::POST,
        );
    } else {
        report.skip(Check::RequestProtocolBinding, "a rule of the federation");
    }
    let scoping = request.scoping.as_ref();
    let count = scoping.and_then(|scoping| scoping.proxy_count);
    report.require(
        Check::RequestProxyCount,
        count != Some(0),
        count.map_or("none".to_owned(), |n| n.to_string()),
        "none, or at least 1",
    );
    name_id_policy(request, expected, report);
}

fn name_id_policy(request: &AuthnRequest, expected: &ExpectedRequest<'_>, report: &mut Report) {
    let policy = match &request.name_id_policy {
        Some(policy) if expected.hub_rules => policy,
        Some(_) => return report.skip(Check::RequestNameIdPolicy, "a rule of the federation"),
        None => return report.skip(Check::RequestNameIdPolicy, "no NameIDPolicy"),
    };
    let format = (policy.format.as_deref()).unwrap_or(names::name_id::UNSPECIFIED);
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
        beginning(format),
        names::name_id::X509_SUBJECT_NAME,
    );
}

/// The answer's address: by URL or index, but only one of the registered ones, compared byte for byte.
pub(super) fn acs(
    request: &AuthnRequest,
    expected: &ExpectedRequest<'_>,
    report: &mut Report,
) -> Option<String> {
    let Some((registered, default)) = expected.consumers else {
        report.skip(
            Check::RequestAcs,
            "no AssertionConsumerService of the sender was given",
        );
        return None;
    };
    let wanted = registered
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
        (None, None) => ("none: the default one".to_owned(), registered.get(default)),
        (Some(url), Some(index)) => (format!("both {url} and index {index}"), None),
    };
    report.require(Check::RequestAcs, chosen.is_some(), found, wanted);
    chosen.map(|acs| acs.endpoint.location.clone())
}
