//! An IdP reads the hub's AuthnRequest: Redirect, signed over the query, addressed to this IdP.

use crate::dsig::{Policy, PublicKey, verify_query};
use crate::saml::binding::decode_redirect;
use crate::saml::{AuthnRequest, MessageField};
use crate::xml::Document;

/// The parameter by which a script says who logs in. It is ours, not SAML's, and no signature covers it.
const AUTOLOGIN: &str = "autologin";

/// A request whose signature was verified.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The request.
    pub request: AuthnRequest,
    /// RelayState, to be echoed byte for byte.
    pub relay_state: Option<String>,
    /// The query it came in, without our own parameter: what a form carries along.
    pub query: String,
}

/// Takes `autologin` out of a query: the person, and the rest as it was signed.
pub fn split_autologin(query: &str) -> (Option<String>, String) {
    let mut person = None;
    let mut rest = Vec::new();
    for part in query.split('&') {
        match part.split_once('=') {
            Some((AUTOLOGIN, value)) => {
                person = url::form_urlencoded::parse(format!("p={value}").as_bytes())
                    .next()
                    .map(|(_, value)| value.into_owned());
            }
            _ => rest.push(part),
        }
    }
    (person, rest.join("&"))
}

/// Reads and verifies. The error is a sentence for a page: without a trusted request there is nobody to
/// send a Response to. Without `keys` the signature is not looked at, as an AD FS may be told to.
pub fn verify(
    query: &str,
    hub: &str,
    keys: Option<&[PublicKey]>,
    destination: &str,
    acs: &str,
) -> Result<Verified, String> {
    let decoded = decode_redirect(query).map_err(|error| error.to_string())?;
    if decoded.field != MessageField::Request {
        return Err("not an AuthnRequest but a response".into());
    }
    if let Some(keys) = keys {
        let Some(signature) = &decoded.query_signature else {
            return Err("the AuthnRequest is not signed".into());
        };
        verify_query(
            &signature.octets,
            &signature.algorithm,
            &signature.value,
            keys,
            Policy::Modern,
        )
        .map_err(|error| format!("the AuthnRequest's signature: {error}"))?;
    }
    let document = Document::parse(&decoded.xml).map_err(|error| error.to_string())?;
    let request = AuthnRequest::read(document.root()).map_err(|error| error.to_string())?;
    if request.issuer.as_deref() != Some(hub) {
        return Err(format!(
            "the AuthnRequest comes from {}, not from {hub}",
            request.issuer.as_deref().unwrap_or("nobody")
        ));
    }
    if request.destination.as_deref() != Some(destination) {
        return Err(format!(
            "the AuthnRequest is addressed to {}",
            request.destination.as_deref().unwrap_or("nobody")
        ));
    }
    if request.acs_url.as_deref().is_some_and(|url| url != acs) {
        return Err(
            "the AuthnRequest asks for an answer at an address that is not in the hub's metadata"
                .into(),
        );
    }
    Ok(Verified {
        request,
        relay_state: decoded.relay_state,
        query: query.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn autologin_is_not_part_of_what_was_signed() {
        let signed = "SAMLRequest=a%2Bb&RelayState=x&SigAlg=y&Signature=z";
        for query in [
            format!("{signed}&autologin=eva"),
            format!("autologin=eva&{signed}"),
        ] {
            assert_eq!(
                split_autologin(&query),
                (Some("eva".to_owned()), signed.to_owned())
            );
        }
        assert_eq!(split_autologin(signed), (None, signed.to_owned()));
        assert_eq!(split_autologin("autologin=a%20b").0.as_deref(), Some("a b"));
    }
}
