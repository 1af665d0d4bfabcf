//! Keys and certificates that are given.

use crate::cli::{Failure, given};
use crate::dsig;
use crate::mint::Authority;
use openssl::pkey::{PKey, Private};
use std::path::Path;

/// The key that a certificate is to be made on.
pub fn private_key(path: &Path) -> Result<PKey<Private>, Failure> {
    let pem = given::of_option("--reuse", path)?;
    dsig::private_key(&pem).map_err(|_| {
        Failure::Usage(format!(
            "error: --reuse {}: ingen privat nøgle uden kodeord / not a private key without a password\n\ngive a private key in PEM",
            path.display()
        ))
    })
}

/// The CA that issues, of two files; both are read before either is judged.
pub fn authority(certificate: &Path, key: &Path) -> Result<Authority, Failure> {
    let certificate_bytes = given::of_option("--ca", certificate);
    let (certificate_bytes, pem) = match (certificate_bytes, given::of_option("--ca-key", key)) {
        (Ok(certificate), Ok(key)) => (certificate, key),
        (Err(one), Err(other)) => {
            return Err(Failure::Usage(format!("{}\n{}", one.text(), other.text())));
        }
        (Err(one), _) | (_, Err(one)) => return Err(one),
    };
    Authority::given(&certificate_bytes, &pem).map_err(|error| {
        Failure::Usage(format!(
            "error: --ca {} --ca-key {}: {error}\n\ngive the certificate of a CA, and its own private key in PEM without a password",
            certificate.display(),
            key.display()
        ))
    })
}
