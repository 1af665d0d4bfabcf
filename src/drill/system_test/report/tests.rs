//! The golden files hold what each form says; here stands what must be true of all of them.
//!
//! `UPDATE_GOLDEN=1 cargo test --lib system_test::report` writes them anew; read the difference before you commit it.

use super::*;
use crate::drill::system_test::Case;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use std::path::Path;

fn with<T>(language: Language, verbose: bool, told: impl FnOnce(&Report<'_>) -> T) -> T {
    let run = sample::run();
    let comparison = sample::comparison(&run);
    told(&Report {
        run: &run,
        baseline: Some(&comparison),
        language,
        command: COMMAND,
        verbose,
        book: None,
    })
}

fn plain<'a>(run: &'a Run, baseline: Option<&'a Comparison>) -> Report<'a> {
    Report {
        run,
        baseline,
        language: Language::Danish,
        command: "vejviser test-system --demo",
        verbose: false,
        book: None,
    }
}

fn danish<T>(told: impl FnOnce(&Report<'_>) -> T) -> T {
    with(Language::Danish, false, told)
}

#[allow(
    clippy::disallowed_methods,
    reason = "a switch for the person who runs the test"
)]
fn golden(name: &str, actual: &str) {
    // The next version says the same.
    let actual = actual.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/golden/system_test/{name}"));
    if std::env::var("UPDATE_GOLDEN").is_ok() {
        std::fs::write(&path, &actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        actual == expected,
        "{} differs; UPDATE_GOLDEN=1 cargo test --lib system_test::report writes it anew",
        path.display()
    );
}

#[test]
fn golden_files() {
    golden("report.da.txt", &danish(|report| report.text()));
    golden(
        "report.en.txt",
        &with(Language::English, true, |report| report.text()),
    );
    golden("report.json", &danish(|report| report.json()).unwrap());
    golden("report.xml", &danish(|report| report.junit()).unwrap());
    golden("report.html", &danish(|report| report.html()).unwrap());
}

#[test]
fn findings_are_what_is_not_known() {
    let ids = danish(|report| {
        assert!(report.has_findings());
        let findings = report.findings();
        findings
            .into_iter()
            .map(|found| (found.id, found.severity))
            .collect::<Vec<_>>()
    });
    assert_eq!(
        ids,
        [
            ("SP-S-014", "error"),
            ("SP-C-004", "error"),
            ("SP-M-001", "error"),
            ("SP-C-006", "warning"),
            ("system-test::stale-baseline", "error"),
            ("system-test::expired-baseline", "warning"),
        ]
    );
}

#[test]
fn exit_codes_follow_failures_and_the_list() {
    let has = |cases: &[(Case, Verdict)], list: bool| -> bool {
        let mut run = sample::run();
        let results = cases.iter().cloned();
        run.results = results
            .map(|(case, verdict)| sample::result(case, verdict))
            .collect();
        let comparison = sample::comparison(&run);
        let report = plain(&run, list.then_some(&comparison));
        assert_eq!(report.has_findings(), !report.findings().is_empty());
        report.has_findings()
    };
    let skipped = || Verdict::Skipped("x".to_owned(), "y".to_owned());
    assert!(!has(&[(Case::GoodLogin, Verdict::Passed)], false));
    assert!(!has(
        &[
            (Case::GoodLogin, Verdict::Passed),
            (Case::CookieFlags, skipped())
        ],
        true
    ));
    assert!(
        has(&[(Case::AudienceTwice, Verdict::Failed)], false),
        "a should counts"
    );
    assert!(has(&[(Case::NoAuthnStatement, Verdict::Failed)], false));
    assert!(
        !has(&[(Case::NoAuthnStatement, Verdict::Failed)], true),
        "known"
    );
    assert!(has(&[(Case::CookieFlags, Verdict::Passed)], true), "stale");
    assert!(!has(&[(Case::CookieFlags, Verdict::Passed)], false));
    assert!(
        has(&[(Case::AudienceOther, Verdict::Failed)], true),
        "expired"
    );
    assert!(!has(&[], true), "a list says nothing of what did not run");
}

#[test]
fn a_run_that_is_not_whole_says_so() {
    let mut run = sample::run();
    run.results = vec![sample::result(Case::GoodLogin, Verdict::Failed)];
    let text = plain(&run, None).text();
    assert!(text.contains("Det gode login lykkedes ikke."), "{text}");
    assert!(
        text.contains(&format!("Kun 1 af de {} prøver", Case::ALL.len())),
        "{text}"
    );
    assert!(
        text.contains("vejviser test-system --demo --only SP-A-001"),
        "{text}"
    );
    run.results = Case::ALL
        .iter()
        .map(|case| sample::result(*case, Verdict::Passed))
        .collect();
    let text = plain(&run, None).text();
    assert!(
        !text.contains("Kun ") && text.contains("i alle de prøver"),
        "{text}"
    );
    let html = plain(&run, None).html().unwrap();
    assert!(html.contains("class=\"result good\""));
}

#[test]
fn hostile_texts_are_text_in_every_form() {
    for language in [Language::Danish, Language::English] {
        with(language, true, |report| {
            let forms = [
                report.text(),
                report.json().unwrap(),
                report.junit().unwrap(),
                report.sarif().unwrap(),
                report.html().unwrap(),
            ];
            for form in &forms {
                let bad = |letter: &char| {
                    (letter.is_control() && *letter != '\n') || *letter == '\u{202e}'
                };
                assert_eq!(form.chars().find(bad), None);
                assert!(
                    !form.contains("ejet") && !form.contains("[2J"),
                    "escape sequences go whole"
                );
            }
            let [text, _, junit, _, html] = forms;
            assert!(
                text.lines()
                    .all(|line| line.chars().count() <= lines::WIDTH)
            );
            assert!(
                text.contains("<script>alert(1)</script>"),
                "shown as it is: {text}"
            );
            for markup in ["<script", "</pre></details>ææ", "<!--", "<samlp:"] {
                assert!(!html.contains(markup), "{markup}");
                assert!(!junit.contains(markup), "{markup}");
            }
            assert!(html.len() < 250_000, "{}: messages are cut", html.len());
            assert!(html.contains("… (+"));
            well_formed(&junit);
        });
    }
}

fn well_formed(xml: &str) {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}

#[test]
fn the_page_needs_nobody_and_its_ids_are_its_own() {
    let html = danish(|report| report.html()).unwrap();
    for word in [
        "<script",
        "src=",
        "http-equiv=\"refresh\"",
        "@import",
        "url(",
        "<link",
    ] {
        assert!(!html.contains(word), "{word}");
    }
    let ids: Vec<&str> = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    for link in html
        .split("href=\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(ids.contains(&link), "{link}");
    }
    // Each table says what it is.
    assert_eq!(
        html.matches("<table").count(),
        html.matches("<caption").count()
    );
    assert!(html.contains("<html lang=\"da\">") && html.contains("<main lang=\"en\">"));
}

#[test]
fn a_metadata_file_has_its_findings_in_sarif_and_an_address_has_none() {
    let results = |run: &Run, baseline: Option<&Comparison>| {
        let sarif = plain(run, baseline).sarif().unwrap();
        let value: Value = serde_json::from_str(&sarif).unwrap();
        value["runs"][0]["results"].as_array().unwrap().clone()
    };
    let mut run = sample::run();
    // Both cases look at the same file.
    let mut twice = run.results.last().unwrap().clone();
    twice.case = Case::MetadataNoTrouble;
    run.results.push(twice);
    let found = results(&run, None);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["ruleId"], "MD-V-045");
    let place = &found[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "saml/sp%20metadata.xml");
    assert_eq!(place["region"]["startLine"], 14);

    let list = "[[known]]\ncase=\"SP-M-001\"\nuntil=2027-03-01\n[[known]]\ncase=\"SP-M-002\"\nuntil=2027-03-01\n";
    let list = super::super::baseline::Baseline::parse(Path::new("b.toml"), list).unwrap();
    let known = list.compare(&run, sample::NOW);
    assert!(
        results(&run, Some(&known)).is_empty(),
        "what is known is no finding"
    );
    run.subject.metadata_from = "https://sager.example/saml/metadata".to_owned();
    assert!(results(&run, None).is_empty());
}

/// As much of JSON Schema as ours uses; what it does not know fails.
fn check(schema: &Value, root: &Value, value: &Value, at: &str) {
    for (word, rule) in schema.as_object().unwrap() {
        match word.as_str() {
            "$ref" => {
                let name = rule
                    .as_str()
                    .unwrap()
                    .strip_prefix("#/definitions/")
                    .unwrap();
                check(&root["definitions"][name], root, value, at);
            }
            "type" => {
                let kinds = rule
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![rule.clone()]);
                let is = |kind: &Value| match kind.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_u64(),
                    "null" => value.is_null(),
                    other => panic!("{other}"),
                };
                assert!(kinds.iter().any(is), "{at} is no {rule}: {value}");
            }
            "enum" => assert!(rule.as_array().unwrap().contains(value), "{at}: {value}"),
            "minimum" => assert!(
                value.is_null() || value.as_u64() >= rule.as_u64(),
                "{at}: {value}"
            ),
            "required" => {
                for name in rule.as_array().unwrap() {
                    assert!(
                        value.get(name.as_str().unwrap()).is_some() || value.is_null(),
                        "{at}: {name}"
                    );
                }
            }
            "properties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    assert!(!rule[name].is_null(), "{at} has no {name}");
                    check(&rule[name], root, inner, &format!("{at}.{name}"));
                }
            }
            "items" => {
                for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
                    check(rule, root, inner, &format!("{at}[{index}]"));
                }
            }
            "additionalProperties" => assert_eq!(rule, false, "{at}"),
            "$schema" | "$id" | "title" | "description" | "definitions" => {}
            other => panic!("{at}: {other} is not checked"),
        }
    }
}

/// Every object is closed and requires all it has, and every key is described.
fn strict(schema: &Value, at: &str) {
    if let Some(properties) = schema.get("properties") {
        assert_eq!(schema["additionalProperties"], false, "{at}");
        let required = schema["required"].as_array().unwrap();
        for (name, inner) in properties.as_object().unwrap() {
            assert!(
                required.contains(&Value::from(name.as_str())),
                "{at}.{name}"
            );
            assert!(
                inner["description"]
                    .as_str()
                    .is_some_and(|text| text.len() > 5),
                "{at}.{name}"
            );
            strict(inner, &format!("{at}.{name}"));
        }
    }
    if let Some(items) = schema.get("items") {
        strict(items, &format!("{at}[]"));
    }
    for (name, inner) in schema["definitions"].as_object().into_iter().flatten() {
        strict(inner, name);
    }
}

#[test]
fn the_schema_describes_what_is_written() {
    let schema: Value = serde_json::from_str(schema()).unwrap();
    strict(&schema, "$");
    let written =
        |report: &Report<'_>| serde_json::from_str::<Value>(&report.json().unwrap()).unwrap();
    let value = danish(written);
    check(&schema, &schema, &value, "$");
    let without = danish(|report| {
        written(&Report {
            baseline: None,
            ..*report
        })
    });
    assert!(without["baseline"].is_null());
    check(&schema, &schema, &without, "$");
    assert_eq!(value["summary"]["passed"], 5);
    assert_eq!(value["summary"]["known"], 1);
    assert_eq!(value["cases"][9]["outcome"], "skip");

    // The check sees what does not fit.
    let refuses = |change: fn(&mut Value)| {
        let mut value = value.clone();
        change(&mut value);
        std::panic::catch_unwind(|| check(&schema, &schema, &value, "$")).is_err()
    };
    assert!(refuses(|value| value["more"] = Value::Null));
    assert!(refuses(
        |value| value["cases"][0]["outcome"] = "error".into()
    ));
    assert!(refuses(
        |value| value["cases"][0]["milliseconds"] = "1".into()
    ));
    assert!(refuses(|value| {
        value["run"].as_object_mut().unwrap().remove("name");
    }));
    assert!(!refuses(|_| {}));
}

#[test]
fn each_case_leads_to_the_book_where_its_place_is_given() {
    let book = Book::at("https://bog.example/").unwrap();
    let [plain, linked] = [None, Some(&book)].map(|book| {
        danish(|report| {
            let report = Report { book, ..*report };
            (report.html().unwrap(), report.sarif().unwrap())
        })
    });
    assert!(!plain.0.contains("bog.example") && !plain.1.contains("helpUri"));
    let run = sample::run();
    assert!(run.results.len() > 5);
    for result in &run.results {
        let id = result.case.info().id;
        for language in ["da", "en"] {
            let about = format!("https://bog.example/{language}/system-tests.html#{id}");
            assert!(linked.0.contains(&format!("href=\"{about}\"")), "{about}");
        }
    }
    let rule = "https://bog.example/en/metadata.html#MD-V-001";
    assert!(linked.1.contains(rule), "{}", linked.1);
}
