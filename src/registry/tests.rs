//! What is registered, from a file, through the interface and back from the store.

use super::content::Registered;
use super::object::{SamlMetadata, read};
use super::seed::{Seed, Source};
use super::*;
use crate::config::tests::samples::{Folder, GOOD, NOW};
use crate::config::{self, Loaded, pki};
use crate::dsig::Certificate;
use crate::hub::Federation;
use crate::store::records::Row;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const IDP: &str = "https://idp.example/saml";
const SYSTEM: &str = "https://system.example/saml";

fn judge() -> Judge {
    Judge {
        demo: false,
        own_id: "https://hub.example/runtime".to_owned(),
        own_keys: Vec::new(),
    }
}

fn loaded(folder: &Folder, text: &str) -> Loaded {
    config::load(&folder.configuration(), text, None, NOW).expect("a good file")
}

fn seed(folder: &Folder, text: &str) -> Seed {
    let loaded = loaded(folder, text);
    let beside = folder.configuration();
    let read = |name: &str| std::fs::read(beside.with_file_name(name)).ok();
    Seed::of(Source {
        text,
        file: &loaded.file,
        federation: &loaded.federation,
        read: &read,
        addresses: &BTreeMap::new(),
    })
}

/// After a file was taken over.
fn taken_over(content: Content, folder: &Folder, text: &str) -> (Content, Vec<String>) {
    changed(content, |draft| {
        draft.take_over(seed(folder, text)).map_err(Refusal::from)
    })
    .expect("good")
}

/// After a change, with the kinds and ids of what was written.
fn changed(
    content: Content,
    change: impl FnOnce(&mut Draft<'_>) -> Result<(), Refusal>,
) -> Result<(Content, Vec<String>), Refusal> {
    let judge = judge();
    let mut draft = Draft::new(content, &judge, NOW);
    change(&mut draft)?;
    let (content, writes) = draft.finish();
    let writes = writes
        .into_iter()
        .map(|write| format!("{} {}", write.kind, write.id));
    Ok((content, writes.collect()))
}

fn edited(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replace(from, to)
}

/// A federation as text: its keys have no other equality.
fn text(federation: &Federation) -> String {
    format!("{federation:?}")
}

fn in_english(refusal: Refusal) -> Vec<String> {
    match refusal {
        Refusal::Invalid(reasons) => reasons.into_iter().map(|reason| reason.en).collect(),
        other => panic!("{other:?}"),
    }
}

fn idp(id: &str, file: &str, folder: &Folder) -> Value {
    let xml = std::fs::read(folder.configuration().with_file_name(file)).expect(file);
    json!({ "Id": id, "Beskrivelse": "", "AssuranceLevel": 3, "KenderRoller": true, "Mobilvenlig": false,
        "Praesentationsnavn": "Øvrig IdP", "SamlMetadata": { "Xml": STANDARD.encode(xml) }, "OIOSAMLProfile": "OIOSAML3",
        "NSISAssuranceLevel": "https://data.gov.dk/concept/core/nsis/loa/High", "Anvenderkontekster": [{ "Cvr": "11111111" }] })
}

#[test]
fn a_file_is_registered_as_it_is_loaded_and_the_store_gives_back_the_same() {
    let folder = Folder::new();
    let text_of_file = edited(
        "saml_metadata = \"sp.xml\"",
        "saml_metadata = \"sp.xml\"\nrotated_out = [\"other.pem\"]\ngeneration = 1\n[user_facing_system.trust]\nsource = \"manual\"\n\
         acts = [2026-12-02T06:00:00+01:00]\n[user_facing_system.encryption]\ncipher = \"http://www.w3.org/2009/xmlenc11#aes128-gcm\"",
    );
    let expected = text(&loaded(&folder, &text_of_file).federation);
    let (content, _) = taken_over(Content::default(), &folder, &text_of_file);
    assert_eq!(text(&content.federation()), expected);
    let rows = content.rows();
    let again = Content::load(&rows, &judge(), NOW).expect("what was stored");
    assert_eq!(text(&again.federation()), expected);
    assert_eq!(again.rows(), rows);
    let system = &again.systems[SYSTEM];
    assert!(system.beside.rest["trust"]["acts"][0].is_datetime());
    assert_eq!(system.beside.files.len(), 1);
}

#[test]
fn what_is_stored_is_read_whole_or_not_at_all() {
    let folder = Folder::new();
    let (content, _) = taken_over(Content::default(), &folder, GOOD);
    let rows = content.rows();
    for (index, row) in rows.iter().enumerate() {
        let mut broken = rows.clone();
        broken[index].body.truncate(row.body.len() / 2);
        let read = Content::load(&broken, &judge(), NOW);
        let whole = row.kind == "file";
        assert_eq!(
            read.is_ok(),
            whole,
            "{}: what was taken over is a mark, and no object",
            row.kind
        );
    }
    let unknown = Row {
        kind: "thing".to_owned(),
        id: "a".to_owned(),
        body: "{}".to_owned(),
    };
    assert!(Content::load(&[unknown], &judge(), NOW).is_err());
}

#[test]
fn a_party_that_cannot_be_served_any_more_stays_registered_and_says_why() {
    let folder = Folder::new();
    let (content, _) = taken_over(Content::default(), &folder, GOOD);
    let mut rows = content.rows();
    let row = rows.iter_mut().find(|row| row.id == IDP).expect("the IdP");
    let mut body: Value = serde_json::from_str(&row.body).expect("JSON");
    let late = std::fs::read(folder.configuration().with_file_name("idp-late.xml")).expect("file");
    body["object"]["SamlMetadata"]["Xml"] = STANDARD.encode(late).into();
    row.body = body.to_string();
    let again = Content::load(&rows, &judge(), NOW).expect("whole");
    let party = &again.identity_providers[IDP];
    assert!(
        !party.is_served() && party.notes[0].en.contains("validUntil"),
        "{:?}",
        party.notes
    );
    assert!(again.federation().identity_providers.is_empty());
    assert_eq!(again.federation().systems.len(), 1);
    // So it is with a file at the start.
    let (content, _) = taken_over(
        Content::default(),
        &folder,
        &edited("idp.xml", "idp-late.xml"),
    );
    assert!(!content.identity_providers[IDP].is_served());
    assert!(!content.identity_providers[IDP].notes.is_empty());
}

#[test]
fn what_was_edited_in_the_file_is_taken_over_and_what_was_changed_otherwise_stays() {
    let folder = Folder::new();
    let (first, written) = taken_over(Content::default(), &folder, GOOD);
    assert_eq!(written.len(), 6, "{written:?}");
    let (first, written) = taken_over(first, &folder, GOOD);
    assert_eq!(written, [""; 0], "nothing has changed");
    // Through the interface: another level of the system, and another identity provider.
    let new = idp("https://two.example/saml", "idp-two.xml", &folder);
    let (second, _) = changed(first, |draft| {
        let mut system = draft.content().systems[SYSTEM].object.clone();
        system.nsis_assurance_level = "https://data.gov.dk/concept/core/nsis/loa/High".to_owned();
        draft.put_system(system, None, None)?;
        let refused = draft.put_identity_provider(read(new.clone())?, None, None);
        // Its metadata is that of the registered one: neither the entityID nor the key goes with it.
        assert!(refused.is_err());
        Ok(())
    })
    .expect("good");
    // In the file: the name of the identity provider.
    let renamed = edited(
        "presentation_name = \"IdP\"",
        "presentation_name = \"IdP to\"",
    );
    let (third, written) = taken_over(second, &folder, &renamed);
    assert_eq!(written.len(), 2, "the IdP and its mark: {written:?}");
    assert_eq!(
        third.identity_providers[IDP].object.praesentationsnavn,
        "IdP to"
    );
    assert!(
        third.systems[SYSTEM]
            .object
            .nsis_assurance_level
            .ends_with("High")
    );
    assert_eq!(
        third.federation().systems[0].required_level.to_string(),
        "High"
    );
    // What is edited in the file wins over what was changed otherwise.
    let (fourth, _) = taken_over(
        third,
        &folder,
        &edited(
            "nsis_assurance_level = \"Low\"",
            "nsis_assurance_level = \"Substantial\"",
        ),
    );
    assert!(
        fourth.systems[SYSTEM]
            .object
            .nsis_assurance_level
            .ends_with("Substantial")
    );
    assert_eq!(
        fourth.identity_providers[IDP].object.praesentationsnavn,
        "IdP"
    );
    // A file of the same name with other bytes is an edit too.
    let same = folder.configuration().with_file_name("idp.xml");
    let xml = std::fs::read_to_string(&same).expect("file");
    std::fs::write(
        &same,
        xml.replace("https://idp.example/sso", "https://idp.example/sso2"),
    )
    .expect("file");
    let (fifth, _) = taken_over(fourth, &folder, GOOD);
    assert_eq!(
        fifth.federation().identity_providers[0].sso_url,
        "https://idp.example/sso2"
    );
    // What leaves the file leaves the registry.
    let end = GOOD.find("[[user_facing_system]]").expect("a system");
    let (sixth, _) = taken_over(fifth, &folder, &GOOD[..end]);
    assert!(sixth.systems.is_empty() && sixth.identity_providers.len() == 1);
    assert_eq!(sixth.of(Kind::File).count(), 2);
}

#[test]
fn what_the_interface_registers_is_what_a_file_would() {
    let folder = Folder::new();
    let expected = loaded(&folder, GOOD).federation;
    let mut body = idp(IDP, "idp.xml", &folder);
    body["Praesentationsnavn"] = "IdP".into();
    body["KenderRoller"] = false.into();
    body["NSISAssuranceLevel"] = "https://data.gov.dk/concept/core/nsis/loa/Substantial".into();
    let (content, written) = changed(Content::default(), |draft| {
        Ok(draft.put_identity_provider(read(body)?, None, None)?)
    })
    .expect("good");
    assert_eq!(written, [format!("identity_provider {IDP}")]);
    let made = content.federation().identity_providers;
    assert_eq!(
        format!("{made:?}"),
        format!("{:?}", expected.identity_providers)
    );
    assert_eq!(made[0].name, "idp", "made of the name that people know");
}

#[test]
fn what_one_party_has_no_other_one_gets() {
    let folder = Folder::new();
    let (content, _) = taken_over(Content::default(), &folder, GOOD);
    let sp = std::fs::read(folder.configuration().with_file_name("sp.xml")).expect("file");
    let sp = String::from_utf8(sp).expect("text");
    let other = sp.replace(SYSTEM, "https://other.example/saml");
    let system = |id: &str, xml: &str| {
        json!({ "Id": id, "Cvr": "55555555", "OIOSAMLProfile": "OIOSAML2", "AssuranceLevel": 2,
            "SamlMetadata": { "Xml": STANDARD.encode(xml) } })
    };
    let told = |body: Value| {
        let refused = changed(content.clone(), |draft| {
            Ok(draft.put_system(read(body)?, None, None)?)
        });
        in_english(refused.expect_err("refused"))
    };
    let shared = told(system("https://other.example/saml", &other));
    assert_eq!(shared.len(), 1, "{shared:?}");
    assert!(shared[0].contains("used by system already"), "{shared:?}");
    let taken = told(system(IDP, &sp.replace(SYSTEM, IDP)));
    assert!(
        taken
            .iter()
            .any(|reason| reason.contains("is that of an identity provider")),
        "{taken:?}"
    );
    let own = "https://hub.example/runtime";
    let taken = told(system(own, &sp.replace(SYSTEM, own)));
    assert!(
        taken
            .iter()
            .any(|reason| reason.contains("is that of the hub itself")),
        "{taken:?}"
    );
    // Everything at once: the metadata is of somebody else, and unreadable ones say so.
    let wrong = told(system("https://third.example/saml", &sp));
    assert!(
        wrong
            .iter()
            .any(|reason| reason.contains("but the metadata is of")),
        "{wrong:?}"
    );
    let unread = told(system("https://third.example/saml", "<html>"));
    assert!(
        unread
            .iter()
            .any(|reason| reason.starts_with("The metadata cannot be read")),
        "{unread:?}"
    );
}

#[test]
fn a_party_by_address_is_served_from_what_was_fetched_last() {
    let folder = Folder::new();
    let by_address = edited(
        "saml_metadata = \"idp.xml\"",
        "saml_metadata_url = \"https://idp.example/metadata\"",
    );
    let (content, _) = taken_over(Content::default(), &folder, &by_address);
    assert!(!content.identity_providers[IDP].is_served());
    let xml = std::fs::read(folder.configuration().with_file_name("idp.xml")).expect("file");
    let fetched = content::Fetched {
        document: xml.into(),
        at: NOW,
        etag: Some("\"1\"".to_owned()),
    };
    let (content, _) = changed(content, |draft| {
        let object = draft.content().identity_providers[IDP].object.clone();
        Ok(draft.put_identity_provider(object, None, Some(fetched))?)
    })
    .expect("good");
    assert!(content.identity_providers[IDP].is_served());
    let expected = content.rows();
    let again = Content::load(&expected, &judge(), NOW).expect("whole");
    assert_eq!(again.rows(), expected);
    assert_eq!(text(&again.federation()), text(&content.federation()));
    // The same file again: what was fetched stays, also where another key of the section is edited.
    let (content, _) = taken_over(
        content,
        &folder,
        &by_address.replace("\"IdP\"", "\"IdP to\""),
    );
    assert!(content.identity_providers[IDP].is_served());
    assert_eq!(
        content.identity_providers[IDP].object.praesentationsnavn,
        "IdP to"
    );
    // Another address: nothing is known of it yet.
    let (content, _) = changed(content, |draft| {
        let mut object = draft.content().identity_providers[IDP].object.clone();
        object.saml_metadata = SamlMetadata::Address("https://idp.example/other".to_owned());
        Ok(draft.put_identity_provider(object, None, None)?)
    })
    .expect("good");
    assert_eq!(content.identity_providers[IDP].fetched, None);
    assert!(!content.identity_providers[IDP].is_served());
}

#[test]
fn a_file_of_objects_is_held_to_the_rules_of_the_interface() {
    let folder = Folder::new();
    let with = format!("objects = \"objects.json\"\n{GOOD}");
    let write = |objects: Value| {
        let file = folder.configuration().with_file_name("objects.json");
        std::fs::write(file, objects.to_string()).expect("file");
    };
    let public =
        Certificate::parse(pki::certificate("testrup").expect("shipped").as_bytes()).expect("PEM");
    let role = json!({ "Id": "rolle", "Dataafgraensningstyper": [{ "Id": "kle" }] });
    let mapping = |kind: &str| {
        json!({ SYSTEM: [{ "Id": "a", "JobfunktionsrolleId": "b", "BrugersystemrolleId": "rolle",
            "Dataafgraensninger": [{ "DataafgraensningstypeId": kind }] }] })
    };
    for (objects, why) in [
        (
            json!({ "ClientCertificates": [{ "Id": public.thumbprint(), "Base64Certificate": public.to_base64() }] }),
            "shipped with Vejviser",
        ),
        (
            json!({ "AttributServices": [{ "Id": IDP }] }),
            "is that of an identity provider",
        ),
        (
            json!({ "Brugersystemroller": [role], "RoleMappings": mapping("andet") }),
            "andet",
        ),
        (
            json!({ "RoleMappings": { "https://nobody.example": [] } }),
            "there is no system",
        ),
    ] {
        write(objects);
        let refused = changed(Content::default(), |draft| {
            draft.take_over(seed(&folder, &with)).map_err(Refusal::from)
        });
        let told = in_english(refused.expect_err(why));
        assert!(told.len() == 1 && told[0].contains(why), "{why}: {told:?}");
    }
    write(json!({ "Brugersystemroller": [role], "RoleMappings": mapping("kle") }));
    let (content, _) = taken_over(Content::default(), &folder, &with);
    assert_eq!(content.systems[SYSTEM].object.role_mappings.len(), 1);
    // An invented system's entityID is known when it plays: its short name does as well, and is not another system.
    let mut named = mapping("kle");
    let mappings = named[SYSTEM].take();
    let twice = json!({ "system": mappings, SYSTEM: mappings });
    write(json!({ "Brugersystemroller": [role], "RoleMappings": twice }));
    let refused = changed(Content::default(), |draft| {
        draft.take_over(seed(&folder, &with)).map_err(Refusal::from)
    });
    let told = in_english(refused.expect_err("twice"));
    let same = format!("objects.json: RoleMappings: system and {SYSTEM} are the same system");
    assert_eq!(told, [same]);
    write(json!({ "Brugersystemroller": [role], "RoleMappings": { "system": mappings } }));
    let (content, written) = taken_over(content, &folder, &with);
    assert_eq!(content.systems[SYSTEM].object.role_mappings.len(), 1);
    assert!(written.is_empty(), "the same by another name: {written:?}");
    // What leaves the file of objects leaves the registry.
    write(json!({}));
    let (content, _) = taken_over(content, &folder, &with);
    assert!(content.systems[SYSTEM].object.role_mappings.is_empty());
    assert_eq!(content.of(Kind::UserSystemRole).count(), 0);
}

#[test]
fn nobody_is_replaced_by_somebody_who_is_gone() {
    let folder = Folder::new();
    let (content, _) = taken_over(Content::default(), &folder, GOOD);
    let by = "https://two.example/saml";
    let xml = std::fs::read_to_string(folder.configuration().with_file_name("idp-usage.xml"))
        .expect("file");
    let mut body = idp(by, "idp-usage.xml", &folder);
    body["SamlMetadata"]["Xml"] = STANDARD.encode(xml.replace(IDP, by)).into();
    let (content, _) = changed(content, |draft| {
        draft.put_identity_provider(read(body)?, None, None)?;
        let old = draft.content().identity_providers[IDP].clone();
        let successor = draft.content().identity_providers[by].beside.name.clone();
        let mut beside = old.beside.clone();
        beside
            .rest
            .insert("replaced_by".to_owned(), successor.into());
        Ok(draft.put_identity_provider(old.object.clone(), Some(beside), None)?)
    })
    .expect("good");
    assert!(
        content.federation().identity_providers[0]
            .replaced_by
            .is_some()
    );
    let (content, written) = changed(content, |draft| {
        assert!(draft.remove(Kind::IdentityProvider, by));
        Ok(())
    })
    .expect("good");
    assert_eq!(written.len(), 2, "{written:?}");
    assert_eq!(content.federation().identity_providers[0].replaced_by, None);
    assert_eq!(content.identity_providers[IDP].beside.replaced_by(), None);
}
