//! A change of certificates that the running demo plays: its parties break and recover as their habits say, with
//! real keys and real signatures.

use crate::support::demo::{Demo, Went, went};
use std::collections::{BTreeMap, BTreeSet};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use vejviser::config::Habits;
use vejviser::drill::Browser;
use vejviser::dsig::{Certificate, Policy, PublicKey, verify};
use vejviser::edge::rollover::Wanted;
use vejviser::hub::rollover::{Compares, Order, Reads, Source, Strategy, TrustModel, outages};
use vejviser::hub::{Check, Leg};
use vejviser::saml::metadata::KeyUse;
use vejviser::xml::Document;

const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

fn wanted(strategy: Strategy) -> Wanted {
    Wanted {
        window: Some(SIX),
        speed: Some(0),
        ..Wanted::of(strategy)
    }
}

fn start(demo: &Demo, wanted: &Wanted) {
    demo.app
        .player
        .start(wanted, demo.app.clock.real())
        .unwrap();
}

/// Minutes after six.
fn jump(demo: &Demo, minutes: i64) {
    let to = SIX + Duration::minutes(minutes);
    demo.app.player.jump(to, demo.app.clock.real()).unwrap();
}

/// Who logs in where, in a browser of their own.
async fn log_in(demo: &Demo, system: &str, idp: &str) -> Result<(), String> {
    let person = match idp {
        "eksempelstrup" => "anna",
        "provekobing-adfs" => "dorte",
        "testrup" => "gert",
        _ => "jytte",
    };
    match demo.log_in(&mut Browser::new(), system, idp, person).await {
        Went::In(_) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

const IDPS: [&str; 5] = [
    "eksempelstrup",
    "provekobing-adfs",
    "testrup",
    "fiktiv-gammel",
    "fiktiv-ny",
];
const SYSTEMS: [&str; 2] = ["sagssystem", "borgerportal"];

/// Which logins work: every identity provider at every system.
async fn working(demo: &Demo) -> BTreeSet<(&'static str, &'static str)> {
    let mut working = BTreeSet::new();
    for idp in IDPS {
        for system in SYSTEMS {
            if log_in(demo, system, idp).await.is_ok() {
                working.insert((idp, system));
            }
        }
    }
    working
}

/// What the computation says at the plan's moment: which parties are down.
fn down(demo: &Demo) -> BTreeSet<String> {
    let now = demo.app.clock.real();
    let (playing, _, at) = demo.app.player.playing(now).unwrap();
    let is_down = |name: &str| {
        let side = match IDPS.contains(&name) {
            true => Leg::IdentityProvider,
            false => Leg::System,
        };
        let model = playing
            .model(name)
            .facing(&playing.plan.subject, Some(side));
        outages(&playing.plan, &playing.validities(Some(side)), &model, &[])
            .iter()
            .any(|outage| outage.covers(at))
    };
    let all = IDPS.iter().chain(&SYSTEMS);
    all.filter(|name| is_down(name))
        .map(|name| (*name).to_owned())
        .collect()
}

/// Every strategy; the hard swap in both orders.
fn all() -> Vec<Wanted> {
    let hard_swap = |order| Wanted {
        order: Some(order),
        ..wanted(Strategy::HardSwap)
    };
    let others = Strategy::ALL.into_iter().skip(1).map(wanted);
    Order::ALL
        .into_iter()
        .map(hard_swap)
        .chain(others)
        .collect()
}

/// The moments at which the keys of what is played change.
fn changes(demo: &Demo) -> Vec<OffsetDateTime> {
    let now = demo.app.clock.real();
    let (playing, _, _) = demo.app.player.playing(now).unwrap();
    playing.schedule.moments().collect()
}

/// The running demo and the computation say the same of every login a minute before and after every change of the hub's
/// keys, and at a few moments at which parties act; the strategies under which somebody breaks.
async fn agree(demo: &Demo) -> Vec<Strategy> {
    let usual = working(demo).await;
    assert!(usual.len() > 7, "{usual:?}");
    let mut breaking = Vec::new();
    let minute = Duration::minutes(1);
    for wanted in all() {
        start(demo, &wanted);
        let strategy = &wanted.strategy;
        let around = changes(demo).into_iter();
        let around = around.flat_map(|at| [at - minute, at + minute]);
        let fixed = [10, 40, 50, 80, 17 * 60].map(|after| SIX + minute * after);
        let mut someone = false;
        for at in around.chain(fixed) {
            demo.app.player.jump(at, demo.app.clock.real()).unwrap();
            let down = down(demo);
            someone |= !down.is_empty();
            let mut expected = usual.clone();
            expected.retain(|(idp, system)| !down.contains(*idp) && !down.contains(*system));
            assert_eq!(
                working(demo).await,
                expected,
                "{strategy:?} {:?} {at}, down: {down:?}",
                wanted.order
            );
        }
        breaking.extend(someone.then_some(*strategy));
    }
    demo.app.player.end();
    assert_eq!(working(demo).await, usual);
    breaking.dedup();
    breaking
}

#[tokio::test]
async fn what_is_played_is_what_was_computed() {
    let demo = Demo::start().await;
    // On the same key only somebody who compares certificates notices.
    let mut breaking = Strategy::ALL.to_vec();
    breaking.retain(|strategy| *strategy != Strategy::SameKey);
    assert_eq!(agree(&demo).await, breaking);
}

/// Parties that look at dates and compare certificates, each taking the change over in another way.
#[tokio::test]
async fn what_is_played_is_what_was_computed_for_strict_parties_too() {
    let polled = |hours, at| Source::Polled {
        every: Duration::hours(hours),
        at,
    };
    let sources = [
        Source::Pinned,
        polled(4, SIX),
        polled(24, SIX + Duration::minutes(45)),
        Source::Manual(vec![SIX + Duration::minutes(75)]),
        Source::Restart(vec![SIX + Duration::minutes(45)]),
        polled(1, SIX + Duration::minutes(35)),
        polled(6, SIX + Duration::minutes(5)),
    ];
    let all = IDPS.iter().chain(&SYSTEMS).zip(sources);
    let habits = all.enumerate().map(|(index, (name, source))| {
        let model = TrustModel {
            source,
            checks_dates: true,
            compares: Compares::Certificate,
            reads: if index % 3 == 1 {
                Reads::First
            } else {
                Reads::All
            },
            ..TrustModel::default()
        };
        let contact = None;
        ((*name).to_owned(), Habits { model, contact })
    });
    let demo = Demo::start_with_habits(habits.collect()).await;
    assert_eq!(agree(&demo).await, Strategy::ALL);
}

/// The pinned system at ten past six, at the end of the window and at the end of everything; the one that restarts.
#[tokio::test]
async fn a_pinned_system_stays_down_and_a_restart_mends() {
    let demo = Demo::start().await;
    start(&demo, &wanted(Strategy::HardSwap));
    log_in(&demo, "sagssystem", "testrup").await.unwrap();
    for minutes in [10, 120, 37 * 60] {
        jump(&demo, minutes);
        log_in(&demo, "sagssystem", "testrup").await.unwrap_err();
    }
    jump(&demo, 44);
    log_in(&demo, "borgerportal", "fiktiv-gammel")
        .await
        .unwrap_err();
    jump(&demo, 80);
    log_in(&demo, "borgerportal", "testrup").await.unwrap();
}

/// The page of whoever refuses names the certificate that it has.
#[tokio::test]
async fn who_refuses_says_which_certificate_it_has() {
    let demo = Demo::start().await;
    start(&demo, &wanted(Strategy::HardSwap));
    jump(&demo, 10);
    let mut browser = Browser::new();
    let login = demo.url("borgerportal", "/log-ind");
    let page = demo
        .to_idp(&mut browser, &login, "eksempelstrup")
        .await
        .unwrap();
    assert!(page.body.contains("id=\"holds\""), "{}", page.body);
    assert!(page.body.contains("CN="), "{}", page.body);
}

/// Everybody follows metadata daily and reads all of it.
fn good() -> BTreeMap<String, Habits> {
    let all = IDPS.iter().chain(&SYSTEMS);
    let daily = Habits {
        model: TrustModel::default(),
        contact: None,
    };
    all.map(|name| ((*name).to_owned(), daily.clone()))
        .collect()
}

#[tokio::test]
async fn in_overlap_nobody_who_reads_everything_is_ever_down() {
    let demo = Demo::start_with_habits(good()).await;
    start(&demo, &wanted(Strategy::Overlap));
    let usual = working(&demo).await;
    assert!(usual.len() > 7, "{usual:?}");
    let week = 7 * 24 * 60;
    for minutes in [
        -week,
        12 * 60 - week,
        -1,
        0,
        12 * 60,
        week - 1,
        week,
        week + 24 * 60,
    ] {
        jump(&demo, minutes);
        assert!(down(&demo).is_empty());
        assert_eq!(working(&demo).await, usual, "{minutes}");
    }
}

/// The user sits at the login page while the hub changes its keys.
#[tokio::test]
async fn a_login_begun_before_the_switch_is_finished_after_it() {
    let demo = Demo::start_with_habits(good()).await;
    start(&demo, &wanted(Strategy::Overlap));
    jump(&demo, -1);
    let mut browser = Browser::new();
    let login = demo.url("borgerportal", "/log-ind");
    let page = demo
        .to_idp(&mut browser, &login, "eksempelstrup")
        .await
        .unwrap();
    jump(&demo, 1);
    let page = browser.choose(&page, "person", "anna").await.unwrap();
    assert_eq!(went(&page), Went::In("Substantial".to_owned()));
}

/// A persona's own change: its next key is refused until the hub has registered it, and from then on its old one is.
#[tokio::test]
async fn a_party_changes_its_own_key() {
    let demo = Demo::start().await;
    let subject = |word: &str, order| Wanted {
        subject: Some(word.to_owned()),
        order: Some(order),
        ..wanted(Strategy::HardSwap)
    };
    let out = "rotated out";
    start(&demo, &subject("idp:eksempelstrup", Order::SigningFirst));
    log_in(&demo, "sagssystem", "eksempelstrup").await.unwrap();
    jump(&demo, 10);
    log_in(&demo, "sagssystem", "eksempelstrup")
        .await
        .unwrap_err();
    // To the outside an encrypted answer fails in one way; a tester sees the row.
    let signature = Check::AssertionSignature.info().id;
    let found = refused(&demo, signature).await;
    assert!(
        !found.contains(out),
        "nobody has registered it yet: {found}"
    );
    log_in(&demo, "sagssystem", "testrup").await.unwrap();
    // Its metadata is registered half an hour after it is shown.
    jump(&demo, 60);
    log_in(&demo, "sagssystem", "eksempelstrup").await.unwrap();
    // The other way round: its metadata is registered while it still signs with the old key.
    start(&demo, &subject("idp:eksempelstrup", Order::MetadataFirst));
    jump(&demo, 65);
    log_in(&demo, "sagssystem", "eksempelstrup")
        .await
        .unwrap_err();
    let found = refused(&demo, signature).await;
    let old = "VEJVISER_TEST_Eksempelstrup_1";
    assert!(found.contains(out) && found.contains(old), "{found}");

    start(&demo, &subject("system:sagssystem", Order::SigningFirst));
    log_in(&demo, "sagssystem", "testrup").await.unwrap();
    jump(&demo, 10);
    let login = demo.url("sagssystem", "/log-ind");
    let page = Browser::new().get(&login).await.unwrap();
    let check = Check::RequestSignature.info().id;
    assert!(page.body.contains(check), "{}", page.body);
    let found = refused(&demo, check).await;
    assert!(!found.contains(out), "{found}");
    jump(&demo, 60);
    log_in(&demo, "sagssystem", "testrup").await.unwrap();
    log_in(&demo, "borgerportal", "testrup").await.unwrap();
    start(&demo, &subject("system:sagssystem", Order::MetadataFirst));
    jump(&demo, 65);
    Browser::new().get(&login).await.unwrap();
    let found = refused(&demo, check).await;
    let old = "VEJVISER_TEST_Sagssystem_1";
    assert!(found.contains(out) && found.contains(old), "{found}");
}

/// What the newest login's only failed row, of this check, has found.
async fn refused(demo: &Demo, check: &str) -> String {
    let flow = demo.newest_flow().await;
    let exchanges = flow["exchanges"].as_array().unwrap().iter();
    let rows = exchanges.flat_map(|exchange| exchange["checks"].as_array().unwrap());
    let failed: Vec<_> = rows.filter(|row| row["outcome"] == "fail").collect();
    let [row] = failed.as_slice() else {
        panic!("{failed:?}")
    };
    assert_eq!(row["id"], check);
    row["found"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn given_up_everything_is_as_it_was() {
    let demo = Demo::start().await;
    start(
        &demo,
        &Wanted {
            order: Some(Order::SigningFirst),
            rollback_at: Some(SIX + Duration::minutes(20)),
            ..wanted(Strategy::HardSwap)
        },
    );
    jump(&demo, 10);
    log_in(&demo, "borgerportal", "eksempelstrup")
        .await
        .unwrap_err();
    jump(&demo, 20);
    log_in(&demo, "borgerportal", "eksempelstrup")
        .await
        .unwrap();
    log_in(&demo, "sagssystem", "testrup").await.unwrap();
}

/// The party's entry of the API.
async fn party(demo: &Demo, name: &str) -> serde_json::Value {
    let all = demo.api("/api/v1/rehearsal").await;
    let parties = all["parties"].as_array().unwrap();
    parties
        .iter()
        .find(|party| party["name"] == name)
        .unwrap()
        .clone()
}

/// Fetches, keys and logins are seen, and what is seen counts more than what was expected.
#[tokio::test]
async fn what_is_seen_of_the_parties() {
    let demo = Demo::start().await;
    start(&demo, &wanted(Strategy::Overlap));
    jump(&demo, -60);
    log_in(&demo, "sagssystem", "eksempelstrup").await.unwrap();
    let idp = party(&demo, "eksempelstrup").await;
    assert_eq!(idp["message"]["opened_with"], "active", "{idp}");
    assert_eq!(idp["message"]["at"]["plan"], "2026-12-02T05:00:00+01:00");
    assert_eq!(
        idp["login"],
        serde_json::json!({ "state": "works", "seen": true })
    );
    assert!(idp["asked"]["real"].is_string());
    // Pinned by its habits: it would fail at six. Then it is seen to fetch what shows both.
    let next = "2026-12-02T06:00:00+01:00";
    let system = party(&demo, "sagssystem").await;
    assert_eq!(
        (&system["next"]["from"], &system["trusts_new"]),
        (&next.into(), &false.into())
    );
    let address = system["metadata"].as_str().unwrap();
    assert!(address.ends_with("/runtime/saml2/metadata.idp?part=sagssystem"));
    Browser::new().get(address).await.unwrap();
    let system = party(&demo, "sagssystem").await;
    assert_eq!(
        system["fetch"]["signing"].as_array().unwrap().len(),
        2,
        "{system}"
    );
    assert_eq!(
        (&system["next"], &system["trusts_new"]),
        (&serde_json::Value::Null, &true.into())
    );
    // Its program does not use what it fetched, and that is seen too.
    jump(&demo, 10);
    log_in(&demo, "sagssystem", "eksempelstrup")
        .await
        .unwrap_err();
    let system = party(&demo, "sagssystem").await;
    assert_eq!(system["login"]["state"], "fails", "{system}");
    assert!(system["login"]["seen"].is_string());
    // Somebody fetches who does not say who it is.
    Browser::new()
        .get(&demo.url("hub", "/runtime/saml2auth/metadata.idp"))
        .await
        .unwrap();
    let all = demo.api("/api/v1/rehearsal").await;
    assert_eq!(all["unknown_fetches"][0]["role"], "identity-provider");
}

/// At every moment metadata is signed by a key that it shows, shows what the plan says, and its tag changes with it.
#[tokio::test]
async fn metadata_of_every_moment_is_signed_by_a_key_that_it_shows() {
    let demo = Demo::start().await;
    let mut documents_of = BTreeMap::new();
    for wanted in all() {
        start(&demo, &wanted);
        let (mut documents, mut tags) = (BTreeSet::new(), BTreeSet::new());
        let mut expected = BTreeSet::new();
        let changes = changes(&demo);
        let before = changes[0] - Duration::minutes(1);
        for at in std::iter::once(before).chain(changes) {
            demo.app.player.jump(at, demo.app.clock.real()).unwrap();
            let (playing, _, _) = demo.app.player.playing(demo.app.clock.real()).unwrap();
            let state = playing.state(at);
            let shows = format!("{:?}", state.shows);
            let shown = &state.shows.signing;
            // A key that metadata does not show cannot sign it: then the first that it shows does.
            let signed_by = match shown.contains(&state.signs) {
                true => Some(state.signs),
                false => shown.first().copied(),
            };
            for path in [
                "/runtime/saml2/metadata.idp",
                "/runtime/saml2auth/metadata.idp",
            ] {
                let page = Browser::new().get(&demo.url("hub", path)).await.unwrap();
                signed_by_what_it_shows(&page.body, state.shows.signing.len());
                documents.insert(page.body);
                tags.insert(page.headers["etag"].to_str().unwrap().to_owned());
                expected.insert((path, shows.clone(), signed_by));
            }
        }
        let counted = (documents.len(), tags.len());
        let expected = (expected.len(), expected.len());
        assert_eq!(
            counted, expected,
            "{:?} {:?}",
            wanted.strategy, wanted.order
        );
        documents_of.insert(wanted.strategy, documents.len());
    }
    assert_eq!(documents_of[&Strategy::Overlap], 8);
}

/// A key that the document shows for signing, of which it shows so many, has signed it.
fn signed_by_what_it_shows(document: &str, shown: usize) {
    let parsed = Document::parse(document.as_bytes()).unwrap();
    let mut entities = vejviser::saml::metadata::read(parsed.root()).unwrap();
    let entity = entities.remove(0);
    let keys = entity
        .idp
        .map(|role| role.keys)
        .or(entity.sp.map(|role| role.keys))
        .unwrap();
    let signing = keys.iter().filter(|key| key.usage == KeyUse::Signing);
    let signing: Vec<PublicKey> = signing
        .map(|key| Certificate::from_base64(&key.certificates[0]).unwrap())
        .map(|certificate| PublicKey::from_certificate(certificate, Policy::Modern).unwrap())
        .collect();
    assert_eq!(signing.len(), shown, "{document}");
    verify(parsed.root(), &signing, Policy::Modern).unwrap();
}

/// The certificate is another one on the same key: who compares keys notices nothing.
#[tokio::test]
async fn a_renewed_certificate_on_the_same_key_breaks_nobody_who_compares_keys() {
    let demo = Demo::start().await;
    start(&demo, &wanted(Strategy::SameKey));
    jump(&demo, 10);
    for (system, idp) in [("sagssystem", "eksempelstrup"), ("borgerportal", "testrup")] {
        log_in(&demo, system, idp).await.unwrap();
    }
}

/// What is handed out ahead of a change: the page names the files, and each of them is what its name says.
#[tokio::test]
async fn the_files_of_a_change_are_offered() {
    let demo = Demo::start().await;
    start(&demo, &wanted(Strategy::HardSwap));
    let page = demo.manage("/skifte").await.body;
    let links = page.split("href=\"/skifte/filer/").skip(1);
    let names: Vec<&str> = links.filter_map(|rest| rest.split('"').next()).collect();
    let ends = |end: &str| names.iter().filter(|name| name.ends_with(end)).count();
    assert_eq!(
        (ends(".cer"), ends(".txt"), ends(".ics")),
        (2, 2, 1),
        "{names:?}"
    );
    assert!(
        names.contains(&"new_ADG_TEST_Adgangsstyring_2.cer"),
        "{names:?}"
    );
    for name in names {
        let file = demo.manage(&format!("/skifte/filer/{name}")).await;
        assert_eq!(file.status, 200, "{name}");
        let disposition = file.headers["content-disposition"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(disposition.contains(name), "{disposition}");
        let kind = file.headers["content-type"].to_str().unwrap();
        match name.rsplit('.').next().unwrap() {
            "cer" => assert_eq!(kind, "application/pkix-cert"),
            "ics" => assert!(
                file.body.starts_with("BEGIN:VCALENDAR\r\n"),
                "{}",
                file.body
            ),
            _ => assert!(
                file.body.contains("new_ADG_TEST_Adgangsstyring_2.cer"),
                "{}",
                file.body
            ),
        }
    }
    let other = demo.manage("/skifte/filer/..%2Fhub.key.pem").await;
    assert_eq!(other.status, 404);
}
