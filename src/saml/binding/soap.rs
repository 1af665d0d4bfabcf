//! SOAP (SAML bindings §3.2): a message in the body of an envelope of SOAP 1.1, without a browser.

use super::{Binding, BindingError, Decoded, MAX_XML, MessageField};
use crate::xml::{Canonical, Document, Node, SAMLP, canonical};

/// Content type of an envelope (SOAP 1.1 §6).
pub const CONTENT_TYPE: &str = "text/xml; charset=utf-8";
/// SOAPAction of a request (SAML bindings §3.2.3.1).
pub const ACTION: &str = "http://www.oasis-open.org/committees/security";

/// Namespace of SOAP 1.1.
const ENV: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// Reads the only message in the body of an envelope: its bytes as a document of their own, so that what is judged is
/// the message and nothing around it. The field says whether its root element is a request or a response.
///
/// The message is cut out by exclusive canonicalisation, which is what its own signature was made over: what it declares
/// and uses comes along, and nothing of the envelope does (Exclusive C14N §2). A signature that counts on more of its
/// surroundings, by a list of prefixes, does not fit any more and is refused.
pub fn decode(body: &[u8]) -> Result<Decoded, BindingError> {
    if body.len() > MAX_XML {
        return Err(BindingError::TooLarge("the envelope"));
    }
    let document = Document::parse(body).map_err(|_| BindingError::Envelope("no XML"))?;
    let message = message(document.root())?;
    let field = match message.local() {
        "LogoutRequest" => MessageField::Request,
        "LogoutResponse" => MessageField::Response,
        _ => return Err(BindingError::NoMessage),
    };
    Ok(Decoded {
        binding: Binding::Soap,
        field,
        xml: canonical(message, None, &[]).into_bytes(),
        relay_state: None,
        query_signature: None,
    })
}

/// The message in the body (SOAP 1.1 §4): one Header at most, and nothing in it that must be understood; then one Body
/// with one element, of the protocol's namespace.
fn message<'d>(root: Node<'d>) -> Result<Node<'d>, BindingError> {
    if !is(root, "Envelope") || root.has_stray_text() {
        return Err(BindingError::Envelope("no Envelope of SOAP 1.1"));
    }
    let mut parts = root.elements().peekable();
    if let Some(header) = parts.next_if(|part| is(*part, "Header")) {
        let mut all = header.elements().flat_map(Node::attributes);
        // SOAP 1.1 §4.2.3: who does not understand it must not go on.
        if all.any(|one| one.namespace == ENV && one.local == "mustUnderstand" && one.value != "0")
        {
            return Err(BindingError::Envelope("a header that must be understood"));
        }
    }
    let body = parts.next().filter(|part| is(*part, "Body"));
    let body = body.ok_or(BindingError::Envelope("no Body"))?;
    if parts.next().is_some() || body.has_stray_text() {
        return Err(BindingError::Envelope("more than one Body"));
    }
    let mut messages = body.elements();
    match (messages.next(), messages.next()) {
        (Some(message), None) if message.namespace() == SAMLP.uri => Ok(message),
        (Some(_), Some(_)) => Err(BindingError::Ambiguous("the message in the Body")),
        _ => Err(BindingError::NoMessage),
    }
}

fn is(node: Node<'_>, local: &str) -> bool {
    node.namespace() == ENV && node.local() == local
}

/// An envelope with the message in its body.
pub fn envelope(message: &Canonical) -> String {
    around(message.as_str())
}

/// A SOAP fault: who is at fault (`Client` or `Server`, SOAP 1.1 §4.4.1), and why, in words.
pub fn fault(code: FaultCode, why: &str) -> String {
    let code = match code {
        FaultCode::Client => "Client",
        FaultCode::Server => "Server",
    };
    let why = why
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    around(&format!(
        "<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>{why}</faultstring></soap:Fault>"
    ))
}

fn around(body: &str) -> String {
    format!("<soap:Envelope xmlns:soap=\"{ENV}\"><soap:Body>{body}</soap:Body></soap:Envelope>")
}

/// Who is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultCode {
    /// The message.
    Client,
    /// The hub.
    Server,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsig::{self, Place, Policy, SigningKey};
    use crate::saml::LogoutRequest;
    use crate::xml::Element;

    const MESSAGE: &str = "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\"></samlp:LogoutRequest>";

    fn wrapped(header: &str, body: &str) -> String {
        format!("<e:Envelope xmlns:e=\"{ENV}\">{header}<e:Body>{body}</e:Body></e:Envelope>")
    }

    #[test]
    fn a_message_comes_out_as_it_went_in() {
        let element = Element::new(SAMLP, "LogoutResponse").attr("ID", "_1");
        let decoded = decode(envelope(&element.render()).as_bytes()).unwrap();
        assert_eq!(decoded.binding, Binding::Soap);
        assert_eq!(decoded.field, MessageField::Response);
        assert_eq!(decoded.xml, element.render().as_str().as_bytes());
        assert_eq!((decoded.relay_state, decoded.query_signature), (None, None));
    }

    /// The prefix of the message is declared around it, and its header is one that nobody need understand.
    #[test]
    fn what_the_envelope_declares_comes_along_where_the_message_uses_it() {
        let envelope = format!(
            "<e:Envelope xmlns:e=\"{ENV}\" xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:unused=\"urn:x\"><e:Header><a e:mustUnderstand=\"0\" xmlns=\"urn:a\"/></e:Header><e:Body> <!-- c --><p:LogoutRequest ID=\"_1\"/></e:Body></e:Envelope>"
        );
        let decoded = decode(envelope.as_bytes()).unwrap();
        assert_eq!(
            String::from_utf8(decoded.xml).unwrap(),
            "<p:LogoutRequest xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\"></p:LogoutRequest>"
        );
        assert_eq!(decoded.field, MessageField::Request);
    }

    #[test]
    fn a_signature_inside_still_fits() {
        let rsa = openssl::rsa::Rsa::generate(2048).unwrap();
        let key = SigningKey::parse(&rsa.private_key_to_pem().unwrap(), None).unwrap();
        let element = LogoutRequest {
            id: "_1".to_owned(),
            version: "2.0".to_owned(),
            issue_instant: time::macros::datetime!(2026-12-01 08:00 UTC),
            destination: None,
            consent: None,
            issuer: Some("https://system.example".to_owned()),
            issuer_format: None,
            reason: None,
            not_on_or_after: None,
            name_id: None,
            session_indexes: vec!["a".to_owned()],
        }
        .to_element();
        let signed = dsig::sign(&element, "_1", Place::AfterIssuer, &key);
        let decoded = decode(envelope(&signed).as_bytes()).unwrap();
        let document = Document::parse(&decoded.xml).unwrap();
        let keys = [key.public()];
        assert!(dsig::verify(document.root(), &keys, Policy::Modern).is_ok());
    }

    #[test]
    fn whatever_else_stands_in_an_envelope_is_refused() {
        let other = MESSAGE.replace("LogoutRequest", "ArtifactResolve");
        let deep = "<a>".repeat(100_000);
        for (why, text) in [
            (
                "two messages",
                wrapped("", &format!("{MESSAGE}{}", MESSAGE.replace("_1", "_2"))),
            ),
            ("none", wrapped("", "")),
            ("text beside it", wrapped("", &format!("x{MESSAGE}"))),
            (
                "in the header",
                wrapped(&format!("<e:Header>{MESSAGE}</e:Header>"), ""),
            ),
            (
                "must be understood",
                wrapped("<e:Header><a e:mustUnderstand=\"1\"/></e:Header>", MESSAGE),
            ),
            ("two headers", wrapped("<e:Header/><e:Header/>", MESSAGE)),
            (
                "two bodies",
                wrapped("", MESSAGE).replace("</e:Envelope>", "<e:Body/></e:Envelope>"),
            ),
            ("an envelope in it", wrapped("", &wrapped("", MESSAGE))),
            ("another message", wrapped("", &other)),
            (
                "of another namespace",
                wrapped("", &MESSAGE.replace("2.0:protocol", "1.1:protocol")),
            ),
            (
                "SOAP 1.2",
                wrapped("", MESSAGE).replace(ENV, "http://www.w3.org/2003/05/soap-envelope"),
            ),
            ("no envelope", MESSAGE.to_owned()),
            (
                "a DTD",
                format!("<!DOCTYPE e:Envelope>{}", wrapped("", MESSAGE)),
            ),
            ("too deep", wrapped("", &deep)),
            ("no XML", "SAMLRequest=abc".to_owned()),
            ("too large", wrapped("", &" ".repeat(MAX_XML))),
        ] {
            assert!(decode(text.as_bytes()).is_err(), "{why}");
        }
        assert!(decode(wrapped("", MESSAGE).as_bytes()).is_ok());
    }

    #[test]
    fn a_fault_says_who_and_why_and_escapes_it() {
        let fault = fault(FaultCode::Client, "1 < 2 & 3");
        let document = Document::parse(fault.as_bytes()).unwrap();
        let mut all = document.root().descendants();
        let said = all.find(|node| node.local() == "faultstring").unwrap();
        assert_eq!(said.text().unwrap(), "1 < 2 & 3");
        assert!(fault.contains("soap:Client"));
        assert!(decode(fault.as_bytes()).is_err());
    }
}
