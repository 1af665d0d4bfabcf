//! A real Chromium, by WebDriver (W3C): for systems whose pages need scripts.
//!
//! Debian has it as `chromium` and `chromium-driver`. Every session is a browser that has been nowhere.

use super::browser::{exchange, target};
use super::{BrowserError, Page};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The program that drives it.
const DRIVER: &str = "chromedriver";
/// How often it is looked whether a page has come to rest, and for how many looks it must be the same.
const EVERY: Duration = Duration::from_millis(100);
const STILL: usize = 4;
/// How often the driver is started before it is said that it cannot be.
const TRIES: usize = 4;

/// The driver, while it runs.
#[derive(Debug)]
pub struct Chromium {
    child: Child,
    at: Url,
    timeout: Duration,
}

/// One browser, with cookies of its own; it ends with [`Session::end`], and with the driver at the latest.
#[derive(Debug, Clone)]
pub struct Session {
    driver: Arc<Url>,
    id: String,
    timeout: Duration,
    version: String,
}

fn broken(what: impl std::fmt::Display) -> BrowserError {
    BrowserError::Driver(what.to_string())
}

impl Chromium {
    /// Starts the driver on a free port. A page may take `timeout` to come to rest.
    pub async fn start(timeout: Duration) -> Result<Self, BrowserError> {
        let started = tokio::task::spawn_blocking(start);
        let (child, port) = started.await.map_err(broken)??;
        let at = Url::parse(&format!("http://127.0.0.1:{port}/")).map_err(broken)?;
        Ok(Self { child, at, timeout })
    }

    /// A browser that has been nowhere.
    pub async fn session(&self) -> Result<Session, BrowserError> {
        let mut flags = vec!["--headless=new", "--disable-dev-shm-usage"];
        if is_root() {
            // Its sandbox cannot be made by root.
            flags.push("--no-sandbox");
        }
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": flags },
        } } });
        let told = ask(&self.at, Method::POST, "session", Some(&wanted)).await?;
        let id = told["sessionId"].as_str();
        let version = told["capabilities"]["browserVersion"].as_str();
        Ok(Session {
            id: id.ok_or_else(|| broken("no session"))?.to_owned(),
            version: format!("Chromium {}", version.unwrap_or_default()),
            driver: Arc::new(self.at.clone()),
            timeout: self.timeout,
        })
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Beside others that start, the driver was seen to end without having a port; why is not known. Then once more: what cannot be
/// driven at all fails as often as it is tried.
fn start() -> Result<(Child, u16), BrowserError> {
    let mut started = start_once();
    for _ in 1..TRIES {
        if started.is_ok() {
            break;
        }
        started = start_once();
    }
    started
}

/// The driver says on which port it listens.
fn start_once() -> Result<(Child, u16), BrowserError> {
    let mut child = Command::new(DRIVER)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| broken(format!("{DRIVER}: {error}")))?;
    let lines = child.stdout.take().map(BufReader::new);
    let lines = lines.into_iter().flat_map(BufRead::lines);
    let mut last = String::new();
    let port = lines.map_while(Result::ok).take(20).find_map(|line| {
        let port = line
            .split_once("successfully on port ")
            .and_then(|(_, port)| port.trim_end_matches('.').parse().ok());
        last = line;
        port
    });
    match port {
        Some(port) => Ok((child, port)),
        None => {
            let _ = child.kill();
            let _ = child.wait();
            Err(broken(format!("{DRIVER} names no port: {last}")))
        }
    }
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

impl Session {
    /// `Chromium` and its version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Gives it a cookie of the host of this address, which it must be able to open.
    pub async fn set_cookie(&self, at: &str, name: &str, value: &str) -> Result<(), BrowserError> {
        self.call(Method::POST, "url", Some(json!({ "url": at })))
            .await?;
        let cookie = json!({ "cookie": {
            "name": name, "value": value, "path": "/", "secure": true, "sameSite": "None",
        } });
        self.call(Method::POST, "cookie", Some(cookie)).await?;
        Ok(())
    }

    /// The user enters an address; the page that everything comes to rest on.
    pub async fn open(&self, address: &str) -> Result<Page, BrowserError> {
        let to = json!({ "url": address });
        self.call(Method::POST, "url", Some(to)).await?;
        let (mut last, mut same) = (None, 0);
        let looks = self.timeout.as_millis() / EVERY.as_millis();
        for _ in 0..looks.max(STILL as u128) {
            let now = self.look().await?;
            match last.as_ref() == Some(&now) {
                true => same += 1,
                false => same = 0,
            }
            if same >= STILL && now.1 {
                return self.page(now.0).await;
            }
            last = Some(now);
            tokio::time::sleep(EVERY).await;
        }
        Err(BrowserError::TimedOut {
            url: address.split('?').next().unwrap_or_default().to_owned(),
            after: self.timeout,
        })
    }

    /// Closes it.
    pub async fn end(self) {
        let _ = self.call(Method::DELETE, "", None).await;
    }

    /// Where it is, whether that is complete, and how long it is.
    async fn look(&self) -> Result<(String, bool, i64), BrowserError> {
        let script = "return [location.href, document.readyState === 'complete', document.documentElement.outerHTML.length]";
        let told = self.script(script).await?;
        Ok((
            told[0].as_str().unwrap_or_default().to_owned(),
            told[1].as_bool().unwrap_or(false),
            told[2].as_i64().unwrap_or(-1),
        ))
    }

    async fn page(&self, url: String) -> Result<Page, BrowserError> {
        let status =
            "return (performance.getEntriesByType('navigation')[0] || {}).responseStatus || 200";
        let status = self.script(status).await?.as_u64().unwrap_or(200);
        let status = u16::try_from(status).ok();
        let status = status.and_then(|status| StatusCode::from_u16(status).ok());
        let body = self.call(Method::GET, "source", None).await?;
        Ok(Page {
            url: Url::parse(&url).map_err(broken)?,
            status: status.unwrap_or(StatusCode::OK),
            headers: HeaderMap::new(),
            body: body.as_str().unwrap_or_default().to_owned(),
        })
    }

    async fn script(&self, script: &str) -> Result<Value, BrowserError> {
        let script = json!({ "script": script, "args": [] });
        self.call(Method::POST, "execute/sync", Some(script)).await
    }

    async fn call(
        &self,
        method: Method,
        what: &str,
        body: Option<Value>,
    ) -> Result<Value, BrowserError> {
        let path = format!("session/{}/{what}", self.id);
        ask(
            &self.driver,
            method,
            path.trim_end_matches('/'),
            body.as_ref(),
        )
        .await
    }
}

/// One command (WebDriver §6): its value, or the driver's words for what went wrong.
async fn ask(
    driver: &Url,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Result<Value, BrowserError> {
    let (host, port) = target(driver)?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let request = Request::builder()
        .method(method)
        .uri(format!("/{path}"))
        .header(HOST, format!("{host}:{port}"))
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))
        .map_err(broken)?;
    let (parts, text) = exchange(&host, (&host, port), None, request).await?;
    let told: Value = serde_json::from_str(&text).map_err(broken)?;
    let mut told = told;
    match parts.status.is_success() {
        true => Ok(told["value"].take()),
        false => {
            let why = told["value"]["message"].as_str().unwrap_or(&text);
            Err(broken(why.lines().next().unwrap_or_default()))
        }
    }
}
