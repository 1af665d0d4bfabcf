//! What was seen of the parties: facts beside what their habits let one expect.

use crate::hub::keys::Generation;
use crate::hub::rollover::Heard;
use crate::hub::trace::Leg;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use time::{Duration, OffsetDateTime};

/// When something was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// Real time.
    pub real: OffsetDateTime,
    /// The time of the plan that was played then and still is.
    pub plan: Option<OffsetDateTime>,
}

/// A party fetched the hub's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// When.
    pub at: At,
    /// Fingerprints of the certificates that it showed for signing.
    pub signing: Vec<String>,
    /// Fingerprints of those for encryption.
    pub encryption: Vec<String>,
}

/// A message that a registered key of the party signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// When.
    pub at: At,
    /// How far the sender's clock was behind the hub's, as far as IssueInstant tells: negative, if it was ahead.
    pub behind: Option<Duration>,
    /// Which key.
    pub signed_by: String,
    /// Which of the hub's keys opened it; none if it was plain.
    pub opened: Option<Opened>,
}

/// The key of the hub that opened a message. Its generation is what it was called at that moment: with another plan,
/// or none, the same key has another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Which.
    pub generation: Generation,
    /// [`crate::dsig::PublicKey::key_id`] of it.
    pub key_id: String,
}

/// Everything that was seen of a party last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Its last fetch of metadata.
    pub fetch: Option<Fetch>,
    /// Its last message.
    pub message: Option<Message>,
    /// When it was last asked; identity providers only.
    pub asked: Option<At>,
    /// How its last login went.
    pub heard: Option<(At, Heard)>,
    /// The check that refused the last message which says that it is from this party, and which nobody can be held
    /// to. It decides nothing: anybody can send one.
    pub claimed: Option<(At, String)>,
}

/// A fetch of metadata by somebody who cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// When.
    pub at: At,
    /// Address.
    pub address: Option<String>,
    /// User-Agent.
    pub agent: String,
    /// Of which role.
    pub role: Leg,
}

/// Strangers that are kept.
const STRANGERS: usize = 20;
/// Bytes of a User-Agent that are kept.
const AGENT: usize = 120;

/// What was seen. Bounded: only registered parties have an entry.
#[derive(Debug, Default)]
pub struct Observed(Mutex<All>);

#[derive(Debug, Default)]
struct All {
    parties: BTreeMap<String, Seen>,
    strangers: VecDeque<Stranger>,
}

impl Observed {
    /// What was seen of the party with this short name.
    pub fn of(&self, name: &str) -> Seen {
        self.lock().parties.get(name).cloned().unwrap_or_default()
    }

    /// Fetches of metadata by nobody known, newest first.
    pub fn strangers(&self) -> Vec<Stranger> {
        self.lock().strangers.iter().rev().cloned().collect()
    }

    /// A registered party fetched metadata.
    pub fn fetched(&self, name: &str, fetch: Fetch) {
        self.with(name, |seen| seen.fetch = Some(fetch));
    }

    /// Somebody did.
    pub fn stranger(&self, mut stranger: Stranger) {
        let end = (0..=AGENT)
            .rev()
            .find(|end| stranger.agent.is_char_boundary(*end));
        stranger.agent.truncate(end.unwrap_or(0));
        let mut all = self.lock();
        // The same program again is no news.
        all.strangers.retain(|known| {
            known.address != stranger.address
                || known.agent != stranger.agent
                || known.role != stranger.role
        });
        all.strangers.push_back(stranger);
        if all.strangers.len() > STRANGERS {
            all.strangers.pop_front();
        }
    }

    /// A registered party sent a message.
    pub fn message(&self, name: &str, message: Message) {
        self.with(name, |seen| seen.message = Some(message));
    }

    /// An identity provider is asked.
    pub fn asked(&self, name: &str, at: At) {
        self.with(name, |seen| seen.asked = Some(at));
    }

    /// A login through a registered party ended.
    pub fn heard(&self, name: &str, at: At, heard: Heard) {
        self.with(name, |seen| seen.heard = Some((at, heard)));
    }

    /// A message was refused that only says that it is from a registered party.
    pub fn claimed(&self, name: &str, at: At, check: String) {
        self.with(name, |seen| seen.claimed = Some((at, check)));
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.lock() = All::default();
    }

    /// Another plan begins, or none: its time is none of what was seen until now.
    pub fn forget_plan(&self) {
        for seen in self.lock().parties.values_mut() {
            let fetch = seen.fetch.iter_mut().map(|fetch| &mut fetch.at);
            let message = seen.message.iter_mut().map(|message| &mut message.at);
            let heard = seen.heard.iter_mut().map(|(at, _)| at);
            let claimed = seen.claimed.iter_mut().map(|(at, _)| at);
            let told = heard.chain(claimed).chain(&mut seen.asked);
            for at in fetch.chain(message).chain(told) {
                at.plan = None;
            }
        }
    }

    fn with(&self, name: &str, change: impl FnOnce(&mut Seen)) {
        change(self.lock().parties.entry(name.to_owned()).or_default());
    }

    fn lock(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const AT: At = At {
        real: datetime!(2026-11-22 10:00 UTC),
        plan: Some(datetime!(2026-12-02 06:00 +1)),
    };

    #[test]
    fn the_last_counts_and_another_plan_has_another_time() {
        let observed = Observed::default();
        assert_eq!(observed.of("testrup"), Seen::default());
        observed.heard("testrup", AT, Heard::Failed("IDP-R-009".to_owned()));
        observed.heard("testrup", AT, Heard::Worked);
        observed.asked("testrup", AT);
        assert_eq!(observed.of("testrup").heard, Some((AT, Heard::Worked)));
        observed.forget_plan();
        let seen = observed.of("testrup");
        assert_eq!(seen.asked, Some(At { plan: None, ..AT }));
        assert_eq!(seen.heard, Some((At { plan: None, ..AT }, Heard::Worked)));
        observed.clear();
        assert_eq!(observed.of("testrup"), Seen::default());
    }

    #[test]
    fn strangers_are_few_and_their_words_short() {
        let observed = Observed::default();
        for n in 0..50 {
            for _ in 0..2 {
                observed.stranger(Stranger {
                    at: AT,
                    address: Some(format!("192.0.2.{n}")),
                    agent: "æ".repeat(500),
                    role: Leg::System,
                });
            }
        }
        let strangers = observed.strangers();
        assert_eq!(strangers.len(), STRANGERS);
        assert_eq!(strangers[0].address.as_deref(), Some("192.0.2.49"));
        assert!(
            strangers
                .iter()
                .all(|stranger| stranger.agent.len() <= AGENT)
        );
    }
}
