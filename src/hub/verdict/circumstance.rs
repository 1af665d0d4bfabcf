//! What the process knows beside the messages, as decisions of the flow: pure functions of facts that the edge has gathered.
//! They imitate nothing of the real hub; the verdict looks at them.

use super::rule;
use crate::hub::trace::{Leg, Source, Trace};
use crate::saml::time as saml_time;
use time::{Duration, OffsetDateTime};

/// Clocks that differ by less are as good as equal: a message takes a moment to travel.
const CLOSE: Duration = Duration::seconds(30);

/// Whose clock is wrong where a message was out of time: the sender's is `behind` the hub's by so much, and those of the other
/// parties that were heard by so much each. More of them that say what the sender says make it the hub's.
pub fn clock(behind: Duration, others: &[Duration], trace: &mut Trace) {
    let near = |to: Duration| {
        let near = others.iter().filter(|other| (**other - to).abs() <= CLOSE);
        near.count()
    };
    let (like_us, like_them) = (near(Duration::ZERO), near(behind));
    let result = match (like_them, like_us) {
        (0, 0) => rule::CLOCK_UNKNOWN,
        (them, us) if them > us => rule::CLOCK_HUB,
        _ => rule::CLOCK_PARTY,
    };
    let input = format!(
        "its clock is {} s behind the hub's; of {} other parties {like_us} agree with the hub and {like_them} with it",
        behind.whole_seconds(),
        others.len()
    );
    trace.decide(rule::CLOCK, input, result, Source::Inferred);
}

/// Whether a party has another certificate of the hub than the one that is used now: by the metadata that it `fetched` last and
/// whether that is still the same; where it was not seen to fetch any, by whether its habits let one expect that it `holds` it.
/// Says nothing of a party that has it, or of which nothing is known.
pub fn hub_key(
    fetched: Option<(OffsetDateTime, bool)>,
    holds: impl FnOnce() -> Option<bool>,
    trace: &mut Trace,
) {
    let input = match fetched {
        Some((_, true)) => return,
        Some((at, false)) => format!(
            "it last fetched the hub's metadata {}, with another certificate",
            saml_time::format(at)
        ),
        None if holds() == Some(false) => {
            "by its habits it has not taken over the hub's certificate yet, and it was not seen to fetch metadata"
                .to_owned()
        }
        None => return,
    };
    trace.decide(rule::HUB_KEY, input, rule::KEY_OLD, Source::Inferred);
}

/// Why nobody of this entityID is known: the kind of problem, and what is wrong.
pub fn registration(entity_id: &str, kind: Option<&str>, why: &str, trace: &mut Trace) {
    let kind = kind.unwrap_or("registry");
    trace.decide(
        rule::REGISTRATION,
        entity_id,
        format!("{kind}: {why}"),
        Source::Confirmed,
    );
}

/// An answer to a login that is over: which flow that was, how that stands, and whether the same browser brings it.
pub fn again(flow: &str, stands: &str, same_browser: bool, trace: &mut Trace) {
    let result = match same_browser {
        true => rule::AGAIN_SAME_BROWSER,
        false => rule::AGAIN_OTHER_BROWSER,
    };
    let input = format!("InResponseTo of flow {flow}, {stands}");
    trace.decide(rule::AGAIN, input, result, Source::Confirmed);
}

/// Which side of the hub a party stands on that did not log the user out.
pub fn not_logged_out(entity_id: &str, leg: Leg, trace: &mut Trace) {
    let result = match leg {
        Leg::System => rule::BY_SYSTEM,
        Leg::IdentityProvider => rule::BY_IDP,
    };
    trace.decide(rule::NOT_LOGGED_OUT, entity_id, result, Source::Confirmed);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(note: impl FnOnce(&mut Trace)) -> Option<String> {
        let mut trace = Trace::default();
        note(&mut trace);
        trace.decisions.pop().map(|decision| decision.result)
    }

    #[test]
    fn the_clock_is_wrong_that_stands_alone() {
        let of = |others: &[i64]| {
            let others: Vec<Duration> = others.iter().map(|s| Duration::seconds(*s)).collect();
            said(|trace| clock(Duration::minutes(10), &others, trace)).unwrap()
        };
        assert_eq!(of(&[]), rule::CLOCK_UNKNOWN);
        // Somebody who is wrong in another way says nothing of either.
        assert_eq!(of(&[-300]), rule::CLOCK_UNKNOWN);
        assert_eq!(of(&[0]), rule::CLOCK_PARTY);
        assert_eq!(of(&[610]), rule::CLOCK_HUB);
        assert_eq!(of(&[610, 1]), rule::CLOCK_PARTY);
        assert_eq!(of(&[610, 590, 1]), rule::CLOCK_HUB);
        assert_eq!(of(&[631, 30]), rule::CLOCK_PARTY);
    }

    #[test]
    fn what_was_fetched_counts_before_habits() {
        let at = OffsetDateTime::UNIX_EPOCH;
        let of = |fetched, holds| said(|trace| hub_key(fetched, || holds, trace));
        assert_eq!(
            of(Some((at, false)), Some(true)).as_deref(),
            Some(rule::KEY_OLD)
        );
        assert_eq!(of(Some((at, true)), Some(false)), None);
        assert_eq!(of(None, Some(false)).as_deref(), Some(rule::KEY_OLD));
        assert_eq!(of(None, Some(true)), None);
        assert_eq!(of(None, None), None);
    }
}
