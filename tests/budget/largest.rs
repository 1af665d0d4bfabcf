//! What the largest metadata costs that is let in: 16 MiB, read and judged whole, as `vejviser check` and `verify`
//! do it. No browser brings metadata and the hub fetches none: it is a file that its operator was given.

use super::{ALLOCATOR, ALONE, raw, world};
use cpu_time::ThreadTime;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use stats_alloc::Region;
use std::sync::PoisonError;
use std::time::Duration;
use vejviser::dsig::Policy;
use vejviser::hub::judge::metadata::{ExpectedMetadata, metadata};
use vejviser::hub::{Check, RowOutcome};
use vejviser::xml::Limits;

/// CPU time of one file in a release build.
const CPU: Duration = Duration::from_secs(5);
/// Bytes that one file may allocate altogether, whether given back or not.
const BYTES: usize = 512 << 20;

const MD: &str = "xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"";
const PROTOCOL: &str = "protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"";

/// A file of nearly 16 MiB, signed: an EntitiesDescriptor with `each` as often as it fits; `@` in it becomes the count.
fn group(each: &str) -> String {
    around("EntitiesDescriptor", "", each, "")
}

/// A system with `each` in its role as often as it fits.
fn role(each: &str) -> String {
    let start = format!("<md:SPSSODescriptor {PROTOCOL}>");
    let acs = "<md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
               Location=\"https://a.example/acs\" index=\"0\"></md:AssertionConsumerService></md:SPSSODescriptor>";
    around("EntityDescriptor", &start, each, acs)
}

fn around(root: &str, start: &str, each: &str, end: &str) -> String {
    let open = format!("<md:{root} {MD} ID=\"_md\" entityID=\"https://a.example\">");
    let open = match root {
        "EntityDescriptor" => open,
        _ => open.replace(" entityID=\"https://a.example\"", ""),
    };
    let close = format!("{end}</md:{root}>");
    let room = Limits::METADATA.bytes - 4096;
    let mut inside = String::with_capacity(room);
    let mut n = 0;
    loop {
        let before = inside.len();
        inside.push_str(&each.replace('@', &n.to_string()));
        if inside.len() > room {
            inside.truncate(before);
            break;
        }
        n += 1;
    }
    let content = [&open, start, &inside, &close].concat();
    let signature = raw::signature(&content, "_md", "", &world::keys().idp.signing);
    [&open, &signature, start, &inside, &close].concat()
}

/// A KeyDescriptor of a certificate for this key.
fn key(key: &PKey<openssl::pkey::Private>) -> String {
    format!(
        "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
         <ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>",
        world::self_signed(key).to_base64()
    )
}

fn files() -> Vec<(&'static str, String)> {
    let rsa = |bits| key(&PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap());
    let p521 = EcGroup::from_curve_name(Nid::SECP521R1).unwrap();
    let p521 = key(&PKey::from_ec_key(EcKey::generate(&p521).unwrap()).unwrap());
    let system = format!(
        "<md:EntityDescriptor entityID=\"https://sag-@.example/saml\"><md:SPSSODescriptor {PROTOCOL}>{}\
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://sag-@.example/acs\" index=\"0\"></md:AssertionConsumerService></md:SPSSODescriptor></md:EntityDescriptor>",
        rsa(3072)
    );
    let extensions = |each: &str| {
        let start = "<md:Extensions>";
        let end = format!(
            "</md:Extensions>{}",
            "<md:AffiliationDescriptor affiliationOwnerID=\"u:o\"><md:AffiliateMember>u:m</md:AffiliateMember></md:AffiliationDescriptor>"
        );
        around("EntityDescriptor", start, each, &end)
    };
    let long = "n".repeat(480);
    let attributes: String = (0..60).map(|i| format!(" a{i:02}=\"\"")).collect();
    vec![
        ("systems as they are, one certificate each", group(&system)),
        ("certificates of RSA-1024, all refused", role(&rsa(1024))),
        ("certificates of P-521, all refused", role(&p521)),
        (
            "as many elements as there may be",
            extensions(&format!("<a b=\"{}\"></a>", "x".repeat(24))),
        ),
        (
            "attributes to be sorted",
            extensions(&format!("<a{attributes}></a>")),
        ),
        (
            "references in text",
            extensions(
                "<a>&amp;&lt;&#13;&#xD;&gt;&amp;&lt;&#13;&#xD;&gt;&amp;&lt;&#13;&#xD;&gt;</a>",
            ),
        ),
        (
            "a long namespace name in every element",
            extensions(&format!("<p:a xmlns:p=\"u:{long}\"></p:a>")),
        ),
        (
            "entities without a role",
            group(
                "<md:EntityDescriptor entityID=\"u:@\"><md:AffiliationDescriptor affiliationOwnerID=\"u:o\"><md:AffiliateMember>u:m</md:AffiliateMember></md:AffiliationDescriptor></md:EntityDescriptor>",
            ),
        ),
        (
            "IDs to be compared",
            extensions("<a ID=\"_a-long-id-as-some-have-it-@\"></a>"),
        ),
    ]
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "a hundred megabytes; `--release` holds the figure"
)]
fn the_largest_metadata_costs_no_more_than_its_budget() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let keys = [world::keys().idp.public()];
    let expected = ExpectedMetadata {
        entity: None,
        keys: &keys,
        signatures: Policy::Modern,
        now: Some(world::NOW),
    };
    let mut broken = Vec::new();
    for (what, file) in files() {
        assert!(
            file.len() <= Limits::METADATA.bytes && file.len() > 8 << 20,
            "{what}"
        );
        let region = Region::new(ALLOCATOR);
        let mut cpu = Duration::MAX;
        let mut bytes = 0;
        let (mut found, mut refused) = (String::new(), Vec::new());
        // A neighbour on the machine only ever adds.
        for _ in 0..3 {
            let start = ThreadTime::now();
            let before = region.change().bytes_allocated;
            let judged = metadata(file.as_bytes(), &expected);
            cpu = cpu.min(start.elapsed());
            bytes = region.change().bytes_allocated - before;
            let rows = judged.report.rows().into_iter();
            refused = rows
                .filter(|row| row.outcome == RowOutcome::Fail)
                .map(|row| row.check)
                .collect();
            let mut rows = judged.report.rows().into_iter();
            let readable = rows.find(|row| row.check == Check::MetadataReadable);
            found = readable.unwrap().found.to_string();
        }
        // Read to its end and judged whole: nothing but a key is ever wrong with it.
        assert!(
            refused.is_empty() || refused == [Check::MetadataKeys],
            "{what}: {refused:?} {found}"
        );
        println!(
            "{what:<45} {:>5.1} MiB  {:>7.0} ms  {:>5} MiB   {}",
            file.len() as f64 / f64::from(1 << 20),
            cpu.as_secs_f64() * 1e3,
            bytes >> 20,
            found,
        );
        if cpu > CPU || bytes > BYTES {
            broken.push(format!("{what}: {cpu:?}, {bytes} bytes"));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
