//! What "logged in" looks like at this system: learned from two good logins and from somebody who is not logged in.

use super::login::{Scene, address};
use super::target::Target;
use crate::drill::{Browser, BrowserError, CookieRules, Page};
use std::collections::BTreeSet;
use url::Url;

/// Letters of a word that tells something.
const TELLING: usize = 3;

/// How it is told that somebody is logged in.
#[derive(Debug, Clone)]
pub(super) enum Sign {
    /// The page at `probe` has this status and address, which it has for nobody else.
    Place {
        probe: Url,
        status: u16,
        address: String,
    },
    /// The page at `probe` has these words, which it has for nobody else.
    Words { probe: Url, words: BTreeSet<String> },
    /// As it was said: of the page at `probe`, or else of the last page of the login.
    Said { probe: Option<Url> },
}

/// Somebody who can look at a page: logged in, or not.
pub(super) trait Eyes {
    /// The page, as it is for them.
    fn look(&mut self, at: &Url) -> impl Future<Output = Result<Page, BrowserError>> + Send;
}

/// The browser of our own.
struct Own<'s, 'b>(Scene<'s>, &'b mut Browser);

impl Eyes for Own<'_, '_> {
    async fn look(&mut self, at: &Url) -> Result<Page, BrowserError> {
        self.0.look(self.1, at).await
    }
}

/// What a page is for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Look {
    status: u16,
    address: String,
    words: BTreeSet<String>,
}

impl Look {
    fn of(page: &Page) -> Self {
        let text = page.text();
        let words = text.split(|c: char| !c.is_alphanumeric());
        let telling = words.filter(|word| {
            word.chars().count() >= TELLING && word.chars().all(char::is_alphabetic)
        });
        Self {
            status: page.status.as_u16(),
            address: address(&page.url),
            words: telling.map(str::to_lowercase).collect(),
        }
    }
}

impl Sign {
    /// Learns it from two browsers in which somebody is logged in and the pages that their logins ended on. None where
    /// nothing tells them from somebody who is not.
    pub(super) async fn learn(
        scene: Scene<'_>,
        first: (&mut Browser, &Page),
        second: (&mut Browser, &Page),
    ) -> Result<Option<Self>, BrowserError> {
        let mut nobody = scene.browser(CookieRules::Relaxed);
        Self::learn_by(
            scene.target,
            first.1,
            [&mut Own(scene, first.0), &mut Own(scene, second.0)],
            &mut Own(scene, &mut nobody),
        )
        .await
    }

    /// The same by whoever looks; `last` is where the first login ended.
    pub(super) async fn learn_by<E: Eyes>(
        target: &Target,
        last: &Page,
        [first, second]: [&mut E; 2],
        nobody: &mut E,
    ) -> Result<Option<Self>, BrowserError> {
        let said = &target.ways.success;
        if said.url.is_some() || said.text.is_some() {
            let sign = Self::Said {
                probe: said.probe.clone(),
            };
            let fits = sign.seen_by(target, first, last).await?;
            return Ok(fits.then_some(sign));
        }
        for probe in candidates(target, last) {
            let without = Look::of(&nobody.look(&probe).await?);
            let with = [
                Look::of(&first.look(&probe).await?),
                Look::of(&second.look(&probe).await?),
            ];
            if let Some(sign) = told_apart(&probe, &with, &without) {
                return Ok(Some(sign));
            }
        }
        Ok(None)
    }

    /// Whether somebody is logged in, in a browser that ended on this page.
    pub(super) async fn is_seen(
        &self,
        scene: Scene<'_>,
        browser: &mut Browser,
        last: &Page,
    ) -> Result<bool, BrowserError> {
        self.seen_by(scene.target, &mut Own(scene, browser), last)
            .await
    }

    /// The same by whoever looks.
    pub(super) async fn seen_by<E: Eyes>(
        &self,
        target: &Target,
        eyes: &mut E,
        last: &Page,
    ) -> Result<bool, BrowserError> {
        match self {
            Self::Place {
                probe,
                status,
                address,
            } => {
                let look = Look::of(&eyes.look(probe).await?);
                Ok(look.status == *status && look.address == *address)
            }
            Self::Words { probe, words } => {
                let look = Look::of(&eyes.look(probe).await?);
                Ok(mostly(words, &look.words))
            }
            Self::Said { probe } => {
                let probed = match probe {
                    Some(probe) => Some(eyes.look(probe).await?),
                    None => None,
                };
                Ok(said(target, probed.as_ref().unwrap_or(last)))
            }
        }
    }

    /// For people: Danish, English.
    pub(super) fn told(&self) -> (String, String) {
        match self {
            Self::Place {
                probe,
                status,
                address: at,
            } => {
                let probe = address(probe);
                (
                    format!("{probe} svarer {status} på {at}"),
                    format!("{probe} answers {status} at {at}"),
                )
            }
            Self::Words { probe, words } => {
                let probe = address(probe);
                let some: Vec<&str> = words.iter().take(6).map(String::as_str).collect();
                let some = some.join(", ");
                (
                    format!("{probe} indeholder ordene: {some}"),
                    format!("{probe} has the words: {some}"),
                )
            }
            Self::Said { .. } => (
                "som angivet med --success-url og --success-text".to_owned(),
                "as given by --success-url and --success-text".to_owned(),
            ),
        }
    }
}

fn said(target: &Target, page: &Page) -> bool {
    let wanted = &target.ways.success;
    let url = wanted.url.as_ref();
    let text = wanted.text.as_ref();
    url.is_none_or(|url| url.is_match(page.url.as_str()))
        && text.is_none_or(|text| text.is_match(&page.text()))
}

/// Pages that may show whether somebody is logged in, the likeliest first.
fn candidates(target: &Target, last: &Page) -> Vec<Url> {
    if let Some(probe) = &target.ways.success.probe {
        return vec![probe.clone()];
    }
    // The answer's own address takes a POST only.
    let consumes = |url: &Url| target.consumers().any(|acs| acs == url.as_str());
    let mut found: Vec<Url> = Vec::new();
    let root = last.url.join("/").ok();
    for url in [Some(last.url.clone()), root].into_iter().flatten() {
        if !consumes(&url) && !found.contains(&url) {
            found.push(url);
        }
    }
    found
}

fn told_apart(probe: &Url, with: &[Look; 2], without: &Look) -> Option<Sign> {
    let [first, second] = with;
    let same_place = first.status == second.status && first.address == second.address;
    if same_place && (first.status, &first.address) != (without.status, &without.address) {
        return Some(Sign::Place {
            probe: probe.clone(),
            status: first.status,
            address: first.address.clone(),
        });
    }
    let both: BTreeSet<&String> = first.words.intersection(&second.words).collect();
    let words = both
        .into_iter()
        .filter(|word| !without.words.contains(*word));
    let words: BTreeSet<String> = words.cloned().collect();
    (!words.is_empty()).then(|| Sign::Words {
        probe: probe.clone(),
        words,
    })
}

/// More than half of the words: a page may say something else about somebody else.
fn mostly(wanted: &BTreeSet<String>, found: &BTreeSet<String>) -> bool {
    wanted.intersection(found).count() * 2 > wanted.len()
}
