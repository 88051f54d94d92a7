//! The files of a catalog: their names as people know them, their texts, and where a byte stands.

use std::ops::Range;

use crate::problem::{Place, Problem};

/// The largest file that is read.
const LIMIT: usize = 64 << 20;

/// A file of a catalog.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl Source {
    /// A file's name, as it is shown, and its text: without a byte order mark, with plain line feeds.
    fn new(name: impl Into<String>, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = if text.contains('\r') { text.replace("\r\n", "\n") } else { text.to_owned() };
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { name: name.into(), text, lines }
    }

    /// The name, as it is shown.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text, with plain line feeds.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and the column, in characters, of a byte; both count from 1.
    pub fn position(&self, at: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|&start| start <= at).max(1);
        let before = self.text.get(self.lines[line - 1]..at).map_or(0, |before| before.chars().count());
        (line, before + 1)
    }

    /// A line, counted from 1, with its line feed.
    pub(crate) fn line(&self, line: usize) -> &str {
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let end = self.lines.get(line).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or_default()
    }

    /// The range, moved so that it lies inside the text and on whole characters.
    pub(crate) fn inside(&self, range: Range<usize>) -> Range<usize> {
        let boundary = |mut at: usize| {
            at = at.min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = boundary(range.start);
        start..boundary(range.end).max(start)
    }
}

/// All files of a catalog; the first is its root.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a file, and tells what keeps it from being read as text.
    pub(crate) fn add(&mut self, name: impl Into<String>, bytes: &[u8]) -> Option<Problem> {
        let file = self.0.len();
        if bytes.len() > LIMIT {
            self.0.push(Source::new(name, ""));
            let message = format!("the file has {} bytes; at most {LIMIT} are read", bytes.len());
            return Some(Problem::error("file-size", Place::new(file, 0..0), message));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                self.0.push(Source::new(name, text));
                None
            }
            Err(error) => {
                let good = error.valid_up_to();
                let source = Source::new(name, &String::from_utf8_lossy(bytes));
                // The lossy text is the same up to the first bad byte, but for the byte order mark and line ends.
                let front = Source::new("", &String::from_utf8_lossy(&bytes[..good])).text.len();
                self.0.push(source);
                let message = format!("the file is not UTF-8: the byte 0x{:02x} at offset {good}", bytes[good]);
                let problem = Problem::error("not-utf8", Place::new(file, front..front + 3), message);
                Some(problem.help("save the file as UTF-8"))
            }
        }
    }

    /// The file with this number.
    pub fn get(&self, file: usize) -> Option<&Source> {
        self.0.get(file)
    }

    /// The files, the root first.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_mark_and_crlf_are_normalized() {
        let source = Source::new("x", "\u{feff}a\r\nbé\r\n");
        assert_eq!(source.text(), "a\nbé\n");
        assert_eq!([0, 1, 2, 5, 6, 99].map(|at| source.position(at)), [(1, 1), (1, 2), (2, 1), (2, 3), (3, 1), (3, 1)]);
        assert_eq!(source.inside(4..99), 3..6);
    }

    #[test]
    fn invalid_utf8_is_reported_with_its_offset() {
        let mut sources = Sources::default();
        let problem = sources.add("x", b"a = 1\r\nb = \"\xff\"").unwrap();
        assert!(problem.message.contains("0xff at offset 12"), "{}", problem.message);
        assert_eq!(sources.get(0).unwrap().position(problem.at.start), (2, 6));
    }
}
