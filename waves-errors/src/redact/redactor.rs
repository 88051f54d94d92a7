//! [`Redactor`]: replaces credentials, and all values of an exchange that the catalog does not allow in output. All text of servers and
//! other libraries that this crate prints passes through it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::ops::Range;

use waves_errors_core::internal::{KeyView, RedactView, WireView};
use waves_errors_core::{Body, Catalog, Evidence};

use super::decode::{View, base64, placeholder};
use super::names::{ADDRESSES, KEYS, PROOFS, SECRETS, WINDOW, credentials, words_of};
use super::shape::{is_end, keys, personal};

/// The maximum length of a redacted line, in characters.
const LINE: usize = 300;
/// The minimum length of base64 that can encode a window of a secret.
const CODED: usize = 8;
/// The maximum length of base64 that is decoded. Longer runs are data.
const LONGEST: usize = 4096;
/// The maximum number of `/` and `=` in a run after which base64 is searched.
const TRIES: usize = 16;
/// The maximum number of passes. A text that still changes in the last one is replaced as a whole.
const PASSES: usize = 8;
/// The maximum number of decoded layers of escapes.
const LAYERS: usize = 3;

/// Replaces secrets in text with placeholders that show their length.
///
/// A redactor replaces the credentials of one exchange and of its earlier requests wherever they occur: keys, cookies, passwords, secret
/// parameters and fields. It recognizes other secrets by their shape: keys with the catalog's prefixes, `Bearer` and `Basic` credentials, JSON
/// web tokens, AWS keys, private keys, card numbers and email addresses, also if they are percent-encoded, escaped or base64-encoded. It
/// keeps the values of headers and query parameters only if the catalog allows them. Redacting a redacted text does not change it.
///
/// # Examples
///
/// ```
/// use waves_errors::{CatalogEnum, Evidence, Redactor, WavesError};
///
/// let redactor = Redactor::new(WavesError::CATALOG, &Evidence::new());
/// assert_eq!(redactor.header("Authorization", "Bearer sk_0123456789").text(), "Bearer ‹13 characters›");
/// assert_eq!(redactor.url("wss://host/stt?token=sk_0123456789&language=en").text(), "wss://host/stt?token=‹13 characters›&language=en");
///
/// let redacted = redactor.text("bad key sk_0123456789");
/// assert_eq!(redacted.text(), "bad key ‹13 characters›");
/// assert_eq!(redacted.kinds().collect::<Vec<_>>(), ["text"]);
/// ```
pub struct Redactor {
    pub(super) wire: WireView<'static>,
    pub(super) key: KeyView<'static>,
    /// The prefixes of keys. Collected once, because each word is compared with them.
    pub(super) prefixes: Vec<&'static str>,
    pub(super) allowed: RedactView<'static>,
    /// All windows of the exchange's credentials.
    windows: HashSet<[u8; WINDOW]>,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

/// A redacted text. The methods of [`Redactor`] return it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "the redactor returns the redacted text and does not change its input"]
pub struct Redacted {
    text: String,
    kinds: BTreeMap<String, usize>,
}

impl Redacted {
    /// Returns the redacted text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Converts the value into the redacted text.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Returns the kinds of the replaced values, such as `text`, `header NAME`, `query NAME` or `field NAME`, in alphabetical order. A
    /// name that may itself contain a secret is omitted.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.kinds.keys().map(String::as_str)
    }

    /// Returns the kinds of the replaced values with the number of values of each kind.
    pub fn counts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.kinds.iter().map(|(kind, &count)| (kind.as_str(), count))
    }
}

/// Writes the redacted text.
impl fmt::Display for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl From<Redacted> for String {
    fn from(redacted: Redacted) -> Self {
        redacted.text
    }
}

/// Returns the placeholder for a text: `‹12 characters›`.
pub(crate) fn characters(text: &str) -> String {
    format!("‹{} characters›", text.chars().count())
}

/// Returns all windows of a secret: each sequence of [`WINDOW`] bytes.
fn windows(secret: &[u8]) -> impl Iterator<Item = [u8; WINDOW]> {
    secret.windows(WINDOW).filter_map(|window| window.try_into().ok())
}

impl Redactor {
    /// Creates a redactor for the exchange that `evidence` describes. Pass [`Evidence::new`] to redact other text.
    pub fn new(catalog: Catalog, evidence: &Evidence) -> Self {
        let table = catalog.table();
        let mut redactor = Self {
            wire: table.wire(),
            key: table.key(),
            prefixes: table.key().prefixes().collect(),
            allowed: table.redact(),
            windows: HashSet::new(),
        };
        for secret in redactor.secrets_of(evidence) {
            redactor.windows.extend(windows(&secret));
        }
        redactor
    }

    /// Returns whether the catalog allows the values of this query parameter in output.
    pub(super) fn keeps_parameter(&self, name: &str) -> bool {
        self.allowed.keep_query().any(|keep| keep.eq_ignore_ascii_case(name))
    }

    /// Redacts a text.
    pub fn text(&self, text: &str) -> Redacted {
        self.run(|redaction| redaction.text(text))
    }

    /// Redacts a text and returns it as one line of at most 300 characters.
    pub fn line(&self, text: &str) -> Redacted {
        self.run(|redaction| redaction.line(text))
    }

    /// Redacts the message of a response and returns it as one line. The message can be the whole body, in the form that the content type
    /// describes.
    pub(crate) fn message(&self, message: &str, content_type: Option<&str>) -> Redacted {
        let is_form = content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("x-www-form-urlencoded"));
        self.run(|redaction| if is_form { one_line(&redaction.form(message), LINE) } else { redaction.line(message) })
    }

    /// Redacts an id, such as a request id. Support searches for ids, so the id is replaced only if it contains a credential or a key.
    pub fn id(&self, id: &str) -> Redacted {
        self.run(|redaction| redaction.id(id))
    }

    /// Redacts a URL: its user information, and the values of query parameters that the catalog does not allow.
    pub fn url(&self, url: &str) -> Redacted {
        self.run(|redaction| redaction.url(url))
    }

    /// Redacts the value of a header, unless the catalog allows it. A header that contains a URL is redacted as a URL.
    pub fn header(&self, name: &str, value: &str) -> Redacted {
        self.run(|redaction| redaction.header(name, value))
    }

    /// Redacts a body: JSON and XML value by value, forms, text. A body that is incomplete, binary, compressed or malformed is
    /// replaced by its size.
    pub fn body(&self, body: &Body, content_type: Option<&str>) -> Redacted {
        self.run(|redaction| redaction.body(body, content_type))
    }

    /// Returns the ranges of the secrets in a text.
    pub(super) fn secrets_in(&self, text: &str) -> Vec<Range<usize>> {
        Redaction { rules: self, kinds: RefCell::default() }.marks(text, &Redaction::mark_text)
    }

    fn run(&self, redact: impl FnOnce(&Redaction<'_>) -> String) -> Redacted {
        let redaction = Redaction { rules: self, kinds: RefCell::default() };
        let text = redact(&redaction);
        Redacted { text, kinds: redaction.kinds.into_inner() }
    }
}

/// One call of a redactor, with the kinds of the values that it has replaced.
pub(super) struct Redaction<'r> {
    pub(super) rules: &'r Redactor,
    kinds: RefCell<BTreeMap<String, usize>>,
}

impl Redaction<'_> {
    /// Records the kind of a replaced value, with its name unless the name may contain a secret.
    pub(super) fn note(&self, what: &str, name: &str) {
        let plain = name.len() <= 32 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        let named = plain && !name.is_empty() && !self.rules.is_secret(name.as_bytes());
        let kind = if named { format!("{what} {name}") } else { what.to_owned() };
        *self.kinds.borrow_mut().entry(kind).or_default() += 1;
    }

    /// Redacts a text and then shortens it to one line: in a shortened text, a part of a secret might not be recognized.
    pub(super) fn line(&self, text: &str) -> String {
        one_line(&self.text(text), LINE)
    }

    pub(super) fn text(&self, text: &str) -> String {
        self.masked(text, Self::mark_text)
    }

    /// Marks the secrets in a text.
    fn mark_text(&self, text: &str, marks: &mut Vec<Range<usize>>) {
        self.addresses(text, marks);
        self.rules.parameters(text, marks);
        self.rules.header_lines(text, marks);
        keys(text, &self.rules.prefixes, marks);
        personal(text, marks);
    }

    pub(super) fn id(&self, id: &str) -> String {
        let redacted = self.masked(id, |redaction, text, marks| keys(text, &redaction.rules.prefixes, marks));
        if redacted == id { one_line(&redacted, LINE) } else { characters(id) }
    }

    pub(super) fn url(&self, url: &str) -> String {
        self.masked(url, |redaction, url, marks| {
            redaction.address(url, 0..url.len(), marks);
            redaction.rules.parameters(url, marks);
            keys(url, &redaction.rules.prefixes, marks);
            personal(url, marks);
        })
    }

    pub(super) fn header(&self, name: &str, value: &str) -> String {
        let (name, value) = (name.to_ascii_lowercase(), value.trim());
        if value.is_empty() || placeholder(value) == Some(value.len()) {
            return value.to_owned();
        }
        if self.rules.wire.request_id_headers().contains(&name) {
            return self.id(value);
        }
        if self.rules.allowed.keep_headers().contains(&name) {
            return self.text(value);
        }
        self.note("header", &name);
        if ADDRESSES.contains(&name.as_str()) {
            return self.url(value);
        }
        if name == self.rules.key.header() || PROOFS.contains(&name.as_str()) {
            let secret = credentials(value.as_bytes(), self.rules.key.schemes()).len();
            let (scheme, secret) = value.split_at(value.len() - secret);
            let masked = secret.is_empty() || placeholder(secret) == Some(secret.len());
            return if masked { value.to_owned() } else { format!("{scheme}{}", characters(secret)) };
        }
        characters(value)
    }

    /// Replaces the ranges that `find` marks, and repeats this until the text no longer changes: a replaced range may have ended a URL,
    /// which then continues.
    pub(super) fn masked(&self, source: &str, find: impl Fn(&Self, &str, &mut Vec<Range<usize>>)) -> String {
        let mut text = source.to_owned();
        for _ in 0..PASSES {
            let next = self.pass(&text, &find);
            if next == text {
                return text;
            }
            text = next;
        }
        characters(source)
    }

    /// Replaces the ranges that `find` marks in a text and in its decoded forms.
    pub(super) fn pass(&self, source: &str, find: &impl Fn(&Self, &str, &mut Vec<Range<usize>>)) -> String {
        self.replaced(source, self.marks(source, find))
    }

    /// Returns the ranges that `find` marks in a text and in its decoded forms.
    fn marks(&self, source: &str, find: &impl Fn(&Self, &str, &mut Vec<Range<usize>>)) -> Vec<Range<usize>> {
        let mut marks = Vec::new();
        let mut next = Some(View::plain(source));
        for _ in 0..=LAYERS {
            let Some(view) = next else { break };
            let mut found = self.rules.credentials_in(&view.text);
            self.rules.coded(&view.text, &mut found);
            find(self, &view.text, &mut found);
            marks.extend(found.iter().map(|mark| view.source(mark)));
            next = view.decoded();
        }
        marks
    }

    /// Returns the text with each marked range replaced by its length.
    pub(super) fn replaced(&self, text: &str, mut marks: Vec<Range<usize>>) -> String {
        marks.retain(|mark| !mark.is_empty() && placeholder(&text[mark.clone()]) != Some(mark.len()));
        marks.sort_by_key(|mark| mark.start);
        let mut out = String::new();
        let mut at = 0;
        let mut marks = marks.into_iter().peekable();
        while let Some(mut mark) = marks.next() {
            while let Some(next) = marks.next_if(|next| next.start <= mark.end) {
                mark.end = mark.end.max(next.end);
            }
            self.note("text", "");
            out.push_str(&text[at..mark.start]);
            out.push_str(&characters(&text[mark.clone()]));
            at = mark.end;
        }
        out.push_str(&text[at..]);
        out
    }
}

impl Redactor {
    /// Returns whether a parameter or field of this name contains a secret, in the catalog's API or in any API.
    pub(super) fn is_secret_name(&self, name: &str) -> bool {
        if name.len() > 64 {
            return false;
        }
        if self.key.query().chain([self.key.header()]).any(|key| key.eq_ignore_ascii_case(name)) {
            return true;
        }
        let words = words_of(name);
        match words.as_slice() {
            [.., before, last] if last == "key" => KEYS.contains(&before.as_str()),
            [.., last] => {
                let glued = KEYS.iter().any(|before| last.strip_suffix("key") == Some(before));
                glued || SECRETS.iter().any(|secret| last == secret) || last == "setcookie"
            }
            [] => false,
        }
    }

    /// Returns whether a parameter or field of this name contains what a user said. Validators quote it as `input_value`.
    pub(super) fn is_content_name(&self, name: &str) -> bool {
        name == "input_value" || self.allowed.contents().any(|content| content.eq_ignore_ascii_case(name))
    }

    /// Returns the ranges of the words that contain a window of the exchange's credentials.
    pub(super) fn credentials_in(&self, text: &str) -> Vec<Range<usize>> {
        if self.windows.is_empty() {
            return Vec::new();
        }
        let bytes = text.as_bytes();
        let apart = |&b: &u8| is_end(b) || b"&?#/=".contains(&b);
        let mut marks: Vec<Range<usize>> = Vec::new();
        for (at, window) in bytes.windows(WINDOW).enumerate() {
            // Skip text that is already marked.
            let marked = marks.last().map_or(0, |last| last.end);
            if at + WINDOW <= marked || !self.windows.contains(window) {
                continue;
            }
            let start = bytes[marked.min(at)..at]
                .iter()
                .rposition(apart)
                .map_or(marked.min(at), |end| marked.min(at) + end + 1);
            let end = bytes[at + WINDOW..].iter().position(apart).map_or(bytes.len(), |end| at + WINDOW + end);
            marks.push(start..end);
        }
        marks
    }

    /// Marks base64 of a credential of the exchange, or of a secret that is recognized by its shape.
    pub(super) fn coded(&self, text: &str, marks: &mut Vec<Range<usize>>) {
        let outside = |c: char| !(c.is_ascii_alphanumeric() || "+/-_=".contains(c));
        let mut at = 0;
        for run in text.split(outside) {
            let start = at;
            at += run.len() + text[at + run.len()..].chars().next().map_or(0, char::len_utf8);
            // A slash is a character of base64, but also separates the segments of a path: base64 may begin after any slash or `=`.
            let slashes = run.match_indices(['/', '=']).map(|(slash, _)| slash + 1).take(TRIES);
            for from in std::iter::once(0).chain(slashes) {
                // Base64 ends at its padding, or at a slash that separates segments.
                let whole = run[from..].split('=').next().unwrap_or_default();
                let step = whole.split('/').next().unwrap_or_default();
                for part in [whole, step] {
                    if (CODED..=LONGEST).contains(&part.len())
                        && base64(part).is_some_and(|bytes| self.is_secret(&bytes))
                    {
                        marks.push(start + from..start + from + part.len());
                    }
                }
            }
        }
    }

    /// Returns whether bytes contain a window of the exchange's credentials, or a secret that is recognized by its shape.
    pub(super) fn is_secret(&self, bytes: &[u8]) -> bool {
        if !self.windows.is_empty() && bytes.windows(WINDOW).any(|window| self.windows.contains(window)) {
            return true;
        }
        // Most words are not base64: decoded, they are not text.
        if !bytes.split(|byte| !byte.is_ascii_graphic()).any(|text| text.len() > WINDOW) {
            return false;
        }
        let mut found = Vec::new();
        // The bytes around the secret need not be UTF-8.
        keys(&String::from_utf8_lossy(bytes), &self.prefixes, &mut found);
        !found.is_empty()
    }
}

/// Returns a text as one line of at most `limit` characters. Invisible characters are escaped, and a placeholder is not cut.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let (mut length, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let end = at + placeholder(&text[at..]).unwrap_or(c.len_utf8());
        let piece = &text[at..end];
        let written = if is_hidden(c) { c.escape_default().to_string() } else { piece.to_owned() };
        length += written.chars().count();
        if length > limit {
            out.push('…');
            break;
        }
        out.push_str(&written);
        at = end;
    }
    out
}

/// Returns whether a character must be escaped: control characters and line ends could forge log lines or control a terminal, and
/// invisible characters could hide words.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(all(test, feature = "waves"))]
mod tests {
    use super::*;
    use crate::{CatalogEnum, WavesError};

    fn line(text: &str) -> String {
        let evidence = Evidence::new()
            .with_request("GET", "https://host/x?model=a&token=own%2Dquery%2Dtoken")
            .with_request_header("Authorization", "Bearer own_secret_of_mine");
        Redactor::new(WavesError::CATALOG, &evidence).line(text).into_text()
    }

    #[test]
    fn credentials_in_a_line_are_redacted() {
        assert_eq!(line("key sk_0123456789abcdef is bad"), "key ‹19 characters› is bad");
        assert_eq!(line("you sent \"own_secret_of_mine\""), "you sent \"‹18 characters›\"");
        assert_eq!(line("you sent own_secr..."), "you sent ‹11 characters›");
        assert_eq!(
            line("wss://me:pass@api.h/a?token=abcdefgh#x failed"),
            "wss://‹7 characters›@api.h/a?token=‹8 characters›#x failed"
        );
        assert_eq!(line("with Token=abcdefgh&language=en"), "with Token=‹8 characters›&language=en");
        assert_eq!(line("keysk_0123456789abcdef is a word"), "keysk_0123456789abcdef is a word");
        assert_eq!(line("Authorization: Bearer abc123def456"), "Authorization: Bearer ‹12 characters›");
        assert_eq!(line("jwt=eyJhbGciOiJIUzI1NiJ9.e30.x"), "jwt=‹26 characters›");
    }

    #[test]
    fn credentials_with_any_characters_are_redacted() {
        for secret in ["abcde,fghij;klmno", "my pass word is here", "pa(ss)w{or}d[1]", "päss\"wörd\"«»"] {
            let evidence = Evidence::new()
                .with_request("GET", "https://user:hunter2secret@h/?signature=SIGNEDSECRET99")
                .with_request_header("Authorization", format!("bearer {secret}"));
            let redactor = Redactor::new(WavesError::CATALOG, &evidence);
            let line = redactor.line(&format!("bad {secret}; hunter2secret; SIGNEDSECRET99; Bearer is the scheme"));
            let line = line.text();
            for window in secret.as_bytes().windows(WINDOW).chain(b"hunter2secret SIGNEDSECRET99".windows(WINDOW)) {
                assert!(!line.as_bytes().windows(WINDOW).any(|six| six == window), "{line}");
            }
            assert!(line.ends_with("Bearer is the scheme"), "{line}");
        }
    }

    #[test]
    fn all_secrets_of_the_request_are_redacted() {
        let evidence =
            |name, value: &str, url: &str| Evidence::new().with_request("GET", url).with_request_header(name, value);
        for (evidence, secret) in [
            (evidence("X-Secret", "correcthorse battery", "https://h/"), "correcthorse"),
            (evidence("Authorization", "secretword sk_0123456789", "https://h/"), "secretword"),
            (evidence("Accept", "*/*", "https://h/?SECRETTOKENx"), "SECRETTOKENx"),
            (evidence("Accept", "*/*", "https://h/?token=abcde+fghij"), "abcde fghij"),
            (evidence("Accept", "*/*", "https://h/#access_token=abcdefghijk"), "abcdefghijk"),
        ] {
            let line = Redactor::new(WavesError::CATALOG, &evidence).line(&format!("bad {secret}")).into_text();
            assert!(!line.contains(&secret[..WINDOW]), "{line}");
        }
        let empty = evidence("Authorization", "Bearer ", "https://h/");
        let line = Redactor::new(WavesError::CATALOG, &empty).line("Missing Bearer token").into_text();
        assert_eq!(line, "Missing Bearer token");
    }

    #[test]
    fn words_without_secrets_are_kept() {
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
    fn line_is_escaped_and_bounded() {
        assert_eq!(line("a\nb\u{1b}[31m\u{202e}"), "a\\nb\\u{1b}[31m\\u{202e}");
        assert_eq!(line(&"x".repeat(5000)).chars().count(), LINE + 1);
    }
}
