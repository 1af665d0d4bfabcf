//! The federation's NameID: an X509SubjectName with `C`, `O` (CVR), `CN` and `Serial` (the user's UUID).
//!
//! OS2faktor writes `C=DK,O=…,CN=…,Serial=…`; others put blanks around `=` and after `,` (sample messages of
//! the real hub). Both are read; the value itself is passed on unchanged.

use super::{Cvr, IDENTITY_VALUE};
use std::fmt;

/// The longest `CN`, in characters. X.520's ub-common-name is 64, but what directories show as somebody's name has
/// titles and departments in it; 256 is what SAML itself allows a name (core §8.3.7, persistent identifiers).
pub const COMMON_NAME: usize = 256;

/// The parts of a NameID, as stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectName {
    /// `C`
    pub country: String,
    /// `O`: the CVR of the user's organisation.
    pub organisation: Cvr,
    /// `CN`: the user's name.
    pub common_name: String,
    /// `Serial`: the user's id at the organisation.
    pub serial: String,
}

/// Why a value is not the federation's NameID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameIdError {
    /// The whole is longer than [`IDENTITY_VALUE`]; has its bytes.
    Long(usize),
    /// `CN` is longer than [`COMMON_NAME`]; has its characters.
    LongName(usize),
    /// A part without `=`, or with an unescaped `=` or `,` in its value.
    Syntax(String),
    /// A part other than the four.
    Unknown(String),
    /// A part that occurs twice.
    Twice(&'static str),
    /// A part that is missing or empty.
    Missing(&'static str),
    /// `O` is not a CVR number.
    NotCvr(String),
}

impl SubjectName {
    /// Reads exactly one `C`, `O`, `CN` and `Serial`, in any order, blanks allowed around `=` and `,`. A `,`
    /// or `=` inside a value must be escaped with `\` (RFC 4514 §2.4): an unescaped one could smuggle a second
    /// `O` into somebody's name. Nothing may be longer than its bound, because it is passed on unchanged.
    pub fn parse(text: &str) -> Result<Self, NameIdError> {
        const KEYS: [&str; 4] = ["C", "O", "CN", "Serial"];
        if text.len() > IDENTITY_VALUE {
            return Err(NameIdError::Long(text.len()));
        }
        let mut found: [Option<String>; 4] = [None, None, None, None];
        for part in split_unescaped(text, ',') {
            let pieces = split_unescaped(part, '=');
            let [key, value] = pieces.as_slice() else {
                return Err(NameIdError::Syntax(part.trim().to_owned()));
            };
            let key = key.trim();
            let Some(slot) = KEYS.iter().position(|known| *known == key) else {
                return Err(NameIdError::Unknown(key.to_owned()));
            };
            if found[slot].is_some() {
                return Err(NameIdError::Twice(KEYS[slot]));
            }
            found[slot] = Some(unescape(value.trim()));
        }
        let [country, organisation, common_name, serial] = found;
        let need = |value: Option<String>, key| {
            value
                .filter(|v| !v.is_empty())
                .ok_or(NameIdError::Missing(key))
        };
        let organisation = need(organisation, "O")?;
        let common_name = need(common_name, "CN")?;
        let characters = common_name.chars().count();
        if characters > COMMON_NAME {
            return Err(NameIdError::LongName(characters));
        }
        Ok(Self {
            country: need(country, "C")?,
            organisation: Cvr::parse(&organisation).ok_or(NameIdError::NotCvr(organisation))?,
            common_name,
            serial: need(serial, "Serial")?,
        })
    }
}

/// Writes the form without blanks, escaping what must be escaped.
impl fmt::Display for SubjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let escape = |text: &str| {
            text.replace('\\', "\\\\")
                .replace(',', "\\,")
                .replace('=', "\\=")
        };
        write!(
            f,
            "C={},O={},CN={},Serial={}",
            escape(&self.country),
            self.organisation,
            escape(&self.common_name),
            escape(&self.serial)
        )
    }
}

impl fmt::Display for NameIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Long(bytes) => write!(f, "{bytes} bytes, of {IDENTITY_VALUE} allowed"),
            Self::LongName(characters) => {
                write!(f, "CN of {characters} characters, of {COMMON_NAME} allowed")
            }
            Self::Syntax(part) => write!(f, "«{part}» is not one KEY=VALUE"),
            Self::Unknown(key) => write!(f, "«{key}» is not one of C, O, CN, Serial"),
            Self::Twice(key) => write!(f, "{key} occurs twice"),
            Self::Missing(key) => write!(f, "{key} is missing"),
            Self::NotCvr(value) => write!(f, "O=«{value}» is not a CVR number"),
        }
    }
}

impl std::error::Error for NameIdError {}

fn split_unescaped(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == separator {
            parts.push(&text[start..at]);
            start = at + c.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(if c == '\\' {
            chars.next().unwrap_or('\\')
        } else {
            c
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serial_of(text: &str) -> Result<String, NameIdError> {
        SubjectName::parse(text).map(|name| name.serial)
    }

    #[test]
    fn reads_both_spellings_seen_in_the_federation() {
        let tight = SubjectName::parse("C=DK,O=11111111,CN=Test Testesen,Serial=3b2f0c1e").unwrap();
        let loose =
            SubjectName::parse("C = DK, O = 11111111, CN = Test Testesen, Serial = 3b2f0c1e")
                .unwrap();
        assert_eq!(tight, loose);
        assert_eq!(tight.organisation.as_str(), "11111111");
        assert_eq!(
            tight.to_string(),
            "C=DK,O=11111111,CN=Test Testesen,Serial=3b2f0c1e"
        );
    }

    #[test]
    fn an_escaped_comma_belongs_to_the_name() {
        let name = SubjectName::parse(r"C=DK,O=11111111,CN=Hansen\, Ea\=1,Serial=x").unwrap();
        assert_eq!(name.common_name, "Hansen, Ea=1");
        assert_eq!(SubjectName::parse(&name.to_string()).unwrap(), name);
    }

    #[test]
    fn a_second_organisation_cannot_hide_in_the_name() {
        assert_eq!(
            serial_of("C=DK,O=11111111,CN=Eva,O=22222222,Serial=x"),
            Err(NameIdError::Twice("O"))
        );
        assert_eq!(
            serial_of("C=DK,O=11111111,CN=Eva=O=2,Serial=x"),
            Err(NameIdError::Syntax("CN=Eva=O=2".into()))
        );
        assert_eq!(
            serial_of("C=DK,O=11111111,CN=Hansen, Ea,Serial=x"),
            Err(NameIdError::Syntax("Ea".into()))
        );
    }

    #[test]
    fn a_name_has_a_length() {
        let named = |cn: &str| SubjectName::parse(&format!("C=DK,O=11111111,CN={cn},Serial=x"));
        // Characters count, not bytes, and not what escapes them.
        for longest in ["a".repeat(256), "ø".repeat(256), r"\,".repeat(256)] {
            assert_eq!(named(&longest).unwrap().common_name.chars().count(), 256);
        }
        for long in ["a".repeat(257), "ø".repeat(257), r"\,".repeat(257)] {
            assert_eq!(named(&long), Err(NameIdError::LongName(257)));
        }
        let error = NameIdError::LongName(257);
        assert_eq!(error.to_string(), "CN of 257 characters, of 256 allowed");
    }

    #[test]
    fn the_whole_has_a_length() {
        let whole = |bytes: usize| {
            let start = "C=DK,O=11111111,CN=A,Serial=";
            format!("{start}{}", "x".repeat(bytes - start.len()))
        };
        let serial = SubjectName::parse(&whole(1024)).unwrap().serial;
        assert!(serial.len() > 990 && serial.bytes().all(|b| b == b'x'));
        assert_eq!(serial_of(&whole(1025)), Err(NameIdError::Long(1025)));
        // Blanks count too: they are passed on with the rest.
        let blanks = format!("{}{}", whole(1000), " ".repeat(25));
        let error = serial_of(&blanks).unwrap_err();
        assert_eq!(error.to_string(), "1025 bytes, of 1024 allowed");
    }

    #[test]
    fn every_part_is_needed() {
        assert_eq!(
            serial_of("C=DK,O=11111111,CN=A"),
            Err(NameIdError::Missing("Serial"))
        );
        assert_eq!(
            serial_of("C=DK,O=11111111,CN=,Serial=x"),
            Err(NameIdError::Missing("CN"))
        );
        assert_eq!(
            serial_of("C=DK,O=1111111,CN=A,Serial=x"),
            Err(NameIdError::NotCvr("1111111".into()))
        );
        assert_eq!(
            serial_of("C=DK,O=11111111,CN=A,Serial=x,OU=y"),
            Err(NameIdError::Unknown("OU".into()))
        );
        assert_eq!(serial_of(""), Err(NameIdError::Syntax("".into())));
    }
}
