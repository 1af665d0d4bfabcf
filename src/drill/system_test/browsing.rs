//! Cases about what browsers do: cookies, tabs, the back button, RelayState.

use super::case::Case;
use super::login::{Held, NoAnswer, Scene, with_field, without_field};
use super::recipe::Doing;
use super::run::{Learned, Seen};
use super::said::{Said, ended, said};
use crate::drill::{Browser, BrowserError, CookieRules, CookieView, Page};
use crate::hub::fault::NOBODY;
use time::Duration;

/// How long a login takes whose user looks for the second factor: past the two minutes of Lax-allowing-unsafe.
const SLOW: Duration = Duration::minutes(3);
/// What would run in a page that shows it as it is.
const MARKUP: &str = "\"><script>alert('vejviser')</script>";

pub(super) async fn play(
    scene: Scene<'_>,
    case: Case,
    doing: Doing,
    learned: &mut Learned,
) -> Seen {
    let rules = match doing {
        Doing::KeepsSameSite | Doing::KeepsSameSiteSlowly => CookieRules::Enforced,
        _ => CookieRules::Relaxed,
    };
    let mut browser = scene.browser(rules);
    let held = match begun(scene, &mut browser, learned).await {
        Ok(held) => held,
        Err(why) => return scene.never_answered(case, &browser, &why),
    };
    match doing {
        Doing::LogsInAgain => {
            if let Err(error) = scene.deliver(&mut browser, &held.page, &held.form).await {
                return broken(&error).with(browser, held);
            }
            deliver_next(scene, case, learned, &mut browser).await
        }
        Doing::TwoTabs => {
            if let Err(why) = begun(scene, &mut browser, learned).await {
                return scene.never_answered(case, &browser, &why);
            }
            deliver(scene, case, learned, &mut browser, held).await
        }
        Doing::KeepsSameSite => deliver(scene, case, learned, &mut browser, held).await,
        Doing::KeepsSameSiteSlowly => {
            browser.pass(SLOW);
            deliver(scene, case, learned, &mut browser, held).await
        }
        Doing::DeliversTwice => {
            // As it was before the session: what the answer is bound to is still there.
            let mut before = browser.clone();
            if let Err(error) = scene.deliver(&mut browser, &held.page, &held.form).await {
                return broken(&error).with(browser, held);
            }
            deliver(scene, case, learned, &mut before, held).await
        }
        Doing::DeliversOthers => {
            let mut other = scene.browser(CookieRules::Relaxed);
            if let Err(why) = begun(scene, &mut other, learned).await {
                return scene.never_answered(case, &other, &why);
            }
            deliver(scene, case, learned, &mut other, held).await
        }
        Doing::GoesBack => {
            if let Err(error) = scene.deliver(&mut browser, &held.page, &held.form).await {
                return broken(&error).with(browser, held);
            }
            deliver(scene, case, learned, &mut browser, held).await
        }
        Doing::BringsJunk => {
            let form = with_field(&held.form, "SAMLResponse", "%%% ikke base64 %%%");
            let page = scene.deliver(&mut browser, &held.page, &form).await;
            scene.judged(case, learned, &mut browser, page, held).await
        }
        Doing::BringsNothing => {
            let form = without_field(&held.form, "SAMLResponse");
            let page = scene.deliver(&mut browser, &held.page, &form).await;
            scene.judged(case, learned, &mut browser, page, held).await
        }
        Doing::ShowsCookies | Doing::KeepsOldCookies => {
            let before = browser.clone();
            let page = match scene.deliver(&mut browser, &held.page, &held.form).await {
                Ok(page) => page,
                Err(error) => return broken(&error).with(browser, held),
            };
            let seen = match doing {
                Doing::ShowsCookies => flags(scene, learned, &browser, &page).await,
                _ => fixation(scene, learned, before, &page).await,
            };
            seen.unwrap_or_else(|error| broken(&error))
                .with(browser, held)
        }
        Doing::RelayStateOfAttacker => {
            let form = with_field(&held.form, "RelayState", NOBODY);
            let public = scene.hub.app.hub().public_url.clone();
            browser.stop_before([NOBODY, public.as_str()]);
            let page = browser.submit(&held.page, &form, None).await;
            browser.stop_before([]);
            let seen = match page {
                Ok(page) => redirected(&page),
                Err(error) => broken(&error),
            };
            seen.with(browser, held)
        }
        Doing::RelayStateOfMarkup => {
            let form = with_field(&held.form, "RelayState", MARKUP);
            let page = scene.deliver(&mut browser, &held.page, &form).await;
            let seen = match page {
                Ok(page) => shown(&page),
                Err(error) => broken(&error),
            };
            seen.with(browser, held)
        }
    }
}

async fn begun(
    scene: Scene<'_>,
    browser: &mut Browser,
    learned: &mut Learned,
) -> Result<Held, NoAnswer> {
    let (at, person) = (&scene.target.ways.login_url, &scene.hub.people[0]);
    let held = scene.until_answer(browser, at, person, None).await?;
    learned.note(&held.flow);
    Ok(held)
}

async fn deliver(
    scene: Scene<'_>,
    case: Case,
    learned: &Learned,
    browser: &mut Browser,
    held: Held,
) -> Seen {
    let page = scene.deliver(browser, &held.page, &held.form).await;
    scene.judged(case, learned, browser, page, held).await
}

/// Another login of a browser in which somebody is logged in. A system that knows its user asks nobody.
async fn deliver_next(
    scene: Scene<'_>,
    case: Case,
    learned: &mut Learned,
    browser: &mut Browser,
) -> Seen {
    match begun(scene, browser, learned).await {
        Ok(held) => deliver(scene, case, learned, browser, held).await,
        Err(NoAnswer::NeverCame(page)) => match learned.sign.is_seen(scene, browser, &page).await {
            Ok(logged_in) => {
                let wanted = said("brugeren er logget ind", "the user is logged in");
                Seen::judged(logged_in, ended(&page, logged_in), wanted)
            }
            Err(error) => broken(&error),
        },
        Err(why) => scene.never_answered(case, browser, &why),
    }
}

fn broken(error: &BrowserError) -> Seen {
    Seen::judged(
        false,
        said(error.da(), error.en()),
        said("en side", "a page"),
    )
}

/// The flags of the cookies without which nobody is logged in.
async fn flags(
    scene: Scene<'_>,
    learned: &Learned,
    browser: &Browser,
    page: &Page,
) -> Result<Seen, BrowserError> {
    let mut carrying: Vec<CookieView> = Vec::new();
    for cookie in browser.cookies() {
        let mut without = browser.clone();
        without.forget(&cookie.host, &cookie.name);
        if !learned.sign.is_seen(scene, &mut without, page).await? {
            carrying.push(cookie);
        }
    }
    if carrying.is_empty() {
        return Ok(Seen::skipped(
            "ingen cookie bærer sessionen alene",
            "no single cookie carries the session",
        ));
    }
    let bare = |cookie: &&CookieView| !(cookie.secure && cookie.http_only);
    let told = |cookie: &CookieView| {
        let flag = |set: bool, name: &str| match set {
            true => name.to_owned(),
            false => format!("–{name}"),
        };
        let (secure, http_only) = (cookie.secure, cookie.http_only);
        let (secure, http_only) = (flag(secure, "Secure"), flag(http_only, "HttpOnly"));
        format!("{}: {secure} {http_only}", cookie.name)
    };
    let all: Vec<String> = carrying.iter().map(told).collect();
    let all = all.join("; ");
    Ok(Seen::judged(
        !carrying.iter().any(|cookie| bare(&cookie)),
        said(all.clone(), all),
        both("Secure HttpOnly"),
    ))
}

/// Whether the cookies of before the login are enough afterwards.
async fn fixation(
    scene: Scene<'_>,
    learned: &Learned,
    mut before: Browser,
    page: &Page,
) -> Result<Seen, BrowserError> {
    let inside = learned.sign.is_seen(scene, &mut before, page).await?;
    let found = match inside {
        true => said(
            "cookies fra før login giver adgang efter login",
            "cookies from before the login give access after it",
        ),
        false => said(
            "cookies fra før login giver ingen adgang",
            "cookies from before the login give no access",
        ),
    };
    let wanted = said("en ny session ved login", "a new session at login");
    Ok(Seen::judged(!inside, found, wanted))
}

fn redirected(page: &Page) -> Seen {
    let onward = page.headers.get("location").and_then(|to| to.to_str().ok());
    let forms = page.forms();
    let posted = forms.iter().find(|form| form.action.starts_with(NOBODY));
    let to = onward.filter(|to| to.starts_with(NOBODY));
    let away = to.is_some() || posted.is_some() || page.url.as_str().starts_with(NOBODY);
    let found = match away {
        true => said(
            format!("browseren blev sendt til {NOBODY}"),
            format!("the browser was sent to {NOBODY}"),
        ),
        false => ended_at(page),
    };
    let wanted = said(
        "browseren bliver hos systemet",
        "the browser stays with the system",
    );
    Seen::judged(!away, found, wanted)
}

fn shown(page: &Page) -> Seen {
    let raw = page.body.contains(MARKUP);
    let found = match raw {
        true => said(
            "RelayState står uændret i siden, med scriptet",
            "RelayState stands in the page as it is, with the script",
        ),
        false => ended_at(page),
    };
    let wanted = said(
        "RelayState vises ikke, eller som tekst",
        "RelayState is not shown, or as text",
    );
    Seen::judged(!raw, found, wanted)
}

fn ended_at(page: &Page) -> Said {
    let (status, at) = (page.status.as_u16(), super::login::address(&page.url));
    said(format!("{status} på {at}"), format!("{status} at {at}"))
}

fn both(text: &str) -> Said {
    said(text, text)
}
