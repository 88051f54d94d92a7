//! Secrets that are known by their shape, wherever they stand: keys, tokens, private keys, cards, addresses of people.

use std::ops::Range;

use super::WINDOW;

/// As many characters behind the beginning of a key make a key even in the middle of a word.
const CERTAIN: usize = 16;

/// Beginnings of secrets that are the same everywhere: JSON web tokens, AWS access keys.
const BEGINNINGS: [&str; 3] = ["eyJ", "AKIA", "ASIA"];

/// The schemes of HTTP's own credentials.
const SCHEMES: [&str; 4] = ["basic", "bearer", "digest", "token"];

/// Whether a byte ends a word.
pub(super) fn is_end(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'`<>()[]{},;".contains(&byte)
}

/// The places of the words of a text.
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
    // Where a scheme ended.
    let mut scheme = None;
    for word in words(text) {
        let body = &text[word.clone()];
        let follows = |end: usize| text[end..word.start].chars().all(|c| c.is_whitespace() || "\"'`<".contains(c));
        if scheme.is_some_and(follows) && is_credential(body) {
            marks.push(word.clone());
        } else {
            let mut from = 0;
            while let Some(at) = beginning(body, from, prefixes) {
                // In an address it ends with its part of it.
                let length = body[at..].find(['&', '/', '#', '?']).unwrap_or(body.len() - at);
                marks.push(word.start + at..word.start + at + length);
                from = at + length;
            }
        }
        scheme = SCHEMES.iter().any(|scheme| body.eq_ignore_ascii_case(scheme)).then_some(word.end);
    }
    private_keys(text, marks);
}

/// Marks what names a person: cards, mail addresses.
pub(super) fn personal(text: &str, marks: &mut Vec<Range<usize>>) {
    cards(text, marks);
    people(text, marks);
}

/// What follows the name of a scheme and is no word of a sentence.
fn is_credential(word: &str) -> bool {
    let odd = |c: char| c.is_ascii_digit() || "=_+/".contains(c);
    word.len() >= 8 && (word.contains(odd) || word.chars().skip(1).any(char::is_uppercase))
}

/// Where in a word, from a place on, something begins that has the beginning of a secret.
fn beginning(word: &str, from: usize, prefixes: &[&str]) -> Option<usize> {
    let at = |shape: &str| {
        let long = |at: &usize| {
            let apart = !word[..*at].ends_with(|c: char| c.is_ascii_alphanumeric());
            word.len() - at >= shape.len() + if apart { WINDOW } else { CERTAIN }
        };
        word[from..].match_indices(shape).map(|(at, _)| from + at).find(long)
    };
    prefixes.iter().copied().chain(BEGINNINGS).filter(|shape| !shape.is_empty()).filter_map(at).min()
}

/// Private keys as text: from their first line to their last, or to the end.
fn private_keys(text: &str, marks: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(start) = text[from..].find("-----BEGIN ").map(|at| from + at) {
        let end = text[start..].find("-----END ").map(|at| start + at);
        let close = end.and_then(|end| text[end + 9..].find("-----").map(|at| end + 9 + at + 5));
        let end = close.unwrap_or(text.len());
        marks.push(start..end);
        from = end;
    }
}

/// Numbers of payment cards: 13 to 19 digits, perhaps in groups, whose check digit is right.
fn cards(text: &str, marks: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let free = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if !bytes[at].is_ascii_digit() || !free {
            at += 1;
            continue;
        }
        let (mut end, mut digits) = (at, Vec::new());
        let mut look = at;
        while look < bytes.len() {
            match bytes[look] {
                digit @ b'0'..=b'9' => {
                    digits.push(digit - b'0');
                    end = look + 1;
                }
                b' ' | b'-' if bytes.get(look + 1).is_some_and(u8::is_ascii_digit) => {}
                _ => break,
            }
            look += 1;
        }
        let apart = bytes.get(end).is_none_or(|b| !b.is_ascii_alphanumeric());
        if apart && (13..=19).contains(&digits.len()) && luhn(&digits) {
            marks.push(at..end);
        }
        at = end.max(at + 1);
    }
}

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

/// Mail addresses.
fn people(text: &str, marks: &mut Vec<Range<usize>>) {
    let local = |b: u8| b.is_ascii_alphanumeric() || b"._%+-".contains(&b) || !b.is_ascii();
    let domain = |b: u8| b.is_ascii_alphanumeric() || b".-".contains(&b) || !b.is_ascii();
    let bytes = text.as_bytes();
    for (at, _) in text.match_indices('@') {
        let start = bytes[..at].iter().rposition(|&b| !local(b)).map_or(0, |before| before + 1);
        let end = bytes[at + 1..].iter().position(|&b| !domain(b)).map_or(bytes.len(), |end| at + 1 + end);
        let host = text[at + 1..end].trim_end_matches(['.', '-']);
        let top = host.rsplit_once('.').map_or("", |(_, top)| top);
        if start < at && top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit()) {
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
        assert_eq!(found("to jane.roe@example.com, now"), ["jane.roe@example.com"]);
        assert_eq!(
            found("-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n."),
            ["-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----"]
        );
        assert_eq!(found("a -----BEGIN RSA KEY-----\nMII"), ["-----BEGIN RSA KEY-----\nMII"]);
    }

    #[test]
    fn other_things_are_left_alone() {
        for text in [
            "Basic authentication failed",
            "Bearer Authentication",
            "4111 1111 1111 1112",
            "550e8400-e29b-41d4-a716-446655440000",
            "0000000000000000",
            "1795356010",
            "v@1.2",
            "@home",
            "a@b",
            "é@ü",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
