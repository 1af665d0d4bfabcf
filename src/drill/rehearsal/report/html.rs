//! The report as one page: no script, no request to anybody, both languages in it.

use super::Report;
use super::phrases::Text;
use super::picture::Picture;
use super::view::View;
use crate::edge::page::Language;
use askama::Template;

#[derive(Template)]
#[template(path = "rehearsal/report.html")]
struct Page<'a> {
    /// Each language's, the first one shown.
    bodies: Vec<Body<'a>>,
    first: &'static Text,
}

struct Body<'a> {
    t: &'static Text,
    views: Vec<(View<'a>, Vec<Picture>)>,
    /// What became of the baseline: its heading and lines.
    compared: Option<(String, Vec<String>)>,
}

/// The page.
pub fn html(report: &Report<'_>) -> Result<String, askama::Error> {
    let first = report.language;
    let languages = [Language::Danish, Language::English];
    let page = Page {
        bodies: languages.map(|language| body(report, language)).into(),
        first: Text::of(first),
    };
    Ok(page.render()? + "\n")
}

fn body<'a>(report: &Report<'a>, language: Language) -> Body<'a> {
    let t = Text::of(language);
    let views = report.views(language).into_iter().map(|view| {
        let pictures = Picture::of(&view);
        (view, pictures)
    });
    Body {
        t,
        views: views.collect(),
        compared: report
            .comparison
            .map(|comparison| (t.compared(&comparison.file), comparison.lines(t))),
    }
}
