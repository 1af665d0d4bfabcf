//! What demo systems and invented identity providers have to say of the hub's messages: they sit beside whoever runs the hub,
//! so their word comes into the flow. A real party's word stands in its own log.

use super::journal::{Journal, Note};
use super::logins::Logins;
use super::world::Clock;
use crate::hub::trace::{Finding, Leg, Told};
use std::sync::Arc;

/// Where they tell it.
#[derive(Debug)]
pub struct Reports {
    journal: Arc<Journal>,
    logins: Arc<Logins>,
    clock: Arc<Clock>,
}

impl Reports {
    /// Into this journal.
    pub fn new(journal: Arc<Journal>, logins: Arc<Logins>, clock: Arc<Clock>) -> Self {
        Self {
            journal,
            logins,
            clock,
        }
    }

    /// A system found something wrong with the answer to its request.
    pub fn of_system(&self, system: &str, request_id: &str, findings: Vec<Finding>) {
        if let Some(login) = self.logins.of_system(system, request_id) {
            self.note(&login.flow, Leg::System, findings);
        }
    }

    /// An identity provider found something wrong with the hub's request.
    pub fn of_idp(&self, request_id: &str, findings: Vec<Finding>) {
        if let Some(login) = self.logins.of(request_id) {
            self.note(&login.flow, Leg::IdentityProvider, findings);
        }
    }

    fn note(&self, flow: &crate::hub::FlowId, by: Leg, findings: Vec<Finding>) {
        let told = Told {
            at: self.clock.now(),
            by,
            findings,
        };
        let note = Note {
            told: Some(told),
            ..Note::default()
        };
        self.journal.note(flow, note);
    }
}
