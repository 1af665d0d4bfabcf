//! A headless browser, and what is rehearsed with it.
