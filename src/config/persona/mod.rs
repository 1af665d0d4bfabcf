//! `[identity_provider.persona]`: an invented IdP, its vendor, what it does besides or does not do, its people.

mod contradictions;
mod defects;
mod kinds;
mod logout;
mod traits;

pub(super) use contradictions::{check, check_demo};
pub(super) use defects::IDS as DEFECTS;
pub use defects::{AboutDefect, Defect};
pub use kinds::PersonaKind;
pub(super) use kinds::WORDS as KINDS;
pub use logout::LogoutHabit;
pub(super) use logout::WORDS as LOGOUT;
pub(super) use traits::IDS as TRAITS;
pub use traits::{About, Mark, Nature, Trait};

use crate::oiosaml::{Cvr, Nsis};
use serde::Deserialize;
use time::Duration;
use toml::Spanned;

/// `[identity_provider.persona]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// Whose habits it has.
    pub kind: PersonaKind,
    /// Name of its key pair in the test PKI: `certs/<key>.pem` and `certs/<key>.key.pem`.
    pub key: String,
    /// Its people.
    pub people: Vec<Person>,
    /// What it does besides its vendor's habits.
    #[serde(default)]
    pub traits: Vec<Spanned<Trait>>,
    /// What of its vendor's habits it does not do.
    #[serde(default)]
    pub without: Vec<Spanned<Trait>>,
    /// What it demands for whom: with [`Trait::RequesterPolicy`].
    #[serde(default)]
    pub subsystems: Vec<Spanned<Subsystem>>,
    /// How long its users wait: with [`Trait::Slow`].
    pub delay_seconds: Option<Spanned<u32>>,
    /// How wrong its clock is: with [`Trait::ClockAhead`] or [`Trait::ClockBehind`].
    pub skew_seconds: Option<Spanned<u32>>,
    /// What it does with single logout.
    #[serde(default)]
    pub logout: LogoutHabit,
}

/// A line of `subsystems`: OS2faktor's policy for one system (`kombit_subsystems`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subsystem {
    /// The system's entityID, as it stands in RequesterID.
    pub id: String,
    /// The lowest NSIS level that is good enough for it.
    pub nsis: Option<Nsis>,
    /// Whether it always needs a second factor (`ForceMfaRequired`).
    #[serde(default)]
    pub second_factor: bool,
}

/// An invented person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Id for scripts: `?autologin=ID`.
    pub id: String,
    /// Name.
    pub name: String,
    /// `Serial`: a UUID.
    pub uuid: String,
    /// E-mail.
    pub email: String,
    /// Whether a second factor is enrolled.
    #[serde(default)]
    pub second_factor: bool,
    /// NSIS level of the identity; none for somebody without NSIS identity.
    pub nsis: Option<Nsis>,
    /// What their municipality has given them to do.
    #[serde(default)]
    #[doc(alias = "jobfunktionsroller")]
    pub roles: Vec<PersonRole>,
}

/// A line of `roles`: a job function role that somebody has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRole {
    /// Its id: `http://<domain>/roles/jobrole/<name>/<version>`.
    pub role: String,
    /// The organisation within which it holds; if it is not said, the IdP's own.
    pub scope: Option<Cvr>,
    /// Values that narrow it (data constraints whose values the IdP states).
    #[serde(default)]
    #[doc(alias = "dataafgrænsning")]
    pub constraints: Vec<RoleConstraint>,
}

/// A value that narrows a role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleConstraint {
    /// The id by which a role mapping asks for it: `http://<domain>/…/1/parametric`.
    pub name: String,
    /// The value; it may be empty.
    pub value: String,
}

/// Seconds that the users of a slow IdP wait: long enough to be noticed, shorter than any login lasts.
const DELAY: u32 = 20;
/// Seconds by which a wrong clock is wrong: more than any skew that is allowed, on either side of a message's age.
const SKEW: u32 = 600;

impl Persona {
    /// A product as it comes, with no key of its own and nobody listed.
    pub fn of(kind: PersonaKind) -> Self {
        Self {
            kind,
            key: String::new(),
            people: Vec::new(),
            traits: Vec::new(),
            without: Vec::new(),
            subsystems: Vec::new(),
            delay_seconds: None,
            skew_seconds: None,
            logout: LogoutHabit::default(),
        }
    }

    /// Whether it does this.
    pub fn has(&self, one: Trait) -> bool {
        let listed = |list: &[Spanned<Trait>]| list.iter().any(|found| *found.get_ref() == one);
        let displaced = || {
            let added = self.traits.iter();
            added
                .map(Spanned::get_ref)
                .any(|added| added.contradicts(one))
        };
        let own = one.about().kinds.contains(&self.kind);
        listed(&self.traits) || own && !listed(&self.without) && !displaced()
    }

    /// Everything that it does, in the order of the list.
    pub fn all_traits(&self) -> Vec<Trait> {
        let all = Trait::ALL.iter().copied();
        all.filter(|one| self.has(*one)).collect()
    }

    /// How long its users wait.
    pub fn delay(&self) -> Option<Duration> {
        let seconds = self.delay_seconds.as_ref().map_or(DELAY, |s| *s.get_ref());
        self.has(Trait::Slow)
            .then(|| Duration::seconds(seconds.into()))
    }

    /// How far its clock is ahead.
    pub fn skew(&self) -> Duration {
        let seconds = self.skew_seconds.as_ref().map_or(SKEW, |s| *s.get_ref());
        let skew = Duration::seconds(seconds.into());
        if self.has(Trait::ClockAhead) {
            skew
        } else if self.has(Trait::ClockBehind) {
            -skew
        } else {
            Duration::ZERO
        }
    }
}
