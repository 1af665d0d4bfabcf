//! The table of a flow's roles: what came in, what became of it, and who must act.

use crate::edge::page::Text;
use crate::hub::Federation;
use crate::hub::roles::{ClaimFate, ClaimRow, GroupTold, Incoming, RoleTold, Told};
use crate::oiosaml::privileges::Scope;
use serde::Serialize;

/// The roles of a flow.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct RolesView {
    told: Told,
    /// Of each group, what its scope is called.
    #[serde(skip)]
    scopes: Vec<String>,
}

/// A line of the table.
pub struct RoleLine<'a> {
    pub group: &'a GroupTold,
    pub role: &'a RoleTold,
    pub scope: &'a str,
    /// Whether the group's constraints are told here: at its first role.
    pub first: bool,
}

impl RolesView {
    pub fn of(federation: &Federation, story: crate::hub::roles::Story) -> Self {
        let told = Told::from(story);
        let scopes = told
            .groups
            .iter()
            .map(|group| named(federation, &group.scope));
        Self {
            scopes: scopes.collect(),
            told,
        }
    }

    pub fn lines(&self) -> Vec<RoleLine<'_>> {
        let groups = self.told.groups.iter().zip(&self.scopes);
        let lines = groups.flat_map(|(group, scope)| {
            group
                .roles
                .iter()
                .enumerate()
                .map(move |(at, role)| RoleLine {
                    group,
                    role,
                    scope,
                    first: at == 0,
                })
        });
        lines.collect()
    }

    /// In a sentence: what the IdP sent, and how much of it came through.
    pub fn sentence(&self, t: &Text) -> String {
        match &self.told.incoming {
            Incoming::None => t.roles_not_sent.to_owned(),
            Incoming::Ignored => t.roles_ignored.to_owned(),
            Incoming::Empty => t.roles_empty.to_owned(),
            Incoming::Unreadable { .. } => t.roles_list_unreadable.to_owned(),
            Incoming::Read { groups, .. } => t.roles_read(groups, self.told.issued),
        }
    }

    /// Why the list cannot be read.
    pub fn unreadable(&self) -> Option<&str> {
        match &self.told.incoming {
            Incoming::Unreadable { why } => Some(why),
            _ => None,
        }
    }

    pub fn claims(&self) -> &[ClaimRow] {
        &self.told.claims
    }
}

impl RoleLine<'_> {
    /// A word and a class.
    pub fn label(&self, t: &Text) -> (&'static str, &'static str) {
        match self.role.rule.drops() {
            true => (t.role_dropped, "warn"),
            false => (t.role_translated, "pass"),
        }
    }
    pub fn what(&self, t: &Text) -> &'static str {
        t.pick((self.role.what_da, self.role.what_en))
    }
    pub fn remedy(&self, t: &Text) -> &'static str {
        t.pick((self.role.remedy_da, self.role.remedy_en))
    }
}

/// What became of a claim, in words.
pub fn claim(row: &ClaimRow, t: &Text) -> &'static str {
    match row.fate {
        ClaimFate::Filled => t.claim_filled,
        ClaimFate::Replaced => t.claim_replaced,
        ClaimFate::Stated => t.claim_stated,
        ClaimFate::NotPassedOn => t.claim_not_passed_on,
        ClaimFate::TooLong => t.claim_too_long,
    }
}

/// An organisation by its number, and its name where the registry has one; any other scope as stated.
fn named(federation: &Federation, scope: &str) -> String {
    let Some(Scope::Cvr(cvr)) = Scope::parse(scope) else {
        return scope.to_owned();
    };
    match federation.organisations.get(&cvr) {
        Some(organisation) => format!("{} ({cvr})", organisation.name),
        None => format!("CVR {cvr}"),
    }
}
