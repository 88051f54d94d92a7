//! Texts with their escapes decoded: percent-encoding, backslash escapes, HTML entities. Ranges of the decoded text map to ranges of the
//! source.

use std::ops::Range;

/// The character that represents a placeholder of an earlier redaction: one for private use.
pub(super) const MASKED: char = '\u{e000}';

/// A decoded text, with the offset of each byte in the source.
pub(super) struct View {
    pub(super) text: String,
    /// The offset in the source of the character of each byte, and finally the length of the source. `None` if the text is the source.
    offsets: Option<Vec<usize>>,
}

impl View {
    /// Creates a view of a source in which each placeholder is one character. Invisible characters, which a terminal may drop, are
    /// omitted.
    pub(super) fn plain(source: &str) -> Self {
        let is_ordinary = |b: u8| (b' '..=b'~').contains(&b) || matches!(b, b'\n' | b'\r' | b'\t');
        if source.bytes().all(is_ordinary) {
            return Self { text: source.to_owned(), offsets: None };
        }
        let mut view = Self::with_capacity(source.len());
        let mut at = 0;
        while let Some(c) = source[at..].chars().next() {
            match placeholder(&source[at..]) {
                Some(length) => {
                    view.push(MASKED, at);
                    at += length;
                }
                None => {
                    let length = unseen(&source[at..]);
                    if length == 0 {
                        view.push(c, at);
                    }
                    at += length.max(c.len_utf8());
                }
            }
        }
        view.end(source.len());
        view
    }

    fn with_capacity(length: usize) -> Self {
        Self { text: String::with_capacity(length), offsets: Some(Vec::with_capacity(length + 1)) }
    }

    /// Decodes one layer of escapes. Returns `None` if there are no escapes.
    pub(super) fn decoded(&self) -> Option<Self> {
        let source = &self.text;
        if !source.contains(['%', '\\', '&']) {
            return None;
        }
        let mut view = Self::with_capacity(source.len());
        let mut at = 0;
        let mut changed = false;
        while let Some(c) = source[at..].chars().next() {
            let rest = &source[at..];
            let escape = match c {
                '%' => percent(rest),
                '\\' => backslash(rest),
                '&' => entity(rest),
                _ => None,
            };
            changed |= escape.is_some();
            match escape {
                Some((text, length)) => {
                    text.chars().for_each(|c| view.push(c, self.offset(at)));
                    at += length;
                }
                None => {
                    view.push(c, self.offset(at));
                    at += c.len_utf8();
                }
            }
        }
        view.end(self.offset(source.len()));
        changed.then_some(view)
    }

    fn push(&mut self, c: char, offset: usize) {
        self.text.push(c);
        self.offsets.iter_mut().for_each(|offsets| offsets.extend(std::iter::repeat_n(offset, c.len_utf8())));
    }

    /// Adds the length of the source.
    fn end(&mut self, length: usize) {
        self.offsets.iter_mut().for_each(|offsets| offsets.push(length));
    }

    fn offset(&self, at: usize) -> usize {
        self.offsets.as_ref().map_or(at, |offsets| offsets[at])
    }

    /// Returns the range of the source that corresponds to a range of the text. It contains only whole escapes.
    pub(super) fn source(&self, range: &Range<usize>) -> Range<usize> {
        let Some(offsets) = &self.offsets else { return range.clone() };
        let start = offsets[range.start];
        let mut end = range.end;
        // All characters of an escape have the same offset.
        while end < self.text.len() && offsets[end] == start && range.end > range.start {
            end += 1;
        }
        let mut offset = offsets[end];
        if range.end > range.start && offset == offsets[range.end - 1] {
            let beyond = offsets[end..].iter().find(|&&next| next > offset);
            offset = beyond.copied().unwrap_or(offset);
        }
        start..offset
    }
}

/// Returns the length of the invisible sequence at the front of a text, or 0: a terminal escape, a control character, a zero-width
/// space.
fn unseen(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes {
        // A control sequence.
        [0x1b, b'[', rest @ ..] => {
            let end = rest.iter().take(40).position(|b| (0x40..=0x7e).contains(b));
            return end.map_or(1, |end| end + 3);
        }
        // The selection of a character set.
        [0x1b, b'(' | b')' | b'*' | b'+' | b'%' | b'#', last, ..] if last.is_ascii() => return 3,
        // The title of the window or a link, which ends with BEL or `ESC \`.
        [0x1b, b']', rest @ ..] => {
            let end = rest.iter().take(2048).position(|&b| b == 0x07 || b == 0x1b);
            let is_escape = end.is_some_and(|end| rest[end] == 0x1b);
            return end.map_or(1, |end| end + 3 + usize::from(is_escape && rest.get(end + 1) == Some(&b'\\')));
        }
        [0x1b, b'=' | b'>' | b'7' | b'8' | b'c' | b'D' | b'E' | b'H' | b'M', ..] => return 2,
        _ => {}
    }
    let Some(c) = text.chars().next() else { return 0 };
    let hidden = c.is_control() && !matches!(c, '\n' | '\r' | '\t')
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    if hidden { c.len_utf8() } else { 0 }
}

/// Returns the length of the placeholder at the front of a text: `‹12 characters›`.
pub(super) fn placeholder(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('‹')?;
    // A longer text is not a placeholder.
    let inside = &rest[..rest.bytes().take(40).position(|b| b == b'\xe2').filter(|&at| rest[at..].starts_with('›'))?];
    let (number, unit) = inside.split_once(' ')?;
    let good = !number.is_empty()
        && number.len() <= 20
        && number.bytes().all(|b| b.is_ascii_digit())
        && ["characters", "bytes", "items", "fields"].contains(&unit);
    good.then_some('‹'.len_utf8() + inside.len() + '›'.len_utf8())
}

/// Decodes one percent-encoded character at the front of a text. Returns it with the length of its encoding. A byte that is not UTF-8
/// is decoded as Latin-1.
fn percent(text: &str) -> Option<(String, usize)> {
    let code = |at: usize| {
        let code = text.as_bytes().get(at..at + 3)?.strip_prefix(b"%")?;
        u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok().filter(|_| code[0] != b'+')
    };
    // The first byte of a character in UTF-8 determines its length.
    let first = code(0)?;
    let count = match first {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    };
    let bytes: Option<Vec<u8>> = (0..count).map(|n| code(3 * n)).collect();
    let whole = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    Some(whole.map_or_else(|| (char::from(first).to_string(), 3), |text| (text, 3 * count)))
}

/// Decodes an escape of JSON or of Rust's `Debug` at the front of a text. Returns the character and the length of the escape.
fn backslash(text: &str) -> Option<(String, usize)> {
    let hex = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        u32::from_str_radix(digits?, 16).ok()
    };
    let known = match text.as_bytes().get(1)? {
        b'u' => {
            if let Some(rest) = text.get(2..).and_then(|rest| rest.strip_prefix('{')) {
                let digits = &rest[..rest.bytes().take(9).position(|b| b == b'}')?];
                let code = u32::from_str_radix(digits, 16).ok()?;
                return Some((char::from_u32(code)?.to_string(), digits.len() + 4));
            }
            let high = hex(2, 6)?;
            let low = text.get(6..8).filter(|next| *next == "\\u").and_then(|_| hex(8, 12));
            if let Some(low) = low.filter(|low| (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(low)) {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Some((char::from_u32(code)?.to_string(), 12));
            }
            return Some((char::from_u32(high)?.to_string(), 6));
        }
        b'x' => return Some((char::from_u32(hex(2, 4)?)?.to_string(), 4)),
        b'"' => "\"",
        b'\\' => "\\",
        b'/' => "/",
        b'n' => "\n",
        b't' => "\t",
        b'r' => "\r",
        _ => return None,
    };
    Some((known.to_owned(), 2))
}

/// Decodes an HTML entity at the front of a text: a common name, or the number of a character. Returns the character and the length of
/// the entity.
fn entity(text: &str) -> Option<(String, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = text.get(1..end)?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']).map(|hex| u32::from_str_radix(hex, 16));
            char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?)?
        }
    };
    Some((c.to_string(), name.len() + 2))
}

/// Decodes a base64 word, in either alphabet, with or without padding.
pub(super) fn base64(word: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(word.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for c in word.trim_end_matches('=').bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).unwrap_or(0));
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> String {
        let mut view = View::plain(text);
        while let Some(next) = view.decoded() {
            view = next;
        }
        view.text
    }

    #[test]
    fn all_layers_of_escapes_are_decoded() {
        assert_eq!(decoded("a%2Db%c3%A9%zz%2"), "a-bé%zz%2");
        assert_eq!(decoded(r#"\u0073k \x41 \"\/ \u{1f600} \ud83d\ude00 \q"#), "sk A \"/ 😀 😀 \\q");
        assert_eq!(decoded("&#115;k &#x73;k &lt;&amp;&quot;&bogus;&"), "sk sk <&\"&bogus;&");
        assert_eq!(decoded("%2525"), "%");
        for odd in ["%", "%+1", "\\", "\\u12", "\\u{}", "&;", "&#;", "&#x110000;", "%ff%fe", "é%"] {
            decoded(odd);
        }
    }

    #[test]
    fn ranges_map_to_whole_escapes_of_the_source() {
        let source = "é %73%6b &amp; z";
        let view = View::plain(source).decoded().unwrap();
        assert_eq!(view.text, "é sk & z");
        let at = view.text.find("sk").unwrap();
        assert_eq!(&source[view.source(&(at..at + 2))], "%73%6b");
        let at = view.text.find('&').unwrap();
        assert_eq!(&source[view.source(&(at..at + 1))], "&amp;");
        assert_eq!(&source[view.source(&(0..view.text.len()))], source);
    }

    #[test]
    fn invisible_characters_are_omitted() {
        let source = "\u{1b}[01;31m\u{1b}[Ksk_\u{1b}[m\0a\u{200b}b\u{1b}";
        let view = View::plain(source);
        assert_eq!(view.text, "sk_ab");
        assert_eq!(&source[view.source(&(0..5))], &source[11..]);
    }

    #[test]
    fn placeholders_are_one_character() {
        assert_eq!(View::plain("a=‹12 characters›&b ‹x›").text, format!("a={MASKED}&b ‹x›"));
        for other in ["‹12 secrets›", "‹ characters›", "‹1a bytes›", "‹12 bytes", "12 bytes›"] {
            assert_eq!(placeholder(other), None, "{other}");
        }
    }

    #[test]
    fn base64_is_decoded_in_both_alphabets() {
        assert_eq!(base64("QmVhcmVyIHNr").unwrap(), b"Bearer sk");
        assert_eq!(base64("-_-_").unwrap(), base64("+/+/").unwrap());
        assert_eq!(base64("YQ==").unwrap(), b"a");
        assert_eq!(base64("no base64"), None);
    }
}
