//! The visible attack corpus (read in place, no part of the project), through the verdict that
//! `vejviser verify` gives: every row its verdict, and a rejected row its reason.

use crate::support::shared;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use vejviser::cli::verify;
use vejviser::dsig::{self, DecryptionKey, Policy, PublicKey};
use vejviser::hub::offline::{Kind, Profile, Question, Verdict};
use vejviser::saml::Assertion;
use vejviser::saml::paste::Input;
use vejviser::xml::{DS, Document, Limits};

/// One row of the manifest.
struct Case {
    cells: BTreeMap<String, String>,
    folder: PathBuf,
}

impl Case {
    /// A cell; `None` where it is empty.
    fn get(&self, column: &str) -> Option<&str> {
        let cell = self.cells.get(column).map(String::as_str);
        cell.filter(|cell| !cell.is_empty())
    }
    fn class(&self) -> &str {
        self.get("attack_class").unwrap()
    }
    fn accepts(&self) -> bool {
        self.get("expected") == Some("accept")
    }
    fn read(&self, path: &str) -> Vec<u8> {
        let path = self.folder.join(path);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
    fn bytes(&self) -> Vec<u8> {
        self.read(self.get("file").unwrap())
    }
    fn keys(&self) -> Vec<PublicKey> {
        let file = self.get("idp_cert");
        let key = file.map(|file| {
            let key = PublicKey::parse(&self.read(file), Policy::LegacyForOfflineVerdicts);
            key.unwrap_or_else(|error| panic!("{file}: {error}"))
        });
        key.into_iter().collect()
    }
    fn decryption_keys(&self) -> Vec<DecryptionKey> {
        let file = self.get("sp_key");
        let key = file.map(|file| {
            let policy = Policy::LegacyForOfflineVerdicts;
            let key = DecryptionKey::parse_under(&self.read(file), policy);
            key.unwrap_or_else(|error| panic!("{file}: {error}"))
        });
        key.into_iter().collect()
    }
    fn verdict(&self, kind: Kind) -> Verdict {
        let (keys, decryption_keys) = (self.keys(), self.decryption_keys());
        let now = (self.get("now")).map(|now| OffsetDateTime::parse(now, &Rfc3339).unwrap());
        let (signatures, encryption) = verify::algorithms(Profile::Saml, true);
        let question = Question {
            kind,
            profile: Profile::Saml,
            peer: self.get("idp_entity"),
            keys: &keys,
            me: self.get("sp_entity"),
            // The column is of the receiver's ACS; requests and logout messages go to other addresses.
            acs: self.get("acs").filter(|_| kind == Kind::Response),
            destination: None,
            in_response_to: self.get("in_response_to"),
            now,
            skew: time::Duration::seconds(180),
            decryption_keys: &decryption_keys,
            required: None,
            ceiling: None,
            contexts: None,
            signatures,
            encryption,
        };
        verify::judge(&self.bytes(), Input::Auto, &question)
    }
}

fn cases(folder: &Path) -> Vec<Case> {
    let manifest = std::fs::read_to_string(folder.join("manifest.tsv")).unwrap();
    let mut lines = manifest.lines();
    let columns: Vec<&str> = lines.next().unwrap().split('\t').collect();
    lines
        .map(|line| Case {
            cells: columns
                .iter()
                .map(|column| (*column).to_owned())
                .zip(line.split('\t').map(str::to_owned))
                .collect(),
            folder: folder.to_owned(),
        })
        .collect()
}

const READABLE: &str = "IDP-R-001";
const SIGNATURE: [&str; 2] = ["IDP-R-006", "IDP-R-009"];

/// The ids that name the defect of a class.
fn names_defect(class: &str, reason: &str) -> bool {
    let wrapping = |reason| {
        // A second assertion, one in the wrong place or with an ID that is there already, or one that the
        // signature does not cover.
        [READABLE, "IDP-R-007"].contains(&reason) || SIGNATURE.contains(&reason)
    };
    let any = |ids: &[&str]| ids.contains(&reason);
    match class {
        "version" => any(&["IDP-R-011", READABLE]),
        // Where it is no dateTime at all, the message or its assertion cannot be read.
        "issueinstant" | "issueinstant-future" => any(&["IDP-R-014", READABLE, "IDP-R-010"]),
        "inresponseto" => any(&["IDP-R-013", "IDP-R-019"]),
        "destination" => any(&["IDP-R-012"]),
        "recipient" => any(&["IDP-R-018"]),
        "status" | "status-not-success" => any(&["IDP-R-015", READABLE]),
        "issuer" | "issuer-mismatch(idp-mixup)" | "issuer-format" => {
            any(&["IDP-R-005", "IDP-R-016", "IDP-R-010"])
        }
        "subject" | "nameid" => any(&["IDP-R-038"]),
        "encrypted-nameid-malformed" => any(&["IDP-R-038", "IDP-R-006", "IDP-R-009"]),
        "subjectconfirmation" | "subjectconfirmation-method" => {
            any(&["IDP-R-017", "IDP-R-018", "IDP-R-019", "IDP-R-020"])
        }
        "subjectconfirmationdata" => any(&["IDP-R-018", "IDP-R-019", "IDP-R-020"]),
        "subjectconfirmation-notbefore" => any(&["IDP-R-020"]),
        "notonorafter" => any(&["IDP-R-020", "IDP-R-022", "IDP-R-010"]),
        "expired" => any(&["IDP-R-014", "IDP-R-020", "IDP-R-022", "IDP-R-028"]),
        "not-yet-valid" => any(&["IDP-R-021"]),
        "conditions" | "audience" => any(&["IDP-R-023", "IDP-R-010"]),
        "authnstatement" => any(&["IDP-R-026", "IDP-R-010"]),
        "attributes" => any(&["IDP-R-010"]),
        "multiple-assertions" => any(&["IDP-R-007"]),
        "schema-missing-ID" => reason == READABLE || SIGNATURE.contains(&reason),
        "untrusted-key"
        | "unknown-key-alg"
        | "signature-structure"
        | "wrong-signed-element"
        | "transform-abuse(too-many)"
        | "comment-truncation(sig not verifiable)"
        | "tampered-assertion-in-signed-response"
        | "signature-exclusion"
        | "signature-exclusion-encrypted" => SIGNATURE.contains(&reason),
        "too-many-signatures"
        | "tampered-content"
        | "samlstorm-multiple-signedinfo(CVE-2025-29774)" => {
            reason == READABLE || SIGNATURE.contains(&reason)
        }
        "tampered-content(authnrequest)" => any(&["SYS-Q-005", "SYS-Q-001"]),
        "issuer-mismatch(slo)" => any(&["SLO-002"]),
        "nameid(slo)" => any(&["SLO-009"]),
        "malformed-xml(slo)" => any(&["SLO-001"]),
        "metadata-expired" => any(&["MD-006"]),
        "metadata-tampered" => any(&["MD-001", "MD-003"]),
        _ if class.starts_with("xsw") => wrapping(reason),
        // Of the parser: DTDs, several roots, prefixes that are bound to nothing.
        _ => reason == READABLE,
    }
}

/// Whether a key of the row signed something of the message that lies open: then it is not the signature that
/// is wrong with it.
fn signature_is_good(case: &Case) -> bool {
    let Ok(document) = Document::parse_within(&case.bytes(), &Limits::METADATA) else {
        return false;
    };
    let keys = case.keys();
    let root = document.root();
    std::iter::once(root)
        .chain(root.descendants())
        .filter(|node| node.child(DS, "Signature").is_some())
        .any(|node| dsig::verify(node, &keys, Policy::LegacyForOfflineVerdicts).is_ok())
}

/// Rows of the manifest that say both of the same bytes in the same context: nobody can be right about them.
fn contradicted(cases: &[Case]) -> Vec<&Case> {
    const CONTEXT: [&str; 7] = [
        "kind",
        "idp_entity",
        "sp_entity",
        "acs",
        "in_response_to",
        "now",
        "sp_key",
    ];
    let same = |a: &Case, b: &Case| {
        CONTEXT.iter().all(|column| a.get(column) == b.get(column))
            && a.bytes() == b.bytes()
            && a.get("idp_cert").map(|file| a.read(file))
                == b.get("idp_cert").map(|file| b.read(file))
    };
    let accepted: Vec<&Case> = cases.iter().filter(|case| case.accepts()).collect();
    cases
        .iter()
        .filter(|case| !case.accepts() && accepted.iter().any(|other| same(case, other)))
        .collect()
}

/// The NameID of the document, its text without comments, found by means of the text alone.
fn name_id(bytes: &[u8]) -> Option<String> {
    let text = str::from_utf8(bytes).ok()?;
    let (_, rest) = text.split_once("NameID")?;
    let (_, rest) = rest.split_once('>')?;
    let (mut value, mut rest) = (String::new(), rest);
    while let Some((before, after)) = rest.split_once('<') {
        value.push_str(before);
        match after.strip_prefix("!--") {
            Some(comment) => rest = comment.split_once("-->")?.1,
            None => break,
        }
    }
    Some(value)
}

#[test]
fn every_row_gets_its_verdict_and_its_reason() {
    let Some(folder) = shared("corpus") else {
        return;
    };
    let cases = cases(&folder);
    let impossible: Vec<&str> = contradicted(&cases)
        .iter()
        .filter_map(|case| case.get("file"))
        .collect();
    let (mut right, mut wrong) = ((0, 0), Vec::new());
    let (mut good, mut named, mut named_of_all) = (0, 0, 0);
    let mut others = Vec::new();
    for case in &cases {
        let file = case.get("file").unwrap();
        let kind = match case.get("kind").unwrap() {
            "response" => Kind::Response,
            "request" => Kind::Request,
            "logout" => Kind::Logout,
            "metadata" => Kind::Metadata,
            _ => continue,
        };
        let verdict = case.verdict(kind);
        let reason = verdict.reason().map(|row| row.check.info().id);
        if impossible.contains(&file) {
            println!(
                "impossible: {file} is accepted by another row, byte for byte; got {reason:?}"
            );
            continue;
        }
        if verdict.accepted != case.accepts() {
            wrong.push(format!("{file}: {} got {reason:?}", case.class()));
            continue;
        }
        if case.accepts() {
            right.0 += 1;
            assert_eq!(verdict.told.name_id, name_id(&case.bytes()), "{file}");
            assert!(
                verdict
                    .told
                    .name_id
                    .is_some_and(|name| !name.contains("<!--"))
            );
            continue;
        }
        right.1 += 1;
        assert_eq!(
            verdict.told.name_id, None,
            "{file}: what was refused says nothing"
        );
        let reason = reason.unwrap_or_else(|| panic!("{file}: a reject has a reason"));
        let fits = names_defect(case.class(), reason);
        named_of_all += usize::from(fits);
        if signature_is_good(case) {
            good += 1;
            named += usize::from(fits);
        }
        if !fits {
            let found = verdict
                .reason()
                .map(|row| row.found.clone())
                .unwrap_or_default();
            let what = format!("{}: {file}: {reason}: {found}", case.class());
            others.push((signature_is_good(case), what));
        }
    }
    println!(
        "{} accepted and {} rejected as they must be; with a good signature {named} of {good} for the named reason, of all {named_of_all}",
        right.0, right.1
    );
    for (good, other) in &others {
        println!(
            "another reason (signature {}): {other}",
            if *good { "good" } else { "not" }
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(impossible.len() <= 1, "{impossible:?}");
    assert!(named * 100 >= good * 95, "{named} of {good}: {others:#?}");
}

#[test]
fn what_is_no_message_is_refused_by_the_same_reader_and_verifier() {
    let Some(folder) = shared("corpus") else {
        return;
    };
    let mut judged = 0;
    for case in cases(&folder) {
        let file = case.get("file").unwrap().to_owned();
        let document = Document::parse_within(&case.bytes(), &Limits::METADATA);
        let accepted = match case.get("kind").unwrap() {
            "xml" => document.is_ok(),
            "dsig" | "assertion" => document.is_ok_and(|document| {
                let policy = Policy::LegacyForOfflineVerdicts;
                dsig::verify(document.root(), &case.keys(), policy).is_ok_and(|signed| {
                    case.get("kind") == Some("dsig") || Assertion::read(signed.root()).is_ok()
                })
            }),
            _ => continue,
        };
        assert_eq!(accepted, case.accepts(), "{file}");
        judged += 1;
    }
    assert!(judged > 0);
}
