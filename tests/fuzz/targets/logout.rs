//! Pasted messages of every kind, logout above all, and the verdict on them: what `vejviser verify` reads, by the
//! code that judges them in the hub.
#![no_main]

#[path = "../fixed.rs"]
mod fixed;

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use time::Duration;
use vejviser::dsig::{DecryptPolicy, Policy, PublicKey};
use vejviser::hub::offline::{Kind, Profile, Question, verdict};
use vejviser::oiosaml::OiosamlVersion;
use vejviser::saml::paste::{self, Input};

fn keys() -> &'static [PublicKey; 2] {
    static KEYS: OnceLock<[PublicKey; 2]> = OnceLock::new();
    KEYS.get_or_init(|| [fixed::keys().system.public(), fixed::keys().idp.public()])
}

fuzz_target!(|data: &[u8]| {
    let Some((&mode, rest)) = data.split_first() else {
        return;
    };
    let kinds = [
        Kind::Logout,
        Kind::LogoutRequest,
        Kind::LogoutResponse,
        Kind::Logout,
        Kind::Response,
        Kind::Request,
        Kind::Metadata,
        Kind::Logout,
    ];
    let inputs = [
        Input::Auto,
        Input::Xml,
        Input::Base64,
        Input::Form,
        Input::Url,
    ];
    let question = Question {
        kind: kinds[usize::from(mode & 7)],
        profile: if mode & 8 == 0 {
            Profile::Saml
        } else {
            Profile::Oiosaml(OiosamlVersion::V3)
        },
        peer: (mode & 16 == 0).then_some(fixed::world::SYSTEM),
        keys: keys(),
        me: Some("https://hub.example/runtime"),
        acs: None,
        destination: Some("https://hub.example/runtime/saml2/issue.idp"),
        in_response_to: (mode & 32 != 0).then_some("_logout-1"),
        now: Some(fixed::world::NOW),
        skew: Duration::seconds(180),
        decryption_keys: &[],
        required: None,
        ceiling: None,
        contexts: None,
        signatures: Policy::Modern,
        encryption: DecryptPolicy::GcmOnly,
    };
    let pasted = paste::read(rest, inputs[usize::from(mode >> 6) % inputs.len()]);
    let verdict = verdict(pasted, &question);
    assert_eq!(verdict.accepted, verdict.reason().is_none());
    assert!(!verdict.rows.is_empty());
    // What was refused says nothing.
    assert!(verdict.accepted || verdict.told == Default::default());
});
