//! A user's session at the hub: who was logged in by which identity provider, in which browser, and which systems
//! took part. It is kept so that one logout reaches them all; where the setting `single_sign_on` says so, the next
//! system is served from it too ([`reuse`]).
//!
//! There is one session for one user of one identity provider in one browser: its name is made of these three, so a
//! second login joins the first. A user who logs in as somebody else, or elsewhere, has a second session beside it.
//!
//! What is stored: the names above, what the parties call the session (NameID, SessionIndex), times; and only with
//! `single_sign_on` what the next assertion is made of ([`Authenticated`]). No password, no message, no cookie.

pub mod reuse;

use super::level::Reached;
use super::roles::is_parametric;
use super::{BrowserHash, Context, Pending};
use crate::oiosaml::attributes::{CVR_2, CVR_3, PASSED_ON, PRIVILEGES};
use crate::saml::assertion::NameId;
use crate::saml::{Assertion, Attribute, AuthnStatement, Conditions};
use openssl::sha::sha256;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// SessionIndexes that are kept of one system or identity provider in one session: the latest.
pub const MOST_INDEXES: usize = 8;
/// Systems of one session.
pub const MOST_SYSTEMS: usize = 50;

/// Names a session in the store: a digest of browser, identity provider and NameID, in hex.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SessionId(String);

/// A user's session at the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its name.
    pub id: SessionId,
    /// The browser. Logout does not need it: it finds the session by what its message says.
    pub browser: BrowserHash,
    /// entityID of the identity provider.
    pub idp: String,
    /// NameID, as the identity provider gave it and as every system got it.
    pub name_id: NameId,
    /// SessionIndexes of the identity provider, the latest last.
    pub idp_indexes: Vec<String>,
    /// The systems that took part, in the order in which they were logged in.
    pub systems: Vec<Participant>,
    /// What the next assertion is made of; none without `single_sign_on`.
    pub authenticated: Option<Authenticated>,
    /// When the first login was.
    pub started: OffsetDateTime,
    /// When the last login was, of whichever system.
    pub used: OffsetDateTime,
    /// When the hub forgets it.
    pub ends: OffsetDateTime,
}

/// A system in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// entityID.
    pub system: String,
    /// SessionIndexes of the assertions that it got, the latest last.
    pub indexes: Vec<String>,
}

/// What a login left for the next one: the part of the identity provider's assertion, as it was verified, that the hub
/// passes on or judges by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authenticated {
    /// When the user was asked, by the identity provider's word (AuthnInstant).
    pub at: OffsetDateTime,
    /// The level.
    pub reached: Reached,
    /// Attributes that are passed on or translated.
    pub attributes: Vec<Attribute>,
    /// ProxyRestriction, as stated.
    pub proxies: Option<Option<u32>>,
    /// SessionNotOnOrAfter of the identity provider: from then on it vouches for nothing.
    pub until: Option<OffsetDateTime>,
}

/// What a session is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionKey {
    /// The browser.
    Browser(BrowserHash),
    /// A party, identity provider or system, and the value of the NameID that it knows the user by.
    Party {
        /// entityID.
        party: String,
        /// NameID.
        name_id: String,
    },
}

impl SessionId {
    /// The session of this user of this identity provider in this browser.
    pub fn of(browser: &BrowserHash, idp: &str, name_id: &NameId) -> Self {
        let parts = [
            browser.0.as_str(),
            idp,
            &name_id.value,
            name_id.format.as_deref().unwrap_or_default(),
        ];
        // No part can hold a NUL: XML has none, and the browser's hash is hexadecimal.
        let digest = sha256(parts.join("\0").as_bytes());
        let (half, _) = digest.split_at(16);
        Self(crate::dsig::hex(half))
    }
    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Session {
    /// The session of one login: by this assertion of the identity provider, and with this SessionIndex at the system.
    /// None if nobody is named, which no accepted login is.
    pub(super) fn begins(
        context: Context<'_>,
        pending: &Pending,
        idp: &str,
        assertion: &Assertion,
        reached: Reached,
        index: String,
    ) -> Option<Self> {
        let name_id = assertion.name_id.clone()?;
        let statements = assertion.authn_statements.iter();
        let mut idp_indexes = Vec::new();
        let stated = statements.filter_map(|one| one.session_index.clone());
        latest(&mut idp_indexes, stated.collect());
        let lifetime = Duration::minutes(context.settings.session_minutes.into());
        Some(Self {
            id: SessionId::of(&pending.browser, idp, &name_id),
            browser: pending.browser.clone(),
            idp: idp.to_owned(),
            name_id,
            idp_indexes,
            systems: vec![Participant {
                system: pending.system.clone(),
                indexes: vec![index],
            }],
            authenticated: (context.settings.single_sign_on)
                .then(|| Authenticated::of(assertion, reached, context)),
            started: context.now,
            used: context.now,
            ends: context.now + lifetime,
        })
    }

    /// This session after a login: the one before, if there is one, with what the new one brings. Pure, and the same
    /// for every store: who joins twice at once is there twice.
    pub fn joined(before: Option<Self>, login: Self) -> Self {
        let Some(mut session) = before else {
            return login;
        };
        latest(&mut session.idp_indexes, login.idp_indexes);
        for participant in login.systems {
            let known = session.systems.iter_mut();
            match { known }.find(|known| known.system == participant.system) {
                Some(known) => latest(&mut known.indexes, participant.indexes),
                None => session.systems.push(participant),
            }
        }
        if session.systems.len() > MOST_SYSTEMS {
            session.systems.remove(0);
        }
        // A login whose user was asked again counts from then on; one from the session brings none.
        if login.authenticated.is_some() {
            session.authenticated = login.authenticated;
            session.ends = login.ends;
        }
        session.used = session.used.max(login.used);
        session
    }

    /// What it is found by.
    pub fn keys(&self) -> Vec<SessionKey> {
        let party = |party: &str| SessionKey::Party {
            party: party.to_owned(),
            name_id: self.name_id.value.clone(),
        };
        let systems = self.systems.iter().map(|one| party(&one.system));
        [SessionKey::Browser(self.browser.clone()), party(&self.idp)]
            .into_iter()
            .chain(systems)
            .collect()
    }

    /// Whether a login may still be served from it without the identity provider.
    pub fn is_fresh(&self, context: Context<'_>) -> bool {
        let idle = Duration::minutes(context.settings.session_idle_minutes.into());
        let vouched = self.authenticated.as_ref().and_then(|login| login.until);
        context.now < self.ends
            && context.now < self.used + idle
            && vouched.is_none_or(|until| context.now < until)
    }
}

impl Authenticated {
    /// What a login leaves of its assertion. No more than is read again: a hub has many sessions.
    fn of(assertion: &Assertion, reached: Reached, context: Context<'_>) -> Self {
        let statements = &assertion.authn_statements;
        let asked = statements.first().map(|one| one.authn_instant);
        let kept = |attribute: &&Attribute| {
            let name = attribute.name.as_str();
            PASSED_ON.contains(&name)
                || PRIVILEGES.contains(&name)
                || [CVR_3, CVR_2].contains(&name)
                || is_parametric(name)
        };
        let ends = statements.iter();
        Self {
            at: asked.unwrap_or(context.now),
            reached,
            attributes: (assertion.attributes.iter().filter(kept))
                .map(|attribute| Attribute {
                    name: attribute.name.clone(),
                    // Neither is read, nor passed on: what is issued has the names of the system's own version.
                    name_format: None,
                    friendly_name: None,
                    values: attribute.values.clone(),
                })
                .collect(),
            proxies: (assertion.conditions.as_ref()).and_then(|all| all.proxy_restriction),
            until: ends.filter_map(|one| one.session_not_on_or_after).min(),
        }
    }

    /// As much of the assertion as roles are translated from and the next one is issued by. It is one that was verified:
    /// it was read from what the identity provider signed, and has been in the store since.
    fn assertion(&self, session: &Session) -> Assertion {
        Assertion {
            // No message has it: nothing that is issued or stored looks at the names and times of the first one.
            id: String::new(),
            version: "2.0".to_owned(),
            issue_instant: self.at,
            issuer: session.idp.clone(),
            issuer_format: None,
            name_id: Some(session.name_id.clone()),
            confirmations: Vec::new(),
            conditions: Some(Conditions {
                proxy_restriction: self.proxies,
                ..Conditions::default()
            }),
            authn_statements: vec![AuthnStatement {
                authn_instant: self.at,
                session_index: None,
                session_not_on_or_after: self.until,
                class_ref: None,
                authenticating_authorities: Vec::new(),
            }],
            attributes: self.attributes.clone(),
        }
    }
}

/// The known ones and the new ones behind them, each once, the latest of them.
fn latest(known: &mut Vec<String>, new: Vec<String>) {
    known.retain(|index| !new.contains(index));
    known.extend(new);
    let surplus = known.len().saturating_sub(MOST_INDEXES);
    known.drain(..surplus);
}
