//! Checks for browsers, which cannot send headers with a WebSocket and do not report the response of a refused handshake.

use waves_errors_core::{Evidence, Transport};

use super::{Exchange, Found};

/// Returns whether the evidence is only a close before the socket was open. This is how browsers report a refused handshake.
pub(super) fn is_refusal(evidence: &Evidence) -> bool {
    let early = evidence.close().is_some_and(|close| close.code == 1006 && close.opened == Some(false));
    early && evidence.status().is_none() && evidence.transport() != Transport::WebSocket
}

impl Exchange<'_> {
    /// Checks whether the key is missing in the query. A browser cannot send it in a header of a WebSocket.
    pub(super) fn browser_without_query_key(&self) -> Found {
        if self.evidence.transport() != Transport::BrowserWebSocket {
            return Found::not_applicable();
        }
        if self.evidence.url().is_none() {
            return Found::cannot_tell("the URL of the handshake");
        }
        match self.query_key() {
            Some((_, key)) if !key.trim().is_empty() => Found::ruled_out(),
            Some((name, _)) => Found::confirmed(format!("the query parameter `{name}` is empty")),
            None => Found::confirmed(format!(
                "no query parameter `{}`",
                self.key.query().collect::<Vec<_>>().join("` or `")
            )),
        }
    }

    /// Checks whether the socket closed before it was open.
    pub(super) fn browser_handshake_refused(&self) -> Found {
        if self.evidence.transport() != Transport::BrowserWebSocket {
            return Found::not_applicable();
        }
        match self.evidence.close() {
            Some(close) if close.code == 1006 => match close.opened {
                Some(true) => Found::ruled_out(),
                Some(false) => Found::likely("closed with 1006 before it was open"),
                None => Found::cannot_tell("whether the socket was open"),
            },
            Some(_) => Found::ruled_out(),
            None => Found::cannot_tell("the close"),
        }
    }
}
