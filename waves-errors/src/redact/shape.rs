//! Secrets that are recognized by their shape: keys, tokens, private keys, card numbers, email addresses.

use std::collections::HashSet;
use std::ops::Range;

use super::names::{SCHEMES, WINDOW};

/// The minimum number of characters after a prefix that is in the middle of a word.
const CERTAIN: usize = 16;

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
    let odd = |c: char| c.is_ascii_digit() || "=_+/".contains(c);
    word.len() >= 8 && (word.contains(odd) || word.chars().skip(1).any(char::is_uppercase))
}

/// Returns the first position in a word, from an offset on, at which a secret with one of the prefixes begins.
fn beginning(word: &str, from: usize, prefixes: &[&str]) -> Option<usize> {
    let begins = |at: usize| {
        let apart = !word[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let mut shapes = prefixes.iter().copied().chain(BEGINNINGS).filter(|shape| !shape.is_empty());
        shapes.any(|shape| {
            word[at..].starts_with(shape) && word.len() - at >= shape.len() + if apart { WINDOW } else { CERTAIN }
        })
    };
    word[from..].char_indices().map(|(at, _)| from + at).find(|&at| begins(at))
}

/// Marks private keys from their first line to their last, or to the end of the text.
fn private_keys(text: &str, marks: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(start) = text[from..].find("-----BEGIN").map(|at| from + at) {
        let end = text[start..].find("-----END").map(|at| start + at);
        let close = end.and_then(|end| text[end + 8..].find("-----").map(|at| end + 8 + at + 5));
        let end = close.unwrap_or(text.len());
        marks.push(start..end);
        from = end;
    }
}

/// Marks card numbers: 13 to 19 digits, possibly in groups, with a valid check digit.
fn cards(text: &str, marks: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = bytes[at..].iter().position(|b| !b.is_ascii_digit()).map_or(bytes.len(), |length| at + length);
        let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
        // Digits next to a letter are only checked if there are exactly 16.
        let word = (letter(at.checked_sub(1).map(|before| &bytes[before])) || letter(bytes.get(end))) && end - at != 16;
        let follows = |last: &Range<usize>| at == last.end + 1 && b" -.+".contains(&bytes[last.end]);
        if !groups.last().is_some_and(follows) {
            groups.clear();
        }
        if word {
            groups.clear();
        } else {
            groups.push(at..end);
            // The card number may begin with this group or with an earlier one.
            for first in groups.iter().rev().take(CARD).map(|group| group.start) {
                let digits: Vec<u8> =
                    bytes[first..end].iter().filter(|b| b.is_ascii_digit()).map(|b| b - b'0').collect();
                if digits.len() > CARD {
                    break;
                }
                if is_card(&digits) {
                    marks.push(first..end);
                }
            }
        }
        at = end;
    }
}

/// Returns whether digits are a card number: the length fits the first digit, and the check digit is valid. A first digit of 1 is
/// rejected, because timestamps in milliseconds start with it.
fn is_card(digits: &[u8]) -> bool {
    let begins = match digits.len() {
        13 => digits[0] == 4,
        14 | 15 => digits[0] == 3,
        16 => (2..=6).contains(&digits[0]),
        17..=CARD => (4..=6).contains(&digits[0]),
        _ => false,
    };
    begins && luhn(digits)
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
