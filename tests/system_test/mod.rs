//! The test of systems, tested: the demo system that does right passes every case, and each that does wrong in one thing
//! fails the case of that thing. That it fails no other takes ten thousand logins, and stands in `tests/budget`.

mod api;
mod command;
mod supplier;

use std::collections::BTreeSet;
use vejviser::testing::{
    Case, Chapter, Defect, Hub, Level, Nist, Nsis, OiosamlVersion, Run, Verdict, report,
};

const SUBSTANTIAL: Level = Level::Nsis(Nsis::Substantial);

async fn run(
    defect: Option<Defect>,
    (profile, level): (OiosamlVersion, Level),
    wanted: impl Fn(Case) -> bool,
) -> Run {
    let hub = Hub::reserve().await.unwrap();
    let test = hub.start_demo(defect, profile, level).await.unwrap();
    test.run(wanted).await.unwrap()
}

fn skipped(run: &Run) -> BTreeSet<Case> {
    let all = run.results.iter();
    let skipped = all.filter(|result| matches!(result.verdict, Verdict::Skipped(..)));
    skipped.map(|result| result.case).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_system_that_does_right_passes_everything() {
    let run = run(None, (OiosamlVersion::V3, SUBSTANTIAL), |_| true).await;
    assert!(run.failed().is_empty(), "{}", report(&run));
    assert_eq!(skipped(&run), BTreeSet::new(), "{}", report(&run));
    assert_eq!(run.results.len(), Case::ALL.len());
    // What was sent can be read again, and carries the watermark of the run.
    for result in &run.results {
        if let Some(clear) = result.sent_clear.as_ref().or(result.sent_xml.as_ref())
            && clear.contains("SessionIndex")
        {
            let mark = format!("vejviser-systemproeve:{}:", run.name);
            assert!(clear.contains(&mark), "{:?}", result.case);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_does_the_one_of_the_older_profile() {
    let run = run(None, (OiosamlVersion::V2, Level::Nist(Nist::Three)), |_| {
        true
    })
    .await;
    assert!(run.failed().is_empty(), "{}", report(&run));
    assert_eq!(skipped(&run), BTreeSet::new(), "{}", report(&run));
}

/// At either end of the scale there is no level below or above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_tested_is_skipped_and_says_why() {
    let levels = |case: Case| case.chapter() == Chapter::Level || case == Case::LevelAbove;
    let low = (OiosamlVersion::V3, Level::Nsis(Nsis::Low));
    let low = run(None, low, levels).await;
    assert!(low.failed().is_empty(), "{}", report(&low));
    let none_below = [
        Case::LevelBelow,
        Case::LevelContradictory,
        Case::LevelOnlyInClass,
        Case::LevelUnsigned,
    ];
    assert_eq!(skipped(&low), none_below.into());
    for level in [Level::Nsis(Nsis::High), Level::Nist(Nist::Four)] {
        let high = run(None, (OiosamlVersion::V3, level), levels).await;
        assert!(high.failed().is_empty(), "{}", report(&high));
        assert_eq!(skipped(&high), [Case::LevelAbove].into(), "{level}");
    }
}

/// Every case of a chapter has a defect at its place of the list, and the system with it fails that case.
async fn each_defect_fails_its_case(chapter: Chapter) {
    assert_eq!(Case::ALL.len(), Defect::ALL.len());
    let pairs = Case::ALL.iter().copied().zip(Defect::ALL.iter().copied());
    for (case, defect) in pairs.filter(|(case, _)| case.chapter() == chapter) {
        let hub = Hub::reserve().await.unwrap();
        let test = hub.start_demo(Some(defect), OiosamlVersion::V3, SUBSTANTIAL);
        let test = test.await.unwrap();
        let run = test.run(|wanted| wanted == case).await;
        if case == Case::GoodLogin {
            // No case counts then, and somebody is told.
            let told = run.unwrap_err().to_string();
            assert!(told.contains("the good login did not succeed"), "{told}");
            continue;
        }
        let run = run.unwrap();
        let failed: Vec<Case> = run.failed().iter().map(|result| result.case).collect();
        assert_eq!(failed, [case], "{}: {}", defect.id(), report(&run));
    }
}

macro_rules! chapters {
    ($($name:ident $chapter:ident;)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            each_defect_fails_its_case(Chapter::$chapter).await;
        })*

        #[test]
        fn no_chapter_is_left_out() {
            let tested = [$(Chapter::$chapter),*];
            assert_eq!(tested, Chapter::ALL);
        }
    };
}

chapters! {
    good_logins Good;
    levels Level;
    signatures Signature;
    conditions Conditions;
    certificates Certificates;
    refusals Refusals;
    browsers Browser;
    logouts Logout;
    requests_and_metadata Metadata;
}
