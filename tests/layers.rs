//! The architecture as a test: a folder uses only what stands to its left, and the core asks nobody for
//! time or chance.

use std::fs;
use std::path::{Path, PathBuf};

/// From left to right. `config` reads files for `registry` and `edge`; `persona` and `drill` stand beside it.
const ORDER: [&str; 12] = [
    "xml", "dsig", "saml", "oiosaml", "mint", "hub", "store", "config", "registry", "edge",
    "persona", "drill",
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
    files.retain(|path| !tests.iter().any(|test| path.starts_with(test)));
    assert!(!files.is_empty(), "src/{folder} has sources");
    files
}

/// The files and folders of the modules that a file declares under `#[cfg(test)]`.
fn test_modules(path: &Path) -> Vec<PathBuf> {
    let beside = path.parent().unwrap();
    let stem = path.file_stem().unwrap();
    let below = match stem == "mod" {
        true => beside.to_owned(),
        false => beside.join(stem),
    };
    let (_, declared) = split(&fs::read_to_string(path).unwrap());
    let files = declared.into_iter().flat_map(|declared| match declared {
        Declared::At(file) => vec![beside.join(file)],
        Declared::Named(name) => vec![below.join(format!("{name}.rs")), below.join(name)],
    });
    files.collect()
}

/// The code of a file without its unit tests and comments.
fn code(path: &Path) -> String {
    split(&fs::read_to_string(path).unwrap()).0
}

/// A module of tests in a file of its own.
#[derive(Debug, PartialEq, Eq)]
enum Declared {
    /// `mod name;`
    Named(String),
    /// `#[path = "…"]`
    At(String),
}

/// A source without its unit tests and comments, and the test modules that stand in files of their own. Behind
/// `mod tests {` nothing stands but tests: clippy (`items_after_test_module`) sees to it.
fn split(text: &str) -> (String, Vec<Declared>) {
    let (mut code, mut declared, mut attributes) = (Vec::new(), Vec::new(), Vec::new());
    for line in text.lines() {
        let bare = line.trim();
        if bare.starts_with("//") {
            continue;
        }
        if bare.starts_with("#[") && bare.ends_with(']') {
            attributes.push(line);
            continue;
        }
        let above = std::mem::take(&mut attributes);
        if above.iter().any(|above| above.trim() == "#[cfg(test)]")
            && let Some(module) = module(bare)
        {
            let Some(name) = module.strip_suffix(';') else {
                break;
            };
            let path = above.iter().find_map(|above| {
                above
                    .trim()
                    .strip_prefix("#[path = \"")?
                    .strip_suffix("\"]")
            });
            declared.push(match path {
                Some(path) => Declared::At(path.to_owned()),
                None => Declared::Named(name.to_owned()),
            });
            continue;
        }
        code.extend(above);
        code.push(line);
    }
    (code.join("\n"), declared)
}

/// What stands behind `mod`, whoever may see it.
fn module(line: &str) -> Option<&str> {
    let line = match line.strip_prefix("pub") {
        Some(rest) => match rest.trim_start().strip_prefix('(') {
            Some(seen) => seen.split_once(')')?.1,
            None => rest,
        },
        None => line,
    };
    line.trim_start().strip_prefix("mod ")
}

#[test]
fn only_tests_are_left_out() {
    let (code, declared) = split(
        "// crate::comment\nmod a;\n#[cfg(test)]\nmod tests;\n#[cfg(test)]\npub(crate) mod samples;\n\
         #[path = \"else.rs\"]\n#[cfg(test)]\nmod b;\n#[cfg(test)]\n#[path = \"where.rs\"]\nmod c;\n\
         #[cfg(test)]\npub use tests::full;\n#[derive(Debug)]\nstruct Code(crate::edge::World);\n\
         #[cfg(test)]\nmod inline {\n    use crate::drill;\n}\n",
    );
    let kept = "mod a;\n#[cfg(test)]\npub use tests::full;\n#[derive(Debug)]\nstruct Code(crate::edge::World);";
    assert_eq!(code, kept);
    let named = |name: &str| Declared::Named(name.to_owned());
    let at = |path: &str| Declared::At(path.to_owned());
    assert_eq!(
        declared,
        [
            named("tests"),
            named("samples"),
            at("else.rs"),
            at("where.rs")
        ]
    );
    // Of this crate: a file that declares its tests at the top, one with them below, and a folder of them.
    let dsig = sources("dsig");
    let has = |end: &str| dsig.iter().any(|path| path.ends_with(end));
    assert!(has("certificate/mod.rs") && has("key.rs"));
    assert!(!has("certificate/tests.rs") && !has("testkeys.rs") && !has("tests/signature.rs"));
    let certificate = dsig
        .iter()
        .find(|path| path.ends_with("certificate/mod.rs"));
    assert!(self::code(certificate.unwrap()).contains("pub struct Certificate"));
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
            // A careless demo system takes SHA-1: that is its defect.
            let careless = path.ends_with("persona/defect/belief.rs");
            if code(&path).contains("Legacy") && !careless {
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
