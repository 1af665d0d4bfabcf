//! From XML to [`Assertion`], child by child in the order of the schema.

use super::{Assertion, Attribute, AuthnStatement, Conditions, NameId, SubjectConfirmation};
use crate::saml::SchemaError;
use crate::saml::schema::{
    count, empty, expect, id, instant, is_nil, no_hidden_assertion, refuse, required,
    required_instant, sequence, string, text, token, xsi_type,
};
use crate::xml::{DS, Node, SAML};

impl Assertion {
    /// Reads an `Assertion` element. Element order of the schema is enforced, a signature is skipped.
    pub fn read(element: Node<'_>) -> Result<Self, SchemaError> {
        expect(element, SAML, "Assertion")?;
        no_hidden_assertion(element, false)?;
        let mut children = sequence(element)?;
        let issuer = children.required(SAML, "Issuer")?;
        children.skip_signature()?;
        let subject = match children.optional(SAML, "Subject") {
            Some(subject) => read_subject(subject)?,
            None => (None, Vec::new()),
        };
        let conditions = children
            .optional(SAML, "Conditions")
            .map(Conditions::read)
            .transpose()?;
        // Advice is for others: SAML core §2.6 lets whoever does not understand it ignore it.
        children.optional(SAML, "Advice");
        let mut assertion = Self {
            id: id(element)?,
            version: required(element, "Version")?.to_owned(),
            issue_instant: required_instant(element, "IssueInstant")?,
            issuer: token(issuer)?,
            issuer_format: string(issuer, "Format"),
            name_id: subject.0,
            confirmations: subject.1,
            conditions,
            authn_statements: Vec::new(),
            attributes: Vec::new(),
        };
        // Statements come in any order. AuthzDecisionStatement and Statement are refused by the last line:
        // nobody in the federation sends them, and what they say could not be kept.
        loop {
            if let Some(statement) = children.optional(SAML, "AuthnStatement") {
                assertion
                    .authn_statements
                    .push(AuthnStatement::read(statement)?);
            } else if let Some(statement) = children.optional(SAML, "AttributeStatement") {
                read_attributes(statement, &mut assertion.attributes)?;
            } else {
                break;
            }
        }
        children.end()?;
        Ok(assertion)
    }
}

/// `saml:Subject` (SAML core §2.4.1): an identifier, confirmations, or both, but not nothing.
fn read_subject(
    subject: Node<'_>,
) -> Result<(Option<NameId>, Vec<SubjectConfirmation>), SchemaError> {
    let mut children = sequence(subject)?;
    let mut name_id = None;
    let mut identified = true;
    if let Some(name) = children.optional(SAML, "NameID") {
        name_id = Some(NameId::read(name)?);
    } else {
        identified = children
            .optional(SAML, "EncryptedID")
            .or_else(|| children.optional(SAML, "BaseID"))
            .is_some();
    }
    let mut confirmations = Vec::new();
    while let Some(confirmation) = children.optional(SAML, "SubjectConfirmation") {
        confirmations.push(SubjectConfirmation::read(confirmation)?);
    }
    children.end()?;
    if !identified && confirmations.is_empty() {
        return Err(refuse(subject, |name| format!("{name} is empty")));
    }
    Ok((name_id, confirmations))
}

impl NameId {
    /// Reads `NameID`. The text is kept verbatim: what is in it is for the rules of the federation to judge.
    pub(crate) fn read(node: Node<'_>) -> Result<Self, SchemaError> {
        Ok(Self {
            value: text(node)?,
            format: string(node, "Format"),
            name_qualifier: string(node, "NameQualifier"),
            sp_name_qualifier: string(node, "SPNameQualifier"),
        })
    }
}

impl SubjectConfirmation {
    fn read(node: Node<'_>) -> Result<Self, SchemaError> {
        let mut confirmation = Self {
            method: required(node, "Method")?.to_owned(),
            recipient: None,
            not_before: None,
            not_on_or_after: None,
            in_response_to: None,
        };
        let mut children = sequence(node)?;
        // Who may confirm: has no meaning for bearer, which is the only method that the hub accepts.
        let _ = (children.optional(SAML, "NameID"))
            .or_else(|| children.optional(SAML, "EncryptedID"))
            .or_else(|| children.optional(SAML, "BaseID"));
        if let Some(data) = children.optional(SAML, "SubjectConfirmationData") {
            confirmation.recipient = string(data, "Recipient");
            confirmation.not_before = instant(data, "NotBefore")?;
            confirmation.not_on_or_after = instant(data, "NotOnOrAfter")?;
            confirmation.in_response_to = string(data, "InResponseTo");
            // The schema lets anything stand here. KeyInfo is what holder-of-key has; the rest of the world
            // that ever put something here was attackers.
            let mut inside = sequence(data)?;
            inside.skip_all(DS, "KeyInfo");
            inside.end()?;
        }
        children.end()?;
        Ok(confirmation)
    }
}

impl Conditions {
    /// Reads `Conditions` (SAML core §2.5.1), in which the kinds may come in any order.
    pub(in crate::saml) fn read(node: Node<'_>) -> Result<Self, SchemaError> {
        let mut conditions = Self {
            not_before: instant(node, "NotBefore")?,
            not_on_or_after: instant(node, "NotOnOrAfter")?,
            ..Self::default()
        };
        let mut children = sequence(node)?;
        while let Some(condition) = children.take() {
            if condition.is(SAML, "AudienceRestriction") {
                let audiences = read_audiences(condition)?;
                if audiences.is_empty() {
                    return Err(refuse(condition, |name| format!("{name} has no Audience")));
                }
                conditions.audience_restrictions.push(audiences);
            } else if condition.is(SAML, "OneTimeUse") {
                empty(condition)?;
                // SAML core §2.5.1.5 and §2.5.1.6: not more than one of each.
                if std::mem::replace(&mut conditions.one_time_use, true) {
                    return Err(refuse(condition, |name| format!("a second {name}")));
                }
            } else if condition.is(SAML, "ProxyRestriction") {
                let limit = count(condition, "Count")?;
                if conditions.proxy_restriction.replace(limit).is_some() {
                    return Err(refuse(condition, |name| format!("a second {name}")));
                }
                // Audiences that a proxy may issue to. We have no rule for them, and a restriction that is
                // not understood must not be lost.
                if !read_audiences(condition)?.is_empty() {
                    conditions
                        .unknown
                        .push("ProxyRestriction/Audience".to_owned());
                }
            } else {
                conditions.unknown.push(condition_name(condition));
            }
        }
        Ok(conditions)
    }
}

fn read_audiences(restriction: Node<'_>) -> Result<Vec<String>, SchemaError> {
    let mut children = sequence(restriction)?;
    let mut audiences = Vec::new();
    while let Some(audience) = children.optional(SAML, "Audience") {
        audiences.push(token(audience)?);
    }
    children.end()?;
    Ok(audiences)
}

/// How an unknown condition is called in a report: by its `xsi:type`, which is how `saml:Condition` is
/// extended, else by its own name.
fn condition_name(condition: Node<'_>) -> String {
    match xsi_type(condition) {
        Some(kind) => kind.to_owned(),
        None if condition.is(SAML, "Condition") => "Condition".to_owned(),
        None => format!("{{{}}}{}", condition.namespace(), condition.local()),
    }
}

impl AuthnStatement {
    fn read(node: Node<'_>) -> Result<Self, SchemaError> {
        let mut children = sequence(node)?;
        if let Some(locality) = children.optional(SAML, "SubjectLocality") {
            empty(locality)?;
        }
        let context = children.required(SAML, "AuthnContext")?;
        children.end()?;
        let (class_ref, authenticating_authorities) = read_context(context)?;
        Ok(Self {
            authn_instant: required_instant(node, "AuthnInstant")?,
            session_index: string(node, "SessionIndex"),
            session_not_on_or_after: instant(node, "SessionNotOnOrAfter")?,
            class_ref,
            authenticating_authorities,
        })
    }
}

/// `saml:AuthnContext` (SAML core §2.7.2.2): a class, a declaration or both. Declarations are not read.
fn read_context(context: Node<'_>) -> Result<(Option<String>, Vec<String>), SchemaError> {
    let mut children = sequence(context)?;
    let class_ref = children
        .optional(SAML, "AuthnContextClassRef")
        .map(token)
        .transpose()?;
    let declaration = (children.optional(SAML, "AuthnContextDecl"))
        .or_else(|| children.optional(SAML, "AuthnContextDeclRef"));
    if class_ref.is_none() && declaration.is_none() {
        return Err(refuse(context, |name| {
            format!("{name} has no AuthnContextClassRef")
        }));
    }
    let mut authorities = Vec::new();
    while let Some(authority) = children.optional(SAML, "AuthenticatingAuthority") {
        authorities.push(token(authority)?);
    }
    children.end()?;
    Ok((class_ref, authorities))
}

/// `saml:AttributeStatement` (SAML core §2.7.3). An `EncryptedAttribute` is refused: it would be an attribute
/// that is there and cannot be seen, and OIOSAML encrypts the assertion as a whole.
fn read_attributes(
    statement: Node<'_>,
    attributes: &mut Vec<Attribute>,
) -> Result<(), SchemaError> {
    let mut children = sequence(statement)?;
    attributes.push(Attribute::read(children.required(SAML, "Attribute")?)?);
    while let Some(attribute) = children.optional(SAML, "Attribute") {
        attributes.push(Attribute::read(attribute)?);
    }
    children.end()
}

impl Attribute {
    fn read(node: Node<'_>) -> Result<Self, SchemaError> {
        let mut children = sequence(node)?;
        let mut values = Vec::new();
        while let Some(value) = children.optional(SAML, "AttributeValue") {
            let content = text(value)?;
            if is_nil(value) && !content.is_empty() {
                return Err(refuse(value, |name| format!("{name} is nil and has text")));
            }
            values.push(content);
        }
        children.end()?;
        Ok(Self {
            name: required(node, "Name")?.to_owned(),
            name_format: string(node, "NameFormat"),
            friendly_name: string(node, "FriendlyName"),
            values,
        })
    }
}
