//! What may be shown of a foreign text: no credential of the exchange, nothing that has the shape of one.

use std::collections::HashSet;
use std::ops::Range;

use waves_errors_core::packed::Key;
use waves_errors_core::{Catalog, Evidence};

/// As many bytes of a credential in a row are never shown.
const WINDOW: usize = 6;
/// How many characters of a foreign text are shown.
const SHOWN: usize = 300;
/// As many characters behind the beginning of a key make a key even in the middle of a word.
const CERTAIN: usize = 16;

/// Beginnings of secrets that are the same everywhere: JSON web tokens, AWS access keys.
const SHAPES: [&str; 3] = ["eyJ", "AKIA", "ASIA"];

/// Knows what must not be shown of one exchange.
pub(crate) struct Redactor<'a> {
    key: Key<&'a str>,
    windows: HashSet<[u8; WINDOW]>,
}

impl<'a> Redactor<'a> {
    /// From what the exchange sent: all that the catalog does not allow to be shown.
    pub(crate) fn new(catalog: &'a Catalog, evidence: &Evidence) -> Self {
        let (key, shown) = (catalog.table().key(), catalog.table().redact());
        let mut windows = HashSet::new();
        let mut hide = |secret: &[u8]| {
            windows.extend(secret.windows(WINDOW).filter_map(|window| <[u8; WINDOW]>::try_from(window).ok()));
        };
        for (name, value) in evidence.request_headers() {
            // The host is what the URL says as well.
            if name != "host" && !shown.keep_headers.contains(&name) {
                let proves = name == key.header || name == "authorization" || name == "proxy-authorization";
                hide(if proves { credentials(value, key.scheme) } else { value.trim_ascii() });
            }
        }
        for (name, value) in evidence.url().into_iter().flat_map(query) {
            if !shown.keep_query.contains(&name) {
                hide(value.as_bytes());
                hide(&percent_decoded(value));
            }
        }
        if let Some((user, _)) = evidence.url().and_then(authority).and_then(|authority| authority.rsplit_once('@')) {
            for part in user.split(':') {
                hide(part.as_bytes());
                hide(&percent_decoded(part));
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
            if is_hidden(c) {
                out.extend(c.escape_default());
            } else {
                out.push(c);
            }
        }
        out
    }

    /// The text with each credential replaced by its length.
    fn text(&self, text: &str) -> String {
        let mut marks = self.own(text);
        marks.extend(addresses(text));
        for name in &self.key.query {
            marks.extend(values(text, name));
        }
        let mut after_scheme = false;
        for word in words(text) {
            let (from, body) = (word.start, &text[word.clone()]);
            if let Some(at) = self.shape(body, after_scheme) {
                marks.push(from + at..word.end);
            }
            after_scheme = ["bearer", "basic", "token"].contains(&body.to_ascii_lowercase().as_str());
        }
        marks.sort_by_key(|mark| mark.start);
        let mut out = String::new();
        let mut at = 0;
        let mut marks = marks.into_iter().peekable();
        while let Some(mut mark) = marks.next() {
            while let Some(next) = marks.next_if(|next| next.start <= mark.end) {
                mark.end = mark.end.max(next.end);
            }
            out.push_str(&text[at..mark.start]);
            out.push_str(&format!("‹{} characters›", text[mark.clone()].chars().count()));
            at = mark.end;
        }
        out.push_str(&text[at..]);
        out
    }

    /// The words that hold a piece of what the exchange sent, however they are punctuated.
    fn own(&self, text: &str) -> Vec<Range<usize>> {
        if self.windows.is_empty() {
            return Vec::new();
        }
        let bytes = text.as_bytes();
        let found = bytes.windows(WINDOW).enumerate().filter(|(_, window)| self.windows.contains(*window));
        let whole = |at: usize| {
            let start = bytes[..at].iter().rposition(|&b| is_end(b)).map_or(0, |end| end + 1);
            let end = bytes[at + WINDOW..].iter().position(|&b| is_end(b)).map_or(bytes.len(), |end| at + WINDOW + end);
            start..end
        };
        found.map(|(at, _)| whole(at)).collect()
    }

    /// Where in a word something with the shape of a secret begins.
    fn shape(&self, word: &str, after_scheme: bool) -> Option<usize> {
        if after_scheme && word.len() >= 8 && word.bytes().any(|b| b.is_ascii_digit()) {
            return Some(0);
        }
        let at = |shape: &str| {
            let long = |at: &usize| {
                let apart = !word[..*at].ends_with(|c: char| c.is_ascii_alphanumeric());
                word.len() - at >= shape.len() + if apart { WINDOW } else { CERTAIN }
            };
            word.match_indices(shape).map(|(at, _)| at).find(long)
        };
        self.key.prefixes.iter().copied().chain(SHAPES).filter(|shape| !shape.is_empty()).filter_map(at).min()
    }
}

/// Control characters and line feeds could forge log lines or steer terminals; what cannot be seen could hide words.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether a byte ends a word.
fn is_end(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'`<>()[]{},;".contains(&byte)
}

/// The places of the words of a text.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    let pieces = text.split(|c: char| u8::try_from(c).is_ok_and(is_end)).map(move |word| {
        let start = at;
        at += word.len() + 1;
        start..start + word.len()
    });
    pieces.filter(|word| !word.is_empty())
}

/// The parts of a text's addresses that can hold a credential: who asks, and everything behind the path.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut marks = Vec::new();
    for (at, scheme) in text.match_indices("://") {
        let start = at + scheme.len();
        let end = text[start..]
            .find(|c: char| c.is_whitespace() || "\"'`<>)".contains(c))
            .map_or(text.len(), |end| start + end);
        let path = text[start..end].find(['/', '?', '#']).map_or(end, |path| start + path);
        if let Some(user) = text[start..path].rfind('@') {
            marks.push(start..start + user);
        }
        if let Some(query) =
            text[start..end].find(['?', '#']).map(|query| start + query + 1).filter(|&query| query < end)
        {
            marks.push(query..end);
        }
    }
    marks
}

/// The values of a parameter, wherever it stands: `name=value`, in any case.
fn values(text: &str, name: &str) -> Vec<Range<usize>> {
    let (lower, name) = (text.to_ascii_lowercase(), format!("{}=", name.to_ascii_lowercase()));
    let starts =
        lower.match_indices(&name).filter(|(at, _)| !lower[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
    let value = |(at, name): (usize, &str)| {
        let start = at + name.len();
        let length = text[start..].find(|c: char| c == '&' || u8::try_from(c).is_ok_and(is_end));
        start..length.map_or(text.len(), |length| start + length)
    };
    starts.map(value).filter(|value| !value.is_empty()).collect()
}

/// What proves who asks, without the scheme before it: the catalog's, or one that is registered for HTTP.
fn credentials<'v>(value: &'v [u8], scheme: &str) -> &'v [u8] {
    let value = value.trim_ascii();
    let (first, rest) = value.split_at(value.iter().position(|&b| b == b' ').unwrap_or(value.len()));
    let known = ["basic", "bearer", "digest", "token", scheme];
    let is_scheme = known.iter().any(|known| first.eq_ignore_ascii_case(known.as_bytes()));
    if is_scheme { rest.trim_ascii() } else { value }
}

/// What stands between the scheme and the path of a URL.
fn authority(url: &str) -> Option<&str> {
    url.split_once("://")?.1.split(['/', '?', '#']).next()
}

/// The names and values of a URL's query and fragment; what has no name is all value.
fn query(url: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = url.find(['?', '#']).map_or("", |at| &url[at + 1..]);
    parts.split(['&', '#', '?']).map(|pair| pair.split_once('=').unwrap_or(("", pair)))
}

/// The bytes of a part of a URL: `%` codes, and `+` for a space.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes {
        let hex = rest
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(hex.unwrap_or(if *first == b'+' { b' ' } else { *first }));
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
        assert_eq!(
            line("wss://me:pass@api.h/a?token=abcdefgh#x failed"),
            "wss://‹7 characters›@api.h/a?‹16 characters› failed"
        );
        assert_eq!(line("with Token=abcdefgh&language=en"), "with Token=‹8 characters›&language=en");
        assert_eq!(line("keysk_0123456789abcdef is glued"), "key‹19 characters› is glued");
        assert_eq!(line("Authorization: Bearer abc123def456"), "Authorization: Bearer ‹12 characters›");
        assert_eq!(line("jwt=eyJhbGciOiJIUzI1NiJ9.e30.x"), "jwt=‹26 characters›");
    }

    #[test]
    fn a_credential_of_any_characters_is_masked() {
        for secret in ["abcde,fghij;klmno", "my pass word is here", "pa(ss)w{or}d[1]", "päss\"wörd\"«»"] {
            let evidence = Evidence::new()
                .request("GET", "https://user:hunter2secret@h/?signature=SIGNEDSECRET99")
                .request_header("Authorization", format!("bearer {secret}"));
            let redactor = Redactor::new(WavesError::CATALOG, &evidence);
            let shown = redactor.line(&format!("bad {secret}; hunter2secret; SIGNEDSECRET99; Bearer is the scheme"));
            for window in secret.as_bytes().windows(WINDOW).chain(b"hunter2secret SIGNEDSECRET99".windows(WINDOW)) {
                assert!(!shown.as_bytes().windows(WINDOW).any(|six| six == window), "{shown}");
            }
            assert!(shown.ends_with("Bearer is the scheme"), "{shown}");
        }
    }

    #[test]
    fn whatever_a_request_held_is_masked() {
        let evidence = |name, value: &str, url: &str| Evidence::new().request("GET", url).request_header(name, value);
        for (evidence, secret) in [
            (evidence("X-Secret", "correcthorse battery", "https://h/"), "correcthorse"),
            (evidence("Authorization", "secretword sk_0123456789", "https://h/"), "secretword"),
            (evidence("Accept", "*/*", "https://h/?SECRETTOKENx"), "SECRETTOKENx"),
            (evidence("Accept", "*/*", "https://h/?token=abcde+fghij"), "abcde fghij"),
            (evidence("Accept", "*/*", "https://h/#access_token=abcdefghijk"), "abcdefghijk"),
        ] {
            let shown = Redactor::new(WavesError::CATALOG, &evidence).line(&format!("bad {secret}"));
            assert!(!shown.contains(&secret[..WINDOW]), "{shown}");
        }
        let empty = evidence("Authorization", "Bearer ", "https://h/");
        let shown = Redactor::new(WavesError::CATALOG, &empty).line("Missing Bearer token");
        assert_eq!(shown, "Missing Bearer token");
    }

    #[test]
    fn other_words_are_kept() {
        for text in [
            "Confirm the key starts with `sk_`.",
            "request req_7f3a9c",
            "Bearer token is missing or invalid.",
            "missing token; risk_level=low; ask_user; disk_full_error; sk_",
        ] {
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
