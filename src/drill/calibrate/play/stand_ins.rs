//! Who stands in for those whose keys are not at hand: the hub that was captured, and when it did what.

use crate::config::pki;
use crate::drill::calibrate::login::{Login, Seen, made};
use crate::dsig::{Entropy, PublicKey, SigningKey};
use crate::hub::Hub;
use crate::hub::keys::{KeyPair, RoleKeys};
use crate::saml::time::parse;
use std::sync::LazyLock;
use time::OffsetDateTime;
use time::macros::datetime;

/// A time for captures that name none.
const NOW: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

pub(super) struct Stands {
    hub: KeyPair,
    pub(super) idp: SigningKey,
    pub(super) system: SigningKey,
}

pub(super) static STANDS: LazyLock<Stands> = LazyLock::new(|| {
    let whole = "the shipped test PKI is whole";
    Stands {
        hub: pki::pair("hub").expect(whole),
        idp: pki::pair("eksempelstrup").expect(whole).signing,
        system: pki::pair("sagssystem").expect(whole).signing,
    }
});

/// The key that the stand-in of an identity provider signs with.
pub fn idp_key() -> PublicKey {
    STANDS.idp.public()
}

/// The key that the stand-in of a system signs with.
pub fn system_key() -> PublicKey {
    STANDS.system.public()
}

/// Bytes that are not drawn: what they fill has no secret to keep.
#[derive(Default)]
pub(super) struct Counted(pub(super) u64);

impl Entropy for Counted {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
    }
}

/// The hub that was captured, with keys of ours.
pub(super) fn hub(login: &Login<'_>) -> Hub {
    let messages = [login.request, login.response].into_iter().flatten();
    let entity_id = messages.filter_map(|seen| seen.message.issuer()).next();
    let acs = login.request.and_then(|seen| {
        seen.message
            .root()
            .attribute("AssertionConsumerServiceURL")
            .map(str::to_owned)
    });
    let to = |seen: Option<Seen<'_>>| {
        seen.and_then(|seen| seen.message.destination().map(str::to_owned))
    };
    let address = acs.or(to(login.answer)).or(to(login.asked));
    let address = address.and_then(|address| url::Url::parse(&address).ok());
    let public_url = address.map_or_else(
        || "https://hub.invalid".to_owned(),
        |url| url[..url::Position::BeforePath].to_owned(),
    );
    Hub {
        entity_id: entity_id.unwrap_or_else(|| format!("{public_url}/runtime")),
        public_url,
        organisation: "Vejviser".to_owned(),
        idp: RoleKeys::of(&STANDS.hub),
        sp: RoleKeys::of(&STANDS.hub),
        faults: None,
    }
}

/// When each step of the login was, by the clock of the hub that was captured.
pub(super) struct Times {
    pub(super) asked: OffsetDateTime,
    pub(super) request: OffsetDateTime,
    pub(super) response: OffsetDateTime,
}

impl Times {
    pub(super) fn of(login: &Login<'_>) -> Self {
        let of = |seen: Option<Seen<'_>>| seen.and_then(|seen| made(seen.message));
        // The assertion and its envelope may differ by a millisecond; the assertion is what is compared.
        let issued = login
            .response
            .and_then(|seen| parse(seen.message.assertion()?.attribute("IssueInstant")?));
        let response = issued.or(of(login.response));
        let request = of(login.request)
            .or(of(login.asked))
            .or(response)
            .unwrap_or(NOW);
        Self {
            asked: of(login.asked).unwrap_or(request),
            request,
            response: response.unwrap_or(request),
        }
    }
}
