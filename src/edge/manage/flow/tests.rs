use super::page::FlowPage;
use super::*;
use crate::edge::app::Mode;
use crate::edge::journal::{Flow, Note, Visit};
use crate::edge::manage::{Access, router};
use crate::edge::page::Language;
use crate::edge::testing::{app, body, send};
use crate::hub::acs::Outcome;
use crate::hub::trace::{Direction, Finding, Leg, Told};
use crate::hub::{Check, Decision, Exchange, Refusal, Row, RowOutcome, Source, Trace};
use crate::saml::Binding;
use crate::saml::paste::{self, Input};
use askama::Template;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use std::collections::BTreeSet;
use std::path::Path;
use time::OffsetDateTime;

const MARKUP: &str = "'\"></title></textarea></pre></details><script>window.hostile=1</script>\
    <img src=x onerror=alert(2)>&lt;{{7*7}}\u{202E}\u{0}javascript:alert(1)";

const BOTH: [Language; 2] = [Language::Danish, Language::English];

fn exchange(xml: &str, leg: Leg, direction: Direction) -> Exchange {
    Exchange {
        at: OffsetDateTime::UNIX_EPOCH,
        leg,
        direction,
        kind: "Response".to_owned(),
        binding: Binding::Post,
        peer: None,
        xml: xml.to_owned(),
        decrypted: None,
        relay_state: None,
        query: None,
        checks: Vec::new(),
    }
}

fn row(check: Check, outcome: RowOutcome, text: &str) -> Row {
    Row {
        check,
        outcome,
        found: text.to_owned().into(),
        expected: text.to_owned().into(),
    }
}

fn every_row(text: &str) -> Vec<Row> {
    let outcomes = [RowOutcome::Fail, RowOutcome::Warn, RowOutcome::Pass];
    let rows = Check::ALL.iter().zip(outcomes.into_iter().cycle());
    rows.map(|(check, outcome)| row(*check, outcome, text))
        .collect()
}

/// A flow that was refused for what is wrong with one message.
fn refused(app: &App, exchange: Exchange, check: Check) -> Flow {
    let trace = Trace {
        exchanges: vec![exchange],
        ..Trace::default()
    };
    let note = Note {
        trace,
        ended: Some(Outcome::Refused(Refusal::of(check))),
        ..Note::default()
    };
    noted(app, note)
}

fn noted(app: &App, note: Note) -> Flow {
    let id = app.new_flow();
    app.journal.note(&id, note);
    app.journal.get(&id).unwrap()
}

fn rendered(app: &App, flow: &Flow, language: Language) -> String {
    let federation = &app.registry.now().federation;
    FlowPage::of(federation, flow, language).render().unwrap()
}

/// Everything that somebody else writes, in every place that a flow has.
fn hostile(text: &str) -> Note {
    let own = || text.to_owned();
    let mut first = exchange(text, Leg::System, Direction::In);
    first.kind = own();
    first.peer = Some(own());
    first.relay_state = Some(own());
    first.query = Some(own());
    first.decrypted = Some(own());
    first.checks = every_row(text);
    let wrapped = format!("<Response><A b='{text}'>{text}</A><!-- {text} --></Response>");
    let mut second = exchange(&wrapped, Leg::IdentityProvider, Direction::In);
    second.decrypted = Some(format!("<Assertion><Subject>{text}</Subject></Assertion>"));
    second.checks = every_row(text);
    let told = |by| Told {
        at: OffsetDateTime::UNIX_EPOCH,
        by,
        findings: vec![Finding {
            id: own(),
            found: own(),
            expected: own(),
        }],
    };
    Note {
        trace: Trace {
            exchanges: vec![first, second],
            decisions: vec![Decision {
                rule: own().into(),
                input: own(),
                result: own(),
                source: Source::Setting,
            }],
            ..Trace::default()
        },
        system: Some(own()),
        idp: Some(own()),
        visit: Some(Visit {
            at: OffsetDateTime::UNIX_EPOCH,
            method: own(),
            path: own(),
            headers: vec![(own(), own())],
            cookies: vec![own()],
            status: 200,
            set_cookies: vec![own()],
            location: Some(own()),
        }),
        told: Some(told(Leg::System)),
        ended: Some(Outcome::Refused(Refusal::of(Check::ResponseSignature))),
        ..Note::default()
    }
}

/// Every tag of a page is one that our templates make, with nothing in it that acts.
fn harmless(page: &str, what: &str) {
    const TAGS: &str = "a body br button circle code dd desc details div dl dt footer form g h1 h2 h3 h4 head \
        header html input label li line link main meta nav ol option p polygon pre rect script section select \
        span strong summary svg table tbody td text th thead title tr tspan ul";
    const ATTRIBUTES: &str = "action aria-hidden aria-label aria-labelledby autocomplete charset class content cx \
        cy data-copy data-cut data-go data-n data-one data-pause data-rule data-some data-status data-text \
        data-waiting defer focusable for height hidden href hreflang id lang maxlength method name open points r \
        rel role rx scope selected checked spellcheck src tabindex text-anchor type value viewBox width x x1 x2 y \
        y1 y2";
    let tags: BTreeSet<&str> = TAGS.split_whitespace().collect();
    let attributes: BTreeSet<&str> = ATTRIBUTES.split_whitespace().collect();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').expect("a tag ends") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        let tag = tag.trim_end_matches('/');
        if tag.eq_ignore_ascii_case("!doctype html") {
            continue;
        }
        let (name, mut inside) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        let name = name.trim_start_matches('/');
        assert!(tags.contains(name), "{what}: <{tag}>");
        while !inside.trim().is_empty() {
            let begins = inside.trim_start();
            let length = begins.find(['=', ' ', '\n']).unwrap_or(begins.len());
            let (attribute, after) = begins.split_at(length);
            assert!(
                attributes.contains(attribute),
                "{what}: {attribute} in <{tag}>"
            );
            inside = after;
            if let Some(quoted) = after.strip_prefix("=\"") {
                let (value, after) = quoted.split_once('"').expect("a value ends");
                inside = after;
                let leads = matches!(attribute, "href" | "src" | "action");
                let own = value.is_empty() || value.starts_with(['/', '#', '?']);
                assert!(!leads || own, "{what}: {attribute}={value}");
            }
        }
    }
    assert!(
        !page.contains('\u{202E}') && !page.contains('\u{0}'),
        "{what}"
    );
}

/// The ids of a page are there once, and what links to one finds it.
fn linked(page: &str, what: &str) {
    let values = |before: &str| -> Vec<String> {
        let parts = page.split(before).skip(1);
        parts
            .filter_map(|part| part.split('"').next().map(str::to_owned))
            .collect()
    };
    let ids = values(" id=\"");
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "{what}: an id stands twice");
    for link in values(" href=\"#") {
        assert!(unique.contains(&link), "{what}: nothing is called {link}");
    }
}

#[test]
fn hostile_text_is_text_wherever_it_stands() {
    let app = app(Mode::Demo);
    for text in [
        MARKUP,
        "",
        "\u{0}\u{1F}\u{85}\u{2028}",
        "{{ t.flow }}{% raw %}",
    ] {
        let flow = noted(&app, hostile(text));
        for language in BOTH {
            let page = rendered(&app, &flow, language);
            harmless(&page, text);
            linked(&page, text);
        }
    }
}

/// The files of `fixtures/attacks`: what follows the first blank line is the message.
#[test]
fn every_attack_is_shown_as_text() {
    let app = app(Mode::Demo);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/attacks");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "case") {
            continue;
        }
        let file = std::fs::read(&path).unwrap();
        let end = file.windows(2).position(|two| two == b"\n\n").unwrap();
        let (header, message) = (String::from_utf8_lossy(&file[..end]), &file[end + 2..]);
        let input = match header.lines().find_map(|line| line.strip_prefix("input: ")) {
            Some("form") => Input::Form,
            Some("url") => Input::Url,
            _ => Input::Xml,
        };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let pasted = paste::read(message, input).ok();
        let xml = pasted.as_ref().map_or(message, |pasted| &pasted.xml);
        let xml = String::from_utf8_lossy(xml);
        let mut exchange = exchange(&xml, Leg::IdentityProvider, Direction::In);
        let rows = every_row(&xml[..xml.floor_char_boundary(200)]);
        exchange.checks = rows.into_iter().step_by(8).collect();
        exchange.relay_state = pasted.and_then(|pasted| pasted.relay_state);
        if input == Input::Url {
            exchange.query = Some(String::from_utf8_lossy(message).into_owned());
        }
        let flow = refused(&app, exchange, Check::ResponseSignature);
        let page = rendered(&app, &flow, Language::Danish);
        harmless(&page, &name);
        linked(&page, &name);
        count += 1;
    }
    assert!(count > 100, "{count} attacks");
}

#[test]
fn the_drawing_and_the_list_have_the_same_steps() {
    let app = app(Mode::Demo);
    let flow = noted(&app, hostile("text"));
    for language in BOTH {
        let page = rendered(&app, &flow, language);
        let (drawing, after) = page.split_once("</svg>").unwrap();
        let (list, _) = after.split_once("</ol>").unwrap();
        let labels = |text: &str, tag: &str| -> Vec<String> {
            let begins = format!("<{tag} class=\"label\">");
            let parts = text.split(&begins).skip(1);
            parts
                .map(|part| part.split_once('<').unwrap().0.to_owned())
                .collect()
        };
        let drawn = labels(drawing, "tspan");
        assert_eq!(drawn, labels(list, "span"));
        assert_eq!(
            drawn.len(),
            4,
            "two messages, a page, and what a party said"
        );
    }
}

#[test]
fn checks_lead_to_their_lines_and_lines_back() {
    let app = app(Mode::Demo);
    let mut exchange = exchange(
        "<Response Destination='x'><Issuer>i</Issuer></Response>",
        Leg::IdentityProvider,
        Direction::In,
    );
    exchange.checks = vec![
        row(Check::ResponseDestination, RowOutcome::Fail, "x"),
        row(Check::ResponseIssuer, RowOutcome::Pass, "i"),
        row(Check::ResponseBrowser, RowOutcome::Pass, ""),
    ];
    let flow = refused(&app, exchange, Check::ResponseDestination);
    let page = rendered(&app, &flow, Language::English);
    for part in [
        "<a class=\"link\" href=\"#m1-IDP-R-012\">Message 1, check IDP-R-012</a>",
        "<a class=\"link\" href=\"#m1-l1\">Line 1</a>",
        "<a class=\"link\" href=\"#m1-l2\">Line 2</a>",
        "href=\"#m1-IDP-R-012\">✗ IDP-R-012</a>",
        "id=\"m1-l1\"",
        "<code id=\"check\">IDP-R-012</code>",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(
        !page.contains("href=\"#m1-IDP-R-005\""),
        "only what is wrong is marked"
    );
}

async fn get(site: &axum::Router, uri: &str) -> axum::http::Response<Body> {
    let request = Request::get(uri).header("host", "127.0.0.1:7879");
    send(site, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_list_is_narrowed_and_says_what_it_does_not_understand() {
    let app = app(Mode::Demo);
    let site = router(app.clone(), Access::open());
    let refused = noted(&app, hostile("https://system.example"));
    let open = noted(&app, Note::default());
    let page = body(get(&site, "/forloeb?outcome=refused&system=").await).await;
    assert!(page.contains(refused.id.as_str()) && !page.contains(open.id.as_str()));
    assert!(page.contains("<option value=\"refused\" selected>"));
    harmless(&page, "the list");
    let response = get(&site, "/forloeb?outcome=lost").await;
    assert_eq!(response.status(), 400);
    let policy = response.headers()[CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap();
    assert!(policy.contains("connect-src 'self'"), "{policy}");
    let page = body(response).await;
    assert!(
        page.contains("Adressen kan ikke bruges") && page.contains("outcome"),
        "{page}"
    );
    let page = body(get(&site, "/forloeb?limit=1&lang=en").await).await;
    assert!(page.contains(open.id.as_str()) && !page.contains(refused.id.as_str()));
    let next = page.split("href=\"/forloeb?limit=1&#38;before=").nth(1);
    let next = next
        .and_then(|rest| rest.split('"').next())
        .expect("a next page");
    let page = body(get(&site, &format!("/forloeb?limit=1&before={next}")).await).await;
    assert!(page.contains(refused.id.as_str()) && !page.contains(open.id.as_str()));
    let page = body(get(&site, "/forloeb?actor=hub").await).await;
    assert!(page.contains(Text::of(Language::Danish).nothing_fits));
}

#[tokio::test]
async fn flows_are_deleted_by_a_form_of_our_own_page() {
    let app = app(Mode::Demo);
    let site = router(app.clone(), Access::open());
    let [flow, other] = [(), ()].map(|()| noted(&app, Note::default()));
    let post = |uri: &str, site: &str| {
        let request = Request::post(uri).header("host", "127.0.0.1:7879");
        request
            .header("sec-fetch-site", site)
            .body(Body::empty())
            .unwrap()
    };
    let foreign = send(&site, post("/forloeb/slet", "cross-site")).await;
    assert_eq!(
        (foreign.status().as_u16(), app.journal.list().len()),
        (403, 2)
    );
    let one = format!("/forloeb/{}/slet", other.id);
    for (again, status) in [(false, 303), (true, 404)] {
        let gone = send(&site, post(&one, "same-origin")).await;
        assert_eq!(gone.status(), status, "again: {again}");
    }
    assert!(app.journal.get(&other.id).is_none() && app.journal.get(&flow.id).is_some());
    let gone = send(&site, post("/forloeb/slet", "same-origin")).await;
    assert_eq!(gone.headers()[LOCATION], "/forloeb?slettet=1");
    assert!(app.journal.get(&flow.id).is_none());
    let page = body(get(&site, "/forloeb?slettet=1").await).await;
    assert!(page.contains(Text::of(Language::Danish).forgotten));
}
