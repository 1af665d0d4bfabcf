//! Class 10: how surely the user was authenticated.

use super::Case;
use super::craft::swap;
use super::party::*;
use vejviser::oiosaml::{Level, Nsis, attributes};
use vejviser::saml::Attribute;

/// The answer with these level attributes and this class ref.
fn stated(levels: Vec<Attribute>, class_ref: Option<String>) -> String {
    plain(move |_, a| {
        a.attributes
            .retain(|attribute| attribute.name != attributes::LOA);
        a.attributes.extend(levels);
        if class_ref.is_some() {
            a.authn_statements[0].class_ref = class_ref;
        }
    })
}

fn loa(values: &[&str]) -> Vec<Attribute> {
    vec![attribute(attributes::LOA, values)]
}

fn nist(values: &[&str]) -> Vec<Attribute> {
    vec![attribute(attributes::ASSURANCE_LEVEL, values)]
}

pub fn cases() -> Vec<Case> {
    let low = |name: &str, why: &str, message: String| {
        answer(&format!("10-{name}"), "IDP-R-036", why, message)
    };
    let fine =
        |name: &str, why: &str, message: String| good(&format!("10-accept-{name}"), why, message);
    let class = |level| Some(Level::Nsis(level).class_ref());
    let multiple = Some("http://schemas.microsoft.com/claims/multipleauthn".to_owned());
    vec![
        low(
            "too-low",
            "NSIS Low where Substantial is needed.",
            stated(loa(&["Low"]), None),
        ),
        low(
            "missing",
            "No level at all; a password is none.",
            stated(Vec::new(), None),
        ),
        low("empty", "An empty level.", stated(loa(&[""]), None)).set("warns", "IDP-R-034"),
        low(
            "unknown-value",
            "A level that nobody knows makes the statement worthless.",
            stated(loa(&["Højest"]), None),
        )
        .set("warns", "IDP-R-034"),
        low(
            "contradiction",
            "Low and High at once: the lowest counts.",
            stated(loa(&["Low", "High"]), None),
        )
        .set("warns", "IDP-R-034"),
        low(
            "contradiction-two-attributes",
            "The attribute twice, with different values: the lowest counts.",
            stated([loa(&["High"]), loa(&["Low"])].concat(), None),
        )
        .set("warns", "IDP-R-034"),
        low(
            "contradiction-of-scales",
            "NSIS High beside NIST 2: the lower one shows that the higher one is wrong.",
            stated([loa(&["High"]), nist(&["2"])].concat(), None),
        )
        .set("warns", "IDP-R-034"),
        low(
            "nist-for-nsis",
            "NIST 4 never satisfies an NSIS need.",
            stated(nist(&["4"]), None),
        ),
        low(
            "multipleauthn",
            "Two factors, says AD FS; that is no level.",
            stated(Vec::new(), multiple),
        ),
        low(
            "class-ref-beside-attribute",
            "The class ref says High, the attribute Low: only the attribute counts.",
            stated(loa(&["Low"]), class(Nsis::High)),
        ),
        low(
            "lookalike-attribute",
            "An attribute whose name only looks like that of the level.",
            stated(
                vec![attribute(&format!("{}/", attributes::LOA), &["High"])],
                None,
            ),
        ),
        low(
            "class-ref-lookalike",
            "A class ref that only looks like a level.",
            stated(
                Vec::new(),
                Some(format!("{}/", Level::Nsis(Nsis::High).class_ref())),
            ),
        ),
        low(
            "above-ceiling",
            "High, of an IdP that is registered up to Low: the registered level counts.",
            stated(loa(&["High"]), None),
        )
        .set("ceiling", "Low")
        .set("warns", "IDP-R-035"),
        low(
            "nsis-of-nist-idp",
            "High, of an IdP that is registered for NIST only.",
            stated(loa(&["High"]), None),
        )
        .set("ceiling", "4")
        .set("warns", "IDP-R-035"),
        low(
            "in-unsigned-part",
            "The level stands in the part of the message that nobody signed.",
            swap(
                &stated(Vec::new(), None),
                "<samlp:Status>",
                &format!(
                    "<samlp:Extensions><saml:Attribute xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" Name=\"{}\"><saml:AttributeValue>High</saml:AttributeValue></saml:Attribute></samlp:Extensions><samlp:Status>",
                    attributes::LOA
                ),
            ),
        ),
        fine(
            "higher",
            "High where Substantial is needed.",
            stated(loa(&["High"]), None),
        )
        .set("level", "High"),
        fine(
            "class-ref-only",
            "No level attribute: the class ref counts, if it is one of the seven.",
            stated(Vec::new(), class(Nsis::Substantial)),
        ),
        fine(
            "contradiction-enough",
            "Substantial and High at once: the lowest is enough, and a warning tells.",
            stated(loa(&["Substantial", "High"]), None),
        )
        .set("warns", "IDP-R-034"),
        fine(
            "cut-to-ceiling",
            "High, of an IdP that is registered up to Substantial: that is what counts.",
            stated(loa(&["High"]), None),
        )
        .set("ceiling", "Substantial")
        .set("warns", "IDP-R-035"),
        fine(
            "nsis-for-nist",
            "NSIS Substantial satisfies a need of NIST 3.",
            stated(loa(&["Substantial"]), None),
        )
        .set("required-level", "3"),
        fine(
            "nist",
            "NIST 3 satisfies a need of NIST 3.",
            stated(nist(&["3"]), None),
        )
        .set("required-level", "3")
        .set("level", "3"),
    ]
}
