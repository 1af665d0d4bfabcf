//! One login, step by step: programmed at the hub, begun at the system, held at the hub's answer, delivered.

use super::outcome::Step;
use super::target::{Hub, Target};
use crate::drill::{Browser, BrowserError, CookieRules, Form, Page};
use crate::edge::journal::Flow;
use crate::edge::next_login::{Program, RUN_COOKIE};
use crate::hub::fault::Fault;
use crate::hub::trace::{Direction, Exchange, Leg};
use crate::hub::{Check, FlowId, RowOutcome};
use crate::saml::AuthnRequest;
use crate::xml::Document;
use url::Url;

/// What is tested, and with what.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) target: &'a Target,
    pub(super) hub: &'a Hub,
}

/// A login that the hub has answered, and whose answer the browser has not delivered yet.
pub(super) struct Held {
    /// The page with the answer.
    pub(super) page: Page,
    /// The form in it.
    pub(super) form: Form,
    /// The login in the hub's journal.
    pub(super) flow: Flow,
}

/// Why no answer of the hub was held.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// The browser could not go on.
    Browser(BrowserError),
    /// The system never sent the browser to the hub; where it ended.
    NeverCame(Page),
    /// The hub refused, or the login got stuck there or at the IdP.
    Stuck(Page, Option<Check>),
}

impl<'a> Scene<'a> {
    /// A browser that has been nowhere.
    pub(super) fn browser(self, rules: CookieRules) -> Browser {
        let browser = Browser::new()
            .with_cookie_rules(rules)
            .with_timeout(self.target.ways.timeout);
        match &self.target.ways.tls {
            Some(tls) => browser.with_tls(tls.clone()),
            None => browser,
        }
    }

    /// Goes through a login up to the hub's answer.
    pub(super) async fn until_answer(
        self,
        browser: &mut Browser,
        at: &Url,
        person: &str,
        fault: Option<Fault>,
    ) -> Result<Held, NoAnswer> {
        let (app, hub) = (&self.hub.app, self.hub);
        let public = app.hub().public_url.clone();
        let host = Url::parse(&public).ok();
        let host = host.as_ref().and_then(Url::host_str).unwrap_or_default();
        let id = &app.next_logins;
        let program = Program {
            idp: Some(hub.idp.clone()),
            person: Some(person.to_owned()),
            fault,
        };
        let system = self.target.entity.entity_id.clone();
        let programmed = id.add_alone(system, &hub.run, program);
        browser.set_cookie(
            host,
            RUN_COOKIE,
            programmed.run.as_deref().unwrap_or_default(),
        );
        let mut own = browser.clone();
        own.stop_before(self.target.consumers());
        let page = own.get(at.as_str()).await;
        own.stop_before([]);
        *browser = own;
        let page = page.map_err(NoAnswer::Browser)?;
        let flow = id.get(&programmed.id).and_then(|taken| taken.flow);
        let Some(flow) = flow else {
            id.withdraw(&programmed.id);
            return Err(self.no_answer(page, &public));
        };
        let flow = self.flow(&flow).await;
        let form = answer_form(&page);
        match (form, flow) {
            (Some(form), Some(flow)) => Ok(Held { page, form, flow }),
            (_, flow) => {
                let check = flow.and_then(|flow| refused(&flow));
                Err(NoAnswer::Stuck(page, check))
            }
        }
    }

    /// The browser delivers the answer, and goes on until the user has something to do; but not into another login.
    pub(super) async fn deliver(
        self,
        browser: &mut Browser,
        page: &Page,
        form: &Form,
    ) -> Result<Page, BrowserError> {
        let public = self.hub.app.hub().public_url.clone();
        browser.stop_before([public.as_str()]);
        let page = browser.submit(page, form, None).await;
        browser.stop_before([]);
        page
    }

    /// A page of the system, as it is for this browser; a login that it begins goes no further.
    pub(super) async fn look(self, browser: &mut Browser, at: &Url) -> Result<Page, BrowserError> {
        let public = self.hub.app.hub().public_url.clone();
        browser.stop_before([public.as_str()]);
        let page = browser.get(at.as_str()).await;
        browser.stop_before([]);
        page
    }

    /// A flow of the journal.
    pub(super) async fn flow(self, id: &FlowId) -> Option<Flow> {
        self.hub.app.journal.get(id)
    }

    /// Why a browser did not come with what was programmed for it.
    fn no_answer(self, page: Page, public: &str) -> NoAnswer {
        // A request that the hub cannot tell whose it is takes no program.
        match page.url.as_str().starts_with(public) {
            true => {
                let newest = self.hub.app.journal.list().into_iter().next();
                NoAnswer::Stuck(page, newest.and_then(|flow| refused(&flow)))
            }
            false => NoAnswer::NeverCame(page),
        }
    }
}

/// The form that carries an answer of the hub.
fn answer_form(page: &Page) -> Option<Form> {
    let carries = |form: &Form| form.fields.iter().any(|(name, _)| name == "SAMLResponse");
    page.forms().into_iter().find(carries)
}

/// The first check that failed in a flow.
fn refused(flow: &Flow) -> Option<Check> {
    let rows = flow
        .content
        .exchanges
        .iter()
        .flat_map(|exchange| &exchange.checks);
    let mut failed = rows.filter(|row| row.outcome == RowOutcome::Fail);
    failed.next().map(|row| row.check)
}

/// The message that the hub sent to the system.
pub(super) fn sent(flow: &Flow) -> Option<&Exchange> {
    let mut all = flow.content.exchanges.iter().rev();
    all.find(|exchange| exchange.leg == Leg::System && exchange.direction == Direction::Out)
}

/// The request that the system sent.
pub(super) fn request(flow: &Flow) -> Option<(&Exchange, AuthnRequest)> {
    let mut all = flow.content.exchanges.iter();
    let found =
        all.find(|exchange| exchange.leg == Leg::System && exchange.direction == Direction::In)?;
    let document = Document::parse(found.xml.as_bytes()).ok()?;
    Some((found, AuthnRequest::read(document.root()).ok()?))
}

/// A field of a form with another value; added where there is none.
pub(super) fn with_field(form: &Form, name: &str, value: &str) -> Form {
    let mut form = without_field(form, name);
    form.fields.push((name.to_owned(), value.to_owned()));
    form
}

/// A form without a field.
pub(super) fn without_field(form: &Form, name: &str) -> Form {
    let mut form = form.clone();
    form.fields.retain(|(field, _)| field != name);
    form
}

/// What the browser did so far, without queries and bodies.
pub(super) fn steps(browser: &Browser) -> Vec<Step> {
    let hops = browser.hops().iter();
    let step = |hop: &crate::drill::Hop| Step {
        method: hop.method.to_string(),
        address: address(&hop.url),
        status: hop.status.as_u16(),
    };
    hops.map(step).collect()
}

/// An address without query and fragment.
pub(super) fn address(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}
