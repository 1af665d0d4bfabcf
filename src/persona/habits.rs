//! What an IdP does with a request and a person, by vendor: a table of small functions, one file a vendor.

use super::behaviour::{Stated, Stop};
use super::{adfs, oiosaml3, os2faktor};
use crate::config::{Person, PersonaKind};
use crate::dsig::{BlockCipher, Digest, KeyTransport};
use crate::oiosaml::{Nsis, OiosamlVersion, RequestProfile};
use crate::saml::{AuthnRequest, Status};
use time::{Duration, OffsetDateTime};

/// A vendor's habits.
#[derive(Debug, Clone, Copy)]
pub struct Habits {
    /// The product's name on its pages.
    pub product: &'static str,
    /// What it demands of the user for this request, or the status it answers without asking anybody.
    pub admit: fn(&Asked<'_>) -> Result<Need, Status>,
    /// What it states about a person who logs in to meet the need.
    pub state: fn(&Asked<'_>, &Need, &Person) -> Result<Stated, Stop>,
    /// How it encrypts for the hub.
    pub encryption: fn(OiosamlVersion) -> (BlockCipher, KeyTransport),
    /// Lifetime of Conditions.
    pub conditions: Duration,
}

/// A request, and what the IdP knows about itself.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The hub's AuthnRequest, its signature verified.
    pub request: &'a AuthnRequest,
    /// The profile that the IdP is registered with: its administrators set up claim rules for it.
    pub profile: RequestProfile,
    /// Now.
    pub now: OffsetDateTime,
}

/// What a login must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Need {
    /// A second factor.
    pub second_factor: bool,
    /// An NSIS level.
    pub nsis: Option<Nsis>,
}

impl Habits {
    /// The habits of a kind.
    pub fn of(kind: PersonaKind) -> &'static Self {
        match kind {
            PersonaKind::Adfs => &adfs::HABITS,
            PersonaKind::Os2faktor => &os2faktor::HABITS,
            PersonaKind::Oiosaml3 => &oiosaml3::HABITS,
        }
    }
}

impl Asked<'_> {
    /// The requested class refs, in order.
    pub fn class_refs(&self) -> &[String] {
        self.request
            .requested_authn_context
            .as_ref()
            .map_or(&[], |context| &context.class_refs)
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
    use crate::saml::{Comparison, RequestedAuthnContext, Scoping};
    use time::macros::datetime;

    /// A moment.
    pub const NOW: OffsetDateTime = datetime!(2026-01-05 08:00 UTC);

    /// A request of the hub with these class refs.
    pub fn request(class_refs: &[&str]) -> AuthnRequest {
        AuthnRequest {
            id: "_q1".into(),
            version: "2.0".into(),
            issue_instant: NOW,
            destination: None,
            issuer: Some("https://hub.example/runtime".into()),
            force_authn: Some(false),
            is_passive: None,
            protocol_binding: None,
            acs_url: None,
            acs_index: None,
            attribute_consuming_service_index: None,
            provider_name: None,
            consent: None,
            name_id_policy: None,
            audiences: Vec::new(),
            requested_authn_context: (!class_refs.is_empty()).then(|| RequestedAuthnContext {
                comparison: Some(Comparison::Minimum),
                class_refs: class_refs.iter().map(|uri| (*uri).to_owned()).collect(),
                decl_refs: Vec::new(),
            }),
            scoping: None,
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
        }
    }

    /// What a kind says about a person for these class refs.
    pub fn stated(
        kind: PersonaKind,
        profile: RequestProfile,
        class_refs: &[&str],
        who: &Person,
    ) -> Result<Stated, Stop> {
        let request = request(class_refs);
        let asked = Asked {
            request: &request,
            profile,
            now: NOW,
        };
        let habits = Habits::of(kind);
        let need = (habits.admit)(&asked).map_err(Stop::Answer)?;
        (habits.state)(&asked, &need, who)
    }
}
