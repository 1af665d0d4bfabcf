//! The one list of rules by which a role comes through or is dropped: where each comes from, and what to do.

use crate::hub::trace::Source;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What the list says of a rule.
#[derive(Debug, Clone, Copy)]
pub struct RuleInfo {
    /// Stable id.
    pub id: &'static str,
    /// Where it comes from.
    pub source: Source,
    /// What it means: Danish, English.
    pub what: (&'static str, &'static str),
    /// What to do: Danish, English; empty where there is nothing to do.
    pub remedy: (&'static str, &'static str),
}

macro_rules! rules {
    ($($variant:ident $id:literal $source:ident $what_da:literal $what_en:literal $remedy_da:literal $remedy_en:literal;)*) => {
        /// A rule.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RoleRule { $(#[doc = $what_en] $variant,)* }

        impl RoleRule {
            /// All of them.
            pub const ALL: &'static [RoleRule] = &[$(RoleRule::$variant,)*];

            /// What the list says of it.
            pub fn info(self) -> &'static RuleInfo {
                const TABLE: &[RuleInfo] = &[$(RuleInfo {
                    id: $id,
                    source: Source::$source,
                    what: ($what_da, $what_en),
                    remedy: ($remedy_da, $remedy_en),
                },)*];
                &TABLE[self as usize]
            }
        }
    };
}

rules! {
    Translated "roles/translated" Confirmed
        "Oversat til en brugersystemrolle i systemet."
        "Translated to a user system role of the system."
        "" "";
    UnknownScope "roles/unknown-scope" Confirmed
        "Scope er ingen af de fire slags, profilen kender, så hele gruppen ignoreres (OIO-BPP 1.0.1)."
        "The scope is none of the four kinds that the profile knows, so the whole group is ignored (OIO-BPP 1.0.1)."
        "Send urn:dk:gov:saml:cvrNumberIdentifier: og kommunens CVR-nummer som Scope."
        "Send urn:dk:gov:saml:cvrNumberIdentifier: and the municipality's CVR number as Scope.";
    ScopeNotOrganisation "roles/scope-not-organisation" Inferred
        "Scope er ikke en organisation (CVR), og en jobfunktionsrolle gælder for en organisation."
        "The scope is no organisation (CVR), and a job function role holds for an organisation."
        "Send urn:dk:gov:saml:cvrNumberIdentifier: og kommunens CVR-nummer som Scope."
        "Send urn:dk:gov:saml:cvrNumberIdentifier: and the municipality's CVR number as Scope.";
    NoMapping "roles/no-mapping" Inferred
        "Systemet har ingen rollemapning fra jobfunktionsrollen."
        "The system has no mapping from the job function role."
        "Kommunens rolleadministration knytter jobfunktionsrollen til en brugersystemrolle i systemet, eller retter dens id i IdP'en; id'er sammenlignes tegn for tegn."
        "The municipality's role administration maps the job function role to a user system role of the system, or corrects its id in the IdP; ids are compared character by character.";
    Unregistered "roles/unregistered" Setting
        "Jobfunktionsrollen er ikke registreret (Jobfunktionsroller), så ingen ved, hvis den er."
        "The job function role is not registered (Jobfunktionsroller), so nobody knows whose it is."
        "Kommunens rolleadministration opretter jobfunktionsrollen med sit CVR-nummer som anvenderkontekst."
        "The municipality's role administration registers the job function role with its CVR number as Anvenderkontekst.";
    ForeignScope "roles/foreign-scope" Inferred
        "Scope er en anden organisation end dem, IdP'en taler for, og rollen er ikke den organisations."
        "The scope is another organisation than those that the IdP speaks for, and the role is not that organisation's."
        "Ret Scope i IdP'en til kommunens eget CVR-nummer; eller den anden organisation opretter rollen og delegerer den."
        "Let the IdP send the municipality's own CVR number as Scope; or the other organisation registers the role and delegates it.";
    NotDelegated "roles/not-delegated" Inferred
        "Jobfunktionsrollen er en anden organisations og er ikke delegeret til brugerens (DelegeretTil)."
        "The job function role is another organisation's, and is not delegated to the user's (DelegeretTil)."
        "Den anden organisations rolleadministration tilføjer kommunens CVR-nummer under DelegeretTil."
        "The other organisation's role administration adds the municipality's CVR number to DelegeretTil.";
    OtherContext "roles/other-context" Setting
        "Jobfunktionsrollen er en anden organisations (anvenderkontekst) end den, Scope nævner."
        "The job function role is of another organisation (Anvenderkontekst) than the one that the scope names."
        "Brug en af kommunens egne jobfunktionsroller; eller send den anden organisations CVR-nummer som Scope, hvis rollen er delegeret."
        "Use one of the municipality's own job function roles; or send the other organisation's CVR number as Scope, if the role is delegated.";
    NoValue "roles/no-value" Setting
        "Dataafgrænsningen har ingen værdi, og uden den ville rollen gælde for mere, end nogen har ment."
        "The constraint has no value, and without it the role would reach further than anybody meant."
        "Sæt IdP'en til at sende værdien som Constraint med det id, rollemapningen nævner, i rollens gruppe."
        "Let the IdP send the value as a Constraint with the id that the mapping names, in the role's group.";
    UnusedConstraint "roles/unused-constraint" Setting
        "IdP'en afgrænser rollen med noget, som systemets rollemapning ikke bruger."
        "The IdP narrows the role by something that the system's mapping does not use."
        "Tilføj dataafgrænsningen i rollemapningen, eller fjern den i IdP'en."
        "Add the constraint to the mapping, or remove it in the IdP.";
    Budget "roles/budget" Setting
        "Der kom flere roller ud, end én liste må have (500), og resten er udeladt."
        "More roles came out than one list may have (500), and the rest is left out."
        "Giv brugeren færre jobfunktionsroller, eller saml rollemapningerne."
        "Give the user fewer job function roles, or join the mappings.";
}

impl RoleRule {
    /// Whether a role is dropped by it.
    pub fn drops(self) -> bool {
        self != Self::Translated
    }

    /// The rule of this id.
    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.info().id == id)
    }
}

impl Serialize for RoleRule {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.info().id)
    }
}

impl<'de> Deserialize<'de> for RoleRule {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let id = String::deserialize(from)?;
        Self::by_id(&id).ok_or_else(|| serde::de::Error::custom(format!("no rule {id}")))
    }
}
