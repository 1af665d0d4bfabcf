//! The matrix as one page: no script, no request to anybody, both languages in it.

use super::phrases::Text;
use super::{Report, Table, named};
use crate::edge::page::Language;
use askama::Template;

#[derive(Template)]
#[template(path = "matrix/report.html")]
struct Page {
    bodies: Vec<Body>,
    first: Language,
}

struct Body {
    t: &'static Text,
    name: &'static str,
    size: String,
    tables: Vec<Table>,
}

/// The page.
pub fn html(report: &Report<'_>) -> Result<String, askama::Error> {
    let body = |language: Language| {
        let t = Text::of(language);
        let mut tables = report.tables(language);
        tables.extend(named(&tables, t, |id| report.book?.about(language, id)));
        Body {
            t,
            name: language.pick(("Dansk", "English")),
            size: report.size(t),
            tables,
        }
    };
    let page = Page {
        bodies: [Language::Danish, Language::English].map(body).into(),
        first: report.language,
    };
    Ok(page.render()? + "\n")
}
