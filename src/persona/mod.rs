//! Municipal IdPs with their vendors' habits, demo systems, and their people. All invented.
