//! The public samples of the real hub, read where they lie. They are no part of the project, and a test that
//! needs them says that it was skipped where they are absent.

use crate::xml::{Document, Limits};
use std::path::PathBuf;

/// The files of a folder below `shared/`, with their names; empty, and said so, where there is none.
pub(super) fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let shared = std::env::var_os("VEJVISER_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let Ok(entries) = std::fs::read_dir(shared.join(folder)) else {
        println!("SKIPPED: shared/ is absent");
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("readable file"))
        })
        .collect();
    files.sort();
    files
}

/// Reads XML that a test wrote itself or found among the samples.
pub(super) fn document(xml: &[u8]) -> Document {
    match Document::parse_within(xml, &Limits::METADATA) {
        Ok(document) => document,
        Err(error) => panic!("{error}"),
    }
}

/// Whether `xml` is valid by one of the OASIS schemas, judged by xmllint with the schemas that Debian's
/// packages opensaml-schemas and xmltooling-schemas bring. `None`, and said so, where something is missing.
pub(super) fn xsd_verdict(schema: &str, xml: &[u8]) -> Option<Result<(), String>> {
    let schema = PathBuf::from("/usr/share/xml/opensaml").join(schema);
    let catalog = PathBuf::from("/usr/share/xml/xmltooling/catalog.xml");
    if !schema.exists() || !catalog.exists() {
        println!("SKIPPED: the packages opensaml-schemas and xmltooling-schemas are absent");
        return None;
    }
    let folder = std::env::temp_dir().join(format!("vejviser-xsd-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("temporary folder");
    let map = |remote: &str, local: &str| {
        format!("<uri name=\"{remote}\" uri=\"/usr/share/xml/{local}\"/><system systemId=\"{remote}\" uri=\"/usr/share/xml/{local}\"/>")
    };
    let entries = [
        map("http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd", "xmltooling/xmldsig-core-schema.xsd"),
        map("http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd", "xmltooling/xenc-schema.xsd"),
        map("http://www.w3.org/2001/xml.xsd", "xmltooling/xml.xsd"),
    ];
    let own = folder.join("catalog.xml");
    std::fs::write(&own, format!("<catalog xmlns=\"urn:oasis:names:tc:entity:xmlns:xml:catalog\">{}</catalog>", entries.concat()))
        .expect("temporary file");
    let mut judge = std::process::Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(schema)
        .arg("-")
        .env("XML_CATALOG_FILES", format!("{} {}", own.display(), catalog.display()))
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    std::io::Write::write_all(&mut judge.stdin.take()?, xml).expect("xmllint reads");
    let output = judge.wait_with_output().expect("xmllint ends");
    Some(if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) })
}
