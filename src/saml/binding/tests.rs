use super::fields::escape_into;
use super::*;
use crate::dsig::{Policy, SigningKey, verify_query};
use crate::xml::{Canonical, Element, SAMLP};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use std::io::Write as _;

fn message() -> Canonical {
    Element::new(SAMLP, "AuthnRequest")
        .attr("ID", "_a")
        .text("æøå >> ?? ~~")
        .render()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut stream = DeflateEncoder::new(Vec::new(), Compression::fast());
    stream
        .write_all(bytes)
        .and_then(|()| stream.finish())
        .expect("in memory")
}

fn escaped(value: &[u8]) -> String {
    let mut out = String::new();
    escape_into(&mut out, value);
    out
}

/// A value of SAMLRequest that is good.
fn good() -> String {
    escaped(STANDARD.encode(deflated(b"<a/>")).as_bytes())
}

fn in_query(deflated: &[u8]) -> String {
    format!(
        "SAMLRequest={}",
        escaped(STANDARD.encode(deflated).as_bytes())
    )
}

fn query_of(outbound: Outbound) -> (String, String) {
    let Outbound::Redirect { url } = outbound else {
        panic!("a redirect")
    };
    let (address, query) = url.split_once('?').expect("a query");
    (address.to_owned(), query.to_owned())
}

#[test]
fn redirect_round_trip() {
    for state in [None, Some(""), Some("handle&nsis=Høj +%/=")] {
        let sent = redirect(
            "https://idp.example/sso",
            MessageField::Request,
            &message(),
            state,
            None,
        );
        let (address, query) = query_of(sent);
        assert_eq!(address, "https://idp.example/sso");
        let received = decode_redirect(&query).expect("our own");
        assert_eq!(received.xml, message().as_bytes());
        assert_eq!(received.relay_state.as_deref(), state);
        assert_eq!(
            (received.binding, received.field),
            (Binding::Redirect, MessageField::Request)
        );
        assert_eq!(received.query_signature, None);
    }
}

#[test]
fn a_signed_redirect_verifies_over_what_was_received() {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
    let made = EcKey::generate(&group)
        .and_then(PKey::from_ec_key)
        .expect("a key");
    let pem = made.private_key_to_pem_pkcs8().expect("PEM");
    let key = SigningKey::parse(&pem, None).expect("our key");
    let state = Some("a b&c");
    let destination = "https://idp.example/sso?tenant=1";
    let sent = redirect(
        destination,
        MessageField::Request,
        &message(),
        state,
        Some(&key),
    );
    let (_, query) = query_of(sent);
    let verdict = |query: &str| {
        let signed = decode_redirect(query)
            .expect("readable")
            .query_signature
            .expect("signed");
        let (octets, algorithm) = (&signed.octets, &signed.algorithm);
        verify_query(
            octets,
            algorithm,
            &signed.value,
            &[key.public()],
            Policy::Modern,
        )
        .map(|(index, _)| index)
    };
    assert_eq!(verdict(&query), Ok(0));
    let mut parts: Vec<_> = query.split('&').collect();
    parts.reverse();
    assert_eq!(verdict(&parts.join("&")), Ok(0));
    assert!(verdict(&query.replace("a%20b", "a+b")).is_err());
    assert!(verdict(&query.replace("SAMLRequest", "SAMLResponse")).is_err());
}

#[test]
fn destinations_with_a_query_or_a_fragment() {
    for (destination, start, end) in [
        ("https://a/b?c=d", "https://a/b?c=d&SAMLResponse=", ""),
        ("https://a/b?", "https://a/b?SAMLResponse=", ""),
        ("https://a/b?c&", "https://a/b?c&SAMLResponse=", ""),
        ("https://a/b#c?d", "https://a/b?SAMLResponse=", "#c?d"),
    ] {
        let Outbound::Redirect { url } =
            redirect(destination, MessageField::Response, &message(), None, None)
        else {
            panic!("a redirect")
        };
        assert!(url.starts_with(start) && url.ends_with(end), "{url}");
    }
}

#[test]
fn post_round_trip() {
    let Outbound::Post {
        action,
        field,
        message: encoded,
        relay_state,
    } = post(
        "https://sp.example/acs",
        MessageField::Response,
        &message(),
        Some("a b\"+"),
    )
    else {
        panic!("a form")
    };
    assert_eq!(action, "https://sp.example/acs");
    let state = relay_state.expect("RelayState");
    let body = format!(
        "{}={}&RelayState={}",
        field.name(),
        escaped(encoded.as_bytes()),
        escaped(state.as_bytes())
    );
    let received = decode_post(body.as_bytes()).expect("our own");
    assert_eq!(received.xml, message().as_bytes());
    assert_eq!(received.relay_state.as_deref(), Some("a b\"+"));
    assert_eq!(
        (received.binding, received.field),
        (Binding::Post, MessageField::Response)
    );
}

#[test]
fn signed_octets_are_kept_as_received_and_put_in_order() {
    // Lower-case digits, escapes that were not needed and a foreign parameter, in the wrong order.
    let message = good().to_lowercase_escapes();
    let query =
        format!("x=%zz&Signature=AQID&SigAlg=urn%3aA&RelayState=%61+b&SAMLRequest={message}&&y");
    let signature = decode_redirect(&query)
        .expect("good")
        .query_signature
        .expect("signed");
    assert_eq!(
        signature.octets,
        format!("SAMLRequest={message}&RelayState=%61+b&SigAlg=urn%3aA").into_bytes()
    );
    assert_eq!(
        (signature.algorithm.as_str(), signature.value.as_slice()),
        ("urn:A", &[1, 2, 3][..])
    );
    let without_state =
        decode_redirect(&format!("SAMLResponse={message}&SigAlg=A&Signature=AQID")).expect("good");
    assert_eq!(without_state.field, MessageField::Response);
    assert_eq!(
        without_state.query_signature.expect("signed").octets,
        format!("SAMLResponse={message}&SigAlg=A").into_bytes()
    );
}

trait LowerCaseEscapes {
    fn to_lowercase_escapes(&self) -> String;
}

impl LowerCaseEscapes for String {
    fn to_lowercase_escapes(&self) -> String {
        self.replace("%2B", "%2b")
            .replace("%2F", "%2f")
            .replace("%3D", "%3d")
    }
}

#[test]
fn parameters_of_a_redirect() {
    let good = good();
    for (query, expected) in [
        (String::new(), BindingError::NoMessage),
        (
            "samlrequest=x&RelayState=y".to_owned(),
            BindingError::NoMessage,
        ),
        (
            format!("SAMLRequest={good}&SAMLRequest={good}"),
            BindingError::Ambiguous("SAMLRequest"),
        ),
        (
            format!("SAMLRequest={good}&RelayState=a&RelayState=a"),
            BindingError::Ambiguous("RelayState"),
        ),
        (
            format!("SAMLRequest={good}&SigAlg=a&SigAlg=b&Signature="),
            BindingError::Ambiguous("SigAlg"),
        ),
        (
            format!("SAMLRequest={good}&Signature&Signature&SigAlg="),
            BindingError::Ambiguous("Signature"),
        ),
        (
            format!("SAMLRequest={good}&SAMLEncoding=a&SAMLEncoding=a"),
            BindingError::Ambiguous("SAMLEncoding"),
        ),
        (
            format!("SAMLRequest={good}&SAML%52equest={good}"),
            BindingError::Encoding("SAMLRequest"),
        ),
        (
            format!("SAMLRequest={good}&SigAlg=a"),
            BindingError::Parameters("SigAlg without Signature"),
        ),
        (
            format!("SAMLRequest={good}&Signature=AQID"),
            BindingError::Parameters("Signature without SigAlg"),
        ),
        (
            format!("SAMLRequest={good}&SAMLEncoding=x"),
            BindingError::Parameters("SAMLEncoding is not DEFLATE"),
        ),
        (
            format!("SAMLRequest={good}&SigAlg=%ff&Signature=AQID"),
            BindingError::Encoding("SigAlg"),
        ),
        (
            format!("SAMLRequest={good}&SigAlg=a&Signature=AQI"),
            BindingError::Encoding("Signature"),
        ),
        (
            format!("SAMLRequest={good}%4"),
            BindingError::Encoding("SAMLRequest"),
        ),
        (
            format!("SAMLRequest={good}%zz"),
            BindingError::Encoding("SAMLRequest"),
        ),
    ] {
        assert_eq!(decode_redirect(&query), Err(expected), "{query}");
    }
    let both = decode_redirect(&format!("SAMLRequest={good}&SAMLResponse={good}"));
    assert!(matches!(both, Err(BindingError::Ambiguous(_))));
    let encoding = escaped(b"urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE");
    assert!(decode_redirect(&format!("SAMLRequest={good}&SAMLEncoding={encoding}")).is_ok());
}

#[test]
fn base64_is_strict() {
    let body = |value: &str| {
        decode_post(format!("SAMLResponse={value}").as_bytes()).map(|decoded| decoded.xml)
    };
    for good in [
        "PGEvPg%3D%3D",
        "PGEvPg==",
        "PGEv%0D%0APg%3D%3D%0D%0A",
        "%20%20PGEv%0A%09++Pg==+",
        "PGEv+%0APg==",
    ] {
        assert_eq!(body(good), Ok(b"<a/>".to_vec()), "{good}");
    }
    assert_eq!(body("Pj4%2B"), Ok(b">>>".to_vec()));
    for bad in [
        "PGEvPg",
        "PGEvPg=",
        "PGEvPh==",
        "PGEv*Pg==",
        "PGEvPg==PGEvPg==",
        "PGEv-Pg_",
        "%00PGEvPg==",
        // A `+` that was not escaped is a space; between other letters it must not vanish.
        "Pj4+",
        "PGEv+Pg==",
        "PGEv++++Pg==",
        "PGEv%20Pg==",
        "PGEv%09+Pg==",
    ] {
        assert_eq!(
            body(bad),
            Err(BindingError::Encoding("SAMLResponse")),
            "{bad}"
        );
    }
    let value = STANDARD.encode(deflated(b"<a/>"));
    let (head, tail) = value.split_at(4);
    let query = |between: &str| {
        decode_redirect(&format!(
            "SAMLRequest={}{between}{}",
            escaped(head.as_bytes()),
            escaped(tail.as_bytes())
        ))
    };
    assert!(query("%0D%0A").is_ok());
    for bad in ["%20", "+", "%09"] {
        assert_eq!(
            query(bad),
            Err(BindingError::Encoding("SAMLRequest")),
            "{bad}"
        );
    }
}

#[test]
fn relay_state_is_text() {
    let good = good();
    let state = |value: &str| {
        decode_redirect(&format!("SAMLRequest={good}&RelayState={value}")).map(|d| d.relay_state)
    };
    assert_eq!(state("a+b%20%C3%A6"), Ok(Some("a b æ".to_owned())));
    let longest = "x".repeat(MAX_RELAY_STATE);
    assert_eq!(state(&longest), Ok(Some(longest.clone())));
    for bad in [
        "%ff",
        "a%0D%0ASet-Cookie:",
        "%00",
        "%7F",
        "%C2%85",
        &format!("{longest}x"),
        &"%41".repeat(MAX_RELAY_STATE + 1),
    ] {
        assert_eq!(state(bad), Err(BindingError::RelayState), "{bad}");
    }
}

#[test]
fn deflate_is_complete_and_bounded() {
    let small = deflated(b"<a/>");
    assert!(decode_redirect(&in_query(&small)).is_ok());
    let mut trailing = small.clone();
    trailing.push(0);
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(b"<a/>").expect("in memory");
    for bad in [
        Vec::new(),
        small[..small.len() - 1].to_vec(),
        trailing,
        b"<a/>".to_vec(),
        zlib.finish().expect("in memory"),
        deflated(&vec![b'a'; 40_000])[..20].to_vec(),
    ] {
        assert_eq!(
            decode_redirect(&in_query(&bad)),
            Err(BindingError::Deflate),
            "{bad:?}"
        );
    }
    for length in [1023, 1024, 1025, MAX_XML - 1, MAX_XML] {
        let xml = vec![b'a'; length];
        assert_eq!(
            decode_redirect(&in_query(&deflated(&xml))).map(|decoded| decoded.xml.len()),
            Ok(length)
        );
    }
    for length in [MAX_XML + 1, 20 * MAX_XML] {
        let bomb = deflated(&vec![b'a'; length]);
        assert!(
            matches!(
                decode_redirect(&in_query(&bomb)),
                Err(BindingError::TooLarge(_))
            ),
            "{length}"
        );
    }
    let long = "A".repeat(MAX_ENCODED + 4);
    assert!(matches!(
        decode_redirect(&format!("SAMLRequest={long}")),
        Err(BindingError::TooLarge("SAMLRequest"))
    ));
    assert!(matches!(
        decode_post(format!("SAMLRequest={long}").as_bytes()),
        Err(BindingError::TooLarge(_))
    ));
}

#[test]
fn forms_with_other_fields() {
    let form = b"SigAlg=a&submit=Forts%C3%A6t&SAMLRequest=PGEvPg==&%ff=%";
    let received = decode_post(form).expect("good");
    assert_eq!(
        (received.field, received.query_signature),
        (MessageField::Request, None)
    );
    assert!(matches!(
        decode_post(b"SAMLRequest=PGEvPg==&SAMLResponse=PGEvPg=="),
        Err(BindingError::Ambiguous(_))
    ));
    assert_eq!(decode_post(b""), Err(BindingError::NoMessage));
}
