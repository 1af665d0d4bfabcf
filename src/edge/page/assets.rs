//! Static files, inside the binary. Scripts are files because a content policy without `unsafe-inline` is
//! worth more than a request saved.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::routing::get;

/// Path, type and content.
const FILES: [(&str, &str, &str); 6] = [
    (
        "/assets/vejviser.css",
        "text/css; charset=utf-8",
        include_str!("../../../assets/vejviser.css"),
    ),
    (
        "/assets/autopost.js",
        "text/javascript; charset=utf-8",
        include_str!("../../../assets/autopost.js"),
    ),
    (
        "/assets/announce.js",
        "text/javascript; charset=utf-8",
        include_str!("../../../assets/announce.js"),
    ),
    (
        "/assets/flows.js",
        "text/javascript; charset=utf-8",
        include_str!("../../../assets/flows.js"),
    ),
    (
        "/assets/flow.js",
        "text/javascript; charset=utf-8",
        include_str!("../../../assets/flow.js"),
    ),
    (
        "/assets/vejviser.svg",
        "image/svg+xml",
        include_str!("../../../assets/vejviser.svg"),
    ),
];

/// The files that every site serves at the same paths.
pub fn assets<S: Clone + Send + Sync + 'static>() -> Router<S> {
    FILES
        .into_iter()
        .fold(Router::new(), |site, (path, kind, content)| {
            let answer = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "max-age=3600")];
            site.route(path, get(move || async move { (answer, content) }))
        })
}
