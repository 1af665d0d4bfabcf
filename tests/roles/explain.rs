//! `vejviser roles`: the same story offline.

use crate::support::demo::Demo;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use vejviser::drill::Browser;

fn file(name: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("roles");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn vejviser(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vejviser"));
    command.args(args).output().unwrap()
}

fn explained(args: &[&str]) -> (Option<i32>, String) {
    let output = vejviser(&[&["roles", "explain"], args].concat());
    let told = match output.stdout.is_empty() {
        true => output.stderr,
        false => output.stdout,
    };
    (output.status.code(), String::from_utf8(told).unwrap())
}

/// A list as an IdP writes it: two groups, of which one is another municipality's.
const LIST: &str = "<bpp:PrivilegeList xmlns:bpp=\"http://itst.dk/oiosaml/basic_privilege_profile\">\
    <PrivilegeGroup Scope=\"urn:dk:gov:saml:cvrNumberIdentifier:22222222\">\
    <Privilege>http://eksempelstrup.example/roles/jobrole/sagsbehandler/1</Privilege></PrivilegeGroup>\
    <PrivilegeGroup Scope=\"urn:dk:gov:saml:cvrNumberIdentifier:33333333\">\
    <Privilege>http://eksempelstrup.example/roles/jobrole/sagsbehandler/1</Privilege>\
    <Constraint Name=\"http://eksempelstrup.example/x/1/parametric\">1</Constraint></PrivilegeGroup></bpp:PrivilegeList>";

#[test]
fn a_list_alone_is_explained() {
    let list = file("list.xml", LIST);
    let list = list.to_str().unwrap();
    let asked = ["--system", "sagssystem", "--idp", "eksempelstrup"];
    let (code, told) = explained(&[&asked[..], &["--format", "human", list]].concat());
    assert_eq!(code, Some(0), "{told}");
    let expected = "\
http://eksempelstrup.localhost/metadata → http://sagssystem.localhost/metadata
2 grupper ind, 2 ud / 2 groups in, 2 out

1. urn:dk:gov:saml:cvrNumberIdentifier:22222222
   http://eksempelstrup.example/roles/jobrole/sagsbehandler/1
   → http://sagssystem.example/roles/usersystemrole/se_sager/1
       http://systemer.example/constraints/KLE/1 = 98.10.*
       http://systemer.example/constraints/KLE/1 = 98.20.*
       http://systemer.example/constraints/KLE/1 = 98.30.*
     [roles/translated; bekræftet / confirmed; RoleMapping http://eksempelstrup.example/roles/jobrole/sagsbehandler/1|http://sagssystem.example/roles/usersystemrole/se_sager/1]
   http://eksempelstrup.example/roles/jobrole/sagsbehandler/1
   → http://sagssystem.example/roles/usersystemrole/behandl_sager/1
       http://systemer.example/constraints/KLE/1 = 98.10.*
     [roles/translated; bekræftet / confirmed; RoleMapping http://eksempelstrup.example/roles/jobrole/sagsbehandler/1|http://sagssystem.example/roles/usersystemrole/behandl_sager/1]

2. urn:dk:gov:saml:cvrNumberIdentifier:33333333
     http://eksempelstrup.example/x/1/parametric = 1   (bruges ikke her / not used here)
   http://eksempelstrup.example/roles/jobrole/sagsbehandler/1
   ✗ Scope er en anden organisation end dem, IdP'en taler for, og rollen er ikke den organisations. «33333333»
     The scope is another organisation than those that the IdP speaks for, and the role is not that organisation's.
     → Ret Scope i IdP'en til kommunens eget CVR-nummer; eller den anden organisation opretter rollen og delegerer den.
       Let the IdP send the municipality's own CVR number as Scope; or the other organisation registers the role and delegates it.
     [roles/foreign-scope; udledt / inferred]
";
    assert_eq!(told, expected);
    // At a system without a mapping of it nothing comes through, and that is a finding.
    let asked = [
        "--system",
        "borgerportal",
        "--idp",
        "eksempelstrup",
        "--format",
        "csv",
        list,
    ];
    let (code, told) = explained(&asked);
    assert_eq!(code, Some(1));
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{told}");
    assert!(
        lines[1].contains("\"dropped\",\"roles/no-mapping\""),
        "{told}"
    );
    // A list does not say whom it is from.
    let (code, told) = explained(&["--system", "sagssystem", list]);
    assert!(code == Some(2) && told.contains("--idp"), "{told}");
    let (code, told) = explained(&["--system", "sag", "--idp", "eksempelstrup", list]);
    assert!(
        code == Some(2)
            && told.contains("borgerportal, sagssystem")
                | told.contains("sagssystem, borgerportal"),
        "{told}"
    );
}

/// What the running hub told of a login, and what is told of its message, are the same; the message is encrypted, as it came.
#[tokio::test]
async fn a_login_is_explained_as_the_hub_did() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    demo.log_in(&mut browser, "sagssystem", "eksempelstrup", "anna")
        .await;
    let flow = demo.newest_flow().await;
    let exchanges = flow["exchanges"].as_array().unwrap();
    let answer = exchanges
        .iter()
        .find(|one| one["leg"] == "identity-provider" && one["direction"] == "in")
        .unwrap();
    let xml = answer["xml"].as_str().unwrap();
    assert!(xml.contains("EncryptedAssertion"));
    let response = file("response.xml", xml);
    let (code, told) = explained(&["--system", "sagssystem", response.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{told}");
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["groups"], flow["roles"]["groups"]);
    assert_eq!(told["issued"], 3);
    // A wrong key opens nothing, and the other system gets another part of it.
    let key = Path::new(env!("CARGO_MANIFEST_DIR")).join("certs/testrup.key.pem");
    let wrong = [
        "--system",
        "sagssystem",
        "--key",
        key.to_str().unwrap(),
        response.to_str().unwrap(),
    ];
    let (code, told) = explained(&wrong);
    assert!(code == Some(2) && told.contains("--key FILE"), "{told}");
}

#[test]
fn what_cannot_be_read_is_said() {
    for (name, text, code, part) in [
        (
            "junk.xml",
            "<x/>",
            2,
            "no Response, Assertion or PrivilegeList",
        ),
        (
            "empty.xml",
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>",
            2,
            "without an assertion",
        ),
        (
            "bad.xml",
            "<bpp:PrivilegeList xmlns:bpp=\"http://itst.dk/oiosaml/basic_privilege_profile\"><x/></bpp:PrivilegeList>",
            1,
            "has no place here",
        ),
        (
            "nothing.xml",
            "<bpp:PrivilegeList xmlns:bpp=\"http://itst.dk/oiosaml/basic_privilege_profile\"/>",
            1,
            "the list is empty",
        ),
        ("cut.xml", "<x", 2, "error"),
    ] {
        let path = file(name, text);
        let asked = [
            "--system",
            "sagssystem",
            "--idp",
            "eksempelstrup",
            "--format",
            "human",
            path.to_str().unwrap(),
        ];
        let (found, told) = explained(&asked);
        assert_eq!(found, Some(code), "{name}: {told}");
        assert!(told.contains(part), "{name}: {told}");
    }
}

#[test]
fn the_rules_are_listed() {
    for (format, part) in [
        ("human", "roles/not-delegated  udledt / inferred"),
        ("json", "\"id\": \"roles/not-delegated\""),
        ("csv", "\"roles/not-delegated\",\"inferred\""),
    ] {
        let output = vejviser(&["roles", "rules", "--format", format]);
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(part), "{text}");
    }
}
