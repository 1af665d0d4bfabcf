//! Signing of XML as text, however odd it is: what a registered party with its own key could send, though our
//! own writer would not write it.

use openssl::pkey::PKey;
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sha::sha256;
use openssl::symm::{Cipher, Crypter, Mode, encrypt_aead};
use vejviser::dsig::SigningKey;
use vejviser::xml::{Document, Limits, canonical};

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXC: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Everything that a message in a test may be; the hub's limits are what is tested.
const WIDE: Limits = Limits {
    bytes: 1 << 24,
    depth: 64,
    nodes: 1 << 20,
    attributes: 1 << 12,
    namespaces: 1 << 12,
};

/// Canonical form of a document's root. A root that is itself beyond what any reader takes gets a signature
/// that is good in form only.
fn canonical_of(xml: &str, list: &str) -> String {
    let list: Vec<&str> = list.split_ascii_whitespace().collect();
    match Document::parse_within(xml.as_bytes(), &WIDE) {
        Ok(document) => canonical(document.root(), None, &list),
        Err(_) => xml.to_owned(),
    }
}

/// A `ds:Signature` over the root of `content` with this `PrefixList` in its canonicalizations.
pub fn signature(content: &str, id: &str, prefixes: &str, key: &SigningKey) -> String {
    let form = canonical_of(content, prefixes);
    let around = &content[..content.find('>').unwrap_or(content.len())];
    // Where it will stand the root's declarations are in scope, which a PrefixList makes part of SignedInfo.
    let declarations: String = around
        .split(' ')
        .filter(|word| word.starts_with("xmlns"))
        .fold("<r".to_owned(), |out, word| format!("{out} {word}"));
    signature_over(&form, id, prefixes, &declarations, key)
}

/// A `ds:Signature` over this canonical form, to stand in the scope of the start tag `around` (without its `>`).
pub fn signature_over(
    form: &str,
    id: &str,
    prefixes: &str,
    around: &str,
    key: &SigningKey,
) -> String {
    let parameters = match prefixes {
        "" => String::new(),
        list => format!(
            "<ec:InclusiveNamespaces xmlns:ec=\"{EXC}\" PrefixList=\"{list}\"></ec:InclusiveNamespaces>"
        ),
    };
    let digest = base64(&sha256(form.as_bytes()));
    let method = key.algorithm().uri();
    let signed_info = format!(
        "<ds:SignedInfo xmlns:ds=\"{DS}\">\
         <ds:CanonicalizationMethod Algorithm=\"{EXC}\">{parameters}</ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{method}\"></ds:SignatureMethod><ds:Reference URI=\"#{id}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{DS}enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"{EXC}\">{parameters}</ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    );
    let octets = match prefixes {
        "" => canonical_of(&signed_info, ""),
        list => {
            let whole = format!("{around}>{signed_info}</r>");
            let document = Document::parse_within(whole.as_bytes(), &WIDE).expect("a start tag");
            let list: Vec<&str> = list.split_ascii_whitespace().collect();
            canonical(document.root().elements().next().unwrap(), None, &list)
        }
    };
    let value = base64(&key.sign_octets(octets.as_bytes()));
    format!(
        "<ds:Signature xmlns:ds=\"{DS}\">{signed_info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"
    )
}

/// The same, put after the first `</saml:Issuer>`.
pub fn signed(content: &str, id: &str, prefixes: &str, key: &SigningKey) -> String {
    const ISSUER: &str = "</saml:Issuer>";
    let at = content.find(ISSUER).expect("an Issuer") + ISSUER.len();
    let signature = signature(content, id, prefixes, key);
    [&content[..at], &signature, &content[at..]].concat()
}

/// The wrapped form of `content_key`, RSA-OAEP with SHA-1.
pub fn wrapped<T: openssl::pkey::HasPublic>(content_key: &[u8], key: &PKey<T>) -> Vec<u8> {
    let mut context = PkeyCtx::new(key).unwrap();
    context.encrypt_init().unwrap();
    context.set_rsa_padding(Padding::PKCS1_OAEP).unwrap();
    let mut wrapped = Vec::new();
    context.encrypt_to_vec(content_key, &mut wrapped).unwrap();
    wrapped
}

/// What RSA makes of a number whose first byte is `first`, without any padding.
pub fn bare<T: openssl::pkey::HasPublic>(first: u8, key: &PKey<T>) -> Vec<u8> {
    let mut message = vec![0x5A; key.size()];
    message[0] = first;
    let mut context = PkeyCtx::new(key).unwrap();
    context.encrypt_init().unwrap();
    context.set_rsa_padding(Padding::NONE).unwrap();
    let mut wrapped = Vec::new();
    context.encrypt_to_vec(&message, &mut wrapped).unwrap();
    wrapped
}

/// AES-256-GCM in XML Encryption.
pub const AES256_GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
/// AES-256-CBC in XML Encryption.
pub const AES256_CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";

/// IV and ciphertext of AES-256-CBC, padded right, or with this as the last byte instead.
pub fn cbc(content_key: &[u8; 32], plain: &[u8], padding: u8) -> Vec<u8> {
    let iv = [9; 16];
    let missing = 16 - plain.len() % 16;
    let mut padded = plain.to_vec();
    padded.resize(plain.len() + missing, 0);
    if let Some(last) = padded.last_mut() {
        *last = match padding {
            0 => u8::try_from(missing).unwrap(),
            other => other,
        };
    }
    let mut crypter =
        Crypter::new(Cipher::aes_256_cbc(), Mode::Encrypt, content_key, Some(&iv)).unwrap();
    crypter.pad(false);
    let mut sealed = vec![0; padded.len() + 16];
    let length = crypter.update(&padded, &mut sealed).unwrap();
    sealed.truncate(length);
    [&iv[..], &sealed].concat()
}

/// IV, ciphertext and tag of AES-256-GCM.
pub fn gcm(content_key: &[u8; 32], plain: &[u8]) -> Vec<u8> {
    let (iv, mut tag) = ([9; 12], [0; 16]);
    let cipher = Cipher::aes_256_gcm();
    let sealed = encrypt_aead(cipher, content_key, Some(&iv), &[], plain, &mut tag).unwrap();
    [&iv[..], &sealed, &tag].concat()
}

/// An EncryptedAssertion of these octets, whatever they are.
pub fn encrypted_assertion(cipher: &str, sealed: &[u8], wrapped: &[u8]) -> String {
    const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
    let data = |octets| {
        format!(
            "<xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData>",
            base64(octets)
        )
    };
    format!(
        "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         <xenc:EncryptedData xmlns:xenc=\"{XENC}\"><xenc:EncryptionMethod Algorithm=\"{cipher}\"/>\
         <ds:KeyInfo xmlns:ds=\"{DS}\"><xenc:EncryptedKey>\
         <xenc:EncryptionMethod Algorithm=\"{XENC}rsa-oaep-mgf1p\"/>{}</xenc:EncryptedKey></ds:KeyInfo>{}\
         </xenc:EncryptedData></saml:EncryptedAssertion>",
        data(wrapped),
        data(sealed)
    )
}

/// In one line.
pub fn base64(bytes: &[u8]) -> String {
    openssl::base64::encode_block(bytes)
}
