use super::*;
use crate::drill::system_test::report::sample::{self, result};
use time::macros::{date, datetime};

const NOON: OffsetDateTime = datetime!(2027-03-01 12:00 +1);

fn parse(text: &str) -> Result<Baseline, Problems> {
    Baseline::parse(Path::new("kendt.toml"), text)
}

/// Line and id of every problem.
fn problems(text: &str) -> Vec<(Option<usize>, &'static str)> {
    let problems = parse(text).unwrap_err();
    let list = problems.list.iter();
    list.map(|problem| (problem.line, problem.id)).collect()
}

#[test]
fn a_list_is_read_with_its_lines() {
    let list = parse(
        "# Kendte fejl\n[[known]]\ncase = \"SP-C-021\"\nuntil = 2027-03-01\nwhy = \"Rettes i 4.2\"\n\n\
         [[known]]\ncase = \"SP-M-004\"\nuntil = 2026-12-31\n",
    )
    .unwrap();
    let [first, second] = list.entries() else {
        panic!("{list:?}")
    };
    assert_eq!((first.case, first.line), (Case::NoAuthnStatement, 2));
    assert_eq!(first.until, date!(2027 - 03 - 01));
    assert_eq!(first.why.as_deref(), Some("Rettes i 4.2"));
    assert_eq!((second.case, second.line), (Case::RequestIdsFresh, 7));
    assert_eq!(second.why, None);
    assert!(parse("").unwrap().entries().is_empty());
}

#[test]
fn all_problems_come_in_one_answer() {
    let text = "[[known]]\ncase = \"SP-X-001\"\nuntil = \"2027-03-01\"\nbecause = 1\n\
                [[known]]\ncase = \"SP-C-021\"\n\
                [[known]]\ncase = 7\nuntil = 2027-03-01T06:00:00Z\nwhy = 3\n\
                [[known]]\ncase = \"SP-C-001\"\nuntil = 2027-03-01\n\
                [[known]]\ncase = \"SP-C-001\"\nuntil = 2027-03-02\n\
                [other]\n";
    assert_eq!(
        problems(text),
        [
            (Some(2), "config::unknown-word"),
            (Some(3), "config::wrong-type"),
            (Some(4), "config::unknown-key"),
            (Some(5), "config::missing-key"),
            (Some(8), "config::wrong-type"),
            (Some(9), "config::wrong-type"),
            (Some(10), "config::wrong-type"),
            (Some(14), "config::duplicate-id"),
            (Some(17), "config::unknown-key"),
        ]
    );
    assert_eq!(problems("[[known]\n"), [(Some(1), "config::syntax")]);
    assert_eq!(problems("known = 1\n"), [(Some(1), "config::wrong-type")]);
    assert_eq!(problems("known = [1]\n"), [(Some(1), "config::wrong-type")]);
    let shown = crate::config::render::text(&parse(text).unwrap_err(), text);
    assert!(shown.contains("kendt.toml:2:8"), "{shown}");
}

#[test]
fn every_fate_of_a_line() {
    let line = |case: Case, until| Known {
        case,
        until,
        why: None,
        line: 1,
    };
    let (today, yesterday) = (date!(2027 - 03 - 01), date!(2027 - 02 - 28));
    let failed = [Case::AudienceOther, Case::NoAuthnStatement];
    let passed = [Case::GoodLogin, Case::LevelAbove];
    let mut run = sample::run();
    run.results = Vec::new();
    for case in failed {
        run.results.push(result(case, Verdict::Failed));
    }
    for case in passed {
        run.results.push(result(case, Verdict::Passed));
    }
    let skipped = Verdict::Skipped("fordi".to_owned(), "because".to_owned());
    run.results.push(result(Case::LogoutByHub, skipped));
    let list = Baseline {
        file: "kendt.toml".to_owned(),
        entries: vec![
            line(failed[0], today),
            line(failed[1], yesterday),
            line(passed[0], today),
            line(passed[1], yesterday),
            line(Case::LogoutByHub, yesterday),
            line(Case::CookieFlags, today),
        ],
    };
    let at = |now| {
        let comparison = list.compare(&run, now);
        let cases = |list: &[Known]| list.iter().map(|known| known.case).collect::<Vec<_>>();
        (
            cases(&comparison.known),
            cases(&comparison.stale),
            cases(&comparison.expired),
        )
    };
    let first_expired = (vec![failed[0]], passed.to_vec(), vec![failed[1]]);
    assert_eq!(at(NOON), first_expired);
    // A day ends at midnight in Denmark, an hour before it does in UTC.
    assert_eq!(at(datetime!(2027-03-01 22:59:59 UTC)), first_expired);
    assert_eq!(
        at(datetime!(2027-03-01 23:00 UTC)),
        (vec![], passed.to_vec(), failed.to_vec())
    );
    let comparison = list.compare(&run, NOON);
    assert!(comparison.knows(failed[0]).is_some() && comparison.knows(failed[1]).is_none());
    assert!(comparison.expired(failed[1]).is_some() && comparison.expired(failed[0]).is_none());
}
