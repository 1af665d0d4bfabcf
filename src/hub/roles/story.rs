//! What became of a user's roles, told to whoever must find out why.

use super::{ClaimRow, RoleRule};
use serde::{Deserialize, Serialize};

/// The story of one translation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// The IdP's list.
    pub incoming: Incoming,
    /// Its groups, in order, and what became of each role.
    pub groups: Vec<GroupStory>,
    /// How many groups were issued.
    pub issued: usize,
    /// The registered user's claims.
    pub claims: Vec<ClaimRow>,
}

/// The IdP's list of privileges.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Incoming {
    /// There is none.
    #[default]
    None,
    /// The IdP is not registered to know roles, so its list was not looked at.
    Ignored,
    /// An attribute without a value, or a list without groups.
    Empty,
    /// It cannot be read.
    Unreadable {
        /// Why, and by which rule.
        why: String,
    },
    /// It was read.
    Read {
        /// The namespace that tells its version.
        namespace: String,
        /// How many groups it has.
        groups: usize,
    },
}

/// A group of the IdP's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupStory {
    /// Its number in the list, from 1.
    pub number: usize,
    /// Its scope, as stated.
    pub scope: String,
    /// Its constraints.
    pub constraints: Vec<StatedConstraint>,
    /// A row for every job function role, and for each of its mappings.
    pub roles: Vec<RoleRow>,
}

/// A constraint as the IdP stated it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedConstraint {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether a mapping of one of the group's roles asks for it.
    pub used: bool,
}

/// What became of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRow {
    /// The job function role.
    pub role: String,
    /// What decided.
    pub rule: RoleRule,
    /// What the rule looked at: an organisation, a constraint.
    pub about: Option<String>,
    /// The `Id` of the mapping, where it came to that.
    pub mapping: Option<String>,
    /// What came out.
    pub issued: Option<Issued>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The number of the group in the issued list, from 1.
    pub group: usize,
    /// The user system role.
    pub role: String,
    /// Its constraints: name and value.
    pub constraints: Vec<(String, String)>,
}

impl Story {
    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &RoleRow> {
        self.groups.iter().flat_map(|group| &group.roles)
    }

    /// In a line: how many roles there were, and why the others did not come through.
    pub fn told(&self) -> String {
        let nothing = match &self.incoming {
            Incoming::Read { .. } => None,
            Incoming::None => Some("the IdP states no roles"),
            Incoming::Ignored => Some("the IdP's roles were not looked at"),
            Incoming::Empty | Incoming::Unreadable { .. } => Some("no list that can be read"),
        };
        if let Some(nothing) = nothing {
            return nothing.to_owned();
        }
        let counted = RoleRule::ALL.iter().map(|rule| {
            let rows = self.rows().filter(|row| row.rule == *rule);
            (rule.info().id, rows.count())
        });
        let counted = counted.filter(|(_, count)| *count > 0);
        let counted: Vec<String> = counted.map(|(id, count)| format!("{count} {id}")).collect();
        counted.join(", ")
    }
}
