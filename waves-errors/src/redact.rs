//! What may be shown of a foreign text: no credential of the exchange, nothing that has the shape of one.

use std::collections::HashSet;

use waves_errors_core::packed::Key;
use waves_errors_core::{Catalog, Evidence};

/// As many bytes of a credential in a row are never shown.
const WINDOW: usize = 6;
/// How many characters of a foreign text are shown.
const SHOWN: usize = 300;

/// Headers that carry credentials by the standards of HTTP (RFC 9110, RFC 6265).
const CREDENTIALS: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];

/// Beginnings of secrets that are the same everywhere: JSON web tokens, AWS access keys.
const SHAPES: [&str; 3] = ["eyJ", "AKIA", "ASIA"];

/// Knows what must not be shown of one exchange.
pub(crate) struct Redactor<'a> {
    key: Key<&'a str>,
    windows: HashSet<[u8; WINDOW]>,
}

impl<'a> Redactor<'a> {
    /// From the exchange's own credentials.
    pub(crate) fn new(catalog: &'a Catalog, evidence: &Evidence) -> Self {
        let key = catalog.table().key();
        let mut windows = HashSet::new();
        let mut hide = |secret: &[u8]| {
            windows.extend(secret.windows(WINDOW).filter_map(|window| <[u8; WINDOW]>::try_from(window).ok()));
        };
        for (name, value) in evidence.request_headers() {
            if name == key.header || CREDENTIALS.contains(&name) {
                hide(value.strip_prefix(key.scheme.as_bytes()).unwrap_or(value).trim_ascii());
            }
        }
        for (name, value) in evidence.url().into_iter().flat_map(query) {
            if key.query.contains(&name) {
                hide(value.as_bytes());
                hide(&percent_decoded(value));
            }
        }
        Self { key, windows }
    }

    /// A foreign text as one line of bounded length: redacted first, then cut.
    pub(crate) fn line(&self, text: &str) -> String {
        let mut out = String::new();
        for (shown, c) in self.text(text).chars().enumerate() {
            if shown == SHOWN {
                out.push('…');
                break;
            }
            // Control characters and line feeds could forge log lines or steer terminals.
            if c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            {
                out.extend(c.escape_default());
            } else {
                out.push(c);
            }
        }
        out
    }

    /// The text with each word masked that holds a credential.
    fn text(&self, text: &str) -> String {
        let mut out = String::new();
        let mut after_scheme = false;
        for word in text.split_inclusive(|c: char| c.is_whitespace() || "\"'`<>()[]{},;".contains(c)) {
            let end = word.trim_end_matches(|c: char| c.is_whitespace() || "\"'`<>()[]{},;".contains(c)).len();
            let (body, rest) = word.split_at(end);
            match self.secret(body, after_scheme) {
                Some(from) => {
                    let count = body[from..].chars().count();
                    out.push_str(&body[..from]);
                    out.push_str(&format!("‹{count} characters›"));
                }
                None => out.push_str(body),
            }
            out.push_str(rest);
            if !body.is_empty() {
                after_scheme = ["bearer", "basic", "token"].contains(&body.to_ascii_lowercase().as_str());
            }
        }
        out
    }

    /// Where in a word the secret begins.
    fn secret(&self, word: &str, after_scheme: bool) -> Option<usize> {
        let own = word.as_bytes().windows(WINDOW).any(|window| self.windows.contains(window));
        if own || after_scheme && word.len() >= 8 && word.bytes().any(|b| b.is_ascii_digit()) {
            return Some(0);
        }
        let shapes = self.key.prefixes.iter().copied().chain(SHAPES);
        let at = |shape: &str| {
            let found = word.match_indices(shape).map(|(at, _)| at);
            let begins = |at: &usize| !word[..*at].ends_with(|c: char| c.is_ascii_alphanumeric());
            found.filter(begins).find(|at| word.len() - at >= shape.len() + WINDOW)
        };
        shapes.filter(|shape| !shape.is_empty()).filter_map(at).min()
    }
}

/// The names and values of a URL's query.
fn query(url: &str) -> impl Iterator<Item = (&str, &str)> {
    let query = url.split_once('?').map_or("", |(_, rest)| rest.split('#').next().unwrap_or_default());
    query.split('&').filter_map(|pair| pair.split_once('='))
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes {
        let hex = rest
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(hex.unwrap_or(*first));
        bytes = if hex.is_some() { &rest[2..] } else { rest };
    }
    out
}

#[cfg(all(test, feature = "waves"))]
mod tests {
    use super::*;
    use crate::{CatalogEnum, WavesError};

    fn line(text: &str) -> String {
        let evidence = Evidence::new()
            .request("GET", "https://host/x?model=a&token=own%2Dquery%2Dtoken")
            .request_header("Authorization", "Bearer own_secret_of_mine");
        Redactor::new(WavesError::CATALOG, &evidence).line(text)
    }

    #[test]
    fn credentials_are_masked() {
        assert_eq!(line("key sk_0123456789abcdef is bad"), "key ‹19 characters› is bad");
        assert_eq!(line("you sent \"own_secret_of_mine\""), "you sent \"‹18 characters›\"");
        assert_eq!(line("you sent own_secr..."), "you sent ‹11 characters›");
        assert_eq!(line("at https://host/x?token=own-query-token!"), "at ‹37 characters›");
        assert_eq!(line("Authorization: Bearer abc123def456"), "Authorization: Bearer ‹12 characters›");
        assert_eq!(line("jwt=eyJhbGciOiJIUzI1NiJ9.e30.x"), "jwt=‹26 characters›");
    }

    #[test]
    fn other_words_are_kept() {
        for text in ["Confirm the key starts with `sk_`.", "request req_7f3a9c", "Bearer token is missing or invalid."]
        {
            assert_eq!(line(text), text);
        }
    }

    #[test]
    fn a_text_is_one_bounded_line() {
        assert_eq!(line("a\nb\u{1b}[31m\u{202e}"), "a\\nb\\u{1b}[31m\\u{202e}");
        assert_eq!(line(&"x".repeat(5000)).chars().count(), SHOWN + 1);
    }

    #[test]
    fn percent_codes_are_read() {
        assert_eq!(percent_decoded("a%2Db%zz%2"), b"a-b%zz%2");
    }
}
