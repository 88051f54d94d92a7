//! [`Exchange`]: an exchange with its metadata in the input.

use std::time::SystemTime;

use serde_json::Value;
use waves_errors::Evidence;

/// An exchange in the input of a command.
pub(crate) struct Exchange {
    /// The id in the input, of any type.
    pub(crate) id: Value,
    /// The time of the response; default: now.
    pub(crate) received_at: SystemTime,
    pub(crate) evidence: Evidence,
}
