//! Plans of a change of certificates: what is read of a good one, and what can be wrong with one.

use super::samples::{Folder, GOOD, NOW};
use crate::config::plan::{LoadedPlan, Purpose, Registered, load, window_of};
use crate::config::{Problems, load as load_configuration};
use crate::hub::keys::{Generation, Shows};
use crate::hub::rollover::{Action, Order, Source, Strategy, Subject};
use std::path::PathBuf;
use time::Duration;
use time::macros::datetime;

const PLAN: &str = r#"name = "Skift i prøvemiljøet"
environment = "EXTTEST"
strategy = "hard-swap"
window = { from = 2026-12-02T06:00:00+01:00, to = 2026-12-02T08:00:00+01:00 }
[active]
certificate = "hub.pem"
key = "hub.key.pem"
"#;

const STEPS: &str = r#"window = { from = 2026-12-02T06:00:00+01:00, to = 2026-12-02T08:00:00+01:00 }
[[step]]
at = 2026-12-01T06:00:00+01:00
do = "show"
signing = ["next", "active"]
without_use = true
[[step]]
at = 2026-12-02T06:00:00+01:00
do = "decrypt"
with = ["next", "active"]
[[step]]
at = 2026-12-02T06:00:00+01:00
do = "sign"
with = ["next"]
"#;

type Case = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// What is provoked, where it is told, and how the plan (or the steps) must be bent for it.
#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    ("config::syntax", "strategy = hard", &[("\"hard-swap\"", "hard-swap")]),
    ("config::unknown-key", "stategy", &[("environment", "stategy = 1\nenvironment")]),
    ("config::unknown-word", "hardswap", &[("hard-swap", "hardswap")]),
    ("plan::subject", "subject", &[("strategy", "subject = \"idp:nobody\"\nstrategy")]),
    ("plan::subject", "subject", &[("strategy", "subject = \"nobody\"\nstrategy")]),
    ("plan::party", "name = \"nobody\"", &[("[active]", "[[party]]\nname = \"nobody\"\ntrust = { source = \"pinned\" }\n[active]")]),
    ("plan::party", "name = \"idp\" #", &[("[active]", "[[party]]\nname = \"idp\"\ntrust = { source = \"pinned\" }\n[[party]]\nname = \"idp\" #\ntrust = { source = \"pinned\" }\n[active]")]),
    ("config::trust", "poll_hours", &[("[active]", "[[party]]\nname = \"idp\"\ntrust = { source = \"pinned\", poll_hours = 3 }\n[active]")]),
    ("plan::window", "window", &[("T08:00", "T05:00"), ("strategy", "metadata_at = 2026-12-02T05:30:00+01:00\nstrategy"), ("metadata_at = 2026-12-02T05:30:00+01:00\n", "")]),
    ("plan::window", "metadata_at", &[("strategy", "metadata_at = 2026-12-02T09:30:00+01:00\nstrategy")]),
    ("plan::contradiction", "rollback_at", &[("hard-swap", "emergency"), ("strategy", "rollback_at = 2026-12-02T07:00:00+01:00\nstrategy")]),
    ("plan::contradiction", "rollback_at", &[("strategy", "order = \"signing-first\"\nrollback_at = 2026-12-02T05:00:00+01:00\nstrategy")]),
    ("plan::contradiction", "order", &[("hard-swap", "overlap"), ("strategy", "order = \"both\"\nstrategy")]),
    ("plan::contradiction", "overlap_days", &[("strategy", "overlap_days = 3\nstrategy")]),
    ("plan::contradiction", "notice_days", &[("hard-swap", "emergency"), ("strategy", "notice_days = 3\nstrategy")]),
    ("plan::contradiction", "strategy", &[("[active]", "[[step]]\nat = 2026-12-02T06:00:00+01:00\ndo = \"announce\"\n[active]")]),
    ("plan::contradiction", "window", &[("strategy = \"hard-swap\"\n", "")]),
    ("config::missing-file", "nowhere.pem", &[("\"hub.pem\"", "\"nowhere.pem\"")]),
    ("key::unreadable", "idp.xml", &[("\"hub.pem\"", "\"idp.xml\"")]),
    ("key::mismatch", "hub.key.pem", &[("\"hub.pem\"", "\"other.pem\"")]),
    ("plan::certificate", "expired.pem", &[("\"hub.pem\"\nkey = \"hub.key.pem\"", "\"expired.pem\"")]),
    ("plan::certificate", "later.pem", &[("[active]", "[next]\ncertificate = \"later.pem\"\n[active]")]),
    ("plan::same-key", "hub.pem", &[("[active]", "[next]\ncertificate = \"hub.pem\"\n[active]")]),
    ("plan::same-key", "other.pem", &[("hard-swap", "same-key"), ("[active]", "[next]\ncertificate = \"other.pem\"\n[active]")]),
    // One of them in the plan, the other one registered.
    ("plan::same-key", "hub.pem", &[("[active]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"", "[next]\ncertificate = \"hub.pem\"")]),
    ("plan::same-key", "other.pem", &[("hard-swap", "same-key"), ("[active]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"", "[next]\ncertificate = \"other.pem\"")]),
    // The registered one is not valid before 2026.
    ("plan::certificate", "strategy", &[("from = 2026", "from = 2025"), ("to = 2026", "to = 2025"), ("[active]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"", "")]),
    // It ends in 2056, not when the window begins.
    ("plan::contradiction", "hub.pem", &[("hard-swap", "expired-in-place")]),
    ("plan::contradiction", "name = \"hub\"", &[("[active]", "[[party]]\nname = \"hub\"\ntrust = { source = \"pinned\" }\n[active]")]),
    ("plan::contradiction", "name = \"system\"", &[("strategy", "subject = \"idp:idp\"\nstrategy"), ("[active]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"", "[[party]]\nname = \"system\"\ntrust = { source = \"pinned\" }")]),
    ("config::wrong-type", "environment", &[("EXTTEST", "../x")]),
    ("config::wrong-type", "rollback_at", &[("strategy", "rollback_at = 9999-12-31T23:59:00-23:59\nstrategy")]),
    // The other order has changed nothing by then.
    ("plan::contradiction", "rollback_at", &[("strategy", "rollback_at = 2026-12-02T06:20:00+01:00\nstrategy")]),
    ("plan::contradiction", "rollback_at", &[("hard-swap", "overlap"), ("strategy", "rollback_at = 2026-11-25T05:00:00+01:00\nstrategy")]),
    ("plan::contradiction", "rollback_at", &[("hard-swap", "overlap"), ("strategy", "rollback_at = 2027-11-25T05:00:00+01:00\nstrategy")]),
];

#[rustfmt::skip]
pub(super) const WARNING: Case = ("plan::pretends", "strategy", &[("hard-swap", "expired-in-place"), ("[active]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"\n", "")]);

#[rustfmt::skip]
pub(super) const STEP_CASES: &[Case] = &[
    ("plan::step", "2026-12-03T06:30", &[("from = 2026-12-02", "from = 2026-12-03"), ("to = 2026-12-02", "to = 2026-12-03"), ("2026-12-01", "2026-12-03"), ("at = 2026-12-02T06:00:00+01:00\ndo = \"d", "at = 2026-12-03T07:00:00+01:00\ndo = \"d"), ("at = 2026-12-02T06:00:00+01:00\ndo = \"s", "at = 2026-12-03T06:30:00+01:00\ndo = \"s")]),
    ("plan::step", "do = \"show\"", &[("signing = [\"next\", \"active\"]\n", "")]),
    ("plan::step", "do = \"sign\"", &[("with = [\"next\"]", "with = [\"next\", \"active\"]")]),
    ("plan::step", "do = \"decrypt\"", &[("with = [\"next\", \"active\"]\n", "")]),
    ("plan::step", "do = \"sign\"", &[("with = [\"next\"]", "with = [\"next\"]\nwithout_use = true")]),
    ("plan::step", "do = \"show\"", &[("without_use = true", "with = [\"next\"]")]),
    ("plan::never", "do = \"sign\"", &[("[\"next\", \"active\"]\nwithout", "[\"active\"]\nwithout")]),
    ("plan::never", "do = \"sign\"", &[("with = [\"next\", \"active\"]", "with = [\"active\"]")]),
    ("plan::contradiction", "keep_old", &[("window", "keep_old_decryption_key = true\nwindow")]),
    ("plan::contradiction", "do = \"sign\" #", &[("with = [\"next\"]\n", "with = [\"next\"]\n[[step]]\nat = 2026-12-02T06:00:00+01:00\ndo = \"sign\" #\nwith = [\"next\"]\n")]),
    ("plan::contradiction", "do = \"expire\" #", &[("with = [\"next\"]\n", "with = [\"next\"]\n[[step]]\nat = 2026-12-02T07:00:00+01:00\ndo = \"expire\"\n[[step]]\nat = 2026-12-02T07:30:00+01:00\ndo = \"expire\" #\n")]),
    ("plan::contradiction", "do = \"roll-back\" #", &[("[[step]]\nat = 2026-12-01", "[[step]]\nat = 2026-12-01T05:00:00+01:00\ndo = \"roll-back\" #\n[[step]]\nat = 2026-12-01")]),
    ("plan::contradiction", "do = \"roll-back\" #", &[("with = [\"next\"]\n", "with = [\"next\"]\n[[step]]\nat = 2026-12-02T07:00:00+01:00\ndo = \"roll-back\"\n[[step]]\nat = 2026-12-02T07:30:00+01:00\ndo = \"roll-back\" #\n")]),
    ("plan::contradiction", "rollback_at", &[("window", "rollback_at = 2026-12-02T07:30:00+01:00\nwindow"), ("with = [\"next\"]\n", "with = [\"next\"]\n[[step]]\nat = 2026-12-02T07:00:00+01:00\ndo = \"roll-back\"\n")]),
    ("plan::contradiction", "rollback_at", &[("window", "rollback_at = 2026-11-30T07:30:00+01:00\nwindow")]),
    ("plan::contradiction", "do = \"show\"", &[("signing = [\"next\", \"active\"]", "signing = [\"next\", \"previous\"]")]),
    ("plan::step", "do = \"show\"", &[("without_use = true", "encryption = []")]),
    ("plan::window", "2026-12-02T09:00", &[("at = 2026-12-02T06:00:00+01:00\ndo = \"s", "at = 2026-12-02T09:00:00+01:00\ndo = \"s")]),
    ("plan::window", "2025-11-01", &[("at = 2026-12-01", "at = 2025-11-01")]),
    ("plan::never", "do = \"sign\"", &[("with = [\"next\"]", "with = [\"active\"]")]),
];

fn changed(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} in {text}");
        text.replacen(from, to, 1)
    })
}

/// What the plan asks of a registered certificate may be pretended, and is noted; of one that it names it must be so.
#[test]
fn that_a_registered_certificate_ends_elsewhere_is_noted() {
    let folder = Folder::new();
    let (id, place, changes) = WARNING;
    let text = changed(PLAN, changes);
    let loaded = read(&folder, &text).expect("a warning");
    let found: Vec<_> = loaded
        .warnings
        .list
        .iter()
        .map(|p| (p.id, p.line))
        .collect();
    let line = text.lines().position(|line| line.contains(place));
    assert_eq!(found, [(id, line.map(|line| line + 1))]);
}

fn read(folder: &Folder, text: &str) -> Result<LoadedPlan, Problems> {
    read_for(folder, GOOD, text, Purpose::Rehearse)
}

fn read_for(
    folder: &Folder,
    configuration: &str,
    text: &str,
    purpose: Purpose,
) -> Result<LoadedPlan, Problems> {
    let path_of = folder.configuration();
    let loaded = load_configuration(&path_of, configuration, None, NOW).expect("good");
    let registered = Registered {
        federation: &loaded.federation,
        hub: loaded.keys.as_ref(),
        stand_ins: false,
    };
    load(&path(folder), text, registered, purpose)
}

fn path(folder: &Folder) -> PathBuf {
    folder.configuration().with_file_name("plan.toml")
}

#[test]
fn a_plan_is_read_with_everything_that_it_says() {
    let folder = Folder::new();
    let loaded = read(&folder, PLAN).expect("good");
    let [signing, metadata] = loaded.plans.as_slice() else {
        panic!("both orders: {:?}", loaded.plans)
    };
    assert_eq!(
        signing.name,
        "Skift i prøvemiljøet: hard-swap (signing-first)"
    );
    assert_eq!(signing.environment, "EXTTEST");
    assert_eq!(signing.strategy, Some(Strategy::HardSwap));
    let six = datetime!(2026-12-02 06:00 +1);
    assert_eq!(signing.signs_next(), Some(six));
    assert_eq!(metadata.signs_next(), Some(six + Duration::minutes(75)));
    let [pair] = loaded.pairs.as_slice() else {
        panic!("one pair: {:?}", loaded.pairs)
    };
    assert!(pair.active.is_some() && pair.next.is_none());
    assert_eq!(
        pair.validities().active.map(|validity| validity.to),
        Some(datetime!(2056-01-02 00:00 UTC))
    );
    assert_eq!(window_of(PLAN), Some(datetime!(2026-12-02 06:00 +1)));
    assert_eq!(window_of("window = 3"), None);
    let text = changed(
        PLAN,
        &[
            (
                "strategy",
                "order = \"metadata-first\"\nrollback_at = 2026-12-02T07:30:00+01:00\nkeep_old_decryption_key = true\nmetadata_at = 2026-12-02T06:10:00+01:00\nsubject = \"hub\"\nstrategy",
            ),
            (
                "[active]",
                "[[party]]\nname = \"idp\"\n[party.trust]\nsource = \"polled\"\npoll_hours = 6\npolled_at = \"22:10\"\ncontact = \"drift\"\n[active]",
            ),
        ],
    );
    let loaded = read(&folder, &text).expect("good");
    let [plan] = loaded.plans.as_slice() else {
        panic!("one order")
    };
    assert_eq!(plan.shows_next(), Some(six + Duration::minutes(10)));
    assert_eq!(
        plan.steps.last().map(|step| &step.action),
        Some(&Action::RollBack)
    );
    let keeps = Action::Decrypt(vec![Generation::Next, Generation::Active]);
    assert!(plan.steps.iter().any(|step| step.action == keeps));
    let habits = &loaded.habits["idp"];
    assert_eq!(habits.contact.as_deref(), Some("drift"));
    assert_eq!(
        habits.model.source,
        Source::Polled {
            every: Duration::hours(6),
            at: datetime!(2026-01-01 22:10 +1),
        }
    );
    assert_eq!(Order::ALL.len(), 2);
}

#[test]
fn steps_of_ones_own_are_read() {
    let folder = Folder::new();
    let loaded = read(&folder, STEPS).expect("good");
    let [plan] = loaded.plans.as_slice() else {
        panic!("one plan")
    };
    assert_eq!(plan.subject, Subject::Hub);
    let shows = Shows {
        signing: vec![Generation::Next, Generation::Active],
        encryption: vec![Generation::Next],
        without_use: true,
    };
    assert_eq!(plan.steps[0].action, Action::Show(shows));
    let end = plan.schedule();
    let end = end.states().last().expect("a state");
    assert_eq!((end.signs, end.decrypts.len()), (Generation::Next, 2));
}

#[test]
fn each_problem_is_told_alone_and_at_its_line() {
    let folder = Folder::new();
    let cases = CASES.iter().map(|case| (PLAN, case));
    for (plan, (id, place, changes)) in cases.chain(STEP_CASES.iter().map(|case| (STEPS, case))) {
        let text = changed(plan, changes);
        let problems = read(&folder, &text).expect_err(id);
        let found: Vec<_> = problems.list.iter().map(|p| (p.id, p.line)).collect();
        let line = text.lines().position(|line| line.contains(place));
        let line = line.map(|line| line + 1);
        assert_eq!(found, [(*id, line)], "{changes:?}: {:?}", problems.list);
    }
}

#[test]
fn all_problems_come_in_one_answer() {
    let folder = Folder::new();
    let text = changed(
        PLAN,
        &[
            (
                "strategy",
                "subject = \"system:nobody\"\nmetadata_at = 2026-12-02T09:30:00+01:00\nstrategy",
            ),
            (
                "[active]",
                "[next]\ncertificate = \"later.pem\"\nkey = \"hub.key.pem\"\n[active]",
            ),
            ("\"hub.pem\"", "\"expired.pem\""),
        ],
    );
    let problems = read(&folder, &text).expect_err("five");
    let mut found: Vec<_> = problems.list.iter().map(|p| p.id).collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "key::mismatch",
            "plan::certificate",
            "plan::certificate",
            "plan::subject",
            "plan::window",
        ]
    );
    // What is wrong with steps too.
    let text = changed(
        STEPS,
        &[
            (
                "signing = [\"next\", \"active\"]",
                "signing = [\"previous\"]",
            ),
            ("with = [\"next\", \"active\"]", "with = []"),
            (
                "at = 2026-12-02T06:00:00+01:00\ndo = \"s",
                "at = 2026-12-02T09:00:00+01:00\ndo = \"s",
            ),
            ("window", "environment = \"Q A\"\nwindow"),
        ],
    );
    let problems = read(&folder, &text).expect_err("four");
    let found: Vec<_> = problems.list.iter().map(|p| (p.id, p.line)).collect();
    assert_eq!(
        found,
        [
            ("config::wrong-type", Some(1)),
            ("plan::contradiction", Some(5)),
            ("plan::step", Some(10)),
            ("plan::window", Some(13)),
        ]
    );
    for nonsense in ["=", "window = 3", "[[step]]", "party = 4\nstep = [1]"] {
        assert!(read(&folder, nonsense).is_err(), "{nonsense}");
    }
}

/// A hub that plays a plan reads no file that it names, and plays one order at a time.
#[test]
fn a_plan_to_be_played_names_no_files_and_one_order() {
    let folder = Folder::new();
    let problems = read_for(&folder, GOOD, PLAN, Purpose::Play).expect_err("two");
    let found: Vec<_> = problems.list.iter().map(|p| (p.id, p.line)).collect();
    assert_eq!(
        found,
        [
            ("plan::contradiction", Some(3)),
            ("plan::contradiction", Some(6))
        ]
    );
    let plan = PLAN.split("[active]").next().unwrap_or_default();
    let plan = changed(plan, &[("strategy", "order = \"signing-first\"\nstrategy")]);
    let loaded = read_for(&folder, GOOD, &plan, Purpose::Play).expect("good");
    assert_eq!(loaded.plans.len(), 1);
}

/// Keys that are rotated one at a time, and one from before.
#[test]
fn a_plan_knows_which_of_the_hubs_keys_change_and_what_it_had_before() {
    let folder = Folder::new();
    let more = |more: &str| changed(GOOD, &[("[settings]", &format!("{more}\n[settings]"))]);
    let entry = "[[hub.keys]]\ncertificate = \"usage.pem\"\nkey = \"usage.key.pem\"\n";
    let next = more(&format!(
        "{entry}generation = \"next\"\nrole = \"sp\"\nuse = \"signing\""
    ));
    let loaded = read_for(&folder, &next, PLAN, Purpose::Rehearse).expect("good");
    let moves = loaded.plans[0].moves;
    assert_eq!(
        moves.tasks().map(|(moves, _)| moves),
        [false, false, true, false]
    );
    // The pair is that of the task.
    let [pair] = loaded.pairs.as_slice() else {
        panic!("one pair: {:?}", loaded.pairs)
    };
    assert!(pair.next.is_some());
    // Without any, it is not decided yet, and all are rehearsed.
    let loaded = read_for(&folder, GOOD, PLAN, Purpose::Rehearse).expect("good");
    assert_eq!(loaded.plans[0].moves, crate::hub::rollover::Moves::ALL);

    let previous = more(&format!("{entry}generation = \"previous\""));
    let steps = changed(
        STEPS,
        &[(
            "with = [\"next\", \"active\"]",
            "with = [\"next\", \"active\", \"previous\"]",
        )],
    );
    assert!(read(&folder, &steps).is_err());
    let loaded = read_for(&folder, &previous, &steps, Purpose::Rehearse).expect("good");
    let start = &loaded.plans[0].start;
    assert_eq!(start.decrypts, [Generation::Active, Generation::Previous]);
}
