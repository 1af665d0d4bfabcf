//! What is registered of roles and users.

use crate::oiosaml::Cvr;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// `Jobfunktionsrolle` of CH.json: what a municipality gives its people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[doc(alias = "Jobfunktionsrolle")]
pub struct JobFunctionRole {
    /// `Anvenderkontekst`: whose it is.
    #[doc(alias = "Anvenderkontekst")]
    pub context: Option<Cvr>,
    /// `DelegeretTil`: other organisations whose people may have it.
    #[doc(alias = "DelegeretTil")]
    pub delegated_to: Vec<Cvr>,
}

/// `RoleMapping` of CH.json: a job function role means a user system role at this system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleMapping {
    /// `Id`.
    pub id: String,
    /// `JobfunktionsrolleId`.
    pub job_function_role: String,
    /// `BrugersystemrolleId`.
    #[doc(alias = "Brugersystemrolle")]
    pub user_system_role: String,
    /// `Dataafgraensninger`.
    pub restrictions: Vec<DataRestriction>,
}

/// `Dataafgraensning` of CH.json: what the user system role is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[doc(alias = "Dataafgraensning")]
pub struct DataRestriction {
    /// `DataafgraensningstypeId`: the name of the constraint that comes out.
    pub kind: String,
    /// `Values`: each a value, or the id of one that the IdP states, which ends in `/parametric`.
    pub values: Vec<String>,
}

/// Whether a registered value is the id of one that the IdP states at login: “dynamic”. Ids of KOMBIT's form
/// `http://<domain>/…/<version>/parametric` (sample pair; OS2rollekatalog).
pub fn is_parametric(value: &str) -> bool {
    value.ends_with("/parametric")
}

/// A system's mappings, in the order of registration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleMappings {
    all: Vec<RoleMapping>,
    by_role: BTreeMap<String, Vec<usize>>,
}

impl RoleMappings {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
    /// Those from a job function role, each with its place among all of them. Ids are compared byte for byte.
    pub fn from_role(&self, id: &str) -> impl Iterator<Item = (usize, &RoleMapping)> {
        let places = self.by_role.get(id).into_iter().flatten();
        places.map(|place| (*place, &self.all[*place]))
    }
}

impl FromIterator<RoleMapping> for RoleMappings {
    fn from_iter<I: IntoIterator<Item = RoleMapping>>(mappings: I) -> Self {
        let all: Vec<RoleMapping> = mappings.into_iter().collect();
        let mut by_role: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, mapping) in all.iter().enumerate() {
            let role = mapping.job_function_role.clone();
            by_role.entry(role).or_default().push(place);
        }
        Self { all, by_role }
    }
}

/// A claim of a registered user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The name of an attribute.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// Looks up what is registered of roles and users: of these there may be tens of thousands, and a login needs a few.
pub trait LookUp: Send + Sync {
    /// The job function role of this id.
    fn job_function_role(&self, id: &str) -> Option<JobFunctionRole>;
    /// The claims of the authority's user of this id; none without such a user.
    fn claims(&self, authority: &Cvr, id: &str) -> Vec<Claim>;
}

/// The roles and users of a federation. Cheap to copy.
#[derive(Clone)]
pub struct Directory(Arc<dyn LookUp>);

impl Directory {
    /// Of what looks them up.
    pub fn new(looks_up: impl LookUp + 'static) -> Self {
        Self(Arc::new(looks_up))
    }
}

impl std::ops::Deref for Directory {
    type Target = dyn LookUp;
    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

/// What is in it is told to nobody: it may be somebody's CPR number.
impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Directory")
    }
}

/// Nothing is registered.
impl Default for Directory {
    fn default() -> Self {
        Self::new(Nothing)
    }
}

struct Nothing;

impl LookUp for Nothing {
    fn job_function_role(&self, _: &str) -> Option<JobFunctionRole> {
        None
    }
    fn claims(&self, _: &Cvr, _: &str) -> Vec<Claim> {
        Vec::new()
    }
}
