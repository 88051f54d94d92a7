//! Dumps in the input of `redact`: `curl --trace`, `curl --trace-ascii`, `hexdump -C`, `xxd`, `tcpdump -X`. The columns of consecutive rows are
//! joined, so that a secret is found across rows, and hidden in both columns.

use std::io::{self, Write};

use waves_errors::{RedactingWriter, Redactor};

/// The maximum length of a row.
const ROW: usize = 512;
/// The maximum length of what a log writes before a row.
const PREFIX: usize = 64;
/// The maximum number of rows that wait for the end of their dump.
const ROWS: usize = 4096;
/// The number of rows that remain when a longer dump is written in parts. A secret can continue in them.
const OVERLAP: usize = 256;

/// A writer that hides the secrets in dumps, and passes everything on to a [`RedactingWriter`].
pub(crate) struct Dumps<'r, W: Write> {
    /// Knows the secrets of the dumps so far, which a later dump can repeat.
    redactor: Redactor,
    writer: RedactingWriter<'r, W>,
    /// The start of a line without its end.
    line: Vec<u8>,
    /// Whether the start of the line has been passed on, because it is longer than a row.
    is_long: bool,
    /// Whether the rows of `curl --trace-ascii` follow.
    is_trace: bool,
    rows: Vec<Row>,
    /// The number of secrets in dumps.
    count: usize,
}

impl<'r, W: Write> Dumps<'r, W> {
    /// Creates a writer with the writer for the text, and a redactor for the dumps.
    pub(crate) fn new(redactor: Redactor, writer: RedactingWriter<'r, W>) -> Self {
        Self { redactor, writer, line: Vec::new(), is_long: false, is_trace: false, rows: Vec::new(), count: 0 }
    }

    /// Writes everything that waits for more input. Returns the kinds of the replaced values with their number.
    pub(crate) fn finish(&mut self) -> io::Result<Vec<(String, usize)>> {
        let line = std::mem::take(&mut self.line);
        self.write_line(&line)?;
        self.write_rows(0)?;
        self.writer.write_last_line()?;
        let mut counts: Vec<_> = self.writer.counts().map(|(kind, count)| (kind.to_owned(), count)).collect();
        counts.extend((self.count > 0).then(|| ("dump".to_owned(), self.count)));
        Ok(counts)
    }

    /// Keeps a row, and passes on any other line after the rows before it.
    fn write_line(&mut self, line: &[u8]) -> io::Result<()> {
        let is_whole = !std::mem::replace(&mut self.is_long, !line.ends_with(b"\n"));
        let row = std::str::from_utf8(line)
            .ok()
            .filter(|_| is_whole && line.len() <= ROW)
            .and_then(|text| Row::parse(text, self.is_trace));
        let Some(row) = row else {
            self.write_rows(0)?;
            if is_whole {
                self.is_trace = is_trace_heading(line);
            }
            return self.writer.write_all(line);
        };
        if self.rows.last().is_some_and(|last| !last.continues(&row)) {
            self.write_rows(0)?;
        }
        self.rows.push(row);
        if self.rows.len() > ROWS { self.write_rows(OVERLAP) } else { Ok(()) }
    }

    /// Hides the secrets in the rows, and passes on all but the last ones.
    fn write_rows(&mut self, remaining: usize) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let (text, places) = joined(&self.rows);
        for range in self.redactor.ranges(&text) {
            self.count += 1;
            for (row, byte) in places[range].iter().flatten() {
                self.rows[*row].hidden[*byte] = true;
            }
        }
        self.redactor.add_document(&text);
        self.writer.add_document(&text);
        let end = self.rows.len() - remaining.min(self.rows.len());
        for row in self.rows.drain(..end) {
            self.writer.write_all(row.redacted().as_bytes())?;
        }
        Ok(())
    }
}

impl<W: Write> Write for Dumps<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let (piece, after) = rest.split_at(end);
            rest = after;
            // Whole lines are not copied.
            if self.line.is_empty() && piece.ends_with(b"\n") {
                self.write_line(piece)?;
                continue;
            }
            self.line.extend_from_slice(piece);
            // A longer line is not a row.
            if piece.ends_with(b"\n") || self.line.len() > ROW {
                let line = std::mem::take(&mut self.line);
                self.write_line(&line)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Returns whether a line of `curl --trace` precedes rows: `=> Send header, 397 bytes (0x18d)`.
fn is_trace_heading(line: &[u8]) -> bool {
    let has = |part: &[u8]| line.windows(part.len()).any(|window| window == part);
    line.len() < ROW / 4 && has(b" bytes (0x") && (has(b"=> Send ") || has(b"<= Recv "))
}

/// Joins the bytes of rows to a text. Returns it with the row and the byte of each of its bytes.
fn joined(rows: &[Row]) -> (String, Vec<Option<(usize, usize)>>) {
    let mut text = String::new();
    let mut places = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let end = index.checked_sub(1).map_or(row.offset, |last| rows[last].offset + rows[last].bytes.len());
        // The dump of a text omits line ends.
        if row.offset > end {
            text.push('\n');
            places.push(None);
        }
        for (at, &byte) in row.bytes.iter().enumerate() {
            text.push(if byte.is_ascii() { char::from(byte) } else { '?' });
            places.push(Some((index, at)));
        }
    }
    (text, places)
}

/// A row of a dump.
struct Row {
    line: String,
    offset: usize,
    bytes: Vec<u8>,
    /// The position of the hexadecimal digits of each byte. Empty for a dump that has only text.
    hex: Vec<usize>,
    /// The position of the text.
    text: usize,
    /// The bytes to hide.
    hidden: Vec<bool>,
}

impl Row {
    /// Parses a row: an offset, bytes in hexadecimal digits, and the same bytes as text. With `is_trace`, also an offset and a text.
    fn parse(line: &str, is_trace: bool) -> Option<Self> {
        let content = line.trim_end_matches(['\r', '\n']);
        let bytes = content.as_bytes();
        let is_start = |&at: &usize| {
            bytes[at].is_ascii_hexdigit()
                && !at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_alphanumeric())
        };
        let mut offsets = (0..bytes.len().min(PREFIX)).filter(is_start).filter_map(|at| offset(content, at)).peekable();
        if offsets.peek().is_none() || !content.is_ascii() {
            return None;
        }
        let parse = |(offset, end)| {
            let text = || is_trace.then(|| Self::with_text(line, content, offset, end)).flatten();
            Self::with_hex(line, content, offset, end).or_else(text)
        };
        offsets.take(4).find_map(parse)
    }

    fn with_hex(line: &str, content: &str, offset: usize, end: usize) -> Option<Self> {
        let mut columns = Vec::new();
        let mut at = end;
        let mut ends = Vec::new();
        while columns.len() < ROW / 4 {
            let space = content[at..].bytes().take(3).take_while(|&byte| byte == b' ').count();
            let digits = content[at + space..].bytes().take(17).take_while(u8::is_ascii_hexdigit).count();
            let is_end = content.as_bytes().get(at + space + digits).is_none_or(|&byte| byte == b' ');
            if space == 0 && !ends.is_empty() || space > 2 || !matches!(digits, 2 | 4 | 8 | 16) || !is_end {
                break;
            }
            at += space;
            columns.extend((0..digits / 2).map(|n| at + 2 * n));
            at += digits;
            ends.push((at, columns.len()));
        }
        // The text may begin like hexadecimal digits, so the longest columns that fit the text count.
        ends.iter().rev().find_map(|&(end, count)| {
            let hex = &columns[..count];
            let bytes: Vec<u8> =
                hex.iter().filter_map(|&at| u8::from_str_radix(&content[at..at + 2], 16).ok()).collect();
            let text = text_column(content, end, &bytes)?;
            Some(Self { line: line.to_owned(), offset, hidden: vec![false; count], hex: hex.to_vec(), text, bytes })
        })
    }

    fn with_text(line: &str, content: &str, offset: usize, end: usize) -> Option<Self> {
        let text = content.get(end..)?.strip_prefix(' ').map_or(end, |_| end + 1);
        let bytes = content.as_bytes()[text..].to_vec();
        (bytes.len() <= 256).then(|| Self {
            line: line.to_owned(),
            offset,
            hidden: vec![false; bytes.len()],
            hex: Vec::new(),
            text,
            bytes,
        })
    }

    /// Returns whether a row follows this one in the same dump. Dumps of text omit line ends of two bytes.
    fn continues(&self, next: &Self) -> bool {
        let end = self.offset + self.bytes.len();
        let omitted = if self.hex.is_empty() { 2 } else { 0 };
        self.hex.is_empty() == next.hex.is_empty() && (end..=end + omitted).contains(&next.offset)
    }

    /// Returns the row with `*` in place of hidden bytes.
    fn redacted(self) -> String {
        let mut line = self.line.into_bytes();
        for (at, _) in self.hidden.iter().enumerate().filter(|(_, hidden)| **hidden) {
            if let Some(&digits) = self.hex.get(at) {
                line[digits..digits + 2].fill(b'*');
            }
            line[self.text + at] = b'*';
        }
        String::from_utf8_lossy(&line).into_owned()
    }
}

/// Returns the offset at a position of a line, and its end: `0040:`, `00000040  `, `0x0040:`.
fn offset(line: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = line.as_bytes();
    let start = at + if bytes[at..].starts_with(b"0x") { 2 } else { 0 };
    let digits = bytes[start..].iter().take(9).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let rest = &bytes[start + digits..];
    let has_colon = rest.starts_with(b": ") || rest == b":";
    let is_offset = (4..=8).contains(&digits) && (has_colon || rest.starts_with(b"  "));
    let offset = || usize::from_str_radix(&line[start..start + digits], 16).ok();
    Some((is_offset.then(offset).flatten()?, start + digits + usize::from(has_colon)))
}

/// Returns the position of the text with these bytes at the end of a row, after spaces and between optional bars.
fn text_column(content: &str, end: usize, bytes: &[u8]) -> Option<usize> {
    let bar = content.strip_suffix('|').map_or(0, |_| 1);
    let start = (content.len() - bar).checked_sub(bytes.len()).filter(|&start| start > end)?;
    let between = content.get(end..start)?.strip_suffix(if bar == 1 { "|" } else { "" })?;
    let is_same = |(byte, shown): (&u8, u8)| match byte {
        b' '..=b'~' => *byte == shown,
        _ => true,
    };
    let is_text = bytes.iter().zip(content[start..].bytes()).all(is_same);
    (between.bytes().all(|byte| byte == b' ') && !between.is_empty() && is_text && bytes.len() > 1).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_all_programs_are_parsed() {
        for (line, offset, bytes, has_hex) in [
            ("0000: 47 45 54 20 2f                               GET /", 0, "GET /", true),
            ("00000010  67 65 74 5f 74 65 78 74  0d 0a              |get_text..|", 16, "get_text\r\n", true),
            ("00000010: 6765 745f 7465                           get_te", 16, "get_te", true),
            ("\t0x0010:  6765 745f 74                             get_t", 16, "get_t", true),
            ("[2026/11/22 10:11:28:2356] N: 0000: 47 45 54 20    GET ", 0, "GET ", true),
            ("00a2: Host: api.smallest.ai", 0xa2, "Host: api.smallest.ai", false),
            ("12:00:00.000001 0010: Host: h", 16, "Host: h", false),
        ] {
            let row = Row::parse(line, true).unwrap();
            assert_eq!(
                (row.offset, String::from_utf8_lossy(&row.bytes).as_ref(), !row.hex.is_empty()),
                (offset, bytes, has_hex),
                "{line}"
            );
        }
        for line in ["deadbeef: is a commit", "at 12:00:00 the end", "0000 1111 2222", "id 00000010  and text", ""] {
            assert!(Row::parse(line, false).is_none(), "{line}");
        }
    }
}
