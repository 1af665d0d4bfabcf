//! The pages of personas and demo systems. What they share with the hub's is in [`crate::edge::page`].

use super::logout::Told;
use crate::edge::page::Text;
use crate::saml::Status;
use askama::Template;

/// A button of the login page.
pub struct PersonButton {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Traits in words.
    pub traits: String,
}

/// What the hub asked for, in words for the login page.
pub struct AskedFor {
    /// Class refs, or none.
    pub class_refs: Vec<String>,
    /// RelayState.
    pub relay_state: String,
    /// RequesterID.
    pub requester: String,
    /// ForceAuthn.
    pub force_authn: bool,
}

/// An IdP's login page.
#[derive(Template)]
#[template(path = "persona/login.html")]
pub struct LoginPage<'a> {
    /// Texts.
    pub t: &'static Text,
    /// Site.
    pub base: &'a str,
    /// Name in the chooser.
    pub title: &'a str,
    /// Vendor.
    pub product: &'a str,
    /// The signed query, carried along to be verified again.
    pub query: &'a str,
    /// People.
    pub people: Vec<PersonButton>,
    /// The request in words.
    pub asked: AskedFor,
}

/// An IdP's page for somebody who has no second factor.
#[derive(Template)]
#[template(path = "persona/stuck.html")]
pub struct StuckPage<'a> {
    /// Texts.
    pub t: &'static Text,
    /// Site.
    pub base: &'a str,
    /// Name in the chooser.
    pub title: &'a str,
    /// Vendor.
    pub product: &'a str,
    /// The signed query.
    pub query: &'a str,
    /// Who cannot go on.
    pub person: &'a str,
    /// Why, where it is not the second factor.
    pub message: Option<&'a str>,
}

/// A slow IdP's page.
#[derive(Template)]
#[template(path = "persona/waiting.html")]
pub struct WaitingPage<'a> {
    /// Texts.
    pub t: &'static Text,
    /// Site.
    pub base: &'a str,
    /// Name in the chooser.
    pub title: &'a str,
    /// Where to look again.
    pub again: &'a str,
    /// How much longer.
    pub seconds: i64,
}

/// Something that an IdP does.
pub struct TraitRow {
    /// Id.
    pub id: &'static str,
    /// In words.
    pub what: &'static str,
    /// Where it was read.
    pub source: &'static str,
    /// How sure it is.
    pub mark: &'static str,
    /// The hub's check that it trips.
    pub trips: Option<&'static str>,
    /// Whether no IdP should do it.
    pub misbehaves: bool,
}

/// An IdP's own front page.
#[derive(Template)]
#[template(path = "persona/idp.html")]
pub struct IdpPage<'a> {
    /// Texts.
    pub t: &'static Text,
    /// Site.
    pub base: &'a str,
    /// Name in the chooser.
    pub title: &'a str,
    /// Vendor.
    pub product: &'a str,
    /// The vendor's word in the file.
    pub kind: &'a str,
    /// Request profile.
    pub profile: &'a str,
    /// entityID.
    pub entity_id: &'a str,
    /// People.
    pub people: Vec<PersonButton>,
    /// What it does.
    pub traits: Vec<TraitRow>,
    /// Who has a session.
    pub session: Option<String>,
    /// What became of a logout.
    pub told: Option<&'a Told>,
}

/// A demo system's front page before login, and after logout.
#[derive(Template)]
#[template(path = "persona/front.html")]
pub struct FrontPage<'a> {
    /// Texts.
    pub t: &'static Text,
    /// Site.
    pub base: &'a str,
    /// Name.
    pub title: &'a str,
    /// Level that it needs, in words.
    pub level: &'a str,
    /// Profile.
    pub profile: &'a str,
    /// Binding of its request.
    pub binding: &'a str,
    /// What became of the logout, of somebody who was just logged out.
    pub told: Option<&'a Told>,
    /// Whether it is one of the built-in test systems.
    pub built_in: bool,
}

/// One attribute.
#[derive(Clone)]
pub struct AttributeRow {
    /// Name.
    pub name: String,
    /// Values.
    pub values: Vec<String>,
}

impl AttributeRow {
    /// Of the roles, which have a table of their own: how long they are as they came.
    pub fn encoded(&self) -> Option<usize> {
        let lengths = self.values.iter().map(|value| value.chars().count());
        super::issued::is_roles(&self.name).then(|| lengths.sum())
    }
}

/// The user system roles that a system was given.
#[derive(Default)]
pub struct RolesGot {
    /// A row a role.
    pub rows: Vec<RoleRow>,
    /// Why they cannot be read.
    pub fault: Option<RolesFault>,
}

impl RolesGot {
    /// For scripts.
    pub fn state(&self) -> &'static str {
        match (&self.fault, self.rows.is_empty()) {
            (Some(_), _) => "unreadable",
            (None, true) => "none",
            (None, false) => "list",
        }
    }
}

/// A user system role.
pub struct RoleRow {
    /// For whom it holds: a CVR number, or what else the scope says.
    pub scope: String,
    /// Whether it is of no kind that the profile names.
    pub ignored: bool,
    /// Its id.
    pub role: String,
    /// What narrows it.
    pub constraints: Vec<ConstraintRow>,
}

/// A data constraint.
pub struct ConstraintRow {
    /// Its type.
    pub name: String,
    /// A value.
    pub value: String,
}

/// Why roles cannot be read, in English.
pub struct RolesFault {
    /// What is wrong.
    pub what: String,
    /// The rule.
    pub why: &'static str,
}

/// A demo system's page for somebody who is logged in.
#[derive(Template)]
#[template(path = "persona/welcome.html")]
pub struct WelcomePage<'a> {
    /// Texts.
    pub t: &'static Text,
    /// Site.
    pub base: &'a str,
    /// Name.
    pub title: &'a str,
    /// The user's name.
    pub name: &'a str,
    /// NameID.
    pub name_id: &'a str,
    /// Level for people.
    pub level_text: &'a str,
    /// Level for scripts: `1|2|3|4|Low|Substantial|High`, or nothing.
    pub level: &'a str,
    /// Class ref.
    pub class_ref: &'a str,
    /// The IdP.
    pub authority: &'a str,
    /// Roles.
    pub roles: &'a RolesGot,
    /// Attributes.
    pub attributes: &'a [AttributeRow],
    /// Whether «Log ud» is everybody's.
    pub everywhere: bool,
}

/// A row of a report that failed.
pub struct FailedRow {
    /// Check id.
    pub id: String,
    /// What it means.
    pub what: String,
    /// Found.
    pub found: String,
    /// Expected.
    pub expected: String,
}

/// A login or a logout that did not succeed.
#[derive(Template)]
#[template(path = "persona/refused.html")]
pub struct RefusedPage<'a> {
    /// Texts.
    pub t: &'static Text,
    /// Site.
    pub base: &'a str,
    /// Name.
    pub title: &'a str,
    /// What did not succeed.
    pub heading: &'a str,
    /// For people.
    pub what: &'a str,
    /// For whoever sent the browser here, in English.
    pub detail: Option<&'a str>,
    /// Which of the hub's certificates it has, while a change of them is played.
    pub holds: Option<String>,
    /// The status in the answer.
    pub status: Option<&'a Status>,
    /// Failed checks.
    pub rows: Vec<FailedRow>,
    /// Whether there is a login to start again.
    pub again: bool,
}
