//! The remembered choice (“husk mit valg”): what a browser carries along, and what the hub makes of it.
//!
//! Two behaviours, chosen by the setting `remembered_choice`. **`ch2`** imitates November 2024: one choice for
//! all systems, which holds the IdP and is honoured at every login. Who ticked the box before the municipality
//! changed its IdP ends at the old one, or nowhere. **`safe`** is how it should be: one choice a system, kept
//! only after it led to a login, which holds the organisation and finds its IdP anew each time.
//!
//! The memory comes from the browser, so it is a wish and never an authority: it names an IdP to ask, and the
//! IdP's answer is judged as any other.

use super::choose::{Chosen, ChosenBy};
use super::federation::{Federation, IdentityProvider};
use super::settings::RememberedChoice;
use super::{Context, Pending};
use crate::oiosaml::Cvr;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// How long mode `safe` remembers.
pub const SAFE_LIFETIME: Duration = Duration::days(90);
/// How many IdPs are shown as recently used.
pub const MOST_RECENT: usize = 3;

/// What one browser remembers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserMemory {
    /// Choices, at most one a system, and at most one for all of them.
    #[serde(rename = "c", default)]
    choices: Vec<Remembered>,
    /// entityIDs of the IdPs of the latest logins, newest first.
    #[serde(rename = "r", default)]
    recent: Vec<String>,
}

/// One remembered choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// The system it holds for; none means every system (mode `ch2`).
    #[serde(rename = "s", default)]
    pub system: Option<String>,
    /// The organisation that was chosen (mode `safe`).
    #[serde(rename = "o", default)]
    pub organisation: Option<Cvr>,
    /// entityID of the IdP that was chosen.
    #[serde(rename = "i")]
    pub idp: String,
    /// When.
    #[serde(rename = "t", with = "time::serde::timestamp")]
    pub since: OffsetDateTime,
    /// Until when it holds.
    #[serde(rename = "u", with = "time::serde::timestamp")]
    pub until: OffsetDateTime,
    /// Whether it decided a login that has not come back (mode `safe`).
    #[serde(rename = "w", default)]
    under_way: bool,
}

/// What memory says of a login.
#[derive(Debug, Clone, Copy)]
pub enum Recall<'a> {
    /// Nothing is remembered that holds for it.
    Nothing,
    /// Something is, but it is not used, for this reason.
    Ask(Notice),
    /// This IdP.
    Go(&'a IdentityProvider, OffsetDateTime),
    /// This IdP, which is registered but inactive (mode `ch2`).
    Inactive(&'a IdentityProvider, OffsetDateTime),
}

/// Why the chooser is shown although a choice is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// The request asks for it (`?vaelg=1`).
    Asked,
    /// The request demands a fresh authentication (ForceAuthn).
    ForceAuthn,
    /// The latest login that memory decided did not come back.
    DidNotComeBack,
    /// The organisation has another IdP, or none, and nothing says which one took its place.
    Moved,
    /// The organisation has several.
    Several,
    /// The remembered IdP is not registered any more.
    Unknown,
}

impl BrowserMemory {
    /// What it says of a login. `asked` is whether the request asks for the chooser.
    pub fn recall<'a>(&self, context: Context<'a>, pending: &Pending, asked: bool) -> Recall<'a> {
        match context.settings.remembered_choice {
            RememberedChoice::Ch2 => self.recall_as_ch2(context),
            RememberedChoice::Safe => self.recall_safely(context, pending, asked),
        }
    }

    fn recall_as_ch2<'a>(&self, context: Context<'a>) -> Recall<'a> {
        let Some(choice) = self.choice_for(None, context.now) else {
            return Recall::Nothing;
        };
        match context.federation.identity_provider(&choice.idp) {
            Some(idp) if idp.is_active() => Recall::Go(idp, choice.since),
            Some(idp) => Recall::Inactive(idp, choice.since),
            None => Recall::Ask(Notice::Unknown),
        }
    }

    fn recall_safely<'a>(
        &self,
        context: Context<'a>,
        pending: &Pending,
        asked: bool,
    ) -> Recall<'a> {
        let Some(choice) = self.choice_for(Some(&pending.system), context.now) else {
            return Recall::Nothing;
        };
        if asked {
            return Recall::Ask(Notice::Asked);
        }
        if pending.force_authn {
            return Recall::Ask(Notice::ForceAuthn);
        }
        if choice.under_way {
            return Recall::Ask(Notice::DidNotComeBack);
        }
        match current(context.federation, choice) {
            Ok(idp) => Recall::Go(idp, choice.since),
            Err(notice) => Recall::Ask(notice),
        }
    }

    fn choice_for(&self, system: Option<&str>, now: OffsetDateTime) -> Option<&Remembered> {
        self.choices
            .iter()
            .find(|choice| choice.system.as_deref() == system && choice.until > now)
    }

    /// A login goes to the IdP that was chosen. If memory chose, the next login is asked until this one comes
    /// back (mode `safe`). Whether anything changed.
    pub fn went(&mut self, context: Context<'_>, pending: &Pending, chosen: &Chosen) -> bool {
        let safe = context.settings.remembered_choice == RememberedChoice::Safe;
        if !safe || chosen.by != ChosenBy::Memory {
            return false;
        }
        for choice in &mut self.choices {
            choice.under_way |= choice.system.as_deref() == Some(&pending.system);
        }
        true
    }

    /// The user picked an IdP and ticked the box. Mode `ch2` remembers on the spot, whatever comes of it;
    /// mode `safe` waits for [`BrowserMemory::succeeded`].
    pub fn ticked(&mut self, context: Context<'_>, idp: &str) {
        if context.settings.remembered_choice == RememberedChoice::Ch2 {
            self.choices.retain(|choice| choice.system.is_some());
            self.choices.push(Remembered {
                system: None,
                organisation: None,
                idp: idp.to_owned(),
                since: context.now,
                until: context.now + lifetime(context),
                under_way: false,
            });
        }
    }

    /// A login succeeded at `idp`, for a user of `organisation`.
    pub fn succeeded(
        &mut self,
        context: Context<'_>,
        pending: &Pending,
        idp: &str,
        organisation: Option<&Cvr>,
    ) {
        self.recent.retain(|known| known != idp);
        self.recent.insert(0, idp.to_owned());
        self.recent.truncate(MOST_RECENT);
        self.choices.retain(|choice| choice.until > context.now);
        if context.settings.remembered_choice != RememberedChoice::Safe {
            return;
        }
        let own = |choice: &Remembered| choice.system.as_deref() == Some(&pending.system);
        if pending.remember && organisation.is_some() {
            self.choices.retain(|choice| !own(choice));
            self.choices.push(Remembered {
                system: Some(pending.system.clone()),
                organisation: organisation.cloned(),
                idp: idp.to_owned(),
                since: context.now,
                until: context.now + lifetime(context),
                under_way: false,
            });
            return;
        }
        // It came back, perhaps by way of the IdP's successor.
        let same = |choice: &Remembered| choice.organisation.as_ref() == organisation;
        for choice in self.choices.iter_mut().filter(|c| own(c) && same(c)) {
            choice.under_way = false;
            idp.clone_into(&mut choice.idp);
        }
    }

    /// The choices that hold at `now`.
    pub fn choices(&self, now: OffsetDateTime) -> impl Iterator<Item = &Remembered> {
        self.choices.iter().filter(move |choice| choice.until > now)
    }

    /// entityIDs of the IdPs of the latest logins, newest first.
    pub fn recent(&self) -> &[String] {
        &self.recent
    }

    /// Forgets the choice for a system; none means the one for every system. How many were forgotten.
    pub fn forget(&mut self, system: Option<&str>) -> usize {
        let before = self.choices.len();
        self.choices
            .retain(|choice| choice.system.as_deref() != system);
        before - self.choices.len()
    }

    /// Forgets everything. How many choices that were.
    pub fn forget_all(&mut self) -> usize {
        self.recent.clear();
        std::mem::take(&mut self.choices).len()
    }

    /// Forgets what is least worth: recently used IdPs first, then the oldest choice. Whether there was
    /// anything.
    pub fn shrink(&mut self) -> bool {
        if self.recent.pop().is_some() {
            return true;
        }
        let oldest = (0..self.choices.len()).min_by_key(|&at| self.choices[at].since);
        oldest.map(|at| self.choices.remove(at)).is_some()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.choices.is_empty() && self.recent.is_empty()
    }
}

/// How long a choice is remembered.
pub fn lifetime(context: Context<'_>) -> Duration {
    match context.settings.remembered_choice {
        RememberedChoice::Ch2 => Duration::days(context.settings.remembered_choice_days.into()),
        RememberedChoice::Safe => SAFE_LIFETIME,
    }
}

/// The IdP that a choice of mode `safe` stands for today: the one that replaced the chosen one, or the
/// organisation's only active one.
fn current<'a>(
    federation: &'a Federation,
    choice: &Remembered,
) -> Result<&'a IdentityProvider, Notice> {
    let chosen = federation.identity_provider(&choice.idp);
    if let Some(successor) = chosen.and_then(|idp| federation.successor(idp)) {
        return Ok(successor);
    }
    let is_of = |idp: &IdentityProvider| {
        let organisation = choice.organisation.as_ref();
        organisation.is_some_and(|cvr| idp.user_contexts.contains(cvr))
    };
    // One that was replaced stays open for a while; it is not what the organisation has.
    let of_organisation: Vec<_> = federation
        .active()
        .filter(|idp| is_of(idp) && federation.successor(idp).is_none())
        .collect();
    match of_organisation.as_slice() {
        [only] => Ok(only),
        _ if chosen.is_some_and(IdentityProvider::is_active) => Err(Notice::Several),
        _ => Err(Notice::Moved),
    }
}
