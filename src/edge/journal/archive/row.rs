//! One flow as it lies in the file.

use crate::edge::journal::packed::Packed;
use crate::edge::journal::{Flow, State};
use crate::hub::FlowId;
use crate::store::Why;
use crate::store::file::trouble::{Trouble, stamp};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

/// What is written of a flow.
#[derive(Debug)]
pub(in crate::edge::journal) struct Row<'f> {
    flow: &'f Flow,
    summary: String,
    body: Option<Packed>,
}

impl<'f> Row<'f> {
    /// Of a flow, packed or not.
    pub(in crate::edge::journal) fn of(flow: &'f Flow) -> Result<Self, Trouble> {
        let summary = serde_json::to_string(flow);
        let summary = summary.map_err(|error| Why::Failed(error.to_string()))?;
        let body = match &flow.packed {
            None if flow.content.is_empty() => None,
            None => Packed::pack(&flow.content),
            packed => packed.clone(),
        };
        Ok(Self {
            flow,
            summary,
            body,
        })
    }

    pub(super) fn began(&self) -> i64 {
        stamp(self.flow.started)
    }

    /// Writes it in the place of what was there of the flow; how many flows there are more then.
    pub(super) fn write(&self, at: &Transaction<'_>) -> Result<usize, Trouble> {
        const CHANGE: &str =
            "UPDATE flow SET state = ?2, system = ?3, idp = ?4, organisation = ?5, profile = ?6,
             actor = ?7 WHERE number = ?1";
        const CONTENT: &str = "UPDATE content SET summary = ?2, body = ?3 WHERE number = ?1";
        const BEGIN: &str = "INSERT OR REPLACE INTO flow (number, state, system, idp, organisation, profile, actor, id, began)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        const FILL: &str =
            "INSERT OR REPLACE INTO content (number, summary, body) VALUES (?1, ?2, ?3)";
        let flow = self.flow;
        let number = flow.number as i64;
        let actor = flow
            .verdict
            .as_ref()
            .map(|verdict| verdict.cause.info().actor);
        let words = (
            flow.system.as_deref().map(digest),
            flow.idp.as_deref().map(digest),
            flow.organisation.as_ref().map(|cvr| digest(cvr.as_str())),
            flow.profile.map(|profile| digest(profile.as_str())),
            actor.map(|actor| digest(actor.text().1)),
        );
        let (system, idp, organisation, profile, actor) = words;
        let state = code(flow.state);
        let content = params![
            number,
            self.summary,
            self.body.as_ref().map(Packed::as_bytes)
        ];
        let changed = params![number, state, system, idp, organisation, profile, actor];
        if flow.in_file {
            let found = at.prepare_cached(CHANGE)?.execute(changed)?;
            if found > 0 {
                at.prepare_cached(CONTENT)?.execute(content)?;
                return Ok(0);
            }
        }
        at.prepare_cached(BEGIN)?.execute(params![
            number,
            state,
            system,
            idp,
            organisation,
            profile,
            actor,
            flow.id.as_str(),
            stamp(flow.started),
        ])?;
        at.prepare_cached(FILL)?.execute(content)?;
        Ok(1)
    }
}

pub(super) fn read(at: &Connection, id: &FlowId) -> Result<Option<Flow>, Trouble> {
    const READ: &str =
        "SELECT content.number, summary, body FROM flow JOIN content USING (number) WHERE id = ?";
    let mut read = at.prepare_cached(READ)?;
    let found = read.query_row([id.as_str()], |row| {
        let body: Option<Vec<u8>> = row.get(2)?;
        Ok((row.get(0)?, row.get::<_, String>(1)?, body))
    });
    let found = found.optional()?;
    Ok(found.and_then(|(number, summary, body)| {
        let packed = body.map(Packed::kept);
        Some(Flow {
            packed,
            ..summary_of(number, &summary)?
        })
    }))
}

/// A flow without its content; none if another version wrote something that this one cannot read.
pub(super) fn summary_of(number: i64, summary: &str) -> Option<Flow> {
    let mut flow: Flow = serde_json::from_str(summary).ok()?;
    flow.number = u64::try_from(number).ok()?;
    flow.archived = true;
    flow.in_file = true;
    Some(flow)
}

/// Half of what tells words apart: whoever reads the rows compares the words themselves.
pub(super) fn digest(word: &str) -> i64 {
    let digest = openssl::sha::sha256(word.as_bytes());
    digest
        .iter()
        .take(8)
        .fold(0, |sum, byte| sum << 8 | i64::from(*byte))
}

/// A state as a number, which is stored and so never changes.
pub(super) fn code(state: State) -> i64 {
    match state {
        State::Pending => 0,
        State::LoggedIn => 1,
        State::Refused => 2,
        State::Abandoned => 3,
        State::LoggedOut => 4,
        State::PartialLogout => 5,
    }
}
