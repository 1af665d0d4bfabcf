//! The sample federation.

use super::samples::{NOW, base64, idp, sp};
use crate::config::{SAMPLE, check, load, parse, pki};
use crate::oiosaml::{Level, Nsis, RequestProfile};
use crate::saml::metadata::{self, Entity};
use crate::xml::Document;
use std::collections::BTreeMap;
use std::path::Path;

/// What a demo renders, roughly: metadata with the right key for each persona and demo system.
fn rendered() -> BTreeMap<String, Entity> {
    let file = parse(Path::new("federation.toml"), SAMPLE).expect("parses");
    let entity = |name: &str, key: &str, template: fn(&str) -> String| {
        let certificate = base64(pki::certificate(key).expect(key));
        let xml = template(&certificate).replace(".example", &format!(".{name}.localhost"));
        let document = Document::parse(xml.as_bytes()).expect("xml");
        (
            name.to_owned(),
            metadata::read(document.root()).expect("metadata").remove(0),
        )
    };
    let providers = file.identity_providers.iter().map(|entry| {
        let entry = entry.get_ref();
        entity(
            entry.name.get_ref(),
            &entry.persona.as_ref().expect("persona").get_ref().key,
            idp,
        )
    });
    let systems = file.user_facing_systems.iter().map(|entry| {
        let entry = entry.get_ref();
        entity(
            entry.name.get_ref(),
            &entry.demo.as_ref().expect("demo").get_ref().key,
            sp,
        )
    });
    providers.chain(systems).collect()
}

#[test]
fn the_sample_loads_without_a_warning() {
    let loaded = load(Path::new("federation.toml"), SAMPLE, Some(&rendered()), NOW).expect("loads");
    assert_eq!(loaded.warnings.list, []);
    let federation = &loaded.federation;
    assert_eq!(
        (
            federation.identity_providers.len(),
            federation.systems.len()
        ),
        (5, 2)
    );
    assert!(
        federation
            .identity_providers
            .iter()
            .all(|idp| idp.is_active() && idp.signing_keys.len() == 1)
    );
    assert!(
        federation
            .systems
            .iter()
            .all(|system| system.encryption.is_some())
    );
    assert_eq!(federation.organisations.len(), 5);
}

#[test]
fn the_first_choice_succeeds_for_every_system() {
    let loaded = load(Path::new("federation.toml"), SAMPLE, Some(&rendered()), NOW).expect("loads");
    let first = &loaded.federation.identity_providers[0];
    assert_eq!(first.oiosaml_profile, RequestProfile::Oiosaml3);
    for system in &loaded.federation.systems {
        let ceiling = first.nsis_assurance_level.expect("registered for NSIS");
        assert!(
            Level::Nsis(ceiling).satisfies(system.required_level),
            "{}",
            system.name
        );
    }
    let persona = loaded.file.identity_providers[0]
        .get_ref()
        .persona
        .as_ref()
        .expect("persona")
        .get_ref();
    assert!(persona.people[0].second_factor && persona.people[0].nsis == Some(Nsis::Substantial));
}

#[test]
fn every_persona_has_somebody_who_is_refused() {
    let file = parse(Path::new("federation.toml"), SAMPLE).expect("parses");
    for entry in &file.identity_providers {
        let people = &entry
            .get_ref()
            .persona
            .as_ref()
            .expect("persona")
            .get_ref()
            .people;
        assert!(people[0].second_factor && people[0].nsis >= Some(Nsis::Substantial));
        assert!(people.iter().any(|person| !person.second_factor));
        assert!(
            people
                .iter()
                .any(|person| person.second_factor && person.nsis.is_none())
        );
    }
}

#[test]
fn outside_the_demo_the_sample_is_refused_for_what_it_is() {
    let problems = check(Path::new("federation.toml"), SAMPLE, NOW);
    let count = |id: &str| {
        problems
            .list
            .iter()
            .filter(|problem| problem.id == id)
            .count()
    };
    assert_eq!(
        (
            count("config::demo-only"),
            count("config::no-hub-key"),
            problems.list.len()
        ),
        (7, 1, 8)
    );
}
