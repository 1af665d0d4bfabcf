//! xmlsec1 and xmllint, which nobody here wrote.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder of files that goes away.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("vejviser-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
    pub fn put(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Whether the program is here; says so if not. `.ci/run packages` installs both.
pub fn there_is(program: &str) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    if !found {
        println!("SKIPPED: {program} is not installed; what it judges is not judged");
    }
    found
}

/// Files at a time: starting a process costs more than judging a message.
const BATCH: usize = 100;

/// Has xmlsec1 verify the signature at `xpath` of every file under `key` and nothing else; what was digested,
/// file by file, or the first file that it refuses.
pub fn verify(
    key: &Path,
    xpath: &str,
    files: &[PathBuf],
) -> Result<Vec<String>, (PathBuf, String)> {
    let mut digested = Vec::new();
    for batch in files.chunks(BATCH) {
        match run(key, xpath, batch) {
            Ok(texts) => digested.extend(texts),
            Err(_) => {
                for file in batch {
                    let one = std::slice::from_ref(file);
                    digested.extend(run(key, xpath, one).map_err(|said| (file.clone(), said))?);
                }
            }
        }
    }
    Ok(digested)
}

fn run(key: &Path, xpath: &str, files: &[PathBuf]) -> Result<Vec<String>, String> {
    let output = Command::new("xmlsec1")
        .args(["--verify", "--pubkey-pem"])
        .arg(key)
        // Keys that the message itself brings are not looked at.
        .args(["--enabled-key-data", "key-name"])
        .args(["--enabled-reference-uris", "same-doc"])
        .args([
            "--id-attr:ID",
            "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
        ])
        .args([
            "--id-attr:ID",
            "urn:oasis:names:tc:SAML:2.0:protocol:Response",
        ])
        .args(["--id-attr:ID", "urn:test:t"])
        .args(["--node-xpath", xpath, "--store-references", "--print-debug"])
        .args(files)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let texts: Vec<String> = said
        .split("== PreDigest data - start buffer:\n")
        .skip(1)
        .filter_map(|rest| rest.split("\n== PreDigest data - end buffer").next())
        .map(str::to_owned)
        .collect();
    match texts.len() == files.len() {
        true => Ok(texts),
        false => Err(format!(
            "{} references in {} files",
            texts.len(),
            files.len()
        )),
    }
}

/// Exclusive canonical form of a whole document, comments included, as xmllint has it.
pub fn exclusive(file: &Path) -> Option<String> {
    let output = Command::new("xmllint")
        .args(["--nonet", "--exc-c14n"])
        .arg(file)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).ok();
    text.filter(|_| output.status.success())
}
