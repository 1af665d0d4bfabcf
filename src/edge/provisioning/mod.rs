//! The real hub's provisioning interface (CH.json): the same paths, fields, status codes and errors, on the management
//! listener. What is changed here acts on the next login.
//!
//! | file | what |
//! |---|---|
//! | `arrive` | what a request brings: the identifier in its path, its body, its precondition, who sends it |
//! | `answer` | the Error object, and which status code says what |
//! | `objects` | what all kinds of objects can: list, show, create, replace, remove |
//! | `values` | values in a path, and lists that grow and shrink by one |
//! | `needs` | what systems of SAML and of OpenID Connect have in common |
//! | `filter` | users in pages |
//! | the others | one kind of object each, with what only it can |

mod answer;
mod arrive;
mod attribute_services;
mod certificates;
mod filter;
mod identity_providers;
mod needs;
mod objects;
mod oidc_systems;
mod roles;
mod systems;
#[cfg(test)]
mod tests;
mod users;
mod validation;
mod values;

pub use arrive::{Caller, tag};

use super::app::App;
use axum::Router;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{delete, get, put};
use std::sync::Arc;

/// Bytes of a body: the largest metadata in base64, or some ten thousand users at once.
pub const MAX_BODY: usize = 8 * 1024 * 1024;

/// The first parts of the interface's paths.
const ROOTS: [&str; 9] = [
    "AttributServices",
    "Brugersystemroller",
    "BrugervendteSystemer",
    "IdentityProviders",
    "Jobfunktionsroller",
    "Users",
    "ClientCertificates",
    "OIDCBrugervendteSystemer",
    "Validation",
];

/// Whether a path is one of the interface.
pub fn is_here(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next();
    first.is_some_and(|first| ROOTS.contains(&first))
}

/// Whether it is one of users.
pub fn is_of_users(path: &str) -> bool {
    path == "/Users" || path.starts_with("/Users/")
}

/// The routes, in the order of CH.json.
pub fn router() -> Router<Arc<App>> {
    let systems = Router::new()
        .route("/", get(objects::list_systems).post(systems::create))
        .route(
            "/{id}",
            get(systems::show)
                .put(systems::replace)
                .delete(systems::remove),
        )
        .route(
            "/{id}/AssuranceLevel/{value}",
            put(systems::assurance_level),
        )
        .route(
            "/{id}/AttributeProfile/{value}",
            put(systems::attribute_profile),
        )
        .route(
            "/{id}/OIOSAMLProfile/{value}",
            put(systems::oiosaml_profile),
        )
        .route(
            "/{id}/NSISAssuranceLevel/{value}",
            put(systems::nsis_assurance_level),
        )
        .route("/{id}/SamlMetadata", put(systems::saml_metadata))
        .route("/{id}/RoleMappings", put(systems::add_role_mappings))
        .route(
            "/{id}/RoleMappings/{item}",
            delete(systems::remove_role_mapping),
        );
    let idps = Router::new()
        .route(
            "/",
            get(objects::list_identity_providers).post(identity_providers::create),
        )
        .route(
            "/{id}",
            get(identity_providers::show)
                .put(identity_providers::replace)
                .delete(identity_providers::remove),
        )
        .route(
            "/{id}/Anvenderkontekster",
            put(identity_providers::add_contexts),
        )
        .route(
            "/{id}/Anvenderkontekster/{value}",
            delete(identity_providers::remove_context),
        )
        .route(
            "/{id}/AssuranceLevel/{value}",
            put(identity_providers::assurance_level),
        )
        .route("/{id}/Beskrivelse", put(identity_providers::description))
        .route("/{id}/IpAdresser", put(identity_providers::add_addresses))
        .route(
            "/{id}/IpAdresser/{value}",
            delete(identity_providers::remove_address),
        )
        .route(
            "/{id}/KenderRoller/{value}",
            put(identity_providers::knows_roles),
        )
        .route(
            "/{id}/Mobilvenlig/{value}",
            put(identity_providers::mobile_friendly),
        )
        .route(
            "/{id}/NSISAssuranceLevel/{value}",
            put(identity_providers::nsis_assurance_level),
        )
        .route(
            "/{id}/OIOSAMLProfile/{value}",
            put(identity_providers::oiosaml_profile),
        )
        .route(
            "/{id}/Praesentationsnavn",
            put(identity_providers::presentation_name),
        )
        .route("/{id}/SamlMetadata", put(identity_providers::saml_metadata))
        .route(
            "/{id}/SupportsScope/{value}",
            put(identity_providers::supports_scope),
        )
        .route(
            "/{id}/SupportsStepUp/{value}",
            put(identity_providers::supports_step_up),
        );
    Router::new()
        .nest("/BrugervendteSystemer", systems)
        .nest("/IdentityProviders", idps)
        .nest("/AttributServices", attribute_services::routes())
        .nest("/Brugersystemroller", roles::user_system_roles())
        .nest("/Jobfunktionsroller", roles::job_function_roles())
        .nest("/Users", users::routes())
        .nest("/ClientCertificates", certificates::routes())
        .nest("/OIDCBrugervendteSystemer", oidc_systems::routes())
        .merge(validation::routes())
}

/// Says errors of what stands in front of the interface (who may ask, sizes, time) in its own words.
pub async fn in_its_words(request: Request, next: Next) -> Response {
    if !is_here(request.uri().path()) {
        return next.run(request).await;
    }
    answer::in_its_words(next.run(request).await).await
}
