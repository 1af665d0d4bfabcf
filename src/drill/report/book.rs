//! Where the book stands, so that the ids of a report lead to what it says of them. A report is a file and knows no address
//! of its own; whoever makes it says where the reader has the book.

use super::catalogue::all;
use crate::edge::page::Language;
use url::Url;

/// The built book: a folder with `da` and `en`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book(Url);

impl Book {
    /// An address of http, https or a file. Others are refused: it becomes a link.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn at(address: &str) -> Result<Self, String> {
        let mut url = Url::parse(address).map_err(|error| error.to_string())?;
        if !matches!(url.scheme(), "http" | "https" | "file") {
            return Err(format!("{}: give http, https or file", url.scheme()));
        }
        url.set_query(None);
        url.set_fragment(None);
        if !url.path().ends_with('/') {
            let folder = format!("{}/", url.path());
            url.set_path(&folder);
        }
        Ok(Self(url))
    }

    /// What it says of an id; none of one that stands in no list.
    pub fn about(&self, language: Language, id: &str) -> Option<String> {
        let entry = all().into_iter().find(|entry| entry.id == id)?;
        let (page, language) = (entry.page, language.code());
        Some(format!("{}{language}/{page}.html#{id}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_to_its_list_in_the_readers_language() {
        let book = Book::at("https://bog.example/vejviser?x#y").unwrap();
        let about = |id| book.about(Language::Danish, id);
        let page = |page: &str| Some(format!("https://bog.example/vejviser/da/{page}"));
        assert_eq!(about("IDP-R-036"), page("checks.html#IDP-R-036"));
        assert_eq!(
            about("second-factor-missing"),
            page("causes.html#second-factor-missing")
        );
        assert_eq!(about("MD-V-012"), page("metadata.html#MD-V-012"));
        assert_eq!(about("SP-S-001"), page("system-tests.html#SP-S-001"));
        assert_eq!(about("request-profile"), page("rules.html#request-profile"));
        assert_eq!(about("IDP-R-999"), None);
        let english = book.about(Language::English, "SLO-014").unwrap();
        assert!(english.ends_with("/en/checks.html#SLO-014"), "{english}");
    }

    #[test]
    fn an_address_that_runs_something_is_refused() {
        for address in ["javascript:alert(1)", "data:text/html,x", "bog", ""] {
            assert!(Book::at(address).is_err(), "{address}");
        }
        assert!(Book::at("file:///srv/bog").is_ok());
    }
}
