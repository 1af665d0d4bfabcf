//! The core: messages in, messages out, no socket anywhere.

mod answers;
mod checks;
mod issued;
mod memory;
mod mixup;
mod requests;
mod table;
