//! A logout that did not reach everybody, or that a party's page holds up.

use super::Confidence::{Certain, Possible};
use super::{Cause, Ended, Evidence, Facts, Found, rule};
use crate::hub::Check;
use crate::hub::trace::{Direction, Leg};

/// The sessions ended at the hub, and somebody did not log the user out: whoever failed last, for a system is told before the
/// identity provider that all of them share.
pub(super) fn partial(facts: &Facts<'_>) -> Option<Found> {
    if facts.ended != Ended::PartialLogout {
        return None;
    }
    let (side, failed) = facts.decided(rule::NOT_LOGGED_OUT)?;
    let cause = match side {
        rule::BY_IDP => Cause::IdpNotLoggedOut,
        _ => Cause::SystemNotLoggedOut,
    };
    let why = facts.decided("logout-party").map(|(_, evidence)| evidence);
    let said = facts.rows(&[Check::LogoutStatus]);
    let evidence = std::iter::once(failed).chain(why).chain(said);
    Some((cause, Certain, evidence.collect()))
}

/// Whoever was asked has not answered, and nobody has gone on without.
pub(super) fn never_came_back(facts: &Facts<'_>) -> Option<Found> {
    if facts.ended != Ended::Open {
        return None;
    }
    let mut all = facts.exchanges.iter().enumerate().rev();
    let (exchange, asked) = all.find(|(_, exchange)| {
        exchange.direction == Direction::Out && exchange.kind == "LogoutRequest"
    })?;
    let cause = match asked.leg {
        Leg::System => Cause::SystemNotLoggedOut,
        Leg::IdentityProvider => Cause::IdpNotLoggedOut,
    };
    Some((cause, Possible, vec![Evidence::Message { exchange }]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::trace::Trace;
    use crate::hub::verdict::{circumstance, of};

    fn facts<'a>(trace: &'a Trace, ended: Ended) -> Facts<'a> {
        Facts {
            ended,
            chosen: false,
            exchanges: &trace.exchanges,
            decisions: &trace.decisions,
            story: None,
            told: &[],
        }
    }

    #[test]
    fn whoever_did_not_log_the_user_out_must_act() {
        for (leg, cause) in [
            (Leg::System, Cause::SystemNotLoggedOut),
            (Leg::IdentityProvider, Cause::IdpNotLoggedOut),
        ] {
            let mut trace = Trace::default();
            circumstance::not_logged_out("https://party.example", leg, &mut trace);
            let verdict = of(&facts(&trace, Ended::PartialLogout)).expect("somebody");
            assert_eq!(verdict.cause, cause);
            assert!(!verdict.evidence.is_empty());
            assert_eq!(of(&facts(&trace, Ended::LoggedOut)), None);
        }
    }
}
