//! Checks of the caller's credentials: the form of the header and of the key.

use waves_errors_core::Transport;

use super::{Exchange, Found};
use crate::redact::{SCHEMES, characters};

/// Quotes of every kind that an editor or a word processor puts around a key.
const QUOTES: &[char] =
    &['"', '\'', '`', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}', '\u{bb}'];

/// Placeholders for keys in programs and documents.
const PLACEHOLDERS: [&str; 17] = [
    "<key>",
    "<api_key>",
    "your_api_key",
    "your-api-key",
    "yourapikey",
    "your_key",
    "your_token",
    "api_key",
    "apikey",
    "key",
    "token",
    "xxx",
    "changeme",
    "undefined",
    "null",
    "none",
    "todo",
];

impl Exchange<'_> {
    /// Checks that the header consists of the scheme, one space and the key, without quotes.
    pub(super) fn bearer_well_formed(&self) -> Found {
        let header = self.key.header();
        if header.is_empty() {
            return Found::not_applicable();
        }
        let values = self.request_header(header);
        let value = match values.as_slice() {
            [] => return self.without_header(),
            [value] => *value,
            _ => return Found::confirmed(format!("{} headers `{header}`", values.len())),
        };
        let Ok(text) = std::str::from_utf8(value) else {
            return Found::confirmed(format!("{header}: ‹{} bytes› (no text)", value.len()));
        };
        let mistakes = self.header_mistakes(text);
        if mistakes.is_empty() {
            return Found::ruled_out();
        }
        Found::confirmed(format!("{header}: {} ({})", self.visible(text), mistakes.join("; ")))
    }

    /// Checks a request without the header.
    fn without_header(&self) -> Found {
        let (header, transport) = (self.key.header(), self.evidence.transport());
        // A browser cannot send the header: another step covers this.
        if transport == Transport::BrowserWebSocket {
            return Found::not_applicable();
        }
        let in_query = self.query_key().filter(|(_, key)| !key.is_empty());
        match in_query {
            Some((name, _)) if transport == Transport::Http && self.evidence.has_all_request_headers() => {
                Found::confirmed(format!("no header `{header}`; the key is in the query, as `{name}`"))
            }
            Some((name, _)) if transport == Transport::Http => {
                Found::likely(format!("the key is in the query, as `{name}`, and not in the header `{header}`"))
            }
            Some(_) => Found::not_applicable(),
            None if self.evidence.has_all_request_headers() => Found::confirmed(format!("no header `{header}`")),
            None => Found::cannot_tell("all headers of the request"),
        }
    }

    /// Returns descriptions of the mistakes in the header.
    fn header_mistakes(&self, text: &str) -> Vec<String> {
        let scheme = self.key.scheme();
        let mut mistakes = Vec::new();
        let lead = text.len() - text.trim_start().len();
        if lead > 0 {
            mistakes.push("space before the scheme".to_owned());
        }
        let text = &text[lead..];
        if text.trim().is_empty() {
            return vec!["empty".to_owned()];
        }
        let quoted_whole = text.starts_with(QUOTES);
        let (first, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
        let gap: String = rest.chars().take_while(|c| c.is_whitespace()).collect();
        let rest = rest.trim_start();
        if scheme.is_empty() {
            if quoted_whole {
                mistakes.push("quotes".to_owned());
            }
            return mistakes;
        }
        let is_scheme = first.trim_matches(QUOTES).eq_ignore_ascii_case(scheme);
        if !is_scheme {
            let bare = rest.is_empty() || self.has_prefix(first.trim_matches(QUOTES));
            let glued = first.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
            let colon = glued && first[scheme.len()..].starts_with(':');
            mistakes.push(if colon {
                format!("a colon behind `{scheme}`")
            } else if glued {
                format!("no space behind `{scheme}`")
            } else if bare {
                format!("no `{scheme}` before the key")
            } else {
                format!("another scheme than `{scheme}`")
            });
        }
        let key = if is_scheme || !rest.is_empty() { rest } else { first };
        if is_scheme && rest.is_empty() {
            mistakes.push("no key behind the scheme".to_owned());
        } else if !rest.is_empty() && gap != " " {
            let tab = gap.contains('\t');
            let odd = gap.chars().any(|c| !matches!(c, ' ' | '\t'));
            if tab {
                mistakes.push("a tab in place of the space".to_owned());
            }
            if gap.chars().count() > 1 {
                mistakes.push(format!("{} spaces in place of one", gap.chars().count()));
            } else if odd {
                mistakes.push("another kind of space".to_owned());
            }
        }
        if quoted_whole || key.trim_end().starts_with(QUOTES) || key.trim_end().ends_with(QUOTES) {
            mistakes.push("quotes".to_owned());
        }
        let repeated = key.trim_matches(QUOTES).split_whitespace().next();
        if is_scheme && repeated.is_some_and(|word| word.eq_ignore_ascii_case(scheme)) {
            mistakes.push(format!("`{scheme}` twice"));
        }
        mistakes
    }

    /// Checks the prefix and the characters of the key.
    pub(super) fn key_well_formed(&self) -> Found {
        let in_header = self.request_header(self.key.header()).into_iter().next();
        let in_query = in_header.is_none();
        let (location, key) = match (in_header, self.query_key()) {
            (Some(value), _) => match std::str::from_utf8(value) {
                Ok(text) => (self.key.header().to_owned(), self.key_of(text).to_owned()),
                Err(_) => return Found::cannot_tell("a key that is text"),
            },
            (None, Some((name, key))) => (format!("query {name}"), key),
            (None, None) => return Found::cannot_tell("the key that was sent"),
        };
        let mut mistakes = self.key_mistakes(&key);
        if in_query && key.trim().starts_with(QUOTES) {
            mistakes.push("quotes");
        }
        let describe = |mistakes: Vec<&str>| format!("{location}: {} ({})", self.visible(&key), mistakes.join("; "));
        if !mistakes.is_empty() {
            return Found::confirmed(describe(mistakes));
        }
        if self.key.prefixes().next().is_some() && !self.has_prefix(key.trim_matches(QUOTES)) {
            return Found::likely(describe(vec!["it does not begin as keys do; a short-lived access token need not"]));
        }
        Found::ruled_out()
    }

    /// Returns the text after the scheme, with trailing spaces.
    fn key_of<'t>(&self, header: &'t str) -> &'t str {
        let text = header.trim_start();
        let (first, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
        let is_scheme = SCHEMES
            .iter()
            .chain([&self.key.scheme()])
            .any(|word| !word.is_empty() && first.trim_matches(QUOTES).eq_ignore_ascii_case(word));
        // A word before another word is a scheme, even if it is not a known one.
        if is_scheme || (!rest.trim().is_empty() && !self.has_prefix(first.trim_matches(QUOTES))) {
            rest.trim_start()
        } else {
            text
        }
    }

    /// Returns descriptions of the mistakes in the key.
    fn key_mistakes(&self, key: &str) -> Vec<&'static str> {
        let mut mistakes = Vec::new();
        let bare = key.trim().trim_matches(QUOTES);
        if bare.trim().is_empty() {
            return vec!["empty"];
        }
        if self.key.prefixes().contains(bare.trim()) {
            mistakes.push("nothing behind the beginning of the key");
        }
        if bare.trim().ends_with([',', ';', '.', ':']) && !bare.contains("...") {
            mistakes.push("punctuation behind the key");
        }
        if self.is_framed(bare.trim()) {
            mistakes.push("brackets around the key");
        }
        if key.ends_with(['\n', '\r']) {
            mistakes.push("a line end behind the key");
        } else if key.ends_with(char::is_whitespace)
            || key.trim_end().trim_matches(QUOTES).ends_with(char::is_whitespace)
        {
            mistakes.push("a space behind the key");
        }
        if self.is_placeholder(bare.trim()) {
            mistakes.push("a placeholder in place of the key");
        } else if bare.trim().contains(char::is_whitespace) {
            mistakes.push("a space within the key");
        }
        let hidden = |c: char| {
            c.is_control() && !c.is_whitespace()
                || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
        };
        if key.contains(hidden) {
            mistakes.push("a character in it that cannot be seen");
        }
        mistakes
    }

    /// Returns whether a key is a placeholder from a document or a script: `<KEY>`, `YOUR_API_KEY`, `$VARIABLE`, `sk_...`.
    fn is_placeholder(&self, key: &str) -> bool {
        let lower = key.to_ascii_lowercase();
        let inner = self.key.prefixes().find_map(|prefix| key.strip_prefix(prefix)).unwrap_or(key);
        let framed = |open: &str, close: &str| key.starts_with(open) && key.ends_with(close) && key.len() > open.len();
        let variable = key.strip_prefix('$').is_some_and(|name| {
            let name = name.trim_start_matches(['{', '(']).trim_end_matches(['}', ')']);
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        });
        if self.is_framed(key) {
            return false;
        }
        framed("<", ">")
            || framed("{", "}")
            || framed("[", "]")
            || framed("%", "%")
            || variable
            || lower.starts_with("$env:")
            || PLACEHOLDERS.contains(&lower.as_str())
            || lower.starts_with("your")
            || lower.contains("your_") && lower.contains("key")
            || lower.contains("placeholder")
            || ["...", "…"].iter().any(|dots| key.contains(dots))
            || !inner.is_empty() && inner.chars().all(|c| matches!(c, 'x' | 'X' | '*'))
    }

    /// Returns whether a real key, not a placeholder, is in brackets.
    fn is_framed(&self, key: &str) -> bool {
        let inner = key.trim_start_matches(['<', '{', '[']);
        inner.len() < key.len() && self.has_prefix(inner) && inner.len() > 16 && !inner.contains(['.', '…'])
    }

    fn has_prefix(&self, key: &str) -> bool {
        self.key.prefixes().any(|prefix| key.starts_with(prefix))
    }

    /// Returns a header's value or a key with visible spaces, and with the key replaced by its length. More than two quotes in a
    /// row count as part of the key.
    fn visible(&self, text: &str) -> String {
        let mut quotes = 0;
        let mut out = String::new();
        let mut word = String::new();
        let close = |word: &mut String, out: &mut String| {
            if !word.is_empty() {
                out.push_str(&self.word(word));
                word.clear();
            }
        };
        for c in text.chars() {
            quotes = if QUOTES.contains(&c) { quotes + 1 } else { 0 };
            let sign = match c {
                ' ' => Some('␣'),
                '\t' => Some('␉'),
                '\n' => Some('␊'),
                '\r' => Some('␍'),
                c if c.is_whitespace() => Some('␣'),
                c if (1..3).contains(&quotes) => Some(c),
                _ => None,
            };
            match sign {
                Some(sign) => {
                    close(&mut word, &mut out);
                    out.push(sign);
                }
                None => word.push(c),
            }
        }
        close(&mut word, &mut out);
        out
    }

    /// Returns the length of a word as a placeholder. The scheme, the prefix of a key and common placeholders stay as they are.
    fn word(&self, word: &str) -> String {
        let known = SCHEMES.into_iter().chain([self.key.scheme()]).chain(PLACEHOLDERS);
        if known.into_iter().any(|known| word.eq_ignore_ascii_case(known)) {
            return word.to_owned();
        }
        let prefix = self.key.prefixes().find(|prefix| word.starts_with(prefix)).unwrap_or("");
        format!("{prefix}{}", characters(&word[prefix.len()..]))
    }
}
