use super::*;
use crate::hub::metadata::{Form, idp_role, sp_role};
use crate::saml::metadata::{KeyUse, read};
use crate::xml::Document;
use Generation::{Active, Next, Previous};

/// A pair of the shipped test PKI, read without asking whoever embeds it.
macro_rules! pair {
    ($name:literal $($more:literal)?) => {
        KeyPair::parse(
            include_bytes!(concat!("../../../certs/", $name, $($more,)? ".pem")),
            include_bytes!(concat!("../../../certs/", $name, $($more,)? ".key.pem")),
        )
        .unwrap()
    };
}

macro_rules! ring {
    ($name:literal) => {
        KeyRing {
            active: pair!($name),
            previous: None,
            next: Some(pair!($name "-next")),
        }
    };
}

fn hub(keys: &HubKeys, state: &KeyState) -> Hub {
    let any = RoleKeys::of(&keys.idp.signing.active);
    Hub {
        entity_id: "https://hub.example/runtime".to_owned(),
        public_url: "https://hub.example".to_owned(),
        organisation: "Vejviser".to_owned(),
        idp: any.clone(),
        sp: any,
        faults: None,
    }
    .with_keys(keys, state)
}

/// The descriptors of a metadata document: use, and the subject's CN of each certificate.
fn descriptors(xml: &[u8]) -> Vec<(KeyUse, String)> {
    let document = Document::parse(xml).unwrap();
    let entity = read(document.root()).unwrap().remove(0);
    let keys = match (&entity.idp, &entity.sp) {
        (Some(role), _) => role.keys.clone(),
        (_, Some(role)) => role.keys.clone(),
        _ => panic!("no role"),
    };
    let name = |certificate: &Certificate| {
        let subject = certificate.subject();
        subject
            .split(',')
            .find_map(|part| part.strip_prefix("CN=VEJVISER_TEST_").map(str::to_owned))
    };
    keys.iter()
        .map(|key| (key.usage, name(&key.readable()[0]).unwrap()))
        .collect()
}

fn shows(signing: &[Generation], encryption: &[Generation], without_use: bool) -> KeyState {
    KeyState {
        shows: Shows {
            signing: signing.to_vec(),
            encryption: encryption.to_vec(),
            without_use,
        },
        ..KeyState::only(Active)
    }
}

#[test]
fn metadata_shows_what_the_state_says_in_its_order() {
    let keys = HubKeys::shared(ring!("hub"));
    let shown = |state: &KeyState| {
        let hub = hub(&keys, state);
        let idp = descriptors(idp_role(&hub, Form::default()).as_bytes());
        let sp = descriptors(sp_role(&hub, Form::default()).as_bytes());
        assert_eq!(idp, sp);
        idp
    };
    let (signing, encryption) = (KeyUse::Signing, KeyUse::Encryption);
    let one = |usage, number: u8| (usage, format!("Hub_{number}"));
    assert_eq!(
        shown(&shows(&[Active, Next], &[Active], false)),
        [one(encryption, 1), one(signing, 1), one(signing, 2)]
    );
    assert_eq!(
        shown(&shows(&[Next, Active], &[Next], false)),
        [one(encryption, 2), one(signing, 2), one(signing, 1)]
    );
    // Without `use` a descriptor is good for both, and each certificate stands once.
    assert_eq!(
        shown(&shows(&[Active, Next], &[Active], true)),
        [one(KeyUse::Both, 1), one(KeyUse::Both, 2)]
    );
    // A generation that there is none of adds nothing.
    assert_eq!(
        shown(&shows(&[Previous, Active], &[Active], false)),
        [one(encryption, 1), one(signing, 1)]
    );
}

#[test]
fn each_role_and_each_use_may_have_a_key_of_its_own() {
    let keys = HubKeys {
        idp: RoleRings {
            signing: ring!("hub"),
            encryption: ring!("testrup"),
        },
        sp: RoleRings {
            signing: ring!("sagssystem"),
            encryption: ring!("borgerportal"),
        },
    };
    let hub = hub(&keys, &KeyState::only(Active));
    let names = |xml: &[u8]| {
        descriptors(xml)
            .into_iter()
            .map(|(_, name)| name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(idp_role(&hub, Form::default()).as_bytes()),
        ["Testrup_1", "Hub_1"]
    );
    assert_eq!(
        names(sp_role(&hub, Form::default()).as_bytes()),
        ["Borgerportal_1", "Sagssystem_1"]
    );
    let id = |pair: &KeyPair| pair.signing.public().key_id();
    assert_eq!(
        hub.idp.signing.public().key_id(),
        id(&keys.idp.signing.active)
    );
    assert_eq!(
        hub.sp.signing.public().key_id(),
        id(&keys.sp.signing.active)
    );
    // A change moves them all.
    let changed = hub.with_keys(&keys, &KeyState::only(Next));
    let next = |ring: &KeyRing| id(ring.next.as_ref().unwrap());
    assert_eq!(changed.sp.signing.public().key_id(), next(&keys.sp.signing));
    assert_eq!(
        changed.idp.encryption_key().unwrap().key_id(),
        next(&keys.idp.encryption)
    );
}

#[test]
fn what_is_decrypted_follows_the_state() {
    let keys = HubKeys::shared(KeyRing {
        previous: Some(pair!("testrup")),
        ..ring!("hub")
    });
    let count = |state: &KeyState| hub(&keys, state).sp.decryption.len();
    assert_eq!(
        count(&keys.unplanned()),
        2,
        "the previous one still decrypts"
    );
    assert_eq!(count(&KeyState::only(Next)), 1);
    let both = KeyState {
        decrypts: vec![Next, Active],
        ..KeyState::only(Next)
    };
    assert_eq!(count(&both), 2);
    // While the old certificate is published, the old key has signed it.
    let swapped = KeyState {
        signs: Next,
        ..KeyState::only(Active)
    };
    let hub = hub(&keys, &swapped);
    let active = &keys.idp.signing.active;
    assert_eq!(
        hub.idp.signing_metadata.public().key_id(),
        active.signing.public().key_id()
    );
}
