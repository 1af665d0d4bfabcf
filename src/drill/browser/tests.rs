use super::*;
use crate::drill::CookieRules;
use std::sync::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A server that answers each request by its first line, and keeps what it was asked.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `answer` gets `POST /path` and gives head and body.
    async fn start(answer: impl Fn(&str) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = vec![0; 64 * 1024];
                let length = stream.read(&mut bytes).await.unwrap_or(0);
                let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
                let line = text.split(" HTTP/").next().unwrap_or_default().to_owned();
                log.lock().unwrap().push(text);
                let answer = answer(&line);
                if answer.is_empty() {
                    std::future::pending::<()>().await;
                }
                stream.write_all(answer.as_bytes()).await.ok();
            }
        });
        Self { port, asked }
    }

    fn at(&self, host: &str, path: &str) -> String {
        format!("http://{host}.localhost:{}{path}", self.port)
    }

    /// A header of the last request.
    fn last(&self, name: &str) -> Option<String> {
        let asked = self.asked.lock().unwrap();
        let lines = asked.last()?.lines().map(str::to_ascii_lowercase);
        let found =
            lines.filter_map(|line| Some(line.strip_prefix(name)?.strip_prefix(": ")?.to_owned()));
        found.into_iter().next()
    }
}

fn page(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n{body}")
}

fn to(status: u16, location: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

fn ports(text: &str, port: u16) -> String {
    text.replace("PORT", &port.to_string())
}

/// The system at sp.localhost sets a cookie; the hub's site sends the user back by post, link, or post and 303.
async fn comes_back(attributes: &'static str, by: &str, waits: i64, rules: CookieRules) -> bool {
    let server = Server::start(move |line| match line {
        "GET /set" => format!("HTTP/1.1 200 OK\r\nSet-Cookie: s=1; {attributes}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        "POST /303" => to(303, "/home"),
        _ => page("hjem"),
    })
    .await;
    let mut browser = Browser::new().with_cookie_rules(rules);
    browser.get(&server.at("sp", "/set")).await.unwrap();
    browser.pass(time::Duration::seconds(waits));
    let hub = browser.get(&server.at("hub", "/")).await.unwrap();
    let form = |path| Form {
        action: server.at("sp", path),
        post: true,
        ..Form::default()
    };
    match by {
        "post" => browser.submit(&hub, &form("/acs"), None).await.unwrap(),
        "303" => browser.submit(&hub, &form("/303"), None).await.unwrap(),
        _ => browser
            .follow(&hub, &server.at("sp", "/home"))
            .await
            .unwrap(),
    };
    server.last("cookie").is_some()
}

#[tokio::test]
async fn cookies_come_back_as_measured_in_chromium() {
    for (attributes, post, link, see_other, later) in [
        ("SameSite=None; Secure", true, true, true, true),
        ("SameSite=Lax", false, true, true, false),
        ("SameSite=Strict", false, false, false, false),
        ("Path=/", true, true, true, false),
        ("SameSite=None", false, false, false, false),
    ] {
        let rules = CookieRules::Enforced;
        for (by, waits, expected) in [
            ("post", 0, post),
            ("link", 0, link),
            ("303", 0, see_other),
            ("post", 130, later),
        ] {
            let came = comes_back(attributes, by, waits, rules).await;
            assert_eq!(came, expected, "{attributes} {by} {waits}");
        }
    }
    assert!(comes_back("SameSite=Lax", "post", 0, CookieRules::Relaxed).await);
}

#[tokio::test]
async fn redirects_keep_or_drop_the_body_as_browsers_do() {
    let server = Server::start(|line| match line.split_once(" /") {
        Some(("POST", status)) if status.parse::<u16>().is_ok() => {
            to(status.parse().unwrap(), "/end")
        }
        _ => page("slut"),
    })
    .await;
    for (status, method) in [
        (301, "GET"),
        (302, "GET"),
        (303, "GET"),
        (307, "POST"),
        (308, "POST"),
    ] {
        let mut browser = Browser::new();
        let start = browser.get(&server.at("a", "/")).await.unwrap();
        let form = Form {
            action: format!("/{status}"),
            post: true,
            fields: vec![("a".to_owned(), "1".to_owned())],
            ..Form::default()
        };
        browser.submit(&start, &form, None).await.unwrap();
        let [_, redirect, last] = browser.hops() else {
            panic!("{status}")
        };
        assert_eq!(redirect.location.as_deref(), Some("/end"));
        assert_eq!(last.method.as_str(), method, "{status}");
        assert_eq!(last.body.is_some(), method == "POST", "{status}");
    }
}

#[tokio::test]
async fn stops_before_what_a_test_wants_to_hold() {
    let server = Server::start(|line| match line {
        "GET /form" => page(
            "<form method=post action=/acs><input type=hidden name=SAMLResponse value=x></form>",
        ),
        "GET /302" => to(302, "/acs?SAMLResponse=x"),
        _ => page("inde"),
    })
    .await;
    let mut browser = Browser::new().stopping_before(&server.at("sp", "/acs"));
    let held = browser.get(&server.at("sp", "/form")).await.unwrap();
    let mut form = held.forms().remove(0);
    for value in ["x", "y"] {
        form.fields[0].1 = value.to_owned();
        let end = browser.submit(&held, &form, None).await.unwrap();
        assert_eq!(end.text(), "inde");
        assert_eq!(
            browser.hops().last().unwrap().body.as_deref(),
            Some(&*format!("SAMLResponse={value}"))
        );
    }
    let redirect = browser.get(&server.at("sp", "/302")).await.unwrap();
    assert_eq!(redirect.status, 302);
    browser.stop_before(None);
    assert_eq!(
        browser.get(&server.at("sp", "/302")).await.unwrap().text(),
        "inde"
    );
    let held = Browser::without_scripts()
        .get(&server.at("sp", "/form"))
        .await
        .unwrap();
    assert_eq!(held.forms().len(), 1);
}

#[tokio::test]
async fn pages_lead_on_as_they_say() {
    let server = Server::start(|line| match line {
        "GET /now" => page("<base href='/app/'><meta http-equiv=refresh content='0;url=slut'>"),
        "GET /later" => page("<meta http-equiv=refresh content='5;url=/app/slut'>venter"),
        "GET /again" => page("<meta http-equiv=refresh content='0;url=/again'>vent"),
        "GET /app/slut" => page("slut"),
        _ => page("forkert"),
    })
    .await;
    let mut browser = Browser::new();
    assert_eq!(
        browser.get(&server.at("a", "/now")).await.unwrap().text(),
        "slut"
    );
    assert_eq!(
        browser.get(&server.at("a", "/later")).await.unwrap().text(),
        "venter"
    );
    let again = browser.get(&server.at("a", "/again")).await.unwrap();
    assert_eq!(again.text(), "vent");
}

#[tokio::test]
async fn says_where_requests_come_from() {
    let server = Server::start(|_| page("her")).await;
    let mut browser = Browser::new();
    let a = browser.get(&server.at("a", "/")).await.unwrap();
    assert_eq!(server.last("sec-fetch-site").as_deref(), Some("none"));
    assert_eq!(
        (server.last("origin"), server.last("referer")),
        (None, None)
    );
    for (host, site) in [
        ("a", "same-origin"),
        ("x.a", "same-site"),
        ("b", "cross-site"),
    ] {
        let form = Form {
            action: server.at(host, "/p"),
            post: true,
            ..Form::default()
        };
        browser.submit(&a, &form, None).await.unwrap();
        assert_eq!(server.last("sec-fetch-site").as_deref(), Some(site));
        assert_eq!(server.last("origin"), Some(server.at("a", "")));
    }
}

#[tokio::test]
async fn failures_say_what_and_where() {
    let server = Server::start(|line| match line {
        "GET /around?SAMLRequest=secret" => to(302, "/around?SAMLRequest=secret"),
        "GET /huge" => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 99_999_999),
        "GET /silent" => String::new(),
        _ => "no http\r\n\r\n".to_owned(),
    })
    .await;
    let free = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut browser = Browser::new().with_timeout(Duration::from_millis(300));
    let (a, port) = ("http://a.localhost:PORT", server.port);
    for (url, part) in [
        (
            ports("http://a.localhost:PORT/x", free),
            "connection was refused",
        ),
        ("http://findes-ikke.invalid/".to_owned(), "not known"),
        ("mailto:a@b.dk".to_owned(), "not an http address"),
        ("no address".to_owned(), "not an http address"),
        ("https://a.localhost/?q=1".to_owned(), "root certificates"),
        (ports(&format!("{a}/huge"), port), "larger than"),
        (
            ports(&format!("{a}/around?SAMLRequest=secret"), port),
            "round in circles",
        ),
        (ports(&format!("{a}/broken"), port), "failed"),
        // The last one: the server waits with it.
        (ports(&format!("{a}/silent"), port), "within 0.3 seconds"),
    ] {
        let error = browser.get(&url).await.unwrap_err();
        let (da, en) = (error.da(), error.en());
        assert!(en.contains(part), "{url}: {en}");
        assert!(
            da != en && !da.contains("secret") && !en.contains("secret"),
            "{da}"
        );
    }
}
