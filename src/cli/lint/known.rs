//! What is known beside the document: whose CAs count, what others have, and what was revoked.

use super::LintArgs;
use crate::cli::{Failure, given};
use crate::config::pki;
use crate::dsig::{Certificate, RevocationError, read_crl};
use crate::hub::lint::{Asked, Others};
use crate::saml::metadata;
use crate::xml::{Document, Limits};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;

/// The CAs: the test CAs that come with Vejviser, and those that are given.
pub fn authorities(args: &LintArgs) -> Result<Vec<Certificate>, Failure> {
    let mut all = Vec::new();
    for pem in [pki::CA, pki::CA_2] {
        all.extend(Certificate::parse(pem.as_bytes()).ok());
    }
    for path in &args.ca {
        let bytes = given::of_option("--ca", path)?;
        let read = Certificate::parse_all(&bytes);
        all.extend(read.map_err(|why| {
            Failure::Usage(format!(
                "error: --ca {}: {why}\n\ngive a certificate in PEM or DER",
                path.display()
            ))
        })?);
    }
    Ok(all)
}

/// What others have. The same file among them is no other.
pub fn others(args: &LintArgs, own: &[u8]) -> Result<Others, Failure> {
    let mut others = Others::default();
    for (_, pem) in pki::all_certificates() {
        if let Ok(certificate) = Certificate::parse(pem.as_bytes()) {
            others.add_published(&certificate);
        }
    }
    let mut unreadable = Vec::new();
    for path in &args.others {
        for file in files(path)? {
            let bytes = given::of_option("--others", &file)?;
            if bytes == own {
                continue;
            }
            let who = file.display().to_string();
            match entities(&bytes) {
                Ok(entities) => {
                    let all = entities.iter();
                    all.for_each(|entity| others.add_entity(entity, &who));
                }
                Err(why) => unreadable.push(format!("error: --others {who}: {why}")),
            }
        }
    }
    match unreadable.is_empty() {
        true => Ok(others),
        // To compare with fewer than was asked for could say that all is well.
        false => Err(Failure::Configuration(unreadable.join("\n"))),
    }
}

/// The file itself, or the metadata in a folder, by name.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let could_not = |error: std::io::Error| {
        Failure::CouldNotRun(format!("error: --others {}: {error}", path.display()))
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(could_not)? {
        let file = entry.map_err(could_not)?.path();
        if file
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("xml"))
        {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn entities(bytes: &[u8]) -> Result<Vec<metadata::Entity>, String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let document = Document::parse_within(bytes, &Limits::METADATA);
    let document = document.map_err(|error| error.to_string())?;
    metadata::read(document.root()).map_err(|error| error.to_string())
}

/// What the given lists say of the certificates.
pub fn revocation(
    args: &LintArgs,
    certificates: &[Certificate],
    authorities: &[Certificate],
    now: OffsetDateTime,
) -> Result<BTreeMap<String, Asked>, Failure> {
    let mut known = BTreeMap::new();
    for path in &args.crl {
        let bytes = given::of_option("--crl", path)?;
        for certificate in certificates {
            // Without the CA nobody could tell whose list it is.
            let Some(issuer) = certificate.issuer_among(authorities) else {
                continue;
            };
            let answer = read_crl(&bytes, issuer, now).and_then(|list| list.status(certificate));
            let answer = match answer {
                Ok(answer) => Asked::Answered(answer),
                Err(RevocationError::NotOfIt) => continue,
                Err(why) => Asked::Unreachable(format!("{}: {why}", path.display())),
            };
            known.insert(certificate.fingerprint(), answer);
        }
    }
    Ok(known)
}
