//! The test of systems proves itself: each defect fails the case of its place and no other, in ten thousand logins. And
//! what it may take.

use crate::ALONE;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use vejviser::edge::world::{Clock, openssl_has_threads};
use vejviser::testing::{Case, Defect, Hub, Level, Nsis, OiosamlVersion, report};

/// A whole run against a system on the same machine.
const RUN: Duration = Duration::from_secs(60);
/// From nothing to the end of the first login.
const FIRST: Duration = Duration::from_millis(300);
/// Where nothing is optimised only some of the defects are tried; their own cases are, in the suite.
const EVERY: usize = if cfg!(debug_assertions) { 20 } else { 1 };
/// How much slower a build without optimisation may be.
const SLOWER: u32 = if cfg!(debug_assertions) { 20 } else { 1 };

/// Hubs under way at a time.
const AT_A_TIME: usize = 2;

const LEVEL: Level = Level::Nsis(Nsis::Substantial);

async fn fails(defect: Defect) -> Result<Vec<Case>, String> {
    let hub = Hub::reserve().await.unwrap();
    let test = hub.start_demo(Some(defect), OiosamlVersion::V3, LEVEL);
    let run = test.await.unwrap().run(|_| true).await;
    let run = run.map_err(|stopped| stopped.to_string())?;
    Ok(run.failed().iter().map(|result| result.case).collect())
}

/// Of the build that is released, since the budget is held in it (`.ci/run budget`).
#[test]
fn openssl_is_built_for_threads() {
    assert!(openssl_has_threads());
}

#[test]
fn each_defect_fails_its_case_and_no_other() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = { runtime }.worker_threads(2).enable_all().build().unwrap();
    let pairs = Case::ALL.iter().copied().zip(Defect::ALL.iter().copied());
    let mut pairs = pairs.step_by(EVERY);
    let wrong = runtime.block_on(async {
        let mut wrong = Vec::new();
        let mut running = JoinSet::new();
        let tried = AtomicUsize::new(0);
        loop {
            // Two hubs start at once, and read their first keys at once: that crashed three times in four where OpenSSL
            // was built without threads.
            while running.len() < AT_A_TIME
                && let Some((case, defect)) = pairs.next()
            {
                running.spawn(async move { (case, defect, fails(defect).await) });
            }
            let Some(ended) = running.join_next().await else {
                break;
            };
            let (case, defect, failed) = ended.unwrap();
            tried.fetch_add(1, Ordering::Relaxed);
            match failed {
                Ok(failed) if failed == [case] => {}
                // Without the good login nothing is tested, and that is told.
                Err(told) if case == Case::GoodLogin && told.contains("good login") => {}
                other => wrong.push(format!("{} ({case:?}): {other:?}", defect.id())),
            }
        }
        println!(
            "{} defects, each against {} cases",
            tried.into_inner(),
            Case::ALL.len()
        );
        wrong
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_run_takes_seconds_and_the_first_login_no_time() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let clock = Clock::default();
    let (first, whole) = runtime.block_on(async {
        let began = clock.real();
        let hub = Hub::reserve().await.unwrap();
        let test = hub
            .start_demo(None, OiosamlVersion::V3, LEVEL)
            .await
            .unwrap();
        let started = clock.real();
        let run = test.run(|case| case == Case::GoodLogin).await.unwrap();
        let logins = clock.real() - started;
        assert!(run.failed().is_empty(), "{}", report(&run));
        // Three logins: two to learn from, and the case itself.
        let first = started - began + logins / 3;
        let run = test.run(|_| true).await.unwrap();
        assert!(run.failed().is_empty(), "{}", report(&run));
        (first, run.took)
    });
    println!("hub start to the end of the first login {first}, a whole run {whole}");
    assert!(first < FIRST * SLOWER, "{first}");
    assert!(whole < RUN, "{whole}");
}
