//! Where nothing is ever fetched from.

use super::*;

#[tokio::test]
async fn http_stays_on_this_machine() {
    for url in [
        "http://idp.example/",
        "http://localhost.example/",
        "http://10.0.0.1/",
        "http://[fd00::1]/",
    ] {
        assert_eq!(got(settings(), url).await, Err(Cause::NotHttps), "{url}");
    }
    for url in [
        "ftp://localhost/",
        "file:///etc/passwd",
        "gopher://localhost:1/x",
        "https://user@idp.example/",
        "https://:secret@idp.example/",
        "metadata.xml",
        "",
    ] {
        let answer = got(settings(), url).await;
        assert!(
            matches!(answer, Err(Cause::NoAddress(_))),
            "{url}: {answer:?}"
        );
    }
}

/// Revocation lists are signed themselves, and their addresses are http.
#[tokio::test]
async fn plain_http_is_a_setting() {
    let server = Server::start(|_| ok("", "crl")).await;
    let settings = Settings {
        names: names("crl.example", "127.0.0.1"),
        plain_http: true,
        ..settings()
    };
    let list = fetched(settings, &server.url("crl.example")).await;
    assert_eq!(&list.bytes[..], b"crl");
}

#[tokio::test]
async fn names_below_localhost_are_this_machine() {
    let server = Server::start(|_| ok("", "x")).await;
    // Whatever is said of them elsewhere.
    let settings = Settings {
        names: names("idp.localhost", "192.0.2.1"),
        ..settings()
    };
    for host in ["localhost", "idp.localhost", "a.b.LOCALHOST", "127.0.0.1"] {
        fetched(settings.clone(), &server.url(host)).await;
    }
}

/// By every way to write its address, by a name, and by redirect: nothing is sent to it.
#[tokio::test]
async fn the_management_listener_is_never_reached() {
    let manage = Server::start(|_| ok("", "secret")).await;
    let (port, address) = (manage.port, manage.address());
    let settings = Settings {
        forbidden: vec![address],
        plain_http: true,
        names: names("evil.example", "127.0.0.1"),
        ..settings()
    };
    let redirecting = Server::start(move |_| {
        format!("HTTP/1.1 302 X\r\nlocation: http://evil.example:{port}/\r\n\r\n")
    })
    .await;
    for url in [
        manage.url("localhost"),
        manage.url("manage.localhost"),
        manage.url("127.0.0.1"),
        manage.url("127.1"),
        manage.url("2130706433"),
        manage.url("0x7f.0.0.1"),
        manage.url("0177.0.0.1"),
        manage.url("127.0.0.2"),
        manage.url("[::1]"),
        manage.url("[::ffff:127.0.0.1]"),
        manage.url("[::7f00:1]"),
        manage.url("[64:ff9b::7f00:1]"),
        manage.url("evil.example"),
        redirecting.url("localhost"),
    ] {
        let answer = got(settings.clone(), &url).await;
        let Err(Cause::Forbidden { guarded, .. }) = answer else {
            panic!("{url}: {answer:?}");
        };
        assert_eq!(guarded, Guarded::Management, "{url}");
    }
    assert!(manage.asked().is_empty());
    // It is the listener that is forbidden, not this machine.
    let other = Server::start(|_| ok("", "x")).await;
    fetched(settings, &other.url("localhost")).await;
}

#[test]
fn a_listener_at_every_address_is_met_at_each() {
    let at = |address: &str| address.parse::<SocketAddr>().unwrap();
    let manage = [at("0.0.0.0:7879"), at("[::]:7880")];
    for own in [
        "127.0.0.1:7879",
        "[::1]:7880",
        "127.0.0.1:7880",
        "0.0.0.0:7879",
    ] {
        let guarded = target::guarded(at(own), &manage);
        assert_eq!(guarded, Some(Guarded::Management), "{own}");
    }
    assert_eq!(target::guarded(at("192.0.2.1:7879"), &manage), None);
    assert_eq!(target::guarded(at("127.0.0.1:443"), &manage), None);
}

/// If a name has one good address and one bad, it is a bad name.
#[tokio::test]
async fn one_guarded_address_is_enough() {
    let server = Server::start(|_| ok("", "x")).await;
    let ips = vec![[127, 0, 0, 1].into(), [169, 254, 169, 254].into()];
    let settings = Settings {
        names: BTreeMap::from([("two.example".to_owned(), ips)]),
        plain_http: true,
        ..settings()
    };
    let answer = got(settings, &server.url("two.example")).await;
    let address = SocketAddr::from(([169, 254, 169, 254], server.port));
    let guarded = Guarded::LinkLocal;
    assert_eq!(answer, Err(Cause::Forbidden { address, guarded }));
    assert!(server.asked().is_empty());
}

#[test]
fn some_addresses_are_nobodys_identity_provider() {
    let guarded = |ip: &str| target::guarded(SocketAddr::new(ip.parse().unwrap(), 443), &[]);
    for (ip, wanted) in [
        ("169.254.169.254", Guarded::LinkLocal),
        ("169.254.0.1", Guarded::LinkLocal),
        ("fe80::1", Guarded::LinkLocal),
        ("febf::1", Guarded::LinkLocal),
        ("::ffff:169.254.169.254", Guarded::LinkLocal),
        ("64:ff9b::a9fe:a9fe", Guarded::LinkLocal),
        ("2002:a9fe:a9fe::1", Guarded::LinkLocal),
        ("0.0.0.0", Guarded::Unspecified),
        ("0.1.2.3", Guarded::Unspecified),
        ("::", Guarded::Unspecified),
        ("224.0.0.1", Guarded::Multicast),
        ("255.255.255.255", Guarded::Multicast),
        ("ff02::1", Guarded::Multicast),
        ("168.63.129.16", Guarded::Cloud),
        ("fd00:ec2::254", Guarded::Cloud),
    ] {
        assert_eq!(guarded(ip), Some(wanted), "{ip}");
    }
    // Where municipalities' identity providers live.
    for ip in [
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "fd12::1",
        "127.0.0.1",
        "::1",
        "8.8.8.8",
        "2001:db8::1",
    ] {
        assert_eq!(guarded(ip), None, "{ip}");
    }
}

#[tokio::test]
async fn a_name_that_is_nowhere_and_a_port_where_nobody_is() {
    let settings = Settings {
        names: BTreeMap::from([("none.example".to_owned(), Vec::new())]),
        ..settings()
    };
    let answer = got(settings.clone(), "https://none.example/").await;
    assert_eq!(answer, Err(Cause::NameNotFound("none.example".to_owned())));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let answer = got(settings, &format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(answer, Err(Cause::Refused));
}

#[test]
fn every_cause_is_told_in_both_languages() {
    let certificate = |fault| Cause::Certificate {
        subject: "CN=idp".to_owned(),
        issuer: "CN=ca".to_owned(),
        fault,
    };
    let forbidden = |guarded| Cause::Forbidden {
        address: "169.254.1.1:80".parse().unwrap(),
        guarded,
    };
    let said = || "x".to_owned();
    let all = [
        Cause::NoAddress(said()),
        Cause::NotHttps,
        Cause::NameNotFound(said()),
        forbidden(Guarded::Management),
        forbidden(Guarded::LinkLocal),
        forbidden(Guarded::Unspecified),
        forbidden(Guarded::Multicast),
        forbidden(Guarded::Cloud),
        Cause::Refused,
        Cause::Unreachable(said()),
        Cause::Timeout(Duration::from_secs(10)),
        certificate(CertificateFault::Untrusted),
        certificate(CertificateFault::Expired),
        certificate(CertificateFault::NotYet),
        certificate(CertificateFault::WrongName),
        certificate(CertificateFault::Other(said())),
        Cause::NoRoots,
        Cause::Tls(said()),
        Cause::Status(403),
        Cause::Status(404),
        Cause::Status(503),
        Cause::Status(302),
        Cause::BadRedirect,
        Cause::TooManyRedirects(3),
        Cause::Downgrade(said()),
        Cause::TooLarge(9),
        Cause::Encoded(said()),
        Cause::Broken(said()),
        Cause::Html,
    ];
    let mut told = std::collections::BTreeSet::new();
    for cause in all {
        let url = "https://idp.example/metadata".to_owned();
        let error = FetchError { url, cause };
        for words in [error.da(), error.en()] {
            assert!(
                words.starts_with("https://idp.example/metadata "),
                "{words}"
            );
            assert!(words.ends_with('.') && words.len() > 60, "{words}");
            assert!(told.insert(words.clone()), "twice: {words}");
        }
        assert_eq!(error.to_string(), error.en());
    }
}
