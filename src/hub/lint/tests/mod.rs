mod cases;
mod document;
mod pki;

use super::{Circumstances, LintRole, Linted, Rule, Severity, lint};
use crate::hub::Actor;
use crate::saml::metadata;
use crate::xml::Document;
use cases::{Case, case, judged};
use document::{edited, keys, unsigned};
use pki::{NOW, pki};

fn lint_case(case: &Case) -> Linted {
    let circumstances = Circumstances {
        now: NOW,
        trusted_cas: &case.trusted,
        others: &case.others,
        revocation: &case.revocation,
        own_id: case.own_id,
    };
    lint(case.document.as_bytes(), case.role, &circumstances)
}

fn rules(linted: &Linted) -> Vec<Rule> {
    let mut rules: Vec<Rule> = linted.findings.iter().map(|finding| finding.rule).collect();
    rules.dedup();
    rules
}

#[test]
fn good_metadata_in_the_shape_of_oces3_gives_no_finding() {
    for role in [LintRole::Idp, LintRole::System] {
        let case = judged(role, edited(role, "", ""));
        let linted = lint_case(&case);
        assert_eq!(linted.findings, [], "{role:?}");
        assert!(linted.accepted());
        assert_eq!(
            linted.entity_id.as_deref(),
            Some("https://part.example/saml")
        );
        // What is said of it holds for the reader of the hub too.
        let document = Document::parse(case.document.as_bytes()).unwrap();
        assert!(metadata::read(document.root()).is_ok());
        let marked = format!("\u{feff}{}", case.document);
        assert_eq!(lint_case(&judged(role, marked)).findings, []);
    }
}

#[test]
fn every_rule_has_a_case_that_breaks_it_and_no_other() {
    for rule in Rule::ALL {
        let case = case(*rule);
        let linted = lint_case(&case);
        let mut expected = case.also.clone();
        expected.push(*rule);
        expected.sort();
        assert_eq!(
            rules(&linted),
            expected,
            "{}: {:#?}",
            rule.info().id,
            linted.findings
        );
        for finding in &linted.findings {
            let whole = !finding.found.is_empty() && !finding.expected.is_empty();
            assert!(whole && finding.place.position.is_some(), "{finding:?}");
        }
        let error = linted
            .findings
            .iter()
            .any(|f| f.info().severity == Severity::Error);
        assert_eq!(linted.accepted(), !error);
    }
}

#[test]
fn everything_is_told_at_once() {
    let text = unsigned(LintRole::Idp, &keys(&pki().tiny.certificate))
        .replace(document::HERE, "")
        .replace("HTTP-Redirect", "HTTP-POST")
        .replace("https://part.example/sso", "http://part.example/sso")
        .replace("entityID=", "validUntil=\"2020-01-01T00:00:00Z\" entityID=");
    let mut case = judged(LintRole::Idp, text);
    case.revocation.clear();
    let linted = lint_case(&case);
    assert_eq!(
        rules(&linted),
        [
            Rule::SignatureMissing,
            Rule::Expired,
            Rule::SsoRedirect,
            Rule::IdpSloRedirect,
            Rule::EndpointInsecure,
            Rule::KeyTooSmall,
            Rule::RevocationNotAsked,
        ]
    );
    assert_eq!(
        linted.messages(),
        [
            "Signature missing: SAML metadata must include a valid XML digital signature.",
            "IDPSSODescriptor must have a SingleSignOnService endpoint using the HTTP-Redirect binding.",
            "IDPSSODescriptor must have a SingleLogoutService endpoint using the HTTP-Redirect binding.",
        ]
    );
    let actors: Vec<Actor> = linted
        .findings
        .iter()
        .map(|finding| finding.actor)
        .collect();
    assert_eq!(actors[0], Actor::IdentityProvider);
    assert_eq!(actors.last(), Some(&Actor::Registration));
    let place = linted.findings[2].place.to_string();
    assert!(
        place.starts_with("/EntityDescriptor/IDPSSODescriptor (line 1, column "),
        "{place}"
    );
}

#[test]
fn what_a_party_has_itself_is_nobody_elses() {
    let mut case = judged(LintRole::System, edited(LintRole::System, "", ""));
    let mine = [pki().good.certificate.clone()];
    case.others
        .add("https://part.example/saml", "Systemet selv", &mine);
    case.own_id = Some("https://part.example/saml");
    assert_eq!(lint_case(&case).findings, []);
    // A new name for the same party.
    case.others = super::Others::default();
    case.others
        .add("https://part.example/before", "Systemet selv", &mine);
    case.own_id = Some("https://part.example/before");
    assert_eq!(rules(&lint_case(&case)), [Rule::EntityIdReplaced]);
    case.own_id = None;
    assert_eq!(rules(&lint_case(&case)), [Rule::CertificateTaken]);
}

#[test]
fn what_is_no_metadata_is_told_as_that() {
    for (text, rule) in [
        ("", Rule::Readable),
        ("<a", Rule::Readable),
        ("<html><body/></html>", Rule::OneEntity),
        ("<x:EntityDescriptor xmlns:x=\"urn:x\"/>", Rule::OneEntity),
    ] {
        let linted = lint_case(&judged(LintRole::System, text.to_owned()));
        assert_eq!(rules(&linted), [rule], "{text}");
        assert_eq!(linted.entity_id, None);
    }
}

#[test]
fn a_long_list_of_the_same_ends() {
    let endpoint = "<md:SingleLogoutService Binding=\"b\" Location=\"http://a.example/\" x=\"y\"/>";
    let many = endpoint.repeat(5_000);
    let case = judged(
        LintRole::System,
        edited(
            LintRole::System,
            "<md:SingleLogoutService",
            &(many + "<md:SingleLogoutService"),
        ),
    );
    let linted = lint_case(&case);
    let count = |rule| {
        linted
            .findings
            .iter()
            .filter(|finding| finding.rule == rule)
            .count()
    };
    assert!((100..=101).contains(&count(Rule::EndpointInsecure)));
    assert!((100..=101).contains(&count(Rule::Schema)));
    let keys = keys(&pki().good.certificate).repeat(40);
    let case = judged(
        LintRole::System,
        document::good(&unsigned(LintRole::System, &keys)),
    );
    assert_eq!(rules(&lint_case(&case)), [Rule::Readable]);
}
