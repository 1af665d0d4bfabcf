//! A new certificate on an old key: for a demo, whose test PKI has none.

use crate::edge::world::SystemEntropy;
use crate::hub::keys::KeyPair;
use crate::mint::{self, Authority, DAYS_A_YEAR, Fault, KeyKind, Recipe};
use crate::oiosaml::Cvr;
use time::{Duration, OffsetDateTime};

/// How long before the window it is valid, so that it can be handed out.
const BEFORE: Duration = Duration::days(90);
/// As OCES3 has it.
const YEARS: u32 = 3;

/// The same holder and key in a new certificate, by an invented CA of its own: trust is of keys, and nobody here builds
/// a chain.
pub fn renewed(pair: &KeyPair, window: OffsetDateTime) -> Result<KeyPair, String> {
    let story = pair.certificate.story();
    let part = |name: &str| {
        let part = story.subject_part(name).map(str::to_owned);
        part.ok_or_else(|| format!("{} has no {name}", pair.certificate.subject()))
    };
    let serial = part("serialNumber")?;
    let cvr = part("organizationIdentifier")?;
    let cvr = Cvr::parse(cvr.trim_start_matches("NTRDK-"));
    let recipe = Recipe {
        organisation: part("O")?,
        cvr: cvr.ok_or("its organizationIdentifier has no CVR number")?,
        common_name: part("CN")?,
        uuid: serial.strip_prefix("UI:DK-O:G:").map(str::to_owned),
        not_before: window - BEFORE,
        days: YEARS * DAYS_A_YEAR,
        key: KeyKind::Rsa(3072),
        // Here the one thing that is wanted: a certificate on the key of another one.
        fault: Some(Fault::Reused),
        reuse: Some(pair.decryption.pkey().clone()),
    };
    let mut chance = SystemEntropy;
    let authority = Authority::new(recipe.not_before, recipe.days, &mut chance);
    let authority = authority.map_err(|error| error.to_string())?;
    let made = mint::make(&recipe, &authority, &mut chance).map_err(|error| error.to_string())?;
    KeyPair::parse(made.certificate_pem.as_bytes(), made.key_pem.as_bytes())
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::pki;
    use time::macros::datetime;

    #[test]
    fn the_key_stays_and_the_certificate_is_another_one() {
        let pair = pki::pair("hub").unwrap();
        let new = renewed(&pair, datetime!(2026-12-02 06:00 +1)).unwrap();
        assert_eq!(
            new.signing.public().key_id(),
            pair.signing.public().key_id()
        );
        let holder = |pair: &KeyPair| {
            let story = pair.certificate.story();
            ["CN", "O", "serialNumber", "organizationIdentifier"]
                .map(|name| story.subject_part(name).map(str::to_owned))
        };
        assert_eq!(holder(&new), holder(&pair));
        assert!(holder(&new).iter().all(Option::is_some));
        assert_ne!(
            new.certificate.fingerprint(),
            pair.certificate.fingerprint()
        );
        assert!(new.certificate.not_before() < datetime!(2026-11-01 00:00 UTC));
        assert!(new.certificate.not_after() > datetime!(2029-01-01 00:00 UTC));
    }
}
