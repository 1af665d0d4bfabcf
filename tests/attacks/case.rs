//! One attack case: header lines `key: value`, a blank line, then the message, byte for byte.

use std::fmt::Write;

/// A message and what a verifier must say to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// File name without `.case`.
    pub name: String,
    header: Vec<(&'static str, String)>,
    /// The message as it stands in the file; [`Case::sent`] is what is judged.
    pub message: Vec<u8>,
}

/// Every key that a header may have, in the order in which they are written.
const KEYS: &[&str] = &[
    "kind",
    "input",
    "expect",
    // Further checks that fail, after the first.
    "also",
    // Checks that warn.
    "warns",
    "class",
    "why",
    "name-id",
    "level",
    "now",
    "profile",
    "peer",
    "peer-key",
    "me",
    "acs",
    // Where a request, a logout message was received.
    "destination",
    "in-response-to",
    "key",
    "required-level",
    "ceiling",
    // The organisations that the sender is registered for.
    "cvr",
    // `N UNIT`: what stands for `@repeat@`; `{i}` in it is the count.
    "repeat",
    // What stands for `@close@`, as often.
    "repeat-close",
    // Chance went into the message, so it is not made anew by every run of the generator.
    "chance",
];

/// Stands in the message where `repeat` goes.
const REPEAT: &str = "@repeat@";
const CLOSE: &str = "@close@";

impl Case {
    pub fn new(name: impl Into<String>, message: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            header: Vec::new(),
            message: message.into(),
        }
    }

    /// With `key: value`, instead of the value that was there.
    pub fn set(mut self, key: &str, value: impl Into<String>) -> Self {
        self = self.without(key);
        let (at, key) = known(key).expect("a key of the header");
        let value = value.into();
        assert!(
            !value.is_empty() && !value.contains(['\n', '\r']),
            "{}: {key} is one line",
            self.name
        );
        let before = |other: &&(&str, String)| known(other.0).is_some_and(|(place, _)| place < at);
        let place = self.header.iter().take_while(before).count();
        self.header.insert(place, (key, value));
        self
    }

    /// Without the key: the option is left out.
    pub fn without(mut self, key: &str) -> Self {
        self.header.retain(|(there, _)| *there != key);
        self
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        let found = self.header.iter().find(|(there, _)| *there == key);
        found.map(|(_, value)| value.as_str())
    }

    /// The words of a value.
    pub fn list(&self, key: &str) -> Vec<&str> {
        self.get(key)
            .map(|value| value.split_whitespace().collect())
            .unwrap_or_default()
    }

    /// The header with every key in its place.
    pub fn header(&self) -> String {
        self.header
            .iter()
            .fold(String::new(), |mut text, (key, value)| {
                let _ = writeln!(text, "{key}: {value}");
                text
            })
    }

    /// The file.
    pub fn file(&self) -> Vec<u8> {
        [self.header().as_bytes(), b"\n", &self.message].concat()
    }

    /// Reads a file.
    pub fn parse(name: &str, file: &[u8]) -> Result<Self, String> {
        let end = file.windows(2).position(|two| two == b"\n\n");
        let end = end.ok_or("no blank line after the header")?;
        let header = str::from_utf8(&file[..end]).map_err(|error| error.to_string())?;
        let mut case = Self::new(name, &file[end + 2..]);
        for line in header.lines() {
            let (key, value) = line.split_once(": ").ok_or(format!("«{line}»"))?;
            known(key).ok_or(format!("the key «{key}»"))?;
            if case.get(key).is_some() {
                return Err(format!("{key} occurs twice"));
            }
            case = case.set(key, value);
        }
        for key in ["kind", "input", "expect", "class", "why"] {
            case.get(key).ok_or(format!("no {key}"))?;
        }
        Ok(case)
    }

    /// The header as options of `vejviser verify`, seen from the root of the project.
    pub fn options(&self) -> Vec<String> {
        const SAME: [&str; 12] = [
            "kind",
            "input",
            "now",
            "profile",
            "peer",
            "me",
            "acs",
            "destination",
            "in-response-to",
            "required-level",
            "ceiling",
            "key",
        ];
        let mut options = Vec::new();
        for key in SAME {
            if let Some(value) = self.get(key) {
                let value = match key {
                    "key" => format!("certs/{value}.key.pem"),
                    _ => value.to_owned(),
                };
                options.extend([format!("--{key}"), value]);
            }
        }
        for cvr in self.list("cvr") {
            options.extend(["--cvr".to_owned(), cvr.to_owned()]);
        }
        for name in self.list("peer-key") {
            options.extend(["--peer-cert".to_owned(), public_key(name)]);
        }
        options
    }

    /// The bytes that are judged: huge messages are stored as an instruction.
    pub fn sent(&self) -> Vec<u8> {
        let Some(repeat) = self.get("repeat") else {
            return self.message.clone();
        };
        let (count, unit) = repeat.split_once(' ').expect("repeat: N UNIT");
        let count: usize = count.parse().expect("repeat: N UNIT");
        let text = str::from_utf8(&self.message).expect("a repeated message is text");
        let units: String = (0..count)
            .map(|i| unit.replace("{i}", &i.to_string()))
            .collect();
        let closes = self.get("repeat-close").unwrap_or_default().repeat(count);
        text.replacen(REPEAT, &units, 1)
            .replacen(CLOSE, &closes, 1)
            .into_bytes()
    }
}

/// The file with a party's certificate, or public key.
pub fn public_key(name: &str) -> String {
    match name {
        "p256" => "fixtures/attacks/p256.pem".to_owned(),
        _ => format!("certs/{name}.pem"),
    }
}

fn known(key: &str) -> Option<(usize, &'static str)> {
    let at = KEYS.iter().position(|known| *known == key)?;
    Some((at, KEYS[at]))
}
