//! `OIDCBrugervendtSystem` of CH.json: judged, stored and returned; the hub speaks no OpenID Connect.

use super::roles::{mappings_contradict, mappings_fit};
use super::{Body, Object, RoleMapping, twice};
use crate::oiosaml::Cvr;
use crate::registry::shape::{Shape, Value, may, must};
use crate::registry::{Content, Judge, Kind, Reason};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// As it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[doc(alias = "OIDCBrugervendtSystem")]
pub struct OidcSystem {
    /// Its client_id.
    pub id: String,
    /// The NIST level it needs, 1–4; 0 where none is specified.
    #[serde(default)]
    pub assurance_level: u8,
    /// Its metadata.
    #[serde(rename = "OIDCMetadata")]
    pub oidc_metadata: OidcMetadata,
    /// What job function roles become here.
    #[serde(default)]
    pub role_mappings: Vec<RoleMapping>,
    /// Its owner.
    pub cvr: Cvr,
    /// The URI of the NSIS level it needs, or empty.
    #[serde(default, rename = "NSISAssuranceLevel")]
    pub nsis_assurance_level: String,
}

/// `OIDCMetadata`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcMetadata {
    /// The client's secret; empty where it has a key instead.
    #[serde(default)]
    pub client_secret: String,
    /// Where tokens are sent.
    pub redirect_uris: Vec<String>,
    /// How the client shows who it is.
    pub token_endpoint_auth_method: String,
    /// The client's public keys: a JSON Web Key Set, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<String>,
    /// Loaded in a frame at logout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_uri: Option<String>,
    /// Called at logout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// Where the user ends after logout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_logout_redirect_uri: Option<String>,
    /// native, web or javascript.
    pub application_type: String,
    /// Settings of ID tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<IdToken>,
    /// Settings of refresh tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<RefreshToken>,
}

/// `OIDCIdTokenSettings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdToken {
    /// Signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_response_alg: Option<String>,
    /// Key management.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypted_response_alg: Option<String>,
    /// Encryption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypted_response_enc: Option<String>,
    /// Minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_lifetime: Option<i64>,
}

/// `OIDCRefreshTokenSettings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefreshToken {
    /// Whether there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_refresh_token: Option<bool>,
    /// Whether each is used once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_token_rotation: Option<bool>,
    /// Minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_lifetime: Option<i64>,
}

/// Minutes of a token: more than a year is a slip.
const MINUTES: Value = Value::Whole(1, 366 * 24 * 60);

impl Body for OidcSystem {
    const SHAPE: &'static Shape = &Shape {
        name: "OIDCBrugervendtSystem",
        fields: &[
            must("Id", Value::Id),
            may("AssuranceLevel", Value::Whole(0, 4)),
            must("OIDCMetadata", Value::Object(OidcMetadata::SHAPE)),
            may(
                "RoleMappings",
                Value::List(&Value::Object(RoleMapping::SHAPE)),
            ),
            must("Cvr", Value::Cvr),
            may("NSISAssuranceLevel", Value::Nsis),
        ],
    };

    fn contradictions(&self, reasons: &mut Vec<Reason>) {
        if (self.assurance_level > 0) != self.nsis_assurance_level.is_empty() {
            reasons.push(Reason::new(
                "AssuranceLevel, NSISAssuranceLevel: præcis et af dem skal have en værdi",
                "AssuranceLevel, NSISAssuranceLevel: exactly one of them must have a value",
            ));
        }
        mappings_contradict(&self.role_mappings, reasons);
        let mut own = Vec::new();
        self.oidc_metadata.contradictions(&mut own);
        reasons.extend(own.into_iter().map(|reason| reason.inside("OIDCMetadata.")));
    }
}

impl Body for OidcMetadata {
    const SHAPE: &'static Shape = &Shape {
        name: "OIDCMetadata",
        fields: &[
            // Required by CH.json's list, and not by its text: a client with a key has none.
            may("client_secret", Value::Text),
            must("redirect_uris", Value::List(&Value::Text)),
            must(
                "token_endpoint_auth_method",
                Value::Word(&[
                    "client_secret_post",
                    "client_secret_basic",
                    "private_key_jwt",
                    "none",
                ]),
            ),
            may("jwks", Value::Text),
            may("frontchannel_logout_uri", Value::Text),
            may("backchannel_logout_uri", Value::Text),
            may("post_logout_redirect_uri", Value::Text),
            must(
                "application_type",
                Value::Word(&["native", "web", "javascript"]),
            ),
            may("id_token", Value::Object(&ID_TOKEN)),
            may("refresh_token", Value::Object(&REFRESH_TOKEN)),
        ],
    };

    fn contradictions(&self, reasons: &mut Vec<Reason>) {
        let mut wrong = |da: &str, en: &str| reasons.push(Reason::new(da, en));
        let method = self.token_endpoint_auth_method.as_str();
        if method.starts_with("client_secret") && self.client_secret.is_empty() {
            wrong(
                "client_secret: mangler, når token_endpoint_auth_method er client_secret_post eller client_secret_basic",
                "client_secret: is missing with token_endpoint_auth_method client_secret_post or client_secret_basic",
            );
        }
        if method == "private_key_jwt" && !self.jwks.as_deref().is_some_and(is_key_set) {
            wrong(
                "jwks: skal være et JSON Web Key Set, når token_endpoint_auth_method er private_key_jwt",
                "jwks: must be a JSON Web Key Set with token_endpoint_auth_method private_key_jwt",
            );
        }
        if self.application_type != "web" && method != "none" {
            wrong(
                "token_endpoint_auth_method: skal være none, når application_type er native eller javascript",
                "token_endpoint_auth_method: must be none with application_type native or javascript",
            );
        }
        if self.redirect_uris.is_empty() {
            wrong("redirect_uris: er tom", "redirect_uris: is empty");
        }
        let all = self.redirect_uris.iter().map(String::as_str);
        twice("redirect_uris", all, reasons);
        for uri in &self.redirect_uris {
            if !is_redirect(uri, &self.application_type) {
                reasons.push(Reason::new(
                    format!("redirect_uris: {uri} er ikke tilladt: https for web og javascript; eget skema eller http på loopback for native; ingen jokertegn"),
                    format!("redirect_uris: {uri} is not allowed: https for web and javascript; a scheme of its own or http on loopback for native; no wildcards"),
                ));
            }
        }
        let logout = [
            ("frontchannel_logout_uri", &self.frontchannel_logout_uri),
            ("backchannel_logout_uri", &self.backchannel_logout_uri),
            ("post_logout_redirect_uri", &self.post_logout_redirect_uri),
        ];
        for (name, uri) in logout {
            let Some(uri) = uri.as_deref().filter(|uri| !uri.is_empty()) else {
                continue;
            };
            if Url::parse(uri).is_err() || uri.contains(['*', '#']) {
                reasons.push(Reason::new(
                    format!("{name}: {uri} er ikke en adresse uden jokertegn og fragment"),
                    format!("{name}: {uri} is no address without wildcards and fragment"),
                ));
            }
        }
        let given = |uri: &Option<String>| uri.as_deref().is_some_and(|uri| !uri.is_empty());
        if !given(&self.frontchannel_logout_uri) && !given(&self.backchannel_logout_uri) {
            reasons.push(Reason::new(
                "frontchannel_logout_uri, backchannel_logout_uri: mindst en af dem skal have en værdi",
                "frontchannel_logout_uri, backchannel_logout_uri: at least one of them must have a value",
            ));
        }
        if let Some(token) = &self.id_token
            && token.encrypted_response_enc.is_some()
            && token.encrypted_response_alg.is_none()
        {
            reasons.push(Reason::new(
                "id_token.encrypted_response_alg: mangler, når encrypted_response_enc er angivet",
                "id_token.encrypted_response_alg: is missing with encrypted_response_enc",
            ));
        }
    }
}

const ID_TOKEN: Shape = Shape {
    name: "OIDCIdTokenSettings",
    fields: &[
        may(
            "signed_response_alg",
            Value::Word(&["PS256", "PS384", "PS512"]),
        ),
        may(
            "encrypted_response_alg",
            Value::Word(&["RSA-OAEP", "RSA-OAEP-256", "A128KW", "A192KW", "A256KW"]),
        ),
        may(
            "encrypted_response_enc",
            Value::Word(&[
                "A128CBC-HS256",
                "A192CBC-HS384",
                "A256CBC-HS512",
                "A128GCM",
                "A192GCM",
                "A256GCM",
            ]),
        ),
        may("token_lifetime", MINUTES),
    ],
};

const REFRESH_TOKEN: Shape = Shape {
    name: "OIDCRefreshTokenSettings",
    fields: &[
        may("issue_refresh_token", Value::Bool),
        may("use_token_rotation", Value::Bool),
        may("token_lifetime", MINUTES),
    ],
};

impl Object for OidcSystem {
    const KIND: Kind = Kind::OidcSystem;
    fn id(&self) -> String {
        self.id.clone()
    }
    /// “The redirection URI strings must be unique across all OIDC BrugervendtSystems.”
    fn fits(&self, others: &Content, _: &Judge, reasons: &mut Vec<Reason>) {
        mappings_fit(&self.id, &self.role_mappings, others, reasons);
        for other in others.all::<Self>().filter(|other| other.id != self.id) {
            let (own, theirs) = (&self.oidc_metadata, &other.oidc_metadata);
            let uris = own.redirect_uris.iter();
            for uri in uris.filter(|uri| theirs.redirect_uris.contains(uri)) {
                reasons.push(Reason::new(
                    format!(
                        "OIDCMetadata.redirect_uris: {uri} tilhører {} og skal være entydig",
                        other.id
                    ),
                    format!(
                        "OIDCMetadata.redirect_uris: {uri} is that of {} and must be unique",
                        other.id
                    ),
                ));
            }
        }
    }
}

impl OidcMetadata {
    /// Whether a secret is to be made for it: “When this value is not specified because the 'private_key_jwt' option is used, a
    /// random secret is generated.”
    pub fn wants_secret(&self) -> bool {
        self.token_endpoint_auth_method == "private_key_jwt" && self.client_secret.is_empty()
    }
}

fn is_key_set(text: &str) -> bool {
    let read = serde_json::from_str::<serde_json::Value>(text);
    read.is_ok_and(|set| set.get("keys").is_some_and(serde_json::Value::is_array))
}

fn is_redirect(uri: &str, application_type: &str) -> bool {
    let Ok(url) = Url::parse(uri) else {
        return false;
    };
    if uri.contains('*') {
        return false;
    }
    match (application_type, url.scheme()) {
        ("native", "https") => false,
        ("native", "http") => match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        },
        ("native", _) => true,
        (_, scheme) => scheme == "https",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::object::read;
    use serde_json::{Value as Json, json};

    fn good() -> Json {
        json!({ "Id": "client", "Cvr": "55555555", "AssuranceLevel": 3, "OIDCMetadata": {
            "client_secret": "hemmeligt", "redirect_uris": ["https://a.example/tilbage"],
            "token_endpoint_auth_method": "client_secret_basic", "application_type": "web",
            "backchannel_logout_uri": "https://a.example/ud" } })
    }

    fn told(change: &[(&str, Json)]) -> Vec<String> {
        let mut body = good();
        for (pointer, value) in change {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            body.pointer_mut(parent).unwrap()[name] = value.clone();
        }
        match read::<OidcSystem>(body) {
            Ok(_) => Vec::new(),
            Err(reasons) => reasons.into_iter().map(|reason| reason.en).collect(),
        }
    }

    #[test]
    fn each_rule_of_the_text_is_told_alone() {
        assert_eq!(told(&[]), [""; 0]);
        let key_set = json!("{\"keys\":[]}");
        let by_key = [(
            "/OIDCMetadata/token_endpoint_auth_method",
            json!("private_key_jwt"),
        )];
        assert_eq!(
            told(&[by_key[0].clone(), ("/OIDCMetadata/jwks", key_set)]),
            [""; 0]
        );
        let native = [
            ("/OIDCMetadata/application_type", json!("native")),
            ("/OIDCMetadata/token_endpoint_auth_method", json!("none")),
            (
                "/OIDCMetadata/redirect_uris",
                json!(["dk.app:/x", "http://127.0.0.1/x", "http://localhost:1/x"]),
            ),
        ];
        assert_eq!(told(&native), [""; 0]);
        for change in [
            ("/AssuranceLevel", json!(0)),
            (
                "/NSISAssuranceLevel",
                json!("https://data.gov.dk/concept/core/nsis/loa/Low"),
            ),
            ("/OIDCMetadata/client_secret", json!("")),
            ("/OIDCMetadata/redirect_uris", json!([])),
            ("/OIDCMetadata/redirect_uris", json!(["http://a.example/x"])),
            (
                "/OIDCMetadata/redirect_uris",
                json!(["https://*.example/x"]),
            ),
            ("/OIDCMetadata/backchannel_logout_uri", json!("")),
            (
                "/OIDCMetadata/backchannel_logout_uri",
                json!("https://a.example/#x"),
            ),
            ("/OIDCMetadata/application_type", json!("javascript")),
            (
                "/OIDCMetadata/id_token",
                json!({ "encrypted_response_enc": "A256GCM" }),
            ),
            (
                "/OIDCMetadata/id_token",
                json!({ "signed_response_alg": "RS256" }),
            ),
            (
                "/OIDCMetadata/refresh_token",
                json!({ "token_lifetime": 0 }),
            ),
            by_key[0].clone(),
        ] {
            let told = told(std::slice::from_ref(&change));
            assert_eq!(told.len(), 1, "{change:?}: {told:?}");
        }
    }
}
