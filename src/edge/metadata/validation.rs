//! Metadata judged as the real hub's validation service does, with what this hub knows of others and of CAs.

use super::ask;
use crate::config::pki;
use crate::dsig::{Certificate, PublicKey};
use crate::edge::app::App;
use crate::hub::lint::{Asked, Circumstances, LintRole, Linted, Others, certificates, lint};
use crate::registry::Content;
use crate::xml::{Document, Limits};

/// What came of it.
#[derive(Debug)]
pub struct Verdict {
    /// What was found.
    pub linted: Linted,
    /// CAs that did not answer, and why.
    pub unreachable: Vec<String>,
}

/// Judges metadata for a role. What is registered under the same entityID in the same role is no other.
pub async fn validate(app: &App, bytes: &[u8], role: LintRole) -> Verdict {
    let snapshot = app.registry.now();
    let source = &app.metadata;
    let now = app.clock.now();
    let trusted = trusted(app);
    let mut asked = certificates(bytes, role);
    // Its own CA is asked always, and without a socket.
    let own = app.test_ca.as_ref();
    let own = own.map(|ca| ca.says(&asked, &snapshot.content));
    let mut revocation = own.unwrap_or_default();
    if source.asks_cas {
        asked.retain(|certificate| !revocation.contains_key(&certificate.fingerprint()));
        revocation.extend(ask(&source.of_cas(), &asked, &trusted, now).await);
    }
    let registered = registered(&snapshot.content, bytes, role);
    let circumstances = Circumstances {
        now,
        trusted_cas: &trusted,
        others: &others(app, &snapshot.content),
        revocation: &revocation,
        own_id: registered.as_deref(),
    };
    let linted = lint(bytes, role, &circumstances);
    let unreachable = revocation.into_values().filter_map(|asked| match asked {
        Asked::Unreachable(why) => Some(why),
        Asked::Answered(_) => None,
    });
    Verdict {
        linted,
        unreachable: unreachable.collect(),
    }
}

/// The CAs of the configuration, the hub's own, and the project's own test CAs.
fn trusted(app: &App) -> Vec<Certificate> {
    let own = [pki::CA, pki::CA_2].into_iter();
    let own = own.filter_map(|pem| Certificate::parse(pem.as_bytes()).ok());
    let answered_for = app.test_ca.as_ref().and_then(|ca| ca.certificate());
    own.chain(answered_for.cloned())
        .chain(app.metadata.trusted.iter().cloned())
        .collect()
}

/// The entityID of metadata that is registered in this role already: it may be registered as itself again.
fn registered(content: &Content, bytes: &[u8], role: LintRole) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let document = Document::parse_within(bytes, &Limits::METADATA).ok()?;
    let id = document.root().attribute("entityID")?;
    let known = match role {
        LintRole::Idp => content.identity_providers.contains_key(id),
        LintRole::System => content.systems.contains_key(id),
    };
    known.then(|| id.to_owned())
}

/// What is registered of everybody, the hub itself among them.
fn others(app: &App, content: &Content) -> Others {
    let mut others = Others::default();
    let hub = app.hub();
    let shown = [&hub.idp.shown, &hub.sp.shown].into_iter();
    let own: Vec<Certificate> = shown
        .flat_map(|shown| shown.signing.iter().chain(&shown.encryption).cloned())
        .collect();
    others.add(&hub.entity_id, "hub", &own);
    let mut add = |id: &str, title: &str, keys: &mut dyn Iterator<Item = &PublicKey>| {
        let certificates: Vec<_> = keys.filter_map(|key| key.certificate().cloned()).collect();
        others.add(id, title, &certificates);
    };
    let idps = content.identity_providers.values();
    for served in idps.filter_map(|party| party.served.as_ref()) {
        add(
            &served.id,
            &served.presentation_name,
            &mut served.signing_keys.iter(),
        );
    }
    let systems = content.systems.values();
    for served in systems.filter_map(|party| party.served.as_ref()) {
        let recipient = served.encryption.as_ref().map(|recipient| &recipient.key);
        let mut keys = served.signing_keys.iter().chain(recipient);
        add(&served.id, &served.presentation_name, &mut keys);
    }
    others
}
