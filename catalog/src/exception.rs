//! Texts of exceptions: the statuses, close codes and transport errors that the errors of HTTP and WebSocket clients mention.

use waves_errors_core::TransportError;

/// A status or a close code in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Status(u16),
    Close(u16),
}

/// The statuses and close codes in a text, in its order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcomes {
    /// Numbers after a word such as `status`.
    pub(crate) certain: Vec<Outcome>,
    /// Other numbers that can be a status or a close code.
    pub(crate) possible: Vec<Outcome>,
}

/// Words before a status or a close code.
const OUTCOME: [&str; 16] = [
    "close",
    "closed",
    "code",
    "error",
    "failed",
    "got",
    "http",
    "httperror",
    "received",
    "responded",
    "response",
    "returned",
    "sent",
    "status",
    "statuscode",
    "with",
];
/// Words before other numbers.
const QUANTITY: [&str; 16] = [
    "after", "at", "attempt", "byte", "bytes", "char", "col", "column", "id", "line", "of", "offset", "pid", "port",
    "row", "timeout",
];
/// Words after other numbers: units.
const UNITS: [&str; 14] = [
    "attempts",
    "byte",
    "bytes",
    "kb",
    "mb",
    "microseconds",
    "milliseconds",
    "ms",
    "ns",
    "retries",
    "s",
    "seconds",
    "times",
    "us",
];

/// Finds the numbers in a text that can be statuses or close codes.
pub(crate) fn outcomes(text: &str) -> Outcomes {
    let mut found = Outcomes::default();
    let mut last_word = String::new();
    let mut at = 0;
    let is_word = |c: char| c.is_alphanumeric();
    while let Some(start) = text[at..].find(is_word).map(|start| at + start) {
        let end = text[start..].find(|c| !is_word(c)).map_or(text.len(), |length| start + length);
        at = end;
        let word = &text[start..end];
        if !word.bytes().all(|byte| byte.is_ascii_digit()) {
            last_word = word.to_ascii_lowercase();
            continue;
        }
        let outcome = match word.parse() {
            Ok(status @ 400..=599) => Outcome::Status(status),
            Ok(code @ 1000..=4999) => Outcome::Close(code),
            _ => continue,
        };
        let before = text[..start].chars().next_back();
        let mut after = text[end..].chars();
        let (next, second) = (after.next(), after.next());
        // Part of an address, a path, a decimal number, or a position such as `12:403`.
        let is_part = before.is_some_and(|c| ":./-+$_".contains(c))
            || matches!((next, second), (Some(':' | '.' | ','), Some('0'..='9')) | (Some('%' | '/'), _));
        let unit = text[end..].split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
        let has_unit = text[end..].starts_with([' ', '\u{a0}']) && UNITS.contains(&unit.to_ascii_lowercase().as_str());
        if is_part || has_unit || QUANTITY.contains(&last_word.as_str()) {
            continue;
        }
        let list = if OUTCOME.contains(&last_word.as_str()) { &mut found.certain } else { &mut found.possible };
        list.push(outcome);
    }
    found
}

/// Phrases in the errors of clients, in lower case. The first that a text contains counts: the errors of a connection attempt also
/// mention timeouts.
const TRANSPORT_ERRORS: [(&str, TransportError); 44] = [
    ("could not resolve", TransportError::Connect),
    ("getaddrinfo", TransportError::Connect),
    ("enotfound", TransportError::Connect),
    ("eai_again", TransportError::Connect),
    ("name or service not known", TransportError::Connect),
    ("nodename nor servname", TransportError::Connect),
    ("no such host", TransportError::Connect),
    ("name resolution", TransportError::Connect),
    ("dns error", TransportError::Connect),
    ("connection refused", TransportError::Connect),
    ("econnrefused", TransportError::Connect),
    ("actively refused", TransportError::Connect),
    ("couldn't connect", TransportError::Connect),
    ("failed to connect", TransportError::Connect),
    ("cannot connect", TransportError::Connect),
    ("connect timeout", TransportError::Connect),
    ("connecttimeout", TransportError::Connect),
    ("connecterror", TransportError::Connect),
    ("no route to host", TransportError::Connect),
    ("unreachable", TransportError::Connect),
    ("certificate", TransportError::Tls),
    ("x509", TransportError::Tls),
    ("ssl connect error", TransportError::Tls),
    ("tls connect error", TransportError::Tls),
    ("sslerror", TransportError::Tls),
    ("handshake failure", TransportError::Tls),
    ("timed out", TransportError::Timeout),
    ("timeout", TransportError::Timeout),
    ("etimedout", TransportError::Timeout),
    ("deadline exceeded", TransportError::Timeout),
    ("empty reply", TransportError::Interrupted),
    ("connection reset", TransportError::Interrupted),
    ("econnreset", TransportError::Interrupted),
    ("connection aborted", TransportError::Interrupted),
    ("connection closed", TransportError::Interrupted),
    ("recv failure", TransportError::Interrupted),
    ("transfer closed", TransportError::Interrupted),
    ("hang up", TransportError::Interrupted),
    ("broken pipe", TransportError::Interrupted),
    ("incomplete", TransportError::Interrupted),
    ("disconnected", TransportError::Interrupted),
    ("no close frame", TransportError::Interrupted),
    ("unexpected eof", TransportError::Interrupted),
    ("unexpected end of file", TransportError::Interrupted),
];

/// Returns the transport error that a text describes.
pub fn transport_error(text: &str) -> Option<TransportError> {
    let text = text.to_lowercase();
    TRANSPORT_ERRORS.iter().find(|(phrase, _)| text.contains(phrase)).map(|(_, error)| *error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_statuses_or_close_codes_only_where_they_can_be() {
        for (text, certain, possible) in [
            ("HTTP 429", &[Outcome::Status(429)][..], &[][..]),
            ("HTTP/1.1 429 Too Many Requests", &[Outcome::Status(429)], &[]),
            ("Request failed with status code 524", &[Outcome::Status(524)], &[]),
            ("received 1008 (policy violation)", &[Outcome::Close(1008)], &[]),
            ("failed after 500 ms: 429 Too Many Requests", &[], &[Outcome::Status(429)]),
            ("File main.py, line 403, in call: 429 Client Error", &[], &[Outcome::Status(429)]),
            ("expected value at line 1 column 404", &[], &[]),
            ("connect ECONNREFUSED 10.0.0.1:500", &[], &[]),
            ("(host x port 503)", &[], &[]),
            ("attempt 401 of 1000 failed: status code 503", &[Outcome::Status(503)], &[]),
            ("status=429, 1013", &[Outcome::Status(429), Outcome::Close(1013)], &[]),
            ("main.rs:403:12 took 1.500 s, 429% of 4290, sk_429", &[], &[]),
            ("https://h/429/a", &[], &[]),
        ] {
            let found = outcomes(text);
            assert_eq!((&found.certain[..], &found.possible[..]), (certain, possible), "{text}");
        }
    }

    #[test]
    fn errors_of_clients_are_transport_errors() {
        for (text, error) in [
            ("requests.exceptions.ReadTimeout: Read timed out. (read timeout=5)", TransportError::Timeout),
            ("httpx.ConnectTimeout: timed out", TransportError::Connect),
            ("Error: connect ECONNREFUSED 127.0.0.1:443", TransportError::Connect),
            ("Error: getaddrinfo ENOTFOUND api.smallest.ai", TransportError::Connect),
            ("Error: socket hang up", TransportError::Interrupted),
            ("tls: failed to verify certificate: x509: certificate signed by unknown authority", TransportError::Tls),
            ("context deadline exceeded", TransportError::Timeout),
            (
                "websockets.exceptions.ConnectionClosedError: no close frame received or sent",
                TransportError::Interrupted,
            ),
        ] {
            assert_eq!(transport_error(text), Some(error), "{text}");
        }
        assert_eq!(transport_error("TypeError: fetch failed"), None);
    }
}
