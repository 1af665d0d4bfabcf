//! How a party takes over changes, in words.

use super::phrases::Text;
use crate::edge::page::when;
use crate::hub::rollover::{Compares, Reads, Source, TrustModel};
use time::OffsetDateTime;

/// What is usual is not said. `named` is a moment whose year is.
pub fn text(model: &TrustModel, named: OffsetDateTime, t: &Text) -> String {
    let source = match &model.source {
        Source::Pinned => t.pinned.to_owned(),
        Source::Polled { every, .. } => t.polled(when::every(*every, t.language)),
        Source::Restart(_) => t.restart.to_owned(),
        Source::Manual(moments) if moments.is_empty() => t.manual_none.to_owned(),
        Source::Manual(moments) => {
            let moments = moments
                .iter()
                .map(|at| when::in_short_near(*at, named, t.language));
            t.manual(moments.collect::<Vec<_>>().join(", "))
        }
    };
    let others = [
        (model.reads == Reads::First, t.reads_first),
        (model.reads == Reads::Last, t.reads_last),
        (!model.checks_signatures, t.no_signatures),
        (model.compares == Compares::Certificate, t.compares),
        (model.checks_dates, t.dates),
        (!model.reads_missing_use, t.no_missing_use),
        (!model.stated, t.unstated),
    ];
    let others = others.into_iter().filter(|(unusual, _)| *unusual);
    others.fold(source, |said, (_, what)| format!("{said}; {what}"))
}
