//! `vejviser healthcheck`: what a container without curl asks.

use super::Failure;
use super::args::HealthcheckArgs;
use openssl::ssl::{SslConnector, SslMethod, SslStream, SslVerifyMode};
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;
use url::Url;

const TIMEOUT: Duration = Duration::from_secs(5);

/// Runs it.
pub fn run(args: &HealthcheckArgs) -> Result<(), Failure> {
    let head = ask(&args.manage, args.manage_tls)
        .map_err(|error| Failure::CouldNotRun(format!("{}: {error}", args.manage)))?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status == "200" {
        Ok(())
    } else {
        Err(Failure::Findings(format!("{}: {status}", args.manage)))
    }
}

/// The first bytes of the answer to `/readyz`.
fn ask(manage: &str, tls: bool) -> Result<String, Box<dyn std::error::Error>> {
    // In a container the hub's own environment is asked: VEJVISER_MANAGE is what it listens on, which has no scheme.
    let url = match (manage.contains("://"), tls) {
        (true, _) => Url::parse(manage)?,
        (false, false) => Url::parse(&format!("http://{manage}"))?,
        (false, true) => Url::parse(&format!("https://{manage}"))?,
    };
    let tls = match url.scheme() {
        "http" => false,
        "https" => true,
        _ => return Err("only http and https are asked".into()),
    };
    let host = url.host_str().ok_or("no host")?.trim_matches(['[', ']']);
    let address = (host, url.port_or_known_default().unwrap_or(80))
        .to_socket_addrs()?
        .next()
        .ok_or("no such host")?;
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    match tls {
        false => head_of(&mut stream),
        true => head_of(&mut over_tls(stream)?),
    }
}

/// Whoever answers, nothing is told and nothing is trusted: a container asks itself, and its certificate may be one made on the
/// spot.
fn over_tls(stream: TcpStream) -> Result<SslStream<TcpStream>, Box<dyn std::error::Error>> {
    let mut connector = SslConnector::builder(SslMethod::tls())?;
    connector.set_verify(SslVerifyMode::NONE);
    let connect = connector.build().configure()?.verify_hostname(false);
    Ok(connect.connect("localhost", stream)?)
}

fn head_of(stream: &mut (impl Read + Write)) -> Result<String, Box<dyn std::error::Error>> {
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 64];
    let length = stream.read(&mut head)?;
    Ok(String::from_utf8_lossy(&head[..length]).into_owned())
}
