//! What a logout message says.

use super::{ExpectedLogout, Logout};
use crate::hub::judge::request::MAX_AGE;
use crate::hub::{Check, Report, RowOutcome};
use crate::saml::{Binding, LogoutRequest, LogoutResponse, names, time as saml_time};
use time::OffsetDateTime;

/// What both messages have.
struct Common<'m> {
    version: &'m str,
    issuer: Option<&'m str>,
    issuer_format: Option<&'m str>,
    destination: Option<&'m str>,
    issued: OffsetDateTime,
}

/// Rows of what it says.
pub(super) fn rows(
    message: &Logout,
    binding: Binding,
    expected: &ExpectedLogout<'_>,
    report: &mut Report,
) {
    match message {
        Logout::Request(request) => {
            let common = Common {
                version: &request.version,
                issuer: request.issuer.as_deref(),
                issuer_format: request.issuer_format.as_deref(),
                destination: request.destination.as_deref(),
                issued: request.issue_instant,
            };
            common_rows(&common, binding, expected, report);
            request_rows(request, expected, report);
        }
        Logout::Response(response) => {
            let common = Common {
                version: &response.version,
                issuer: response.issuer.as_deref(),
                issuer_format: response.issuer_format.as_deref(),
                destination: response.destination.as_deref(),
                issued: response.issue_instant,
            };
            common_rows(&common, binding, expected, report);
            response_rows(response, expected, report);
        }
    }
}

fn common_rows(
    message: &Common<'_>,
    binding: Binding,
    expected: &ExpectedLogout<'_>,
    report: &mut Report,
) {
    match expected.sender {
        None => report.skip(Check::LogoutIssuer, "no sender was given"),
        Some(sender) => {
            let entity = message
                .issuer_format
                .is_none_or(|format| format == names::name_id::ENTITY);
            report.require(
                Check::LogoutIssuer,
                message.issuer == Some(sender) && entity,
                message.issuer.unwrap_or("no Issuer").to_owned(),
                sender.to_owned(),
            );
        }
    }
    report.require(
        Check::LogoutVersion,
        message.version == "2.0",
        message.version.to_owned(),
        "2.0",
    );
    match expected.destination {
        None => report.skip(Check::LogoutDestination, "no address was given"),
        // Only what travels by browser must say where it goes (SAML core §3.2.1; bindings §3.4.5.2, §3.5.5.2).
        Some(_) if binding == Binding::Soap && message.destination.is_none() => {
            report.skip(Check::LogoutDestination, "none, which SOAP allows");
        }
        Some(here) => {
            report.require(
                Check::LogoutDestination,
                message.destination == Some(here),
                message.destination.unwrap_or("none").to_owned(),
                here.to_owned(),
            );
        }
    }
    match expected.now {
        None => report.skip(Check::LogoutIssueInstant, "no time was given"),
        Some(now) => {
            let age = now - message.issued;
            report.require(
                Check::LogoutIssueInstant,
                age <= MAX_AGE + expected.skew && age >= -expected.skew,
                saml_time::format(message.issued),
                format!(
                    "at most {} s before {}",
                    (MAX_AGE + expected.skew).whole_seconds(),
                    saml_time::format(now)
                ),
            );
        }
    }
}

fn request_rows(request: &LogoutRequest, expected: &ExpectedLogout<'_>, report: &mut Report) {
    match (expected.now, request.not_on_or_after) {
        (Some(now), Some(end)) => {
            report.require(
                Check::LogoutExpiry,
                now - expected.skew < end,
                saml_time::format(end),
                format!("after {}", saml_time::format(now - expected.skew)),
            );
        }
        _ => report.skip(Check::LogoutExpiry, "no NotOnOrAfter, or no time was given"),
    }
    let name = request.name_id.as_ref().map(|name| name.value.as_str());
    report.require(
        Check::LogoutNameId,
        name.is_some_and(|name| !name.trim().is_empty()),
        name.unwrap_or("none that can be read").to_owned(),
        "a NameID",
    );
    let outcome = if request.session_indexes.is_empty() {
        RowOutcome::Warn
    } else {
        RowOutcome::Pass
    };
    let found = match request.session_indexes.as_slice() {
        [] => "none".to_owned(),
        some => some.join(" "),
    };
    report.add(
        Check::LogoutSessionIndex,
        outcome,
        found,
        "at least one SessionIndex",
    );
}

fn response_rows(response: &LogoutResponse, expected: &ExpectedLogout<'_>, report: &mut Report) {
    match expected.in_response_to {
        None => report.skip(Check::LogoutInResponseTo, "no request was given"),
        Some(request) => {
            let stated = response.in_response_to.as_deref();
            report.require(
                Check::LogoutInResponseTo,
                stated == Some(request),
                stated.unwrap_or("no InResponseTo").to_owned(),
                request.to_owned(),
            );
        }
    }
    let status = &response.status;
    let found = [Some(&status.code), status.subcode.as_ref()]
        .into_iter()
        .flatten()
        .cloned()
        .collect::<Vec<_>>()
        .join(" / ");
    report.require(
        Check::LogoutStatus,
        status.is_success(),
        found,
        names::status::SUCCESS,
    );
}
