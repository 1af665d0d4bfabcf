//! The two messages, signed as their binding has it.
