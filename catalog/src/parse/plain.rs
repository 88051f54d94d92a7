//! The tree of a file in which all is well, read in one pass: macros run unoptimised in everybody's builds, and there nearly
//! every file is such a one. What may be wrong, and what is merely rare, is none of its business: it gives up, and the
//! thorough reader beside it reads the file anew.

use std::borrow::Cow;

use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::{ParseError, Raw, Span};

use super::{Entry, Node, Value};
use crate::problem::Place;

/// How deep arrays and inline tables may lie within one another.
const DEPTH: usize = 16;

/// How many entries a name is looked for in. A table that is reopened later than that seems to be there twice.
const NEAR: usize = 16;

/// The entries of a file, as the thorough reader would give them, if nothing is wrong with it.
pub(super) fn entries(file: usize, text: &str) -> Option<Vec<Entry<'_>>> {
    let mut scan = Scan { file, text, at: 0 };
    let (mut root, mut header, mut table) = (Vec::new(), None, Vec::new());
    loop {
        scan.blank()?;
        match scan.peek() {
            None => break,
            Some(b'[') => {
                finish(&mut root, header.replace(scan.header()?), std::mem::take(&mut table))?;
            }
            Some(_) => scan.key_and_value(&mut table, 0)?,
        }
        scan.end_of_line()?;
    }
    finish(&mut root, header, table)?;
    (!any_twice(&root)).then_some(root)
}

/// A part of a key, and its place.
type Key<'s> = (Cow<'s, str>, Place);

struct Header<'s> {
    keys: Vec<Key<'s>>,
    at: Place,
    /// Whether it is one of several: `[[...]]`.
    many: bool,
}

/// The text, and how far it has been read.
struct Scan<'s> {
    file: usize,
    text: &'s str,
    at: usize,
}

impl<'s> Scan<'s> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The byte, if it comes next.
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    fn place(&self, start: usize) -> Place {
        Place::new(self.file, start..self.at)
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Spaces, lines and comments.
    fn blank(&mut self) -> Option<()> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n') => self.at += 1,
                Some(b'#') => self.comment()?,
                _ => return Some(()),
            }
        }
    }

    fn end_of_line(&mut self) -> Option<()> {
        self.space();
        match self.peek() {
            None | Some(b'\n') => Some(()),
            Some(b'#') => self.comment(),
            Some(_) => None,
        }
    }

    fn comment(&mut self) -> Option<()> {
        let rest = self.text.get(self.at..)?;
        let comment = rest.get(..rest.find('\n').unwrap_or(rest.len()))?;
        self.at += comment.len();
        is_literal(comment).then_some(())
    }

    fn header(&mut self) -> Option<Header<'s>> {
        let start = self.at;
        self.take(b'[')?;
        let many = self.take(b'[').is_some();
        self.space();
        let keys = self.keys()?;
        self.take(b']')?;
        if many {
            self.take(b']')?;
        }
        Some(Header { keys, at: self.place(start), many })
    }

    /// A key with all its parts, and the space behind it.
    fn keys(&mut self) -> Option<Vec<Key<'s>>> {
        let mut keys = Vec::with_capacity(1);
        loop {
            keys.push(self.key()?);
            self.space();
            if self.take(b'.').is_none() {
                return Some(keys);
            }
            self.space();
        }
    }

    fn key(&mut self) -> Option<Key<'s>> {
        let start = self.at;
        if let Some(b'"' | b'\'') = self.peek() {
            return match self.string()? {
                (Value::Text(key), Encoding::BasicString | Encoding::LiteralString) => Some((key, self.place(start))),
                _ => None,
            };
        }
        while let Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_') = self.peek() {
            self.at += 1;
        }
        (self.at > start).then(|| (Cow::Borrowed(&self.text[start..self.at]), self.place(start)))
    }

    /// A key and its value, which goes into a table, or into one within it that the key's parts name.
    fn key_and_value(&mut self, mut table: &mut Vec<Entry<'s>>, depth: usize) -> Option<()> {
        let mut keys = self.keys()?.into_iter();
        self.take(b'=')?;
        self.space();
        let node = self.value(depth)?;
        let (mut key, mut at) = keys.next()?;
        for next in keys {
            let known = table.iter().rposition(|entry| entry.key == key);
            let known = known.unwrap_or_else(|| {
                table.push(Entry { key, at, node: Node { at, value: Value::Table(Vec::new()) } });
                table.len() - 1
            });
            let entry = &mut table[known];
            let made_by_key = entry.at == entry.node.at;
            match &mut entry.node.value {
                Value::Table(entries) if made_by_key => table = entries,
                _ => return None,
            }
            (key, at) = next;
        }
        table.push(Entry { key, at, node });
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<Node<'s>> {
        let start = self.at;
        let value = match self.peek()? {
            b'"' | b'\'' => self.string()?.0,
            b'[' | b'{' if depth == DEPTH => return None,
            b'[' => Value::List(self.list(depth + 1)?),
            b'{' => Value::Table(self.inline_table(depth + 1)?),
            _ => self.atom()?,
        };
        Some(Node { at: self.place(start), value })
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Node<'s>>> {
        let mut items = Vec::new();
        self.take(b'[')?;
        loop {
            self.blank()?;
            if self.take(b']').is_some() {
                // Most hold one or two, in room for four.
                items.shrink_to_fit();
                return Some(items);
            }
            items.push(self.value(depth)?);
            self.blank()?;
            if self.take(b',').is_none() && self.peek() != Some(b']') {
                return None;
            }
        }
    }

    fn inline_table(&mut self, depth: usize) -> Option<Vec<Entry<'s>>> {
        let mut entries = Vec::new();
        self.take(b'{')?;
        loop {
            self.blank()?;
            if self.take(b'}').is_some() {
                entries.shrink_to_fit();
                return Some(entries);
            }
            self.key_and_value(&mut entries, depth)?;
            self.blank()?;
            if self.take(b',').is_none() && self.peek() != Some(b'}') {
                return None;
            }
        }
    }

    /// A string of any kind. One without an escape stands for itself; what escapes mean the library says.
    fn string(&mut self) -> Option<(Value<'s>, Encoding)> {
        let rest = self.text.get(self.at..)?;
        let (quote, three, encoding, encoding_of_three) = if rest.starts_with('"') {
            ('"', "\"\"\"", Encoding::BasicString, Encoding::MlBasicString)
        } else {
            ('\'', "\'\'\'", Encoding::LiteralString, Encoding::MlLiteralString)
        };
        if rest.starts_with(three) {
            let end = 3 + closing(&rest[3..], three, quote == '"')?;
            // Up to two more quotes belong to the text.
            let more = rest[end..].chars().take(2).take_while(|char| *char == quote).count();
            return Some((self.decoded(end + more, Some(encoding_of_three))?, encoding_of_three));
        }
        let (inside, _) = rest[1..].split_once(quote)?;
        if is_literal(inside) {
            self.at += inside.len() + 2;
            return Some((Value::Text(Cow::Borrowed(inside)), encoding));
        }
        let end = 1 + closing(&rest[1..], &three[..1], quote == '"')?;
        Some((self.decoded(end, Some(encoding))?, encoding))
    }

    /// A number, true or false.
    fn atom(&mut self) -> Option<Value<'s>> {
        let rest = self.text.get(self.at..)?;
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b':');
        self.decoded(rest.bytes().take_while(part).count(), None)
    }

    /// What the next bytes mean, if they mean anything.
    fn decoded(&mut self, length: usize, encoding: Option<Encoding>) -> Option<Value<'s>> {
        let raw = self.text.get(self.at..self.at + length)?;
        self.at += length;
        let (mut text, mut wrong) = (Cow::Borrowed(""), None::<ParseError>);
        let kind =
            Raw::new_unchecked(raw, encoding, Span::new_unchecked(0, length)).decode_scalar(&mut text, &mut wrong);
        if wrong.is_some() {
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

/// Where a text ends that these quotes close, with the quotes. A backslash hides what comes behind it, if it can.
fn closing(text: &str, quotes: &str, escapes: bool) -> Option<usize> {
    let mut at = 0;
    while let Some(rest) = text.as_bytes().get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(quotes.as_bytes()) {
            return Some(at + quotes.len());
        }
        at += if escapes && rest[0] == b'\\' { 2 } else { 1 };
    }
    None
}

/// Whether a text stands for itself between quotes, and in a comment: neither a backslash nor a control character is in it.
/// Eight bytes at once, as unoptimised code pays for each step.
fn is_literal(text: &str) -> bool {
    const EACH: u64 = u64::MAX / 255;
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [b' '; 8];
    last[..rest.len()].copy_from_slice(rest);
    let odd = |word: &[u8; 8]| {
        let word = u64::from_ne_bytes(*word);
        let zero = |word: u64| word.wrapping_sub(EACH) & !word;
        let low = word.wrapping_sub(EACH * 0x20) & !word;
        (low | zero(word ^ (EACH * 0x7f)) | zero(word ^ (EACH * u64::from(b'\\')))) & (EACH * 0x80) != 0
    };
    !odd(&last) && !words.iter().any(odd)
}

/// Puts a table that has been read where its header says; the first has none, and is the root.
fn finish<'s>(root: &mut Vec<Entry<'s>>, header: Option<Header<'s>>, entries: Vec<Entry<'s>>) -> Option<()> {
    let Some(Header { mut keys, at: whole, many }) = header else {
        *root = entries;
        return Some(());
    };
    let (key, at) = keys.pop()?;
    let mut table = root;
    for (key, at) in keys {
        let known = near(table, &key).unwrap_or_else(|| {
            table.push(Entry { key, at, node: Node { at, value: Value::Table(Vec::new()) } });
            table.len() - 1
        });
        table = reopened(&mut table[known])?;
    }
    let node = Node { at: whole, value: Value::Table(entries) };
    let known = near(table, &key);
    match known.map(|known| &mut table[known]) {
        None if many => {
            let list = Node { at: whole, value: Value::List(vec![node]) };
            table.push(Entry { key, at, node: list });
        }
        None => table.push(Entry { key, at, node }),
        Some(Entry { at, node: Node { at: list, value: Value::List(items) }, .. }) if many && list.start < at.start => {
            items.push(node);
        }
        Some(_) => return None,
    }
    Some(())
}

/// The entries to which a header adds that passes through an entry: those of a table, or of the last of several tables, but
/// not of a value. The value of a header begins before its key, that of a key after it, and what a longer header or key
/// implies stands where the key does.
fn reopened<'t, 's>(entry: &'t mut Entry<'s>) -> Option<&'t mut Vec<Entry<'s>>> {
    if entry.node.at.start > entry.at.start {
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

/// Where a name stands among the last entries.
fn near(table: &[Entry<'_>], name: &str) -> Option<usize> {
    let from = table.len().saturating_sub(NEAR);
    Some(from + table[from..].iter().rposition(|entry| entry.key == name)?)
}

/// Whether a name is in a table twice, anywhere.
fn any_twice(table: &[Entry<'_>]) -> bool {
    let twice = if table.len() <= NEAR {
        table.iter().enumerate().any(|(n, entry)| table[..n].iter().any(|before| before.key == entry.key))
    } else {
        let mut names: Vec<&str> = table.iter().map(|entry| &*entry.key).collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    };
    twice || table.iter().any(|entry| any_twice_within(&entry.node))
}

fn any_twice_within(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Table(entries) => any_twice(entries),
        Value::List(items) => items.iter().any(any_twice_within),
        _ => false,
    }
}
