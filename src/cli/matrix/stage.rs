//! A demo in this process, for what needs real logins.

use crate::cli::demo;
use crate::cli::{Failure, run};
use crate::edge::App;
use crate::edge::server::{self, Site, Stop, Stopper};
use crate::edge::world::Clock;
use crate::hub::settings::RememberedChoice;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The demo; it stops when this is dropped.
pub struct Stage {
    /// Its state.
    pub app: Arc<App>,
    _stopper: Stopper,
}

/// Starts it on a free port of loopback. Its management listener is not opened.
pub async fn demo() -> Result<Stage, Failure> {
    let failed = |error: std::io::Error| Failure::CouldNotRun(error.to_string());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    let public_url = run::public_url(None, false, port)?;
    let clock = Arc::new(Clock::default());
    let (app, sites) = demo::stage(&public_url, String::new(), clock, RememberedChoice::Ch2)?;
    let (stopper, stop) = Stop::new();
    tokio::spawn(server::serve(
        listener,
        None,
        Site::Public(Arc::new(sites)),
        stop,
    ));
    Ok(Stage {
        app,
        _stopper: stopper,
    })
}
