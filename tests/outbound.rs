//! No message makes the hub open a connection: whatever address stands in it, nobody is asked.

use crate::support::demo::Demo;
use crate::support::raw::base64;
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What could be fetched, with `@` for the address.
const PROLOGS: [&str; 5] = [
    "",
    "<!DOCTYPE r SYSTEM \"@dtd\">",
    "<!DOCTYPE r PUBLIC \"-//X//Y\" \"@dtd\">",
    "<!DOCTYPE r [<!ENTITY x SYSTEM \"@entity\">]>",
    "<!DOCTYPE r [<!ENTITY % x SYSTEM \"@parameter\"> %x;]>",
];
const PARTS: [&str; 12] = [
    "&x;",
    "<?xml-stylesheet href=\"@style\"?>",
    "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"@include\"/>",
    "<samlp:Extensions xml:base=\"@\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"u:x @schema\"/>",
    "<ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"@c14n\"/><ds:SignatureMethod Algorithm=\"@method\"/><ds:Reference URI=\"@reference\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"><x select=\"document('@document')\"/></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\"@digest\"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue><ds:KeyInfo><ds:RetrievalMethod URI=\"@key\"/></ds:KeyInfo></ds:Signature>",
    "<ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/><ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/><ds:Reference URI=\"@reference\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>",
    "<saml:EncryptedAssertion><xenc:EncryptedData><xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"/><ds:KeyInfo><ds:RetrievalMethod URI=\"@key\"/></ds:KeyInfo><xenc:CipherData><xenc:CipherReference URI=\"@cipher\"/></xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>",
    "<saml:Assertion ID=\"_a\" Version=\"2.0\" IssueInstant=\"2026-11-21T12:00:00Z\"><saml:Issuer>@issuer</saml:Issuer><saml:Subject><saml:SubjectConfirmation Method=\"@method\"><saml:SubjectConfirmationData Recipient=\"@recipient\"/></saml:SubjectConfirmation></saml:Subject></saml:Assertion>",
    "<samlp:Scoping><samlp:IDPList><samlp:IDPEntry ProviderID=\"@idp\" Loc=\"@loc\"/><samlp:GetComplete>@complete</samlp:GetComplete></samlp:IDPList></samlp:Scoping>",
    "<samlp:RequestedAuthnContext><saml:AuthnContextDeclRef>@declaration</saml:AuthnContextDeclRef></samlp:RequestedAuthnContext>",
    "<samlp:NameIDPolicy Format=\"@format\" SPNameQualifier=\"@qualifier\"/>",
    "",
];

fn message(root: &str, prolog: &str, part: &str, issuer: &str) -> String {
    format!(
        "{prolog}<samlp:{root} xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
         xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" ID=\"_m\" Version=\"2.0\" \
         IssueInstant=\"2026-11-21T12:00:00Z\" Destination=\"@destination\" Consent=\"@consent\" \
         AssertionConsumerServiceURL=\"@acs\"><saml:Issuer>{issuer}</saml:Issuer>{part}\
         <samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>\
         </samlp:{root}>"
    )
}

/// The status line of the answer.
async fn send(port: u16, path: &str, body: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port))
        .await
        .unwrap();
    let head = match body {
        "" => format!(
            "GET {path} HTTP/1.1\r\nHost: hub.localhost:{port}\r\nConnection: close\r\n\r\n"
        ),
        body => format!(
            "POST {path} HTTP/1.1\r\nHost: hub.localhost:{port}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            body.len()
        ),
    };
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn no_message_makes_the_hub_open_a_connection() {
    let demo = Demo::start().await;
    let port = url::Url::parse(&demo.url("hub", "/"))
        .unwrap()
        .port()
        .unwrap();
    let bait = TcpListener::bind("127.0.0.1:0").unwrap();
    bait.set_nonblocking(true).unwrap();
    let address = bait.local_addr().unwrap();
    let place = |text: &str| text.replace('@', &format!("http://{address}/"));
    let known = [
        demo.entity_id("sagssystem"),
        demo.entity_id("eksempelstrup"),
        "@issuer".to_owned(),
    ];
    let mut sent = 0;
    for prolog in PROLOGS {
        for part in PARTS {
            for issuer in &known {
                let response = place(&message("Response", prolog, part, issuer));
                let request = place(&message("AuthnRequest", prolog, part, issuer));
                for (path, field, xml) in [
                    ("/runtime/saml2auth/consume.idp", "SAMLResponse", &response),
                    ("/runtime/saml2/issue.idp", "SAMLRequest", &request),
                ] {
                    let mut form = url::form_urlencoded::Serializer::new(String::new());
                    form.append_pair(field, &base64(xml.as_bytes()));
                    form.append_pair("RelayState", &place("@relay"));
                    let status = send(port, path, &form.finish()).await;
                    assert!(status.starts_with("HTTP/1.1 4"), "{status}: {xml}");
                    sent += 1;
                }
            }
        }
    }
    // A query that names it too.
    send(
        port,
        &format!("/runtime/saml2/issue.idp?SAMLRequest=http%3A%2F%2F{address}%2F"),
        "",
    )
    .await;
    assert!(sent > 300, "{sent}");
    let nobody = bait
        .accept()
        .expect_err("a message made the hub ask for what it names");
    assert_eq!(nobody.kind(), ErrorKind::WouldBlock);
    // The bait would have noticed.
    let _knock = TcpStream::connect(address).unwrap();
    assert!(bait.accept().is_ok());
}
