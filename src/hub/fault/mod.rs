//! Faults: answers that a system must refuse, and unusual ones that it must take. They exist on the outgoing path only, are
//! asked for by name, and need a [`Kit`], which only a hub that nobody trusts in earnest has: its entityID and keys are
//! its own.
//!
//! ```text
//! assertion ──▶ before (data) ──▶ written ──▶ signed ──▶ after (text) ──▶ encrypted ──▶ envelope ──▶ system
//! ```
//!
//! Every answer of such a hub carries the same watermark, good or bad, so that a system cannot pass by refusing it.

mod after;
mod before;
mod envelope;
mod seal;
mod text;

use super::{Check, Refusal, UserFacingSystem};
use crate::dsig::{Entropy, SigningKey};
use crate::oiosaml::{Cvr, Level, PrivilegeList, Scale};
use crate::saml::names::status;
use crate::saml::{Assertion, Response};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::OffsetDateTime;

macro_rules! faults {
    ($($variant:ident $name:literal $what:literal;)*) => {
        /// A fault, in the order of the list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault { $(#[doc = $what] $variant,)* }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Fault] = &[$(Fault::$variant,)*];

            /// The name by which it is asked for.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
            /// What is done.
            pub fn what(self) -> &'static str {
                match self { $(Self::$variant => $what,)* }
            }
        }
    };
}

faults! {
    // Legal, and unusual.
    LevelAbove "level-above" "a higher level than required";
    EncryptionSha256 "encryption-sha256" "encrypted with RSA-OAEP, SHA-256 and AES-256-GCM";
    EncryptionMgf1p "encryption-mgf1p" "encrypted with rsa-oaep-mgf1p and AES-128-GCM";
    ResponseSignedToo "response-signed-too" "the Response is signed as well";
    NoKeyInfo "no-key-info" "no KeyInfo in the signature";
    OtherPrefixes "other-prefixes" "other namespace prefixes in the assertion";
    Indented "indented" "line breaks between the assertion's elements";
    OtherOrder "other-order" "attributes in reverse order, and an unknown one";
    DanishLetters "danish-letters" "a name with Danish letters and XML characters";
    BlanksInNameId "blanks-in-name-id" "NameID with blanks, as in the sample of 2023";
    FractionsOfSeconds "fractions-of-seconds" "times with seven decimals";
    AudienceAmongOthers "audience-among-others" "the system is the second of two Audiences";
    SecondConfirmation "second-confirmation" "the second of two SubjectConfirmations fits";
    SeveralRoles "several-roles" "sixty roles";
    NoRoles "no-roles" "no attribute with roles";
    FewAttributes "few-attributes" "no e-mail and no name of the organisation";
    ClockAhead "clock-ahead" "a clock that is 60 seconds ahead";
    SessionEndStated "session-end-stated" "SessionNotOnOrAfter in eight hours";
    // The level.
    LevelBelow "level-below" "the level below the required one";
    LevelMissing "level-missing" "no level at all";
    LevelContradictory "level-contradictory" "the required level, and the one below";
    LevelOnlyInClass "level-only-in-class" "the level below in the attribute, the required one as class ref";
    LevelUnknown "level-unknown" "a level that does not exist";
    LevelOfOtherScale "level-of-other-scale" "a value of the other scale";
    LevelUnsigned "level-unsigned" "the level below, and the required one where nothing is signed";
    StaleSession "stale-session" "AuthnInstant an hour ago";
    // Signatures and wrapping.
    Unsigned "unsigned" "no signature";
    UnsignedPlain "unsigned-plain" "no signature and no encryption";
    ChangedAfterSigning "changed-after-signing" "NameID changed after signing";
    ChangedWithDigest "changed-with-digest" "NameID changed after signing, DigestValue made to fit";
    EmptySignature "empty-signature" "an empty SignatureValue";
    OtherKey "other-key" "signed by a stranger, without KeyInfo";
    OtherKeyShown "other-key-shown" "signed by a stranger, whose certificate is in KeyInfo";
    OtherKeyPosing "other-key-posing" "signed by a stranger, the hub's certificate in KeyInfo";
    OtherKeyOfSameCa "other-key-of-same-ca" "signed by another party of the hub's CA";
    Sha1Signature "sha1-signature" "signed by the hub with SHA-1";
    HmacSignature "hmac-signature" "an HMAC whose secret is the hub's public key";
    OnlyResponseSigned "only-response-signed" "a signed Response around an unsigned assertion";
    BadResponseSignature "bad-response-signature" "a stranger's signature on the Response";
    ForgedBefore "forged-before" "a forged assertion before the signed one";
    ForgedAfter "forged-after" "a forged assertion after the signed one";
    OriginalInside "original-inside" "a forged assertion with the signed one inside";
    OriginalInObject "original-in-object" "a forged assertion with the signature, the signed one in its Object";
    ForgedInExtensions "forged-in-extensions" "a forged assertion in Extensions";
    OriginalInStatusDetail "original-in-status-detail" "a forged assertion with the signature, the signed one in StatusDetail";
    SameIdTwice "same-id-twice" "a forged assertion with the ID of the signed one";
    PlainBesideEncrypted "plain-beside-encrypted" "a forged plain assertion before the encrypted one";
    PlainInsteadOfEncrypted "plain-instead-of-encrypted" "signed, and not encrypted";
    Doctype "doctype" "a DOCTYPE with an entity";
    // Conditions and time.
    Expired "expired" "Conditions expired ten minutes ago";
    ConfirmationExpired "confirmation-expired" "SubjectConfirmationData expired ten minutes ago";
    NotYetValid "not-yet-valid" "NotBefore in ten minutes";
    AudienceOther "audience-other" "the Audience is another system";
    AudienceMissing "audience-missing" "no AudienceRestriction";
    AudienceTwice "audience-twice" "two AudienceRestrictions, the second for another system";
    RecipientOther "recipient-other" "Recipient is another address";
    RecipientMissing "recipient-missing" "no Recipient";
    RecipientLookalike "recipient-lookalike" "Recipient has something behind the address";
    DestinationOther "destination-other" "a signed Response with another Destination";
    InResponseToUnknown "in-response-to-unknown" "InResponseTo is unknown, in both places";
    Unsolicited "unsolicited" "no InResponseTo, in both places";
    ConfirmationInResponseTo "confirmation-in-response-to" "another InResponseTo in SubjectConfirmationData";
    IssuerOther "issuer-other" "another Issuer of the assertion";
    ResponseIssuerOther "response-issuer-other" "another Issuer of the Response";
    HolderOfKey "holder-of-key" "SubjectConfirmation holder-of-key";
    NoConfirmation "no-confirmation" "no SubjectConfirmation";
    StatusRefusedWithAssertion "status-refused-with-assertion" "status Responder, with a good assertion";
    OtherVersion "other-version" "Version 2.1";
    UnknownCondition "unknown-condition" "a condition of an unknown kind";
    NoAuthnStatement "no-authn-statement" "no AuthnStatement";
    SessionEnded "session-ended" "SessionNotOnOrAfter ten minutes ago";
    NoNameId "no-name-id" "no NameID";
    NoConditions "no-conditions" "no Conditions";
    // Refusals.
    RefusedLevel "refused-level" "Responder/NoAuthnContext";
    RefusedCancelled "refused-cancelled" "Responder/AuthnFailed";
}

/// What a hub needs for faults: somebody else's keys, and the watermark. Having one is the permission.
#[derive(Debug, Clone)]
pub struct Kit {
    /// Another party's key, whose certificate is of the same CA as the hub's.
    pub neighbour: SigningKey,
    /// The key of somebody of another CA.
    pub stranger: SigningKey,
    /// What every assertion is marked with.
    pub watermark: String,
    /// The roles that everybody has in the system under test, where somebody named them.
    pub roles: Vec<String>,
}

/// Addresses and names of nobody lie below this (RFC 2606 §2).
pub const NOBODY: &str = "https://angreb.invalid/";

impl Kit {
    /// What everybody may do in the system, in the place of `granted` where somebody named roles.
    pub(super) fn roles(
        &self,
        system: &UserFacingSystem,
        organisation: Option<&Cvr>,
        granted: PrivilegeList,
    ) -> PrivilegeList {
        match organisation {
            Some(organisation) if !self.roles.is_empty() => {
                let roles = self.roles.iter().map(|role| (role.clone(), Vec::new()));
                before::list(roles, system, organisation)
            }
            _ => granted,
        }
    }
}

/// An answer before it is sealed.
struct Draft<'a> {
    response: Response,
    assertion: Assertion,
    system: &'a UserFacingSystem,
    now: OffsetDateTime,
}

/// What is made of it: the message, and what was encrypted in it in clear.
pub(super) struct Faulty {
    pub(super) xml: String,
    pub(super) clear: Option<String>,
}

/// Who answers, and with what.
pub(super) struct Means<'a> {
    pub(super) signing: &'a SigningKey,
    pub(super) kit: &'a Kit,
    pub(super) entropy: &'a mut dyn Entropy,
}

/// The answer with the fault in it.
pub(super) fn answer(
    fault: Fault,
    (response, assertion): (Response, Assertion),
    system: &UserFacingSystem,
    now: OffsetDateTime,
    means: Means<'_>,
) -> Faulty {
    let mut draft = Draft {
        response,
        assertion,
        system,
        now,
    };
    before::change(fault, &mut draft, &means.kit.roles);
    let signed = after::Signed::of(fault, &draft, &means);
    let carried = after::carried(fault, &draft, &signed);
    envelope::around(fault, &draft, carried, means)
}

/// The message as it goes out, for the tests of whoever receives it.
#[cfg(test)]
pub(crate) fn sent(
    fault: Fault,
    answer: (Response, Assertion),
    system: &UserFacingSystem,
    now: OffsetDateTime,
    (signing, kit): (&SigningKey, &Kit),
    entropy: &mut dyn Entropy,
) -> String {
    let means = Means {
        signing,
        kit,
        entropy,
    };
    self::answer(fault, answer, system, now, means).xml
}

impl Fault {
    /// The fault with this name.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|fault| fault.name() == name)
    }

    /// Whether a forged assertion goes along with one that is signed.
    fn forges(self) -> bool {
        matches!(
            self,
            Self::ForgedBefore
                | Self::ForgedAfter
                | Self::OriginalInside
                | Self::OriginalInObject
                | Self::ForgedInExtensions
                | Self::OriginalInStatusDetail
                | Self::SameIdTwice
                | Self::PlainBesideEncrypted
        )
    }

    /// The refusal that is sent in the place of an answer.
    pub(super) fn refusal(self) -> Option<Refusal> {
        match self {
            Self::RefusedLevel => Some(Refusal::of(Check::LevelReached)),
            // As where the user cancels at the identity provider.
            Self::RefusedCancelled => Some(
                Refusal::of(Check::ResponseStatus)
                    .with_status(status::RESPONDER, Some(status::AUTHN_FAILED)),
            ),
            _ => None,
        }
    }
}

/// The level below; none below the lowest.
pub fn below(level: Level) -> Option<Level> {
    step(level, -1)
}

/// The level above; none above the highest.
pub fn above(level: Level) -> Option<Level> {
    step(level, 1)
}

fn step(level: Level, by: isize) -> Option<Level> {
    let same = |other: &Level| other.scale() == level.scale();
    let scale: Vec<Level> = Level::ALL.into_iter().filter(same).collect();
    let at = scale.iter().position(|other| *other == level)?;
    scale.get(at.checked_add_signed(by)?).copied()
}

/// A level as it is stated on the system's scale: attribute and value.
fn stated(level: Level) -> (&'static str, String) {
    use crate::oiosaml::attributes::{ASSURANCE_LEVEL, LOA};
    match level.scale() {
        Scale::Nsis => (LOA, level.to_string()),
        Scale::Nist => (ASSURANCE_LEVEL, level.to_string()),
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(from)?;
        Self::named(&name).ok_or_else(|| de::Error::custom(format!("no fault is called {name}")))
    }
}
