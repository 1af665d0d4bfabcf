//! What a command is given to read: a file, or standard input.

use super::Failure;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

/// More than any message or metadata that the reader takes (`xml::Limits::METADATA`), encoded.
const MAX: u64 = 32 * 1024 * 1024;

/// The bytes of `file`; of standard input where it is `-` or left out. A person at a terminal who gave nothing
/// is told what to give.
pub fn bytes(file: Option<&Path>) -> Result<Vec<u8>, Failure> {
    match file {
        Some(path) if path != Path::new("-") => {
            read(path).map_err(|error| unreadable("", path, &error))
        }
        given => {
            let mut bytes = Vec::new();
            let stdin = io::stdin();
            let nobody = given.is_none() && stdin.is_terminal();
            if !nobody {
                (stdin.lock().take(MAX).read_to_end(&mut bytes))
                    .map_err(|error| Failure::CouldNotRun(format!("stdin: {error}")))?;
            }
            if given.is_none() && bytes.is_empty() {
                return Err(Failure::Usage(
                    "error: ingen besked givet / no message was given\n\ngive a FILE, or pipe the message to standard input"
                        .to_owned(),
                ));
            }
            Ok(bytes)
        }
    }
}

/// A file that an option names, such as a certificate.
pub fn of_option(option: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    read(path).map_err(|error| unreadable(&format!("{option} "), path, &error))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(MAX)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What is not there was named wrongly; what is there and does not open is no matter of words.
fn unreadable(option: &str, path: &Path, error: &io::Error) -> Failure {
    let text = format!("error: {option}{}: {error}", path.display());
    match error.kind() {
        io::ErrorKind::NotFound => Failure::Usage(text),
        _ => Failure::CouldNotRun(text),
    }
}
