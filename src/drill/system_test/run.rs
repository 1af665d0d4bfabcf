//! A run: the good login first, then every case, each in a browser of its own.

use super::case::{Case, Chapter, Expect};
use super::learn::Sign;
use super::login::{Held, NoAnswer, Scene, request, sent, steps};
use super::outcome::{CaseResult, Run, Step, Subject, Verdict};
use super::recipe::Recipe;
use super::said::{Said, ended, expected, no_answer, said};
use super::target::{Hub, Target};
use super::{browsing, leaving, looking};
use crate::drill::{Browser, CookieRules, Page};
use crate::dsig::BlockCipher;
use crate::edge::journal::Flow;
use crate::hub::fault::{Fault, above, below};
use crate::hub::keys::KeyState;
use crate::hub::lint::Finding;
use std::collections::BTreeSet;
use time::Duration;

/// Why nothing could be tested: Danish, English. No case counts then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped(pub String, pub String);

/// What was learned from the good logins, and what was seen since.
pub(super) struct Learned {
    pub(super) sign: Sign,
    /// IDs of the system's requests, and bytes of its RelayStates.
    pub(super) requests: Vec<(String, usize)>,
    /// Remarks of the hub on the system's requests.
    pub(super) remarks: BTreeSet<String>,
}

/// What a case came to, before it is written down.
pub(super) struct Seen {
    pub(super) verdict: Verdict,
    pub(super) found: Said,
    pub(super) expected: Said,
    pub(super) browser: Option<Browser>,
    pub(super) held: Option<Held>,
    /// What was found in the metadata, for the cases about it.
    pub(super) metadata: Vec<Finding>,
}

/// Tests the system by all cases that are wanted; the good login always.
pub async fn run(
    target: &Target,
    hub: &Hub,
    subject: Subject,
    wanted: impl Fn(Case) -> bool,
) -> Result<Run, Stopped> {
    let scene = Scene { target, hub };
    let clock = &hub.app.clock;
    let began = clock.real();
    let mut learned = good(scene).await?;
    let mut results = Vec::new();
    let cases = Case::ALL.iter().copied();
    let cases: Vec<Case> = cases
        .filter(|case| *case == Case::GoodLogin || wanted(*case))
        .collect();
    let late = |case: &&Case| Recipe::of(**case).comes_last();
    let early = cases.iter().filter(|case| !late(case));
    for case in early.chain(cases.iter().filter(late)) {
        let started = clock.real();
        let seen = scene.play(*case, &mut learned, &results).await;
        let took = clock.real() - started;
        results.push(written(*case, seen, took));
    }
    restored(scene).await;
    results.sort_by_key(|result| result.case);
    Ok(Run {
        name: hub.run.clone(),
        began,
        took: clock.real() - began,
        subject,
        told_by: learned.sign.told(),
        results,
    })
}

/// Two good logins by two people, from which it is learned what "logged in" looks like.
async fn good(scene: Scene<'_>) -> Result<Learned, Stopped> {
    let mut browsers = Vec::new();
    let mut flows = Vec::new();
    for person in &scene.hub.people {
        let mut browser = scene.browser(CookieRules::Relaxed);
        let login = &scene.target.ways.login_url;
        let held = scene.until_answer(&mut browser, login, person, None).await;
        let held = held.map_err(|why| {
            let (da, en) = no_answer(&why, &scene.target.entity.entity_id);
            Stopped(da, en)
        })?;
        let page = scene.deliver(&mut browser, &held.page, &held.form).await;
        let page = page.map_err(|error| Stopped(error.da(), error.en()))?;
        flows.push(held.flow);
        browsers.push((browser, page));
    }
    let [(first, one), (second, two)] = browsers.as_mut_slice() else {
        return Err(Stopped("to login".to_owned(), "two logins".to_owned()));
    };
    let sign = Sign::learn(scene, (first, one), (second, two)).await;
    let sign = sign.map_err(|error| Stopped(error.da(), error.en()))?;
    let Some(sign) = sign else {
        return Err(not_told(one, flows.first()));
    };
    let mut learned = Learned {
        sign,
        requests: Vec::new(),
        remarks: BTreeSet::new(),
    };
    for flow in &flows {
        learned.note(flow);
    }
    Ok(learned)
}

/// The good login ended on this page, and nothing tells that somebody is logged in.
pub(super) fn not_told(page: &Page, flow: Option<&Flow>) -> Stopped {
    let (da, en) = ended(page, false);
    let text: String = page.text().chars().take(200).collect();
    let mut decisions = flow.into_iter().flat_map(|flow| &flow.content.decisions);
    let encrypted = decisions.find(|decision| decision.rule == "encryption");
    let (how_da, how_en) = encrypted.map_or_else(Default::default, |decision| {
        let how = &decision.result;
        (
            format!(" Hubben krypterede svaret med {how}; kan systemet ikke læse det, skal dets metadata nævne en EncryptionMethod, det kan."),
            format!(" The hub encrypted the answer with {how}; if the system cannot read that, its metadata must name an EncryptionMethod that it can."),
        )
    });
    Stopped(
        format!(
            "det gode login lykkedes ikke, eller det kan ikke ses: {da}. Siden siger: «{text}». Angiv --success-url, --success-text eller --probe-url, hvis brugeren er logget ind.{how_da}"
        ),
        format!(
            "the good login did not succeed, or it cannot be seen: {en}. The page says: “{text}”. Give --success-url, --success-text or --probe-url if the user is logged in.{how_en}"
        ),
    )
}

/// The hub signs with its usual key again, and the system has its usual metadata.
async fn restored(scene: Scene<'_>) {
    scene.hub.app.player.hold(None);
    // Whoever waits for the report must not wait for this; the run is over.
    let _ = scene.refresh().await;
}

impl Learned {
    /// Notes the system's request.
    pub(super) fn note(&mut self, flow: &Flow) {
        let Some((exchange, request)) = request(flow) else {
            return;
        };
        let length = exchange.relay_state.as_ref().map_or(0, String::len);
        self.requests.push((request.id, length));
        let remarks = exchange.checks.iter();
        let remarks = remarks.filter(|row| row.outcome == crate::hub::RowOutcome::Warn);
        let said = |row: &crate::hub::Row| {
            let id = row.check.info().id;
            format!("{id}: {} ({})", row.found, row.expected)
        };
        self.remarks.extend(remarks.map(said));
    }
}

impl Seen {
    /// It does not apply, or cannot be judged.
    pub(super) fn skipped(da: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Skipped(da.into(), en.into()),
            found: said("", ""),
            expected: said("", ""),
            browser: None,
            held: None,
            metadata: Vec::new(),
        }
    }

    /// Judged by what the case itself looks at.
    pub(super) fn judged(passed: bool, found: Said, expected: Said) -> Self {
        Self {
            verdict: match passed {
                true => Verdict::Passed,
                false => Verdict::Failed,
            },
            found,
            expected,
            browser: None,
            held: None,
            metadata: Vec::new(),
        }
    }

    /// With what the browser did and what was sent.
    pub(super) fn with(self, browser: Browser, held: Held) -> Self {
        Self {
            browser: Some(browser),
            held: Some(held),
            ..self
        }
    }
}

impl Scene<'_> {
    async fn play(self, case: Case, learned: &mut Learned, so_far: &[CaseResult]) -> Seen {
        if let Some(seen) = self.excused(case, so_far) {
            return seen;
        }
        match Recipe::of(case) {
            Recipe::Good => self.answered(case, learned, None).await,
            Recipe::Answer(fault) => self.answered(case, learned, Some(fault)).await,
            Recipe::Fresh(fault) => self.fresh(case, learned, fault).await,
            Recipe::Keys { state, fetched } => self.keys(case, learned, state, fetched).await,
            Recipe::Browser(doing) => browsing::play(self, case, doing, learned).await,
            Recipe::Logout(leaving) => leaving::play(self, leaving, learned).await,
            Recipe::Look(at) => looking::judge(self, at, learned),
        }
    }

    /// Why a case does not apply to this system.
    pub(super) fn excused(self, case: Case, so_far: &[CaseResult]) -> Option<Seen> {
        let target = self.target;
        let failed = |other: Case| {
            let mut all = so_far.iter();
            all.any(|result| result.case == other && result.has_failed())
        };
        let needs = |other: Case| {
            let id = other.info().id;
            failed(other).then(|| Seen::skipped(format!("{id} fejlede"), format!("{id} failed")))
        };
        match case {
            Case::LevelAbove if above(target.level).is_none() => Some(Seen::skipped(
                "systemet kræver allerede det højeste niveau",
                "the system needs the highest level already",
            )),
            Case::LevelBelow
            | Case::LevelContradictory
            | Case::LevelOnlyInClass
            | Case::LevelUnsigned
                if below(target.level).is_none() =>
            {
                Some(Seen::skipped(
                    "der er intet niveau under det krævede",
                    "there is no level below the required one",
                ))
            }
            Case::EncryptionSha256
            | Case::EncryptionMgf1p
            | Case::UnsignedPlain
            | Case::OnlyResponseSigned
            | Case::PlainBesideEncrypted
            | Case::PlainInsteadOfEncrypted
                if !target.encrypted =>
            {
                Some(Seen::skipped(
                    "systemets metadata har ingen krypteringsnøgle",
                    "the system's metadata has no encryption key",
                ))
            }
            Case::EncryptionSha256 if !target.names(BlockCipher::Aes256Gcm, true) => {
                Some(unnamed())
            }
            Case::EncryptionMgf1p if !target.names(BlockCipher::Aes128Gcm, false) => {
                Some(unnamed())
            }
            Case::SlowLogin => needs(Case::CrossSitePost),
            Case::LogoutEndsOnServer => needs(Case::LogoutEnds),
            _ => None,
        }
    }

    /// A login whose answer has this fault, or none.
    async fn answered(self, case: Case, learned: &mut Learned, fault: Option<Fault>) -> Seen {
        let at = &self.target.ways.login_url;
        let mut browser = self.browser(CookieRules::Relaxed);
        self.login(case, learned, &mut browser, at, fault).await
    }

    /// The same where the system asks for a fresh login.
    async fn fresh(self, case: Case, learned: &mut Learned, fault: Fault) -> Seen {
        let Some(at) = &self.target.ways.step_up_url else {
            return Seen::skipped(
                "angiv --step-up-url: en adresse, hvor systemet beder om et nyt login (ForceAuthn)",
                "give --step-up-url: an address at which the system asks for a fresh login (ForceAuthn)",
            );
        };
        let mut browser = self.browser(CookieRules::Relaxed);
        let seen = self
            .login(case, learned, &mut browser, at, Some(fault))
            .await;
        let forced = seen.held.as_ref().and_then(|held| request(&held.flow));
        match forced.and_then(|(_, request)| request.force_authn) {
            Some(true) => seen,
            _ => Seen::skipped(
                "forespørgslen fra --step-up-url har ikke ForceAuthn=\"true\"",
                "the request of --step-up-url has no ForceAuthn=\"true\"",
            ),
        }
    }

    /// A login while the hub has other keys.
    async fn keys(self, case: Case, learned: &mut Learned, state: KeyState, fetched: bool) -> Seen {
        if fetched && self.target.ways.refresh_url.is_none() {
            return Seen::skipped(
                "angiv --refresh-url: en adresse, der får systemet til at hente hubbens metadata igen",
                "give --refresh-url: an address that has the system fetch the hub's metadata again",
            );
        }
        self.hub.app.player.hold(Some(&state));
        if fetched && let Err(error) = self.refresh().await {
            return Seen::skipped(error.da(), error.en());
        }
        let seen = self.answered(case, learned, None).await;
        self.hub.app.player.hold(None);
        seen
    }

    /// Has the system fetch the hub's metadata.
    async fn refresh(self) -> Result<(), crate::drill::BrowserError> {
        let Some(url) = &self.target.ways.refresh_url else {
            return Ok(());
        };
        let mut browser = self.browser(CookieRules::Relaxed);
        browser.post(url.as_str()).await.map(|_| ())
    }

    /// A whole login, judged by what the case expects.
    async fn login(
        self,
        case: Case,
        learned: &mut Learned,
        browser: &mut Browser,
        at: &url::Url,
        fault: Option<Fault>,
    ) -> Seen {
        let person = &self.hub.people[0];
        let held = match self.until_answer(browser, at, person, fault).await {
            Ok(held) => held,
            Err(why) => return self.never_answered(case, browser, &why),
        };
        learned.note(&held.flow);
        let page = self.deliver(browser, &held.page, &held.form).await;
        self.judged(case, learned, browser, page, held).await
    }

    /// The system did not come as far as the hub's answer, which it did in the good login.
    pub(super) fn never_answered(self, case: Case, browser: &Browser, why: &NoAnswer) -> Seen {
        let found = no_answer(why, &self.target.entity.entity_id);
        Seen {
            browser: Some(browser.clone()),
            ..Seen::judged(false, found, expected(case.info().expect))
        }
    }

    /// What became of the user, by what the case expects.
    pub(super) async fn judged(
        self,
        case: Case,
        learned: &Learned,
        browser: &mut Browser,
        page: Result<Page, crate::drill::BrowserError>,
        held: Held,
    ) -> Seen {
        let expect = case.info().expect;
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                let found = said(error.da(), error.en());
                return Seen::judged(false, found, expected(expect)).with(browser.clone(), held);
            }
        };
        let steps = browser.clone();
        let logged_in = match learned.sign.is_seen(self, browser, &page).await {
            Ok(logged_in) => logged_in,
            Err(error) => {
                let found = said(error.da(), error.en());
                return Seen::judged(false, found, expected(expect)).with(steps, held);
            }
        };
        judge(case, &page, logged_in).with(steps, held)
    }
}

/// The hub sends what metadata names, where it names anything.
fn unnamed() -> Seen {
    Seen::skipped(
        "systemets metadata nævner andre krypteringer (EncryptionMethod), så hubben sender aldrig denne",
        "the system's metadata names other encryptions (EncryptionMethod), so the hub never sends this one",
    )
}

/// What became of the user, where the browser ended on this page.
pub(super) fn judge(case: Case, page: &Page, logged_in: bool) -> Seen {
    let expect = case.info().expect;
    let broke = page.status.is_server_error();
    // An attack may be answered by any error: what counts is that nobody got in.
    let attack = matches!(
        case.chapter(),
        Chapter::Level | Chapter::Signature | Chapter::Conditions | Chapter::Certificates
    );
    let passed = match expect {
        Expect::LoggedIn => logged_in,
        Expect::Refused => !logged_in && (!broke || attack),
        Expect::Orderly | Expect::Own => !broke,
    };
    Seen::judged(passed, ended(page, logged_in), expected(expect))
}

fn written(case: Case, seen: Seen, took: Duration) -> CaseResult {
    let flow = seen.held.as_ref().map(|held| &held.flow);
    let steps = seen.browser.as_ref().map(steps).unwrap_or_default();
    result(case, &seen, (flow, steps), took)
}

/// A case as it is reported.
pub(super) fn result(
    case: Case,
    seen: &Seen,
    (flow, steps): (Option<&Flow>, Vec<Step>),
    took: Duration,
) -> CaseResult {
    let message = flow.and_then(sent);
    CaseResult {
        case,
        verdict: seen.verdict.clone(),
        found: seen.found.clone(),
        expected: seen.expected.clone(),
        steps,
        sent_xml: message.map(|sent| sent.xml.clone()),
        sent_clear: message.and_then(|sent| sent.decrypted.clone()),
        flow: flow.map(|flow| flow.id.to_string()),
        metadata: seen.metadata.clone(),
        took,
    }
}
