//! Who took part: from the registry where it is given, else as the messages and the asker say, and else every
//! registration that there is.

use super::login::{Login, name_id};
use super::message::{Message, child_text};
use super::play::{Parties, authority, idp_key, system_key};
use crate::config::pki;
use crate::dsig::{BlockCipher, Digest, KeyTransport, Recipient};
use crate::hub::federation::Generation;
use crate::hub::{Federation, IdentityProvider, UserFacingSystem};
use crate::oiosaml::attributes as name;
use crate::oiosaml::mask::Masker;
use crate::oiosaml::{AttributeProfile, Cvr, Level, Nist, Nsis, OiosamlVersion, RequestProfile};
use crate::saml::metadata::{Endpoint, IndexedEndpoint};
use crate::saml::{Assertion, AuthnRequest, names};
use crate::xml::{Node, SAML, SAMLP};

/// What is known beside the captures.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The registry.
    pub federation: Option<Federation>,
    /// The identity provider's profile.
    pub profile: Option<RequestProfile>,
    /// The level that the system is registered with.
    pub required: Option<Level>,
    /// Whether the identity provider supports scope.
    pub supports_scope: Option<bool>,
}

/// What a login is supposed to have been between, and how sure that is.
#[derive(Clone)]
pub struct Supposed {
    /// The parties.
    pub parties: Parties,
    /// Profile and level, for the list of what remains possible.
    pub profile: RequestProfile,
    /// The level that the system is registered with.
    pub level: Level,
}

/// Everybody who could have taken part in a login.
pub struct Cast {
    /// One where the registration is known; else all.
    pub supposed: Vec<Supposed>,
    /// Whether the identity provider's registration is known.
    pub idp_known: bool,
    /// Whether the system's level is.
    pub system_known: bool,
    /// Whether the system is in the registry.
    pub registered: bool,
}

/// The registrations that a login may have been made under.
pub fn cast(login: &Login<'_>, known: &Known, masker: &mut Masker) -> Cast {
    let idp = registered_idp(login, known, masker);
    let system = registered_system(login, known, masker);
    let (idp_known, system_known) = (idp.is_some(), system.is_some());
    let profiles = match (&idp, known.profile) {
        (_, Some(profile)) => vec![profile],
        (Some(idp), None) => vec![idp.oiosaml_profile],
        // Without a request there is nothing that a profile decides.
        (None, None) if login.request.is_none() => vec![RequestProfile::Oiosaml3],
        (None, None) => RequestProfile::ALL.to_vec(),
    };
    let levels = match (&system, known.required) {
        (_, Some(level)) => vec![level],
        (Some(system), None) => vec![system.required_level],
        (None, None) => possible_levels(login),
    };
    let mut supposed = Vec::new();
    for profile in profiles {
        for &level in &levels {
            let mut idp = idp.clone().unwrap_or_else(|| stand_in_idp(login, known));
            idp.oiosaml_profile = profile;
            if let Some(scope) = known.supports_scope {
                idp.supports_scope = scope;
            }
            let mut system = system
                .clone()
                .unwrap_or_else(|| stand_in_system(login, level));
            system.required_level = level;
            let parties = parties(login, known, idp, system, masker);
            supposed.push(Supposed {
                parties,
                profile,
                level,
            });
        }
    }
    Cast {
        supposed,
        idp_known: idp_known || known.profile.is_some(),
        system_known: system_known || known.required.is_some(),
        registered: system_known,
    }
}

fn parties(
    login: &Login<'_>,
    known: &Known,
    mut idp: IdentityProvider,
    mut system: UserFacingSystem,
    masker: &mut Masker,
) -> Parties {
    // Nobody's private key is at hand, so stand-ins sign.
    idp.signing_keys = vec![idp_key()];
    idp.former_keys = Vec::new();
    system.signing_keys = vec![system_key()];
    system.former_keys = Vec::new();
    let mut federation = known
        .federation
        .clone()
        .map_or_else(Federation::default, |federation| masked(federation, masker));
    federation
        .identity_providers
        .retain(|other| other.id != idp.id);
    federation.systems.retain(|other| other.id != system.id);
    federation.identity_providers.push(idp.clone());
    federation.systems.push(system.clone());
    // What a request's own list names is taken to be active; only the registry knows better.
    if known.federation.is_none() {
        for listed in listed(login) {
            if federation.identity_provider(&listed).is_none() {
                federation.identity_providers.push(IdentityProvider {
                    name: "listed".to_owned(),
                    id: listed,
                    ..idp.clone()
                });
            }
        }
    }
    Parties {
        idp,
        system,
        federation,
    }
}

fn listed(login: &Login<'_>) -> Vec<String> {
    let request = login
        .asked
        .and_then(|seen| AuthnRequest::read(seen.message.root()).ok());
    let scoping = request.and_then(|request| request.scoping);
    let entries = scoping.into_iter().flat_map(|scoping| scoping.idp_list);
    entries.map(|entry| entry.provider_id).collect()
}

/// The registry in the spelling of masked messages.
fn masked(mut federation: Federation, masker: &mut Masker) -> Federation {
    for idp in &mut federation.identity_providers {
        idp.id = masker.scrub(&idp.id);
        idp.sso_url = masker.address(&idp.sso_url);
    }
    for system in &mut federation.systems {
        system.id = masker.scrub(&system.id);
        for consumer in &mut system.assertion_consumers {
            consumer.endpoint.location = masker.address(&consumer.endpoint.location);
        }
    }
    federation
}

fn registered_idp(
    login: &Login<'_>,
    known: &Known,
    masker: &mut Masker,
) -> Option<IdentityProvider> {
    let federation = masked(known.federation.clone()?, masker);
    let id = idp_id(login);
    let by_id = id.and_then(|id| federation.identity_provider(&id).cloned());
    by_id.or_else(|| {
        let to = login.request?.message.destination()?.to_owned();
        let mut idps = federation.identity_providers.into_iter();
        idps.find(|idp| idp.sso_url == to)
    })
}

fn registered_system(
    login: &Login<'_>,
    known: &Known,
    masker: &mut Masker,
) -> Option<UserFacingSystem> {
    let federation = masked(known.federation.clone()?, masker);
    federation.system(&system_id(login)?).cloned()
}

fn idp_id(login: &Login<'_>) -> Option<String> {
    let answered = login.answer.and_then(|seen| seen.message.issuer());
    answered.or_else(|| authority(login))
}

fn system_id(login: &Login<'_>) -> Option<String> {
    let asked = login.asked.and_then(|seen| seen.message.issuer());
    asked.or_else(|| audience(login)).or_else(|| {
        let scoping = login.request?.message.root().child(SAMLP, "Scoping")?;
        let requester = scoping.child(SAMLP, "RequesterID")?.text()?;
        (!requester.contains(":CVR:")).then(|| requester.into_owned())
    })
}

fn audience(login: &Login<'_>) -> Option<String> {
    let conditions = login
        .response?
        .message
        .assertion()?
        .child(SAML, "Conditions")?;
    child_text(conditions.child(SAML, "AudienceRestriction")?, "Audience")
}

/// Every level that the system may be registered with; where what was issued names its scale, those of the scale that
/// it reaches.
fn possible_levels(login: &Login<'_>) -> Vec<Level> {
    let issued = login
        .response
        .and_then(|seen| Assertion::read(seen.message.assertion()?).ok());
    let Some(issued) = issued else {
        return Level::ALL.to_vec();
    };
    let class_ref = issued
        .authn_statements
        .first()
        .and_then(|statement| statement.class_ref.as_deref());
    let nsis = issued
        .values(name::LOA)
        .find_map(Nsis::parse)
        .map(Level::Nsis);
    let nist = issued
        .values(name::ASSURANCE_LEVEL)
        .find_map(Nist::parse)
        .map(Level::Nist);
    let reached = class_ref.and_then(Level::from_class_ref).or(nsis).or(nist);
    match reached {
        Some(reached) => {
            // The highest first: what was reached was most often needed.
            let mut levels: Vec<Level> = Level::ALL
                .into_iter()
                .filter(|level| level.scale() == reached.scale() && reached.satisfies(*level))
                .collect();
            levels.reverse();
            levels
        }
        None => Level::ALL.to_vec(),
    }
}

fn stand_in_idp(login: &Login<'_>, known: &Known) -> IdentityProvider {
    let request = login.request.map(|seen| seen.message);
    let scoped = request.is_some_and(|request| request.root().child(SAMLP, "Scoping").is_some());
    let mut contexts: Vec<Cvr> = [login.answer, login.response]
        .into_iter()
        .flatten()
        .flat_map(|seen| cvrs(seen.message))
        .collect();
    contexts.dedup();
    if contexts.is_empty() {
        contexts.extend(Cvr::parse("00000000"));
    }
    IdentityProvider {
        name: "idp".to_owned(),
        id: idp_id(login).unwrap_or_else(|| "https://idp.invalid/saml".to_owned()),
        presentation_name: String::new(),
        description: String::new(),
        oiosaml_profile: RequestProfile::Oiosaml3,
        assurance_level: Nist::Four,
        nsis_assurance_level: Some(Nsis::High),
        user_contexts: contexts,
        ip_addresses: Vec::new(),
        knows_roles: true,
        mobile_friendly: true,
        supports_scope: known.supports_scope.unwrap_or(scoped),
        supports_step_up: false,
        single_logout: Vec::new(),
        sso_url: request
            .and_then(Message::destination)
            .unwrap_or("https://idp.invalid/sso")
            .to_owned(),
        signing_keys: Vec::new(),
        former_keys: Vec::new(),
        valid_until: None,
        replaced_by: None,
    }
}

/// The organisations that an assertion names.
fn cvrs(message: &Message) -> Vec<Cvr> {
    let Some(assertion) = message.assertion() else {
        return Vec::new();
    };
    let stated = attributes(assertion, &[name::CVR_2, name::CVR_3]);
    let subject = name_id(message).into_iter().flat_map(|name| {
        let parts = name.split(',').map(|part| part.trim().to_owned());
        parts.collect::<Vec<_>>()
    });
    let named = subject.filter_map(|part| {
        let (key, value) = part.split_once('=')?;
        (key.trim() == "O").then(|| value.trim().to_owned())
    });
    stated
        .into_iter()
        .chain(named)
        .filter_map(|text| Cvr::parse(&text))
        .collect()
}

/// The values of these attributes.
pub fn attributes(assertion: Node<'_>, names: &[&str]) -> Vec<String> {
    let all = assertion
        .descendants()
        .filter(|node| node.is(SAML, "Attribute"));
    let named = all.filter(|node| {
        node.attribute("Name")
            .is_some_and(|name| names.contains(&name))
    });
    named
        .flat_map(|node| {
            node.elements()
                .filter_map(|value| value.text())
                .collect::<Vec<_>>()
        })
        .map(|text| text.into_owned())
        .collect()
}

fn stand_in_system(login: &Login<'_>, level: Level) -> UserFacingSystem {
    let asked = login.asked.map(|seen| seen.message);
    let response = login.response.map(|seen| seen.message);
    let assertion = response.and_then(Message::assertion);
    let issued = |names: &[&str]| assertion.is_some_and(|node| !attributes(node, names).is_empty());
    let version = match (
        issued(&[name::SPEC_VERSION_2]),
        issued(&[name::SPEC_VERSION_3]),
        level,
    ) {
        (true, false, _) => OiosamlVersion::V2,
        (false, true, _) | (_, _, Level::Nsis(_)) => OiosamlVersion::V3,
        _ => OiosamlVersion::V2,
    };
    let stated = login.answer.and_then(|seen| seen.message.assertion());
    let stated =
        stated.is_some_and(|node| !attributes(node, &[name::EMAIL_2, name::EMAIL_3]).is_empty());
    let attribute_profile = if issued(&[name::CPR_2, name::UUID_PERSISTENT]) {
        AttributeProfile::Seb
    } else if assertion.is_some() && stated && !issued(&[name::EMAIL_2, name::EMAIL_3]) {
        AttributeProfile::KombitWithoutPersonalData
    } else {
        AttributeProfile::Kombit
    };
    let acs = asked.and_then(|asked| asked.root().attribute("AssertionConsumerServiceURL"));
    let acs = acs.or(response.and_then(Message::destination));
    let (cvr, name) = requester(login);
    UserFacingSystem {
        name,
        id: system_id(login).unwrap_or_else(|| "https://system.invalid/saml".to_owned()),
        presentation_name: String::new(),
        cvr,
        oiosaml_profile: version,
        required_level: level,
        attribute_profile,
        assertion_consumers: vec![IndexedEndpoint {
            endpoint: Endpoint {
                binding: names::binding::POST.to_owned(),
                location: acs.unwrap_or("https://system.invalid/acs").to_owned(),
                response_location: None,
            },
            index: asked
                .and_then(|asked| {
                    asked
                        .root()
                        .attribute("AssertionConsumerServiceIndex")?
                        .parse()
                        .ok()
                })
                .unwrap_or(0),
            is_default: Some(true),
        }],
        default_acs: 0,
        single_logout: Vec::new(),
        signing_keys: Vec::new(),
        former_keys: Vec::new(),
        valid_until: None,
        encryption: response
            .filter(|response| response.is_encrypted())
            .and_then(|_| recipient()),
        generation: Generation::Two,
        role_mappings: std::sync::Arc::default(),
    }
}

/// Of a RequesterID in the old form, what it says of the system.
fn requester(login: &Login<'_>) -> (Cvr, String) {
    let stated = login.request.and_then(|seen| {
        let scoping = seen.message.root().child(SAMLP, "Scoping")?;
        let text = scoping.child(SAMLP, "RequesterID")?.text()?.into_owned();
        let (cvr, app) = text
            .strip_prefix("ServiceProvider:CVR:")?
            .split_once(":APP:")?;
        Some((Cvr::parse(cvr)?, app.to_owned()))
    });
    stated.unwrap_or_else(|| {
        let nobody = Cvr::parse("00000000").expect("eight digits");
        (nobody, "system".to_owned())
    })
}

/// What the hub encrypts with where metadata names no algorithm.
fn recipient() -> Option<Recipient> {
    let pair = pki::pair("sagssystem").ok()?;
    Some(Recipient {
        key: pair.signing.public(),
        cipher: BlockCipher::Aes256Gcm,
        transport: KeyTransport {
            xmlenc11: true,
            digest: Digest::Sha256,
            mgf: Digest::Sha256,
        },
    })
}
