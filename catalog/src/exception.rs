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
const QUANTITY: [&str; 25] = [
    "after", "at", "attempt", "byte", "bytes", "char", "chunk", "col", "column", "id", "item", "job", "line", "of",
    "offset", "page", "pid", "port", "request", "row", "step", "task", "test", "timeout", "user",
];
/// Words after other numbers: units.
const UNITS: [&str; 21] = [
    "attempts",
    "byte",
    "bytes",
    "characters",
    "chars",
    "items",
    "kb",
    "mb",
    "microseconds",
    "milliseconds",
    "ms",
    "ns",
    "requests",
    "retries",
    "rows",
    "s",
    "seconds",
    "times",
    "tokens",
    "us",
    "words",
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
        let mut before = text[..start].chars().rev();
        let (before, earlier) = (before.next(), before.next());
        let mut after = text[end..].chars();
        let (next, second) = (after.next(), after.next());
        // Part of an address, a path, a decimal number, or a position such as `12:403`.
        let is_part = before.is_some_and(|c| ":./-+$_".contains(c))
            || matches!((earlier, before), (Some('0'..='9'), Some(',')))
            || matches!((next, second), (Some(':' | '.' | ',' | '-'), Some('0'..='9')) | (Some('%' | '/'), _));
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

/// The end of an exchange without a complete response.
type End = TransportError;

/// Phrases that describe the end of an exchange even if the text contains a status: that of a proxy, or one that the client made up.
const OVERRIDING: [(&str, End); 9] = [
    ("from proxy after connect", End::Connect),
    ("tunnel connection failed", End::Connect),
    ("tunneling socket", End::Connect),
    ("proxy error", End::Connect),
    ("payload is not completed", End::Interrupted),
    ("transfer encoding error", End::Interrupted),
    ("bad status line", End::Interrupted),
    ("not closed cleanly", End::Interrupted),
    ("connection broken", End::Interrupted),
];

/// Phrases in the errors of clients. The first that a text contains counts: the errors of a connection attempt also mention timeouts.
const ENDS: [(&str, End); 67] = [
    ("ssl connection timeout", End::Tls),
    ("could not resolve", End::Connect),
    ("getaddrinfo", End::Connect),
    ("enotfound", End::Connect),
    ("eai_again", End::Connect),
    ("name or service not known", End::Connect),
    ("nodename nor servname", End::Connect),
    ("no such host", End::Connect),
    ("name resolution", End::Connect),
    ("dns error", End::Connect),
    ("connection refused", End::Connect),
    ("econnrefused", End::Connect),
    ("actively refused", End::Connect),
    ("couldn't connect", End::Connect),
    ("failed to connect", End::Connect),
    ("cannot connect", End::Connect),
    ("connect timeout", End::Connect),
    ("connect timed out", End::Connect),
    ("connect etimedout", End::Connect),
    ("connection timeout", End::Connect),
    ("connection timed out after", End::Connect),
    ("tcp connect error", End::Connect),
    ("dial tcp", End::Connect),
    ("connect error", End::Connect),
    ("no route to host", End::Connect),
    ("unreachable", End::Connect),
    ("failed to establish", End::Connect),
    ("certificate", End::Tls),
    ("x509", End::Tls),
    ("pkix", End::Tls),
    ("ssl connect error", End::Tls),
    ("tls connect error", End::Tls),
    ("tls handshake", End::Tls),
    ("ssl handshake", End::Tls),
    ("sslhandshake", End::Tls),
    ("handshake failure", End::Tls),
    ("sslerror", End::Tls),
    ("ssleoferror", End::Tls),
    ("ssl_error_syscall", End::Tls),
    ("before secure tls connection", End::Tls),
    ("timed out", End::Timeout),
    ("timeout", End::Timeout),
    ("etimedout", End::Timeout),
    ("deadline exceeded", End::Timeout),
    ("empty reply", End::Interrupted),
    ("connection reset", End::Interrupted),
    ("econnreset", End::Interrupted),
    ("connection aborted", End::Interrupted),
    ("connection closed before", End::Interrupted),
    ("connection closed unexpectedly", End::Interrupted),
    ("recv failure", End::Interrupted),
    ("transfer closed", End::Interrupted),
    ("hang up", End::Interrupted),
    ("broken pipe", End::Interrupted),
    ("epipe", End::Interrupted),
    ("incomplete read", End::Interrupted),
    ("incomplete message", End::Interrupted),
    ("incomplete chunked", End::Interrupted),
    ("remote disconnected", End::Interrupted),
    ("server disconnected", End::Interrupted),
    ("remote host was lost", End::Interrupted),
    ("other side closed", End::Interrupted),
    ("unexpected end of stream", End::Interrupted),
    ("unexpected end of file", End::Interrupted),
    ("read error", End::Interrupted),
    ("eof", End::Interrupted),
    ("invalid chunk", End::Interrupted),
];

/// Phrases for a WebSocket that ended without a close frame, which clients report as 1006.
const LOST_SOCKET: [&str; 3] = ["no close frame", "without closing handshake", "without a close frame"];

/// Returns the transport error that the error of a client describes.
pub fn transport_error(text: &str) -> Option<TransportError> {
    overriding_error(text).or_else(|| first(&ENDS, &words(text)))
}

/// Returns the transport error that counts even if the text contains a status.
pub(crate) fn overriding_error(text: &str) -> Option<TransportError> {
    first(&OVERRIDING, &words(text)).or_else(|| curl_error(text))
}

/// Returns whether a text describes a WebSocket that ended without a close frame.
pub(crate) fn is_lost_socket(text: &str) -> bool {
    let words = words(text);
    LOST_SOCKET.iter().any(|phrase| contains(&words, phrase))
}

fn first(table: &[(&str, End)], words: &str) -> Option<End> {
    table.iter().find(|(phrase, _)| contains(words, phrase)).map(|(_, end)| *end)
}

/// Returns the transport error of an exit code of curl: `curl: (28) ...`. The text distinguishes a timeout of the connection from others.
fn curl_error(text: &str) -> Option<TransportError> {
    let (_, rest) = text.split_once("curl: (")?;
    let (code, rest) = rest.split_once(')')?;
    match code.parse::<u16>().ok()? {
        5..=7 | 97 => Some(End::Connect),
        28 => first(&ENDS, &words(rest)).or(Some(End::Timeout)),
        35 | 51 | 53 | 54 | 58 | 59 | 60 | 66 | 77 | 80 | 83 | 90 | 91 => Some(End::Tls),
        16 | 18 | 52 | 55 | 56 | 61 | 92 | 95 | 96 => Some(End::Interrupted),
        _ => None,
    }
}

/// Returns a text in lower case, with spaces in compound names: `read timeout` for `ReadTimeout`.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut was_lowercase = false;
    for c in text.chars() {
        if was_lowercase && c.is_uppercase() {
            words.push(' ');
        }
        was_lowercase = c.is_lowercase();
        words.extend(c.to_lowercase());
    }
    words
}

/// Returns whether a text contains a phrase as whole words.
fn contains(text: &str, phrase: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(phrase)
        .any(|(at, _)| !is_word(text[..at].chars().next_back()) && !is_word(text[at + phrase.len()..].chars().next()))
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
            ("2026-11-22 14:00:00,503 ERROR root: 401 Client Error", &[], &[Outcome::Status(401)]),
            ("task 404 sent 500 chars", &[], &[]),
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
            ("requests.exceptions.ReadTimeout: Read timed out. (read timeout=5)", End::Timeout),
            ("httpx.ConnectTimeout: timed out", End::Connect),
            ("httpx.ReadError", End::Interrupted),
            ("Error: connect ECONNREFUSED 127.0.0.1:443", End::Connect),
            ("Error: getaddrinfo ENOTFOUND api.smallest.ai", End::Connect),
            ("Error: socket hang up", End::Interrupted),
            ("Post \"https://h/\": dial tcp 10.0.0.1:443: i/o timeout", End::Connect),
            ("net/http: TLS handshake timeout", End::Tls),
            ("tls: failed to verify certificate: x509: certificate signed by unknown authority", End::Tls),
            ("context deadline exceeded", End::Timeout),
            ("Get \"https://h/\": EOF", End::Interrupted),
            ("java.net.SocketTimeoutException: connect timed out", End::Connect),
            ("curl: (56) OpenSSL SSL_read: SSL_ERROR_SYSCALL, errno 0", End::Interrupted),
            ("curl: (28) SSL connection timeout", End::Tls),
            ("curl: (28) Operation timed out after 500 milliseconds", End::Timeout),
            ("curl: (92) HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)", End::Interrupted),
            (
                "ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 403 Forbidden'))",
                End::Connect,
            ),
            ("TransferEncodingError: 400, message='Not enough data'", End::Interrupted),
        ] {
            assert_eq!(transport_error(text), Some(error), "{text}");
        }
        for text in [
            "TypeError: fetch failed",
            "FileNotFoundError: [Errno 2] No such file or directory: 'a.wav'",
            "incomplete input",
            "Connection closed normally",
            "curl: (22) The requested URL returned error: 500",
        ] {
            assert_eq!(transport_error(text), None, "{text}");
        }
        assert!(is_lost_socket("ConnectionClosedError: no close frame received or sent"));
    }
}
