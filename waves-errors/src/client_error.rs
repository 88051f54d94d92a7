//! The meaning of a client's error for the exchange: one table for all adapters.
//!
//! Each adapter maps the error types that its client exports. The libraries below the clients (hyper, h2, rustls, the name resolution of the
//! standard library) are not dependencies of this crate, or their errors have no kinds: they are recognized by their texts.

use std::error::Error;
use std::io::ErrorKind;

use waves_errors_core::TransportError;

use crate::chain::chain;
use crate::io_error::io_kind;

/// The meaning of a client's error: the transport error, or the reason why the client itself failed.
pub(crate) type Meaning = Result<TransportError, &'static str>;

/// Nothing was sent.
pub(crate) const NOT_BUILT: &str = "the request could not be built";
/// A response arrived, but it is invalid.
pub(crate) const UNREADABLE: &str = "the response could not be read";
#[cfg(any(feature = "reqwest", feature = "ureq"))]
pub(crate) const REDIRECTS: &str = "the redirects could not be followed";

/// The errors without exported types, by a part of their text in lower case.
const TEXTS: [(&str, Meaning); 18] = [
    // The program's own body failed after a part of it was sent. Its error can have any text.
    ("error from user's body stream", Ok(TransportError::Interrupted)),
    // h2, which reports GOAWAY only for streams that the server did not process.
    ("refused stream before processing", Ok(TransportError::Refused)),
    ("connection error received", Ok(TransportError::Refused)),
    ("connection error detected", Err(UNREADABLE)),
    ("stream error detected", Err(UNREADABLE)),
    // hyper: the server had closed a pooled connection before the request was written.
    ("operation was canceled", Ok(TransportError::Refused)),
    ("service overloaded", Ok(TransportError::Refused)),
    ("request timed out", Ok(TransportError::Timeout)),
    ("failed to lookup address information", Ok(TransportError::Connect)),
    ("dns error", Ok(TransportError::Connect)),
    ("tls handshake eof", Ok(TransportError::Tls)),
    ("message head is too large", Err(UNREADABLE)),
    ("http version parsed", Err(UNREADABLE)),
    ("http status-code parsed", Err(UNREADABLE)),
    ("http header parsed", Err(UNREADABLE)),
    ("-length parsed", Err(UNREADABLE)),
    ("-encoding parsed", Err(UNREADABLE)),
    ("invalid chunk", Err(UNREADABLE)),
];

/// Returns the meaning of an error or of one of its sources, if it is known.
pub(crate) fn meaning_in(error: &(dyn Error + 'static)) -> Option<Meaning> {
    let texts = texts(error);
    let by_text = TEXTS.iter().find(|(text, _)| texts.contains(text)).map(|(_, meaning)| *meaning);
    by_text.or_else(|| chain(error).find_map(|error| io_meaning(error.downcast_ref()?)))
}

fn io_meaning(error: &std::io::Error) -> Option<Meaning> {
    match error.kind() {
        // An invalid chunk, or an invalid compressed body.
        ErrorKind::InvalidData | ErrorKind::InvalidInput => Some(Err(UNREADABLE)),
        _ => io_kind(error).map(Ok),
    }
}

/// Returns the meaning of an error after the connection was established: something may have been sent, even if the I/O error is a
/// connection error.
#[cfg(any(feature = "reqwest", feature = "tower"))]
pub(crate) fn established(meaning: Meaning) -> Meaning {
    match meaning {
        Ok(TransportError::Connect | TransportError::Tls) => Ok(TransportError::Interrupted),
        other => other,
    }
}

/// Returns the meaning of an error of a connection attempt. TLS errors have no common type: with `is_encrypted`, an error without
/// another known cause is a TLS error. `no_scheme` is the reason if the client does not support the scheme of the URL.
#[cfg(any(feature = "reqwest", feature = "tower"))]
pub(crate) fn connect_meaning(error: &(dyn Error + 'static), is_encrypted: bool, no_scheme: &'static str) -> Meaning {
    if mentions(error, &["scheme is not http"]) {
        return Err(no_scheme);
    }
    let is_other = || {
        let proxy_or_time = mentions(error, &["dns error", "tcp ", "timed out", "tunnel", "proxy"]);
        proxy_or_time || matches!(meaning_in(error), Some(Ok(TransportError::Connect | TransportError::Timeout)))
    };
    Ok(if is_encrypted && !is_other() { TransportError::Tls } else { TransportError::Connect })
}

/// Returns whether the text of an error or of one of its sources contains one of the texts, which are in lower case.
#[cfg(any(feature = "reqwest", feature = "tower", feature = "ureq"))]
pub(crate) fn mentions(error: &(dyn Error + 'static), parts: &[&str]) -> bool {
    let texts = texts(error);
    parts.iter().any(|part| texts.contains(part))
}

/// Returns the texts of an error and of its sources in lower case, one per line.
fn texts(error: &(dyn Error + 'static)) -> String {
    chain(error).map(|error| error.to_string().to_lowercase()).collect::<Vec<_>>().join("\n")
}
