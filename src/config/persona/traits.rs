//! The one list of what invented IdPs do: each trait with its id, its source and how sure that is, the vendors
//! that have it, and for misbehaviour the check of the hub that it trips.
//!
//! The order of the list is the order in which pages, ready-json and README tell them.

use super::PersonaKind::{self, Adfs, AdfsOld, Entra, Foxids, Oiosaml3, Os2faktor, Safewhere};
use crate::hub::Check;

/// How sure it is that the vendor does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Read in the named source.
    Confirmed,
    /// Inferred from what was read; for one of the vendors at least.
    Inferred,
    /// Of our making.
    Ours,
}

/// Whose behaviour it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Some vendor's product does it.
    Vendor,
    /// What an IdP must not do, or may fail at; with the hub's check that it trips, if it trips one.
    Misbehaviour(Option<Check>),
}

/// What the list says of one trait.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Stable id, as `federation.toml` has it.
    pub id: &'static str,
    /// Whose behaviour.
    pub nature: Nature,
    /// The vendors that have it by themselves.
    pub kinds: &'static [PersonaKind],
    /// How sure.
    pub mark: Mark,
    /// Where it was read.
    pub source: &'static str,
    /// In Danish.
    pub da: &'static str,
    /// In English.
    pub en: &'static str,
}

macro_rules! traits {
    ($($name:ident $id:literal $mark:ident $nature:expr, $kinds:expr, $source:literal $da:literal $en:literal;)*) => {
        /// Something that an invented IdP does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
        pub enum Trait {
            $(#[doc = $en] #[serde(rename = $id)] $name,)*
        }

        /// The ids, for the schema of the file.
        pub(in crate::config) const IDS: &[&str] = &[$($id,)*];

        impl Trait {
            /// All of them, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// What the list says of it.
            pub fn about(self) -> &'static About {
                const TABLE: &[About] = &[$(About {
                    id: $id,
                    nature: $nature,
                    kinds: $kinds,
                    mark: Mark::$mark,
                    source: $source,
                    da: $da,
                    en: $en,
                },)*];
                &TABLE[self as usize]
            }
        }
    };
}

use Nature::{Misbehaviour, Vendor};

const EVERYBODY: &[PersonaKind] = &PersonaKind::ALL;

traits! {
    // ── What they make of a request ──────────────────────────────────────────────────────────────────
    ScopingRefused "scoping-refused" Confirmed Vendor, &[AdfsOld],
        "SimpleSAMLphp issue 498 (AD FS 2.0 and 3.0: MSIS1001); pull request 750: accepted from AD FS 4.0 on"
        "Afviser en forespørgsel med Scoping (MSIS1001)"
        "Refuses a request with Scoping (MSIS1001)";
    UnknownClassRefRefused "unknown-class-ref-refused" Inferred Vendor, &[Adfs, AdfsOld, Oiosaml3, Foxids],
        "AD FS: php-saml issue 62, MSIS7102; others: SAML core §3.3.2.2.1"
        "Svarer NoAuthnContext, når den ikke kender nogen af de ønskede class refs"
        "Answers NoAuthnContext where it knows none of the requested class refs";
    MultipleauthnSecondFactor "multipleauthn-second-factor" Inferred Vendor, &[Adfs, AdfsOld, Entra, Os2faktor],
        "OS2faktor-Login KombitServiceProviderV2 (confirmed); Microsoft's claims/multipleauthn in a request is inferred from the profiles"
        "Forstår multipleauthn som krav om to-faktor"
        "Takes multipleauthn as a demand for a second factor";
    MethodMismatchRefused "method-mismatch-refused" Confirmed Vendor, &[Entra],
        "Microsoft Entra error AADSTS75011; pfSense-saml2 issue 20"
        "Standser brugeren, når den ønskede metode ikke er den, brugeren er logget på med; ForceAuthn eller ingen class ref hjælper (AADSTS75011)"
        "Stops the user where the requested method is not the one they logged in with; ForceAuthn or no class ref helps (AADSTS75011)";
    AssuranceLevel3Only "assurance-level-3-only" Confirmed Vendor, &[Os2faktor],
        "OS2faktor-Login KombitServiceProviderV2"
        "Kender kun AssuranceLevel:3 blandt NIST-niveauerne; 4 giver ikke to-faktor"
        "Knows only AssuranceLevel:3 of the NIST levels; 4 does not lead to a second factor";
    HighRefused "high-refused" Confirmed Vendor, &[Os2faktor],
        "OS2faktor-Login KombitServiceProviderV2"
        "Afviser NSIS Høj"
        "Refuses NSIS High";
    RequesterPolicy "requester-policy" Confirmed Vendor, &[Os2faktor],
        "OS2faktor-Login KombitServiceProviderV2: table kombit_subsystems"
        "Hæver kravet efter det system, der står først i RequesterID"
        "Raises the demand by the system that stands first in RequesterID";
    RequestAgeChecked "request-age-checked" Confirmed Vendor, &[Os2faktor],
        "OS2faktor-Login KombitServiceProviderV2"
        "Afviser en forespørgsel, hvis IssueInstant er mere end fem minutter fra nu"
        "Refuses a request whose IssueInstant is more than five minutes from now";
    ForceAndPassiveRefused "force-and-passive-refused" Confirmed Vendor, &[Os2faktor],
        "OS2faktor-Login KombitServiceProviderV2"
        "Afviser ForceAuthn sammen med IsPassive"
        "Refuses ForceAuthn together with IsPassive";
    RequestedLevelNotEvaluated "requested-level-not-evaluated" Confirmed Vendor, &[Safewhere],
        "docs.safewhere.com: by default Identify does not evaluate levels of assurance in an AuthnRequest"
        "Ser ikke på det ønskede niveau: svarer med det, brugeren kan"
        "Does not look at the requested level: answers with what the user can";
    StrongestWhenUnasked "strongest-when-unasked" Inferred Vendor, &[Adfs, AdfsOld, Entra],
        "KOMBIT programledermøde, November 2024: Without requested LoA means the highest level the IdP can give"
        "Bruger to-faktor hos alle, der har det, når profilen ikke beder om noget"
        "Uses the second factor of everybody who has one where the profile asks for nothing";

    // ── What they say in an answer ────────────────────────────────────────────────────────────────────
    FirstFactorClassRef "first-factor-class-ref" Confirmed Vendor, &[Adfs, AdfsOld],
        "OpenConext-engineblock issue 1641"
        "Class ref er altid den første faktors, også når der blev brugt to"
        "The class ref is always the first factor's, also where two were used";
    AuthnMethodsReferences "authn-methods-references" Inferred Vendor, &[Adfs, Entra],
        "OpenConext-engineblock issue 1641; that AD FS sends it only in newer versions is ours"
        "Attributten authnmethodsreferences nævner alle brugte metoder"
        "The attribute authnmethodsreferences lists every method that was used";
    NistForNonNsis "nist-for-non-nsis" Inferred Vendor, &[Adfs, AdfsOld, Entra, Os2faktor],
        "OS2faktor-Login KombitServiceProviderV2; for Microsoft's products a claim rule of our making"
        "Sender NIST-niveau i et OIOSAML3-svar om brugere uden NSIS-identitet"
        "Sends a NIST level in an OIOSAML3 response about users without an NSIS identity";
    NsisClassRefWithoutLevel "nsis-class-ref-without-level" Confirmed Vendor, &[Os2faktor],
        "OS2faktor-Login KombitServiceProviderV2"
        "Class ref nævner NSIS uden niveau, når NSIS blev krævet"
        "The class ref names NSIS without a level where NSIS was required";
    ClassRefEchoed "class-ref-echoed" Confirmed Vendor, &[Os2faktor],
        "OS2faktor-Login KombitServiceProviderV2"
        "Svarer ellers med den første ønskede class ref"
        "Answers otherwise with the first class ref that was requested";
    LevelClassRef "level-class-ref" Inferred Vendor, &[Oiosaml3, Safewhere, Foxids],
        "Safewhere/kombit SampleMessages (2023)"
        "Class ref er det opnåede NSIS-niveau"
        "The class ref is the NSIS level that was reached";
    NoSecondLevelStatus "no-second-level-status" Confirmed Vendor, &[Os2faktor],
        "OS2faktor-Login KombitServiceProviderV2"
        "Afviser uden statuskode på andet niveau"
        "Refuses without a second-level status code";
    EncryptsAssertion "encrypts-assertion" Inferred Vendor, &[Adfs, AdfsOld, Entra, Os2faktor, Foxids, Oiosaml3],
        "OS2faktor-Login and FoxIDs by default; for the others our choice"
        "Krypterer til hubben"
        "Encrypts for the hub";
    SignsResponse "signs-response" Confirmed Vendor, &[Safewhere],
        "Safewhere/kombit SampleMessages (2023)"
        "Underskriver hele svaret, og ikke påstanden i det"
        "Signs the Response, and not the assertion in it";
    NameIdWithBlanks "name-id-with-blanks" Confirmed Vendor, &[Safewhere],
        "Safewhere/kombit SampleMessages (2023)"
        "NameID har mellemrum omkring lighedstegn og efter komma"
        "The NameID has blanks around equals signs and after commas";
    OrganisationNamed "organisation-named" Confirmed Vendor, &[Safewhere],
        "Safewhere/kombit SampleMessages (2023)"
        "Sender et organisationsnavn"
        "Sends a name of the organisation";
    NoKombitVersion "no-kombit-version" Confirmed Vendor, &[Safewhere],
        "Safewhere/kombit SampleMessages (2023)"
        "Udelader KombitSpecVer"
        "Leaves out KombitSpecVer";
    KombitVersionUri "kombit-version-uri" Confirmed Vendor, &[Foxids],
        "FoxIDs docs/howto-saml-2.0-context-handler"
        "Skriver kombitSpecVer med navnet https://data.gov.dk/model/core/kombitSpecVer"
        "Writes kombitSpecVer by its newer name, a URI";
    RelayStateEchoed "relay-state-echoed" Confirmed Vendor, EVERYBODY,
        "SAML bindings §3.4.3; Microsoft's pages on AD FS and RelayState"
        "Sender RelayState tilbage byte for byte"
        "Sends RelayState back byte for byte";
    MetadataDaily "metadata-daily" Inferred Vendor, &[Adfs, AdfsOld],
        "Microsoft: AD FS 2.0, Federation Service Properties, Monitor partners once every 24 hours, from midnight"
        "Henter hubbens metadata én gang i døgnet, ved midnat, hvis der ikke står andet i `trust`"
        "Fetches the hub's metadata once a day, at midnight, unless `trust` says otherwise";

    // ── What no IdP should do ─────────────────────────────────────────────────────────────────────────
    ReturnsLower "returns-lower" Ours Misbehaviour(Some(Check::LevelReached)), &[],
        "Vejviser"
        "Svarer med niveauet under det opnåede"
        "States the level below the one that was reached";
    ReturnsHigher "returns-higher" Ours Misbehaviour(Some(Check::LevelCeiling)), &[],
        "Vejviser"
        "Svarer altid med det højeste niveau, også ud over det registrerede"
        "Always states the highest level, also above the registered one";
    ReturnsNoLevel "returns-no-level" Ours Misbehaviour(Some(Check::LevelReached)), &[],
        "OIOSAML.Java issue 2; Vejviser"
        "Sender ingen attribut med niveau"
        "Sends no attribute with a level";
    ContradictoryLevels "contradictory-levels" Ours Misbehaviour(Some(Check::LevelUnambiguous)), &[],
        "Vejviser"
        "Sender to niveauer, der modsiger hinanden"
        "Sends two levels that contradict each other";
    IgnoresForceAuthn "ignores-force-authn" Ours Misbehaviour(Some(Check::AuthnInstant)), &[],
        "SAML core §3.4.1"
        "Svarer med en gammel session, selv om hubben kræver nyt login (ForceAuthn)"
        "Answers from an old session although the hub demands a new login (ForceAuthn)";
    DropsRelayState "drops-relay-state" Ours Misbehaviour(None), &[],
        "SAML bindings §3.4.3"
        "Glemmer RelayState"
        "Forgets RelayState";
    Slow "slow" Ours Misbehaviour(None), &[],
        "Vejviser"
        "Lader brugeren vente, før svaret sendes (delay_seconds, normalt 20)"
        "Has the user wait before the answer is sent (delay_seconds, usually 20)";
    ClockAhead "clock-ahead" Ours Misbehaviour(Some(Check::ResponseIssueInstant)), &[],
        "saml-client issue 19, gosaml2 issues 57 and 287"
        "Uret er foran (skew_seconds, normalt 600)"
        "Its clock is ahead (skew_seconds, usually 600)";
    ClockBehind "clock-behind" Ours Misbehaviour(Some(Check::ResponseIssueInstant)), &[],
        "Keycloak issue 34132; Vejviser"
        "Uret er bagud (skew_seconds, normalt 600)"
        "Its clock is behind (skew_seconds, usually 600)";
    Unsigned "unsigned" Ours Misbehaviour(Some(Check::AssertionSignature)), &[],
        "SAML profiles §4.1.4.5"
        "Underskriver hverken svar eller påstand"
        "Signs neither Response nor assertion";
    WrongKey "wrong-key" Ours Misbehaviour(Some(Check::AssertionSignature)), &[],
        "Vejviser"
        "Underskriver med en nøgle, der ikke står i dens metadata"
        "Signs with a key that is not in its metadata";
    ExpiredCertificate "expired-certificate" Ours Misbehaviour(None), &[],
        "ITfoxtec Saml2 issue 168"
        "Certifikatet i metadata er udløbet; nøglen er den samme"
        "The certificate in its metadata has expired; the key is the same";
    OtherCvr "other-cvr" Ours Misbehaviour(Some(Check::CvrContext)), &[],
        "Vejviser"
        "Taler for en organisation, den ikke er registreret til (CVR 99999999)"
        "Speaks for an organisation that it is not registered for (CVR 99999999)";
}

/// Traits of which one IdP can have one only.
const GROUPS: &[&[Trait]] = &[
    &[
        Trait::ReturnsLower,
        Trait::ReturnsHigher,
        Trait::ReturnsNoLevel,
        Trait::ContradictoryLevels,
    ],
    &[Trait::RelayStateEchoed, Trait::DropsRelayState],
    &[Trait::ClockAhead, Trait::ClockBehind],
    &[Trait::SignsResponse, Trait::Unsigned],
    &[Trait::WrongKey, Trait::Unsigned],
    &[Trait::NoKombitVersion, Trait::KombitVersionUri],
    &[
        Trait::FirstFactorClassRef,
        Trait::NsisClassRefWithoutLevel,
        Trait::LevelClassRef,
    ],
    &[
        Trait::FirstFactorClassRef,
        Trait::ClassRefEchoed,
        Trait::LevelClassRef,
    ],
];

impl Trait {
    /// Its stable id.
    pub fn id(self) -> &'static str {
        self.about().id
    }

    /// Whether no IdP can have both. Of a vendor's own traits the one gives way that contradicts an added one.
    pub fn contradicts(self, other: Self) -> bool {
        self != other
            && GROUPS
                .iter()
                .any(|group| group.contains(&self) && group.contains(&other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case_and_lead_back() {
        for one in Trait::ALL {
            let about = one.about();
            let same = Trait::ALL.iter().filter(|other| other.id() == about.id);
            assert_eq!(same.collect::<Vec<_>>(), [one]);
            assert!(
                about.id.split('-').all(|word| !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())),
                "{}",
                about.id
            );
            assert!(!about.source.is_empty() && about.da != about.en);
        }
        assert_eq!(IDS.len(), Trait::ALL.len());
    }

    /// A vendor has its traits by itself; nobody misbehaves unless the file says so.
    #[test]
    fn misbehaviour_is_ours_and_nobodys_own() {
        for one in Trait::ALL {
            let about = one.about();
            assert_eq!(
                about.nature == Vendor,
                !about.kinds.is_empty(),
                "{}",
                about.id
            );
            assert_eq!(about.mark == Mark::Ours, about.nature != Vendor);
        }
    }

    #[test]
    fn no_vendor_contradicts_itself() {
        for kind in PersonaKind::ALL {
            let own: Vec<Trait> = kind.traits().collect();
            for one in &own {
                assert!(!own.iter().any(|other| one.contradicts(*other)), "{one:?}");
            }
        }
    }
}
