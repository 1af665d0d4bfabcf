//! Entries of user-facing systems.

use super::encryption::{self, NoEncryption};
use super::kind::{
    ENCRYPTION_OVERRIDE, GENERATION, LEVEL_NOT_ALLOWED, METADATA_WRONG_ROLE, MISSING_LEVEL,
    NO_ENCRYPTION_KEY, NO_ENCRYPTION_METHOD, NO_POST_ACS, UNENCRYPTED,
};
use super::load::Circumstances;
use super::party::{self, Found, Party};
use super::problem::Sink;
use super::{File, UserFacingSystemEntry, keys, persona};
use crate::dsig::{BlockCipher, Recipient};
use crate::hub::federation::Generation;
use crate::hub::{Actor, UserFacingSystem};
use crate::oiosaml::{Level, OiosamlVersion};
use crate::saml::metadata::{IndexedEndpoint, SpRole};
use crate::saml::names::binding;
use time::{Date, Month};

/// The systems that can be used; problems of the others.
pub(super) fn read(
    sink: &mut Sink<'_>,
    file: &File,
    at: Circumstances<'_>,
) -> Vec<UserFacingSystem> {
    sink.party = Actor::System;
    file.user_facing_systems
        .iter()
        .filter_map(|entry| one(sink, entry.get_ref(), at))
        .collect()
}

fn one(
    sink: &mut Sink<'_>,
    entry: &UserFacingSystemEntry,
    at: Circumstances<'_>,
) -> Option<UserFacingSystem> {
    if let Some(demo) = &entry.demo {
        persona::check_demo(sink, demo.get_ref());
    }
    let required_level = level(sink, entry);
    let generation = generation(sink, entry);
    let over = override_of(sink, entry);
    let party = Party {
        name: &entry.name,
        id: entry.id.as_ref(),
        saml_metadata: entry.saml_metadata.as_ref(),
        saml_metadata_url: entry.saml_metadata_url.as_ref(),
        invented: entry.demo.as_ref().map(|demo| (demo.span(), "demo")),
    };
    let found = party::metadata(sink, &party, at)?;
    let Some(role) = &found.entity.sp else {
        let what = format!(
            "the metadata of `{}` has no SPSSODescriptor for SAML 2.0",
            entry.name.get_ref()
        );
        sink.add(
            METADATA_WRONG_ROLE,
            Some(found.span.clone()),
            what,
            "metadata of an identity provider, perhaps? Ask the supplier for the system's",
        );
        return None;
    };
    let acs = role.assertion_consumer.iter().map(|acs| &acs.endpoint);
    party::check_endpoints(sink, &found.span, acs.chain(&role.single_logout));
    let (assertion_consumers, default_acs) = consumers(role);
    if assertion_consumers.is_empty() {
        let what = format!(
            "the metadata of `{}` has no AssertionConsumerService with HTTP-POST",
            entry.name.get_ref()
        );
        sink.add(
            NO_POST_ACS,
            Some(found.span.clone()),
            what,
            "assertions travel by POST only",
        );
    }
    let signing_keys = keys::signing(sink, &found.span, &role.keys, at, found.shipped);
    let encryption = encryption(sink, entry, &found, role, over);
    if let Some(recipient) = &encryption
        && !found.shipped
    {
        keys::recipient(sink, &found.span, &recipient.key, at, &signing_keys);
    }
    Some(UserFacingSystem {
        name: entry.name.get_ref().clone(),
        id: found.entity.entity_id.clone(),
        presentation_name: entry
            .presentation_name
            .clone()
            .unwrap_or_else(|| entry.name.get_ref().clone()),
        cvr: entry.cvr.get_ref().clone(),
        oiosaml_profile: *entry.oiosaml_profile.get_ref(),
        required_level: required_level?,
        attribute_profile: entry.attribute_profile,
        assertion_consumers,
        default_acs,
        single_logout: role.single_logout.clone(),
        valid_until: found.entity.valid_until,
        former_keys: keys::former(sink, &entry.rotated_out, &signing_keys, at),
        signing_keys,
        encryption,
        generation: generation?,
        role_mappings: std::sync::Arc::default(),
    })
}

/// CH.json: an OIOSAML2 system has AssuranceLevel and no NSISAssuranceLevel; an OIOSAML3 system has one of both.
fn level(sink: &mut Sink<'_>, entry: &UserFacingSystemEntry) -> Option<Level> {
    let (nist, nsis) = (
        entry.assurance_level.as_ref(),
        entry.nsis_assurance_level.as_ref(),
    );
    let name = entry.name.get_ref();
    match (entry.oiosaml_profile.get_ref(), nist, nsis) {
        (OiosamlVersion::V2, _, Some(level)) => {
            let what = format!("`{name}` is registered as OIOSAML2 and cannot need an NSIS level");
            sink.add(
                LEVEL_NOT_ALLOWED,
                Some(level.span()),
                what,
                "give assurance_level = 1–4, or register it as OIOSAML3",
            );
            None
        }
        (OiosamlVersion::V2, None, None) => {
            let what = format!("`{name}` is registered as OIOSAML2 and has no assurance_level");
            sink.add(
                MISSING_LEVEL,
                Some(entry.name.span()),
                what,
                "add assurance_level = 1, 2, 3 or 4",
            );
            None
        }
        (OiosamlVersion::V3, None, None) => {
            let what = format!("`{name}` needs no level at all");
            sink.add(MISSING_LEVEL, Some(entry.name.span()), what, "add nsis_assurance_level = \"Low\", \"Substantial\" or \"High\", or assurance_level = 1, 2, 3 or 4");
            None
        }
        (OiosamlVersion::V3, _, Some(level)) => Some(Level::Nsis(*level.get_ref())),
        (_, Some(level), None) => Some(Level::Nist(*level.get_ref())),
    }
}

fn generation(sink: &mut Sink<'_>, entry: &UserFacingSystemEntry) -> Option<Generation> {
    let number = entry.generation.as_ref().map(|number| *number.get_ref());
    match (number, &entry.generation_2_from) {
        (Some(1), None) => Some(Generation::One),
        (_, None) => Some(Generation::Two),
        (Some(1), Some(from)) => {
            let date = from.get_ref().date.and_then(|date| {
                let month = Month::try_from(date.month).ok()?;
                Date::from_calendar_date(i32::from(date.year), month, date.day).ok()
            });
            if date.is_none() {
                sink.add(
                    GENERATION,
                    Some(from.span()),
                    format!("{} is no date", from.get_ref()),
                    "for example 2027-03-01",
                );
            }
            date.map(Generation::OneUntil)
        }
        (_, Some(from)) => {
            let what = "generation_2_from is for a system that is in generation 1 until then";
            sink.add(
                GENERATION,
                Some(from.span()),
                what,
                "add generation = 1, or remove the date",
            );
            None
        }
    }
}

/// The consumers with HTTP-POST and which of them is the default one (SAML metadata §2.2.3).
fn consumers(role: &SpRole) -> (Vec<IndexedEndpoint>, usize) {
    let post = role
        .assertion_consumer
        .iter()
        .filter(|acs| acs.endpoint.binding == binding::POST);
    let post: Vec<IndexedEndpoint> = post.cloned().collect();
    let stated = post.iter().position(|acs| acs.is_default == Some(true));
    let unsaid = || post.iter().position(|acs| acs.is_default.is_none());
    let default = stated.or_else(unsaid).unwrap_or(0);
    (post, default)
}

fn override_of(sink: &mut Sink<'_>, entry: &UserFacingSystemEntry) -> encryption::Override {
    let Some(section) = &entry.encryption else {
        return encryption::Override::default();
    };
    encryption::read_override(section.get_ref()).unwrap_or_else(|unknown| {
        for (key, value, possible) in unknown {
            let what = format!("{key} = \"{value}\" is no algorithm that the hub has");
            sink.add(
                ENCRYPTION_OVERRIDE,
                Some(section.span()),
                what,
                format!("possible: {possible}"),
            );
        }
        encryption::Override::default()
    })
}

fn encryption(
    sink: &mut Sink<'_>,
    entry: &UserFacingSystemEntry,
    found: &Found,
    role: &SpRole,
    over: encryption::Override,
) -> Option<Recipient> {
    let name = entry.name.get_ref();
    if let Some(section) = entry
        .encryption
        .as_ref()
        .filter(|section| !section.get_ref().encrypt)
    {
        let what =
            format!("everything about the users of `{name}` goes through their browsers in clear");
        sink.add(
            UNENCRYPTED,
            Some(section.span()),
            what,
            "ask the supplier for metadata with an encryption key",
        );
        return None;
    }
    let why = match encryption::choose(&role.keys, over) {
        Ok(recipient) => return Some(recipient),
        Err(why) => why,
    };
    let span = Some(found.span.clone());
    match why {
        NoEncryption::Key(unusable) => {
            let why = if unusable.is_empty() {
                "there is none".to_owned()
            } else {
                unusable.join("; ")
            };
            let what = format!("no encryption key in the metadata of `{name}` can be used: {why}");
            sink.add(NO_ENCRYPTION_KEY, span, what, "ask the supplier for one; to send assertions in clear, add [user_facing_system.encryption] with encrypt = false");
        }
        NoEncryption::Cipher(listed) => {
            let what = format!(
                "the metadata of `{name}` lists only ciphers that are not allowed: {}",
                listed.join(", ")
            );
            // The first of them that the hub has; 3DES it has not.
            let known = listed
                .iter()
                .find(|uri| BlockCipher::from_uri(uri).is_some());
            let help = match known {
                Some(cbc) => format!(
                    "ask the supplier for AES-GCM; to send CBC all the same, {}",
                    override_line(entry, "cipher", cbc)
                ),
                None => "ask the supplier for AES-GCM".to_owned(),
            };
            sink.add(NO_ENCRYPTION_METHOD, span, what, help);
        }
        NoEncryption::Transport(listed) => {
            let what = format!(
                "the metadata of `{name}` lists only key transports that are not allowed: {}",
                listed.join(", ")
            );
            let help = format!(
                "ask the supplier for RSA-OAEP; if it is supported and not listed, {}",
                override_line(entry, "key_transport", encryption::OAEP_MGF1P)
            );
            sink.add(NO_ENCRYPTION_METHOD, span, what, help);
        }
    }
    None
}

/// What to write, and where: a line to copy.
fn override_line(entry: &UserFacingSystemEntry, key: &str, uri: &str) -> String {
    match &entry.encryption {
        None => format!(
            "add this line to the system, right below its name:\nencryption = {{ {key} = \"{uri}\" }}"
        ),
        Some(_) => format!("add to its `encryption`:\n{key} = \"{uri}\""),
    }
}
