//! Class 1: something is signed, and something else is meant to be read.

use super::Case;
use super::craft::{Craft, HERE, cut, open, signature_of, swap};
use super::party::*;
use vejviser::dsig::{self, BlockCipher};
use vejviser::saml::response::Content;
use vejviser::xml::Canonical;

/// A good signed assertion, and the same without its signature.
fn original() -> (String, String) {
    let signed = signed(&assertion(), &key(IDP_KEY));
    let bare = swap(&signed, signature_of(&signed), "");
    (signed, bare)
}

/// The attacker's assertion; `@signature@` stands behind its Issuer.
fn forged() -> String {
    open(evil().to_element().render().as_str())
}

fn into(assertion: &str, signature: &str) -> String {
    swap(assertion, HERE, signature)
}

/// Something into the attacker's assertion, before its end.
fn inside(assertion: &str, content: &str) -> String {
    let end = "</saml:Assertion>";
    let at = assertion.rfind(end).unwrap();
    [&assertion[..at], content, end].concat()
}

pub fn cases() -> Vec<Case> {
    let mut cases = of_assertions();
    cases.extend(hiding_places());
    cases.extend(of_responses());
    cases.extend(of_signatures());
    cases.extend(of_encryption());
    cases.push(good(
        "01-accept-assertion-signed",
        "The assertion is signed and stands alone in its Response, as it should.",
        plain(|_, _| {}),
    ));
    cases.push(good(
        "01-accept-response-signed",
        "The whole Response is signed; the assertion in it is covered by that signature.",
        whole(|_, _| {}),
    ));
    cases.push(good(
        "01-accept-both-signed",
        "Both the assertion and the Response around it are signed.",
        signed_response(
            &response(),
            Some(Content::Assertion(canonical_of(&key(IDP_KEY)))),
            &key(IDP_KEY),
        ),
    ));
    cases
}

fn canonical_of(key: &dsig::SigningKey) -> Canonical {
    let element = assertion().to_element();
    dsig::sign(&element, "_assertion-1", dsig::Place::AfterIssuer, key)
}

/// XSW 3 to 8, by the numbers of SAML Raider.
fn of_assertions() -> Vec<Case> {
    let (signed, bare) = original();
    let signature = signature_of(&signed);
    let forged = forged();
    let unsigned = into(&forged, "");
    let case = |name: &str, expect: &str, why: &str, content: String| {
        answer(name, expect, why, around(&response(), &content))
    };
    let object = |content: &str| {
        let object = format!("<ds:Object>{content}</ds:Object></ds:Signature>");
        into(&forged, &swap(signature, "</ds:Signature>", &object))
    };
    vec![
        case(
            "01-xsw3-forged-before",
            "IDP-R-007",
            "A forged assertion stands before the signed one; whoever reads the first one is deceived.",
            format!("{unsigned}{signed}"),
        ),
        case(
            "01-xsw3-forged-after",
            "IDP-R-007",
            "A forged assertion stands after the signed one; whoever reads the last one is deceived.",
            format!("{signed}{unsigned}"),
        ),
        case(
            "01-xsw3-forged-without-id",
            "IDP-R-007",
            "The forged assertion has no ID, so that nobody asks whether it is the signed one.",
            format!("{}{signed}", swap(&unsigned, " ID=\"_evil-1\"", "")),
        ),
        case(
            "01-xsw4-original-inside",
            "IDP-R-001",
            "The forged assertion has the signed one as its child.",
            inside(&unsigned, &signed),
        ),
        case(
            "01-xsw5-signature-moved",
            "IDP-R-007",
            "The forged assertion carries the signature, and the assertion it is about stands beside it.",
            format!("{}{bare}", into(&forged, signature)),
        ),
        case(
            "01-xsw6-original-in-signature",
            "IDP-R-001",
            "The forged assertion carries the signature, and in the signature lies what was signed.",
            into(
                &forged,
                &swap(
                    signature,
                    "</ds:Signature>",
                    &format!("{bare}</ds:Signature>"),
                ),
            ),
        ),
        answer(
            "01-xsw7-forged-in-extensions",
            "IDP-R-001",
            "A forged assertion hides in Extensions, where the schema allows anything.",
            swap(
                &around(&response(), &signed),
                "<samlp:Status>",
                &format!("<samlp:Extensions>{unsigned}</samlp:Extensions><samlp:Status>"),
            ),
        ),
        case(
            "01-xsw8-original-in-object",
            "IDP-R-001",
            "The signed assertion lies in an Object of the signature that the forged one carries.",
            object(&bare),
        ),
        case(
            "01-same-id-twice",
            "IDP-R-001",
            "The forged assertion has the ID of the signed one, so that the Reference fits both.",
            format!("{}{signed}", swap(&unsigned, "_evil-1", "_assertion-1")),
        ),
        case(
            "01-same-id-nested",
            "IDP-R-001",
            "The forged assertion has the same ID and the signed one inside it.",
            inside(&swap(&unsigned, "_evil-1", "_assertion-1"), &signed),
        ),
        case(
            "01-two-signed-assertions",
            "IDP-R-007",
            "Two assertions, both signed well: nobody can say which of them is meant.",
            {
                let mut second = assertion();
                second.id = "_assertion-2".to_owned();
                signed.clone() + &super::party::signed(&second, &key(IDP_KEY))
            },
        ),
        case(
            "01-no-assertion",
            "IDP-R-007",
            "The Response claims success and has no assertion.",
            String::new(),
        ),
        case(
            "01-other-prefix",
            "IDP-R-007",
            "The forged assertion has another prefix, for those who look for the name “saml:Assertion”.",
            format!(
                "{}{signed}",
                unsigned
                    .replace("saml:", "a:")
                    .replace("xmlns:saml", "xmlns:a")
            ),
        ),
    ]
}

/// Where a signed assertion, or a forged one, has been hidden in real products.
fn hiding_places() -> Vec<Case> {
    let (signed, bare) = original();
    let signature = signature_of(&signed);
    let carrying = into(&forged(), signature);
    let unsigned = into(&forged(), "");
    let case = |name: &str, why: &str, message: String| answer(name, "IDP-R-001", why, message);
    let beside = |mark: &str, with: String| {
        let message = around(&response(), &carrying);
        swap(&message, mark, &with)
    };
    vec![
        case(
            "01-original-in-status-detail",
            "The signature's Reference finds the good assertion in StatusDetail (CVE-2024-45409).",
            beside(
                "</samlp:Status>",
                format!("<samlp:StatusDetail>{bare}</samlp:StatusDetail></samlp:Status>"),
            ),
        ),
        case(
            "01-original-in-extensions",
            "The signature's Reference finds the good assertion in Extensions.",
            beside(
                "<samlp:Status>",
                format!("<samlp:Extensions>{bare}</samlp:Extensions><samlp:Status>"),
            ),
        ),
        case(
            "01-original-in-advice",
            "The good assertion lies in the Advice of the forged one.",
            around(
                &response(),
                &swap(
                    &unsigned,
                    "<saml:AuthnStatement",
                    &format!("<saml:Advice>{signed}</saml:Advice><saml:AuthnStatement"),
                ),
            ),
        ),
        case(
            "01-original-in-confirmation-data",
            "The good assertion lies in the SubjectConfirmationData of the forged one.",
            around(
                &response(),
                &swap(
                    &unsigned,
                    "</saml:SubjectConfirmationData>",
                    &format!("{signed}</saml:SubjectConfirmationData>"),
                ),
            ),
        ),
        case(
            "01-original-in-attribute-value",
            "The good assertion lies in an AttributeValue of the forged one.",
            around(
                &response(),
                &swap(
                    &unsigned,
                    "Substantial</saml:AttributeValue>",
                    &format!("Substantial{signed}</saml:AttributeValue>"),
                ),
            ),
        ),
        case(
            "01-original-in-foreign-element",
            "The good assertion lies in an element of nobody's namespace, behind the forged one.",
            around(
                &response(),
                &format!("{unsigned}<x:Wrapper xmlns:x=\"urn:x\">{signed}</x:Wrapper>"),
            ),
        ),
        case(
            "01-original-in-nested-response",
            "A whole good Response lies in the Extensions of a forged one.",
            swap(
                &around(&response(), &unsigned).replace("_response-1", "_response-2"),
                "<samlp:Status>",
                &format!(
                    "<samlp:Extensions>{}</samlp:Extensions><samlp:Status>",
                    around(&response(), &signed)
                ),
            ),
        ),
        case(
            "01-response-in-response",
            "A Response inside a Response, without any assertion in the outer one.",
            around(
                &response(),
                &around(&response(), &signed).replace("_response-1", "_response-2"),
            ),
        ),
        case(
            "01-forged-in-encrypted-assertion",
            "A forged assertion stands in clear inside EncryptedAssertion.",
            around(
                &response(),
                &format!(
                    "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{unsigned}</saml:EncryptedAssertion>"
                ),
            ),
        ),
    ]
}

/// XSW 1 and 2, and their kin around a Response that is signed as a whole.
fn of_responses() -> Vec<Case> {
    let good = whole(|_, _| {});
    let signature = signature_of(&good).to_owned();
    let bare = swap(&good, &signature, "");
    let forged = {
        let mut outer = response();
        outer.id = "_evil-response-1".to_owned();
        let message = around(&outer, evil().to_element().render().as_str());
        swap(&message, "</saml:Issuer>", "</saml:Issuer>@signature@")
    };
    let case = |name: &str, why: &str, message: String| answer(name, "IDP-R-001", why, message);
    let renamed = |message: &str| message.replace("_evil-response-1", "_response-1");
    vec![
        case(
            "01-xsw1-original-in-signature",
            "The forged Response carries the signature, and in the signature lies the Response that was signed.",
            into(
                &forged,
                &swap(&signature, "</ds:Signature>", &format!("{bare}</ds:Signature>")),
            ),
        )
        .also("IDP-R-006"),
        case(
            "01-xsw2-original-before-signature",
            "The forged Response carries the signature, and before it stands the Response that was signed.",
            into(&forged, &format!("{bare}{signature}")),
        )
        .also("IDP-R-006"),
        case(
            "01-xsw1-same-id",
            "The forged Response has the ID of the signed one that lies in its signature.",
            renamed(&into(
                &forged,
                &swap(&signature, "</ds:Signature>", &format!("{bare}</ds:Signature>")),
            )),
        ),
        case(
            "01-response-original-in-extensions",
            "The Response that was signed lies in the Extensions of the forged one.",
            into(
                &forged,
                &format!("{signature}<samlp:Extensions>{bare}</samlp:Extensions>"),
            ),
        )
        .also("IDP-R-006"),
        case(
            "01-response-original-in-object",
            "The Response that was signed lies in an Object of the signature.",
            into(
                &forged,
                &swap(
                    &signature,
                    "</ds:Signature>",
                    &format!("<ds:Object>{bare}</ds:Object></ds:Signature>"),
                ),
            ),
        )
        .also("IDP-R-006"),
        answer(
            "01-response-signature-inside-assertion",
            "IDP-R-009",
            "The signature of the Response stands inside the assertion and vouches for it to whoever only asks for a good signature (CVE-2025-47949).",
            {
                let inner = open(assertion().to_element().render().as_str());
                Craft::new("_response-1", key(IDP_KEY)).sign(&around(&response(), &inner), "_response-1")
            },
        ),
        answer(
            "01-assertion-signature-outside",
            "IDP-R-001",
            "The assertion's signature stands beside the assertion instead of inside it.",
            {
                let (signed, bare) = original();
                around(&response(), &format!("{bare}{}", signature_of(&signed)))
            },
        )
        .also("IDP-R-006"),
    ]
}

fn of_signatures() -> Vec<Case> {
    let (signed, bare) = original();
    let signature = signature_of(&signed);
    let subject = cut(&bare, "<saml:Subject>", "</saml:Subject>");
    let case = |name: &str, why: &str, content: String| {
        answer(name, "IDP-R-009", why, around(&response(), &content))
    };
    vec![
        case(
            "01-signature-at-the-end",
            "The signature stands at the end of the assertion; the schema has it behind Issuer, and nowhere else.",
            inside(&bare, signature),
        )
        .also("IDP-R-010"),
        case(
            "01-signature-before-issuer",
            "The signature stands before Issuer.",
            swap(&bare, "<saml:Issuer>", &format!("{signature}<saml:Issuer>")),
        )
        .also("IDP-R-010"),
        case(
            "01-signature-in-subject",
            "The signature stands inside Subject, deeper than whatever it signs.",
            swap(
                &bare,
                subject,
                &swap(subject, "</saml:Subject>", &format!("{signature}</saml:Subject>")),
            ),
        )
        .also("IDP-R-010"),
        case(
            "01-two-signatures",
            "The assertion has two signatures, both good: one for it, one for whoever reads the other.",
            into(&open(&bare), &format!("{signature}{signature}")),
        ).also("IDP-R-010"),
        case(
            "01-two-references",
            "SignedInfo has a second Reference, and only one of the two is to what is read.",
            {
                let mut craft = Craft::new("_assertion-1", key(IDP_KEY));
                let message = around(&response(), &open(&bare));
                let other = Craft::new("_response-1", key(IDP_KEY)).sign(&message, "_response-1");
                craft.more = cut(&other, "<ds:Reference ", "</ds:Reference>").to_owned();
                craft.sign(&open(&bare), "_assertion-1")
            },
        ),
        case(
            "01-reference-to-another-assertion",
            "The signature is about an assertion of yesterday that is not in the message.",
            into(&forged(), &Craft::new("_assertion-0", key(IDP_KEY)).over(bare.as_bytes())),
        ),
    ]
}

/// Whoever knows the hub's certificate can encrypt.
fn of_encryption() -> Vec<Case> {
    let (signed_text, _) = original();
    let encrypted = |plain: &Canonical| {
        let to_hub = hub(BlockCipher::Aes256Gcm, OAEP_11);
        let data = dsig::encrypt(plain, &to_hub, &mut Counted::default());
        Content::Encrypted(data)
    };
    let forged = evil().to_element().render();
    let sealed = response().to_element(Some(encrypted(&forged))).render();
    let injected = cut(
        sealed.as_str(),
        "<saml:EncryptedAssertion",
        "</saml:EncryptedAssertion>",
    );
    // The context of the fragment is the Response, where saml: is declared anew by each child.
    let case = |name: &str, expect: &str, why: &str, message: String| {
        answer(name, expect, why, message).chance()
    };
    let nested = {
        let advice = format!("<saml:Advice>{signed_text}</saml:Advice><saml:AuthnStatement");
        let text = swap(forged.as_str(), "<saml:AuthnStatement", &advice);
        super::c05_encryption::encrypted_text(&text)
    };
    vec![
        case(
            "01-encrypted-forged-beside-signed",
            "IDP-R-007",
            "A forged assertion, encrypted by the attacker, stands beside a good one (CVE-2026-2092).",
            around(&response(), &format!("{signed_text}{injected}")),
        ),
        case(
            "01-encrypted-original-inside",
            "IDP-R-009",
            "Inside the encryption a forged assertion has the good one in its Advice.",
            around(&response(), &nested),
        )
        .also("IDP-R-010"),
        case(
            "01-encrypted-two-assertions",
            "IDP-R-008",
            "The ciphertext holds two elements, the good assertion and a forged one.",
            around(
                &response(),
                &super::c05_encryption::encrypted_text(&format!(
                    "{signed_text}{}",
                    forged.as_str()
                )),
            ),
        ),
        case(
            "01-encrypted-response",
            "IDP-R-010",
            "The ciphertext holds a whole Response instead of an assertion.",
            around(
                &response(),
                &super::c05_encryption::encrypted_text(&around(&response(), &signed_text)),
            ),
        ),
    ]
}
