//! The parties of a rehearsal as the API tells of them.

use super::rehearsal::moment;
use super::view::rfc3339;
use crate::edge::app::App;
use crate::edge::rollover::{At, Line, lines};
use crate::hub::identity::path;
use crate::hub::rollover::{Heard, Login, Outage, Source};
use crate::hub::trace::Leg;
use serde_json::{Value, json};

/// Everybody, the failing ones first.
pub fn all(app: &App) -> Vec<Value> {
    let lines = lines(app, app.clock.real());
    lines.iter().map(|line| view(app, line)).collect()
}

/// The metadata address of a party: by it the hub knows who fetches.
pub fn address(app: &App, line: &Line) -> Option<String> {
    let role = match line.side? {
        Leg::System => path::IDP_METADATA,
        Leg::IdentityProvider => path::SP_METADATA,
    };
    Some(format!("{}?part={}", app.hub().url(role), line.name))
}

/// What kind of party.
pub fn kind(line: &Line) -> &'static str {
    match line.side {
        Some(Leg::System) => "system",
        Some(Leg::IdentityProvider) => "identity-provider",
        None => "hub",
    }
}

/// Where it has the hub's certificate from.
pub fn source(source: &Source) -> &'static str {
    match source {
        Source::Pinned => "pinned",
        Source::Polled { .. } => "polled",
        Source::Restart(_) => "restart",
        Source::Manual(_) => "manual",
    }
}

fn view(app: &App, line: &Line) -> Value {
    let seen = &line.seen;
    let fetch = seen.fetch.as_ref().map(|fetch| {
        json!({ "at": at(fetch.at), "signing": fetch.signing, "encryption": fetch.encryption })
    });
    let message = seen.message.as_ref().map(|message| {
        json!({
            "at": at(message.at),
            "signed_by": message.signed_by,
            "opened_with": message.opened.as_ref().map(|opened| opened.generation.word()),
        })
    });
    let heard = seen.heard.as_ref().map(|(when, heard)| {
        let (state, why) = match heard {
            Heard::Worked => ("worked", None),
            Heard::Answered => ("answered", None),
            Heard::Failed(why) => ("failed", Some(why)),
        };
        json!({ "at": at(*when), "state": state, "why": why })
    });
    let claimed = seen.claimed.as_ref();
    let claimed = claimed.map(|(when, check)| json!({ "at": at(*when), "check": check }));
    json!({
        "name": line.name,
        "title": line.title,
        "kind": kind(line),
        "contact": line.contact,
        "metadata": address(app, line),
        "habits": {
            "source": source(&line.model.source),
            "checks_signatures": line.model.checks_signatures,
            "stated": line.model.stated,
        },
        "fetch": fetch,
        "message": message,
        "asked": seen.asked.map(at),
        "heard": heard,
        "claimed": claimed,
        "trusts_new": line.trusts_new,
        "login": login(&line.login),
        "next": line.next.as_ref().map(outage),
    })
}

fn login(login: &Login) -> Value {
    match login {
        Login::Works { seen } => json!({ "state": "works", "seen": seen }),
        Login::Fails { expected, seen } => json!({
            "state": "fails",
            "seen": seen,
            "expected": expected.as_ref().map(outage),
        }),
        Login::Unknown => json!({ "state": "unknown" }),
    }
}

fn outage(outage: &Outage) -> Value {
    json!({
        "from": moment(outage.from),
        "to": outage.to.map(moment),
        "cause": outage.cause.id(),
    })
}

fn at(at: At) -> Value {
    json!({ "real": rfc3339(at.real), "plan": at.plan.map(moment) })
}
