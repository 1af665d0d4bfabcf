//! Client certificates over a real https, to a real `serve`.

use serde_json::{Value as Json, json};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::ResolvesClientCert;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SignatureScheme};
use vejviser::edge::world::{Clock, SystemEntropy};
use vejviser::mint::{self, Authority, Fault, KeyKind, Made, Recipe};
use vejviser::oiosaml::Cvr;

/// A running `serve`, and its folder; both end with the value.
struct Served {
    child: Child,
    folder: PathBuf,
    manage: String,
    trust: String,
    token: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn minted(cvr: &str, name: &str, fault: Option<Fault>) -> Made {
    let mut chance = SystemEntropy;
    let recipe = Recipe {
        organisation: "Prøve".to_owned(),
        cvr: Cvr::parse(cvr).unwrap(),
        common_name: name.to_owned(),
        uuid: None,
        not_before: Clock::default().now() - time::Duration::DAY,
        days: 30,
        key: match name {
            "hub" => KeyKind::Rsa(2048),
            _ => KeyKind::P256,
        },
        fault,
        reuse: None,
    };
    let authority = Authority::new(recipe.not_before, recipe.days, &mut chance).unwrap();
    mint::make(&recipe, &authority, &mut chance).unwrap()
}

fn serve(staff: &Made) -> Served {
    let folder = std::env::temp_dir().join(format!("vejviser-mtls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let hub = minted("99999999", "hub", None);
    write("hub.pem", &hub.certificate_pem);
    write("hub.key.pem", &hub.key_pem);
    write("staff.pem", &staff.certificate_pem);
    write(
        "federation.toml",
        "[hub]\nmanage_certificates = [\"staff.pem\"]\n[[hub.keys]]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"\n",
    );
    let mut child = Command::new(env!("CARGO_BIN_EXE_vejviser"))
        .args([
            "serve",
            "--config",
            "federation.toml",
            "--store",
            "memory",
            "--manage-tls",
        ])
        .args([
            "--listen",
            "127.0.0.1:0",
            "--manage",
            "0.0.0.0:0",
            "--ready-json",
        ])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It comes once both listeners answer; without it the stream ends.
    let mut line = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    lines.read_line(&mut line).unwrap();
    let said: Json = serde_json::from_str(&line).expect("a ready line");
    let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    let manage = text("manage_url");
    Served {
        child,
        folder,
        manage: manage.strip_prefix("https://").expect("https").to_owned(),
        trust: text("manage_certificate"),
        token: text("manage_token"),
    }
}

/// Shows a certificate, whether or not the key is its own.
#[derive(Debug)]
struct Shows(Arc<CertifiedKey>);

impl ResolvesClientCert for Shows {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
    fn has_certs(&self) -> bool {
        true
    }
}

impl Served {
    /// Status and body, for whoever shows this certificate and signs with this key.
    async fn ask(
        &self,
        shown: Option<(&Made, &Made)>,
        line: &str,
        headers: &str,
        body: &str,
    ) -> std::io::Result<(u16, String)> {
        let mut roots = RootCertStore::empty();
        let trust = CertificateDer::pem_slice_iter(self.trust.as_bytes());
        roots.add_parsable_certificates(trust.filter_map(Result::ok));
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let config = match shown {
            None => config.with_no_client_auth(),
            Some((certificate, key)) => {
                let key = PrivateKeyDer::from_pem_slice(key.key_pem.as_bytes()).unwrap();
                let key = provider.key_provider.load_private_key(key).unwrap();
                let chain = vec![CertificateDer::from(certificate.certificate.der())];
                let shows = Shows(Arc::new(CertifiedKey::new(chain, key)));
                config.with_client_cert_resolver(Arc::new(shows))
            }
        };
        let stream = TcpStream::connect(&self.manage).await?;
        let connector = TlsConnector::from(Arc::new(config));
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let mut stream = connector.connect(name, stream).await?;
        let length = body.len();
        let request = format!(
            "{line} HTTP/1.1\r\nHost: hub.example\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let status = answer
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
        Ok((status.unwrap_or_default(), body.to_owned()))
    }

    async fn asks(&self, shown: &Made, line: &str, body: &str) -> (u16, String) {
        self.ask(Some((shown, shown)), line, "", body)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_certificate_is_trusted_because_it_is_registered_and_its_key_was_shown() {
    let (staff, ours) = (
        minted("99999999", "staff", None),
        minted("11111111", "users", None),
    );
    let (stranger, old) = (
        minted("11111111", "x", None),
        minted("11111111", "old", Some(Fault::Expired)),
    );
    let served = serve(&staff);
    for made in [&ours, &old] {
        let certificate = &made.certificate;
        let body =
            json!({ "Id": certificate.thumbprint(), "Base64Certificate": certificate.to_base64() });
        let answer = served
            .asks(&staff, "POST /ClientCertificates", &body.to_string())
            .await;
        assert_eq!(answer.0, 200, "{answer:?}");
    }
    let user =
        |authority: &str| json!({ "Authority": authority, "Id": "a", "Claims": [] }).to_string();
    assert_eq!(
        served.asks(&ours, "POST /Users", &user("11111111")).await.0,
        200
    );
    let other = served.asks(&ours, "POST /Users", &user("22222222")).await;
    assert_eq!(other.0, 400, "{other:?}");
    let shown = served.asks(&ours, "GET /Users/a", "").await;
    assert!(shown.0 == 200 && shown.1.contains("11111111"), "{shown:?}");

    for (made, why) in [(&stranger, "is not registered"), (&old, "is valid from")] {
        let (status, said) = served.asks(made, "GET /Users", "").await;
        let said: Json = serde_json::from_str(&said).unwrap();
        assert_eq!((status, &said["message"]), (401, &json!("Unauthorized")));
        assert!(
            said["errorDetails"][0].as_str().unwrap().contains(why),
            "{said}"
        );
    }
    assert_eq!(
        served.asks(&ours, "GET /IdentityProviders", "").await.0,
        401
    );
    assert_eq!(served.asks(&staff, "GET /api/v1/flows", "").await.0, 200);
    // Nobody shows another's certificate.
    let lied = served
        .ask(Some((&staff, &stranger)), "GET /Users", "", "")
        .await;
    assert!(!matches!(&lied, Ok((200..=499, _))), "{lied:?}");

    // Without one: health, and whatever the token opens. The cookie travels over https only.
    let nobody =
        async |line: &str, headers: &str| served.ask(None, line, headers, "").await.unwrap();
    assert_eq!(nobody("GET /readyz", "").await.0, 200);
    assert_eq!(nobody("GET /Users", "").await.0, 401);
    let token = format!("Authorization: Bearer {}\r\n", served.token);
    assert_eq!(nobody("GET /Users", &token).await.0, 200);
    let health = Command::new(env!("CARGO_BIN_EXE_vejviser"))
        .args([
            "healthcheck",
            "--manage",
            &format!("https://{}", served.manage),
        ])
        .status();
    assert!(health.unwrap().success());
}
