//! `SamlMetadata`: a document, or the address of one.

use super::Body;
use crate::registry::Reason;
use crate::registry::shape::{Shape, Value, may, must};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// Bytes of a document. “Max size limit applies” is all that CH.json says: the figure is ours, ten times what the largest
/// metadata of one party that we have seen needs.
pub const MAX_METADATA: usize = 1024 * 1024;

/// Metadata: CH.json requires both fields and wants one of them, so absent, null and empty count as not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SamlMetadata {
    /// `Xml`: the document.
    Document(Arc<[u8]>),
    /// `MetadataUrl`: where it is fetched.
    Address(String),
}

/// As it stands in a body.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Written {
    #[serde(default)]
    xml: String,
    #[serde(default)]
    metadata_url: String,
}

impl Body for SamlMetadata {
    const SHAPE: &'static Shape = &Shape {
        name: "SamlMetadata",
        fields: &[may("Xml", Value::Document), may("MetadataUrl", Value::Text)],
    };
}

impl Serialize for SamlMetadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (xml, metadata_url) = match self {
            Self::Document(bytes) => (STANDARD.encode(bytes), String::new()),
            Self::Address(address) => (String::new(), address.clone()),
        };
        Written { xml, metadata_url }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SamlMetadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        Self::of(&written).map_err(|reason| serde::de::Error::custom(reason.en))
    }
}

impl SamlMetadata {
    fn of(written: &Written) -> Result<Self, Reason> {
        let (xml, address) = (written.xml.trim(), written.metadata_url.trim());
        match (xml.is_empty(), address.is_empty()) {
            (false, false) => Err(Reason::new(
                "SamlMetadata: Xml og MetadataUrl er begge udfyldt; angiv én af dem",
                "SamlMetadata: both Xml and MetadataUrl are given; give one of them",
            )),
            (true, true) => Err(Reason::new(
                "SamlMetadata: hverken Xml eller MetadataUrl er udfyldt; angiv én af dem",
                "SamlMetadata: neither Xml nor MetadataUrl is given; give one of them",
            )),
            (true, false) => Ok(Self::Address(address.to_owned())),
            (false, true) => decoded(xml).map(|bytes| Self::Document(bytes.into())),
        }
    }
}

/// Whoever makes the base64 may break it into lines, and may leave the padding out.
fn decoded(text: &str) -> Result<Vec<u8>, Reason> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let bytes: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    if bytes.len() / 4 * 3 > MAX_METADATA {
        return Err(Reason::new(
            format!("SamlMetadata.Xml: dokumentet er større end {MAX_METADATA} bytes"),
            format!("SamlMetadata.Xml: the document is larger than {MAX_METADATA} bytes"),
        ));
    }
    LENIENT.decode(bytes).map_err(|error| {
        Reason::new(
            format!("SamlMetadata.Xml: er ikke base64: {error}"),
            format!("SamlMetadata.Xml: is not base64: {error}"),
        )
    })
}

/// `MetadataValidation`: what the validation endpoints take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MetadataValidation {
    /// What to validate.
    pub saml_metadata: SamlMetadata,
}

impl Body for MetadataValidation {
    const SHAPE: &'static Shape = &Shape {
        name: "MetadataValidation",
        fields: &[must("SamlMetadata", Value::Object(SamlMetadata::SHAPE))],
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::object::read;
    use serde_json::json;

    #[test]
    fn exactly_one_of_both_and_empty_is_nothing() {
        let url = SamlMetadata::Address("https://a.example/m".to_owned());
        for body in [
            json!({ "MetadataUrl": "https://a.example/m" }),
            json!({ "Xml": "", "MetadataUrl": "https://a.example/m" }),
            json!({ "Xml": null, "MetadataUrl": " https://a.example/m " }),
        ] {
            assert_eq!(read::<SamlMetadata>(body).unwrap(), url);
        }
        let document = SamlMetadata::Document(b"<a/>".as_slice().into());
        for body in [
            json!({ "Xml": "PGEvPg==" }),
            json!({ "Xml": "PGEv\r\nPg", "MetadataUrl": "" }),
        ] {
            assert_eq!(read::<SamlMetadata>(body).unwrap(), document);
        }
        for body in [
            json!({}),
            json!({ "Xml": "", "MetadataUrl": null }),
            json!({ "Xml": "PGEvPg==", "MetadataUrl": "https://a.example/m" }),
            json!({ "Xml": "<a/>" }),
            json!({ "Xml": "A".repeat(MAX_METADATA * 2) }),
        ] {
            let reasons = read::<SamlMetadata>(body).unwrap_err();
            assert!(
                reasons.len() == 1 && reasons[0].en.starts_with("SamlMetadata"),
                "{reasons:?}"
            );
        }
        let both = serde_json::to_value(&url).unwrap();
        assert_eq!(
            both,
            json!({ "Xml": "", "MetadataUrl": "https://a.example/m" })
        );
    }
}
