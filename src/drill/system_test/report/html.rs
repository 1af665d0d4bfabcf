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
    footer: String,
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
        footer: css_text(&first.footer(&run.subject.title, &run.name)),
        first,
    };
    Ok(page.render()? + "\n")
}

/// The inside of a string in a stylesheet: whatever is no letter or digit is written as its number (CSS syntax §4.3.7), so
/// that nothing ends the string or the stylesheet. What has no room at the foot of a page is cut.
fn css_text(text: &str) -> String {
    let letters = text.chars().take(100);
    let written = letters.map(|letter| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' => letter.to_string(),
        other => format!("\\{:06x}", u32::from(other)),
    });
    written.collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_foot_of_a_page_stays_a_string() {
        assert_eq!(css_text("Ø 1"), "\\0000d8\\0000201");
        assert_eq!(
            css_text("\"</x>\\"),
            "\\000022\\00003c\\00002fx\\00003e\\00005c"
        );
        assert_eq!(css_text(&"x".repeat(200)).len(), 100);
    }
}
