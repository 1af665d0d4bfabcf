//! Roles in the demo: what is registered of them, who has which, and the pages that tell it.

use crate::support::demo::{Demo, Went, went};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use vejviser::config::{self, Person, PersonRole, SAMPLE, SAMPLE_FILES};
use vejviser::drill::{Browser, Page};
use vejviser::oiosaml::Cvr;
use vejviser::registry::exchange::Objects;

/// The objects of the sample federation.
fn objects() -> Objects {
    let [(name, text)] = SAMPLE_FILES;
    assert_eq!(name, "objects.json");
    Objects::read(text).unwrap()
}

/// Everybody of the sample federation, with the CVR of their IdP.
fn people() -> Vec<(Cvr, Person)> {
    let file = config::parse(Path::new("federation.toml"), SAMPLE).unwrap();
    let idps = file.identity_providers.iter().map(|entry| entry.get_ref());
    idps.flat_map(|entry| {
        assert!(entry.knows_roles);
        let cvr = entry.user_contexts[0].get_ref().clone();
        let persona = entry.persona.as_ref().unwrap().get_ref();
        let people = persona.people.iter();
        people
            .map(|person| (cvr.clone(), person.clone()))
            .collect::<Vec<_>>()
    })
    .collect()
}

/// Who of the sample federation has a role, with the role, and the CVR of their IdP.
fn holders() -> Vec<(Cvr, String, PersonRole)> {
    let each = |(cvr, person): (Cvr, Person)| {
        let id = person.id;
        let roles = person.roles.into_iter();
        roles
            .map(|role| (cvr.clone(), id.clone(), role))
            .collect::<Vec<_>>()
    };
    people().into_iter().flat_map(each).collect()
}

#[test]
fn the_sample_tells_the_stories_that_staff_meet() {
    let objects = objects();
    let known = |id: &str| objects.jobfunktionsroller.iter().find(|role| role.id == id);
    // Nobody has registered the role of one person; somebody has none; somebody else's may be one's own by delegation.
    let mut unknown = BTreeSet::new();
    let mut foreign = BTreeSet::new();
    for (cvr, person, held) in holders() {
        let Some(role) = known(&held.role) else {
            unknown.insert(person);
            continue;
        };
        let scope = held.scope.as_ref().unwrap_or(&cvr);
        let owner = role.anvenderkontekst.as_ref().map(|context| &context.cvr);
        assert_eq!(owner, Some(scope), "{person}");
        if *scope != cvr {
            let delegated = role.delegeret_til.iter().any(|to| to.cvr == cvr);
            foreign.insert((person, delegated));
        }
    }
    assert_eq!(unknown, ["carla".to_owned()].into());
    let foreign: Vec<_> = foreign.into_iter().collect();
    assert_eq!(foreign, [("anna".into(), true), ("gert".into(), false)]);
    let none = people().into_iter().filter(|one| one.1.roles.is_empty());
    let none: BTreeSet<String> = none.map(|one| one.1.id).collect();
    assert!(none.contains("freja") && none.contains("lise"), "{none:?}");
}

#[test]
fn whatever_the_sample_names_is_registered_or_stated() {
    let objects = objects();
    let job: BTreeSet<&str> = objects
        .jobfunktionsroller
        .iter()
        .map(|r| r.id.as_str())
        .collect();
    let system = &objects.brugersystemroller;
    let mut reached = BTreeSet::new();
    let mut asked = BTreeSet::new();
    for mapping in objects.role_mappings.values().flatten() {
        assert!(job.contains(mapping.jobfunktionsrolle_id.as_str()));
        let to = system
            .iter()
            .find(|to| to.id == mapping.brugersystemrolle_id);
        reached.insert(to.expect("a registered role").id.as_str());
        let values = mapping
            .dataafgraensninger
            .iter()
            .flat_map(|one| &one.values);
        asked.extend(
            values
                .filter(|value| value.ends_with("/parametric"))
                .cloned(),
        );
    }
    let all: BTreeSet<&str> = system.iter().map(|role| role.id.as_str()).collect();
    assert_eq!(reached, all, "every role is reached by somebody");
    let stated = holders()
        .into_iter()
        .flat_map(|(_, _, held)| held.constraints);
    let stated: BTreeSet<String> = stated.map(|one| one.name).collect();
    assert_eq!(stated, asked, "what is asked for is stated");
    // The forms that KOMBIT's identifiers have; nobody's own domains.
    let [(_, text)] = SAMPLE_FILES;
    for id in text.split('"').filter(|text| text.starts_with("http")) {
        for id in id.split('|') {
            let rest = id.strip_prefix("http://").expect("http");
            let (domain, path) = rest.split_once('/').unwrap();
            assert!(domain.ends_with(".example"), "{id}");
            let last = path.rsplit('/').find(|part| *part != "parametric");
            assert_eq!(last, Some("1"), "{id}");
        }
    }
}

/// An object of the provisioning interface.
async fn object(demo: &Demo, list: &str, id: &str) -> Value {
    let path = format!("/{list}/{}", STANDARD.encode(id));
    demo.api(&path).await
}

/// What a demo has registered of roles: the job function roles, and the mappings of both systems.
async fn registered(demo: &Demo) -> (usize, Vec<usize>) {
    let roles = demo.api("/Jobfunktionsroller").await;
    let mut mappings = Vec::new();
    for system in ["sagssystem", "borgerportal"] {
        let found = object(demo, "BrugervendteSystemer", &demo.entity_id(system)).await;
        mappings.push(found["RoleMappings"].as_array().unwrap().len());
    }
    (roles.as_array().unwrap().len(), mappings)
}

#[tokio::test]
async fn the_demo_registers_roles_and_the_mappings_of_its_systems() {
    let demo = Demo::start().await;
    assert_eq!(registered(&demo).await, (7, vec![7, 2]));
    let vagt = "http://provekobing.example/roles/jobrole/vagt/1";
    let vagt = object(&demo, "Jobfunktionsroller", vagt).await;
    assert_eq!(vagt["Anvenderkontekst"]["Cvr"], "11111111");
    assert_eq!(vagt["DelegeretTil"], json!([{ "Cvr": "22222222" }]));
}

#[tokio::test]
async fn the_folder_of_the_sample_plays_the_same_from_disk_and_as_a_copy() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata");
    let demo = Demo::start_at(&sample.join("federation.toml")).await;
    assert_eq!(registered(&demo).await, (7, vec![7, 2]));
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copy-of-the-sample");
    std::fs::create_dir_all(&copy).unwrap();
    for name in ["federation.toml", "objects.json"] {
        std::fs::copy(sample.join(name), copy.join(name)).unwrap();
    }
    let demo = Demo::start_at(&copy.join("federation.toml")).await;
    assert_eq!(registered(&demo).await, (7, vec![7, 2]));
}

async fn welcomed(demo: &Demo, system: &str, idp: &str, person: &str) -> Page {
    let mut browser = Browser::new();
    let found = demo.log_in(&mut browser, system, idp, person).await;
    assert!(matches!(found, Went::In(_)), "{person}: {found:?}");
    let page = browser.get(&demo.url(system, "/")).await.unwrap();
    assert!(matches!(went(&page), Went::In(_)));
    page
}

#[tokio::test]
async fn the_systems_page_says_what_came_of_roles() {
    let demo = Demo::start().await;
    let page = welcomed(&demo, "sagssystem", "provekobing-adfs", "freja").await;
    assert!(
        page.body
            .contains("<section id=\"roles\" data-roles=\"none\">")
    );
    assert!(page.body.contains("Der kom ingen roller med."));
}

#[tokio::test]
async fn the_ready_line_and_the_idps_page_say_who_has_roles() {
    let demo = Demo::start().await;
    let page = Browser::new()
        .get(&demo.url("eksempelstrup", "/"))
        .await
        .unwrap();
    assert!(page.body.contains("roller: 3") && page.body.contains("roller: 1"));
    let traits = |id: &str| {
        let idps = demo.app.idps.iter();
        let found = idps.flat_map(|idp| &idp.people).find(|one| one.0 == id);
        found.unwrap().1.clone()
    };
    assert_eq!(traits("anna").last().unwrap(), "roller: 3");
    assert_eq!(traits("freja").last().unwrap(), "uden roller");
}
