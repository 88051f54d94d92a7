//! The secrets that a redactor knows: credentials and contents of the requests, which a response can repeat anywhere and in any encoding.

use std::collections::{HashSet, VecDeque};
use std::ops::Range;

use super::decode::base64;
use super::names::WINDOW;
use super::shape::encode;
use super::trigger::Triggers;

/// The number of consecutive bytes of a content that are hidden.
const CONTENT: usize = 16;
/// The maximum number of credentials of a stream that are remembered.
const CREDENTIALS: usize = 1000;
/// The maximum length of a credential of a stream that is remembered.
const LENGTH: usize = 256;
/// The length of the start of a credential that is searched for.
const LONGEST: usize = 8 << 10;

/// Known secrets, with the triggers by which a text is searched for them.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) triggers: Triggers,
    /// All windows of the credentials and of their encodings, in lower case.
    windows: HashSet<[u8; WINDOW]>,
    /// All windows of the hexadecimal form of the credentials: shorter ones are parts of ids, too.
    hex: HashSet<[u8; 2 * WINDOW]>,
    /// All windows of the contents.
    contents: HashSet<[u8; CONTENT]>,
}

impl Known {
    pub(super) fn new(triggers: Triggers) -> Self {
        Self { triggers, windows: HashSet::new(), hex: HashSet::new(), contents: HashSet::new() }
    }

    /// Adds the windows of a credential, of its hexadecimal form, and of its base64 at each position of a group of three bytes.
    pub(super) fn add_credential(&mut self, secret: &[u8]) {
        // Nobody repeats the whole of a longer one.
        let secret = &secret[..secret.len().min(LONGEST)];
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        self.add_windows(secret);
        for window in hex.as_bytes().windows(2 * WINDOW) {
            self.triggers.add_window(window);
            self.hex.extend(<[u8; 2 * WINDOW]>::try_from(window));
        }
        for skipped in 0..3.min(secret.len()) {
            let coded = encode(&secret[skipped..]);
            self.add_windows(coded.as_bytes());
            self.add_windows(coded.replace('+', "-").replace('/', "_").as_bytes());
        }
    }

    fn add_windows(&mut self, text: &[u8]) {
        for window in text.to_ascii_lowercase().windows(WINDOW) {
            self.triggers.add_window(window);
            self.windows.extend(<[u8; WINDOW]>::try_from(window));
        }
    }

    /// Adds a text that a user sent.
    pub(super) fn add_content(&mut self, text: &str) {
        self.contents
            .extend(text.as_bytes().windows(CONTENT).filter_map(|window| <[u8; CONTENT]>::try_from(window).ok()));
    }

    /// Appends the positions of a line at which a trigger or a credential begins. Returns the classes of the line's characters.
    pub(super) fn find(&self, line: &[u8], positions: &mut Vec<usize>) -> u8 {
        let classes = self.triggers.find(line, positions);
        positions.retain(|&at| self.triggers.at(line, at).next().is_some() || self.contains(line, at));
        classes
    }

    /// Returns whether a window of a credential begins at a position.
    pub(super) fn contains(&self, bytes: &[u8], at: usize) -> bool {
        self.window_at(bytes, at) > 0
    }

    /// Returns the length of the window of a credential at a position, or 0.
    pub(super) fn window_at(&self, bytes: &[u8], at: usize) -> usize {
        if lower(bytes, at).is_some_and(|window| self.windows.contains(&window)) {
            WINDOW
        } else if !self.hex.is_empty() && lower(bytes, at).is_some_and(|window| self.hex.contains(&window)) {
            2 * WINDOW
        } else {
            0
        }
    }

    pub(super) fn has_contents(&self) -> bool {
        !self.contents.is_empty()
    }

    /// Returns the ranges of a text that repeat a content. They begin at the start of a word.
    pub(super) fn contents_in(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        if self.contents.is_empty() {
            return found;
        }
        let bytes = text.as_bytes();
        let is_content = |at: usize| {
            let window = bytes.get(at..at + CONTENT).and_then(|window| <[u8; CONTENT]>::try_from(window).ok());
            window.is_some_and(|window| self.contents.contains(&window))
        };
        let mut at = 0;
        while at + CONTENT <= bytes.len() {
            let is_start = text.is_char_boundary(at)
                && !at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_alphanumeric());
            if !is_start || !is_content(at) {
                at += 1;
                continue;
            }
            let start = at;
            while is_content(at + 1) {
                at += 1;
            }
            let end = (at + CONTENT..=bytes.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(bytes.len());
            found.push(start..end);
            at = end;
        }
        found
    }
}

/// Returns the bytes at a position in lower case.
fn lower<const LENGTH: usize>(bytes: &[u8], at: usize) -> Option<[u8; LENGTH]> {
    let mut window: [u8; LENGTH] = bytes.get(at..at + LENGTH)?.try_into().ok()?;
    window.make_ascii_lowercase();
    Some(window)
}

/// Returns a credential with its parts: the values of cookies, the password of `user:password` and of Basic credentials.
pub(super) fn parts(credential: &str) -> Vec<Vec<u8>> {
    let mut parts = vec![credential.as_bytes().to_vec()];
    if credential.contains(';') {
        let values = credential.split(';').filter_map(|cookie| cookie.split_once('='));
        parts.extend(values.map(|(_, value)| value.trim().as_bytes().to_vec()));
    }
    let decoded = base64(credential).filter(|decoded| decoded.iter().all(u8::is_ascii_graphic));
    for pair in [credential.as_bytes().to_vec()].into_iter().chain(decoded) {
        let colon = pair.iter().position(|&byte| byte == b':');
        parts.extend(colon.map(|colon| pair[colon + 1..].to_vec()));
    }
    parts
}

/// The credentials that a stream has shown in its headers so far. They are hidden from then on.
#[derive(Debug, Default)]
pub(super) struct Seen {
    credentials: VecDeque<Vec<u8>>,
    /// The known secrets with these credentials. `None` if there are none.
    known: Option<Box<Known>>,
    /// The number of credentials that were added.
    count: usize,
}

impl Seen {
    pub(super) fn known<'k>(&'k self, base: &'k Known) -> &'k Known {
        self.known.as_deref().unwrap_or(base)
    }

    /// Returns the number of credentials that were added so far.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Remembers a credential. Forgets half of them if there are too many.
    pub(super) fn add(&mut self, base: &Known, bytes: &[u8]) {
        if bytes.len() < WINDOW || bytes.len() > LENGTH || self.known(base).contains(bytes, 0) {
            return;
        }
        self.count += 1;
        self.credentials.push_back(bytes.to_vec());
        if self.credentials.len() > CREDENTIALS {
            self.credentials.drain(..CREDENTIALS / 2);
            let mut known = Box::new(base.clone());
            self.credentials.iter().for_each(|credential| known.add_credential(credential));
            self.known = Some(known);
        } else {
            self.known.get_or_insert_with(|| Box::new(base.clone())).add_credential(bytes);
        }
    }
}
