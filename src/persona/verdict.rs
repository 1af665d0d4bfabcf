//! How a demo system judges the hub's Response: by the same path as the hub judges an IdP's.

use super::issued;
use super::page::{AttributeRow, FailedRow};
use super::strict::{self, Carries, Judgement, Objection};
use super::system::{Begun, LoggedIn, System};
use crate::config::Defect;
use crate::dsig::{DecryptPolicy, Policy, hex};
use crate::edge::page::Text;
use crate::hub::acs::claimed_in_response_to;
use crate::hub::judge::{self, Expected, IdentityRules};
use crate::hub::rollover::Heard;
use crate::hub::trace::Finding;
use crate::hub::verdict::finding::{OTHER_BROWSER, RELAY_STATE};
use crate::oiosaml::attributes::{ASSURANCE_LEVEL, LOA};
use crate::oiosaml::{Level, Nist, Nsis, OiosamlVersion, SubjectName};
use crate::saml::{Assertion, Decoded, NameId, Status};
use openssl::sha::sha256;
use std::sync::Arc;
use time::Duration;

/// What the system makes of an answer.
pub enum Verdict {
    /// The user is logged in.
    LoggedIn(Arc<LoggedIn>),
    /// The hub says no, signed.
    Status(Status),
    /// The system does not believe it.
    Refused {
        /// For people.
        what: &'static str,
        /// What failed.
        rows: Vec<FailedRow>,
    },
    /// The system breaks over it.
    Broken,
}

/// Judges a message to the AssertionConsumerService. What was begun is used up only by an answer
/// that the hub signed, so that junk cannot end somebody's login.
pub fn of(system: &System, decoded: &Decoded, browser: &str) -> Verdict {
    let t = Text::current();
    let refused = |what| Verdict::Refused {
        what,
        rows: Vec::new(),
    };
    let answers = claimed_in_response_to(decoded);
    let tell = |findings: Vec<Finding>| {
        if let Some(request) = &answers {
            let reports = &system.hub.reports;
            reports.of_system(&system.entity_id, request, findings);
        }
    };
    if system.demo.has(Defect::AcceptsReplay)
        && let Some(session) = system.answered.get(&fingerprint(decoded))
    {
        return Verdict::LoggedIn(session);
    }
    let relay_state = decoded.relay_state.clone().unwrap_or_default();
    // Whoever does with RelayState as it likes has to find the login by something else.
    let handle = match &answers {
        Some(answers) if system.demo.has(Defect::FollowsRelayState) => answers.clone(),
        _ => relay_state.clone(),
    };
    let begun = system.begun.get(&handle);
    let unsolicited = answers.is_none() && system.demo.has(Defect::AcceptsUnsolicited);
    if begun.is_none() && !unsolicited {
        tell(vec![lost(RELAY_STATE, &relay_state)]);
        return refused(t.answer_unasked);
    }
    let elsewhere = begun.as_ref().is_some_and(|begun| begun.browser != browser);
    if elsewhere && !system.demo.has(Defect::IgnoresBrowser) {
        tell(vec![lost(OTHER_BROWSER, "")]);
        return refused(t.answer_elsewhere);
    }
    let judgement = judged(system, decoded, begun.as_ref());
    if judgement.broke {
        return Verdict::Broken;
    }
    let used = || begun.is_none() || system.begun.take(&handle).is_some();
    // A signed status fails the row that wants Success, and that is all it may fail.
    match judgement.carries {
        Carries::Status(status) if !judgement.fails_but_status() && used() => {
            Verdict::Status(status)
        }
        Carries::Assertion(assertion) if judgement.objections.is_empty() && used() => {
            system.keys.tell(&system.hub, Heard::Worked);
            let session = Arc::new(logged_in(&assertion, system.profile));
            if system.demo.is_strict() {
                system.answered.put(fingerprint(decoded), session.clone());
            }
            Verdict::LoggedIn(session)
        }
        _ => {
            let rows = rows(&judgement.objections);
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

fn judged(system: &System, decoded: &Decoded, begun: Option<&Begun>) -> Judgement {
    let acs = system.acs();
    let (keys, own) = (system.held_keys(), system.keys.own(&system.hub));
    let forced_at = begun.and_then(|begun| begun.forced_at);
    let expected = Expected {
        sender: Some(&system.hub.entity_id),
        keys: &keys,
        former_keys: &[],
        decryption_keys: &own.decryption,
        signatures: Policy::Modern,
        encryption: DecryptPolicy::CbcToo,
        audience: Some(&system.entity_id),
        acs: Some(&acs),
        in_response_to: begun.map(|begun| begun.request_id.as_str()),
        now: Some(system.clock.now()),
        skew: Duration::seconds(180),
        forced_at: forced_at.filter(|_| !system.demo.has(Defect::AcceptsOldLogin)),
        proxies: false,
        unsigned_status: false,
        identity: Some(IdentityRules {
            contexts: None,
            x509_subject_name: true,
            version: system.profile,
        }),
    };
    match system.demo.is_strict() {
        true => strict::judge(system, &decoded.xml, &expected),
        false => Judgement::of(judge::response(&decoded.xml, &expected)),
    }
}

/// What speaks against a message, for people.
pub fn rows(objections: &[Objection]) -> Vec<FailedRow> {
    let t = Text::current();
    let row = |one: &Objection| FailedRow {
        id: one.check.info().id.to_owned(),
        what: t.pick(one.check.info().what).to_owned(),
        found: one.found.clone(),
        expected: one.expected.clone(),
    };
    objections.iter().map(row).collect()
}

/// The name of a message among those that were accepted.
pub fn fingerprint(decoded: &Decoded) -> String {
    hex(&sha256(&decoded.xml))
}

/// The same for the hub's operators.
pub fn findings(objections: &[Objection]) -> Vec<Finding> {
    rows(objections).iter().map(finding).collect()
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
    let name_id = assertion.name_id.clone().unwrap_or_else(|| NameId {
        value: String::new(),
        format: None,
        name_qualifier: None,
        sp_name_qualifier: None,
    });
    let statement = assertion.authn_statements.first();
    LoggedIn {
        name: SubjectName::parse(&name_id.value)
            .map_or_else(|_| name_id.value.clone(), |subject| subject.common_name),
        name_id,
        level: level(assertion, profile),
        session_index: statement.and_then(|statement| statement.session_index.clone()),
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
pub fn level(assertion: &Assertion, profile: OiosamlVersion) -> Option<Level> {
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
