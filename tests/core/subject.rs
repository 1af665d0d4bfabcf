//! A name that the IdP encrypted (SAML core §2.2.4): it is opened where it is signed, and nowhere else.

use crate::support::{raw, world::*};
use vejviser::hub::acs::{Answered, Outcome};
use vejviser::hub::{Check, Pending, RowOutcome};
use vejviser::saml::{Decoded, MessageField};

const CONTENT_KEY: [u8; 32] = [7; 32];

/// The XML of an assertion whose NameID stands in an EncryptedID for the hub; `inner` is what was encrypted.
fn assertion_with(
    world: &World,
    asked: &Pending,
    inner: impl Fn(&str) -> String,
) -> (String, String) {
    let assertion = world.assertion(asked);
    let xml = String::from_utf8(assertion.to_element().render().as_bytes().to_vec()).unwrap();
    let (start, end) = (
        xml.find("<saml:NameID").unwrap(),
        xml.find("</saml:NameID>").unwrap() + "</saml:NameID>".len(),
    );
    let name = xml[start..end].replacen(
        "<saml:NameID",
        "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
        1,
    );
    let data = raw::encrypted_assertion(
        raw::AES256_GCM,
        &raw::gcm(&CONTENT_KEY, inner(&name).as_bytes()),
        &raw::wrapped(&CONTENT_KEY, &world.keys.hub.bare),
    );
    let encrypted = data.replace("saml:EncryptedAssertion", "saml:EncryptedID");
    (
        [&xml[..start], &encrypted, &xml[end..]].concat(),
        assertion.id,
    )
}

/// The answer with this assertion in it, as a form brings it.
fn answer(world: &World, asked: &Pending, assertion: &str) -> Decoded {
    let response = world.response(asked).to_element(None).render();
    let mut decoded = posted(MessageField::Response, &response);
    let xml = String::from_utf8(decoded.xml).unwrap();
    let whole = xml.replacen(
        "</samlp:Response>",
        &[assertion, "</samlp:Response>"].concat(),
        1,
    );
    decoded.xml = whole.into_bytes();
    decoded
}

/// What became of the login, and the row about the name.
fn judged(world: &mut World, asked: &Pending, decoded: &Decoded) -> (bool, RowOutcome, String) {
    let answered = world.answer(decoded, Some(asked), Some("browser"));
    let good = matches!(answered, Answered::Finish(finish) if matches!(finish.outcome, Outcome::LoggedIn { .. }));
    let row = world.row(Check::SubjectNamed);
    (good, row.outcome, row.found.to_string())
}

#[test]
fn a_signed_encrypted_name_is_opened_and_passed_on() {
    let mut world = World::plain();
    let asked = world.asked();
    let (xml, id) = assertion_with(&world, &asked, str::to_owned);
    let signed = raw::signed(&xml, &id, "", &world.keys.idp.signing);
    let decoded = answer(&world, &asked, &signed);
    let (good, outcome, found) = judged(&mut world, &asked, &decoded);
    assert!(
        good && outcome == RowOutcome::Pass && found.contains(CVR),
        "{outcome:?} {found}"
    );
}

#[test]
fn what_is_in_it_must_be_a_name() {
    for inner in [
        "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">x</saml:Issuer>",
        "<x",
    ] {
        let mut world = World::plain();
        let asked = world.asked();
        let (xml, id) = assertion_with(&world, &asked, |_| inner.to_owned());
        let signed = raw::signed(&xml, &id, "", &world.keys.idp.signing);
        let decoded = answer(&world, &asked, &signed);
        let (good, outcome, found) = judged(&mut world, &asked, &decoded);
        assert!(
            !good && outcome == RowOutcome::Fail && found.starts_with("EncryptedID: "),
            "{outcome:?} {found}"
        );
    }
}

/// Nothing may be learned from trying the hub's key on what nobody signed.
#[test]
fn a_name_that_nobody_signed_is_not_opened() {
    let mut world = World::plain();
    let asked = world.asked();
    let (xml, _) = assertion_with(&world, &asked, str::to_owned);
    let decoded = answer(&world, &asked, &xml);
    let (good, outcome, found) = judged(&mut world, &asked, &decoded);
    assert!(!good && outcome == RowOutcome::Skip, "{outcome:?} {found}");
    assert_eq!(found, "an EncryptedID that nobody signed");
}
