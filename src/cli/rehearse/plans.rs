//! The plans that the flags ask for.

use super::super::Failure;
use super::args::{RehearseArgs, StrategyArg};
use crate::hub::danish_time::written;
use crate::hub::rollover::{NoWayBack, Order, Plan, Preset, Strategy, Subject, Window};
use time::{Duration, OffsetDateTime};

/// How long after a step a rollback is decided where every step is rolled back: by then somebody has noticed.
const NOTICED: Duration = Duration::minutes(15);

/// The plans, in the order in which they are told.
pub fn plans(args: &RehearseArgs, subject: &Subject) -> Result<Vec<Plan>, Failure> {
    let mut plans = Vec::new();
    for strategy in strategies(args.strategy) {
        for order in orders(strategy, args.order.map(Into::into)) {
            let preset = preset(args, subject, strategy, order);
            rolled(args, preset.plan(), &mut plans)?;
        }
    }
    Ok(plans)
}

/// Plans that somebody wrote, rolled back as the flags ask.
pub fn given(args: &RehearseArgs, written: Vec<Plan>) -> Result<Vec<Plan>, Failure> {
    let mut plans = Vec::new();
    for plan in written {
        rolled(args, plan, &mut plans)?;
    }
    Ok(plans)
}

fn strategies(asked: StrategyArg) -> Vec<Strategy> {
    match asked.strategy() {
        Some(strategy) => vec![strategy],
        None => Strategy::ALL.to_vec(),
    }
}

/// Only a hard swap has two orders; which of them the real hub takes is not known.
fn orders(strategy: Strategy, asked: Option<Order>) -> Vec<Order> {
    match (strategy, asked) {
        (Strategy::HardSwap, None) => Order::ALL.to_vec(),
        (Strategy::HardSwap, Some(order)) => vec![order],
        _ => vec![Order::SigningFirst],
    }
}

fn preset(args: &RehearseArgs, subject: &Subject, strategy: Strategy, order: Order) -> Preset {
    let usual = Preset::new(strategy, subject.clone(), Window::of(args.at));
    Preset {
        order,
        environment: args.environment.clone(),
        keep_old_decryption_key: args
            .keep_old_decryption_key
            .unwrap_or(usual.keep_old_decryption_key),
        ..usual
    }
}

/// The plan, or what is rolled back of it. Each has a name of its own, by which a baseline knows it.
fn rolled(args: &RehearseArgs, plan: Plan, plans: &mut Vec<Plan>) -> Result<(), Failure> {
    if let Some(at) = args.rollback_at {
        let flag = format!("--rollback-at {}", written(at));
        plans.push(back(&plan, at).map_err(|why| refused(&flag, &plan, why))?);
        return Ok(());
    }
    // Of all strategies one has no way back, and is rehearsed as it is.
    let no_way = plan.strategy == Some(Strategy::Emergency) && args.strategy == StrategyArg::All;
    if !args.rollback_at_every_step || no_way {
        plans.push(plan);
        return Ok(());
    }
    let moments = plan.key_moments();
    for (index, at) in moments.iter().enumerate() {
        let gap = moments.get(index + 1).map(|next| (*next - *at) / 2);
        let at = *at + gap.map_or(NOTICED, |gap: Duration| gap.min(NOTICED));
        plans.push(back(&plan, at).map_err(|why| refused("--rollback-at-every-step", &plan, why))?);
    }
    Ok(())
}

fn refused(flag: &str, plan: &Plan, why: NoWayBack) -> Failure {
    let (da, en) = why.what();
    Failure::Usage(format!("error: {flag}: {}\n\n{da}\n{en}", plan.name))
}

fn back(plan: &Plan, at: OffsetDateTime) -> Result<Plan, NoWayBack> {
    let rolled = plan.rolled_back(at)?;
    Ok(Plan {
        name: format!(
            "{}, roll-back at {}",
            plan.name,
            since(at - plan.window.from)
        ),
        ..rolled
    })
}

/// `+15 min`, `+15 min 30.5 s`: moments that differ are called differently.
fn since(span: Duration) -> String {
    let sign = if span.is_negative() { '-' } else { '+' };
    let span = span.abs();
    let rest = span - Duration::minutes(span.whole_minutes());
    let seconds = match rest.is_zero() {
        true => String::new(),
        false => format!(" {} s", rest.as_seconds_f64()),
    };
    format!("{sign}{} min{seconds}", span.whole_minutes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_that_differ_are_called_differently() {
        for (ms, text) in [
            (900_000, "+15 min"),
            (0, "+0 min"),
            (-900_000, "-15 min"),
            (930_500, "+15 min 30.5 s"),
            (-30_000, "-0 min 30 s"),
        ] {
            assert_eq!(since(Duration::milliseconds(ms)), text);
        }
    }
}
