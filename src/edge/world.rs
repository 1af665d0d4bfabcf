//! The only place that asks for time and chance.

use crate::dsig::Entropy;
use std::sync::atomic::{AtomicI64, Ordering};
use time::{Duration, OffsetDateTime};

/// The system clock, moved by an offset: tests and rehearsals move it instead of waiting.
#[derive(Debug, Default)]
pub struct Clock {
    offset_ms: AtomicI64,
}

/// The system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Clock {
    /// Now, moved.
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc() + Duration::milliseconds(self.offset_ms.load(Ordering::Relaxed))
    }
    /// Moves the clock by an offset from real time.
    pub fn set_offset(&self, offset: Duration) {
        self.offset_ms
            .store(offset.whole_milliseconds() as i64, Ordering::Relaxed);
    }
}

impl Entropy for SystemEntropy {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that asks for chance"
    )]
    fn fill(&mut self, bytes: &mut [u8]) {
        // Without randomness there is no safe answer to give, and no caller that could do better.
        openssl::rand::rand_bytes(bytes).expect("the system's random generator works");
    }
}
