//! What an outage means for people: what happens, who must act now, and what would have prevented it.
//!
//! Three tables, Danish and English side by side: a cause in a sentence (`causes`), where the user meets it, and what
//! to do, (`duties`), which hangs on the habits of the party and on what the plan published when (`conditions`). The first
//! row that fits counts.

mod causes;
mod conditions;
mod duties;

use super::{Party, Role};
use crate::edge::page::Language;
use crate::edge::page::when;
use crate::hub::Actor;
use crate::hub::keys::{Generation, KeyState};
use crate::hub::rollover::{Cause, Outage, Plan, Subject};
use causes::{CAUSES, seen};
use conditions::{Situation, lead};
use duties::ROWS;

/// Danish, English.
type Pair = (&'static str, &'static str);

/// An outage explained, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What goes wrong, and where the user sees it.
    pub what: String,
    /// What to do while it lasts.
    pub now: Vec<Duty>,
    /// What would have prevented it, or made it shorter.
    pub before: Vec<Duty>,
}

/// Something that somebody must do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duty {
    /// Who.
    pub who: Who,
    /// What, in the imperative.
    pub text: String,
}

/// Which of the two parties must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// The one that changes its certificate.
    Changer,
    /// The one that must take it over.
    Holder,
}

/// Short words for a cause: Danish, English.
pub fn title(cause: Cause) -> (&'static str, &'static str) {
    let mut causes = CAUSES.iter();
    let named = causes.find(|named| named.cause == cause);
    named.map_or(("", ""), |named| named.title)
}

/// A letter for a cause, the same in every report: pictures must be readable without colour.
pub fn letter(cause: Cause) -> char {
    let letters = ('A'..='Z').zip(Cause::ALL);
    let found = letters.into_iter().find(|(_, known)| *known == cause);
    found.map_or('?', |(letter, _)| letter)
}

/// An outage of `party`, explained. `changer` is what people call the party that changes, `file` the name of the new
/// certificate's file.
pub fn explain(
    outage: &Outage,
    party: &Party,
    plan: &Plan,
    changer: &str,
    file: &str,
    language: Language,
) -> Explained {
    let cause = outage.cause;
    let keys = plan.schedule().at(outage.from).clone();
    let meant = meant(&keys);
    let switch = plan.signs_next().unwrap_or(plan.window.from);
    let signs = when::in_words_near(switch, plan.window.from, language);
    let lead = when::round_span(lead(party), language);
    let fill = |pair: Pair| {
        let mut text = language.pick(pair).to_owned();
        for (value, pair) in meant {
            text = text.replace(value, language.pick(pair));
        }
        text.replace("{changer}", changer)
            .replace("{file}", file)
            .replace("{signs}", &signs)
            .replace("{lead}", &lead)
            .replace("{holder}", &party.title)
    };
    let mut causes = CAUSES.iter();
    let what = causes.find(|named| named.cause == cause);
    let what = what.map_or(("", ""), |named| named.what);
    let seen = seen(cause.half(), party.role, &plan.subject);
    let mut rows = ROWS.iter().filter(|row| row.cause == cause);
    let situation = Situation {
        party,
        plan,
        from: outage.from,
        keys: &keys,
    };
    let row = rows.find(|row| row.when.iter().all(|when| when.holds(&situation)));
    let duties = |tasks: Option<&[(Who, Pair)]>| {
        let tasks = tasks.unwrap_or_default().iter();
        tasks
            .map(|(who, pair)| Duty {
                who: *who,
                text: fill(*pair),
            })
            .collect()
    };
    Explained {
        what: format!("{} {}", fill(what), language.pick(seen)),
        now: duties(row.map(|row| row.now)),
        before: duties(row.map(|row| row.before)),
    }
}

/// What certificates and keys are called in a sentence, by what the changing party does with its keys when the outage
/// begins: there may be one from before the one in use.
fn meant(keys: &KeyState) -> [(&'static str, Pair); 5] {
    let oldest = keys.decrypts.iter().min();
    [
        (
            "{held_old}",
            match keys.signs {
                Generation::Next => ("det gamle certifikat", "the old certificate"),
                _ => ("det forrige certifikat", "the previous certificate"),
            },
        ),
        (
            "{held_new}",
            match keys.signs {
                Generation::Previous => ("et nyere certifikat", "a newer certificate"),
                _ => ("det nye certifikat", "the new certificate"),
            },
        ),
        (
            "{signed}",
            match keys.signs {
                Generation::Previous => ("det forrige", "the previous one"),
                Generation::Active => ("det gamle", "the old one"),
                Generation::Next => ("det nye", "the new one"),
            },
        ),
        (
            "{old_key}",
            match oldest {
                Some(Generation::Active) => ("den forrige nøgle", "the previous key"),
                _ => ("den gamle nøgle", "the old key"),
            },
        ),
        (
            "{new_key}",
            match oldest {
                Some(Generation::Previous) => ("en nyere nøgle", "a newer key"),
                _ => ("den nye nøgle", "the new key"),
            },
        ),
    ]
}

/// Of which kind the one is who must act.
pub fn actor(who: Who, party: &Party, plan: &Plan) -> Actor {
    match (who, party.role, &plan.subject) {
        (Who::Holder, Role::IdentityProvider, _)
        | (Who::Changer, _, Subject::IdentityProvider(_)) => Actor::IdentityProvider,
        (Who::Holder, Role::System, _) | (Who::Changer, _, Subject::System(_)) => Actor::System,
        // Somebody registers the new metadata in the hub.
        (Who::Holder, Role::Hub, _) => Actor::Registration,
        (Who::Changer, _, Subject::Hub) => Actor::Hub,
    }
}

#[cfg(test)]
mod tests;
