//! The files of a catalog: their display names, their texts, and the line and column of a byte.

use std::ops::Range;

use crate::location::Location;
use crate::problem::Problem;

/// The maximum size of a file.
const MAX_BYTES: usize = 64 << 20;

/// A file of a catalog.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// The offset of the start of each line.
    lines: Vec<usize>,
}

impl Source {
    /// Creates a file. Removes a byte order mark, and converts line ends to `\n`. `name` is the display name.
    fn new(name: impl Into<String>, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = if text.contains('\r') { text.replace("\r\n", "\n") } else { text.to_owned() };
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(offset, _)| offset + 1)).collect();
        Self { name: name.into(), text, lines }
    }

    /// Returns the display name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text, with `\n` line ends.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line and the column, in characters, of a byte offset; both start at 1.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|&start| start <= offset).max(1);
        let before = self.text.get(self.lines[line - 1]..offset).map_or(0, |before| before.chars().count());
        (line, before + 1)
    }

    /// Returns a line, counted from 1, with its line feed.
    pub(crate) fn line(&self, line: usize) -> &str {
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let end = self.lines.get(line).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or_default()
    }

    /// Returns the range, clamped to the text and to character boundaries.
    pub(crate) fn clamp(&self, range: Range<usize>) -> Range<usize> {
        let boundary = |mut offset: usize| {
            offset = offset.min(self.text.len());
            while !self.text.is_char_boundary(offset) {
                offset -= 1;
            }
            offset
        };
        let start = boundary(range.start);
        start..boundary(range.end).max(start)
    }
}

/// All files of a catalog; the first is its root.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a file. Returns a problem if it is too large or not UTF-8.
    pub(crate) fn add(&mut self, name: impl Into<String>, bytes: &[u8]) -> Option<Problem> {
        let file = self.0.len();
        if bytes.len() > MAX_BYTES {
            self.0.push(Source::new(name, ""));
            let message = format!("the file has {} bytes, more than the limit of {MAX_BYTES}", bytes.len());
            return Some(Problem::error("file-size", Location::new(file, 0..0), message));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                self.0.push(Source::new(name, text));
                None
            }
            Err(error) => {
                let valid = error.valid_up_to();
                let source = Source::new(name, &String::from_utf8_lossy(bytes));
                // Up to the first invalid byte, the lossy text differs only in the byte order mark and line ends.
                let start = Source::new("", &String::from_utf8_lossy(&bytes[..valid])).text.len();
                self.0.push(source);
                let message = format!("invalid UTF-8: byte 0x{:02x} at offset {valid}", bytes[valid]);
                let problem = Problem::error("not-utf8", Location::new(file, start..start + 3), message);
                Some(problem.help("save the file as UTF-8"))
            }
        }
    }

    /// Returns the file with this index.
    pub fn get(&self, file: usize) -> Option<&Source> {
        self.0.get(file)
    }

    /// Returns the files, the root first.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_normalizes_line_ends_and_byte_order_mark() {
        let source = Source::new("x", "\u{feff}a\r\nbé\r\n");
        assert_eq!(source.text(), "a\nbé\n");
        assert_eq!(
            [0, 1, 2, 5, 6, 99].map(|offset| source.position(offset)),
            [(1, 1), (1, 2), (2, 1), (2, 3), (3, 1), (3, 1)]
        );
        assert_eq!(source.clamp(4..99), 3..6);
    }

    #[test]
    fn invalid_utf8_is_reported_with_its_offset() {
        let mut sources = Sources::default();
        let problem = sources.add("x", b"a = 1\r\nb = \"\xff\"").unwrap();
        assert!(problem.message.contains("0xff at offset 12"), "{}", problem.message);
        assert_eq!(sources.get(0).unwrap().position(problem.location.start), (2, 6));
    }
}
