//! What an IdP makes of a request's class refs and of a person, by vendor: a table of small functions, one file a
//! base. What else a vendor does is a trait ([`crate::config::Trait`]), and anybody can have it.

use super::behaviour::Stop;
use super::{by_the_book, microsoft, os2faktor};
use crate::config::{Person, Persona, PersonaKind, Trait};
use crate::dsig::{BlockCipher, Digest, KeyTransport};
use crate::oiosaml::attributes::{EMAIL_2, EMAIL_3, UUID_PERSISTENT};
use crate::oiosaml::privileges::BppVersion;
use crate::oiosaml::request_profile::MULTIPLEAUTHN;
use crate::oiosaml::{Level, Nist, Nsis, OiosamlVersion, RequestProfile};
use crate::saml::{AuthnRequest, Status};
use time::{Duration, OffsetDateTime};

/// A vendor's habits.
#[derive(Debug, Clone, Copy)]
pub struct Habits {
    /// What the class refs of a request mean to it.
    pub reads: fn(&Asked<'_>) -> Reading,
    /// Its words where it knows none of them.
    pub unknown: &'static str,
    /// What a person who logs in to meet the need reaches.
    pub reaches: fn(&Asked<'_>, &Need, &Person) -> Result<Reached, Stop>,
    /// How it encrypts for the hub.
    pub encryption: fn(OiosamlVersion) -> (BlockCipher, KeyTransport),
    /// Lifetime of Conditions.
    pub conditions: Duration,
    /// In which namespace its lists of roles are, by the version of its claim rules. The hub takes both.
    pub bpp: fn(OiosamlVersion) -> BppVersion,
    /// What it states of the person that the profile does not need: out of the names of both versions.
    pub personal: &'static [&'static str],
    /// The order of its attributes, as far as it was seen; what is not in it comes last.
    pub order: &'static [&'static str],
}

/// A request, and what the IdP knows about itself.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The IdP.
    pub persona: &'a Persona,
    /// The hub's AuthnRequest, its signature verified.
    pub request: &'a AuthnRequest,
    /// The profile that the IdP is registered with: its administrators set up claim rules for it.
    pub profile: RequestProfile,
    /// Now, by a good clock.
    pub now: OffsetDateTime,
}

/// What class refs mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A login must have this.
    Need(Need),
    /// It knows none of them.
    Unknown,
    /// It cannot do what they ask.
    Refused(Status),
}

/// What a login must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Need {
    /// A second factor.
    pub second_factor: bool,
    /// An NSIS level.
    pub nsis: Option<Nsis>,
}

/// What a login reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Name and value of the level attribute.
    pub level: Option<(&'static str, String)>,
    /// Whether a second factor was used.
    pub second_factor: bool,
}

impl Habits {
    /// The habits of a kind.
    pub fn of(kind: PersonaKind) -> &'static Self {
        match kind {
            PersonaKind::Adfs | PersonaKind::AdfsOld | PersonaKind::Entra => &microsoft::HABITS,
            PersonaKind::Os2faktor => &os2faktor::HABITS,
            PersonaKind::Oiosaml3 => &by_the_book::HABITS,
            PersonaKind::Safewhere => &by_the_book::SAFEWHERE,
            PersonaKind::Foxids => &by_the_book::FOXIDS,
        }
    }
}

impl Asked<'_> {
    /// Whether the IdP has this trait.
    pub fn has(&self, one: Trait) -> bool {
        self.persona.has(one)
    }
    /// The requested class refs, in order.
    pub fn class_refs(&self) -> &[String] {
        self.request
            .requested_authn_context
            .as_ref()
            .map_or(&[], |context| &context.class_refs)
    }
    /// The levels among them that the IdP knows.
    pub fn levels(&self) -> impl Iterator<Item = Level> {
        let only_three = self.has(Trait::AssuranceLevel3Only);
        let all = self.class_refs().iter();
        all.filter_map(|uri| Level::from_class_ref(uri))
            .filter(move |level| match level {
                Level::Nist(nist) => !only_three || *nist == Nist::Three,
                Level::Nsis(_) => true,
            })
    }
    /// Whether multipleauthn is among them, and means something.
    pub fn multipleauthn(&self) -> bool {
        self.has(Trait::MultipleauthnSecondFactor)
            && self.class_refs().iter().any(|uri| uri == MULTIPLEAUTHN)
    }
    /// The OIOSAML version of the IdP's claim rules.
    pub fn version(&self) -> OiosamlVersion {
        version_of(self.profile)
    }
}

/// The OIOSAML version that an IdP registered so speaks.
pub(crate) fn version_of(profile: RequestProfile) -> OiosamlVersion {
    if profile.is_oiosaml2() {
        OiosamlVersion::V2
    } else {
        OiosamlVersion::V3
    }
}

/// AES-256-GCM and `xmlenc11#rsa-oaep` with SHA-256: the OIOSAML3 suite.
pub(crate) const GCM: (BlockCipher, KeyTransport) = (
    BlockCipher::Aes256Gcm,
    KeyTransport {
        xmlenc11: true,
        digest: Digest::Sha256,
        mgf: Digest::Sha256,
    },
);
/// AES-256-CBC and `rsa-oaep-mgf1p`: what OIOSAML2 parties still send.
pub(crate) const CBC: (BlockCipher, KeyTransport) = (
    BlockCipher::Aes256Cbc,
    KeyTransport {
        xmlenc11: false,
        digest: Digest::Sha1,
        mgf: Digest::Sha1,
    },
);

/// What claim rules state of a person, where nothing else is known of them.
pub(crate) const PERSONAL: &[&str] = &[EMAIL_2, EMAIL_3, UUID_PERSISTENT];

/// The namespace of BPP 1.0.1 and 1.1, whatever else is spoken: what municipal IdPs send (KOMBIT's sample message,
/// OS2faktor-Login, OS2rollekatalog).
pub(crate) fn first_bpp(_: OiosamlVersion) -> BppVersion {
    BppVersion::V1_1
}

/// By OIOSAML version: CBC for 2, GCM for 3.
pub(crate) fn encryption_by_version(version: OiosamlVersion) -> (BlockCipher, KeyTransport) {
    match version {
        OiosamlVersion::V2 => CBC,
        OiosamlVersion::V3 => GCM,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::persona::behaviour::{Behaviour, Stated, behaviour};
    use crate::saml::{Comparison, RequestedAuthnContext, Scoping};
    use time::macros::datetime;

    /// A moment.
    pub const NOW: OffsetDateTime = datetime!(2026-01-05 08:00 UTC);

    /// A request of the hub with these class refs.
    pub fn request(class_refs: &[&str]) -> AuthnRequest {
        AuthnRequest {
            issuer: Some("https://hub.example/runtime".into()),
            force_authn: Some(false),
            requested_authn_context: (!class_refs.is_empty()).then(|| RequestedAuthnContext {
                comparison: Some(Comparison::Minimum),
                class_refs: class_refs.iter().map(|uri| (*uri).to_owned()).collect(),
                decl_refs: Vec::new(),
            }),
            ..AuthnRequest::new("_q1", NOW)
        }
    }

    /// The same with a RequesterID.
    pub fn scoped(mut request: AuthnRequest) -> AuthnRequest {
        request.scoping = Some(Scoping {
            requester_ids: vec!["https://system.example".into()],
            ..Scoping::default()
        });
        request
    }

    /// An invented person.
    pub fn person(second_factor: bool, nsis: Option<Nsis>) -> Person {
        Person {
            id: "p".into(),
            name: "Prøve Person".into(),
            uuid: "00000000-0000-4000-8000-000000000001".into(),
            email: "p@kommune.example".into(),
            second_factor,
            nsis,
            roles: Vec::new(),
        }
    }

    /// A persona of this kind, with these lines of its entry.
    pub fn persona(kind: PersonaKind, more: &str) -> Persona {
        let text = format!(
            "kind = \"{}\"\nkey = \"testrup\"\npeople = []\n{more}",
            kind.id()
        );
        toml::from_str(&text).expect("a persona")
    }

    /// What a kind says about a person for these class refs.
    pub fn stated(
        kind: PersonaKind,
        profile: RequestProfile,
        class_refs: &[&str],
        who: &Person,
    ) -> Result<Stated, Stop> {
        says(&persona(kind, ""), profile, &request(class_refs), who)
    }

    /// What a persona says about a person who answers a request.
    pub fn says(
        persona: &Persona,
        profile: RequestProfile,
        request: &AuthnRequest,
        who: &Person,
    ) -> Result<Stated, Stop> {
        match behaviour(persona, profile, request, who, NOW) {
            Behaviour::Answers(stated) => Ok(stated),
            Behaviour::Refuses(status) => Err(Stop::Answer(status)),
            Behaviour::Stuck(status) => Err(Stop::Stuck(status)),
        }
    }
}
