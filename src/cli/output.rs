//! Where results go: one form to stdout, and any of them to files (`--output FORMAT=FILE`, repeatable).

use super::{Failure, talk};
use clap::ValueEnum;
use std::path::PathBuf;

/// A form of the result, and the file it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output<F> {
    /// Form.
    pub form: F,
    /// File; what was there is replaced.
    pub file: PathBuf,
}

/// Reads `FORMAT=FILE`.
pub fn parse<F: ValueEnum>(text: &str) -> Result<Output<F>, String> {
    let (form, file) = text
        .split_once('=')
        .filter(|(_, file)| !file.is_empty())
        .ok_or_else(|| "write FORMAT=FILE, such as html=report.html".to_owned())?;
    let known = F::value_variants().iter().filter_map(F::to_possible_value);
    let words: Vec<String> = known.map(|value| value.get_name().to_owned()).collect();
    let form = F::from_str(form, false)
        .map_err(|_| format!("`{form}` is no format; write one of {}", words.join(", ")))?;
    Ok(Output {
        form,
        file: PathBuf::from(file),
    })
}

/// Writes the files, then stdout. All forms are made before the first file is touched.
pub fn deliver<F: Copy>(
    to_stdout: F,
    outputs: &[Output<F>],
    render: impl Fn(F) -> Result<String, Failure>,
) -> Result<(), Failure> {
    let result = render(to_stdout)?;
    let mut rendered = Vec::new();
    for output in outputs {
        rendered.push((&output.file, render(output.form)?));
    }
    for (file, text) in rendered {
        write(file, text.as_bytes())?;
    }
    talk::result(&result);
    Ok(())
}

/// Writes a file; the failure names it.
pub fn write(file: &std::path::Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(file, bytes)
        .map_err(|error| Failure::CouldNotRun(format!("error: {}: {error}", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
    enum Form {
        Json,
        Html,
    }

    #[test]
    fn a_form_and_a_file_are_read() {
        let read = parse::<Form>("html=a=b.html").unwrap();
        assert_eq!(
            (read.form, read.file),
            (Form::Html, PathBuf::from("a=b.html"))
        );
        assert!(parse::<Form>("html").is_err() && parse::<Form>("json=").is_err());
        let error = parse::<Form>("pdf=x").unwrap_err();
        assert_eq!(error, "`pdf` is no format; write one of json, html");
    }
}
