//! A capture of the real hub, held against our rules: what differs, which setting explains it, what nothing explains.
//!
//! ```text
//! bytes ──▶ capture ──mask──▶ Message ──▶ login ──▶ settle ◀──▶ play (the hub's own steps, with stand-ins)
//!                                                      └──▶ comparisons, one list ──▶ Calibration ──▶ report
//! ```
//!
//! Offline, and masked before anything is kept. No rule of the hub is written down here a second time: what ours would
//! have sent is made by our hub, and both messages are looked at with the same eyes.

pub mod capture;
pub mod comparisons;
mod login;
mod message;
mod parties;
mod play;
pub mod report;
mod settle;
#[cfg(test)]
mod tests;
mod variants;

pub use crate::oiosaml::mask::Masker;
pub use capture::{Capture, File, Form, Unreadable};
pub use parties::Known;

use crate::hub::{Actor, Settings};
use crate::oiosaml::{Level, RequestProfile};
use comparisons::{COMPARISONS, Comparison, FLOW, Of, View};
use login::{Login, Logins, Seen, made};
use parties::Cast;
use play::{Played, play};
use settle::{Bench, Compared, Key, Outcome, Settled, look, settle};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use time::Date;

/// What the captures say about our rules.
#[derive(Debug, Clone, Default)]
pub struct Calibration {
    /// The captures.
    pub captures: Vec<Told>,
    /// What differs.
    pub findings: Vec<Finding>,
    /// Settings that explain it.
    pub proposals: Vec<Proposal>,
    /// Rules that the captures show at work.
    pub observed: Vec<Observed>,
    /// Of logins whose registration is not known, those that remain possible.
    pub possible: Vec<Possible>,
    /// Comparisons that came out the same in every login that has them.
    pub same: Vec<&'static str>,
    /// Comparisons for which the captures lack something.
    pub unseen: Vec<&'static str>,
}

/// A capture, as it is told.
#[derive(Debug, Clone)]
pub struct Told {
    /// What the file is called.
    pub file: String,
    /// SHA-256 of it.
    pub sha256: String,
    /// Its form.
    pub form: Form,
    /// Its messages.
    pub messages: Vec<ToldMessage>,
    /// Why others could not be read.
    pub unreadable: Vec<String>,
}

/// A message, as it is told.
#[derive(Debug, Clone)]
pub struct ToldMessage {
    /// Its number in the capture, from 1.
    pub number: usize,
    /// Which.
    pub message: &'static str,
    /// Who sent it to whom.
    pub leg: &'static str,
    /// Where it went.
    pub to: Option<String>,
    /// Whether its assertion, if it has one, could be read.
    pub readable: bool,
}

/// Something that differs.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The comparison.
    pub comparison: &'static Comparison,
    /// What the captured message has.
    pub found: String,
    /// What ours has.
    pub expected: String,
    /// Where it stands.
    pub place: String,
    /// The lines of `[settings]` that explain it; empty where nothing does.
    pub explained_by: Vec<String>,
}

/// A setting that explains differences.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its name.
    pub setting: &'static str,
    /// Its value, in TOML.
    pub value: String,
    /// The comparisons that it explains.
    pub explains: Vec<&'static str>,
    /// Other lines that would explain the same.
    pub alternatives: Vec<String>,
    /// SHA-256 of the captures that show it.
    pub captures: Vec<String>,
    /// Whether no other value of it fits the captures.
    pub certain: bool,
}

/// A rule that a capture shows at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The rule, as flows name it.
    pub rule: Cow<'static, str>,
    /// What it looked at, as flows say it.
    pub input: String,
    /// What it decided, where that can be told.
    pub result: Option<String>,
    /// SHA-256 of the capture.
    pub capture: String,
    /// When the message was made.
    pub date: Option<Date>,
}

/// What a login may have been registered as.
#[derive(Debug, Clone)]
pub struct Possible {
    /// The message that says so.
    pub place: String,
    /// Profiles with the levels at which each of them fits.
    pub profiles: Vec<(RequestProfile, Vec<Level>)>,
    /// Whether any of them makes exactly this message; else the nearest ones are listed.
    pub exactly: bool,
}

impl Finding {
    /// Who must act: whoever sets the hub up where a setting explains it, else we.
    pub fn actor(&self) -> Actor {
        match self.explained_by.is_empty() {
            true => Actor::Hub,
            false => Actor::Registration,
        }
    }
}

/// Holds the captures against the hub's rules under `settings`.
pub fn calibrate(
    captures: &[Capture],
    known: &Known,
    settings: &Settings,
    masker: &mut Masker,
) -> Calibration {
    let logins = login::sort(captures);
    let casts: Vec<Cast> = (logins.logins.iter())
        .map(|login| parties::cast(login, known, masker))
        .collect();
    let variants = variants::all(&logins, settings);
    let mut bench = Bench {
        logins: &logins,
        casts: &casts,
        masker,
        counts: BTreeMap::new(),
        seen: BTreeMap::new(),
    };
    let settled = settle(&mut bench, settings, &variants);
    let mut calibration = Calibration {
        captures: told(captures, &logins),
        ..Calibration::default()
    };
    let mut seen = (BTreeSet::new(), BTreeSet::new());
    for (at, login) in logins.logins.iter().enumerate() {
        let before = bench.best(at, settings);
        let after = bench.best(at, &settled.settings);
        let known: BTreeSet<&str> = (before.compared.differences.iter())
            .map(|difference| difference.comparison.id)
            .collect();
        // What shows only once an explained difference is out of the way is told as well.
        let further = after.compared.differences.iter();
        let further = further.filter(|difference| !known.contains(difference.comparison.id));
        for difference in before.compared.differences.iter().chain(further) {
            calibration.findings.push(Finding {
                comparison: difference.comparison,
                found: bench.masker.scrub_all(&difference.found),
                expected: bench.masker.scrub_all(&difference.expected),
                place: place(captures, of(login, difference.comparison)),
                explained_by: explained(&settled, (at, difference.comparison.id), settings),
            });
        }
        note(&after.compared, &mut seen);
        observe(
            &mut calibration,
            captures,
            login,
            &casts[at],
            &after,
            &settled,
        );
        calibration
            .possible
            .extend(possible(&mut bench, captures, at, &settled));
    }
    logouts(&mut calibration, captures, &logins, &mut bench, &mut seen);
    calibration.proposals = proposals(captures, &logins, &settled, settings);
    let differ: BTreeSet<&str> = calibration
        .findings
        .iter()
        .map(|f| f.comparison.id)
        .collect();
    let (same, unseen) = seen;
    let listed = |ids: &BTreeSet<&'static str>, without: &BTreeSet<&str>| {
        let all = COMPARISONS.iter().map(|comparison| comparison.id);
        all.filter(|id| ids.contains(id) && !without.contains(id))
            .collect()
    };
    calibration.same = listed(&same, &differ);
    let told: BTreeSet<&str> = differ.iter().chain(same.iter()).copied().collect();
    calibration.unseen = listed(&unseen, &told);
    calibration
}

type Seens = (BTreeSet<&'static str>, BTreeSet<&'static str>);

fn note(compared: &Compared, (same, unseen): &mut Seens) {
    same.extend(compared.same.iter().map(|comparison| comparison.id));
    unseen.extend(compared.unseen.iter().map(|comparison| comparison.id));
}

/// The lines that explain a difference.
fn explained(settled: &Settled, key: Key, settings: &Settings) -> Vec<String> {
    let found = settled
        .explanations
        .iter()
        .find(|e| e.explains.contains(&key));
    let lines = found.map(|explanation| explanation.variant.changes(settings));
    lines
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect()
}

fn proposals(
    captures: &[Capture],
    logins: &Logins<'_>,
    settled: &Settled,
    settings: &Settings,
) -> Vec<Proposal> {
    let of = |explanation: &settle::Explanation| {
        let mut explains: Vec<&'static str> =
            explanation.explains.iter().map(|key| key.1).collect();
        explains.sort_unstable();
        explains.dedup();
        let mut files: Vec<String> = (explanation.explains.iter())
            .filter_map(|(login, _)| shown(&logins.logins[*login]))
            .map(|seen| captures[seen.capture].sha256.clone())
            .collect();
        files.dedup();
        let alternatives = explanation.alternatives.iter().map(|other| {
            let lines = other.changes(settings).into_iter();
            let lines: Vec<String> = lines
                .map(|(name, value)| format!("{name} = {value}"))
                .collect();
            lines.join(", ")
        });
        let alternatives: Vec<String> = alternatives.collect();
        let certain =
            settled.determined.contains(&explanation.variant.group) && alternatives.is_empty();
        let lines = explanation.variant.changes(settings).into_iter();
        lines
            .map(|(setting, value)| Proposal {
                setting,
                value,
                explains: explains.clone(),
                alternatives: alternatives.clone(),
                captures: files.clone(),
                certain,
            })
            .collect::<Vec<_>>()
    };
    settled.explanations.iter().flat_map(of).collect()
}

fn shown<'a>(login: &Login<'a>) -> Option<Seen<'a>> {
    login.request.or(login.response)
}

/// The message that a comparison is about.
fn of<'a>(login: &Login<'a>, comparison: &Comparison) -> Option<Seen<'a>> {
    match comparison.of {
        Of::Request => login.request.or(login.response),
        _ => login.response,
    }
}

fn place(captures: &[Capture], seen: Option<Seen<'_>>) -> String {
    match seen {
        Some(seen) => format!(
            "{}: {} {}",
            captures[seen.capture].name,
            seen.message.kind.word(),
            seen.number
        ),
        None => String::new(),
    }
}

fn told(captures: &[Capture], logins: &Logins<'_>) -> Vec<Told> {
    let leg = |capture: usize, number: usize| {
        let is = |seen: Option<Seen<'_>>| {
            seen.is_some_and(|seen| (seen.capture, seen.number) == (capture, number))
        };
        for login in &logins.logins {
            for (seen, leg) in [
                (login.asked, "system → hub"),
                (login.request, "hub → identity provider"),
                (login.answer, "identity provider → hub"),
                (login.response, "hub → system"),
            ] {
                if is(seen) {
                    return leg;
                }
            }
        }
        match logins.logouts.iter().any(|seen| is(Some(*seen))) {
            true => "hub → other",
            false => "not compared",
        }
    };
    let capture = |(at, capture): (usize, &Capture)| Told {
        file: capture.name.clone(),
        sha256: capture.sha256.clone(),
        form: capture.form,
        unreadable: capture.unreadable.clone(),
        messages: (capture.messages.iter().enumerate())
            .map(|(number, message)| ToldMessage {
                number: number + 1,
                message: message.kind.word(),
                leg: leg(at, number + 1),
                to: message.destination().map(str::to_owned),
                readable: !message.is_encrypted() || message.assertion().is_some(),
            })
            .collect(),
    };
    captures.iter().enumerate().map(capture).collect()
}

/// Rules that decided what is the same in both messages, for the input that they had.
fn observe(
    calibration: &mut Calibration,
    captures: &[Capture],
    login: &Login<'_>,
    cast: &Cast,
    outcome: &Outcome,
    settled: &Settled,
) {
    let known = cast.idp_known && cast.system_known;
    for decision in &outcome.played.trace.decisions {
        let by_setting = BY_SETTING.iter().find(|(_, rule)| *rule == decision.rule);
        let by_setting = by_setting.is_some_and(|(group, _)| settled.determined.contains(group));
        let rule = |comparison: &&&'static Comparison| comparison.rule == Some(&*decision.rule);
        let differs = outcome.compared.differences.iter();
        let differs = differs
            .map(|difference| difference.comparison)
            .any(|comparison| rule(&&comparison));
        let same = outcome.compared.same.iter().find(rule);
        let message = match (same, by_setting) {
            (Some(comparison), _) if !differs => of(login, comparison),
            (None, true) => shown(login),
            _ => continue,
        };
        // What a registration decides is seen only where the registration is.
        if !known && !FREE.contains(&&*decision.rule) {
            continue;
        }
        let Some(seen) = message else { continue };
        // The first two hold what was drawn; the third says the level in Danish whatever word was sent.
        let drawn = matches!(
            &*decision.rule,
            "relay-state" | "requester-id" | "request-profile"
        );
        let observed = Observed {
            rule: decision.rule.clone(),
            input: decision.input.clone(),
            result: (!drawn).then(|| decision.result.clone()),
            capture: captures[seen.capture].sha256.clone(),
            date: made(seen.message).map(|made| made.date()),
        };
        if !calibration.observed.contains(&observed) {
            calibration.observed.push(observed);
        }
    }
}

/// Rules whose work shows only by what another setting would have made of the login.
const BY_SETTING: [(&str, &str); 5] = [
    ("requested_level", "required-level"),
    ("nsis_need_at_oiosaml2_idp", "nsis-need-at-oiosaml2-idp"),
    ("under_assured_logins", "under-assured"),
    ("honour_idp_list", "idp-choice/idp-list"),
    ("unsigned_status", "unsigned-status"),
];

/// Rules that say the same whatever the parties are registered as.
const FREE: [&str; 4] = [
    "comparison",
    "request-conditions",
    "requester-id",
    "relay-state",
];

/// Which registrations fit a login of which nobody said how it is registered.
fn possible(
    bench: &mut Bench<'_>,
    captures: &[Capture],
    at: usize,
    settled: &Settled,
) -> Option<Possible> {
    let login = &bench.logins.logins[at];
    let cast = &bench.casts[at];
    if cast.supposed.len() < 2 || login.request.is_none() {
        return None;
    }
    let counts: Vec<usize> = (0..cast.supposed.len())
        .map(|supposed| bench.asked(at, supposed, &settled.settings))
        .collect();
    let least = *counts.iter().min()?;
    let mut profiles: Vec<(RequestProfile, Vec<Level>)> = Vec::new();
    let fits = counts
        .iter()
        .zip(&cast.supposed)
        .filter(|(count, _)| **count == least);
    for (_, supposed) in fits {
        match profiles
            .iter_mut()
            .find(|(profile, _)| *profile == supposed.profile)
        {
            Some((_, levels)) => levels.push(supposed.level),
            None => profiles.push((supposed.profile, vec![supposed.level])),
        }
    }
    for (_, levels) in &mut profiles {
        levels.sort_by_key(|level| Level::ALL.iter().position(|other| other == level));
    }
    let outcome = bench.best(at, &settled.settings);
    let asks = ["CAL-Q-016", "CAL-Q-017", "CAL-Q-020", FLOW.id];
    let mut differences = outcome.compared.differences.iter();
    let exactly = !differences.any(|difference| asks.contains(&difference.comparison.id));
    Some(Possible {
        place: place(captures, login.request),
        profiles,
        exactly,
    })
}

/// Messages that end sessions: ours sends none yet, so only their form is compared, with that of our request.
fn logouts(
    calibration: &mut Calibration,
    captures: &[Capture],
    logins: &Logins<'_>,
    bench: &mut Bench<'_>,
    seen: &mut Seens,
) {
    if logins.logouts.is_empty() {
        return;
    }
    let login = Login::default();
    let cast = parties::cast(&login, &Known::default(), bench.masker);
    let Some(supposed) = cast.supposed.first() else {
        return;
    };
    let Played { request, .. } = play(
        &login,
        &supposed.parties,
        &Settings::default(),
        bench.masker,
    );
    let Some(ours) = request else { return };
    for logout in &logins.logouts {
        let mut compared = Compared::default();
        for comparison in COMPARISONS
            .iter()
            .filter(|comparison| comparison.of == Of::Logout)
        {
            let view = |message| View {
                message,
                asked: None,
                answer: None,
                registered: false,
            };
            look(
                comparison,
                &view(logout.message),
                &view(&ours),
                &mut compared,
            );
        }
        note(&compared, seen);
        for difference in compared.differences {
            calibration.findings.push(Finding {
                comparison: difference.comparison,
                found: bench.masker.scrub_all(&difference.found),
                expected: bench.masker.scrub_all(&difference.expected),
                place: place(captures, Some(*logout)),
                explained_by: Vec::new(),
            });
        }
    }
}
