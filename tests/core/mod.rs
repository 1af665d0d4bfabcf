//! The core: messages in, messages out, no socket anywhere.

mod answers;
mod checks;
mod issued;
mod memory;
mod requests;
mod table;
