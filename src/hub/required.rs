//! The level that is required, from the registration and the request.
