//! What is played, and what follows from it for the hub and for personas at every moment.

use super::ask::{Refused, Wanted, checked_speed, checked_time};
use super::observed::{At, Observed};
use super::playing::Playing;
use super::transport::Transport;
use super::trust::Trust;
use crate::config::Habits;
use crate::edge::app::View;
use crate::edge::registry::Snapshot;
use crate::hub::Hub;
use crate::hub::keys::{HubKeys, KeyRing, KeyState, RoleKeys};
use crate::hub::rollover::{Holding, Plan, Subject, TrustModel};
use crate::hub::trace::Leg;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use time::{Duration, OffsetDateTime};

/// Who takes part in what is played.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// The rings of invented identity providers by short name; of real ones the hub has no private keys.
    pub idps: BTreeMap<String, KeyRing>,
    /// The rings of demo systems by short name.
    pub systems: BTreeMap<String, KeyRing>,
    /// Everybody's habits by short name, where they are stated.
    pub habits: BTreeMap<String, Habits>,
    /// The window that the dates in `habits` were written for; a plan with another one moves them along. None:
    /// they are real people's dates, and stay.
    pub written_for: Option<OffsetDateTime>,
    /// Whether everything is invented, and a certificate may be made on the spot.
    pub invented: bool,
}

/// The hub's keys, and the change of certificates that is played with them.
#[derive(Debug)]
pub struct Player {
    hub: Arc<Hub>,
    keys: HubKeys,
    /// Who takes part.
    pub parts: Parts,
    /// What was seen of them.
    pub observed: Observed,
    performance: RwLock<Option<Performance>>,
    held: RwLock<Option<Arc<Hub>>>,
    overlay: Mutex<Option<Overlay>>,
}

/// A plan and where it stands.
#[derive(Debug, Clone)]
struct Performance {
    playing: Arc<Playing>,
    transport: Transport,
}

/// The parties with what the hub holds of the one that changes, as last needed.
#[derive(Debug)]
struct Overlay {
    by: Arc<Playing>,
    of: Arc<Snapshot>,
    holds: Holding,
    made: Arc<Snapshot>,
}

impl Parts {
    /// Habits for a plan.
    pub(super) fn models(&self, plan: &Plan) -> BTreeMap<String, TrustModel> {
        let by = match self.written_for {
            Some(window) => plan.window.from - window,
            None => Duration::ZERO,
        };
        let habits = self.habits.iter();
        habits
            .map(|(name, habits)| (name.clone(), habits.model.moved(by)))
            .collect()
    }
}

impl Player {
    /// A hub with these keys, of which `hub` has those of a day without a change.
    pub fn new(hub: Hub, keys: HubKeys, parts: Parts) -> Self {
        Self {
            hub: Arc::new(hub),
            keys,
            parts,
            observed: Observed::default(),
            performance: RwLock::default(),
            held: RwLock::default(),
            overlay: Mutex::default(),
        }
    }

    /// Plays what is wanted, in the place of what is played.
    pub fn start(&self, wanted: &Wanted, now: OffsetDateTime) -> Result<(), Refused> {
        let (plan, begin, speed) = wanted.plan(&self.parts, now)?;
        self.play(plan, &BTreeMap::new(), (begin, speed), now)
    }

    /// Plays a plan from `begin` on. `stated` are habits that take the place of the parts'.
    pub(super) fn play(
        &self,
        plan: Plan,
        stated: &BTreeMap<String, TrustModel>,
        (begin, speed): (OffsetDateTime, u32),
        now: OffsetDateTime,
    ) -> Result<(), Refused> {
        let end = plan.horizon().1;
        let playing = Playing::new(plan, &self.hub, &self.keys, &self.parts, stated)?;
        let performance = Performance {
            playing: Arc::new(playing),
            transport: Transport::new(begin, end, speed, now),
        };
        self.set(Some(performance));
        Ok(())
    }

    /// Ends what is played: the keys are those of a day without a change.
    pub fn end(&self) {
        self.set(None);
    }

    /// Jumps to a time of the plan.
    pub fn jump(&self, to: OffsetDateTime, now: OffsetDateTime) -> Result<(), Refused> {
        self.change(|performance| {
            checked_time("to", &performance.playing.plan, to)?;
            performance.transport = performance.transport.jumped(to, now);
            Ok(())
        })
    }

    /// Plays on at another speed; 0 is a pause.
    pub fn set_speed(&self, speed: u32, now: OffsetDateTime) -> Result<(), Refused> {
        self.change(|performance| {
            checked_speed(speed)?;
            performance.transport = performance.transport.at_speed(speed, now);
            Ok(())
        })
    }

    /// What is played, where it stands, and the time of the plan.
    pub fn playing(
        &self,
        now: OffsetDateTime,
    ) -> Option<(Arc<Playing>, Transport, OffsetDateTime)> {
        let performance = self.performance()?;
        let at = performance.transport.at(now);
        Some((performance.playing, performance.transport, at))
    }

    /// Now, and the time of the plan.
    pub fn at(&self, now: OffsetDateTime) -> At {
        At {
            real: now,
            plan: self.plan_time(now),
        }
    }

    /// The time of the plan that is played.
    pub fn plan_time(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.playing(now).map(|(_, _, at)| at)
    }

    /// The hub with the keys of the moment.
    pub fn hub(&self, now: OffsetDateTime) -> Arc<Hub> {
        let playing = self.playing(now);
        let hub = playing
            .as_ref()
            .and_then(|(playing, _, at)| playing.hub(*at));
        hub.map_or_else(|| self.resting(), Arc::clone)
    }

    /// Gives the hub the keys of this state towards systems, until told otherwise: a system test changes them between two
    /// logins. While a plan is played, the plan's count.
    pub fn hold(&self, state: Option<&KeyState>) {
        let held = state.map(|state| {
            Arc::new(Hub {
                idp: self.keys.idp.at(state),
                ..(*self.hub).clone()
            })
        });
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    /// The hub while nothing is played.
    fn resting(&self) -> Arc<Hub> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().unwrap_or(&self.hub).clone()
    }

    /// The hub with the keys of a day without a change.
    pub fn unplanned(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// The hub's rings.
    pub fn keys(&self) -> &HubKeys {
        &self.keys
    }

    /// Everything that one step sees, at one time of the plan.
    pub fn view(&self, parties: Arc<Snapshot>, now: OffsetDateTime) -> View {
        let Some((playing, _, at)) = self.playing(now) else {
            return View {
                hub: self.resting(),
                parties,
            };
        };
        View {
            hub: playing.hub(at).map_or_else(|| self.resting(), Arc::clone),
            parties: match playing.registered(at) {
                Some(holds) => self.overlaid(&playing, parties, holds),
                None => parties,
            },
        }
    }

    /// What the party `name` on this side of the hub holds of it.
    pub fn trust(&self, side: Leg, name: &str, now: OffsetDateTime) -> Trust {
        let playing = self.playing(now);
        let held = playing.and_then(|(playing, _, at)| Trust::during(&playing, side, name, at));
        held.unwrap_or_else(|| Trust::of(&self.hub, side))
    }

    /// What somebody holds who takes over every change at once.
    pub fn latest(&self, side: Leg, now: OffsetDateTime) -> Trust {
        let hub = self.hub(now);
        let mut trust = Trust::of(&hub, side);
        // Metadata may show a key later than it signs.
        let signs = match side {
            Leg::System => &hub.idp.signing,
            Leg::IdentityProvider => &hub.sp.signing,
        };
        trust.keys.push(signs.public());
        trust
    }

    /// The keys of the party itself, while its own change is played.
    pub fn own_keys(&self, side: Leg, name: &str, now: OffsetDateTime) -> Option<Arc<RoleKeys>> {
        let (playing, _, at) = self.playing(now)?;
        let concerned = match (&playing.plan.subject, side) {
            (Subject::IdentityProvider(subject), Leg::IdentityProvider)
            | (Subject::System(subject), Leg::System) => subject == name,
            _ => false,
        };
        concerned.then(|| playing.party_keys(at).cloned()).flatten()
    }

    /// Made once for as long as neither the plan nor the registry nor what the hub holds changes.
    fn overlaid(&self, playing: &Arc<Playing>, of: Arc<Snapshot>, holds: Holding) -> Arc<Snapshot> {
        let mut overlay = self.overlay.lock().unwrap_or_else(PoisonError::into_inner);
        match &*overlay {
            Some(last)
                if Arc::ptr_eq(&last.by, playing)
                    && Arc::ptr_eq(&last.of, &of)
                    && last.holds == holds =>
            {
                last.made.clone()
            }
            _ => {
                let made = Arc::new(playing.overlaid(&of, &holds));
                *overlay = Some(Overlay {
                    by: playing.clone(),
                    of,
                    holds,
                    made: made.clone(),
                });
                made
            }
        }
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Performance) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        let mut performance = self
            .performance
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        match performance.as_mut() {
            Some(performance) => change(performance),
            None => Err(Refused::new(
                "der afspilles intet: start en plan først (PUT /api/v1/rehearsal)",
                "nothing is played: start a plan first (PUT /api/v1/rehearsal)",
            )),
        }
    }

    fn performance(&self) -> Option<Performance> {
        let performance = self.performance.read();
        performance.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, to: Option<Performance>) {
        *self
            .performance
            .write()
            .unwrap_or_else(PoisonError::into_inner) = to;
        self.observed.forget_plan();
    }
}
