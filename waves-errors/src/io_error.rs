//! Conversion of I/O errors into transport errors.

#[cfg(any(feature = "reqwest", feature = "tower"))]
use std::error::Error;
use std::io::{self, ErrorKind};

use waves_errors_core::TransportError;

/// Returns the transport error of the first I/O error in a chain that corresponds to one.
#[cfg(any(feature = "reqwest", feature = "tower"))]
pub(crate) fn io_in(error: &(dyn Error + 'static)) -> Option<TransportError> {
    crate::chain::chain(error).find_map(|error| io_kind(error.downcast_ref()?))
}

/// Returns the transport error of an I/O error of a connection. TLS libraries report a failed handshake as invalid data.
#[cfg(any(feature = "tokio-tungstenite", feature = "ureq"))]
pub(crate) fn connection_kind(error: &io::Error) -> Option<TransportError> {
    io_kind(error).or_else(|| (error.kind() == ErrorKind::InvalidData).then_some(TransportError::Tls))
}

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
