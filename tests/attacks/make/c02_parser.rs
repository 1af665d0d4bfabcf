//! Class 2: two readers see two messages. There is one parser here, it is strict, and text is always whole.

use super::Case;
use super::craft::{Craft, cut, open, signature_of, swap};
use super::party::*;

pub fn cases() -> Vec<Case> {
    let mut cases = declarations();
    cases.extend(text());
    cases.extend(encodings());
    cases.extend(names());
    cases.extend(canonicalization());
    cases.extend(signed_info());
    cases
}

fn unreadable(name: &str, why: &str, message: impl Into<Vec<u8>>) -> Case {
    answer(name, "IDP-R-001", why, message)
}

fn declarations() -> Vec<Case> {
    let good = plain(|_, _| {});
    let before = |what: &str| format!("{what}{good}");
    let doctype = |name: &str, why: &str, what: &str| {
        unreadable(&format!("02-doctype-{name}"), why, before(what))
    };
    vec![
        doctype(
            "bare",
            "A document type declaration, even an empty one.",
            "<!DOCTYPE Response>",
        ),
        doctype(
            "system",
            "A document type declaration with a system identifier.",
            "<!DOCTYPE Response SYSTEM \"http://127.0.0.1:1/saml.dtd\">",
        ),
        doctype(
            "attlist-id",
            "An internal subset that makes another attribute an ID (CVE-2025-25291).",
            "<!DOCTYPE Response [<!ATTLIST Assertion Consent ID #IMPLIED>]>",
        ),
        doctype(
            "entity",
            "An internal subset that declares an entity.",
            "<!DOCTYPE Response [<!ENTITY cvr \"33333333\">]>",
        ),
        doctype(
            "lower-case",
            "A document type declaration in lower case is not even well-formed.",
            "<!doctype Response>",
        ),
        doctype(
            "quoted-bracket",
            "A declaration whose quotes hide where it ends (CVE-2025-25292).",
            "<!DOCTYPE Response [<!ENTITY x '\"]><Response/>'>]>",
        ),
        unreadable(
            "02-doctype-after-declaration",
            "A document type declaration behind the XML declaration.",
            before("<?xml version=\"1.0\"?><!DOCTYPE Response>"),
        ),
        unreadable(
            "02-pi-before",
            "A processing instruction before the message.",
            before("<?xml-stylesheet href=\"http://127.0.0.1:1/x.xsl\"?>"),
        ),
        unreadable(
            "02-pi-in-name-id",
            "A processing instruction inside NameID, which some readers take for the end of the text.",
            swap(&good, "Anna Eksempel", "Anna<?x?> Eksempel"),
        ),
        unreadable(
            "02-pi-in-digest",
            "A processing instruction inside DigestValue.",
            swap(&good, "<ds:DigestValue>", "<ds:DigestValue><?x?>"),
        ),
        unreadable(
            "02-entity-undeclared",
            "A reference to an entity that nobody declared.",
            swap(&good, "Anna Eksempel", "Anna&nbsp;Eksempel"),
        ),
        unreadable(
            "02-xml-1-1",
            "The message declares XML 1.1, which knows other characters and line ends.",
            before("<?xml version=\"1.1\"?>"),
        ),
    ]
}

/// Text is the whole text (the class of 2018), or the message is refused.
fn text() -> Vec<Case> {
    let message = plain(|_, _| {});
    let whole =
        |name: &str, why: &str, message: String| good(&format!("02-accept-{name}"), why, message);
    vec![
        whole(
            "comment-cuts-name",
            "A comment where an attacker would want the name to end: the whole name is read all the same.",
            swap(&message, ",Serial=", "<!---->,Serial="),
        ),
        whole(
            "comment-in-issuer",
            "A comment inside the assertion's Issuer does not shorten it.",
            message.replacen(
                "example/saml</saml:Issuer><ds",
                "example<!-- x -->/saml</saml:Issuer><ds",
                1,
            ),
        ),
        whole(
            "comment-in-digest",
            "A comment inside DigestValue, of an untouched message: the value is read whole.",
            swap(&message, "<ds:DigestValue>", "<ds:DigestValue><!-- x -->"),
        ),
        whole(
            "comment-in-attribute-value",
            "A comment inside an AttributeValue.",
            swap(&message, ">Substantial<", ">Sub<!-- High -->stantial<"),
        ),
        whole(
            "cdata-in-name-id",
            "CDATA in NameID is text like any other.",
            swap(&message, "Anna Eksempel", "<![CDATA[Anna Eksempel]]>"),
        ),
        whole(
            "character-reference",
            "A character reference in NameID is text like any other.",
            swap(&message, "Anna", "&#65;nn&#x61;"),
        ),
        whole(
            "xml-declaration",
            "The usual XML declaration.",
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{message}"),
        ),
        whole(
            "prefix-list",
            "The signature's canonicalization has an InclusiveNamespaces PrefixList, as many IdPs write it.",
            {
                let mut craft = Craft::new("_assertion-1", key(IDP_KEY));
                craft.transforms = craft.transforms.replace(
                "exc-c14n#\"></ds:Transform>",
                "exc-c14n#\"><ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"xs\"></ec:InclusiveNamespaces></ds:Transform>",
            );
                around(
                    &response(),
                    &craft.sign(
                        &open(assertion().to_element().render().as_str()),
                        "_assertion-1",
                    ),
                )
            },
        ),
        whole(
            "indented",
            "The assertion is indented, and was when it was signed.",
            {
                let text = assertion()
                    .to_element()
                    .render()
                    .as_str()
                    .replace("><saml:", ">\n  <saml:");
                let craft = Craft::new("_assertion-1", key(IDP_KEY));
                around(&response(), &craft.sign(&open(&text), "_assertion-1"))
            },
        ),
        whole(
            "default-namespace",
            "The assertion uses a default namespace instead of a prefix.",
            {
                let text = assertion()
                    .to_element()
                    .render()
                    .as_str()
                    .replace("xmlns:saml=", "xmlns=")
                    .replace("<saml:", "<")
                    .replace("</saml:", "</");
                let craft = Craft::new("_assertion-1", key(IDP_KEY));
                let open = swap(&text, "</Issuer>", "</Issuer>@signature@");
                around(&response(), &craft.sign(&open, "_assertion-1"))
            },
        ),
        answer(
            "02-comment-in-digest-forged",
            "IDP-R-009",
            "SAMLStorm: the content was changed, and its new digest stands in a comment before the old one.",
            {
                let changed = swap(&message, ">Substantial<", ">High<");
                let bare = swap(&changed, signature_of(&changed), "");
                let assertion = cut(&bare, "<saml:Assertion", "</saml:Assertion>");
                let digest = super::craft::base64(&openssl::sha::sha256(assertion.as_bytes()));
                swap(
                    &changed,
                    "<ds:DigestValue>",
                    &format!("<ds:DigestValue><!--{digest}-->"),
                )
            },
        ),
        answer(
            "02-element-in-digest",
            "IDP-R-009",
            "An element inside DigestValue.",
            swap(
                &message,
                "<ds:DigestValue>",
                "<ds:DigestValue><x xmlns=\"urn:x\"></x>",
            ),
        ),
        answer(
            "02-element-in-name-id",
            "IDP-R-010",
            "An element inside NameID: no text is whole then.",
            {
                let text = assertion().to_element().render().as_str().replace(
                    "CN=Anna Eksempel",
                    "CN=<b xmlns=\"urn:x\">Anna</b> Eksempel",
                );
                around(
                    &response(),
                    &Craft::new("_assertion-1", key(IDP_KEY)).sign(&open(&text), "_assertion-1"),
                )
            },
        ),
    ]
}

fn encodings() -> Vec<Case> {
    let good = plain(|_, _| {});
    let utf16 = |text: &str| {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xFF, 0xFE].into_iter().chain(units).collect::<Vec<u8>>()
    };
    let bytes = |from: &str, to: &[u8]| {
        let at = good.find(from).unwrap();
        [
            &good.as_bytes()[..at],
            to,
            &good.as_bytes()[at + from.len()..],
        ]
        .concat()
    };
    vec![
        unreadable(
            "02-bom",
            "A byte order mark before the message.",
            format!("\u{FEFF}{good}"),
        ),
        unreadable("02-utf-16", "The message is UTF-16.", utf16(&good)),
        unreadable(
            "02-declared-latin-1",
            "The message declares ISO-8859-1: two readers would read two names.",
            format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{good}"),
        ),
        unreadable(
            "02-latin-1-bytes",
            "A byte in NameID that is not UTF-8.",
            bytes("Anna", b"Ann\xE6"),
        ),
        unreadable(
            "02-overlong-utf-8",
            "A “<” in two bytes instead of one.",
            bytes("Anna", b"Ann\xC0\xBC"),
        ),
        unreadable(
            "02-nul",
            "A NUL character by reference.",
            swap(&good, "Anna", "Anna&#0;"),
        ),
        unreadable("02-empty", "No message at all.", ""),
        unreadable("02-not-xml", "Text that is no XML.", "SAMLResponse"),
        unreadable(
            "02-cut-off",
            "The message was cut off on its way.",
            &good.as_bytes()[..good.len() / 2],
        ),
    ]
}

fn names() -> Vec<Case> {
    let good = plain(|_, _| {});
    let bare = assertion().to_element().render().as_str().to_owned();
    let sign =
        |text: &str| Craft::new("_assertion-1", key(IDP_KEY)).sign(&open(text), "_assertion-1");
    vec![
        unreadable(
            "02-undeclared-prefix",
            "An element with a prefix that nobody declared.",
            swap(&good, "<samlp:Status>", "<x:Extra/><samlp:Status>"),
        ),
        unreadable(
            "02-duplicate-attribute",
            "An attribute twice in one element.",
            swap(
                &good,
                " Version=\"2.0\"",
                " Version=\"2.0\" Version=\"2.0\"",
            ),
        ),
        unreadable(
            "02-duplicate-attribute-by-prefix",
            "An attribute twice, by two prefixes of one namespace.",
            swap(
                &good,
                " Version=\"2.0\"",
                " xmlns:a=\"urn:x\" xmlns:b=\"urn:x\" a:y=\"1\" b:y=\"2\" Version=\"2.0\"",
            ),
        ),
        unreadable(
            "02-xml-prefix-redefined",
            "The prefix xml is declared as something else.",
            swap(
                &good,
                "<samlp:Status>",
                "<samlp:Status xmlns:xml=\"urn:x\">",
            ),
        ),
        unreadable(
            "02-assertion-of-saml-1",
            "The assertion's namespace is that of SAML 1.1.",
            around(
                &response(),
                &bare.replace(":2.0:assertion", ":1.0:assertion"),
            ),
        ),
        unreadable(
            "02-assertion-without-namespace",
            "An Assertion that is in no namespace at all.",
            around(
                &response(),
                &bare
                    .replace("saml:", "")
                    .replace(" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"", "")
                    .replace(" xmlns:saml=", " xmlns:x="),
            ),
        ),
        answer(
            "02-signature-of-another-namespace",
            "IDP-R-009",
            "Something called Signature, in another namespace.",
            good.replace(
                "http://www.w3.org/2000/09/xmldsig#\"",
                "http://www.w3.org/2000/09/xmldsig\"",
            ),
        )
        .also("IDP-R-010"),
        answer(
            "02-xml-id",
            "IDP-R-009",
            "xml:id holds the signed ID, and ID another one: which of them does the Reference mean?",
            swap(
                &good,
                " ID=\"_assertion-1\"",
                " ID=\"_evil-1\" xml:id=\"_assertion-1\"",
            ),
        ),
        answer(
            "02-prefixed-id",
            "IDP-R-009",
            "saml:ID holds the signed ID, and ID another one.",
            swap(
                &good,
                " ID=\"_assertion-1\"",
                " ID=\"_evil-1\" saml:ID=\"_assertion-1\"",
            ),
        ),
        answer(
            "02-id-no-ncname",
            "IDP-R-010",
            "The assertion's ID is no NCName.",
            around(
                &response(),
                &Craft::new("1 2", key(IDP_KEY))
                    .sign(&open(&bare.replace("_assertion-1", "1 2")), "1 2"),
            ),
        ),
        answer(
            "02-unknown-child",
            "IDP-R-010",
            "The assertion, signed well, has an element that SAML's schema does not know.",
            around(
                &response(),
                &sign(&swap(
                    &bare,
                    "<saml:AttributeStatement>",
                    "<saml:Statement></saml:Statement><saml:AttributeStatement>",
                )),
            ),
        ),
        answer(
            "02-text-between",
            "IDP-R-010",
            "Text stands between the elements of the assertion.",
            around(
                &response(),
                &sign(&swap(
                    &bare,
                    "<saml:AttributeStatement>",
                    "text<saml:AttributeStatement>",
                )),
            ),
        ),
        answer(
            "02-wrong-order",
            "IDP-R-010",
            "The statements stand before the Subject.",
            {
                let statement =
                    cut(&bare, "<saml:AuthnStatement", "</saml:AuthnStatement>").to_owned();
                let without = swap(&bare, &statement, "");
                around(
                    &response(),
                    &sign(&swap(
                        &without,
                        "<saml:Subject>",
                        &format!("{statement}<saml:Subject>"),
                    )),
                )
            },
        ),
    ]
}

/// A canonicalizer that fails and returns nothing signs everything (CVE-2025-66475 and its family).
fn canonicalization() -> Vec<Case> {
    let bare = assertion().to_element().render().as_str().to_owned();
    let void = |text: &str| {
        let signature = Craft::new("_assertion-1", key(IDP_KEY)).over(b"");
        around(&response(), &swap(&open(text), "@signature@", &signature))
    };
    let good = plain(|_, _| {});
    vec![
        unreadable(
            "02-relative-namespace",
            "A relative namespace name, on which canonicalizers fail.",
            swap(&good, "<samlp:Status>", "<samlp:Status xmlns:x=\"../x\">"),
        ),
        unreadable(
            "02-void-relative-namespace",
            "A relative namespace name makes the canonical form empty, and the digest is that of nothing.",
            void(&swap(
                &bare,
                "<saml:Assertion ",
                "<saml:Assertion xmlns:x=\"../x\" ",
            )),
        ),
        answer(
            "02-void-digest",
            "IDP-R-009",
            "The digest is that of nothing.",
            void(&bare),
        ),
        unreadable(
            "02-empty-namespace-prefix",
            "A prefix is undeclared again, which only XML 1.1 allows.",
            swap(&good, "<samlp:Status>", "<samlp:Status xmlns:x=\"\">"),
        ),
    ]
}

/// One SignedInfo, one DigestValue (SAMLStorm).
fn signed_info() -> Vec<Case> {
    let good = plain(|_, _| {});
    let twice = |name: &str, why: &str, from: &str, to: &str| {
        let part = cut(&good, from, to);
        answer(name, "IDP-R-009", why, swap(&good, part, &part.repeat(2)))
    };
    vec![
        twice(
            "02-two-signed-infos",
            "Two SignedInfo: one is verified, the other one is read (CVE-2025-29775).",
            "<ds:SignedInfo>",
            "</ds:SignedInfo>",
        ),
        twice(
            "02-two-digest-values",
            "Two DigestValue in one Reference.",
            "<ds:DigestValue>",
            "</ds:DigestValue>",
        ),
        twice(
            "02-two-signature-values",
            "Two SignatureValue.",
            "<ds:SignatureValue>",
            "</ds:SignatureValue>",
        ),
        answer(
            "02-text-in-signed-info",
            "IDP-R-009",
            "Text between the elements of SignedInfo.",
            swap(&good, "<ds:SignedInfo>", "<ds:SignedInfo>text"),
        ),
        answer(
            "02-whitespace-in-base64",
            "IDP-R-009",
            "A character that is not base64 in SignatureValue.",
            swap(&good, "<ds:SignatureValue>", "<ds:SignatureValue>!"),
        ),
    ]
}
