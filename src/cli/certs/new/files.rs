//! The files: what each is, whether there is room for it, and who may read it.

use crate::cli::Failure;
use crate::cli::certs::args::NewArgs;
use crate::mint::Fault;
use serde_json::json;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The certificate, PEM.
    Certificate,
    /// Its private key, PEM.
    Key,
    /// The certificate, DER: what the federation's administration asks for.
    Der,
    /// All of it, under a password.
    Pkcs12,
    /// The CA's certificate, PEM.
    Authority,
    /// The CA's private key, PEM.
    AuthorityKey,
}

/// A file that will be there.
pub struct Planned {
    /// What all files of its certificate are called, without the ending.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// What is wrong with its certificate.
    pub fault: Option<Fault>,
}

/// A file to write.
pub struct File {
    planned: Planned,
    bytes: Vec<u8>,
}

impl Kind {
    /// What it is called, for files of this name.
    pub fn file(self, name: &str) -> String {
        format!("{name}{}", self.about().0)
    }

    /// Ending, word for scripts, words for people.
    fn about(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Certificate => (".pem", "certificate", "certifikat / certificate"),
            Self::Key => (".key.pem", "private-key", "privat nøgle / private key"),
            Self::Der => (
                ".cer",
                "certificate-der",
                "certifikat som DER / certificate in DER",
            ),
            Self::Pkcs12 => (
                ".p12",
                "pkcs12",
                "certifikat og privat nøgle, PKCS #12 / certificate and private key, PKCS #12",
            ),
            Self::Authority => (
                ".ca.pem",
                "ca-certificate",
                "CA'ens certifikat / certificate of the CA",
            ),
            Self::AuthorityKey => (
                ".ca.key.pem",
                "ca-private-key",
                "CA'ens private nøgle / private key of the CA",
            ),
        }
    }

    fn is_secret(self) -> bool {
        matches!(self, Self::Key | Self::Pkcs12 | Self::AuthorityKey)
    }
}

impl Planned {
    fn path(&self, args: &NewArgs) -> PathBuf {
        args.out.join(self.kind.file(&self.name))
    }
}

impl File {
    /// A planned file with what it holds.
    pub fn new(planned: Planned, bytes: Vec<u8>) -> Self {
        Self { planned, bytes }
    }
}

/// Whether nothing would be overwritten, or it may be; all files that are in the way, in one answer.
pub fn room(args: &NewArgs, planned: &[Planned]) -> Result<(), Failure> {
    let there = planned.iter().map(|file| file.path(args));
    let there: Vec<String> = there
        .filter(|path| path.symlink_metadata().is_ok())
        .map(|path| format!("error: {} findes allerede / exists already", path.display()))
        .collect();
    if there.is_empty() || args.force {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{}\n\ngive another --out or --name, or --force to overwrite",
        there.join("\n")
    )))
}

/// Writes them all.
pub fn write(args: &NewArgs, files: &[File]) -> Result<(), Failure> {
    let failed = |path: &Path, error: io::Error| {
        Failure::CouldNotRun(format!("error: {}: {error}", path.display()))
    };
    std::fs::create_dir_all(&args.out).map_err(|error| failed(&args.out, error))?;
    for file in files {
        let path = file.planned.path(args);
        one(&path, file, args.force).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}

/// A secret is for the owner only, from the first byte on; nothing is written through a link.
fn one(path: &Path, file: &File, force: bool) -> io::Result<()> {
    if force && path.symlink_metadata().is_ok() {
        std::fs::remove_file(path)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if file.planned.kind.is_secret() {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    options.open(path)?.write_all(&file.bytes)
}

/// A line for each.
pub fn human(args: &NewArgs, files: &[File]) -> String {
    let paths = files.iter().map(|file| path(args, file));
    let width = paths.map(|path| path.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for file in files {
        let Planned { kind, fault, .. } = file.planned;
        let what = kind.about().2;
        let fault = fault.filter(|_| kind == Kind::Certificate);
        let fault = fault.map_or_else(String::new, |fault| {
            let (da, en) = fault.about().what;
            format!(", {da} / {en}")
        });
        out.push_str(&format!("{:<width$}  {what}{fault}\n", path(args, file)));
    }
    out
}

/// For scripts.
pub fn json(args: &NewArgs, files: &[File]) -> String {
    let files: Vec<_> = files
        .iter()
        .map(|file| {
            json!({
                "file": path(args, file),
                "kind": file.planned.kind.about().1,
                "fault": file.planned.fault.map(|fault| fault.about().name),
            })
        })
        .collect();
    format!("{:#}\n", json!({ "files": files }))
}

fn path(args: &NewArgs, file: &File) -> String {
    file.planned.path(args).display().to_string()
}
