//! The table of the hub's rules: complete, with the marks that the code gives its decisions, and with settings that exist.

use super::root;
use vejviser::hub::Source;
use vejviser::hub::rules::RULES;
use vejviser::hub::trace;

#[test]
fn every_rule_stands_in_the_table_in_order() {
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names, trace::RULES);
}

/// A decision with a mark that the table does not know of would contradict the book.
#[test]
fn every_mark_in_the_code_stands_in_the_table() {
    let marks = [
        ("Source::Confirmed", Source::Confirmed),
        ("Source::Inferred", Source::Inferred),
        ("Source::Setting", Source::Setting),
    ];
    let mut read = 0;
    let mut folders = vec![root().join("src/hub")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for call in text.split(".decide(").skip(1) {
                let call = call.split(");\n").next().unwrap();
                let name = call.trim_start().strip_prefix('"');
                let Some(name) = name.and_then(|rest| rest.split('"').next()) else {
                    continue;
                };
                let Some(rule) = RULES.iter().find(|rule| rule.name == name) else {
                    continue;
                };
                for (word, mark) in marks {
                    if call.contains(word) {
                        assert!(rule.marks.contains(&mark), "{name}: {word}");
                        read += 1;
                    }
                }
            }
        }
    }
    assert!(read > 15, "{read}");
}

#[test]
fn the_settings_that_it_names_are_settings() {
    let known = [
        include_str!("../../src/hub/settings.rs"),
        include_str!("../../src/hub/roles/settings.rs"),
    ];
    for name in RULES.iter().flat_map(|rule| rule.settings) {
        let field = name.strip_prefix("roles.").unwrap_or(name);
        let field = format!("pub {field}: ");
        assert!(known.iter().any(|text| text.contains(&field)), "{name}");
    }
}
