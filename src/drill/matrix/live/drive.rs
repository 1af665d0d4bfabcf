//! One trial by the headless browser: unattended where the IdP allows it.

use super::{How, Line};
use crate::drill::{Browser, BrowserError, Form, Page};
use std::fmt;
use url::Url;

/// Pages of an IdP that are filled in, or pass by, before the browser gives up.
const MOST_PAGES: usize = 8;

/// How a script logs in at an IdP: the names of the fields of its form, and what goes into them.
#[derive(Clone, PartialEq, Eq)]
pub struct FormLogin {
    /// `name` of the field for the user's name.
    pub user_field: String,
    /// `name` of the field for the password.
    pub password_field: String,
    /// The user's name.
    pub user: String,
    /// The password.
    pub password: String,
    /// `name` of the button, where the form has several.
    pub submit: Option<String>,
}

impl fmt::Debug for FormLogin {
    // A password must not end up in a log by way of {:?}.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FormLogin({})", self.user_field)
    }
}

/// Where the browser stands at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// At the test system.
    AtSystem,
    /// On a page of the hub.
    AtHub,
    /// On a page of the IdP, or of somebody whom it asked: no form that can be filled in leads on.
    AtIdp,
}

/// Makes the login of a line with a browser that has been nowhere; `public_url` is the hub's.
pub async fn drive(
    mut browser: Browser,
    line: &Line<'_>,
    public_url: &str,
) -> Result<Arrived, BrowserError> {
    let mut page = browser.get(&line.start()).await?;
    let mut given = Given::default();
    for _ in 0..MOST_PAGES {
        if let Some(arrived) = arrived(&page, line, public_url) {
            return Ok(arrived);
        }
        // An IdP's own page that posts its answer by a script of its own.
        let answer = |form: &Form| form.post && has(form, "SAMLResponse");
        if let Some(form) = page.forms().into_iter().find(answer) {
            page = browser.submit(&page, &form, None).await?;
            continue;
        }
        let How::Form(login) = &line.how else { break };
        let Some((form, choice)) = given.fill(&page, login, &line.idp.sso_url) else {
            break;
        };
        page = browser.submit(&page, &form, choice).await?;
    }
    Ok(arrived(&page, line, public_url).unwrap_or(Arrived::AtIdp))
}

fn arrived(page: &Page, line: &Line<'_>, public_url: &str) -> Option<Arrived> {
    let site = line.system.login_url.trim_end_matches("/log-ind");
    let here = page.url.as_str();
    if within(here, site) {
        return Some(Arrived::AtSystem);
    }
    let persona = here.contains("/idp/");
    (within(here, public_url) && !persona).then_some(Arrived::AtHub)
}

fn within(address: &str, site: &str) -> bool {
    let rest = address.strip_prefix(site);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

fn has(form: &Form, name: &str) -> bool {
    form.fields.iter().any(|(field, _)| field == name)
}

/// What was filled in already: a form that comes back with the same question has not taken the answer.
#[derive(Debug, Default)]
struct Given {
    user: bool,
    password: bool,
}

impl Given {
    /// The form that asks for the user or the password, filled in, and the button; none where nothing new is asked.
    /// Only a form of the IdP itself is filled in, and only one that is posted to it: the password is nobody else's, and
    /// does not belong into an address.
    fn fill(
        &mut self,
        page: &Page,
        login: &FormLogin,
        idp: &str,
    ) -> Option<(Form, Option<(String, String)>)> {
        let own = |address: &Url| Url::parse(idp).is_ok_and(|idp| idp.origin() == address.origin());
        if !own(&page.url) {
            return None;
        }
        let asks = |form: &Form| {
            (
                has(form, &login.user_field),
                has(form, &login.password_field),
            )
        };
        let new = |form: &Form| {
            let (user, password) = asks(form);
            (user && !self.user) || (password && !self.password)
        };
        let stays = |form: &Form| form.post && page.target(form).is_some_and(|to| own(&to));
        let mut form = page
            .forms()
            .into_iter()
            .find(|form| stays(form) && new(form))?;
        let (user, password) = asks(&form);
        self.user |= user;
        self.password |= password;
        for (name, value) in &mut form.fields {
            if *name == login.user_field {
                value.clone_from(&login.user);
            } else if *name == login.password_field {
                value.clone_from(&login.password);
            }
        }
        let named = form.choices.iter().filter(|choice| !choice.name.is_empty());
        let button = match &login.submit {
            Some(name) => named.into_iter().find(|choice| choice.name == *name),
            None => named.into_iter().next(),
        };
        let choice = button.map(|choice| (choice.name.clone(), choice.value.clone()));
        Some((form, choice))
    }
}
