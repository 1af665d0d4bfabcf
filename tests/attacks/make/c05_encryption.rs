//! Class 5: ciphertext. Whoever has the hub's metadata can encrypt for it, so encryption proves nothing.

use super::Case;
use super::craft::{base64, cut, signature_of, swap};
use super::party::*;
use openssl::rsa::Padding;
use openssl::symm::{Cipher, encrypt, encrypt_aead};
use openssl::x509::X509;
use vejviser::dsig::{self, BlockCipher, KeyTransport, Place, Recipient};
use vejviser::saml::response::Content;

const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const RSA_1_5: &str = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";
const AES256_GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
const CONTENT_KEY: [u8; 32] = [7; 32];

/// `saml:EncryptedAssertion` around any text, by hand: AES-256-GCM, RSA-OAEP with SHA-1.
pub fn encrypted_text(plain: &str) -> String {
    encrypted_with(
        AES256_GCM,
        &gcm(plain),
        &envelope(&oaep_method(), &wrapped(Padding::PKCS1_OAEP)),
    )
}

fn gcm(plain: &str) -> Vec<u8> {
    let iv = [9; 12];
    let mut tag = [0; 16];
    let cipher = Cipher::aes_256_gcm();
    let sealed = encrypt_aead(
        cipher,
        &CONTENT_KEY,
        Some(&iv),
        b"",
        plain.as_bytes(),
        &mut tag,
    );
    [&iv[..], &sealed.unwrap(), &tag].concat()
}

/// The content key for the hub.
fn wrapped(padding: Padding) -> Vec<u8> {
    wrap(&CONTENT_KEY, padding)
}

fn wrap(content_key: &[u8], padding: Padding) -> Vec<u8> {
    let certificate = X509::from_pem(&certificate_pem("hub")).unwrap();
    let rsa = certificate.public_key().unwrap().rsa().unwrap();
    let mut out = vec![0; rsa.size() as usize];
    let length = rsa.public_encrypt(content_key, &mut out, padding).unwrap();
    out.truncate(length);
    out
}

fn oaep_method() -> String {
    method("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", "")
}

fn method(algorithm: &str, inside: &str) -> String {
    format!("<xenc:EncryptionMethod Algorithm=\"{algorithm}\">{inside}</xenc:EncryptionMethod>")
}

fn value(bytes: &[u8]) -> String {
    let text = base64(bytes);
    format!("<xenc:CipherData><xenc:CipherValue>{text}</xenc:CipherValue></xenc:CipherData>")
}

fn envelope(method: &str, wrapped: &[u8]) -> String {
    let data = value(wrapped);
    format!("<xenc:EncryptedKey>{method}{data}</xenc:EncryptedKey>")
}

fn encrypted_with(cipher: &str, sealed: &[u8], keys: &str) -> String {
    let (method, data) = (method(cipher, ""), value(sealed));
    format!(
        "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         <xenc:EncryptedData xmlns:xenc=\"{XENC}\" Type=\"{XENC}Element\">{method}\
         <ds:KeyInfo xmlns:ds=\"{DS}\">{keys}</ds:KeyInfo>{data}</xenc:EncryptedData>\
         </saml:EncryptedAssertion>"
    )
}

/// A good Response whose signed assertion is encrypted for `recipient` by the crate itself.
fn sealed(recipient: &Recipient) -> String {
    let assertion = assertion();
    let signed = dsig::sign(
        &assertion.to_element(),
        &assertion.id,
        Place::AfterIssuer,
        &key(IDP_KEY),
    );
    let data = dsig::encrypt(&signed, recipient, &mut Counted::default());
    let message = response()
        .to_element(Some(Content::Encrypted(data)))
        .render();
    message.as_str().to_owned()
}

pub fn cases() -> Vec<Case> {
    let signed_text = signed(&assertion(), &key(IDP_KEY));
    let unsigned_text = swap(&signed_text, signature_of(&signed_text), "");
    let good_key = envelope(&oaep_method(), &wrapped(Padding::PKCS1_OAEP));
    let whole = encrypted_with(AES256_GCM, &gcm(&signed_text), &good_key);
    let refused = |name: &str, why: &str, content: &str| {
        answer(name, "IDP-R-008", why, around(&response(), content)).chance()
    };
    let with_keys = |keys: &str| encrypted_with(AES256_GCM, &gcm(&signed_text), keys);
    let mut cases = vec![
        accepted("05-accept-gcm-oaep-mgf1p", "AES-256-GCM, RSA-OAEP in its form of XML Encryption 1.0 (SHA-1).",
            hub(BlockCipher::Aes256Gcm, KeyTransport::OAEP_MGF1P)),
        accepted("05-accept-gcm-oaep-sha256", "AES-256-GCM, RSA-OAEP in its form of XML Encryption 1.1 (SHA-256, MGF1 with SHA-256).",
            hub(BlockCipher::Aes256Gcm, OAEP_11)),
        accepted("05-accept-gcm128-oaep", "AES-128-GCM is allowed too.",
            hub(BlockCipher::Aes128Gcm, OAEP_11)),
        answer("05-cbc", "IDP-R-008", "AES-CBC where GCM is demanded: without a tag the ciphertext can be changed and asked about.",
            sealed(&hub(BlockCipher::Aes256Cbc, OAEP_11))).chance(),
        answer("05-for-somebody-else", "IDP-R-008", "Encrypted for another key than the hub's.",
            sealed(&recipient(SYSTEM_KEY, BlockCipher::Aes256Gcm, OAEP_11))).chance(),
        refused("05-rsa-1-5", "RSA-1_5 key transport, the door of Bleichenbacher's attack.",
            &with_keys(&envelope(&method(RSA_1_5, ""), &wrapped(Padding::PKCS1)))),
        refused("05-triple-des", "Triple DES.",
            &encrypted_with("http://www.w3.org/2001/04/xmlenc#tripledes-cbc", &cbc(&signed_text), &good_key)),
        refused("05-key-wrap", "The content key is wrapped with a symmetric key that nobody has agreed on.",
            &with_keys(&envelope(&method("http://www.w3.org/2001/04/xmlenc#kw-aes256", ""), &[1; 40]))),
        refused("05-oaep-label", "RSA-OAEP with a label (OAEPparams), which the hub never hands out.",
            &with_keys(&envelope(
                &method("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", "<xenc:OAEPparams>AAAA</xenc:OAEPparams>"),
                &wrapped(Padding::PKCS1_OAEP)))),
        refused("05-content-key-too-short", "The envelope opens, and what is in it is no key for this cipher.",
            &with_keys(&envelope(&oaep_method(), &wrap(&[7; 16], Padding::PKCS1_OAEP)))),
        refused("05-tampered-tag", "One bit of the ciphertext's tag was changed.",
            &encrypted_with(AES256_GCM, &flipped(gcm(&signed_text)), &good_key)),
        refused("05-doctype-inside", "The plaintext begins with a document type declaration.",
            &encrypted_text(&format!("<!DOCTYPE x>{signed_text}"))),
        refused("05-two-keys-for-us", "Two envelopes that both open with the hub's key: which of them was meant?",
            &with_keys(&good_key.repeat(2))),
        refused("05-type-content", "EncryptedData says that it holds the content of an element.",
            &whole.replace("xmlenc#Element", "xmlenc#Content")),
        answer("05-unsigned", "IDP-R-009", "Encrypted, and signed by nobody: anybody can encrypt.",
            around(&response(), &encrypted_text(&unsigned_text))).chance(),
        answer("05-unsigned-in-signed-response", "IDP-R-009",
            "The Response is signed, the assertion inside the encryption is not: the signature is over ciphertext that the signer may not have understood.",
            {
                let plain = assertion().to_element().render();
                let data = dsig::encrypt(&plain, &hub(BlockCipher::Aes256Gcm, OAEP_11), &mut Counted::default());
                signed_response(&response(), Some(Content::Encrypted(data)), &key(IDP_KEY))
            }).chance(),
        answer("05-signed-by-attacker", "IDP-R-009", "Encrypted, and signed by the attacker.",
            around(&response(), &encrypted_text(&signed(&evil(), &key(ATTACKER_KEY))))).chance(),
        answer("05-encrypted-attribute", "IDP-R-010", "An EncryptedAttribute: something is stated, and nobody can see what.",
            {
                let data = cut(&whole, "<xenc:EncryptedData", "</xenc:EncryptedData>");
                let text = swap(&unsigned_text, "</saml:AttributeStatement>",
                    &format!("<saml:EncryptedAttribute>{data}</saml:EncryptedAttribute></saml:AttributeStatement>"));
                let craft = super::craft::Craft::new("_assertion-1", key(IDP_KEY));
                around(&response(), &craft.sign(&super::craft::open(&text), "_assertion-1"))
            }).chance(),
    ];
    cases.extend(structures());
    cases
}

/// Structures that are refused before anything is decrypted. The ciphertext in them never matters.
fn structures() -> Vec<Case> {
    let junk = envelope(&oaep_method(), &[1; 384]);
    let data = |keys: &str| encrypted_with(AES256_GCM, &[9; 64], keys);
    let refused = |name: &str, why: &str, content: &str| {
        answer(name, "IDP-R-008", why, around(&response(), content))
    };
    let empty = "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"></saml:EncryptedAssertion>";
    vec![
        refused("05-empty", "EncryptedAssertion is empty.", empty),
        refused("05-no-key", "EncryptedData comes without any EncryptedKey.", &data("")),
        refused("05-key-by-http", "A RetrievalMethod wants the hub to fetch the key from an address of the sender's choice.",
            &data("<ds:RetrievalMethod URI=\"http://127.0.0.1:1/key\"></ds:RetrievalMethod>")),
        refused("05-cipher-reference", "A CipherReference wants the hub to fetch the ciphertext from an address of the sender's choice.",
            &swap(&data(&junk), "<xenc:CipherData>", "<xenc:CipherData><xenc:CipherReference URI=\"http://127.0.0.1:1/data\"></xenc:CipherReference>")),
        refused("05-key-recursion", "Each EncryptedKey names another one by which it is encrypted, in a circle.",
            &data(&format!(
                "<xenc:EncryptedKey Id=\"a\">{}<ds:KeyInfo><ds:RetrievalMethod URI=\"#b\"></ds:RetrievalMethod></ds:KeyInfo>{}</xenc:EncryptedKey>\
                 <xenc:EncryptedKey Id=\"b\">{0}<ds:KeyInfo><ds:RetrievalMethod URI=\"#a\"></ds:RetrievalMethod></ds:KeyInfo>{1}</xenc:EncryptedKey>",
                method("http://www.w3.org/2001/04/xmlenc#kw-aes256", ""), value(&[1; 40])))),
        refused("05-thousand-keys", "A thousand EncryptedKeys, each of which would cost one operation with the private key.",
            &data("@repeat@"))
            .set("repeat", format!("1000 {}", envelope(&oaep_method(), &[1; 12]))),
    ]
}

fn accepted(name: &str, why: &str, recipient: Recipient) -> Case {
    good(name, why, sealed(&recipient)).chance()
}

fn flipped(mut bytes: Vec<u8>) -> Vec<u8> {
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    bytes
}

fn cbc(plain: &str) -> Vec<u8> {
    let iv = [9; 8];
    let cipher = Cipher::des_ede3_cbc();
    let sealed = encrypt(cipher, &CONTENT_KEY[..24], Some(&iv), plain.as_bytes()).unwrap();
    [&iv[..], &sealed].concat()
}
