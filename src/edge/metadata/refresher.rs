//! Fetches metadata again when it is due, as long as the hub runs.

use super::again;
use crate::edge::app::App;
use crate::registry::object::SamlMetadata;
use crate::registry::{Content, Fetched, Kind, Registered};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// How often somebody looks whether anything is due. Nothing is fetched more often than every quarter of an hour.
const LOOK: Duration = Duration::from_secs(10);
/// Fetches at a time: a federation of hundreds is due at once after a night.
const AT_ONCE: usize = 4;

/// A party that is due.
struct Due {
    kind: Kind,
    id: String,
    url: String,
    fetched: Option<Fetched>,
}

/// Runs until it is stopped.
pub async fn run(app: Arc<App>) {
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        look(&app).await;
    }
}

/// Fetches everything that is due now.
pub async fn look(app: &Arc<App>) {
    if app.registry.expire(app.clock.now()).await {
        tracing::warn!("metadata has ended, and is not used any more");
    }
    let content = app.registry.now().content.clone();
    let mut due = due(app, &content).into_iter();
    let mut running = tokio::task::JoinSet::new();
    loop {
        while running.len() < AT_ONCE
            && let Some(Due {
                kind,
                id,
                url,
                fetched,
            }) = due.next()
        {
            let app = app.clone();
            running.spawn(async move {
                again(&app, kind, &id, &url, fetched).await;
            });
        }
        if running.join_next().await.is_none() {
            return;
        }
    }
}

fn due(app: &App, content: &Content) -> Vec<Due> {
    let now = app.clock.now();
    let of = |kind: Kind, party: &dyn Registered| {
        let SamlMetadata::Address(url) = party.registered() else {
            return None;
        };
        // What is invented stands in this process, and changes with its keys by itself.
        if party.beside().is_invented() {
            return None;
        }
        (app.metadata.state(party).next(now) <= now).then(|| Due {
            kind,
            id: party.id().to_owned(),
            url: url.clone(),
            fetched: party.fetched().cloned(),
        })
    };
    let idps = content.identity_providers.values();
    let idps = idps.filter_map(|party| of(Kind::IdentityProvider, &**party));
    let systems = content.systems.values();
    idps.chain(systems.filter_map(|party| of(Kind::System, &**party)))
        .collect()
}
