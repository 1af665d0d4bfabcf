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
    let (mut against, mut notes) = (Said::default(), Said::default());
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
                    notes.add(known, &plan, &objection, WITHOUT);
                }
                Objection::EndsElsewhere(..) => {
                    notes.add(known, &plan, &objection, PRETENDED);
                }
                _ => against.add(known, &plan, &objection, objection.help(&plan.subject)),
            }
        }
        judged.push((plan, pair));
    }
    for note in notes.lines("note") {
        talk::say(&note);
    }
    match against.0.is_empty() {
        true => Ok(judged),
        false => Err(Failure::Configuration(against.lines("error").join("\n\n"))),
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

/// What is said of some plans.
#[derive(Default)]
struct Said(Vec<(String, Vec<String>)>);

impl Said {
    /// What is wrong, where, and what to do, in both languages; once for all plans of which it is so.
    fn add(
        &mut self,
        known: &Known,
        plan: &Plan,
        objection: &Objection,
        help: (impl AsRef<str>, impl AsRef<str>),
    ) {
        let place = known.place(&plan.subject, objection.generation());
        let (da, en) = objection.what();
        let (help_da, help_en) = (help.0.as_ref(), help.1.as_ref());
        let text = format!("{place}\n  {da}: {help_da}\n  {en}: {help_en}");
        let name = plan.name.clone();
        match self.0.iter_mut().find(|(known, _)| *known == text) {
            Some((_, plans)) if plans.contains(&name) => {}
            Some((_, plans)) => plans.push(name),
            None => self.0.push((text, vec![name])),
        }
    }

    fn lines(&self, word: &str) -> Vec<String> {
        let all = self.0.iter();
        all.map(|(text, plans)| format!("{word}: {}: {text}", plans.join(", ")))
            .collect()
    }
}
