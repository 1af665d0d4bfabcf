//! `vejviser flows`: the journal of a running hub, and its flows as files.

mod args;
mod hub;
mod replay;

pub use args::FlowsCommand;

use super::args::Format;
use super::{Failure, output, run, talk};
use crate::edge::case::Form;
use crate::edge::page::Language;
use crate::hub::FlowId;
use args::{ExportArgs, ListArgs, ShowArgs};
use hub::RunningHub;
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Runs it.
pub fn run(command: &FlowsCommand) -> Result<(), Failure> {
    match command {
        FlowsCommand::List(args) => run::block_on(list(args)),
        FlowsCommand::Show(args) => run::block_on(show(args)),
        FlowsCommand::Export(args) => run::block_on(export(args)),
        FlowsCommand::Replay(args) => replay::run(args),
    }
}

async fn list(args: &ListArgs) -> Result<(), Failure> {
    let hub = RunningHub::of(&args.hub)?;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let (limit, before) = (number(args.limit), number(args.before));
    for (name, value) in [
        ("outcome", &args.outcome),
        ("system", &args.system),
        ("idp", &args.idp),
        ("organisation", &args.organisation),
        ("profile", &args.profile),
        ("actor", &args.actor),
        ("id", &args.id),
        ("before", &before),
        ("limit", &limit),
    ] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let bytes = hub
        .get(&format!("/api/v1/flows?{}", query.finish()))
        .await?;
    if args.format == Format::Json {
        return write(&bytes);
    }
    let json: Value = serde_json::from_slice(&bytes).map_err(|error| unexpected(&error))?;
    let flows = json["flows"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    talk::result(&flows.iter().map(line).collect::<String>());
    if flows.is_empty() {
        talk::say("ingen logins / no logins");
    }
    if let Some(next) = json["next"].as_u64() {
        talk::say(&format!("der er flere / there are more: --before {next}"));
    }
    Ok(())
}

/// One line a flow: id, when, outcome, system, identity provider, who must act and why.
fn line(flow: &Value) -> String {
    let text = |name: &str| flow[name].as_str().unwrap_or("–");
    let title = |name: &str, id: &str| match flow[name].as_str() {
        Some(title) => title.to_owned(),
        None => text(id).to_owned(),
    };
    let verdict = match &flow["verdict"] {
        Value::Null => String::new(),
        verdict => format!(
            "  {} ({})",
            verdict["cause"].as_str().unwrap_or_default(),
            verdict["actor"].as_str().unwrap_or_default()
        ),
    };
    let line = format!(
        "{}  {:.19}  {:<9}  {} → {}{verdict}",
        text("id"),
        text("started").replace('T', " "),
        text("outcome"),
        title("system_name", "system"),
        title("idp_name", "idp"),
    );
    talk::plain(&line) + "\n"
}

async fn show(args: &ShowArgs) -> Result<(), Failure> {
    let hub = RunningHub::of(&args.hub)?;
    let id = known(&args.id)?;
    let path = match args.format {
        Format::Json => format!("/api/v1/flows/{id}"),
        Format::Human => {
            let language = match args.language.into() {
                Language::Danish => "da",
                Language::English => "en",
            };
            format!("/forloeb/{id}/sag.txt?lang={language}")
        }
    };
    write(&hub.get(&path).await?)
}

async fn export(args: &ExportArgs) -> Result<(), Failure> {
    let hub = RunningHub::of(&args.hub)?;
    let id = known(&args.id)?;
    let form = Form::from(args.form).word();
    let bytes = hub
        .get(&format!("/api/v1/flows/{id}/bundle?form={form}"))
        .await?;
    let file = args.output.clone();
    let file = file.unwrap_or_else(|| PathBuf::from(format!("sagspakke-{id}-{form}.zip")));
    if file == Path::new("-") {
        return std::io::stdout()
            .write_all(&bytes)
            .map_err(|error| Failure::CouldNotRun(error.to_string()));
    }
    output::write(&file, &bytes)?;
    talk::result(&format!("{}\n", file.display()));
    if form == Form::Plain.word() {
        talk::say("pakken indeholder personoplysninger / the bundle holds personal data");
    }
    Ok(())
}

fn known(id: &str) -> Result<FlowId, Failure> {
    FlowId::parse(&id.to_ascii_uppercase()).ok_or_else(|| {
        Failure::Usage(format!(
            "error: {}: er ikke et id; vejviser flows list viser dem / is no id; vejviser flows list shows them",
            talk::plain(id)
        ))
    })
}

/// Text of the hub's, for a terminal or a script.
fn write(bytes: &[u8]) -> Result<(), Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| unexpected(&error))?;
    let end = if text.ends_with('\n') { "" } else { "\n" };
    talk::result(&format!("{text}{end}"));
    Ok(())
}

fn unexpected(error: &dyn std::fmt::Display) -> Failure {
    Failure::CouldNotRun(format!(
        "error: hubben svarede noget uventet / the hub answered something unexpected: {error}"
    ))
}
