//! The profile matrix: what it predicts is what happens, at the size of the country in a second, and `vejviser matrix`.

use crate::support::demo::{Demo, Went};
use cpu_time::ThreadTime;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use vejviser::config;
use vejviser::drill::Browser;
use vejviser::drill::matrix::{Fate, Grid, KINDS, Matrix, Roster, Standing, cell, findings};
use vejviser::hub::federation::Generation;
use vejviser::hub::question::Need;
use vejviser::hub::{Check, Federation, IdentityProvider, Settings, UserFacingSystem};
use vejviser::oiosaml::{Level, Nist, Nsis, RequestProfile};

const NOW: OffsetDateTime = datetime!(2026-11-22 10:00 +1);

/// Every person at every identity provider and system: nobody logs in differently than was said without any login.
#[tokio::test]
async fn what_is_predicted_is_what_happens() {
    let demo = Demo::start().await;
    let snapshot = demo.app.registry.now();
    let (federation, settings) = (&snapshot.federation, &snapshot.settings);
    let file = config::parse(Path::new("federation.toml"), config::SAMPLE).unwrap();
    let roster = Roster::of(&file);
    let matrix = Matrix {
        grid: Grid::of(
            &federation.systems,
            federation.active(),
            settings,
            NOW,
            |_| false,
        ),
        roster: &roster,
        settings,
        now: demo.app.clock.now(),
        one: None,
    };
    let (mut seen, mut words) = (0, BTreeSet::new());
    for (n, need) in matrix.grid.needs.iter().enumerate() {
        for (i, group) in matrix.grid.idps.iter().enumerate() {
            for idp in &group.idps {
                for (person, fate) in matrix.fates(&matrix.grid, n, i, idp) {
                    for system in &need.systems {
                        let mut browser = Browser::new();
                        let went = demo
                            .log_in(&mut browser, &system.name, &idp.name, &person.id)
                            .await;
                        let flow = demo.newest_flow().await;
                        let cause = flow["verdict"]["check"].as_str();
                        // What the system gets is on its own scale; the hub's own level stands in the flow.
                        let level = flow["level"].as_str();
                        let as_said = match &fate {
                            Fate::Passes { level: reached, .. }
                            | Fate::UnderAssured { level: reached } => {
                                matches!(went, Went::In(_))
                                    && level.map(str::to_owned)
                                        == reached.map(|level| level.to_string())
                            }
                            Fate::Stuck(_) => matches!(went, Went::Page(_)),
                            Fate::RefusedByHub { check, .. } | Fate::NotAsked(check) => {
                                matches!(went, Went::Status(_)) && cause == Some(check.info().id)
                            }
                            Fate::RefusedByIdp(_) => {
                                matches!(went, Went::Status(_))
                                    && cause == Some(Check::ResponseStatus.info().id)
                            }
                        };
                        assert!(
                            as_said,
                            "{} {} {}: {fate:?}, but {went:?} {flow}",
                            system.name, idp.name, person.id
                        );
                        words.insert(fate.word());
                        seen += 1;
                    }
                }
            }
        }
    }
    assert_eq!(seen, 30);
    let expected = [
        "not-asked",
        "refused-by-hub",
        "refused-by-idp",
        "second-factor",
        "stuck-at-idp",
    ];
    assert_eq!(words, expected.into());
}

/// The country: 98 municipalities with three identity providers each, and 1,000 systems.
fn country() -> Federation {
    let sample = config::SAMPLE;
    let file = config::parse(Path::new("federation.toml"), sample).unwrap();
    let addresses = vejviser::persona::Addresses::new("http://hub.localhost").unwrap();
    let cast = vejviser::persona::Cast::new(&file, &addresses).unwrap();
    let rendered = cast.rendered();
    let loaded = config::load(Path::new("federation.toml"), sample, Some(&rendered), NOW).unwrap();
    let (idp, system) = (
        &loaded.federation.identity_providers[0],
        &loaded.federation.systems[0],
    );
    let idps = (0..98 * 3).map(|n: usize| IdentityProvider {
        name: format!("idp-{n}"),
        id: format!("https://idp-{n}.example/entity"),
        oiosaml_profile: RequestProfile::ALL[n % 6],
        assurance_level: Nist::ALL[1 + n % 3],
        nsis_assurance_level: [None, Some(Nsis::Substantial), Some(Nsis::High)][n % 3],
        supports_scope: n.is_multiple_of(2),
        ..idp.clone()
    });
    let systems = (0..1000).map(|n: usize| UserFacingSystem {
        name: format!("system-{n}"),
        id: format!("https://system-{n}.example/saml"),
        required_level: Level::ALL[n % 7],
        generation: match n % 10 {
            0 => Generation::One,
            1 => Generation::OneUntil(NOW.date() + Duration::days(30)),
            _ => Generation::Two,
        },
        ..system.clone()
    });
    Federation {
        identity_providers: idps.collect(),
        systems: systems.collect(),
        ..Federation::default()
    }
}

/// CPU time of one thread in the build of the tests.
#[test]
fn the_whole_country_takes_less_than_a_second() {
    let federation = country();
    let (settings, roster) = (Settings::default(), Roster::default());
    let start = ThreadTime::now();
    let matrix = Matrix {
        grid: Grid::of(
            &federation.systems,
            &federation.identity_providers,
            &settings,
            NOW,
            |_| false,
        ),
        roster: &roster,
        settings: &settings,
        now: NOW,
        one: None,
    };
    let findings = findings(&matrix.grid, &roster, NOW);
    let report = vejviser::drill::matrix::report::Report {
        matrix: &matrix,
        findings: &findings,
        subject: Default::default(),
        language: vejviser::edge::page::Language::Danish,
        comparison: None,
        book: None,
    };
    let (text, json) = (report.text(), report.json().unwrap());
    let spent = start.elapsed();
    assert!(spent.as_millis() < 1000, "{spent:?}");
    assert_eq!(matrix.grid.pairs(), 294_000);
    let counted: usize = Standing::ALL
        .iter()
        .map(|standing| matrix.grid.count(*standing))
        .sum();
    assert_eq!(counted, 294_000);
    assert!(
        text.len() < 200_000 && json.len() < 20_000_000,
        "{} {}",
        text.len(),
        json.len()
    );

    // Grouped or not, it is the same: some cells one by one.
    for (s, i) in [(0, 0), (7, 3), (123, 45), (999, 293), (501, 200)] {
        let (system, idp) = (&federation.systems[s], &federation.identity_providers[i]);
        let group = |(n, g): (usize, usize)| matrix.grid.today(n, g).unwrap();
        let n = matrix
            .grid
            .needs
            .iter()
            .position(|need| need.names().contains(&system.name.as_str()));
        let g = matrix
            .grid
            .idps
            .iter()
            .position(|idps| idps.names().contains(&idp.name.as_str()));
        let grouped = group((n.unwrap(), g.unwrap()));
        let need = Need {
            system: &system.id,
            registered: Some(system),
            required: system.required_level,
            enforced: system.generation.is_two(NOW),
        };
        let own = cell(&settings, need, idp, idp.oiosaml_profile);
        let without_name = |cell: &vejviser::drill::matrix::Cell| {
            let sent = cell.sent.clone().map(|sent| vejviser::drill::matrix::Sent {
                requester_id: sent.requester_id.map(|_| String::new()),
                ..sent
            });
            (sent, cell.standing)
        };
        assert_eq!(
            without_name(grouped),
            without_name(&own),
            "{} {}",
            system.name,
            idp.name
        );
    }
}

/// Every cell, streamed: 1,764,000 lines would be read here for nothing, so of the sample.
#[test]
fn full_has_every_cell_with_the_systems_own_name() {
    let (code, text) = run(&["--full", "--format", "json"]);
    assert_eq!(code, 0);
    let all: Value = serde_json::from_str(&text).unwrap();
    let cells = all["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 2 * 5 * 6);
    for cell in cells {
        if let Some(requester) = cell["requester_id"].as_str() {
            let system = cell["system"].as_str().unwrap();
            assert!(requester.contains(system), "{cell}");
        }
    }
    let csv = run(&["--full", "--format", "csv"]).1;
    assert_eq!(csv.lines().count(), 61);
    let line = csv
        .lines()
        .find(|line| line.starts_with("borgerportal;fiktiv-gammel;OIOSAML3_ADFS_RELAY_STATE;1;"));
    let line = line.unwrap();
    assert!(
        line.contains("multipleauthn") && line.contains("{handle}&nsis=Betydelig"),
        "{line}"
    );
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("matrix")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Exit code, the result, and the talk.
fn output(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vejviser"))
        .arg("matrix")
        .args(arguments)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    let [result, talk] =
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.code().unwrap(), result, talk)
}

/// Exit code, and what was printed.
fn run(arguments: &[&str]) -> (i32, String) {
    let (code, result, talk) = output(arguments);
    (code, result + &talk)
}

fn json(arguments: &[&str]) -> Value {
    let (_, text, _) = output(&[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn it_says_who_must_be_enrolled_and_which_profile_is_best() {
    let all = json(&[]);
    assert_eq!(all["summary"]["ways"], 10);
    let enrol = all["enrol"].as_array().unwrap();
    let erik = enrol
        .iter()
        .find(|entry| entry["person"] == "erik")
        .unwrap();
    assert_eq!(
        (&erik["idp"], &erik["lacks"]),
        (&"provekobing-adfs".into(), &"second-factor".into())
    );
    let csv = run(&["--preflight", "--format", "csv"]).1;
    assert!(
        csv.contains("provekobing-adfs;Erik Uden Totrin;erik;anden faktor;sagssystem\r\n"),
        "{csv}"
    );

    let one = json(&["--idp", "provekobing-adfs"]);
    assert_eq!(
        one["recommendation"]["profile"],
        "OIOSAML2_ADFS_MULTIPLEAUTHN"
    );
    assert_eq!(one["profiles"].as_array().unwrap().len(), 6 * 7);
    let rules = one["groups"][0]["cell"]["rules"].as_array().unwrap();
    assert!(
        rules
            .iter()
            .any(|rule| rule["rule"] == "request-profile" && rule["source"] == "setting"),
        "{rules:?}"
    );
}

/// What changes from Context Handler 1: nobody was asked anything.
#[test]
fn both_generations_side_by_side() {
    let all = json(&["--generations"]);
    let all = all["generations"].as_array().unwrap();
    assert!(
        all.iter()
            .all(|group| group["message_changes"] == true && group["one"]["class_ref"].is_null())
    );
    let changed: Vec<&Value> = all
        .iter()
        .flat_map(|group| group["outcomes_that_change"].as_array().unwrap())
        .collect();
    let erik = changed
        .iter()
        .find(|change| change["person"] == "erik")
        .unwrap();
    assert_eq!(
        (&erik["one"], &erik["two"]),
        (&"under-assured".into(), &"stuck-at-idp".into())
    );
    // Whoever has what it takes notices only the second factor.
    let dorte = changed
        .iter()
        .find(|change| change["person"] == "dorte")
        .unwrap();
    assert_eq!(
        (&dorte["one"], &dorte["two"]),
        (&"under-assured".into(), &"second-factor".into())
    );
}

/// A system that has not moved yet is judged as it stands on the day that is asked about.
#[test]
fn a_system_moves_on_its_date() {
    let folder = folder("moves");
    let file = folder.join("federation.toml");
    let moving = config::SAMPLE.replacen(
        "name = \"sagssystem\"\n",
        "name = \"sagssystem\"\ngeneration = 1\ngeneration_2_from = 2027-01-15\n",
        1,
    );
    assert_ne!(moving, config::SAMPLE);
    std::fs::write(&file, moving).unwrap();
    let file = file.to_str().unwrap();
    let class_ref = |now: &str| {
        let all = json(&[
            "--config",
            file,
            "--system",
            "sagssystem",
            "--idp",
            "provekobing-adfs",
            "--now",
            now,
        ]);
        let group = &all["groups"][0];
        (
            group["generation"].clone(),
            group["cell"]["class_ref"].as_str().map(str::to_owned),
        )
    };
    assert_eq!(class_ref("2027-01-14T23:00:00+01:00"), (1.into(), None));
    let (generation, sent) = class_ref("2027-01-15T00:00:00+01:00");
    assert_eq!(generation, 2);
    assert!(sent.unwrap().ends_with("multipleauthn"));
    let text = run(&[
        "--config",
        file,
        "--overview",
        "--language",
        "en",
        "--now",
        "2026-11-22T00:00:00Z",
    ])
    .1;
    assert!(text.contains("1, from 15 January 2027 2"), "{text}");
}

#[test]
fn a_baseline_knows_findings_and_a_stale_entry_is_one() {
    let folder = folder("baseline");
    let file = folder.join("known.json");
    let path = file.to_str().unwrap();
    assert_eq!(run(&["--output", &format!("json={path}")]).0, 1);
    assert_eq!(run(&["--baseline", path]).0, 0);
    // Somebody is enrolled: the list is no longer true.
    let people = folder.join("people.csv");
    std::fs::write(
        &people,
        "idp;person;name;second_factor;nsis\nprovekobing-adfs;erik;Erik;ja;\n",
    )
    .unwrap();
    let people = people.to_str().unwrap();
    assert_eq!(run(&["--baseline", path, "--people", people]).0, 1);
    let all = json(&["--baseline", path, "--people", people]);
    let findings = all["findings"].as_array().unwrap();
    let stale = findings
        .iter()
        .filter(|finding| finding["id"] == "matrix::stale-baseline");
    let places: Vec<&str> = stale
        .map(|finding| finding["where"].as_str().unwrap())
        .collect();
    assert!(
        places.contains(&"idp:provekobing-adfs level:3 person:erik"),
        "{places:?}"
    );
    assert!(
        findings
            .iter()
            .any(|finding| finding["id"] == "matrix::nsis-at-oiosaml2" && finding["known"] == true)
    );
    let (code, text) = run(&["--baseline", people]);
    assert_eq!(code, 2, "{text}");
}

#[test]
fn every_form_can_be_read() {
    let folder = folder("forms");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let outputs = ["junit", "html", "csv", "json"].map(|form| format!("{form}={}", at(form)));
    let arguments: Vec<&str> = outputs
        .iter()
        .flat_map(|output| ["--output", output])
        .collect();
    assert_eq!(run(&arguments).0, 1);
    let read = |name: &str| std::fs::read_to_string(at(name)).unwrap();
    let junit = read("junit");
    let mut reader = quick_xml::Reader::from_str(&junit);
    let (mut cases, mut failures) = (0, 0);
    loop {
        use quick_xml::events::Event;
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "testcase" => cases += 1,
                "failure" => failures += 1,
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(cases, 10);
    assert!(failures >= 10, "{failures}");
    let html = read("html");
    assert!(
        html.contains("lang=\"da\"") && html.contains("lang=\"en\"") && !html.contains("<script")
    );
    assert!(read("csv").starts_with("\u{FEFF}Krav;Systemer;"));
    // The same bytes again.
    let again = run(&["--format", "json"]).1;
    assert_eq!(read("json"), again);
}

#[test]
fn a_question_that_cannot_be_understood_says_why() {
    let folder = folder("bad");
    let people = folder.join("people.csv");
    std::fs::write(
        &people,
        "idp;person;name;second_factor;nsis\nnobody;a;;;\nprovekobing-adfs;;;;\nprovekobing-adfs;b;;måske;\ntestrup;c;;1;Middel\n",
    )
    .unwrap();
    let people = people.to_str().unwrap();
    for (arguments, code, words) in [
        (
            &["--idp", "nix", "--idp", "nada"][..],
            2,
            &["nix, nada", "provekobing-adfs"][..],
        ),
        (&["--system", "nix"], 2, &["borgerportal"]),
        (&["--full", "--format", "html"], 2, &["--format csv"]),
        (
            &["--people", people],
            3,
            &[
                "people.csv:2: idp",
                ":3: person",
                ":4: second_factor: “måske”",
                ":5: nsis",
            ],
        ),
        (&["--config", "nowhere.toml"], 2, &["nowhere.toml"]),
    ] {
        let (found, text) = run(arguments);
        assert_eq!(found, code, "{text}");
        for word in words {
            assert!(text.contains(word), "{word}: {text}");
        }
    }
}

/// Every kind of finding is told of some federation: one that nothing can cause would be a promise.
#[test]
fn every_kind_of_finding_has_a_case() {
    let folder = folder("kinds");
    let file = folder.join("federation.toml");
    // AD FS asked for a level that it does not know; OS2faktor for level 4; a profile that asks nothing; a low ceiling.
    let other = config::SAMPLE
        .replacen(
            "oiosaml_profile = \"OIOSAML2_ADFS_MULTIPLEAUTHN\"",
            "oiosaml_profile = \"OIOSAML2\"",
            1,
        )
        .replacen("user_contexts = [\"22222222\"]", "user_contexts = []", 1);
    std::fs::write(&file, &other).unwrap();
    let ids = |text: &str, extra: &[&str]| -> BTreeSet<String> {
        std::fs::write(&file, text).unwrap();
        let arguments = [&["--config", file.to_str().unwrap()], extra].concat();
        let all = json(&arguments);
        let findings = all["findings"].as_array().unwrap();
        findings
            .iter()
            .map(|finding| finding["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut seen = ids(config::SAMPLE, &[]);
    seen.extend(ids(&other, &[]));
    let asks_nothing = config::SAMPLE.replacen(
        "\"OIOSAML2_ADFS_MULTIPLEAUTHN\"",
        "\"OIOSAML2_WITHOUT_REQUESTED_LOA\"",
        1,
    );
    seen.extend(ids(&asks_nothing, &[]));
    let four = config::SAMPLE.replacen("assurance_level = 3", "assurance_level = 4", 9);
    seen.extend(ids(
        &four.replace(
            "oiosaml_profile = \"OIOSAML3\"\nassurance_level",
            "oiosaml_profile = \"OIOSAML2\"\nassurance_level",
        ),
        &[],
    ));
    let nobody = folder.join("people.csv");
    std::fs::write(&nobody, "idp;person\ntestrup;x\n").unwrap();
    seen.extend(ids(&asks_nothing, &["--people", nobody.to_str().unwrap()]));
    let low = config::SAMPLE.replacen("assurance_level = 3", "assurance_level = 2", 1);
    seen.extend(ids(&low, &[]));
    let all: BTreeSet<String> = KINDS.iter().map(|kind| kind.id.to_owned()).collect();
    let missing: Vec<&String> = all.difference(&seen).collect();
    assert!(missing.is_empty(), "{missing:?}; seen {seen:?}");
}

/// The remembered choice: November 2024 can be seen to fail, and its cure to work.
#[test]
fn the_municipality_that_moved() {
    let (code, text) = run(&["--moved", "safe", "--language", "en"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(text.matches('✓').count(), 4, "{text}");
    let (code, text) = run(&["--moved", "--format", "json"]);
    assert_eq!(code, 1);
    let told: Value = serde_json::from_str(&text).unwrap();
    let passed = |story: usize| -> Vec<bool> {
        let steps = told["stories"][story]["steps"].as_array().unwrap();
        steps
            .iter()
            .map(|step| step["passed"].as_bool().unwrap())
            .collect()
    };
    assert_eq!(passed(0), [true, false, false, true]);
    assert_eq!(passed(1), [true, true, true, true]);
    assert_eq!(told["findings"].as_array().unwrap().len(), 2);
    let seen = told["stories"][0]["steps"][1]["seen_en"].as_str().unwrap();
    assert!(seen.contains("HUB-C-006"), "{seen}");
}

#[tokio::test]
async fn the_page_shows_what_the_command_says() {
    let demo = Demo::start().await;
    let page = demo.manage("/matrix").await;
    assert!(
        page.body.contains("<h1>Profilmatrix</h1>")
            && page.body.contains("2 systemer × 5 identity providers")
    );
    // What it names it explains, and the hub has all of it.
    assert!(page.links().contains(&"/kontroller#HUB-C-005".to_owned()));
    for (query, words) in [
        ("view=people", "Erik Uden Totrin"),
        (
            "view=generations&lang=en",
            "Context Handler 1 against Context Handler 2",
        ),
        ("view=overview", "2 af 2 systemer"),
        (
            "idp=provekobing-adfs",
            "Anbefaling: OIOSAML2 – ADFS multipleauthn",
        ),
        ("system=borgerportal", "1 systemer × 5 identity providers"),
    ] {
        let page = demo.manage(&format!("/matrix?{query}")).await;
        assert!(
            page.status == 200 && page.body.contains(words),
            "{query}: {}",
            page.body
        );
    }
    for (address, status) in [("/matrix?idp=nix", 404), ("/matrix?view=nix", 400)] {
        assert_eq!(demo.manage(address).await.status, status, "{address}");
    }
    let all = demo.api("/api/v1/matrix").await;
    assert_eq!(
        all["findings"].as_array().unwrap().len(),
        json(&[])["findings"].as_array().unwrap().len()
    );
    let csv = demo.manage("/matrix.csv?view=people").await;
    assert!(
        csv.body.contains("Erik Uden Totrin;erik;anden faktor"),
        "{}",
        csv.body
    );
    assert!(
        demo.manage("/matrix.html")
            .await
            .body
            .contains("<!doctype html>")
    );
    // What is closed now is closed on the page.
    demo.app.registry.set_active("provekobing-adfs", false);
    let page = demo.manage("/matrix?idp=provekobing-adfs").await;
    assert!(page.body.contains("nej, inaktiv"), "{}", page.body);
}

/// What a persona does wrong whatever it is asked is predicted too, and an IdP's policy for one system is that system's.
#[test]
fn misbehaviour_and_a_policy_for_one_system_are_predicted() {
    let folder = folder("habits");
    let file = folder.join("federation.toml");
    let read = |text: &str| {
        assert_ne!(text, config::SAMPLE);
        std::fs::write(&file, text).unwrap();
        json(&["--config", file.to_str().unwrap()])
    };
    let other = config::SAMPLE.replacen(
        "kind = \"os2faktor\"",
        "kind = \"os2faktor\"\ntraits = [\"other-cvr\"]",
        1,
    );
    let all = read(&other);
    let people = all["people"].as_array().unwrap();
    let anna: Vec<&Value> = people
        .iter()
        .filter(|entry| entry["person"] == "anna")
        .collect();
    assert!(
        anna.len() == 2 && anna.iter().all(|entry| entry["fate"] == "refused-by-hub"),
        "{anna:?}"
    );

    // Two systems with the same need, of which the IdP asks a second factor for one.
    let second = "[[user_facing_system]]\nname = \"arkiv\"\ncvr = \"55555555\"\noiosaml_profile = \"OIOSAML2\"\nassurance_level = 2\n[user_facing_system.demo]\nkey = \"borgerportal\"\n\n# Et nyere system";
    let text = config::SAMPLE
        .replacen("assurance_level = 3\n# Certifikatet", "assurance_level = 2\n# Certifikatet", 1)
        .replacen("# Et nyere system", second, 1)
        .replacen("key = \"eksempelstrup\"", "key = \"eksempelstrup\"\nsubsystems = [{ id = \"http://sagssystem.localhost/metadata\", second_factor = true }]", 1);
    let all = read(&text);
    let fate = |system: &str| {
        let people = all["people"].as_array().unwrap();
        let of = |entry: &&Value| entry["person"] == "bo" && entry["systems"][0] == system;
        people.iter().find(of).unwrap()["fate"].clone()
    };
    assert_eq!(
        (fate("sagssystem"), fate("arkiv")),
        ("refused-by-idp".into(), "passes".into())
    );
}

/// Who gets in with less than is needed is not ready, and is on the list of people to enrol.
#[test]
fn whoever_is_under_assured_must_be_enrolled() {
    let folder = folder("under");
    let file = folder.join("federation.toml");
    let text = config::SAMPLE.replacen(
        "\"OIOSAML2_ADFS_MULTIPLEAUTHN\"",
        "\"OIOSAML2_WITHOUT_REQUESTED_LOA\"",
        1,
    );
    assert_ne!(text, config::SAMPLE);
    std::fs::write(&file, text).unwrap();
    let all = json(&[
        "--config",
        file.to_str().unwrap(),
        "--idp",
        "provekobing-adfs",
        "--system",
        "sagssystem",
    ]);
    let enrol = all["enrol"].as_array().unwrap();
    assert_eq!(
        (enrol.len(), &enrol[0]["person"]),
        (1, &"erik".into()),
        "{enrol:?}"
    );
    let not_ready = all["systems"][0]["not_ready"].as_array().unwrap();
    assert_eq!(not_ready.len(), 1, "{not_ready:?}");
}

/// A spreadsheet has every name, however many there are.
#[test]
fn csv_has_all_names() {
    let folder = folder("names");
    let file = folder.join("federation.toml");
    let mut text = config::SAMPLE.to_owned();
    for n in 0..12 {
        text.push_str(&format!("\n[[user_facing_system]]\nname = \"arkiv{n}\"\ncvr = \"55555555\"\noiosaml_profile = \"OIOSAML2\"\nassurance_level = 3\n[user_facing_system.demo]\nkey = \"borgerportal\"\n"));
    }
    std::fs::write(&file, text).unwrap();
    let (_, csv, _) = output(&[
        "--config",
        file.to_str().unwrap(),
        "--preflight",
        "--format",
        "csv",
    ]);
    let erik = csv.lines().find(|line| line.contains(";erik;")).unwrap();
    assert!(
        (0..12).all(|n| erik.contains(&format!("arkiv{n}"))),
        "{erik}"
    );
}
