//! The prefilter: finds the positions of a line at which a secret could begin, in one pass over its bytes.
//!
//! A table of all sequences of three letters with which a name, a prefix or a credential begins is compared with each position. Most lines
//! contain none of them, and are copied.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::names::{INPUT, SCHEMES, WINDOW, stems};
use super::options::OPTIONS;
use super::shape::{BEGIN, HEADERS, MIN_CARD, SHAPES, encode};

/// The line has a character of an escape: `%`, `\` or `&`.
pub(super) const ESCAPE: u8 = 1;
/// The line has a control character, or one outside of ASCII.
pub(super) const ODD: u8 = 2;
/// The line has an `@`.
pub(super) const AT: u8 = 4;
/// The line has a row of digits as long as a card number.
pub(super) const DIGITS: u8 = 8;

/// Returns the classes of a line's characters.
fn classes(line: &[u8]) -> u8 {
    // Without branches and tables, the compiler compares many bytes at once.
    line.iter().fold(0, |classes, &byte| {
        let escape = u8::from(byte == b'%') | u8::from(byte == b'\\') | u8::from(byte == b'&');
        let odd = u8::from(byte < b' ') & u8::from(byte != b'\t') & u8::from(byte != b'\n') & u8::from(byte != b'\r')
            | u8::from(byte >= 0x7f);
        classes | (escape * ESCAPE) | (odd * ODD) | (u8::from(byte == b'@') * AT)
    })
}

/// Returns whether a line has a row of digits, with single separators, as long as a card number.
fn has_digits(line: &[u8]) -> bool {
    // Each row that is long enough has three digits or separators with this distance.
    const STEP: usize = 4;

    let is_digit = |byte: &u8| byte.is_ascii_digit() || b" -.+".contains(byte);
    let mut row = 0;
    line.iter().enumerate().step_by(STEP).any(|(at, byte)| {
        row = if is_digit(byte) { row + 1 } else { 0 };
        let is_long = row >= 3 && line[at - 2 * STEP..at].iter().filter(|byte| byte.is_ascii_digit()).count() >= 5;
        is_long && row_of_digits(line, at) >= MIN_CARD
    })
}

/// Returns the number of digits in the row around a position.
fn row_of_digits(line: &[u8], at: usize) -> usize {
    let is_row = |byte: &&u8| byte.is_ascii_digit() || b" -.+".contains(*byte);
    let start = at - line[..at].iter().rev().take(2 * MIN_CARD).take_while(is_row).count();
    line[start..].iter().take(4 * MIN_CARD).take_while(is_row).filter(|byte| byte.is_ascii_digit()).count()
}

/// What a trigger of the table begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trigger<'t> {
    /// A part of the name of a secret, or a scheme.
    Name,
    /// The name of a field with contents.
    Content(&'t str),
    /// The prefix of a key, with the minimum number of characters that follow.
    Prefix(&'t str, usize),
    /// The base64 of a prefix.
    Coded,
    /// `://`.
    Url,
    /// A command-line option with a user and a password.
    Option(&'t str),
    /// The first line of a private key.
    PrivateKey,
}

/// The triggers of a redactor.
#[derive(Debug, Clone)]
pub(super) struct Triggers {
    /// One bit for each sequence of three bytes, of which the five lower bits count: letters in either case have the same.
    grams: Box<[u64; 512]>,
    /// The triggers of the catalog, with the number of their sequence.
    own: Vec<(u16, Stem)>,
}

/// A trigger that owns its text.
#[derive(Debug, Clone)]
struct Stem {
    text: Cow<'static, str>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Name,
    Content,
    Prefix(usize),
    Coded,
    Url,
    Option,
    PrivateKey,
}

/// The triggers of all redactors, in the order of their sequences.
static COMMON: LazyLock<Triggers> = LazyLock::new(|| {
    let mut triggers = Triggers { grams: Box::new([0; 512]), own: Vec::new() };
    stems().for_each(|name| triggers.add(name, Kind::Name));
    for (prefix, length) in SHAPES {
        triggers.add_prefix(prefix, length);
    }
    for text in HEADERS {
        triggers.add(encode(text.as_bytes()), Kind::Coded);
    }
    for option in &OPTIONS {
        triggers.add(option.name, Kind::Option);
    }
    triggers.add("://", Kind::Url);
    triggers.add(BEGIN, Kind::PrivateKey);
    triggers.own.sort_by_key(|(gram, _)| *gram);
    triggers
});

/// Returns the number of a sequence that ends with a byte.
fn next(gram: usize, byte: u8) -> usize {
    (gram << 5 | usize::from(byte & 31)) & 0x7fff
}

fn gram_of(text: &[u8]) -> usize {
    text.iter().take(3).fold(0, |gram, &byte| next(gram, byte))
}

impl Triggers {
    /// Creates the triggers with those of a catalog: the prefixes of its keys, the names of its secrets and schemes, and those of contents.
    pub(super) fn new(
        prefixes: impl Iterator<Item = &'static str>,
        names: impl Iterator<Item = &'static str>,
        contents: impl Iterator<Item = &'static str>,
    ) -> Self {
        let mut triggers = Self { grams: COMMON.grams.clone(), own: Vec::new() };
        prefixes.for_each(|prefix| triggers.add_prefix(prefix, WINDOW));
        names.chain(SCHEMES).for_each(|name| triggers.add(name, Kind::Name));
        contents.chain([INPUT]).for_each(|name| triggers.add(name, Kind::Content));
        triggers
    }

    fn add_prefix(&mut self, prefix: &'static str, length: usize) {
        self.add(prefix, Kind::Prefix(length));
        self.add(encode(prefix.as_bytes()), Kind::Coded);
    }

    fn add(&mut self, text: impl Into<Cow<'static, str>>, kind: Kind) {
        let text = text.into();
        if text.len() >= 3 {
            let gram = gram_of(text.as_bytes());
            self.watch(gram);
            self.own.push((u16::try_from(gram).unwrap_or(0), Stem { text, kind }));
        }
    }

    fn watch(&mut self, gram: usize) {
        self.grams[gram >> 6] |= 1 << (gram & 63);
    }

    /// Adds the sequences of a credential, which can begin anywhere in it.
    pub(super) fn add_window(&mut self, window: &[u8]) {
        self.watch(gram_of(window));
    }

    /// Appends the positions of a line at which a trigger could begin. Returns the classes of the line's characters.
    pub(super) fn find(&self, line: &[u8], positions: &mut Vec<usize>) -> u8 {
        if let Some((first, rest)) = line.split_at_checked(2) {
            let mut gram = gram_of(first);
            for (at, &byte) in rest.iter().enumerate() {
                gram = next(gram, byte);
                if self.grams[gram >> 6] >> (gram & 63) & 1 != 0 {
                    positions.push(at);
                }
            }
        }
        classes(line) | if has_digits(line) { DIGITS } else { 0 }
    }

    /// Returns the triggers at a position of a line.
    pub(super) fn at<'t>(&'t self, line: &'t [u8], at: usize) -> impl Iterator<Item = Trigger<'t>> {
        let rest = &line[at..];
        let gram = gram_of(rest);
        let first = COMMON.own.partition_point(|(have, _)| usize::from(*have) < gram);
        let is_candidate = move |(have, _): &&(u16, Stem)| usize::from(*have) == gram;
        let candidates =
            COMMON.own[first..].iter().take_while(is_candidate).chain(self.own.iter().filter(is_candidate));
        candidates.filter_map(move |(_, stem)| stem.at(rest))
    }
}

impl Stem {
    /// Returns the trigger if a text begins with it.
    fn at(&self, text: &[u8]) -> Option<Trigger<'_>> {
        let found = text.get(..self.text.len())?;
        let (trigger, has_case) = match self.kind {
            Kind::Name => (Trigger::Name, false),
            Kind::Content => (Trigger::Content(&self.text), false),
            Kind::Prefix(length) => (Trigger::Prefix(&self.text, length), true),
            Kind::Coded => (Trigger::Coded, true),
            Kind::Url => (Trigger::Url, true),
            Kind::Option => (Trigger::Option(&self.text), true),
            Kind::PrivateKey => (Trigger::PrivateKey, true),
        };
        let is_equal =
            if has_case { found == self.text.as_bytes() } else { found.eq_ignore_ascii_case(self.text.as_bytes()) };
        is_equal.then_some(trigger)
    }
}
