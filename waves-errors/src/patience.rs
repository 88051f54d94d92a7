//! The time limit for the body of an error response.

use std::time::Duration;

/// The maximum time for reading the body of an error response: its status is already known.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
