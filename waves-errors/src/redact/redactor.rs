//! [`Redactor`]: replaces credentials, and all values of an exchange that the catalog does not allow in output. All text of servers and
//! other libraries that this crate prints passes through it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use waves_errors_core::{Body, Catalog, Evidence};

use super::credentials;
use super::engine::Engine;
use super::line::Form;
use super::names::{self, ADDRESSES, PROOFS};
use super::placeholder::{characters, one_line, placeholder};
use super::rules::Rules;

/// The maximum length of a redacted line, in characters.
const LINE: usize = 300;

/// Replaces secrets in text with placeholders that show their length.
///
/// A redactor replaces the credentials of one exchange and of its earlier requests wherever they occur: keys, cookies, passwords, secret
/// parameters and fields. It recognizes other secrets by their names, in the notations of logs, or by their shape: keys with known prefixes,
/// JSON web tokens, private keys, card numbers and email addresses. It keeps the values of headers and query parameters only if the
/// catalog allows them. Redacting a redacted text does not change it. The guide page [Redaction](crate::guide::redaction) has the
/// rules and their limits.
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
/// assert_eq!(redacted.kinds().collect::<Vec<_>>(), ["key"]);
/// ```
#[derive(Clone)]
pub struct Redactor {
    pub(super) rules: Rules,
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

    /// Returns the kinds of the replaced values, such as `key`, `credential`, `header NAME` or `field NAME`, in alphabetical order. A
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

impl Redactor {
    /// Creates a redactor for the exchange that `evidence` describes. Pass [`Evidence::new`] to redact other text.
    pub fn new(catalog: Catalog, evidence: &Evidence) -> Self {
        let mut rules = Rules::new(catalog);
        rules.add(credentials::of_exchange(&rules, evidence));
        Self { rules }
    }

    /// Adds the secrets of a document, which are then hidden wherever a text repeats them: the values of secret names in JSON, a form, XML or
    /// YAML, the headers and cookies of a network log. Call it before the document itself is redacted: a document can repeat a secret
    /// before the field that names it.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::{CatalogEnum, Evidence, Redactor, WavesError};
    ///
    /// let document = r#"{"error": "unknown user zebra77quartz", "request": {"password": "zebra77quartz"}}"#;
    /// let mut redactor = Redactor::new(WavesError::CATALOG, &Evidence::new());
    /// redactor.add_document(document);
    /// assert_eq!(
    ///     redactor.text(document).text(),
    ///     r#"{"error": "unknown user ‹13 characters›", "request": {"password": "‹13 characters›"}}"#,
    /// );
    /// ```
    pub fn add_document(&mut self, document: &str) {
        self.rules.add(credentials::of_document(&self.rules, document));
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
        self.run(|redaction| {
            if is_form { one_line(&redaction.start(message, Form::Fields), LINE) } else { redaction.line(message) }
        })
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

    /// Redacts the body of a request, as [`body`](Self::body). Plain text and SSML are what a user said: they are replaced by their length.
    pub fn request_body(&self, body: &Body, content_type: Option<&str>) -> Redacted {
        self.run(|redaction| redaction.request_body(body, content_type))
    }

    /// Redacts a body: JSON and XML value by value, forms, text. A body that is incomplete is redacted as text, with the size of the rest. A
    /// body that is binary, compressed or malformed is replaced by its size.
    pub fn body(&self, body: &Body, content_type: Option<&str>) -> Redacted {
        self.run(|redaction| redaction.body(body, content_type))
    }

    /// Returns the ranges of the secrets in a text, in their order. [`text`](Self::text) replaces them.
    pub fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        Engine::new(&self.rules, Form::Text).ranges(text)
    }

    fn run(&self, redact: impl FnOnce(&Redaction<'_>) -> String) -> Redacted {
        let redaction = Redaction { rules: &self.rules, kinds: RefCell::default() };
        let text = redact(&redaction);
        Redacted { text, kinds: redaction.kinds.into_inner() }
    }
}

/// One call of a redactor, with the kinds of the values that it has replaced.
pub(super) struct Redaction<'r> {
    pub(super) rules: &'r Rules,
    kinds: RefCell<BTreeMap<String, usize>>,
}

impl Redaction<'_> {
    /// Records the kind of a replaced value.
    pub(super) fn note(&self, what: &str, name: &str) {
        *self.kinds.borrow_mut().entry(self.rules.kind(what, name)).or_default() += 1;
    }

    /// Redacts a text and then shortens it to one line: in a shortened text, a part of a secret might not be recognized.
    pub(super) fn line(&self, text: &str) -> String {
        one_line(&self.start(text, Form::Text), LINE)
    }

    pub(super) fn text(&self, text: &str) -> String {
        self.redacted(Form::Text, |engine, out| engine.text(text, out))
    }

    pub(super) fn form(&self, text: &str) -> String {
        self.redacted(Form::Fields, |engine, out| engine.text(text, out))
    }

    pub(super) fn url(&self, url: &str) -> String {
        self.redacted(Form::Url, |engine, out| engine.text(url, out))
    }

    /// Redacts as much of a text as a line shows.
    fn start(&self, text: &str, form: Form) -> String {
        // A character has at most four bytes.
        self.redacted(form, |engine, out| engine.start(text, 4 * LINE, out))
    }

    fn redacted(&self, form: Form, redact: impl FnOnce(&mut Engine<'_>, &mut String)) -> String {
        let mut engine = Engine::new(self.rules, form);
        let mut out = String::new();
        redact(&mut engine, &mut out);
        let mut kinds = self.kinds.borrow_mut();
        engine.into_counts().into_iter().for_each(|(kind, count)| *kinds.entry(kind).or_default() += count);
        out
    }

    pub(super) fn id(&self, id: &str) -> String {
        if Engine::new(self.rules, Form::Id).ranges(id).is_empty() {
            return one_line(id, LINE);
        }
        self.note("id", "");
        characters(id)
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
            let secret = names::credentials(value.as_bytes(), self.rules.key.schemes()).len();
            let (scheme, secret) = value.split_at(value.len() - secret);
            let masked = secret.is_empty() || placeholder(secret) == Some(secret.len());
            return if masked { value.to_owned() } else { format!("{scheme}{}", characters(secret)) };
        }
        characters(value)
    }
}

#[cfg(all(test, feature = "waves"))]
mod tests {
    use super::super::names::WINDOW;
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
        assert_eq!(line("you sent own_secr..."), "you sent ‹8 characters›...");
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
