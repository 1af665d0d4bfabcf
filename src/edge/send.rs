//! Sending a sealed message through the browser.

use super::guard::{csp_posting_to, origin};
use super::page::{self, Post};
use crate::hub::Sealed;
use crate::saml::Outbound;
use axum::http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// The answer that makes the browser carry the message on.
pub fn sealed(message: &Sealed) -> Response {
    outbound(message.outbound())
}

/// The same for a message that is not the hub's: personas and demo systems send theirs this way.
pub fn outbound(message: &Outbound) -> Response {
    match message {
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
                action,
                field: field.name(),
                message,
                relay_state: relay_state.as_deref(),
            };
            let mut response = page::html(StatusCode::OK, &page);
            // Exactly the destination, which comes from registered metadata: browsers refuse every other.
            let destination = origin(action).unwrap_or_else(|| "'none'".to_owned());
            if let Ok(policy) = HeaderValue::from_str(&csp_posting_to(&destination)) {
                response
                    .headers_mut()
                    .insert(CONTENT_SECURITY_POLICY, policy);
            }
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saml::MessageField;
    use axum::body::to_bytes;

    #[tokio::test]
    async fn a_post_page_can_post_to_its_destination_only_and_escapes_everything() {
        let response = outbound(&Outbound::Post {
            action: "https://sp.example:8443/acs?a=1&b=2".to_owned(),
            field: MessageField::Response,
            message: "QUJD".to_owned(),
            relay_state: Some("\"><script>alert(1)</script>".to_owned()),
        });
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
