//! A fast parser for files without errors. For possible errors and rare syntax it returns `None`, and the caller uses
//! the parser in `recovering.rs` instead, which reports errors. Tests compare the trees of both parsers.
//!
//! It only matters for large catalogs: with 30 or 100 cases the difference is not noticeable. The time of `check`
//! without it and with it, in milliseconds, and the memory of `check`:
//!
//! | cases | in macros (unoptimized) | on the command line | memory |
//! | --- | --- | --- | --- |
//! | 30 | 3.9, 2.3 | 0.4, 0.3 | |
//! | 100 | 12.8, 7.4 | 1.3, 1.0 | |
//! | 1,000 | 144, 82 | 21, 11 | |
//! | 5,000 | 785, 482 | 186, 95 | |
//! | 50,000 | | | 982 MB, 359 MB |
//!
//! `cargo test -p waves-errors-catalog --lib both_parsers -- --ignored --nocapture` prints the times of the parsers
//! alone, optimized with `--release`. `time_and_memory_grow_linearly_with_cases` in `tests/deep/size.rs` limits the
//! memory for 50,000 cases to 500 MB.

use std::borrow::Cow;
use std::cmp::Ordering;

use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::{ParseError, Raw, Span};

use super::tree::{Entry, Node, Value};
use crate::location::Location;
use crate::text::{byte_set, contains_any};

/// The maximum nesting depth of arrays and inline tables.
const MAX_DEPTH: usize = 16;

/// The number of last entries in which a name is searched. A table that is reopened later than that counts as a
/// duplicate.
const SEARCH_WINDOW: usize = 16;

/// Returns the entries of a file, equal to those of the other parser, or `None` if the file may be invalid.
pub(super) fn parse(file: usize, text: &str) -> Option<Vec<Entry<'_>>> {
    let mut scanner = Scanner { file, text, offset: 0 };
    let (mut root, mut header, mut table) = (Vec::new(), None, Vec::new());
    loop {
        scanner.skip_blank()?;
        match scanner.peek() {
            None => break,
            Some(b'[') => {
                insert_table(&mut root, header.replace(scanner.header()?), std::mem::take(&mut table))?;
            }
            Some(_) => scanner.key_and_value(&mut table, 0)?,
        }
        scanner.expect_line_end()?;
    }
    insert_table(&mut root, header, table)?;
    (!has_duplicates(&root)).then_some(root)
}

/// A part of a key, and its location.
type Key<'s> = (Cow<'s, str>, Location);

struct Header<'s> {
    keys: Vec<Key<'s>>,
    location: Location,
    /// Whether it is a header of an array of tables: `[[...]]`.
    is_array: bool,
}

/// The text and the current offset.
struct Scanner<'s> {
    file: usize,
    text: &'s str,
    offset: usize,
}

impl<'s> Scanner<'s> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    /// Consumes the byte if it is next.
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.offset += 1)
    }

    fn location_from(&self, start: usize) -> Location {
        Location::new(self.file, start..self.offset)
    }

    fn skip_spaces(&mut self) {
        while let Some(b' ' | b'\t') = self.peek() {
            self.offset += 1;
        }
    }

    /// Skips spaces, line ends and comments.
    fn skip_blank(&mut self) -> Option<()> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n') => self.offset += 1,
                Some(b'#') => self.skip_comment()?,
                _ => return Some(()),
            }
        }
    }

    fn expect_line_end(&mut self) -> Option<()> {
        self.skip_spaces();
        match self.peek() {
            None | Some(b'\n') => Some(()),
            Some(b'#') => self.skip_comment(),
            Some(_) => None,
        }
    }

    fn skip_comment(&mut self) -> Option<()> {
        let rest = self.text.get(self.offset..)?;
        let comment = rest.get(..rest.find('\n').unwrap_or(rest.len()))?;
        self.offset += comment.len();
        is_verbatim(comment).then_some(())
    }

    fn header(&mut self) -> Option<Header<'s>> {
        let start = self.offset;
        self.take(b'[')?;
        let is_array = self.take(b'[').is_some();
        self.skip_spaces();
        let keys = self.keys()?;
        self.take(b']')?;
        if is_array {
            self.take(b']')?;
        }
        Some(Header { keys, location: self.location_from(start), is_array })
    }

    /// Parses a dotted key and the spaces after it.
    fn keys(&mut self) -> Option<Vec<Key<'s>>> {
        let mut keys = Vec::with_capacity(1);
        loop {
            keys.push(self.key()?);
            self.skip_spaces();
            if self.take(b'.').is_none() {
                return Some(keys);
            }
            self.skip_spaces();
        }
    }

    fn key(&mut self) -> Option<Key<'s>> {
        let start = self.offset;
        if let Some(b'"' | b'\'') = self.peek() {
            return match self.string()? {
                (Value::Text(key), Encoding::BasicString | Encoding::LiteralString) => {
                    Some((key, self.location_from(start)))
                }
                _ => None,
            };
        }
        while let Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_') = self.peek() {
            self.offset += 1;
        }
        (self.offset > start).then(|| (Cow::Borrowed(&self.text[start..self.offset]), self.location_from(start)))
    }

    /// Parses a key and its value into a table, or into the nested table that a dotted key names.
    fn key_and_value(&mut self, mut table: &mut Vec<Entry<'s>>, depth: usize) -> Option<()> {
        let mut keys = self.keys()?.into_iter();
        self.take(b'=')?;
        self.skip_spaces();
        let node = self.value(depth)?;
        let (mut key, mut location) = keys.next()?;
        for next in keys {
            let index = table.iter().rposition(|entry| entry.key == key);
            let index = index.unwrap_or_else(|| {
                table.push(Entry { key, location, node: Node { location, value: Value::Table(Vec::new()) } });
                table.len() - 1
            });
            let entry = &mut table[index];
            let origin = Origin::of(entry);
            match &mut entry.node.value {
                Value::Table(entries) if origin == Origin::Part => table = entries,
                _ => return None,
            }
            (key, location) = next;
        }
        table.push(Entry { key, location, node });
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<Node<'s>> {
        let start = self.offset;
        let value = match self.peek()? {
            b'"' | b'\'' => self.string()?.0,
            b'[' | b'{' if depth == MAX_DEPTH => return None,
            b'[' => Value::List(self.list(depth + 1)?),
            b'{' => Value::Table(self.inline_table(depth + 1)?),
            _ => self.scalar()?,
        };
        Some(Node { location: self.location_from(start), value })
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Node<'s>>> {
        let mut items = Vec::new();
        self.take(b'[')?;
        loop {
            self.skip_blank()?;
            if self.take(b']').is_some() {
                // Most lists have one or two items, but a `Vec` reserves space for four.
                items.shrink_to_fit();
                return Some(items);
            }
            items.push(self.value(depth)?);
            self.skip_blank()?;
            if self.take(b',').is_none() && self.peek() != Some(b']') {
                return None;
            }
        }
    }

    fn inline_table(&mut self, depth: usize) -> Option<Vec<Entry<'s>>> {
        let mut entries = Vec::new();
        self.take(b'{')?;
        loop {
            self.skip_blank()?;
            if self.take(b'}').is_some() {
                entries.shrink_to_fit();
                return Some(entries);
            }
            self.key_and_value(&mut entries, depth)?;
            self.skip_blank()?;
            if self.take(b',').is_none() && self.peek() != Some(b'}') {
                return None;
            }
        }
    }

    /// Parses a string of any kind. A string without escapes is borrowed; the library decodes the others.
    fn string(&mut self) -> Option<(Value<'s>, Encoding)> {
        let rest = self.text.get(self.offset..)?;
        let (quote, triple, encoding, triple_encoding) = if rest.starts_with('"') {
            ('"', "\"\"\"", Encoding::BasicString, Encoding::MlBasicString)
        } else {
            ('\'', "\'\'\'", Encoding::LiteralString, Encoding::MlLiteralString)
        };
        if rest.starts_with(triple) {
            let end = 3 + find_closing(&rest[3..], triple, quote == '"')?;
            // Up to two further quotes belong to the text.
            let extra_quotes = rest[end..].chars().take(2).take_while(|char| *char == quote).count();
            return Some((self.decode(end + extra_quotes, Some(triple_encoding))?, triple_encoding));
        }
        let (inside, _) = rest[1..].split_once(quote)?;
        if is_verbatim(inside) {
            self.offset += inside.len() + 2;
            return Some((Value::Text(Cow::Borrowed(inside)), encoding));
        }
        let end = 1 + find_closing(&rest[1..], &triple[..1], quote == '"')?;
        Some((self.decode(end, Some(encoding))?, encoding))
    }

    /// Parses a number or a boolean.
    fn scalar(&mut self) -> Option<Value<'s>> {
        let rest = self.text.get(self.offset..)?;
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b':');
        self.decode(rest.bytes().take_while(part).count(), None)
    }

    /// Decodes the next bytes as a scalar.
    fn decode(&mut self, length: usize, encoding: Option<Encoding>) -> Option<Value<'s>> {
        let raw = self.text.get(self.offset..self.offset + length)?;
        self.offset += length;
        let (mut text, mut error) = (Cow::Borrowed(""), None::<ParseError>);
        let kind =
            Raw::new_unchecked(raw, encoding, Span::new_unchecked(0, length)).decode_scalar(&mut text, &mut error);
        if error.is_some() {
            return None;
        }
        match kind {
            ScalarKind::String => Some(Value::Text(text)),
            ScalarKind::Boolean(value) => Some(Value::Boolean(value)),
            ScalarKind::Float => Some(Value::Float(text.parse().unwrap_or(f64::NAN))),
            ScalarKind::Integer(radix) => Some(Value::Integer(i64::from_str_radix(&text, radix.value()).ok())),
            ScalarKind::DateTime => None,
        }
    }
}

/// Returns the offset after the closing quotes. With `escapes`, a backslash escapes the next byte.
fn find_closing(text: &str, quotes: &str, escapes: bool) -> Option<usize> {
    let mut offset = 0;
    while let Some(rest) = text.as_bytes().get(offset..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(quotes.as_bytes()) {
            return Some(offset + quotes.len());
        }
        offset += if escapes && rest[0] == b'\\' { 2 } else { 1 };
    }
    None
}

/// The bytes that need decoding or checking between quotes or in a comment: backslashes and control characters.
static SPECIAL: [bool; 256] = byte_set(&[(0, 0x1f), (0x7f, 0x7f), (b'\\', b'\\')]);

fn is_verbatim(text: &str) -> bool {
    !contains_any(text, &SPECIAL)
}

/// How a table or an array has been defined, which decides whether later lines can extend it.
#[derive(PartialEq, Eq)]
enum Origin {
    /// By a header: `[a]` or `[[a]]`.
    Header,
    /// As a part of a dotted key or of another header: `a` in `a.b = 1` or in `[a.b]`.
    Part,
    /// As a value: `a = {}`.
    Value,
}

impl Origin {
    /// Returns the origin of a table or an array, from the location that this parser assigns to it: that of its header
    /// starts before the key, that of its value starts after the key, and that of a part is the location of the key.
    fn of(entry: &Entry<'_>) -> Self {
        match entry.node.location.start.cmp(&entry.location.start) {
            Ordering::Less => Self::Header,
            Ordering::Equal => Self::Part,
            Ordering::Greater => Self::Value,
        }
    }
}

/// Inserts a table at the path in its header. Without a header it becomes the root.
fn insert_table<'s>(root: &mut Vec<Entry<'s>>, header: Option<Header<'s>>, entries: Vec<Entry<'s>>) -> Option<()> {
    let Some(Header { mut keys, location: header_location, is_array }) = header else {
        *root = entries;
        return Some(());
    };
    let (key, location) = keys.pop()?;
    let mut table = root;
    for (key, location) in keys {
        let index = find_nearby(table, &key).unwrap_or_else(|| {
            table.push(Entry { key, location, node: Node { location, value: Value::Table(Vec::new()) } });
            table.len() - 1
        });
        table = entries_to_extend(&mut table[index])?;
    }
    let node = Node { location: header_location, value: Value::Table(entries) };
    let Some(index) = find_nearby(table, &key) else {
        let node = if is_array { Node { location: header_location, value: Value::List(vec![node]) } } else { node };
        table.push(Entry { key, location, node });
        return Some(());
    };
    let origin = Origin::of(&table[index]);
    match &mut table[index].node.value {
        Value::List(items) if is_array && origin == Origin::Header => items.push(node),
        _ => return None,
    }
    Some(())
}

/// Returns the entries that a header extends if its path leads through `entry`: those of a table, or of the last table
/// of an array. A value cannot be extended.
fn entries_to_extend<'t, 's>(entry: &'t mut Entry<'s>) -> Option<&'t mut Vec<Entry<'s>>> {
    if Origin::of(entry) == Origin::Value {
        return None;
    }
    match &mut entry.node.value {
        Value::Table(entries) => Some(entries),
        Value::List(items) => match &mut items.last_mut()?.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the index of a name among the last entries.
fn find_nearby(table: &[Entry<'_>], name: &str) -> Option<usize> {
    let from = table.len().saturating_sub(SEARCH_WINDOW);
    Some(from + table[from..].iter().rposition(|entry| entry.key == name)?)
}

/// Returns whether any table has a duplicate name, at any depth.
fn has_duplicates(table: &[Entry<'_>]) -> bool {
    let has_duplicate = if table.len() <= SEARCH_WINDOW {
        table.iter().enumerate().any(|(n, entry)| table[..n].iter().any(|before| before.key == entry.key))
    } else {
        let mut names: Vec<&str> = table.iter().map(|entry| &*entry.key).collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    };
    has_duplicate || table.iter().any(|entry| has_duplicates_within(&entry.node))
}

fn has_duplicates_within(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Table(entries) => has_duplicates(entries),
        Value::List(items) => items.iter().any(has_duplicates_within),
        _ => false,
    }
}
