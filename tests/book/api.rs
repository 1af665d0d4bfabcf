//! The page about the API, of the description that a running hub serves.

use super::{escaped, golden, head, one};
use serde_json::Value;
use std::fmt::Write;

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

#[test]
fn every_path_of_the_api_stands_on_its_page() {
    let description: Value =
        serde_json::from_str(include_str!("../../assets/openapi.json")).unwrap();
    golden("api.md", |language| {
        let mut text = head(
            language,
            "api.md",
            ("API", "API"),
            (
                "En hub, der kører, har en lytter til drift og scripts (normalt <http://127.0.0.1:7879>). Beskrivelsen i OpenAPI 3 hentes på \
                 `/api/openapi.json`, og denne side er lavet af den; dens ord er engelske. I `serve` skal alle kald undtagen `/healthz` og `/readyz` \
                 have `Authorization: Bearer` med det token, der står på hubbens startlinje.\n\n\
                 Den rigtige hubs grænseflade til registrering (`/BrugervendteSystemer`, `/IdentityProviders`, `/Users` …) er her også, med samme \
                 stier, felter og fejl; den er beskrevet af KOMBIT (CH.json) og ikke gentaget her.",
                "A running hub has a listener for operations and scripts (usually <http://127.0.0.1:7879>). Its description in OpenAPI 3 is at \
                 `/api/openapi.json`, and this page is made of it. In `serve` every call but `/healthz` and `/readyz` needs `Authorization: Bearer` \
                 with the token of the hub's ready line.\n\n\
                 The real hub's provisioning interface (`/BrugervendteSystemer`, `/IdentityProviders`, `/Users` …) is served too, with the same \
                 paths, fields and errors; KOMBIT describes it (CH.json), and it is not repeated here.",
            ),
        );
        let mut told = 0;
        for (path, item) in description["paths"].as_object().unwrap() {
            writeln!(text, "## {}\n", escaped(path)).unwrap();
            for method in METHODS {
                let Some(call) = item.get(method) else {
                    continue;
                };
                told += 1;
                let summary = call["summary"].as_str().expect("every call has a summary");
                writeln!(
                    text,
                    "**{}** – {}\n",
                    method.to_uppercase(),
                    escaped(summary)
                )
                .unwrap();
                let shared = item["parameters"].as_array().into_iter().flatten();
                let own = call["parameters"].as_array().into_iter().flatten();
                let mut any = false;
                for parameter in shared.chain(own) {
                    let parameter = resolved(&description, parameter);
                    any = true;
                    let about = parameter["description"].as_str();
                    let about =
                        about.map_or(String::new(), |about| format!(": {}", escaped(about)));
                    writeln!(
                        text,
                        "- `{}` ({}){about}",
                        parameter["name"].as_str().unwrap(),
                        parameter["in"].as_str().unwrap()
                    )
                    .unwrap();
                }
                if any {
                    text.push('\n');
                }
                let answers = call["responses"].as_object().unwrap();
                let answers: Vec<String> = answers
                    .iter()
                    .map(|(code, answer)| {
                        let answer = resolved(&description, answer);
                        let about = answer["description"].as_str().unwrap_or_default();
                        format!("`{code}` {}", escaped(about)).trim().to_owned()
                    })
                    .collect();
                let label = one(language, ("Svar", "Answers"));
                writeln!(text, "{label}: {}\n", answers.join("; ")).unwrap();
            }
        }
        assert!(told > 30, "{told}");
        text
    });
}

/// What a `$ref` inside the document stands for.
fn resolved<'a>(description: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => description
            .pointer(reference.trim_start_matches('#'))
            .expect("a reference leads somewhere"),
        None => value,
    }
}
