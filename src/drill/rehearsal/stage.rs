//! One login through the hub's own steps, with stand-ins on both sides whose keys come from the shipped test PKI: a
//! rehearsal needs nobody's private key.

use super::{Role, Situation};
use crate::config::pki;
use crate::dsig::{
    self, BlockCipher, DecryptPolicy, DecryptionKey, Digest, Entropy, KeyTransport, Place, Policy,
    PublicKey, Recipient, SigningKey, verify_query,
};
use crate::hub::acs::Answered;
use crate::hub::federation::Generation as Connection;
use crate::hub::identity::path;
use crate::hub::judge::{self, Expected};
use crate::hub::keys::{Generation, HubKeys, KeyRing, KeyState, RoleKeys, Shows};
use crate::hub::sso::Received;
use crate::hub::{
    BrowserHash, Consumed, Context, Federation, FlowId, Hub, IdentityProvider, Pending, Settings,
    Trace, UserFacingSystem,
};
use crate::oiosaml::attributes as name;
use crate::oiosaml::{AttributeProfile, Cvr, Level, Nist, Nsis, OiosamlVersion, RequestProfile};
use crate::saml::binding::{MessageField, Outbound, decode_post, decode_redirect, post, redirect};
use crate::saml::metadata::{Endpoint, IndexedEndpoint};
use crate::saml::response::Content;
use crate::saml::{
    Assertion, Attribute, AuthnRequest, AuthnStatement, Conditions, Decoded, NameId, Response,
    Status, SubjectConfirmation, names,
};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-12-02 06:00 +1);
const HUB: &str = "https://hub.invalid";
const ENTITY: &str = "https://hub.invalid/runtime";
const IDP: &str = "https://idp.invalid/saml";
const SYSTEM: &str = "https://system.invalid/saml";
const ACS: &str = "https://system.invalid/acs";
const CVR: &str = "00000000";
const SUBJECT: &str =
    "C=DK,O=00000000,CN=Prøve Prøvesen,Serial=00000000-0000-4000-8000-000000000000";

/// The rings of the stand-ins.
struct Rings {
    hub: KeyRing,
    idp: KeyRing,
    system: KeyRing,
}

static RINGS: LazyLock<Rings> = LazyLock::new(|| {
    let whole = "the shipped test PKI is whole";
    // What was in use before is any other pair.
    let ring = |name, previous| KeyRing {
        previous: Some(pki::pair(previous).expect(whole)),
        ..pki::ring(name).expect(whole)
    };
    Rings {
        hub: ring("hub", "testrup"),
        idp: ring("eksempelstrup", "fiktiv-ny"),
        system: ring("sagssystem", "borgerportal"),
    }
});

/// Everybody with the keys of a situation.
pub(super) struct Stage {
    hub: Hub,
    federation: Federation,
    idp: SigningKey,
    /// What the identity provider verifies the hub's requests with; none: it does not look.
    idp_trusts: Option<Vec<PublicKey>>,
    /// What it encrypts to; none: it does not encrypt.
    idp_encrypts_to: Option<Recipient>,
    system: SigningKey,
    system_decrypts: Vec<DecryptionKey>,
    /// What the system verifies the hub's answers with; none: it does not look.
    system_trusts: Option<Vec<PublicKey>>,
    entropy: Counted,
}

/// The same bytes in every run. What it fills has no secret to keep: the keys are public.
#[derive(Default)]
struct Counted(u8);

impl Entropy for Counted {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
    }
}

impl Stage {
    /// Sets the stage: `changing` is the party whose keys change, and nothing but the situation is unusual.
    pub fn set(changing: Role, situation: &Situation) -> Self {
        let changed = KeyState {
            signs: situation.signs,
            decrypts: situation.decrypts.clone(),
            shows: Shows::only(Generation::Active),
        };
        let quiet = KeyState::only(Generation::Active);
        let state = |role| if role == changing { &changed } else { &quiet };
        let [hub, idp, system] = Role::ALL.map(state);
        let mut stage = Self::good(hub, idp, system);
        // The party of the situation holds what it holds.
        let ring = match changing {
            Role::Hub => &RINGS.hub,
            Role::IdentityProvider => &RINGS.idp,
            Role::System => &RINGS.system,
        };
        let trusts = situation.trusts.as_ref().map(|generations| {
            let keys = generations
                .iter()
                .map(|generation| public(ring, *generation));
            keys.collect::<Vec<_>>()
        });
        let to = situation
            .encrypts_to
            .map(|generation| recipient(ring, generation));
        let (idps, systems) = (
            &mut stage.federation.identity_providers,
            &mut stage.federation.systems,
        );
        match situation.role {
            Role::IdentityProvider => {
                stage.idp_trusts = trusts;
                stage.idp_encrypts_to = to;
            }
            Role::System => stage.system_trusts = trusts,
            // The hub always checks.
            Role::Hub => {
                for idp in idps
                    .iter_mut()
                    .filter(|_| changing == Role::IdentityProvider)
                {
                    idp.signing_keys = trusts.clone().unwrap_or_default();
                }
                for system in systems.iter_mut().filter(|_| changing == Role::System) {
                    system.signing_keys = trusts.clone().unwrap_or_default();
                    system.encryption.clone_from(&to);
                }
            }
        }
        stage
    }

    /// Everybody verifies with what signs and encrypts to what decrypts.
    fn good(hub: &KeyState, idp: &KeyState, system: &KeyState) -> Self {
        let rings = &*RINGS;
        let decrypts = |state: &KeyState| state.decrypts.first().copied();
        let to = |ring, state| recipient(ring, decrypts(state).unwrap_or(Generation::Active));
        let identity = Hub {
            entity_id: ENTITY.to_owned(),
            public_url: HUB.to_owned(),
            organisation: "Vejviser".to_owned(),
            idp: RoleKeys::of(&rings.hub.active),
            sp: RoleKeys::of(&rings.hub.active),
            faults: None,
        };
        let opens = system.decrypts.iter();
        let opens = opens.map(|generation| rings.system.pair(*generation).decryption.clone());
        Self {
            federation: Federation {
                identity_providers: vec![identity_provider(vec![public(&rings.idp, idp.signs)])],
                systems: vec![user_facing_system(
                    vec![public(&rings.system, system.signs)],
                    Some(to(&rings.system, system)),
                )],
                test_systems: Vec::new(),
                organisations: BTreeMap::new(),
                directory: crate::hub::roles::Directory::default(),
            },
            idp: rings.idp.pair(idp.signs).signing.clone(),
            idp_trusts: Some(vec![public(&rings.hub, hub.signs)]),
            idp_encrypts_to: Some(to(&rings.hub, hub)),
            system: rings.system.pair(system.signs).signing.clone(),
            system_decrypts: opens.collect(),
            system_trusts: Some(vec![public(&rings.hub, hub.signs)]),
            hub: identity.with_keys(&HubKeys::shared(rings.hub.clone()), hub),
            entropy: Counted::default(),
        }
    }

    /// From the system's request to the user's name at the system. The error is the step that failed.
    pub fn log_in(mut self) -> Result<(), &'static str> {
        let request = self.request();
        let settings = Settings::default();
        let mut trace = Trace::default();
        let (hub, federation) = (self.hub.clone(), self.federation.clone());
        let context = Context {
            hub: &hub,
            federation: &federation,
            settings: &settings,
            now: NOW,
        };
        let Received::Login(login) = crate::hub::sso::receive(context, &request, None, &mut trace)
        else {
            return Err("the hub refuses the system's request");
        };
        let (flow, browser) = (
            FlowId::from_random([0; 16]),
            BrowserHash("browser".to_owned()),
        );
        let pending = login.into_value().pending(flow, browser, NOW);
        let asked = crate::hub::ask::ask(context, &pending, IDP, &mut self.entropy, &mut trace);
        let (asked, sealed) = asked.map_err(|_| "the hub does not ask the identity provider")?;
        let Outbound::Redirect { url } = sealed.outbound() else {
            return Err("the hub asks by another binding");
        };
        if !self.believes(url) {
            return Err("the identity provider refuses the hub's request");
        }
        let answer = self.answer(&asked);
        let browser = asked.browser.clone();
        let answered = crate::hub::acs::receive(
            context,
            &answer,
            Some(&asked),
            Some(&browser),
            &mut self.entropy,
            &mut trace,
        );
        let Answered::Finish(finish) = answered else {
            return Err("the hub refuses the identity provider's answer");
        };
        let sealed = finish.release(&Consumed::Done).ok_or("nothing is sent")?;
        self.welcomes(sealed.outbound(), &pending.request_id)
    }

    fn request(&self) -> Decoded {
        let request = AuthnRequest {
            destination: Some(self.hub.url(path::ISSUE)),
            issuer: Some(SYSTEM.to_owned()),
            acs_url: Some(ACS.to_owned()),
            ..AuthnRequest::new("_request", NOW)
        };
        let message = request.to_element().render();
        let url = self.hub.url(path::ISSUE);
        let sent = redirect(
            &url,
            MessageField::Request,
            &message,
            None,
            Some(&self.system),
        );
        let Outbound::Redirect { url } = sent else {
            unreachable!("a redirect makes a redirect")
        };
        decode_redirect(query(&url)).expect("what was just written can be read")
    }

    fn believes(&self, url: &str) -> bool {
        let Some(keys) = &self.idp_trusts else {
            return true;
        };
        let decoded = decode_redirect(query(url)).ok();
        decoded
            .and_then(|d| d.query_signature)
            .is_some_and(|signature| {
                let (octets, algorithm) = (&signature.octets, &signature.algorithm);
                verify_query(octets, algorithm, &signature.value, keys, Policy::Modern).is_ok()
            })
    }

    fn answer(&mut self, asked: &Pending) -> Decoded {
        let to = asked.asked_with().map(str::to_owned);
        let acs = self.hub.url(path::CONSUME);
        let assertion = assertion(&acs, to.clone());
        let element = assertion.to_element();
        let signed = dsig::sign(&element, &assertion.id, Place::AfterIssuer, &self.idp);
        let content = match &self.idp_encrypts_to {
            Some(recipient) => {
                Content::Encrypted(dsig::encrypt(&signed, recipient, &mut self.entropy))
            }
            None => Content::Assertion(signed),
        };
        let response = Response {
            id: "_response".to_owned(),
            version: "2.0".to_owned(),
            issue_instant: NOW,
            in_response_to: to,
            destination: Some(acs.clone()),
            consent: None,
            issuer: Some(IDP.to_owned()),
            issuer_format: None,
            status: Status::success(),
        };
        let message = response.to_element(Some(content)).render();
        posted(&post(&acs, MessageField::Response, &message, None))
    }

    fn welcomes(&self, outbound: &Outbound, request: &str) -> Result<(), &'static str> {
        // A system that checks nothing takes what it can open, whoever signed it.
        let anybody = Generation::ALL.map(|g| public(&RINGS.hub, g));
        let judged = judge::response(
            &posted(outbound).xml,
            &Expected {
                sender: Some(ENTITY),
                keys: self.system_trusts.as_deref().unwrap_or(&anybody),
                former_keys: &[],
                decryption_keys: &self.system_decrypts,
                signatures: Policy::Modern,
                encryption: DecryptPolicy::GcmOnly,
                audience: Some(SYSTEM),
                acs: Some(ACS),
                in_response_to: Some(request),
                now: Some(NOW),
                skew: judge::SKEW,
                forced_at: None,
                proxies: false,
                unsigned_status: false,
                identity: None,
            },
        );
        match (judged.report.reason(), judged.content) {
            (None, judge::Content::Assertion(_)) => Ok(()),
            _ => Err("the system refuses the hub's answer"),
        }
    }
}

fn public(ring: &KeyRing, generation: Generation) -> PublicKey {
    ring.pair(generation).signing.public()
}

fn recipient(ring: &KeyRing, to: Generation) -> Recipient {
    Recipient {
        key: public(ring, to),
        cipher: BlockCipher::Aes256Gcm,
        transport: KeyTransport {
            xmlenc11: true,
            digest: Digest::Sha256,
            mgf: Digest::Sha256,
        },
    }
}

fn query(url: &str) -> &str {
    url.split_once('?').map_or("", |(_, query)| query)
}

fn posted(outbound: &Outbound) -> Decoded {
    let Outbound::Post { field, message, .. } = outbound else {
        unreachable!("answers are posted")
    };
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair(field.name(), message);
    decode_post(form.finish().as_bytes()).expect("what was just written can be read")
}

fn cvr() -> Cvr {
    Cvr::parse(CVR).expect("eight digits")
}

fn identity_provider(signing_keys: Vec<PublicKey>) -> IdentityProvider {
    IdentityProvider {
        name: "idp".to_owned(),
        id: IDP.to_owned(),
        presentation_name: "Prøvekommunen".to_owned(),
        description: String::new(),
        oiosaml_profile: RequestProfile::Oiosaml3,
        assurance_level: Nist::Four,
        nsis_assurance_level: Some(Nsis::High),
        user_contexts: vec![cvr()],
        ip_addresses: Vec::new(),
        knows_roles: false,
        mobile_friendly: false,
        supports_scope: true,
        supports_step_up: false,
        sso_url: "https://idp.invalid/sso".to_owned(),
        single_logout: Vec::new(),
        signing_keys,
        former_keys: Vec::new(),
        valid_until: None,
        replaced_by: None,
    }
}

fn user_facing_system(
    signing_keys: Vec<PublicKey>,
    encryption: Option<Recipient>,
) -> UserFacingSystem {
    UserFacingSystem {
        name: "system".to_owned(),
        id: SYSTEM.to_owned(),
        presentation_name: "Prøvesystemet".to_owned(),
        cvr: cvr(),
        oiosaml_profile: OiosamlVersion::V3,
        required_level: Level::Nsis(Nsis::Substantial),
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
        single_logout: Vec::new(),
        signing_keys,
        former_keys: Vec::new(),
        valid_until: None,
        encryption,
        generation: Connection::Two,
        role_mappings: std::sync::Arc::default(),
    }
}

fn assertion(acs: &str, in_response_to: Option<String>) -> Assertion {
    let attribute = |name: &str, value: &str| Attribute {
        name: name.to_owned(),
        name_format: Some(names::attribute_name_format::URI.to_owned()),
        friendly_name: None,
        values: vec![value.to_owned()],
    };
    Assertion {
        id: "_assertion".to_owned(),
        version: "2.0".to_owned(),
        issue_instant: NOW,
        issuer: IDP.to_owned(),
        issuer_format: None,
        name_id: Some(NameId {
            value: SUBJECT.to_owned(),
            format: Some(names::name_id::X509_SUBJECT_NAME.to_owned()),
            name_qualifier: None,
            sp_name_qualifier: None,
        }),
        confirmations: vec![SubjectConfirmation {
            method: names::BEARER.to_owned(),
            recipient: Some(acs.to_owned()),
            not_before: None,
            not_on_or_after: Some(NOW + Duration::minutes(5)),
            in_response_to,
        }],
        conditions: Some(Conditions {
            not_before: Some(NOW),
            not_on_or_after: Some(NOW + Duration::minutes(5)),
            audience_restrictions: vec![vec![ENTITY.to_owned()]],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: NOW,
            session_index: Some("_session".to_owned()),
            session_not_on_or_after: None,
            class_ref: Some(names::PASSWORD_PROTECTED_TRANSPORT.to_owned()),
            authenticating_authorities: Vec::new(),
        }],
        attributes: vec![
            attribute(name::SPEC_VERSION_3, "OIO-SAML-3.0"),
            attribute(name::LOA, Nsis::Substantial.word()),
            attribute(name::CVR_3, CVR),
        ],
    }
}
