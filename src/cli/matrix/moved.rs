//! `vejviser matrix --moved`: the story of the remembered choice, and how it ends.

use super::stage;
use crate::cli::report::ReportFormat;
use crate::cli::{Failure, output, run};
use crate::drill::moved::{Story, story};
use crate::edge::page::Language;
use crate::hub::settings::RememberedChoice;
use serde_json::json;
use std::fmt::Write;

/// Plays it in these modes: exit code 1 where a user could not log in.
pub fn play(
    modes: &[RememberedChoice],
    language: Language,
    format: ReportFormat,
    outputs: &[output::Output<ReportFormat>],
) -> Result<(), Failure> {
    run::block_on(async {
        let stage = stage::demo().await?;
        let mut stories = Vec::new();
        for mode in modes {
            let told = story(&stage.app, *mode).await;
            stories.push(told.map_err(|error| Failure::CouldNotRun(error.to_string()))?);
        }
        output::deliver(format, outputs, |format| {
            rendered(&stories, language, format)
        })?;
        match stories.iter().all(Story::passed) {
            true => Ok(()),
            false => Err(Failure::Findings(String::new())),
        }
    })
}

fn word(mode: RememberedChoice) -> &'static str {
    match mode {
        RememberedChoice::Ch2 => "ch2",
        RememberedChoice::Safe => "safe",
    }
}

fn rendered(
    stories: &[Story],
    language: Language,
    format: ReportFormat,
) -> Result<String, Failure> {
    match format {
        ReportFormat::Human => Ok(text(stories, language)),
        ReportFormat::Json => {
            let text = serde_json::to_string_pretty(&value(stories));
            text.map(|text| text + "\n")
                .map_err(|error| Failure::CouldNotRun(error.to_string()))
        }
        ReportFormat::Junit | ReportFormat::Html | ReportFormat::Csv => Err(Failure::Usage(
            "error: --moved: giv --format human eller json / give --format human or json"
                .to_owned(),
        )),
    }
}

fn text(stories: &[Story], language: Language) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}",
        language.pick((
            "Kommunen, der flyttede: en bruger har sat hak ved «husk mit valg»",
            "The municipality that moved: a user has ticked “husk mit valg”"
        ))
    );
    for story in stories {
        let about = match story.mode {
            RememberedChoice::Ch2 => ("som i november 2024 (ch2)", "as in November 2024 (ch2)"),
            RememberedChoice::Safe => ("som det burde være (safe)", "as it should be (safe)"),
        };
        let _ = writeln!(out, "\n{}", language.pick(about));
        for step in &story.steps {
            let mark = if step.passed { "✓" } else { "✗" };
            let expected = language.pick((&step.expected.0, &step.expected.1));
            let seen = language.pick((&step.seen.0, &step.seen.1));
            let _ = writeln!(out, "  {mark} {expected}: {seen}");
        }
    }
    out
}

fn value(stories: &[Story]) -> serde_json::Value {
    let findings = stories.iter().flat_map(|story| {
        let failed = story.steps.iter().filter(|step| !step.passed);
        failed.map(|step| {
            json!({
                "id": "matrix::remembered-idp-is-gone",
                "severity": "error",
                "actor": crate::hub::Actor::User,
                "title_da": "Det huskede valg fører til en IdP, der er lukket",
                "title_en": "The remembered choice leads to an IdP that is closed",
                "found": step.seen.1,
                "expected": step.expected.1,
                "where": format!("remembered_choice:{} {}", word(story.mode), step.id),
            })
        })
    });
    let findings: Vec<_> = findings.collect();
    let told = stories.iter().map(|story| {
        let steps = story.steps.iter().map(|step| {
            json!({
                "id": step.id,
                "passed": step.passed,
                "expected_da": step.expected.0,
                "expected_en": step.expected.1,
                "seen_da": step.seen.0,
                "seen_en": step.seen.1,
            })
        });
        json!({
            "remembered_choice": word(story.mode),
            "passed": story.passed(),
            "steps": steps.collect::<Vec<_>>(),
        })
    });
    json!({
        "summary": { "errors": findings.len(), "warnings": 0 },
        "findings": findings,
        "stories": told.collect::<Vec<_>>(),
    })
}
