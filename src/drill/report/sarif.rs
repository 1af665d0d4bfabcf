//! SARIF 2.1.0, the one writer of it: what code hosts show beside the lines of a file.

use serde_json::{Value, json};

/// A rule, as the report lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SarifRule {
    /// Stable id.
    pub id: String,
    /// What is wrong where it is broken.
    pub title: String,
    /// What to do.
    pub help: String,
    /// Where more is said of it.
    pub about: Option<String>,
    /// How bad it is.
    pub level: Level,
}

/// A result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SarifResult {
    /// Of which rule.
    pub rule: String,
    /// How bad it is.
    pub level: Level,
    /// What is said.
    pub message: String,
    /// The file, as it was given.
    pub file: String,
    /// Line and column, from 1.
    pub position: Option<(usize, usize)>,
    /// Where in the content, in the content's own terms.
    pub path: String,
}

/// How bad a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// error
    Error,
    /// warning
    Warning,
    /// note
    Note,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// The report of one run.
pub fn sarif(rules: &[SarifRule], results: &[SarifResult]) -> Value {
    let listed = rules.iter().map(|rule| {
        let mut value = json!({
            "id": rule.id,
            "shortDescription": { "text": rule.title },
            "help": { "text": rule.help },
            "defaultConfiguration": { "level": rule.level.word() },
        });
        if let Some(about) = &rule.about {
            value["helpUri"] = json!(about);
        }
        value
    });
    let results = results.iter().map(|result| one(rules, result));
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "vejviser",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": listed.collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn one(rules: &[SarifRule], result: &SarifResult) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": address(&result.file) } });
    if let Some((line, column)) = result.position {
        physical["region"] = json!({ "startLine": line, "startColumn": column });
    }
    let mut location = json!({ "physicalLocation": physical });
    if !result.path.is_empty() {
        location["logicalLocations"] =
            json!([{ "fullyQualifiedName": result.path, "kind": "element" }]);
    }
    let mut value = json!({
        "ruleId": result.rule,
        "level": result.level.word(),
        "message": { "text": result.message },
        "locations": [location],
    });
    if let Some(at) = rules.iter().position(|rule| rule.id == result.rule) {
        value["ruleIndex"] = json!(at);
    }
    value
}

/// A path as a relative reference (RFC 3986 §4.2), percent-encoded.
fn address(file: &str) -> String {
    // What was fetched has its address already.
    if let Ok(url) = url::Url::parse(file)
        && matches!(url.scheme(), "http" | "https")
    {
        return url.into();
    }
    let mut address = String::new();
    for byte in file.replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                address.push(char::from(byte));
            }
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_names_its_rule_and_place() {
        let rule = SarifRule {
            id: "A-1".to_owned(),
            title: "t".to_owned(),
            help: "h".to_owned(),
            about: Some("https://bog.example/en/metadata.html#A-1".to_owned()),
            level: Level::Error,
        };
        let result = SarifResult {
            rule: "A-1".to_owned(),
            level: Level::Note,
            message: "m".to_owned(),
            file: "mappe/prøve 1.xml".to_owned(),
            position: Some((3, 7)),
            path: "/a/b[2]".to_owned(),
        };
        let report = sarif(&[rule], &[result]);
        let listed = &report["runs"][0]["tool"]["driver"]["rules"][0];
        assert_eq!(
            listed["helpUri"],
            "https://bog.example/en/metadata.html#A-1"
        );
        let found = &report["runs"][0]["results"][0];
        assert_eq!(found["ruleIndex"], 0);
        assert_eq!(found["level"], "note");
        let place = &found["locations"][0];
        let physical = &place["physicalLocation"];
        assert_eq!(
            physical["artifactLocation"]["uri"],
            "mappe/pr%C3%B8ve%201.xml"
        );
        assert_eq!(
            physical["region"],
            json!({ "startLine": 3, "startColumn": 7 })
        );
        assert_eq!(
            place["logicalLocations"][0]["fullyQualifiedName"],
            "/a/b[2]"
        );
    }
}
