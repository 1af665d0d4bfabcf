//! Whom it names: the federation's rules for NameID, CVR and profile version.

use super::IdentityRules;
use crate::hub::{Check, Report, RowOutcome};
use crate::oiosaml::{Cvr, IDENTITY_VALUE, OiosamlVersion, SubjectName, attributes};
use crate::saml::{Assertion, NameId, names};
use crate::xml::beginning;

/// Rows of the user's identity.
pub(super) fn rows(assertion: &Assertion, rules: &IdentityRules<'_>, report: &mut Report) {
    let cvr = cvr(assertion, rules, report);
    name_id(assertion, rules, cvr.as_ref(), report);
    let (name, value) = rules.version.spec_version();
    let found: Vec<&str> = assertion.values(name).collect();
    let outcome = if found == [value] {
        RowOutcome::Pass
    } else {
        RowOutcome::Warn
    };
    report.add(
        Check::SpecVersion,
        outcome,
        listed(&found),
        format!("{name} = {value}"),
    );
    kombit_spec_version(assertion, rules.version, report);
    lengths(assertion, report);
}

/// Both names of it are in use, and the sample of 2023 has neither; a wrong value deserves a word.
fn kombit_spec_version(assertion: &Assertion, version: OiosamlVersion, report: &mut Report) {
    let names = [attributes::KOMBIT_SPEC_VER, attributes::KOMBIT_SPEC_VER_URI];
    let found: Vec<&str> = names
        .iter()
        .flat_map(|name| assertion.values(name))
        .collect();
    let expected = version.kombit_spec_ver();
    let outcome = match found.iter().all(|value| *value == expected) {
        true => RowOutcome::Pass,
        false => RowOutcome::Warn,
    };
    report.add(
        Check::KombitSpecVersion,
        outcome,
        listed(&found),
        format!("{expected}, or none"),
    );
}

/// What a system gets as the IdP stated it draws from a budget of the hub's: nobody else holds the IdP to one.
fn lengths(assertion: &Assertion, report: &mut Report) {
    let long = attributes::PASSED_ON.into_iter().find_map(|name| {
        let mut values = assertion.values(name);
        let long = values.find(|value| value.len() > IDENTITY_VALUE)?;
        Some(format!("{name}: {} bytes", long.len()))
    });
    report.require(
        Check::IdentityLength,
        long.is_none(),
        long.unwrap_or_else(|| "none longer".to_owned()),
        format!("at most {IDENTITY_VALUE} bytes in a value"),
    );
}

/// The organisation that an assertion speaks for: the CVR attribute of either OIOSAML version. Several
/// values are no organisation.
pub(crate) fn stated_cvr(assertion: &Assertion) -> Result<Cvr, String> {
    let mut values: Vec<&str> = [OiosamlVersion::V3, OiosamlVersion::V2]
        .into_iter()
        .flat_map(|version| assertion.values(version.cvr()))
        .collect();
    values.dedup();
    match values.as_slice() {
        [one] => Cvr::parse(one).ok_or_else(|| (*one).to_owned()),
        other => Err(listed(other)),
    }
}

fn cvr(assertion: &Assertion, rules: &IdentityRules<'_>, report: &mut Report) -> Option<Cvr> {
    let stated = stated_cvr(assertion);
    let expected = match rules.contexts {
        Some(contexts) => format!(
            "one of {}",
            contexts
                .iter()
                .map(Cvr::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        ),
        None => format!(
            "eight digits in {} or {}",
            attributes::CVR_3,
            attributes::CVR_2
        ),
    };
    match stated {
        Ok(cvr) => {
            match rules.contexts {
                Some(contexts) => {
                    let known = contexts.contains(&cvr);
                    report.require(Check::CvrContext, known, cvr.to_string(), expected);
                }
                None => report.skip(
                    Check::CvrContext,
                    format!("{cvr}; whom the sender speaks for was not given"),
                ),
            }
            Some(cvr)
        }
        Err(found) => {
            report.add(Check::CvrContext, RowOutcome::Fail, found, expected);
            None
        }
    }
}

fn name_id(
    assertion: &Assertion,
    rules: &IdentityRules<'_>,
    cvr: Option<&Cvr>,
    report: &mut Report,
) {
    const FORM: &str = "C=DK,O=<CVR>,CN=<name>,Serial=<uuid>";
    let Some(name_id) = &assertion.name_id else {
        report.skip(Check::NameIdFormat, "no NameID");
        report.skip(Check::NameIdSyntax, "no NameID");
        report.skip(Check::NameIdOrganisation, "no NameID");
        return;
    };
    let format = name_id
        .format
        .as_deref()
        .unwrap_or(names::name_id::UNSPECIFIED);
    if format != names::name_id::X509_SUBJECT_NAME {
        let outcome = if rules.x509_subject_name {
            RowOutcome::Fail
        } else {
            RowOutcome::Warn
        };
        report.add(
            Check::NameIdFormat,
            outcome,
            beginning(format),
            names::name_id::X509_SUBJECT_NAME,
        );
        if fits(name_id, report) {
            another_format(&name_id.value, cvr, report);
        }
        return;
    }
    report.add(
        Check::NameIdFormat,
        RowOutcome::Pass,
        format.to_owned(),
        names::name_id::X509_SUBJECT_NAME,
    );
    if !fits(name_id, report) {
        return;
    }
    match SubjectName::parse(&name_id.value) {
        Err(error) => {
            report.add(
                Check::NameIdSyntax,
                RowOutcome::Fail,
                format!("{}: {error}", name_id.value),
                FORM,
            );
            report.skip(Check::NameIdOrganisation, "the NameID cannot be read");
        }
        Ok(subject) => {
            report.add(
                Check::NameIdSyntax,
                RowOutcome::Pass,
                name_id.value.clone(),
                FORM,
            );
            match cvr {
                Some(cvr) => {
                    report.require(
                        Check::NameIdOrganisation,
                        subject.organisation == *cvr,
                        subject.organisation.to_string(),
                        cvr.to_string(),
                    );
                }
                None => report.skip(Check::NameIdOrganisation, "no CVR to compare with"),
            }
        }
    }
}

/// Whether the NameID draws no more than its budget, with all that is passed on of it; else its rows say so, and
/// show no more than how it begins.
fn fits(name_id: &NameId, report: &mut Report) -> bool {
    let parts = [
        Some(&name_id.value),
        name_id.format.as_ref(),
        name_id.name_qualifier.as_ref(),
        name_id.sp_name_qualifier.as_ref(),
    ];
    let bytes: usize = parts.into_iter().flatten().map(String::len).sum();
    if bytes <= IDENTITY_VALUE {
        return true;
    }
    report.add(
        Check::NameIdSyntax,
        RowOutcome::Fail,
        format!("{bytes} bytes: {}", beginning(&name_id.value)),
        format!("at most {IDENTITY_VALUE} bytes, format and qualifiers included"),
    );
    report.skip(Check::NameIdOrganisation, "the NameID is not read");
    false
}

/// A NameID of another format, let through by a setting: it may not be empty, and it may not name another
/// organisation in the federation's own words, because it is passed on unchanged.
fn another_format(value: &str, cvr: Option<&Cvr>, report: &mut Report) {
    let subject = SubjectName::parse(value);
    let foreign = subject.is_err() && value.contains("O=");
    if value.trim().is_empty() || foreign {
        report.add(
            Check::NameIdSyntax,
            RowOutcome::Fail,
            value.to_owned(),
            "a name",
        );
    } else {
        report.skip(Check::NameIdSyntax, "another format");
    }
    match (subject, cvr) {
        (Ok(subject), Some(cvr)) => {
            report.require(
                Check::NameIdOrganisation,
                subject.organisation == *cvr,
                subject.organisation.to_string(),
                cvr.to_string(),
            );
        }
        _ => report.skip(Check::NameIdOrganisation, "another format"),
    }
}

fn listed(values: &[&str]) -> String {
    if values.is_empty() {
        "none".to_owned()
    } else {
        values.join(", ")
    }
}
