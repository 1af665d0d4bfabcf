//! A headless browser, and what is rehearsed with it. Uses the hub only from outside.

mod browser;
pub mod calibrate;
mod chromium;
mod cookies;
mod html;
pub mod matrix;
pub mod moved;
pub mod rehearsal;
pub mod replay;
pub mod report;
pub mod system_test;

pub use browser::{Browser, BrowserError, Hop, Page};
pub use chromium::{Chromium, Session};
pub use cookies::{CookieRules, CookieView, SameSite};
pub use html::{Choice, Form, Output, forms};
