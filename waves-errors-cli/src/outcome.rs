//! The outcome of a command: an exit code or an error message.

use std::io;

/// The outcome of a command, which determines the exit code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done, with a positive result.
    Success,
    /// Done, with a negative result: a problem, a difference, or no match.
    Negative,
    /// Not run: invalid usage.
    NotRun,
}

impl From<bool> for Outcome {
    fn from(is_positive: bool) -> Self {
        if is_positive { Self::Success } else { Self::Negative }
    }
}

/// The error message of a command.
pub(crate) struct CliError(pub(crate) String);

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self(format!("cannot write: {error}"))
    }
}
