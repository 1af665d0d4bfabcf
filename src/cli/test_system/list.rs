//! `--list`: the cases, a line each.

use super::args::{Form, TestSystemArgs};
use crate::cli::report::LanguageArg;
use crate::drill::system_test::{Case, Chapter, Severity};
use serde_json::json;

/// The list, for people or as JSON.
pub fn text(args: &TestSystemArgs) -> String {
    if args.format == Form::Json {
        let cases = Case::ALL.iter().map(|case| {
            let info = case.info();
            json!({
                "id": info.id,
                "severity": severity(info.severity).to_lowercase(),
                "clause": info.clause,
                "title_da": info.title.0, "title_en": info.title.1,
                "sent_da": info.sent.0, "sent_en": info.sent.1,
                "why_da": info.why.0, "why_en": info.why.1,
            })
        });
        return format!("{}\n", json!({ "cases": cases.collect::<Vec<_>>() }));
    }
    let pick = |(da, en): (&'static str, &'static str)| match args.language {
        LanguageArg::Da => da,
        LanguageArg::En => en,
    };
    let mut list = String::new();
    for chapter in Chapter::ALL {
        list.push_str(&format!("{}\n", pick(chapter.title())));
        let cases = Case::ALL.iter().filter(|case| case.chapter() == chapter);
        for info in cases.map(|case| case.info()) {
            let severity = severity(info.severity);
            list.push_str(&format!(
                "  {}  {severity:<6}  {}\n",
                info.id,
                pick(info.title)
            ));
        }
    }
    list
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Must => "MUST",
        Severity::Should => "SHOULD",
    }
}
