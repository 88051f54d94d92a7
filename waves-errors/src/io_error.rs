//! Conversion of I/O errors into transport errors.

use std::io::{self, ErrorKind};

use waves_errors_core::TransportError;

/// Returns the transport error of an I/O error.
pub(crate) fn io_kind(error: &io::Error) -> Option<TransportError> {
    match error.kind() {
        // A socket with a read timeout reports `WouldBlock` on Unix.
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Some(TransportError::Timeout),
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrInUse
        | ErrorKind::AddrNotAvailable
        | ErrorKind::NotConnected => Some(TransportError::Connect),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Some(TransportError::Interrupted),
        _ => None,
    }
}
