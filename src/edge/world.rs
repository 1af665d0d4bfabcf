//! The only place that asks for time and chance.

use crate::dsig::Entropy;
pub(crate) use crate::dsig::hex;
use crate::mint::{Chance, KeyKind};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::X509;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
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
    /// Now, moved. An offset that leads out of the calendar is none.
    pub fn now(&self) -> OffsetDateTime {
        let real = self.real();
        real.checked_add(self.offset()).unwrap_or(real)
    }
    /// Now, as the system has it.
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub fn real(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
    /// Moves the clock by an offset from real time.
    pub fn set_offset(&self, offset: Duration) {
        let ms = i64::try_from(offset.whole_milliseconds()).unwrap_or(0);
        self.offset_ms.store(ms, Ordering::Relaxed);
    }
    /// Moves the clock so that it shows `now`, and runs on from there.
    pub fn set(&self, now: OffsetDateTime) {
        self.set_offset(now - self.real());
    }
    /// How far it is moved.
    pub fn offset(&self) -> Duration {
        Duration::milliseconds(self.offset_ms.load(Ordering::Relaxed))
    }
}

impl Entropy for SystemEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        random(bytes);
    }
}

impl Chance for SystemEntropy {
    fn key(&mut self, kind: KeyKind) -> Result<PKey<Private>, ErrorStack> {
        match kind {
            KeyKind::Rsa(bits) => PKey::from_rsa(Rsa::generate(bits)?),
            KeyKind::P256 => fresh_key(),
        }
    }
}

/// Whether the OpenSSL in this program was built for threads (`OPENSSL_THREADS`).
///
/// A static program's may not be: for `-static`, which openssl-src passes on with `crt-static`, OpenSSL's Configure means
/// `no-threads` (3.6.3: Configure 1539; openssl/openssl#14574). Its locks then lock nothing and what belongs to one
/// thread belongs to all (crypto/threads_none.c): two logins at once corrupt the heap, and two threads get the same
/// random bytes. Nothing that is done once at the start mends that, so the program does not run.
pub fn openssl_has_threads() -> bool {
    // What was built stays as it is.
    static HAS: LazyLock<bool> = LazyLock::new(|| {
        // OpenSSL tells no one how it was built. But each thread has an error queue of its own, unless there is one for all.
        let Err(errors) = X509::from_der(&[]) else {
            return false;
        };
        errors.put();
        let other = thread::spawn(|| ErrorStack::get().errors().is_empty()).join();
        ErrorStack::get();
        other.unwrap_or(false)
    });
    *HAS
}

/// Fills `bytes` with chance.
#[allow(
    clippy::disallowed_methods,
    reason = "the one place that asks for chance"
)]
pub fn random(bytes: &mut [u8]) {
    // The program has said so before; this is for who uses the library, and for tests.
    assert!(
        openssl_has_threads(),
        "OpenSSL was built without threads: CFLAGS=-DOPENSSL_THREADS"
    );
    // Without randomness there is no safe answer to give, and no caller that could do better.
    openssl::rand::rand_bytes(bytes).expect("the system's random generator works");
}

/// `N` random bytes in lower-case hex.
pub fn random_hex<const N: usize>() -> String {
    let mut bytes = [0; N];
    random(&mut bytes);
    hex(&bytes)
}

/// A fresh P-256 key, for a TLS certificate that is made on the spot.
pub fn fresh_key() -> Result<PKey<Private>, ErrorStack> {
    PKey::from_ec_key(EcKey::generate(&*EcGroup::from_curve_name(
        Nid::X9_62_PRIME256V1,
    )?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the build that the suite runs in; tests/budget says the same of the one that is released.
    #[test]
    fn openssl_is_built_for_threads() {
        assert!(openssl_has_threads());
        assert_eq!(ErrorStack::get().errors().len(), 0);
    }
}
