//! Decryption fails in many ways, and all of them look the same from outside (design “Trust”): whoever could tell
//! one from another could decrypt (Bleichenbacher, Vaudenay). The time that they take is compared by
//! `cargo bench --bench decryption`.

use crate::support::demo::{Demo, Went, went};
use crate::support::raw::{self, AES256_CBC, AES256_GCM};
use crate::support::{shipped, world::World};
use hyper::StatusCode;
use vejviser::drill::{Browser, Page};
use vejviser::dsig::{self, Place, SigningKey};
use vejviser::hub::Check;
use vejviser::hub::identity::path;
use vejviser::oiosaml::attributes;
use vejviser::saml::binding::decode_redirect;
use vejviser::saml::{Attribute, AuthnRequest};
use vejviser::xml::Document;

const KEY: [u8; 32] = [5; 32];
/// An OIOSAML2 registration: the only kind that may send AES-CBC.
const IDP: &str = "provekobing-adfs";

/// A login that waits for its IdP, and what that IdP would answer.
struct Waiting {
    demo: Demo,
    browser: Browser,
    at_idp: Page,
    /// The Response up to where the assertion stands.
    envelope: String,
    assertion: vejviser::saml::Assertion,
}

impl Waiting {
    async fn start() -> Self {
        let demo = Demo::start().await;
        let mut browser = Browser::without_scripts();
        let login = demo.url("sagssystem", "/log-ind");
        let at_system = demo.to_idp(&mut browser, &login, IDP).await.unwrap();
        let query = at_system.url.query().expect("the hub asks by redirect");
        let asked = decode_redirect(query).unwrap();
        let document = Document::parse(&asked.xml).unwrap();
        let request = AuthnRequest::read(document.root()).unwrap();

        let world = World::plain();
        let mut world = World {
            now: demo.app.clock.now(),
            ..world
        };
        let pending = world.asked();
        let (mut response, mut assertion) = (world.response(&pending), world.assertion(&pending));
        let consume = demo.url("hub", path::CONSUME);
        response.issuer = Some(demo.entity_id(IDP));
        response.destination = Some(consume.clone());
        response.in_response_to = Some(request.id.clone());
        assertion.issuer = demo.entity_id(IDP);
        assertion.confirmations[0].recipient = Some(consume);
        assertion.confirmations[0].in_response_to = Some(request.id.clone());
        let conditions = assertion.conditions.as_mut().unwrap();
        conditions.audience_restrictions = vec![vec![demo.app.hub().entity_id.clone()]];
        assertion.attributes.push(Attribute {
            name: attributes::ASSURANCE_LEVEL.to_owned(),
            name_format: None,
            friendly_name: None,
            values: vec!["3".to_owned()],
        });
        let empty = response.to_element(None).render();
        let envelope = empty
            .as_str()
            .strip_suffix("</samlp:Response>")
            .unwrap()
            .to_owned();
        Self {
            demo,
            browser,
            at_idp: at_system,
            envelope,
            assertion,
        }
    }

    fn signed(&self, key: &SigningKey) -> String {
        let element = self.assertion.to_element();
        dsig::sign(&element, &self.assertion.id, Place::AfterIssuer, key)
            .as_str()
            .to_owned()
    }

    async fn answer(&mut self, assertion: &str) -> Page {
        let xml = format!("{}{assertion}</samlp:Response>", self.envelope);
        let form = vejviser::drill::Form {
            action: self.demo.url("hub", path::CONSUME),
            post: true,
            fields: vec![("SAMLResponse".to_owned(), raw::base64(xml.as_bytes()))],
            choices: Vec::new(),
            automatic: true,
            ..vejviser::drill::Form::default()
        };
        self.browser
            .submit(&self.at_idp, &form, None)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn every_failure_of_decryption_is_the_same_page() {
    let mut waiting = Waiting::start().await;
    let keys = shipped::keys();
    let wrapped = raw::wrapped(&KEY, &keys.hub.bare);
    let good = waiting.signed(&keys.idp.signing);
    let unsigned = waiting.assertion.to_element().render().as_str().to_owned();
    let flipped = |octets: &[u8], at: usize| {
        let mut octets = octets.to_vec();
        octets[at] ^= 1;
        octets
    };
    let gcm = |plain: &str| {
        raw::encrypted_assertion(AES256_GCM, &raw::gcm(&KEY, plain.as_bytes()), &wrapped)
    };
    let cbc = |plain: &str, padding: u8| {
        raw::encrypted_assertion(
            AES256_CBC,
            &raw::cbc(&KEY, plain.as_bytes(), padding),
            &wrapped,
        )
    };
    let sealed = raw::gcm(&KEY, good.as_bytes());
    let of =
        |cipher, sealed: &[u8], wrapped: &[u8]| raw::encrypted_assertion(cipher, sealed, wrapped);
    let in_cbc = raw::cbc(&KEY, good.as_bytes(), 0);
    let two_keys = {
        let one = gcm(&good);
        let (from, to) = (
            one.find("<xenc:EncryptedKey>").unwrap(),
            one.find("</ds:KeyInfo>").unwrap(),
        );
        one.replacen(
            "</ds:KeyInfo>",
            &format!("{}</ds:KeyInfo>", &one[from..to]),
            1,
        )
    };
    let failures: Vec<(&str, String)> = vec![
        (
            "somebody else's key",
            of(
                AES256_GCM,
                &sealed,
                &raw::wrapped(&KEY, &keys.stranger.bare),
            ),
        ),
        (
            "a wrapped key that was changed",
            of(AES256_GCM, &sealed, &flipped(&wrapped, 7)),
        ),
        (
            "a wrapped key that was changed, CBC",
            of(AES256_CBC, &in_cbc, &flipped(&wrapped, 7)),
        ),
        (
            "a wrapped key too short",
            of(AES256_GCM, &sealed, &wrapped[..40]),
        ),
        ("no wrapped key", of(AES256_GCM, &sealed, &[])),
        (
            "a content key of another length",
            of(
                AES256_GCM,
                &sealed,
                &raw::wrapped(&KEY[..16], &keys.hub.bare),
            ),
        ),
        (
            "another content key",
            of(AES256_GCM, &sealed, &raw::wrapped(&[6; 32], &keys.hub.bare)),
        ),
        (
            "another content key, CBC",
            of(AES256_CBC, &in_cbc, &raw::wrapped(&[6; 32], &keys.hub.bare)),
        ),
        ("two keys for us", two_keys),
        (
            "a ciphertext that was changed",
            of(AES256_GCM, &flipped(&sealed, 40), &wrapped),
        ),
        (
            "a tag that was changed",
            of(AES256_GCM, &flipped(&sealed, sealed.len() - 1), &wrapped),
        ),
        ("no ciphertext", of(AES256_GCM, &[], &wrapped)),
        (
            "an IV that was changed, CBC",
            of(AES256_CBC, &flipped(&in_cbc, 0), &wrapped),
        ),
        (
            "a ciphertext that was changed, CBC",
            of(AES256_CBC, &flipped(&in_cbc, 60), &wrapped),
        ),
        (
            "no whole blocks, CBC",
            of(AES256_CBC, &in_cbc[..in_cbc.len() - 1], &wrapped),
        ),
        ("padding of 17", cbc(&good, 17)),
        ("padding of 255", cbc(&good, 255)),
        ("junk", gcm("junk")),
        ("junk with good padding", cbc("junk", 0)),
        ("a DTD", gcm(&format!("<!DOCTYPE a>{good}"))),
        ("half an assertion", gcm(&good[..good.len() / 2])),
        ("another element", gcm("<a></a>")),
        ("an assertion that nobody signed", gcm(&unsigned)),
        ("an assertion that nobody signed, CBC", cbc(&unsigned, 0)),
        (
            "an assertion that was changed",
            gcm(&good.replace("Substantial", "High")),
        ),
        (
            "an assertion that was changed, CBC",
            cbc(&good.replace("Substantial", "High"), 0),
        ),
        (
            "a stranger's assertion",
            gcm(&waiting.signed(&keys.stranger.signing)),
        ),
        (
            "an algorithm that is not allowed",
            of(
                "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
                &sealed,
                &wrapped,
            ),
        ),
    ];
    let mut first: Option<(StatusCode, hyper::HeaderMap, String)> = None;
    for (what, assertion) in &failures {
        let page = waiting.answer(assertion).await;
        let mut headers = page.headers.clone();
        headers.remove("date");
        let seen = (page.status, headers, page.body.clone());
        assert!(page.status.is_client_error(), "{what}: {}", page.status);
        assert!(page.body.contains(Check::Decryption.info().id), "{what}");
        match &first {
            // The same login and the same browser: not even the flow's id differs.
            Some(first) => assert_eq!(*first, seen, "{what}"),
            None => first = Some(seen),
        }
    }
    // Pages do differ where the difference teaches nothing.
    let other = waiting.answer(&unsigned).await;
    assert!(!other.body.contains(Check::Decryption.info().id));
    // None of them has used the login up, and the good one, in either cipher, is one.
    waiting.browser = {
        let mut browser = Browser::new();
        browser.share_cookies_with(&mut waiting.browser);
        browser
    };
    let page = waiting.answer(&cbc(&good, 0)).await;
    assert_eq!(went(&page), Went::In("3".to_owned()), "{}", page.body);
}
