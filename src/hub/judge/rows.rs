//! What it says: the rows of SAML's own rules.

use super::{Expected, MAX_AGE};
use crate::hub::{Check, Report, RowOutcome};
use crate::saml::{
    Assertion, AuthnStatement, Conditions, Response, SubjectConfirmation, names, time as saml_time,
};
use time::{Duration, OffsetDateTime};

/// Rows of the Response around the assertion.
pub(super) fn envelope(
    response: &Response,
    signed: bool,
    expected: &Expected<'_>,
    report: &mut Report,
) {
    match (expected.sender, &response.issuer) {
        (None, _) => report.skip(Check::ResponseIssuer, "no sender was given"),
        (Some(sender), Some(issuer)) => {
            let entity = response
                .issuer_format
                .as_deref()
                .is_none_or(|format| format == names::name_id::ENTITY);
            report.require(
                Check::ResponseIssuer,
                issuer == sender && entity,
                issuer.clone(),
                sender.to_owned(),
            );
        }
        // SAML profiles §4.1.4.2: optional where the Response is not signed; the assertion's own decides.
        (Some(sender), None) => {
            report.require(
                Check::ResponseIssuer,
                !signed,
                "no Issuer",
                sender.to_owned(),
            );
        }
    }
    if response.version != "2.0" {
        report.add(
            Check::ResponseVersion,
            RowOutcome::Fail,
            response.version.clone(),
            "2.0",
        );
    }
    match (expected.acs, &response.destination) {
        (None, _) => report.skip(
            Check::ResponseDestination,
            "no AssertionConsumerService was given",
        ),
        (Some(acs), Some(destination)) => {
            report.require(
                Check::ResponseDestination,
                destination == acs,
                destination.clone(),
                acs.to_owned(),
            );
        }
        // SAML bindings §3.5.5.2: a signed message must say where it goes.
        (Some(acs), None) => {
            report.require(
                Check::ResponseDestination,
                !signed,
                "no Destination",
                acs.to_owned(),
            );
        }
    }
    match (expected.in_response_to, &response.in_response_to) {
        (None, _) => report.skip(Check::ResponseInResponseTo, "no request was given"),
        (Some(request), Some(stated)) => {
            report.require(
                Check::ResponseInResponseTo,
                stated == request,
                stated.clone(),
                request.to_owned(),
            );
        }
        (Some(request), None) => {
            report.require(
                Check::ResponseInResponseTo,
                !signed && response.status.is_success(),
                "no InResponseTo",
                request.to_owned(),
            );
        }
    }
    if let Some(found) = issued_out_of_time(response.issue_instant, expected) {
        report.add(
            Check::ResponseIssueInstant,
            RowOutcome::Fail,
            found,
            within(expected),
        );
    }
    let status = &response.status;
    let found = match (&status.subcode, &status.message) {
        (None, None) => status.code.clone(),
        (subcode, message) => [Some(&status.code), subcode.as_ref(), message.as_ref()]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(" / "),
    };
    report.require(
        Check::ResponseStatus,
        status.is_success(),
        found,
        names::status::SUCCESS,
    );
}

/// Rows of the assertion.
pub(super) fn assertion(assertion: &Assertion, expected: &Expected<'_>, report: &mut Report) {
    match expected.sender {
        None => report.skip(Check::AssertionIssuer, "no sender was given"),
        Some(sender) => {
            let entity = assertion
                .issuer_format
                .as_deref()
                .is_none_or(|format| format == names::name_id::ENTITY);
            report.require(
                Check::AssertionIssuer,
                assertion.issuer == sender && entity,
                assertion.issuer.clone(),
                sender.to_owned(),
            );
        }
    }
    if report.outcome(Check::ResponseVersion).is_none() {
        report.require(
            Check::ResponseVersion,
            assertion.version == "2.0",
            assertion.version.clone(),
            "2.0",
        );
    }
    if report.outcome(Check::ResponseIssueInstant).is_none() {
        match (
            expected.now,
            issued_out_of_time(assertion.issue_instant, expected),
        ) {
            (None, _) => report.skip(Check::ResponseIssueInstant, "no time was given"),
            (_, None) => report.add(
                Check::ResponseIssueInstant,
                RowOutcome::Pass,
                saml_time::format(assertion.issue_instant),
                within(expected),
            ),
            (_, Some(found)) => report.add(
                Check::ResponseIssueInstant,
                RowOutcome::Fail,
                found,
                within(expected),
            ),
        }
    }
    confirmation(&assertion.confirmations, expected, report);
    conditions(assertion.conditions.as_ref(), expected, report);
    match assertion.authn_statements.as_slice() {
        [statement] => {
            report.add(Check::AuthnStatement, RowOutcome::Pass, "1", "1");
            authn_statement(statement, expected, report);
        }
        other => {
            report.add(
                Check::AuthnStatement,
                RowOutcome::Fail,
                other.len().to_string(),
                "1",
            );
        }
    }
}

/// SAML profiles §4.1.4.2: one bearer confirmation for us. The first that fits in every way counts; where
/// none does, the first bearer one is told about.
fn confirmation(
    confirmations: &[SubjectConfirmation],
    expected: &Expected<'_>,
    report: &mut Report,
) {
    let bearers = || confirmations.iter().filter(|c| c.method == names::BEARER);
    let rows = |c: &SubjectConfirmation| {
        let mut rows = Report::default();
        match (expected.acs, &c.recipient) {
            (None, _) => rows.skip(
                Check::ConfirmationRecipient,
                "no AssertionConsumerService was given",
            ),
            (Some(acs), recipient) => {
                rows.require(
                    Check::ConfirmationRecipient,
                    recipient.as_deref() == Some(acs),
                    or_none(recipient),
                    acs.to_owned(),
                );
            }
        }
        match (expected.in_response_to, &c.in_response_to) {
            (None, _) => rows.skip(Check::ConfirmationInResponseTo, "no request was given"),
            (Some(request), stated) => {
                rows.require(
                    Check::ConfirmationInResponseTo,
                    stated.as_deref() == Some(request),
                    or_none(stated),
                    request.to_owned(),
                );
            }
        }
        let (holds, found) = match (expected.now, c.not_before, c.not_on_or_after) {
            (_, Some(not_before), _) => (
                false,
                format!("NotBefore {}", saml_time::format(not_before)),
            ),
            (_, None, None) => (false, "no NotOnOrAfter".to_owned()),
            (None, None, Some(end)) => (true, saml_time::format(end)),
            (Some(now), None, Some(end)) => (now - expected.skew < end, saml_time::format(end)),
        };
        rows.require(Check::ConfirmationTime, holds, found, now_text(expected));
        rows
    };
    let mut judged = bearers().map(rows);
    let Some(first) = judged.next() else {
        let methods: Vec<&str> = confirmations.iter().map(|c| c.method.as_str()).collect();
        report.add(
            Check::SubjectConfirmation,
            RowOutcome::Fail,
            if methods.is_empty() {
                "none".to_owned()
            } else {
                methods.join(" ")
            },
            names::BEARER,
        );
        return;
    };
    report.add(
        Check::SubjectConfirmation,
        RowOutcome::Pass,
        names::BEARER,
        names::BEARER,
    );
    let best = if first.reason().is_none() {
        first
    } else {
        judged.find(|rows| rows.reason().is_none()).unwrap_or(first)
    };
    report.extend(best);
}

fn conditions(conditions: Option<&Conditions>, expected: &Expected<'_>, report: &mut Report) {
    let none = Conditions::default();
    let conditions = conditions.unwrap_or(&none);
    match (expected.now, conditions.not_before) {
        (Some(now), Some(start)) => {
            report.require(
                Check::ConditionsNotBefore,
                start <= now + expected.skew,
                saml_time::format(start),
                now_text(expected),
            );
        }
        _ => report.skip(
            Check::ConditionsNotBefore,
            "no NotBefore, or no time was given",
        ),
    }
    match (expected.now, conditions.not_on_or_after) {
        (Some(now), Some(end)) => {
            report.require(
                Check::ConditionsNotOnOrAfter,
                now - expected.skew < end,
                saml_time::format(end),
                now_text(expected),
            );
        }
        _ => report.skip(
            Check::ConditionsNotOnOrAfter,
            "no NotOnOrAfter, or no time was given",
        ),
    }
    match expected.audience {
        // SAML profiles §4.1.4.2: one must be there, whomever it names.
        None if conditions.audience_restrictions.is_empty() => {
            report.add(
                Check::Audience,
                RowOutcome::Fail,
                "none",
                "an AudienceRestriction",
            );
        }
        None => report.skip(Check::Audience, "no entityID was given"),
        Some(me) => {
            let restrictions = &conditions.audience_restrictions;
            let holds = !restrictions.is_empty()
                && restrictions
                    .iter()
                    .all(|audiences| audiences.iter().any(|a| a == me));
            let found = if restrictions.is_empty() {
                "none".to_owned()
            } else {
                restrictions
                    .iter()
                    .map(|a| a.join(" or "))
                    .collect::<Vec<_>>()
                    .join(" and ")
            };
            report.require(Check::Audience, holds, found, me.to_owned());
        }
    }
    let unknown = &conditions.unknown;
    report.require(
        Check::UnknownCondition,
        unknown.is_empty(),
        if unknown.is_empty() {
            "none".to_owned()
        } else {
            unknown.join(" ")
        },
        "none",
    );
    let forbids = expected.proxies && conditions.proxy_restriction == Some(Some(0));
    report.require(
        Check::ProxyRestriction,
        !forbids,
        if forbids { "Count=0" } else { "none" },
        "none that forbids passing on",
    );
}

fn authn_statement(statement: &AuthnStatement, expected: &Expected<'_>, report: &mut Report) {
    let Some(now) = expected.now else {
        report.skip(Check::AuthnInstant, "no time was given");
        report.skip(Check::SessionNotOnOrAfter, "no time was given");
        return;
    };
    let instant = statement.authn_instant;
    let forced = expected
        .forced_at
        .is_none_or(|sent| instant >= sent - expected.skew);
    let text = match expected.forced_at {
        Some(sent) => format!(
            "after {} (ForceAuthn), and not in the future",
            saml_time::format(sent)
        ),
        None => "not in the future".to_owned(),
    };
    report.require(
        Check::AuthnInstant,
        instant <= now + expected.skew && forced,
        saml_time::format(instant),
        text,
    );
    match statement.session_not_on_or_after {
        None => report.skip(Check::SessionNotOnOrAfter, "no SessionNotOnOrAfter"),
        Some(end) => {
            report.require(
                Check::SessionNotOnOrAfter,
                now - expected.skew < end,
                saml_time::format(end),
                now_text(expected),
            );
        }
    }
}

fn issued_out_of_time(issued: OffsetDateTime, expected: &Expected<'_>) -> Option<String> {
    let now = expected.now?;
    let late = issued > now + expected.skew;
    let old = issued < now - MAX_AGE - expected.skew;
    (late || old).then(|| saml_time::format(issued))
}

fn within(expected: &Expected<'_>) -> String {
    match expected.now {
        Some(now) => about("at most ", MAX_AGE + expected.skew, " before ", now),
        None => "a time".to_owned(),
    }
}

fn now_text(expected: &Expected<'_>) -> String {
    match expected.now {
        Some(now) => about("within ", expected.skew, " of ", now),
        None => "a time".to_owned(),
    }
}

fn about(before: &str, span: Duration, between: &str, now: OffsetDateTime) -> String {
    let seconds = span.whole_seconds().to_string();
    [before, &seconds, " s", between, &saml_time::format(now)].concat()
}

fn or_none(value: &Option<String>) -> String {
    value.clone().unwrap_or_else(|| "none".to_owned())
}
