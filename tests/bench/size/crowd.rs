//! The parties that nobody logs in at: each with a key of its own, in the store of a folder.

use crate::support::served::{self, Folder};
use crate::support::world::self_signed;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use serde_json::json;
use time::OffsetDateTime;
use vejviser::dsig::Certificate;
use vejviser::hub::federation::Organisation;
use vejviser::oiosaml::Cvr;
use vejviser::registry::beside::Beside;
use vejviser::registry::object::{IdentityProvider, SamlMetadata, UserFacingSystem, read};
use vejviser::registry::{Content, Draft, Judge};
use vejviser::store::Sqlite;
use vejviser::store::records::Records;

/// A certificate on a P-256 key: quick to make.
fn certificate() -> Certificate {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    self_signed(&PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap())
}

/// Registers so many municipalities with so many identity providers each, and so many systems.
pub fn settle(folder: &Folder, municipalities: usize, idps_each: usize, systems: usize) {
    let judge = Judge::default();
    let mut draft = Draft::new(Content::default(), &judge, OffsetDateTime::now_utc());
    for municipality in 1..=municipalities {
        let cvr = format!("3{municipality:07}");
        let title = format!("Kommune {municipality:02}");
        let organisation = Organisation {
            name: title.clone(),
            email_domains: vec![format!("kommune-{municipality:02}.example")],
        };
        draft.put_organisation(Cvr::parse(&cvr).unwrap(), organisation);
        for number in 1..=idps_each {
            let id = format!("https://idp-{number}.kommune-{municipality:02}.example/saml");
            let metadata = served::idp(&id, &certificate());
            let mut idp: IdentityProvider = read(json!({
                "Id": id, "Anvenderkontekster": [{ "Cvr": cvr }], "AssuranceLevel": 3, "Beskrivelse": "", "KenderRoller": true,
                "Mobilvenlig": false, "Praesentationsnavn": format!("{title} {number}"), "OIOSAMLProfile": "OIOSAML3",
                "NSISAssuranceLevel": "https://data.gov.dk/concept/core/nsis/loa/Substantial", "SamlMetadata": { "MetadataUrl": "-" },
            }))
            .unwrap();
            idp.saml_metadata = SamlMetadata::Document(metadata.into_bytes().into());
            let beside = Beside::named(format!("kommune-{municipality:02}-{number}"));
            draft
                .put_identity_provider(idp, Some(beside), None)
                .unwrap();
        }
    }
    for number in 1..=systems {
        let id = format!("https://system-{number:04}.example/saml");
        let metadata = served::system(&id, &certificate());
        let mut system: UserFacingSystem = read(json!({
            "Id": id, "Cvr": "55555555", "OIOSAMLProfile": "OIOSAML3", "SamlMetadata": { "MetadataUrl": "-" },
            "NSISAssuranceLevel": "https://data.gov.dk/concept/core/nsis/loa/Substantial",
        }))
        .unwrap();
        system.saml_metadata = SamlMetadata::Document(metadata.into_bytes().into());
        // A P-256 key cannot take an assertion encrypted.
        let mut beside = Beside::named(format!("system-{number:04}"));
        beside.rest = "encryption = { encrypt = false }".parse().unwrap();
        draft.put_system(system, Some(beside), None).unwrap();
    }
    let (_, writes) = draft.finish();
    let store = Sqlite::open(&folder.path("federation.db")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let commit = store.commit(0, &writes, "size", OffsetDateTime::now_utc());
    runtime.block_on(commit).unwrap();
}
