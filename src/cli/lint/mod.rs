//! `vejviser lint`: metadata as the real hub's validation service judges it.
//!
//! ```text
//! FILE ──▶ hub::lint ──▶ Linted ──▶ human | json | junit | sarif
//!             ▲ known: CAs, others, revocation lists
//!             ▲ online: what CAs answer
//! ```

mod args;
mod known;
mod online;
mod render;

pub use args::{LintArgs, rules};

use super::{Failure, given, output};
use crate::edge::world::Clock;
use crate::hub::lint::{Circumstances, LintRole, Linted, certificates, lint};
use std::path::Path;

/// What is told.
struct Told {
    /// The file, as it was given.
    file: String,
    role: LintRole,
    linted: Linted,
}

/// Runs it: exit code 1 where the metadata would be refused.
pub async fn run(args: &LintArgs) -> Result<(), Failure> {
    let fetcher = args.online.then(online::fetcher);
    let bytes = match (online::address(&args.file), &fetcher) {
        (Some(url), Some(fetcher)) => online::metadata(fetcher, &url).await?,
        (Some(url), None) => return Err(offline(&url)),
        (None, _) => given::bytes(Some(&args.file))?,
    };
    let role = args.role.into();
    let now = args.now.unwrap_or_else(|| Clock::default().now());
    let trusted_cas = known::authorities(args)?;
    let others = known::others(args, &bytes)?;
    let own = certificates(&bytes, role);
    let mut revocation = known::revocation(args, &own, &trusted_cas, now)?;
    if let Some(fetcher) = fetcher {
        online::ask(fetcher, &own, &trusted_cas, now, &mut revocation).await;
    }
    let circumstances = Circumstances {
        now,
        trusted_cas: &trusted_cas,
        others: &others,
        revocation: &revocation,
        own_id: args.replaces.as_deref(),
    };
    let told = Told {
        file: name(&args.file),
        role,
        linted: lint(&bytes, role, &circumstances),
    };
    output::deliver(args.format, &args.output, |format| {
        render::rendered(&told, format, args.book.as_ref())
    })?;
    match told.linted.accepted() {
        true => Ok(()),
        false => Err(Failure::Findings(String::new())),
    }
}

/// No command reaches out to the network unless told to.
fn offline(url: &str) -> Failure {
    Failure::Usage(format!(
        "error: {url}: lint henter intet fra nettet / lint fetches nothing\n\n\
         brug --online, eller hent filen først, og giv den / use --online, or download the file first, and give that"
    ))
}

fn name(path: &Path) -> String {
    match path == Path::new("-") {
        true => "stdin".to_owned(),
        false => path.display().to_string(),
    }
}
