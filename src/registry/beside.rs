//! What CH.json has no field for, kept beside an object: the rest of its section of federation.toml.

use super::Reason;
use crate::config::is_label;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::{Table, Value};

/// The rest of a party's section.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// Short name: for hosts, commands and reports.
    pub name: String,
    /// The other keys: `replaced_by`, `trust`, `encryption`, `generation` …
    pub rest: Table,
    /// The files that these keys name.
    pub files: BTreeMap<String, Arc<[u8]>>,
}

/// The keys of `[[identity_provider]]` that CH.json's object holds, and the name that has its place here.
pub const OF_IDENTITY_PROVIDER: [&str; 14] = [
    "name",
    "id",
    "presentation_name",
    "description",
    "oiosaml_profile",
    "assurance_level",
    "nsis_assurance_level",
    "user_contexts",
    "ip_addresses",
    "knows_roles",
    "mobile_friendly",
    "supports_scope",
    "supports_step_up",
    METADATA_ADDRESS,
];

/// The same of `[[user_facing_system]]`.
pub const OF_SYSTEM: [&str; 8] = [
    "name",
    "id",
    "cvr",
    "oiosaml_profile",
    "assurance_level",
    "nsis_assurance_level",
    "attribute_profile",
    METADATA_ADDRESS,
];

/// `SamlMetadata.MetadataUrl` in federation.toml.
pub const METADATA_ADDRESS: &str = "saml_metadata_url";

/// The key that names a file of metadata. What is in the file is the object's.
pub const METADATA_FILE: &str = "saml_metadata";

/// Sections of invented parties: what they are is made at start, and their metadata with it.
pub const INVENTED: [&str; 2] = ["persona", "demo"];

impl Beside {
    /// Of a party that was registered through the interface: nothing but a name.
    pub fn named(name: String) -> Self {
        Self {
            name,
            rest: Table::new(),
            files: BTreeMap::new(),
        }
    }

    /// Of a section, without the keys that the object holds. `read` reads the files that it names.
    pub fn of(section: &Table, held: &[&str], read: &dyn Fn(&str) -> Option<Vec<u8>>) -> Self {
        let name = section.get("name").and_then(Value::as_str);
        let mut rest = section.clone();
        rest.retain(|key, _| !held.contains(&key));
        let former = rest.get("rotated_out").and_then(Value::as_array);
        let former = former.into_iter().flatten().filter_map(Value::as_str);
        let files = former.filter_map(|file| Some((file.to_owned(), read(file)?.into())));
        Self {
            name: name.unwrap_or_default().to_owned(),
            files: files.collect(),
            rest,
        }
    }

    /// Whether the party is invented: a persona or a demo system.
    pub fn is_invented(&self) -> bool {
        INVENTED.iter().any(|key| self.rest.contains_key(*key))
    }

    /// What the party's metadata is called in problems, and where a file of it goes.
    pub fn metadata_file(&self) -> &str {
        let named = self.rest.get(METADATA_FILE).and_then(Value::as_str);
        named.unwrap_or("SamlMetadata.Xml")
    }

    /// The successor that it names.
    pub fn replaced_by(&self) -> Option<&str> {
        self.rest.get("replaced_by").and_then(Value::as_str)
    }

    /// Whether its name can be one.
    pub fn reasons(&self) -> Option<Reason> {
        (!is_label(&self.name)).then(|| {
            Reason::new(
                format!(
                    "{}: kan ikke være et kortnavn (a–z, cifre og bindestreg, højst 63 tegn)",
                    self.name
                ),
                format!(
                    "{}: cannot be a short name (a–z, digits and hyphens, at most 63)",
                    self.name
                ),
            )
        })
    }
}

/// A short name made of what people call something, that nobody has yet.
pub fn name_for(title: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let mut label = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => label.push(letter),
            'æ' => label.push_str("ae"),
            'ø' => label.push_str("oe"),
            'å' => label.push_str("aa"),
            'é' | 'è' => label.push('e'),
            'ü' => label.push('u'),
            'ö' => label.push('o'),
            _ if label.ends_with('-') => {}
            _ => label.push('-'),
        }
    }
    let label: String = label.trim_matches('-').chars().take(50).collect();
    let label = match label.trim_matches('-') {
        "" => "part",
        label => label,
    };
    let numbered = (2..).map(|number| format!("{label}-{number}"));
    let mut names = std::iter::once(label.to_owned()).chain(numbered);
    names.find(|name| !taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_what_people_call_it() {
        let taken = |name: &str| ["hub", "odder", "odder-2"].contains(&name);
        for (title, name) in [
            ("Prøvekøbing Kommune", "proevekoebing-kommune"),
            ("  Ærø & Å ", "aeroe-aa"),
            ("Odder", "odder-3"),
            ("hub", "hub-2"),
            ("«»", "part"),
            (
                "https://sp.example.dk/metadata",
                "https-sp-example-dk-metadata",
            ),
        ] {
            assert_eq!(name_for(title, &taken), name);
            assert!(is_label(&name_for(title, &taken)));
        }
        assert!(is_label(&name_for(&"lang ".repeat(40), &taken)));
    }
}
