//! A user-facing system of samael on a small HTTP server: what its documentation shows, and no more.
//!
//!     samael-system BASE-URL PORT HUB-METADATA-URL CERT KEY [--tls CERT,KEY] [--nist]
//!
//! samael judges the Response. Ours are pending requests of a browser, the session and the level.

use base64::Engine;
use samael::crypto::{Crypto, CryptoProvider};
use samael::metadata::{EncryptionMethod, EntityDescriptor, HTTP_REDIRECT_BINDING};
use samael::schema::Assertion;
use samael::service_provider::{ServiceProvider, ServiceProviderBuilder};
use samael::traits::ToXml;
use std::collections::HashMap;
use std::error::Error;
use std::io::{Cursor, Read, Write};
use tiny_http::{Header, Method, Request, Response, Server, SslConfig};

/// The strongest that samael can decrypt.
const READS: [&str; 2] = [
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
];

type Answer = Response<Cursor<Vec<u8>>>;
type Failure = Box<dyn Error>;

struct System {
    base: String,
    hub: String,
    key: openssl::pkey::PKey<openssl::pkey::Private>,
    certificate: Vec<u8>,
    level: (&'static str, [&'static str; 2]),
    /// What is known of the hub; fetched when first needed: the hub starts later.
    known: Option<ServiceProvider>,
    /// Of a browser: the requests that have no answer yet.
    pending: HashMap<String, Vec<String>>,
    sessions: HashMap<String, Assertion>,
}

impl System {
    fn provider(&self, hub: EntityDescriptor) -> Result<ServiceProvider, Failure> {
        Ok(ServiceProviderBuilder::default()
            .entity_id(format!("{}/saml/metadata", self.base))
            .key(self.key.clone())
            .certificate(samael::crypto::CertificateDer::from(
                self.certificate.clone(),
            ))
            .acs_url(format!("{}/saml/acs", self.base))
            .authn_name_id_format(
                "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName".to_owned(),
            )
            .idp_metadata(hub)
            .build()?)
    }

    fn fetch(&mut self) -> Result<(), Failure> {
        let text = get(&self.hub)?;
        self.known = Some(self.provider(samael::metadata::de::from_str(&text)?)?);
        Ok(())
    }

    fn known(&mut self) -> Result<&ServiceProvider, Failure> {
        if self.known.is_none() {
            self.fetch()?;
        }
        self.known.as_ref().ok_or_else(|| "no hub".into())
    }

    /// What samael writes, less an end after two days, and saying that requests are signed; its key for encryption is
    /// one for signing as samael writes it, with three ciphers of which it can read one. And less the address for a
    /// logout that it has even where none was given: samael judges no LogoutRequest.
    fn metadata(&self) -> Result<String, Failure> {
        let mut entity = self.provider(EntityDescriptor::default())?.metadata()?;
        entity.valid_until = None;
        for role in entity.sp_sso_descriptors.iter_mut().flatten() {
            role.valid_until = None;
            role.authn_requests_signed = Some(true);
            role.single_logout_services = None;
            for key in role
                .key_descriptors
                .iter_mut()
                .flatten()
                .filter(|key| key.encryption_methods.is_some())
            {
                key.key_use = Some("encryption".to_owned());
                key.encryption_methods = Some(
                    READS
                        .map(|uri| EncryptionMethod {
                            algorithm: uri.to_owned(),
                        })
                        .to_vec(),
                );
            }
        }
        entity.to_string()
    }

    fn answer(&mut self, request: &mut Request) -> Result<Answer, Failure> {
        let (path, query) = match request.url().split_once('?') {
            Some((path, query)) => (path.to_owned(), query.to_owned()),
            None => (request.url().to_owned(), String::new()),
        };
        let browser = cookie(request, "browser");
        match (request.method(), path.as_str()) {
            (Method::Get, "/saml/metadata") => Ok(with(
                Response::from_string(self.metadata()?),
                "Content-Type",
                "application/samlmetadata+xml",
            )),
            (Method::Get, "/log-ind") => {
                let browser = browser.unwrap_or_else(random);
                let key = self.key.clone();
                let mut known = self.known()?.clone();
                known.force_authn = query == "frisk";
                let to = known
                    .sso_binding_location(HTTP_REDIRECT_BINDING)
                    .ok_or("no Redirect")?;
                let asks = known.make_authentication_request(&to)?;
                let url = asks.signed_redirect("", &key)?.ok_or("no destination")?;
                self.pending
                    .entry(browser.clone())
                    .or_default()
                    .push(asks.id);
                Ok(onward(url.as_str(), Some(("browser", &browser))))
            }
            (Method::Post, "/saml/acs") => {
                let form = form(request)?;
                let pending = browser
                    .and_then(|b| self.pending.remove(&b))
                    .unwrap_or_default();
                let ids: Vec<&str> = pending.iter().map(String::as_str).collect();
                let message = form.get("SAMLResponse").ok_or("no SAMLResponse")?;
                let message = opened(message, &self.key)?;
                let assertion = self.known()?.parse_xml_response(&message, Some(&ids))?;
                let (name, enough) = self.level;
                let levels = values(&assertion, name);
                if name_id(&assertion).is_none()
                    || levels.len() != 1
                    || !enough.contains(&levels[0].as_str())
                {
                    return Err(format!("level {levels:?}").into());
                }
                println!("user: {}", name_id(&assertion).unwrap_or_default());
                let session = random();
                self.sessions.insert(session.clone(), assertion);
                Ok(onward("/", Some(("session", &session))))
            }
            (Method::Post, "/genindlaes") => {
                self.fetch()?;
                Ok(Response::from_data(Vec::new()).with_status_code(204))
            }
            (Method::Get, "/log-ud") => {
                cookie(request, "session").and_then(|id| self.sessions.remove(&id));
                Ok(page(200, "Farvel"))
            }
            (Method::Get, "/hvem") => {
                let Some(user) = cookie(request, "session").and_then(|id| self.sessions.get(&id))
                else {
                    return Ok(Response::from_string("{}").with_status_code(401));
                };
                let attributes: Vec<String> = user
                    .attribute_statements
                    .iter()
                    .flatten()
                    .flat_map(|s| &s.attributes)
                    .filter_map(|one| one.name.as_deref())
                    .map(|name| {
                        format!(
                            "{}: [{}]",
                            quoted(name),
                            values(user, name)
                                .iter()
                                .map(|v| quoted(v))
                                .collect::<Vec<_>>()
                                .join(", ")
                        )
                    })
                    .collect();
                Ok(Response::from_string(format!(
                    "{{\"nameid\": {}, \"issuer\": {}, \"attributes\": {{{}}}}}",
                    quoted(&name_id(user).unwrap_or_default()),
                    quoted(user.issuer.value.as_deref().unwrap_or_default()),
                    attributes.join(", ")
                )))
            }
            (Method::Get, "/") => {
                let there =
                    cookie(request, "session").is_some_and(|id| self.sessions.contains_key(&id));
                Ok(if there {
                    page(200, "Sager")
                } else {
                    page(401, "Ingen adgang")
                })
            }
            _ => Ok(page(404, "Findes ikke")),
        }
    }
}

/// A Response whose assertion was signed and then encrypted, and which is not signed itself: samael looks for a signature
/// before it decrypts, finds none and refuses. So the assertion is decrypted here, by samael's own functions, and judged
/// alone: what the Response says besides is nobody's word.
fn opened(
    message: &str,
    key: &openssl::pkey::PKey<openssl::pkey::Private>,
) -> Result<String, Failure> {
    let xml = String::from_utf8(base64::engine::general_purpose::STANDARD.decode(message)?)?;
    let response: samael::schema::Response = xml.parse()?;
    let (Some(sealed), None) = (response.encrypted_assertion, response.signature) else {
        return Ok(xml);
    };
    let (sealed_key, method) = sealed.encrypted_key_info().ok_or("no EncryptedKey")?;
    let content_key = Crypto::decrypt_assertion_key_info(sealed_key, method, key)?;
    let (text, method) = sealed.encrypted_value_info().ok_or("no EncryptedData")?;
    Ok(String::from_utf8(Crypto::decrypt_assertion_value_info(
        text,
        method,
        &content_key,
    )?)?)
}

fn name_id(assertion: &Assertion) -> Option<String> {
    Some(assertion.subject.as_ref()?.name_id.as_ref()?.value.clone())
}

fn values(assertion: &Assertion, name: &str) -> Vec<String> {
    assertion
        .attribute_statements
        .iter()
        .flatten()
        .flat_map(|s| &s.attributes)
        .filter(|one| one.name.as_deref() == Some(name))
        .flat_map(|one| one.values.iter().filter_map(|value| value.value.clone()))
        .collect()
}

fn quoted(text: &str) -> String {
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    )
}

#[allow(
    clippy::disallowed_methods,
    reason = "a peer of its own, not a part of the hub"
)]
fn random() -> String {
    let mut octets = [0; 24];
    openssl::rand::rand_bytes(&mut octets).expect("OpenSSL has random numbers");
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn cookie(request: &Request, name: &str) -> Option<String> {
    let header = request.headers().iter().find(|h| h.field.equiv("Cookie"))?;
    header
        .value
        .as_str()
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

fn form(request: &mut Request) -> Result<HashMap<String, String>, Failure> {
    let mut text = String::new();
    request.as_reader().read_to_string(&mut text)?;
    Ok(url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect())
}

fn with(answer: Answer, name: &str, value: &str) -> Answer {
    answer.with_header(Header::from_bytes(name, value).expect("a header of ours"))
}

fn page(status: u16, title: &str) -> Answer {
    let text = format!("<!DOCTYPE html><title>{title}</title><h1>{title}</h1>");
    with(
        Response::from_string(text).with_status_code(status),
        "Content-Type",
        "text/html; charset=utf-8",
    )
}

fn onward(to: &str, set: Option<(&str, &str)>) -> Answer {
    let answer = with(
        Response::from_data(Vec::new()).with_status_code(302),
        "Location",
        to,
    );
    match set {
        Some((name, value)) => with(
            answer,
            "Set-Cookie",
            &format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=None"),
        ),
        None => answer,
    }
}

/// One page by plain HTTP, from this machine.
fn get(address: &str) -> Result<String, Failure> {
    let url = url::Url::parse(address)?;
    let authority = format!("127.0.0.1:{}", url.port().ok_or("no port")?);
    let mut stream = std::net::TcpStream::connect(&authority)?;
    let path = &url[url::Position::BeforePath..];
    write!(
        stream,
        "GET {path} HTTP/1.0\r\nHost: {authority}\r\nConnection: close\r\n\r\n"
    )?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or("no answer")?;
    if !head.contains(" 200 ") {
        return Err(head.to_owned().into());
    }
    Ok(body.to_owned())
}

fn main() -> Result<(), Failure> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [base, port, hub, cert, key, more @ ..] = given.as_slice() else {
        return Err(
            "samael-system BASE-URL PORT HUB-METADATA-URL CERT KEY [--tls CERT,KEY] [--nist]"
                .into(),
        );
    };
    let address = format!("127.0.0.1:{port}");
    let tls = more.iter().position(|flag| flag == "--tls");
    let server = match tls.and_then(|at| more.get(at + 1)?.split_once(',')) {
        Some((cert, key)) => Server::https(
            address,
            SslConfig {
                certificate: std::fs::read(cert)?,
                private_key: std::fs::read(key)?,
            },
        ),
        _ => Server::http(address),
    }
    .map_err(|error| error.to_string())?;
    let level = if more.iter().any(|flag| flag == "--nist") {
        ("dk:gov:saml:attribute:AssuranceLevel", ["3", "4"])
    } else {
        (
            "https://data.gov.dk/concept/core/nsis/loa",
            ["Substantial", "High"],
        )
    };
    let mut system = System {
        base: base.clone(),
        hub: hub.clone(),
        key: openssl::pkey::PKey::private_key_from_pem(&std::fs::read(key)?)?,
        certificate: openssl::x509::X509::from_pem(&std::fs::read(cert)?)?.to_der()?,
        level,
        known: None,
        pending: HashMap::new(),
        sessions: HashMap::new(),
    };
    for mut request in server.incoming_requests() {
        let answer = system.answer(&mut request).unwrap_or_else(|error| {
            println!("refused: {error}");
            page(403, "Du er ikke logget på")
        });
        let _ = request.respond(answer);
    }
    Ok(())
}
