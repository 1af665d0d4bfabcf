//! What is changed before anything is written: plain data.

use super::{Draft, Fault, NOBODY, above, below, stated};
use crate::hub::UserFacingSystem;
use crate::hub::judge::stated_cvr;
use crate::oiosaml::attributes as name;
use crate::oiosaml::privileges::{BppVersion, Constraint, PrivilegeGroup, PrivilegeList, Scope};
use crate::oiosaml::{Cvr, Level, OiosamlVersion, Scale};
use crate::saml::names::{BEARER, UNSPECIFIED_CLASS, status};
use crate::saml::{Assertion, Attribute, Conditions, Status, SubjectConfirmation};
use time::{Duration, OffsetDateTime};

/// Well beyond what any receiver lets clocks differ.
const FAR: Duration = Duration::minutes(10);
/// Roles of somebody who has many.
const MANY: usize = 60;
/// Subject confirmation that needs a proof of a key (SAML core §5.2 of the profiles: holder-of-key).
const HOLDER_OF_KEY: &str = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key";

/// Changes the data of an answer; what is no matter of data is changed later.
pub(super) fn change(fault: Fault, draft: &mut Draft<'_>, roles: &[String]) {
    let needs = draft.system.required_level;
    let now = draft.now;
    match fault {
        Fault::LevelAbove => draft.state(above(needs).unwrap_or(needs)),
        Fault::LevelBelow | Fault::LevelUnsigned => draft.state(lower(needs)),
        Fault::LevelMissing => draft.state_nothing(),
        Fault::LevelContradictory => {
            let (attribute, value) = stated(lower(needs));
            draft.state(needs);
            if let Some(attribute) = draft.attribute(attribute) {
                attribute.values.push(value);
            }
        }
        Fault::LevelOnlyInClass => {
            draft.state(lower(needs));
            draft.class_ref(needs.class_ref());
        }
        Fault::LevelUnknown => draft.value_of_level("Ultra"),
        Fault::LevelOfOtherScale => {
            let other = match needs.scale() {
                Scale::Nsis => "4",
                Scale::Nist => "High",
            };
            draft.value_of_level(other);
        }
        Fault::StaleSession => {
            for statement in &mut draft.assertion.authn_statements {
                statement.authn_instant = now - Duration::hours(1);
            }
        }
        Fault::OtherOrder => draft.reorder(),
        Fault::DanishLetters => draft.rename("Åse Ærø-O'Neill & <Søn>"),
        Fault::BlanksInNameId => {
            if let Some(name) = &mut draft.assertion.name_id {
                name.value = name.value.replace('=', " = ").replace(',', ", ");
            }
        }
        Fault::SeveralRoles => draft.roles(Some(&many(draft, roles))),
        Fault::NoRoles => draft.roles(None),
        Fault::FewAttributes => {
            let optional = [
                name::EMAIL_2,
                name::EMAIL_3,
                name::ORG_NAME_2,
                name::ORG_NAME_3,
            ];
            let kept = |attribute: &Attribute| !optional.contains(&attribute.name.as_str());
            draft.assertion.attributes.retain(kept);
        }
        Fault::ClockAhead => draft.shift(Duration::seconds(60)),
        Fault::SessionEndStated => draft.session_ends(now + Duration::hours(8)),
        Fault::SessionEnded => draft.session_ends(now - FAR),
        Fault::NoAuthnStatement => draft.assertion.authn_statements.clear(),
        Fault::NoNameId => draft.assertion.name_id = None,
        Fault::OtherVersion => draft.assertion.version = "2.1".to_owned(),
        Fault::IssuerOther => draft.assertion.issuer = format!("{NOBODY}runtime"),
        Fault::ResponseIssuerOther => draft.response.issuer = Some(format!("{NOBODY}runtime")),
        Fault::StatusRefusedWithAssertion => {
            draft.response.status =
                Status::refusal(status::RESPONDER, Some(status::AUTHN_FAILED), "no");
        }
        Fault::DestinationOther => draft.response.destination = Some(format!("{NOBODY}acs")),
        Fault::InResponseToUnknown => draft.answers(Some("_ukendt-forespoergsel")),
        Fault::Unsolicited => draft.answers(None),
        fault => {
            conditions(fault, draft);
            confirmations(fault, &mut draft.assertion.confirmations, now);
        }
    }
}

fn conditions(fault: Fault, draft: &mut Draft<'_>) {
    let (now, system) = (draft.now, draft.system.id.clone());
    let Some(conditions) = &mut draft.assertion.conditions else {
        return;
    };
    let other = || format!("{NOBODY}system");
    let audiences = &mut conditions.audience_restrictions;
    match fault {
        Fault::Expired => expire(conditions, now),
        Fault::NotYetValid => {
            conditions.not_before = Some(now + FAR);
            conditions.not_on_or_after = Some(now + FAR * 2);
        }
        Fault::AudienceOther => *audiences = vec![vec![other()]],
        Fault::AudienceMissing => audiences.clear(),
        Fault::AudienceTwice => *audiences = vec![vec![system], vec![other()]],
        Fault::AudienceAmongOthers => *audiences = vec![vec![other(), system]],
        Fault::NoConditions => draft.assertion.conditions = None,
        _ => {}
    }
}

fn expire(conditions: &mut Conditions, now: OffsetDateTime) {
    conditions.not_before = Some(now - FAR * 2);
    conditions.not_on_or_after = Some(now - FAR);
}

fn confirmations(fault: Fault, all: &mut Vec<SubjectConfirmation>, now: OffsetDateTime) {
    let Some(first) = all.first_mut() else { return };
    match fault {
        Fault::ConfirmationExpired => first.not_on_or_after = Some(now - FAR),
        Fault::RecipientOther => first.recipient = Some(format!("{NOBODY}acs")),
        Fault::RecipientMissing => first.recipient = None,
        Fault::RecipientLookalike => {
            first.recipient = first.recipient.take().map(|own| own + "/andet");
        }
        Fault::ConfirmationInResponseTo => {
            first.in_response_to = Some("_en-anden-forespoergsel".to_owned());
        }
        Fault::HolderOfKey => first.method = HOLDER_OF_KEY.to_owned(),
        Fault::NoConfirmation => all.clear(),
        Fault::SecondConfirmation => {
            let other = SubjectConfirmation {
                method: BEARER.to_owned(),
                recipient: Some(format!("{NOBODY}acs")),
                ..first.clone()
            };
            all.insert(0, other);
        }
        _ => {}
    }
}

fn lower(level: Level) -> Level {
    below(level).unwrap_or(level)
}

/// The assertion as it would have been issued so much later, or earlier.
pub(super) fn shifted(assertion: &Assertion, by: Duration) -> Assertion {
    let mut assertion = assertion.clone();
    assertion.issue_instant += by;
    for statement in &mut assertion.authn_statements {
        statement.authn_instant += by;
    }
    if let Some(conditions) = &mut assertion.conditions {
        for instant in [&mut conditions.not_before, &mut conditions.not_on_or_after] {
            *instant = instant.map(|instant| instant + by);
        }
    }
    for confirmation in &mut assertion.confirmations {
        confirmation.not_on_or_after = confirmation.not_on_or_after.map(|end| end + by);
    }
    assertion
}

impl Draft<'_> {
    /// The attribute with this name.
    fn attribute(&mut self, name: &str) -> Option<&mut Attribute> {
        let mut all = self.assertion.attributes.iter_mut();
        all.find(|attribute| attribute.name == name)
    }

    /// States a level as the hub does: in the attribute of its scale, and as class ref.
    fn state(&mut self, level: Level) {
        self.value_of_level(&stated(level).1);
        self.class_ref(level.class_ref());
    }

    fn value_of_level(&mut self, value: &str) {
        let (name, _) = stated(self.system.required_level);
        let format = self.system.oiosaml_profile.name_format();
        match self.attribute(name) {
            Some(attribute) => attribute.values = vec![value.to_owned()],
            None => self.assertion.attributes.push(Attribute {
                name: name.to_owned(),
                name_format: Some(format.to_owned()),
                friendly_name: None,
                values: vec![value.to_owned()],
            }),
        }
    }

    fn state_nothing(&mut self) {
        let levels = [name::LOA, name::ASSURANCE_LEVEL];
        let other = |attribute: &Attribute| !levels.contains(&attribute.name.as_str());
        self.assertion.attributes.retain(other);
        self.class_ref(UNSPECIFIED_CLASS.to_owned());
    }

    fn class_ref(&mut self, class_ref: String) {
        for statement in &mut self.assertion.authn_statements {
            statement.class_ref = Some(class_ref.clone());
        }
    }

    fn session_ends(&mut self, at: OffsetDateTime) {
        for statement in &mut self.assertion.authn_statements {
            statement.session_not_on_or_after = Some(at);
        }
    }

    fn answers(&mut self, request: Option<&str>) {
        let request = request.map(str::to_owned);
        for confirmation in &mut self.assertion.confirmations {
            confirmation.in_response_to.clone_from(&request);
        }
        self.response.in_response_to = request;
    }

    /// As a hub with another clock would have written it.
    fn shift(&mut self, by: Duration) {
        self.response.issue_instant += by;
        self.assertion = shifted(&self.assertion, by);
    }

    fn reorder(&mut self) {
        let format = self.system.oiosaml_profile.name_format();
        let attributes = &mut self.assertion.attributes;
        attributes.reverse();
        attributes.insert(
            0,
            Attribute {
                name: format!("{NOBODY}attribut/ny"),
                name_format: Some(format.to_owned()),
                friendly_name: None,
                values: vec!["1".to_owned()],
            },
        );
    }

    /// The same user under another name.
    fn rename(&mut self, to: &str) {
        if let Some(name) = &mut self.assertion.name_id {
            let parts = name.value.split(',').map(|part| match part.trim_start() {
                own if own.starts_with("CN") => format!("CN={to}"),
                _ => part.to_owned(),
            });
            name.value = parts.collect::<Vec<_>>().join(",");
        }
    }

    fn roles(&mut self, list: Option<&PrivilegeList>) {
        let other = |attribute: &Attribute| !name::PRIVILEGES.contains(&attribute.name.as_str());
        self.assertion.attributes.retain(other);
        let Some(value) = list.and_then(PrivilegeList::write) else {
            return;
        };
        let version = self.system.oiosaml_profile;
        self.assertion.attributes.push(Attribute {
            name: version.privileges().to_owned(),
            name_format: Some(version.name_format().to_owned()),
            friendly_name: None,
            values: vec![value],
        });
    }
}

/// A list with these roles, each in a group of its own, for the user's organisation.
pub(in crate::hub) fn list(
    roles: impl IntoIterator<Item = (String, Vec<Constraint>)>,
    system: &UserFacingSystem,
    organisation: &Cvr,
) -> PrivilegeList {
    let group = |(role, constraints)| PrivilegeGroup {
        scope: Scope::Cvr(organisation.clone()),
        privileges: vec![role],
        constraints,
    };
    PrivilegeList {
        version: match system.oiosaml_profile {
            OiosamlVersion::V2 => BppVersion::V1_1,
            OiosamlVersion::V3 => BppVersion::V1_2,
        },
        groups: roles.into_iter().map(group).collect(),
    }
}

/// Those that the user has, and many that the system does not know.
fn many(draft: &Draft<'_>, roles: &[String]) -> PrivilegeList {
    let own = roles.iter().map(|role| (role.clone(), Vec::new()));
    let more = (1..=MANY).map(|number| {
        let role = format!("http://system.example/roles/usersystemrole/rolle_{number}/1");
        let constraint = Constraint {
            name: "http://system.example/constraints/kle/1".to_owned(),
            value: format!("{number:02}.10.*"),
        };
        (role, vec![constraint])
    });
    let organisation = stated_cvr(&draft.assertion);
    let organisation = organisation.unwrap_or_else(|_| draft.system.cvr.clone());
    list(own.chain(more), draft.system, &organisation)
}
