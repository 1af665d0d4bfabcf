//! Plans of a change of certificates: what is read of a good one, and what can be wrong with one.

use super::samples::{Folder, GOOD, NOW};
use crate::config::plan::{LoadedPlan, load};
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
    ("plan::contradiction", "rollback_at", &[("strategy", "rollback_at = 2026-12-02T05:00:00+01:00\nstrategy")]),
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
];

#[rustfmt::skip]
pub(super) const STEP_CASES: &[Case] = &[
    ("plan::step", "2026-12-03T06:30", &[("2026-12-01", "2026-12-03"), ("at = 2026-12-02T06:00:00+01:00\ndo = \"d", "at = 2026-12-03T07:00:00+01:00\ndo = \"d"), ("at = 2026-12-02T06:00:00+01:00\ndo = \"s", "at = 2026-12-03T06:30:00+01:00\ndo = \"s")]),
    ("plan::step", "do = \"show\"", &[("signing = [\"next\", \"active\"]\n", "")]),
    ("plan::step", "do = \"sign\"", &[("with = [\"next\"]", "with = [\"next\", \"active\"]")]),
    ("plan::step", "do = \"decrypt\"", &[("with = [\"next\", \"active\"]\n", "")]),
    ("plan::step", "do = \"sign\"", &[("with = [\"next\"]", "with = [\"next\"]\nwithout_use = true")]),
    ("plan::step", "do = \"show\"", &[("without_use = true", "with = [\"next\"]")]),
    ("plan::never", "do = \"sign\"", &[("[\"next\", \"active\"]\nwithout", "[\"active\"]\nwithout")]),
    ("plan::never", "do = \"sign\"", &[("with = [\"next\", \"active\"]", "with = [\"active\"]")]),
    ("plan::contradiction", "keep_old", &[("window", "keep_old_decryption_key = true\nwindow")]),
];

fn changed(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} in {text}");
        text.replacen(from, to, 1)
    })
}

fn read(folder: &Folder, text: &str) -> Result<LoadedPlan, Problems> {
    let configuration = folder.configuration();
    let loaded = load_configuration(&configuration, GOOD, None, NOW).expect("good");
    load(&path(folder), text, &loaded.federation)
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
    assert!(loaded.active.is_some() && loaded.next.is_none());
    assert_eq!(
        loaded.validities.active.map(|validity| validity.to),
        Some(datetime!(2056-01-02 00:00 UTC))
    );
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
    for nonsense in ["=", "window = 3", "[[step]]", "party = 4\nstep = [1]"] {
        assert!(read(&folder, nonsense).is_err(), "{nonsense}");
    }
}
