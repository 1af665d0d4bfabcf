//! What our own checks and decisions say of a message, without what they quote of people. A word is kept if it is on the
//! list: it stands in the registry, in what is left of the masked messages, in our own tables; or it is an ordinary lower-case
//! word, a short number or a time. All others are masked, and so is what was masked in a message, wherever it stands again.

use crate::hub::trace::RULES;
use crate::hub::{Check, Federation};
use crate::oiosaml::mask::{Masker, suspicion, words};
use crate::oiosaml::request_profile::MULTIPLEAUTHN;
use crate::oiosaml::{Level, Nist, Nsis, RequestProfile, attributes};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::{BTreeMap, BTreeSet};

/// Terms of SAML and of the trade that rows and decisions use and that need not stand in a message.
const TERMS: &str = "SAML Response AuthnRequest LogoutRequest LogoutResponse Assertion EncryptedAssertion Signature \
    SignatureMethod DigestMethod Reference Transform KeyInfo Issuer NameID Subject SubjectConfirmation \
    SubjectConfirmationData Conditions AudienceRestriction Audience AuthnStatement AuthnContext AuthnContextClassRef \
    RequestedAuthnContext Comparison Scoping IDPList RequesterID ProxyCount RelayState SAMLRequest SAMLResponse SigAlg \
    Destination Recipient InResponseTo NotBefore NotOnOrAfter SessionNotOnOrAfter AuthnInstant IssueInstant ForceAuthn \
    IsPassive AssertionConsumerService AssertionConsumerServiceURL ProtocolBinding StatusCode Version Success Redirect POST \
    RSA RSA-OAEP RSA-1_5 OAEP AES AES-GCM AES-CBC GCM CBC SHA SHA-1 SHA-256 SHA-384 SHA-512 MGF1 ECDSA PSS DTD XML ID CVR \
    UTC NSIS NIST LoA AssuranceLevel OIOSAML OIOSAML2 OIOSAML3 BPP PrivilegeList PrivilegeGroup Privilege Constraint Scope \
    X509SubjectName C O CN Serial Context Handler HTTP-Redirect HTTP-POST Lav Betydelig Høj";

/// What may stand in a text, and what stands for the rest.
pub struct Words<'m> {
    masker: &'m mut Masker,
    kept: BTreeSet<String>,
    /// Longest first.
    whole: Vec<(String, String)>,
    tainted: BTreeSet<String>,
}

impl<'m> Words<'m> {
    /// After all messages were masked: `left` is what is left of them.
    pub fn new(federation: &Federation, left: &[String], masker: &'m mut Masker) -> Self {
        let registered = known(federation);
        let mut kept = registered.clone();
        for text in left {
            keep(&mut kept, text);
        }
        let shown: BTreeMap<String, String> = masker
            .shown()
            .map(|(value, mask)| (value.to_owned(), mask.to_owned()))
            .collect();
        let mut tainted = BTreeSet::new();
        for (value, mask) in &shown {
            keep(&mut kept, mask);
            taint(&mut tainted, value);
            // Lists of privileges are base64 in the attribute, and rows quote what is in them.
            if let Some(inner) = decoded(value) {
                taint(&mut tainted, &inner);
            }
        }
        let mut whole: Vec<(String, String)> = shown
            .into_iter()
            .filter(|(value, _)| value.len() >= 6 && !all_of(&registered, value))
            .collect();
        whole.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        Self {
            masker,
            kept,
            whole,
            tainted,
        }
    }

    /// A text of ours that may quote a message.
    pub fn ours(&mut self, text: &str) -> String {
        self.text(text, true)
    }

    /// A text of somebody else's: ordinary words may be names there.
    pub fn theirs(&mut self, text: &str) -> String {
        self.text(text, false)
    }

    /// A text that is kept but for what was masked elsewhere, or looks like a person or a secret.
    pub fn scrubbed(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for word in words(text) {
            match self.tainted.contains(word) || suspicion(word).is_some() {
                true => out.push_str(&self.masker.other(word)),
                false => out.push_str(word),
            }
        }
        out
    }

    /// A value of somebody else's as a whole.
    pub fn value(&mut self, value: &str) -> String {
        match words(value)
            .all(|word| self.is_kept(word) || !word.chars().any(char::is_alphanumeric))
        {
            true => value.to_owned(),
            false => self.masker.other(value),
        }
    }

    fn text(&mut self, text: &str, ours: bool) -> String {
        let mut text = text.to_owned();
        for (value, mask) in &self.whole {
            if text.contains(value.as_str()) {
                text = text.replace(value.as_str(), mask);
            }
        }
        let mut out = String::with_capacity(text.len());
        for word in words(&text) {
            let bare = word.trim_matches(['.', '-', '_']);
            if !word.chars().any(char::is_alphanumeric) || self.is_kept(word) || self.is_kept(bare)
            {
                out.push_str(word);
            } else if let Some((kind, pattern)) = suspicion(word) {
                out.push_str(&self.masker.mask(kind, pattern, word));
            } else if !self.tainted.contains(bare) && is_plain(bare, ours) {
                out.push_str(word);
            } else {
                out.push_str(&self.masker.other(word));
            }
        }
        out
    }

    fn is_kept(&self, word: &str) -> bool {
        self.kept.contains(word)
    }
}

/// Whether every word of a text is among these.
fn all_of(kept: &BTreeSet<String>, text: &str) -> bool {
    words(text).all(|word| kept.contains(word) || !word.chars().any(char::is_alphanumeric))
}

/// A number that is no CPR number nor a part of one that says anything, a date or time, a word of one or two letters; of a
/// text of ours, any lower-case word.
fn is_plain(word: &str, ours: bool) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let short = word.chars().count() <= 2;
    let number = word.len() <= 5 && digits(word);
    let date = word.split('T').next().unwrap_or_default();
    let date = date.len() == 10
        && word.len() <= 13
        && date.split('-').map(str::len).eq([4, 2, 2])
        && date.split('-').all(digits);
    let second = word.strip_suffix('Z').unwrap_or(word);
    let second = second.split_once('.').is_some_and(|(whole, part)| {
        whole.len() <= 2 && digits(whole) && part.len() <= 9 && digits(part)
    }) || second.len() <= 2 && digits(second);
    let lower = ours && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    short || number || date || second || lower
}

fn known(federation: &Federation) -> BTreeSet<String> {
    let mut kept = BTreeSet::new();
    keep(&mut kept, TERMS);
    for check in Check::ALL {
        let info = check.info();
        for text in [info.id, info.clause, info.what.1, info.remedy.1] {
            keep(&mut kept, text);
        }
    }
    for rule in RULES {
        keep(&mut kept, rule);
    }
    for profile in RequestProfile::ALL {
        keep(&mut kept, profile.as_str());
    }
    let nsis = Nsis::ALL.into_iter().map(Level::Nsis);
    let nist = [Nist::One, Nist::Two, Nist::Three, Nist::Four];
    for level in nsis.chain(nist.into_iter().map(Level::Nist)) {
        for text in [level.class_ref(), level.danish(), level.english()] {
            keep(&mut kept, &text);
        }
    }
    // What AD FS says of a second factor, in its answer too.
    keep(&mut kept, MULTIPLEAUTHN);
    for name in attributes::PASSED_ON.iter().chain(&attributes::PRIVILEGES) {
        keep(&mut kept, name);
    }
    for idp in &federation.identity_providers {
        for text in [&idp.id, &idp.name, &idp.presentation_name, &idp.sso_url] {
            keep(&mut kept, text);
        }
        kept.extend(idp.user_contexts.iter().map(ToString::to_string));
        let keys = idp.signing_keys.iter().chain(&idp.former_keys);
        kept.extend(keys.map(|key| key.key_id().to_string()));
    }
    for system in federation.systems.iter().chain(&federation.test_systems) {
        for text in [&system.id, &system.name, &system.presentation_name] {
            keep(&mut kept, text);
        }
        for acs in &system.assertion_consumers {
            keep(&mut kept, &acs.endpoint.location);
        }
        // Roles and constraints that are registered are no secret of anybody's.
        keep(&mut kept, &format!("{:?}", system.role_mappings));
        kept.insert(system.cvr.to_string());
        let keys = system.signing_keys.iter().chain(&system.former_keys);
        kept.extend(keys.map(|key| key.key_id().to_string()));
    }
    for (cvr, organisation) in &federation.organisations {
        keep(&mut kept, &organisation.name);
        kept.insert(cvr.to_string());
    }
    kept
}

fn keep(kept: &mut BTreeSet<String>, text: &str) {
    let words = words(text).filter(|word| word.chars().any(char::is_alphanumeric));
    for word in words {
        kept.insert(word.to_owned());
        kept.insert(word.trim_matches(['.', '-', '_']).to_owned());
    }
}

fn taint(tainted: &mut BTreeSet<String>, value: &str) {
    let words = words(value).map(|word| word.trim_matches(['.', '-', '_']));
    tainted.extend(words.filter(|word| word.len() >= 3).map(str::to_owned));
}

fn decoded(value: &str) -> Option<String> {
    let compact: String = value.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    (compact.len() >= 16).then_some(())?;
    String::from_utf8(STANDARD.decode(compact).ok()?).ok()
}
