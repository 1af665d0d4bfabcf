//! The core: messages in, messages out, no socket anywhere.

mod answers;
mod checks;
mod faults;
mod issued;
mod logout;
mod memory;
mod metadata;
mod mixup;
mod offline;
mod requests;
mod roles;
mod session;
mod single_logout;
mod subject;
mod table;
mod told;
