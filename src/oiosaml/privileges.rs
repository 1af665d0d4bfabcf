//! The list of privileges: OIO Basic Privilege Profile (BPP) 1.0.1, 1.1 and 1.2, Model 2 (“intermediate”).
//!
//! An IdP states its user's job function roles in it, and the hub issues user system roles in the same form. It
//! is a document of its own, in base64, in the one value of a SAML attribute. Here it is read and written as
//! plain data; what a privilege means, and whether its scope is the IdP's to give, is decided by the hub.
//!
//! Read strictly: a privilege that is read more widely than it was meant opens a door. Nothing that the profile
//! does not name is skipped, with one exception that it asks for itself: a scope of an unknown kind is kept as
//! [`Scope::Other`], and whoever uses the list ignores that group.

mod read;
#[cfg(test)]
mod tests;
mod write;

use super::{Cvr, OiosamlVersion};
use crate::xml::{Ns, Position, XmlError};
use std::fmt;

/// A list of privileges, in the order of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivilegeList {
    /// The version whose namespace it has.
    pub version: BppVersion,
    /// At least one: a user without privileges has no list at all (BPP 1.0.1).
    pub groups: Vec<PrivilegeGroup>,
}

/// Privileges within one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivilegeGroup {
    /// For whom they hold.
    pub scope: Scope,
    /// Identifiers of roles, at least one. KOMBIT's are `http://<domain>/roles/jobrole/<name>/<version>`.
    #[doc(alias = "jobfunktionsrolle")]
    #[doc(alias = "brugersystemrolle")]
    pub privileges: Vec<String>,
    /// What narrows them. Several values of one type are several constraints of one name.
    #[doc(alias = "dataafgrænsning")]
    pub constraints: Vec<Constraint>,
}

/// Narrows the privileges of its group (since BPP 1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// The type of constraint, or the id that a value of it is looked up by
    /// (`http://<domain>/…/1/parametric`).
    pub name: String,
    /// The value as stated; it may be empty, and it may be a list with commas in it.
    pub value: String,
}

/// For whom the privileges of a group hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// An organisation: `urn:dk:gov:saml:cvrNumberIdentifier:`.
    Cvr(Cvr),
    /// A production unit (P-nummer): `urn:dk:gov:saml:productionUnitIdentifier:` and ten digits.
    ProductionUnit(Digits<10>),
    /// An SE number: `urn:dk:gov:saml:seNumberIdentifier:` and eight digits.
    SeNumber(Digits<8>),
    /// A person: `urn:dk:gov:saml:cprNumberIdentifier:` and ten digits.
    Cpr(Digits<10>),
    /// Of no kind that the profile names. The whole group is to be ignored (BPP 1.0.1).
    Other(String),
}

/// A number of exactly `N` digits, which may start with noughts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits<const N: usize>(String);

impl<const N: usize> Digits<N> {
    /// Reads `N` ASCII digits.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == N && text.bytes().all(|b| b.is_ascii_digit())).then(|| Self(text.to_owned()))
    }
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const CVR: &str = "urn:dk:gov:saml:cvrNumberIdentifier:";
const PRODUCTION_UNIT: &str = "urn:dk:gov:saml:productionUnitIdentifier:";
const SE_NUMBER: &str = "urn:dk:gov:saml:seNumberIdentifier:";
const CPR: &str = "urn:dk:gov:saml:cprNumberIdentifier:";

impl Scope {
    /// Reads the value of the attribute `Scope`; none if it is of a known kind and has no such number.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(number) = text.strip_prefix(CVR) {
            Cvr::parse(number).map(Self::Cvr)
        } else if let Some(number) = text.strip_prefix(PRODUCTION_UNIT) {
            Digits::parse(number).map(Self::ProductionUnit)
        } else if let Some(number) = text.strip_prefix(SE_NUMBER) {
            Digits::parse(number).map(Self::SeNumber)
        } else if let Some(number) = text.strip_prefix(CPR) {
            Digits::parse(number).map(Self::Cpr)
        } else {
            Some(Self::Other(text.to_owned()))
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cvr(cvr) => write!(f, "{CVR}{cvr}"),
            Self::ProductionUnit(number) => write!(f, "{PRODUCTION_UNIT}{}", number.as_str()),
            Self::SeNumber(number) => write!(f, "{SE_NUMBER}{}", number.as_str()),
            Self::Cpr(number) => write!(f, "{CPR}{}", number.as_str()),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// The versions that differ in a document: by their namespace, which is all that 1.2 changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BppVersion {
    /// 1.0.1 and 1.1: what municipal IdPs send, and what OIOSAML2 systems get.
    V1_1,
    /// 1.2: what OIOSAML3 systems get.
    V1_2,
}

impl BppVersion {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V1_1, Self::V1_2];

    /// Its namespace.
    pub fn namespace(self) -> &'static str {
        self.ns().uri
    }

    fn ns(self) -> Ns {
        Ns {
            prefix: "bpp",
            uri: match self {
                Self::V1_1 => "http://itst.dk/oiosaml/basic_privilege_profile",
                Self::V1_2 => "http://digst.dk/oiosaml/basic_privilege_profile",
            },
        }
    }
}

impl OiosamlVersion {
    /// The version of the list that a system of this version gets. From an IdP either is taken.
    pub fn bpp(self) -> BppVersion {
        match self {
            Self::V2 => BppVersion::V1_1,
            Self::V3 => BppVersion::V1_2,
        }
    }
}

/// Why a value is no list of privileges: what is wrong and where. [`PrivilegeFault::why`] has the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivilegeError {
    /// What is wrong.
    pub fault: PrivilegeFault,
    /// Where in the decoded document; none if there is none.
    pub position: Option<Position>,
}

/// The rules, one variant each.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrivilegeFault {
    /// The attribute's value is not base64.
    NotBase64,
    /// The reader of documents refused it: not well-formed, not UTF-8, with a DTD, …
    Xml(XmlError),
    /// The root is not `PrivilegeList` in one of the two namespaces; has its name and namespace.
    Root(String, String),
    /// An element, by name and namespace, that has no place where it stands.
    Element(String, String),
    /// An attribute, by name, that its element does not have.
    Attribute(String),
    /// Text directly in the element of this name.
    StrayText(String),
    /// A list without groups.
    NoGroup,
    /// A group without privileges.
    NoPrivilege,
    /// A group without `Scope`.
    NoScope,
    /// A scope of a known kind whose number is none; has the value.
    Scope(String),
    /// A privilege without identifier.
    EmptyPrivilege,
    /// A constraint without `Name`, or with an empty one.
    NoName,
    /// A budget of [`budget`] is used up; names which.
    Budget(&'static str),
}

/// What a list may cost. Real ones have some tens of groups.
pub mod budget {
    /// Bytes of the decoded document.
    pub const BYTES: usize = 128 * 1024;
    /// Groups of a list.
    pub const GROUPS: usize = 500;
    /// Privileges and constraints of a list, all groups together.
    pub const ENTRIES: usize = 4_000;
}

impl PrivilegeFault {
    /// The rule that was broken.
    pub fn why(&self) -> &'static str {
        match self {
            Self::NotBase64 => "BPP 1.0.1: the list is the base64 of a UTF-8 document",
            Self::Xml(_) => "BPP 1.0.1: the list is an XML document; no DTD is read",
            Self::Root(..) => "BPP 1.0.1 and 1.2: the root is PrivilegeList in their namespaces",
            Self::Element(..) => {
                "BPP schema: only PrivilegeGroup in the list, only Privilege and Constraint in a group, \
                 all of them without namespace (no elementFormDefault)"
            }
            Self::Attribute(_) => "BPP schema: a group has Scope, a constraint has Name",
            Self::StrayText(_) => "BPP schema: no mixed content",
            Self::NoGroup => {
                "BPP 1.0.1: at least one group; without privileges the attribute is left out"
            }
            Self::NoPrivilege => "BPP 1.0.1: at least one privilege in a group",
            Self::NoScope => "BPP 1.0.1: Scope is required",
            Self::Scope(_) => {
                "BPP 1.0.1: a CVR or SE number has eight digits, a production unit or CPR number ten"
            }
            Self::EmptyPrivilege => "BPP 1.0.1: a privilege is an identifier",
            Self::NoName => "BPP 1.1: Name is required",
            Self::Budget(_) => "SECURITY.md: whatever a peer can lengthen draws from a budget",
        }
    }
}

impl fmt::Display for PrivilegeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBase64 => write!(f, "the value is not base64"),
            Self::Xml(error) => write!(f, "{error}"),
            Self::Root(name, namespace) => {
                write!(f, "the root is “{name}” in namespace “{namespace}”")
            }
            Self::Element(name, namespace) if namespace.is_empty() => {
                write!(f, "“{name}” has no place here")
            }
            Self::Element(name, namespace) => {
                write!(f, "“{name}” in namespace “{namespace}” has no place here")
            }
            Self::Attribute(name) => write!(f, "the attribute “{name}” has no place here"),
            Self::StrayText(name) => write!(f, "text directly in {name}"),
            Self::NoGroup => write!(f, "the list has no PrivilegeGroup"),
            Self::NoPrivilege => write!(f, "the group has no Privilege"),
            Self::NoScope => write!(f, "the group has no Scope"),
            Self::Scope(value) => write!(f, "Scope=“{value}” has no such number"),
            Self::EmptyPrivilege => write!(f, "the Privilege is empty"),
            Self::NoName => write!(f, "the Constraint has no Name"),
            Self::Budget(what) => write!(f, "too large: {what}"),
        }
    }
}

impl fmt::Display for PrivilegeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.fault)?;
        // The reader of documents says itself where.
        match (&self.fault, self.position) {
            (PrivilegeFault::Xml(_), _) | (_, None) => Ok(()),
            (_, Some(position)) => write!(f, " ({position})"),
        }
    }
}

impl std::error::Error for PrivilegeError {}
