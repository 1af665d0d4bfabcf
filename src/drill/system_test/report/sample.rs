//! A run with one of everything, and with texts of a system that means harm. For tests.

use crate::drill::system_test::baseline::{Baseline, Comparison};
use crate::drill::system_test::{Case, CaseResult, Run, Step, Subject, Verdict};
use crate::hub::Actor;
use crate::hub::lint::{Finding, Place, Rule};
use crate::oiosaml::{Level, Nsis, OiosamlVersion};
use crate::xml::Position;
use std::path::Path;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// When it is looked at.
pub const NOW: OffsetDateTime = datetime!(2027-01-12 12:30 +1);

/// What a system may answer that wants to fool whoever reads the report.
pub const HOSTILE: &str =
    "<script>alert(1)</script>\u{1b}[2J\u{1b}]0;ejet\u{7}\u{0}\r\n]]> \u{202e}&amp; \"'><!--";

/// A case that ended so.
pub fn result(case: Case, verdict: Verdict) -> CaseResult {
    let failed = verdict == Verdict::Failed;
    let said = |da: &str, en: &str| match failed {
        true => (da.to_owned(), en.to_owned()),
        false => (String::new(), String::new()),
    };
    CaseResult {
        case,
        verdict,
        found: said(
            "Brugeren blev logget ind: siden /forside viste «Log ud».",
            "The user was logged in: the page /forside showed “Log ud”.",
        ),
        expected: said(
            "Brugeren bliver ikke logget ind, og siden siger hvorfor.",
            "The user is not logged in, and the page says why.",
        ),
        steps: vec![
            step("GET", "https://hub.localhost/runtime/saml2/issue.idp", 200),
            step("POST", "https://sager.example/saml/acs", 302),
            step("GET", "https://sager.example/forside", 200),
        ],
        sent_xml: None,
        sent_clear: None,
        flow: Some(format!("f-{:04}", case as usize)),
        metadata: Vec::new(),
        took: Duration::milliseconds(120 + case as i64),
    }
}

fn step(method: &str, address: &str, status: u16) -> Step {
    Step {
        method: method.to_owned(),
        address: address.to_owned(),
        status,
    }
}

/// The run.
pub fn run() -> Run {
    Run {
        name: "systemproeve-2027-01-12-812".to_owned(),
        began: datetime!(2027-01-12 12:14:05 +1),
        took: Duration::seconds(194),
        subject: Subject {
            title: "Sagssystemet <æøå>".to_owned(),
            entity_id: "https://sager.example/saml".to_owned(),
            login_url: "https://sager.example/login".to_owned(),
            profile: OiosamlVersion::V3,
            level: Level::Nsis(Nsis::Substantial),
            metadata_from: "saml/sp metadata.xml".to_owned(),
            metadata_sha256: "9f2c".repeat(16),
            hub: "https://hub.localhost/runtime".to_owned(),
            browser: "vejviser".to_owned(),
            ran_by: Some("CI #812".to_owned()),
        },
        told_by: (
            "Siden /forside svarer 200 og viser «Log ud».".to_owned(),
            "The page /forside answers 200 and shows “Log ud”.".to_owned(),
        ),
        results: results(),
    }
}

fn results() -> Vec<CaseResult> {
    let passed = |case| result(case, Verdict::Passed);
    let failed = |case| result(case, Verdict::Failed);
    let mut forged = failed(Case::ForgedBefore);
    forged.sent_xml = Some(format!(
        "<samlp:Response ID=\"_1\">\n  <saml:Assertion>\u{1b}[31m</pre></details>{}",
        "æ".repeat(20_000)
    ));
    forged.sent_clear = Some("<saml:NameID>C=DK,O=11111111,CN=Åse Ærø</saml:NameID>".to_owned());
    let mut hostile = failed(Case::AudienceTwice);
    hostile.found = (
        HOSTILE.to_owned(),
        format!("{HOSTILE} {}", "x".repeat(3000)),
    );
    hostile.steps.push(step(
        "GET",
        &format!("https://sager.example/{HOSTILE}"),
        500,
    ));
    hostile.flow = Some(format!("f-{HOSTILE}"));
    let mut metadata = failed(Case::MetadataAccepted);
    metadata.steps = Vec::new();
    metadata.flow = None;
    metadata.found = (
        "Metadata ville blive afvist: 1 fejl.".to_owned(),
        "The metadata would be refused: 1 error.".to_owned(),
    );
    metadata.expected = (
        "Metadata bliver taget imod.".to_owned(),
        "The metadata is accepted.".to_owned(),
    );
    metadata.metadata = vec![Finding {
        rule: Rule::CertificateExpired,
        actor: Actor::System,
        found: "2026-11-30T23:59:59Z".to_owned(),
        expected: "later than now".to_owned(),
        place: Place {
            path: "/EntityDescriptor/SPSSODescriptor/KeyDescriptor[1]".to_owned(),
            position: Some(Position {
                line: 14,
                column: 7,
            }),
        },
    }];
    let skipped = Verdict::Skipped(
        "Systemets metadata har ingen SingleLogoutService.".to_owned(),
        "The system's metadata has no SingleLogoutService.".to_owned(),
    );
    vec![
        passed(Case::GoodLogin),
        passed(Case::LevelAbove),
        passed(Case::LevelBelow),
        forged,
        passed(Case::Expired),
        failed(Case::AudienceOther),
        hostile,
        failed(Case::NoAuthnStatement),
        passed(Case::CookieFlags),
        result(Case::LogoutByHub, skipped),
        metadata,
    ]
}

/// A list by which one failure is known, one has run out and one line is stale.
pub fn comparison(run: &Run) -> Comparison {
    let text = "[[known]]\ncase = \"SP-C-021\"\nuntil = 2027-03-01\nwhy = \"Rettes i version 4.2\"\n\n\
                [[known]]\ncase = \"SP-C-004\"\nuntil = 2026-12-31\n\n\
                [[known]]\ncase = \"SP-B-005\"\nuntil = 2027-02-01\n";
    let list = Baseline::parse(Path::new("kendte-fejl.toml"), text).unwrap();
    list.compare(run, NOW)
}
