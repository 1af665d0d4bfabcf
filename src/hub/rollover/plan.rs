//! What is done, step by step, by the party that changes its certificate.

use super::Strategy;
use super::moves::Moves;
use crate::hub::danish_time::written;
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
    /// Which of the hub's key pairs change; of another party, the one that it has.
    pub moves: Moves,
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

/// Why a change cannot be given up at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoWayBack {
    /// The old key is known to others.
    Emergency,
    /// It is given up already.
    Twice,
    /// By then nothing has changed that could be put back: the first that does is here, if anything does.
    TooEarly(Option<OffsetDateTime>),
    /// By then the rehearsal is over: its end is here.
    TooLate(OffsetDateTime),
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

    /// The same plan, given up at `at`: nothing of it happens after that, and everything is put back. A certificate
    /// that ends does so all the same.
    pub fn rolled_back(&self, at: OffsetDateTime) -> Result<Self, NoWayBack> {
        let given_up = |step: &Step| step.action == Action::RollBack;
        if self.strategy == Some(Strategy::Emergency) {
            return Err(NoWayBack::Emergency);
        }
        if self.steps.iter().any(given_up) {
            return Err(NoWayBack::Twice);
        }
        let first = self.key_moments().first().copied();
        if first.is_none_or(|first| at <= first) {
            return Err(NoWayBack::TooEarly(first));
        }
        let (_, end) = self.horizon();
        if at > end {
            return Err(NoWayBack::TooLate(end));
        }
        let mut plan = self.clone();
        plan.steps
            .retain(|step| step.at < at || step.action == Action::Expire);
        let before = plan.steps.partition_point(|step| step.at < at);
        let action = Action::RollBack;
        plan.steps.insert(before, Step { at, action });
        Ok(plan)
    }

    /// When everything is put back, if it is.
    pub fn given_up(&self) -> Option<OffsetDateTime> {
        self.moment(|action| *action == Action::RollBack)
    }

    /// The moments at which the plan does something that can be taken back, each once.
    pub fn key_moments(&self) -> Vec<OffsetDateTime> {
        let changes = |step: &&Step| {
            matches!(
                step.action,
                Action::Show(_) | Action::Sign(_) | Action::Decrypt(_)
            )
        };
        let mut moments: Vec<OffsetDateTime> = self
            .steps
            .iter()
            .filter(changes)
            .map(|step| step.at)
            .collect();
        moments.dedup();
        moments
    }

    /// The same plan for a party that still has what was in use before: it opens what is encrypted to it, until a
    /// step says otherwise.
    pub fn with_previous(mut self) -> Self {
        if !self.start.decrypts.contains(&Generation::Previous) {
            self.start.decrypts.push(Generation::Previous);
        }
        self
    }

    /// Whether any step or the beginning uses what was in use before.
    pub fn uses_previous(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| match &step.action {
            Action::Show(shows) => {
                let mut all = shows.signing.iter().chain(&shows.encryption);
                all.any(|generation| *generation == Generation::Previous)
            }
            Action::Sign(generation) => *generation == Generation::Previous,
            Action::Decrypt(generations) => generations.contains(&Generation::Previous),
            _ => false,
        })
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

    /// When metadata first shows both certificates for signing, if it does.
    pub fn shows_both(&self) -> Option<OffsetDateTime> {
        let both = [Generation::Active, Generation::Next];
        self.moment(|action| matches!(action, Action::Show(shows) if both.iter().all(|one| shows.signing.contains(one))))
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

impl NoWayBack {
    /// Why, and what to do: Danish, English.
    pub fn what(self) -> (String, String) {
        let (da, en) = match self {
            Self::Emergency => (
                "et nødskifte kan ikke rulles tilbage: den gamle nøgle er kendt af andre",
                "an emergency has no way back: the old key is known to others",
            ),
            Self::Twice => (
                "skiftet er allerede rullet tilbage",
                "the change is given up already",
            ),
            Self::TooEarly(None) => (
                "planen skifter intet, der kan rulles tilbage",
                "the plan changes nothing that could be put back",
            ),
            Self::TooEarly(Some(first)) => {
                let first = written(first);
                return (
                    format!("endnu er intet skiftet: giv et tidspunkt efter {first}"),
                    format!("nothing has changed yet by then: give a time after {first}"),
                );
            }
            Self::TooLate(end) => {
                let end = written(end);
                return (
                    format!("da er øvelsen slut: giv et tidspunkt senest {end}"),
                    format!("the rehearsal is over by then: give a time no later than {end}"),
                );
            }
        };
        (da.to_owned(), en.to_owned())
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
