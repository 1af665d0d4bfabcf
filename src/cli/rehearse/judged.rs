//! Whether the certificates of the federation go with the plans that the flags ask for.

use super::super::{Failure, talk};
use super::args::{RehearseArgs, StrategyArg};
use super::known::Known;
use crate::hub::rollover::{Objection, Pair, Plan};

/// Each plan with its certificates. All objections come in one answer.
pub fn judged(
    args: &RehearseArgs,
    known: &Known,
    plans: Vec<Plan>,
    pairs: &[Pair],
) -> Result<Vec<(Plan, Pair)>, Failure> {
    let (mut against, mut notes) = (Vec::new(), Vec::new());
    let mut judged = Vec::new();
    for plan in plans {
        let mut pair = pairs.first().cloned().unwrap_or_default();
        // Stand-ins are nobody's certificates.
        let all = pairs.iter().filter(|_| !known.sample);
        for objection in all.flat_map(|pair| pair.objections(&plan)) {
            match &objection {
                Objection::NextMissing => {}
                // Of all strategies some go with the next certificate and some do not.
                Objection::OnTheSameKey(_) | Objection::OnAnotherKey(_)
                    if args.strategy == StrategyArg::All =>
                {
                    pair.next = None;
                    add(&mut notes, known, &plan, &objection, WITHOUT);
                }
                Objection::EndsElsewhere(..) => {
                    add(&mut notes, known, &plan, &objection, PRETENDED);
                }
                _ => add(
                    &mut against,
                    known,
                    &plan,
                    &objection,
                    objection.help(&plan.subject),
                ),
            }
        }
        judged.push((plan, pair));
    }
    for note in notes {
        talk::say(&format!("note: {note}"));
    }
    match against.is_empty() {
        true => Ok(judged),
        false => Err(Failure::Configuration(format!(
            "error: {}",
            against.join("\n\nerror: ")
        ))),
    }
}

const WITHOUT: (&str, &str) = (
    "fremgangsmåden øves uden det",
    "the strategy is rehearsed without it",
);
const PRETENDED: (&str, &str) = (
    "øvelsen lader, som om det udløber, når vinduet begynder",
    "the rehearsal pretends that it expires when the window begins",
);

/// What is wrong, where, and what to do, in both languages; each once.
fn add<T: AsRef<str>>(
    said: &mut Vec<String>,
    known: &Known,
    plan: &Plan,
    objection: &Objection,
    (help_da, help_en): (T, T),
) {
    let place = known.place(&plan.subject, objection.generation());
    let (da, en) = objection.what();
    let text = format!(
        "{}: {place}\n  {da}: {}\n  {en}: {}",
        plan.name,
        help_da.as_ref(),
        help_en.as_ref()
    );
    if !said.contains(&text) {
        said.push(text);
    }
}
