//! Every cell of the profile table: what goes out to the IdP, to the letter. `UPDATE_GOLDEN=1` writes the
//! files anew; read the difference before you commit it.

use crate::support::world::World;
use std::path::Path;
use vejviser::hub::Leg;
use vejviser::oiosaml::{Level, Nist, Nsis, RequestProfile};

/// The request as a reader wants it: the refusal, or RelayState and the XML, one element a line.
fn cell(profile: RequestProfile, level: Level) -> String {
    let mut world = World::new(profile, level);
    world.idp().supports_scope = true;
    let pending = world.pending(|_| {});
    match world.ask(&pending) {
        Err(refusal) => format!(
            "refused: {} {:?}\n",
            refusal.check.info().id,
            refusal.status
        ),
        Ok((_, url)) => {
            let exchange = world
                .trace
                .exchanges
                .iter()
                .find(|exchange| exchange.leg == Leg::IdentityProvider)
                .expect("a request");
            let relay_state = exchange.relay_state.as_deref().expect("a RelayState");
            assert!(relay_state.len() <= 80, "{relay_state}");
            assert!(
                url.starts_with("https://idp.provekobing.example/sso?SAMLRequest="),
                "{url}"
            );
            format!(
                "RelayState: {relay_state}\n{}\n",
                exchange.xml.replace("><", ">\n<")
            )
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a switch for the person who runs the test"
)]
fn golden(profile: RequestProfile, level: Level) {
    let actual = cell(profile, level);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!(
        "fixtures/golden/request/{}-{level}.txt",
        profile.as_str()
    ));
    if std::env::var("UPDATE_GOLDEN").is_ok() {
        std::fs::write(&path, &actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(actual, expected, "{}", path.display());
}

macro_rules! cells {
    ($($module:ident $profile:ident;)*) => {$(
        mod $module {
            use super::*;
            #[test] fn nist_1() { golden(RequestProfile::$profile, Level::Nist(Nist::One)); }
            #[test] fn nist_2() { golden(RequestProfile::$profile, Level::Nist(Nist::Two)); }
            #[test] fn nist_3() { golden(RequestProfile::$profile, Level::Nist(Nist::Three)); }
            #[test] fn nist_4() { golden(RequestProfile::$profile, Level::Nist(Nist::Four)); }
            #[test] fn nsis_low() { golden(RequestProfile::$profile, Level::Nsis(Nsis::Low)); }
            #[test] fn nsis_substantial() { golden(RequestProfile::$profile, Level::Nsis(Nsis::Substantial)); }
            #[test] fn nsis_high() { golden(RequestProfile::$profile, Level::Nsis(Nsis::High)); }
        }
    )*};
}

cells! {
    oiosaml2 Oiosaml2;
    oiosaml2_adfs_multipleauthn Oiosaml2AdfsMultipleauthn;
    oiosaml2_without_requested_loa Oiosaml2WithoutRequestedLoa;
    oiosaml3 Oiosaml3;
    oiosaml3_adfs_multipleauthn Oiosaml3AdfsMultipleauthn;
    oiosaml3_adfs_relay_state Oiosaml3AdfsRelayState;
}
