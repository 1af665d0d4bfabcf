//! From text to the file as written.

use super::kind::{SYNTAX, WRONG_TYPE};
use super::problem::Sink;
use super::{File, Problems, schema, walk};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

/// Reads the file as written, without looking at any other file: what a demo needs to know before it can
/// render the metadata of its personas.
pub fn parse(path: &Path, text: &str) -> Result<File, Problems> {
    let mut sink = Sink::new(path, text);
    let written = read(&mut sink);
    let problems = sink.finish();
    match written {
        Some(written) if !problems.any_fatal() => Ok(written.file),
        _ => Err(problems),
    }
}

/// The file, and what its types do not keep.
pub(super) struct Written {
    pub file: File,
    /// Short names of all identity providers, those among them that could not be read.
    pub provider_names: BTreeSet<String>,
    /// Where a setting stands.
    pub settings: Vec<(String, Range<usize>)>,
    /// Where `[hub]` stands.
    pub hub: Option<Range<usize>>,
}

/// Reads what can be read and reports the rest. None if the text is no TOML: then everything else that could
/// be said would be guesses.
pub(super) fn read(sink: &mut Sink<'_>) -> Option<Written> {
    let (mut root, errors) = DeTable::parse_recoverable(sink.text);
    let mut last_line = None;
    for error in &errors {
        let line = error
            .span()
            .map(|span| sink.text[..span.start].matches('\n').count());
        // One slip makes the parser stumble over the rest of the line.
        if line.is_none() || line != last_line {
            sink.add(
                SYNTAX,
                error.span(),
                error.message(),
                "TOML: key = value; texts stand in quotes",
            );
        }
        last_line = line;
    }
    if !errors.is_empty() {
        return None;
    }
    let provider_names = names(root.get_ref());
    walk::table(sink, root.get_mut(), &schema::FILE, 0..0, "the file");
    let settings = settings(root.get_ref());
    let hub = root.get_ref().get("hub").map(Spanned::span);
    match File::deserialize(Deserializer::from(root)) {
        Ok(file) => Some(Written {
            file,
            provider_names,
            settings,
            hub,
        }),
        Err(error) => {
            sink.add(
                WRONG_TYPE,
                error.span(),
                error.message(),
                "see the sample federation",
            );
            None
        }
    }
}

fn names(root: &DeTable<'_>) -> BTreeSet<String> {
    let providers = root
        .get("identity_provider")
        .and_then(|list| list.get_ref().as_array());
    let tables = providers
        .into_iter()
        .flat_map(|list| list.iter())
        .filter_map(|item| item.get_ref().as_table());
    tables
        .filter_map(|table| table.get("name")?.get_ref().as_str().map(str::to_owned))
        .collect()
}

fn settings(root: &DeTable<'_>) -> Vec<(String, Range<usize>)> {
    match root.get("settings").map(Spanned::get_ref) {
        Some(DeValue::Table(table)) => table
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), value.span()))
            .collect(),
        _ => Vec::new(),
    }
}
