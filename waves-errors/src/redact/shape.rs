//! Secrets that are recognized by their shape: keys with a known prefix, base64 of them, private keys, card numbers, email addresses.

use std::ops::Range;

use super::decode::base64;
use super::names::WINDOW;

/// The prefixes of keys that their vendors publish for secret scanners, each with the minimum number of characters after it.
pub(super) const SHAPES: [(&str, usize); 61] = [
    ("AGE-SECRET-KEY-1", 20),
    ("AIza", 30),
    ("AKIA", 6),
    ("ASIA", 6),
    ("ATATT3", 20),
    ("EAAC", 40),
    ("FlyV1 ", 20),
    ("LTAI", 12),
    ("NRAK-", 20),
    ("PMAK-", 20),
    ("SG.", 30),
    ("atlasv1.", 20),
    ("dapi", 32),
    ("dckr_pat_", 20),
    ("doo_v1_", 32),
    ("dop_v1_", 32),
    ("dor_v1_", 32),
    ("dp.pt.", 20),
    ("eyJ", 6),
    ("figd_", 20),
    ("gho_", 20),
    ("ghp_", 20),
    ("ghr_", 20),
    ("ghs_", 20),
    ("ghu_", 20),
    ("github_pat_", 20),
    ("glc_", 20),
    ("gldt-", 16),
    ("glpat-", 16),
    ("glrt-", 16),
    ("glsa_", 20),
    ("gsk_", 20),
    ("hf_", 30),
    ("hvb.", 20),
    ("hvs.", 20),
    ("key-", 32),
    ("lin_api_", 20),
    ("npm_", 30),
    ("ntn_", 20),
    ("pplx-", 20),
    ("pscale_pw_", 20),
    ("pscale_tkn_", 20),
    ("pypi-", 20),
    ("r8_", 30),
    ("rk_live_", 16),
    ("rk_test_", 16),
    ("sbp_", 30),
    ("shpat_", 20),
    ("shpca_", 20),
    ("shppa_", 20),
    ("shpss_", 20),
    ("sk-", 20),
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("sntrys_", 20),
    ("sq0atp-", 16),
    ("sq0csp-", 16),
    ("whsec_", 20),
    ("xapp-", 20),
    ("xox", 12),
    ("ya29.", 20),
];
/// The texts before a secret that are searched for in base64, in addition to the prefixes of keys.
pub(super) const HEADERS: [&str; 4] = ["Authorization: ", "authorization: ", "Bearer ", "Basic "];

/// The start of the first line of a private key or certificate.
pub(super) const BEGIN: &str = "-----BEGIN ";
/// The start of its last line.
const END: &str = "-----END";
/// The length of the start of base64 that is decoded.
const CODED: usize = 1024;
/// The maximum length of the label of a private key.
const LABEL: usize = 40;
/// The minimum length of a line of base64 after other words, such as those that a log adds.
const LINE: usize = 32;

/// Returns whether a byte ends a word.
pub(super) fn is_end(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'`<>()[]{},;".contains(&byte)
}

/// Returns whether a byte belongs to a key.
fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~+%".contains(&byte)
}

/// Returns whether a secret can begin at a position: `sk_` in `task_1` is not a prefix.
fn is_word_start(text: &str, at: usize) -> bool {
    !text.as_bytes()[..at].last().is_some_and(u8::is_ascii_alphanumeric)
}

/// Returns the range of the key that begins with a prefix at `at`, if at least `minimum` characters follow the prefix.
pub(super) fn key(text: &str, at: usize, prefix: &str, minimum: usize) -> Option<Range<usize>> {
    if !is_word_start(text, at) {
        return None;
    }
    let after = at + prefix.len();
    let length = |limit| text.as_bytes()[after..].iter().take(limit).take_while(|&&byte| is_key_byte(byte)).count();
    // `sk-learn-contrib-project` and `key-value-store-for-all` are words. Their start is enough to see that.
    let start = &text.as_bytes()[after..after + length(4 * LINE)];
    let is_word = minimum > WINDOW && !start.iter().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    if is_word || start.len() < minimum {
        return None;
    }
    let rest = text[after..after + length(usize::MAX)].trim_end_matches(['.', '-', '%']);
    (rest.len() >= minimum).then(|| at..after + rest.len())
}

/// Returns the base64 of the whole groups of six bits of a text. The base64 of each longer text begins with it.
pub(super) fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bit = |n: usize| bytes[n / 8] >> (7 - n % 8) & 1;
    let groups = (0..bytes.len() * 8 / 6).map(|group| (6 * group..6 * group + 6).fold(0, |six, n| six << 1 | bit(n)));
    groups.map(|six| char::from(ALPHABET[usize::from(six)])).collect()
}

/// Returns the range of the base64 at `at`, which is that of a secret.
pub(super) fn coded_key(text: &str, at: usize) -> Option<Range<usize>> {
    if !is_word_start(text, at) {
        return None;
    }
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    let length = text.as_bytes()[at..].iter().take(CODED).take_while(|byte| is_base64(byte)).count();
    let run = &text[at..at + length];
    // A slash is a character of base64, but also separates the segments of a path: those of base64 decode to a text.
    let readable = base64(run)?.iter().take_while(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()).count();
    let is_readable = readable + 1 >= run.len() * 3 / 4;
    let slashes = run.match_indices('/').map(|(slash, _)| slash).take_while(|&slash| slash <= readable * 4 / 3 + 3);
    let end = slashes.last().filter(|_| !is_readable).unwrap_or(length);
    // The end of a longer one.
    let rest = || text.as_bytes()[at + end..].iter().take_while(|byte| is_base64(byte)).count();
    let end = if end == CODED { end + rest() } else { end };
    (end > WINDOW).then(|| at..at + end)
}

/// Returns the end of the first line of a private key or certificate that begins at `at`: `-----BEGIN RSA PRIVATE KEY-----`.
pub(super) fn key_label_end(text: &str, at: usize) -> Option<usize> {
    let label = at + BEGIN.len();
    let length = text.as_bytes()[label..].windows(5).take(LABEL).position(|dashes| dashes == b"-----")?;
    Some(label + length + 5)
}

/// Returns the range of the content of a private key that continues in the line of its label, after `from`.
pub(super) fn key_content(text: &str, from: usize) -> Option<Range<usize>> {
    let is_content = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/= \t\\:".contains(byte);
    let length = text.as_bytes()[from..].iter().take_while(|byte| is_content(byte)).count();
    let content = &text[from..from + length];
    let is_base64 = content.split_ascii_whitespace().any(|word| word.len() >= 2 * LINE);
    let start = from + (content.len() - content.trim_start().len());
    let is_key = is_base64 || text[from + length..].starts_with(END) && !content.trim().is_empty();
    is_key.then(|| start..from + content.trim_end().len())
}

/// A line after the first line of a private key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum KeyLine {
    /// Base64, at this range.
    Base64(Range<usize>),
    /// A header, or an empty line.
    Header,
    /// The last line, or another text.
    Other,
}

/// Returns what a line is within a private key. `is_first` for the lines before the base64.
pub(super) fn key_line(line: &str, is_first: bool) -> KeyLine {
    let content = line.trim();
    let start = line.len() - line.trim_start().len();
    // `=` only ends base64: `status=200` is another line. A quote or an escaped line end may follow.
    let word = content.trim_end_matches(['"', '\'', ',', ')', '`']).trim_end_matches("\\n");
    let is_base64 =
        |word: &str| word.trim_end_matches('=').bytes().all(|b| b.is_ascii_alphanumeric() || b"+/".contains(&b));
    if word.is_empty() {
        return KeyLine::Header;
    }
    if is_base64(word) && (word.len() >= WINDOW || word.ends_with('=') || word.bytes().any(|b| b.is_ascii_digit())) {
        return KeyLine::Base64(start..start + word.len());
    }
    let name = content.split_once(": ").map_or("", |(name, _)| name);
    if is_first && !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return KeyLine::Header;
    }
    match word.rsplit([' ', '\t', ':', '"', '\'', '|']).next().filter(|last| last.len() >= LINE && is_base64(last)) {
        Some(last) => KeyLine::Base64(start + word.len() - last.len()..start + word.len()),
        None => KeyLine::Other,
    }
}

/// The minimum length of a card number, with or without separators.
pub(super) const MIN_CARD: usize = 13;
/// The maximum number of digits of a card number.
const CARD: usize = 19;

/// The groups in which card numbers are written.
const GROUPS: [&[usize]; 4] = [&[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 4, 3]];

/// Finds card numbers: 13 to 19 digits with a valid check digit, in one run or in the usual groups with one separator. Other numbers in a
/// row are not a card number.
pub(super) fn cards(text: &str, marks: &mut Vec<Range<usize>>) {
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
        if (!is_word || end - at == 16) && is_card(&bytes[at..end]) && !is_number_or_id(&text[..at]) {
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

/// Returns whether the digits after a text are those of a fraction, `0.4111`, or of an id, `trace_id=4111`.
fn is_number_or_id(before: &str) -> bool {
    let is_fraction = before.strip_suffix('.').is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
    let name = before.trim_end_matches(['"', '\'', ' ', '=', ':', '\\']);
    is_fraction
        || name.len() < before.len()
            && name.as_bytes().last_chunk().is_some_and(|id: &[u8; 2]| id.eq_ignore_ascii_case(b"id"))
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

/// Finds email addresses.
pub(super) fn mails(text: &str, marks: &mut Vec<Range<usize>>) {
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

    fn personal(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        cards(text, &mut found);
        mails(text, &mut found);
        found.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn card_numbers_and_email_addresses_are_found() {
        assert_eq!(
            personal("pay 4111 1111 1111 1111 or 4111111111111111."),
            ["4111 1111 1111 1111", "4111111111111111"]
        );
        assert_eq!(
            personal("400 4111111111111111; 12-2026 4111-1111-1111-1111"),
            ["4111111111111111", "4111-1111-1111-1111"]
        );
        assert_eq!(personal("visa4111111111111111 4111.1111.1111.1111"), ["4111111111111111", "4111.1111.1111.1111"]);
        assert_eq!(personal("to jane.roe@example.com, now"), ["jane.roe@example.com"]);
        for text in [
            "latencies 312 455 210 388 401 512 299 487",
            "4111 1111-1111 1111",
            "4111 1111 1111 1112",
            "550e8400-e29b-41d4-a716-446655440000",
            "0000000000000000",
            "1795356010",
            "ts=1795356010003",
            "ratio 0.4111111111111111",
            "trace_id=4111111111111111",
            "v@1.2",
            "@home",
            "a@b",
        ] {
            assert_eq!(personal(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn keys_are_found_by_their_prefix() {
        let found = |text: &'static str, prefix, minimum| {
            key(text, text.find(prefix).unwrap(), prefix, minimum).map(|range| &text[range])
        };
        assert_eq!(found("key sk_0123456789.", "sk_", 6), Some("sk_0123456789"));
        assert_eq!(found("(AKIAIOSFODNN7EXAMPLE)", "AKIA", 6), Some("AKIAIOSFODNN7EXAMPLE"));
        assert_eq!(found("task_0123456789abcdef01 failed", "sk_", 6), None);
        assert_eq!(found("a sk-learn-contrib-project-of-mine", "sk-", 20), None);
        assert_eq!(found("sk_12", "sk_", 6), None);
        assert_eq!(coded_key("x c2tfMDEyMzQ1Njc4OQ y", 2), Some(2..20));
        assert_eq!(coded_key("/keys/c2tfMDEyMzQ1Njc4/revoke", 6), Some(6..22));
    }

    #[test]
    fn lines_of_private_keys_are_recognized() {
        assert_eq!(key_label_end("-----BEGIN RSA PRIVATE KEY-----", 0), Some(31));
        assert_eq!(key_line("MIIEpAIBAAKCAQEA", true), KeyLine::Base64(0..16));
        assert_eq!(key_line("  \"MIIEpAIBAAKCAQEAMIIEpAIBAAKCAQEA\",", false), KeyLine::Base64(3..35));
        assert_eq!(key_line("Proc-Type: 4,ENCRYPTED", true), KeyLine::Header);
        assert_eq!(key_line("", true), KeyLine::Header);
        for other in ["-----END RSA PRIVATE KEY-----", "status=200", "next line"] {
            assert_eq!(key_line(other, false), KeyLine::Other, "{other}");
        }
    }
}
