//! What is new about a party, for people.

use super::diff::{CertificateChange, Changed, Diff, EndpointChange, How, Role};
use crate::edge::page::Language;

impl Diff {
    /// One line a change, in Danish.
    pub fn da(&self) -> String {
        self.told(Language::Danish)
    }

    /// One line a change, in English.
    pub fn en(&self) -> String {
        self.told(Language::English)
    }

    fn told(&self, language: Language) -> String {
        let either = |da: &'static str, en: &'static str| either(language, da, en);
        let mut lines = Vec::new();
        if let Some(id) = &self.entity_id {
            lines.push(line("entityID", id, language));
        }
        if let Some(until) = &self.valid_until {
            lines.push(line("validUntil", until, language));
        }
        lines.extend(
            self.endpoints
                .iter()
                .map(|change| endpoint(change, language)),
        );
        let certificates = self.certificates.iter();
        lines.extend(certificates.map(|change| certificate(change, language)));
        let values = self.values.iter();
        lines.extend(values.map(|value| line(&value.name, &value.changed, language)));
        match lines.is_empty() {
            true => either("Ingen ændringer.", "No changes.").to_owned(),
            false => lines.join("\n"),
        }
    }
}

fn either(language: Language, da: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Danish => da,
        Language::English => en,
    }
}

fn line(name: &str, changed: &Changed, language: Language) -> String {
    let none = either(language, "(intet)", "(none)");
    let before = changed.before.as_deref().unwrap_or(none);
    let after = changed.after.as_deref().unwrap_or(none);
    match language {
        Language::Danish => format!("{name} er ændret fra {before} til {after}"),
        Language::English => format!("{name} changed from {before} to {after}"),
    }
}

fn how(how: How, language: Language) -> &'static str {
    match how {
        How::Added => either(language, "Ny", "New"),
        How::Removed => either(language, "Fjernet", "Removed"),
        How::Changed => either(language, "Ændret", "Changed"),
    }
}

fn endpoint(change: &EndpointChange, language: Language) -> String {
    let binding = change.binding.rsplit(':').next().unwrap_or_default();
    let index = change
        .index
        .map_or(String::new(), |n| format!(", index {n}"));
    let arrow = match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{before} → {after}"),
        (before, after) => before.iter().chain(after).cloned().collect(),
    };
    let word = either(language, "adresse", "address");
    let how = how(change.how, language);
    format!(
        "{how} {word}: {} ({binding}{index}) {arrow}",
        change.service
    )
}

fn certificate(change: &CertificateChange, language: Language) -> String {
    let how = match (change.how, language) {
        // “certifikat” is neuter.
        (How::Added, Language::Danish) => "Nyt",
        (other, language) => how(other, language),
    };
    let role = match change.role {
        Role::Idp => "IDPSSODescriptor",
        Role::Sp => "SPSSODescriptor",
    };
    let usage = match change.usage {
        "signing" => either(language, "til underskrift", "for signing"),
        "encryption" => either(language, "til kryptering", "for encryption"),
        _ => either(language, "til begge dele", "for both uses"),
    };
    let word = either(language, "certifikat", "certificate");
    let (Some(subject), Some(sha1), Some(sha256), Some(days)) = (
        &change.subject,
        &change.sha1,
        &change.sha256,
        change.days_left,
    ) else {
        let cannot = either(language, "det kan ikke læses", "it cannot be read");
        return format!("{how} {word} {usage} ({role}): {cannot}");
    };
    let end = change.not_after.as_deref().unwrap_or_default();
    let left = match (language, days < 0) {
        (Language::Danish, false) => format!("udløber {end}, om {days} dage"),
        (Language::Danish, true) => format!("udløb {end}"),
        (Language::English, false) => format!("expires {end}, in {days} days"),
        (Language::English, true) => format!("expired {end}"),
    };
    format!("{how} {word} {usage} ({role}): {subject}, {left}, SHA-1 {sha1}, SHA-256 {sha256}")
}
