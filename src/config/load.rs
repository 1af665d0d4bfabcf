//! From file to federation.

use super::{File, Problems};
use crate::dsig::{Certificate, DecryptionKey, SigningKey};
use crate::hub::{Federation, Settings};
use crate::saml::metadata::Entity;
use std::collections::BTreeMap;
use std::path::Path;
use time::OffsetDateTime;

/// A configuration without fatal problems.
#[derive(Debug)]
pub struct Loaded {
    /// The file as written.
    pub file: File,
    /// The federation.
    pub federation: Federation,
    /// Settings.
    pub settings: Settings,
    /// Hub keys: the first signs.
    pub keys: Vec<(Certificate, SigningKey, DecryptionKey)>,
    /// Warnings.
    pub warnings: Problems,
}

/// Reads `text` (the content of `path`). Files are read relative to `path`. `rendered` holds the metadata of
/// personas and demo systems by short name: where it is given, persona and demo sections are allowed
/// (`demo`); where it is `None`, they are problems (`serve`, `check`), and so are keys of the shipped test PKI.
pub fn load(
    path: &Path,
    text: &str,
    rendered: Option<&BTreeMap<String, Entity>>,
    now: OffsetDateTime,
) -> Result<Loaded, Problems> {
    let _ = (path, text, rendered, now);
    todo!()
}
