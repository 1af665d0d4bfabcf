//! The extensions, in the order of the real hub's certificates.

use super::MintError;
use super::x509::{Fields, Purpose, key_identifier};
use crate::dsig::OCES3_ORGANISATION_POLICY;
use crate::dsig::der::{self, context, context_primitive, oid, sequence, write};
use openssl::error::ErrorStack;
use openssl::pkey::Id;

const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
const AUTHORITY_INFORMATION: &str = "1.3.6.1.5.5.7.1.1";
const POLICIES: &str = "2.5.29.32";
const QC_STATEMENTS: &str = "1.3.6.1.5.5.7.1.3";
const REVOCATION_LISTS: &str = "2.5.29.31";
const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
const KEY_USAGE: &str = "2.5.29.15";

const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
const OCSP: &str = "1.3.6.1.5.5.7.48.1";
/// ETSI EN 319 411-1: NCP+.
const NCP_PLUS: &str = "0.4.0.2042.1.1";
/// RFC 3739 §3.2.6, qcs-pkixQCSyntax-v2, with the semantics of ETSI EN 319 412-1 §5.1.4 for organisations.
const QC_SYNTAX: &str = "1.3.6.1.5.5.7.11.2";
const LEGAL_PERSON: &str = "0.4.0.194121.1.2";

/// Nothing is fetched from here: `.invalid` has no hosts (RFC 6761 §6.4).
const NAMING_AUTHORITY: &str = "https://uid.invalid";

/// Where a CA answers: what it issues says so.
#[derive(Debug, Clone)]
pub(super) struct Addresses {
    certificate: String,
    responder: String,
    list: String,
}

impl Addresses {
    /// Nothing is fetched from here either.
    pub(super) fn nowhere() -> Self {
        Self {
            certificate: "http://ca.invalid/oces/issuing/1/cacert/issuing.cer".to_owned(),
            responder: "http://ca.invalid/ocsp".to_owned(),
            list: "http://ca.invalid/oces/issuing/1/crl/issuing.crl".to_owned(),
        }
    }

    /// Below the address of a hub's test CA.
    pub(super) fn below(base: &str) -> Self {
        let base = base.trim_end_matches('/');
        Self {
            certificate: format!("{base}/{CERTIFICATE_FILE}"),
            responder: format!("{base}/{RESPONDER_PATH}"),
            list: format!("{base}/{LIST_FILE}"),
        }
    }
}

/// What a test CA's own certificate is called below its address.
pub const CERTIFICATE_FILE: &str = "certificate.cer";
/// What its OCSP responder is called there.
pub const RESPONDER_PATH: &str = "ocsp";
/// What its list of revoked certificates is called there.
pub const LIST_FILE: &str = "revoked.crl";

/// Each as `Extension`.
pub(super) fn of(fields: &Fields<'_>) -> Result<Vec<Vec<u8>>, MintError> {
    let authority = fields.purpose == Purpose::Authority;
    let basic_constraints = match authority {
        true => sequence(&[&write(der::BOOLEAN, &[0xff])]),
        false => sequence(&[]),
    };
    let mut all = vec![extension(BASIC_CONSTRAINTS, true, &basic_constraints)?];
    if let Some(id) = &fields.authority_key {
        let id = sequence(&[&write(context_primitive(0), id)]);
        all.push(extension(AUTHORITY_KEY_IDENTIFIER, false, &id)?);
    }
    if !authority {
        all.extend(of_a_party(fields.addresses)?);
    }
    let id = write(der::OCTET_STRING, &key_identifier(fields.key)?);
    all.push(extension(SUBJECT_KEY_IDENTIFIER, false, &id)?);
    // RFC 5280 §4.2.1.3: unused bits first, then bit 0 on the left.
    let usage: &[u8] = match fields.purpose {
        // A key on a curve must not claim to encipher keys (RFC 8813 §3).
        Purpose::Party if fields.key.id() == Id::EC => &[7, 0b1000_0000],
        Purpose::Party => &[5, 0b1010_0000],
        Purpose::DocumentsOnly => &[6, 0b0100_0000],
        Purpose::Authority => &[1, 0b0000_0110],
    };
    all.push(extension(KEY_USAGE, true, &write(der::BIT_STRING, usage))?);
    Ok(all)
}

fn of_a_party(addresses: &Addresses) -> Result<[Vec<u8>; 4], ErrorStack> {
    let information = sequence(&[
        &sequence(&[&oid(CA_ISSUERS)?, &uri(&addresses.certificate)]),
        &sequence(&[&oid(OCSP)?, &uri(&addresses.responder)]),
    ]);
    let policies = sequence(&[
        &sequence(&[&oid(NCP_PLUS)?]),
        &sequence(&[&oid(OCES3_ORGANISATION_POLICY)?]),
    ]);
    let semantics = sequence(&[&oid(LEGAL_PERSON)?, &sequence(&[&uri(NAMING_AUTHORITY)])]);
    let statements = sequence(&[&sequence(&[&oid(QC_SYNTAX)?, &semantics])]);
    let list = write(context(0), &write(context(0), &uri(&addresses.list)));
    let lists = sequence(&[&sequence(&[&list])]);
    Ok([
        extension(AUTHORITY_INFORMATION, false, &information)?,
        extension(POLICIES, false, &policies)?,
        extension(QC_STATEMENTS, false, &statements)?,
        extension(REVOCATION_LISTS, false, &lists)?,
    ])
}

fn extension(id: &str, critical: bool, value: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let critical = match critical {
        true => write(der::BOOLEAN, &[0xff]),
        // DER leaves out what is the default.
        false => Vec::new(),
    };
    let value = write(der::OCTET_STRING, value);
    Ok(sequence(&[&oid(id)?, &critical, &value]))
}

/// `uniformResourceIdentifier [6]`
fn uri(address: &str) -> Vec<u8> {
    write(context_primitive(6), address.as_bytes())
}
