//! The real hub's own metadata (ext-test, read in place): its SP role is a system to us, its IdP role an
//! identity provider, each in a federation of its own, because both have one entityID.

use crate::support::shared;
use std::path::Path;
use time::macros::datetime;
use vejviser::config;

const ENTITY_ID: &str = "https://saml.n2adgangsstyring.eksterntest-stoettesystemerne.dk/runtime";
/// While the certificate in it was valid.
const THEN: time::OffsetDateTime = datetime!(2026-01-05 08:00:00 UTC);

fn idp(folder: &Path) -> String {
    format!(
        r#"
[[organisation]]
cvr = "11111111"
name = "Prøvekøbing Kommune"
[[identity_provider]]
name = "ch2"
id = "{ENTITY_ID}"
presentation_name = "Context Handler 2 (eksterntest)"
oiosaml_profile = "OIOSAML3"
assurance_level = 4
nsis_assurance_level = "High"
user_contexts = ["11111111"]
saml_metadata = "{}"
"#,
        folder.join("ch2-idp-exttest.xml").display()
    )
}

fn system(folder: &Path) -> String {
    format!(
        r#"
[[user_facing_system]]
name = "ch2"
id = "{ENTITY_ID}"
cvr = "22222222"
oiosaml_profile = "OIOSAML3"
nsis_assurance_level = "Substantial"
saml_metadata = "{}"
"#,
        folder.join("ch2-sp-exttest.xml").display()
    )
}

/// Loads as the demo does, whose hub brings its own keys.
fn load(text: &str, now: time::OffsetDateTime) -> config::Loaded {
    let none = std::collections::BTreeMap::new();
    config::load(Path::new("federation.toml"), text, Some(&none), now)
        .unwrap_or_else(|problems| panic!("{}", config::render::text(&problems, text)))
}

#[test]
fn its_two_roles_load_as_an_idp_in_one_federation_and_a_system_in_another() {
    let Some(folder) = shared("spec/metadata") else {
        return;
    };
    let folder = folder.canonicalize().unwrap();
    let loaded = load(&idp(&folder), THEN);
    let provider = &loaded.federation.identity_providers[0];
    assert_eq!(provider.id, ENTITY_ID);
    assert!(
        provider.sso_url.ends_with("/runtime/saml2/issue.idp"),
        "{}",
        provider.sso_url
    );
    assert_eq!(provider.signing_keys.len(), 1);
    assert_eq!(
        loaded.warnings.list,
        [],
        "nothing to say while its certificate was valid"
    );

    let loaded = load(&system(&folder), THEN);
    let system = &loaded.federation.systems[0];
    assert!(
        system.assertion_consumers[system.default_acs]
            .endpoint
            .location
            .ends_with("/runtime/saml2auth/consume.idp")
    );
    let recipient = system.encryption.as_ref().expect("encrypted");
    assert_eq!(
        recipient.cipher.uri(),
        "http://www.w3.org/2009/xmlenc11#aes256-gcm",
        "it names no method"
    );
    assert_eq!(
        recipient.transport.uri(),
        "http://www.w3.org/2009/xmlenc11#rsa-oaep"
    );
}

#[test]
fn its_expired_certificate_is_told_today() {
    let Some(folder) = shared("spec/metadata") else {
        return;
    };
    let folder = folder.canonicalize().unwrap();
    let loaded = load(&idp(&folder), datetime!(2026-11-21 12:00:00 UTC));
    let ids: Vec<&str> = loaded
        .warnings
        .list
        .iter()
        .map(|problem| problem.id)
        .collect();
    assert!(ids.iter().any(|id| id.contains("expired")), "{ids:?}");
}
