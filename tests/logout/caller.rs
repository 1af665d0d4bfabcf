//! A party that takes calls by SOAP, on a port of its own.

use std::sync::{Arc, Mutex};
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use vejviser::dsig::{self, Place, SigningKey};
use vejviser::edge::world::random_hex;
use vejviser::saml::binding::soap;
use vejviser::saml::{LogoutRequest, LogoutResponse, Status};
use vejviser::xml::Document;

/// What it answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// That the user is logged out.
    Success,
    /// A fault.
    Fault,
    /// A redirect to somewhere else.
    Elsewhere,
    /// Nothing at all.
    Nothing,
}

pub struct Caller {
    pub url: String,
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Caller {
    pub async fn start(
        party: &'static str,
        key: SigningKey,
        now: OffsetDateTime,
        says: Says,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/soap", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let seen = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = Vec::new();
                let mut buffer = [0; 16 * 1024];
                let (head, body) = loop {
                    let count = stream.read(&mut buffer).await.unwrap();
                    bytes.extend_from_slice(&buffer[..count]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    if let Some((head, body)) = text.split_once("\r\n\r\n")
                        && (count == 0 || body.ends_with("Envelope>"))
                    {
                        break (head.to_ascii_lowercase(), body.to_owned());
                    }
                };
                assert!(
                    head.contains("soapaction:") && head.contains("text/xml"),
                    "{head}"
                );
                let decoded = soap::decode(body.as_bytes()).unwrap();
                let document = Document::parse(&decoded.xml).unwrap();
                let request = LogoutRequest::read(document.root()).unwrap();
                seen.lock().unwrap().push(request.id.clone());
                let (status, body) = match says {
                    Says::Success => ("200 OK", answer(party, &key, &request, now)),
                    Says::Fault => (
                        "500 Internal Server Error",
                        soap::fault(soap::FaultCode::Server, "no"),
                    ),
                    Says::Elsewhere => ("307 Temporary Redirect", String::new()),
                    Says::Nothing => continue,
                };
                let answer = format!(
                    "HTTP/1.1 {status}\r\ncontent-type: text/xml\r\nlocation: http://127.0.0.1:1/\r\n\
                     content-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { url, asked }
    }
}

fn answer(party: &str, key: &SigningKey, request: &LogoutRequest, now: OffsetDateTime) -> String {
    let response = LogoutResponse {
        id: format!("_{}", random_hex::<8>()),
        version: "2.0".to_owned(),
        issue_instant: now,
        in_response_to: Some(request.id.clone()),
        destination: None,
        consent: None,
        issuer: Some(party.to_owned()),
        issuer_format: None,
        status: Status::success(),
    };
    let element = response.to_element();
    soap::envelope(&dsig::sign(&element, &response.id, Place::AfterIssuer, key))
}
