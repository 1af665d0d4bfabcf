//! What a message says of people is taken out: of a capture while it is read, of a case bundle before it is handed on.
//! What is kept of a message is a tree of its own, in which every value that is not needed is another one: the same one
//! wherever the same value stood, so that “passed on unchanged” can still be seen.
//!
//! The list is of what is kept, not of what is hidden: what nobody thought of is masked.

use super::phrases;
use super::{Cvr, attributes as name};
use crate::dsig::hex;
use crate::saml::names::name_id::X509_SUBJECT_NAME;
use crate::xml::{Document, Limits, Node, SAML, SAMLP};
use openssl::sha::sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Longest name of an element or attribute, and longest value that is kept.
const LONGEST: usize = 256;
/// The number of a person, which stands in several masks.
const SUBJECT: &str = "subject";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Masks consistently: what was masked once is masked the same way again, and a mask stays as it is.
#[derive(Default)]
pub struct Masker {
    made: BTreeMap<(&'static str, String), String>,
    counts: BTreeMap<&'static str, usize>,
    /// What stands in the place of what, values of several parts as a whole and part by part.
    shown: BTreeMap<String, String>,
    own: BTreeSet<String>,
    forms: BTreeMap<String, String>,
    salt: Option<[u8; 32]>,
}

impl Masker {
    /// One whose masks are not counted but salted hashes of what they stand for: whoever knows the salt can tell whether a
    /// mask is of a value that they know, and nobody else can try all CPR numbers.
    pub fn hashing(salt: [u8; 32]) -> Self {
        Self {
            salt: Some(salt),
            ..Self::default()
        }
    }

    /// What was masked so far, and by what.
    pub fn shown(&self) -> impl Iterator<Item = (&str, &str)> {
        let shown = self.shown.iter();
        shown.map(|(value, mask)| (value.as_str(), mask.as_str()))
    }

    /// A value of which nothing is known.
    pub fn other(&mut self, value: &str) -> String {
        let pattern = match self.salt {
            Some(_) => "masked-{}",
            None => "masked",
        };
        self.mask("other", pattern, value)
    }

    /// The mask of a value, with its number in place of `{}`.
    pub fn mask(&mut self, kind: &'static str, pattern: &str, value: &str) -> String {
        if value.is_empty() || self.own.contains(value) {
            return value.to_owned();
        }
        let key = (kind, value.to_owned());
        if let Some(mask) = self.made.get(&key) {
            return mask.clone();
        }
        let mask = pattern.replace("{}", &self.number(kind, value));
        self.own.insert(mask.clone());
        self.made.insert(key, mask.clone());
        if kind != SUBJECT {
            self.shown.insert(value.to_owned(), mask.clone());
        }
        mask
    }

    fn number(&mut self, kind: &'static str, value: &str) -> String {
        if let Some(salt) = &self.salt {
            let digest = sha256(&[salt, value.as_bytes()].concat());
            // As many digits as the last group of a UUID has.
            return hex(&digest[..6]);
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        count.to_string()
    }

    /// An id of a message, an assertion or a session. What form it had is kept.
    pub fn id(&mut self, value: &str) -> String {
        let form = form(value);
        let mask = self.mask("id", "id-{}", value);
        self.forms.entry(mask.clone()).or_insert(form);
        mask
    }

    /// Which form an id had.
    pub fn form(&self, id: &str) -> Option<&str> {
        self.forms.get(id).map(String::as_str)
    }

    /// RelayState of a system: only whether it comes back.
    pub fn relay_state(&mut self, value: &str) -> String {
        self.mask("relay-state", "relay-state-{}", value)
    }

    /// An address without user, query and fragment.
    pub fn address(&mut self, value: &str) -> String {
        let bare = value.split(['?', '#']).next().unwrap_or_default();
        match bare.split_once("://") {
            Some((scheme, rest)) => {
                let (authority, path) = match rest.find('/') {
                    Some(at) => rest.split_at(at),
                    None => (rest, ""),
                };
                let host = authority.rsplit('@').next().unwrap_or_default();
                self.scrub(&format!("{scheme}://{host}{path}"))
            }
            None => self.scrub(bare),
        }
    }

    /// A value that is kept, without what looks like a person or a secret in it.
    pub fn scrub(&mut self, value: &str) -> String {
        if self.own.contains(value) {
            return value.to_owned();
        }
        let short: String = value.chars().take(LONGEST).collect();
        let mut out = String::with_capacity(short.len());
        for word in words(&short) {
            match suspicion(word) {
                Some((kind, pattern)) => out.push_str(&self.mask(kind, pattern, word)),
                None => out.push_str(word),
            }
        }
        out
    }

    /// The same for a line that we made of several values: the last look before something is told.
    pub fn scrub_all(&mut self, line: &str) -> String {
        let parts = line.split_inclusive([' ', ',', '=']);
        let scrubbed = parts.map(|part| self.scrub(part));
        scrubbed.collect()
    }

    /// `C=DK,O=…,CN=…,Serial=…`: the organisation and the spelling are kept, the person is not.
    fn subject(&mut self, value: &str) -> String {
        if self.own.contains(value) {
            return value.to_owned();
        }
        let number = self.mask(SUBJECT, "{}", value);
        let mut parts: Vec<String> = Vec::new();
        for part in value.split(',') {
            let Some((key, old)) = part.split_once('=') else {
                continue; // A comma in a name: what follows it belongs to the name.
            };
            let blank = if old.starts_with(' ') { " " } else { "" };
            let plain = old.trim();
            let new = match key.trim() {
                "C" if plain.len() == 2 && plain.bytes().all(|b| b.is_ascii_alphabetic()) => {
                    plain.to_owned()
                }
                "O" if Cvr::parse(plain).is_some() => plain.to_owned(),
                "CN" => format!("Person {number}"),
                "Serial" => format!("00000000-0000-4000-8000-{number:0>12}"),
                _ => self.other(plain),
            };
            // A name may hold a comma and an equals sign: what is no key of the form is part of somebody's name.
            let key = match key.trim() {
                "C" | "O" | "CN" | "Serial" => key,
                _ => "masked",
            };
            parts.push(format!("{key}={blank}{new}"));
            if new != plain {
                self.shown.insert(plain.to_owned(), new);
            }
        }
        let masked = parts.join(",");
        self.shown.insert(value.to_owned(), masked.clone());
        self.own.insert(masked.clone());
        masked
    }

    /// The codes of products in it (`AADSTS75011`, `MSIS7000`) and what vendors are known to write, which say what is wrong,
    /// and nothing else.
    fn status_message(&mut self, text: &str) -> String {
        let code = |word: &&str| {
            let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
            let digits = word.len() - letters;
            (2..=8).contains(&letters)
                && (3..=7).contains(&digits)
                && word[letters..].bytes().all(|b| b.is_ascii_digit())
        };
        let lower = text.to_lowercase();
        let codes = words(text).filter(code).take(4);
        let known = phrases::all().filter(|phrase| lower.contains(phrase));
        // A code among them is kept as it was written.
        let known = known.filter(|phrase| !phrase.ends_with(|last: char| last.is_ascii_digit()));
        let mut kept: Vec<String> = codes.map(str::to_owned).collect();
        kept.extend(known.map(str::to_owned));
        if kept.len() == 1 && kept[0] == text {
            return text.to_owned();
        }
        let mask = self.other(text);
        match kept.is_empty() {
            true => mask,
            false => format!("{} {mask}", kept.join(" ")),
        }
    }

    fn attribute_value(&mut self, attribute: &str, value: &str) -> String {
        match attribute {
            name::LOA
            | name::ASSURANCE_LEVEL
            | name::SPEC_VERSION_2
            | name::SPEC_VERSION_3
            | name::KOMBIT_SPEC_VER
            | name::KOMBIT_SPEC_VER_URI
                if value.len() <= 64 =>
            {
                self.scrub(value)
            }
            name::CVR_2 | name::CVR_3 if Cvr::parse(value).is_some() => value.to_owned(),
            name::ORG_NAME_2 | name::ORG_NAME_3 => {
                self.mask("organisation", "organisation-{}", value)
            }
            name::EMAIL_2 | name::EMAIL_3 => self.mask("e-mail", "person-{}@masked.invalid", value),
            _ => self.mask("value", "masked-{}", value),
        }
    }

    /// The masked tree of a message.
    pub fn document(&mut self, root: Node<'_>) -> Option<Document> {
        let mut text = String::new();
        self.element(root, &mut text);
        Document::parse_text(&text, &Limits::MESSAGE).ok()
    }

    fn element(&mut self, node: Node<'_>, out: &mut String) {
        let local = self.name(node.local());
        let _ = write!(out, "<{local} xmlns=\"");
        escape(&self.scrub(node.namespace()), out);
        out.push('"');
        for attribute in node.attributes() {
            let value = self.attribute(node, attribute.local, attribute.value);
            let name = self.name(attribute.local);
            match attribute.namespace {
                "" => {
                    let _ = write!(out, " {name}=\"");
                }
                XSI => {
                    let _ = write!(out, " xmlns:xsi=\"{XSI}\" xsi:{name}=\"");
                }
                // `xml:lang` and the like: that it is there is enough.
                _ => continue,
            }
            escape(&value, out);
            out.push('"');
        }
        out.push('>');
        let mut empty = true;
        for child in node.elements() {
            empty = false;
            self.element(child, out);
        }
        if empty && let Some(text) = node.text() {
            let text = self.text(node, text.trim());
            escape(&text, out);
        }
        let _ = write!(out, "</{local}>");
    }

    /// Names in the schemas that we know are no secrets; another one is shortened, and scrubbed.
    fn name(&mut self, local: &str) -> String {
        let plain: String = local.chars().take(64).collect();
        match suspicion(&plain) {
            None => plain,
            Some(_) => "masked".to_owned(),
        }
    }

    fn attribute(&mut self, node: Node<'_>, local: &str, value: &str) -> String {
        match local {
            "ID" | "Id" | "InResponseTo" | "SessionIndex" | "AssertionID" => self.id(value),
            "URI" if value.starts_with('#') => format!("#{}", self.id(&value[1..])),
            "Destination"
            | "AssertionConsumerServiceURL"
            | "Recipient"
            | "Location"
            | "ResponseLocation" => self.address(value),
            "Version"
            | "IssueInstant"
            | "Consent"
            | "ForceAuthn"
            | "IsPassive"
            | "ProtocolBinding"
            | "AssertionConsumerServiceIndex"
            | "AttributeConsumingServiceIndex"
            | "Comparison"
            | "Format"
            | "NameFormat"
            | "Name"
            | "Method"
            | "NotBefore"
            | "NotOnOrAfter"
            | "AuthnInstant"
            | "SessionNotOnOrAfter"
            | "Algorithm"
            | "Value"
            | "ProxyCount"
            | "Count"
            | "Reason"
            | "AllowCreate"
            | "ProviderID"
            | "Type"
            | "type"
            | "nil"
                if !(local == "Name" && node.is(SAMLP, "IDPEntry")) && is_name(local, value) =>
            {
                self.scrub(value)
            }
            _ => self.other(value),
        }
    }

    fn text(&mut self, node: Node<'_>, text: &str) -> String {
        if node.is(SAML, "NameID") {
            return match node.attribute("Format") {
                Some(X509_SUBJECT_NAME) => self.subject(text),
                _ => self.mask("name", "name-{}", text),
            };
        }
        if node.is(SAML, "AttributeValue") {
            let attribute = node.parent().and_then(|parent| parent.attribute("Name"));
            return self.attribute_value(attribute.unwrap_or_default(), text);
        }
        let kept = [
            "Issuer",
            "Audience",
            "AuthnContextClassRef",
            "AuthnContextDeclRef",
            "AuthenticatingAuthority",
        ];
        let kept = kept.iter().any(|local| node.is(SAML, local));
        if (kept || node.is(SAMLP, "RequesterID")) && !text.contains(char::is_whitespace) {
            return self.scrub(text);
        }
        if node.is(SAMLP, "SessionIndex") {
            return self.id(text);
        }
        if node.is(SAMLP, "StatusMessage") {
            return self.status_message(text);
        }
        self.other(text)
    }
}

/// Runs of what an address, an e-mail address, a number or a secret is made of, and what stands between them.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '+' | '%');
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = match inside(first) {
            true => rest.find(|c| !inside(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

/// What a word could be: an e-mail address, a UUID, a CPR number, a token; and how its mask is written.
pub fn suspicion(word: &str) -> Option<(&'static str, &'static str)> {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let encoded_at = word.to_ascii_lowercase().contains("%40");
    if word.contains('@') || encoded_at {
        return Some(("e-mail", "person-{}@masked.invalid"));
    }
    if has_uuid(word) {
        return Some(("uuid", "uuid-{}"));
    }
    if has_cpr(word) {
        return Some(("number", "number-{}"));
    }
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    (word.len() >= 24 && digits >= 5 && letters >= 5 && !word.contains('.'))
        .then_some(("token", "token-{}"))
}

fn has_uuid(word: &str) -> bool {
    let hex =
        |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_hexdigit());
    word.as_bytes().windows(36).any(|window| {
        let Ok(window) = std::str::from_utf8(window) else {
            return false;
        };
        let parts: Vec<&str> = window.split('-').collect();
        matches!(parts[..], [a, b, c, d, e] if hex(a, 8) && hex(b, 4) && hex(c, 4) && hex(d, 4) && hex(e, 12))
    })
}

/// Ten digits, with or without the dash, and no digit beside them.
fn has_cpr(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).any(|start| {
        if start > 0 && digit(start - 1) || !(start..start + 6).all(digit) {
            return false;
        }
        let dash = usize::from(bytes.get(start + 6) == Some(&b'-'));
        let end = start + 10 + dash;
        (start + 6 + dash..end).all(digit) && !digit(end)
    })
}

/// Whether a value is a name of a schema's or of the trade's, as it should be: no sentence, and where a URI belongs, one.
fn is_name(local: &str, value: &str) -> bool {
    const URIS: [&str; 7] = [
        "Consent",
        "Format",
        "NameFormat",
        "Method",
        "Algorithm",
        "Value",
        "ProtocolBinding",
    ];
    let uri = value.contains(':') || value.is_empty();
    !value.trim().contains(char::is_whitespace) && (uri || !URIS.contains(&local))
}

/// What an id looks like: its prefix, and what the rest is made of.
pub fn form(id: &str) -> String {
    let hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    let (prefix, rest) = match id {
        _ if id.starts_with("id") => ("id + ", &id[2..]),
        _ if id.starts_with('_') => ("_ + ", &id[1..]),
        _ => ("", id),
    };
    let what = if rest.len() == 36 && has_uuid(rest) {
        "UUID".to_owned()
    } else if rest.len() >= 8 && hex(rest) && rest.bytes().any(|b| b.is_ascii_alphabetic()) {
        format!("{} hex digits", rest.len())
    } else if rest.bytes().all(|b| b.is_ascii_digit()) && !rest.is_empty() {
        "a number".to_owned()
    } else if rest.len() == 24 && rest.ends_with("==") {
        "16 bytes in base64".to_owned()
    } else {
        format!("{} characters", rest.chars().count())
    };
    format!("{prefix}{what}")
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_mask_and_a_mask_is_its_own() {
        let mut masker = Masker::default();
        let first = masker.id("id0f1e2d3c4b5a69788796a5b4c3d2e1f0");
        assert_eq!(first, masker.id("id0f1e2d3c4b5a69788796a5b4c3d2e1f0"));
        assert_eq!(first, masker.id(&first));
        assert_ne!(first, masker.id("_8c2b"));
        assert_eq!(masker.form(&first), Some("id + 32 hex digits"));
        let name = "C = DK, O = 11111111, CN = Anna Berg, ph.d., Serial = 3b2f0c1e-1111-4222-8333-444455556666";
        let masked = masker.subject(name);
        assert_eq!(
            masked,
            "C = DK, O = 11111111, CN = Person 1, Serial = 00000000-0000-4000-8000-000000000001"
        );
        assert_eq!(masker.subject(&masked), masked);
    }

    #[test]
    fn people_and_secrets_are_found_in_what_is_kept() {
        let mut masker = Masker::default();
        let text = masker.address(
            "https://anna:geheim@idp.example/u/anna@kommune.example/0101701234/3b2f0c1e-1111-4222-8333-444455556666/010170-1234?token=x#y",
        );
        assert_eq!(
            text,
            "https://idp.example/u/person-1@masked.invalid/number-1/uuid-1/number-2"
        );
        for kept in [
            "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
            "https://data.gov.dk/concept/core/nsis/loa/Substantial",
            "ServiceProvider:CVR:30808460:APP:CHTestApp",
            "2023-09-13T07:10:02.5891436Z",
            "https://oces3saml2wif3kombitnsis.safewhere.local/login.ashx",
        ] {
            assert_eq!(masker.scrub(kept), kept);
        }
    }

    #[test]
    fn a_hash_is_the_same_for_the_same_value_and_salt_only() {
        let of = |salt: u8, value: &str| Masker::hashing([salt; 32]).id(value);
        assert_eq!(of(1, "_a"), of(1, "_a"));
        assert_ne!(of(1, "_a"), of(2, "_a"));
        assert_ne!(of(1, "_a"), of(1, "_b"));
        let mut masker = Masker::hashing([1; 32]);
        let masked = masker.subject("C=DK,O=11111111,CN=Anna Berg,Serial=x");
        assert!(masked.starts_with("C=DK,O=11111111,CN=Person ") && !masked.contains("Anna"));
        assert!(masker.shown().any(|(value, _)| value == "Anna Berg"));
        assert!(masker.other("Anna").starts_with("masked-"));
    }

    #[test]
    fn of_a_status_message_only_the_codes_are_kept() {
        let mut masker = Masker::default();
        let text = "AADSTS75011: Anna (010170-1234) failed, MSIS7000";
        assert_eq!(masker.status_message(text), "AADSTS75011 MSIS7000 masked");
        assert_eq!(masker.status_message("MSIS7000"), "MSIS7000");
        assert_eq!(masker.status_message("Anna Berg"), "masked");
        let text = "Anna har ikke registreret en 2-Faktor enhed";
        let masked = masker.status_message(text);
        assert_eq!(masked, "2-faktor masked");
        // What is masked already stays what it is.
        assert_eq!(masker.status_message(&masked), masked);
    }

    #[test]
    fn what_is_not_on_the_list_is_masked() {
        let xml = r#"<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" New="secret"><Status><StatusCode Value="x"/><StatusMessage>Anna Berg</StatusMessage></Status><Other><Deep>Anna</Deep></Other></Response>"#;
        let document = Document::parse(xml.as_bytes()).unwrap();
        let masked = Masker::default().document(document.root()).unwrap();
        assert!(!masked.source().contains("Anna") && !masked.source().contains("secret"));
        assert!(masked.source().contains("<Deep"));
    }
}
