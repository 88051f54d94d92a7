//! What may be shown of an exchange: no credential, nothing with the shape of one, nothing that the catalog does not allow.
//! Everything that leaves this crate as text goes through here.

mod body;
mod decode;
mod quoted;
mod shape;
mod url;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use waves_errors_core::packed::{Key, PackedWire, Redact};
use waves_errors_core::{Catalog, Evidence};

use decode::{View, base64, placeholder};
use quoted::words_of;
use shape::{is_end, keys, personal};
use url::{authority, percent_decoded, query};
pub(crate) use url::{percent_decoded as decoded, query as query_of};

/// As many bytes of a credential in a row are never shown.
const WINDOW: usize = 6;
/// How many characters of a foreign text are shown.
const SHOWN: usize = 300;
/// How long base64 is at the least that stands for as many bytes as a secret has.
const CODED: usize = 8;
/// How long base64 is at the most that is looked into: what is longer is data, not a header.
const LONGEST: usize = 4096;
/// Behind how many slashes of a run of base64 it may begin.
const TRIES: usize = 16;
/// How often a text is gone through at most; what is not settled then is not shown.
const PASSES: usize = 8;
/// How many layers of escapes are undone.
const LAYERS: usize = 3;

/// Headers of HTTP whose values prove who asks, or are session state.
const PROOFS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];
/// What a request's line says, as later versions of HTTP write it.
const PSEUDO: [&str; 4] = ["authority", "method", "path", "scheme"];
/// Headers of HTTP whose values are addresses.
const ADDRESSES: [&str; 4] = ["content-location", "location", "origin", "referer"];
/// The schemes of HTTP's own credentials.
pub(crate) const SCHEMES: [&str; 4] = ["basic", "bearer", "digest", "token"];
/// What the names of parameters and fields that hold secrets end with, in every API: `client_secret`, `authToken`.
const SECRETS: [&str; 17] = [
    "auth",
    "authorization",
    "bearer",
    "cookie",
    "credential",
    "credentials",
    "jwt",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "session",
    "sid",
    "sig",
    "signature",
    "token",
];
/// What comes before `key` in the name of one that is secret.
const KEYS: [&str; 8] = ["access", "api", "auth", "encryption", "license", "private", "secret", "signing"];

/// Replaces what must not be shown by its length.
///
/// It knows the credentials of one exchange (all that its request held and the catalog does not allow to be shown), and
/// secrets by their shape: keys with the catalog's prefixes, `Bearer` and `Basic` credentials, JSON web tokens, AWS and private
/// keys, cards, mail addresses; also where they are percent-coded, escaped or in base64. Of headers and queries only those
/// values are shown that the catalog allows. Redacting twice changes nothing.
///
/// # Examples
///
/// ```
/// use waves_errors::{CatalogEnum, Evidence, Redactor, WavesError};
///
/// let redactor = Redactor::new(WavesError::CATALOG, &Evidence::new());
/// assert_eq!(redactor.header("Authorization", "Bearer sk_0123456789"), "Bearer ‹13 characters›");
/// assert_eq!(redactor.url("wss://host/stt?token=sk_0123456789&language=en"), "wss://host/stt?token=‹13 characters›&language=en");
/// assert_eq!(redactor.text("bad key sk_0123456789"), "bad key ‹13 characters›");
/// ```
pub struct Redactor<'a> {
    wire: PackedWire<'a>,
    key: Key<&'a str>,
    shown: Redact<&'a str>,
    windows: HashSet<[u8; WINDOW]>,
    told: RefCell<BTreeSet<String>>,
}

impl std::fmt::Debug for Redactor<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

/// A text by its length.
pub(crate) fn characters(text: &str) -> String {
    format!("‹{} characters›", text.chars().count())
}

impl<'a> Redactor<'a> {
    /// Knows what the catalog allows, and what the exchange sent.
    pub fn new(catalog: &'a Catalog, evidence: &Evidence) -> Self {
        let table = catalog.table();
        let (key, shown) = (table.key(), table.redact());
        let mut windows = HashSet::new();
        let mut hide = |secret: &[u8]| {
            windows.extend(secret.windows(WINDOW).filter_map(|window| <[u8; WINDOW]>::try_from(window).ok()));
        };
        for (name, value) in evidence.request_headers() {
            // The host is what the URL says as well.
            if name != "host" && !shown.keep_headers.contains(&name) {
                let proves = name == key.header || PROOFS.contains(&name);
                hide(if proves { credentials(value, key.scheme) } else { value.trim_ascii() });
            }
        }
        for (name, value) in evidence.url().into_iter().flat_map(query) {
            if !shown.keep_query.iter().any(|keep| keep.eq_ignore_ascii_case(name)) {
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
        let mut redactor = Self { wire: table.wire(), key, shown, windows, told: RefCell::default() };
        // A key in an address that is put together wrongly is a key all the same.
        if let Some(url) = evidence.url() {
            let mut marks = Vec::new();
            redactor.parameters(url, &mut marks);
            for value in marks.into_iter().map(|mark| percent_decoded(&url[mark])) {
                redactor
                    .windows
                    .extend(value.windows(WINDOW).filter_map(|window| <[u8; WINDOW]>::try_from(window).ok()));
            }
        }
        redactor
    }

    /// What has been replaced so far: `text`, `header NAME`, `query NAME`, `field NAME` and the like, in order. A name that may
    /// itself hold a secret is left out.
    pub fn told(&self) -> BTreeSet<String> {
        self.told.borrow().clone()
    }

    fn note(&self, what: &str, name: &str) {
        let plain = name.len() <= 32 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        let named = plain && !name.is_empty() && !self.is_secret(name.as_bytes());
        self.told.borrow_mut().insert(if named { format!("{what} {name}") } else { what.to_owned() });
    }

    /// Whether a parameter or a field of this name holds a secret: by the catalog, or in every API.
    fn is_secret_name(&self, name: &str) -> bool {
        if name.len() > 64 {
            return false;
        }
        let own = |have: &&str| have.eq_ignore_ascii_case(name);
        if self.key.query.iter().any(own) || own(&self.key.header) {
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

    /// A foreign text as one line of bounded length: redacted first, then cut.
    pub fn line(&self, text: &str) -> String {
        one_line(&self.text(text), SHOWN)
    }

    /// A text, with each secret in it replaced by its length.
    pub fn text(&self, text: &str) -> String {
        self.masked(text, |redactor, text, marks| {
            redactor.addresses(text, marks);
            redactor.parameters(text, marks);
            redactor.header_lines(text, marks);
            keys(text, &redactor.key.prefixes, marks);
            personal(text, marks);
        })
    }

    /// An id that support looks for: only what is certainly a secret is replaced.
    pub fn id(&self, id: &str) -> String {
        let shown = self.masked(id, |redactor, text, marks| keys(text, &redactor.key.prefixes, marks));
        if shown == id { one_line(&shown, SHOWN) } else { characters(id) }
    }

    /// A URL: who asks and the values of the query that the catalog does not allow are replaced.
    pub fn url(&self, url: &str) -> String {
        self.masked(url, |redactor, url, marks| {
            redactor.address(url, 0..url.len(), marks);
            redactor.parameters(url, marks);
            keys(url, &redactor.key.prefixes, marks);
            personal(url, marks);
        })
    }

    /// The value of a header: shown where the catalog allows it, an address as an address, all else by its length.
    pub fn header(&self, name: &str, value: &str) -> String {
        let (name, value) = (name.to_ascii_lowercase(), value.trim());
        if value.is_empty() || placeholder(value) == Some(value.len()) {
            return value.to_owned();
        }
        if self.wire.request_id_headers.contains(&name) {
            return self.id(value);
        }
        if self.shown.keep_headers.contains(&name.as_str()) {
            return self.text(value);
        }
        self.note("header", &name);
        if ADDRESSES.contains(&name.as_str()) {
            return self.url(value);
        }
        if name == self.key.header || PROOFS.contains(&name.as_str()) {
            let secret = credentials(value.as_bytes(), self.key.scheme).len();
            let (scheme, secret) = value.split_at(value.len() - secret);
            let masked = secret.is_empty() || placeholder(secret) == Some(secret.len());
            return if masked { value.to_owned() } else { format!("{scheme}{}", characters(secret)) };
        }
        characters(value)
    }

    /// Replaces what `find` finds in a text, until it finds nothing more: what is replaced may have been the end of an
    /// address, which then goes on.
    fn masked(&self, source: &str, find: impl Fn(&Self, &str, &mut Vec<Range<usize>>)) -> String {
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

    /// Marks what `find` finds in a text, as it stands and with its escapes undone, and replaces it.
    fn pass(&self, source: &str, find: &impl Fn(&Self, &str, &mut Vec<Range<usize>>)) -> String {
        let mut marks = Vec::new();
        let mut next = Some(View::plain(source));
        for _ in 0..=LAYERS {
            let Some(view) = next else { break };
            let mut found = self.own(&view.text);
            self.coded(&view.text, &mut found);
            find(self, &view.text, &mut found);
            marks.extend(found.iter().map(|mark| view.source(mark)));
            next = view.decoded();
        }
        self.replaced(source, marks)
    }

    /// The text with each mark replaced by its length.
    fn replaced(&self, text: &str, mut marks: Vec<Range<usize>>) -> String {
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

    /// The words that hold a piece of what the exchange sent, however they are punctuated.
    fn own(&self, text: &str) -> Vec<Range<usize>> {
        if self.windows.is_empty() {
            return Vec::new();
        }
        let bytes = text.as_bytes();
        let apart = |&b: &u8| is_end(b) || b"&?#/=".contains(&b);
        let mut marks: Vec<Range<usize>> = Vec::new();
        for (at, window) in bytes.windows(WINDOW).enumerate() {
            // What is marked already need not be looked at again.
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

    /// Marks base64 that stands for a piece of what the exchange sent, or for something with a secret's shape.
    fn coded(&self, text: &str, marks: &mut Vec<Range<usize>>) {
        let outside = |c: char| !(c.is_ascii_alphanumeric() || "+/-_=".contains(c));
        let mut at = 0;
        for run in text.split(outside) {
            let start = at;
            at += run.len() + text[at + run.len()..].chars().next().map_or(0, char::len_utf8);
            // A slash is a digit of base64, and parts the steps of a path: the run may begin behind any of them.
            let slashes = run.match_indices(['/', '=']).map(|(slash, _)| slash + 1).take(TRIES);
            for from in std::iter::once(0).chain(slashes) {
                // Padding ends it, and so may a slash that is none of its digits.
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

    /// Whether some bytes hold a piece of what the exchange sent, or something with a secret's shape.
    fn is_secret(&self, bytes: &[u8]) -> bool {
        let own = bytes.windows(WINDOW).any(|window| self.windows.contains(window));
        let mut found = Vec::new();
        // Behind the end of what was coded anything may follow.
        keys(&String::from_utf8_lossy(bytes), &self.key.prefixes, &mut found);
        own || !found.is_empty()
    }
}

/// A text in one line of at most so many characters; what cannot be seen is written out, and a placeholder is not cut.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut out = String::new();
    let (mut shown, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let length = placeholder(&text[at..]).unwrap_or(c.len_utf8());
        let piece = &text[at..at + length];
        let written = if is_hidden(c) { c.escape_default().to_string() } else { piece.to_owned() };
        shown += written.chars().count();
        if shown > most {
            out.push('…');
            break;
        }
        out.push_str(&written);
        at += length;
    }
    out
}

/// Control characters and line feeds could forge log lines or steer terminals; what cannot be seen could hide words.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What proves who asks, without the scheme before it: the catalog's, or one that is registered for HTTP.
fn credentials<'v>(value: &'v [u8], scheme: &str) -> &'v [u8] {
    let value = value.trim_ascii();
    let (first, rest) = value.split_at(value.iter().position(|&b| b == b' ').unwrap_or(value.len()));
    let is_scheme = SCHEMES.iter().chain([&scheme]).any(|known| first.eq_ignore_ascii_case(known.as_bytes()));
    if is_scheme { rest.trim_ascii() } else { value }
}

#[cfg(all(test, feature = "waves"))]
mod tests {
    use super::*;
    use crate::{CatalogEnum, WavesError};

    fn line(text: &str) -> String {
        let evidence = Evidence::new()
            .with_request("GET", "https://host/x?model=a&token=own%2Dquery%2Dtoken")
            .with_request_header("Authorization", "Bearer own_secret_of_mine");
        Redactor::new(WavesError::CATALOG, &evidence).line(text)
    }

    #[test]
    fn credentials_are_masked() {
        assert_eq!(line("key sk_0123456789abcdef is bad"), "key ‹19 characters› is bad");
        assert_eq!(line("you sent \"own_secret_of_mine\""), "you sent \"‹18 characters›\"");
        assert_eq!(line("you sent own_secr..."), "you sent ‹11 characters›");
        assert_eq!(
            line("wss://me:pass@api.h/a?token=abcdefgh#x failed"),
            "wss://‹7 characters›@api.h/a?token=‹8 characters›#x failed"
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
                .with_request("GET", "https://user:hunter2secret@h/?signature=SIGNEDSECRET99")
                .with_request_header("Authorization", format!("bearer {secret}"));
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
        let evidence =
            |name, value: &str, url: &str| Evidence::new().with_request("GET", url).with_request_header(name, value);
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
}
