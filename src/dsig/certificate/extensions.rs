//! The extensions that OpenSSL's binding does not tell (RFC 5280 §4.2).

use crate::dsig::der::{self, Value};

/// What is read of them.
#[derive(Debug, Default)]
pub(super) struct Extensions {
    pub policies: Vec<String>,
    pub is_ca: bool,
    pub authority_info: Vec<String>,
    pub revocation_lists: Vec<String>,
}

/// Of the DER of a certificate; what cannot be read is not there.
pub(super) fn read(certificate: &[u8]) -> Extensions {
    let mut found = Extensions::default();
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
            "1.3.6.1.5.5.7.1.1" => {
                let addresses = value.children();
                let addresses = addresses.filter_map(|entry| uri(entry.children().nth(1)?));
                found.authority_info = addresses.collect();
            }
            "2.5.29.31" => {
                let names = value.children().filter_map(distribution_point);
                found.revocation_lists = names.flatten().filter_map(uri).collect();
            }
            _ => {}
        }
    }
    found
}

/// `DistributionPoint { distributionPoint [0] { fullName [0] GeneralNames } }`
fn distribution_point(point: Value<'_>) -> Option<der::Children<'_>> {
    let mut fields = point.children();
    let name = fields.find(|field| field.tag == der::context(0))?;
    let full = name.children().next()?;
    (full.tag == der::context(0)).then(|| full.children())
}

/// `uniformResourceIdentifier [6]`
fn uri(name: Value<'_>) -> Option<String> {
    (name.tag == der::context_primitive(6))
        .then(|| String::from_utf8_lossy(name.content).into_owned())
}
