//! From XML to [`Entity`]s.
//!
//! The order of the schema is held, as the real hub's validation does, so that what we read is what any
//! other reader finds. What we do not understand where the schema has room for it is skipped, and never
//! makes a check looser than it would be without.

use super::keys::read_key;
use super::{Endpoint, Entity, IdpRole, IndexedEndpoint, KeyDescriptor, SpRole};
use crate::saml::names::{ASSURANCE_CERTIFICATION, PROTOCOL};
use crate::saml::schema::{
    boolean, expect, instant, ncname, refuse, required, sequence, string, token, unsigned_short,
};
use crate::saml::{SchemaError, schema::Sequence};
use crate::xml::{MD, MDATTR, Node, SAML};
use std::collections::HashSet;
use time::OffsetDateTime;

/// `entityIDType` of the schema: at most so many characters.
const MAX_ENTITY_ID: usize = 1024;

/// Reads `EntityDescriptor` or `EntitiesDescriptor` (nested too) into its entities, in document order.
/// Unknown roles and extensions are skipped: a descriptor that we do not understand never loosens a check.
pub fn read(root: Node<'_>) -> Result<Vec<Entity>, SchemaError> {
    let mut reading = Reading {
        entities: Vec::new(),
        seen: HashSet::new(),
    };
    if root.is(MD, "EntitiesDescriptor") {
        reading.group(root, None)?;
    } else {
        expect(root, MD, "EntityDescriptor")?;
        reading.entity(root, None)?;
    }
    Ok(reading.entities)
}

struct Reading<'d> {
    entities: Vec<Entity>,
    seen: HashSet<&'d str>,
}

impl<'d> Reading<'d> {
    /// `EntitiesDescriptor` (SAML metadata §2.3.1). The reader's depth limit bounds the recursion.
    fn group(&mut self, node: Node<'d>, until: Option<OffsetDateTime>) -> Result<(), SchemaError> {
        let until = earlier(until, instant(node, "validUntil")?);
        let mut children = sequence(node)?;
        children.skip_signature()?;
        children.optional(MD, "Extensions");
        if children.peek().is_none() {
            return Err(refuse(node, |name| format!("{name} is empty")));
        }
        loop {
            if let Some(entity) = children.optional(MD, "EntityDescriptor") {
                self.entity(entity, until)?;
            } else if let Some(group) = children.optional(MD, "EntitiesDescriptor") {
                self.group(group, until)?;
            } else {
                return children.end();
            }
        }
    }

    /// `EntityDescriptor` (SAML metadata §2.3.2).
    fn entity(&mut self, node: Node<'d>, until: Option<OffsetDateTime>) -> Result<(), SchemaError> {
        let entity_id = required(node, "entityID")?;
        if entity_id.is_empty() || entity_id.chars().count() > MAX_ENTITY_ID {
            return Err(refuse(node, |name| {
                format!("the entityID of {name} is empty or too long")
            }));
        }
        if !self.seen.insert(entity_id) {
            return Err(refuse(node, |_| {
                format!("a second descriptor of {entity_id}")
            }));
        }
        let mut entity = Entity {
            entity_id: entity_id.to_owned(),
            id: ncname(node, "ID")?,
            valid_until: earlier(until, instant(node, "validUntil")?),
            idp: None,
            sp: None,
            organization: None,
        };
        let mut children = sequence(node)?;
        children.skip_signature()?;
        let mut assurance = Vec::new();
        if let Some(extensions) = children.optional(MD, "Extensions") {
            read_assurance(extensions, &mut assurance)?;
        }
        read_roles(node, &mut children, &mut entity)?;
        if let Some(organization) = children.optional(MD, "Organization") {
            entity.organization = read_organization(organization)?;
        }
        children.skip_all(MD, "ContactPerson");
        children.skip_all(MD, "AdditionalMetadataLocation");
        children.end()?;
        if let Some(idp) = &mut entity.idp {
            // What stands on the entity holds for its role (SAML metadata extension for entity attributes §2).
            for value in std::mem::take(&mut idp.assurance_certification) {
                push_new(&mut assurance, value);
            }
            idp.assurance_certification = assurance;
        }
        self.entities.push(entity);
        Ok(())
    }
}

/// The roles of an entity. `RoleDescriptor` with an `xsi:type` is what unknown roles look like; it and the
/// roles that no browser login needs are skipped.
fn read_roles<'d, I: Iterator<Item = Node<'d>>>(
    entity_node: Node<'d>,
    children: &mut Sequence<'d, I>,
    entity: &mut Entity,
) -> Result<(), SchemaError> {
    const OTHERS: [&str; 5] = [
        "RoleDescriptor",
        "AuthnAuthorityDescriptor",
        "AttributeAuthorityDescriptor",
        "PDPDescriptor",
        "AffiliationDescriptor",
    ];
    let mut found = false;
    loop {
        if let Some(role) = children.optional(MD, "IDPSSODescriptor") {
            if speaks_saml2(role)? {
                let until = instant(role, "validUntil")?;
                entity.valid_until = earlier(entity.valid_until, until);
                if entity.idp.replace(read_idp(role)?).is_some() {
                    return Err(second_role(role));
                }
            }
        } else if let Some(role) = children.optional(MD, "SPSSODescriptor") {
            if speaks_saml2(role)? {
                let until = instant(role, "validUntil")?;
                entity.valid_until = earlier(entity.valid_until, until);
                if entity.sp.replace(read_sp(role)?).is_some() {
                    return Err(second_role(role));
                }
            }
        } else if OTHERS
            .iter()
            .all(|other| children.optional(MD, other).is_none())
        {
            break;
        }
        found = true;
    }
    if !found {
        return Err(refuse(entity_node, |name| format!("{name} has no role")));
    }
    Ok(())
}

/// Whether the role is for SAML 2.0 (`protocolSupportEnumeration`, a list of URIs).
fn speaks_saml2(role: Node<'_>) -> Result<bool, SchemaError> {
    let protocols = required(role, "protocolSupportEnumeration")?;
    Ok(protocols
        .split([' ', '\t', '\r', '\n'])
        .any(|protocol| protocol == PROTOCOL))
}

/// SAML metadata §2.4.1: roles of one kind must not overlap in the protocols that they support.
fn second_role(role: Node<'_>) -> SchemaError {
    refuse(role, |name| format!("a second {name} for SAML 2.0"))
}

/// What all roles begin with (SAML metadata §2.4.1) and both of ours go on with (§2.4.2).
struct Common {
    keys: Vec<KeyDescriptor>,
    single_logout: Vec<Endpoint>,
    name_id_formats: Vec<String>,
    assurance: Vec<String>,
}

fn read_common<'d, I: Iterator<Item = Node<'d>>>(
    children: &mut Sequence<'d, I>,
) -> Result<Common, SchemaError> {
    let mut common = Common {
        keys: Vec::new(),
        single_logout: Vec::new(),
        name_id_formats: Vec::new(),
        assurance: Vec::new(),
    };
    children.skip_signature()?;
    if let Some(extensions) = children.optional(MD, "Extensions") {
        read_assurance(extensions, &mut common.assurance)?;
    }
    while let Some(key) = children.optional(MD, "KeyDescriptor") {
        common.keys.push(read_key(key)?);
    }
    children.optional(MD, "Organization");
    children.skip_all(MD, "ContactPerson");
    children.skip_all(MD, "ArtifactResolutionService");
    while let Some(service) = children.optional(MD, "SingleLogoutService") {
        common.single_logout.push(read_endpoint(service)?);
    }
    children.skip_all(MD, "ManageNameIDService");
    while let Some(format) = children.optional(MD, "NameIDFormat") {
        common.name_id_formats.push(token(format)?);
    }
    Ok(common)
}

/// `IDPSSODescriptor` (SAML metadata §2.4.3).
fn read_idp(role: Node<'_>) -> Result<IdpRole, SchemaError> {
    let mut children = sequence(role)?;
    let common = read_common(&mut children)?;
    let mut single_sign_on = vec![read_endpoint(
        children.required(MD, "SingleSignOnService")?,
    )?];
    while let Some(service) = children.optional(MD, "SingleSignOnService") {
        single_sign_on.push(read_endpoint(service)?);
    }
    children.skip_all(MD, "NameIDMappingService");
    children.skip_all(MD, "AssertionIDRequestService");
    children.skip_all(MD, "AttributeProfile");
    children.skip_all(SAML, "Attribute");
    children.end()?;
    Ok(IdpRole {
        want_authn_requests_signed: boolean(role, "WantAuthnRequestsSigned")?.unwrap_or(false),
        keys: common.keys,
        single_sign_on,
        single_logout: common.single_logout,
        name_id_formats: common.name_id_formats,
        assurance_certification: common.assurance,
    })
}

/// `SPSSODescriptor` (SAML metadata §2.4.4).
fn read_sp(role: Node<'_>) -> Result<SpRole, SchemaError> {
    let mut children = sequence(role)?;
    let common = read_common(&mut children)?;
    let mut assertion_consumer = vec![read_indexed(
        children.required(MD, "AssertionConsumerService")?,
    )?];
    while let Some(service) = children.optional(MD, "AssertionConsumerService") {
        assertion_consumer.push(read_indexed(service)?);
    }
    children.skip_all(MD, "AttributeConsumingService");
    children.end()?;
    Ok(SpRole {
        authn_requests_signed: boolean(role, "AuthnRequestsSigned")?.unwrap_or(false),
        want_assertions_signed: boolean(role, "WantAssertionsSigned")?.unwrap_or(false),
        keys: common.keys,
        assertion_consumer,
        single_logout: common.single_logout,
        name_id_formats: common.name_id_formats,
    })
}

/// An endpoint (SAML metadata §2.2.2); what other namespaces put into it is theirs.
fn read_endpoint(node: Node<'_>) -> Result<Endpoint, SchemaError> {
    Ok(Endpoint {
        binding: required(node, "Binding")?.to_owned(),
        location: required(node, "Location")?.to_owned(),
        response_location: string(node, "ResponseLocation"),
    })
}

/// An endpoint with an index (SAML metadata §2.2.3).
fn read_indexed(node: Node<'_>) -> Result<IndexedEndpoint, SchemaError> {
    required(node, "index")?;
    Ok(IndexedEndpoint {
        endpoint: read_endpoint(node)?,
        index: unsigned_short(node, "index")?.unwrap_or_default(),
        is_default: boolean(node, "isDefault")?,
    })
}

/// The values of the assurance-certification attribute in `Extensions`.
///
/// Its attributes stand in the assertion namespace, but the real hub writes them in that of the extension
/// (`domain.md` §1.4), so both are read.
fn read_assurance(extensions: Node<'_>, values: &mut Vec<String>) -> Result<(), SchemaError> {
    let ours = |node: Node<'_>, local: &str| node.is(SAML, local) || node.is(MDATTR, local);
    for attributes in extensions
        .elements()
        .filter(|node| node.is(MDATTR, "EntityAttributes"))
    {
        for attribute in attributes
            .elements()
            .filter(|node| ours(*node, "Attribute"))
        {
            if attribute.attribute("Name") != Some(ASSURANCE_CERTIFICATION) {
                continue;
            }
            for value in attribute
                .elements()
                .filter(|node| ours(*node, "AttributeValue"))
            {
                push_new(values, token(value)?);
            }
        }
    }
    Ok(())
}

fn push_new(values: &mut Vec<String>, value: String) {
    if !values.contains(&value) {
        values.push(value);
    }
}

/// `Organization` (SAML metadata §2.3.2.1): the name that people are shown.
fn read_organization(node: Node<'_>) -> Result<Option<String>, SchemaError> {
    node.child(MD, "OrganizationDisplayName")
        .map(token)
        .transpose()
}

fn earlier(one: Option<OffsetDateTime>, other: Option<OffsetDateTime>) -> Option<OffsetDateTime> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
