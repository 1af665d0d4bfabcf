//! Answers of the hub, good and bad.

use super::*;
use crate::drill::system_test::{Case, Expect};

/// The fault of a case about one answer: both lists use the same words.
fn fault_of(case: Case) -> Option<Fault> {
    let words = format!("{case:?}");
    let mut id = String::new();
    for letter in words.chars() {
        if letter.is_ascii_uppercase() && !id.is_empty() {
            id.push('-');
        }
        id.push(letter.to_ascii_lowercase());
    }
    Fault::named(&id)
}

/// Whether a system that answered so did what the case wants.
fn is_right(case: Case, seen: &Seen) -> bool {
    match case.info().expect {
        Expect::LoggedIn => seen.logged_in(),
        Expect::Refused => !seen.logged_in() && !seen.status.is_server_error(),
        Expect::Orderly | Expect::Own => !seen.status.is_server_error(),
    }
}

/// Cases about one answer.
pub(super) const FAULTS: usize = Fault::ALL.len();

/// Whether this system does right in the case.
async fn does_right(stage: &Stage, id: &str, case: Case) -> bool {
    match fault_of(case) {
        Some(fault) => {
            let seen = stage.log_in(id, &mut Browser::default(), Some(fault)).await;
            is_right(case, &seen)
        }
        None => {
            let right = super::site::is_right(stage, id, case).await;
            right.expect("a case about an answer, or about a site")
        }
    }
}

/// All of them against all of them, case by case, so that what one case leaves behind is seen by the next.
#[tokio::test]
#[ignore = "some ten thousand logins: ten minutes; the system test's own table is run every time"]
async fn each_mistake_fails_its_own_case_and_no_other() {
    let stage = Stage::new(OiosamlVersion::V3);
    let mut astray = Vec::new();
    for case in Case::ALL.iter().copied() {
        let own = Defect::ALL[case as usize];
        for defect in Defect::ALL {
            // Nobody can be tested whom nobody can log in at.
            if *defect == Defect::LogsNobodyIn {
                continue;
            }
            if does_right(&stage, defect.id(), case).await == (*defect == own) {
                astray.push(format!("{case:?}: {defect:?}"));
            }
        }
    }
    assert!(astray.is_empty(), "{}", astray.join("\n"));
}

#[test]
fn every_case_has_a_mistake_and_most_have_an_answer() {
    assert_eq!(Case::ALL.len(), Defect::ALL.len());
    let with = Case::ALL.iter().filter(|case| fault_of(**case).is_some());
    assert_eq!(with.count(), FAULTS);
}

#[tokio::test]
async fn a_good_answer_logs_in_whatever_else_is_wrong() {
    for version in [OiosamlVersion::V2, OiosamlVersion::V3] {
        let stage = Stage::new(version);
        let ids = Defect::ALL.iter().map(|defect| defect.id());
        for id in ids.chain([RIGHT]) {
            let mut browser = Browser::default();
            let seen = stage.log_in(id, &mut browser, None).await;
            let nobody = id == Defect::LogsNobodyIn.id();
            assert_eq!(seen.logged_in(), !nobody, "{id}: {}", seen.body);
            assert_eq!(stage.is_in(id, &mut browser).await, !nobody, "{id}");
        }
    }
}

#[tokio::test]
async fn the_right_system_does_right_and_each_mistake_is_seen() {
    at_its_own(OiosamlVersion::V3).await;
}

#[tokio::test]
async fn an_older_system_with_a_nist_level_does_the_same() {
    at_its_own(OiosamlVersion::V2).await;
}

async fn at_its_own(version: OiosamlVersion) {
    let stage = Stage::new(version);
    for case in Case::ALL.iter().copied() {
        let Some(fault) = fault_of(case) else {
            continue;
        };
        let seen = stage
            .log_in(RIGHT, &mut Browser::default(), Some(fault))
            .await;
        assert!(is_right(case, &seen), "{case:?}: {}", seen.body);
        let own = Defect::ALL[case as usize].id();
        let seen = stage
            .log_in(own, &mut Browser::default(), Some(fault))
            .await;
        assert!(!is_right(case, &seen), "{case:?}: {own}: {}", seen.status);
    }
}

/// Who it is, is told on the page: the attacks that succeed log the forged user in.
#[tokio::test]
async fn what_is_forged_is_believed_by_whoever_falls_for_it() {
    let stage = Stage::new(OiosamlVersion::V3);
    for fault in [
        Fault::ChangedAfterSigning,
        Fault::ChangedWithDigest,
        Fault::ForgedBefore,
        Fault::ForgedAfter,
        Fault::OriginalInside,
        Fault::OriginalInObject,
        Fault::ForgedInExtensions,
        Fault::OriginalInStatusDetail,
        Fault::SameIdTwice,
        Fault::PlainBesideEncrypted,
    ] {
        let case = Case::ALL
            .iter()
            .find(|case| fault_of(**case) == Some(fault));
        let id = Defect::ALL[*case.unwrap() as usize].id();
        let mut browser = Browser::default();
        stage.log_in(id, &mut browser, Some(fault)).await;
        let front = stage.get(id, &mut browser, "/").await;
        assert!(
            front.body.contains("Forfalsket Eva"),
            "{fault:?}: {}",
            front.body
        );
    }
}
