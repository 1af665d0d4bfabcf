//! The core: messages in, messages out, no socket anywhere.

mod answers;
mod checks;
mod issued;
mod requests;
mod table;
