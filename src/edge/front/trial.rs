//! What the steps of a login tell of a trial; nothing of any other login.

use crate::edge::app::App;
use crate::edge::trials::Came;
use crate::hub::acs::{Finish, Outcome};
use crate::hub::trace::{Direction, Leg};
use crate::hub::{Check, Pending, Refusal, Sealed, Trace};
use crate::saml::{AuthnRequest, Status};
use crate::xml::Document;

/// The IdP is about to be asked, or the hub does not ask it.
pub fn asked(
    app: &App,
    pending: &Pending,
    asked: &Result<(Pending, Sealed), Refusal>,
    trace: &Trace,
) {
    if pending.profile.is_none() {
        return;
    }
    if let Err(refusal) = asked {
        return refused(app, pending, *refusal);
    }
    let mut exchanges = trace.exchanges.iter().rev();
    let sent = exchanges.find(|exchange| {
        exchange.leg == Leg::IdentityProvider && exchange.direction == Direction::Out
    });
    let Some(sent) = sent else { return };
    let document = Document::parse(sent.xml.as_bytes());
    let Some(request) = document
        .ok()
        .and_then(|document| AuthnRequest::read(document.root()).ok())
    else {
        return;
    };
    app.trials
        .asked(&pending.flow, &request, sent.relay_state.as_deref());
}

/// The hub refuses.
pub fn refused(app: &App, pending: &Pending, refusal: Refusal) {
    if pending.profile.is_some() {
        let came = Came::Refused(refusal.check);
        app.trials.came(&pending.flow, came, None, None);
    }
}

/// The login ended, and the system was answered.
pub fn ended(app: &App, finish: &Finish) {
    let pending = &finish.consume.pending;
    if pending.profile.is_none() {
        return;
    }
    let told = &finish.told;
    let came = match (&finish.outcome, &told.status) {
        (Outcome::LoggedIn { under_assured, .. }, _) => Came::LoggedIn {
            under_assured: *under_assured,
        },
        (Outcome::Refused(refusal), Some(status)) if refusal.check == Check::ResponseStatus => {
            Came::Status(shortened(status))
        }
        (Outcome::Refused(refusal), _) => Came::Refused(refusal.check),
        // No login ends so.
        (Outcome::LoggedOut { .. }, _) => return,
    };
    app.trials
        .came(&pending.flow, came, told.level, told.several_methods);
}

/// Anybody who holds a browser's login can send a status: its words are shown by their beginning, and kept so.
fn shortened(status: &Status) -> Status {
    let beginning = |text: &String| text.chars().take(200).collect::<String>();
    Status {
        code: beginning(&status.code),
        subcode: status.subcode.as_ref().map(beginning),
        message: status.message.as_ref().map(beginning),
    }
}
