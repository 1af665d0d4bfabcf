//! Which flow a request belongs to, for a while after its login has ended: an answer that comes a second time, or a party
//! that has something to say of a message, is found its flow by it. Nothing is decided by it.

use crate::hub::logout::PendingLogout;
use crate::hub::{BrowserHash, FlowId};
use openssl::sha::sha256;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use time::OffsetDateTime;

/// Requests that are known; each login has two.
const MOST: usize = 10_000;
/// Logouts that are known after their end.
const MOST_LOGOUTS: usize = 1000;

/// A login whose request is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Its flow.
    pub flow: FlowId,
    /// The browser that started it.
    pub browser: BrowserHash,
}

/// The latest requests.
#[derive(Debug, Default)]
pub struct Logins(Mutex<Requests>);

#[derive(Debug, Default)]
struct Requests {
    by_name: HashMap<u64, Login>,
    order: VecDeque<u64>,
    /// Logouts that ended lately, for the page about them.
    logouts: VecDeque<PendingLogout>,
}

impl Logins {
    /// The hub asked an identity provider by this request.
    pub fn asked(&self, request_id: &str, login: Login) {
        self.put(name(&[request_id]), login);
    }

    /// A system asked the hub by this request.
    pub fn asked_by(&self, system: &str, request_id: &str, login: Login) {
        self.put(name(&[system, request_id]), login);
    }

    /// The login in which the hub asked by this request.
    pub fn of(&self, request_id: &str) -> Option<Login> {
        self.lock().by_name.get(&name(&[request_id])).cloned()
    }

    /// The latest login that this request of a system began.
    pub fn of_system(&self, system: &str, request_id: &str) -> Option<Login> {
        let name = name(&[system, request_id]);
        self.lock().by_name.get(&name).cloned()
    }

    /// A logout ended so.
    pub fn logged_out(&self, logout: PendingLogout) {
        let mut all = self.lock();
        all.logouts.push_back(logout);
        if all.logouts.len() > MOST_LOGOUTS {
            all.logouts.pop_front();
        }
    }

    /// How a logout ended, until its time is over.
    pub fn logout_of(&self, flow: &FlowId, now: OffsetDateTime) -> Option<PendingLogout> {
        let all = self.lock();
        let logout = all.logouts.iter().rev().find(|one| one.flow == *flow)?;
        (now < logout.expires).then(|| logout.clone())
    }

    /// Forgets all of them.
    pub fn clear(&self) {
        *self.lock() = Requests::default();
    }

    fn put(&self, name: u64, login: Login) {
        let mut all = self.lock();
        if all.by_name.insert(name, login).is_none() {
            all.order.push_back(name);
        }
        if all.order.len() > MOST
            && let Some(oldest) = all.order.pop_front()
        {
            all.by_name.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Requests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stands for a request in as many bytes as for any other, however long a peer makes its ID.
fn name(parts: &[&str]) -> u64 {
    let digest = sha256(parts.join("\n").as_bytes());
    let (first, _) = digest.split_at(8);
    first
        .iter()
        .fold(0, |name, byte| name << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(number: u8) -> Login {
        Login {
            flow: FlowId::from_random([number; 16]),
            browser: BrowserHash(number.to_string()),
        }
    }

    #[test]
    fn a_login_is_found_by_either_request_and_the_oldest_are_forgotten() {
        let logins = Logins::default();
        logins.asked_by("https://system.example", "_1", login(1));
        logins.asked("id1", login(1));
        assert_eq!(logins.of("id1"), Some(login(1)));
        assert_eq!(
            logins.of_system("https://system.example", "_1"),
            Some(login(1))
        );
        assert_eq!(logins.of_system("https://other.example", "_1"), None);
        for number in 0..MOST {
            logins.asked(&format!("n{number}"), login(2));
        }
        assert_eq!(logins.of("id1"), None);
        assert_eq!(logins.lock().by_name.len(), MOST);
        logins.clear();
        assert_eq!(logins.of("n9"), None);
    }
}
