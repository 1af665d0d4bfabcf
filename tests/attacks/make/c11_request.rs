//! Class 11: AuthnRequests. Here the attacker is a system, or whoever bends a link.

use super::Case;
use super::craft::{Craft, base64, open, signature_of, swap};
use super::party::*;
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use std::io::Write;
use time::{Duration, OffsetDateTime};
use vejviser::dsig::{self, Digest, SignatureAlgorithm, SigningKey, sign_query};
use vejviser::saml::{AuthnRequest, NameIdPolicy, RequestedAuthnContext, Scoping, names};

pub fn request() -> AuthnRequest {
    AuthnRequest {
        destination: Some(ISSUE.to_owned()),
        issuer: Some(SYSTEM.to_owned()),
        protocol_binding: Some(names::binding::POST.to_owned()),
        acs_url: Some(SYSTEM_ACS.to_owned()),
        ..AuthnRequest::new(REQUEST, NOW)
    }
}

pub fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `SAMLRequest=…&RelayState=…`, not signed yet.
pub fn query(field: &str, xml: &str) -> String {
    query_of(field, &base64(&deflated(xml.as_bytes())))
}

fn query_of(field: &str, message: &str) -> String {
    format!("{field}={}&RelayState=sag-17%2F4", percent(message))
}

pub fn link(query: &str) -> String {
    format!("{ISSUE}?{query}")
}

/// A case about what a system sent, with everything given that there is to judge it by.
fn asked(name: &str, input: &str, expect: &str, why: &str, message: impl Into<Vec<u8>>) -> Case {
    case(name, "request", input, expect, why, message)
        .set("profile", "oiosaml3")
        .set("peer", SYSTEM)
        .set("peer-key", SYSTEM_KEY)
        .set("acs", SYSTEM_ACS)
        .set("destination", ISSUE)
}

fn xml(bend: impl FnOnce(&mut AuthnRequest)) -> String {
    let mut request = request();
    bend(&mut request);
    request.to_element().render().as_str().to_owned()
}

/// The request by Redirect, signed by the system.
fn redirect(bend: impl FnOnce(&mut AuthnRequest)) -> String {
    link(&sign_query(
        &query("SAMLRequest", &xml(bend)),
        &key(SYSTEM_KEY),
    ))
}

fn posted(xml: &str) -> String {
    format!(
        "SAMLRequest={}&RelayState=sag-17%2F4",
        percent(&base64(xml.as_bytes()))
    )
}

/// The request by POST, signed by `key`.
fn post_xml(key: &SigningKey) -> String {
    let element = request().to_element();
    dsig::sign(&element, REQUEST, dsig::Place::AfterIssuer, key)
        .as_str()
        .to_owned()
}

fn at(seconds: i64) -> OffsetDateTime {
    NOW + Duration::seconds(seconds)
}

pub fn cases() -> Vec<Case> {
    let mut cases = accepted();
    cases.extend(contents());
    cases.extend(queries());
    cases.extend(encodings());
    cases.extend(posts());
    cases
}

fn accepted() -> Vec<Case> {
    let bare = query("SAMLRequest", &xml(|_| {}));
    let fine = |name: &str, input: &str, why: &str, message: String| {
        asked(&format!("11-accept-{name}"), input, "accept", why, message)
    };
    let by = |algorithm| key(SYSTEM_KEY).with_algorithm(algorithm).unwrap();
    let requested = |comparison, class: &str| RequestedAuthnContext {
        comparison,
        class_refs: vec![class.to_owned()],
        decl_refs: Vec::new(),
    };
    vec![
        fine("redirect", "url", "A signed AuthnRequest by Redirect.", redirect(|_| {})),
        fine("post", "form", "A signed AuthnRequest by POST.", posted(&post_xml(&key(SYSTEM_KEY)))),
        fine("redirect-pss", "url", "By Redirect, signed with RSA-PSS.",
            link(&sign_query(&bare, &by(SignatureAlgorithm::RsaPss(Digest::Sha256))))).chance(),
        fine("redirect-ecdsa", "url", "By Redirect, signed with ECDSA on P-256.",
            link(&sign_query(&bare, &p256_key()))).set("peer-key", "p256").chance(),
        fine("other-order", "url", "The parameters stand in another order; what is signed has an order of its own.", {
            let signed = sign_query(&bare, &key(SYSTEM_KEY));
            let mut parts: Vec<&str> = signed.split('&').collect();
            parts.reverse();
            link(&parts.join("&"))
        }),
        fine("other-parameter", "url", "A parameter that is not SAML's is not looked at.",
            format!("{}&utm_source=intranet", redirect(|_| {}))),
        fine("lower-case-escapes", "url", "The sender writes %2f where others write %2F, and signed it so.",
            link(&sign_query(&bare.replace("%2F", "%2f").replace("%2B", "%2b"), &key(SYSTEM_KEY)))),
        fine("default-address", "url", "Without an answer address the registered default one holds.",
            redirect(|r| r.acs_url = None)),
        fine("password-context", "url", "php-saml and node-saml ask for PasswordProtectedTransport by default; that is no level, and is warned about.",
            redirect(|r| r.requested_authn_context = Some(requested(None, names::PASSWORD_PROTECTED_TRANSPORT))))
            .set("warns", "SYS-Q-012"),
        fine("name-id-policy", "url", "A NameIDPolicy for another format is noted and not followed.",
            redirect(|r| r.name_id_policy = Some(NameIdPolicy { format: Some(names::name_id::PERSISTENT.into()), allow_create: None })))
            .set("warns", "SYS-Q-013"),
        fine("within-five-minutes", "url", "A request of almost five minutes ago: people press “back”.",
            redirect(|r| r.issue_instant = at(-300))),
    ]
}

fn contents() -> Vec<Case> {
    let bent = |name: &str, expect: &str, why: &str, bend: fn(&mut AuthnRequest)| {
        asked(&format!("11-{name}"), "url", expect, why, redirect(bend))
    };
    let foreign = |name: &str, why: &str, url: &str| {
        let url = url.to_owned();
        asked(
            &format!("11-acs-{name}"),
            "url",
            "SYS-Q-009",
            why,
            redirect(|r| r.acs_url = Some(url)),
        )
    };
    vec![
        bent(
            "issuer-unknown",
            "SYS-Q-002",
            "The Issuer is not the system, only nearly.",
            |r| r.issuer = Some(format!("{SYSTEM}/")),
        ),
        bent("issuer-missing", "SYS-Q-002", "There is no Issuer.", |r| {
            r.issuer = None
        }),
        bent("version", "SYS-Q-006", "A request of SAML 1.1.", |r| {
            r.version = "1.1".into()
        }),
        bent(
            "destination-other",
            "SYS-Q-007",
            "The request was made for another hub.",
            |r| r.destination = Some("https://other.example/runtime/saml2/issue.idp".into()),
        ),
        bent(
            "destination-slash",
            "SYS-Q-007",
            "The Destination has a slash too many at its end.",
            |r| r.destination = Some(format!("{ISSUE}/")),
        ),
        bent(
            "destination-missing",
            "SYS-Q-007",
            "A signed request must say where it goes.",
            |r| r.destination = None,
        ),
        bent(
            "stale",
            "SYS-Q-008",
            "The request is older than five minutes.",
            |r| r.issue_instant = at(-301),
        ),
        bent(
            "from-the-future",
            "SYS-Q-008",
            "The request is from four minutes ahead.",
            |r| r.issue_instant = at(240),
        ),
        bent(
            "acs-index-unknown",
            "SYS-Q-009",
            "An index that is not registered.",
            |r| {
                r.acs_url = None;
                r.acs_index = Some(7);
            },
        ),
        bent(
            "acs-both",
            "SYS-Q-009",
            "An answer address and an index at once: which of them counts?",
            |r| r.acs_index = Some(0),
        ),
        bent(
            "binding-artifact",
            "SYS-Q-010",
            "The system asks for its answer by artifact.",
            |r| r.protocol_binding = Some(names::binding::ARTIFACT.into()),
        ),
        bent(
            "binding-redirect",
            "SYS-Q-010",
            "The system asks for its answer by Redirect: the assertion would stand in an address.",
            |r| r.protocol_binding = Some(names::binding::REDIRECT.into()),
        ),
        bent(
            "proxy-count",
            "SYS-Q-011",
            "ProxyCount=0 forbids to pass the login on, which is all that the hub does.",
            |r| {
                r.scoping = Some(Scoping {
                    proxy_count: Some(0),
                    ..Scoping::default()
                });
            },
        ),
        foreign(
            "other-host",
            "The answer should go to the attacker.",
            "https://evil.example/acs",
        ),
        foreign(
            "javascript",
            "The answer's address is a script.",
            "javascript:alert(document.domain)",
        ),
        foreign(
            "data",
            "The answer's address is a page of the attacker's.",
            "data:text/html,<form>",
        ),
        foreign(
            "http",
            "The registered address without TLS.",
            "http://sag.example/acs",
        ),
        foreign(
            "query",
            "The registered address with a query.",
            "https://sag.example/acs?next=https://evil.example",
        ),
        foreign(
            "user",
            "The registered host is only the user name.",
            "https://sag.example@evil.example/acs",
        ),
        foreign(
            "prefix",
            "The registered address is only the beginning.",
            "https://sag.example/acs.evil",
        ),
        foreign(
            "path",
            "The registered address after going up.",
            "https://sag.example/x/../acs",
        ),
        foreign(
            "port",
            "The registered host on another port.",
            "https://sag.example:8443/acs",
        ),
        foreign(
            "case",
            "The registered address in other letters.",
            "https://sag.example/ACS",
        ),
        foreign("empty", "The answer address is empty.", ""),
    ]
}

/// What happens to a link on its way.
fn queries() -> Vec<Case> {
    let bare = query("SAMLRequest", &xml(|_| {}));
    let good = sign_query(&bare, &key(SYSTEM_KEY));
    let forged = |name: &str, why: &str, query: &str| {
        asked(
            &format!("11-query-{name}"),
            "url",
            "SYS-Q-005",
            why,
            link(query),
        )
    };
    let unreadable = |name: &str, why: &str, query: &str| {
        asked(
            &format!("11-query-{name}"),
            "url",
            "SYS-Q-001",
            why,
            link(query),
        )
    };
    let parameter = |name: &str| {
        good.split('&')
            .find(|part| part.starts_with(name))
            .unwrap()
            .to_owned()
    };
    let (message, state, algorithm, signature) = (
        parameter("SAMLRequest="),
        parameter("RelayState="),
        parameter("SigAlg="),
        parameter("Signature="),
    );
    let other = query("SAMLRequest", &xml(|r| r.id = "_request-2".into()));
    let other = other.split('&').next().unwrap();
    let sha1 = SignatureAlgorithm::RsaPkcs1(Digest::Sha1);
    vec![
        asked(
            "11-query-unsigned",
            "url",
            "SYS-Q-003",
            "A request that nobody signed.",
            link(&bare),
        ),
        asked(
            "11-query-no-key",
            "url",
            "no-trusted-key",
            "The request is good, and no key of its sender is registered.",
            link(&good),
        )
        .without("peer-key"),
        forged(
            "other-key",
            "Signed with a key that is not the system's.",
            &sign_query(&bare, &key(ATTACKER_KEY)),
        ),
        forged(
            "other-message",
            "The signature of one request under another one.",
            &good.replace(&message, other),
        ),
        forged(
            "relay-state-changed",
            "RelayState was changed after signing.",
            &good.replace(&state, "RelayState=other"),
        ),
        forged(
            "relay-state-removed",
            "RelayState was taken out after signing.",
            &good.replace(&format!("&{state}"), ""),
        ),
        forged(
            "relay-state-added",
            "RelayState was put in after signing.",
            &format!("{}&RelayState=x", sign_query(&message, &key(SYSTEM_KEY))),
        ),
        forged(
            "re-encoded",
            "Somebody on the way decoded the parameters and encoded them again, in lower case: the signature is over the octets that were sent.",
            &swap(
                &good,
                &message,
                &message
                    .replace("%2B", "%2b")
                    .replace("%2F", "%2f")
                    .replace("%3D", "%3d"),
            ),
        ),
        forged(
            "re-encoded-state",
            "RelayState was encoded again in another way.",
            &good.replace("sag-17%2F4", "sag-17/4"),
        ),
        forged(
            "sha1",
            "Signed with RSA and SHA-1.",
            &sign_query(&bare, &key(SYSTEM_KEY).with_algorithm(sha1).unwrap()),
        ),
        forged(
            "algorithm-renamed",
            "SigAlg was changed to SHA-1, the signature was not.",
            &good.replace(&algorithm, &format!("SigAlg={}", percent(sha1.uri()))),
        ),
        forged(
            "algorithm-unknown",
            "A SigAlg that nobody knows.",
            &good.replace(&algorithm, "SigAlg=none"),
        ),
        forged(
            "signature-empty",
            "An empty Signature.",
            &good.replace(&signature, "Signature="),
        ),
        forged(
            "hmac",
            "SigAlg says HMAC.",
            &good.replace(
                &algorithm,
                &format!(
                    "SigAlg={}",
                    percent("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
                ),
            ),
        ),
        unreadable(
            "algorithm-missing",
            "Signature without SigAlg.",
            &good.replace(&format!("&{algorithm}"), ""),
        ),
        unreadable(
            "signature-missing",
            "SigAlg without Signature.",
            &good.replace(&format!("&{signature}"), ""),
        ),
        unreadable(
            "message-twice",
            "SAMLRequest twice: one is verified, the other one read.",
            &format!("{good}&{other}"),
        ),
        unreadable(
            "state-twice",
            "RelayState twice.",
            &format!("{good}&RelayState=x"),
        ),
        unreadable(
            "algorithm-twice",
            "SigAlg twice.",
            &format!("{good}&{algorithm}"),
        ),
        unreadable(
            "signature-twice",
            "Signature twice.",
            &format!("{good}&{signature}"),
        ),
        unreadable(
            "both-messages",
            "SAMLRequest and SAMLResponse at once.",
            &format!("{good}&SAMLResponse=AA"),
        ),
        unreadable(
            "name-in-disguise",
            "SAMLRequest is written SAML%52equest, which somebody before us may have read otherwise.",
            &swap(&good, "SAMLRequest", "SAML%52equest"),
        ),
        unreadable(
            "as-response",
            "The request comes as SAMLResponse.",
            &sign_query(&query("SAMLResponse", &xml(|_| {})), &key(SYSTEM_KEY)),
        ),
        unreadable(
            "encoding",
            "SAMLEncoding says something else than DEFLATE.",
            &format!("{good}&SAMLEncoding=urn%3Ax"),
        ),
        unreadable(
            "control-character",
            "RelayState has a line break, which would become a header.",
            &sign_query(
                &format!("{message}&RelayState=a%0d%0aSet-Cookie:%20x"),
                &key(SYSTEM_KEY),
            ),
        ),
        unreadable(
            "plus-not-escaped",
            "A plus sign of the base64 is not escaped, so it arrives as a blank.",
            &sign_query("SAMLRequest=fVJN+b9swDL3&RelayState=x", &key(SYSTEM_KEY)),
        ),
    ]
}

/// Octets that are no message.
fn encodings() -> Vec<Case> {
    let text = xml(|_| {});
    let unreadable = |name: &str, why: &str, message: &[u8]| {
        let query = query_of("SAMLRequest", &base64(message));
        asked(
            &format!("11-{name}"),
            "url",
            "SYS-Q-001",
            why,
            link(&sign_query(&query, &key(SYSTEM_KEY))),
        )
    };
    let zlib = {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let good = deflated(text.as_bytes());
    let raw = |name: &str, why: &str, value: &str| {
        let query = format!("SAMLRequest={value}&RelayState=x");
        asked(
            &format!("11-{name}"),
            "url",
            "SYS-Q-001",
            why,
            link(&sign_query(&query, &key(SYSTEM_KEY))),
        )
    };
    let plain = base64(&good);
    vec![
        unreadable(
            "deflate-bomb",
            "Three kilobytes that become two million octets.",
            &deflated(format!("{text}{}", " ".repeat(2_000_000)).as_bytes()),
        ),
        unreadable(
            "deflate-trailing",
            "Something follows the compressed message.",
            &[&good[..], b"trailing"].concat(),
        ),
        unreadable(
            "deflate-cut-off",
            "The compressed message was cut off.",
            &good[..good.len() / 2],
        ),
        unreadable(
            "deflate-zlib",
            "Compressed with the header of zlib, which the binding does not have.",
            &zlib,
        ),
        unreadable("deflate-none", "Not compressed at all.", text.as_bytes()),
        unreadable("deflate-empty", "An empty message.", b""),
        unreadable(
            "deflate-doctype",
            "A document type declaration in the request.",
            &deflated(format!("<!DOCTYPE x>{text}").as_bytes()),
        ),
        unreadable(
            "deflate-no-request",
            "Something else than an AuthnRequest.",
            &deflated(plain_response().as_bytes()),
        ),
        raw(
            "base64-url",
            "Base64 in the alphabet for addresses.",
            &plain
                .replace('+', "-")
                .replace('/', "_")
                .replace('=', "%3D"),
        ),
        raw(
            "base64-unpadded",
            "Base64 cut short.",
            &percent(&plain[..plain.len() - 3]),
        ),
        raw(
            "base64-junk",
            "A character that is not base64.",
            &percent(&format!("*{plain}")),
        ),
        raw(
            "percent-broken",
            "A percent sign without its two digits.",
            &format!("{}%4", percent(&plain)),
        ),
    ]
}

fn plain_response() -> String {
    plain(|_, _| {})
}

/// The binding in which the message carries its signature itself.
fn posts() -> Vec<Case> {
    let good = post_xml(&key(SYSTEM_KEY));
    let signature = signature_of(&good).to_owned();
    let bare = swap(&good, &signature, "");
    let case = |name: &str, expect: &str, why: &str, text: &str| {
        asked(
            &format!("11-post-{name}"),
            "form",
            expect,
            why,
            posted(text),
        )
    };
    let evil = open(&xml(|r| {
        r.id = "_evil-1".into();
        r.force_authn = Some(true);
    }));
    let with = |signature: &str| swap(&evil, "@signature@", signature);
    vec![
        case(
            "unsigned",
            "SYS-Q-003",
            "A request by POST that nobody signed.",
            &bare,
        ),
        case(
            "other-key",
            "SYS-Q-005",
            "Signed with a key that is not the system's.",
            &post_xml(&key(ATTACKER_KEY)),
        ),
        case(
            "changed",
            "SYS-Q-005",
            "ForceAuthn was put in after signing.",
            &swap(&good, " ID=", " ForceAuthn=\"true\" ID="),
        ),
        case(
            "xsw-original-in-extensions",
            "SYS-Q-005",
            "The request that was signed lies in the Extensions of another one, which carries its signature.",
            &with(&format!(
                "{signature}<samlp:Extensions>{bare}</samlp:Extensions>"
            )),
        ),
        case(
            "xsw-original-in-object",
            "SYS-Q-005",
            "The request that was signed lies in an Object of the signature.",
            &with(&swap(
                &signature,
                "</ds:Signature>",
                &format!("<ds:Object>{bare}</ds:Object></ds:Signature>"),
            )),
        ),
        case(
            "xsw-signed-in-extensions",
            "SYS-Q-003",
            "The whole signed request lies in the Extensions of an unsigned one.",
            &with(&format!("<samlp:Extensions>{good}</samlp:Extensions>")),
        ),
        case(
            "same-id",
            "SYS-Q-001",
            "The request that was signed lies in another one of the same ID.",
            &with(&format!(
                "{signature}<samlp:Extensions>{bare}</samlp:Extensions>"
            ))
            .replace("_evil-1", REQUEST),
        ),
        case(
            "sha1",
            "SYS-Q-005",
            "Signed with RSA and SHA-1.",
            &Craft::by(
                REQUEST,
                key(SYSTEM_KEY),
                SignatureAlgorithm::RsaPkcs1(Digest::Sha1),
            )
            .sign(&open(&bare), REQUEST),
        ),
        case(
            "signature-at-the-end",
            "SYS-Q-001",
            "The signature stands at the end.",
            &swap(
                &bare,
                "</samlp:AuthnRequest>",
                &format!("<samlp:Scoping></samlp:Scoping>{signature}</samlp:AuthnRequest>"),
            ),
        ),
        asked(
            "11-post-simple-sign",
            "form",
            "SYS-Q-003",
            "The signature stands in the form (POST-SimpleSign), a binding that the hub does not have.",
            sign_query(&posted(&bare), &key(SYSTEM_KEY)),
        ),
        asked(
            "11-post-message-twice",
            "form",
            "SYS-Q-001",
            "SAMLRequest twice.",
            format!("{}&SAMLRequest=AA", posted(&good)),
        ),
        asked(
            "11-redirect-bad-signature-inside",
            "url",
            "SYS-Q-005",
            "The query is signed well, and inside stands a signature of somebody else: any bad signature refuses the message.",
            link(&sign_query(
                &query("SAMLRequest", &post_xml(&key(ATTACKER_KEY))),
                &key(SYSTEM_KEY),
            )),
        ),
        asked(
            "11-redirect-signature-only-inside",
            "url",
            "SYS-Q-003",
            "By Redirect, and signed only inside: this binding signs the query.",
            link(&query("SAMLRequest", &good)),
        ),
    ]
}
