//! `vejviser checks --causes`: why logins do not end as they should, and who must act.

use super::args::ListFormat;
use super::talk;
use crate::edge::page::csv;
use crate::hub::verdict::{Cause, CauseInfo};
use serde_json::{Value, json};

/// Prints the list.
pub fn print(format: ListFormat) {
    let infos = Cause::ALL.iter().map(|cause| cause.info());
    talk::result(&match format {
        ListFormat::Human => infos.map(|info| human(&info)).collect(),
        ListFormat::Json => {
            let causes: Vec<Value> = infos.map(|info| in_json(&info)).collect();
            format!("{:#}\n", json!({ "causes": causes }))
        }
        ListFormat::Csv => {
            let head = "id,actor,contact,security,title_da,title_en,remedy_da,remedy_en\r\n";
            std::iter::once(head.to_owned())
                .chain(infos.map(|info| in_csv(&info)))
                .collect()
        }
    });
}

fn human(info: &CauseInfo) -> String {
    let (da, en) = info.actor.text();
    let alarm = if info.security { "  !" } else { "" };
    format!(
        "{}{alarm}\n  {}\n  {}\n  {da} / {en}\n\n",
        info.id, info.what.0, info.what.1
    )
}

fn in_json(info: &CauseInfo) -> Value {
    json!({
        "id": info.id,
        "actor": info.actor,
        "contact": info.contact,
        "security": info.security,
        "title_da": info.what.0,
        "title_en": info.what.1,
        "remedy_da": info.remedy.0,
        "remedy_en": info.remedy.1,
    })
}

fn in_csv(info: &CauseInfo) -> String {
    let word = |value: Value| value.as_str().unwrap_or_default().to_owned();
    csv::row(&[
        info.id,
        &word(json!(info.actor)),
        &word(json!(info.contact)),
        if info.security { "yes" } else { "no" },
        info.what.0,
        info.what.1,
        info.remedy.0,
        info.remedy.1,
    ])
}
