//! Every trait of the invented IdPs on the wire: a login through the demo, and what the hub's flow says of it.
//!
//! [`show`] matches every trait, so that one without a case does not compile.

use crate::support::demo::{Demo, Went, went};
use crate::support::town::{TOWN, Town};
use serde_json::Value;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use vejviser::drill::{Browser, Page};
use vejviser::edge::rollover::Wanted;
use vejviser::hub::Check;
use vejviser::hub::rollover::Strategy;
use vejviser::oiosaml::attributes as names;
use vejviser::persona::{Nature, Trait};
use vejviser::saml::names::PASSWORD_PROTECTED_TRANSPORT;

const MULTIPLEAUTHN: &str = "http://schemas.microsoft.com/claims/multipleauthn";
const PORTAL: &str = "https://portal.example/saml";

/// A federation with one IdP of this kind: `to` has a second factor, `en` has none, `ikke` has no NSIS identity.
/// `sag` needs NIST 2, `portal` NSIS Low; `?niveau=` asks for more.
struct Of<'a> {
    kind: &'a str,
    profile: &'a str,
    /// Lines of the persona's entry.
    more: &'a str,
    scope: bool,
}

impl<'a> Of<'a> {
    fn new(kind: &'a str, profile: &'a str) -> Self {
        Self {
            kind,
            profile,
            more: "",
            scope: false,
        }
    }

    fn with(self, more: &'a str) -> Self {
        Self { more, ..self }
    }

    async fn start(self) -> Demo {
        let town = Town {
            kind: self.kind,
            profile: self.profile,
            traits: self.more,
            idp: match self.scope {
                true => "supports_scope = true",
                false => "",
            },
            portal: &format!("id = \"{PORTAL}\""),
            ..TOWN
        };
        town.start().await
    }

    /// One login in a new browser.
    async fn login(self, path: &str, person: &str) -> Seen {
        let demo = self.start().await;
        log_in(&demo, &mut Browser::new(), path, person).await
    }
}

/// A login, as the browser saw it end and as the hub's flow tells it.
struct Seen {
    went: Went,
    page: Page,
    flow: Value,
}

/// From `system?query` to the end; the IdP may answer without asking anybody.
async fn log_in(demo: &Demo, browser: &mut Browser, path: &str, person: &str) -> Seen {
    let page = to_idp(demo, browser, path).await;
    finish(demo, browser, page, person).await
}

async fn to_idp(demo: &Demo, browser: &mut Browser, path: &str) -> Page {
    let (system, query) = path.split_once('?').unwrap_or((path, ""));
    let login = demo.url(system, &format!("/log-ind?{query}"));
    browser.get(&login).await.unwrap()
}

async fn finish(demo: &Demo, browser: &mut Browser, page: Page, person: &str) -> Seen {
    let asks = page
        .forms()
        .iter()
        .any(|form| form.choices.iter().any(|choice| choice.name == "person"));
    let page = match asks {
        true => browser.choose(&page, "person", person).await.unwrap(),
        false => page,
    };
    Seen {
        went: went(&page),
        flow: demo.newest_flow().await,
        page,
    }
}

impl Seen {
    /// The exchanges of this type and direction.
    fn exchange(&self, kind: &str, direction: &str) -> &Value {
        let all = self.flow["exchanges"].as_array().unwrap();
        let mut found = all.iter().filter(|exchange| {
            exchange["type"] == kind
                && exchange["direction"] == direction
                && exchange["peer"] != PORTAL
                && !exchange["peer"].as_str().unwrap_or("").contains("sag.")
        });
        found
            .next()
            .unwrap_or_else(|| panic!("no {kind}: {all:#?}"))
    }

    /// What the IdP sent.
    fn response(&self) -> &Value {
        self.exchange("Response", "in")
    }

    /// The same as it travelled.
    fn xml(&self) -> &str {
        self.response()["xml"].as_str().unwrap()
    }

    /// What the IdP stated, opened.
    fn said(&self) -> String {
        let inside = self.response()["decrypted"].as_str().unwrap_or_default();
        format!("{}{inside}", self.xml())
    }

    fn class_ref(&self) -> String {
        let said = self.said();
        let rest = said.split("AuthnContextClassRef>").nth(1).unwrap();
        rest.split('<').next().unwrap().to_owned()
    }

    /// The values of an attribute.
    fn values(&self, name: &str) -> Vec<String> {
        let said = self.said();
        let Some(rest) = said.split(&format!("Name=\"{name}\"")).nth(1) else {
            return Vec::new();
        };
        let inside = rest.split("Attribute>").next().unwrap();
        // Before the first, the first, between, the second, …
        let values = inside.split("AttributeValue").skip(1).step_by(2);
        values
            .map(|part| part.split(['>', '<']).nth(1).unwrap().to_owned())
            .collect()
    }

    fn outcome(&self, check: Check) -> Option<&str> {
        let rows = self.response()["checks"].as_array().unwrap();
        let row = rows.iter().find(|row| row["id"] == check.info().id)?;
        row["outcome"].as_str()
    }

    fn failed(&self) -> Vec<&str> {
        let rows = self.response()["checks"].as_array().unwrap();
        let failed = rows.iter().filter(|row| row["outcome"] == "fail");
        failed.filter_map(|row| row["id"].as_str()).collect()
    }

    fn is(&self, expected: &Went) {
        assert_eq!(&self.went, expected, "{}\n{:#}", self.page.body, self.flow);
    }
}

fn level(text: &str) -> Went {
    Went::In(text.to_owned())
}

fn status(text: &str) -> Went {
    Went::Status(text.to_owned())
}

/// The list says which check a misbehaviour trips; this holds it to that.
fn judged(one: Trait, seen: &Seen) {
    match one.about().nature {
        Nature::Vendor => {}
        Nature::Misbehaviour(None) => {
            assert_eq!(seen.failed(), [""; 0], "{}", one.id());
            assert!(
                matches!(seen.went, Went::In(_)),
                "{}: {:?}",
                one.id(),
                seen.went
            );
        }
        Nature::Misbehaviour(Some(check)) => {
            let outcome = seen.outcome(check);
            let expected = match check.info().mandatory {
                true => "fail",
                false => "warn",
            };
            assert_eq!(outcome, Some(expected), "{}: {:#}", one.id(), seen.flow);
            if check.info().mandatory {
                assert_eq!(seen.flow["outcome"], "refused", "{}", one.id());
                assert_eq!(
                    seen.flow["verdict"]["check"],
                    check.info().id,
                    "{}",
                    one.id()
                );
            }
        }
    }
}

/// Shows one trait.
#[allow(
    clippy::too_many_lines,
    reason = "one list, in the order of the traits"
)]
async fn show(one: Trait) {
    use Trait::*;
    let taken = format!("without = [\"{}\"]", one.id());
    let added = format!("traits = [\"{}\"]", one.id());
    match one {
        ScopingRefused => {
            let of = |kind, more| Of {
                scope: true,
                ..Of::new(kind, "OIOSAML2_ADFS_MULTIPLEAUTHN").with(more)
            };
            for (kind, more) in [("adfs-old", ""), ("adfs", added.as_str())] {
                let seen = of(kind, more).login("sag", "to").await;
                seen.is(&status("-"));
                assert!(seen.xml().contains("MSIS1001"), "{}", seen.xml());
                assert!(seen.xml().contains("status:Requester"));
            }
            for (kind, more) in [("adfs-old", taken.as_str()), ("adfs", "")] {
                of(kind, more).login("sag", "to").await.is(&level("2"));
            }
        }
        UnknownClassRefRefused => {
            let seen = Of::new("adfs", "OIOSAML2")
                .login("sag?niveau=3", "to")
                .await;
            seen.is(&status("NoAuthnContext"));
            assert!(seen.xml().contains("MSIS7102"), "{}", seen.xml());
            let of = Of::new("adfs", "OIOSAML2").with(&taken);
            let seen = of.login("sag?niveau=3", "to").await;
            assert_eq!(seen.values(names::ASSURANCE_LEVEL), ["2"]);
        }
        MultipleauthnSecondFactor => {
            for kind in ["adfs", "entra", "os2faktor"] {
                let of = || Of::new(kind, "OIOSAML2_ADFS_MULTIPLEAUTHN");
                of().login("sag?niveau=3", "to").await.is(&level("3"));
                let without = of().login("sag?niveau=3", "en").await;
                assert!(!matches!(without.went, Went::In(_)), "{kind}");
            }
        }
        MethodMismatchRefused => {
            let demo = Of::new("entra", "OIOSAML3").start().await;
            let mut browser = Browser::new();
            let page = to_idp(&demo, &mut browser, "portal").await;
            let page = browser.choose(&page, "person", "to").await.unwrap();
            assert!(page.body.contains("AADSTS75011"), "{}", page.body);
            assert!(matches!(went(&page), Went::Page(_)));
            // Whoever gives up there sends the hub a status.
            let page = browser.choose(&page, "cancel", "1").await.unwrap();
            assert_eq!(went(&page), status("AuthnFailed"));
            log_in(&demo, &mut browser, "portal?force=1", "to")
                .await
                .is(&level("Low"));
        }
        AssuranceLevel3Only => {
            let of = || Of::new("os2faktor", "OIOSAML2");
            of().login("sag?niveau=3", "to").await.is(&level("3"));
            let four = of().login("sag?niveau=4", "to").await;
            assert_eq!(four.values(names::ASSURANCE_LEVEL), ["2"]);
            four.is(&status("NoAuthnContext"));
            let four = of().with(&taken).login("sag?niveau=4", "to").await;
            assert_eq!(four.values(names::ASSURANCE_LEVEL), ["3"]);
        }
        HighRefused => {
            let seen = Of::new("os2faktor", "OIOSAML3")
                .login("portal?niveau=High", "to")
                .await;
            seen.is(&status("-"));
            assert!(seen.xml().contains("NSIS niveau Høj ikke understøttet"));
        }
        RequesterPolicy => {
            let policy = format!(
                "subsystems = [{{ id = \"{PORTAL}\", nsis = \"Substantial\", second_factor = true }}]"
            );
            let of = |scope| Of {
                scope,
                ..Of::new("os2faktor", "OIOSAML3").with(&policy)
            };
            of(true)
                .login("portal", "to")
                .await
                .is(&level("Substantial"));
            of(true).login("portal", "en").await.is(&status("-"));
            // Without RequesterID it does not know who asks.
            of(false).login("portal", "en").await.is(&level("Low"));
        }
        RequestAgeChecked => {
            for (more, expected) in [("", status("-")), (&taken, level("Low"))] {
                let demo = Of::new("os2faktor", "OIOSAML3").with(more).start().await;
                let mut browser = Browser::new();
                let page = to_idp(&demo, &mut browser, "portal").await;
                demo.move_clock(Duration::minutes(6));
                let seen = finish(&demo, &mut browser, page, "to").await;
                seen.is(&expected);
                assert_eq!(seen.xml().contains("IssueInstant er ikke"), more.is_empty());
            }
        }
        ForceAndPassiveRefused => {
            let path = "portal?force=1&passive=1";
            let seen = Of::new("os2faktor", "OIOSAML3").login(path, "to").await;
            assert!(
                seen.xml().contains("både ForceAuthn og isPassive"),
                "{}",
                seen.xml()
            );
            let seen = Of::new("oiosaml3", "OIOSAML3").login(path, "to").await;
            seen.is(&status("NoPassive"));
        }
        RequestedLevelNotEvaluated => {
            let path = "portal?niveau=Substantial";
            let seen = Of::new("safewhere", "OIOSAML3").login(path, "en").await;
            assert_eq!(seen.values(names::LOA), ["Low"]);
            assert_eq!(seen.failed(), [Check::LevelReached.info().id]);
            let of = Of::new("safewhere", "OIOSAML3").with(&taken);
            let seen = of.login(path, "en").await;
            assert!(
                seen.xml().contains("status:NoAuthnContext"),
                "{}",
                seen.xml()
            );
        }
        StrongestWhenUnasked => {
            for kind in ["adfs", "adfs-old", "entra"] {
                let of = || Of::new(kind, "OIOSAML2_WITHOUT_REQUESTED_LOA");
                of().login("sag", "to").await.is(&level("3"));
                of().with(&taken).login("sag", "to").await.is(&level("2"));
            }
        }
        FirstFactorClassRef => {
            let of = || Of::new("adfs", "OIOSAML2_ADFS_MULTIPLEAUTHN");
            let seen = of().login("sag?niveau=3", "to").await;
            assert_eq!(seen.class_ref(), PASSWORD_PROTECTED_TRANSPORT);
            seen.is(&level("3"));
            let seen = of().with(&taken).login("sag?niveau=3", "to").await;
            assert_eq!(seen.class_ref(), MULTIPLEAUTHN);
        }
        AuthnMethodsReferences => {
            let methods = "http://schemas.microsoft.com/claims/authnmethodsreferences";
            let path = "sag?niveau=3";
            for kind in ["adfs", "entra"] {
                let seen = Of::new(kind, "OIOSAML2_ADFS_MULTIPLEAUTHN")
                    .login(path, "to")
                    .await;
                let both = [PASSWORD_PROTECTED_TRANSPORT, MULTIPLEAUTHN];
                assert_eq!(seen.values(methods), both, "{}", seen.said());
            }
            let old = Of::new("adfs-old", "OIOSAML2_ADFS_MULTIPLEAUTHN");
            assert!(old.login(path, "to").await.values(methods).is_empty());
        }
        NistForNonNsis => {
            for (more, expected) in [("", &["2"][..]), (&taken, &[])] {
                let of = Of::new("os2faktor", "OIOSAML3").with(more);
                let seen = of.login("portal", "ikke").await;
                assert_eq!(seen.values(names::ASSURANCE_LEVEL), expected);
                assert_eq!(seen.values(names::SPEC_VERSION_3), ["OIO-SAML-3.0"]);
                assert!(seen.values(names::LOA).is_empty());
                seen.is(&status("NoAuthnContext"));
            }
        }
        NsisClassRefWithoutLevel => {
            let seen = Of::new("os2faktor", "OIOSAML3").login("portal", "to").await;
            assert_eq!(seen.class_ref(), "https://data.gov.dk/concept/core/nsis");
            seen.is(&level("Low"));
        }
        ClassRefEchoed => {
            let of = Of::new("os2faktor", "OIOSAML3_ADFS_MULTIPLEAUTHN");
            let seen = of.login("portal?niveau=Substantial", "to").await;
            assert_eq!(seen.class_ref(), MULTIPLEAUTHN);
            seen.is(&level("Substantial"));
        }
        LevelClassRef => {
            for kind in ["oiosaml3", "safewhere", "foxids"] {
                let seen = Of::new(kind, "OIOSAML3").login("portal", "to").await;
                assert!(seen.class_ref().ends_with("/nsis/loa/Substantial"));
            }
            let of = Of::new("oiosaml3", "OIOSAML3").with(&taken);
            let seen = of.login("portal", "to").await;
            assert_eq!(seen.class_ref(), PASSWORD_PROTECTED_TRANSPORT);
        }
        NoSecondLevelStatus => {
            for (more, coded) in [("", false), (&taken, true)] {
                let of = Of::new("os2faktor", "OIOSAML3").with(more);
                let seen = of.login("portal?niveau=Substantial", "en").await;
                assert_eq!(seen.xml().contains("status:NoAuthnContext"), coded);
                assert!(seen.xml().contains("2-faktor"));
            }
        }
        EncryptsAssertion => {
            for (kind, more, encrypts) in [
                ("adfs", "", true),
                ("adfs-old", "", true),
                ("entra", "", true),
                ("os2faktor", "", true),
                ("foxids", "", true),
                ("oiosaml3", "", true),
                ("foxids", taken.as_str(), false),
                ("safewhere", "", false),
            ] {
                let of = Of::new(kind, "OIOSAML3_ADFS_MULTIPLEAUTHN").with(more);
                let seen = of.login("portal", "to").await;
                assert_eq!(
                    seen.xml().contains("EncryptedAssertion"),
                    encrypts,
                    "{kind}"
                );
                assert!(matches!(seen.went, Went::In(_)), "{kind}: {:?}", seen.went);
            }
        }
        SignsResponse => {
            let seen = Of::new("safewhere", "OIOSAML3").login("portal", "to").await;
            assert_eq!(seen.outcome(Check::ResponseSignature), Some("pass"));
            assert_eq!(
                seen.xml().matches("<ds:Signature ").count(),
                1,
                "{}",
                seen.xml()
            );
            let (before, _) = seen.xml().split_once("Assertion ").unwrap();
            assert!(before.contains("Signature"), "{}", seen.xml());
            seen.is(&level("Substantial"));
            // Around what is encrypted the hub does not believe it: a signature over ciphertext says nothing about
            // who knew the content.
            let seen = Of::new("oiosaml3", "OIOSAML3")
                .with(&added)
                .login("portal", "to")
                .await;
            assert_eq!(seen.outcome(Check::ResponseSignature), Some("pass"));
            assert_eq!(seen.failed(), [Check::AssertionSignature.info().id]);
            let plain = format!("{added}\nwithout = [\"encrypts-assertion\"]");
            let of = Of::new("oiosaml3", "OIOSAML3").with(&plain);
            of.login("portal", "to").await.is(&level("Substantial"));
        }
        NameIdWithBlanks => {
            let seen = Of::new("safewhere", "OIOSAML3").login("portal", "to").await;
            assert!(
                seen.said()
                    .contains("C = DK, O = 11111111, CN = Totte Prøve, Serial = e0")
            );
            seen.is(&level("Substantial"));
        }
        OrganisationNamed => {
            let seen = Of::new("safewhere", "OIOSAML3").login("portal", "to").await;
            assert_eq!(seen.values(names::ORG_NAME_3), ["Prøvekøbing"]);
        }
        NoKombitVersion => {
            let seen = Of::new("safewhere", "OIOSAML3").login("portal", "to").await;
            assert!(!seen.said().to_lowercase().contains("kombitspecver"));
            seen.is(&level("Substantial"));
        }
        KombitVersionUri => {
            let seen = Of::new("foxids", "OIOSAML3").login("portal", "to").await;
            assert_eq!(seen.values(names::KOMBIT_SPEC_VER_URI), ["2.0"]);
            assert!(seen.values(names::KOMBIT_SPEC_VER).is_empty());
            seen.is(&level("Substantial"));
        }
        RelayStateEchoed => {
            let seen = Of::new("adfs", "OIOSAML3_ADFS_RELAY_STATE")
                .login("portal", "to")
                .await;
            let sent = &seen.exchange("AuthnRequest", "out")["relay_state"];
            assert!(sent.as_str().unwrap().ends_with("&nsis=Lav"), "{sent}");
            assert_eq!(&seen.response()["relay_state"], sent);
        }
        MetadataDaily => daily().await,
        ReturnsLower => {
            let of = Of::new("oiosaml3", "OIOSAML3").with(&added);
            let seen = of.login("portal?niveau=Substantial", "to").await;
            assert_eq!(seen.values(names::LOA), ["Low"]);
            seen.is(&status("NoAuthnContext"));
            judged(one, &seen);
        }
        ReturnsHigher => {
            let seen = Of::new("oiosaml3", "OIOSAML3")
                .with(&added)
                .login("portal", "en")
                .await;
            assert_eq!(seen.values(names::LOA), ["High"]);
            // Believed up to what the IdP is registered for: the hub cannot know better.
            seen.is(&level("Substantial"));
            judged(one, &seen);
        }
        ReturnsNoLevel => {
            let seen = Of::new("os2faktor", "OIOSAML3")
                .with(&added)
                .login("portal", "to")
                .await;
            assert!(seen.values(names::LOA).is_empty());
            seen.is(&status("NoAuthnContext"));
            judged(one, &seen);
            // Where the class ref is a level, the hub falls back on it.
            let seen = Of::new("oiosaml3", "OIOSAML3")
                .with(&added)
                .login("portal", "to")
                .await;
            seen.is(&level("Substantial"));
        }
        ContradictoryLevels => {
            let seen = Of::new("os2faktor", "OIOSAML3")
                .with(&added)
                .login("portal", "to")
                .await;
            assert_eq!(
                seen.values(names::LOA).len() + seen.values(names::ASSURANCE_LEVEL).len(),
                2
            );
            judged(one, &seen);
            // Of contradictory ones the lowest counts.
            let of = Of::new("oiosaml3", "OIOSAML3").with(&added);
            let seen = of.login("portal?niveau=Substantial", "to").await;
            seen.is(&status("NoAuthnContext"));
            judged(one, &seen);
        }
        IgnoresForceAuthn => {
            let demo = Of::new("oiosaml3", "OIOSAML3").with(&added).start().await;
            let mut browser = Browser::new();
            log_in(&demo, &mut browser, "portal", "to")
                .await
                .is(&level("Substantial"));
            demo.move_clock(Duration::minutes(10));
            let page = to_idp(&demo, &mut browser, "portal?force=1").await;
            let seen = finish(&demo, &mut browser, page, "nobody is asked").await;
            assert!(matches!(seen.went, Went::Status(_)), "{:?}", seen.went);
            judged(one, &seen);
        }
        DropsRelayState => {
            let of = Of::new("oiosaml3", "OIOSAML3").with(&added);
            let seen = of.login("portal", "to").await;
            assert!(seen.exchange("AuthnRequest", "out")["relay_state"].is_string());
            assert!(
                seen.response()["relay_state"].is_null(),
                "{}",
                seen.response()
            );
            judged(one, &seen);
        }
        Slow => {
            let more = format!("{added}\ndelay_seconds = 60");
            let demo = Of::new("oiosaml3", "OIOSAML3").with(&more).start().await;
            let mut browser = Browser::new();
            let page = to_idp(&demo, &mut browser, "portal").await;
            let page = browser.choose(&page, "person", "to").await.unwrap();
            assert_eq!(went(&page), Went::Page("Vent lidt".to_owned()));
            let refresh = page.headers["refresh"].to_str().unwrap();
            let again = refresh.split_once("url=").unwrap().1.to_owned();
            demo.move_clock(Duration::seconds(50));
            let page = browser.get(&again).await.unwrap();
            assert_eq!(went(&page), Went::Page("Vent lidt".to_owned()));
            demo.move_clock(Duration::seconds(61));
            let page = browser.get(&again).await.unwrap();
            let seen = finish(&demo, &mut browser, page, "").await;
            seen.is(&level("Substantial"));
            judged(one, &seen);
            let page = browser.get(&again).await.unwrap();
            assert!(
                matches!(went(&page), Went::Page(_)),
                "an answer is sent once"
            );
        }
        ClockAhead | ClockBehind => {
            let seen = Of::new("oiosaml3", "OIOSAML3")
                .with(&added)
                .login("portal", "to")
                .await;
            assert!(!matches!(seen.went, Went::In(_)));
            judged(one, &seen);
            // Within the skew that is allowed nobody notices.
            let little = format!("{added}\nskew_seconds = 120");
            let of = Of::new("oiosaml3", "OIOSAML3").with(&little);
            of.login("portal", "to").await.is(&level("Substantial"));
        }
        Unsigned | WrongKey => {
            let plain = format!("{added}\nwithout = [\"encrypts-assertion\"]");
            let of = Of::new("oiosaml3", "OIOSAML3").with(&plain);
            let seen = of.login("portal", "to").await;
            assert!(matches!(seen.went, Went::Page(_)), "{:?}", seen.went);
            judged(one, &seen);
            // To the outside whatever is encrypted fails in one way; a tester sees the row.
            let of = Of::new("oiosaml3", "OIOSAML3").with(&added);
            let seen = of.login("portal", "to").await;
            assert!(matches!(seen.went, Went::Page(_)), "{:?}", seen.went);
            assert_eq!(seen.failed(), [Check::AssertionSignature.info().id]);
            assert_eq!(seen.flow["verdict"]["check"], Check::Decryption.info().id);
            // Safewhere signs the Response: with another key it is that signature which does not fit.
            let seen = Of::new("safewhere", "OIOSAML3")
                .with(&added)
                .login("portal", "to")
                .await;
            let check = match one {
                WrongKey => Check::ResponseSignature,
                _ => Check::AssertionSignature,
            };
            assert_eq!(seen.flow["verdict"]["check"], check.info().id);
            // A refusal that nobody signed ends the login all the same; one with a wrong signature is nobody's.
            let of = Of::new("os2faktor", "OIOSAML3").with(&added);
            let seen = of.login("portal?niveau=High", "to").await;
            match one {
                Unsigned => {
                    seen.is(&status("-"));
                    assert_eq!(seen.outcome(Check::ResponseSignature), Some("warn"));
                }
                _ => assert!(matches!(seen.went, Went::Page(_)), "{:?}", seen.went),
            }
        }
        ExpiredCertificate => expired(one, &added).await,
        OtherCvr => {
            let seen = Of::new("oiosaml3", "OIOSAML3")
                .with(&added)
                .login("portal", "to")
                .await;
            assert!(seen.said().contains("O=99999999"));
            assert!(!matches!(seen.went, Went::In(_)), "{:?}", seen.went);
            judged(one, &seen);
        }
    }
}

/// AD FS looks at midnight: a hub that changes its key at six is not understood until the next one.
async fn daily() {
    const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);
    let demo = Of::new("adfs", "OIOSAML2_ADFS_MULTIPLEAUTHN").start().await;
    let wanted = Wanted {
        window: Some(SIX),
        speed: Some(0),
        ..Wanted::of(Strategy::HardSwap)
    };
    demo.app
        .player
        .start(&wanted, demo.app.clock.real())
        .unwrap();
    for (hours, understood) in [(-1, true), (3, false), (17, false), (19, true)] {
        let to = SIX + Duration::hours(hours);
        demo.app.player.jump(to, demo.app.clock.real()).unwrap();
        let page = to_idp(&demo, &mut Browser::new(), "sag").await;
        let asks = page.forms().iter().any(|form| !form.choices.is_empty());
        assert_eq!(asks, understood, "{hours} hours after six: {}", page.body);
    }
}

/// The hub trusts the key that is registered, whatever the dates of its certificate, and so the login succeeds;
/// whoever registers the same metadata by hand is warned.
async fn expired(one: Trait, added: &str) {
    use vejviser::dsig::Certificate;
    let demo = Of::new("oiosaml3", "OIOSAML3").with(added).start().await;
    let metadata = demo.url("idp", "/metadata");
    let metadata = Browser::new().get(&metadata).await.unwrap().body;
    let text = metadata.split("X509Certificate>").nth(1).unwrap();
    let text: String = text.split('<').next().unwrap().split_whitespace().collect();
    let certificate = Certificate::from_base64(&text).unwrap();
    warned(&metadata);
    assert!(certificate.not_after() < demo.app.clock.now());
    let seen = log_in(&demo, &mut Browser::new(), "portal", "to").await;
    seen.is(&level("Substantial"));
    judged(one, &seen);
}

/// What `vejviser check` says of an IdP's metadata.
fn warned(metadata: &str) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("persona-expired");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("idp.xml"), metadata).unwrap();
    let id = metadata.split("entityID=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap();
    let federation = format!(
        r#"
[[identity_provider]]
name = "idp"
id = "{id}"
presentation_name = "Prøvekøbing"
oiosaml_profile = "OIOSAML3"
assurance_level = 3
user_contexts = ["11111111"]
saml_metadata = "idp.xml"
"#
    );
    let now = vejviser::edge::world::Clock::default().now();
    let problems = vejviser::config::check(&folder.join("federation.toml"), &federation, now);
    let ids: Vec<&str> = problems.list.iter().map(|problem| problem.id).collect();
    assert!(ids.contains(&"key::expired"), "{ids:?}");
}

/// The page of an IdP says what it does, where that was read, and which check it trips.
#[tokio::test]
async fn an_idp_tells_on_its_page_what_it_does() {
    let of = Of::new("adfs", "OIOSAML2_ADFS_MULTIPLEAUTHN");
    let of = of.with("traits = [\"other-cvr\"]");
    let demo = of.start().await;
    for (query, what) in [
        ("", "Taler for en organisation"),
        ("?lang=en", "Speaks for an organisation"),
    ] {
        let page = Browser::new()
            .get(&demo.url("idp", &format!("/{query}")))
            .await
            .unwrap();
        for part in [
            what,
            "other-cvr",
            "IDP-R-031",
            "php-saml issue 62",
            "metadata-daily",
        ] {
            assert!(page.body.contains(part), "{part}: {}", page.body);
        }
        assert!(!page.body.contains("scoping-refused"));
    }
}

/// The program itself refuses a federation whose personas contradict themselves, and says where.
#[test]
fn the_demo_refuses_a_persona_that_contradicts_itself() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("persona-config");
    std::fs::create_dir_all(&folder).unwrap();
    let sample = vejviser::config::SAMPLE;
    let wrong = "kind = \"adfs\"\ntraits = [\"returns-lower\", \"returns-higher\"]";
    let text = sample.replacen("kind = \"adfs\"", wrong, 1);
    std::fs::write(folder.join("federation.toml"), &text).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_vejviser"))
        .args(["demo", "--config", "federation.toml"])
        .args(["--listen", "127.0.0.1:0", "--manage", "127.0.0.1:0"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let line = text
        .lines()
        .position(|line| line.starts_with("traits"))
        .unwrap()
        + 1;
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("config::persona"), "{told}");
    assert!(told.contains(&format!("federation.toml:{line}")), "{told}");
}

async fn show_all(which: impl Fn(usize, Trait) -> bool) {
    let mut broken = Vec::new();
    let here = tokio::task::LocalSet::new();
    for (at, one) in Trait::ALL.iter().copied().enumerate() {
        // A task of its own, so that one that fails does not hide the others.
        if which(at, one) && here.run_until(here.spawn_local(show(one))).await.is_err() {
            broken.push(one.id());
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}

fn is_vendors(one: Trait) -> bool {
    one.about().nature == Nature::Vendor
}

#[tokio::test]
async fn what_vendors_do_is_seen_on_the_wire() {
    show_all(|at, one| is_vendors(one) && at % 2 == 0).await;
}

#[tokio::test]
async fn what_vendors_do_is_seen_on_the_wire_the_other_half() {
    show_all(|at, one| is_vendors(one) && at % 2 == 1).await;
}

#[tokio::test]
async fn what_no_idp_should_do_trips_the_check_that_the_list_names() {
    show_all(|_, one| !is_vendors(one)).await;
}
