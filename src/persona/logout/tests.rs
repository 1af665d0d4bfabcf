//! Single logout of invented parties from outside, without a hub.
