//! Recorded messages, as the hub reads them; masked ones are signed anew by stand-ins.

use crate::dsig::{self, Place, SigningKey};
use crate::hub::Exchange;
use crate::saml::binding::decode_redirect;
use crate::saml::response::Content;
use crate::saml::{Assertion, AuthnRequest, Binding, Decoded, MessageField, Response};
use crate::xml::{DS, Document, SAML};

/// The message as it came.
pub(super) fn recorded(exchange: &Exchange, field: MessageField) -> Decoded {
    let query = exchange
        .query
        .as_deref()
        .filter(|_| exchange.binding == Binding::Redirect);
    if let Some(decoded) = query.and_then(|query| decode_redirect(query).ok())
        && decoded.xml == exchange.xml.as_bytes()
    {
        return decoded;
    }
    plain(exchange, field, exchange.xml.clone())
}

/// A Response whose assertion nobody can decrypt here, with the assertion that the bundle has in clear in its place. The
/// assertion's own signature is as good as before; one of the envelope is not.
pub(super) fn opened(exchange: &Exchange) -> Option<Decoded> {
    let clear = exchange.decrypted.as_deref()?;
    let clear = match clear.starts_with("<?") {
        true => clear.split_once("?>")?.1,
        false => clear,
    };
    let xml = &exchange.xml;
    let start = xml[..xml.find("EncryptedAssertion")?].rfind('<')?;
    let last = xml.rfind("EncryptedAssertion")?;
    let end = last + xml[last..].find('>')? + 1;
    let xml = [&xml[..start], clear, &xml[end..]].concat();
    Some(plain(exchange, MessageField::Response, xml))
}

/// A masked request, signed by a stand-in.
pub(super) fn request(exchange: &Exchange, key: &SigningKey) -> Option<Decoded> {
    let document = Document::parse(exchange.xml.as_bytes()).ok()?;
    let request = AuthnRequest::read(document.root()).ok()?;
    let signed = dsig::sign(&request.to_element(), &request.id, Place::AfterIssuer, key);
    let exchange = Exchange {
        binding: Binding::Post,
        ..exchange.clone()
    };
    Some(plain(
        &exchange,
        MessageField::Request,
        signed.as_str().to_owned(),
    ))
}

/// A masked answer, signed by a stand-in where it was signed.
pub(super) fn answer(exchange: &Exchange, key: &SigningKey) -> Option<Decoded> {
    let document = Document::parse(exchange.xml.as_bytes()).ok()?;
    let root = document.root();
    let clear = exchange.decrypted.as_deref();
    let clear = clear.and_then(|clear| Document::parse(clear.as_bytes()).ok());
    let node = clear
        .as_ref()
        .map(Document::root)
        .or_else(|| root.child(SAML, "Assertion"));
    let assertion = node.map(Assertion::read).transpose().ok()?;
    let signs = node.is_some_and(|node| node.child(DS, "Signature").is_some());
    let response = Response::read(root).ok()?;
    let content = assertion.map(|assertion| {
        let element = assertion.to_element();
        Content::Assertion(match signs {
            true => dsig::sign(&element, &assertion.id, Place::AfterIssuer, key),
            false => element.render(),
        })
    });
    let element = response.to_element(content);
    let xml = match root.child(DS, "Signature").is_some() {
        true => dsig::sign(&element, &response.id, Place::AfterIssuer, key),
        false => element.render(),
    };
    Some(plain(
        exchange,
        MessageField::Response,
        xml.as_str().to_owned(),
    ))
}

fn plain(exchange: &Exchange, field: MessageField, xml: String) -> Decoded {
    Decoded {
        binding: exchange.binding,
        field,
        xml: xml.into_bytes(),
        relay_state: exchange.relay_state.clone(),
        query_signature: None,
    }
}
