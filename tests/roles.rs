//! Roles in the demo: what is registered of them, who has which, and the pages that tell it.

mod explain;

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

/// The rows of a system's page: scope, role, constraints.
fn rows(page: &Page) -> Vec<String> {
    let value = |text: &str, name: &str| {
        let start = text.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
        text[start..].split('"').next().unwrap().to_owned()
    };
    let rows = page.body.split("<tr class=\"role\"").skip(1);
    let row = |text: &str| {
        let text = text.split("</tr>").next().unwrap();
        let role = value(text, "data-role");
        let role = role.rsplit('/').nth(1).unwrap();
        let constraints = text.split("class=\"constraint\"").skip(1);
        let constraints = constraints.map(|one| {
            let name = value(one, "data-name");
            format!(
                " {}={}",
                name.rsplit('/').nth(1).unwrap(),
                value(one, "data-value")
            )
        });
        format!(
            "{} {role}{}",
            value(text, "data-scope"),
            constraints.collect::<String>()
        )
    };
    rows.map(row).collect()
}

/// The stories of the sample federation, by real logins: what came out, and why the rest did not.
#[tokio::test]
async fn every_story_of_the_sample_ends_as_it_is_told() {
    let demo = Demo::start().await;
    let kle = "KLE=98.10.* KLE=98.20.* KLE=98.30.*";
    for (system, idp, person, expected, dropped) in [
        (
            "sagssystem",
            "eksempelstrup",
            "anna",
            // Two roles of one, and another municipality's that was delegated.
            vec![
                format!("22222222 se_sager {kle}"),
                "22222222 behandl_sager KLE=98.10.*".to_owned(),
                "11111111 vagt".to_owned(),
            ],
            // Her role at the citizens' portal is no role here.
            vec!["roles/no-mapping"],
        ),
        (
            "sagssystem",
            "provekobing-adfs",
            "dorte",
            // What narrows one of her roles narrows the other of the same scope too.
            vec![
                "11111111 behandl_sager KLE=98.30.*".to_owned(),
                "11111111 arkiv KLE=98.30.*".to_owned(),
            ],
            vec![],
        ),
        ("sagssystem", "provekobing-adfs", "freja", vec![], vec![]),
        (
            "sagssystem",
            "testrup",
            "gert",
            vec!["33333333 se_sager orgenhed=c1000000-0000-4000-8000-000000000001".to_owned()],
            vec!["roles/not-delegated"],
        ),
        (
            "borgerportal",
            "eksempelstrup",
            "anna",
            vec!["22222222 besvar_henvendelser emne=bolig emne=dagtilbud".to_owned()],
            vec!["roles/no-mapping", "roles/no-mapping"],
        ),
        (
            "borgerportal",
            "testrup",
            "gert",
            vec!["33333333 se_statistik orgenhed=c1000000-0000-4000-8000-000000000002".to_owned()],
            vec!["roles/no-mapping"],
        ),
        (
            "sagssystem",
            "eksempelstrup",
            "carla",
            vec![],
            vec!["roles/no-mapping"],
        ),
    ] {
        let page = welcomed(&demo, system, idp, person).await;
        assert_eq!(rows(&page), expected, "{person} at {system}");
        let none = page.body.contains("data-roles=\"none\"");
        assert_eq!(none, expected.is_empty(), "{person} at {system}");
        let flow = demo.newest_flow().await;
        let groups = flow["roles"]["groups"].as_array().unwrap();
        let told = groups
            .iter()
            .flat_map(|group| group["roles"].as_array().unwrap());
        let told: Vec<&str> = told
            .filter(|role| role["outcome"] == "dropped")
            .map(|role| role["rule"].as_str().unwrap())
            .collect();
        assert_eq!(told, dropped, "{person} at {system}");
        assert_eq!(flow["roles"]["issued"], json!(expected.len()));
    }
}

#[tokio::test]
async fn the_page_of_a_flow_tells_every_role_and_what_to_do() {
    let demo = Demo::start().await;
    welcomed(&demo, "sagssystem", "testrup", "gert").await;
    let id = demo.newest_flow().await["id"].as_str().unwrap().to_owned();
    let page = demo.manage(&format!("/forloeb/{id}")).await;
    for told in [
        "<section id=\"roles\">",
        "IdP&#39;en sendte 2 grupper af roller; systemet fik 1.",
        "data-rule=\"roles/translated\"",
        "data-rule=\"roles/not-delegated\"",
        "Prøvekøbing Kommune (11111111)",
        "tilføjer kommunens CVR-nummer under DelegeretTil",
        // Of what the IdP narrowed, nothing asks here.
        "bruges ikke af systemets rollemapninger",
    ] {
        assert!(page.body.contains(told), "{told}\n{}", page.body);
    }
}

/// Who was let in without any role: who gives roles must act, not who runs the IdP.
#[tokio::test]
async fn a_login_without_roles_names_the_role_administration() {
    let demo = Demo::start().await;
    for (idp, person, told) in [
        ("eksempelstrup", "carla", true),
        ("eksempelstrup", "anna", false),
    ] {
        welcomed(&demo, "sagssystem", idp, person).await;
        let id = demo.newest_flow().await["id"].as_str().unwrap().to_owned();
        let page = demo.manage(&format!("/forloeb/{id}")).await;
        let named = page
            .body
            .contains("Kommunens rolleadministration (jobfunktionsroller)");
        assert_eq!(named, told, "{person}");
    }
}

#[tokio::test]
async fn what_is_changed_in_the_registry_acts_on_the_next_login() {
    let demo = Demo::start().await;
    let role = "http://provekobing.example/roles/jobrole/vagt/1";
    let page = welcomed(&demo, "sagssystem", "eksempelstrup", "anna").await;
    assert_eq!(rows(&page).len(), 3);
    // Prøvekøbing takes the delegation back, and somebody registers Anna's CPR number, which the system does not get.
    let path = format!(
        "/Jobfunktionsroller/{}/DelegeretTil/22222222",
        STANDARD.encode(role)
    );
    demo.send("DELETE", &path, None).await;
    let claim =
        json!({ "Key": "https://data.gov.dk/model/core/eid/cprNumber", "Value": "0101701234" });
    let user = json!({ "Authority": "22222222", "Id": "a0000000-0000-4000-8000-000000000001", "Claims": [claim] });
    demo.send("POST", "/Users", Some(user)).await;
    let page = welcomed(&demo, "sagssystem", "eksempelstrup", "anna").await;
    assert_eq!(rows(&page).len(), 2);
    let flow = demo.newest_flow().await;
    assert_eq!(flow["roles"]["claims"][0]["fate"], "filled");
    let told = flow["roles"].to_string();
    assert!(
        told.contains("roles/not-delegated") && !told.contains("0101701234"),
        "{told}"
    );
    // Their attribute profile decides what systems get; a claim is no way around it.
    assert!(!page.body.contains("0101701234"));
    let path = format!(
        "/BrugervendteSystemer/{}/AttributeProfile/SEB",
        STANDARD.encode(demo.entity_id("sagssystem"))
    );
    demo.send("PUT", &path, None).await;
    let page = welcomed(&demo, "sagssystem", "eksempelstrup", "anna").await;
    assert!(page.body.contains("0101701234"));
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
