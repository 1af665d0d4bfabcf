//! The extensions (RFC 5280 §4.2): by OpenSSL's binding as far as it tells them, else from their DER.

use crate::dsig::der::{self, Value};
use openssl::stack::Stack;
use openssl::x509::{AccessDescription, DistPoint, GeneralNameRef, X509Ref};

/// What is read of them.
#[derive(Debug, Default)]
pub(super) struct Extensions {
    pub policies: Vec<String>,
    pub is_ca: bool,
    pub authority_info: Vec<String>,
    pub revocation_lists: Vec<String>,
}

/// Of a certificate and its DER; what cannot be read is not there.
pub(super) fn read(x509: &X509Ref, certificate: &[u8]) -> Extensions {
    let addresses = x509.authority_info();
    let lists = x509.crl_distribution_points();
    let mut found = Extensions {
        authority_info: addresses.iter().flat_map(authority_info).collect(),
        revocation_lists: lists.iter().flat_map(revocation_lists).collect(),
        ..Extensions::default()
    };
    let extensions = der::read(certificate)
        .and_then(|certificate| certificate.sequence()?.next()?.sequence())
        .and_then(|mut fields| fields.find(|field| field.tag == der::context(3)))
        .and_then(|tagged| tagged.children().next()?.sequence());
    for extension in extensions.into_iter().flatten() {
        let oid = extension.children().next().and_then(Value::dotted);
        // extnValue stands last, after critical or without it.
        let content = extension.children().last().map(|value| value.content);
        let (Some(oid), Some(value)) = (oid, content.and_then(der::read)) else {
            continue;
        };
        match oid.as_str() {
            "2.5.29.19" => {
                let first = value.children().next();
                found.is_ca = first.is_some_and(|ca| ca.tag == der::BOOLEAN && ca.content != [0]);
            }
            "2.5.29.32" => {
                let policies = value.children();
                let policies = policies.filter_map(|policy| policy.children().next()?.dotted());
                found.policies = policies.collect();
            }
            _ => {}
        }
    }
    found
}

fn authority_info(entries: &Stack<AccessDescription>) -> impl Iterator<Item = String> {
    entries.iter().filter_map(|entry| uri(entry.location()))
}

fn revocation_lists(points: &Stack<DistPoint>) -> impl Iterator<Item = String> {
    let names = points
        .iter()
        .filter_map(|point| point.distpoint()?.fullname());
    names.flatten().filter_map(uri)
}

fn uri(name: &GeneralNameRef) -> Option<String> {
    name.uri().map(str::to_owned)
}
