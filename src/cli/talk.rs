//! Writing to the terminal: a reader that went away is no panic.

use std::io::{self, Write};
use tracing_subscriber::filter::LevelFilter;

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

/// Logs go to stderr, without colour, one event a line; what peers send is escaped by the formatter. `level`
/// is off, error, warn, info, debug or trace; an unknown word is warn.
pub fn log(level: &str) {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level.parse().unwrap_or(LevelFilter::WARN))
        .with_writer(io::stderr)
        .with_ansi(false)
        .log_internal_errors(false);
    // Only a second call in one process could fail, and the first one's logs are as good.
    let _ = subscriber.try_init();
}

/// What somebody else wrote, without what a terminal would obey.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => ' ',
            c if c.is_control() => '\u{FFFD}',
            c => c,
        })
        .collect()
}
