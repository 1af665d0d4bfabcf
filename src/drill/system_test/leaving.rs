//! Cases about logging out.

use super::login::{Held, NoAnswer, Scene, sent};
use super::recipe::Leaving;
use super::run::{Learned, Seen};
use super::said::{Said, no_answer, said};
use crate::drill::{Browser, BrowserError, CookieRules, Page};
use crate::dsig::SigningKey;
use crate::edge::world::random_hex;
use crate::saml::binding::{MessageField, redirect};
use crate::saml::{Assertion, LogoutRequest, Outbound};
use crate::xml::{Document, SAML};
use url::Url;

pub(super) async fn play(scene: Scene<'_>, leaving: Leaving, learned: &mut Learned) -> Seen {
    match leaving {
        Leaving::Button | Leaving::ButtonWithOldCookies
            if scene.target.ways.logout_url.is_none() =>
        {
            return Seen::skipped(
                "angiv --logout-url, hvis systemet har en «Log ud»",
                "give --logout-url if the system has a “Log out”",
            );
        }
        Leaving::Hub | Leaving::Nobody | Leaving::Stranger
            if scene.target.single_logout().is_none() =>
        {
            return Seen::skipped(
                "systemets metadata har ingen SingleLogoutService med HTTP-Redirect",
                "the system's metadata has no SingleLogoutService with HTTP-Redirect",
            );
        }
        _ => {}
    }
    let mut browser = scene.browser(CookieRules::Relaxed);
    match logged_in(scene, learned, &mut browser).await {
        Ok((held, page)) => {
            let seen = left(scene, leaving, learned, &mut browser, &held, &page).await;
            let seen = seen.unwrap_or_else(|error| could_not(said(error.da(), error.en())));
            seen.with(browser, held)
        }
        Err(found) => could_not(found),
    }
}

fn could_not(found: Said) -> Seen {
    Seen::judged(false, found, said("et login", "a login"))
}

async fn logged_in(
    scene: Scene<'_>,
    learned: &mut Learned,
    browser: &mut Browser,
) -> Result<(Held, Page), Said> {
    let (at, person) = (&scene.target.ways.login_url, &scene.hub.people[0]);
    let held = scene.until_answer(browser, at, person, None).await;
    let held = held.map_err(|why: NoAnswer| no_answer(&why, &scene.target.entity.entity_id))?;
    learned.note(&held.flow);
    let page = scene.deliver(browser, &held.page, &held.form).await;
    let page = page.map_err(|error| said(error.da(), error.en()))?;
    let inside = learned.sign.is_seen(scene, browser, &page).await;
    match inside {
        Ok(true) => Ok((held, page)),
        Ok(false) => Err(super::said::ended(&page, false)),
        Err(error) => Err(said(error.da(), error.en())),
    }
}

async fn left(
    scene: Scene<'_>,
    leaving: Leaving,
    learned: &Learned,
    browser: &mut Browser,
    held: &Held,
    page: &Page,
) -> Result<Seen, BrowserError> {
    let mut old = browser.clone();
    if let (Leaving::Button | Leaving::ButtonWithOldCookies, Some(url)) =
        (leaving, &scene.target.ways.logout_url)
    {
        scene.look(browser, url).await?;
        let afterwards = match leaving {
            Leaving::Button => browser,
            _ => &mut old,
        };
        let inside = learned.sign.is_seen(scene, afterwards, page).await?;
        return Ok(ended(inside, false));
    }
    let Some(url) = logout(scene, leaving, held) else {
        return Ok(Seen::skipped(
            "svaret kunne ikke læses igen",
            "the answer could not be read again",
        ));
    };
    scene.look(browser, &url).await?;
    let inside = learned.sign.is_seen(scene, browser, page).await?;
    Ok(ended(inside, leaving != Leaving::Hub))
}

fn ended(inside: bool, should_stay: bool) -> Seen {
    let told = |inside: bool| match inside {
        true => said(
            "brugeren er stadig logget ind",
            "the user is still logged in",
        ),
        false => said("brugeren er logget ud", "the user is logged out"),
    };
    Seen::judged(inside == should_stay, told(inside), told(should_stay))
}

/// The address by which the browser carries a LogoutRequest of the hub to the system.
fn logout(scene: Scene<'_>, leaving: Leaving, held: &Held) -> Option<Url> {
    let hub = scene.hub.app.hub();
    let to = scene.target.single_logout()?;
    let assertion = issued(held)?;
    let statement = assertion.authn_statements.first()?;
    let request = LogoutRequest {
        id: format!("_{}", random_hex::<16>()),
        version: "2.0".to_owned(),
        issue_instant: scene.hub.app.clock.now(),
        destination: Some(to.to_owned()),
        consent: None,
        issuer: Some(hub.entity_id.clone()),
        issuer_format: None,
        reason: Some("urn:oasis:names:tc:SAML:2.0:logout:user".to_owned()),
        not_on_or_after: None,
        name_id: assertion.name_id.clone(),
        session_indexes: statement.session_index.iter().cloned().collect(),
    };
    let key: Option<&SigningKey> = match leaving {
        Leaving::Nobody => None,
        Leaving::Stranger => Some(&hub.faults.as_ref()?.stranger),
        _ => Some(&hub.idp.signing),
    };
    let message = request.to_element().render();
    let outbound = redirect(to, MessageField::Request, &message, None, key);
    match outbound {
        Outbound::Redirect { url } => Url::parse(&url).ok(),
        Outbound::Post { .. } | Outbound::Soap { .. } => None,
    }
}

/// The assertion that the hub issued in this login.
fn issued(held: &Held) -> Option<Assertion> {
    let sent = sent(&held.flow)?;
    let text = sent.decrypted.as_ref().unwrap_or(&sent.xml);
    let document = Document::parse(text.as_bytes()).ok()?;
    let root = document.root();
    let mut all = std::iter::once(root).chain(root.descendants());
    let assertion = all.find(|node| node.is(SAML, "Assertion"))?;
    Assertion::read(assertion).ok()
}
