//! Whenever we accept a mutant, xmlsec1 verifies, under the same key, a reference to exactly the assertion that
//! we read.

use super::judges::{self, Folder};
use super::mutate::{self, Stock};
use super::tree::Element;
use super::{Dice, number};
use crate::support::{raw, shipped, world::*};
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use std::path::PathBuf;
use std::thread;
use vejviser::dsig::{self, DecryptPolicy, Place, Policy, PublicKey, SigningKey};
use vejviser::hub::judge::{self, Content, Expected, SKEW};
use vejviser::hub::{Check, Pending, RowOutcome};
use vejviser::oiosaml::{Level, Nsis, RequestProfile};
use vejviser::saml::Assertion;
use vejviser::saml::response::Content as Carried;
use vejviser::xml::{Document, SAML};

/// Where the signatures of the assertion and of the Response stand.
const INNER: &str = "/*/*[local-name()='Assertion' and namespace-uri()='urn:oasis:names:tc:SAML:2.0:assertion']\
    /*[local-name()='Signature' and namespace-uri()='http://www.w3.org/2000/09/xmldsig#']";
const OUTER: &str =
    "/*/*[local-name()='Signature' and namespace-uri()='http://www.w3.org/2000/09/xmldsig#']";

/// A key of the IdP, and the messages that it signed.
struct Signer {
    key: SigningKey,
    public: PublicKey,
    pem: Vec<u8>,
    good: Vec<Element>,
}

/// What a mutant that we took for authentic says, in our reading.
struct Taken {
    number: u64,
    xml: String,
    inner: bool,
    outer: bool,
    accepted: bool,
    says: Said,
}

/// What an assertion says: ID, NameID, and attributes with their values.
type Said = (String, String, Vec<(String, Vec<String>)>);

fn signers(world: &World, asked: &Pending) -> Vec<Signer> {
    let rsa = &shipped::keys().idp;
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let ec = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let ec_key = SigningKey::parse(&ec.private_key_to_pem_pkcs8().unwrap(), None).unwrap();
    [
        (rsa.signing.clone(), rsa.bare.public_key_to_pem().unwrap()),
        (ec_key, ec.public_key_to_pem().unwrap()),
    ]
    .into_iter()
    .map(|(key, pem)| Signer {
        good: good(world, asked, &key),
        public: key.public(),
        key,
        pem,
    })
    .collect()
}

/// The assertion signed, the Response signed, both; and both again with a PrefixList.
fn good(world: &World, asked: &Pending, key: &SigningKey) -> Vec<Element> {
    let (response, mut assertion) = (world.response(asked), world.assertion(asked));
    assertion.attributes[3].values = vec![
        "a & b < c > d \"e\"".to_owned(),
        "æøå\r\n\t€".to_owned(),
        String::new(),
    ];
    let signed = |assertion: &Assertion| {
        dsig::sign(
            &assertion.to_element(),
            &assertion.id,
            Place::AfterIssuer,
            key,
        )
    };
    let both = dsig::sign(
        &response.to_element(Some(Carried::Assertion(signed(&assertion)))),
        &response.id,
        Place::AfterIssuer,
        key,
    );
    let text = |xml: Vec<u8>| String::from_utf8(xml).unwrap();
    let inner = text(assertion_signed(&response, &assertion, key).xml);
    let outer = text(response_signed(&response, Some(&assertion), key).xml);
    let plain = text(response_signed(&response, Some(&assertion), key).xml);
    let listed = raw::signed(
        &without_signature(&plain),
        "_response-1",
        "saml samlp xs #default",
        key,
    );
    [inner, outer, both.as_str().to_owned(), listed]
        .iter()
        .map(|text| Element::parse(text))
        .collect()
}

fn without_signature(xml: &str) -> String {
    let (from, to) = (
        xml.find("<ds:Signature ").unwrap(),
        xml.rfind("</ds:Signature>").unwrap() + 15,
    );
    [&xml[..from], &xml[to..]].concat()
}

/// Our verdict: what we read, if we took it for authentic.
fn judged(
    xml: &str,
    number: u64,
    signer: &Signer,
    world: &World,
    asked: &Pending,
    acs: &str,
) -> Option<Taken> {
    let keys = [signer.public.clone()];
    let expected = Expected {
        sender: Some(IDP),
        keys: &keys,
        former_keys: &[],
        decryption_keys: &world.hub.sp.decryption,
        signatures: Policy::Modern,
        encryption: DecryptPolicy::GcmOnly,
        audience: Some(&world.hub.entity_id),
        acs: Some(acs),
        in_response_to: asked.asked_with(),
        now: Some(world.now),
        skew: SKEW,
        forced_at: None,
        proxies: true,
        unsigned_status: true,
        identity: None,
    };
    let judged = judge::response(xml.as_bytes(), &expected);
    let bad = |check| judged.report.outcome(check) == Some(RowOutcome::Fail);
    let Content::Assertion(signed) = &judged.content else {
        assert!(
            judged.report.reason().is_some() || !matches!(judged.content, Content::Nothing),
            "{number}: {xml}"
        );
        return None;
    };
    assert!(
        !bad(Check::AssertionSignature) && !bad(Check::ResponseSignature),
        "{number}: {xml}"
    );
    let document = Document::parse(xml.as_bytes()).unwrap();
    let root = document.root();
    let assertion = root
        .child(SAML, "Assertion")
        .expect("an assertion that we read");
    let assertion = dsig::has_signature(assertion);
    let value = signed.value();
    Some(Taken {
        number,
        xml: xml.to_owned(),
        inner: assertion,
        outer: dsig::has_signature(root),
        accepted: judged.report.reason().is_none(),
        says: (
            value.id.clone(),
            value
                .name_id
                .as_ref()
                .map(|name| name.value.clone())
                .unwrap_or_default(),
            value
                .attributes
                .iter()
                .map(|a| (a.name.clone(), a.values.clone()))
                .collect(),
        ),
    })
}

/// The same, by the test's own reading of what xmlsec1 digested.
fn said(digested: &str) -> Said {
    let root = Element::parse(digested);
    let assertion = root.find("Assertion").expect("an assertion was digested");
    let values = |attribute: &Element| attribute.elements().map(Element::text).collect();
    let statements = assertion
        .elements()
        .filter(|child| child.local() == "AttributeStatement");
    (
        super::tree::unescape(assertion.attribute("ID").unwrap_or_default()),
        assertion
            .find("NameID")
            .map(|name| name.text().trim().to_owned())
            .unwrap_or_default(),
        statements
            .flat_map(Element::elements)
            .map(|a| {
                (
                    super::tree::unescape(a.attribute("Name").unwrap_or_default()),
                    values(a),
                )
            })
            .collect(),
    )
}

#[test]
fn what_we_accept_of_ten_thousand_mutants_xmlsec1_accepts_and_reads_the_same() {
    let mut world = World::with_keys(
        shipped::keys(),
        RequestProfile::Oiosaml3,
        Level::Nsis(Nsis::Substantial),
    );
    let asked = world.asked();
    let acs = world.hub.url(vejviser::hub::identity::path::CONSUME);
    let signers = signers(&world, &asked);
    // A stranger's message, and one of the same IdP about somebody else.
    let mut other = world.assertion(&asked);
    other.id = "_assertion-2".to_owned();
    other.name_id.as_mut().unwrap().value = "C=DK,O=11111111,CN=En Anden,Serial=7".to_owned();
    let response = world.response(&asked);
    let of = |key: &SigningKey| {
        let xml = assertion_signed(&response, &other, key).xml;
        Element::parse(std::str::from_utf8(&xml).unwrap())
    };
    let stock = Stock {
        others: vec![
            of(&signers[0].key),
            of(&signers[1].key),
            of(&shipped::keys().stranger.signing),
        ],
    };

    // What they start from is good in everybody's eyes.
    let mut taken: Vec<Vec<Taken>> = Vec::new();
    for signer in &signers {
        let good = signer.good.iter().enumerate();
        let all = good.map(|(n, good)| {
            judged(&good.to_text(), n as u64, signer, &world, &asked, &acs)
                .filter(|taken| taken.accepted)
        });
        taken.push(
            all.collect::<Option<Vec<_>>>()
                .expect("good messages are accepted"),
        );
    }

    let (count, seed) = (
        number("VEJVISER_MUTANTS", 10_000),
        number("VEJVISER_SEED", 1),
    );
    let mutants = thread::scope(|scope| {
        let halves: Vec<_> = (0..2)
            .map(|half| {
                let (world, asked, acs, stock, signers) = (&world, &asked, &acs, &stock, &signers);
                scope.spawn(move || {
                    let mut found = Vec::new();
                    for n in (half..count).step_by(2) {
                        // Each has dice of its own, so that one can be made again without the others.
                        let mut dice = Dice::new(seed.wrapping_mul(1 << 32).wrapping_add(n));
                        let at = dice.below(signers.len());
                        let signer = &signers[at];
                        let good = dice.pick(&signer.good).clone();
                        let xml = mutate::mutant(&good, stock, &mut dice);
                        found.extend(
                            judged(&xml, n, signer, world, asked, acs).map(|taken| (at, taken)),
                        );
                    }
                    found
                })
            })
            .collect();
        halves
            .into_iter()
            .flat_map(|half| half.join().unwrap())
            .collect::<Vec<_>>()
    });
    let authentic = mutants.len();
    let accepted = mutants.iter().filter(|(_, taken)| taken.accepted).count();
    for (at, mutant) in mutants {
        taken[at].push(mutant);
    }
    // Otherwise it is not the signature that is tested.
    assert!(
        accepted > 100 && accepted < authentic,
        "{accepted} of {authentic}"
    );
    assert!(
        authentic < usize::try_from(count).unwrap() / 2,
        "{authentic}"
    );
    if !judges::there_is("xmlsec1") {
        return;
    }
    let folder = Folder::new("mutants");
    let mut agreed = 0;
    for (at, (signer, taken)) in signers.iter().zip(&taken).enumerate() {
        let key = folder.put(&format!("{at}.pem"), &signer.pem);
        for (xpath, wanted) in [
            (INNER, (|t| t.inner) as fn(&Taken) -> bool),
            (OUTER, |t| t.outer),
        ] {
            let these: Vec<&Taken> = taken.iter().filter(|t| wanted(t)).collect();
            let files: Vec<PathBuf> = these
                .iter()
                .enumerate()
                .map(|(n, taken)| folder.put(&format!("{at}-{n}.xml"), taken.xml.as_bytes()))
                .collect();
            let digested = judges::verify(&key, xpath, &files).unwrap_or_else(|(file, said)| {
                let xml = std::fs::read_to_string(&file).unwrap();
                panic!("xmlsec1 refuses what we took: {said}\n{xml}")
            });
            for (taken, digested) in these.iter().zip(&digested) {
                assert_eq!(
                    taken.says,
                    said(digested),
                    "mutant {}: {}",
                    taken.number,
                    taken.xml
                );
                agreed += 1;
            }
        }
        assert!(taken.iter().all(|t| t.inner || t.outer));
        // A judge that never says no proves nothing.
        let forged = taken[0].xml.replace("Substantial", "High");
        let forged = folder.put("forged.xml", forged.as_bytes());
        assert!(judges::verify(&key, INNER, &[forged]).is_err());
    }
    println!(
        "{count} mutants: {authentic} with an assertion that is the IdP's, {accepted} accepted, {agreed} signatures verified by xmlsec1"
    );
}
