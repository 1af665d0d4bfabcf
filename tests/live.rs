//! Trials from the built-in test systems: what may begin one, what is kept of it, and the whole matrix by real logins.

use crate::support::demo::Demo;
use crate::support::world::{self, World};
use axum::Router;
use axum::extract::{Form, RawQuery, State};
use axum::response::Html;
use axum::routing::{get, post};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use time::Duration;
use tokio::net::TcpListener;
use vejviser::config;
use vejviser::drill::matrix::live::{How, Line, State as Stands, Whom, drive, link, plan};
use vejviser::drill::matrix::{Fate, Roster};
use vejviser::drill::{Browser, Page};
use vejviser::edge::server::{self, Site, Stop, Stopper};
use vejviser::edge::trials::{Came, SystemView, TrialView, TrialsView, Try, Wish};
use vejviser::edge::world::Clock;
use vejviser::hub::Check;
use vejviser::oiosaml::RequestProfile;
use vejviser::oiosaml::attributes::AUTHN_METHODS;
use vejviser::oiosaml::request_profile::MULTIPLEAUTHN;
use vejviser::saml::binding::{MessageField, Outbound, decode_redirect, post as by_post};
use vejviser::saml::metadata::{Endpoint, Entity, IdpRole, KeyDescriptor, KeyUse};
use vejviser::saml::response::Content;
use vejviser::saml::{Attribute, AuthnRequest, names};
use vejviser::xml::Document;

fn systems(demo: &Demo) -> Vec<SystemView> {
    TrialsView::of(&demo.app).systems
}

fn of(idp: &str, profile: RequestProfile, system: &str) -> Try {
    Try {
        idp: idp.to_owned(),
        profile,
        system: system.to_owned(),
    }
}

/// The address at which a trial starts.
fn start(demo: &Demo, of: &Try, person: Option<&str>) -> String {
    let login = demo.url(&of.system, "/log-ind");
    link(
        (&login, demo.app.trials.ticket()),
        &of.idp,
        of.profile,
        person,
    )
}

/// Five IdPs, six profiles, seven levels: what the hub predicts is what it does.
#[tokio::test]
async fn every_login_of_the_demo_goes_as_predicted() {
    let demo = Demo::start().await;
    let file = config::parse(Path::new("federation.toml"), config::SAMPLE).unwrap();
    let (roster, snapshot) = (Roster::of(&file), demo.app.registry.now());
    let idps: Vec<_> = snapshot.federation.identity_providers.iter().collect();
    let whom = Whom {
        roster: &roster,
        person: None,
    };
    let now = demo.app.clock.now();
    let systems = systems(&demo);
    let mut lines = plan(&snapshot.settings, &idps, &systems, whom, &|_| None, now);
    assert_eq!(lines.len(), 5 * 6 * 7);
    for line in &lines {
        assert!(!matches!(line.how, How::ByHand));
        drive(Browser::new(), line, &demo.url("hub", ""))
            .await
            .unwrap();
    }
    let seen: Vec<TrialView> = demo
        .app
        .trials
        .results()
        .iter()
        .map(TrialView::of)
        .collect();
    assert_eq!(seen.len(), lines.len());
    let mut fates = BTreeSet::new();
    for line in &mut lines {
        line.look(&seen, &[]);
        let what = (&line.idp.name, line.profile, line.level);
        assert_eq!(
            (line.state(), line.differences()),
            (Stands::Agrees, Vec::new()),
            "{what:?} {:?}",
            line.predicted.fate
        );
        fates.extend(line.predicted.fate.as_ref().map(Fate::word));
    }
    // Everybody has most, so nobody is stuck; all else happens.
    for fate in [
        "passes",
        "second-factor",
        "under-assured",
        "refused-by-idp",
        "refused-by-hub",
        "not-asked",
    ] {
        assert!(fates.contains(fate), "{fate}: {fates:?}");
    }
    every_wrong_prediction_is_told(&lines);
}

/// The comparison is no rubber stamp: whatever is predicted otherwise differs.
fn every_wrong_prediction_is_told(lines: &[Line<'_>]) {
    let wrong = |line: &Line<'_>, change: &dyn Fn(&mut Line<'_>)| {
        let mut line = line.clone();
        change(&mut line);
        (
            line.state(),
            line.differences().first().map(|found| found.what),
        )
    };
    let find = |word: &str| {
        let mut all = lines.iter();
        all.find(|line| line.predicted.fate.as_ref().map(Fate::word) == Some(word))
            .unwrap()
    };
    let asked = find("second-factor");
    assert_eq!(
        wrong(asked, &|line| line
            .predicted
            .cell
            .sent
            .as_mut()
            .unwrap()
            .class_ref = None),
        (Stands::Differs, Some("sent"))
    );
    assert_eq!(
        wrong(asked, &|line| line
            .predicted
            .cell
            .sent
            .as_mut()
            .unwrap()
            .relay_state
            .push('x')),
        (Stands::Differs, Some("sent"))
    );
    let passes = |level, second_factor| {
        Some(Fate::Passes {
            level,
            second_factor,
        })
    };
    let reached = match &asked.predicted.fate {
        Some(Fate::Passes { level, .. }) => *level,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        wrong(asked, &|line| line.predicted.fate = passes(None, true)).1,
        Some("level")
    );
    assert_eq!(
        wrong(asked, &|line| line.predicted.fate = passes(reached, false)).1,
        Some("second-factor")
    );
    for (word, what) in [
        ("refused-by-idp", "outcome"),
        ("under-assured", "outcome"),
        ("not-asked", "outcome"),
    ] {
        assert_eq!(
            wrong(find(word), &|line| line.predicted.fate =
                passes(reached, false))
            .1,
            Some(what),
            "{word}"
        );
    }
    assert_eq!(
        wrong(find("refused-by-hub"), &|line| {
            line.predicted.fate = Some(Fate::NotAsked(Check::ChooseActive));
        })
        .1,
        Some("sent")
    );
    let nothing = wrong(asked, &|line| line.seen = None);
    assert_eq!(nothing, (Stands::Waiting, None));
    let unknown = wrong(asked, &|line| line.predicted.fate = None);
    assert_eq!(unknown, (Stands::Unpredicted, None));
}

/// The hub's AuthnRequest that the browser took to the IdP.
fn sent(browser: &Browser) -> AuthnRequest {
    let mut hops = browser.hops().iter().rev();
    let hop = hops
        .find(|hop| hop.url.path() == "/sso")
        .expect("the IdP was asked");
    let decoded = decode_redirect(hop.url.query().unwrap()).unwrap();
    AuthnRequest::read(Document::parse(&decoded.xml).unwrap().root()).unwrap()
}

fn class_refs(request: &AuthnRequest) -> Vec<String> {
    let context = request.requested_authn_context.as_ref();
    context.map_or_else(Vec::new, |context| context.class_refs.clone())
}

/// AD FS, registered for multipleauthn, is asked in the profile that is tried, without the chooser; and the browser
/// remembers neither before nor after.
#[tokio::test]
async fn a_trial_goes_to_its_idp_in_its_profile_whatever_is_remembered() {
    let demo = Demo::start().await;
    let mut browser = Browser::new();
    // Somebody ticked another IdP.
    let chooser = browser
        .get(&demo.url("sagssystem", "/log-ind"))
        .await
        .unwrap();
    let mut form = chooser.forms().into_iter().next().unwrap();
    form.fields.push(("husk".to_owned(), "1".to_owned()));
    let idp = ("idp".to_owned(), demo.entity_id("testrup"));
    let page = browser.submit(&chooser, &form, Some(idp)).await.unwrap();
    assert!(page.url.as_str().contains("testrup"));
    let remembered = |browser: &Browser| {
        browser
            .cookie("hub.localhost", vejviser::edge::memory::NAME)
            .map(str::to_owned)
    };
    let before = remembered(&browser);
    assert!(before.is_some());

    let tried = of(
        "provekobing-adfs",
        RequestProfile::Oiosaml3AdfsRelayState,
        "test-nsis-substantial",
    );
    let page = browser.get(&start(&demo, &tried, None)).await.unwrap();
    assert!(
        page.url.as_str().contains("provekobing-adfs"),
        "{}",
        page.url
    );
    let request = sent(&browser);
    assert_eq!(class_refs(&request), [MULTIPLEAUTHN]);
    let trial = demo.app.trials.latest(&tried).unwrap();
    assert_eq!(trial.came, Came::Waiting);
    let relay_state = trial.asked.unwrap().relay_state.unwrap();
    assert!(relay_state.ends_with("&nsis=Betydelig"), "{relay_state}");
    let flow = demo.newest_flow().await;
    assert_eq!(flow["chosen_by"]["by"], "trial");
    let decisions = flow["decisions"].as_array().unwrap();
    let decision = decisions
        .iter()
        .find(|decision| decision["rule"] == "trial")
        .unwrap();
    assert_eq!(
        (&decision["input"], &decision["result"], &decision["source"]),
        (
            &"OIOSAML2_ADFS_MULTIPLEAUTHN".into(),
            &"OIOSAML3_ADFS_RELAY_STATE".into(),
            &"setting".into()
        )
    );

    // Whoever is logged in by it is remembered no more than before; registered for no NSIS, AD FS reaches none.
    browser.choose(&page, "person", "dorte").await.unwrap();
    assert_eq!(remembered(&browser), before);
    let trial = demo.app.trials.latest(&tried).unwrap();
    assert_eq!(trial.came, Came::Refused(Check::LevelReached));
    // The choice of before still holds at the next ordinary login.
    let page = browser
        .get(&demo.url("sagssystem", "/log-ind?force=1"))
        .await
        .unwrap();
    assert!(page.url.as_str().contains("testrup"), "{}", page.url);
}

/// No message can ask for a profile, and nobody but a test system has its requests tried.
#[tokio::test]
async fn a_request_from_outside_can_never_choose_a_profile() {
    let demo = Demo::start().await;
    let at_chooser = |page: &Page| page.url.path() == "/vaelg";

    // A demo system is none of the built-in ones.
    let mut browser = Browser::new();
    let refused = browser
        .get(&demo.url("sagssystem", "/log-ind?idp=testrup&profil=OIOSAML3"))
        .await
        .unwrap();
    assert_eq!(refused.status, 400);
    assert!(browser.hops().len() == 1 && demo.app.trials.results().is_empty());

    // Its own signed request, with the words of a trial added to the address.
    let chooser = browser
        .get(&demo.url("sagssystem", "/log-ind"))
        .await
        .unwrap();
    assert!(at_chooser(&chooser));
    let to_hub = browser
        .hops()
        .iter()
        .find(|hop| hop.url.path().ends_with("issue.idp"));
    let to_hub = to_hub.unwrap().url.clone();
    let added =
        format!("{to_hub}&idp=provekobing-adfs&profil=OIOSAML3&profile=OIOSAML3&autologin=dorte");
    let chooser = browser.get(&added).await.unwrap();
    assert!(at_chooser(&chooser));
    let idp = demo.entity_id("provekobing-adfs");
    browser.choose(&chooser, "idp", &idp).await.unwrap();
    assert_eq!(
        class_refs(&sent(&browser)),
        [MULTIPLEAUTHN],
        "as registered"
    );

    // Even if somebody in this process wished it for that very request: its system is not a test system.
    let decoded = decode_redirect(to_hub.query().unwrap()).unwrap();
    let id = Document::parse(&decoded.xml)
        .unwrap()
        .root()
        .attribute("ID")
        .unwrap()
        .to_owned();
    for system in ["sagssystem", "test-nist-3"] {
        let wish = Wish {
            of: of("provekobing-adfs", RequestProfile::Oiosaml3, system),
            person: None,
        };
        demo.app.trials.wish(id.clone(), wish);
    }
    let chooser = Browser::new().get(to_hub.as_str()).await.unwrap();
    assert!(at_chooser(&chooser) && demo.app.trials.results().is_empty());

    // A test system without a wish is a system like any other.
    let mut browser = Browser::new();
    let chooser = browser
        .get(&demo.url("test-nist-3", "/log-ind"))
        .await
        .unwrap();
    assert!(at_chooser(&chooser));
    browser.choose(&chooser, "idp", &idp).await.unwrap();
    assert_eq!(class_refs(&sent(&browser)), [MULTIPLEAUTHN]);

    // A forged request under the ID of a wish ends where forged requests end, and another ID has no wish.
    let tried = of("provekobing-adfs", RequestProfile::Oiosaml2, "test-nist-3");
    let mut browser = Browser::new();
    browser.get(&start(&demo, &tried, None)).await.unwrap();
    assert_eq!(class_refs(&sent(&browser)).len(), 1);
    let genuine = browser
        .hops()
        .iter()
        .find(|hop| hop.url.path().ends_with("issue.idp"));
    let genuine = genuine.unwrap().url.to_string();
    demo.app.trials.clear();
    let unsigned = genuine.split("&SigAlg=").next().unwrap();
    let page = Browser::new().get(unsigned).await.unwrap();
    assert_eq!(page.status, 400);
    assert!(demo.app.trials.results().is_empty());
    // Forgotten is forgotten: the genuine one is an ordinary request now.
    assert!(at_chooser(&Browser::new().get(&genuine).await.unwrap()));

    // What names no profile, or no IdP, is told so and sends nothing.
    let ticket = demo.app.trials.ticket();
    for query in [
        format!("profil=OIOSAML4&idp=testrup&ticket={ticket}"),
        format!("profil=OIOSAML3&ticket={ticket}"),
        // Nor without the ticket, or with another one.
        "profil=OIOSAML3&idp=testrup".to_owned(),
        format!(
            "profil=OIOSAML3&idp=testrup&ticket={}",
            "0".repeat(ticket.len())
        ),
    ] {
        let page = Browser::new()
            .get(&demo.url("test-nist-3", &format!("/log-ind?{query}")))
            .await
            .unwrap();
        assert_eq!(page.status, 400, "{query}");
    }
    // An IdP that is not registered is refused to the system, and no result is kept under a stranger's name.
    let nobody = of("nobody", RequestProfile::Oiosaml3, "test-nist-3");
    let page = Browser::new()
        .get(&start(&demo, &nobody, None))
        .await
        .unwrap();
    assert!(
        page.result_value("data-status")
            .unwrap()
            .ends_with("Responder"),
        "{}",
        page.body
    );
    assert!(demo.app.trials.results().is_empty());
}

/// Whoever stands at the IdP is waited for; whoever cannot go on is stopped; what came is in the API.
#[tokio::test]
async fn what_came_of_a_trial_is_kept() {
    let demo = Demo::start().await;
    let tried = of(
        "provekobing-adfs",
        RequestProfile::Oiosaml2AdfsMultipleauthn,
        "test-nist-3",
    );
    let mut browser = Browser::new();
    let page = browser.get(&start(&demo, &tried, None)).await.unwrap();
    let all = demo.api("/api/v1/trials").await;
    assert_eq!(all["systems"].as_array().unwrap().len(), 7);
    assert_eq!(
        (&all["trials"][0]["todo"], &all["trials"][0]["outcome"]),
        (&"WAITING".into(), &"waiting".into())
    );
    // The page that asks for a second factor, of somebody who has none.
    let stuck = browser.choose(&page, "person", "erik").await.unwrap();
    assert_eq!(
        demo.app.trials.latest(&tried).unwrap().came,
        Came::Stopped(None)
    );
    browser.choose(&stuck, "cancel", "1").await.unwrap();
    let trial = demo.api("/api/v1/trials").await["trials"][0].clone();
    assert_eq!(trial["outcome"], "stopped-at-idp");
    assert!(
        trial["status"]["subcode"]
            .as_str()
            .unwrap()
            .ends_with("AuthnFailed")
    );

    // The latest counts.
    demo.move_clock(Duration::minutes(10));
    let page = browser.get(&start(&demo, &tried, None)).await.unwrap();
    demo.move_clock(Duration::minutes(10) + Duration::seconds(7));
    let page = browser.choose(&page, "person", "dorte").await.unwrap();
    assert_eq!(page.result_value("data-level").as_deref(), Some("3"));
    let all = demo.api("/api/v1/trials").await;
    let trials = all["trials"].as_array().unwrap();
    assert_eq!(trials.len(), 1);
    let trial = &trials[0];
    assert_eq!(trial["outcome"], "logged-in");
    assert_eq!(trial["level"], "3");
    assert_eq!(trial["sent"]["class_refs"][0], MULTIPLEAUTHN);
    assert_eq!(
        (&trial["second_factor"], &trial["second_factor_said_by"]),
        (&true.into(), &"authnmethodsreferences".into())
    );
    assert!(
        (7.0..8.0).contains(&trial["seconds"].as_f64().unwrap()),
        "{trial}"
    );
    let flow = trial["flow"].as_str().unwrap();
    assert_eq!(
        demo.api(&format!("/api/v1/flows/{flow}")).await["outcome"],
        "logged-in"
    );

    // It is on the page of the IdP, with the address at which a person starts it.
    let page = demo.manage("/matrix?idp=provekobing-adfs").await;
    let links = page.links();
    assert!(links.contains(&format!("/forloeb/{flow}")), "{links:?}");
    assert!(links.contains(&start(&demo, &tried, None)), "{links:?}");
    // Nobody else sees the test systems.
    for path in ["/", "/skifte", "/matrix", "/admin"] {
        assert!(
            !demo.manage(path).await.body.contains("test-nist-1"),
            "{path}"
        );
    }
    let landing = Browser::new().get(&demo.url("hub", "/")).await.unwrap();
    assert!(!landing.body.contains("test-nist-1"));
    let front = Browser::new()
        .get(&demo.url("test-nist-1", "/"))
        .await
        .unwrap();
    assert!(
        front.body.contains("Indbygget prøvesystem") || front.body.contains("built-in test system")
    );
}

fn run(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vejviser"))
        .arg("matrix")
        .args(arguments)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    (output.status.code().unwrap(), text)
}

#[test]
fn the_command_drives_a_demo_of_its_own() {
    let narrow = [
        "--live",
        "--idp",
        "provekobing-adfs",
        "--system",
        "test-nist-3",
    ];
    let (code, text) = run(&[&narrow[..], &["--format", "json"]].concat());
    assert_eq!(code, 0, "{text}");
    let all: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(all["summary"]["states"]["agrees"], 6);
    let (code, text) = run(&[&narrow[..], &["--format", "junit"]].concat());
    assert_eq!(code, 0);
    assert!(text.contains("tests=\"6\" failures=\"0\""), "{text}");
    // Erik has no second factor: as predicted, he is stopped.
    let (code, text) = run(&[&narrow[..], &["--person", "erik", "--language", "en"]].concat());
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("stopped") && text.contains("6 as predicted"),
        "{text}"
    );
    for (arguments, words) in [
        (
            &["--live", "--person", "nix"][..],
            "erik (provekobing-adfs)",
        ),
        (&["--live", "--system", "sagssystem"], "test-nsis-low"),
        (&["--live", "--idp", "nix"], "provekobing-adfs"),
        (&["--live", "--config", "nowhere.toml"], "nowhere.toml"),
        (
            &[
                "--live",
                "--idp",
                "testrup",
                "--system",
                "test-nist-1",
                "--format",
                "csv",
            ],
            "junit",
        ),
        (&["--person", "erik"], "--live"),
    ] {
        let (code, text) = run(arguments);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// An IdP that is nobody's invention of ours: a login form, one user, and an answer by a script of its own.
#[derive(Clone)]
struct FormIdp {
    base: String,
    key: &'static world::Pair,
    /// The certificate of its https; nothing where it speaks http.
    trust: Vec<u8>,
    _stopper: Arc<Stopper>,
}

const PASSWORD: &str = "hemmelig-æøå-7";

impl FormIdp {
    async fn start(key: &'static world::Pair, secure: bool) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let now = Clock::default().now();
        let (site, tls, trust) = match secure {
            true => {
                let (tls, trust) =
                    server::self_signed(&["localhost"], now, server::Clients::Anonymous).unwrap();
                ("https://127.0.0.1", Some(tls), trust)
            }
            false => ("http://kommune.localhost", None, Vec::new()),
        };
        let (stopper, stop) = Stop::new();
        let idp = Self {
            base: format!("{site}:{port}"),
            key,
            trust,
            _stopper: Arc::new(stopper),
        };
        let site = Router::new()
            .route("/sso", get(asked))
            .route("/login", post(answered))
            .with_state(Arc::new(idp.clone()));
        tokio::spawn(server::serve(listener, tls, Site::Management(site), stop));
        idp
    }

    fn form(&self, query: &str) -> Html<String> {
        let query = query.replace('&', "&amp;");
        Html(format!(
            "<form method=post action=\"{}/login\"><input type=hidden name=query value=\"{query}\">\
             <input name=UserName><input type=password name=Password>\
             <button name=go value=login>Log ind</button><button name=other value=1>Andet</button></form>",
            self.base
        ))
    }

    fn metadata(&self) -> String {
        let role = IdpRole {
            want_authn_requests_signed: true,
            keys: vec![KeyDescriptor {
                usage: KeyUse::Signing,
                certificates: vec![self.key.certificate.to_base64()],
                encryption_methods: Vec::new(),
            }],
            single_sign_on: vec![Endpoint {
                binding: names::binding::REDIRECT.to_owned(),
                location: format!("{}/sso", self.base),
                response_location: None,
            }],
            single_logout: Vec::new(),
            name_id_formats: Vec::new(),
            assurance_certification: Vec::new(),
        };
        let entity = Entity {
            entity_id: self.entity_id(),
            id: None,
            valid_until: None,
            idp: Some(role),
            sp: None,
            organization: None,
        };
        entity.to_element().render().as_str().to_owned()
    }

    fn entity_id(&self) -> String {
        format!("{}/entity", self.base)
    }
}

async fn asked(State(idp): State<Arc<FormIdp>>, RawQuery(query): RawQuery) -> Html<String> {
    idp.form(&query.unwrap_or_default())
}

#[derive(serde::Deserialize)]
struct Filled {
    query: String,
    #[serde(rename = "UserName")]
    user: String,
    #[serde(rename = "Password")]
    password: String,
    go: Option<String>,
}

/// Substantial for everybody; only where multipleauthn was asked for it says by which methods.
async fn answered(State(idp): State<Arc<FormIdp>>, Form(filled): Form<Filled>) -> Html<String> {
    let good = filled.user == "eva" && filled.password == PASSWORD;
    if !good || filled.go.as_deref() != Some("login") {
        return idp.form(&filled.query);
    }
    let decoded = decode_redirect(&filled.query).unwrap();
    let request = AuthnRequest::read(Document::parse(&decoded.xml).unwrap().root()).unwrap();
    let (hub, acs) = (
        request.issuer.clone().unwrap(),
        request.acs_url.clone().unwrap(),
    );
    let mut world = World::plain();
    world.now = Clock::default().now();
    let pending = world.pending(|_| {});
    let mut assertion = world.assertion(&pending);
    assertion.id = format!("_a{}", request.id);
    assertion.issuer = idp.entity_id();
    assertion.confirmations[0].recipient = Some(acs.clone());
    assertion.confirmations[0].in_response_to = Some(request.id.clone());
    let conditions = assertion.conditions.as_mut().unwrap();
    conditions.audience_restrictions = vec![vec![hub]];
    if class_refs(&request) == [MULTIPLEAUTHN] {
        assertion.attributes.push(Attribute {
            name: AUTHN_METHODS.to_owned(),
            name_format: None,
            friendly_name: None,
            values: vec![
                names::PASSWORD_PROTECTED_TRANSPORT.to_owned(),
                MULTIPLEAUTHN.to_owned(),
            ],
        });
    }
    let mut response = world.response(&pending);
    response.id = format!("_r{}", request.id);
    response.issuer = Some(idp.entity_id());
    response.in_response_to = Some(request.id);
    response.destination = Some(acs.clone());
    let key = &idp.key.signing;
    let place = vejviser::dsig::Place::AfterIssuer;
    let signed = vejviser::dsig::sign(&assertion.to_element(), &assertion.id, place, key);
    let message = response
        .to_element(Some(Content::Assertion(signed)))
        .render();
    let relay_state = decoded.relay_state.as_deref();
    let Outbound::Post { message, .. } =
        by_post(&acs, MessageField::Response, &message, relay_state)
    else {
        unreachable!("a post")
    };
    Html(format!(
        "<form method=post name=hiddenform action=\"{acs}\"><input type=hidden name=SAMLResponse value=\"{message}\">\
         <input type=hidden name=RelayState value=\"{}\"></form><script>document.forms[0].submit()</script>",
        relay_state.unwrap_or_default().replace('&', "&amp;")
    ))
}

/// A certificate in the lines of 64 characters that PEM has (RFC 7468 §2).
fn pem(base64: &str) -> String {
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

/// `vejviser serve` on a federation with one IdP under two names: at one a script logs in, at the other a person.
struct Serving {
    child: Child,
    ready: Value,
    folder: PathBuf,
}

impl Serving {
    fn start(name: &str, idps: [&FormIdp; 2], test_systems: bool) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join("live")
            .join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let hub = &world::keys().hub;
        let write = |name: &str, text: &[u8]| std::fs::write(folder.join(name), text).unwrap();
        write("hub.pem", pem(&hub.certificate.to_base64()).as_bytes());
        write("hub.key.pem", &hub.bare.private_key_to_pem_pkcs8().unwrap());
        write("secret.txt", format!("{PASSWORD}\n").as_bytes());
        write("ca.pem", &idps[0].trust);
        let mut text = format!(
            "[hub]\ntest_systems = {test_systems}\n[[hub.keys]]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"\n\
             [[organisation]]\ncvr = \"11111111\"\nname = \"Prøvekøbing\"\n"
        );
        for (name, idp) in ["med-script", "i-haanden"].iter().zip(idps) {
            write(&format!("{name}.xml"), idp.metadata().as_bytes());
            text += &format!(
                "[[identity_provider]]\nname = \"{name}\"\nid = \"{}\"\npresentation_name = \"{name}\"\n\
                 oiosaml_profile = \"OIOSAML3\"\nassurance_level = 3\nnsis_assurance_level = \"Substantial\"\n\
                 user_contexts = [\"11111111\"]\nsaml_metadata = \"{name}.xml\"\n",
                idp.entity_id()
            );
            if *name == "med-script" {
                text += "[identity_provider.login]\nuser_field = \"UserName\"\npassword_field = \"Password\"\n\
                         user = \"eva\"\npassword_file = \"secret.txt\"\nsubmit = \"go\"\n";
            }
        }
        write("federation.toml", text.as_bytes());
        let mut child = Command::new(env!("CARGO_BIN_EXE_vejviser"))
            .args([
                "serve",
                "--config",
                "federation.toml",
                "--listen",
                "127.0.0.1:0",
            ])
            .args(["--manage", "127.0.0.1:0", "--ready-json"])
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        std::fs::write(
            folder.join("token"),
            ready["manage_token"].as_str().unwrap(),
        )
        .unwrap();
        Self {
            child,
            ready,
            folder,
        }
    }

    /// `matrix --live` against it, away from the threads that serve the IdPs.
    async fn matrix(&self, arguments: &'static [&'static str]) -> (i32, String) {
        let (manage, folder) = (
            self.ready["manage_url"].as_str().unwrap().to_owned(),
            self.folder.clone(),
        );
        tokio::task::spawn_blocking(move || {
            let output = Command::new(env!("CARGO_BIN_EXE_vejviser"))
                .args([
                    "matrix",
                    "--live",
                    "--config",
                    "federation.toml",
                    "--manage",
                    &manage,
                ])
                .args(["--token-file", "token", "--ca", "ca.pem"])
                .args(["--system", "test-nsis-substantial"])
                .args(arguments)
                .current_dir(folder)
                .output()
                .unwrap();
            let mut text = String::from_utf8(output.stdout).unwrap();
            // Talk, such as of certificates that end soon; never of a password.
            let talk = String::from_utf8(output.stderr).unwrap();
            assert!(!talk.contains(PASSWORD) && !talk.contains("forkert-kodeord"));
            if text.is_empty() {
                text = talk;
            }
            (output.status.code().unwrap(), text)
        })
        .await
        .unwrap()
    }

    /// A raw request to the management listener: status, and the body.
    async fn manage(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let url = url::Url::parse(self.ready["manage_url"].as_str().unwrap()).unwrap();
        let address = format!("127.0.0.1:{}", url.port().unwrap());
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (status, body.to_owned())
    }

    fn token(&self) -> String {
        format!(
            "Authorization: Bearer {}\r\n",
            self.ready["manage_token"].as_str().unwrap()
        )
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A person follows the link, fills in the form, and stands before the answer.
async fn filled_in(browser: &mut Browser, start: &str) -> Page {
    let page = browser.get(start).await.unwrap();
    let mut form = page.forms().into_iter().next().unwrap();
    for (name, value) in &mut form.fields {
        match name.as_str() {
            "UserName" => *value = "eva".to_owned(),
            "Password" => *value = PASSWORD.to_owned(),
            _ => {}
        }
    }
    let go = Some(("go".to_owned(), "login".to_owned()));
    browser.submit(&page, &form, go).await.unwrap()
}

/// The lines of one IdP: profile, state, outcome.
fn lines(text: &str, idp: &str) -> Vec<(String, String, String)> {
    let all: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let word = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let lines = all["trials"].as_array().unwrap().iter();
    lines
        .filter(|line| line["idp"] == idp)
        .map(|line| {
            (
                word(&line["profile"]),
                word(&line["state"]),
                word(&line["seen"]["outcome"]),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_municipality_tries_its_own_idp_without_any_supplier() {
    let (scripted, by_hand) = (
        FormIdp::start(&world::keys().idp, true).await,
        FormIdp::start(&world::keys().stranger, false).await,
    );
    let serving = Serving::start("own", [&scripted, &by_hand], true);
    assert!(
        !serving.ready["systems"].to_string().contains("test-nist"),
        "in no list"
    );

    // By its form a script logs in; where nobody has said how, a person must.
    let (code, text) = serving.matrix(&["--format", "json"]).await;
    assert_eq!(code, 0, "{text}");
    assert!(!text.contains(PASSWORD));
    let told = |profile: &str, state: &str, outcome: &str| {
        (profile.to_owned(), state.to_owned(), outcome.to_owned())
    };
    let found = lines(&text, "med-script");
    for line in [
        // The hub does not ask an OIOSAML2 IdP for NSIS, whoever logs in.
        told("OIOSAML2", "agrees", "refused-by-hub"),
        told("OIOSAML2_ADFS_MULTIPLEAUTHN", "agrees", "refused-by-hub"),
        // By which methods it does not say.
        told("OIOSAML3", "REVIEW", "logged-in"),
        told("OIOSAML3_ADFS_MULTIPLEAUTHN", "unpredicted", "logged-in"),
        told("OIOSAML3_ADFS_RELAY_STATE", "unpredicted", "logged-in"),
    ] {
        assert!(found.contains(&line), "{line:?} {found:?}");
    }
    let found = lines(&text, "i-haanden");
    assert!(
        found.contains(&told("OIOSAML3", "WAITING", "–")),
        "{found:?}"
    );
    assert!(
        found.contains(&told("OIOSAML2", "agrees", "refused-by-hub")),
        "{found:?}"
    );
    let (_, body) = serving
        .manage("GET", "/api/v1/trials", &serving.token(), "")
        .await;
    assert!(
        body.contains("\"second_factor_said_by\":\"authnmethodsreferences\""),
        "{body}"
    );

    // What waits for a person is a finding for whoever says so.
    let (code, text) = serving.matrix(&["--fail-on", "review"]).await;
    assert_eq!(code, 1, "{text}");
    assert!(
        !text.contains(PASSWORD) && text.contains("idp:i-haanden"),
        "{text}"
    );
    let start = text.lines().find(|line| {
        line.contains("WAITING  ")
            && line.contains("idp=i-haanden&profil=OIOSAML3_ADFS_RELAY_STATE")
    });
    let start = start.unwrap().split_whitespace().last().unwrap();

    // A person logs in at the link, and until they are back they are waited for.
    // They stand on the page of the IdP whose script posts its answer to the hub.
    let hub = serving.ready["public_url"].as_str().unwrap();
    let consume = format!("{hub}{}", vejviser::hub::identity::path::CONSUME);
    let mut browser = Browser::new().stopping_before(&consume);
    let answer = filled_in(&mut browser, start).await;
    let (code, text) = serving
        .matrix(&["--idp", "i-haanden", "--format", "json"])
        .await;
    assert_eq!(code, 0, "{text}");
    assert!(
        lines(&text, "i-haanden").contains(&told(
            "OIOSAML3_ADFS_RELAY_STATE",
            "WAITING",
            "waiting"
        )),
        "{text}"
    );
    let home = browser
        .submit(&answer, &answer.forms()[0], None)
        .await
        .unwrap();
    assert_eq!(
        home.result_value("data-level").as_deref(),
        Some("Substantial"),
        "{}",
        home.body
    );
    let (_, text) = serving
        .matrix(&["--idp", "i-haanden", "--format", "json"])
        .await;
    assert!(
        lines(&text, "i-haanden").contains(&told(
            "OIOSAML3_ADFS_RELAY_STATE",
            "unpredicted",
            "logged-in"
        )),
        "{text}"
    );

    // The others at the other links, while the command waits for them.
    let (_, text) = serving.matrix(&["--idp", "i-haanden"]).await;
    let links: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("WAITING  http"))
        .filter_map(|line| line.split_whitespace().last())
        .collect();
    assert_eq!(links.len(), 3, "{text}");
    let people = async {
        for link in links {
            let mut browser = Browser::new().stopping_before(&consume);
            let answer = filled_in(&mut browser, link).await;
            browser
                .submit(&answer, &answer.forms()[0], None)
                .await
                .unwrap();
        }
    };
    let waiting = serving.matrix(&["--idp", "i-haanden", "--wait", "300", "--format", "junit"]);
    let ((code, text), ()) = tokio::join!(waiting, people);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("skipped=\"2\"") && text.contains("<skipped message=\"REVIEW\"/>"),
        "{text}"
    );

    // A person's word ends a REVIEW.
    let path = "/api/v1/trials/med-script/OIOSAML3/test-nsis-substantial";
    let json = "Content-Type: application/json\r\n";
    let allowed = serving.token() + json;
    let (status, body) = serving
        .manage("PUT", path, &allowed, "{\"second_factor\":false}")
        .await;
    assert_eq!(status, 200, "{body}");
    assert!(
        body.contains("\"todo\":null") && body.contains("\"second_factor_said_by\":\"person\""),
        "{body}"
    );

    // As everything else here: a token, no other site, JSON, and words that are understood.
    let word = "{\"second_factor\":true}";
    let foreign =
        format!("{allowed}Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n");
    for (method, path, headers, body, status) in [
        ("GET", "/api/v1/trials", String::new(), "", 401),
        ("PUT", path, json.to_owned(), word, 401),
        ("DELETE", "/api/v1/trials", String::new(), "", 401),
        ("PUT", path, foreign.clone(), word, 403),
        ("DELETE", "/api/v1/trials", foreign, "", 403),
        ("PUT", path, serving.token(), word, 415),
        ("PUT", path, allowed.clone(), "{}", 400),
        ("PUT", path, allowed.clone(), "{\"level\":\"High\"}", 422),
        (
            "PUT",
            "/api/v1/trials/nobody/OIOSAML3/test-nist-1",
            allowed.clone(),
            word,
            404,
        ),
        ("DELETE", "/api/v1/trials", serving.token(), "", 204),
    ] {
        let (found, text) = serving.manage(method, path, &headers, body).await;
        assert_eq!(found, status, "{method} {path} {text}");
    }
    let (_, body) = serving
        .manage("GET", "/api/v1/trials", &serving.token(), "")
        .await;
    assert!(body.contains("\"trials\":[]"), "{body}");

    // A password that the IdP does not take: it stops there, and nobody repeats it.
    std::fs::write(serving.folder.join("secret.txt"), "forkert-kodeord").unwrap();
    let (code, text) = serving
        .matrix(&["--idp", "med-script", "--format", "json"])
        .await;
    assert_eq!(code, 0, "{text}");
    assert!(!text.contains("forkert-kodeord"));
    assert!(
        lines(&text, "med-script").contains(&told("OIOSAML3", "unpredicted", "stopped-at-idp")),
        "{text}"
    );
}

/// Without the switch there is no test system, and the command says what to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn test_systems_are_there_only_where_they_are_switched_on() {
    let idp = FormIdp::start(&world::keys().idp, true).await;
    let other = FormIdp::start(&world::keys().stranger, false).await;
    let serving = Serving::start("off", [&idp, &other], false);
    let (code, text) = serving.matrix(&[]).await;
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("test_systems = true"), "{text}");
    let hub = serving.ready["public_url"].as_str().unwrap();
    let front = hub.replace("hub.localhost", "test-nist-3.localhost");
    assert_eq!(Browser::new().get(&front).await.unwrap().status, 421);
}
