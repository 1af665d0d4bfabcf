//! Which identity provider: the hub decides again by what the recorded decisions say of the browser and its address, and
//! the user chooses as then.

use crate::edge::case::Record;
use crate::hub::choose::{self, Arrival, Choice, ChosenBy};
use crate::hub::{BrowserMemory, Check, Context, Decision, Pending, Refusal, Trace};
use serde_json::json;
use std::net::IpAddr;

/// Where the login goes.
pub(super) enum Route {
    /// To this identity provider.
    To(String),
    /// Nowhere: the system or the user is told why.
    Stopped(Refusal),
    /// The chooser is shown, and nobody chose.
    Open,
}

/// Decides. `notes` says what was supposed.
pub(super) fn route(
    record: &Record,
    context: Context<'_>,
    pending: &mut Pending,
    trace: &mut Trace,
) -> Route {
    let decisions = &record.content.decisions;
    let then = went(record, decisions);
    if record.chosen_by == Some(ChosenBy::Trial) {
        let idp = then.and_then(|id| context.federation.identity_provider(&id));
        return match idp {
            Some(idp) => {
                pending.profile = record.profile;
                Route::To(choose::tried(idp, trace).idp)
            }
            None => Route::Stopped(Refusal::of(Check::ChooseActive)),
        };
    }
    let memory = memory(record, decisions, context);
    let arrival = Arrival {
        source: source(decisions),
        memory: &memory,
        asks: decisions
            .iter()
            .any(|one| one.rule == "idp-choice/not-remembered" && one.input.contains("vaelg")),
    };
    match choose::decide(context, pending, arrival, trace) {
        Choice::Go(chosen) => Route::To(chosen.idp),
        Choice::Refuse(refusal) | Choice::Stuck(refusal, _) => Route::Stopped(refusal),
        Choice::Ask(_) if record.refusal == Some(Check::ChooseCancelled) => {
            Route::Stopped(choose::cancelled())
        }
        Choice::Ask(_) => match then {
            Some(idp) => {
                if decisions.iter().any(|one| one.rule == "idp-choice/mobile") {
                    choose::on_mobile(context, trace);
                }
                match choose::picked(context, &idp, trace) {
                    Ok(chosen) => Route::To(chosen.idp),
                    Err(refusal) => Route::Stopped(refusal),
                }
            }
            None => Route::Open,
        },
    }
}

/// The identity provider that the login went to then.
fn went(record: &Record, decisions: &[Decision]) -> Option<String> {
    const SAYS: [&str; 6] = [
        "idp-choice/idp-list",
        "idp-choice/only-one",
        "idp-choice/source-address",
        "idp-choice/remembered",
        "idp-choice/picked",
        "idp-choice/trial",
    ];
    let mut said = decisions.iter().rev();
    let said = said.find(|one| SAYS.contains(&one.rule.as_ref()));
    let said = said.and_then(|one| one.result.split(',').next().map(str::to_owned));
    said.or_else(|| record.idp.clone())
}

fn source(decisions: &[Decision]) -> Option<IpAddr> {
    let mut all = decisions.iter();
    let one = all.find(|one| one.rule == "idp-choice/source-address")?;
    one.input.parse().ok()
}

/// What the browser must have remembered for the hub to decide what it decided.
fn memory(record: &Record, decisions: &[Decision], context: Context<'_>) -> BrowserMemory {
    let of = |rule: &str| decisions.iter().find(|one| one.rule == rule);
    let remembered = of("idp-choice/remembered");
    let refused = of("idp-choice/not-remembered");
    let idp = match (remembered, refused) {
        (Some(one), _) => one.result.split(',').next().map(str::to_owned),
        // Whom it named is not told: the one that the user then chose will do, unless it was nobody that is known.
        (None, Some(one)) if !one.input.contains("not registered") => record.idp.clone(),
        (None, Some(_)) => Some("unknown".to_owned()),
        (None, None) => None,
    };
    let Some(idp) = idp else {
        return BrowserMemory::default();
    };
    let registered = context.federation.identity_provider(&idp);
    let organisation = record.organisation.clone();
    let organisation = organisation.or_else(|| registered?.user_contexts.first().cloned());
    let since = record
        .chosen_since
        .unwrap_or(record.started)
        .unix_timestamp();
    let waits = refused.is_some_and(|one| one.input.contains("did not come back"));
    let choice = |system: Option<&String>| {
        json!({ "s": system, "o": organisation, "i": idp, "t": since,
            "u": record.changed.unix_timestamp() + 86_400, "w": waits })
    };
    let memory = json!({ "c": [choice(None), choice(record.system.as_ref())] });
    serde_json::from_value(memory).unwrap_or_default()
}
