//! How the parties of the demo take over a change of the hub's certificate.

use crate::hub::rollover::{Reads, Source, TrustModel};
use std::collections::BTreeMap;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// The window that the dates below were written for.
pub const WINDOW: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

/// By short name.
pub fn of_the_demo() -> BTreeMap<String, TrustModel> {
    let polled = |hours, at| Source::Polled {
        every: Duration::hours(hours),
        at,
    };
    let model = |source| TrustModel {
        source,
        ..TrustModel::default()
    };
    let by_hand = |at: Option<OffsetDateTime>| Source::Manual(at.into_iter().collect());
    let all = [
        ("sagssystem", model(Source::Pinned)),
        (
            "borgerportal",
            model(Source::Restart(vec![datetime!(2026-12-02 06:45 +1)])),
        ),
        (
            "provekobing-adfs",
            model(polled(24, datetime!(2026-12-01 22:10 +1))),
        ),
        (
            "eksempelstrup",
            model(polled(4, datetime!(2026-12-02 03:40 +1))),
        ),
        (
            "testrup",
            model(by_hand(Some(datetime!(2026-12-02 07:15 +1)))),
        ),
        (
            "fiktiv-gammel",
            TrustModel {
                checks_signatures: false,
                ..model(by_hand(None))
            },
        ),
        (
            "fiktiv-ny",
            TrustModel {
                reads: Reads::First,
                ..model(polled(6, datetime!(2026-12-02 05:20 +1)))
            },
        ),
    ];
    all.map(|(name, model)| (name.to_owned(), model)).into()
}
