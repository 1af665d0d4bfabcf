//! The public samples of the real hub, read where they lie. They are no part of the project, and a test that
//! needs them says that it was skipped where they are absent.

use crate::xml::{Document, Limits, MD, MDATTR, SAML, SAMLP, XENC11};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The files of a folder below `shared/`, with their names; empty, and said so, where there is none.
pub(super) fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let shared = std::env::var_os("VEJVISER_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let Ok(entries) = std::fs::read_dir(shared.join(folder)) else {
        println!("SKIPPED: shared/ is absent");
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
        .map(|path| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
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

/// Whether `xml` is valid by the OASIS and W3C schemas, judged by xmllint with what Debian's packages
/// opensaml-schemas and xmltooling-schemas bring. `None`, and said so, where something is missing.
pub(super) fn xsd_verdict(xml: &[u8]) -> Option<Result<(), String>> {
    const FOLDER: &str = "/usr/share/xml";
    const SCHEMAS: [(&str, &str); 5] = [
        (SAML.uri, "opensaml/saml-schema-assertion-2.0.xsd"),
        (SAMLP.uri, "opensaml/saml-schema-protocol-2.0.xsd"),
        (MD.uri, "opensaml/saml-schema-metadata-2.0.xsd"),
        (MDATTR.uri, "opensaml/sstc-metadata-attr.xsd"),
        (XENC11.uri, "xmltooling/xenc11-schema.xsd"),
    ];
    // The schemas name the ones they import by addresses that only a catalog makes local.
    const REMOTE: [(&str, &str); 3] = [
        (
            "http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd",
            "xmldsig-core-schema.xsd",
        ),
        (
            "http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd",
            "xenc-schema.xsd",
        ),
        ("http://www.w3.org/2001/xml.xsd", "xml.xsd"),
    ];
    if SCHEMAS
        .iter()
        .any(|(_, file)| !Path::new(FOLDER).join(file).exists())
    {
        println!("SKIPPED: the packages opensaml-schemas and xmltooling-schemas are absent");
        return None;
    }
    static FILES: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    let (schema, catalog) = FILES.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("vejviser-xsd-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("temporary folder");
        let imports = SCHEMAS.map(|(uri, file)| {
            format!("<import namespace=\"{uri}\" schemaLocation=\"file://{FOLDER}/{file}\"/>")
        });
        let schema = folder.join("all.xsd");
        let all = format!(
            "<schema xmlns=\"http://www.w3.org/2001/XMLSchema\">{}</schema>",
            imports.concat()
        );
        std::fs::write(&schema, all).expect("temporary file");
        let entries = REMOTE.map(|(uri, file)| {
            let local = format!("{FOLDER}/xmltooling/{file}");
            format!(
                "<uri name=\"{uri}\" uri=\"{local}\"/><system systemId=\"{uri}\" uri=\"{local}\"/>"
            )
        });
        let catalog = folder.join("catalog.xml");
        let all = format!(
            "<catalog xmlns=\"urn:oasis:names:tc:entity:xmlns:xml:catalog\">{}</catalog>",
            entries.concat()
        );
        std::fs::write(&catalog, all).expect("temporary file");
        (schema, catalog)
    });
    let judge = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(schema)
        .arg("-")
        .env(
            "XML_CATALOG_FILES",
            format!("{} {FOLDER}/xmltooling/catalog.xml", catalog.display()),
        )
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut judge) = judge else {
        println!("SKIPPED: xmllint is absent");
        return None;
    };
    judge.stdin.take()?.write_all(xml).expect("xmllint reads");
    let output = judge.wait_with_output().expect("xmllint ends");
    let words = String::from_utf8_lossy(&output.stderr);
    Some(if output.status.success() {
        Ok(())
    } else {
        Err(words.into_owned())
    })
}
