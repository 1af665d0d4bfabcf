//! The same in a real Chromium, for systems whose pages need scripts. It cannot be held between two steps, so the cases
//! that hold an answer, change a form or copy cookies are left to the browser of our own.

use super::case::Case;
use super::learn::{Eyes, Sign};
use super::login::{Scene, address, request};
use super::looking;
use super::outcome::{Run, Step, Subject};
use super::recipe::{Doing, Leaving, Recipe};
use super::run::{Learned, Seen, Stopped, judge, not_told, result};
use super::said::{ended, said};
use super::target::{Hub, Target};
use crate::drill::{BrowserError, Chromium, Page, Session};
use crate::edge::journal::Flow;
use crate::edge::next_login::{Program, RUN_COOKIE, USUALLY};
use crate::edge::world::random_hex;
use crate::hub::fault::Fault;
use std::collections::BTreeSet;
use url::Url;

/// Logins that a system begins by itself, because it is looked at or refused an answer: they are refused, or the session at
/// the identity provider would log the user in after all.
const GUARDS: usize = 8;

/// A login in a browser of its own.
struct Visit<'s> {
    scene: Scene<'s>,
    session: Session,
    /// The programs that it may take: the one of the login first.
    programs: Vec<String>,
}

impl Eyes for Visit<'_> {
    async fn look(&mut self, at: &Url) -> Result<Page, BrowserError> {
        self.session.open(at.as_str()).await
    }
}

impl<'s> Visit<'s> {
    /// A new browser, for which these logins are programmed.
    async fn begin(
        scene: Scene<'s>,
        chromium: &Chromium,
        person: &str,
        first: Option<Option<Fault>>,
    ) -> Result<Self, BrowserError> {
        let session = chromium.session().await?;
        let hub = scene.hub;
        let run = format!("{}.{}", hub.run, random_hex::<4>());
        let public = hub.app.hub().public_url.clone();
        session
            .set_cookie(&format!("{public}/"), RUN_COOKIE, &run)
            .await?;
        let guard = Some(Fault::RefusedCancelled);
        let faults = first.into_iter().chain(std::iter::repeat_n(guard, GUARDS));
        let next = &hub.app.next_logins;
        let programs = faults.map(|fault| {
            let program = Program {
                idp: Some(hub.idp.clone()),
                person: Some(person.to_owned()),
                fault,
            };
            let system = scene.target.entity.entity_id.clone();
            next.add(system, Some(run.clone()), program, USUALLY).id
        });
        Ok(Self {
            scene,
            session,
            programs: programs.collect(),
        })
    }

    /// The login that took the first program.
    fn flow(&self) -> Option<Flow> {
        let app = &self.scene.hub.app;
        let first = app.next_logins.get(self.programs.first()?)?;
        app.journal.get(&first.flow?)
    }

    async fn end(self) {
        for program in &self.programs {
            let next = &self.scene.hub.app.next_logins;
            if next.get(program).is_some_and(|left| left.flow.is_none()) {
                next.withdraw(program);
            }
        }
        self.session.end().await;
    }
}

/// Tests the system in Chromium; its version is told as the browser's.
pub async fn run_in_chromium(
    chromium: &Chromium,
    target: &Target,
    hub: &Hub,
    subject: Subject,
    wanted: impl Fn(Case) -> bool,
) -> Result<Run, Stopped> {
    let scene = Scene { target, hub };
    let clock = &hub.app.clock;
    let began = clock.real();
    let (mut learned, version) = good(scene, chromium).await?;
    let mut results = Vec::new();
    let cases = Case::ALL.iter().copied();
    let cases = cases.filter(|case| *case == Case::GoodLogin || wanted(*case));
    for case in cases {
        let started = clock.real();
        let (seen, flow, last) = match scene.excused(case, &results) {
            Some(seen) => (seen, None, None),
            None => play(scene, chromium, case, &mut learned).await,
        };
        let took = clock.real() - started;
        let step = |page: &Page| Step {
            method: "GET".to_owned(),
            address: address(&page.url),
            status: page.status.as_u16(),
        };
        let steps = last.iter().map(step).collect();
        results.push(result(case, &seen, (flow.as_ref(), steps), took));
    }
    Ok(Run {
        name: hub.run.clone(),
        began,
        took: clock.real() - began,
        subject: Subject {
            browser: version,
            ..subject
        },
        told_by: learned.sign.told(),
        results,
    })
}

async fn good(scene: Scene<'_>, chromium: &Chromium) -> Result<(Learned, String), Stopped> {
    let stopped = |error: BrowserError| Stopped(error.da(), error.en());
    let mut visits = Vec::new();
    for person in &scene.hub.people {
        let visit = Visit::begin(scene, chromium, person, Some(None)).await;
        let visit = visit.map_err(stopped)?;
        let page = visit.session.open(scene.target.ways.login_url.as_str());
        let page = page.await.map_err(stopped)?;
        let Some(flow) = visit.flow() else {
            let (at, status) = (address(&page.url), page.status.as_u16());
            return Err(Stopped(
                format!(
                    "{at} svarede {status} og sendte ikke browseren til hubben: er det adressen, hvor login begynder?"
                ),
                format!(
                    "{at} answered {status} and did not send the browser to the hub: is it the address at which a login begins?"
                ),
            ));
        };
        visits.push((visit, page, flow));
    }
    let person = &scene.hub.people[0];
    let mut nobody = Visit::begin(scene, chromium, person, None).await;
    let nobody = nobody.as_mut().map_err(|error| stopped(error.clone()))?;
    let [(first, last, one), (second, _, two)] = visits.as_mut_slice() else {
        return Err(Stopped("to login".to_owned(), "two logins".to_owned()));
    };
    let sign = Sign::learn_by(scene.target, last, [first, second], nobody).await;
    let sign = sign
        .map_err(stopped)?
        .ok_or_else(|| not_told(last, Some(&*one)))?;
    let version = first.session.version().to_owned();
    let mut learned = Learned {
        sign,
        requests: Vec::new(),
        remarks: BTreeSet::new(),
    };
    learned.note(one);
    learned.note(two);
    for (visit, ..) in visits {
        visit.end().await;
    }
    Ok((learned, version))
}

/// What a case came to, its login, and the page that it ended on.
async fn play(
    scene: Scene<'_>,
    chromium: &Chromium,
    case: Case,
    learned: &mut Learned,
) -> (Seen, Option<Flow>, Option<Page>) {
    let ways = &scene.target.ways;
    let (at, fault) = match Recipe::of(case) {
        Recipe::Look(at) => return (looking::judge(scene, at, learned), None, None),
        Recipe::Good | Recipe::Browser(Doing::KeepsSameSite) => (&ways.login_url, None),
        Recipe::Answer(fault) => (&ways.login_url, Some(fault)),
        Recipe::Fresh(fault) if ways.step_up_url.is_some() => (
            ways.step_up_url.as_ref().unwrap_or(&ways.login_url),
            Some(fault),
        ),
        Recipe::Logout(Leaving::Button) if ways.logout_url.is_some() => (&ways.login_url, None),
        _ => {
            let seen = Seen::skipped(
                "prøves kun med Vejvisers egen browser (--browser vejviser)",
                "tested with Vejviser's own browser only (--browser vejviser)",
            );
            return (seen, None, None);
        }
    };
    let person = &scene.hub.people[0];
    let played = async {
        let mut visit = Visit::begin(scene, chromium, person, Some(fault)).await?;
        let page = visit.session.open(at.as_str()).await?;
        let flow = visit.flow();
        if let Some(flow) = &flow {
            learned.note(flow);
        }
        let mut inside = learned
            .sign
            .seen_by(scene.target, &mut visit, &page)
            .await?;
        let mut seen = judge(case, &page, inside);
        if let (Recipe::Logout(_), Some(out)) = (Recipe::of(case), &ways.logout_url) {
            visit.session.open(out.as_str()).await?;
            inside = learned
                .sign
                .seen_by(scene.target, &mut visit, &page)
                .await?;
            let wanted = said("brugeren er logget ud", "the user is logged out");
            seen = Seen::judged(!inside, ended(&page, inside), wanted);
        }
        visit.end().await;
        Ok::<_, BrowserError>((seen, flow, page))
    };
    match played.await {
        Ok((seen, flow, page)) => {
            let fresh = matches!(Recipe::of(case), Recipe::Fresh(_));
            let forced = flow.as_ref().and_then(request);
            let forced = forced.and_then(|(_, request)| request.force_authn) == Some(true);
            let seen = match fresh && !forced {
                true => Seen::skipped(
                    "forespørgslen fra --step-up-url har ikke ForceAuthn=\"true\"",
                    "the request of --step-up-url has no ForceAuthn=\"true\"",
                ),
                false => seen,
            };
            (seen, flow, Some(page))
        }
        Err(error) => {
            let found = said(error.da(), error.en());
            let seen = Seen::judged(false, found, said("en side", "a page"));
            (seen, None, None)
        }
    }
}
