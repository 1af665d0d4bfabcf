//! Roles: `Brugersystemrolle`, `Jobfunktionsrolle`, and how the one becomes the other at a system (`RoleMapping`).

use super::{Body, Object, OidcSystem, USER_CONTEXTS, UserContext, twice};
use crate::registry::shape::{Shape, Value, may, must};
use crate::registry::{Content, Judge, Kind, Reason};
use serde::{Deserialize, Serialize};

/// `Brugersystemrolle`: what a system knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[doc(alias = "Brugersystemrolle")]
pub struct UserSystemRole {
    /// Its id.
    pub id: String,
    /// What it can be restricted to.
    #[serde(default)]
    pub dataafgraensningstyper: Vec<DataRestrictionType>,
}

/// `Dataafgraensningstype`: something that a role can be restricted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[doc(alias = "Dataafgraensningstype")]
pub struct DataRestrictionType {
    /// Its namespace.
    pub id: String,
    /// The syntax of its values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub syntax_definition: Option<String>,
    /// How it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presentation_preference: Option<String>,
    /// Address of a service that judges values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_service: Option<String>,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presentation_name: Option<String>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// `Jobfunktionsrolle`: what a municipality gives its people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[doc(alias = "Jobfunktionsrolle")]
pub struct JobFunctionRole {
    /// Its id.
    pub id: String,
    /// Other organisations whose people may have it.
    #[serde(default)]
    pub delegeret_til: Vec<UserContext>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anvenderkontekst: Option<UserContext>,
}

/// `RoleMapping`: a job function role means a user system role here, with these restrictions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RoleMapping {
    /// A compound of both ids.
    pub id: String,
    /// From.
    pub jobfunktionsrolle_id: String,
    /// To.
    pub brugersystemrolle_id: String,
    /// Restrictions.
    #[serde(default)]
    pub dataafgraensninger: Vec<DataRestriction>,
}

/// `Dataafgraensning`: a restriction and its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[doc(alias = "Dataafgraensning")]
pub struct DataRestriction {
    /// The `Id` of its type.
    pub dataafgraensningstype_id: String,
    /// What it is restricted to.
    #[serde(default)]
    pub values: Vec<String>,
}

impl Body for UserSystemRole {
    const SHAPE: &'static Shape = &Shape {
        name: "Brugersystemrolle",
        fields: &[
            must("Id", Value::Id),
            may(
                "Dataafgraensningstyper",
                Value::List(&Value::Object(DataRestrictionType::SHAPE)),
            ),
        ],
    };

    fn contradictions(&self, reasons: &mut Vec<Reason>) {
        let types = self.dataafgraensningstyper.iter();
        let ids = types.map(|kind| kind.id.as_str());
        twice("Dataafgraensningstyper", ids, reasons);
    }
}

impl Body for DataRestrictionType {
    const SHAPE: &'static Shape = &Shape {
        name: "Dataafgraensningstype",
        fields: &[
            // CH.json requires nothing of it; without an id no mapping could name it, and nobody remove it.
            must("Id", Value::Id),
            may("SyntaxDefinition", Value::Text),
            may("PresentationPreference", Value::Text),
            may("ValidationService", Value::Text),
            may("PresentationName", Value::Text),
            may("Description", Value::Text),
        ],
    };
}

impl Body for JobFunctionRole {
    const SHAPE: &'static Shape = &Shape {
        name: "Jobfunktionsrolle",
        fields: &[
            must("Id", Value::Id),
            may("DelegeretTil", USER_CONTEXTS),
            may("Anvenderkontekst", Value::Object(UserContext::SHAPE)),
        ],
    };
}

impl Body for RoleMapping {
    const SHAPE: &'static Shape = &Shape {
        name: "RoleMapping",
        fields: &[
            must("Id", Value::Id),
            must("JobfunktionsrolleId", Value::Id),
            must("BrugersystemrolleId", Value::Id),
            may(
                "Dataafgraensninger",
                Value::List(&Value::Object(DataRestriction::SHAPE)),
            ),
        ],
    };
}

impl Body for DataRestriction {
    const SHAPE: &'static Shape = &Shape {
        name: "Dataafgraensning",
        fields: &[
            must("DataafgraensningstypeId", Value::Id),
            may("Values", Value::List(&Value::Text)),
        ],
    };
}

impl Object for UserSystemRole {
    const KIND: Kind = Kind::UserSystemRole;
    fn id(&self) -> String {
        self.id.clone()
    }
    /// The mappings that lead to it must still do so.
    fn fits(&self, others: &Content, _: &Judge, reasons: &mut Vec<Reason>) {
        for party in others.systems.values() {
            self.unfit(&party.object.id, &party.object.role_mappings, reasons);
        }
        for system in others.all::<OidcSystem>() {
            self.unfit(&system.id, &system.role_mappings, reasons);
        }
    }
}

impl UserSystemRole {
    /// Restrictions of a system's mappings that are none of its types. “The DRT for each Dataafgraensning element has to match
    /// one or more Brugersystemrolle in this RoleMapping.”
    fn unfit(&self, system: &str, mappings: &[RoleMapping], reasons: &mut Vec<Reason>) {
        let known = |id: &str| self.dataafgraensningstyper.iter().any(|kind| kind.id == id);
        for mapping in mappings
            .iter()
            .filter(|to| to.brugersystemrolle_id == self.id)
        {
            let restrictions = mapping.dataafgraensninger.iter();
            let kinds = restrictions.map(|one| one.dataafgraensningstype_id.as_str());
            for kind in kinds.filter(|kind| !known(kind)) {
                let (mapping, role) = (&mapping.id, &self.id);
                reasons.push(Reason::new(
                    format!("RoleMapping {mapping} af {system}: {kind} er ingen af dataafgrænsningstyperne i brugersystemrollen {role}"),
                    format!("RoleMapping {mapping} of {system}: {kind} is none of the Dataafgraensningstyper of the Brugersystemrolle {role}"),
                ));
            }
        }
    }
}

/// A system's mappings must fit the roles that are registered. One that leads to a role that is not is let be: roles may be
/// registered later.
pub(super) fn mappings_fit(
    system: &str,
    mappings: &[RoleMapping],
    others: &Content,
    reasons: &mut Vec<Reason>,
) {
    let to = mappings.iter().map(|mapping| &mapping.brugersystemrolle_id);
    let roles: std::collections::BTreeSet<&String> = to.collect();
    for role in roles {
        if let Some(role) = others.get::<UserSystemRole>(role) {
            role.unfit(system, mappings, reasons);
        }
    }
}

/// What a list of mappings says against itself.
pub(super) fn mappings_contradict(mappings: &[RoleMapping], reasons: &mut Vec<Reason>) {
    let ids = mappings.iter().map(|mapping| mapping.id.as_str());
    twice("RoleMappings", ids, reasons);
}

impl Object for JobFunctionRole {
    const KIND: Kind = Kind::JobFunctionRole;
    fn id(&self) -> String {
        self.id.clone()
    }
}
