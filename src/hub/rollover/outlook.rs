//! What can be said of a party while a plan is played: by its habits, and by what was seen of it. What was seen counts
//! more, for as long as nothing has changed since.

use super::habits::{Compares, TrustModel};
use super::outage::{Outage, Validities, holding, outages};
use super::plan::Plan;
use crate::hub::keys::Generation;
use time::OffsetDateTime;

/// How the last login through a party went, told by messages that somebody can be held to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It worked.
    Worked,
    /// The hub has answered; what the system made of it, it does not say.
    Answered,
    /// It failed: the id of a check, or what the party says.
    Failed(String),
}

/// Whether logins work now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// They do: seen since anything last changed, or expected.
    Works {
        /// Whether one was seen.
        seen: bool,
    },
    /// They do not.
    Fails {
        /// Why, by the rule; it holds until then, where that is known.
        expected: Option<Outage>,
        /// What was seen.
        seen: Option<String>,
    },
    /// Nobody has said how the party takes over a change, and nothing was seen.
    Unknown,
}

/// A party at a moment of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// Whether it trusts the next certificate; none: nobody knows.
    pub trusts_new: Option<bool>,
    /// Whether logins through it work.
    pub login: Login,
    /// When they fail next.
    pub next: Option<Outage>,
}

/// The outlook for a party with these habits at `at`. `fetched`: when it was seen to fetch metadata; `heard`: how its
/// last login went, and when. Both in the plan's time; what lies after `at` was undone by a jump back.
pub fn outlook(
    plan: &Plan,
    validities: &Validities,
    model: &TrustModel,
    fetched: &[OffsetDateTime],
    heard: Option<(OffsetDateTime, &Heard)>,
    at: OffsetDateTime,
) -> Outlook {
    let fetched: Vec<OffsetDateTime> = fetched.iter().copied().filter(|then| *then <= at).collect();
    let known = model.stated || !fetched.is_empty();
    let spans = outages(plan, validities, model, &fetched);
    let current = spans.iter().find(|span| span.covers(at));
    // What was seen before the hub, or the party, last changed says nothing of now.
    let edges = spans.iter().flat_map(|span| [Some(span.from), span.to]);
    let schedule = plan.schedule();
    let changed = schedule.moments().chain(edges.flatten());
    let changed = changed.filter(|moment| *moment <= at).max();
    let heard = heard.filter(|(then, _)| *then <= at && changed.is_none_or(|last| last <= *then));
    let login = match heard {
        Some((_, Heard::Worked)) => Login::Works { seen: true },
        Some((_, Heard::Failed(why))) => Login::Fails {
            expected: current.copied(),
            seen: Some(why.clone()),
        },
        Some((_, Heard::Answered)) | None if !known => Login::Unknown,
        Some((_, Heard::Answered)) | None => match current {
            Some(outage) => Login::Fails {
                expected: Some(*outage),
                seen: None,
            },
            None => Login::Works { seen: false },
        },
    };
    Outlook {
        trusts_new: trusts_new(plan, model, &fetched, at).filter(|trusts| *trusts || known),
        login,
        // The worst that one must expect of somebody unknown is no forecast.
        next: spans.iter().find(|span| span.from > at && known).copied(),
    }
}

fn trusts_new(
    plan: &Plan,
    model: &TrustModel,
    fetched: &[OffsetDateTime],
    at: OffsetDateTime,
) -> Option<bool> {
    let same = plan.same_key && model.compares == Compares::Key;
    let holds = holding(plan, model, fetched, at);
    Some(!model.checks_signatures || same || holds.signing.contains(&Generation::Next))
}

#[cfg(test)]
mod tests {
    use super::super::{Order, Preset, Source, Strategy, Subject, Window};
    use super::*;
    use time::Duration;
    use time::macros::datetime;

    const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

    fn minutes(minutes: i64) -> OffsetDateTime {
        SIX + Duration::minutes(minutes)
    }

    /// An IdP that polls on the hour and a minute, in a hard swap.
    fn seen(order: Order, heard: Option<(i64, &Heard)>, at: i64) -> Outlook {
        let preset = Preset::new(Strategy::HardSwap, Subject::Hub, Window::of(SIX));
        let plan = Preset { order, ..preset }.plan();
        let model = TrustModel {
            source: Source::Polled {
                every: Duration::hours(1),
                at: minutes(1),
            },
            ..TrustModel::default()
        };
        let heard = heard.map(|(then, heard)| (minutes(then), heard));
        outlook(
            &plan,
            &Validities::default(),
            &model,
            &[],
            heard,
            minutes(at),
        )
    }

    #[test]
    fn what_was_seen_counts_until_anything_changes() {
        let (works, failed) = (Heard::Worked, Heard::Failed("IDP-R-009".to_owned()));
        let fails = |outlook: Outlook| matches!(outlook.login, Login::Fails { .. });
        // Signing first: a failure in the hole, over with the fetch at a minute past seven.
        let order = Order::SigningFirst;
        assert!(fails(seen(order, Some((40, &failed)), 50)));
        assert_eq!(
            seen(order, Some((40, &failed)), 62).login,
            Login::Works { seen: false }
        );
        // Somebody fetched by hand: what was seen since counts more than what was expected.
        assert_eq!(
            seen(order, Some((40, &works)), 50).login,
            Login::Works { seen: true }
        );
        // Metadata first: it goes over too early at a minute past seven, whatever was seen before.
        let order = Order::MetadataFirst;
        assert!(!fails(seen(order, Some((45, &works)), 50)));
        assert!(fails(seen(order, Some((45, &works)), 62)));
        // A jump back undoes what was seen later.
        assert!(!fails(seen(order, Some((62, &failed)), 50)));
        // What the hub merely answered says nothing.
        assert!(fails(seen(order, Some((63, &Heard::Answered)), 64)));
    }

    #[test]
    fn of_somebody_unknown_nothing_is_forecast() {
        let plan = Preset::new(Strategy::HardSwap, Subject::Hub, Window::of(SIX)).plan();
        let model = TrustModel::unknown();
        let none = Validities::default();
        for at in [-60, 10, 600] {
            let outlook = outlook(&plan, &none, &model, &[], None, minutes(at));
            assert_eq!(outlook.login, Login::Unknown);
            assert_eq!((outlook.next, outlook.trusts_new), (None, None));
        }
        // It was seen to fetch what shows the next one, and then it is known.
        let outlook = outlook(&plan, &none, &model, &[minutes(31)], None, minutes(40));
        assert_eq!(outlook.trusts_new, Some(true));
        assert_eq!(outlook.login, Login::Works { seen: false });
    }
}
