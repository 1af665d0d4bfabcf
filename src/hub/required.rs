//! The level that is required: the higher of what the system is registered with and what it asks for.

use super::settings::RequestedLevel;
use super::{Check, Context, Report, RowOutcome, Source, Trace, UserFacingSystem};
use crate::oiosaml::{Level, Scale};
use crate::saml::{Comparison, RequestedAuthnContext};

/// The required level on the scale of the registered one, with a row for what was not used.
///
/// A class ref that is no level is ignored (php-saml and node-saml send PasswordProtectedTransport by
/// default); of several levels the lowest counts, because any of them satisfies the request; exact and
/// minimum are read as minimum; maximum and better are ignored.
pub fn required(
    context: Context<'_>,
    system: &UserFacingSystem,
    requested: Option<&RequestedAuthnContext>,
    report: &mut Report,
    trace: &mut Trace,
) -> Level {
    let registered = system.required_level;
    let asked = requested.and_then(|requested| asked(requested, registered.scale(), report));
    if requested.is_none() {
        report.skip(Check::RequestContext, "no RequestedAuthnContext");
    }
    let level = match (context.settings.requested_level, asked) {
        (RequestedLevel::Higher, Some(asked)) if !registered.satisfies(asked) => asked,
        _ => registered,
    };
    trace.decide(
        "required-level",
        format!(
            "registered {registered}, requested {}",
            asked.map_or("nothing".to_owned(), |level| level.to_string())
        ),
        level.to_string(),
        if asked.is_some() {
            Source::Setting
        } else {
            Source::Confirmed
        },
    );
    level
}

/// The lowest level asked for, on `scale`.
pub(super) fn asked(
    requested: &RequestedAuthnContext,
    scale: Scale,
    report: &mut Report,
) -> Option<Level> {
    let mut notes = Vec::new();
    let mut lowest: Option<Level> = None;
    if let Some(comparison @ (Comparison::Maximum | Comparison::Better)) = requested.comparison {
        notes.push(format!(
            "Comparison=\"{}\" is ignored with its class refs",
            comparison.as_str()
        ));
    } else {
        for uri in &requested.class_refs {
            match Level::from_class_ref(uri) {
                None => notes.push(format!("{uri} is no level")),
                Some(level) => {
                    let level = level.on(scale);
                    if lowest.is_none_or(|low| low.satisfies(level)) {
                        lowest = Some(level);
                    }
                }
            }
        }
    }
    notes.extend(
        requested
            .decl_refs
            .iter()
            .map(|uri| format!("{uri} is a declaration, not a class")),
    );
    let outcome = if notes.is_empty() {
        RowOutcome::Pass
    } else {
        RowOutcome::Warn
    };
    let found = if notes.is_empty() {
        requested.class_refs.join(" ")
    } else {
        notes.join("; ")
    };
    report.add(
        Check::RequestContext,
        outcome,
        found,
        "one of the seven levels, Comparison=\"minimum\"",
    );
    lowest
}
