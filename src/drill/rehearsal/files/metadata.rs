//! The hub's metadata before the change and from each moment on at which it shows something else: receivers ask for it
//! ahead.

use super::Written;
use crate::hub::Hub;
use crate::hub::danish_time;
use crate::hub::keys::HubKeys;
use crate::hub::metadata::{Form, idp_role, sp_role};
use crate::hub::rollover::{Plan, slug};

/// Two files a moment, one for each role: `…-idp.xml` for systems (`/runtime/saml2/metadata.idp`), `…-sp.xml` for
/// identity providers (`/runtime/saml2auth/metadata.idp`).
pub fn metadata(plan: &Plan, hub: &Hub, keys: &HubKeys) -> Vec<Written> {
    let schedule = plan.schedule();
    let moments = std::iter::once(None).chain(schedule.moments().map(Some));
    let mut shown = None;
    let mut written = Vec::new();
    for (moment, state) in moments.zip(schedule.states()) {
        if shown.replace(&state.shows) == Some(&state.shows) {
            continue;
        }
        let when = moment.map_or_else(
            || "before".to_owned(),
            |at| {
                let at = danish_time(at);
                let (date, hour, minute) = (at.date(), at.hour(), at.minute());
                format!("{date}-{hour:02}{minute:02}")
            },
        );
        let hub = hub.with_keys(keys, state);
        let number = written.len() / 2;
        for (role, document) in [("idp", idp_role as fn(_, _) -> _), ("sp", sp_role)] {
            written.push(Written {
                name: format!("metadata-{}-{number}-{when}-{role}.xml", slug(plan)),
                bytes: document(&hub, Form::default()).as_bytes().to_vec(),
            });
        }
    }
    written
}
