//! What a script reads once the program is ready.

use super::{Failure, talk};
use crate::cli::args::Common;
use crate::edge::{App, IdpLink};
use crate::hub::identity::path;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// One line of JSON.
#[derive(Debug, Serialize)]
pub struct Ready<'a> {
    public_url: String,
    manage_url: &'a str,
    manage_token: Option<&'a str>,
    /// The management listener's certificate, where it speaks https with one made on the spot: whom a script is to trust.
    #[serde(skip_serializing_if = "Option::is_none")]
    manage_certificate: Option<&'a str>,
    idp_metadata: String,
    sp_metadata: String,
    systems: Vec<System<'a>>,
    idps: Vec<Idp<'a>>,
}

#[derive(Debug, Serialize)]
struct System<'a> {
    name: &'a str,
    entity_id: &'a str,
    login_url: Option<&'a str>,
    metadata: Option<&'a str>,
    acs: &'a str,
}

#[derive(Debug, Serialize)]
struct Idp<'a> {
    name: &'a str,
    entity_id: &'a str,
    metadata: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    behaviour: &'a [&'a str],
    people: Vec<Person<'a>>,
}

#[derive(Debug, Serialize)]
struct Person<'a> {
    id: &'a str,
    traits: &'a [String],
}

impl<'a> Idp<'a> {
    fn of(idp: &'a IdpLink) -> Self {
        Self {
            name: &idp.name,
            entity_id: &idp.entity_id,
            metadata: idp.metadata.as_deref(),
            kind: idp.kind,
            behaviour: &idp.behaviour,
            people: idp
                .people
                .iter()
                .map(|(id, traits)| Person { id, traits })
                .collect(),
        }
    }
}

impl<'a> Ready<'a> {
    /// Of a running program.
    pub fn of(app: &'a App, token: Option<&'a str>) -> Self {
        let systems = app.systems.iter().map(|system| System {
            name: &system.name,
            entity_id: &system.entity_id,
            login_url: system.login_url.as_deref(),
            metadata: system.metadata.as_deref(),
            acs: &system.acs,
        });
        let idps = app.idps.iter().map(Idp::of);
        let hub = app.hub();
        Self {
            public_url: hub.public_url.clone(),
            manage_url: &app.manage_url,
            manage_token: token,
            manage_certificate: None,
            idp_metadata: hub.url(path::IDP_METADATA),
            sp_metadata: hub.url(path::SP_METADATA),
            systems: systems.collect(),
            idps: idps.collect(),
        }
    }

    /// With the certificate (PEM) that was made for the management listener.
    pub fn with_certificate(self, manage_certificate: Option<&'a str>) -> Self {
        Self {
            manage_certificate,
            ..self
        }
    }

    /// Tells whoever asked.
    pub fn tell(&self, common: &Common) -> Result<(), Failure> {
        let line = self.line()?;
        if let Some(file) = &common.ready_file {
            keep(file, &line)?;
        }
        if common.ready_json {
            talk::result(&line);
        }
        Ok(())
    }

    /// The line, with its end.
    pub fn line(&self) -> Result<String, Failure> {
        let line = serde_json::to_string(self).map_err(|error| failed(&error))?;
        Ok(line + "\n")
    }
}

fn failed(error: &dyn std::fmt::Display) -> Failure {
    Failure::CouldNotRun(format!("ready line: {error}"))
}

/// Writes the line to a file.
pub fn keep(file: &Path, line: &str) -> Result<(), Failure> {
    write(file, line).map_err(|error| failed(&format!("{}: {error}", file.display())))
}

/// Whole or not at all, and for the owner only: it may hold the token.
fn write(file: &Path, line: &str) -> std::io::Result<()> {
    let mut partial = file.as_os_str().to_owned();
    partial.push(".partial");
    let _ = std::fs::remove_file(&partial);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&partial)?.write_all(line.as_bytes())?;
    std::fs::rename(&partial, file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo;
    use crate::edge::world::Clock;
    use crate::hub::settings::RememberedChoice;
    use std::sync::Arc;

    #[test]
    fn a_script_reads_what_an_invented_idp_does() {
        let url = url::Url::parse("http://hub.localhost:7878").expect("a URL");
        let clock = Arc::new(Clock::default());
        let staged = demo::stage(&url, String::new(), clock, RememberedChoice::Ch2);
        let Ok((app, _)) = staged else {
            panic!("the sample federation")
        };
        let said = serde_json::to_value(Ready::of(&app, None)).expect("json");
        let os2 = &said["idps"][0];
        assert_eq!(os2["kind"], "os2faktor");
        let behaviour = os2["behaviour"].as_array().expect("a list");
        assert!(behaviour.contains(&"high-refused".into()), "{behaviour:?}");
        assert!(os2["people"][0]["traits"].is_array());
        let mut real = app.idps[0].clone();
        (real.kind, real.behaviour) = (None, Vec::new());
        let real = serde_json::to_value(Idp::of(&real)).expect("json");
        assert!(real.get("kind").is_none() && real.get("behaviour").is_none());
    }
}
