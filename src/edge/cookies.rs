//! The cookies that a request brings.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use cookie::Cookie;

/// All that can be read. A browser sends everything it has for a host in one line, other people's cookies for a
/// parent domain too, and some of those are not ASCII: they are passed over, and only they.
pub fn all(headers: &HeaderMap) -> impl Iterator<Item = Cookie<'_>> {
    headers
        .get_all(COOKIE)
        .iter()
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| std::str::from_utf8(pair).ok())
        .filter(|pair| pair.is_ascii())
        .filter_map(|pair| Cookie::parse(pair.trim()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_neighbours_odd_cookie_hides_no_other() {
        for line in [
            "a=1; kommune=Ærø; b=2".as_bytes(),
            b"a=1; kommune=\xC6r\xF8; b=2",
            b"a=1; nonsense; =x; ; b=2",
            b"a=1;b=2",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_bytes(line).unwrap());
            let ours = |cookie: &Cookie<'_>| ["a", "b"].contains(&cookie.name());
            let found: Vec<String> = all(&headers)
                .filter(ours)
                .map(|cookie| format!("{}={}", cookie.name(), cookie.value()))
                .collect();
            assert_eq!(found, ["a=1", "b=2"], "{}", String::from_utf8_lossy(line));
        }
    }
}
