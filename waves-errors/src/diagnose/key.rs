//! Checks of the caller's credentials: the form of the header and of the key.

use waves_errors_core::Transport;

use super::{Exchange, Found};
use crate::redact::{SCHEMES, characters};

/// The quotation marks that editors and word processors add around keys.
const QUOTES: &[char] =
    &['"', '\'', '`', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}', '\u{bb}'];

/// Common placeholders for keys in example programs and documents, in lower case.
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

/// The value of the header, split at the first whitespace.
struct Header<'t> {
    /// Whether whitespace precedes the first word.
    is_indented: bool,
    first: &'t str,
    gap: &'t str,
    rest: &'t str,
}

impl<'t> Header<'t> {
    fn parse(text: &'t str) -> Self {
        let trimmed = text.trim_start();
        let (first, tail) = trimmed.split_at(trimmed.find(char::is_whitespace).unwrap_or(trimmed.len()));
        let rest = tail.trim_start();
        Self { is_indented: trimmed.len() < text.len(), first, gap: &tail[..tail.len() - rest.len()], rest }
    }
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(QUOTES)
}

fn is_invisible(c: char) -> bool {
    c.is_control() && !c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Returns the descriptions of the mistakes whose condition is true.
fn described<const N: usize>(mistakes: [(bool, &str); N]) -> Vec<String> {
    mistakes.into_iter().filter(|(is_made, _)| *is_made).map(|(_, description)| description.to_owned()).collect()
}

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
            return Found::confirmed(format!("{header}: ‹{} bytes› (not text)", value.len()));
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
        // A browser cannot send the header, and another step covers this case.
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
        if text.trim().is_empty() {
            return vec!["empty".to_owned()];
        }
        let Header { is_indented, first, gap, rest } = Header::parse(text);
        let is_quoted = first.starts_with(QUOTES);
        let mut schemes = self.key.schemes();
        let Some(preferred) = schemes.clone().next() else {
            return described([(is_indented, "space before the key"), (is_quoted, "quotes")]);
        };
        let starts_with =
            |scheme: &str| first.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
        let is = |scheme: &str| unquoted(first).eq_ignore_ascii_case(scheme);
        let written = schemes.clone().find(|scheme| is(scheme)).or_else(|| schemes.find(|scheme| starts_with(scheme)));
        let scheme = written.unwrap_or(preferred);
        let (is_scheme, starts_with_scheme) = (is(scheme), starts_with(scheme));
        let wrong_scheme = if is_scheme {
            String::new()
        } else if starts_with_scheme && first[scheme.len()..].starts_with(':') {
            format!("a colon after `{scheme}`")
        } else if starts_with_scheme {
            format!("no space after `{scheme}`")
        } else if rest.is_empty() || self.has_prefix(unquoted(first)) {
            format!("no `{scheme}` before the key")
        } else {
            let schemes: Vec<_> = self.key.schemes().map(|scheme| format!("`{scheme}`")).collect();
            format!("a scheme other than {}", schemes.join(", "))
        };
        let key = if is_scheme || !rest.is_empty() { rest } else { first }.trim_end();
        let spaces = gap.chars().count();
        let is_wrong_gap = !rest.is_empty() && gap != " ";
        let repeats_scheme =
            unquoted(key).split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case(scheme));
        described([
            (is_indented, "space before the scheme"),
            (!wrong_scheme.is_empty(), wrong_scheme.as_str()),
            (is_scheme && rest.is_empty(), "no key after the scheme"),
            (is_wrong_gap && gap.contains('\t'), "a tab instead of the space"),
            (is_wrong_gap && spaces > 1, &format!("{spaces} spaces instead of one")),
            (is_wrong_gap && spaces == 1 && gap != "\t", "another kind of space"),
            (is_quoted || key.starts_with(QUOTES) || key.ends_with(QUOTES), "quotes"),
            (is_scheme && repeats_scheme, &format!("`{scheme}` twice")),
        ])
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
            mistakes.push("quotes".to_owned());
        }
        let describe = |mistakes: &str| format!("{location}: {} ({mistakes})", self.visible(&key));
        if !mistakes.is_empty() {
            return Found::confirmed(describe(&mistakes.join("; ")));
        }
        if self.key.prefixes().next().is_some() && !self.has_prefix(unquoted(&key)) {
            return Found::likely(describe("it lacks the prefix of keys, unless it is a short-lived access token"));
        }
        Found::ruled_out()
    }

    /// Returns the key in the header's value: the text after the scheme, with trailing spaces.
    fn key_of<'t>(&self, header: &'t str) -> &'t str {
        let Header { first, rest, .. } = Header::parse(header);
        let mut schemes = SCHEMES.into_iter().chain(self.key.schemes());
        let is_scheme = schemes.any(|scheme| unquoted(first).eq_ignore_ascii_case(scheme));
        // The first of two words is a scheme, even if it is unknown, unless it starts like a key.
        if is_scheme || (!rest.trim().is_empty() && !self.has_prefix(unquoted(first))) {
            rest
        } else {
            header.trim_start()
        }
    }

    /// Returns descriptions of the mistakes in the key.
    fn key_mistakes(&self, key: &str) -> Vec<String> {
        let bare = unquoted(key.trim()).trim();
        if bare.is_empty() {
            return vec!["empty".to_owned()];
        }
        let ends_line = key.ends_with(['\n', '\r']);
        let ends_with_space =
            key.ends_with(char::is_whitespace) || unquoted(key.trim_end()).ends_with(char::is_whitespace);
        let is_placeholder = self.is_placeholder(bare);
        described([
            (self.key.prefixes().contains(bare), "nothing after the prefix of the key"),
            (bare.ends_with([',', ';', '.', ':']) && !bare.contains("..."), "punctuation after the key"),
            (self.is_framed(bare), "brackets around the key"),
            (ends_line, "a line end after the key"),
            (ends_with_space && !ends_line, "a space after the key"),
            (is_placeholder, "a placeholder instead of the key"),
            (bare.contains(char::is_whitespace) && !is_placeholder, "a space within the key"),
            (key.contains(is_invisible), "an invisible character"),
        ])
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

    /// Returns a header's value or a key with visible spaces, and with the key replaced by its length. The third and all further quotes
    /// in a row count as part of the key.
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

    /// Replaces a word with its length. A scheme, the prefix of a key and common placeholders are kept.
    fn word(&self, word: &str) -> String {
        let known = SCHEMES.into_iter().chain(self.key.schemes()).chain(PLACEHOLDERS);
        if known.into_iter().any(|known| word.eq_ignore_ascii_case(known)) {
            return word.to_owned();
        }
        let prefix = self.key.prefixes().find(|prefix| word.starts_with(prefix)).unwrap_or("");
        format!("{prefix}{}", characters(&word[prefix.len()..]))
    }
}
