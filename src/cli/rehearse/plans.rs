//! The plans that the flags ask for.

use super::super::Failure;
use super::args::{RehearseArgs, StrategyArg};
use crate::hub::rollover::{Action, Order, Plan, Preset, Strategy, Subject, Window};
use time::format_description::well_known::Rfc3339;
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
        let first = keys_change(&plan).next();
        if first.is_none_or(|first| at <= first) {
            let at = at.format(&Rfc3339).unwrap_or_default();
            return Err(Failure::Usage(format!(
                "error: --rollback-at {at}: endnu er intet skiftet / nothing has changed yet by then ({})",
                plan.name
            )));
        }
        plans.push(back(&plan, at));
        return Ok(());
    }
    if !args.rollback_at_every_step {
        plans.push(plan);
        return Ok(());
    }
    let moments: Vec<OffsetDateTime> = keys_change(&plan).collect();
    for (index, at) in moments.iter().enumerate() {
        let gap = moments.get(index + 1).map(|next| (*next - *at) / 2);
        plans.push(back(
            &plan,
            *at + gap.map_or(NOTICED, |gap: Duration| gap.min(NOTICED)),
        ));
    }
    Ok(())
}

fn back(plan: &Plan, at: OffsetDateTime) -> Plan {
    let rolled = plan.rolled_back(at);
    let since = (at - plan.window.from).whole_minutes();
    Plan {
        name: format!("{}, roll-back at {since:+} min", plan.name),
        ..rolled
    }
}

/// The moments at which the plan does something that can be taken back, each once.
fn keys_change(plan: &Plan) -> impl Iterator<Item = OffsetDateTime> {
    let changes =
        |action: &Action| !matches!(action, Action::Announce | Action::HandOut | Action::Expire);
    let mut moments: Vec<OffsetDateTime> = plan
        .steps
        .iter()
        .filter(|step| changes(&step.action))
        .map(|step| step.at)
        .collect();
    moments.dedup();
    moments.into_iter()
}
