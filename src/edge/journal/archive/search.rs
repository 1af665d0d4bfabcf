//! The flows that somebody looks for.

use super::row::{code, digest, summary_of};
use super::{Held, Trouble};
use crate::edge::journal::{Filter, Flow, State};
use crate::hub::pending::PENDING_LIFETIME;
use crate::store::file::trouble::stamp;
use rusqlite::params_from_iter;
use rusqlite::types::Value;
use time::OffsetDateTime;

/// A query that grows by conditions.
struct Query {
    text: String,
    values: Vec<Value>,
}

impl Query {
    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
        self.values.push(value.into());
    }

    fn and_word(&mut self, column: &str, word: Option<&str>) {
        if let Some(word) = word {
            self.and(&format!("flow.{column} = ?"), digest(word));
        }
    }
}

impl Held {
    /// So many flows that `filter` admits as they stand `now`, newest first, without their content. None that began
    /// before `since`.
    pub(in crate::edge::journal) fn search(
        &mut self,
        filter: &Filter,
        most: usize,
        since: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Vec<Flow>, Trouble> {
        // CROSS JOIN is SQLite's word for “in this order”.
        let mut query = Query {
            text: "SELECT flow.number, content.summary FROM flow CROSS JOIN content
                   ON content.number = flow.number WHERE flow.began >= ?"
                .to_owned(),
            values: vec![stamp(since).into()],
        };
        conditions(&mut query, filter, stamp(now - PENDING_LIFETIME));
        query.text.push_str(" ORDER BY flow.number DESC");
        let mut select = self.at()?.prepare_cached(&query.text)?;
        let mut rows = select.query(params_from_iter(query.values))?;
        let mut found = Vec::new();
        // Counted here and not by LIMIT: what another version wrote, and this one cannot read, is no end of the list.
        while found.len() < most
            && let Some(row) = rows.next()?
        {
            let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            let flow = summary_of(row.get(0)?, text).map(|flow| flow.seen_at(now));
            // Words that are digested alike are few and far between, but then they are not the same.
            found.extend(flow.filter(|flow| filter.admits(flow)));
        }
        Ok(found)
    }
}

/// What is asked for, in terms of the columns. A login that began before `given_up` and has not ended is abandoned.
fn conditions(query: &mut Query, filter: &Filter, given_up: i64) {
    match filter.outcome {
        Some(State::Pending) => query.and("flow.state = 0 AND flow.began > ?", given_up),
        Some(State::Abandoned) => {
            query.and(
                "(flow.state = 3 OR flow.state = 0 AND flow.began <= ?)",
                given_up,
            );
        }
        Some(state) => query.and("flow.state = ?", code(state)),
        None => {}
    }
    query.and_word("system", filter.system.as_deref());
    query.and_word("idp", filter.idp.as_deref());
    query.and_word(
        "organisation",
        filter.organisation.as_ref().map(|cvr| cvr.as_str()),
    );
    query.and_word("profile", filter.profile.map(|profile| profile.as_str()));
    if let Some(actor) = filter.actor {
        query.and_word("actor", Some(actor.text().1));
        query.and("NOT (flow.state = 0 AND flow.began > ?)", given_up);
    }
    if let Some(id) = &filter.id {
        query.and("flow.id >= ?", id.clone());
        // Behind every letter that an id has.
        query.and("flow.id < ?", format!("{id}~"));
    }
    if let Some(before) = filter.before {
        query.and("flow.number < ?", i64::try_from(before).unwrap_or(i64::MAX));
    }
}
