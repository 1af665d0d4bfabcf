//! Whose TLS certificates are trusted, and whose was not.

use crate::dsig::Certificate;
use std::fmt;
use std::sync::{Arc, Mutex};
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

/// What this machine trusts. What cannot be read there is left out: others do so too.
pub fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// Adds the certificates of a PEM bundle; how many there were. It may hold some that nobody here can read.
pub fn add_bundle(roots: &mut RootCertStore, bundle: &[u8]) -> usize {
    let certificates = CertificateDer::pem_slice_iter(bundle);
    roots
        .add_parsable_certificates(certificates.filter_map(Result::ok))
        .0
}

/// TLS with these certificates as roots, and no others.
pub fn trusting(roots: RootCertStore) -> Result<Arc<ClientConfig>, Error> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// Judges servers by their certificates. Without any root it trusts nobody.
#[derive(Debug, Clone)]
pub(super) struct Judge(Option<Arc<WebPkiServerVerifier>>);

/// The same for one connection: judges no differently, but remembers whose certificate was refused.
#[derive(Debug)]
pub(super) struct Witness {
    judge: Arc<WebPkiServerVerifier>,
    refused: Mutex<Option<Vec<u8>>>,
}

impl Judge {
    pub fn new(roots: RootCertStore) -> Self {
        let roots = Arc::new(roots);
        let judge = WebPkiServerVerifier::builder_with_provider(roots, provider()).build();
        // Without a revocation list the only thing that can be wrong is that there is no root.
        Self(judge.ok())
    }

    /// TLS for one connection; `None` if nobody is trusted.
    pub fn connection(&self) -> Option<(Arc<ClientConfig>, Arc<Witness>)> {
        let witness = Arc::new(Witness {
            judge: self.0.clone()?,
            refused: Mutex::default(),
        });
        let mut config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .ok()?
            .dangerous()
            .with_custom_certificate_verifier(witness.clone())
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Some((Arc::new(config), witness))
    }
}

impl Witness {
    /// The certificate that was refused: its subject and its issuer.
    pub fn refused(&self) -> Option<(String, String)> {
        let der = self.refused.lock().ok()?.take()?;
        let story = Certificate::parse(&der).ok()?.story();
        Some((story.subject_line(), story.issuer_line()))
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judged = self.judge.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        if judged.is_err()
            && let Ok(mut refused) = self.refused.lock()
        {
            *refused = Some(end_entity.to_vec());
        }
        judged
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}

/// A PEM file in which there is no certificate that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCertificate;

impl fmt::Display for NoCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "there is no certificate in the file of trusted certificates (PEM)"
        )
    }
}

impl std::error::Error for NoCertificate {}
