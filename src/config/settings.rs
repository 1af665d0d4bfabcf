//! Settings that can contradict each other.

use super::kind::RELAY_STATE;
use super::parse::Written;
use super::problem::Sink;
use crate::hub::question::MAX_RELAY_STATE;
use crate::hub::settings::LevelWords;
use crate::oiosaml::{Level, Nsis};

/// A flow's handle: 26 characters.
const HANDLE: usize = 26;

pub(super) fn check(sink: &mut Sink<'_>, written: &Written) {
    let settings = &written.file.settings;
    let template = settings.relay_state_template.as_str();
    let at = |name: &str| {
        written
            .settings
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, span)| span.clone())
    };
    let span = at("relay_state_template").or_else(|| at("relay_state_words"));
    if template.matches("{handle}").count() != 1 {
        let what =
            format!("`{template}` must contain {{handle}} once: nothing else names the login");
        return sink.add(
            RELAY_STATE,
            span,
            what,
            "for example \"{handle}&nsis={level}\"",
        );
    }
    let rest = template.replace("{handle}", "").replace("{level}", "");
    if rest.contains(['{', '}']) {
        let what = format!("`{template}` has a placeholder that nobody fills in");
        return sink.add(
            RELAY_STATE,
            span,
            what,
            "only {handle} and {level} are filled in",
        );
    }
    let word = |level: Nsis| match settings.relay_state_words {
        LevelWords::Danish => level.danish().len(),
        LevelWords::English => level.word().len(),
        LevelWords::Uri => Level::Nsis(level).class_ref().len(),
    };
    let longest = Nsis::ALL.into_iter().map(word).max().unwrap_or(0);
    let length = rest.len() + HANDLE + template.matches("{level}").count() * longest;
    if length > MAX_RELAY_STATE {
        let what =
            format!("RelayState becomes up to {length} bytes long; SAML allows {MAX_RELAY_STATE}");
        sink.add(RELAY_STATE, span, what, "shorten the template, or choose relay_state_words = \"danish\"; with \"uri\" there is room for \"{handle} {level}\"");
    }
}
