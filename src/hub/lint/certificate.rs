//! A certificate of a role: whether it is one of OCES3, whether its CA stands by it, and whether it is nobody else's.

use super::finding::Sink;
use super::keys::Used;
use super::{Asked, Circumstances, Rule};
use crate::dsig::{
    Holder, KeyError, KeyStory, Origin, Policy, PublicKey, Revocation, Story, Validity,
};
use crate::oiosaml::Cvr;
use crate::saml::metadata::KeyUse;
use crate::saml::time;

/// Judges one certificate of the party `entity_id`.
pub(super) fn judge(sink: &mut Sink, used: &Used, entity_id: Option<&str>, at: &Circumstances<'_>) {
    let story = used.certificate.story();
    let mut add = |rule, found: String, expected: &str| {
        let found = format!("{}: {found}", used.certificate.subject());
        sink.add_at(rule, used.place.clone(), found, expected);
    };
    key(&mut add, used, &story);
    shape(&mut add, &story);
    issuer(&mut add, used, &story, at);
    dates(&mut add, &story, at);
    revocation(&mut add, used, at);
    let owners = at.others.owners(&used.certificate, &[entity_id, at.own_id]);
    if !owners.is_empty() {
        add(
            Rule::CertificateTaken,
            owners.join(", "),
            "a certificate that nobody else has",
        );
    }
    if at.others.is_published(&used.certificate) {
        add(
            Rule::KeyPublished,
            "the key is public".to_owned(),
            "a key of one's own",
        );
    }
}

/// OCES3's size.
const OCES3_BITS: u32 = 3072;

fn key(add: &mut impl FnMut(Rule, String, &str), used: &Used, story: &Story) {
    match PublicKey::from_certificate(used.certificate.clone(), Policy::Modern) {
        Err(KeyError::TooSmall(bits)) => {
            add(
                Rule::KeyTooSmall,
                format!("RSA with {bits} bits"),
                "RSA with at least 2048 bits",
            );
        }
        Err(why) => add(Rule::KeyKind, why.to_string(), "RSA"),
        Ok(key) if !key.is_rsa() && used.usage != KeyUse::Signing => {
            let curve = match &story.key {
                KeyStory::Ec(curve) => format!("ECDSA {curve} signs only"),
                _ => "it signs only".to_owned(),
            };
            add(Rule::KeyKind, curve, "RSA, which can be encrypted for");
        }
        Ok(key) => {
            if let Some(bits) = key.rsa_bits().filter(|bits| *bits < OCES3_BITS) {
                add(
                    Rule::KeyShort,
                    format!("RSA with {bits} bits"),
                    "RSA with 3072 bits",
                );
            }
        }
    }
    let lacks = used.usage.lacking(story);
    if !lacks.is_empty() {
        let lacks: Vec<&str> = lacks.iter().map(|usage| usage.as_str()).collect();
        let found = format!("keyUsage lacks {}", lacks.join(" and "));
        add(
            Rule::KeyUsage,
            found,
            "digitalSignature to sign, keyEncipherment to be encrypted for",
        );
    }
    if story.is_ca {
        let found = "basicConstraints says that it is a CA".to_owned();
        add(Rule::AuthorityCertificate, found, "no CA");
    }
}

/// What OCES3 says in its subject and policies (`domain.md` §5.1).
fn shape(add: &mut impl FnMut(Rule, String, &str), story: &Story) {
    let serial = story.subject_part("serialNumber").unwrap_or("none");
    let named = format!("serialNumber {serial}");
    match story.holder() {
        Holder::Oces2Organisation | Holder::Oces2Employee => {
            // Nothing else of OCES3 can be expected of it.
            add(Rule::Oces2, named, "OCES3");
            return;
        }
        Holder::Employee => add(Rule::EmployeeCertificate, named, "UI:DK-O:G:<uuid>"),
        Holder::Organisation if is_uuid(serial.trim_start_matches("UI:DK-O:G:")) => {}
        Holder::Organisation | Holder::Other => {
            add(Rule::SubjectSerial, named, "UI:DK-O:G:<uuid>");
        }
    }
    let identifier = story
        .subject_part("organizationIdentifier")
        .unwrap_or("none");
    if identifier
        .strip_prefix("NTRDK-")
        .and_then(Cvr::parse)
        .is_none()
    {
        let found = format!("organizationIdentifier {identifier}");
        add(Rule::SubjectCvr, found, "NTRDK- and eight digits");
    }
    if !story.has_oces3_policy() {
        let found = match story.policies.is_empty() {
            true => "no policies".to_owned(),
            false => format!("policies {}", story.policies.join(", ")),
        };
        add(Rule::Policy, found, crate::dsig::OCES3_ORGANISATION_POLICY);
    }
}

/// RFC 9562 §4: 8-4-4-4-12 hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && (groups.iter()).all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn issuer(
    add: &mut impl FnMut(Rule, String, &str),
    used: &Used,
    story: &Story,
    at: &Circumstances<'_>,
) {
    let origin = story.origin();
    if origin == Origin::SelfSigned {
        // A CA's own certificate is told as that.
        if !story.is_ca {
            add(
                Rule::SelfSigned,
                "its own key made its signature".to_owned(),
                "a CA of OCES3",
            );
        }
        return;
    }
    if origin == Origin::Oces3Test {
        add(
            Rule::TestEnvironment,
            story.issuer_line(),
            "the production CA of OCES3",
        );
    }
    let certificate = &used.certificate;
    let Some(why) = certificate.not_issued_by(at.trusted_cas, at.now) else {
        return;
    };
    let given = (at.trusted_cas.iter()).any(|authority| certificate.names_as_issuer(authority));
    match origin {
        Origin::Oces3 | Origin::Oces3Test if !given => {
            add(
                Rule::IssuerUnchecked,
                story.issuer_line(),
                "the certificate of that CA",
            );
        }
        _ => {
            let found = format!("{}: {why}", story.issuer_line());
            add(
                Rule::IssuerUntrusted,
                found,
                "a CA of OCES3, or one that was given",
            );
        }
    }
}

fn dates(add: &mut impl FnMut(Rule, String, &str), story: &Story, at: &Circumstances<'_>) {
    let (begin, end) = (story.not_before.date(), story.not_after.date());
    let now = time::format(at.now);
    match story.validity(at.now) {
        Validity::Valid => {}
        Validity::Expired => {
            add(
                Rule::CertificateExpired,
                format!("expired on {end}"),
                &format!("valid at {now}"),
            );
        }
        Validity::NotYet => {
            add(
                Rule::CertificateNotYet,
                format!("valid from {begin}"),
                &format!("valid at {now}"),
            );
        }
        Validity::EndsSoon => {
            add(
                Rule::CertificateSoon,
                format!("expires on {end}"),
                "more than thirty days left",
            );
        }
    }
}

fn revocation(add: &mut impl FnMut(Rule, String, &str), used: &Used, at: &Circumstances<'_>) {
    let expected = "not revoked";
    match at.revocation.get(&used.certificate.fingerprint()) {
        Some(Asked::Answered(Revocation::Good)) => {}
        Some(Asked::Answered(Revocation::Revoked(when))) => {
            add(
                Rule::Revoked,
                format!("revoked at {}", time::format(*when)),
                expected,
            );
        }
        Some(Asked::Answered(Revocation::Unknown)) => {
            add(
                Rule::RevocationUnknown,
                "unknown to its CA".to_owned(),
                expected,
            );
        }
        Some(Asked::Unreachable(why)) => add(Rule::RevocationUnreachable, why.clone(), expected),
        // Nobody vouches for what vouches for itself.
        None if used.certificate.story().self_signed => {}
        None => add(
            Rule::RevocationNotAsked,
            "nobody asked".to_owned(),
            expected,
        ),
    }
}
