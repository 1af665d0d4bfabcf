//! For scripts.

use super::finding::{Finding, count};
use super::kind::Severity;
use super::read::usage;
use super::{One, Told, words};
use crate::dsig::SignatureStory;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The object of the contract.
pub fn text(told: &Told) -> String {
    let count = |severity| count(&told.findings, severity);
    let findings: Vec<Value> = told.findings.iter().map(Finding::json).collect();
    let certificates = told
        .certificates
        .iter()
        .map(|one| certificate(one, told.now));
    let object = json!({
        "summary": {
            "certificates": told.certificates.len(),
            "errors": count(Severity::Error),
            "warnings": count(Severity::Warning),
            "remarks": count(Severity::Remark),
        },
        "findings": findings,
        "certificates": certificates.collect::<Vec<_>>(),
    });
    format!("{object:#}\n")
}

fn certificate(one: &One, now: OffsetDateTime) -> Value {
    let story = &one.story;
    let party = one.shown.party.as_ref();
    let usages = story.key_usage.as_ref().map(|usages| {
        let usages = usages.iter().map(|usage| usage.as_str());
        usages.collect::<Vec<_>>()
    });
    let signature = match &story.signature {
        SignatureStory::RsaPss { digest, mgf, salt } => {
            json!({ "algorithm": "RSASSA-PSS", "digest": digest, "mgf": mgf, "salt": salt })
        }
        SignatureStory::Other(name) => json!({ "algorithm": name }),
    };
    json!({
        "where": one.shown.place,
        "entity_id": party.map(|party| &party.entity_id),
        "role": party.map(|party| party.role.word()),
        "use": party.map(|party| usage(party.usage)),
        "subject": one.shown.certificate.subject(),
        "organisation": story.subject_part("O"),
        "cvr": story.cvr(),
        "common_name": story.subject_part("CN"),
        "serial_number": story.subject_part("serialNumber"),
        "type": words::kind_word(story),
        "oces3_policy": story.has_oces3_policy(),
        "issuer": story.issuer_line(),
        "issued_by": words::origin_word(story),
        "serial": story.serial,
        "valid_from": moment(story.not_before),
        "valid_until": moment(story.not_after),
        "days_left": (story.not_after - now).whole_days(),
        "key": words::key(&story.key),
        "signature": signature,
        "key_usage": usages,
        "policies": story.policies,
        "is_ca": story.is_ca,
        "self_signed": story.self_signed,
        "authority_info": story.authority_info,
        "revocation_lists": story.revocation_lists,
        "sha1": story.sha1,
        "sha256": story.sha256,
        "key_id": story.key_id,
        "private_key": one.private_key,
    })
}

/// RFC 3339; none outside its years.
fn moment(at: OffsetDateTime) -> Option<String> {
    at.format(&Rfc3339).ok()
}
