//! Certificates that the test CA took back, by serial number.

use super::object::{Body, Object};
use super::shape::{Shape, Value, must};
use super::{Content, Draft, Kind};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use time::OffsetDateTime;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// Its serial number in hex, in small letters and without zeros in front.
    #[serde(deserialize_with = "as_registered")]
    pub serial: String,
    /// When it was taken back.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// Octets of a serial number (RFC 5280 §4.1.2.2).
const MAX_OCTETS: usize = 20;

/// Whoever writes a file writes it in any way, and it is asked for in one.
fn as_registered<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let written = String::deserialize(from)?;
    let refused = || D::Error::custom("serial: must be hex, at most 20 octets");
    Revoked::serial(&written).ok_or_else(refused)
}

impl Body for Revoked {
    const SHAPE: &'static Shape = &Shape {
        name: "Revoked",
        fields: &[must("serial", Value::Id), must("at", Value::Id)],
    };
}

impl Object for Revoked {
    const KIND: Kind = Kind::Revoked;
    fn id(&self) -> String {
        self.serial.clone()
    }
}

impl Revoked {
    /// A serial number as people write it, as it is registered: colons, capitals and leading zeros do not matter.
    pub fn serial(written: &str) -> Option<String> {
        let digits = written.replace(':', "").to_ascii_lowercase();
        let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let digits = digits.trim_start_matches('0');
        let fits = (1..=MAX_OCTETS * 2).contains(&digits.len());
        let even = digits.len().is_multiple_of(2);
        (hex && fits).then(|| match even {
            true => digits.to_owned(),
            false => format!("0{digits}"),
        })
    }

    /// The bytes of its serial number.
    pub fn octets(&self) -> Vec<u8> {
        let digits = self.serial.as_bytes().chunks(2);
        let octet = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        digits.filter_map(octet).collect()
    }
}

impl Content {
    /// All of them, in the order in which they were taken back.
    pub fn revoked(&self) -> impl Iterator<Item = Revoked> {
        let all = self.of(Kind::Revoked);
        all.filter_map(|(_, text)| serde_json::from_str(text).ok())
    }

    /// The one of this serial number, as it is registered.
    pub fn revoked_as(&self, serial: &str) -> Option<Revoked> {
        let text = self.others.get(&Kind::Revoked)?.get(serial)?;
        serde_json::from_str(text).ok()
    }
}

impl Draft<'_> {
    /// Takes a certificate back. One that was taken back already keeps its moment.
    pub fn revoke(&mut self, serial: &str) -> Revoked {
        if let Some(known) = self.content().revoked_as(serial) {
            return known;
        }
        let revoked = Revoked {
            serial: serial.to_owned(),
            // Lists and answers have whole seconds.
            at: self.now().replace_nanosecond(0).unwrap_or(self.now()),
        };
        let text = serde_json::to_string(&revoked).expect("two texts are JSON");
        self.put_text(Kind::Revoked, revoked.serial.clone(), text);
        revoked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_is_one_however_it_is_written() {
        for written in ["0A:bc", "abc", "0abc", "00:0A:BC"] {
            assert_eq!(Revoked::serial(written).as_deref(), Some("0abc"));
        }
        let longest = "f".repeat(40);
        assert_eq!(Revoked::serial(&longest), Some(longest.clone()));
        for none in ["", "0", "00", "xy", "-1", "ø", &format!("1{longest}")] {
            assert_eq!(Revoked::serial(none), None, "{none}");
        }
        let one = Revoked {
            serial: "0abc".to_owned(),
            at: OffsetDateTime::UNIX_EPOCH,
        };
        assert_eq!(one.octets(), [0x0a, 0xbc]);
    }
}
