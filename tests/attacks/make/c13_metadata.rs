//! Class 13: metadata. Whoever can change it decides whose keys are trusted.

use super::Case;
use super::craft::{Craft, HERE, cut, signature_of, swap};
use super::party::*;
use time::Duration;
use vejviser::dsig::{self, Digest, SignatureAlgorithm, SigningKey};
use vejviser::saml::metadata::{
    Endpoint, Entity, IdpRole, IndexedEndpoint, KeyDescriptor, KeyUse, SpRole,
};
use vejviser::saml::names;

const ID: &str = "_metadata-1";
/// Whoever signs the federation's metadata.
const SIGNER: &str = "hub";
const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";

fn keys(name: &str, usage: KeyUse) -> Vec<KeyDescriptor> {
    vec![KeyDescriptor {
        usage,
        certificates: vec![certificate(name).to_base64()],
        encryption_methods: Vec::new(),
    }]
}

fn endpoint(binding: &str, location: &str) -> Endpoint {
    Endpoint {
        binding: binding.to_owned(),
        location: location.to_owned(),
        response_location: None,
    }
}

fn idp() -> Entity {
    Entity {
        entity_id: IDP.to_owned(),
        id: Some(ID.to_owned()),
        valid_until: Some(NOW + Duration::days(7)),
        idp: Some(IdpRole {
            want_authn_requests_signed: true,
            keys: keys(IDP_KEY, KeyUse::Signing),
            single_sign_on: vec![endpoint(
                names::binding::REDIRECT,
                "https://idp.eksempelstrup.example/sso",
            )],
            single_logout: vec![endpoint(
                names::binding::POST,
                "https://idp.eksempelstrup.example/slo",
            )],
            ..IdpRole::default()
        }),
        sp: None,
        organization: None,
    }
}

fn sp() -> Entity {
    Entity {
        entity_id: SYSTEM.to_owned(),
        id: Some(ID.to_owned()),
        valid_until: None,
        idp: None,
        sp: Some(SpRole {
            authn_requests_signed: true,
            want_assertions_signed: true,
            keys: keys(SYSTEM_KEY, KeyUse::Both),
            assertion_consumer: vec![IndexedEndpoint {
                endpoint: endpoint(names::binding::POST, SYSTEM_ACS),
                index: 0,
                is_default: Some(true),
            }],
            ..SpRole::default()
        }),
        organization: None,
    }
}

fn signed_by(key: &SigningKey, entity: &Entity) -> String {
    let element = entity.to_element();
    dsig::sign(&element, ID, dsig::Place::First, key)
        .as_str()
        .to_owned()
}

fn bare(entity: &Entity) -> String {
    entity.to_element().render().as_str().to_owned()
}

/// Any text of metadata with a place for the signature behind its first tag.
fn open(text: &str) -> String {
    let at = text.find('>').unwrap() + 1;
    [&text[..at], HERE, &text[at..]].concat()
}

fn crafted(text: &str) -> String {
    Craft::new(ID, key(SIGNER)).sign(&open(text), ID)
}

fn group(content: &str) -> String {
    format!(
        "<md:EntitiesDescriptor xmlns:md=\"{MD}\" ID=\"{ID}\">{content}</md:EntitiesDescriptor>"
    )
}

fn about(name: &str, expect: &str, why: &str, message: impl Into<Vec<u8>>) -> Case {
    case(
        &format!("13-{name}"),
        "metadata",
        "xml",
        expect,
        why,
        message,
    )
    .set("peer", IDP)
    .set("peer-key", SIGNER)
}

fn bent(name: &str, expect: &str, why: &str, bend: impl FnOnce(&mut Entity)) -> Case {
    let mut entity = idp();
    bend(&mut entity);
    about(name, expect, why, signed_by(&key(SIGNER), &entity))
}

fn sso(entity: &mut Entity, location: &str) {
    entity.idp.as_mut().unwrap().single_sign_on[0].location = location.to_owned();
}

pub fn cases() -> Vec<Case> {
    let mut cases = accepted();
    cases.extend(contents());
    cases.extend(signatures());
    cases
}

/// One entity for an aggregate: without the ID that the aggregate has.
fn member(mut entity: Entity) -> String {
    entity.id = None;
    bare(&entity)
}

fn accepted() -> Vec<Case> {
    let pss = SignatureAlgorithm::RsaPss(Digest::Sha256);
    vec![
        about(
            "accept-idp",
            "accept",
            "Signed metadata of an IdP.",
            signed_by(&key(SIGNER), &idp()),
        ),
        about(
            "accept-system",
            "accept",
            "Signed metadata of a system.",
            signed_by(&key(SIGNER), &sp()),
        )
        .set("peer", SYSTEM),
        about(
            "accept-aggregate",
            "accept",
            "A signed aggregate, in which the expected party is one of several.",
            crafted(&group(&format!("{}{}", member(idp()), member(sp())))),
        ),
        about(
            "accept-pss",
            "accept",
            "Signed with RSA-PSS.",
            Craft::by(ID, key(SIGNER), pss).sign(&open(&bare(&idp())), ID),
        )
        .chance(),
        about(
            "accept-ecdsa",
            "accept",
            "Signed with ECDSA on P-256.",
            Craft::by(ID, p256_key(), SignatureAlgorithm::Ecdsa(Digest::Sha256))
                .sign(&open(&bare(&idp())), ID),
        )
        .set("peer-key", "p256")
        .chance(),
        about(
            "accept-bom",
            "accept",
            "A byte order mark, which AD FS writes, belongs to the file.",
            format!("\u{FEFF}{}", signed_by(&key(SIGNER), &idp())),
        ),
        bent(
            "accept-two-certificates",
            "accept",
            "Two signing certificates, as during a change of keys.",
            |e| {
                e.idp
                    .as_mut()
                    .unwrap()
                    .keys
                    .extend(keys(OTHER_KEY, KeyUse::Signing))
            },
        ),
        bent(
            "accept-key-for-both",
            "accept",
            "A KeyDescriptor without use is for signing, too.",
            |e| e.idp.as_mut().unwrap().keys = keys(IDP_KEY, KeyUse::Both),
        ),
    ]
}

fn contents() -> Vec<Case> {
    let twice = |other: Entity| crafted(&group(&format!("{}{}", member(idp()), member(other))));
    let mut with_other_key = idp();
    with_other_key.idp.as_mut().unwrap().keys = keys(ATTACKER_KEY, KeyUse::Signing);
    let good = signed_by(&key(SIGNER), &idp());
    let text = bare(&idp());
    let no_keys = |usage: &'static str| {
        move |e: &mut Entity| {
            let role = e.idp.as_mut().unwrap();
            match usage {
                "none" => role.keys.clear(),
                "encryption" => role.keys = keys(IDP_KEY, KeyUse::Encryption),
                _ => role.keys[0].certificates = vec!["AAAA".to_owned()],
            }
        }
    };
    vec![
        about(
            "doctype",
            "MD-001",
            "A document type declaration.",
            format!("<!DOCTYPE x>{good}"),
        ),
        about(
            "no-metadata",
            "MD-001",
            "A Response where metadata should be.",
            plain(|_, _| {}),
        )
        .also("MD-002"),
        about(
            "no-role",
            "MD-001",
            "An entity without any role.",
            crafted(&format!(
                "<md:EntityDescriptor xmlns:md=\"{MD}\" ID=\"{ID}\" entityID=\"{IDP}\"></md:EntityDescriptor>"
            )),
        ),
        about(
            "empty-aggregate",
            "MD-001",
            "An aggregate of nobody.",
            crafted(&group("")),
        ),
        about(
            "use-unknown",
            "MD-001",
            "A key for a use that SAML does not know.",
            crafted(&swap(&text, "use=\"signing\"", "use=\"everything\"")),
        ),
        about(
            "two-roles",
            "MD-001",
            "The role of identity provider twice: which keys hold?",
            {
                let role = cut(&text, "<md:IDPSSODescriptor", "</md:IDPSSODescriptor>").to_owned();
                crafted(&swap(&text, &role, &role.repeat(2)))
            },
        ),
        about(
            "entity-id-empty",
            "MD-001",
            "An empty entityID.",
            crafted(&text.replace(IDP, "")),
        ),
        about(
            "duplicate-entity",
            "MD-004",
            "The same entityID twice.",
            twice(idp()),
        ),
        about(
            "duplicate-entity-other-key",
            "MD-004",
            "The same entityID again, with the attacker's key.",
            twice(with_other_key),
        ),
        bent(
            "entity-other",
            "MD-005",
            "Metadata of another party than expected.",
            |e| e.entity_id = OTHER_IDP.to_owned(),
        ),
        bent(
            "entity-slash",
            "MD-005",
            "The entityID has a slash too many at its end.",
            |e| e.entity_id.push('/'),
        ),
        about(
            "entity-not-in-aggregate",
            "MD-005",
            "An aggregate in which the expected party is not.",
            crafted(&group(&member(sp()))),
        ),
        bent("expired", "MD-006", "The metadata has expired.", |e| {
            e.valid_until = Some(NOW - Duration::seconds(1))
        }),
        bent(
            "expired-now",
            "MD-006",
            "The metadata expires at this very moment.",
            |e| e.valid_until = Some(NOW),
        ),
        about(
            "expired-role",
            "MD-006",
            "Only the role has expired.",
            crafted(&swap(
                &text,
                "<md:IDPSSODescriptor",
                "<md:IDPSSODescriptor validUntil=\"2026-11-21T11:00:00Z\"",
            )),
        ),
        about(
            "expired-aggregate",
            "MD-006",
            "Only the aggregate around the party has expired.",
            crafted(&swap(
                &group(&member(idp())),
                " ID=",
                " validUntil=\"2026-11-21T11:00:00Z\" ID=",
            )),
        ),
        bent("http", "MD-007", "An endpoint without TLS.", |e| {
            sso(e, "http://idp.eksempelstrup.example/sso")
        }),
        bent(
            "javascript",
            "MD-007",
            "An endpoint that is a script.",
            |e| sso(e, "javascript:alert(1)"),
        ),
        bent(
            "line-break",
            "MD-007",
            "An endpoint with a line break, which would become a header.",
            |e| sso(e, "https://idp.eksempelstrup.example/\r\nX: y"),
        ),
        bent(
            "response-location-http",
            "MD-007",
            "A ResponseLocation without TLS.",
            |e| {
                e.idp.as_mut().unwrap().single_logout[0].response_location =
                    Some("http://idp.eksempelstrup.example/slo".to_owned())
            },
        ),
        bent(
            "no-key",
            "MD-008",
            "No key at all: nothing of this party could ever be trusted.",
            no_keys("none"),
        ),
        bent(
            "only-encryption-key",
            "MD-008",
            "Only a key for encryption.",
            no_keys("encryption"),
        ),
        bent(
            "certificate-broken",
            "MD-008",
            "The certificate cannot be read.",
            no_keys("broken"),
        ),
    ]
}

fn signatures() -> Vec<Case> {
    let good = signed_by(&key(SIGNER), &idp());
    let signature = signature_of(&good).to_owned();
    let text = bare(&idp());
    let attackers = {
        let mut entity = idp();
        entity.id = Some("_evil-1".to_owned());
        entity.idp.as_mut().unwrap().keys = keys(ATTACKER_KEY, KeyUse::Signing);
        open(&bare(&entity))
    };
    let forged = |name: &str, why: &str, message: String| about(name, "MD-003", why, message);
    vec![
        about("unsigned", "MD-002", "Metadata that nobody signed.", text.clone()),
        about("no-trusted-key", "no-trusted-key", "Signed, and nobody said by whom it must be.", good.clone()).without("peer-key"),
        forged("other-signer", "Signed by somebody else.", signed_by(&key(ATTACKER_KEY), &idp())),
        forged("signed-by-itself", "Signed with the key that stands in it.", signed_by(&key(IDP_KEY), &idp())),
        forged("key-changed", "The certificate in it was changed after signing.",
            swap(&good, &certificate(IDP_KEY).to_base64(), &certificate(ATTACKER_KEY).to_base64())),
        forged("sha1", "Signed with RSA and SHA-1.",
            Craft::by(ID, key(SIGNER), SignatureAlgorithm::RsaPkcs1(Digest::Sha1)).sign(&open(&text), ID)),
        about("signature-at-the-end", "MD-001", "The signature stands at the end; the schema has it first.", {
            let end = "</md:EntityDescriptor>";
            swap(&text, end, &format!("{signature}{end}"))
        }).also("MD-003"),
        about("xsw-original-in-extensions", "MD-003", "The descriptor that was signed lies in the Extensions of another one, which carries its signature.",
            swap(&attackers, HERE, &format!("{signature}<md:Extensions>{text}</md:Extensions>"))).also("MD-004"),
        about("xsw-original-in-object", "MD-003", "The descriptor that was signed lies in an Object of the signature.",
            swap(&attackers, HERE, &swap(&signature, "</ds:Signature>", &format!("<ds:Object>{text}</ds:Object></ds:Signature>")))).also("MD-004"),
        about("xsw-signed-member", "MD-002", "An aggregate that nobody signed, with a signed descriptor in it and a forged one.", {
            let forged = swap(&attackers, HERE, "").replace(IDP, OTHER_IDP);
            group(&format!("{good}{forged}")).replacen(&format!(" ID=\"{ID}\""), "", 1)
        }),
    ]
}
