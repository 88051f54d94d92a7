//! The notations in which logs write a name and its value: separators, quotes, wrappers, lists.

use std::ops::Range;

use super::names::SCHEMES;
use super::value::is_masked;

/// What separates a name from its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// `name=value`.
    Equals,
    /// `name = value`, as in code and configuration files.
    SpacedEquals,
    /// `name: value`.
    Colon,
    /// `name => value`, `name -> value`.
    Arrow,
    /// `name | value`.
    Bar,
    /// `("name", "value")`, `["name", "value"]`.
    Comma,
    /// `name("value")`.
    Call,
    /// `--name value`, `ENV NAME value`.
    Space,
    /// `<name>value</name>`.
    Tag,
}

/// The end of a name, and the start of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Separated {
    pub(super) separator: Separator,
    /// Whether the name is in quotes.
    pub(super) is_quoted: bool,
    /// The start of the value.
    pub(super) value: usize,
}

/// The maximum number of spaces between a name and its value.
const SPACES: usize = 64;
/// The maximum length of a value whose brackets are counted.
const LONG: usize = 512;
/// The maximum length of the text around a value: `SecretString("value")`, `string(8) "value"`.
const WRAPPER: usize = 40;

/// Returns the number of bytes at `at` that satisfy a condition, at most `limit`.
fn count(text: &str, at: usize, limit: usize, is: impl Fn(u8) -> bool) -> usize {
    text.as_bytes()[at..].iter().take(limit).take_while(|&&byte| is(byte)).count()
}

/// Returns the start of the character at `at`, or the end of the text.
pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Returns a range without the whitespace at its ends.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let content = &text[range.clone()];
    let start = range.start + (content.len() - content.trim_start().len());
    start..start + content.trim().len()
}

fn spaces(text: &str, at: usize) -> usize {
    count(text, at, SPACES, |byte| byte == b' ' || byte == b'\t')
}

/// The pairs of quotes.
const QUOTES: [(&str, &str); 6] =
    [("\"", "\""), ("'", "'"), ("`", "`"), ("\u{201c}", "\u{201d}"), ("\u{2018}", "\u{2019}"), ("\u{ab}", "\u{bb}")];

/// Returns the length of the backslashes and the closing quote at `at`, or 0.
fn closing_quote(text: &str, at: usize) -> usize {
    let escapes = count(text, at, 16, |byte| byte == b'\\');
    let rest = &text[at + escapes..];
    let quote = QUOTES.iter().find_map(|(_, close)| rest.strip_prefix(close).map(|_| close.len()));
    quote.map_or(0, |length| escapes + length)
}

/// Returns the length of a member's visibility in PHP: `["name":protected]`, `[name:Class:private]`.
fn visibility(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let length = rest.bytes().take(64).position(|byte| byte == b']').unwrap_or(0);
    let inner = &rest[..length];
    if inner.starts_with(':') && (inner.ends_with(":protected") || inner.ends_with(":private")) { length } else { 0 }
}

/// Returns whether the name of an element of markup begins at `at`: `<name`, `<ns:name`.
fn is_element(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let prefix = before.bytes().rev().take(16).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b':').count();
    before[..at - prefix].ends_with('<') && (prefix == 0 || before.ends_with(':'))
}

/// Returns the length of the attributes of an element, with the `>` after them.
fn attributes(text: &str, at: usize) -> Option<usize> {
    let length = text[at..].bytes().take(512).position(|byte| byte == b'>')?;
    (!text[at..at + length].ends_with('/')).then_some(length + 1)
}

/// Returns whether a quote opens at the end of the text before a name.
fn is_opened(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches('-');
    QUOTES.iter().any(|(open, _)| before.ends_with(open))
}

/// Finds what separates the name that ends at `end` from its value.
pub(super) fn separator(text: &str, name: Range<usize>) -> Option<Separated> {
    let bytes = text.as_bytes();
    let mut at = name.end;
    let quote = closing_quote(text, at);
    at += quote;
    // The end of a longer string: `"/v1/token": not found`.
    if quote > 0 && !is_opened(text, name.start) {
        return None;
    }
    at += visibility(text, at);
    // `**name**: value` in Markdown.
    at += count(text, at, 2, |byte| byte == b'*');
    // `headers[name]=value`, `[name] => value`.
    at += count(text, at, 2, |byte| byte == b']' || byte == b'\'' || byte == b'"');
    let after_spaces = at + spaces(text, at);
    let is_spaced = after_spaces > at;
    let rest = &bytes[after_spaces.min(bytes.len())..];
    let (separator, length) = match rest {
        [b'=' | b'-', b'>', ..] => (Separator::Arrow, 2),
        // A key in PostgreSQL: `(name)=(value)`.
        [b')', b'=', b'(', ..] => (Separator::Equals, 3),
        [b':', b'=', ..] => (Separator::SpacedEquals, 2),
        [b'=', b'=' | b'~', ..] | [b':', b':', ..] | [b'|', b'|', ..] => return None,
        [b'=', b' ', ..] if is_spaced => (Separator::SpacedEquals, 1),
        [b'=', ..] => (Separator::Equals, 1),
        [b':', ..] => (Separator::Colon, 1),
        [b'|', ..] if is_spaced => (Separator::Bar, 1),
        [b',', ..] if quote > 0 => (Separator::Comma, 1),
        [b'(', ..] if !is_spaced => (Separator::Call, 1),
        [b'>', ..] if is_element(text, name.start) => (Separator::Tag, 1),
        _ if is_spaced && is_element(text, name.start) => (Separator::Tag, attributes(text, after_spaces)?),
        _ if is_spaced && !rest.is_empty() => (Separator::Space, 0),
        _ => return None,
    };
    let value = after_spaces + length;
    Some(Separated { separator, is_quoted: quote > 0, value: value + spaces(text, value) })
}

/// A value in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    pub(super) content: Range<usize>,
    /// Whether the closing quote is in the line.
    pub(super) is_closed: bool,
}

/// The closing quotes of a line that have been found, so that many opening quotes before one do not search for it again.
#[derive(Debug, Default)]
pub(super) struct Closings(Vec<(&'static str, usize, Option<usize>)>);

impl Closings {
    /// Returns the position of the first closing quote from a position on.
    fn next(&mut self, text: &str, close: &'static str, from: usize) -> Option<usize> {
        let is_same = |(known, start, found): &&(&str, usize, Option<usize>)| {
            *known == close && *start <= from && found.is_none_or(|found| from <= found)
        };
        if let Some((.., found)) = self.0.iter().find(is_same) {
            return *found;
        }
        let found = text[from..].find(close).map(|found| from + found);
        self.0.retain(|(known, ..)| *known != close);
        self.0.push((close, from, found));
        found
    }
}

/// Returns the value in quotes at `at`, in a text that is searched for it only once.
pub(super) fn quoted(text: &str, at: usize) -> Option<Quoted> {
    quoted_in(text, at, &mut Closings::default())
}

/// Returns the value in quotes at `at`. The quotes can be escaped at any depth: `\"value\"`. A quote within the value has more backslashes.
pub(super) fn quoted_in(text: &str, at: usize, closings: &mut Closings) -> Option<Quoted> {
    let depth = count(text, at, 64, |byte| byte == b'\\');
    let (open, close) = QUOTES.iter().find(|(open, _)| text[at + depth..].starts_with(open))?;
    let start = at + depth + open.len();
    let mut from = start;
    while let Some(end) = closings.next(text, close, from) {
        let escapes = text.as_bytes()[start..end].iter().rev().take_while(|&&byte| byte == b'\\').count();
        // Backslashes of the value itself are doubled once for each depth.
        let is_end = escapes <= depth || (escapes - depth).is_multiple_of(2 * (depth + 1));
        // `'it''s'`: two quotes are one in SQL and YAML.
        let is_doubled = depth == 0 && end > start && *close == "'" && text[end + 1..].starts_with('\'');
        if is_end && !is_doubled {
            return Some(Quoted { content: start..end - escapes.min(depth), is_closed: true });
        }
        from = end + close.len() + usize::from(is_doubled);
    }
    let end = text.trim_end_matches(['\r', '\n']).len().max(start);
    Some(Quoted { content: start..end, is_closed: false })
}

/// Returns the start of the quotes of a value that is wrapped at `at`: `Some("value")`, `b'value'`, `[]string{"value"}`,
/// `string(8) "value"`. Returns `at` if there are none.
pub(super) fn unwrapped(text: &str, at: usize) -> usize {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_:.&*@$".contains(&byte);
    let mut to = at;
    for _ in 0..3 {
        let list = if text[to..].starts_with("[]") { 2 } else { 0 };
        let word = count(text, to + list, WRAPPER, is_word);
        let after = to + list + word;
        if word > 0 && !is_wrapper(&text[after - word..after], text.as_bytes().get(after)) {
            return at;
        }
        // `{"name": "value"}` is an object, `Name{"value"}` is a wrapper.
        let opens = count(text, after, 1, |byte| byte == b'(' || (byte == b'{' || byte == b'[') && word + list > 0);
        let digits = count(text, after + opens, 8, |byte| byte.is_ascii_digit());
        // The length in PHP: `string(8) "value"`.
        let is_length = opens == 1 && digits > 0 && text[after + opens + digits..].starts_with(") ");
        let next = if is_length { after + opens + digits + 2 } else { after + opens };
        if is_quote(text, next) {
            return next;
        }
        if next == to {
            break;
        }
        to = next;
    }
    at
}

/// Returns whether a word before a value belongs to its notation: a type, `Some(`, or the prefix of a string, `b"`. Other words before a
/// bracket are functions.
fn is_wrapper(word: &str, next: Option<&u8>) -> bool {
    let word = word.trim_start_matches(['&', '*', '@', '$']);
    let last = word.rsplit(['.', ':']).next().unwrap_or(word);
    let is_type = last.starts_with(|c: char| c.is_ascii_uppercase())
        || ["string", "str", "bytes", "byte", "bytearray", "vec"].contains(&last);
    match next {
        Some(b'(' | b'{' | b'[') => word.is_empty() || is_type,
        _ => ["", "b", "B", "u", "U", "r", "R", "f", "br", "rb", "L", "N", "E"].contains(&word),
    }
}

/// Returns whether a quote, with or without backslashes, is at `at`.
pub(super) fn is_quote(text: &str, at: usize) -> bool {
    let depth = count(text, at, 64, |byte| byte == b'\\');
    QUOTES.iter().any(|(open, _)| text[at + depth..].starts_with(open))
}

/// Returns the end of the value of a name, as [`word_end`]. In a query or a path, the value ends with its parameter.
pub(super) fn value_end(text: &str, name: Range<usize>, at: usize) -> usize {
    // Session ids are parameters of paths: `/x;jsessionid=value/y`.
    let is_session = text[name.clone()].to_ascii_lowercase().ends_with("sessionid");
    let ends: &[u8] = match text[..name.start].chars().next_back() {
        Some('?' | '&' | '#') => b"&#?",
        Some(';') if is_session => b"&#/?",
        _ => b"",
    };
    word_end_at(text, at, ends)
}

/// Returns the end of a value without quotes: at whitespace, a comma, a semicolon, a quote or a bracket of markup, and in a form at the next
/// parameter.
pub(super) fn word_end(text: &str, at: usize) -> usize {
    word_end_at(text, at, b"")
}

/// Returns the end of a value without quotes, which other bytes also end.
fn word_end_at(text: &str, at: usize, others: &[u8]) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    while end < bytes.len() {
        let ends = match bytes[end] {
            // `it's` is one word.
            b'\'' => end == at || !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric),
            b'"' | b'`' | b'<' | b'>' | b',' | b';' => true,
            b'\\' => is_quote(text, end) || is_line_end(&bytes[end..]),
            b'&' => starts_parameter(&bytes[end + 1..]),
            byte => byte.is_ascii_whitespace(),
        };
        if ends || others.contains(&bytes[end]) {
            break;
        }
        end += 1;
    }
    // Every byte that ends a word is ASCII, so the end is a character boundary.
    end
}

/// Returns whether an escaped line end or tab is at the front of a text: `\r\n`.
pub(super) fn is_line_end(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\\r\\n") || bytes.starts_with(b"\\n") || bytes.starts_with(b"\\t")
}

/// Returns whether a parameter follows in a query or a form: `name=`.
fn starts_parameter(bytes: &[u8]) -> bool {
    let name =
        bytes.iter().take(64).take_while(|byte| byte.is_ascii_alphanumeric() || b"-_.[]%".contains(byte)).count();
    bytes.get(name) == Some(&b'=') || bytes.starts_with(b"amp;")
}

/// Returns a value without the brackets and the punctuation of the text around it: `abc)` in `(token=abc).`.
pub(super) fn without_punctuation(text: &str, value: Range<usize>) -> Range<usize> {
    let mut end = value.end;
    // The brackets of a long value are not counted.
    let is_short = value.len() <= LONG;
    while let Some(last) = text[value.start..end].chars().next_back() {
        let opens =
            |open: char| text[value.start..end].matches(open).count() < text[value.start..end].matches(last).count();
        let is_outside = match last {
            ')' => is_short && opens('('),
            ']' => is_short && opens('['),
            '}' => is_short && opens('{'),
            '.' | ':' | '!' | '?' | '|' => true,
            _ => false,
        };
        if !is_outside || value.end - end >= 4 {
            break;
        }
        end -= last.len_utf8();
    }
    value.start..end
}

/// Returns the end of a header's credentials in a log line, in which other pairs can follow: `Bearer X status=401`. The pairs of a cookie
/// follow after `;`, and those of Digest and AWS4 after a comma. `ends` tells whether the string around the header ends at a position.
pub(super) fn credentials_end(value: &str, ends: impl Fn(usize) -> bool) -> usize {
    let mut end = 0;
    let mut words = 0;
    let mut continues = false;
    let mut is_list = false;
    for word in value.split_inclusive([' ', '\t']) {
        if let Some(at) = (end..end + word.len()).find(|&at| ends(at)) {
            let is_next = words > 1 && !continues && !is_list && word[..at - end].contains('=');
            return if is_next { end } else { at };
        }
        let content = word.trim_end();
        let name = content.split_once('=').map_or("", |(name, _)| name);
        let is_pair = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
        // The first word can be a cookie, and the second one the first parameter of Digest, which ends with a comma.
        is_list |= is_pair && words == 1 && content.ends_with(',');
        let is_next = is_pair && !(words == 0 || words == 1 && is_list) || ["|", "-"].contains(&content) && words > 0;
        if is_next && !continues {
            break;
        }
        words += usize::from(!content.is_empty());
        end += word.len();
        if content.ends_with(',') && !is_list && !is_pair {
            // The next element of a list: `authorization=Bearer X, accept=*/*`.
            return end - (word.len() - content.len()) - 1;
        }
        continues =
            if content.is_empty() { continues } else { content.ends_with(';') || content.ends_with(',') && is_list };
    }
    end
}

/// Returns the start of the list or object at `at`: `[...]`, `{...}`, `map[...]`, `Name { ... }`, or of a wrapper that continues in the next
/// line: `Some(`.
pub(super) fn group_at(text: &str, at: usize) -> Option<usize> {
    let word = count(text, at, WRAPPER, |byte| byte.is_ascii_alphanumeric() || b"_:".contains(&byte));
    let rest = text[at + word..].strip_prefix(' ').filter(|_| word > 0).unwrap_or(&text[at + word..]);
    let is_type = word == 0 || is_wrapper(&text[at..at + word], Some(&b'{'));
    let is_group = rest.starts_with('{') && !rest.starts_with("{{") && is_type
        || rest.starts_with('[') && (word == 0 || text[at..].starts_with("map["))
        || rest.starts_with('(') && is_type && rest[1..].trim().is_empty();
    is_group.then_some(text.len() - rest.len())
}

/// The values in a list or an object.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// The values: strings, and words that are not names.
    pub(super) values: Vec<Range<usize>>,
    /// The end of the group, or of the line.
    pub(super) end: usize,
    /// The number of brackets that are not closed in the line.
    pub(super) depth: usize,
}

/// Returns the values of the group at `at` and of the groups in it. `depth` is the number of brackets that are open before `at`.
pub(super) fn group(text: &str, at: usize, depth: usize) -> Group {
    let bytes = text.as_bytes();
    let mut group = Group { values: Vec::new(), end: at, depth };
    while group.end < bytes.len() {
        let start = group.end;
        match bytes[start] {
            b'[' | b'{' | b'(' => group.depth += 1,
            b']' | b'}' | b')' => group.depth = group.depth.saturating_sub(1),
            b',' | b':' | b'=' | b';' | b'&' => {}
            byte if byte.is_ascii_whitespace() => {}
            _ => {
                let range = match quoted(text, start) {
                    Some(quoted) => {
                        group.end = if quoted.is_closed {
                            quoted.content.end + closing_quote(text, quoted.content.end)
                        } else {
                            bytes.len()
                        };
                        quoted.content
                    }
                    None => {
                        let is_end = |byte: u8| byte.is_ascii_whitespace() || b"[]{}(),:=;\"'`".contains(&byte);
                        group.end = start + count(text, start, usize::MAX, |byte| !is_end(byte)).max(1);
                        start..group.end
                    }
                };
                let after = group.end + spaces(text, group.end);
                let is_name = matches!(bytes.get(after), Some(b':' | b'=')) || text[after..].starts_with("->");
                // `b'value'`.
                let is_prefix = range.end == group.end && is_quote(text, group.end) && group.end < bytes.len();
                if !is_name && !is_prefix && is_value(&text[range.clone()]) {
                    group.values.push(range);
                }
                continue;
            }
        }
        group.end += 1;
        if group.depth == 0 {
            break;
        }
    }
    group
}

/// Returns whether a text in a group is a value to hide: not a number of an array, a constant or a scheme.
fn is_value(value: &str) -> bool {
    let is_constant = ["true", "false", "null", "None", "nil"].contains(&value);
    let is_scheme = SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(value));
    !value.is_empty() && !is_constant && !is_scheme && !is_masked(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, name: &str) -> Option<(Separator, String)> {
        let at = text.find(name).unwrap();
        let found = separator(text, at..at + name.len())?;
        let start = unwrapped(text, found.value);
        let range = match quoted(text, start) {
            Some(quoted) => quoted.content,
            None => without_punctuation(text, found.value..word_end(text, found.value)),
        };
        Some((found.separator, text[range].to_owned()))
    }

    #[test]
    fn values_are_found_in_all_notations() {
        use Separator::*;
        for (text, separator, expected) in [
            ("token=abc&x=1", Equals, "abc"),
            ("token=abc, x", Equals, "abc"),
            ("(token=a(b))", Equals, "a(b)"),
            ("token = abc", SpacedEquals, "abc"),
            ("token: abc.", Colon, "abc"),
            ("'token': 'a b'", Colon, "a b"),
            (r#"{"token":"a\"b"}"#, Colon, r#"a\"b"#),
            (r#"{\"token\":\"a\\\"b\"}"#, Colon, r#"a\\\"b"#),
            (r#""token":"a\\","x":1"#, Colon, r"a\\"),
            ("token => abc", Arrow, "abc"),
            ("[token] => abc", Arrow, "abc"),
            ("[\"token\"]=> string(3) \"abc\"", Arrow, "abc"),
            ("headers[token]=abc", Equals, "abc"),
            ("token -> abc", Arrow, "abc"),
            ("| token | abc |", Bar, "abc"),
            ("(b'token', b'a b')", Comma, "a b"),
            (".header(\"token\", \"abc\")", Comma, "abc"),
            ("token: Some(\"abc\")", Colon, "abc"),
            ("token: Some(Secret(\"abc\"))", Colon, "abc"),
            ("token: []string{\"abc\"}", Colon, "abc"),
            (".token(\"abc\")", Call, "abc"),
            ("--token abc", Space, "abc"),
            ("<token>abc</token>", Tag, "abc"),
            ("token: \u{201c}abc\u{201d}", Colon, "abc"),
            ("token='it''s'", Equals, "it''s"),
        ] {
            assert_eq!(value(text, "token"), Some((separator, expected.to_owned())), "{text}");
        }
        for text in ["token == abc", "Token::new", "token", "a token", "token)"] {
            assert_eq!(value(text, &text[text.to_lowercase().find("token").unwrap()..][..5]), None, "{text}");
        }
    }

    #[test]
    fn values_of_groups_are_found() {
        for (text, values) in [
            ("[\"a b\", 'c']", &["a b", "c"][..]),
            ("{\"x\": \"a\", y: b, 'z': ['c']} d", &["a", "b", "c"]),
            ("[Bearer abc]", &["abc"]),
            ("{a=b, c=d}", &["b", "d"]),
            ("[]", &[]),
            ("[null, true]", &[]),
            ("[\"a", &["a"]),
        ] {
            let group = group(text, 0, 0);
            assert_eq!(group.values.iter().map(|range| &text[range.clone()]).collect::<Vec<_>>(), values, "{text}");
        }
        assert_eq!(group("[[a", 0, 0).depth, 2);
    }

    #[test]
    fn credentials_of_a_header_end_before_other_pairs() {
        for (value, end) in [
            ("Bearer abc status=401", 11),
            ("abc status=401", 4),
            ("a=b; c=d; e=f", 13),
            ("Digest username=\"a\", realm=\"b\", nonce=c", 39),
        ] {
            assert_eq!(credentials_end(value, |_| false), end, "{value}");
        }
    }
}
