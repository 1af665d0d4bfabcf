//! Who must act, provoked end to end: a scenario for every cause, which says of whom the issue's table wants it.
//!
//! [`scenarios`] matches every cause, so that one without a scenario does not compile.

mod stage;

use crate::support::demo::Demo;
use crate::support::served;
use crate::support::town::{TOWN, Town};
use serde_json::{Value, json};
use stage::{answer, login, request, shows, to_idp};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use vejviser::config::pki;
use vejviser::drill::{Browser, Page};
use vejviser::dsig::{Certificate, SigningKey};
use vejviser::edge::rollover::Wanted;
use vejviser::hub::rollover::{Order, Strategy};
use vejviser::hub::verdict::Cause;

macro_rules! scenarios {
    ($($test:ident $cause:ident $actor:literal $play:expr;)*) => {
        $(#[tokio::test]
        async fn $test() {
            shows(&$play.await, Cause::$cause, $actor);
        })*

        /// No cause is without a scenario.
        #[allow(dead_code, reason = "it is there to be compiled")]
        fn all(cause: Cause) {
            match cause {
                $(Cause::$cause => (),)*
                // What only a party's word tells apart: below. The store and the hub's address: tests/stores.rs.
                Cause::IdpRefusesRequest | Cause::SystemRefusesAnswer | Cause::StoreUnavailable | Cause::CookieNotKept => (),
                // Of a logout: tests/logout_parties.rs.
                Cause::SystemNotLoggedOut | Cause::IdpNotLoggedOut => (),
                Cause::Check(_) => (),
            }
        }
    };
}

const ADFS: Town<'static> = Town {
    kind: "adfs",
    profile: "OIOSAML2_ADFS_MULTIPLEAUTHN",
    ..TOWN
};

scenarios! {
    no_second_factor SecondFactorMissing "identity-provider" login(ADFS, "sag?niveau=3", "en");
    class_ref_refused_by_adfs ClassRefRefused "identity-provider"
        login(Town { kind: "adfs", profile: "OIOSAML2", ..TOWN }, "sag?niveau=3", "to");
    entra_stops_another_method EntraMethodMismatch "identity-provider"
        login(Town { kind: "entra", profile: "OIOSAML2", ..TOWN }, "sag?niveau=3", "to");
    os2faktor_does_not_know_level_4 Nist4NotUnderstood "identity-provider"
        login(Town { kind: "os2faktor", profile: "OIOSAML2", ..TOWN }, "sag?niveau=4", "to");
    nsis_high_at_os2faktor NsisHighNotSupported "identity-provider"
        login(Town { kind: "os2faktor", ..TOWN }, "portal?niveau=High", "to");
    level_attribute_missing LevelMissing "identity-provider"
        login(Town { traits: "traits = [\"returns-no-level\"]", ..ADFS }, "sag?niveau=3", "to");
    no_nsis_identity NsisIdentityMissing "identity-provider"
        login(Town { kind: "os2faktor", ..TOWN }, "portal", "ikke");
    level_contradictory LevelContradictory "identity-provider"
        login(Town { traits: "traits = [\"contradictory-levels\"]", ..ADFS }, "sag?niveau=3", "to");
    level_above_ceiling LevelAboveCeiling "identity-provider"
        login(Town { traits: "traits = [\"returns-higher\"]", ceiling: 2, ..ADFS }, "sag?niveau=3", "to");
    level_lower LevelLower "identity-provider"
        login(Town { traits: "traits = [\"returns-lower\"]", ..ADFS }, "sag?niveau=3", "to");
    nsis_need_at_oiosaml2 NsisAtOiosaml2 "registration"
        login(Town { profile: "OIOSAML2", ..TOWN }, "portal", "to");
    closed_meanwhile IdpInactive "registration" closed_meanwhile_();
    remembered_and_replaced RememberedReplaced "user" remembered(false);
    remembered_and_closed RememberedInactive "user" remembered_and_closed_();
    nobody_chose ChooserAbandoned "user" abandoned("chooser");
    idp_never_answered IdpNeverAnswered "identity-provider" abandoned("idp");
    idp_refuses_the_new_key IdpRefusesHubKey "identity-provider" after_a_hard_swap("sagssystem", "provekobing-adfs");
    answered_too_late AnsweredTooLate "user" answered_too_late_();
    cancelled_at_the_chooser CancelledAtChooser "user" cancelled("chooser");
    cancelled_at_the_idp CancelledAtIdp "user" cancelled("idp");
    back_button AnsweredTwice "user" answered_twice_();
    another_browser OtherBrowser "user" another_browser_(true);
    a_browser_without_the_cookie CookieMissing "user" another_browser_(false);
    relay_state_lost RelayStateLost "system" relay_state_lost_();
    clock_of_the_idp IdpClock "identity-provider"
        login(Town { traits: "traits = [\"clock-ahead\"]", ..TOWN }, "portal", "to");
    clock_of_the_hub HubClock "hub" clock_of_the_hub_();
    unregistered_key IdpUnregisteredKey "identity-provider"
        login(Town { traits: "traits = [\"wrong-key\"]", ..TOWN }, "portal", "to");
    expired_key IdpExpiredKey "identity-provider" forged(|forged| forged.key = expired_key_());
    rotated_out_key IdpRotatedOutKey "identity-provider" rotated_out_();
    unsigned_answer IdpUnsigned "identity-provider"
        login(Town { traits: "traits = [\"unsigned\"]", ..TOWN }, "portal", "to");
    encrypted_to_the_previous_key EncryptedToPreviousKey "identity-provider"
        after_a_hard_swap("sagssystem", "fiktiv-gammel");
    wrong_audience WrongAudience "identity-provider" forged(|forged| {
        forged.assertion.conditions.as_mut().unwrap().audience_restrictions = vec![vec!["https://other.example".to_owned()]];
    });
    wrong_recipient WrongRecipient "identity-provider" forged(|forged| {
        forged.assertion.confirmations[0].recipient = Some("https://other.example/acs".to_owned());
    });
    wrong_destination WrongDestination "identity-provider" forged(|forged| {
        forged.response.destination = Some("https://other.example/acs".to_owned());
    });
    wrong_in_response_to WrongInResponseTo "identity-provider" forged(|forged| {
        forged.assertion.confirmations[0].in_response_to = Some("_another".to_owned());
    });
    unsolicited Unsolicited "identity-provider" forged(|forged| {
        forged.response.in_response_to = None;
        forged.assertion.confirmations[0].in_response_to = None;
    });
    replayed Replayed "identity-provider" replayed_();
    foreign_cvr ForeignOrganisation "identity-provider"
        login(Town { traits: "traits = [\"other-cvr\"]", ..TOWN }, "portal", "to");
    role_not_mapped RoleNotMapped "role-administration" roles("borgerportal", "fiktiv-ny", "jytte");
    role_not_delegated RoleNotDelegated "role-administration" role_not_delegated_();
    no_roles_sent RolesNotSent "role-administration" roles("sagssystem", "provekobing-adfs", "freja");
    request_unsigned RequestUnsigned "system" asked(None, |_, _| {});
    request_of_another_key RequestForeignKey "system" asked(Some("borgerportal"), |_, _| {});
    foreign_acs ForeignAcs "system" asked(Some("sagssystem"), |request, _| {
        request.acs_url = Some("https://other.example/acs".to_owned());
    });
    stale_request RequestStale "system" asked(Some("sagssystem"), |request, _| {
        request.issue_instant -= Duration::minutes(10);
    });
    no_encryption_key SystemNoEncryptionKey "system" registered(Registered::WithoutEncryptionKey);
    metadata_expired SystemMetadataExpired "system" registered(Registered::ForADay);
    system_refuses_the_new_key SystemRefusesHubKey "system" after_a_hard_swap("sagssystem", "testrup");
}

async fn newest(demo: &Demo) -> Value {
    demo.newest_flow().await
}

async fn closed_meanwhile_() -> Value {
    let demo = TOWN.start().await;
    let mut browser = Browser::new();
    let page = to_idp(&demo, &mut browser, "portal").await;
    assert!(demo.app.registry.set_active("idp", false));
    browser.choose(&page, "person", "to").await.unwrap();
    newest(&demo).await
}

/// Somebody ticked “remember my choice”, and the municipality changed its login.
async fn remembered_at(demo: &Demo, idp: &str) -> Browser {
    let mut browser = Browser::new();
    let login = demo.url("sagssystem", "/log-ind");
    let chooser = browser.get(&login).await.unwrap();
    let id = demo.entity_id(idp);
    let mut forms = chooser.forms().into_iter();
    let mut form = forms
        .find(|form| form.choices.iter().any(|choice| choice.value == id))
        .unwrap();
    form.fields.push(("husk".into(), "1".into()));
    let chosen = Some(("idp".into(), id));
    browser.submit(&chooser, &form, chosen).await.unwrap();
    browser
}

async fn remembered(closed: bool) -> Value {
    let demo = Demo::start().await;
    let mut browser = remembered_at(&demo, "fiktiv-gammel").await;
    if closed {
        assert!(demo.app.registry.set_active("fiktiv-gammel", false));
    }
    let login = demo.url("borgerportal", "/log-ind");
    browser.get(&login).await.unwrap();
    demo.move_clock(Duration::minutes(61));
    newest(&demo).await
}

#[tokio::test]
async fn remembered_replaced_and_closed() {
    shows(&remembered(true).await, Cause::RememberedReplaced, "user");
}

async fn remembered_and_closed_() -> Value {
    let demo = Demo::start().await;
    let mut browser = remembered_at(&demo, "testrup").await;
    assert!(demo.app.registry.set_active("testrup", false));
    let login = demo.url("borgerportal", "/log-ind");
    browser.get(&login).await.unwrap();
    newest(&demo).await
}

async fn abandoned(at: &str) -> Value {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    let login = demo.url("sagssystem", "/log-ind");
    match at {
        "chooser" => drop(browser.get(&login).await.unwrap()),
        _ => drop(demo.to_idp(&mut browser, &login, "testrup").await.unwrap()),
    }
    // Nothing is said while the user may still come back.
    assert!(newest(&demo).await["verdict"].is_null());
    demo.move_clock(Duration::minutes(61));
    newest(&demo).await
}

async fn answered_too_late_() -> Value {
    let demo = TOWN.start().await;
    let mut browser = Browser::new();
    let page = to_idp(&demo, &mut browser, "portal").await;
    demo.move_clock(Duration::minutes(61));
    browser.choose(&page, "person", "to").await.unwrap();
    newest(&demo).await
}

async fn cancelled(at: &str) -> Value {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    let login = demo.url("sagssystem", "/log-ind");
    let page = match at {
        "chooser" => browser.get(&login).await.unwrap(),
        _ => demo.to_idp(&mut browser, &login, "testrup").await.unwrap(),
    };
    browser.choose(&page, "cancel", "1").await.unwrap();
    newest(&demo).await
}

async fn answered_twice_() -> Value {
    let demo = TOWN.start().await;
    let mut browser = Browser::new();
    let page = to_idp(&demo, &mut browser, "portal").await;
    browser.choose(&page, "person", "to").await.unwrap();
    let first = newest(&demo).await;
    assert!(first["verdict"].is_null(), "{first:#}");
    // Back to the IdP's page, and the same button again.
    browser.choose(&page, "person", "to").await.unwrap();
    let second = newest(&demo).await;
    assert_ne!(first["id"], second["id"]);
    assert_eq!(first["system"], second["system"]);
    // The first one is what it was.
    let id = first["id"].as_str().unwrap();
    let again = demo.api(&format!("/api/v1/flows/{id}")).await;
    assert_eq!(again["outcome"], "logged-in");
    second
}

/// Somebody else's browser brings the answer: one that knows the hub, or one that lost its cookie.
async fn another_browser_(knows_the_hub: bool) -> Value {
    let demo = TOWN.start().await;
    let (mut browser, mut other) = (Browser::new(), Browser::new());
    let page = to_idp(&demo, &mut browser, "portal").await;
    if knows_the_hub {
        to_idp(&demo, &mut other, "portal").await;
    }
    other.choose(&page, "person", "to").await.unwrap();
    newest(&demo).await
}

async fn relay_state_lost_() -> Value {
    let demo = TOWN.start().await;
    let mut browser = Browser::new();
    let key = Some("borgerportal");
    let page = request(&demo, &mut browser, "portal", key, None, |_| {}).await;
    browser.choose(&page, "person", "to").await.unwrap();
    newest(&demo).await
}

/// Two systems say the same time, and the hub another one.
async fn clock_of_the_hub_() -> Value {
    let demo = TOWN.start().await;
    for (system, key) in [("sag", "sagssystem"), ("portal", "borgerportal")] {
        let mut browser = Browser::new();
        request(&demo, &mut browser, system, Some(key), None, |request| {
            request.issue_instant -= Duration::minutes(10);
        })
        .await;
    }
    newest(&demo).await
}

async fn forged(bend: impl FnOnce(&mut stage::Forged)) -> Value {
    let demo = TOWN.start().await;
    let mut browser = Browser::new();
    let page = to_idp(&demo, &mut browser, "portal").await;
    answer(&demo, &mut browser, &page, bend).await;
    newest(&demo).await
}

#[tokio::test]
async fn what_is_forged_here_is_good_until_it_is_bent() {
    let flow = forged(|_| {}).await;
    assert_eq!(flow["outcome"], "logged-in", "{flow:#}");
    assert!(flow["verdict"].is_null());
}

/// A key that nobody registered, in a certificate that ended long ago.
fn expired_key_() -> SigningKey {
    use openssl::asn1::Asn1Time;
    let key = openssl::rsa::Rsa::generate(2048).unwrap();
    let key = openssl::pkey::PKey::from_rsa(key).unwrap();
    let mut name = openssl::x509::X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "gammel").unwrap();
    let name = name.build();
    let mut x509 = openssl::x509::X509::builder().unwrap();
    x509.set_version(2).unwrap();
    x509.set_subject_name(&name).unwrap();
    x509.set_issuer_name(&name).unwrap();
    x509.set_pubkey(&key).unwrap();
    let day = |day: &str| Asn1Time::from_str(day).unwrap();
    x509.set_not_before(&day("20190101000000Z")).unwrap();
    x509.set_not_after(&day("20210101000000Z")).unwrap();
    x509.sign(&key, openssl::hash::MessageDigest::sha256())
        .unwrap();
    let certificate = Certificate::parse(&x509.build().to_pem().unwrap()).unwrap();
    SigningKey::parse(&key.private_key_to_pem_pkcs8().unwrap(), Some(certificate)).unwrap()
}

async fn rotated_out_() -> Value {
    let folder = served::Folder::new("verdict-rotated-out");
    let old = pki::certificate("eksempelstrup").unwrap();
    folder.write("old.pem", old.as_bytes());
    let town = Town {
        idp: "rotated_out = [\"old.pem\"]",
        ..TOWN
    };
    folder.write("federation.toml", town.text().as_bytes());
    let demo = Demo::start_at(&folder.path("federation.toml")).await;
    let mut browser = Browser::new();
    let page = to_idp(&demo, &mut browser, "portal").await;
    answer(&demo, &mut browser, &page, |forged| {
        forged.key = pki::pair("eksempelstrup").unwrap().signing;
    })
    .await;
    newest(&demo).await
}

const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

/// The hub changed its certificate at six, without an overlap, and an hour has passed for whoever waits.
async fn after_a_hard_swap(system: &str, idp: &str) -> Value {
    let demo = Demo::start().await;
    let wanted = Wanted {
        window: Some(SIX),
        speed: Some(0),
        order: Some(Order::SigningFirst),
        keep_old_decryption_key: Some(false),
        ..Wanted::of(Strategy::HardSwap)
    };
    let real = demo.app.clock.real();
    demo.app.player.start(&wanted, real).unwrap();
    let after = SIX + Duration::minutes(90);
    demo.app.player.jump(after, real).unwrap();
    let mut browser = Browser::new();
    let login = demo.url(system, "/log-ind");
    let page = demo.to_idp(&mut browser, &login, idp).await.unwrap();
    if asks(&page) {
        let person = match idp {
            "testrup" => "gert",
            "provekobing-adfs" => "dorte",
            _ => "jytte",
        };
        browser.choose(&page, "person", person).await.unwrap();
    }
    demo.move_clock(Duration::minutes(61));
    newest(&demo).await
}

fn asks(page: &Page) -> bool {
    let forms = page.forms();
    forms
        .iter()
        .any(|form| form.choices.iter().any(|choice| choice.name == "person"))
}

/// The IdP uses the ID of an assertion twice.
async fn replayed_() -> Value {
    let demo = TOWN.start().await;
    for _ in 0..2 {
        let mut browser = Browser::new();
        let page = to_idp(&demo, &mut browser, "portal").await;
        answer(&demo, &mut browser, &page, |forged| {
            forged.assertion.id = "_once".to_owned();
        })
        .await;
    }
    let flow = newest(&demo).await;
    assert_eq!(flow["verdict"]["security"], true);
    flow
}

async fn roles(system: &str, idp: &str, person: &str) -> Value {
    let demo = Demo::start().await;
    demo.log_in(&mut Browser::new(), system, idp, person).await;
    let flow = newest(&demo).await;
    // The login succeeds: by default roles are left out.
    assert_eq!(flow["outcome"], "logged-in");
    flow
}

/// Gert's own role means nothing to the system any more, and the other one is not delegated.
async fn role_not_delegated_() -> Value {
    let demo = Demo::start().await;
    let role = "http://testrup.example/roles/jobrole/leder/1";
    let path = format!(
        "/BrugervendteSystemer/{}",
        served::in_path(&demo.entity_id("sagssystem"))
    );
    let mut system = demo.api(&path).await;
    let mappings = system["RoleMappings"].as_array_mut().unwrap();
    mappings.retain(|mapping| mapping["JobfunktionsrolleId"] != role);
    demo.send("PUT", &path, Some(system)).await;
    demo.log_in(&mut Browser::new(), "sagssystem", "testrup", "gert")
        .await;
    newest(&demo).await
}

async fn asked(
    key: Option<&str>,
    bend: impl FnOnce(&mut vejviser::saml::AuthnRequest, &Demo),
) -> Value {
    let demo = TOWN.start().await;
    let mut browser = Browser::new();
    request(&demo, &mut browser, "sag", key, None, |request| {
        bend(request, &demo)
    })
    .await;
    newest(&demo).await
}

#[derive(PartialEq)]
enum Registered {
    WithoutEncryptionKey,
    ForADay,
}

/// A supplier's metadata that cannot be used, or not for long.
async fn registered(how: Registered) -> Value {
    let demo = TOWN.start().await;
    let certificate = pki::certificate("fiktiv-ny").unwrap();
    let certificate = Certificate::parse(certificate.as_bytes()).unwrap();
    let id = "https://leverandoer.example/saml";
    let mut metadata = served::system(id, &certificate);
    match how {
        Registered::WithoutEncryptionKey => {
            metadata =
                metadata.replacen("<md:KeyDescriptor", "<md:KeyDescriptor use=\"signing\"", 1);
        }
        Registered::ForADay => {
            let until = demo.app.clock.now() + Duration::days(1);
            let until = vejviser::saml::time::format(until);
            metadata = metadata.replacen(
                " entityID=",
                &format!(" validUntil=\"{until}\" entityID="),
                1,
            );
        }
    }
    let sag = format!(
        "/BrugervendteSystemer/{}",
        served::in_path(&demo.entity_id("sag"))
    );
    let mut object = demo.api(&sag).await;
    object["Id"] = json!(id);
    let document = crate::support::raw::base64(metadata.as_bytes());
    object["SamlMetadata"] = json!({ "Xml": document, "MetadataUrl": "" });
    let (status, told) = post(&demo, object).await;
    match how {
        Registered::WithoutEncryptionKey => assert_eq!(status, 400, "{told}"),
        Registered::ForADay => {
            assert!(status < 300, "{told}");
            demo.move_clock(Duration::days(2));
            assert!(demo.app.registry.expire(demo.app.clock.now()).await);
        }
    }
    let mut browser = Browser::new();
    request(
        &demo,
        &mut browser,
        "sag",
        Some("fiktiv-ny"),
        None,
        |request| {
            request.issuer = Some(id.to_owned());
        },
    )
    .await;
    newest(&demo).await
}

async fn post(demo: &Demo, object: Value) -> (u16, String) {
    let host = format!("127.0.0.1:{}", demo.manage);
    let asked = tokio::task::spawn_blocking(move || {
        served::ask(&host, "", "POST", "/BrugervendteSystemer", Some(&object))
    });
    asked.await.unwrap().unwrap()
}

/// What a party says that is no signature: it refuses, for a reason of its own.
#[test]
fn a_party_that_refuses_for_another_reason_is_believed() {
    use vejviser::hub::Leg;
    use vejviser::hub::trace::{Finding, Told};
    use vejviser::hub::verdict::{Ended, Facts, of};
    for (by, ended, cause) in [
        (Leg::IdentityProvider, Ended::Open, Cause::IdpRefusesRequest),
        (Leg::System, Ended::LoggedIn, Cause::SystemRefusesAnswer),
    ] {
        let finding = Finding {
            id: "request".to_owned(),
            found: "addressed to somebody else".to_owned(),
            expected: String::new(),
        };
        let told = [Told {
            at: SIX,
            by,
            findings: vec![finding],
        }];
        let facts = Facts {
            ended,
            chosen: true,
            exchanges: &[],
            decisions: &[],
            story: None,
            told: &told,
        };
        assert_eq!(of(&facts).map(|verdict| verdict.cause), Some(cause));
        // Whoever has nothing to say against the message is no cause of anything.
        let told = [];
        let facts = Facts {
            told: &told,
            ..facts
        };
        assert_ne!(of(&facts).map(|verdict| verdict.cause), Some(cause));
    }
}
