//! What a persona's entry may say, and what in it contradicts itself.

use super::samples::{NOW, base64, idp, sp};
use crate::config::{Kind, Persona, PersonaKind, Problems, Severity, Trait, load, parse, pki};
use crate::saml::metadata::{self, Entity};
use crate::xml::Document;
use std::collections::BTreeMap;
use std::path::Path;

/// Kind, what stands on the line it is told at, and the lines of the entry.
type Case = (&'static str, &'static str, &'static str);

/// Somebody with these roles.
macro_rules! person {
    ($roles:literal) => {
        concat!(
            "kind = \"adfs\"\n[[identity_provider.persona.people]]\nid = \"eva\"\nname = \"Eva\"\nuuid = \"u\"\nemail = \"e\"\n",
            "roles = [\n",
            $roles,
            "\n]"
        )
    };
}

#[rustfmt::skip]
pub const CASES: &[Case] = &[
    ("config::unknown-word", "\"addfs\"", "kind = \"addfs\""),
    ("config::unknown-word", "\"ignore-force\"", "kind = \"adfs\"\ntraits = [\n\"slow\",\n\"ignore-force\",\n]"),
    ("config::unknown-word", "\"scoping\"", "kind = \"adfs\"\nwithout = [\"scoping\"]"),
    ("config::unknown-word", "nsis = \"High \"", "kind = \"os2faktor\"\nsubsystems = [\n{ id = \"https://a.example\", nsis = \"High \" },\n]"),
    ("config::unknown-word", "delay_seconds", "kind = \"adfs\"\ntraits = [\"slow\"]\ndelay_seconds = 4000"),
    ("config::wrong-type", "traits", "kind = \"adfs\"\ntraits = \"slow\""),
    ("config::missing-key", "second_factor = true", "kind = \"os2faktor\"\nsubsystems = [\n{ second_factor = true },\n]"),
    ("config::wrong-type", "scope = \"1111111\"", person!("{ role = \"http://a.example/roles/jobrole/a/1\", scope = \"1111111\" },")),
    ("config::wrong-type", "role = \"\"", person!("{ role = \"\" },")),
    ("config::wrong-type", "jobrole/a b/1", person!("{ role = \"http://a.example/roles/jobrole/a b/1\" },")),
    ("config::wrong-type", "name = \"\"", person!("{ role = \"a\", constraints = [\n{ name = \"\", value = \"1\" },\n] },")),
    ("config::missing-key", "{ scope", person!("{ scope = \"11111111\" },")),
    ("config::missing-key", "{ name", person!("{ role = \"a\", constraints = [\n{ name = \"b\" },\n] },")),
    ("config::unknown-key", "role = \"a\", cvr", person!("{ role = \"a\", cvr = \"11111111\" },")),
    ("config::roles-unknown", "name = \"idp\"", person!("{ role = \"a\" },")),
    ("config::persona", "\"scoping-refused\"] # 2", "kind = \"adfs\"\ntraits = [\"scoping-refused\"]\nwithout = [\"scoping-refused\"] # 2"),
    ("config::persona", "\"returns-higher\"", "kind = \"adfs\"\ntraits = [\n\"returns-lower\",\n\"returns-higher\",\n]"),
    ("config::persona", "\"slow\", # 2", "kind = \"adfs\"\ntraits = [\n\"slow\",\n\"slow\", # 2\n]"),
    ("config::persona", "without", "kind = \"oiosaml3\"\nwithout = [\"scoping-refused\"]"),
    ("config::persona", "{ id", "kind = \"adfs\"\nsubsystems = [\n{ id = \"https://a.example\" },\n]"),
    ("config::persona", "delay_seconds", "kind = \"adfs\"\ndelay_seconds = 10"),
    ("config::persona", "skew_seconds", "kind = \"adfs\"\ntraits = [\"slow\"]\nskew_seconds = 10"),
    ("config::unknown-word", "logout =", "kind = \"adfs\"\nlogout = \"never\""),
];

fn federation(persona: &str) -> String {
    let people = match persona.contains("people") {
        true => "",
        false => "people = []\n",
    };
    format!(
        r#"[[organisation]]
cvr = "11111111"
name = "Prøvekøbing Kommune"

[[identity_provider]]
name = "idp"
presentation_name = "IdP"
oiosaml_profile = "OIOSAML3"
assurance_level = 3
nsis_assurance_level = "Substantial"
user_contexts = ["11111111"]
[identity_provider.persona]
key = "testrup"
{people}{persona}
"#
    )
}

/// As the demo loads it: first the file alone, then what it means.
fn problems(text: &str) -> Problems {
    if let Err(problems) = parse(Path::new("federation.toml"), text) {
        return problems;
    }
    let certificate = base64(pki::certificate("testrup").expect("testrup"));
    let document = Document::parse(idp(&certificate).as_bytes()).expect("xml");
    let entity = metadata::read(document.root()).expect("metadata").remove(0);
    let rendered: BTreeMap<String, Entity> = [("idp".to_owned(), entity)].into();
    match load(Path::new("federation.toml"), text, Some(&rendered), NOW) {
        Ok(loaded) => loaded.warnings,
        Err(problems) => problems,
    }
}

#[test]
fn each_problem_is_told_alone_and_at_its_line() {
    for (id, place, persona) in CASES {
        let text = federation(persona);
        let problems = problems(&text);
        let found: Vec<(&str, Option<usize>)> = problems
            .list
            .iter()
            .map(|problem| (problem.id, problem.line))
            .collect();
        let line = text.lines().position(|line| line.contains(place));
        assert_eq!(
            found,
            [(*id, line.map(|line| line + 1))],
            "{persona}: {:?}",
            problems.list
        );
        let kind = Kind::by_id(id).expect("a kind");
        assert_eq!(problems.any_fatal(), kind.severity == Severity::Fatal);
    }
}

/// What a strict system does with a logout the system test says, and nobody else.
#[test]
fn a_strict_system_has_no_habit_of_logout() {
    let told = |demo: &str| {
        let text = format!(
            r#"[[organisation]]
cvr = "11111111"
name = "Prøvekøbing Kommune"

[[user_facing_system]]
name = "system"
cvr = "11111111"
oiosaml_profile = "OIOSAML2"
assurance_level = 2
[user_facing_system.demo]
key = "sagssystem"
{demo}"#
        );
        let file = match parse(Path::new("federation.toml"), &text) {
            Ok(file) => file,
            Err(problems) => return problems.list,
        };
        let certificate = base64(pki::certificate("sagssystem").expect("sagssystem"));
        let document = Document::parse(sp(&certificate).as_bytes()).expect("xml");
        let entity = metadata::read(document.root()).expect("metadata").remove(0);
        assert_eq!(file.user_facing_systems.len(), 1);
        let rendered: BTreeMap<String, Entity> = [("system".to_owned(), entity)].into();
        match load(Path::new("federation.toml"), &text, Some(&rendered), NOW) {
            Ok(loaded) => loaded.warnings.list,
            Err(problems) => problems.list,
        }
    };
    for fine in [
        "",
        "logout = \"never-answers\"",
        "strict = true",
        "strict = true\nlogout = \"answers\"",
    ] {
        assert_eq!(told(fine), [], "{fine}");
    }
    for (bad, line) in [
        ("strict = true\nlogout = \"post-only\"", 13),
        (
            "logout = \"not-offered\"\ndefect = \"accepts-unsigned\"",
            12,
        ),
    ] {
        let found = told(bad);
        let found: Vec<_> = found.iter().map(|one| (one.id, one.line)).collect();
        assert_eq!(found, [("config::persona", Some(line))], "{bad}");
    }
    let found = told("logout = \"never\"");
    assert_eq!(
        found.first().map(|one| one.id),
        Some("config::unknown-word")
    );
}

#[test]
fn traits_are_added_and_taken_away() {
    for kind in PersonaKind::ALL {
        let text = federation(&format!("kind = \"{}\"\ntraits = [\"slow\"]", kind.id()));
        assert_eq!(problems(&text).list, [], "{kind:?}");
    }
    let persona = |text: &str| -> Persona {
        toml::from_str(&format!("key = \"k\"\npeople = []\n{text}")).expect("a persona")
    };
    let plain = persona("kind = \"adfs\"");
    let own: Vec<Trait> = PersonaKind::Adfs.traits().collect();
    assert_eq!(plain.all_traits(), own);
    let changed = persona(
        "kind = \"adfs\"\ntraits = [\"drops-relay-state\"]\nwithout = [\"metadata-daily\"]",
    );
    assert!(changed.has(Trait::DropsRelayState) && !changed.has(Trait::MetadataDaily));
    // What an added one contradicts gives way to it.
    assert!(plain.has(Trait::RelayStateEchoed) && !changed.has(Trait::RelayStateEchoed));
}
