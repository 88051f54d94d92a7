//! Plain text: the words and sentences of inline Markdown, and searches for special characters.

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd};

/// Returns whether a text certainly contains no Markdown, so that it does not have to be parsed.
pub(crate) fn is_plain(text: &str) -> bool {
    // Most texts have no slash, and a search for a single byte is cheap.
    text.starts_with(char::is_alphabetic)
        && !contains_any(text, &MARKUP)
        && !(text.contains('/') && text.contains("://"))
}

/// Returns whether a text contains any of a set of bytes. It is called for each text of a catalog, in macros without
/// optimization: there, a loop over a table takes a tenth of the time of a pattern search.
pub(crate) fn contains_any(text: &str, bytes: &[bool; 256]) -> bool {
    let (text, mut index) = (text.as_bytes(), 0);
    while index < text.len() {
        if bytes[text[index] as usize] {
            return true;
        }
        index += 1;
    }
    false
}

pub(crate) const fn byte_set(ranges: &[(u8, u8)]) -> [bool; 256] {
    let (mut set, mut index) = ([false; 256], 0);
    while index < ranges.len() {
        let (mut byte, last) = ranges[index];
        while byte < last {
            set[byte as usize] = true;
            byte += 1;
        }
        set[last as usize] = true;
        index += 1;
    }
    set
}

const fn single(byte: u8) -> (u8, u8) {
    (byte, byte)
}

/// The bytes with a meaning in inline Markdown.
static MARKUP: [bool; 256] = byte_set(&[
    single(b'`'),
    single(b'*'),
    single(b'_'),
    single(b'['),
    single(b']'),
    single(b'<'),
    single(b'>'),
    single(b'&'),
    single(b'\\'),
    single(b'!'),
    single(b'\n'),
    single(b'\r'),
]);

/// All bytes that are not printable ASCII.
static NOT_PRINTABLE_ASCII: [bool; 256] = byte_set(&[(0, 0x1f), (0x7f, 0xff)]);

/// Returns the first invisible character, or the first that changes the text direction, and its offset.
pub(crate) fn find_hidden_char(text: &str) -> Option<(usize, char)> {
    if !contains_any(text, &NOT_PRINTABLE_ASCII) {
        return None;
    }
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.char_indices().find(|&(_, c)| is_hidden(c))
}

/// Returns the text without Markdown.
pub(crate) fn plain_text(markdown: &str) -> String {
    to_plain_text(markdown, false)
}

/// Returns the text without Markdown, with the URL of each link in `<>` after its words, unless they are the URL.
pub(crate) fn plain_text_with_urls(markdown: &str) -> String {
    to_plain_text(markdown, true)
}

fn to_plain_text(markdown: &str, with_urls: bool) -> String {
    if is_plain(markdown) {
        return markdown.to_owned();
    }
    let mut out = String::with_capacity(markdown.len());
    let (mut url, mut words_start) = (CowStr::from(""), 0);
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::Start(Tag::Link { dest_url, .. }) => (url, words_start) = (dest_url, out.len()),
            Event::End(TagEnd::Link) if with_urls => {
                let words = &out[words_start..];
                if words != &*url && Some(words) != url.strip_prefix("https://") {
                    out.extend([" <", &url, ">"]);
                }
            }
            _ => {}
        }
    }
    out
}

/// Returns the first sentence of a Markdown text, with its full stop, which is outside of code, links and emphasis.
pub(crate) fn lead_sentence(markdown: &str) -> &str {
    if is_plain(markdown) {
        return first_sentence(markdown);
    }
    let mut depth = 0;
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Text(_) if depth == 0 => {
                let sentence = first_sentence(&markdown[range.start..]);
                // At the end of this piece, a full stop may be followed by code.
                let end = range.start + sentence.len();
                if end <= range.end && end < markdown.len() {
                    return &markdown[..end];
                }
            }
            _ => {}
        }
    }
    markdown
}

/// Returns the first sentence of a plain text, with its full stop, which is outside of parentheses and followed by a
/// capital, a digit or code.
pub(crate) fn first_sentence(text: &str) -> &str {
    let starts_sentence = |c: char| c.is_uppercase() || c.is_ascii_digit() || c == '`';
    let end = text.match_indices(". ").map(|(at, _)| at).find(|&at| {
        let open = text[..at].chars().fold(0_i32, |depth, c| depth + i32::from(c == '(') - i32::from(c == ')'));
        open == 0 && text[at + 2..].starts_with(starts_sentence)
    });
    end.map_or(text, |stop| &text[..=stop])
}

/// Returns whether a text is an absolute URL that is valid in all output.
pub(crate) fn is_absolute_url(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || "()<>\"\\".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_markup() {
        assert_eq!(plain_text("Missing `a_b` **now** [here](https://x)."), "Missing a_b now here.");
        assert_eq!(plain_text("plain"), "plain");
        assert_eq!(plain_text_with_urls("See [`a` b](https://x/y)."), "See a b <https://x/y>.");
        assert_eq!(plain_text_with_urls("See <https://x/y> or [x/y](https://x/y)."), "See https://x/y or x/y.");
        assert_eq!(first_sentence("One. Two."), "One.");
        assert_eq!(first_sentence("Some (e.g. Books) are, e.g. those. More."), "Some (e.g. Books) are, e.g. those.");
        assert_eq!(first_sentence("Version 1.5 is old."), "Version 1.5 is old.");
    }

    #[test]
    fn lead_sentence_ends_outside_of_code_and_links() {
        assert_eq!(lead_sentence("Send `x. Y` there. More."), "Send `x. Y` there.");
        assert_eq!(lead_sentence("See [one. Two](x) and *a. B* here. More."), "See [one. Two](x) and *a. B* here.");
        assert_eq!(lead_sentence("Only `one`."), "Only `one`.");
    }
}
