//! Class 12: logout. A forged LogoutRequest logs somebody else out; a forged LogoutResponse tells the user
//! that all is well.

use super::Case;
use super::c11_request::{percent, query};
use super::craft::{Craft, base64, open, signature_of, swap};
use super::party::*;
use time::{Duration, OffsetDateTime};
use vejviser::dsig::{self, Digest, SignatureAlgorithm, SigningKey, sign_query};
use vejviser::saml::{LogoutRequest, LogoutResponse, NameId, Status, names};

const SLO: &str = "https://hub.example/runtime/saml2/issue.idp";
const ANSWERS: &str = "https://hub.example/runtime/saml2auth/signoffresponse.idp";
const ID: &str = "_logout-1";

fn request() -> LogoutRequest {
    LogoutRequest {
        id: ID.to_owned(),
        version: "2.0".to_owned(),
        issue_instant: NOW,
        destination: Some(SLO.to_owned()),
        consent: None,
        issuer: Some(SYSTEM.to_owned()),
        issuer_format: None,
        reason: None,
        not_on_or_after: Some(at(300)),
        name_id: Some(NameId {
            value: USER.to_owned(),
            format: Some(names::name_id::X509_SUBJECT_NAME.to_owned()),
            name_qualifier: None,
            sp_name_qualifier: None,
        }),
        session_indexes: vec!["_session-1".to_owned()],
    }
}

fn response() -> LogoutResponse {
    LogoutResponse {
        id: ID.to_owned(),
        version: "2.0".to_owned(),
        issue_instant: NOW,
        in_response_to: Some(REQUEST.to_owned()),
        destination: Some(ANSWERS.to_owned()),
        consent: None,
        issuer: Some(IDP.to_owned()),
        issuer_format: None,
        status: Status::success(),
    }
}

fn at(seconds: i64) -> OffsetDateTime {
    NOW + Duration::seconds(seconds)
}

fn asked(name: &str, input: &str, expect: &str, why: &str, message: String) -> Case {
    case(
        &format!("12-{name}"),
        "logout-request",
        input,
        expect,
        why,
        message,
    )
    .set("peer", SYSTEM)
    .set("peer-key", SYSTEM_KEY)
    .set("destination", SLO)
}

fn answered(name: &str, input: &str, expect: &str, why: &str, message: String) -> Case {
    case(
        &format!("12-{name}"),
        "logout-response",
        input,
        expect,
        why,
        message,
    )
    .set("peer", IDP)
    .set("peer-key", IDP_KEY)
    .set("destination", ANSWERS)
    .set("in-response-to", REQUEST)
}

fn redirect(bend: impl FnOnce(&mut LogoutRequest)) -> String {
    let mut request = request();
    bend(&mut request);
    let text = request.to_element().render().as_str().to_owned();
    format!(
        "{SLO}?{}",
        sign_query(&query("SAMLRequest", &text), &key(SYSTEM_KEY))
    )
}

fn posted(field: &str, text: &str) -> String {
    format!("{field}={}", percent(&base64(text.as_bytes())))
}

fn signed(key: &SigningKey) -> String {
    let element = request().to_element();
    dsig::sign(&element, ID, dsig::Place::AfterIssuer, key)
        .as_str()
        .to_owned()
}

fn post(text: &str) -> String {
    posted("SAMLRequest", text)
}

fn answer_by_post(key: &SigningKey, bend: impl FnOnce(&mut LogoutResponse)) -> String {
    let mut response = response();
    bend(&mut response);
    let element = response.to_element();
    posted(
        "SAMLResponse",
        dsig::sign(&element, &response.id, dsig::Place::AfterIssuer, key).as_str(),
    )
}

pub fn cases() -> Vec<Case> {
    let mut cases = contents();
    cases.extend(signatures());
    cases.extend(responses());
    cases
}

fn contents() -> Vec<Case> {
    let bent = |name: &str, expect: &str, why: &str, bend: fn(&mut LogoutRequest)| {
        asked(name, "url", expect, why, redirect(bend))
    };
    vec![
        asked(
            "accept-request-redirect",
            "url",
            "accept",
            "A signed LogoutRequest by Redirect.",
            redirect(|_| {}),
        )
        .set("name-id", USER),
        asked(
            "accept-request-post",
            "form",
            "accept",
            "A signed LogoutRequest by POST.",
            post(&signed(&key(SYSTEM_KEY))),
        )
        .set("name-id", USER),
        asked(
            "accept-request-without-session",
            "url",
            "accept",
            "A LogoutRequest for all sessions of the user; that is a warning.",
            redirect(|r| r.session_indexes.clear()),
        )
        .set("name-id", USER)
        .set("warns", "SLO-010"),
        bent(
            "issuer-other",
            "SLO-002",
            "The LogoutRequest names another system as its sender.",
            |r| r.issuer = Some("https://andet.example/saml".into()),
        ),
        bent(
            "issuer-missing",
            "SLO-002",
            "The LogoutRequest does not say who sends it.",
            |r| r.issuer = None,
        ),
        bent(
            "issuer-slash",
            "SLO-002",
            "The Issuer has a slash too many at its end.",
            |r| r.issuer = Some(format!("{SYSTEM}/")),
        ),
        bent("version", "SLO-005", "A LogoutRequest of SAML 1.1.", |r| {
            r.version = "1.1".into()
        }),
        bent(
            "destination-other",
            "SLO-006",
            "The LogoutRequest was made for another hub.",
            |r| r.destination = Some("https://other.example/runtime/saml2/issue.idp".into()),
        ),
        bent(
            "destination-missing",
            "SLO-006",
            "A signed LogoutRequest must say where it goes.",
            |r| r.destination = None,
        ),
        bent(
            "stale",
            "SLO-007",
            "The LogoutRequest is an hour old.",
            |r| {
                r.issue_instant = at(-3600);
                r.not_on_or_after = None;
            },
        ),
        bent(
            "from-the-future",
            "SLO-007",
            "The LogoutRequest is from four minutes ahead.",
            |r| r.issue_instant = at(240),
        ),
        bent(
            "expired",
            "SLO-008",
            "The LogoutRequest says that it has expired.",
            |r| r.not_on_or_after = Some(at(-200)),
        ),
        bent(
            "name-missing",
            "SLO-009",
            "The LogoutRequest does not say whom to log out.",
            |r| r.name_id = None,
        ),
        bent("name-empty", "SLO-009", "The NameID is empty.", |r| {
            r.name_id.as_mut().unwrap().value = String::new()
        }),
        asked(
            "no-logout",
            "form",
            "SLO-001",
            "A Response where a LogoutRequest should be.",
            post(&plain(|_, _| {})),
        ),
        asked(
            "response-as-request",
            "form",
            "SLO-001",
            "A LogoutResponse where a LogoutRequest should be.",
            post(response().to_element().render().as_str()),
        ),
        asked(
            "as-response-field",
            "form",
            "SLO-001",
            "A LogoutRequest that comes as SAMLResponse.",
            posted("SAMLResponse", &signed(&key(SYSTEM_KEY))),
        ),
        asked(
            "doctype",
            "form",
            "SLO-001",
            "A document type declaration.",
            post(&format!("<!DOCTYPE x>{}", signed(&key(SYSTEM_KEY)))),
        ),
        asked(
            "two-names",
            "form",
            "SLO-001",
            "Two NameIDs: which of them is logged out?",
            {
                let text = signed(&key(SYSTEM_KEY));
                let name = super::craft::cut(&text, "<saml:NameID", "</saml:NameID>").to_owned();
                post(&swap(&text, &name, &name.repeat(2)))
            },
        ),
    ]
}

fn signatures() -> Vec<Case> {
    let good = signed(&key(SYSTEM_KEY));
    let signature = signature_of(&good).to_owned();
    let bare = swap(&good, &signature, "");
    let evil = open(&bare.replace(USER, VICTIM).replace(ID, "_evil-1"));
    let with = |signature: &str| swap(&evil, "@signature@", signature);
    let forged = |name: &str, expect: &str, why: &str, text: &str| {
        asked(name, "form", expect, why, post(text))
    };
    let sha1 = SignatureAlgorithm::RsaPkcs1(Digest::Sha1);
    let link = redirect(|_| {});
    vec![
        forged(
            "unsigned",
            "SLO-003",
            "A LogoutRequest that nobody signed: anybody could log the user out.",
            &bare,
        ),
        asked(
            "unsigned-redirect",
            "url",
            "SLO-003",
            "A LogoutRequest by Redirect that nobody signed.",
            format!("{SLO}?{}", query("SAMLRequest", &bare)),
        ),
        forged(
            "other-key",
            "SLO-004",
            "Signed with a key that is not the system's.",
            &signed(&key(ATTACKER_KEY)),
        ),
        forged(
            "name-changed",
            "SLO-004",
            "The name was changed after signing.",
            &swap(&good, "Anna Eksempel", "Borgmester"),
        ),
        forged(
            "sha1",
            "SLO-004",
            "Signed with RSA and SHA-1.",
            &Craft::by(ID, key(SYSTEM_KEY), sha1).sign(&open(&bare), ID),
        ),
        forged(
            "xsw-original-in-extensions",
            "SLO-004",
            "The request that was signed lies in the Extensions of another one.",
            &with(&format!(
                "{signature}<samlp:Extensions>{bare}</samlp:Extensions>"
            )),
        ),
        forged(
            "xsw-original-in-object",
            "SLO-004",
            "The request that was signed lies in an Object of the signature.",
            &with(&swap(
                &signature,
                "</ds:Signature>",
                &format!("<ds:Object>{bare}</ds:Object></ds:Signature>"),
            )),
        ),
        forged(
            "xsw-signed-in-extensions",
            "SLO-003",
            "The whole signed request lies in an unsigned one.",
            &with(&format!("<samlp:Extensions>{good}</samlp:Extensions>")),
        ),
        forged(
            "xsw-same-id",
            "SLO-001",
            "The request that was signed lies in another one of the same ID.",
            &with(&format!(
                "{signature}<samlp:Extensions>{bare}</samlp:Extensions>"
            ))
            .replace("_evil-1", ID),
        ),
        asked(
            "redirect-changed",
            "url",
            "SLO-004",
            "RelayState was put in after signing.",
            format!("{link}&x=1").replace("&RelayState=", "&RelayState=x"),
        ),
        asked(
            "no-key",
            "url",
            "no-trusted-key",
            "The LogoutRequest is good, and no key of its sender is registered.",
            link,
        )
        .without("peer-key"),
    ]
}

fn responses() -> Vec<Case> {
    let idp = key(IDP_KEY);
    let bent = |name: &str, expect: &str, why: &str, bend: fn(&mut LogoutResponse)| {
        answered(name, "form", expect, why, answer_by_post(&idp, bend))
    };
    vec![
        bent(
            "accept-response",
            "accept",
            "A signed LogoutResponse.",
            |_| {},
        ),
        bent(
            "response-to-another-request",
            "SLO-011",
            "The LogoutResponse answers another request.",
            |r| r.in_response_to = Some("_request-0".into()),
        ),
        bent(
            "response-to-nothing",
            "SLO-011",
            "The LogoutResponse answers no request.",
            |r| r.in_response_to = None,
        ),
        bent(
            "response-issuer",
            "SLO-002",
            "The LogoutResponse is another IdP's.",
            |r| r.issuer = Some(OTHER_IDP.into()),
        ),
        bent(
            "response-destination",
            "SLO-006",
            "The LogoutResponse was made for another hub.",
            |r| r.destination = Some(SLO.into()),
        ),
        bent(
            "response-status",
            "SLO-012",
            "The IdP did not log the user out.",
            |r| r.status = Status::refusal(names::status::RESPONDER, None, "no"),
        ),
        answered(
            "response-unsigned",
            "form",
            "SLO-003",
            "A LogoutResponse that nobody signed.",
            posted("SAMLResponse", response().to_element().render().as_str()),
        ),
        answered(
            "response-other-key",
            "form",
            "SLO-004",
            "A LogoutResponse, signed by another IdP.",
            answer_by_post(&key(OTHER_KEY), |_| {}),
        ),
        answered(
            "request-as-response",
            "form",
            "SLO-001",
            "A LogoutRequest where a LogoutResponse should be.",
            posted("SAMLResponse", request().to_element().render().as_str()),
        ),
    ]
}
