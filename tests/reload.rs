//! federation.toml while the hub runs: all of a change is served, or nothing of it.
#![allow(
    clippy::disallowed_methods,
    reason = "a process looks at its files by the clock of the world"
)]

use crate::support::served::{Folder, IDP, SYSTEM, Served, federation, in_path};
use serde_json::json;
use std::time::{Duration, Instant};

/// What people call the identity provider, asked until it is this or the time is over.
fn called(served: &Served, wanted: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let (_, idp) = served.json("GET", &format!("/IdentityProviders/{}", in_path(IDP)), None);
        let found = idp["Praesentationsnavn"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if found == wanted || Instant::now() > deadline {
            return found;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn hang_up(served: &Served) {
    let pid = served.child.id().to_string();
    let done = std::process::Command::new("kill")
        .args(["-HUP", &pid])
        .status()
        .unwrap();
    assert!(done.success());
}

#[test]
fn an_edited_file_is_served_at_once_and_what_was_changed_otherwise_stays() {
    let folder = Folder::new("reload");
    let served = folder.serve();
    let level = format!("/BrugervendteSystemer/{}/AssuranceLevel/3", in_path(SYSTEM));
    assert_eq!(served.json("PUT", &level, None).0, 200);
    // By a look at the file.
    folder.write("federation.toml", federation("Ny kommune").as_bytes());
    assert_eq!(called(&served, "Ny kommune"), "Ny kommune");
    let (_, system) = served.json(
        "GET",
        &format!("/BrugervendteSystemer/{}", in_path(SYSTEM)),
        None,
    );
    assert_eq!(
        (&system["AssuranceLevel"], &system["NSISAssuranceLevel"]),
        (&json!(3), &json!(""))
    );
    // A file that cannot be used changes nothing; when it can, it is taken over by a signal too.
    let broken = federation("Nyere kommune").replace("assurance_level = 3", "assurance_level = 7");
    folder.write("federation.toml", broken.as_bytes());
    hang_up(&served);
    folder.write("federation.toml", federation("Nyeste kommune").as_bytes());
    hang_up(&served);
    assert_eq!(called(&served, "Nyeste kommune"), "Nyeste kommune");
    // After a restart all of it is as it was.
    drop(served);
    let served = folder.serve();
    assert_eq!(called(&served, "Nyeste kommune"), "Nyeste kommune");
    let (_, system) = served.json(
        "GET",
        &format!("/BrugervendteSystemer/{}", in_path(SYSTEM)),
        None,
    );
    assert_eq!(system["AssuranceLevel"], 3);
}
