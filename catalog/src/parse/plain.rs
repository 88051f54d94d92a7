//! The tree of a file in which all is well, read in one pass over its tokens: macros run unoptimised in everybody's
//! builds, and there nearly every file is such a one. What may be wrong, and what is merely rare, is none of its
//! business: it gives up, and the thorough reader beside it reads the file anew.

use std::borrow::Cow;

use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::{EventReceiver, parse_document};
use toml_parser::{ErrorSink, ParseError, Source, Span};

use super::{Entry, Node, Value};
use crate::problem::Place;

/// How deep arrays and inline tables may lie within one another.
const DEPTH: usize = 16;

/// How many entries a name is looked for in. A table that is reopened later than that seems to be there twice.
const NEAR: usize = 16;

/// The entries of a file, as the thorough reader would give them, if nothing is wrong with it.
pub(super) fn entries(file: usize, text: &str) -> Option<Vec<Entry<'_>>> {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut reader = Reader {
        file,
        source,
        root: Vec::new(),
        header: None,
        table: Vec::new(),
        keys: Vec::new(),
        open: Vec::new(),
        dotted: Vec::new(),
    };
    let mut doubt: Option<ParseError> = None;
    parse_document(&tokens, &mut reader, &mut doubt);
    reader.finish_table(&mut doubt);
    (doubt.is_none() && reader.open.is_empty() && reader.keys.is_empty() && !any_twice(&reader.root))
        .then_some(reader.root)
}

/// A part of a key, and its place.
type Key<'s> = (Cow<'s, str>, Place);

struct Reader<'s> {
    file: usize,
    source: Source<'s>,
    /// All tables that are finished.
    root: Vec<Entry<'s>>,
    /// The header of the table that is being read; none before the first.
    header: Option<Header<'s>>,
    /// What that table holds so far.
    table: Vec<Entry<'s>>,
    /// The parts of the key whose value comes next.
    keys: Vec<Key<'s>>,
    /// The arrays and inline tables around that value.
    open: Vec<Open<'s>>,
    /// Where the tables begin that dotted keys have made, in the file's order.
    dotted: Vec<Place>,
}

struct Header<'s> {
    start: usize,
    keys: Vec<Key<'s>>,
    at: Place,
    /// Whether it is one of several: `[[...]]`.
    many: bool,
}

struct Open<'s> {
    start: usize,
    /// The key that it is the value of.
    keys: Vec<Key<'s>>,
    holds: Holds<'s>,
}

enum Holds<'s> {
    Items(Vec<Node<'s>>),
    Entries(Vec<Entry<'s>>),
}

/// What the reader does not deal with goes where errors go.
fn give_up(doubt: &mut dyn ErrorSink) {
    doubt.report_error(ParseError::new("not plain"));
}

impl<'s> Reader<'s> {
    fn place(&self, span: Span) -> Place {
        Place::new(self.file, span.start()..span.end())
    }

    fn open(&mut self, span: Span, holds: Holds<'s>, doubt: &mut dyn ErrorSink) -> bool {
        let keys = std::mem::take(&mut self.keys);
        self.open.push(Open { start: span.start(), keys, holds });
        let shallow = self.open.len() <= DEPTH;
        if !shallow {
            give_up(doubt);
        }
        shallow
    }

    fn close(&mut self, span: Span, doubt: &mut dyn ErrorSink) {
        let Some(open) = self.open.pop() else { return give_up(doubt) };
        self.keys = open.keys;
        let value = match open.holds {
            Holds::Items(items) => Value::List(items),
            Holds::Entries(entries) => Value::Table(entries),
        };
        self.value(Node { at: Place::new(self.file, open.start..span.end()), value }, doubt);
    }

    /// A value goes to the array around it, or to its key.
    fn value(&mut self, node: Node<'s>, doubt: &mut dyn ErrorSink) {
        let mut table = match self.open.last_mut() {
            Some(Open { holds: Holds::Items(items), .. }) => return items.push(node),
            Some(Open { holds: Holds::Entries(entries), .. }) => entries,
            None => &mut self.table,
        };
        let mut keys = std::mem::take(&mut self.keys).into_iter();
        let Some((mut key, mut at)) = keys.next() else { return give_up(doubt) };
        for next in keys {
            let known = table.iter().rposition(|entry| entry.key == key);
            let known = known.unwrap_or_else(|| {
                self.dotted.push(at);
                table.push(Entry { key, at, node: Node { at, value: Value::Table(Vec::new()) } });
                table.len() - 1
            });
            let entry = &mut table[known];
            let made_by_key = entry.at == entry.node.at;
            match &mut entry.node.value {
                Value::Table(entries) if made_by_key => table = entries,
                _ => return give_up(doubt),
            }
            (key, at) = next;
        }
        table.push(Entry { key, at, node });
    }

    fn start_table(&mut self, span: Span, many: bool, doubt: &mut dyn ErrorSink) {
        self.finish_table(doubt);
        self.header = Some(Header { start: span.start(), keys: Vec::new(), at: Place::new(self.file, 0..0), many });
    }

    fn end_header(&mut self, span: Span) {
        let keys = std::mem::take(&mut self.keys);
        if let Some(header) = &mut self.header {
            header.keys = keys;
            header.at = Place::new(self.file, header.start..span.end());
        }
    }

    /// Puts the table that has been read where its header says.
    fn finish_table(&mut self, doubt: &mut dyn ErrorSink) {
        let entries = std::mem::take(&mut self.table);
        let Some(header) = self.header.take() else {
            self.root = entries;
            return;
        };
        let mut keys = header.keys;
        let Some((key, at)) = keys.pop() else { return give_up(doubt) };
        let mut table = &mut self.root;
        for (key, at) in keys {
            let known = near(table, &key).unwrap_or_else(|| {
                table.push(Entry { key, at, node: Node { at, value: Value::Table(Vec::new()) } });
                table.len() - 1
            });
            let Some(inner) = reopened(&mut table[known], &self.dotted) else { return give_up(doubt) };
            table = inner;
        }
        let node = Node { at: header.at, value: Value::Table(entries) };
        let known = near(table, &key);
        match known.map(|known| &mut table[known]) {
            None if header.many => {
                let list = Node { at: header.at, value: Value::List(vec![node]) };
                table.push(Entry { key, at, node: list });
            }
            None => table.push(Entry { key, at, node }),
            Some(Entry { at, node: Node { at: list, value: Value::List(items) }, .. })
                if header.many && list.start < at.start =>
            {
                items.push(node);
            }
            Some(_) => give_up(doubt),
        }
    }
}

/// The entries to which a header adds that passes through an entry: those of a table, or of the last of several tables,
/// that headers have made. The value of a header begins before its key, that of a key after it, and what a longer
/// header or key implies stands where the key does.
fn reopened<'t, 's>(entry: &'t mut Entry<'s>, dotted: &[Place]) -> Option<&'t mut Vec<Entry<'s>>> {
    let implied = entry.node.at == entry.at && dotted.binary_search(&entry.at).is_err();
    if !implied && entry.node.at.start >= entry.at.start {
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

impl EventReceiver for Reader<'_> {
    fn std_table_open(&mut self, span: Span, doubt: &mut dyn ErrorSink) {
        self.start_table(span, false, doubt);
    }

    fn array_table_open(&mut self, span: Span, doubt: &mut dyn ErrorSink) {
        self.start_table(span, true, doubt);
    }

    fn std_table_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.end_header(span);
    }

    fn array_table_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.end_header(span);
    }

    fn inline_table_open(&mut self, span: Span, doubt: &mut dyn ErrorSink) -> bool {
        self.open(span, Holds::Entries(Vec::new()), doubt)
    }

    fn inline_table_close(&mut self, span: Span, doubt: &mut dyn ErrorSink) {
        self.close(span, doubt);
    }

    fn array_open(&mut self, span: Span, doubt: &mut dyn ErrorSink) -> bool {
        self.open(span, Holds::Items(Vec::new()), doubt)
    }

    fn array_close(&mut self, span: Span, doubt: &mut dyn ErrorSink) {
        self.close(span, doubt);
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, doubt: &mut dyn ErrorSink) {
        let Some(text) = self.source.input().get(span.start()..span.end()) else { return give_up(doubt) };
        let mut key = Cow::Borrowed(text);
        if encoding.is_some() || !is_bare(text.as_bytes()) {
            toml_parser::Raw::new_unchecked(text, encoding, span).decode_key(&mut key, doubt);
        }
        let at = self.place(span);
        self.keys.push((key, at));
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, doubt: &mut dyn ErrorSink) {
        let Some(text) = self.source.input().get(span.start()..span.end()) else { return give_up(doubt) };
        let value = if let Some(inside) = quoted(text).filter(|_| encoding == Some(Encoding::BasicString)) {
            Value::Text(Cow::Borrowed(inside))
        } else {
            let mut decoded = Cow::Borrowed("");
            match toml_parser::Raw::new_unchecked(text, encoding, span).decode_scalar(&mut decoded, doubt) {
                ScalarKind::String => Value::Text(decoded),
                ScalarKind::Boolean(value) => Value::Boolean(value),
                ScalarKind::Float => Value::Float(decoded.parse().unwrap_or(f64::NAN)),
                ScalarKind::Integer(radix) => Value::Integer(i64::from_str_radix(&decoded, radix.value()).ok()),
                ScalarKind::DateTime => return give_up(doubt),
            }
        };
        let at = self.place(span);
        self.value(Node { at, value }, doubt);
    }

    fn comment(&mut self, span: Span, doubt: &mut dyn ErrorSink) {
        if let Some(comment) = self.source.get(span)
            && !is_literal(comment.as_str())
        {
            comment.decode_comment(doubt);
        }
    }

    fn newline(&mut self, span: Span, doubt: &mut dyn ErrorSink) {
        // A carriage return that is left in a file's text belongs to no line feed.
        if self.source.input().as_bytes().get(span.start()) != Some(&b'\n') {
            give_up(doubt);
        }
    }
}

/// Whether a key needs no quotes.
const fn is_bare(text: &[u8]) -> bool {
    // A loop, for the same reason as in `is_literal`.
    let mut at = 0;
    while at < text.len() {
        if !matches!(text[at], b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_') {
            return false;
        }
        at += 1;
    }
    at > 0
}

/// What stands between a string's quotes, where that is the string's own text.
fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"').filter(|inside| is_literal(inside))
}

/// Whether a text stands for itself between quotes: neither a backslash nor a control character is in it. Eight bytes
/// at once, as unoptimised code pays for each step.
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

#[cfg(test)]
mod tests {
    use super::super::thorough;
    use crate::problem::Problems;
    use crate::source::Sources;

    /// Whether the file is plain; if it is, the thorough reader finds nothing wrong in it and reads the same.
    #[track_caller]
    fn is_plain(text: &str) -> bool {
        let mut sources = Sources::default();
        assert_eq!(sources.add("x", text.as_bytes()), None);
        let source = sources.get(0).unwrap();
        let Some(plain) = super::entries(0, source.text()) else { return false };
        let problems = Problems::default();
        let thorough = thorough(0, source, &problems);
        assert_eq!(problems.sorted(), [], "{text}");
        assert_eq!(format!("{plain:?}"), format!("{thorough:?}"), "{text}");
        true
    }

    const ALL_KINDS: &str = "\
# a comment \u{e9}
schema = 1 # and one behind
\"a b\" = 'c' \t
big = 0xf_f
dotted.a = [1, -2_0, 3.5e1, true, nan]
dotted.b . c = \"\\u00e9\\n\" # spaces

[x.y]
text = \"\"\"\na \\
  b\"\"\"
raw = \'\'\'\nc\\\'\'\'
[[x.y.z]]
t = { a = 1, b.c = [{}, { d = \"\u{1d11e}\" }],
  e = [ ] }
[[x.y.z]]
[x.y.z.w]
[w]
";

    #[test]
    fn catalogs_are_plain() {
        assert!(is_plain(ALL_KINDS));
        assert!(is_plain(""));
        for (name, text) in crate::WAVES.files {
            assert!(is_plain(text), "{name}");
        }
    }

    #[test]
    fn a_spoilt_file_is_not_plain_or_still_right() {
        let (mut plain, mut all) = (0, 0);
        for (at, char) in ALL_KINDS.char_indices() {
            let (before, after) = (&ALL_KINDS[..at], &ALL_KINDS[at + char.len_utf8()..]);
            for with in
                ["", "\n", "\r", "\t", "\0", "\u{7f}", "\\", "\"", "'", "[", "]", "{", ".", "=", ",", "#", "1", "x.y"]
            {
                all += 1;
                plain += usize::from(is_plain(&format!("{before}{with}{after}")));
            }
            is_plain(before);
        }
        assert!(plain > all / 20 && plain < all / 2, "{plain} of {all}");
    }

    #[test]
    fn tables_are_reopened_as_the_thorough_reader_does() {
        let lines = [
            "[a]",
            "[a.b]",
            "[b]",
            "[[a]]",
            "[[a.b]]",
            "[b.a.b]",
            "a = 1",
            "a.b = 1",
            "a.c = 1",
            "b.a.b = 1",
            "a = { b = 1 }",
            "a = { b.c = 1, b.d = 2 }",
            "a = [[1]]",
            "b = [{}]",
        ];
        let mut plain = 0;
        for first in lines {
            for second in lines {
                for third in lines {
                    for fourth in lines {
                        plain += usize::from(is_plain(&format!("{first}\n{second}\n{third}\n{fourth}\n")));
                    }
                }
            }
        }
        assert!(plain > 2_000, "{plain}");
    }

    #[test]
    fn names_that_stand_far_apart_are_left_to_the_thorough_reader() {
        let many: String = (0..40).map(|n| format!("[case.c{n}]\nn = {n}\n")).collect();
        assert!(is_plain(&many));
        assert!(is_plain(&format!("{many}[[case.c39.x]]\n[other]\n[case.c40]\n")));
        assert!(!is_plain(&format!("{many}[case.c0.x]\n")));
        assert!(!is_plain(&format!("{many}[case.c0]\n")));
        assert!(!is_plain("at = 2026-01-01\n"));
        assert!(is_plain(&format!("a = {}1{}", "[".repeat(16), "]".repeat(16))));
        assert!(!is_plain(&format!("a = {}1{}", "[".repeat(17), "]".repeat(17))));
    }
}
