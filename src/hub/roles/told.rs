//! A story with the words of its rules: for the API and the command line.

use super::{ClaimRow, GroupStory, Incoming, Issued, RoleRow, RoleRule, StatedConstraint, Story};
use crate::hub::trace::Source;
use serde::Serialize;

/// A story.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// The IdP's list.
    pub incoming: Incoming,
    /// Its groups, in order.
    pub groups: Vec<GroupTold>,
    /// How many groups were issued.
    pub issued: usize,
    /// The registered user's claims.
    pub claims: Vec<ClaimRow>,
}

/// A group of the IdP's list.
#[derive(Debug, Clone, Serialize)]
pub struct GroupTold {
    /// Its number in the list, from 1.
    pub number: usize,
    /// Its scope, as stated.
    pub scope: String,
    /// Its constraints.
    pub constraints: Vec<StatedConstraint>,
    /// What became of its roles.
    pub roles: Vec<RoleTold>,
}

/// What became of a role.
#[derive(Debug, Clone, Serialize)]
pub struct RoleTold {
    /// The job function role.
    pub role: String,
    /// `translated` or `dropped`.
    pub outcome: &'static str,
    /// What decided.
    pub rule: RoleRule,
    /// Where the rule comes from.
    pub source: Source,
    /// What it means, in Danish.
    pub what_da: &'static str,
    /// What it means, in English.
    pub what_en: &'static str,
    /// What to do, in Danish.
    pub remedy_da: &'static str,
    /// What to do, in English.
    pub remedy_en: &'static str,
    /// What the rule looked at.
    pub about: Option<String>,
    /// The `Id` of the mapping.
    pub mapping: Option<String>,
    /// What came out.
    pub issued: Option<Issued>,
}

impl From<Story> for Told {
    fn from(story: Story) -> Self {
        Self {
            incoming: story.incoming,
            groups: story.groups.into_iter().map(GroupTold::from).collect(),
            issued: story.issued,
            claims: story.claims,
        }
    }
}

impl From<GroupStory> for GroupTold {
    fn from(group: GroupStory) -> Self {
        Self {
            number: group.number,
            scope: group.scope,
            constraints: group.constraints,
            roles: group.roles.into_iter().map(RoleTold::from).collect(),
        }
    }
}

impl From<RoleRow> for RoleTold {
    fn from(row: RoleRow) -> Self {
        let info = row.rule.info();
        Self {
            role: row.role,
            outcome: match row.rule.drops() {
                true => "dropped",
                false => "translated",
            },
            rule: row.rule,
            source: info.source,
            what_da: info.what.0,
            what_en: info.what.1,
            remedy_da: info.remedy.0,
            remedy_en: info.remedy.1,
            about: row.about,
            mapping: row.mapping,
            issued: row.issued,
        }
    }
}
