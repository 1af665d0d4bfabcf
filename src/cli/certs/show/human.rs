//! For people: each certificate with what is said of it, then what could not be read, then the sum.

use super::finding::{Finding, count};
use super::kind::Severity;
use super::read::{Party, Role};
use super::{One, Told, words};
use crate::cli::talk::plain;
use crate::saml::metadata::KeyUse;
use std::fmt::Write;
use time::{OffsetDateTime, UtcOffset};

/// Everything.
pub fn text(told: &Told) -> String {
    let mut out = String::new();
    let places: Vec<&str> = (told.certificates.iter())
        .map(|one| one.shown.place.as_str())
        .collect();
    for (one, place) in told.certificates.iter().zip(&places) {
        certificate(&mut out, one, told.now);
        let here = told.findings.iter().filter(|found| found.place == *place);
        here.for_each(|found| finding(&mut out, found, false));
        out.push('\n');
    }
    for found in told
        .findings
        .iter()
        .filter(|found| !places.contains(&found.place.as_str()))
    {
        finding(&mut out, found, true);
        out.push('\n');
    }
    let some = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    let all = told.certificates.len();
    let errors = count(&told.findings, Severity::Error);
    let warnings = count(&told.findings, Severity::Warning);
    let _ = writeln!(
        out,
        "{}, {}, {} / {}, {}, {}",
        some(all, "certifikat", "certifikater"),
        some(errors, "fejl", "fejl"),
        some(warnings, "advarsel", "advarsler"),
        some(all, "certificate", "certificates"),
        some(errors, "error", "errors"),
        some(warnings, "warning", "warnings"),
    );
    out
}

fn certificate(out: &mut String, one: &One, now: OffsetDateTime) {
    let story = &one.story;
    let _ = writeln!(out, "{}", plain(&one.shown.place));
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "  {name:<26}{}", plain(value));
        }
    };
    if let Some(party) = &one.shown.party {
        line("part / party", &whose(party));
    }
    let part = |name| story.subject_part(name).unwrap_or_default();
    line("organisation", part("O"));
    line("CVR", story.cvr().unwrap_or_default());
    line("navn / name (CN)", part("CN"));
    line("serialNumber", part("serialNumber"));
    if part("CN").is_empty() && part("O").is_empty() {
        line("emne / subject", &one.shown.certificate.subject());
    }
    let (da, en) = words::kind(story);
    line("type", &format!("{da} / {en}"));
    line("udsteder / issuer", &story.issuer_line());
    line("løbenummer / serial", &story.serial);
    line("gyldig fra / from", &moment(story.not_before));
    line("gyldig til / until", &moment(story.not_after));
    let (da, en) = words::left(story, now);
    line("", &format!("{da} / {en}"));
    line("nøgle / key", &words::key(&story.key));
    line("underskrevet / signed", &words::signature(&story.signature));
    let usages = story.key_usage.as_ref().map(|usages| {
        let usages: Vec<&str> = usages.iter().map(|usage| usage.as_str()).collect();
        usages.join(", ")
    });
    let any = "ikke begrænset / not limited".to_owned();
    line("brug / key usage", &usages.unwrap_or(any));
    line("politikker / policies", &story.policies.join(", "));
    line("SHA-1 (thumbprint)", &story.sha1);
    line("SHA-256", &story.sha256);
    line("nøgle-id / key id", &story.key_id);
    line(
        "privat nøgle / key file",
        one.private_key.as_deref().unwrap_or_default(),
    );
}

fn whose(party: &Party) -> String {
    let role = match party.role {
        Role::IdentityProvider => "identity provider",
        Role::System => "brugervendt system / user-facing system",
    };
    let usage = match party.usage {
        KeyUse::Signing => "underskrift / signing",
        KeyUse::Encryption => "kryptering / encryption",
        KeyUse::Both => "underskrift og kryptering / signing and encryption",
    };
    format!("{} – {role} – {usage}", party.entity_id)
}

fn moment(at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    let (hour, minute, second) = at.to_hms();
    format!("{} {hour:02}:{minute:02}:{second:02} UTC", at.date())
}

/// A finding below its certificate, or on its own with the place.
fn finding(out: &mut String, finding: &Finding, with_place: bool) {
    let (da, en) = finding.kind.title();
    let word = match finding.kind.severity {
        Severity::Error => "FEJL / ERROR",
        Severity::Warning => "ADVARSEL / WARNING",
        Severity::Remark => "bemærk / note",
    };
    if with_place {
        let _ = writeln!(out, "{}", plain(&finding.place));
    }
    let _ = writeln!(out, "  {word}  {}\n    {da}\n    {en}", finding.kind.id);
    if finding.kind.severity == Severity::Remark {
        return;
    }
    let _ = writeln!(out, "    fundet / found: {}", plain(&finding.found));
    let _ = writeln!(out, "    ventet / expected: {}", finding.kind.expected);
}
