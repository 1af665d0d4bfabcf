//! What is done, step by step, by the party that changes its certificate.

use super::Strategy;
use crate::hub::keys::{Generation, KeyState, Schedule, Shows};
use time::{Duration, OffsetDateTime};

/// A change of certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What people call it.
    pub name: String,
    /// The environment it is for; becomes part of file names, as in `new_ADG_PROD_Adgangsstyring_2.cer`.
    pub environment: String,
    /// Who changes.
    pub subject: Subject,
    /// The preset that it was made from; none for steps of one's own.
    pub strategy: Option<Strategy>,
    /// The announced service window.
    pub window: Window,
    /// Whether the next certificate is on the key of the active one.
    pub same_key: bool,
    /// The keys before the first step.
    pub start: KeyState,
    /// What is done, in the order of time.
    pub steps: Vec<Step>,
}

/// The party that changes its certificate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The hub, in both of its roles.
    Hub,
    /// The identity provider with this short name.
    IdentityProvider(String),
    /// The user-facing system with this short name.
    System(String),
}

/// The announced time of a change (servicevindue).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(alias = "servicevindue")]
pub struct Window {
    /// Start.
    pub from: OffsetDateTime,
    /// End.
    pub to: OffsetDateTime,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub action: Action,
}

/// What is done in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The announcement (driftsmeddelelse) goes out.
    #[doc(alias = "driftsmeddelelse")]
    Announce,
    /// The next certificate is offered as a file (`new_…`), outside the metadata.
    HandOut,
    /// Metadata is published.
    Show(Shows),
    /// From now on this generation signs.
    Sign(Generation),
    /// From now on these generations decrypt.
    Decrypt(Vec<Generation>),
    /// The certificate of the active generation comes to its end; nobody does anything.
    Expire,
    /// Everything as it was before the first step; the next key still decrypts what was encrypted to it.
    RollBack,
}

/// How long before the first step a rehearsal begins and after the last one it ends.
const MARGIN: (Duration, Duration) = (Duration::hours(10), Duration::hours(36));

impl Plan {
    /// The keys as a function of time.
    pub fn schedule(&self) -> Schedule {
        let mut schedule = Schedule::new(self.start.clone());
        for Step { at, action } in &self.steps {
            schedule.change(*at, |state| match action {
                Action::Show(shows) => state.shows = shows.clone(),
                Action::Sign(generation) => state.signs = *generation,
                Action::Decrypt(generations) => state.decrypts.clone_from(generations),
                Action::RollBack => {
                    *state = self.start.clone();
                    if !state.decrypts.contains(&Generation::Next) {
                        state.decrypts.push(Generation::Next);
                    }
                }
                Action::Announce | Action::HandOut | Action::Expire => {}
            });
        }
        schedule
    }

    /// The same plan, given up at `at`: nothing of it happens after that, and everything is put back.
    pub fn rolled_back(&self, at: OffsetDateTime) -> Self {
        let mut plan = self.clone();
        plan.steps.retain(|step| step.at < at);
        plan.steps.push(Step {
            at,
            action: Action::RollBack,
        });
        plan
    }

    /// Whether the next certificate is offered as a file at `now`: handed out, and the change not given up since.
    pub fn offers_file(&self, now: OffsetDateTime) -> bool {
        let done = self.steps.iter().filter(|step| step.at <= now);
        let mut told = done.filter_map(|step| match step.action {
            Action::HandOut => Some(true),
            Action::RollBack => Some(false),
            _ => None,
        });
        told.next_back().unwrap_or(false)
    }

    /// When the announcement goes out, if it does.
    pub fn announced(&self) -> Option<OffsetDateTime> {
        self.moment(|action| matches!(action, Action::Announce))
    }

    /// When the certificate in use ends, if the plan lets it.
    pub fn expires(&self) -> Option<OffsetDateTime> {
        self.moment(|action| matches!(action, Action::Expire))
    }

    /// When the next key begins to sign, if it does.
    pub fn signs_next(&self) -> Option<OffsetDateTime> {
        self.moment(|action| matches!(action, Action::Sign(Generation::Next)))
    }

    /// When metadata first shows the next certificate for signing, if it does.
    pub fn shows_next(&self) -> Option<OffsetDateTime> {
        self.moment(|action| matches!(action, Action::Show(shows) if shows.signing.contains(&Generation::Next)))
    }

    fn moment(&self, is: impl Fn(&Action) -> bool) -> Option<OffsetDateTime> {
        self.steps
            .iter()
            .find(|step| is(&step.action))
            .map(|step| step.at)
    }

    /// When anything but paper first changes: keys, metadata, or a certificate that ends.
    pub fn first_change(&self) -> OffsetDateTime {
        let paper = |action: &Action| matches!(action, Action::Announce | Action::HandOut);
        let first = self.steps.iter().find(|step| !paper(&step.action));
        first.map_or(self.window.from, |step| step.at)
    }

    /// From when to when it is rehearsed: from ten hours before the keys first change, so that everybody's last
    /// fetch is known, to a day and a half after the last step, when a daily fetch has come round again.
    pub fn horizon(&self) -> (OffsetDateTime, OffsetDateTime) {
        let first = self.first_change();
        let last = self.steps.last().map_or(self.window.to, |step| step.at);
        (
            first.min(self.window.from) - MARGIN.0,
            last.max(self.window.to) + MARGIN.1,
        )
    }
}

impl Action {
    /// As plans write it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Announce => "announce",
            Self::HandOut => "hand-out",
            Self::Show(_) => "show",
            Self::Sign(_) => "sign",
            Self::Decrypt(_) => "decrypt",
            Self::Expire => "expire",
            Self::RollBack => "roll-back",
        }
    }
}

impl Subject {
    /// What people call the hub.
    pub const HUB_TITLE: &str = "Context Handler";

    /// As plans and commands write it: `hub`, `idp:NAME`, `system:NAME`.
    pub fn word(&self) -> String {
        match self {
            Self::Hub => "hub".to_owned(),
            Self::IdentityProvider(name) => format!("idp:{name}"),
            Self::System(name) => format!("system:{name}"),
        }
    }

    /// Reads [`Self::word`].
    pub fn parse(text: &str) -> Option<Self> {
        let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        match text.split_once(':') {
            None => (text == "hub").then_some(Self::Hub),
            Some(("idp", name)) => named(name).map(Self::IdentityProvider),
            Some(("system", name)) => named(name).map(Self::System),
            Some(_) => None,
        }
    }
}
