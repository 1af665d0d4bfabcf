//! Client certificates: who shows one, and what they may.
//!
//! The real hub lets municipalities write their users so: “a client certificate (public key only) that a municipality can use
//! to provision user data”. Trust is by registration; who issued a certificate is not looked at.

use crate::dsig::Certificate;
use crate::edge::app::App;
use crate::edge::provisioning::{self, Caller};
use crate::edge::server::PeerCertificate;
use crate::registry::object::{ClientCertificate, authority};
use std::sync::Arc;

/// Certificates of those who administer: they may what a token may.
#[derive(Debug, Clone, Default)]
pub struct Administrators(Arc<[Certificate]>);

impl Administrators {
    /// Who shows one of these.
    pub fn new(certificates: Vec<Certificate>) -> Self {
        Self(certificates.into())
    }

    /// Who shows this certificate and asks for this path, or why they may not.
    pub fn caller(&self, app: &App, shown: &PeerCertificate, path: &str) -> Result<Caller, String> {
        let unreadable = |error| format!("the client certificate cannot be read: {error}");
        let shown = Certificate::parse(&shown.0).map_err(unreadable)?;
        let thumbprint = shown.thumbprint();
        let administers = self.0.iter().any(|known| known.der() == shown.der());
        let snapshot = app.registry.now();
        // The thumbprint is SHA-1, and finds it only.
        let registered = snapshot.content.get::<ClientCertificate>(&thumbprint);
        let registered = registered.filter(|known| known.is(&shown));
        if !administers && registered.is_none() {
            return Err(format!(
                "the client certificate {thumbprint} is not registered"
            ));
        }
        let now = app.clock.now();
        if now < shown.not_before() || now > shown.not_after() {
            let (from, to) = (shown.not_before().date(), shown.not_after().date());
            return Err(format!(
                "the client certificate {thumbprint} is valid from {from} to {to} only"
            ));
        }
        let who = format!("certificate {thumbprint}");
        if administers {
            return Ok(Caller::named(&who));
        }
        if !provisioning::is_of_users(path) {
            return Err(format!(
                "the client certificate {thumbprint} is good for /Users only"
            ));
        }
        match authority(&shown) {
            Some(cvr) => Ok(Caller {
                who,
                authority: Some(cvr),
            }),
            None => Err(format!(
                "the client certificate {thumbprint} names no CVR number"
            )),
        }
    }
}
