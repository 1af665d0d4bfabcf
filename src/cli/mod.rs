//! The command line. `stdout` is the result, `stderr` the talk.

mod args;
mod calibrate;
mod causes;
mod certs;
mod check;
mod checks;
mod decode;
pub mod demo;
mod exchange;
mod explain;
mod failure;
mod federation;
mod flows;
mod given;
mod healthcheck;
mod lint;
mod matrix;
mod output;
mod ready;
mod registered;
mod rehearse;
mod reload;
mod report;
mod roles;
mod run;
mod serve;
mod talk;
pub(crate) mod test_system;
pub mod verify;

pub use failure::Failure;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody may be listening (`vejviser --help | head -1`), which is no reason to panic.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    talk::log(&cli.log);
    let result = run::judge_build().and_then(|()| match cli.command {
        Command::Demo(args) => run::block_on(demo::run(args)),
        Command::Serve(args) => run::block_on(serve::run(args)),
        Command::Check(args) => run::block_on(check::run(args)),
        Command::Verify(args) => verify::run(&args),
        Command::Decode(args) => decode::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
        Command::Matrix(args) => matrix::run(&args),
        Command::Rehearse(args) => rehearse::run(&args),
        Command::Checks(args) => checks::run(&args),
        Command::Flows(command) => flows::run(&command),
        Command::TestSystem(args) => test_system::run(&args),
        Command::Roles(command) => roles::run(&command),
        Command::Lint(args) => run::block_on(lint::run(&args)),
        Command::Certs(command) => certs::run(&command),
        Command::Export(args) => run::block_on(exchange::export(args)),
        Command::Import(args) => run::block_on(exchange::import(args)),
        Command::Healthcheck(args) => healthcheck::run(&args),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            talk::say(failure.text());
            failure.code()
        }
    }
}
