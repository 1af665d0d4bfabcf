//! The verdict on a logout message.

use super::{Question, Told, Verdict, conclude};
use crate::hub::Check;
use crate::hub::judge::logout::{ExpectedLogout, Logout, logout};
use crate::saml::Decoded;
use crate::xml::{Document, SAMLP};

/// Whether the root element says that it is a response.
pub(super) fn is_response(xml: &[u8]) -> bool {
    Document::parse(xml).is_ok_and(|document| document.root().is(SAMLP, "LogoutResponse"))
}

pub(super) fn verdict(
    decoded: &Decoded,
    request: Option<bool>,
    question: &Question<'_>,
) -> Verdict {
    let expected = ExpectedLogout {
        request,
        sender: question.peer,
        keys: question.keys,
        former_keys: &[],
        signatures: question.signatures,
        destination: question.destination,
        in_response_to: question.in_response_to,
        now: question.now,
        skew: question.skew,
    };
    let judged = logout(decoded, &expected);
    let made: Vec<Check> = Check::of_logout(judged.is_request).collect();
    conclude(judged.report, judged.message, &made, |signed| Told {
        name_id: match signed.value() {
            Logout::Request(request) => request.name_id.as_ref().map(|name| name.value.clone()),
            Logout::Response(_) => None,
        },
        ..Told::default()
    })
}
