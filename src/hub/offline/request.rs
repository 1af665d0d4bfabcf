//! The verdict on an AuthnRequest.

use super::{Profile, Question, Told, Verdict, conclude};
use crate::hub::judge::request::Asking;
use crate::hub::judge::{self, ExpectedRequest};
use crate::hub::required::asked;
use crate::hub::{Check, RowOutcome};
use crate::oiosaml::{OiosamlVersion, Scale};
use crate::saml::metadata::{Endpoint, IndexedEndpoint};
use crate::saml::{Decoded, names};

pub(super) fn verdict(decoded: &Decoded, question: &Question<'_>) -> Verdict {
    let consumers = question.acs.map(consumer);
    let judged = judge::request(decoded, |_| {
        Some(ExpectedRequest {
            sender: question.peer,
            keys: Some(question.keys).filter(|keys| !keys.is_empty()),
            former_keys: &[],
            signatures: question.signatures,
            destination: question.destination,
            consumers: consumers.as_ref().map(|one| (one.as_slice(), 0)),
            now: question.now,
            skew: question.skew,
            hub_rules: question.profile != Profile::Saml,
        })
    });
    let mut report = judged.report;
    let mut made = Check::of_requests().to_vec();
    if let Some(asking) = &judged.request {
        if question.keys.is_empty() {
            made.push(Check::TrustedKey);
            report.add(
                Check::TrustedKey,
                RowOutcome::Fail,
                "none",
                "at least one key",
            );
        }
        let requested = asking.told().requested_authn_context.as_ref();
        match (requested, question.profile) {
            (None, _) => report.skip(Check::RequestContext, "no RequestedAuthnContext"),
            (_, Profile::Saml) => report.skip(Check::RequestContext, "a rule of the federation"),
            (Some(requested), Profile::Oiosaml(version)) => {
                let scale = match version {
                    OiosamlVersion::V2 => Scale::Nist,
                    OiosamlVersion::V3 => Scale::Nsis,
                };
                asked(requested, scale, &mut report);
            }
        }
    }
    let signed = match judged.request {
        Some(Asking::Signed(signed)) => Some(signed),
        _ => None,
    };
    conclude(report, signed, &made, |_| Told::default())
}

/// The one registered address, whatever index it may have: an index says nothing without metadata.
fn consumer(acs: &str) -> Vec<IndexedEndpoint> {
    vec![IndexedEndpoint {
        endpoint: Endpoint {
            binding: names::binding::POST.to_owned(),
            location: acs.to_owned(),
            response_location: None,
        },
        index: 0,
        is_default: Some(true),
    }]
}
