//! The architecture as a test: a folder uses only what stands to its left, and the core asks nobody for
//! time or chance.

use std::fs;
use std::path::{Path, PathBuf};

/// From left to right. `config` reads files for `edge`; `persona` and `drill` stand beside it.
const ORDER: [&str; 11] = [
    "xml", "dsig", "saml", "oiosaml", "mint", "hub", "store", "config", "edge", "persona", "drill",
];
const CORE: [&str; 6] = ["xml", "dsig", "saml", "oiosaml", "mint", "hub"];

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src")
            .join(folder),
    ];
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let tests: Vec<PathBuf> = files.iter().flat_map(|path| test_modules(path)).collect();
    files.retain(|path| !tests.contains(path));
    assert!(!files.is_empty(), "src/{folder} has sources");
    files
}

/// The files that a file declares under `#[cfg(test)]`.
fn test_modules(path: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(path).unwrap();
    let stem = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let folder = path.parent().unwrap();
    let folder = if stem == "mod" {
        folder.to_owned()
    } else {
        folder.join(stem)
    };
    let declared = text
        .split("#[cfg(test)]")
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix("mod ")?.split(';').next());
    declared
        .map(|name| folder.join(format!("{}.rs", name.trim())))
        .collect()
}

/// The code of a file without its unit tests and comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_folder_uses_only_what_stands_to_its_left() {
    let mut broken = Vec::new();
    for (at, folder) in ORDER.iter().enumerate() {
        for path in sources(folder) {
            let code = code(&path);
            for right in &ORDER[at + 1..] {
                if code.contains(&format!("crate::{right}::"))
                    || code.contains(&format!("crate::{right};"))
                {
                    broken.push(format!("{} uses {right}", path.display()));
                }
            }
            if code.contains("crate::cli") {
                broken.push(format!("{} uses cli", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// What the hub never admits (SHA-1, RSA-1_5, short keys) has one word in its name, and one command that says
/// it: `verify`.
#[test]
fn the_hub_never_says_legacy() {
    let mut broken = Vec::new();
    for folder in [
        "saml", "oiosaml", "mint", "hub", "store", "config", "edge", "persona", "drill",
    ] {
        for path in sources(folder) {
            if code(&path).contains("Legacy") {
                broken.push(path);
            }
        }
    }
    let cli = sources("cli");
    let says: Vec<_> = cli
        .iter()
        .filter(|path| code(path).contains("Legacy"))
        .collect();
    assert!(
        says.iter().all(|path| path.ends_with("verify/mod.rs")) && says.len() == 1,
        "{says:?}"
    );
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_core_knows_no_clock_socket_file_environment_or_thread() {
    const WORLD: [&str; 11] = [
        "std::time",
        "now_utc",
        "std::net::Tcp",
        "std::net::Udp",
        "std::fs",
        "std::env",
        "std::thread",
        "tokio",
        "axum",
        "hyper",
        "async fn",
    ];
    let mut broken = Vec::new();
    for folder in CORE {
        for path in sources(folder) {
            let code = code(&path);
            broken.extend(
                WORLD
                    .iter()
                    .filter(|word| code.contains(**word))
                    .map(|word| format!("{} uses {word}", path.display())),
            );
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
