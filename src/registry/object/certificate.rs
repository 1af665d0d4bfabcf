//! `ClientCertificate` of CH.json: whoever shows it may write the users of its organisation.

use super::{Body, Object};
use crate::config::pki;
use crate::dsig::{Certificate, Policy, PublicKey};
use crate::oiosaml::Cvr;
use crate::registry::shape::{Shape, Value, must};
use crate::registry::{Content, Judge, Kind, Reason};
use serde::{Deserialize, Serialize};

/// As it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ClientCertificate {
    /// Its thumbprint (SHA-1 in hex), in whichever case.
    pub id: String,
    /// The certificate in DER, as base64.
    pub base64_certificate: String,
}

impl Body for ClientCertificate {
    const SHAPE: &'static Shape = &Shape {
        name: "ClientCertificate",
        fields: &[
            must("Id", Value::Id),
            must("Base64Certificate", Value::Document),
        ],
    };

    fn contradictions(&self, reasons: &mut Vec<Reason>) {
        let certificate = match Certificate::from_base64(&self.base64_certificate) {
            Ok(certificate) => certificate,
            Err(why) => {
                reasons.push(Reason::new(
                    format!("Base64Certificate: er ikke et certifikat i base64: {why}"),
                    format!("Base64Certificate: is no certificate in base64: {why}"),
                ));
                return;
            }
        };
        let thumbprint = certificate.thumbprint();
        if !self.id.eq_ignore_ascii_case(&thumbprint) {
            reasons.push(Reason::new(
                format!("Id: skal være certifikatets aftryk (SHA-1), {thumbprint}"),
                format!("Id: must be the certificate's thumbprint (SHA-1), {thumbprint}"),
            ));
        }
        if authority(&certificate).is_none() {
            reasons.push(Reason::new(
                "Base64Certificate: nævner intet CVR-nummer (organizationIdentifier NTRDK-… eller serialNumber CVR:…), så ingen ved, hvis brugere det må skrive",
                "Base64Certificate: names no CVR number (organizationIdentifier NTRDK-… or serialNumber CVR:…), so nobody knows whose users it may write",
            ));
        }
    }
}

/// The organisation that a certificate names: the `Authority` of the users that whoever shows it may write.
pub fn authority(certificate: &Certificate) -> Option<Cvr> {
    certificate.story().cvr().and_then(Cvr::parse)
}

impl ClientCertificate {
    /// Whether this is the very certificate: a thumbprint finds it, and the whole of it counts.
    pub fn is(&self, shown: &Certificate) -> bool {
        let known = Certificate::from_base64(&self.base64_certificate);
        known.is_ok_and(|known| known.der() == shown.der())
    }
}

impl Object for ClientCertificate {
    const KIND: Kind = Kind::ClientCertificate;
    fn id(&self) -> String {
        self.id.to_ascii_lowercase()
    }
    /// Everybody has the keys of the shipped test PKI.
    fn fits(&self, _: &Content, judge: &Judge, reasons: &mut Vec<Reason>) {
        let certificate = Certificate::from_base64(&self.base64_certificate);
        let key = certificate.and_then(|read| PublicKey::from_certificate(read, Policy::Modern));
        match key {
            Ok(key) if !judge.demo && pki::is_public(&key) => reasons.push(Reason::new(
                "Base64Certificate: nøglen følger med Vejviser, så alle har den",
                "Base64Certificate: its key is shipped with Vejviser, so everybody has it",
            )),
            Ok(_) => {}
            Err(why) => reasons.push(Reason::new(
                format!("Base64Certificate: nøglen kan ikke bruges: {why}"),
                format!("Base64Certificate: its key cannot be used: {why}"),
            )),
        }
    }
}
