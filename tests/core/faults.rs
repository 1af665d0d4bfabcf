//! Every fault, judged by the path of the crate's own systems: what it breaks and nothing else. The golden file is the
//! list; `UPDATE_GOLDEN=1 cargo test faults` writes it anew.

use crate::support::world::*;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};
use time::Duration;
use vejviser::config::pki;
use vejviser::dsig::{DecryptPolicy, Policy};
use vejviser::hub::RowOutcome;
use vejviser::hub::acs::Answered;
use vejviser::hub::fault::{Fault, Kit, above, below};
use vejviser::hub::judge::{self, Content, Expected, IdentityRules, Judged};
use vejviser::hub::{Check, Consumed};
use vejviser::oiosaml::attributes::{ASSURANCE_LEVEL, LOA};
use vejviser::oiosaml::{Level, Nist, Nsis, OiosamlVersion, RequestProfile};
use vejviser::saml::binding::{Outbound, decode_post};
use vejviser::saml::{Assertion, Attribute, Status};

fn kit() -> Arc<Kit> {
    static KIT: LazyLock<Arc<Kit>> = LazyLock::new(|| {
        Arc::new(Kit {
            neighbour: pki::pair("test-neighbour").unwrap().signing,
            stranger: pki::pair("test-stranger").unwrap().signing,
            watermark: "vejviser-prøve:test".to_owned(),
            roles: vec!["http://system.example/roles/usersystemrole/prøve/1".to_owned()],
        })
    });
    KIT.clone()
}

/// A hub that can answer with faults, and a system of this version that needs the middle level.
fn world(version: OiosamlVersion, fault: Option<Fault>) -> (World, Option<String>) {
    let (profile, level) = match version {
        OiosamlVersion::V2 => (RequestProfile::Oiosaml2, Level::Nist(Nist::Three)),
        OiosamlVersion::V3 => (RequestProfile::Oiosaml3, Level::Nsis(Nsis::Substantial)),
    };
    let mut world = World::new(profile, level);
    world.hub.faults = Some(kit());
    let mut pending = world.pending(|_| {});
    pending.fault = fault;
    let (asked, _) = world.ask(&pending).unwrap();
    let mut assertion = world.assertion(&asked);
    if version == OiosamlVersion::V2 {
        assertion.attributes.push(Attribute {
            name: ASSURANCE_LEVEL.to_owned(),
            name_format: None,
            friendly_name: None,
            values: vec!["3".to_owned()],
        });
    }
    let decoded = assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
    let Answered::Finish(finish) = world.answer(&decoded, Some(&asked), Some("browser")) else {
        panic!("{:?}", world.trace)
    };
    let sent = finish.release(&Consumed::Done).unwrap().outbound().clone();
    let Outbound::Post { message, .. } = sent else {
        panic!("by POST")
    };
    (world, Some(message))
}

/// As a system judges it that knows every rule.
fn judged(version: OiosamlVersion, fault: Option<Fault>) -> (World, Vec<u8>, Judged) {
    let (world, message) = world(version, fault);
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("SAMLResponse", &message.unwrap());
    let decoded = decode_post(form.finish().as_bytes()).unwrap();
    let request = world.request(|_| {});
    let keys = [world.keys.hub.public()];
    let forced_at = (fault == Some(Fault::StaleSession)).then_some(NOW);
    let judged = judge::response(
        &decoded.xml,
        &Expected {
            sender: Some(&world.hub.entity_id),
            keys: &keys,
            former_keys: &[],
            decryption_keys: std::slice::from_ref(&world.keys.system.decryption),
            signatures: Policy::Modern,
            encryption: DecryptPolicy::GcmOnly,
            audience: Some(SYSTEM),
            acs: Some(ACS),
            in_response_to: Some(&request.id),
            now: Some(NOW),
            skew: Duration::seconds(180),
            forced_at,
            proxies: false,
            unsigned_status: false,
            identity: Some(IdentityRules {
                contexts: None,
                x509_subject_name: true,
                version,
            }),
        },
    );
    (world, decoded.xml, judged)
}

fn failed(judged: &Judged) -> Vec<Check> {
    let rows = judged.report.rows();
    rows.iter()
        .filter(|row| row.outcome == RowOutcome::Fail)
        .map(|row| row.check)
        .collect()
}

fn levels(assertion: &Assertion) -> String {
    let stated: Vec<&str> = [LOA, ASSURANCE_LEVEL]
        .into_iter()
        .flat_map(|name| assertion.values(name))
        .collect();
    let class = &assertion.authn_statements.first();
    let class = class.and_then(|statement| statement.class_ref.as_deref());
    let class = class.and_then(|class| class.rsplit(['/', ':']).next());
    format!("{} ({})", stated.join("+"), class.unwrap_or("none"))
}

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "the switch that writes the golden file"
)]
fn each_breaks_what_it_says() {
    let mut list = String::new();
    for version in [OiosamlVersion::V3, OiosamlVersion::V2] {
        let _ = writeln!(list, "# {}", version.as_str());
        for fault in std::iter::once(None).chain(Fault::ALL.iter().copied().map(Some)) {
            let name = fault.map_or("none", Fault::name);
            let (_, _, judged) = judged(version, fault);
            let failed = failed(&judged);
            let failed: Vec<&str> = failed.iter().map(|check| check.info().id).collect();
            let what = match (&judged.content, failed.is_empty()) {
                (Content::Assertion(signed), true) => {
                    format!("accepted, level {}", levels(signed.value()))
                }
                (Content::Assertion(_), false) => format!("refused: {}", failed.join(" ")),
                (Content::Status(status), _) => format!("status {}", short(status.value())),
                _ => format!("not authenticated: {}", failed.join(" ")),
            };
            let _ = writeln!(list, "{name}: {what}");
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/golden/faults.txt");
    if std::env::var("UPDATE_GOLDEN").is_ok() {
        std::fs::write(path, &list).unwrap();
    }
    assert_eq!(list, std::fs::read_to_string(path).unwrap());
}

fn short(status: &Status) -> String {
    let last = |uri: &str| uri.rsplit(':').next().unwrap_or_default().to_owned();
    let subcode = status.subcode.as_deref().map(last);
    format!("{}/{}", last(&status.code), subcode.unwrap_or_default())
}

/// A fault that changes nothing would be a case that cannot fail.
#[test]
fn none_sends_what_the_hub_sends_anyway() {
    let (_, _, good) = judged(OiosamlVersion::V3, None);
    let Content::Assertion(good) = good.content else {
        panic!("a good login")
    };
    // The same apart from what is drawn.
    let index = |assertion: &Assertion| {
        let statement = &assertion.authn_statements[0];
        statement.session_index.clone().unwrap()
    };
    assert!(index(good.value()).starts_with("vejviser-prøve:test:"));
    let told = |fault: Fault| {
        let (world, xml, judged) = judged(OiosamlVersion::V3, Some(fault));
        let clear = world.trace.exchanges.last().unwrap().decrypted.clone();
        (
            String::from_utf8(xml).unwrap(),
            clear.unwrap_or_default(),
            judged,
        )
    };
    for fault in Fault::ALL.iter().copied() {
        let (xml, clear, judged) = told(fault);
        let decided = format!("{fault:?}");
        let marked = clear.contains("vejviser-prøve:test:") || xml.contains("vejviser-prøve:test:");
        let without = [
            Fault::NoAuthnStatement,
            Fault::RefusedLevel,
            Fault::RefusedCancelled,
        ];
        assert_eq!(marked, !without.contains(&fault), "{decided}");
        drop(judged);
    }
    // What the data does not show stands in the text.
    let clear = |fault| told(fault).1;
    assert!(clear(Fault::OtherPrefixes).starts_with("<a2:Assertion"));
    assert!(clear(Fault::Indented).contains(">\n  <saml:"));
    assert!(!clear(Fault::NoKeyInfo).contains("KeyInfo"));
    assert!(clear(Fault::FractionsOfSeconds).contains("12:00:00.0004567Z"));
    assert!(clear(Fault::DanishLetters).contains("CN=Åse Ærø-O'Neill &amp; &lt;Søn&gt;,"));
    assert!(clear(Fault::BlanksInNameId).contains("C = DK, O = "));
    assert!(clear(Fault::SessionEndStated).contains("SessionNotOnOrAfter=\"2026-11-21T20:00"));
    assert!(told(Fault::EncryptionMgf1p).0.contains("rsa-oaep-mgf1p"));
    assert!(told(Fault::EncryptionMgf1p).0.contains("aes128-gcm"));
    assert!(
        told(Fault::EncryptionSha256)
            .0
            .contains("xmlenc11#rsa-oaep")
    );
    let both = told(Fault::ResponseSignedToo);
    assert!(both.0.contains("<ds:Signature ") && both.1.contains("<ds:Signature "));
    let roles = clear(Fault::SeveralRoles);
    assert!(roles.contains("privilegesIntermediate") && roles.len() > 10_000);
    assert!(!clear(Fault::NoRoles).contains("privilegesIntermediate"));
    assert!(!clear(Fault::FewAttributes).contains("orgName"));
    assert!(clear(Fault::OtherOrder).contains("https://angreb.invalid/attribut/ny"));
    assert!(
        told(Fault::Doctype)
            .0
            .starts_with("<!DOCTYPE samlp:Response [<!ENTITY hub \"")
    );
}

#[test]
fn without_a_kit_nothing_is_faulty() {
    let mut world = World::new(RequestProfile::Oiosaml3, Level::Nsis(Nsis::Substantial));
    let mut pending = world.pending(|_| {});
    pending.fault = Some(Fault::Unsigned);
    let (asked, _) = world.ask(&pending).unwrap();
    let assertion = world.assertion(&asked);
    let decoded = assertion_signed(&world.response(&asked), &assertion, &world.keys.idp.signing);
    let answered = world.answer(&decoded, Some(&asked), Some("browser"));
    assert!(matches!(answered, Answered::Finish(_)));
    let clear = world.trace.exchanges.last().unwrap().decrypted.clone();
    assert!(clear.unwrap().contains("<ds:Signature "));
    assert!(
        world
            .trace
            .decisions
            .iter()
            .all(|decided| decided.rule != "fault")
    );
}

#[test]
fn names_are_unique_and_levels_have_neighbours() {
    for fault in Fault::ALL {
        assert_eq!(Fault::named(fault.name()), Some(*fault));
        let json = serde_json::to_string(fault).unwrap();
        assert_eq!(serde_json::from_str::<Fault>(&json).unwrap(), *fault);
    }
    assert!(serde_json::from_str::<Fault>("\"none\"").is_err());
    let middle = Level::Nsis(Nsis::Substantial);
    assert_eq!(below(middle), Some(Level::Nsis(Nsis::Low)));
    assert_eq!(above(middle), Some(Level::Nsis(Nsis::High)));
    assert_eq!(above(Level::Nist(Nist::Four)), None);
    assert_eq!(below(Level::Nist(Nist::One)), None);
    assert_eq!(below(Level::Nsis(Nsis::Low)), None);
}
