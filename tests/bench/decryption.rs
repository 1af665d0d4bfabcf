//! Whether the ways in which decryption fails can be told apart by the time they take: `cargo bench --bench
//! decryption`. What a sender may learn is compared in pairs that differ in nothing but the secret thing: whether
//! the envelope opened, whether padding was valid.
//!
//! Thread CPU time of the judging of a whole Response, taken in turns, median of the differences of a few
//! thousand rounds. How far
//! the first and the second half lie apart says how much of a difference is noise.

#[path = "../support/raw.rs"]
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod raw;
#[path = "../support/world.rs"]
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod world;

use cpu_time::ThreadTime;
use raw::{AES256_CBC, AES256_GCM};
use std::hint::black_box;
use vejviser::dsig::{self, DecryptPolicy, Place, Policy, PublicKey};
use vejviser::hub::judge::{self, Content, Expected, SKEW};
use vejviser::hub::{Check, RowOutcome};
use world::World;

/// Of each kind.
const SAMPLES: usize = 4000;
/// How far a pair may lie apart, in hundredths of the whole. Where the messages lie in memory makes half of that
/// between runs, with changing sign; an attack would need thousands of tries at one pending login through a network.
const MARGIN: f64 = 1.0;
/// The same between an envelope that opened and one that did not: OpenSSL writes an error down. It is no oracle: whoever knows that an envelope opens has made it, and what Manger's attack needs
/// is a difference among those that do not, for which the other margin holds.
const OPENED: f64 = 2.5;

const KEY: [u8; 32] = [5; 32];

struct Kind {
    what: &'static str,
    xml: String,
    /// Microseconds.
    took: Vec<f64>,
}

fn main() {
    let mut world = World::plain();
    let asked = world.asked();
    let (response, assertion) = (world.response(&asked), world.assertion(&asked));
    let idp = &world.keys.idp;
    let signed = dsig::sign(
        &assertion.to_element(),
        &assertion.id,
        Place::AfterIssuer,
        &idp.signing,
    );
    let empty = response.to_element(None).render();
    let envelope = empty
        .as_str()
        .strip_suffix("</samlp:Response>")
        .unwrap_or_default()
        .to_owned();
    let wrapped = raw::wrapped(&KEY, &world.keys.hub.bare);
    let mut broken = wrapped.clone();
    broken[100] ^= 1;
    let other = raw::wrapped(&[6; 32], &world.keys.hub.bare);
    // An assertion of usual size that ends in what no reader takes, as a block that somebody bent would.
    let bent = format!("{}\u{1}", signed.as_str());
    let gcm = raw::gcm(&KEY, signed.as_bytes());
    let mut tag = gcm.clone();
    let last = tag.len() - 1;
    tag[last] ^= 1;
    let of = |cipher: &str, sealed: &[u8], wrapped: &[u8]| {
        format!(
            "{envelope}{}</samlp:Response>",
            raw::encrypted_assertion(cipher, sealed, wrapped)
        )
    };
    let good_padding = raw::cbc(&KEY, bent.as_bytes(), 0);
    let bad_padding = raw::cbc(&KEY, bent.as_bytes(), 17);
    let junk = vec![0xFF; bent.len()];
    let kinds = [
        (
            "GCM: the envelope does not open",
            of(AES256_GCM, &gcm, &broken),
        ),
        (
            "GCM: the envelope holds another key",
            of(AES256_GCM, &gcm, &other),
        ),
        ("GCM: the tag is wrong", of(AES256_GCM, &tag, &wrapped)),
        (
            "CBC: the envelope does not open",
            of(AES256_CBC, &good_padding, &broken),
        ),
        (
            "CBC: the envelope holds another key",
            of(AES256_CBC, &good_padding, &other),
        ),
        (
            "CBC: bent plaintext, padding valid",
            of(AES256_CBC, &good_padding, &wrapped),
        ),
        (
            "CBC: bent plaintext, padding invalid",
            of(AES256_CBC, &bad_padding, &wrapped),
        ),
        (
            "CBC: junk, padding valid",
            of(AES256_CBC, &raw::cbc(&KEY, &junk, 0), &wrapped),
        ),
        (
            "CBC: junk, padding invalid",
            of(AES256_CBC, &raw::cbc(&KEY, &junk, 17), &wrapped),
        ),
        (
            "GCM: the envelope is bare RSA, first byte 0",
            of(AES256_GCM, &gcm, &raw::bare(0, &world.keys.hub.bare)),
        ),
        (
            "GCM: the envelope is bare RSA, first byte 1",
            of(AES256_GCM, &gcm, &raw::bare(1, &world.keys.hub.bare)),
        ),
    ];
    let mut kinds = kinds.map(|(what, xml)| Kind {
        what,
        xml,
        took: Vec::with_capacity(SAMPLES),
    });
    let keys: [PublicKey; 1] = [idp.public()];
    let expected = Expected {
        sender: Some(world::IDP),
        keys: &keys,
        former_keys: &[],
        decryption_keys: &world.hub.sp.decryption,
        signatures: Policy::Modern,
        encryption: DecryptPolicy::CbcToo,
        audience: Some(&world.hub.entity_id),
        acs: None,
        in_response_to: asked.asked_with(),
        now: Some(world.now),
        skew: SKEW,
        forced_at: None,
        proxies: true,
        unsigned_status: true,
        identity: None,
    };
    for kind in &kinds {
        let judged = judge::response(kind.xml.as_bytes(), &expected);
        assert_eq!(
            judged.report.outcome(Check::Decryption),
            Some(RowOutcome::Fail),
            "{}",
            kind.what
        );
        assert!(matches!(judged.content, Content::Nothing));
    }
    let mut measure = |kind: &mut Kind| {
        let start = ThreadTime::now();
        black_box(judge::response(black_box(kind.xml.as_bytes()), &expected));
        kind.took.push(start.elapsed().as_secs_f64() * 1e6);
    };
    for round in 0..SAMPLES {
        // In turns, so that what a neighbour does to one it does to all; and back again, so that nobody always
        // finds what the same one left in the caches.
        match round % 2 {
            0 => kinds.iter_mut().for_each(&mut measure),
            _ => kinds.iter_mut().rev().for_each(&mut measure),
        }
    }
    for kind in &kinds {
        println!("{:<44} {:>8.2} µs", kind.what, median(&kind.took));
    }
    let hundredth = median(&kinds[2].took) / 100.0;
    let (same, opened) = (MARGIN * hundredth, OPENED * hundredth);
    let mut apart = false;
    for (a, b, margin) in [
        (1, 2, same),
        (5, 6, same),
        (7, 8, same),
        (9, 10, same),
        (0, 2, opened),
        (3, 7, opened),
        (3, 8, opened),
    ] {
        let (a, b) = (&kinds[a], &kinds[b]);
        // Round by round: what drifts meanwhile falls out.
        let each: Vec<f64> = a.took.iter().zip(&b.took).map(|(a, b)| a - b).collect();
        let difference = median(&each);
        let (first, second) = each.split_at(SAMPLES / 2);
        let noise = (median(first) - median(second)).abs();
        let verdict = if difference.abs() <= margin {
            "ok"
        } else {
            "TOLD APART"
        };
        apart |= verdict != "ok";
        println!(
            "{} | {}: {difference:+.2} µs (goal ±{margin:.1}, noise {noise:.2}) {verdict}",
            a.what, b.what
        );
    }
    if apart {
        std::process::exit(1);
    }
}

fn median(took: &[f64]) -> f64 {
    let mut sorted = took.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
