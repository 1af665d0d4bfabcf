//! The settings that decide what is in a message, and every value that each of them can have.

use super::login::Logins;
use super::message::level_words;
use crate::hub::Settings;
use crate::hub::settings::{
    AuthnInstantSetting, ComparisonSetting, LevelWords, NsisNeed, RequestedLevel, RequesterId,
};
use crate::oiosaml::request_profile::MultipleAuthnFrom;
use std::collections::BTreeSet;

/// A setting with one value. RelayState has two settings that only together make a message.
#[derive(Clone)]
pub struct Variant {
    /// Which one; the same for all of its values.
    pub group: &'static str,
    /// The lines of `[settings]` that say so.
    pub lines: Vec<(&'static str, String)>,
    /// The settings with it.
    apply: Apply,
}

#[derive(Clone)]
enum Apply {
    Plain(fn(&mut Settings)),
    RelayState(String, LevelWords),
}

impl Variant {
    /// The settings with this value.
    pub fn on(&self, settings: &Settings) -> Settings {
        let mut changed = settings.clone();
        match &self.apply {
            Apply::Plain(apply) => apply(&mut changed),
            Apply::RelayState(template, words) => {
                changed.relay_state_template.clone_from(template);
                changed.relay_state_words = *words;
            }
        }
        changed
    }

    /// The lines that differ from `settings`.
    pub fn changes(&self, settings: &Settings) -> Vec<(&'static str, String)> {
        let mut lines = self.lines.clone();
        if let Apply::RelayState(template, words) = &self.apply {
            lines.retain(|(name, _)| match *name {
                "relay_state_template" => *template != settings.relay_state_template,
                _ => *words != settings.relay_state_words,
            });
        }
        lines
    }
}

/// Every value of every setting, for these captures.
pub fn all(logins: &Logins<'_>, settings: &Settings) -> Vec<Variant> {
    macro_rules! values {
        ($($field:ident { $($text:literal => $value:expr),* })*) => {
            vec![$($(Variant {
                group: stringify!($field),
                lines: vec![(stringify!($field), $text.to_owned())],
                apply: Apply::Plain(|settings| settings.$field = $value),
            },)*)*]
        };
    }
    let mut all = values! {
        multipleauthn_from { "\"3\"" => MultipleAuthnFrom::Three, "\"2\"" => MultipleAuthnFrom::Two }
        level_comparison { "\"minimum\"" => ComparisonSetting::Minimum, "\"exact\"" => ComparisonSetting::Exact, "\"none\"" => ComparisonSetting::None }
        multipleauthn_comparison { "\"none\"" => ComparisonSetting::None, "\"exact\"" => ComparisonSetting::Exact, "\"minimum\"" => ComparisonSetting::Minimum }
        request_conditions { "false" => false, "true" => true }
        requester_id { "\"entity_id\"" => RequesterId::EntityId, "\"service_provider_cvr_app\"" => RequesterId::ServiceProviderCvrApp }
        requested_level { "\"higher\"" => RequestedLevel::Higher, "\"registered_only\"" => RequestedLevel::RegisteredOnly }
        nsis_need_at_oiosaml2_idp { "\"refuse\"" => NsisNeed::Refuse, "\"ask\"" => NsisNeed::Ask }
        under_assured_logins { "true" => true, "false" => false }
        assurance_level_for_oiosaml3 { "true" => true, "false" => false }
        honour_idp_list { "true" => true, "false" => false }
        unsigned_status { "true" => true, "false" => false }
        require_x509_subject_name { "true" => true, "false" => false }
        authn_instant { "\"issue_time\"" => AuthnInstantSetting::IssueTime, "\"identity_provider\"" => AuthnInstantSetting::IdentityProvider }
    };
    for template in templates(logins, settings) {
        for (word, words) in [
            ("danish", LevelWords::Danish),
            ("english", LevelWords::English),
            ("uri", LevelWords::Uri),
        ] {
            all.push(Variant {
                group: "relay_state",
                lines: vec![
                    ("relay_state_template", quoted(&template)),
                    ("relay_state_words", quoted(word)),
                ],
                apply: Apply::RelayState(template.clone(), words),
            });
        }
    }
    all
}

/// How RelayState may be put together: as it is set, as it was found, and without the level.
fn templates(logins: &Logins<'_>, settings: &Settings) -> Vec<String> {
    let mut templates = vec![settings.relay_state_template.clone(), "{handle}".to_owned()];
    let mut seen: BTreeSet<String> = templates.iter().cloned().collect();
    let words = level_words();
    for login in &logins.logins {
        let relay = login
            .request
            .and_then(|seen| seen.message.relay.as_ref()?.clone());
        let Some(relay) = relay else { continue };
        let word = words
            .iter()
            .find(|word| relay.shape.contains(word.as_str()));
        let template = match word {
            Some(word) => relay.shape.replacen(word.as_str(), "{level}", 1),
            None => relay.shape,
        };
        // What the configuration would refuse is not proposed.
        let once = template.matches("{handle}").count() == 1 && !template.contains("{…}");
        if once && template.len() <= 80 && seen.insert(template.clone()) {
            templates.push(template);
        }
    }
    templates
}

/// A text of TOML.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_back() {
        for text in ["", "a \"b\" \\c", "ø\u{1}\n"] {
            let read: toml::Table = toml::from_str(&format!("x = {}", quoted(text))).unwrap();
            assert_eq!(read["x"].as_str(), Some(text));
        }
    }

    #[test]
    fn every_line_is_one_of_the_configuration() {
        let settings = Settings::default();
        let mut groups: Vec<&str> = Vec::new();
        for variant in all(&Logins::default(), &settings) {
            let lines: Vec<String> = (variant.lines.iter())
                .map(|(name, value)| format!("{name} = {value}"))
                .collect();
            let read: Settings = toml::from_str(&lines.join("\n")).unwrap();
            assert_eq!(read, variant.on(&settings), "{lines:?}");
            if variant.on(&settings) == settings && groups.last() != Some(&variant.group) {
                groups.push(variant.group);
            }
        }
        // Each has its default among its values.
        assert_eq!(groups.len(), 14);
    }
}
