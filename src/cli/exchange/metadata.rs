//! Metadata files as the parties that they are of.

use crate::cli::Failure;
use crate::registry::Reason;
use crate::registry::guess::{Guessed, guess};
use crate::registry::object::SamlMetadata;
use crate::saml::metadata;
use crate::xml::{Document, Limits};
use std::path::{Path, PathBuf};

/// A party that a file tells of.
pub struct Found {
    /// The file.
    pub file: PathBuf,
    /// As it would be registered.
    pub guessed: Guessed,
    /// What had to be guessed.
    pub told: Vec<Reason>,
}

/// The parties of a file, or of every .xml of a folder in the order of their names.
pub fn read(path: &Path) -> Result<Vec<Found>, Failure> {
    if !path.is_dir() {
        return of_file(path);
    }
    let failed =
        |error: std::io::Error| Failure::Usage(format!("error: {}: {error}", path.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("xml"))
        {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(Failure::Usage(format!(
            "error: {}: ingen .xml i mappen / no .xml in the folder",
            path.display()
        )));
    }
    files.sort();
    let mut all = Vec::new();
    for file in files {
        all.extend(of_file(&file)?);
    }
    Ok(all)
}

fn of_file(path: &Path) -> Result<Vec<Found>, Failure> {
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::Usage(format!("error: {}: {error}", path.display())))?;
    // AD FS writes a byte order mark. It belongs to the file.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let unreadable = |why: String| {
        Failure::Configuration(format!(
            "{}: metadata kan ikke læses / the metadata cannot be read: {why}",
            path.display()
        ))
    };
    let document = Document::parse_within(bytes, &Limits::METADATA)
        .map_err(|why| unreadable(why.to_string()))?;
    let entities = metadata::read(document.root()).map_err(|why| unreadable(why.to_string()))?;
    let registered = SamlMetadata::Document(bytes.into());
    let parties = entities
        .iter()
        .filter_map(|entity| guess(entity, &registered));
    let found = parties.map(|(guessed, told)| Found {
        file: path.to_owned(),
        guessed,
        told,
    });
    let found: Vec<Found> = found.collect();
    match found.is_empty() {
        true => Err(unreadable(
            "hverken identity provider eller system / neither identity provider nor system"
                .to_owned(),
        )),
        false => Ok(found),
    }
}
