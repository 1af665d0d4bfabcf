//! The matrix in one language: tables that text and pages show alike.

use super::phrases::Text;
use super::words;
use super::{Comparison, Report};
use crate::config::Person;
use crate::drill::matrix::advice::Why;
use crate::drill::matrix::{
    Advice, Cell, Fate, Finding, Grid, Matrix, NeedGroup, Tried, advice, lacks,
};
use crate::edge::page::when;
use crate::hub::danish_time::by_danish_clocks;
use crate::hub::federation::Generation;
use crate::hub::{IdentityProvider, Source, UserFacingSystem};
use crate::oiosaml::{Level, Nist, RequestProfile, Scale};

/// A table: its title, its headings, its rows. The first cell of a row may have a class beside its words.
pub struct Table {
    /// Above it.
    pub title: String,
    /// Headings.
    pub headings: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<Vec<Entry>>,
    /// Sentences below it.
    pub notes: Vec<String>,
}

/// A cell of a table.
pub struct Entry {
    /// `pass`, `warn`, `fail`, or nothing.
    pub class: &'static str,
    /// Words; of many names the first.
    pub text: String,
    /// All of them, where there are more: what CSV has, and what a page unfolds.
    pub whole: Option<String>,
    /// Where they lead; a page shows it, text and CSV do not.
    pub links: Vec<Link>,
}

/// A link in a cell.
pub struct Link {
    /// Address.
    pub href: String,
    /// Words.
    pub text: String,
}

impl From<String> for Entry {
    fn from(text: String) -> Self {
        Self {
            class: "",
            text,
            whole: None,
            links: Vec::new(),
        }
    }
}

impl From<&str> for Entry {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

fn marked(class: &'static str, text: impl Into<String>) -> Entry {
    Entry {
        class,
        ..text.into().into()
    }
}

/// Names, as many as are read; the rest where there is room.
fn listed(class: &'static str, names: &[&str], t: &Text) -> Entry {
    let (text, whole) = (words::names(names, t), names.join(", "));
    Entry {
        class,
        whole: (text != whole).then_some(whole),
        ..text.into()
    }
}

impl Entry {
    /// Everything that it says.
    pub fn in_full(&self) -> &str {
        self.whole.as_deref().unwrap_or(&self.text)
    }
}

/// What is sent to whom as registered now: equal rows once.
pub fn today(matrix: &Matrix<'_>, t: &'static Text) -> Table {
    let mut rows: Vec<(Row<'_>, Vec<&str>)> = Vec::new();
    for (need, group, cell) in matrix.grid.todays() {
        let row = Row {
            need,
            profile: group.profile,
            cell,
        };
        let alike = rows.iter_mut().find(|(known, _)| known.same(&row));
        match alike {
            Some((_, idps)) => idps.extend(group.names()),
            None => rows.push((row, group.names())),
        }
    }
    let entries = rows.into_iter().map(|(row, idps)| {
        vec![
            need(row.need, t).into(),
            listed("", &row.need.names(), t),
            listed("", &idps, t),
            row.profile.title().into(),
            words::sent(row.cell, t).into(),
            marked(
                words::class(row.cell.standing),
                words::standing(row.cell.standing, t),
            ),
        ]
    });
    Table {
        title: t.today.to_owned(),
        headings: vec![t.need, t.systems, t.idps, t.profile, t.sent, t.can],
        rows: entries.collect(),
        notes: Vec::new(),
    }
}

struct Row<'a> {
    need: &'a NeedGroup<'a>,
    profile: RequestProfile,
    cell: &'a Cell,
}

impl Row<'_> {
    fn same(&self, other: &Self) -> bool {
        std::ptr::eq(self.need, other.need)
            && self.profile == other.profile
            && self.cell.sent == other.cell.sent
            && self.cell.standing == other.cell.standing
    }
}

fn need(need: &NeedGroup<'_>, t: &Text) -> String {
    let level = t.language.level(need.required);
    match need.enforced {
        true => level,
        false => format!("{level}, {}", t.generation_one),
    }
}

/// The six profiles of one IdP at all seven levels, and which of them is best.
pub fn profiles(matrix: &Matrix<'_>, idp: &IdentityProvider, t: &'static Text) -> Vec<Table> {
    let grid = Grid::of_levels([idp], matrix.settings);
    let by_level = grid.needs.iter().enumerate().map(|(n, level)| {
        let mut row = vec![Entry::from(t.language.level(level.required))];
        for (p, profile) in RequestProfile::ALL.into_iter().enumerate() {
            let Some(cell) = grid.cells(n, 0).and_then(|cells| cells.get(p)) else {
                continue;
            };
            let fates = matrix.fates_in(&grid, n, 0, idp, profile);
            row.push(marked(class(cell, &fates), words::sent(cell, t)));
        }
        row
    });
    let ceiling = idp.nsis_assurance_level.map_or_else(String::new, |nsis| {
        format!(", {}", t.language.level(Level::Nsis(nsis)))
    });
    let most = format!(
        "{}{ceiling}",
        t.language.level(Level::Nist(idp.assurance_level))
    );
    let mut headings = vec![t.need];
    headings.extend(RequestProfile::ALL.map(RequestProfile::title));
    let table = Table {
        title: t.profiles_of(&idp.presentation_name),
        headings,
        rows: by_level.collect(),
        notes: vec![
            t.registered_with(idp.oiosaml_profile.title(), most),
            t.conversion_help.to_owned(),
            t.without_help.to_owned(),
            t.slip_help.to_owned(),
        ],
    };
    vec![table, recommendation(matrix, idp, t)]
}

/// The worst that becomes of anybody who has what it takes; else what the registration says.
fn class(cell: &Cell, fates: &[(&Person, Fate)]) -> &'static str {
    let logs_in = |fate: &Fate| matches!(fate, Fate::Passes { .. });
    if fates.is_empty() || cell.sent.is_err() {
        return words::class(cell.standing);
    }
    match (
        fates.iter().any(|(_, fate)| logs_in(fate)),
        fates.iter().any(|(_, fate)| fate.logs_in()),
    ) {
        (true, _) => "pass",
        (false, true) => "warn",
        (false, false) => "fail",
    }
}

fn recommendation(matrix: &Matrix<'_>, idp: &IdentityProvider, t: &'static Text) -> Table {
    let place = matrix.grid.idps.iter().position(|group| {
        let mut idps = group.idps.iter();
        idps.any(|known| known.name == idp.name)
    });
    let advice = advice(matrix, place.unwrap_or_default(), idp);
    let rows = advice.tried.iter().map(|tried| {
        let best = advice.best == Some(tried.profile);
        vec![
            marked(if best { "pass" } else { "" }, tried.profile.title()),
            counted(&advice, tried, t).into(),
        ]
    });
    let conclusion = match advice.best {
        None => t.nothing_to_recommend.to_owned(),
        Some(best) if best == idp.oiosaml_profile => {
            format!(
                "{}: {} {}.",
                t.recommendation,
                best.title(),
                t.is_registered
            )
        }
        Some(best) => format!("{}: {}.", t.recommendation, best.title()),
    };
    Table {
        title: t.recommendation.to_owned(),
        headings: vec![t.profile, t.fate],
        rows: rows.collect(),
        notes: vec![conclusion],
    }
}

/// What was counted of a profile, as reasons.
fn counted(advice: &Advice, tried: &Tried, t: &Text) -> String {
    let (working, under) = match advice.people {
        true => (
            t.works(tried.working, tried.all),
            (tried.under > 0).then(|| t.under(tried.under)),
        ),
        false => (
            t.ways_work(tried.working + tried.under, tried.all),
            (tried.under > 0).then(|| t.ways_unasked(tried.under)),
        ),
    };
    let first = tried.first.as_ref().map(|why| match why {
        Why::Fate(fate) => t.first_reason(words::fate(fate, t)),
        Why::Standing(standing) => t.first_reason(words::standing(*standing, t)),
    });
    let said = [Some(working), under, first].into_iter().flatten();
    said.collect::<Vec<_>>().join("; ")
}

/// What becomes of everybody who is known, for each need.
pub fn people(matrix: &Matrix<'_>, t: &'static Text) -> Table {
    let mut rows = Vec::new();
    for (n, group) in matrix.grid.needs.iter().enumerate() {
        for (i, idps) in matrix.grid.idps.iter().enumerate() {
            for idp in &idps.idps {
                for (person, fate) in matrix.fates(&matrix.grid, n, i, idp) {
                    rows.push(vec![
                        need(group, t).into(),
                        listed("", &group.names(), t),
                        idp.name.as_str().into(),
                        person.name.as_str().into(),
                        marked(words::fate_class(&fate), words::fate(&fate, t)),
                    ]);
                }
            }
        }
    }
    Table {
        title: t.people.to_owned(),
        headings: vec![t.need, t.systems, t.idps, t.person, t.fate],
        notes: match rows.is_empty() {
            true => vec![t.no_people.to_owned()],
            false => Vec::new(),
        },
        rows,
    }
}

/// Somebody who must be enrolled.
pub struct ToEnrol<'a> {
    /// At which IdP.
    pub idp: &'a IdentityProvider,
    /// Who.
    pub person: &'a Person,
    /// For what.
    pub lacks: crate::drill::matrix::Lacks,
    /// The systems that they cannot use until then.
    pub systems: Vec<&'a str>,
}

/// Everybody who must be enrolled, once, with the most that they lack.
pub fn to_enrol<'a>(matrix: &Matrix<'a>) -> Vec<ToEnrol<'a>> {
    let mut list: Vec<ToEnrol<'a>> = Vec::new();
    // Whoever is let through by Context Handler 1 must be enrolled before the system moves.
    let two = matrix.grid.in_generation(true, matrix.settings);
    for (n, group) in two.needs.iter().enumerate() {
        for (i, idps) in two.idps.iter().enumerate() {
            for idp in &idps.idps {
                let Some(persona) = matrix.roster.at(&idp.name) else {
                    continue;
                };
                let Some(cell) = two.today(n, i) else {
                    continue;
                };
                for person in &persona.people {
                    let of = |person: &Person| {
                        let who = (persona, person);
                        let profile = idp.oiosaml_profile;
                        crate::drill::matrix::fate(
                            cell,
                            group.required,
                            idp,
                            profile,
                            who,
                            matrix.now,
                        )
                    };
                    let Some(lacks) = lacks(person, of) else {
                        continue;
                    };
                    let known = list.iter_mut().find(|entry| {
                        std::ptr::eq(entry.person, person) && entry.idp.name == idp.name
                    });
                    match known {
                        Some(entry) => {
                            entry.lacks = entry.lacks.and(lacks);
                            entry.systems.extend(group.names());
                        }
                        None => list.push(ToEnrol {
                            idp,
                            person,
                            lacks,
                            systems: group.names(),
                        }),
                    }
                }
            }
        }
    }
    list
}

/// The same as a table.
pub fn enrol(matrix: &Matrix<'_>, t: &'static Text) -> Table {
    let list = to_enrol(matrix);
    let rows = list.iter().map(|entry| {
        vec![
            entry.idp.name.as_str().into(),
            entry.person.name.as_str().into(),
            entry.person.id.as_str().into(),
            words::lacks(entry.lacks, t).into(),
            listed("", &entry.systems, t),
        ]
    });
    Table {
        title: t.enrol.to_owned(),
        headings: vec![t.idps, t.person, t.person_id, t.lacks, t.to_use],
        rows: rows.collect(),
        notes: match list.is_empty() && matrix.roster.has_people() {
            true => vec![t.enrol_none.to_owned()],
            false => Vec::new(),
        },
    }
}

/// The same logins under both generations: what is sent, and whose outcome changes.
pub fn generations(matrix: &Matrix<'_>, t: &'static Text) -> [Table; 2] {
    let one = matrix.grid.in_generation(false, matrix.settings);
    let two = matrix.grid.in_generation(true, matrix.settings);
    let (mut rows, mut changed) = (Vec::new(), 0);
    let (mut people, mut outcomes) = (Vec::new(), 0);
    for (n, group) in two.needs.iter().enumerate() {
        let who = || {
            [
                Entry::from(t.language.level(group.required)),
                listed("", &group.names(), t),
            ]
        };
        for (i, idps) in two.idps.iter().enumerate() {
            let (Some(before), Some(after)) = (one.today(n, i), two.today(n, i)) else {
                continue;
            };
            let differs = before.sent != after.sent;
            changed += usize::from(differs) * group.systems.len() * idps.idps.len();
            let standing = match differs {
                false => marked("", t.no_change),
                true => marked(
                    words::class(after.standing),
                    words::standing(after.standing, t),
                ),
            };
            rows.push(who().into_iter().collect::<Vec<_>>());
            if let Some(row) = rows.last_mut() {
                row.push(listed("", &idps.names(), t));
                row.push(words::sent(before, t).into());
                row.push(words::sent(after, t).into());
                row.push(standing);
            }
            for idp in &idps.idps {
                let was = matrix.fates(&one, n, i, idp);
                for ((person, was), (_, will)) in was.into_iter().zip(matrix.fates(&two, n, i, idp))
                {
                    if was.word() == will.word() {
                        continue;
                    }
                    outcomes += group.systems.len();
                    let mut row: Vec<Entry> = who().into();
                    row.push(idp.name.as_str().into());
                    row.push(person.name.as_str().into());
                    row.push(marked(words::fate_class(&was), words::fate(&was, t)));
                    let actor = will.actor();
                    row.push(marked(words::fate_class(&will), words::fate(&will, t)));
                    row.push(
                        actor
                            .map_or("–", |actor| t.language.pick(actor.text()))
                            .into(),
                    );
                    people.push(row);
                }
            }
        }
    }
    [
        Table {
            title: t.generations.to_owned(),
            headings: vec![t.need, t.systems, t.idps, t.under_one, t.under_two, t.can],
            rows,
            notes: vec![t.ways_change(changed, matrix.grid.pairs())],
        },
        Table {
            title: t.outcomes.to_owned(),
            headings: vec![
                t.need,
                t.systems,
                t.idps,
                t.person,
                t.under_one,
                t.under_two,
                t.who,
            ],
            rows: people,
            notes: vec![t.changes(outcomes)],
        },
    ]
}

/// The rules behind what is sent now, each once.
pub fn rules(matrix: &Matrix<'_>, t: &'static Text) -> Table {
    let mut known = Vec::new();
    for (_, _, cell) in matrix.grid.todays() {
        for rule in &cell.rules {
            if !known.contains(&rule) {
                known.push(rule);
            }
        }
    }
    let rows = known.into_iter().map(|rule| {
        let source = match rule.source {
            Source::Observed => t.observed,
            Source::Confirmed => t.confirmed,
            Source::Inferred => t.inferred,
            Source::Setting => t.setting,
        };
        vec![
            (&*rule.rule).into(),
            rule.input.as_str().into(),
            rule.result.as_str().into(),
            source.into(),
        ]
    });
    Table {
        title: t.rules.to_owned(),
        headings: vec![t.rule, t.input, t.result, t.source],
        rows: rows.collect(),
        notes: Vec::new(),
    }
}

/// Every system: its need, its date, and the municipalities that are not ready for Context Handler 2.
pub fn overview(matrix: &Matrix<'_>, t: &'static Text) -> Table {
    let two = matrix.grid.in_generation(true, matrix.settings);
    let (mut rows, mut high, mut all) = (Vec::new(), 0, 0);
    for (n, group) in two.needs.iter().enumerate() {
        let not_ready = not_ready(matrix, &two, n, t);
        let not_ready: Vec<&str> = not_ready.iter().map(String::as_str).collect();
        let needs_factor = needs_second_factor(group.required);
        for system in &group.systems {
            all += 1;
            high += usize::from(needs_factor);
            rows.push(vec![
                Entry::from(system.presentation_name.as_str()),
                t.language.level(system.required_level).into(),
                if needs_factor { t.yes } else { t.no }.into(),
                generation(system, t).into(),
                match (not_ready.is_empty(), everybody_known(matrix)) {
                    (true, true) => marked("pass", t.all_ready),
                    (true, false) => marked("pass", t.ready_unknown),
                    (false, _) => listed("fail", &not_ready, t),
                },
            ]);
        }
    }
    Table {
        title: t.overview.to_owned(),
        headings: vec![
            t.system,
            t.need,
            t.second_factor_needed,
            t.generation,
            t.not_ready,
        ],
        rows,
        notes: vec![t.high_systems(high, all)],
    }
}

/// Whether the users of every active IdP are known.
fn everybody_known(matrix: &Matrix<'_>) -> bool {
    let idps = matrix.grid.idps.iter().flat_map(|group| &group.idps);
    let mut active = idps.filter(|idp| idp.is_active()).peekable();
    active.peek().is_some() && active.all(|idp| !matrix.roster.people(&idp.name).is_empty())
}

/// The active IdPs at which somebody could not log in under Context Handler 2, or whose registration is too low.
pub fn not_ready(matrix: &Matrix<'_>, two: &Grid<'_>, need: usize, t: &Text) -> Vec<String> {
    let mut names = Vec::new();
    for (i, idps) in two.idps.iter().enumerate() {
        let Some(cell) = two.today(need, i) else {
            continue;
        };
        for idp in idps.idps.iter().filter(|idp| idp.is_active()) {
            let fates = matrix.fates(two, need, i, idp);
            // Whoever gets in with less than is needed is not ready either.
            let ready = |fate: &Fate| matches!(fate, Fate::Passes { .. });
            let failing = fates.iter().filter(|(_, fate)| !ready(fate)).count();
            if fates.is_empty() && words::class(cell.standing) == "fail" {
                names.push(idp.presentation_name.clone());
            } else if failing > 0 {
                names.push(t.of_people(&idp.presentation_name, failing, fates.len()));
            }
        }
    }
    names
}

/// NIST 3 or higher, or what stands for it on the NSIS scale.
pub fn needs_second_factor(level: Level) -> bool {
    level.on(Scale::Nist).satisfies(Level::Nist(Nist::Three))
}

fn generation(system: &UserFacingSystem, t: &Text) -> String {
    match system.generation {
        Generation::One => "1".to_owned(),
        Generation::Two => "2".to_owned(),
        Generation::OneUntil(date) => {
            let midnight = by_danish_clocks(date.midnight());
            t.generation_two_from(when::calendar_day(midnight, t.language))
        }
    }
}

/// Findings, equal ones once: of the same kind for the same need.
pub fn findings(report: &Report<'_>, t: &'static Text) -> Table {
    let mut groups: Vec<(&Finding<'_>, bool, Vec<String>)> = Vec::new();
    for finding in report.findings {
        let known = report
            .comparison
            .is_some_and(|c: &Comparison<'_>| c.baseline.knows(finding));
        let who = match finding.person {
            Some(person) => format!("{} ({})", person.name, finding.idp.name),
            None => finding.idp.name.clone(),
        };
        let alike = groups.iter_mut().find(|(first, was_known, _)| {
            first.kind == finding.kind
                && first.need.map(std::ptr::from_ref) == finding.need.map(std::ptr::from_ref)
                && *was_known == known
        });
        match alike {
            Some((_, _, names)) => names.push(who),
            None => groups.push((finding, known, vec![who])),
        }
    }
    let mut rows: Vec<Vec<Entry>> = groups
        .into_iter()
        .map(|(finding, known, names)| {
            let about = finding.kind.about();
            let need = finding.need.map_or_else(String::new, |need| {
                format!(
                    "{} ({}): ",
                    t.language.level(need.required),
                    words::names(&need.names(), t)
                )
            });
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let class = match (known, about.error) {
                (true, _) => "",
                (false, true) => "fail",
                (false, false) => "warn",
            };
            let title = t.language.pick(about.title);
            let title = match known {
                true => format!("{title} ({})", t.known),
                false => title.to_owned(),
            };
            vec![
                marked(class, title),
                Entry {
                    whole: listed("", &names, t)
                        .whole
                        .map(|all| format!("{need}{all}")),
                    ..format!("{need}{}", words::names(&names, t)).into()
                },
                t.language.pick(about.actor.text()).into(),
                t.language.pick(about.remedy).into(),
            ]
        })
        .collect();
    if let Some(comparison) = report.comparison {
        let stale = comparison.stale.iter().map(|entry| {
            vec![
                marked("fail", t.stale_title),
                t.stale(format!("{} {}", entry.id, entry.place)).into(),
                "".into(),
                t.stale_remedy.into(),
            ]
        });
        rows.extend(stale);
    }
    Table {
        title: t.findings.to_owned(),
        headings: vec![t.findings, t.concerns, t.who, t.what_to_do],
        notes: match rows.is_empty() {
            true => vec![t.no_findings.to_owned()],
            false => Vec::new(),
        },
        rows,
    }
}
