//! Which settings make our messages those of the capture. Tried, not reasoned: the login is played with every value of
//! every setting, under every registration that is possible.

use super::comparisons::{COMPARISONS, Comparison, FLOW, Of, View};
use super::login::{Login, Logins, Seen};
use super::message::Message;
use super::parties::{Cast, Supposed};
use super::play::{Played, is_status, key, play};
use super::variants::Variant;
use crate::hub::Settings;
use crate::oiosaml::mask::Masker;
use std::collections::{BTreeMap, BTreeSet};

/// A comparison that came out differently.
pub struct Difference {
    /// What was compared.
    pub comparison: &'static Comparison,
    /// What the captured message has.
    pub found: String,
    /// What ours has.
    pub expected: String,
}

/// What the comparisons of one login gave.
#[derive(Default)]
pub struct Compared {
    /// What differs.
    pub differences: Vec<Difference>,
    /// What is the same.
    pub same: Vec<&'static Comparison>,
    /// What could not be seen, in messages that are there.
    pub unseen: Vec<&'static Comparison>,
}

impl Compared {
    /// How much differs. What a registration decides weighs more than what is the same under all of them, and a login
    /// that does not come as far explains nothing.
    fn weight(&self) -> usize {
        let weight = |difference: &Difference| match difference.comparison.id {
            "CAL-Q-016" | "CAL-Q-017" | "CAL-Q-020" => 10,
            id if id == FLOW.id => 1000,
            _ => 1,
        };
        self.differences.iter().map(weight).sum()
    }
}

/// Names a difference: the login, and the comparison.
pub type Key = (usize, &'static str);

/// One login under one registration and some settings.
pub struct Outcome {
    /// The comparisons.
    pub compared: Compared,
    /// What our hub did.
    pub played: Played,
}

/// Everything that tries settings.
pub struct Bench<'a> {
    /// The logins.
    pub logins: &'a Logins<'a>,
    /// Who may have taken part in each of them.
    pub casts: &'a [Cast],
    /// Masks our own messages.
    pub masker: &'a mut Masker,
    /// How much our requests differ, by what decides them.
    pub counts: BTreeMap<(usize, String), usize>,
    /// What differs in all logins, by the settings.
    pub seen: BTreeMap<String, BTreeSet<Key>>,
}

/// Registrations for which a whole login is played.
const NEAREST: usize = 4;

impl Bench<'_> {
    /// The registration under which least differs, and what then does.
    pub fn best(&mut self, login: usize, settings: &Settings) -> Outcome {
        let mut best: Option<Outcome> = None;
        for supposed in self.nearest(login, settings) {
            let outcome = self.one(login, supposed, settings);
            let better = best
                .as_ref()
                .is_none_or(|best| outcome.compared.weight() < best.compared.weight());
            if better {
                let perfect = outcome.compared.differences.is_empty();
                best = Some(outcome);
                if perfect {
                    break;
                }
            }
        }
        best.expect("a cast has somebody")
    }

    /// The registrations whose request to the identity provider differs least. Whole logins are played for a few of
    /// them only: what the system gets is decided by the level, and the likeliest stands first.
    fn nearest(&mut self, login: usize, settings: &Settings) -> Vec<usize> {
        let all = 0..self.casts[login].supposed.len();
        if all.len() == 1 {
            return all.collect();
        }
        let counts: Vec<usize> = all
            .clone()
            .map(|one| self.asked(login, one, settings))
            .collect();
        let least = counts.iter().min().copied().unwrap_or_default();
        all.filter(|one| counts[*one] == least)
            .take(NEAREST)
            .collect()
    }

    /// How much our request to the identity provider differs.
    pub fn asked(&mut self, login: usize, supposed: usize, settings: &Settings) -> usize {
        let cast = &self.casts[login];
        let asking = Login {
            response: None,
            answer: None,
            ..self.logins.logins[login]
        };
        let parties = &cast.supposed[supposed].parties;
        let key = (login, key(&asking, parties, settings));
        if let Some(known) = self.counts.get(&key) {
            return *known;
        }
        let played = play(&asking, parties, settings, self.masker);
        let count = compare(&asking, &played, cast).weight();
        self.counts.insert(key, count);
        count
    }

    /// Under one registration.
    pub fn one(&mut self, login: usize, supposed: usize, settings: &Settings) -> Outcome {
        let seen = &self.logins.logins[login];
        let cast = &self.casts[login];
        let Supposed { parties, .. } = &cast.supposed[supposed];
        let played = play(seen, parties, settings, self.masker);
        Outcome {
            compared: compare(seen, &played, cast),
            played,
        }
    }

    /// What differs in all logins.
    pub fn keys(&mut self, settings: &Settings) -> BTreeSet<Key> {
        let name = format!("{settings:?}");
        if let Some(known) = self.seen.get(&name) {
            return known.clone();
        }
        let mut keys = BTreeSet::new();
        for login in 0..self.logins.logins.len() {
            let outcome = self.best(login, settings);
            let differences = outcome.compared.differences.iter();
            keys.extend(differences.map(|difference| (login, difference.comparison.id)));
        }
        self.seen.insert(name, keys.clone());
        keys
    }
}

/// A setting that explains differences.
pub struct Explanation {
    /// The setting with its value.
    pub variant: Variant,
    /// What it explains.
    pub explains: BTreeSet<Key>,
    /// Others that would explain the same.
    pub alternatives: Vec<Variant>,
}

/// What was settled.
pub struct Settled {
    /// The settings that explain most.
    pub settings: Settings,
    /// Which of them, in the order in which they were found.
    pub explanations: Vec<Explanation>,
    /// The settings of which no other value fits the captures.
    pub determined: Vec<&'static str>,
}

/// Looks for the settings that explain the most with the fewest changes.
pub fn settle(bench: &mut Bench<'_>, settings: &Settings, variants: &[Variant]) -> Settled {
    let mut now = settings.clone();
    let mut left = bench.keys(&now);
    let mut explanations: Vec<Explanation> = Vec::new();
    while !left.is_empty() {
        let mut better: Vec<(Variant, BTreeSet<Key>)> = Vec::new();
        for variant in variants {
            let changed = variant.on(&now);
            let settled = explanations
                .iter()
                .any(|e| e.variant.group == variant.group);
            if settled || changed == now {
                continue;
            }
            let then = bench.keys(&changed);
            if explains(&then, &left) {
                better.push((variant.clone(), then));
            }
        }
        // What explains most; of those that explain the same, the one with the fewest lines changed, then in the order of the list.
        let best = (better.iter().enumerate())
            .min_by_key(|(at, (variant, then))| (rest(then), variant.changes(&now).len(), *at))
            .map(|(at, _)| at);
        let Some(best) = best else { break };
        let (variant, then) = better.swap_remove(best);
        let alternatives = better
            .into_iter()
            .filter(|(other, those)| rest(those) <= rest(&then) && other.group != variant.group)
            .map(|(other, _)| other);
        let explains = left.difference(&then).copied().collect();
        explanations.push(Explanation {
            alternatives: alternatives.collect(),
            explains,
            variant: variant.clone(),
        });
        now = variant.on(&now);
        left = then;
    }
    let determined = determined(bench, &now, &left, variants);
    Settled {
        settings: now,
        explanations,
        determined,
    }
}

/// Logins of which one hub made more than the other, and then the other differences.
fn rest(keys: &BTreeSet<Key>) -> (usize, usize) {
    let stopped = keys.iter().filter(|key| key.1 == FLOW.id).count();
    (stopped, keys.len())
}

/// Whether less differs than before. Nothing may differ that did not: that is no explanation but another hub. Only in a
/// login that now goes on to the end there is more to be seen.
fn explains(then: &BTreeSet<Key>, before: &BTreeSet<Key>) -> bool {
    let went_on = |key: &Key| {
        let stop = (key.0, FLOW.id);
        before.contains(&stop) && !then.contains(&stop)
    };
    rest(then) < rest(before) && then.difference(before).all(went_on)
}

/// The settings of which every other value makes another message than the captured one.
fn determined(
    bench: &mut Bench<'_>,
    settings: &Settings,
    left: &BTreeSet<Key>,
    variants: &[Variant],
) -> Vec<&'static str> {
    let mut groups: Vec<&'static str> = Vec::new();
    for variant in variants {
        if !groups.contains(&variant.group) {
            groups.push(variant.group);
        }
    }
    groups.retain(|group| {
        let mut others = variants
            .iter()
            .filter(|variant| variant.group == *group)
            .map(|variant| variant.on(settings))
            .filter(|changed| changed != settings);
        others.all(|changed| !bench.keys(&changed).is_subset(left))
    });
    groups
}

/// What differs, in a login.
fn compare(login: &Login<'_>, played: &Played, cast: &Cast) -> Compared {
    let mut compared = Compared::default();
    if let Some(difference) = flow(login, played, cast) {
        compared.differences.push(difference);
    }
    fn pair<'a>(a: Option<Seen<'a>>, b: &'a Option<Message>) -> Option<(&'a Message, &'a Message)> {
        Some((a?.message, b.as_ref()?))
    }
    let request = pair(login.request, &played.request);
    let response = pair(login.response, &played.response);
    for comparison in COMPARISONS {
        let pair = match comparison.of {
            Of::Request => request,
            Of::Response | Of::Assertion => response,
            Of::Logout => None,
        };
        let Some((theirs, ours)) = pair else { continue };
        let view = |own| View {
            message: own,
            asked: message(login.asked),
            answer: message(login.answer),
            registered: cast.registered,
        };
        look(comparison, &view(theirs), &view(ours), &mut compared);
    }
    compared
}

fn message<'a>(seen: Option<Seen<'a>>) -> Option<&'a Message> {
    seen.map(|seen| seen.message)
}

/// Looks at both.
pub fn look(
    comparison: &'static Comparison,
    theirs: &View<'_>,
    ours: &View<'_>,
    compared: &mut Compared,
) {
    match ((comparison.look)(theirs), (comparison.look)(ours)) {
        (Some(found), Some(expected)) if found == expected => compared.same.push(comparison),
        (Some(found), Some(expected)) => compared.differences.push(Difference {
            comparison,
            found,
            expected,
        }),
        // An assertion that nobody opened is told as such, once.
        (None, _) if comparison.of == Of::Assertion && theirs.message.assertion().is_none() => {}
        _ => compared.unseen.push(comparison),
    }
}

/// Where one of the two hubs stopped and the other went on.
fn flow(login: &Login<'_>, played: &Played, cast: &Cast) -> Option<Difference> {
    let difference = |found: &str, expected: String| Difference {
        comparison: &FLOW,
        found: found.to_owned(),
        expected,
    };
    if let Some(chose) = &played.chose
        && login.request.is_some()
    {
        return Some(difference(
            "an identity provider that IDPList does not lead to",
            format!("{chose}, from IDPList"),
        ));
    }
    let check = played
        .refused
        .map(|refused| refused.check)
        .unwrap_or_default();
    if login.request.is_some() && played.request.is_none() {
        return Some(difference(
            "AuthnRequest to the identity provider",
            format!("refused before anybody is asked ({check})"),
        ));
    }
    let response = login.response?.message;
    let ours = played.response.as_ref();
    match (is_status(response), ours.map(is_status)) {
        (false, Some(true) | None) if played.refused.is_some() => Some(difference(
            "an assertion for the system",
            match ours {
                Some(_) => format!("a refusal to the system ({check})"),
                None => format!("a page for the user ({check})"),
            },
        )),
        // Whether the answer met what was needed shows only where the registration is known.
        (true, Some(false)) if cast.idp_known && cast.system_known => Some(difference(
            "a refusal to the system",
            "an assertion for the system".to_owned(),
        )),
        (true, None) if played.refused.is_some() => Some(difference(
            "a refusal to the system",
            format!("a page for the user ({check})"),
        )),
        _ => None,
    }
}
