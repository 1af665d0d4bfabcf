//! Makes `fixtures/attacks/*.case` anew: messages that a verifier must refuse, each with the check that must
//! refuse it, and some that it must accept.
//!
//! - `cargo run --example attack-cases` writes all files; those into which chance went (`chance: yes`) only
//!   where they are missing or their header changed
//! - `cargo run --example attack-cases -- --all` writes those too
//! - `cargo run --example attack-cases -- --message FILE` prints the message of a case, and `--options FILE` the
//!   options, for `vejviser verify`

#[allow(dead_code, reason = "shared with tests/attacks")]
#[path = "../tests/attacks/case.rs"]
mod case;
#[path = "../tests/attacks/make/mod.rs"]
mod make;

use case::Case;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => write(false),
        ["--all"] => write(true),
        ["--message", file] => Ok(std::io::stdout().write_all(&read(Path::new(file))?.sent())?),
        ["--options", file] => {
            println!("{}", read(Path::new(file))?.options().join(" "));
            Ok(())
        }
        _ => Err("usage: attack-cases [--all | --message FILE | --options FILE]".into()),
    }
}

fn read(path: &Path) -> Result<Case, Box<dyn Error>> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    Ok(Case::parse(&name, &fs::read(path)?)?)
}

fn write(all: bool) -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/attacks");
    fs::create_dir_all(&folder)?;
    let cases = make::all();
    let (mut written, mut kept) = (0, 0);
    for case in &cases {
        let path = folder.join(format!("{}.case", case.name));
        let there = read(&path).ok();
        let same = there.is_some_and(|there| match case.get("chance") {
            Some(_) => !all && there.header() == case.header(),
            None => there == *case,
        });
        if same {
            kept += 1;
        } else {
            fs::write(path, case.file())?;
            written += 1;
        }
    }
    fs::write(folder.join("p256.pem"), make::p256_public())?;
    // A case that is made no longer leaves no file behind.
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let is_case = path
            .extension()
            .is_some_and(|extension| extension == "case");
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if is_case && !cases.iter().any(|case| case.name == name) {
            fs::remove_file(&path)?;
            println!("removed {name}");
        }
    }
    println!("{written} written, {kept} as they were");
    Ok(())
}
