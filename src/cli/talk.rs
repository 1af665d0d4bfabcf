//! Writing to the terminal: a reader that went away is no panic.

use std::io::{self, Write};
use tracing_subscriber::EnvFilter;

/// A line of talk; an empty one says nothing.
pub fn say(text: &str) {
    if !text.is_empty() {
        let _ = writeln!(io::stderr(), "{text}");
    }
}

/// The result.
pub fn result(text: &str) {
    let mut out = io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Logs go to stderr, without colour, one event a line; what peers send is escaped by the formatter.
pub fn log(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("warn"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(false)
        .log_internal_errors(false);
    // Only a second call in one process could fail, and the first one's logs are as good.
    let _ = subscriber.try_init();
}
