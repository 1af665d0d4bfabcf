//! Sending a sealed message: through the browser, or as the answer to a SOAP call.

use super::page::{self, Forms, Party, Post, Text};
use crate::hub::Sealed;
use crate::saml::binding::soap;
use crate::saml::{MessageField, Outbound};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// The answer that makes the browser carry the message on.
pub fn sealed(message: &Sealed) -> Response {
    outbound(None, message.outbound(), false)
}

/// The same for a message of a persona or demo system.
pub fn of_party(party: Party<'_>, message: &Outbound) -> Response {
    outbound(Some(party), message, false)
}

/// The same for its answer to a LogoutRequest, after which the hub sends the browser on to the next party.
pub fn of_party_onwards(party: Party<'_>, message: &Outbound) -> Response {
    outbound(Some(party), message, true)
}

fn outbound(party: Option<Party<'_>>, message: &Outbound, onwards: bool) -> Response {
    match message {
        Outbound::Soap { envelope } => (
            StatusCode::OK,
            [(CONTENT_TYPE, soap::CONTENT_TYPE)],
            envelope.clone(),
        )
            .into_response(),
        Outbound::Redirect { url } => match HeaderValue::from_str(url) {
            Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        Outbound::Post {
            action,
            field,
            message,
            relay_state,
        } => {
            let page = Post {
                t: Text::current(),
                party,
                action,
                field: field.name(),
                message,
                relay_state: relay_state.as_deref(),
            };
            let forms = match (onwards, field) {
                // Whoever is asked answers with a redirect: the hub to an IdP that the system does not know, and a party
                // that logs the user out back to the hub, which sends the browser on to the next one.
                (true, _) | (_, MessageField::Request) => Forms::Anywhere,
                // Exactly the destination, which comes from registered metadata: browsers refuse every other.
                _ => Forms::To(action),
            };
            page::html_with(StatusCode::OK, &page, forms)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use axum::http::header::CONTENT_SECURITY_POLICY;

    #[tokio::test]
    async fn a_post_page_can_post_to_its_destination_only_and_escapes_everything() {
        let message = Outbound::Post {
            action: "https://sp.example:8443/acs?a=1&b=2".to_owned(),
            field: MessageField::Response,
            message: "QUJD".to_owned(),
            relay_state: Some("\"><script>alert(1)</script>".to_owned()),
        };
        let response = outbound(None, &message, false);
        let policy = response.headers()[CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            policy.contains("form-action https://sp.example:8443;"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"));
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let body = std::str::from_utf8(&body).unwrap();
        assert!(!body.contains("<script>alert"), "{body}");
        assert!(
            body.contains("name=\"SAMLResponse\" value=\"QUJD\""),
            "{body}"
        );
    }
}
