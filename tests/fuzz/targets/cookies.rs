//! Cookies: a browser's names, and the sealed memory, both as what a browser may send and as what was sealed.
#![no_main]

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use vejviser::edge::browser::Browser;
use vejviser::edge::memory::Seal;
use vejviser::hub::BrowserMemory;

fn seal() -> &'static Seal {
    static SEAL: OnceLock<Seal> = OnceLock::new();
    SEAL.get_or_init(|| Seal::new(&[7; 32]).unwrap())
}

fn headers(cookie: HeaderValue) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, cookie);
    headers
}

fuzz_target!(|data: &[u8]| {
    let Some((&mode, rest)) = data.split_first() else {
        return;
    };
    if mode % 2 == 0 {
        let Ok(value) = HeaderValue::from_bytes(rest) else {
            return;
        };
        let headers = headers(value);
        let browser = Browser::of(&headers);
        assert!(browser.name().is_none_or(|name| name.0.len() == 64));
        let memory = seal().open(&headers);
        let _ = seal().cookie(&memory);
        return;
    }
    let Ok(memory) = serde_json::from_slice::<BrowserMemory>(rest) else {
        return;
    };
    let Some(set) = seal().cookie(&memory) else {
        return;
    };
    let text = set.to_str().expect("a header of ours is text");
    let pair = text.split(';').next().unwrap();
    let back = seal().open(&headers(HeaderValue::from_str(pair).unwrap()));
    if !memory.is_empty() && text.len() <= 4096 {
        assert!(
            !back.is_empty() || rest.len() > 2000,
            "what was sealed opens"
        );
    }
});
