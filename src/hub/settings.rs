//! What is not known of the real hub, each as a named setting with its default.

use super::roles::RoleSettings;
use crate::oiosaml::request_profile::MultipleAuthnFrom;
use serde::{Deserialize, Serialize};

/// The settings. Every field says in its documentation what is unknown; the flow shows which one decided.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// From which NIST level on the multipleauthn profiles ask for a second factor; the published table has
    /// a slip. Default 3.
    pub multipleauthn_from: MultipleAuthnFrom,
    /// `Comparison` sent with a NIST or NSIS class ref. NSIS: OIOSAML3 [OIO-SP-06] demands minimum. Default
    /// minimum.
    pub level_comparison: ComparisonSetting,
    /// `Comparison` sent with multipleauthn. Default none.
    pub multipleauthn_comparison: ComparisonSetting,
    /// RelayState of `OIOSAML3_ADFS_RELAY_STATE`; `{handle}` and `{level}` are filled in; at most 80 bytes.
    pub relay_state_template: String,
    /// The words for `{level}`. Default Danish.
    pub relay_state_words: LevelWords,
    /// Whether the hub's AuthnRequest has Conditions with an AudienceRestriction, as the samples of 2015 have.
    pub request_conditions: bool,
    /// What RequesterID holds. Default the system's entityID.
    pub requester_id: RequesterId,
    /// Whether the level in a system's request counts, or only the registered one. Default: the higher.
    pub requested_level: RequestedLevel,
    /// Whether a system that needs NSIS is served by an IdP registered as `OIOSAML2` or
    /// `OIOSAML2_ADFS_MULTIPLEAUTHN`. Default refuse.
    pub nsis_need_at_oiosaml2_idp: NsisNeed,
    /// Whether `OIOSAML2_WITHOUT_REQUESTED_LOA` and generation 1 let a level too low through. Default yes.
    pub under_assured_logins: bool,
    /// Whether an OIOSAML3 system with a NIST need gets `AssuranceLevel`. Default yes.
    pub assurance_level_for_oiosaml3: bool,
    /// Whether exactly one active IdP in the request's IDPList decides. Default yes.
    pub honour_idp_list: bool,
    /// Whether a refusal of an IdP without assertion may be unsigned. Default yes.
    pub unsigned_status: bool,
    /// Whether an assertion must name its user by X509SubjectName. Default yes.
    pub require_x509_subject_name: bool,
    /// Whether AuthnInstant is the time of issue, as in the sample pair, or the IdP's. Default the time of
    /// issue.
    pub authn_instant: AuthnInstantSetting,
    /// What “husk mit valg” does: as in November 2024, or as it should. Default `ch2`.
    pub remembered_choice: RememberedChoice,
    /// How many days mode `ch2` remembers. Default 365; mode `safe` has 90.
    pub remembered_choice_days: u16,
    /// Whether the chooser offers a mobile browser only identity providers that are registered as `mobile_friendly`, if there
    /// are any. “Specifies if this IdentityProvider should be enabled for mobile use” is all that is published. Default yes.
    pub mobile_filter: bool,
    /// Whether a system's login is served from the session of another's, without asking the identity provider. An
    /// identity provider's session usually does the same, one step later. Default no: every login shows what the identity
    /// provider receives.
    pub single_sign_on: bool,
    /// Minutes without a login after which a session serves no other system. The real hub's are not published; 20 is the
    /// default of the product behind it.
    pub session_idle_minutes: u16,
    /// Minutes after which the hub forgets a session: a logout that comes later finds none. Default 480.
    pub session_minutes: u16,
    /// How roles are treated: `[settings.roles]`.
    pub roles: RoleSettings,
}

/// What “husk mit valg” does; [`super::memory`] has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RememberedChoice {
    /// One choice for all systems, which holds the IdP.
    Ch2,
    /// One choice a system, which holds the organisation.
    Safe,
}

/// A Comparison that is sent, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ComparisonSetting {
    /// No attribute.
    None,
    /// exact
    Exact,
    /// minimum
    Minimum,
}

/// The vocabulary of the level in RelayState.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LevelWords {
    /// Lav, Betydelig, Høj
    Danish,
    /// Low, Substantial, High
    English,
    /// The class ref.
    Uri,
}

/// What RequesterID holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequesterId {
    /// The system's entityID (what OS2faktor looks up).
    EntityId,
    /// `ServiceProvider:CVR:…:APP:…`, the form of the 2015 sample.
    ServiceProviderCvrApp,
}

/// Which level counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestedLevel {
    /// The higher of the registered and the requested one.
    Higher,
    /// The registered one.
    RegisteredOnly,
}

/// What happens to an NSIS need at an IdP that can only state NIST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NsisNeed {
    /// Refused before the IdP is asked.
    Refuse,
    /// Asked all the same, with the converted level; the answer is then judged.
    Ask,
}

/// What AuthnInstant says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthnInstantSetting {
    /// The time of issue.
    IssueTime,
    /// What the IdP stated.
    IdentityProvider,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            multipleauthn_from: MultipleAuthnFrom::Three,
            level_comparison: ComparisonSetting::Minimum,
            multipleauthn_comparison: ComparisonSetting::None,
            relay_state_template: "{handle}&nsis={level}".to_owned(),
            relay_state_words: LevelWords::Danish,
            request_conditions: false,
            requester_id: RequesterId::EntityId,
            requested_level: RequestedLevel::Higher,
            nsis_need_at_oiosaml2_idp: NsisNeed::Refuse,
            under_assured_logins: true,
            assurance_level_for_oiosaml3: true,
            honour_idp_list: true,
            unsigned_status: true,
            require_x509_subject_name: true,
            authn_instant: AuthnInstantSetting::IssueTime,
            remembered_choice: RememberedChoice::Ch2,
            remembered_choice_days: 365,
            mobile_filter: true,
            single_sign_on: false,
            session_idle_minutes: 20,
            session_minutes: 480,
            roles: RoleSettings::default(),
        }
    }
}
