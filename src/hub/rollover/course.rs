//! One party's way through a plan: what it takes over when, computed once.

use super::habits::{Holding, TrustModel};
use super::outage::{Cause, Outage, Validities, verdict};
use super::plan::Plan;
use crate::hub::keys::Schedule;
use time::OffsetDateTime;

/// What a party with certain habits takes over of a plan.
#[derive(Debug, Clone)]
pub struct Course<'a> {
    plan: &'a Plan,
    model: &'a TrustModel,
    schedule: Schedule,
    /// What was shown before the plan began.
    first: Holding,
    taken: Vec<Taken>,
}

/// A party takes over what it finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// When.
    pub at: OffsetDateTime,
    /// What it holds from then on.
    pub holding: Holding,
}

impl<'a> Course<'a> {
    /// By its habits, and by what was seen: `fetched` are moments of the plan at which it fetched metadata, whatever
    /// its habits say. Of fetches that come round again and again only those count that find something else than the
    /// one before: the first of all, and the first after each change.
    pub fn of(plan: &'a Plan, model: &'a TrustModel, fetched: &[OffsetDateTime]) -> Self {
        let schedule = plan.schedule();
        let (from, _) = plan.horizon();
        let polls = std::iter::once(from).chain(schedule.moments());
        let habit = polls
            .filter_map(|now| model.poll_from(now, from))
            .chain(model.acts());
        let seen = fetched.iter().map(|at| (*at, true));
        let mut updates: Vec<_> = habit.map(|at| (at, false)).chain(seen).collect();
        updates.sort_unstable();
        updates.dedup();
        let taken = updates.into_iter().map(|(at, seen)| Taken {
            at,
            // Whoever was seen at the metadata's address has not taken the file.
            holding: model.takes(&schedule.at(at).shows, !seen && plan.offers_file(at)),
        });
        Self {
            plan,
            model,
            first: model.takes(&plan.start.shows, false),
            taken: taken.collect(),
            schedule,
        }
    }

    /// What it holds at `now`.
    pub fn at(&self, now: OffsetDateTime) -> &Holding {
        let done = self.taken.partition_point(|taken| taken.at <= now);
        let last = done.checked_sub(1).and_then(|index| self.taken.get(index));
        last.map_or(&self.first, |taken| &taken.holding)
    }

    /// What it took over, in the order of time.
    pub fn taken(&self) -> &[Taken] {
        &self.taken
    }

    /// When it begins: with the rehearsal, or with what the party did before that.
    pub fn begins(&self) -> OffsetDateTime {
        let (from, _) = self.plan.horizon();
        self.taken.first().map_or(from, |first| first.at.min(from))
    }

    /// The moments at which the party or the keys may come to stand otherwise, in the order of time, each once.
    pub fn moments(&self) -> Vec<OffsetDateTime> {
        let all = std::iter::once(self.begins()).chain(self.schedule.moments());
        let mut moments: Vec<_> = all.chain(self.taken.iter().map(|taken| taken.at)).collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }

    /// The keys of the one that changes.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// The spans in which logins of the party fail, in the order of time, each with its cause. Exact: between two
    /// moments at which something changes nothing does. What fails when the rehearsal is over is followed to its end,
    /// where stated habits or the dates of certificates make one.
    pub fn outages(&self, validities: &Validities) -> Vec<Outage> {
        let (begins, (_, over)) = (self.begins(), self.plan.horizon());
        let validities = validities.under(self.plan);
        let dates = [validities.active, validities.next].into_iter().flatten();
        let mut moments = self.moments();
        moments.extend(
            dates
                .flat_map(|validity| [validity.from, validity.to])
                .filter(|at| *at >= begins),
        );
        moments.sort_unstable();
        moments.dedup();
        let mut spans: Vec<Outage> = Vec::new();
        let mut open: Option<Outage> = None;
        for now in moments {
            let state = self.schedule.at(now);
            let cause = verdict(self.plan, state, &validities, self.model, self.at(now), now);
            let ends = open.is_some() && cause.is_none();
            if open.map(|outage| outage.cause) == cause || now >= over && !ends {
                continue;
            }
            spans.extend(open.take().map(|outage| Outage {
                to: Some(now),
                ..outage
            }));
            open = cause.map(|cause| Outage {
                from: now,
                to: None,
                cause,
            });
        }
        spans.extend(open);
        // A certificate that had ended before anything was done has been down since then.
        if let (Some(first), Some(active)) = (spans.first_mut(), validities.active)
            && (first.cause, first.from) == (Cause::CertificateExpired, begins)
        {
            first.from = active.to.min(begins);
        }
        spans
    }
}
