//! Encryption there and back, in every style of envelope we read, and what is refused.

use crate::dsig::{
    BlockCipher, DecryptError as E, DecryptPolicy as Policy, Decrypted, DecryptionKey, Digest,
    Entropy, KeyTransport, PublicKey, Recipient, decrypt, encrypt, testkeys,
};
use crate::xml::{Canonical, Document, Element, SAML, canonical};

/// Counts; good enough for a test.
struct Counter(u8);

impl Entropy for Counter {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
    }
}

fn key() -> DecryptionKey {
    DecryptionKey::parse(testkeys::get().rsa_pem.as_bytes()).unwrap()
}

fn plain() -> Canonical {
    Element::new(SAML, "Assertion")
        .attr("ID", "_a")
        .text("æ")
        .render()
}

fn sealed(cipher: BlockCipher, transport: KeyTransport) -> String {
    let certificate = testkeys::get().rsa_cert.as_bytes();
    let key = PublicKey::parse(certificate, crate::dsig::Policy::Modern).unwrap();
    let data = encrypt(
        &plain(),
        &Recipient {
            key,
            cipher,
            transport,
        },
        &mut Counter(0),
    );
    Element::new(SAML, "EncryptedAssertion")
        .child(data)
        .render()
        .as_str()
        .to_owned()
}

fn open(source: &str, policy: Policy) -> Result<Decrypted, E> {
    let document = Document::parse(source.as_bytes()).unwrap();
    decrypt(document.root(), &[key()], policy)
}

#[test]
fn every_cipher_and_transport_there_and_back() {
    let digests = [Digest::Sha1, Digest::Sha256, Digest::Sha384, Digest::Sha512];
    for &cipher in BlockCipher::ALL {
        for digest in digests {
            for mgf in digests {
                for xmlenc11 in [false, true] {
                    let transport = KeyTransport {
                        xmlenc11,
                        digest,
                        mgf,
                    };
                    let opened = open(&sealed(cipher, transport), Policy::CbcToo).unwrap();
                    let mgf = if xmlenc11 { mgf } else { Digest::Sha1 };
                    assert_eq!(opened.transport, Some(KeyTransport { mgf, ..transport }));
                    assert_eq!(opened.cipher, cipher);
                    let bytes = canonical(opened.document.root(), None, &[]);
                    assert_eq!(bytes, plain().as_str());
                }
            }
        }
    }
}

fn gcm() -> String {
    sealed(BlockCipher::Aes256Gcm, KeyTransport::OAEP_MGF1P)
}

#[test]
fn envelopes_of_other_products_are_read() {
    let source = gcm();
    let start = source.find("<ds:KeyInfo").unwrap();
    let end = source.find("</ds:KeyInfo>").unwrap() + "</ds:KeyInfo>".len();
    let key_start = source.find("<xenc:EncryptedKey>").unwrap();
    let key_end = source.find("</ds:KeyInfo>").unwrap();
    let encrypted_key = source[key_start..key_end].replace(
        "<xenc:EncryptedKey>",
        "<xenc:EncryptedKey xmlns:xenc='http://www.w3.org/2001/04/xmlenc#' Id='_k' Recipient='sp'>",
    );
    let retrieval = "<ds:KeyInfo xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><ds:RetrievalMethod Type='http://www.w3.org/2001/04/xmlenc#EncryptedKey' URI='#_k'/></ds:KeyInfo>";
    let beside = |info: &str| {
        let moved = format!("{}{info}{}", &source[..start], &source[end..]);
        moved.replace(
            "</xenc:EncryptedData>",
            &format!("</xenc:EncryptedData>{encrypted_key}"),
        )
    };
    open(&beside(retrieval), Policy::GcmOnly).unwrap();
    open(&beside(""), Policy::GcmOnly).unwrap();
    let nowhere = beside(&retrieval.replace("#_k", "#_x"));
    assert!(matches!(
        open(&nowhere, Policy::GcmOnly),
        Err(E::NotAllowed(_))
    ));
    let outside = beside(&retrieval.replace("#_k", "http://localhost/"));
    assert!(matches!(
        open(&outside, Policy::GcmOnly),
        Err(E::NotAllowed(_))
    ));
    // A second envelope for somebody else does no harm, two for us do.
    let other = encrypted_key
        .replace("rsa-oaep-mgf1p", "kw-aes128")
        .replace("'_k'", "'_o'");
    let end_tag = "</saml:EncryptedAssertion>";
    let two = beside("").replace(end_tag, &format!("{other}{end_tag}"));
    open(&two, Policy::GcmOnly).unwrap();
    let twice = encrypted_key.replace("'_k'", "'_o'");
    let two = beside("").replace(end_tag, &format!("{twice}{end_tag}"));
    assert_eq!(open(&two, Policy::GcmOnly).unwrap_err(), E::Failed);
    // Four at most, wherever they stand; one of them is for us.
    let others = |count: usize| -> String {
        (0..count)
            .map(|i| other.replace("_o", &format!("_{i}")))
            .collect()
    };
    let beside_with = |count| beside("").replace(end_tag, &format!("{}{end_tag}", others(count)));
    open(&beside_with(3), Policy::GcmOnly).unwrap();
    let inside_with = |count| {
        source.replacen(
            "</ds:KeyInfo>",
            &format!("{}</ds:KeyInfo>", others(count)),
            1,
        )
    };
    open(&inside_with(3), Policy::GcmOnly).unwrap();
    for many in [beside_with(4), inside_with(4), inside_with(20)] {
        let refused = open(&many, Policy::GcmOnly);
        assert!(matches!(refused, Err(E::NotAllowed(_))), "{refused:?}");
    }
    // Three in KeyInfo and one beside are four too, and two more are too many.
    let mixed = |count| {
        let inside = inside_with(2);
        let more: String = (0..count)
            .map(|i| other.replace("_o", &format!("_b{i}")))
            .collect();
        inside.replace(end_tag, &format!("{more}{end_tag}"))
    };
    open(&mixed(1), Policy::GcmOnly).unwrap();
    assert!(matches!(
        open(&mixed(2), Policy::GcmOnly),
        Err(E::NotAllowed(_))
    ));
}

#[test]
fn ours_is_found_wherever_it_stands() {
    let source = gcm();
    let from = source.find("<xenc:EncryptedKey>").unwrap();
    let to = source.find("</ds:KeyInfo>").unwrap();
    let (before, ours, after) = (&source[..from], &source[from..to], &source[to..]);
    let named = |id: &str, key: &str| {
        let start =
            format!("<xenc:EncryptedKey xmlns:xenc='http://www.w3.org/2001/04/xmlenc#' Id='{id}'>");
        key.replacen("<xenc:EncryptedKey>", &start, 1)
    };
    let other = |id: &str| named(id, ours).replace("rsa-oaep-mgf1p", "kw-aes128");
    let end_tag = "</saml:EncryptedAssertion>";
    // In KeyInfo behind those for others.
    let last = [
        before,
        &other("_1"),
        &other("_2"),
        &other("_3"),
        ours,
        after,
    ]
    .concat();
    open(&last, Policy::GcmOnly).unwrap();
    // Beside, as the last of four, with a RetrievalMethod for it, for all of them, or for none.
    let beside = [other("_1"), other("_2"), other("_3"), named("_4", ours)].concat();
    let with = |methods: &[&str], beside: &str| {
        let methods: String = methods
            .iter()
            .map(|id| format!("<ds:RetrievalMethod URI='#{id}'/>"))
            .collect();
        let moved = [before, &methods, after].concat();
        open(
            &moved.replace(end_tag, &format!("{beside}{end_tag}")),
            Policy::GcmOnly,
        )
    };
    for methods in [&["_4"][..], &["_1", "_2", "_3", "_4"], &[]] {
        with(methods, &beside).unwrap();
    }
    // Four is the end, even where only one of them is pointed at.
    let five = [other("_5"), beside.clone()].concat();
    assert!(matches!(with(&["_4"], &five), Err(E::NotAllowed(_))));
    let pointed = with(&["_1", "_2", "_3", "_4", "_4"], &beside);
    assert!(matches!(pointed, Err(E::NotAllowed(_))));
    // One that is pointed at is the only one that is meant.
    assert!(with(&["_1"], &beside).is_err());
    // An element of another name is none, whatever it holds.
    let strange = other("_1").replace("xenc:EncryptedKey", "xenc:StrangeKey");
    let refused = with(&[], &(strange + &named("_4", ours)));
    let another = "another element beside EncryptedData, or too many of them";
    assert_eq!(refused.unwrap_err(), E::NotAllowed(another));
    let without = "EncryptedData without EncryptedKey";
    assert_eq!(with(&[], "").unwrap_err(), E::NotAllowed(without));
}

#[test]
fn a_parameter_of_the_envelope_stands_once_and_by_its_name() {
    let with = |transport: KeyTransport, parameters: &str| {
        let source = sealed(BlockCipher::Aes256Gcm, transport);
        let start = format!("Algorithm=\"{}\">", transport.uri());
        let from = source.find(&start).unwrap() + start.len();
        let to = from + source[from..].find("</xenc:EncryptionMethod>").unwrap();
        let changed = [&source[..from], parameters, &source[to..]].concat();
        open(&changed, Policy::GcmOnly).map(|opened| opened.transport.unwrap())
    };
    const DIGEST: &str = "<ds:DigestMethod xmlns:ds='http://www.w3.org/2000/09/xmldsig#' \
                          Algorithm='http://www.w3.org/2000/09/xmldsig#sha1'/>";
    const MGF: &str = "<xenc11:MGF xmlns:xenc11='http://www.w3.org/2009/xmlenc11#' \
                       Algorithm='http://www.w3.org/2009/xmlenc11#mgf1sha1'/>";
    let old = KeyTransport::OAEP_MGF1P;
    let new = KeyTransport {
        xmlenc11: true,
        ..old
    };
    for (transport, good) in [
        (old, String::new()),
        (old, DIGEST.to_owned()),
        (new, String::new()),
        (new, MGF.to_owned()),
        (new, [DIGEST, MGF].concat()),
        (new, [MGF, DIGEST].concat()),
    ] {
        assert_eq!(with(transport, &good), Ok(transport), "{good}");
    }
    for (transport, bad) in [
        (old, [DIGEST, DIGEST].concat()),
        (old, DIGEST.replace("DigestMethod", "Digest")),
        (old, MGF.to_owned()),
        (new, [MGF, MGF].concat()),
        (new, MGF.replace("MGF", "Mask")),
        (new, MGF.replace("mgf1sha1", "mgf1md5")),
        (new, DIGEST.replace("#sha1", "#md5")),
    ] {
        let refused = with(transport, &bad);
        assert!(
            matches!(refused, Err(E::NotAllowed(_))),
            "{bad}: {refused:?}"
        );
    }
}

#[test]
fn what_is_not_allowed_is_said() {
    let source = gcm();
    for (old, new) in [
        ("xmlenc11#aes256-gcm", "xmlenc11#aes192-gcm"),
        ("2001/04/xmlenc#rsa-oaep-mgf1p", "2001/04/xmlenc#rsa-1_5"),
        ("xmlenc#Element", "xmlenc#Content"),
        ("<xenc:CipherValue>", "<xenc:CipherValue>?"),
        (
            "<xenc:CipherData>",
            "<xenc:CipherData><xenc:CipherReference URI='http://localhost/'/>",
        ),
        (
            "</xenc:EncryptedData>",
            "<xenc:EncryptionProperties/></xenc:EncryptedData>",
        ),
        (
            "</xenc:EncryptedData>",
            "</xenc:EncryptedData><saml:Assertion/>",
        ),
        ("</xenc:EncryptedData>", "</xenc:EncryptedData>x"),
        (
            "rsa-oaep-mgf1p\">",
            "rsa-oaep-mgf1p\"><xenc:OAEPparams>AA==</xenc:OAEPparams>",
        ),
        (
            "aes256-gcm\">",
            "aes256-gcm\"><xenc:KeySize>256</xenc:KeySize>",
        ),
    ] {
        let changed = source.replacen(old, new, 1);
        assert_ne!(changed, source, "{old}");
        let error = open(&changed, Policy::CbcToo).unwrap_err();
        assert!(matches!(error, E::NotAllowed(_)), "{new}: {error:?}");
    }
    let cbc = sealed(BlockCipher::Aes128Cbc, KeyTransport::OAEP_MGF1P);
    assert_eq!(
        open(&cbc, Policy::GcmOnly).unwrap_err(),
        E::NotAllowed("AES-CBC")
    );
}

#[test]
fn every_other_failure_is_one() {
    let source = gcm();
    let garbage = "AAAA".repeat(40);
    for (old, new) in [
        // Content: too short, not for this key, cut.
        ("<xenc:CipherValue>", format!("<xenc:CipherValue>{garbage}")),
        ("aes256-gcm", "aes128-gcm".to_owned()),
    ] {
        let changed = source.replacen(old, &new, 1);
        assert_eq!(open(&changed, Policy::GcmOnly).unwrap_err(), E::Failed);
    }
    let last = source.rfind("<xenc:CipherValue>").unwrap() + "<xenc:CipherValue>".len();
    let cut = format!("{}{}", &source[..last], &source[last + 4..]);
    assert_eq!(open(&cut, Policy::GcmOnly).unwrap_err(), E::Failed);
    let none = decrypt(
        Document::parse(source.as_bytes()).unwrap().root(),
        &[],
        Policy::GcmOnly,
    );
    assert_eq!(none.unwrap_err(), E::Failed);
}

#[test]
fn rsa_1_5_only_for_offline_verdicts() {
    use crate::dsig::{base64, oaep};
    let source = gcm();
    // The same content key, in the old envelope.
    let content_key: Vec<u8> = (1..=32).collect();
    let wrapped = oaep::wrap(key().pkey(), oaep::Envelope::Pkcs1v15, &content_key).unwrap();
    let start = source.find("<xenc:CipherValue>").unwrap() + "<xenc:CipherValue>".len();
    let end = source.find("</xenc:CipherValue>").unwrap();
    let old = format!(
        "{}{}{}",
        &source[..start],
        base64::encode(&wrapped),
        &source[end..]
    );
    let old = old.replace("rsa-oaep-mgf1p", "rsa-1_5");
    let opened = open(&old, Policy::LegacyForOfflineVerdicts).unwrap();
    assert_eq!(opened.transport, None);
    assert_eq!(
        open(&old, Policy::CbcToo).unwrap_err(),
        E::NotAllowed("RSA-1_5")
    );
}

#[test]
fn the_plaintext_is_read_in_its_context() {
    // A sender that encrypts a fragment whose prefix is declared outside of it.
    let certificate = testkeys::get().rsa_cert.as_bytes();
    let key = PublicKey::parse(certificate, crate::dsig::Policy::Modern).unwrap();
    let source = gcm();
    let sealed = |fragment: &[u8]| {
        let content_key: Vec<u8> = (1..=32).collect();
        let bytes = crate::dsig::content::seal(
            BlockCipher::Aes256Gcm,
            &content_key,
            &[9; 12],
            fragment,
            &[0; 16],
        );
        let last = source.rfind("<xenc:CipherValue>").unwrap() + "<xenc:CipherValue>".len();
        let end = source.rfind("</xenc:CipherValue>").unwrap();
        format!(
            "{}{}{}",
            &source[..last],
            crate::dsig::base64::encode(&bytes.unwrap()),
            &source[end..]
        )
    };
    let opened = open(&sealed(b"<saml:Assertion/>"), Policy::GcmOnly).unwrap();
    assert!(opened.document.root().is(SAML, "Assertion"));
    for fragment in [
        "",
        "text",
        "<saml:A/><saml:B/>",
        "<samlp:X/>",
        "<!DOCTYPE a><a/>",
        "<a>",
    ] {
        let error = open(&sealed(fragment.as_bytes()), Policy::GcmOnly).unwrap_err();
        assert_eq!(error, E::Failed, "{fragment}");
    }
    assert!(key.is_rsa());
}
