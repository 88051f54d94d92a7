//! Texts with their escapes decoded: percent-encoding, backslash escapes, HTML entities. Ranges of the decoded text map to ranges of the
//! source.

use std::borrow::Cow;
use std::ops::Range;

use super::placeholder::placeholder;

/// The byte that replaces each byte of a placeholder or of a secret found so far: a control character, which no view contains otherwise.
pub(super) const MASKED: u8 = 0x1a;

/// A decoded line, with the position of each byte in the source.
pub(super) struct View<'s> {
    pub(super) text: Cow<'s, str>,
    /// The position in the source of the character of each byte, and finally the length of the source. `None` if they are the same.
    positions: Option<Vec<u32>>,
}

impl<'s> View<'s> {
    /// Creates a view of a line in which placeholders are masked. Invisible characters, which a terminal may drop, are omitted.
    pub(super) fn plain(source: &'s str) -> Self {
        let mut view = View { text: Cow::Borrowed(source), positions: None };
        // Most characters outside of ASCII are letters.
        if source.contains(|c: char| c == '‹' || is_unseen(c)) {
            view = view.visible();
        }
        view
    }

    /// Returns whether the text is the source.
    pub(super) fn is_source(&self) -> bool {
        self.positions.is_none()
    }

    /// Returns the view with its placeholders masked and without its invisible characters.
    fn visible(&self) -> View<'s> {
        let mut view = View::with_capacity(self.text.len());
        let mut at = 0;
        while let Some(c) = self.text[at..].chars().next() {
            let rest = &self.text[at..];
            if let Some(length) = placeholder(rest) {
                (at..at + length).for_each(|byte| view.push(char::from(MASKED), self.position(byte)));
                at += length;
                continue;
            }
            let length = unseen(rest);
            if length == 0 {
                view.push(c, self.position(at));
            }
            at += length.max(c.len_utf8());
        }
        view.end(self.position(self.text.len()));
        view
    }

    fn with_capacity(length: usize) -> Self {
        View { text: Cow::Owned(String::with_capacity(length)), positions: Some(Vec::with_capacity(length + 1)) }
    }

    /// Decodes one layer of escapes. Returns `None` if there are no escapes.
    pub(super) fn decoded(&self) -> Option<View<'s>> {
        let source = &self.text;
        if !source.contains(['%', '\\', '&']) {
            return None;
        }
        let mut view = View::with_capacity(source.len());
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
                Some((c, length)) => {
                    if !is_unseen(c) {
                        view.push(c, self.position(at));
                    }
                    at += length;
                }
                None => {
                    view.push(c, self.position(at));
                    at += c.len_utf8();
                }
            }
        }
        view.end(self.position(source.len()));
        changed.then_some(view)
    }

    fn push(&mut self, c: char, position: u32) {
        self.text.to_mut().push(c);
        self.positions.iter_mut().for_each(|positions| positions.extend(std::iter::repeat_n(position, c.len_utf8())));
    }

    /// Adds the length of the source.
    fn end(&mut self, length: u32) {
        self.positions.iter_mut().for_each(|positions| positions.push(length));
    }

    fn position(&self, at: usize) -> u32 {
        // A line is read in parts of much less than 4 GiB.
        self.positions.as_ref().map_or_else(|| u32::try_from(at).unwrap_or(u32::MAX), |positions| positions[at])
    }

    /// Returns the range of the source that corresponds to a range of the text. It contains only whole escapes.
    pub(super) fn source(&self, range: &Range<usize>) -> Range<usize> {
        let Some(positions) = &self.positions else { return range.clone() };
        let start = positions[range.start];
        let mut end = range.end;
        // All characters of an escape have the same position.
        while end < self.text.len() && positions[end] == start && range.end > range.start {
            end += 1;
        }
        let mut position = positions[end];
        if range.end > range.start && position == positions[range.end - 1] {
            let beyond = positions[end..].iter().find(|&&next| next > position);
            position = beyond.copied().unwrap_or(position);
        }
        start as usize..position as usize
    }

    /// Masks the parts of the text that correspond to ranges of the source, which are in order.
    pub(super) fn mask(&mut self, ranges: &[Range<usize>]) {
        let positions = self.positions.take();
        let mut bytes = std::mem::take(&mut self.text).into_owned().into_bytes();
        let mut next = 0;
        for at in 0..bytes.len() {
            let position = positions.as_ref().map_or(at, |positions| positions[at] as usize);
            while ranges.get(next).is_some_and(|range| range.end <= position) {
                next += 1;
            }
            if ranges.get(next).is_some_and(|range| range.start <= position) {
                bytes[at] = MASKED;
            }
        }
        // Ranges contain whole characters, so the text remains valid.
        self.text = Cow::Owned(String::from_utf8_lossy(&bytes).into_owned());
        self.positions = positions;
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
    text.chars().next().filter(|c| is_unseen(*c)).map_or(0, char::len_utf8)
}

/// Returns whether a terminal or a program may drop a character: a control character or a zero-width space.
fn is_unseen(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Decodes one percent-encoded character at the front of a text. Returns it with the length of its encoding. A byte that is not UTF-8
/// is decoded as Latin-1.
fn percent(text: &str) -> Option<(char, usize)> {
    let digit = |at: usize| char::from(*text.as_bytes().get(at)?).to_digit(16);
    let code = |at: usize| {
        let high = text.as_bytes().get(at).filter(|byte| **byte == b'%').and_then(|_| digit(at + 1))?;
        u8::try_from(high << 4 | digit(at + 2)?).ok()
    };
    // The first byte of a character in UTF-8 determines its length.
    let first = code(0)?;
    let count = match first {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    };
    let mut bytes = [0; 4];
    let is_whole = (0..count).all(|n| code(3 * n).map(|byte| bytes[n] = byte).is_some());
    let whole = std::str::from_utf8(&bytes[..count]).ok().filter(|_| is_whole).and_then(|text| text.chars().next());
    Some(whole.map_or((char::from(first), 3), |c| (c, 3 * count)))
}

/// Decodes an escape of JSON or of Rust's `Debug` at the front of a text. Returns the character and the length of the escape.
fn backslash(text: &str) -> Option<(char, usize)> {
    let hex = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        u32::from_str_radix(digits?, 16).ok()
    };
    let known = match text.as_bytes().get(1)? {
        b'u' => {
            if let Some(rest) = text.get(2..).and_then(|rest| rest.strip_prefix('{')) {
                let digits = &rest[..rest.bytes().take(9).position(|b| b == b'}')?];
                let code = u32::from_str_radix(digits, 16).ok()?;
                return Some((char::from_u32(code)?, digits.len() + 4));
            }
            let high = hex(2, 6)?;
            let low = text.get(6..8).filter(|next| *next == "\\u").and_then(|_| hex(8, 12));
            if let Some(low) = low.filter(|low| (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(low)) {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Some((char::from_u32(code)?, 12));
            }
            return Some((char::from_u32(high)?, 6));
        }
        b'x' => return Some((char::from_u32(hex(2, 4)?)?, 4)),
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        _ => return None,
    };
    Some((known, 2))
}

/// Decodes an HTML entity at the front of a text: a common name, or the number of a character. Returns the character and the length of
/// the entity.
fn entity(text: &str) -> Option<(char, usize)> {
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
    Some((c, name.len() + 2))
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
        view.text.into_owned()
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
    fn placeholders_and_secrets_are_masked() {
        let mask = "\u{1a}".repeat("‹12 characters›".len());
        assert_eq!(View::plain("a=‹12 characters›&b ‹x›").text, format!("a={mask}&b ‹x›"));
        let mut view = View::plain("é %73%6b\0 z").decoded().unwrap();
        view.mask(&[0..2, 6..9]);
        assert_eq!(view.text, "\u{1a}\u{1a} s\u{1a} z");
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
