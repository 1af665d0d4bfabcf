//! A small federation in memory: one hub, one system of each kind, one IdP, keys made on the spot.
//!
//! The IdP and the systems here are test code: they write messages with the crate's own writer, so that a
//! test can bend one thing at a time. Judges that nobody here wrote are in `tests/interop`.

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509NameBuilder};
use std::sync::OnceLock;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use vejviser::dsig::{
    self, BlockCipher, Certificate, DecryptionKey, Digest, Entropy, KeyTransport, Place, Policy,
    PublicKey, Recipient, SigningKey,
};
use vejviser::hub::acs::Answered;
use vejviser::hub::choose::{Arrival, Choice};
use vejviser::hub::federation::{Generation as Connection, Organisation};
use vejviser::hub::keys::{Generation, RoleKeys, Shown};
use vejviser::hub::sso::Received;
use vejviser::hub::{
    BrowserHash, BrowserMemory, Check, Context, Federation, FlowId, Hub, IdentityProvider, Pending,
    Refusal, Row, Settings, Trace, UserFacingSystem,
};
use vejviser::oiosaml::{AttributeProfile, Cvr, Level, Nist, Nsis, OiosamlVersion, RequestProfile};
use vejviser::saml::binding::{
    MessageField, Outbound, decode_post, decode_redirect, post, redirect,
};
use vejviser::saml::metadata::{Endpoint, IndexedEndpoint};
use vejviser::saml::response::Content;
use vejviser::saml::{
    Assertion, Attribute, AuthnRequest, AuthnStatement, Conditions, Decoded, NameId, Response,
    Status, SubjectConfirmation, names,
};
use vejviser::xml::Canonical;

pub const NOW: OffsetDateTime = datetime!(2026-11-21 12:00:00 UTC);
pub const IDP: &str = "https://idp.provekobing.example/saml";
pub const OTHER_IDP: &str = "https://idp.andenby.example/saml";
pub const SYSTEM: &str = "https://sag.example/saml";
pub const ACS: &str = "https://sag.example/acs";
pub const CVR: &str = "11111111";

/// A key pair with a self-signed certificate, made once a run and shared.
pub struct Pair {
    pub signing: SigningKey,
    pub decryption: DecryptionKey,
    pub certificate: Certificate,
    /// What is encrypted for its owner. The same certificate, unless the key that signs cannot decrypt.
    pub encryption: Certificate,
    /// The key that decrypts, bare, for what is measured against it.
    #[allow(
        dead_code,
        reason = "the benchmark and the tests of the commands use it"
    )]
    pub bare: PKey<Private>,
}

impl Pair {
    pub fn make(bits: u32) -> Self {
        Self::of(PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap())
    }

    fn of(key: PKey<Private>) -> Self {
        let certificate = self_signed(&key);
        let pem = key.private_key_to_pem_pkcs8().unwrap();
        Self {
            signing: SigningKey::parse(&pem, Some(certificate.clone())).unwrap(),
            decryption: DecryptionKey::parse(&pem).unwrap(),
            encryption: certificate.clone(),
            certificate,
            bare: key,
        }
    }

    /// The pair as the keys of one role of the hub.
    pub fn role(&self) -> RoleKeys {
        RoleKeys {
            signing: self.signing.clone(),
            signing_metadata: self.signing.clone(),
            shown: Shown {
                signing: vec![self.certificate.clone()],
                encryption: vec![self.encryption.clone()],
                without_use: false,
            },
            decryption: vec![self.decryption.clone()],
            decrypts: vec![Generation::Active],
        }
    }

    pub fn public(&self) -> PublicKey {
        PublicKey::from_certificate(self.certificate.clone(), Policy::Modern).unwrap()
    }

    pub fn recipient(&self) -> Recipient {
        Recipient {
            key: PublicKey::from_certificate(self.encryption.clone(), Policy::Modern).unwrap(),
            cipher: BlockCipher::Aes256Gcm,
            transport: KeyTransport {
                xmlenc11: true,
                digest: Digest::Sha256,
                mgf: Digest::Sha256,
            },
        }
    }
}

/// A certificate for a key of any kind.
pub fn self_signed(key: &PKey<Private>) -> Certificate {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "test").unwrap();
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder
        .set_serial_number(&BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap())
        .unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder
        .set_not_before(&Asn1Time::days_from_now(0).unwrap())
        .unwrap();
    builder
        .set_not_after(&Asn1Time::days_from_now(30).unwrap())
        .unwrap();
    builder.set_pubkey(key).unwrap();
    builder.sign(key, MessageDigest::sha256()).unwrap();
    Certificate::parse(&builder.build().to_pem().unwrap()).unwrap()
}

/// The keys of a run: hub, IdP, system, stranger.
pub struct Keys {
    pub hub: Pair,
    pub idp: Pair,
    pub system: Pair,
    pub stranger: Pair,
}

impl Keys {
    pub fn make(bits: u32) -> Self {
        Self {
            hub: Pair::make(bits),
            idp: Pair::make(bits),
            system: Pair::make(bits),
            stranger: Pair::make(bits),
        }
    }
}

pub fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys::make(2048))
}

/// The same bytes in every run.
#[derive(Default)]
pub struct Counted(u8);

impl Entropy for Counted {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
    }
}

pub struct World {
    pub keys: &'static Keys,
    pub hub: Hub,
    pub federation: Federation,
    pub settings: Settings,
    pub now: OffsetDateTime,
    pub entropy: Counted,
    pub trace: Trace,
}

impl World {
    /// A system that needs `level` (OIOSAML3 for NSIS), and one IdP with `profile`, registered for NIST 4 and
    /// NSIS High.
    pub fn new(profile: RequestProfile, level: Level) -> Self {
        Self::with_keys(keys(), profile, level)
    }

    pub fn with_keys(keys: &'static Keys, profile: RequestProfile, level: Level) -> Self {
        let hub = Hub {
            entity_id: "https://hub.example/runtime".to_owned(),
            public_url: "https://hub.example".to_owned(),
            organisation: "Vejviser".to_owned(),
            idp: keys.hub.role(),
            sp: keys.hub.role(),
            faults: None,
        };
        let federation = Federation {
            identity_providers: vec![identity_provider(keys, profile)],
            systems: vec![system(keys, level)],
            test_systems: Vec::new(),
            organisations: [(
                Cvr::parse(CVR).unwrap(),
                Organisation {
                    name: "Prøvekøbing Kommune".to_owned(),
                    email_domains: Vec::new(),
                },
            )]
            .into(),
            directory: Default::default(),
        };
        Self {
            keys,
            hub,
            federation,
            settings: Settings::default(),
            now: NOW,
            entropy: Counted::default(),
            trace: Trace::default(),
        }
    }

    /// NSIS Substantial at an OIOSAML3 IdP: the plainest login.
    pub fn plain() -> Self {
        Self::new(RequestProfile::Oiosaml3, Level::Nsis(Nsis::Substantial))
    }

    pub fn idp(&mut self) -> &mut IdentityProvider {
        &mut self.federation.identity_providers[0]
    }

    pub fn system(&mut self) -> &mut UserFacingSystem {
        &mut self.federation.systems[0]
    }

    pub fn context(&self) -> Context<'_> {
        Context {
            hub: &self.hub,
            federation: &self.federation,
            settings: &self.settings,
            now: self.now,
        }
    }

    /// What the system sends, before `bend`.
    pub fn request(&self, bend: impl FnOnce(&mut AuthnRequest)) -> AuthnRequest {
        let mut request = AuthnRequest {
            destination: Some("https://hub.example/runtime/saml2/issue.idp".to_owned()),
            issuer: Some(SYSTEM.to_owned()),
            acs_url: Some(ACS.to_owned()),
            ..AuthnRequest::new("_request-1", self.now)
        };
        bend(&mut request);
        request
    }

    pub fn by_redirect(&self, request: &AuthnRequest, key: Option<&SigningKey>) -> Decoded {
        let message = request.to_element().render();
        let Outbound::Redirect { url } = redirect(
            "https://hub.example/x",
            MessageField::Request,
            &message,
            Some("træ & co"),
            key,
        ) else {
            unreachable!("a redirect")
        };
        decode_redirect(url.split_once('?').unwrap().1).unwrap()
    }

    pub fn by_post(&self, request: &AuthnRequest, key: Option<&SigningKey>) -> Decoded {
        let element = request.to_element();
        let message = match key {
            Some(key) => dsig::sign(&element, &request.id, Place::AfterIssuer, key),
            None => element.render(),
        };
        posted(MessageField::Request, &message)
    }

    pub fn receive(&mut self, decoded: &Decoded) -> Received {
        let mut trace = Trace::default();
        let received = vejviser::hub::sso::receive(self.context(), decoded, None, &mut trace);
        self.trace = trace;
        received
    }

    /// The pending login of a good request, before an IdP was chosen.
    pub fn pending(&mut self, bend: impl FnOnce(&mut AuthnRequest)) -> Pending {
        let decoded = self.by_redirect(&self.request(bend), Some(&self.keys.system.signing));
        let Received::Login(login) = self.receive(&decoded) else {
            panic!("accepted: {:?}", self.trace)
        };
        let login = login.into_value();
        let (flow, browser) = (
            FlowId::from_random([7; 16]),
            BrowserHash("browser".to_owned()),
        );
        Pending {
            chooser: true,
            ..login.pending(flow, browser, self.now)
        }
    }

    /// Chooses and asks: what is stored, and what the browser is sent to.
    pub fn ask(&mut self, pending: &Pending) -> Result<(Pending, String), Refusal> {
        let mut trace = Trace::default();
        let context = Context {
            hub: &self.hub,
            federation: &self.federation,
            settings: &self.settings,
            now: self.now,
        };
        let memory = BrowserMemory::default();
        let arrival = Arrival {
            source: None,
            memory: &memory,
            asks: false,
        };
        let idp = match vejviser::hub::choose::decide(context, pending, arrival, &mut trace) {
            Choice::Go(chosen) => Ok(chosen.idp),
            Choice::Ask(_) => Ok(IDP.to_owned()),
            Choice::Refuse(refusal) | Choice::Stuck(refusal, _) => Err(refusal),
        };
        let asked = idp.and_then(|idp| {
            vejviser::hub::ask::ask(context, pending, &idp, &mut self.entropy, &mut trace)
        });
        self.trace = trace;
        asked.map(|(asked, sealed)| match sealed.outbound() {
            Outbound::Redirect { url } => (asked, url.clone()),
            Outbound::Post { .. } | Outbound::Soap { .. } => {
                unreachable!("the hub asks by redirect")
            }
        })
    }

    /// A login that waits for the IdP.
    pub fn asked(&mut self) -> Pending {
        let pending = self.pending(|_| {});
        self.ask(&pending).expect("asked").0
    }

    /// What the IdP states, before `bend`.
    pub fn assertion(&self, asked: &Pending) -> Assertion {
        let attribute = |name: &str, value: &str| Attribute {
            name: name.to_owned(),
            name_format: Some(names::attribute_name_format::URI.to_owned()),
            friendly_name: None,
            values: vec![value.to_owned()],
        };
        use vejviser::oiosaml::attributes as a;
        Assertion {
            id: "_assertion-1".to_owned(),
            version: "2.0".to_owned(),
            issue_instant: self.now,
            issuer: IDP.to_owned(),
            issuer_format: None,
            name_id: Some(NameId {
                value: format!(
                    "C=DK,O={CVR},CN=Prøve Prøvesen,Serial=3b2f0c1e-1111-4222-8333-444455556666"
                ),
                format: Some(names::name_id::X509_SUBJECT_NAME.to_owned()),
                name_qualifier: None,
                sp_name_qualifier: None,
            }),
            confirmations: vec![SubjectConfirmation {
                method: names::BEARER.to_owned(),
                recipient: Some("https://hub.example/runtime/saml2auth/consume.idp".to_owned()),
                not_before: None,
                not_on_or_after: Some(self.now + Duration::minutes(5)),
                in_response_to: asked.asked_with().map(str::to_owned),
            }],
            conditions: Some(Conditions {
                not_before: Some(self.now),
                not_on_or_after: Some(self.now + Duration::minutes(10)),
                audience_restrictions: vec![vec!["https://hub.example/runtime".to_owned()]],
                ..Conditions::default()
            }),
            authn_statements: vec![AuthnStatement {
                authn_instant: self.now,
                session_index: Some("_s1".to_owned()),
                session_not_on_or_after: None,
                class_ref: Some(names::PASSWORD_PROTECTED_TRANSPORT.to_owned()),
                authenticating_authorities: Vec::new(),
            }],
            attributes: vec![
                attribute(a::SPEC_VERSION_3, "OIO-SAML-3.0"),
                attribute(a::LOA, "Substantial"),
                attribute(a::CVR_3, CVR),
                attribute(a::EMAIL_3, "prove@provekobing.example"),
            ],
        }
    }

    pub fn response(&self, asked: &Pending) -> Response {
        Response {
            id: "_response-1".to_owned(),
            version: "2.0".to_owned(),
            issue_instant: self.now,
            in_response_to: asked.asked_with().map(str::to_owned),
            destination: Some("https://hub.example/runtime/saml2auth/consume.idp".to_owned()),
            consent: None,
            issuer: Some(IDP.to_owned()),
            issuer_format: None,
            status: Status::success(),
        }
    }

    /// The response with the assertion signed by `key` and encrypted for the hub.
    pub fn sealed(
        &mut self,
        response: &Response,
        assertion: &Assertion,
        key: &SigningKey,
        recipient: &Recipient,
    ) -> Decoded {
        let signed = dsig::sign(
            &assertion.to_element(),
            &assertion.id,
            Place::AfterIssuer,
            key,
        );
        let content = Content::Encrypted(dsig::encrypt(&signed, recipient, &mut self.entropy));
        posted(
            MessageField::Response,
            &response.to_element(Some(content)).render(),
        )
    }

    pub fn answer(
        &mut self,
        decoded: &Decoded,
        pending: Option<&Pending>,
        browser: Option<&str>,
    ) -> Answered {
        let mut trace = Trace::default();
        let browser = browser.map(|browser| BrowserHash(browser.to_owned()));
        let context = Context {
            hub: &self.hub,
            federation: &self.federation,
            settings: &self.settings,
            now: self.now,
        };
        let answered = vejviser::hub::acs::receive(
            context,
            decoded,
            pending,
            browser.as_ref(),
            &mut self.entropy,
            &mut trace,
        );
        self.trace = trace;
        answered
    }
}

impl World {
    /// The first row of a check in what was judged last.
    pub fn row(&self, check: Check) -> &Row {
        let exchanges = self.trace.exchanges.iter();
        let mut rows = exchanges.flat_map(|exchange| &exchange.checks);
        rows.find(|row| row.check == check).expect("a row")
    }
}

/// The assertion signed, the response around it not.
pub fn assertion_signed(response: &Response, assertion: &Assertion, key: &SigningKey) -> Decoded {
    let signed = dsig::sign(
        &assertion.to_element(),
        &assertion.id,
        Place::AfterIssuer,
        key,
    );
    posted(
        MessageField::Response,
        &response
            .to_element(Some(Content::Assertion(signed)))
            .render(),
    )
}

/// The response signed, the assertion in it not.
pub fn response_signed(
    response: &Response,
    assertion: Option<&Assertion>,
    key: &SigningKey,
) -> Decoded {
    let content = assertion.map(|assertion| Content::Assertion(assertion.to_element().render()));
    posted(
        MessageField::Response,
        &dsig::sign(
            &response.to_element(content),
            &response.id,
            Place::AfterIssuer,
            key,
        ),
    )
}

pub fn posted(field: MessageField, message: &Canonical) -> Decoded {
    let Outbound::Post {
        field,
        message,
        relay_state,
        ..
    } = post("https://x.example", field, message, Some("r"))
    else {
        unreachable!("a post")
    };
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair(field.name(), &message);
    form.append_pair("RelayState", relay_state.as_deref().unwrap_or(""));
    decode_post(form.finish().as_bytes()).unwrap()
}

/// SingleLogoutServices below `base`, with a ResponseLocation but by SOAP.
pub fn single_logout(base: &str, bindings: &[&str]) -> Vec<Endpoint> {
    let endpoint = |binding: &&str| Endpoint {
        binding: (*binding).to_owned(),
        location: format!("{base}/slo"),
        response_location: (*binding != names::binding::SOAP).then(|| format!("{base}/slo-answer")),
    };
    bindings.iter().map(endpoint).collect()
}

pub fn identity_provider(keys: &Keys, profile: RequestProfile) -> IdentityProvider {
    IdentityProvider {
        name: "provekobing".to_owned(),
        id: IDP.to_owned(),
        presentation_name: "Prøvekøbing Kommune".to_owned(),
        description: String::new(),
        oiosaml_profile: profile,
        assurance_level: Nist::Four,
        nsis_assurance_level: Some(Nsis::High),
        user_contexts: vec![Cvr::parse(CVR).unwrap()],
        ip_addresses: Vec::new(),
        knows_roles: true,
        mobile_friendly: true,
        supports_scope: false,
        supports_step_up: false,
        sso_url: "https://idp.provekobing.example/sso".to_owned(),
        single_logout: single_logout(
            "https://idp.provekobing.example",
            &[names::binding::REDIRECT],
        ),
        signing_keys: vec![keys.idp.public()],
        former_keys: Vec::new(),
        valid_until: None,
        replaced_by: None,
    }
}

pub fn system(keys: &Keys, level: Level) -> UserFacingSystem {
    UserFacingSystem {
        name: "sag".to_owned(),
        id: SYSTEM.to_owned(),
        presentation_name: "Sagssystemet".to_owned(),
        cvr: Cvr::parse("22222222").unwrap(),
        oiosaml_profile: match level {
            Level::Nist(_) => OiosamlVersion::V2,
            Level::Nsis(_) => OiosamlVersion::V3,
        },
        required_level: level,
        attribute_profile: AttributeProfile::Kombit,
        assertion_consumers: vec![IndexedEndpoint {
            endpoint: Endpoint {
                binding: names::binding::POST.to_owned(),
                location: ACS.to_owned(),
                response_location: None,
            },
            index: 0,
            is_default: Some(true),
        }],
        default_acs: 0,
        single_logout: single_logout("https://sag.example", &[names::binding::REDIRECT]),
        signing_keys: vec![keys.system.public()],
        former_keys: Vec::new(),
        valid_until: None,
        encryption: Some(keys.system.recipient()),
        generation: Connection::Two,
        role_mappings: Default::default(),
    }
}
