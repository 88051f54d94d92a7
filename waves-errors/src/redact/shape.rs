//! Secrets that are recognized by their shape: keys, tokens, private keys, card numbers, email addresses.

use std::collections::HashSet;
use std::ops::Range;

use super::names::{SCHEMES, WINDOW};

/// The prefixes of common secrets: JSON web tokens, AWS access keys.
const BEGINNINGS: [&str; 3] = ["eyJ", "AKIA", "ASIA"];

/// Returns whether a byte ends a word.
pub(super) fn is_end(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'`<>()[]{},;".contains(&byte)
}

/// Returns the ranges of the words of a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    let pieces = text.split(|c: char| u8::try_from(c).is_ok_and(is_end)).map(move |word| {
        let start = at;
        at += word.len() + 1;
        start..start + word.len()
    });
    pieces.filter(|word| !word.is_empty())
}

/// Marks keys, tokens and private keys in a text; keys begin with one of `prefixes`.
pub(super) fn keys(text: &str, prefixes: &[&str], marks: &mut Vec<Range<usize>>) {
    // The end of the previous word, if that word is a scheme.
    let mut scheme = None;
    for word in words(text) {
        let body = &text[word.clone()];
        let follows = |end: usize| text[end..word.start].chars().all(|c| c.is_whitespace() || "\"'`<".contains(c));
        if scheme.is_some_and(follows) && is_credential(body) {
            marks.push(word.clone());
        } else {
            let mut from = 0;
            while let Some(at) = beginning(body, from, prefixes) {
                // In a URL, the key ends with its path segment or its parameter.
                let length = body[at..].find(['&', '/', '#', '?']).unwrap_or(body.len() - at);
                marks.push(word.start + at..word.start + at + length);
                from = at + length;
            }
        }
        // `curl -u user:password`.
        if let Some(colon) = body.find(':').filter(|_| {
            let before = text[..word.start].trim_end();
            before.len() < word.start && (before.ends_with(" -u") || before.ends_with("--user"))
        }) {
            marks.push(word.start + colon + 1..word.end);
        }
        scheme = SCHEMES.iter().any(|scheme| body.eq_ignore_ascii_case(scheme)).then_some(word.end);
    }
    private_keys(text, marks);
}

/// Marks personal data: card numbers and email addresses.
pub(super) fn personal(text: &str, marks: &mut Vec<Range<usize>>) {
    cards(text, marks);
    people(text, marks);
}

/// Returns whether the word after a scheme looks like a credential rather than a word of a sentence.
pub(super) fn is_credential(word: &str) -> bool {
    // The end of a longer word makes no difference.
    let word = word.get(..64).unwrap_or(word);
    let odd = |c: char| c.is_ascii_digit() || "=_+/".contains(c);
    // `request_id=req_1` is the next pair of a log line. Base64 has `=` only at its end.
    let is_pair = word.trim_end_matches('=').contains('=');
    word.len() >= 8 && !is_pair && (word.contains(odd) || word.chars().skip(1).any(char::is_uppercase))
}

/// Returns the first position in a word, from an offset on, at which a secret with one of the prefixes begins.
fn beginning(word: &str, from: usize, prefixes: &[&str]) -> Option<usize> {
    let begins = |at: usize| {
        // `sk_` in `task_1` is not a prefix.
        let is_start = !word[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let mut shapes = prefixes.iter().copied().chain(BEGINNINGS).filter(|shape| !shape.is_empty());
        is_start && shapes.any(|shape| word[at..].starts_with(shape) && word.len() - at >= shape.len() + WINDOW)
    };
    word[from..].char_indices().map(|(at, _)| from + at).find(|&at| begins(at))
}

/// Marks private keys and certificates from their first line to their last, or to the last line of base64 if there is no other. A first
/// line without base64 after it only mentions a key.
fn private_keys(text: &str, marks: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(start) = text[from..].find("-----BEGIN").map(|at| from + at) {
        let label = text[start + 10..]
            .find("-----")
            .filter(|&length| length <= LABEL && !text[start + 10..][..length].contains('\n'));
        let Some(head) = label.map(|length| start + 10 + length + 5) else {
            from = start + 10;
            continue;
        };
        let end = match text[head..].find("-----").map(|at| (at, &text[head..head + at])) {
            Some((length, content)) if text[head + length..].starts_with("-----END") && is_key(content) => {
                let last = head + length + 8;
                text[last..].find("-----").filter(|&at| at <= LABEL).map_or(last, |at| last + at + 5)
            }
            _ => {
                let headers = header_lines(&text[head..]);
                match base64_lines(&text[head + headers..]) {
                    0 => head,
                    length => head + headers + length,
                }
            }
        };
        if end > head {
            marks.push(start..end);
        }
        from = end;
    }
}

/// Returns whether a text is the content of a key: base64 and header lines. In one line, it has spaces or escaped line ends.
fn is_key(content: &str) -> bool {
    content.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=\n\r\\ \t:-,".contains(&b))
}

/// Returns whether a text ends within a private key, so that its next lines belong to the key.
pub(super) fn ends_in_key(text: &str) -> bool {
    let Some(start) = text.rfind("-----BEGIN") else { return false };
    // A key has a label, and its lines follow.
    let label = text[start + 10..].find("-----").filter(|&length| length <= LABEL);
    let Some(head) = label.map(|length| start + 10 + length + 5) else {
        return text.len() - start <= 10 + LABEL && !text[start..].contains('\n');
    };
    let headers = header_lines(&text[head..]);
    head + headers + base64_lines(&text[head + headers..]) >= text.trim_end().len()
}

/// The maximum length of the label of a private key.
const LABEL: usize = 40;
/// The maximum length of a line of base64.
const LINE: usize = 8192;

/// Returns the length of the header lines of an encrypted key, and of the empty line after them.
fn header_lines(text: &str) -> usize {
    let mut length = 0;
    for line in text.split_inclusive('\n').take(16) {
        let content = line.trim();
        let name = content.split_once(": ").map_or("", |(name, _)| name);
        let is_header = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_header && !content.is_empty() {
            break;
        }
        length += line.len();
    }
    length
}

/// Returns the length of the lines of base64 at the front of a text, without the end of the last one.
pub(super) fn base64_lines(text: &str) -> usize {
    let (mut length, mut at) = (0, 0);
    while at < text.len() {
        let end = text.as_bytes()[at..].iter().take(LINE).position(|&b| b == b'\n');
        let end = match end {
            Some(end) => at + end + 1,
            None if text.len() - at <= LINE => text.len(),
            None => break,
        };
        let content = text[at..end].trim();
        // `=` only ends base64: `status=200` is another line.
        let is_base64 = content.trim_end_matches('=').bytes().all(|b| b.is_ascii_alphanumeric() || b"+/".contains(&b));
        // A short line is the last one: of the key, or of a text that is cut.
        let is_short = content.len() < WINDOW && !content.is_empty() && !content.ends_with('=');
        let is_last = end == text.len() || text[end..].starts_with("-----END");
        if !is_base64 || is_short && !is_last {
            break;
        }
        if !content.is_empty() {
            length = at + text[at..end].trim_end().len();
        }
        at = end;
    }
    length
}

/// The groups in which card numbers are written.
const GROUPS: [&[usize]; 4] = [&[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 4, 3]];

/// Marks card numbers: 13 to 19 digits with a valid check digit, in one run or in the usual groups with one separator. Other numbers in a
/// row are not a card number.
fn cards(text: &str, marks: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    // The last runs of digits, each one character after the other.
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = bytes[at..].iter().position(|b| !b.is_ascii_digit()).map_or(bytes.len(), |length| at + length);
        let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
        // Digits next to a letter are only checked if there are exactly 16.
        let is_word = letter(at.checked_sub(1).map(|before| &bytes[before])) || letter(bytes.get(end));
        let separator = |run: &Range<usize>| bytes[run.end];
        let follows = |last: &Range<usize>| at == last.end + 1 && b" -.+".contains(&separator(last));
        if !runs.last().is_some_and(follows) || is_word {
            runs.clear();
        }
        if (!is_word || end - at == 16) && is_card(&bytes[at..end]) {
            marks.push(at..end);
        }
        runs.push(at..end);
        for group in GROUPS {
            let Some(first) = runs.len().checked_sub(group.len()) else { continue };
            let parts = &runs[first..];
            let has_lengths = parts.iter().zip(group).all(|(run, &length)| run.len() == length);
            let has_one_separator = parts[..group.len() - 1].iter().all(|run| separator(run) == separator(&parts[0]));
            if !is_word && has_lengths && has_one_separator && is_card(&bytes[parts[0].start..end]) {
                marks.push(parts[0].start..end);
            }
        }
        if runs.len() == CARD {
            runs.remove(0);
        }
        at = end;
    }
}

/// Returns whether a text is a card number, in which other characters separate the digits: the length fits the first digit, and the check
/// digit is valid. A first digit of 1 is rejected, because timestamps in milliseconds start with it.
fn is_card(text: &[u8]) -> bool {
    let digits: Vec<u8> = text.iter().filter(|b| b.is_ascii_digit()).map(|b| b - b'0').take(CARD + 1).collect();
    let begins = match digits.len() {
        13 => digits[0] == 4,
        14 | 15 => digits[0] == 3,
        16 => (2..=6).contains(&digits[0]),
        17..=CARD => (4..=6).contains(&digits[0]),
        _ => false,
    };
    begins && luhn(&digits)
}

/// The maximum number of digits of a card number.
const CARD: usize = 19;

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(n, &digit)| match (n % 2, u32::from(digit) * 2) {
            (0, twice) => twice / 2,
            (_, twice) => twice / 10 + twice % 10,
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|&digit| digit != 0)
}

/// Marks email addresses.
fn people(text: &str, marks: &mut Vec<Range<usize>>) {
    let local = |b: u8| b.is_ascii_alphanumeric() || b"._%+-".contains(&b) || !b.is_ascii();
    let domain = |b: u8| b.is_ascii_alphanumeric() || b".-".contains(&b) || !b.is_ascii();
    let bytes = text.as_bytes();
    // The user information in a URL is followed by the host, which is not secret.
    let user = |(at, scheme): (usize, &str)| {
        let start = at + scheme.len();
        let ends = |c: char| c.is_whitespace() || "/?#".contains(c);
        let end = text[start..].find(ends).map_or(text.len(), |end| start + end);
        text[start..end].rfind('@').map(|user| start + user)
    };
    let users: HashSet<usize> = text.match_indices("://").filter_map(user).collect();
    for (at, _) in text.match_indices('@') {
        let start = bytes[..at].iter().rposition(|&b| !local(b)).map_or(0, |before| before + 1);
        let end = bytes[at + 1..].iter().position(|&b| !domain(b)).map_or(bytes.len(), |end| at + 1 + end);
        let host = text[at + 1..end].trim_end_matches(['.', '-']);
        let top = host.rsplit_once('.').map_or("", |(_, top)| top);
        if start < at && !users.contains(&at) && top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit()) {
            marks.push(start..at + 1 + host.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut marks = Vec::new();
        keys(text, &["sk_"], &mut marks);
        personal(text, &mut marks);
        marks.into_iter().map(|mark| &text[mark]).collect()
    }

    #[test]
    fn secrets_are_found_by_their_shape() {
        assert_eq!(found("key sk_0123456789 and (AKIAIOSFODNN7EXAMPLE)"), ["sk_0123456789", "AKIAIOSFODNN7EXAMPLE"]);
        assert_eq!(found("Basic dXNlcjpwYXNz"), ["dXNlcjpwYXNz"]);
        assert_eq!(found("pay 4111 1111 1111 1111 or 4111111111111111."), ["4111 1111 1111 1111", "4111111111111111"]);
        assert_eq!(
            found("code 400 4111111111111111; 12-2026 4111-1111-1111-1111"),
            ["4111111111111111", "4111-1111-1111-1111"]
        );
        assert_eq!(found("visa4111111111111111 4111.1111.1111.1111"), ["4111111111111111", "4111.1111.1111.1111"]);
        assert_eq!(found("curl -u user:passw0rd123 x"), ["passw0rd123"]);
        assert_eq!(found("to jane.roe@example.com, now"), ["jane.roe@example.com"]);
        assert_eq!(
            found("-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n."),
            ["-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----"]
        );
        assert_eq!(found("a -----BEGIN RSA KEY-----\nMII"), ["-----BEGIN RSA KEY-----\nMII"]);
    }

    #[test]
    fn text_without_secrets_is_not_marked() {
        for text in [
            "latencies 312 455 210 388 401 512 299 487",
            "4111 1111-1111 1111",
            "task_0123456789abcdef01 failed",
            "invalid token request_id=req_7f3a9c",
            "no -----BEGIN CERTIFICATE----- found\nnext line",
            "Basic authentication failed",
            "Bearer Authentication",
            "4111 1111 1111 1112",
            "550e8400-e29b-41d4-a716-446655440000",
            "0000000000000000",
            "1795356010",
            "ts=1795356010003",
            "https://me:passw0rd99@api.smallest.ai/v1",
            "v@1.2",
            "@home",
            "a@b",
            "é@ü",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
