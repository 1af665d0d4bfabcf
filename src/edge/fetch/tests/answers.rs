//! What servers answer.

use super::*;

#[tokio::test]
async fn content_comes_with_what_it_says_of_itself() {
    let server = Server::start(|_| {
        let headers = "etag: \"v1\"\r\nlast-modified: Sat, 21 Nov 2026 12:00:00 GMT\r\n\
                       content-type: application/samlmetadata+xml\r\n";
        ok(headers, "<md/>")
    })
    .await;
    let url = server.url("idp.localhost");
    let fetched = fetched(settings(), &url).await;
    assert_eq!(&fetched.bytes[..], b"<md/>");
    assert_eq!(fetched.etag.as_deref(), Some("\"v1\""));
    assert_eq!(
        fetched.last_modified.as_deref(),
        Some("Sat, 21 Nov 2026 12:00:00 GMT")
    );
    assert_eq!(
        fetched.content_type.as_deref(),
        Some("application/samlmetadata+xml")
    );
    assert_eq!(fetched.final_url, url);
    let request = server.asked().remove(0).to_lowercase();
    assert!(request.starts_with("get /metadata?a=b http/1.1\r\n"));
    assert!(request.contains(&format!("\r\nhost: idp.localhost:{}\r\n", server.port)));
    assert!(request.contains("\r\naccept-encoding: identity\r\n"));
    assert!(request.contains("\r\nuser-agent: vejviser/"));
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let server = Server::start(|request| {
        let same = request.contains("if-none-match: \"v1\"\r\n")
            && request.contains("if-modified-since: Sat\r\n");
        match same {
            true => "HTTP/1.1 304 Not Modified\r\n\r\n".to_owned(),
            false => ok("etag: \"v1\"\r\nlast-modified: Sat\r\n", "<md/>"),
        }
    })
    .await;
    let (fetcher, url) = (fetcher(settings()), server.url("localhost"));
    let Ok(Got::Fetched(first)) = fetcher.get(&url, 99, &Known::default()).await else {
        panic!("not fetched");
    };
    let second = fetcher.get(&url, 99, &first.known()).await;
    assert_eq!(second, Ok(Got::NotModified));
}

#[tokio::test]
async fn nothing_is_unchanged_that_is_not_known() {
    let server = Server::start(|_| "HTTP/1.1 304 Not Modified\r\n\r\n".to_owned()).await;
    let answer = got(settings(), &server.url("localhost")).await;
    assert_eq!(answer, Err(Cause::Status(304)));
}

#[tokio::test]
async fn other_answers_than_200_are_told_by_their_status() {
    for status in [204, 206, 401, 403, 404, 410, 500, 503] {
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n");
        let server = Server::start(move |_| answer.clone()).await;
        let answer = got(settings(), &server.url("localhost")).await;
        assert_eq!(answer, Err(Cause::Status(status)));
    }
}

#[tokio::test]
async fn a_fetch_ends_in_time() {
    let server = Server::start(|_| String::new()).await;
    let patience = Duration::from_millis(30);
    let impatient = Settings {
        patience,
        ..settings()
    };
    let answer = got(impatient.clone(), &server.url("localhost")).await;
    assert_eq!(answer, Err(Cause::Timeout(patience)));
    // A body that does not end is no better than none.
    let slow = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = slow.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = slow.accept().await.unwrap();
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf";
        stream.write_all(head.as_bytes()).await.unwrap();
        std::future::pending::<()>().await;
    });
    let answer = got(impatient, &format!("http://localhost:{port}/")).await;
    assert_eq!(answer, Err(Cause::Timeout(patience)));
}

#[tokio::test]
async fn no_more_is_read_than_the_limit() {
    let exact = Server::start(|_| ok("", &"x".repeat(4096))).await;
    let whole = fetched(settings(), &exact.url("localhost")).await;
    assert_eq!(whole.bytes.len(), 4096);
    let announced = Server::start(|_| ok("", &"x".repeat(4097))).await;
    let silent = Server::start(|_| format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(1 << 20))).await;
    for server in [announced, silent] {
        let answer = got(settings(), &server.url("localhost")).await;
        assert_eq!(answer, Err(Cause::TooLarge(4096)));
    }
}

#[tokio::test]
async fn nothing_is_unpacked() {
    let server = Server::start(|_| ok("content-encoding: gzip\r\n", "x")).await;
    let answer = got(settings(), &server.url("localhost")).await;
    assert_eq!(answer, Err(Cause::Encoded("gzip".to_owned())));
    let server = Server::start(|_| ok("content-encoding: identity\r\n", "x")).await;
    fetched(settings(), &server.url("localhost")).await;
}

#[tokio::test]
async fn half_an_answer_is_none() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf";
    for answer in [half, "HTTP/1.1 200 OK\r\n", "SSH-2.0-OpenSSH\r\n\r\n"] {
        let server = Server::start(move |_| answer.to_owned()).await;
        let got = got(settings(), &server.url("localhost")).await;
        assert!(matches!(got, Err(Cause::Broken(_))), "{answer}: {got:?}");
    }
}

#[tokio::test]
async fn a_web_page_is_no_metadata() {
    for page in [
        "<!DOCTYPE html><title>Log ind</title>",
        "\u{feff}\n <HTML lang=da>",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\">",
    ] {
        let server = Server::start(move |_| ok("content-type: text/xml\r\n", page)).await;
        let url = server.url("localhost");
        let refused = fetcher(settings()).metadata(&url, &Known::default()).await;
        let cause = Cause::Html;
        assert_eq!(refused, Err(FetchError { url, cause }));
    }
    let xml = "<?xml version=\"1.0\"?><md:EntityDescriptor/>";
    let server = Server::start(move |_| ok("content-type: text/html\r\n", xml)).await;
    let url = server.url("localhost");
    let got = fetcher(settings()).metadata(&url, &Known::default()).await;
    assert!(got.is_ok(), "what it is counts, not what it is called");
}

#[tokio::test]
async fn a_post_carries_its_body() {
    let server = Server::start(|_| ok("", "good")).await;
    let url = server.url("ocsp.localhost");
    let answer = fetcher(settings())
        .post(&url, "application/ocsp-request", &b"question"[..], 99)
        .await;
    assert_eq!(&answer.expect("answered").bytes[..], b"good");
    let request = server.asked().remove(0);
    assert!(request.starts_with("POST /metadata?a=b "));
    assert!(request.contains("\r\ncontent-type: application/ocsp-request\r\n"));
    assert!(request.ends_with("\r\n\r\nquestion"));
}
