//! `/Validation/…SamlMetadata`: metadata judged without being registered.

use super::answer::{self, refused};
use super::arrive::Posted;
use crate::edge::app::App;
use crate::edge::fetch::{Got, Known};
use crate::edge::metadata::{Verdict, validate};
use crate::hub::lint::{Finding, LintRole, Severity, said};
use crate::registry::object::{MetadataValidation, SamlMetadata, read};
use crate::registry::{Reason, Refusal};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use serde_json::json;
use std::sync::Arc;

/// Both of them.
pub fn routes() -> Router<Arc<App>> {
    let idp = |app, body| judged(app, body, LintRole::Idp);
    let system = |app, body| judged(app, body, LintRole::System);
    Router::new()
        .route("/Validation/BrugervendteSystemSamlMetadata", post(system))
        .route("/Validation/IdentityProviderSamlMetadata", post(idp))
}

async fn judged(State(app): State<Arc<App>>, Posted(body): Posted, role: LintRole) -> Response {
    let wanted = match read::<MetadataValidation>(body) {
        Ok(wanted) => wanted.saml_metadata,
        Err(reasons) => return answer::invalid(reasons),
    };
    let bytes = match document(&app, wanted).await {
        Ok(bytes) => bytes,
        Err(refusal) => return refused(refusal),
    };
    let Verdict {
        linted,
        unreachable,
    } = validate(&app, &bytes, role).await;
    if !unreachable.is_empty() {
        return refused(Refusal::Unavailable(
            unreachable.into_iter().map(Reason::both).collect(),
        ));
    }
    let wrong = linted.findings.iter();
    let wrong = wrong.filter(|finding| finding.info().severity == Severity::Error);
    let details: Vec<String> = wrong.map(told).collect();
    match linted.entity_id {
        Some(id) if details.is_empty() => answer::object(&json!({ "Id": id })),
        _ => answer::error(StatusCode::BAD_REQUEST, said::FAILED, details),
    }
}

/// The real service's own words where they are known, and ours behind them.
fn told(finding: &Finding) -> String {
    let info = finding.info();
    let message = info.message.unwrap_or(info.title.1);
    format!(
        "{message} ({}: found {}, expected {})",
        info.id, finding.found, finding.expected
    )
}

async fn document(app: &App, wanted: SamlMetadata) -> Result<Vec<u8>, Refusal> {
    let url = match wanted {
        SamlMetadata::Document(bytes) => return Ok(bytes.to_vec()),
        SamlMetadata::Address(url) => url,
    };
    match app.metadata.fetch(&url, &Known::default()).await {
        Ok(Got::Fetched(fetched)) => Ok(fetched.bytes.to_vec()),
        Ok(Got::NotModified) => Err(Refusal::Unavailable(vec![Reason::both(format!(
            "{url}: 304"
        ))])),
        Err(reason) => Err(Refusal::Unavailable(vec![reason])),
    }
}
