//! The file as written. Names follow the real hub's provisioning interface (CH.json), in English.

use super::persona::{Defect, LogoutHabit, Persona, PersonaKind};
use super::trust::TrustEntry;
use crate::hub::Settings;
use crate::hub::keys::Generation;
use crate::oiosaml::{AttributeProfile, Cvr, Nist, Nsis, OiosamlVersion, RequestProfile};
use ipnet::IpNet;
use serde::Deserialize;
use std::net::IpAddr;
use toml::Spanned;

/// `federation.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The hub itself.
    #[serde(default)]
    pub hub: HubEntry,
    /// What is unknown of the real hub.
    #[serde(default)]
    pub settings: Settings,
    /// Rules that a capture of the real hub shows at work.
    #[serde(default)]
    pub observed: Vec<ObservedEntry>,
    /// Objects of the provisioning interface that have no section here (a file, relative to this one): roles, role mappings,
    /// users, client certificates …
    pub objects: Option<Spanned<String>>,
    /// Organisations, for their names.
    #[serde(default, rename = "organisation")]
    pub organisations: Vec<OrganisationEntry>,
    /// Identity providers.
    #[serde(default, rename = "identity_provider")]
    pub identity_providers: Vec<Spanned<IdentityProviderEntry>>,
    /// User-facing systems.
    #[serde(default, rename = "user_facing_system")]
    pub user_facing_systems: Vec<Spanned<UserFacingSystemEntry>>,
}

/// `[[observed]]`: what `vejviser calibrate` prints.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObservedEntry {
    /// The rule, as flows name it.
    pub rule: String,
    /// What it looked at, as flows say it; without it, the rule counts as seen whatever it looks at.
    pub input: Option<String>,
    /// SHA-256 of the capture, in hex.
    pub capture: String,
    /// When the captured message was made.
    pub date: Option<toml::value::Datetime>,
    /// A note for whoever reads the file.
    pub note: Option<String>,
}

/// `[hub]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HubEntry {
    /// Public address, for example `https://hub.example.dk`. Flags win over it.
    pub public_url: Option<Spanned<String>>,
    /// entityID; default `<public_url>/runtime`.
    pub entity_id: Option<Spanned<String>>,
    /// Name in metadata.
    pub organisation: Option<String>,
    /// Keys. One pair serves both roles and both uses, as the real hub has it.
    pub keys: Vec<Spanned<HubKeys>>,
    /// TLS certificate chain (PEM) of the public listener; with `tls_key`.
    pub tls_certificate: Option<Spanned<String>>,
    /// TLS key (PEM).
    pub tls_key: Option<Spanned<String>>,
    /// TLS certificate chain (PEM) of the management listener, which then speaks https; with `manage_tls_key`. Without them
    /// `--manage-tls` takes the public listener's.
    pub manage_tls_certificate: Option<Spanned<String>>,
    /// TLS key (PEM).
    pub manage_tls_key: Option<Spanned<String>>,
    /// Certificates (PEM or DER) of those who administer: whoever shows one to the management listener over https may do what
    /// its token allows.
    pub manage_certificates: Vec<Spanned<String>>,
    /// File of at least 32 random bytes, from which the key is made that seals remembered choices. Without it
    /// a key is made at every start, and browsers' choices are forgotten with it.
    pub memory_key: Option<Spanned<String>>,
    /// Proxies (networks) whose `X-Forwarded-For` counts when an IdP is chosen by the user's address.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether the built-in test systems, one per OIOSAML version and level, are served: with them a municipality tries its
    /// own IdP without any supplier. A demo always has them.
    pub test_systems: bool,
    /// Files (PEM) of CAs whose certificates are good when metadata is validated, beside the project's own test CAs: OCES3's.
    pub trusted_cas: Vec<Spanned<String>>,
    /// File (PEM) of CAs that TLS servers may have their certificates from when metadata is fetched, beside those of the machine.
    pub fetch_roots: Option<Spanned<String>>,
    /// Whether CAs are asked (OCSP, CRL) when metadata is validated: without it nothing goes out for that.
    pub ask_cas: bool,
    /// Certificate (PEM or DER) of a CA that the hub answers for at `/ca`: its list, and OCSP; with `test_ca_key`. `certs new
    /// --keep-ca` makes one.
    pub test_ca: Option<Spanned<String>>,
    /// Its private key (PEM).
    pub test_ca_key: Option<Spanned<String>>,
}

/// `[[hub.keys]]`: one certificate and its key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubKeys {
    /// PEM or DER file, relative to the configuration.
    pub certificate: Spanned<String>,
    /// PEM file, relative to the configuration.
    pub key: Spanned<String>,
    /// When it is used: `active` (default); `previous` still decrypts; `next` waits for a change.
    #[serde(default = "active")]
    pub generation: Generation,
    /// The role that it is for; without it, both.
    pub role: Option<KeyRole>,
    /// What it is for; without it, signing and encryption.
    #[serde(rename = "use")]
    pub usage: Option<KeyUse>,
}

/// A role of the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyRole {
    /// Towards user-facing systems.
    Idp,
    /// Towards identity providers.
    Sp,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyUse {
    /// It signs.
    Signing,
    /// It decrypts.
    Encryption,
}

impl KeyRole {
    /// For a problem's text.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Idp => "IdP (towards systems)",
            Self::Sp => "SP (towards identity providers)",
        }
    }
}

impl KeyUse {
    /// For a problem's text.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Signing => "signing",
            Self::Encryption => "encryption",
        }
    }
}

fn active() -> Generation {
    Generation::Active
}

/// `[[organisation]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationEntry {
    /// CVR.
    pub cvr: Spanned<Cvr>,
    /// Name: goes into orgName.
    pub name: String,
    /// E-mail domains that people search for.
    #[serde(default)]
    pub email_domains: Vec<String>,
}

/// `[[identity_provider]]`: `IdentityProvider` of CH.json.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityProviderEntry {
    /// Short name: host of a persona, and name on the command line.
    pub name: Spanned<String>,
    /// `Id`. May be left out for a persona.
    pub id: Option<Spanned<String>>,
    /// `Praesentationsnavn`.
    pub presentation_name: String,
    /// `Beskrivelse`.
    #[serde(default)]
    pub description: String,
    /// `OIOSAMLProfile`.
    pub oiosaml_profile: Spanned<RequestProfile>,
    /// `AssuranceLevel`.
    pub assurance_level: Spanned<Nist>,
    /// `NSISAssuranceLevel`: Low, Substantial or High.
    pub nsis_assurance_level: Option<Spanned<Nsis>>,
    /// `Anvenderkontekster`.
    #[serde(default)]
    pub user_contexts: Vec<Spanned<Cvr>>,
    /// `IpAdresser`.
    #[serde(default)]
    pub ip_addresses: Vec<IpAddr>,
    /// `KenderRoller`.
    #[serde(default)]
    pub knows_roles: bool,
    /// `Mobilvenlig`.
    #[serde(default)]
    pub mobile_friendly: bool,
    /// `SupportsScope`.
    #[serde(default)]
    pub supports_scope: bool,
    /// `SupportsStepUp`.
    #[serde(default)]
    pub supports_step_up: bool,
    /// `SamlMetadata`: a file, relative to the configuration. A persona renders its own.
    pub saml_metadata: Option<Spanned<String>>,
    /// `SamlMetadata.MetadataUrl`: the running hub fetches it, and again when it grows old.
    pub saml_metadata_url: Option<Spanned<String>>,
    /// Certificates that it had before (files): what their keys sign is refused, and the refusal says so.
    #[serde(default)]
    pub rotated_out: Vec<Spanned<String>>,
    /// Short name of the IdP that takes its place.
    pub replaced_by: Option<Spanned<String>>,
    /// The product behind a real IdP: whose habits the profile matrix expects. Nothing else looks at it.
    pub product: Option<PersonaKind>,
    /// How a script logs in at it, for `matrix --live`. The hub does not look at it.
    pub login: Option<LoginEntry>,
    /// How it takes over a change of the hub's certificate.
    pub trust: Option<TrustEntry>,
    /// The invented IdP behind it: in `demo` only.
    pub persona: Option<Spanned<Persona>>,
}

/// `[identity_provider.login]`: the form of the IdP's login page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginEntry {
    /// `name` of the field for the user's name.
    pub user_field: String,
    /// `name` of the field for the password.
    pub password_field: String,
    /// The user's name.
    pub user: String,
    /// File with the password, relative to the configuration.
    pub password_file: String,
    /// `name` of the button, where the form has several.
    pub submit: Option<String>,
}

/// `[[user_facing_system]]`: `BrugervendtSystem` of CH.json.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserFacingSystemEntry {
    /// Short name.
    pub name: Spanned<String>,
    /// `Id`. May be left out for a demo system.
    pub id: Option<Spanned<String>>,
    /// What people call it.
    pub presentation_name: Option<String>,
    /// `Cvr`.
    pub cvr: Spanned<Cvr>,
    /// `OIOSAMLProfile`.
    pub oiosaml_profile: Spanned<OiosamlVersion>,
    /// `AssuranceLevel`.
    pub assurance_level: Option<Spanned<Nist>>,
    /// `NSISAssuranceLevel`.
    pub nsis_assurance_level: Option<Spanned<Nsis>>,
    /// `AttributeProfile`.
    #[serde(default)]
    pub attribute_profile: AttributeProfile,
    /// `SamlMetadata`: a file, relative to the configuration. A demo system renders its own.
    pub saml_metadata: Option<Spanned<String>>,
    /// `SamlMetadata.MetadataUrl`: the running hub fetches it, and again when it grows old.
    pub saml_metadata_url: Option<Spanned<String>>,
    /// Certificates that it had before (files): what their keys sign is refused, and the refusal says so.
    #[serde(default)]
    pub rotated_out: Vec<Spanned<String>>,
    /// Context Handler generation: 1 or 2. Default 2.
    pub generation: Option<Spanned<u8>>,
    /// Date on which generation 1 becomes 2.
    pub generation_2_from: Option<Spanned<toml::value::Datetime>>,
    /// Overrides how assertions are encrypted.
    pub encryption: Option<Spanned<EncryptionEntry>>,
    /// How it takes over a change of the hub's certificate.
    pub trust: Option<TrustEntry>,
    /// The demo system behind it: in `demo` only.
    pub demo: Option<Spanned<DemoSystem>>,
}

/// `[user_facing_system.encryption]`: an override per system wins over its metadata.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EncryptionEntry {
    /// URI of the block cipher; CBC is possible only here.
    pub cipher: Option<String>,
    /// URI of the key transport.
    pub key_transport: Option<String>,
    /// URI of the OAEP digest.
    pub digest: Option<String>,
    /// `false`: assertions go out in clear, for a system whose metadata has no encryption key.
    #[serde(default = "yes")]
    pub encrypt: bool,
}

/// `[user_facing_system.demo]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoSystem {
    /// Name of its key pair in the test PKI.
    pub key: String,
    /// Whether it sends its request by POST.
    #[serde(default)]
    pub post: bool,
    /// Whether it does everything that the system test wants of a system.
    #[serde(default)]
    pub strict: bool,
    /// The one mistake of a system that is strict in everything else.
    pub defect: Option<Defect>,
    /// What it does with single logout; usually it answers.
    pub logout: Option<Spanned<LogoutHabit>>,
}

impl DemoSystem {
    /// With the key pair of this name, and nothing else said.
    pub fn of(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            post: false,
            strict: false,
            defect: None,
            logout: None,
        }
    }

    /// What it does with single logout.
    pub fn logout(&self) -> LogoutHabit {
        self.logout
            .as_ref()
            .map_or_else(LogoutHabit::default, |habit| *habit.get_ref())
    }

    /// Whether it is strict, but for one mistake where it has one.
    pub fn is_strict(&self) -> bool {
        self.strict || self.defect.is_some()
    }

    /// Whether this is its mistake.
    pub fn has(&self, defect: Defect) -> bool {
        self.defect == Some(defect)
    }
}

fn yes() -> bool {
    true
}
