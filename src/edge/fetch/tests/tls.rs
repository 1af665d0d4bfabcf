//! Who is trusted, and what is said of who is not.

use super::*;
use crate::edge::server::Clients;

/// A server with a certificate that was made so many days from now, for localhost; and the certificate.
async fn server(days: i64) -> (Server, Vec<u8>) {
    let made = Clock::default().now() + Days::days(days);
    let hosts = ["hub.localhost", "testrup.localhost"];
    let (acceptor, pem) = self_signed(&hosts, made, Clients::Anonymous).unwrap();
    let server = Server::listening(Some(acceptor), |_| ok("", "<md/>")).await;
    (server, pem)
}

fn with(pem: Vec<u8>) -> Settings {
    Settings {
        roots: Some(pem),
        ..settings()
    }
}

fn https(server: &Server, host: &str) -> String {
    format!("https://{host}:{}/", server.port)
}

#[tokio::test]
async fn a_given_certificate_is_trusted() {
    let (server, pem) = server(0).await;
    for host in ["hub.localhost", "testrup.localhost", "127.0.0.1"] {
        let fetched = fetched(with(pem.clone()), &https(&server, host)).await;
        assert_eq!(&fetched.bytes[..], b"<md/>", "{host}");
    }
}

/// What is wrong with the certificate that `url` shows.
async fn fault(settings: Settings, url: &str) -> CertificateFault {
    let error = fetcher(settings).get(url, 9, &Known::default()).await;
    let error = error.expect_err("not trusted");
    let by = "Vejviser self-signed";
    assert!(
        error.da().contains(by) && error.en().contains(by),
        "{error}"
    );
    match error.cause {
        Cause::Certificate { fault, issuer, .. } => {
            assert!(issuer.contains(by), "{issuer}");
            fault
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_is_not_trusted_is_named_with_the_issuer() {
    let (server, pem) = server(0).await;
    let (_, other) = self_signed(
        &["hub.localhost"],
        Clock::default().now(),
        Clients::Anonymous,
    )
    .unwrap();
    let url = https(&server, "localhost");
    let found = fault(with(other), &url).await;
    // The other one has the same name, but not the key.
    assert!(
        matches!(
            found,
            CertificateFault::Untrusted | CertificateFault::Other(_)
        ),
        "{found:?}"
    );
    let elsewhere = Settings {
        names: names("idp.example", "127.0.0.1"),
        ..with(pem)
    };
    let found = fault(elsewhere, &https(&server, "idp.example")).await;
    assert_eq!(found, CertificateFault::WrongName);
    assert!(server.asked().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn a_certificate_has_its_time() {
    for (days, wanted) in [
        (-500, CertificateFault::Expired),
        (10, CertificateFault::NotYet),
    ] {
        let (server, pem) = server(days).await;
        let found = fault(with(pem), &https(&server, "localhost")).await;
        assert_eq!(found, wanted);
    }
}

#[tokio::test]
async fn without_roots_nobody_is_trusted() {
    let (server, _) = server(0).await;
    let answer = got(settings(), &https(&server, "localhost")).await;
    assert_eq!(answer, Err(Cause::NoRoots));
}

#[tokio::test]
async fn who_speaks_no_tls_is_told_so() {
    let (_, pem) = server(0).await;
    // Only an answer that is no TLS ends it; a server that waits for more would time out.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        std::future::pending::<()>().await;
    });
    let answer = got(with(pem), &format!("https://localhost:{port}/")).await;
    assert!(matches!(answer, Err(Cause::Tls(_))), "{answer:?}");
}

#[test]
fn a_file_of_roots_has_some() {
    let settings = with(b"no certificate".to_vec());
    assert_eq!(Fetcher::new(settings).err(), Some(NoCertificate));
    assert!(Fetcher::new(Settings::default()).is_ok());
}
