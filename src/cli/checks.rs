//! `vejviser checks`: the list of checks.

use super::args::{ChecksArgs, ListFormat};
use super::{Failure, causes, explain, talk};
use crate::edge::page::csv;
use crate::hub::Check;
use crate::hub::check::Info;
use serde_json::{Value, json};

/// Runs it.
pub fn run(args: &ChecksArgs) -> Result<(), Failure> {
    if !args.ids.is_empty() {
        return explain::print(&args.ids, args.format);
    }
    if args.causes {
        causes::print(args.format);
        return Ok(());
    }
    let infos: Vec<&Info> = Check::ALL.iter().map(|check| check.info()).collect();
    talk::result(&match args.format {
        ListFormat::Human => infos.iter().map(|info| human(info)).collect(),
        ListFormat::Json => {
            let checks: Vec<Value> = infos.iter().map(|info| in_json(info)).collect();
            format!("{:#}\n", json!({ "checks": checks }))
        }
        ListFormat::Csv => {
            let head = "id,severity,party,clause,title_da,title_en,remedy_da,remedy_en\r\n";
            std::iter::once(head.to_owned())
                .chain(infos.iter().map(|info| csv(info)))
                .collect()
        }
    });
    Ok(())
}

fn severity(info: &Info) -> &'static str {
    if info.mandatory { "must" } else { "warn" }
}

/// The party as in findings: `identity-provider`.
fn party(info: &Info) -> String {
    match serde_json::to_value(info.actor) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn human(info: &Info) -> String {
    let (da, en) = info.actor.text();
    format!(
        "{}  {}  {}\n  {}\n  {}\n  {} / {}\n\n",
        info.id,
        severity(info),
        info.clause,
        info.what.0,
        info.what.1,
        da,
        en
    )
}

fn in_json(info: &Info) -> Value {
    json!({
        "id": info.id,
        "severity": severity(info),
        "party": party(info),
        "clause": info.clause,
        "title_da": info.what.0,
        "title_en": info.what.1,
        "remedy_da": info.remedy.0,
        "remedy_en": info.remedy.1,
    })
}

fn csv(info: &Info) -> String {
    let party = party(info);
    csv::row(&[
        info.id,
        severity(info),
        &party,
        info.clause,
        info.what.0,
        info.what.1,
        info.remedy.0,
        info.remedy.1,
    ])
}
