//! Class 3: little to send, much to do. What is huge is stored as an instruction (`repeat`).

use super::Case;
use super::craft::{Craft, base64, open, swap, transform};
use super::party::*;

pub fn cases() -> Vec<Case> {
    let good_message = plain(|_, _| {});
    let unreadable =
        |name: &str, why: &str, message: String| answer(name, "IDP-R-001", why, message);
    let before =
        |what: &str, text: &str| format!("{what}{}", swap(&good_message, "Anna Eksempel", text));
    let extensions = |content: &str| {
        swap(
            &good_message,
            "<samlp:Status>",
            &format!("<samlp:Extensions>{content}</samlp:Extensions><samlp:Status>"),
        )
    };
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let bare = assertion().to_element().render().as_str().to_owned();
    let crafted = |bend: fn(&mut Craft)| {
        let mut craft = Craft::new("_assertion-1", key(IDP_KEY));
        bend(&mut craft);
        around(&response(), &craft.sign(&open(&bare), "_assertion-1"))
    };
    vec![
        unreadable("03-billion-laughs", "Entities that name each other and become gigabytes.",
            before(&format!("<!DOCTYPE x [<!ENTITY l0 \"ha\">{laughs}]>"), "&l9;")),
        unreadable("03-quadratic", "One long entity, named very often.",
            before("<!DOCTYPE x [<!ENTITY a \"@repeat@\">]>", &"&a;".repeat(200)))
            .set("repeat", "50000 a"),
        unreadable("03-external-entity-file", "An entity that is a file of the hub's machine.",
            before("<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>", "&f;")),
        unreadable("03-parameter-entity", "A parameter entity that the hub would have to fetch.",
            before("<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/x\"> %p;]>", "Anna")),
        unreadable("03-depth", "Elements in elements, two thousand deep.", extensions("@repeat@@close@"))
            .set("repeat", "2000 <x>").set("repeat-close", "</x>"),
        unreadable("03-nodes", "Thirty thousand elements.", extensions("@repeat@"))
            .set("repeat", "30000 <x/>"),
        unreadable("03-attributes", "Ten thousand attributes in one element, which some parsers compare each with each.",
            extensions("<x @repeat@/>"))
            .set("repeat", "10000 a{i}=\"\" "),
        unreadable("03-namespaces", "Ten thousand namespace declarations in one element.", extensions("<x @repeat@/>"))
            .set("repeat", "10000 xmlns:a{i}=\"urn:{i}\" "),
        unreadable("03-namespaces-nested", "Namespace declarations on every level, so that each element has all of them in scope.",
            extensions("<x xmlns=\"urn:x\">@repeat@@close@</x>"))
            .set("repeat", "60 <x xmlns:a{i}=\"urn:{i}\" xmlns:b{i}=\"urn:{i}\">").set("repeat-close", "</x>"),
        unreadable("03-bytes", "A message of six hundred kilobytes.", extensions("@repeat@"))
            .set("repeat", "60000 0123456789"),
        answer("03-references", "IDP-R-009", "A thousand References; each of them would have the whole message canonicalized.",
            crafted(|craft| craft.more = "<x/>".to_owned()).replacen("<x/>", "@repeat@", 1))
        .set("repeat", format!("1000 <ds:Reference URI=\"#_assertion-1\"><ds:Transforms>{}</ds:Transforms><ds:DigestMethod Algorithm=\"{}\"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>", transform(super::craft::EXCLUSIVE), super::craft::SHA256)),
        answer("03-transforms", "IDP-R-009", "Three thousand transforms in one Reference.",
            crafted(|craft| craft.transforms.push_str("<x/>")).replacen("<x/>", "@repeat@", 1))
            .set("repeat", format!("3000 {}", transform(super::craft::EXCLUSIVE))),
        answer("03-signatures", "IDP-R-009", "A thousand signatures in one assertion.",
            around(&response(), &swap(&open(&bare), "@signature@", "@repeat@")))
            .set("repeat", "1000 <ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"></ds:Signature>")
            .also("IDP-R-010"),
        answer("03-prefix-list", "IDP-R-009", "Ten thousand prefixes in the PrefixList.",
            crafted(|craft| {
                let list = "exc-c14n#\"><ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"xs\"></ec:InclusiveNamespaces></ds:Transform>";
                craft.transforms = craft.transforms.replace("exc-c14n#\"></ds:Transform>", list);
            }).replacen("PrefixList=\"xs\"", "PrefixList=\"@repeat@\"", 1))
            .set("repeat", "10000 a{i} "),
        answer("03-signature-value", "IDP-R-009", "A signature of three hundred kilobytes.",
            swap(&good_message, "<ds:SignatureValue>", "<ds:SignatureValue>@repeat@"))
            .set("repeat", "40000 AAAAAAAA"),
        good("03-accept-retrieval-method", "KeyInfo asks for the key to be fetched; it is not even looked at, because keys are registered.",
            crafted(|craft| craft.after = "<ds:KeyInfo><ds:RetrievalMethod URI=\"http://127.0.0.1:1/key\"></ds:RetrievalMethod></ds:KeyInfo>".to_owned())),
        good("03-accept-certificates", "A thousand certificates in KeyInfo: none of them is read.",
            crafted(|craft| craft.after = "<ds:KeyInfo><ds:X509Data><x/></ds:X509Data></ds:KeyInfo>".to_owned())
                .replacen("<x/>", "@repeat@", 1))
            .set("repeat", format!("1000 <ds:X509Certificate>{}</ds:X509Certificate>", base64(b"no certificate"))),
    ]
}
