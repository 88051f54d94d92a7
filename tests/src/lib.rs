//! What several tests and the quickstart need: a real HTTP server on loopback that answers as it is told.

pub mod server;
pub mod service;
pub mod socket;
