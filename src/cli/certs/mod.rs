//! `vejviser certs`: test certificates are made, and any certificate's story is told.

pub mod args;
mod new;
mod show;

use super::Failure;
use args::CertsCommand;

/// Runs it.
pub fn run(command: &CertsCommand) -> Result<(), Failure> {
    match command {
        CertsCommand::New(args) => new::run(args),
        CertsCommand::Show(args) => show::run(args),
    }
}
