//! How a demo system judges the hub's Response: by the same path as the hub judges an IdP's.

use super::issued;
use super::page::{AttributeRow, FailedRow};
use super::system::{LoggedIn, System};
use crate::dsig::{DecryptPolicy, Policy};
use crate::edge::page::Text;
use crate::hub::acs::claimed_in_response_to;
use crate::hub::judge::{self, Content, Expected, IdentityRules};
use crate::hub::rollover::Heard;
use crate::hub::trace::Finding;
use crate::hub::verdict::finding::{OTHER_BROWSER, RELAY_STATE};
use crate::hub::{Check, RowOutcome};
use crate::oiosaml::attributes::{ASSURANCE_LEVEL, LOA};
use crate::oiosaml::{Level, Nist, Nsis, OiosamlVersion, SubjectName};
use crate::saml::binding::decode_post;
use crate::saml::{Assertion, Status};
use time::Duration;

/// What the system makes of an answer.
pub enum Verdict {
    /// The user is logged in.
    LoggedIn(LoggedIn),
    /// The hub says no, signed.
    Status(Status),
    /// The system does not believe it.
    Refused {
        /// For people.
        what: &'static str,
        /// What failed.
        rows: Vec<FailedRow>,
    },
}

/// Judges the body of a POST to the AssertionConsumerService. What was begun is used up only by an answer
/// that the hub signed, so that junk cannot end somebody's login.
pub fn of(system: &System, body: &[u8], browser: &str) -> Verdict {
    let t = Text::current();
    let refused = |what| Verdict::Refused {
        what,
        rows: Vec::new(),
    };
    let Ok(decoded) = decode_post(body) else {
        return refused(t.answer_unreadable);
    };
    let answers = claimed_in_response_to(&decoded);
    let tell = |findings: Vec<Finding>| {
        if let Some(request) = &answers {
            let reports = &system.hub.reports;
            reports.of_system(&system.entity_id, request, findings);
        }
    };
    let relay_state = decoded.relay_state.clone().unwrap_or_default();
    let Some(begun) = system.begun.get(&relay_state) else {
        tell(vec![lost(RELAY_STATE, &relay_state)]);
        return refused(t.answer_unasked);
    };
    if begun.browser != browser {
        tell(vec![lost(OTHER_BROWSER, "")]);
        return refused(t.answer_elsewhere);
    }
    let acs = system.acs();
    let (trust, own) = (system.keys.trust(&system.hub), system.keys.own(&system.hub));
    let judged = judge::response(
        &decoded.xml,
        &Expected {
            sender: Some(&system.hub.entity_id),
            keys: &trust.keys,
            former_keys: &[],
            decryption_keys: &own.decryption,
            signatures: Policy::Modern,
            encryption: DecryptPolicy::CbcToo,
            audience: Some(&system.entity_id),
            acs: Some(&acs),
            in_response_to: Some(&begun.request_id),
            now: Some(system.clock.now()),
            skew: Duration::seconds(180),
            forced_at: begun.forced_at,
            proxies: false,
            unsigned_status: false,
            identity: Some(IdentityRules {
                contexts: None,
                x509_subject_name: true,
                version: system.profile,
            }),
        },
    );
    let rows = judged
        .report
        .findings()
        .into_iter()
        .filter(|row| row.outcome == RowOutcome::Fail)
        .map(|row| FailedRow {
            id: row.check.info().id.to_owned(),
            what: t.pick(row.check.info().what).to_owned(),
            found: row.found.to_string(),
            expected: row.expected.to_string(),
        });
    // A signed status fails the row that wants Success, and that is all it may fail.
    let fails = |check| {
        judged
            .report
            .rows()
            .iter()
            .any(|row| row.outcome == RowOutcome::Fail && row.check != check)
    };
    match judged.content {
        Content::Status(status)
            if !fails(Check::ResponseStatus) && system.begun.take(&relay_state).is_some() =>
        {
            Verdict::Status(status.value().clone())
        }
        Content::Assertion(assertion)
            if judged.report.reason().is_none() && system.begun.take(&relay_state).is_some() =>
        {
            system.keys.tell(&system.hub, Heard::Worked);
            Verdict::LoggedIn(logged_in(assertion.value(), system.profile))
        }
        _ => {
            let rows: Vec<FailedRow> = rows.collect();
            if let Some(row) = rows.first() {
                system.keys.tell(&system.hub, Heard::Failed(row.id.clone()));
            }
            tell(rows.iter().map(finding).collect());
            Verdict::Refused {
                what: t.answer_refused,
                rows,
            }
        }
    }
}

fn finding(row: &FailedRow) -> Finding {
    Finding {
        id: row.id.clone(),
        found: row.found.clone(),
        expected: row.expected.clone(),
    }
}

/// What began the login cannot be found again.
fn lost(id: &str, found: &str) -> Finding {
    Finding {
        id: id.to_owned(),
        found: found.to_owned(),
        expected: "the RelayState and the browser of a login that the system began".to_owned(),
    }
}

fn logged_in(assertion: &Assertion, profile: OiosamlVersion) -> LoggedIn {
    let name_id = assertion
        .name_id
        .as_ref()
        .map(|name| name.value.clone())
        .unwrap_or_default();
    let statement = assertion.authn_statements.first();
    LoggedIn {
        name: SubjectName::parse(&name_id)
            .map_or_else(|_| name_id.clone(), |subject| subject.common_name),
        name_id,
        level: level(assertion, profile),
        class_ref: statement
            .and_then(|statement| statement.class_ref.clone())
            .unwrap_or_default(),
        authority: statement
            .and_then(|statement| statement.authenticating_authorities.first().cloned())
            .unwrap_or_default(),
        roles: issued::of(&assertion.attributes),
        attributes: assertion
            .attributes
            .iter()
            .map(|a| AttributeRow {
                name: a.name.clone(),
                values: a.values.clone(),
            })
            .collect(),
    }
}

/// The level in the attribute of the system's profile, else in the other one.
fn level(assertion: &Assertion, profile: OiosamlVersion) -> Option<Level> {
    let nsis = || assertion.values(LOA).find_map(Nsis::parse).map(Level::Nsis);
    let nist = || {
        assertion
            .values(ASSURANCE_LEVEL)
            .find_map(Nist::parse)
            .map(Level::Nist)
    };
    match profile {
        OiosamlVersion::V2 => nist().or_else(nsis),
        OiosamlVersion::V3 => nsis().or_else(nist),
    }
}
