//! The thread that writes flows to the file.

use super::flows::Which;
use super::keep::Shared;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a flow that ended waits for others, to be written with them.
const GATHER: Duration = Duration::from_millis(200);
/// How often logins that still go on are written, and old flows go.
const TICK: Duration = Duration::from_secs(5);
/// Rounds of writing after which it is time for that, though the bell never rests.
const ROUNDS: u32 = 25;

/// Writes until it is dropped, and then what is left.
#[derive(Debug)]
pub(super) struct Writer {
    bell: Arc<Bell>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Bell {
    state: Mutex<Told>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct Told {
    work: bool,
    stop: bool,
}

impl Writer {
    pub(super) fn start(shared: Arc<Shared>) -> Self {
        let bell = Arc::new(Bell::default());
        let heard = bell.clone();
        let thread = std::thread::Builder::new().name("journal".to_owned());
        let thread = thread.spawn(move || run(&shared, &heard));
        if let Err(error) = &thread {
            tracing::error!(%error, "no thread writes flows: they are written at the end");
        }
        Self {
            bell,
            thread: thread.ok(),
        }
    }

    /// There is something to write.
    pub(super) fn ring(&self) {
        let mut told = self.bell.lock();
        if !told.work {
            told.work = true;
            self.bell.rung.notify_one();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.bell.lock().stop = true;
        self.bell.rung.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(shared: &Shared, bell: &Bell) {
    let mut rounds = 0;
    loop {
        let rung = bell.wait(TICK, |told| told.work);
        if rung {
            bell.wait(GATHER, |_| false);
        }
        let stops = bell.answered();
        rounds += 1;
        if stops || !rung || rounds >= ROUNDS {
            rounds = 0;
            shared.write(Which::All);
            shared.tidy();
        } else {
            shared.write(Which::Ended);
        }
        if stops {
            return;
        }
    }
}

impl Bell {
    fn lock(&self) -> MutexGuard<'_, Told> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it rings so, or the end comes, or the time is over; whether it rang.
    fn wait(&self, most: Duration, rang: impl Fn(&Told) -> bool) -> bool {
        let waits = |told: &mut Told| !told.stop && !rang(told);
        let told = self.rung.wait_timeout_while(self.lock(), most, waits);
        let (told, _) = told.unwrap_or_else(PoisonError::into_inner);
        rang(&told)
    }

    /// Whoever rings from now on is heard the next time; whether it is the end.
    fn answered(&self) -> bool {
        let mut told = self.lock();
        told.work = false;
        told.stop
    }
}
