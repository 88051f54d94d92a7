//! Placeholders, which replace secrets and show their length.

/// Returns the placeholder for a text: `‹12 characters›`.
pub(crate) fn characters(text: &str) -> String {
    format!("‹{} characters›", text.chars().count())
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

/// Returns a text as one line of at most `limit` characters. Invisible characters are escaped, and a placeholder is not cut.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let (mut length, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let end = at + placeholder(&text[at..]).unwrap_or(c.len_utf8());
        let piece = &text[at..end];
        let written = if is_hidden(c) { c.escape_default().to_string() } else { piece.to_owned() };
        length += written.chars().count();
        if length > limit {
            out.push('…');
            break;
        }
        out.push_str(&written);
        at = end;
    }
    out
}

/// Returns whether a character must be escaped: control characters and line ends could forge log lines or control a terminal, and
/// invisible characters could hide words.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
