//! Class 6: signed well, and not for us, not now, not an answer to this, or no login at all.

use super::Case;
use super::craft::{Craft, cut, open, swap};
use super::party::*;
use time::{Duration, OffsetDateTime};
use vejviser::saml::{Assertion, Conditions, Response, Status, SubjectConfirmation, names};

type Bend = fn(&mut Response, &mut Assertion);

pub fn cases() -> Vec<Case> {
    let mut cases = envelope();
    cases.extend(confirmation());
    cases.extend(conditions());
    cases.extend(statement());
    cases.extend(status());
    cases
}

/// The assertion is signed, the Response is not, and one thing is wrong.
fn bent(name: &str, expect: &str, why: &str, bend: Bend) -> Case {
    answer(name, expect, why, plain(bend))
}

fn bent_whole(name: &str, expect: &str, why: &str, bend: Bend) -> Case {
    answer(name, expect, why, whole(bend))
}

fn fine(name: &str, why: &str, bend: Bend) -> Case {
    good(name, why, plain(bend))
}

/// What our writer does not write: the assertion's text, bent and then signed.
fn text(name: &str, expect: &str, why: &str, from: &str, to: &str) -> Case {
    let bare = swap(assertion().to_element().render().as_str(), from, to);
    let signed = Craft::new("_assertion-1", key(IDP_KEY)).sign(&open(&bare), "_assertion-1");
    let message = around(&response(), &signed);
    match expect {
        "accept" => good(name, why, message),
        _ => answer(name, expect, why, message),
    }
}

fn conditions_of(assertion: &mut Assertion) -> &mut Conditions {
    assertion.conditions.as_mut().unwrap()
}

fn confirmation_of(assertion: &mut Assertion) -> &mut SubjectConfirmation {
    &mut assertion.confirmations[0]
}

fn at(seconds: i64) -> OffsetDateTime {
    NOW + Duration::seconds(seconds)
}

fn envelope() -> Vec<Case> {
    vec![
        bent(
            "06-response-version",
            "IDP-R-011",
            "The Response is of SAML 1.1.",
            |r, _| r.version = "1.1".into(),
        ),
        bent(
            "06-assertion-version",
            "IDP-R-011",
            "The assertion is of SAML 1.1.",
            |_, a| a.version = "1.1".into(),
        ),
        bent(
            "06-destination-slash",
            "IDP-R-012",
            "The Destination has a slash too many at its end.",
            |r, _| r.destination = Some(format!("{ACS}/")),
        ),
        bent(
            "06-destination-other-host",
            "IDP-R-012",
            "The Response is addressed to another hub.",
            |r, _| {
                r.destination = Some("https://other.example/runtime/saml2auth/consume.idp".into())
            },
        ),
        bent_whole(
            "06-destination-missing",
            "IDP-R-012",
            "A signed Response must say where it goes.",
            |r, _| r.destination = None,
        ),
        fine(
            "06-accept-destination-missing",
            "A Response that is not itself signed may leave Destination out; the assertion's Recipient decides.",
            |r, _| r.destination = None,
        ),
        bent(
            "06-in-response-to-other",
            "IDP-R-013",
            "The Response answers another request.",
            |r, _| r.in_response_to = Some("_request-0".into()),
        ),
        bent_whole(
            "06-in-response-to-missing",
            "IDP-R-013",
            "A signed Response that nobody asked for (unsolicited).",
            |r, _| r.in_response_to = None,
        ),
        bent(
            "06-unsolicited",
            "IDP-R-019",
            "Neither the Response nor its assertion answers any request.",
            |r, a| {
                r.in_response_to = None;
                confirmation_of(a).in_response_to = None;
            },
        ),
        bent(
            "06-response-from-the-future",
            "IDP-R-014",
            "The Response was issued four minutes ahead of the hub's clock.",
            |r, _| r.issue_instant = at(240),
        ),
        bent(
            "06-response-old",
            "IDP-R-014",
            "The Response was issued an hour ago.",
            |r, _| r.issue_instant = at(-3600),
        ),
        bent(
            "06-assertion-from-the-future",
            "IDP-R-014",
            "The assertion was issued four minutes ahead of the hub's clock.",
            |_, a| a.issue_instant = at(240),
        ),
        fine(
            "06-accept-clock-ahead",
            "The IdP's clock is just within three minutes ahead.",
            |r, a| {
                r.issue_instant = at(179);
                a.issue_instant = at(179);
                conditions_of(a).not_before = Some(at(179));
                a.authn_statements[0].authn_instant = at(179);
            },
        ),
        answer(
            "06-instant-without-zone",
            "IDP-R-001",
            "IssueInstant without a zone: nobody can say when that was.",
            swap(
                &plain(|_, _| {}),
                "IssueInstant=\"2026-11-21T12:00:00.000Z\"",
                "IssueInstant=\"2026-11-21T12:00:00\"",
            ),
        ),
        answer(
            "06-instant-no-date",
            "IDP-R-001",
            "IssueInstant is no date of any calendar.",
            swap(
                &plain(|_, _| {}),
                "IssueInstant=\"2026-11-21T12:00:00.000Z\"",
                "IssueInstant=\"2026-02-30T12:00:00Z\"",
            ),
        ),
    ]
}

fn confirmation() -> Vec<Case> {
    let data = "</saml:SubjectConfirmationData>";
    vec![
        bent(
            "06-method-holder-of-key",
            "IDP-R-017",
            "The confirmation method is holder-of-key, not bearer.",
            |_, a| {
                confirmation_of(a).method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key".into()
            },
        ),
        bent(
            "06-no-confirmation",
            "IDP-R-017",
            "The assertion has no SubjectConfirmation at all.",
            |_, a| a.confirmations.clear(),
        ),
        fine(
            "06-accept-second-confirmation",
            "Two confirmations, of which the second one is the good bearer.",
            |_, a| {
                let mut first = a.confirmations[0].clone();
                first.method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key".into();
                a.confirmations.insert(0, first);
            },
        ),
        bent(
            "06-recipient-slash",
            "IDP-R-018",
            "The Recipient has a slash too many at its end.",
            |_, a| confirmation_of(a).recipient = Some(format!("{ACS}/")),
        ),
        bent(
            "06-recipient-other-party",
            "IDP-R-018",
            "The assertion was issued to another system, which passes it on to us.",
            |_, a| confirmation_of(a).recipient = Some(SYSTEM_ACS.into()),
        ),
        bent(
            "06-recipient-missing",
            "IDP-R-018",
            "The bearer confirmation has no Recipient.",
            |_, a| confirmation_of(a).recipient = None,
        ),
        bent(
            "06-confirmation-in-response-to",
            "IDP-R-019",
            "The assertion answers another request than the Response says.",
            |_, a| confirmation_of(a).in_response_to = Some("_request-0".into()),
        ),
        bent(
            "06-confirmation-in-response-to-missing",
            "IDP-R-019",
            "The assertion answers no request; only the unsigned Response says so.",
            |_, a| confirmation_of(a).in_response_to = None,
        ),
        bent(
            "06-confirmation-expired-just-now",
            "IDP-R-020",
            "The confirmation expired exactly the allowed three minutes ago.",
            |_, a| confirmation_of(a).not_on_or_after = Some(at(-180)),
        ),
        fine(
            "06-accept-confirmation-within-skew",
            "The confirmation expired less than three minutes ago, which different clocks explain.",
            |_, a| confirmation_of(a).not_on_or_after = Some(at(-179)),
        ),
        bent(
            "06-confirmation-no-end",
            "IDP-R-020",
            "The confirmation has no NotOnOrAfter: it would hold for ever.",
            |_, a| confirmation_of(a).not_on_or_after = None,
        ),
        bent(
            "06-confirmation-not-before",
            "IDP-R-020",
            "A bearer confirmation must not have NotBefore.",
            |_, a| confirmation_of(a).not_before = Some(NOW),
        ),
        text(
            "06-confirmation-zone",
            "IDP-R-020",
            "12:30+01:00 looks like half an hour ahead and was half an hour ago.",
            "NotOnOrAfter=\"2026-11-21T12:05:00.000Z\"",
            "NotOnOrAfter=\"2026-11-21T12:30:00+01:00\"",
        ),
        text(
            "06-accept-confirmation-zone",
            "accept",
            "11:30-01:00 looks like half an hour ago and is half an hour ahead.",
            "NotOnOrAfter=\"2026-11-21T12:05:00.000Z\"",
            "NotOnOrAfter=\"2026-11-21T11:30:00-01:00\"",
        ),
        text(
            "06-confirmation-content",
            "IDP-R-010",
            "SubjectConfirmationData has an element that is no KeyInfo.",
            data,
            "<x xmlns=\"urn:x\"></x></saml:SubjectConfirmationData>",
        ),
    ]
}

fn conditions() -> Vec<Case> {
    let end = "</saml:Conditions>";
    let with = |name: &str, expect: &str, why: &str, what: &str| {
        text(name, expect, why, end, &format!("{what}{end}"))
    };
    vec![
        bent(
            "06-not-before",
            "IDP-R-021",
            "The assertion is valid only in four minutes.",
            |_, a| conditions_of(a).not_before = Some(at(240)),
        ),
        text(
            "06-not-before-zone",
            "IDP-R-021",
            "12:00-01:00 looks like now and is in an hour.",
            "NotBefore=\"2026-11-21T12:00:00.000Z\"",
            "NotBefore=\"2026-11-21T12:00:00-01:00\"",
        ),
        bent(
            "06-not-on-or-after",
            "IDP-R-022",
            "The assertion expired ten minutes ago.",
            |_, a| conditions_of(a).not_on_or_after = Some(at(-600)),
        ),
        bent(
            "06-not-on-or-after-just-now",
            "IDP-R-022",
            "The assertion expired exactly the allowed three minutes ago.",
            |_, a| conditions_of(a).not_on_or_after = Some(at(-180)),
        ),
        text(
            "06-not-on-or-after-zone",
            "IDP-R-022",
            "12:30+01:00 looks like half an hour ahead and was half an hour ago.",
            "NotOnOrAfter=\"2026-11-21T12:10:00.000Z\"",
            "NotOnOrAfter=\"2026-11-21T12:30:00+01:00\"",
        ),
        bent(
            "06-audience-other",
            "IDP-R-023",
            "The assertion is issued for another party.",
            |_, a| conditions_of(a).audience_restrictions = vec![vec![SYSTEM.into()]],
        ),
        bent(
            "06-audience-slash",
            "IDP-R-023",
            "The Audience has a slash too many at its end.",
            |_, a| conditions_of(a).audience_restrictions = vec![vec![format!("{HUB}/")]],
        ),
        bent(
            "06-audience-two-restrictions",
            "IDP-R-023",
            "Two AudienceRestrictions must both hold, and only one of them names the hub.",
            |_, a| {
                conditions_of(a)
                    .audience_restrictions
                    .push(vec![SYSTEM.into()])
            },
        ),
        bent(
            "06-audience-none",
            "IDP-R-023",
            "There is no AudienceRestriction: an assertion for everybody.",
            |_, a| conditions_of(a).audience_restrictions.clear(),
        ),
        bent(
            "06-no-conditions",
            "IDP-R-023",
            "There are no Conditions at all.",
            |_, a| a.conditions = None,
        ),
        fine(
            "06-accept-audience-among-others",
            "One AudienceRestriction that names the hub among others.",
            |_, a| conditions_of(a).audience_restrictions = vec![vec![SYSTEM.into(), HUB.into()]],
        ),
        with(
            "06-audience-empty",
            "IDP-R-010",
            "An AudienceRestriction without Audience.",
            "<saml:AudienceRestriction></saml:AudienceRestriction>",
        ),
        with(
            "06-unknown-condition",
            "IDP-R-024",
            "A Condition that the hub does not know must not be passed over.",
            "<saml:Condition></saml:Condition>",
        ),
        with(
            "06-foreign-condition",
            "IDP-R-024",
            "An element of another namespace among the Conditions.",
            "<x xmlns=\"urn:x\"></x>",
        ),
        fine(
            "06-accept-one-time-use",
            "OneTimeUse: the hub uses every assertion once.",
            |_, a| conditions_of(a).one_time_use = true,
        ),
        with(
            "06-one-time-use-twice",
            "IDP-R-010",
            "OneTimeUse twice.",
            "<saml:OneTimeUse></saml:OneTimeUse><saml:OneTimeUse></saml:OneTimeUse>",
        ),
        bent(
            "06-proxy-restriction",
            "IDP-R-025",
            "ProxyRestriction Count=0 forbids to pass the login on, which is all that the hub does.",
            |_, a| conditions_of(a).proxy_restriction = Some(Some(0)),
        ),
        fine(
            "06-accept-proxy-restriction",
            "ProxyRestriction Count=1 lets the hub pass the login on.",
            |_, a| conditions_of(a).proxy_restriction = Some(Some(1)),
        ),
        with(
            "06-proxy-restriction-audience",
            "IDP-R-024",
            "A ProxyRestriction that names whom the hub may issue to.",
            "<saml:ProxyRestriction><saml:Audience>https://sag.example/saml</saml:Audience></saml:ProxyRestriction>",
        ),
    ]
}

fn statement() -> Vec<Case> {
    vec![
        bent(
            "06-no-authn-statement",
            "IDP-R-026",
            "The assertion does not say that anybody logged in.",
            |_, a| a.authn_statements.clear(),
        ),
        bent(
            "06-two-authn-statements",
            "IDP-R-026",
            "Two AuthnStatements: which login is meant?",
            |_, a| {
                let second = a.authn_statements[0].clone();
                a.authn_statements.push(second);
            },
        ),
        bent(
            "06-authn-instant-future",
            "IDP-R-027",
            "The user will log in an hour from now.",
            |_, a| a.authn_statements[0].authn_instant = at(3600),
        ),
        bent(
            "06-session-ended",
            "IDP-R-028",
            "The IdP's session ended ten minutes ago.",
            |_, a| a.authn_statements[0].session_not_on_or_after = Some(at(-600)),
        ),
        text(
            "06-session-ended-zone",
            "IDP-R-028",
            "12:30+01:00 looks like half an hour ahead and was half an hour ago.",
            "SessionIndex=\"_session-1\"",
            "SessionIndex=\"_session-1\" SessionNotOnOrAfter=\"2026-11-21T12:30:00+01:00\"",
        ),
        text(
            "06-session-end-no-date",
            "IDP-R-010",
            "SessionNotOnOrAfter is no date.",
            "SessionIndex=\"_session-1\"",
            "SessionIndex=\"_session-1\" SessionNotOnOrAfter=\"never\"",
        ),
        bent(
            "06-no-name",
            "IDP-R-038",
            "The assertion names nobody.",
            |_, a| a.name_id = None,
        ),
        bent(
            "06-empty-name",
            "IDP-R-038",
            "The NameID is empty.",
            |_, a| a.name_id.as_mut().unwrap().value = " ".into(),
        )
        .also("IDP-R-030"),
        bent(
            "06-name-format",
            "IDP-R-029",
            "The NameID is of format persistent; the federation's is X509SubjectName.",
            |_, a| a.name_id.as_mut().unwrap().format = Some(names::name_id::PERSISTENT.into()),
        ),
        bent(
            "06-name-without-serial",
            "IDP-R-030",
            "The NameID has no Serial.",
            |_, a| a.name_id.as_mut().unwrap().value = "C=DK,O=22222222,CN=Anna".into(),
        ),
    ]
}

fn status() -> Vec<Case> {
    let refusal = || {
        Status::refusal(
            names::status::RESPONDER,
            Some(names::status::AUTHN_FAILED),
            "no",
        )
    };
    let mut refused = response();
    refused.status = refusal();
    let mut unknown = response();
    unknown.status.code = "urn:oasis:names:tc:SAML:2.0:status:Almost".into();
    let idp = key(IDP_KEY);
    let plain_text = plain(|_, _| {});
    let assertion = cut(&plain_text, "<saml:Assertion", "</saml:Assertion>");
    vec![
        answer("06-status-refusal", "IDP-R-015", "The IdP refused the login, and signed that.",
            signed_response(&refused, None, &idp)),
        answer("06-status-refusal-unsigned", "IDP-R-015", "A refusal that nobody signed.",
            around(&refused, "")).set("warns", "IDP-R-006"),
        answer("06-status-refusal-with-assertion", "IDP-R-015", "The status says no, and a good assertion stands beside it.",
            Craft::new("_response-1", idp.clone()).sign(&open(&around(&refused, assertion)), "_response-1")),
        answer("06-status-unknown-with-assertion", "IDP-R-015", "A status code that SAML does not know is no success, whatever stands beside it.",
            around(&unknown, assertion)).set("warns", "IDP-R-006"),
        answer("06-status-missing", "IDP-R-001", "The Response has no Status.",
            swap(&plain_text, cut(&plain_text, "<samlp:Status>", "</samlp:Status>"), "")),
        answer("06-status-second-level-success", "IDP-R-015", "Success only at the second level: the first one says Responder.",
            swap(&plain_text, "Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\">",
                "Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode>"))
            .set("warns", "IDP-R-006"),
        answer("06-request-instead", "IDP-R-001", "An AuthnRequest where a Response should be.",
            super::c11_request::request().to_element().render().as_str().to_owned()),
    ]
}
