//! The report as one page: no script, no request to anybody, both languages in it. It prints to A4 as a test report.

use super::phrases::Text;
use super::view::View;
use super::{Report, clean};
use crate::edge::page::Language;
use askama::Template;

#[derive(Template)]
#[template(path = "system_test/report.html")]
struct Page {
    /// Each language's, the first one shown.
    bodies: Vec<View>,
    first: &'static Text,
    title: String,
}

/// The page.
pub fn html(report: &Report<'_>) -> Result<String, askama::Error> {
    let run = clean::run(report.run);
    let first = Text::of(report.language);
    let page = Page {
        bodies: [Language::Danish, Language::English]
            .map(|language| report.view(&run, language))
            .into(),
        title: first.title(&run.subject.title),
        first,
    };
    Ok(page.render()? + "\n")
}

impl View {
    /// The words that are explained at the end: word, language of the word, meaning.
    fn words(&self) -> [(&'static str, &'static str); 10] {
        let t = self.t;
        [
            (t.must, t.word_must),
            (t.should, t.word_should),
            (t.known, t.word_known),
            (t.skip, t.word_skip),
            (t.hub_word, t.word_hub),
            ("Response", t.word_response),
            ("Assertion", t.word_assertion),
            ("Metadata", t.word_metadata),
            ("RelayState", t.word_relay_state),
            (t.level_word, t.word_level),
        ]
    }
}
