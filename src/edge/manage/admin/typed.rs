//! What a form brought: its fields as they were typed, and the file that was chosen.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use std::collections::BTreeMap;

/// The fields of a form by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    fields: BTreeMap<String, String>,
    /// The file: its name and its bytes.
    pub file: Option<(String, Vec<u8>)>,
}

impl Typed {
    /// A field, without blanks around it; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |value| value.trim())
    }

    /// Whether a box is ticked.
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Whether a field is this.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == value
    }

    /// Writes a field.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.fields.insert(name.to_owned(), value.into());
    }

    /// Ticks a box, or takes the tick away.
    pub fn tick(&mut self, name: &str, ticked: bool) {
        match ticked {
            true => self.set(name, "on"),
            false => self.clear(name),
        }
    }

    /// Takes a field out.
    pub fn clear(&mut self, name: &str) {
        self.fields.remove(name);
    }

    /// The items of a field that holds several: one a line, or behind commas.
    pub fn items(&self, name: &str) -> Vec<String> {
        let all = self
            .get(name)
            .split(|c: char| c == ',' || c.is_whitespace());
        all.filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// The fields that are carried from page to page, without the button that was pressed.
    pub fn carried(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.fields.iter();
        all.map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| *name != "action")
    }

    fn put(&mut self, name: &str, value: &str) {
        // Browsers send every line end of a form as CR LF, whatever it was.
        self.set(name, value.replace("\r\n", "\n"));
    }
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = StatusCode;
    async fn from_request(request: Request, state: &S) -> Result<Self, StatusCode> {
        let kind = request.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let mut typed = Self::default();
        if !kind.starts_with("multipart/form-data") {
            let bytes = Bytes::from_request(request, state).await;
            let bytes = bytes.map_err(|_| StatusCode::BAD_REQUEST)?;
            for (name, value) in url::form_urlencoded::parse(&bytes) {
                typed.put(&name, &value);
            }
            return Ok(typed);
        }
        let unreadable = |_| StatusCode::BAD_REQUEST;
        let parts = Multipart::from_request(request, state).await;
        let mut parts = parts.map_err(|_| StatusCode::BAD_REQUEST)?;
        while let Some(part) = parts.next_field().await.map_err(unreadable)? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(unreadable)?;
            match file {
                // A field for files that was left empty comes along all the same.
                Some(_) if bytes.is_empty() => {}
                Some(file) => typed.file = Some((file, bytes.to_vec())),
                None => typed.put(&name, &String::from_utf8_lossy(&bytes)),
            }
        }
        Ok(typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    async fn read(kind: &str, body: &str) -> Typed {
        let request = Request::builder().header(CONTENT_TYPE, kind);
        let request = request.body(Body::from(body.to_owned())).unwrap();
        Typed::from_request(request, &()).await.unwrap()
    }

    #[tokio::test]
    async fn both_kinds_of_forms_say_the_same() {
        let plain = read(
            "application/x-www-form-urlencoded",
            "title=+K%C3%B8bing+&contexts=1%2C2%0D%0A3&roles=on&action=save",
        )
        .await;
        let parts = "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n Købing \r\n\
            --x\r\nContent-Disposition: form-data; name=\"contexts\"\r\n\r\n1,2\r\n3\r\n\
            --x\r\nContent-Disposition: form-data; name=\"roles\"\r\n\r\non\r\n\
            --x\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nsave\r\n\
            --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--x--\r\n";
        let multipart = read("multipart/form-data; boundary=x", parts).await;
        assert_eq!(plain, multipart);
        assert_eq!(plain.get("title"), "Købing");
        assert_eq!(plain.items("contexts"), ["1", "2", "3"]);
        assert!(plain.has("roles") && !plain.has("mobile"));
        assert!(plain.carried().all(|(name, _)| name != "action"));
        let parts = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xml\"\r\n\r\n<a/>\r\n--x--\r\n";
        let with_file = read("multipart/form-data; boundary=x", parts).await;
        assert_eq!(with_file.file, Some(("a.xml".to_owned(), b"<a/>".to_vec())));
    }
}
