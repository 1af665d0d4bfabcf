//! TLS: a given certificate, or one made on the spot.

use super::client::{AnyIssuer, Clients};
use crate::edge::world::{fresh_key, random};
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::x509::extension::{
    BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
};
use openssl::x509::{X509, X509NameBuilder};
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// Why there is no TLS.
#[derive(Debug)]
pub enum TlsError {
    /// The PEM of a certificate chain or key cannot be read.
    Pem(&'static str),
    /// Certificate and key do not fit together, or are not usable.
    Unusable(tokio_rustls::rustls::Error),
    /// No certificate could be made.
    Make(ErrorStack),
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pem(what) => write!(f, "{what} cannot be read as PEM"),
            Self::Unusable(error) => write!(f, "TLS certificate and key cannot be used: {error}"),
            Self::Make(error) => write!(f, "no TLS certificate could be made: {error}"),
        }
    }
}

impl std::error::Error for TlsError {}

/// From a chain, the server's own certificate first, and its key.
pub fn acceptor_from_pem(
    chain: &[u8],
    key: &[u8],
    clients: Clients,
) -> Result<TlsAcceptor, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain).collect();
    let chain = chain
        .ok()
        .filter(|chain| !chain.is_empty())
        .ok_or(TlsError::Pem("the TLS certificate"))?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::Pem("the TLS key"))?;
    acceptor(chain, key, clients)
}

/// With a certificate made on the spot for these hosts, `*.localhost`, `localhost` and loopback. Also returns it
/// as PEM, for those who want to trust it.
///
/// Each site has to be among the hosts: not every client takes a wildcard directly below the last label (rustls).
pub fn self_signed(
    hosts: &[&str],
    now: OffsetDateTime,
    clients: Clients,
) -> Result<(TlsAcceptor, Vec<u8>), TlsError> {
    let (certificate, key) = make(hosts, now).map_err(TlsError::Make)?;
    let pem = certificate.to_pem().map_err(TlsError::Make)?;
    let der = CertificateDer::from(certificate.to_der().map_err(TlsError::Make)?);
    Ok((
        acceptor(
            vec![der],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key)),
            clients,
        )?,
        pem,
    ))
}

fn acceptor(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    clients: Clients,
) -> Result<TlsAcceptor, TlsError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Unusable)?;
    let builder = match clients {
        Clients::Anonymous => builder.with_no_client_auth(),
        Clients::Asked => builder.with_client_cert_verifier(Arc::new(AnyIssuer(provider))),
    };
    let mut config = builder
        .with_single_cert(chain, key)
        .map_err(TlsError::Unusable)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn make(hosts: &[&str], now: OffsetDateTime) -> Result<(X509, Vec<u8>), ErrorStack> {
    let key = fresh_key()?;
    let mut serial = [0; 16];
    random(&mut serial);
    serial[0] = serial[0] & 0x7f | 1; // positive, and not zero
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("O", "Vejviser (test)")?;
    name.append_entry_by_text("CN", "Vejviser self-signed")?;
    let name = name.build();
    let day = |days| Asn1Time::from_unix((now + Duration::days(days)).unix_timestamp());

    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    builder.set_serial_number(&*Asn1Integer::from_bn(&*BigNum::from_slice(&serial)?)?)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    builder.set_pubkey(&key)?;
    builder.set_not_before(&*day(-1)?)?;
    // The longest that all browsers take.
    builder.set_not_after(&*day(397)?)?;
    builder.append_extension(BasicConstraints::new().critical().build()?)?;
    builder.append_extension(KeyUsage::new().critical().digital_signature().build()?)?;
    builder.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
    let mut names = SubjectAlternativeName::new();
    names
        .dns("localhost")
        .dns("*.localhost")
        .dns("hub.localhost")
        .ip("127.0.0.1")
        .ip("::1");
    for host in hosts {
        match host.parse::<IpAddr>() {
            Ok(ip) if ip.is_loopback() => {}
            Ok(_) => {
                names.ip(host);
            }
            Err(_) if matches!(*host, "localhost" | "hub.localhost") => {}
            Err(_) => {
                names.dns(host);
            }
        }
    }
    let names = names.build(&builder.x509v3_context(None, None))?;
    builder.append_extension(names)?;
    builder.sign(&key, MessageDigest::sha256())?;
    Ok((builder.build(), key.private_key_to_pkcs8()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_made_for_any_host_and_its_pem_works() {
        for host in ["hub.localhost", "hub.example.dk", "192.0.2.1", "127.0.0.1"] {
            let (_, pem) = self_signed(
                &[host],
                OffsetDateTime::UNIX_EPOCH + Duration::days(20_000),
                Clients::Asked,
            )
            .unwrap();
            assert!(pem.starts_with(b"-----BEGIN CERTIFICATE"));
        }
        let (certificate, key) = make(
            &["a.example"],
            OffsetDateTime::UNIX_EPOCH + Duration::days(20_000),
        )
        .unwrap();
        let key = openssl::pkey::PKey::private_key_from_pkcs8(&key)
            .unwrap()
            .private_key_to_pem_pkcs8()
            .unwrap();
        acceptor_from_pem(&certificate.to_pem().unwrap(), &key, Clients::Anonymous).unwrap();
        assert!(acceptor_from_pem(b"", &key, Clients::Anonymous).is_err());
    }
}
