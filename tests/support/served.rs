//! `vejviser serve` as a process, on a federation in a folder, and its management listener by plain HTTP.

use crate::support::world;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use vejviser::dsig::Certificate;
use vejviser::saml::metadata::{
    Endpoint, Entity, IdpRole, IndexedEndpoint, KeyDescriptor, KeyUse, SpRole,
};
use vejviser::saml::names::binding;

/// entityID of the identity provider.
pub const IDP: &str = "https://idp.example/saml";
/// entityID of the system.
pub const SYSTEM: &str = "https://system.example/saml";

/// A federation in a folder of its own, which goes with it.
pub struct Folder(PathBuf);

impl Folder {
    /// With the hub's keys, one identity provider and one system. Two processes never share one.
    pub fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("served-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let made = Self(folder);
        let keys = world::keys();
        made.write("hub.pem", pem(&keys.hub.certificate).as_bytes());
        made.write(
            "hub.key.pem",
            &keys.hub.bare.private_key_to_pem_pkcs8().unwrap(),
        );
        made.write("idp.xml", idp(IDP, &keys.idp.certificate).as_bytes());
        made.write(
            "system.xml",
            system(SYSTEM, &keys.system.certificate).as_bytes(),
        );
        made.write("federation.toml", federation("Kommunens IdP").as_bytes());
        made
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Runs a command here to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// A command here.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vejviser"));
        command.args(arguments).current_dir(&self.0);
        command
    }

    /// Starts `serve`, without waiting for it.
    pub fn spawn(&self) -> Child {
        self.command(&[
            "serve",
            "--config",
            "federation.toml",
            "--listen",
            "127.0.0.1:0",
        ])
        .args(["--manage", "127.0.0.1:0", "--ready-json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
    }

    /// Starts `serve`, and waits until it answers.
    pub fn serve(&self) -> Served {
        Served::ready(self.spawn()).expect("serve is ready")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running hub.
pub struct Served {
    pub child: Child,
    /// Host and port of the management listener.
    pub manage: String,
    pub token: String,
    /// Address of the public listener.
    pub public: String,
}

impl Served {
    /// Of a process that says so; none if it ends before.
    pub fn ready(mut child: Child) -> Option<Self> {
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .ok()?;
        let Ok(ready) = serde_json::from_str::<Value>(&line) else {
            let _ = child.wait();
            return None;
        };
        Some(Self {
            child,
            manage: ready["manage_url"]
                .as_str()?
                .trim_start_matches("http://")
                .to_owned(),
            public: ready["public_url"].as_str()?.to_owned(),
            token: ready["manage_token"].as_str()?.to_owned(),
        })
    }

    /// Asks the management listener: status and body. None if it does not answer whole.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Option<(u16, String)> {
        ask(&self.manage, &self.token, method, path, body)
    }

    /// The same of one that answers, as JSON where there is some.
    pub fn json(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let (status, text) = self.ask(method, path, body).expect("an answer");
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request on a connection of its own.
pub fn ask(
    host: &str,
    token: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(host).ok()?;
    let body = body.map_or_else(String::new, Value::to_string);
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length: ")?
            .parse::<usize>()
            .ok()
    });
    // An answer that was cut off is none.
    (length.unwrap_or(0) <= body.len()).then(|| (status, body.to_owned()))
}

/// Base64 of an identifier, as it stands in a path.
pub fn in_path(id: &str) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(id);
    text.replace('/', "%2F").replace('+', "%2B")
}

/// federation.toml, with this name of its identity provider and of its organisation.
pub fn federation(title: &str) -> String {
    format!(
        "[[hub.keys]]\ncertificate = \"hub.pem\"\nkey = \"hub.key.pem\"\n\n\
         [settings]\nmultipleauthn_from = \"3\"\n\n\
         [[organisation]]\ncvr = \"11111111\"\nname = \"{title}\"\nemail_domains = [\"provekobing.example\"]\n\n\
         [[identity_provider]]\nname = \"idp\"\nid = \"{IDP}\"\npresentation_name = \"{title}\"\noiosaml_profile = \"OIOSAML3\"\n\
         assurance_level = 3\nnsis_assurance_level = \"Substantial\"\nuser_contexts = [\"11111111\"]\nsaml_metadata = \"idp.xml\"\n\n\
         [[user_facing_system]]\nname = \"system\"\nid = \"{SYSTEM}\"\ncvr = \"55555555\"\noiosaml_profile = \"OIOSAML3\"\n\
         nsis_assurance_level = \"Low\"\nsaml_metadata = \"system.xml\"\ngeneration = 2\n"
    )
}

/// Metadata of an identity provider.
pub fn idp(entity_id: &str, certificate: &Certificate) -> String {
    let role = IdpRole {
        keys: vec![key(certificate, KeyUse::Signing)],
        single_sign_on: vec![endpoint(binding::REDIRECT, "https://idp.example/sso")],
        ..IdpRole::default()
    };
    let entity = Entity {
        idp: Some(role),
        ..entity(entity_id)
    };
    entity.to_element().render().as_str().to_owned()
}

/// Metadata of a system.
pub fn system(entity_id: &str, certificate: &Certificate) -> String {
    let role = SpRole {
        keys: vec![key(certificate, KeyUse::Both)],
        assertion_consumer: vec![IndexedEndpoint {
            endpoint: endpoint(binding::POST, "https://system.example/acs"),
            index: 0,
            is_default: Some(true),
        }],
        ..SpRole::default()
    };
    let entity = Entity {
        sp: Some(role),
        ..entity(entity_id)
    };
    entity.to_element().render().as_str().to_owned()
}

fn entity(entity_id: &str) -> Entity {
    Entity {
        entity_id: entity_id.to_owned(),
        id: None,
        valid_until: None,
        idp: None,
        sp: None,
        organization: None,
    }
}

fn endpoint(binding: &str, location: &str) -> Endpoint {
    Endpoint {
        binding: binding.to_owned(),
        location: location.to_owned(),
        response_location: None,
    }
}

fn key(certificate: &Certificate, usage: KeyUse) -> KeyDescriptor {
    KeyDescriptor {
        usage,
        certificates: vec![certificate.to_base64()],
        encryption_methods: Vec::new(),
    }
}

/// A certificate in the lines of 64 characters that PEM has (RFC 7468 §2).
pub fn pem(certificate: &Certificate) -> String {
    let text = certificate.to_base64();
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}
