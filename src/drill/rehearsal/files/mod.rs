//! What a change of certificates is announced with: files named as the real hub's, a text (driftsmeddelelse) and a
//! calendar. Pure functions of a plan and its certificates, for `rehearse --files` and for pages that offer them.

mod announcement;
mod calendar;
mod metadata;

pub use announcement::announcement;
pub use calendar::calendar;
pub use metadata::metadata;

use super::Run;
use crate::dsig::Certificate;
use crate::edge::page::Language;
use crate::hub::rollover::{Names, Plan, slug};

/// A file to write or to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its name, without a folder.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// All files of a run ([`of_plan`]).
pub fn files(
    run: &Run,
    active: &Certificate,
    next: &Certificate,
    language: Language,
) -> Vec<Written> {
    of_plan(&run.plan, &run.changer, active, next, language)
}

/// All files of a plan: both certificates (DER), the announcement in both languages, the calendar in `language`.
/// `changer` is what people call the party that changes.
pub fn of_plan(
    plan: &Plan,
    changer: &str,
    active: &Certificate,
    next: &Certificate,
    language: Language,
) -> Vec<Written> {
    let names = Names::of(plan, Some(active), Some(next));
    let slug = slug(plan);
    let text = |language| announcement(plan, changer, active, next, language).into_bytes();
    let written = |name: String, bytes| Written { name, bytes };
    vec![
        written(names.active, active.der()),
        written(names.next, next.der()),
        written(
            format!("driftsmeddelelse-{slug}.txt"),
            text(Language::Danish),
        ),
        written(format!("announcement-{slug}.txt"), text(Language::English)),
        written(
            format!("{slug}.ics"),
            calendar(plan, changer, language).into_bytes(),
        ),
    ]
}
