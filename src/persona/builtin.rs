//! The built-in test systems: one per OIOSAML version and level, so that an IdP is tried without any supplier.

use super::cast::{SystemInfo, SystemPart, nobody};
use super::{Addresses, Role, metadata};
use crate::config::{BUILT_IN, DemoSystem};
use crate::dsig::Recipient;
use crate::hub::UserFacingSystem;
use crate::hub::federation::Generation;
use crate::hub::keys::{KeyPair, KeyRing, RoleKeys};
use crate::mint::{Authority, Chance, DAYS_A_YEAR, KeyKind, MintError, Recipe, make};
use crate::oiosaml::{AttributeProfile, Level, OiosamlVersion};
use crate::saml::metadata::{Endpoint, IndexedEndpoint};
use crate::saml::names::binding;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// The seven systems, with one key pair for all.
#[derive(Debug, Clone)]
pub struct BuiltIn {
    parts: Vec<SystemPart>,
}

impl BuiltIn {
    /// At these addresses, with this key.
    pub fn new(addresses: &Addresses, pair: KeyPair) -> Self {
        let keys = Arc::new(RoleKeys::of(&pair));
        let ring = KeyRing::of(pair);
        let parts = BUILT_IN.iter().zip(Level::ALL);
        let parts = parts.map(|(name, level)| {
            let site = addresses.site(Role::System, name);
            let title = format!("Prøvesystem {}", level.english());
            let demo = DemoSystem::of("");
            SystemPart {
                metadata: metadata::of_system(
                    &site.url("/metadata"),
                    &title,
                    &site,
                    &keys.shown,
                    &demo,
                ),
                name: (*name).to_owned(),
                site,
                title,
                level: Some(level),
                profile: match level {
                    Level::Nist(_) => OiosamlVersion::V2,
                    Level::Nsis(_) => OiosamlVersion::V3,
                },
                demo,
                ring: ring.clone(),
                keys: keys.clone(),
            }
        });
        Self {
            parts: parts.collect(),
        }
    }

    /// As the hub knows them.
    pub fn registered(&self) -> Vec<UserFacingSystem> {
        self.parts.iter().filter_map(registered).collect()
    }

    /// As scripts see them.
    pub fn systems(&self) -> Vec<SystemInfo> {
        self.parts.iter().map(SystemPart::info).collect()
    }

    pub(super) fn into_parts(self) -> Vec<SystemPart> {
        self.parts
    }
}

fn registered(part: &SystemPart) -> Option<UserFacingSystem> {
    let public = part.keys.public_keys();
    let (cipher, transport) = super::habits::GCM;
    Some(UserFacingSystem {
        name: part.name.clone(),
        id: part.metadata.entity_id.clone(),
        presentation_name: part.title.clone(),
        // It belongs to the hub itself.
        cvr: nobody(),
        oiosaml_profile: part.profile,
        required_level: part.level?,
        attribute_profile: AttributeProfile::default(),
        assertion_consumers: vec![IndexedEndpoint {
            endpoint: Endpoint {
                binding: binding::POST.to_owned(),
                location: part.site.url("/acs"),
                response_location: None,
            },
            index: 0,
            is_default: Some(true),
        }],
        default_acs: 0,
        single_logout: (part.metadata.sp.as_ref())
            .map(|role| role.single_logout.clone())
            .unwrap_or_default(),
        encryption: Some(Recipient {
            key: part.keys.encryption_key()?,
            cipher,
            transport,
        }),
        signing_keys: public,
        former_keys: Vec::new(),
        valid_until: None,
        generation: Generation::Two,
        role_mappings: std::sync::Arc::default(),
    })
}

/// A key pair made on the spot, by a CA that is gone at once: its certificate says whose it is, and the hub looks at the
/// key alone.
pub fn fresh_pair(now: OffsetDateTime, chance: &mut impl Chance) -> Result<KeyPair, MintError> {
    let days = 3 * DAYS_A_YEAR;
    // On a curve: a second RSA key would double the wait.
    let authority = Authority::on(KeyKind::P256, now, days, chance)?;
    let recipe = Recipe {
        organisation: "Vejviser (opfundet)".to_owned(),
        cvr: nobody(),
        common_name: "Vejviser: indbyggede prøvesystemer".to_owned(),
        uuid: None,
        not_before: now - Duration::days(1),
        days,
        key: KeyKind::Rsa(2048),
        fault: None,
        reuse: None,
    };
    let made = make(&recipe, &authority, chance)?;
    Ok(KeyPair::parse(
        made.certificate_pem.as_bytes(),
        made.key_pem.as_bytes(),
    )?)
}
