//! A key whose certificate has ended: the same key, in a certificate of some years ago.

use crate::config::pki;
use crate::edge::world::SystemEntropy;
use crate::hub::keys::KeyPair;
use crate::mint::{self, Authority, DAYS_A_YEAR, Fault, KeyKind, Recipe};
use crate::oiosaml::Cvr;
use openssl::pkey::PKey;
use time::macros::datetime;

/// The pair of the test PKI with this name, its certificate issued for 2020 to 2022.
pub fn pair(name: &str, title: &str, cvr: &Cvr) -> Result<KeyPair, String> {
    let broken = |error: &dyn std::fmt::Display| format!("key pair «{name}», expired: {error}");
    let private = pki::private_key(name)
        .ok_or_else(|| format!("the test PKI has no key pair «{name}»"))?
        .as_bytes();
    let key = PKey::private_key_from_pem(private).map_err(|error| broken(&error))?;
    let (not_before, days) = (datetime!(2020-01-01 00:00 UTC), 3 * DAYS_A_YEAR);
    let recipe = Recipe {
        organisation: title.chars().take(64).collect(),
        cvr: cvr.clone(),
        common_name: title.chars().take(64).collect(),
        uuid: None,
        not_before,
        days,
        key: KeyKind::P256,
        fault: Some(Fault::Reused),
        reuse: Some(key),
    };
    let mut chance = SystemEntropy;
    let authority =
        Authority::new(not_before, days, &mut chance).map_err(|error| broken(&error))?;
    let made = mint::make(&recipe, &authority, &mut chance).map_err(|error| broken(&error))?;
    KeyPair::parse(made.certificate_pem.as_bytes(), private).map_err(|error| broken(&error))
}
