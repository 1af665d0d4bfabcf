//! Certificate revocation lists (RFC 5280 §5).

use super::{Revocation, RevocationError, fresh, moment, own_serial, serial, unreadable};
use crate::dsig::Certificate;
use openssl::x509::X509Crl;
use std::collections::BTreeMap;
use time::OffsetDateTime;
use x509_cert::crl::CertificateList;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;

/// A list that its CA signed and that is of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    issuer: Vec<u8>,
    revoked: BTreeMap<Vec<u8>, OffsetDateTime>,
    /// When the next list comes.
    pub next_update: Option<OffsetDateTime>,
}

const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";
/// Of an entry: it is about another CA's certificate (RFC 5280 §5.3.3).
const CERTIFICATE_ISSUER: &str = "2.5.29.29";
/// Why it was revoked; that a certificate is on hold or taken off hold again is no matter of ours.
const REASON: &str = "2.5.29.21";

/// Reads a list (DER or PEM) of the CA `issuer`.
pub fn read_crl(
    bytes: &[u8],
    issuer: &Certificate,
    now: OffsetDateTime,
) -> Result<RevocationList, RevocationError> {
    let crl = X509Crl::from_pem(bytes).or_else(|_| X509Crl::from_der(bytes));
    let crl = crl.map_err(|_| unreadable("not a CRL in DER or PEM"))?;
    let list = CertificateList::from_der(&crl.to_der().map_err(unreadable)?);
    let list = list.map_err(unreadable)?.tbs_cert_list;
    let subject = issuer.x509().subject_name().to_der().map_err(unreadable)?;
    let of = list.issuer.to_der().map_err(unreadable)?;
    // Byte for byte: a CA writes its own name the same way each time.
    if of != subject {
        return Err(RevocationError::NotOfIt);
    }
    let key = issuer.x509().public_key().map_err(unreadable)?;
    if !crl.verify(&key).unwrap_or(false) {
        return Err(RevocationError::Signature);
    }
    for extension in list.crl_extensions.iter().flatten() {
        understood(extension)?;
    }
    let next_update = list.next_update.map(|time| moment(time.to_date_time()));
    fresh(moment(list.this_update.to_date_time()), next_update, now)?;
    let mut revoked = BTreeMap::new();
    for entry in list.revoked_certificates.into_iter().flatten() {
        let extensions = entry.crl_entry_extensions.iter().flatten();
        let foreign = extensions
            .filter(|e| e.critical || e.extn_id.to_string() == CERTIFICATE_ISSUER)
            .find(|e| e.extn_id.to_string() != REASON);
        if let Some(foreign) = foreign {
            return Err(RevocationError::Partial(foreign.extn_id.to_string()));
        }
        let at = moment(entry.revocation_date.to_date_time());
        revoked.insert(serial(entry.serial_number.as_bytes()).to_vec(), at);
    }
    Ok(RevocationList {
        issuer: subject,
        revoked,
        next_update,
    })
}

/// A critical extension that nobody here knows changes what the list means (RFC 5280 §5.2).
fn understood(extension: &Extension) -> Result<(), RevocationError> {
    let id = extension.extn_id.to_string();
    if id != ISSUING_DISTRIBUTION_POINT {
        return match extension.critical {
            true => Err(RevocationError::Partial(id)),
            false => Ok(()),
        };
    }
    let point = IssuingDistributionPoint::from_der(extension.extn_value.as_bytes());
    let point = point.map_err(unreadable)?;
    let partial = point.only_contains_ca_certs
        || point.only_contains_attribute_certs
        || point.indirect_crl
        || point.only_some_reasons.is_some();
    match partial {
        true => Err(RevocationError::Partial(id)),
        false => Ok(()),
    }
}

impl RevocationList {
    /// What it says of a certificate; an error for one of another CA.
    pub fn status(&self, certificate: &Certificate) -> Result<Revocation, RevocationError> {
        let issuer = certificate.x509().issuer_name().to_der();
        if issuer.map_err(unreadable)? != self.issuer {
            return Err(RevocationError::NotOfIt);
        }
        let number = own_serial(certificate);
        Ok(match self.revoked.get(&number) {
            Some(at) => Revocation::Revoked(*at),
            None => Revocation::Good,
        })
    }
}
