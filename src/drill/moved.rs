//! The municipality that moved: somebody ticked “husk mit valg”, and the remembered identity provider is replaced.
//!
//! In November 2024 such users were sent to an IdP that no longer existed, at every system, with nothing on any page that
//! undid it. The story is played on a running demo by a browser; each step says what a user expects, and what happened.

use super::{Browser, Page};
use crate::edge::App;
use crate::hub::IdentityProvider;
use crate::hub::settings::RememberedChoice;
use std::fmt;

/// What happened in one mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// What “husk mit valg” does.
    pub mode: RememberedChoice,
    /// Step by step.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Stable id.
    pub id: &'static str,
    /// What the user does and expects: Danish and English.
    pub expected: (String, String),
    /// What happened: Danish and English.
    pub seen: (String, String),
    /// Whether that is what they expected.
    pub passed: bool,
}

/// The story cannot be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplayable(String);

impl fmt::Display for Unplayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unplayable {}

impl Story {
    /// Whether the user could log in at every step.
    pub fn passed(&self) -> bool {
        self.steps.iter().all(|step| step.passed)
    }
}

/// Plays it in a mode, on a demo whose federation has an IdP that another one replaces. The demo is put back at the end.
pub async fn story(app: &App, mode: RememberedChoice) -> Result<Story, Unplayable> {
    let told = tell(app, mode).await;
    let now = app.clock.now();
    let reset = app.registry.reset(now).await;
    // In memory, as a demo's store is, nothing stands in its way.
    debug_assert!(reset.is_ok(), "{reset:?}");
    told
}

async fn tell(app: &App, mode: RememberedChoice) -> Result<Story, Unplayable> {
    app.registry.set_remembered_choice(mode);
    let snapshot = app.registry.now();
    let federation = &snapshot.federation;
    let mut idps = federation.identity_providers.iter();
    let pair = idps.find_map(|old| Some((old, federation.named(old.replaced_by.as_ref()?)?)));
    let (old, new) =
        pair.ok_or_else(|| unplayable("no identity provider has a successor (replaced_by)"))?;
    let steps = User::of(app, old)?.plays(old, new).await?;
    Ok(Story { mode, steps })
}

fn unplayable(why: impl Into<String>) -> Unplayable {
    Unplayable(why.into())
}

/// Somebody at a browser.
struct User<'a> {
    app: &'a App,
    browser: Browser,
    person: &'a str,
    /// Login addresses of two systems.
    systems: [&'a str; 2],
}

/// Where the browser stands.
enum Stands {
    LoggedIn,
    /// Before the chooser.
    Chooser,
    /// Before the login page of an IdP, with its address.
    Login,
    /// On another page: its check, or its heading.
    Stuck(String),
}

impl<'a> User<'a> {
    fn of(app: &'a App, old: &IdentityProvider) -> Result<Self, Unplayable> {
        let at = app.idps.iter().find(|idp| idp.name == old.name);
        let person = at
            .and_then(|idp| idp.people.first())
            .map(|(id, _)| id.as_str());
        let mut logins = app
            .systems
            .iter()
            .filter_map(|system| system.login_url.as_deref());
        match (person, logins.next(), logins.next()) {
            (Some(person), Some(first), Some(second)) => Ok(Self {
                app,
                browser: Browser::new(),
                person,
                systems: [first, second],
            }),
            _ => Err(unplayable("a person and two demo systems are needed")),
        }
    }

    async fn plays(
        &mut self,
        old: &IdentityProvider,
        new: &IdentityProvider,
    ) -> Result<Vec<Step>, Unplayable> {
        let [first, second] = self.systems;
        let (was, is) = (&old.presentation_name, &new.presentation_name);
        self.app.registry.set_active(&new.name, false);
        let mut steps = Vec::new();
        let page = self.begins(first, old, true).await?;
        steps.push(step(
            "remembers",
            format!("Brugeren vælger {was}, sætter hak ved «husk mit valg» og logger ind"),
            format!("The user chooses {was}, ticks “husk mit valg” and logs in"),
            self.goes_on(page).await?,
        ));
        self.app.registry.set_active(&new.name, true);
        self.app.registry.set_active(&old.name, false);
        for (id, login, system) in [
            ("moved", first, ("samme", "the same")),
            ("moved-elsewhere", second, ("et andet", "another")),
        ] {
            let page = self.begins(login, new, false).await?;
            steps.push(step(
                id,
                format!(
                    "{was} er lukket og afløst af {is}; brugeren logger ind i {} system",
                    system.0
                ),
                format!(
                    "{was} is closed and replaced by {is}; the user logs in to {} system",
                    system.1
                ),
                self.goes_on(page).await?,
            ));
        }
        self.forgets().await?;
        let page = self.begins(first, new, false).await?;
        steps.push(step(
            "forgets",
            format!("Brugeren glemmer valget på /mit-valg, vælger {is} og logger ind"),
            format!("The user forgets the choice at /mit-valg, chooses {is} and logs in"),
            self.goes_on(page).await?,
        ));
        Ok(steps)
    }

    /// From a system's login address, through the chooser where it is shown.
    async fn begins(
        &mut self,
        login: &str,
        idp: &IdentityProvider,
        tick: bool,
    ) -> Result<Page, Unplayable> {
        // Nobody is logged in anywhere: only the hub's memory is looked at.
        for link in self
            .app
            .idps
            .iter()
            .filter_map(|idp| idp.metadata.as_deref())
        {
            let out = link.replace("/metadata", "/log-ud");
            self.browser.get(&out).await.map_err(failed)?;
        }
        let page = self.browser.get(login).await.map_err(failed)?;
        let mut forms = page.forms();
        let Some(form) = forms
            .iter_mut()
            .find(|form| form.choices.iter().any(|choice| choice.value == idp.id))
        else {
            return Ok(page);
        };
        if tick {
            form.fields.push(("husk".to_owned(), "1".to_owned()));
        }
        let choice = Some(("idp".to_owned(), idp.id.clone()));
        self.browser
            .submit(&page, form, choice)
            .await
            .map_err(failed)
    }

    /// Logs in where an IdP asks who it is.
    async fn goes_on(&mut self, page: Page) -> Result<Stands, Unplayable> {
        let page = match stands(&page) {
            Stands::Login => self
                .browser
                .choose(&page, "person", self.person)
                .await
                .map_err(failed)?,
            _ => page,
        };
        Ok(stands(&page))
    }

    async fn forgets(&mut self) -> Result<(), Unplayable> {
        let mine = format!("{}/mit-valg", self.app.hub().public_url);
        let mine = self.browser.get(&mine).await.map_err(failed)?;
        if !mine.forms().is_empty() {
            self.browser.submit_first(&mine).await.map_err(failed)?;
        }
        Ok(())
    }
}

fn failed(error: super::BrowserError) -> Unplayable {
    unplayable(error.to_string())
}

fn stands(page: &Page) -> Stands {
    let has = |name: &str| {
        page.forms()
            .iter()
            .any(|form| form.choices.iter().any(|choice| choice.name == name))
    };
    if page.result_value("data-status").as_deref() == Some("Success") {
        Stands::LoggedIn
    } else if has("person") {
        Stands::Login
    } else if has("idp") {
        Stands::Chooser
    } else {
        let between = |from: &str, to: char| {
            let (_, rest) = page.body.split_once(from)?;
            rest.split(to).next().filter(|text| !text.is_empty())
        };
        let found = between("id=\"check\">", '<').or_else(|| between("<h1>", '<'));
        Stands::Stuck(found.unwrap_or("?").to_owned())
    }
}

fn step(id: &'static str, da: String, en: String, stands: Stands) -> Step {
    let (passed, seen) = match stands {
        Stands::LoggedIn => (
            true,
            ("er logget ind".to_owned(), "is logged in".to_owned()),
        ),
        Stands::Chooser => (
            false,
            (
                "står stadig ved valget".to_owned(),
                "still stands at the chooser".to_owned(),
            ),
        ),
        Stands::Login => (
            false,
            (
                "står ved IdP'ens loginside".to_owned(),
                "stands at the IdP's login page".to_owned(),
            ),
        ),
        Stands::Stuck(check) => (
            false,
            (
                format!("kommer ikke videre ({check})"),
                format!("cannot go on ({check})"),
            ),
        ),
    };
    Step {
        id,
        expected: (da, en),
        seen,
        passed,
    }
}
