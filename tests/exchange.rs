//! `vejviser export` and `vejviser import`: what is written is what was there.

use crate::support::served::{Folder, IDP, SYSTEM, federation, in_path};
use serde_json::{Value, json};
use std::process::Output;
use toml::Table;

const OBJECTS: &str = r#"{ "Brugersystemroller": [{ "Id": "http://sag.example/roles/usersystemrole/sagsbehandler/1" }],
  "Jobfunktionsroller": [{ "Id": "http://11111111.example/roles/jobrole/leder/1", "Anvenderkontekst": { "Cvr": "11111111" } }],
  "RoleMappings": { "https://system.example/saml": [{ "Id": "a", "JobfunktionsrolleId": "b", "BrugersystemrolleId": "c" }] },
  "Users": [{ "Authority": "11111111", "Id": "eva", "Claims": [{ "Key": "a", "Value": "b" }] }],
  "Revoked": [{ "serial": "0A:BC", "at": "2026-11-01T08:00:00Z" }] }"#;

/// A folder with what only TOML holds and what only CH.json holds.
fn rich(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("objects.json", OBJECTS.as_bytes());
    folder.write("old.pem", folder.read("hub.pem").as_bytes());
    let text = federation("Prøvekøbing").replace(
        "saml_metadata = \"system.xml\"\ngeneration = 2\n",
        "saml_metadata = \"system.xml\"\ngeneration = 1\ngeneration_2_from = 2027-03-01\nrotated_out = [\"old.pem\"]\n\
         [user_facing_system.trust]\nsource = \"manual\"\nacts = [2026-12-02T06:00:00+01:00]\n",
    );
    folder.write(
        "federation.toml",
        format!("objects = \"objects.json\"\n{text}").as_bytes(),
    );
    folder
}

fn ok(output: &Output) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// What a file says, however it is written.
fn said(folder: &Folder, name: &str) -> Table {
    let table: Table = folder.read(name).parse().unwrap();
    table
}

/// As it is registered: a serial number in one way of writing, and when it was taken back.
const REVOKED: (&str, &str) = ("0abc", "2026-11-01T08:00:00Z");

/// What the test CA took back, as a file beside the objects has it.
fn taken_back(folder: &Folder, name: &str) -> Vec<(String, String)> {
    let side = said(folder, name);
    let list = side.get("revoked").and_then(toml::Value::as_array);
    let text = |one: &toml::Value, key: &str| one[key].as_str().unwrap().to_owned();
    let all = list.into_iter().flatten();
    all.map(|one| (text(one, "serial"), text(one, "at")))
        .collect()
}

#[test]
fn toml_to_objects_and_back_loses_nothing() {
    let folder = rich("there-and-back");
    ok(&folder.run(&["export", "--config", "federation.toml", "--out", "out"]));
    let objects: Value = serde_json::from_str(&folder.read("out/ch.json")).unwrap();
    let idp = &objects["IdentityProviders"][0];
    assert_eq!(
        (&idp["Id"], &idp["Mobilvenlig"]),
        (&json!(IDP), &json!(false))
    );
    assert_eq!(
        objects["BrugervendteSystemer"][0]["RoleMappings"][0]["Id"],
        "a"
    );
    let beside = folder.read("out/beside.toml");
    assert!(
        beside.contains("generation_2_from") && !beside.contains("presentation_name"),
        "{beside}"
    );
    // What CH.json does not know stands beside it.
    assert_eq!(objects["Revoked"], Value::Null);
    let revoked = (REVOKED.0.to_owned(), REVOKED.1.to_owned());
    assert_eq!(taken_back(&folder, "out/beside.toml"), [revoked]);
    ok(&folder.run(&[
        "import",
        "out/ch.json",
        "--beside",
        "out/beside.toml",
        "--out",
        "back",
    ]));
    assert_eq!(
        said(&folder, "back/federation.toml"),
        said(&folder, "federation.toml")
    );
    for file in ["idp.xml", "system.xml", "old.pem"] {
        assert_eq!(
            folder.read(&format!("back/{file}")),
            folder.read(file),
            "{file}"
        );
    }
    let read = |name: &str| -> Value { serde_json::from_str(&folder.read(name)).unwrap() };
    let (there, back) = (read("objects.json"), read("back/objects.json"));
    assert_eq!(
        there["RoleMappings"]["https://system.example/saml"][0]["Id"],
        back["RoleMappings"]["https://system.example/saml"][0]["Id"]
    );
    assert_eq!(there["Users"], back["Users"]);
    assert_eq!(
        back["Revoked"],
        json!([{ "serial": REVOKED.0, "at": REVOKED.1 }])
    );
    // And the other way round: the objects of what was made are the same objects.
    folder.write("back/hub.pem", folder.read("hub.pem").as_bytes());
    folder.write("back/hub.key.pem", folder.read("hub.key.pem").as_bytes());
    ok(&folder.run(&[
        "export",
        "--config",
        "back/federation.toml",
        "--out",
        "out2",
    ]));
    assert_eq!(folder.read("out2/ch.json"), folder.read("out/ch.json"));
    assert_eq!(
        folder.read("out2/beside.toml"),
        folder.read("out/beside.toml")
    );
    ok(&folder.run(&["check", "back/federation.toml"]));
    // Nothing is overwritten unasked.
    let again = folder.run(&["export", "--config", "federation.toml", "--out", "out"]);
    assert_eq!(again.status.code(), Some(4));
    ok(&folder.run(&[
        "export",
        "--config",
        "federation.toml",
        "--out",
        "out",
        "--force",
    ]));
}

#[test]
fn what_a_running_hub_has_learnt_is_exported_from_its_store() {
    let folder = rich("from-store");
    {
        let served = folder.serve();
        let path = format!(
            "/BrugervendteSystemer/{}/OIOSAMLProfile/OIOSAML2",
            in_path(SYSTEM)
        );
        assert_eq!(served.json("PUT", &path, None).0, 200);
        // Nobody else has the file meanwhile.
        let taken = folder.run(&["export", "--store", "federation.db", "--out", "out"]);
        assert_eq!(taken.status.code(), Some(4));
    }
    ok(&folder.run(&[
        "export",
        "--store",
        "federation.db",
        "--config",
        "federation.toml",
        "--toml",
        "--out",
        "out",
    ]));
    let text = folder.read("out/federation.toml");
    assert!(
        text.contains("OIOSAML2")
            && text.contains("assurance_level = 2")
            && text.contains("multipleauthn_from"),
        "{text}"
    );
    let missing = folder.run(&["export", "--store", "nowhere.db", "--out", "out"]);
    assert_eq!(missing.status.code(), Some(2));
    assert_eq!(
        folder.run(&["export", "--out", "out"]).status.code(),
        Some(2)
    );
}

#[test]
fn objects_are_put_into_a_store_beside_what_is_there() {
    let folder = rich("into-store");
    drop(folder.serve());
    let objects = json!({ "Jobfunktionsroller": [{ "Id": "ny" }], "RoleMappings": { SYSTEM: [] } });
    folder.write("more.json", objects.to_string().as_bytes());
    ok(&folder.run(&["import", "more.json", "--store", "federation.db"]));
    let served = folder.serve();
    let (_, roles) = served.json("GET", "/Jobfunktionsroller", None);
    assert_eq!(roles.as_array().unwrap().len(), 2);
    let (_, system) = served.json(
        "GET",
        &format!("/BrugervendteSystemer/{}", in_path(SYSTEM)),
        None,
    );
    assert_eq!(system["RoleMappings"], json!([]));
    drop(served);
    // All that is wrong is told at once, and nothing is stored.
    let wrong = json!({ "Jobfunktionsroller": [{}, { "Id": "a", "x": 1 }], "Noget": [], "RoleMappings": { "https://nobody.example": [] } });
    folder.write("wrong.json", wrong.to_string().as_bytes());
    let refused = folder.run(&["import", "wrong.json", "--store", "federation.db"]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(3), "{told}");
    for what in [
        "Jobfunktionsroller[0].Id",
        "Jobfunktionsroller[1].x",
        "Noget",
    ] {
        assert!(told.contains(what), "{told}");
    }
}

#[test]
fn a_folder_of_metadata_becomes_a_federation() {
    let folder = Folder::new("metadata");
    let (idp, system) = (folder.read("idp.xml"), folder.read("system.xml"));
    folder.write("files/a.xml", format!("\u{feff}{idp}").as_bytes());
    folder.write("files/b.XML", system.as_bytes());
    folder.write("files/readme.txt", b"no metadata");
    let made = folder.run(&["import", "files", "--out", "made"]);
    ok(&made);
    let told = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(
        told.contains("gættet") && told.contains("99999999"),
        "{told}"
    );
    let table = said(&folder, "made/federation.toml");
    assert_eq!(table["identity_provider"][0]["id"].as_str(), Some(IDP));
    assert_eq!(
        table["identity_provider"][0]["name"].as_str(),
        Some("idp-example")
    );
    assert_eq!(table["user_facing_system"][0]["id"].as_str(), Some(SYSTEM));
    // With a key of the hub it is complete.
    let text = folder.read("made/federation.toml");
    folder.write(
        "made/federation.toml",
        format!("{text}\n[[hub.keys]]\ncertificate = \"../hub.pem\"\nkey = \"../hub.key.pem\"\n")
            .as_bytes(),
    );
    ok(&folder.run(&["check", "made/federation.toml"]));
    folder.write("files/c.xml", b"<html>");
    assert_eq!(
        folder
            .run(&["import", "files", "--out", "made2"])
            .status
            .code(),
        Some(3)
    );
    assert_eq!(
        folder
            .run(&["import", "nowhere", "--out", "made2"])
            .status
            .code(),
        Some(2)
    );
    folder.write("empty/readme.txt", b"no metadata");
    assert_eq!(
        folder
            .run(&["import", "empty", "--out", "made2"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn check_tells_what_is_registered_and_has_no_effect() {
    let folder = rich("check");
    let objects = folder.read("objects.json").replacen(
        '{',
        "{ \"AttributServices\": [{ \"Id\": \"https://attributter.example\" }],",
        1,
    );
    folder.write("objects.json", objects.as_bytes());
    let told = |arguments: &[&str]| -> (Option<i32>, String) {
        let output = folder.run(&[&["check", "federation.toml"], arguments].concat());
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    let (code, text) = told(&[]);
    assert!(
        code == Some(0)
            && text.contains("https://attributter.example")
            && text.contains("registry::unserved"),
        "{text}"
    );
    // With what a hub has kept.
    {
        let served = folder.serve();
        let metadata = json!({ "MetadataUrl": "http://127.0.0.1:1/m" });
        let (status, _) = served.json(
            "PUT",
            &format!("/IdentityProviders/{}/SamlMetadata", in_path(IDP)),
            Some(&metadata),
        );
        assert_eq!(status, 503, "nothing is there");
        let body = json!({ "Id": "https://kun-lager.example" });
        assert_eq!(served.json("POST", "/AttributServices", Some(&body)).0, 200);
    }
    let (code, text) = told(&["--store", "federation.db", "--format", "json"]);
    assert!(
        code == Some(0) && text.contains("https://kun-lager.example"),
        "{text}"
    );
    // A file of objects that is wrong is told whole.
    folder.write("objects.json", br#"{ "Users": [{}], "Noget": 1 }"#);
    let (code, text) = told(&[]);
    assert!(
        code == Some(3) && text.contains("Users[0].Authority") && text.contains("Noget"),
        "{text}"
    );
    assert_eq!(told(&["--store", "nowhere.db"]).0, Some(2));
}

#[test]
fn nothing_is_written_outside_the_folder() {
    let folder = rich("outside");
    ok(&folder.run(&["export", "--config", "federation.toml", "--out", "out"]));
    let beside = folder.read("out/beside.toml").replace(
        "saml_metadata = \"idp.xml\"",
        "saml_metadata = \"../../idp-outside.xml\"",
    );
    folder.write("out/beside.toml", beside.as_bytes());
    let refused = folder.run(&[
        "import",
        "out/ch.json",
        "--beside",
        "out/beside.toml",
        "--out",
        "back",
    ]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(!folder.path("back").exists());
}

#[test]
fn what_a_test_ca_took_back_goes_from_store_to_store() {
    let folder = rich("revoked");
    drop(folder.serve());
    let export = |store: &str, out: &str| {
        ok(&folder.run(&["export", "--store", store, "--out", out]));
        taken_back(&folder, &format!("{out}/beside.toml"))
    };
    let first = export("federation.db", "out");
    assert_eq!(first, [(REVOKED.0.to_owned(), REVOKED.1.to_owned())]);
    let import = [
        "import",
        "out/ch.json",
        "--beside",
        "out/beside.toml",
        "--store",
        "new.db",
    ];
    ok(&folder.run(&import));
    assert_eq!(export("new.db", "again"), first);
    // A number that nobody can ask for is refused, with its place.
    let beside = folder.read("out/beside.toml").replace("0abc", "xyz");
    folder.write("out/beside.toml", beside.as_bytes());
    let refused = folder.run(&import);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(3), "{told}");
    assert!(told.contains("revoked[0]: serial"), "{told}");
}
