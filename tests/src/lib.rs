//! Servers on loopback for the tests and the quickstart.

/// The example `batch` of waves-errors.
#[path = "../../waves-errors/examples/batch.rs"]
#[expect(dead_code, reason = "its `main`")]
pub mod batch;
pub mod faulty;
pub mod hostile;
pub mod server;
pub mod service;
pub mod socket;
