//! Captures as an enemy, and as nobody, would write them.

use super::*;
use proptest::prelude::*;

fn read(bytes: &[u8]) -> Result<Capture, Unreadable> {
    capture::read(File { name: "x", bytes }, &[], &mut Masker::default())
}

#[test]
fn what_is_no_capture_is_told_as_such() {
    for (bytes, expected) in [
        (&b""[..], None),
        (b"{\"a\":1}", Some(Unreadable::UnknownJson)),
        (
            b"{\"log\":{\"entries\":[]}}",
            Some(Unreadable::NoMessage(None)),
        ),
        (b"{\"requests\":[]}", Some(Unreadable::NoMessage(None))),
        (b"{\"log\":", None),
        (b"hello", None),
        (b"<a/>", None),
        (b"\xff\xfe", None),
    ] {
        let Err(error) = read(bytes) else {
            panic!("{bytes:?}")
        };
        if let Some(expected) = expected {
            assert_eq!(error, expected);
        }
    }
    let deep = format!("{{\"log\":{}", "[".repeat(100_000));
    assert!(matches!(read(deep.as_bytes()), Err(Unreadable::Json(_))));
    let huge = vec![b' '; capture::MAX_CAPTURE + 1];
    assert!(matches!(read(&huge), Err(Unreadable::TooLarge)));
}

#[test]
fn what_is_too_much_is_told() {
    let message = |number| {
        format!("<Response xmlns=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_{number}\"/>")
    };
    let log = |messages| {
        let requests: Vec<_> = (0..messages)
            .map(|number| serde_json::json!({"method": "POST", "saml": message(number)}))
            .collect();
        serde_json::json!({ "requests": requests }).to_string()
    };
    let all = read(log(500).as_bytes()).unwrap();
    assert_eq!((all.messages.len(), &all.unreadable[..]), (500, &[][..]));
    let first = read(log(501).as_bytes()).unwrap();
    assert_eq!(first.messages.len(), 500);
    assert_eq!(
        first.unreadable,
        ["more than 500 messages: the rest was not read"]
    );
}

/// A log with these addresses and bodies.
fn logs(parts: &[(String, String)]) -> [String; 2] {
    let har: Vec<_> = parts
        .iter()
        .map(|(query, body)| {
            serde_json::json!({"request": {"method": "POST", "url": format!("https://h.example/?{query}"),
                "postData": {"text": body}}})
        })
        .collect();
    let traced: Vec<_> = parts
        .iter()
        .map(|(query, body)| {
            serde_json::json!({"method": "GET", "url": format!("https://h.example/?{query}"),
                "post": [["SAMLResponse", body]], "saml": body})
        })
        .collect();
    [
        serde_json::json!({"log": {"entries": har}}).to_string(),
        serde_json::json!({"requests": traced}).to_string(),
    ]
}

/// Pieces of messages, whole and broken.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(
            "<Response xmlns=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"a\" Destination=\"x\""
                .to_owned()
        ),
        Just("<AuthnRequest xmlns=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"b\"".to_owned()),
        Just("<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">".to_owned()),
        Just("/>".to_owned()),
        Just(">".to_owned()),
        Just("</Response>".to_owned()),
        Just("SAMLRequest=".to_owned()),
        Just("SAMLResponse=%41&RelayState=ø".to_owned()),
        "[ -~æøå%&=<>\"]{0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a file, it is read or refused; and what was read can be compared.
    #[test]
    fn no_capture_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), pieces in prop::collection::vec(piece(), 0..8)) {
        let _ = read(&bytes);
        let text = pieces.concat();
        let parts = [(format!("SAMLRequest={text}"), format!("SAMLResponse={text}")), (text.clone(), text.clone())];
        let [har, traced] = logs(&parts);
        for bytes in [text.as_bytes(), har.as_bytes(), traced.as_bytes()] {
            let mut masker = Masker::default();
            if let Ok(capture) = capture::read(File { name: "x", bytes }, &[], &mut masker) {
                let told = calibrate(&[capture], &Known::default(), &crate::hub::Settings::default(), &mut masker);
                report::json(&told).unwrap();
                report::human(&told);
            }
        }
    }

    /// Masking keeps nothing of a name.
    #[test]
    fn a_name_is_never_kept(name in "[A-Z][a-zæøå]{7,12} [A-Z][a-zæøå]{7,12}(, ph\\.d\\.)?") {
        let xml = format!("<Response xmlns=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"a\" Other=\"{name}\"><Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"b\"><Subject><NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName\">C=DK,O=11111111,CN={name},Serial=1</NameID></Subject><AttributeStatement><Attribute Name=\"x\"><AttributeValue>{name}</AttributeValue></Attribute></AttributeStatement></Assertion></Response>");
        let capture = read(xml.as_bytes()).unwrap();
        let kept = capture.messages[0].xml.source();
        let first = name.split(' ').next().unwrap();
        prop_assert!(!kept.contains(first), "{}", kept);
    }
}
