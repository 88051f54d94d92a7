//! What a value looks like: a token, a word, code, or a text that reveals nothing.

use super::decode::MASKED;
use super::names::{SCHEMES, SecretName, WINDOW, secret_name};

/// The minimum length of a token without a name that says that it is secret.
const TOKEN: usize = 16;
/// The length of the start of a value that is looked at.
const LONG: usize = 256;
/// The minimum length of a credential after a scheme or a common name.
const CREDENTIAL: usize = 8;

/// Words that are written instead of a secret, or describe one.
const WORDS: [&str; 109] = [
    "0",
    "1",
    "absent",
    "accepted",
    "active",
    "anonymous",
    "any",
    "async",
    "await",
    "bool",
    "boolean",
    "bytes",
    "changed",
    "closed",
    "const",
    "created",
    "debug",
    "default",
    "deleted",
    "denied",
    "disabled",
    "empty",
    "enabled",
    "ended",
    "error",
    "expired",
    "fail",
    "failed",
    "failure",
    "false",
    "files",
    "filtered",
    "float",
    "fn",
    "found",
    "function",
    "hidden",
    "iam",
    "idle",
    "ignored",
    "inactive",
    "incorrect",
    "info",
    "int",
    "integer",
    "invalid",
    "is",
    "kept",
    "kerberos",
    "lambda",
    "ldap",
    "let",
    "masked",
    "missing",
    "mtls",
    "n/a",
    "nan",
    "negotiate",
    "new",
    "nil",
    "no",
    "none",
    "not",
    "ntlm",
    "null",
    "number",
    "oauth",
    "oauth2",
    "object",
    "off",
    "oidc",
    "ok",
    "on",
    "open",
    "option",
    "optional",
    "pending",
    "present",
    "redacted",
    "refreshed",
    "rejected",
    "required",
    "return",
    "revoked",
    "saml",
    "self",
    "sensitive",
    "sso",
    "started",
    "str",
    "string",
    "success",
    "text",
    "trace",
    "true",
    "type",
    "undefined",
    "unknown",
    "unset",
    "used",
    "user",
    "valid",
    "var",
    "verified",
    "void",
    "warn",
    "warning",
    "wrong",
    "yes",
];

/// The objects of which programs read members: `process.env.TOKEN` is code, not a token.
const ROOTS: [&str; 22] = [
    "args",
    "body",
    "config",
    "context",
    "credentials",
    "ctx",
    "data",
    "env",
    "input",
    "module",
    "options",
    "opts",
    "os",
    "params",
    "process",
    "req",
    "request",
    "secrets",
    "self",
    "settings",
    "this",
    "var",
];

/// Returns whether a value is not a secret, whatever its name: a word that describes one, a name, a reference, a piece of code, or a text of
/// masking characters.
pub(super) fn reveals_nothing(value: &str) -> bool {
    let word = value.trim_end_matches([';', ',', '.', ':', '?', '!', ')']).trim_start_matches(['&', '*']);
    value.strip_prefix('-').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        || is_common_word(word)
        || is_path(word)
        || is_reference(word)
        || is_code(value)
}

/// Returns whether a value is a word that describes a secret, a name of secrets, or a text of masking characters.
pub(super) fn is_common_word(word: &str) -> bool {
    let mut buffer = [0; 16];
    let is_known = |lower: &str| WORDS.contains(&lower) || SCHEMES.contains(&lower);
    lower(word, &mut buffer).is_some_and(is_known)
        || names_secret(word)
        || word.bytes().all(|byte| b"*xX.#-_?".contains(&byte))
}

/// Returns whether a value is a name of secrets itself: `password`, `api_key`, `MAX_TOKENS`.
fn names_secret(value: &str) -> bool {
    let is_identifier = value.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let has_words = value.contains('_') || value.bytes().all(|byte| byte.is_ascii_uppercase());
    is_identifier
        && secret_name(value).is_some_and(|name| name.word.len() == value.len() || has_words || name.is_plural)
}

/// Returns whether a value is the path of a file: `/etc/app/token`, `~/keys/private.pem`, `C:\\keys`, `token:/etc/app/token`.
fn is_path(value: &str) -> bool {
    let path = value.find(":/").map_or(value, |at| &value[at + 1..]);
    let is_drive = path.get(1..3).is_some_and(|drive| drive == ":\\" || drive == ":/");
    let has_start =
        path.starts_with("./") || path.starts_with("~/") || path.starts_with('/') && path[1..].contains(['/', '.']);
    (is_drive || has_start) && !path.starts_with("//") && is_plain(path.as_bytes())
}

/// Returns a short word in lower case.
fn lower<'b>(word: &str, buffer: &'b mut [u8; 16]) -> Option<&'b str> {
    let target = buffer.get_mut(..word.len())?;
    target.copy_from_slice(word.as_bytes());
    target.make_ascii_lowercase();
    std::str::from_utf8(target).ok()
}

/// Returns whether a text consists of placeholders of an earlier redaction.
pub(super) fn is_masked(value: &str) -> bool {
    value.bytes().all(|byte| byte == MASKED)
}

/// Returns whether a value refers to a secret elsewhere: `$TOKEN`, `${{ secrets.TOKEN }}`, `%TOKEN%`, `<KEY>`, `[REDACTED]`.
fn is_reference(value: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let between = |open: &str, close: &str| value.strip_prefix(open).and_then(|value| value.strip_suffix(close));
    value.starts_with("!Ref")
        || value.starts_with("${")
        || value.starts_with("{{")
        || value.starts_with("$(")
        || value.starts_with("%(")
        || value
            .strip_prefix('$')
            .is_some_and(|name| is_name(name) || name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        || between("%", "%").is_some_and(is_name)
        || between("<", ">").is_some_and(|name| is_plain(name.as_bytes()))
        || between("[", "]").is_some_and(|name| is_name(name) || is_common_word(name))
}

/// Returns whether a value is a piece of code: `parse_token(input)`, `Token::new`, `self.token`, `String`, `&str`.
fn is_code(value: &str) -> bool {
    let value = value.trim_start_matches(['&', '*', '!', '(']);
    let length = value.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'_').count();
    let (word, rest) = value.split_at(length);
    let is_identifier = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_call = is_call(word, rest) || rest.starts_with("::") || rest.starts_with('<') && rest.ends_with('>');
    is_identifier
        && (is_call
            || rest.starts_with('.') && (ROOTS.contains(&word) || rest.contains('('))
            || rest.starts_with('[') && rest.contains(']') && ROOTS.contains(&word))
}

/// Returns whether a value is a number of things, such as `tokens=512`, and not a secret number.
pub(super) fn is_count(value: &str, name: SecretName) -> bool {
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match name.word {
        "pin" | "otp" | "totp" => !value.bytes().any(|byte| byte.is_ascii_digit()) || value.len() < 4,
        // `accesskey="s"` in HTML.
        "key" => value.len() < 3,
        // `x-ratelimit-reset-tokens: 6m0s`.
        _ if name.is_plural && value.len() <= 7 && value.starts_with(|c: char| c.is_ascii_digit()) => true,
        _ => name.is_common && is_number && value.len() <= 7,
    }
}

/// Returns whether a value of `PWD` is the working directory.
pub(super) fn is_directory(value: &str, name: SecretName) -> bool {
    name.word == "pwd"
        && (value.starts_with(['/', '~', '.']) || value.get(1..3).is_some_and(|drive| drive == ":\\" || drive == ":/"))
}

/// Returns whether a word and the text after it are the call of a function: `parse_token(input)?`, `parse_token(`.
fn is_call(word: &str, rest: &str) -> bool {
    let Some(arguments) = rest.strip_prefix('(') else { return false };
    match arguments.rfind(')') {
        Some(close) => arguments[close + 1..].starts_with(['?', ';', ',', '.', ')']) || close + 1 == arguments.len(),
        None => (word.len() >= 4 || arguments.is_empty()) && !arguments.bytes().any(|byte| byte.is_ascii_digit()),
    }
}

/// Returns whether a word after a scheme or a common name looks like a credential rather than a word of a sentence.
pub(super) fn is_credential(word: &str) -> bool {
    // Neither a placeholder nor the end of a longer word makes a difference.
    let word = word.trim_start_matches(char::from(MASKED));
    let word = word.get(..4 * CREDENTIAL).unwrap_or(word);
    let bytes = word.as_bytes();
    let has = |is: fn(&u8) -> bool| bytes.iter().any(is);
    let is_mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    word.len() >= CREDENTIAL
        && !is_pair(bytes)
        && !is_masked(word)
        && (is_mixed || is_random(word))
        && !is_located(word)
}

/// Returns whether a word is the next pair of a log line: `request_id=req_1`. Base64 has `=` only at its end.
fn is_pair(word: &[u8]) -> bool {
    let equals = word.iter().position(|&byte| byte == b'=').unwrap_or(word.len());
    word[equals..].iter().any(|&byte| byte != b'=')
}

/// Returns whether letters have capitals where a word has none: `QzWvXkRjPm`.
fn is_random(word: &str) -> bool {
    let mut inner = word.bytes().skip(1).filter(u8::is_ascii_alphabetic);
    let capitals = inner.clone().filter(u8::is_ascii_uppercase).count();
    let all = inner.by_ref().count();
    capitals * 4 > all && capitals < all && !word.contains(['_', ' '])
}

/// Returns whether a word is an address, a path or a time: `https://h/v1`, `src/auth.rs:12`, `2026-11-22T14:00:00Z`.
fn is_located(word: &str) -> bool {
    let bytes = word.as_bytes();
    let is_time = bytes.len() >= CREDENTIAL && bytes[..4].iter().all(u8::is_ascii_digit) && b"-/.".contains(&bytes[4]);
    let is_clock = bytes.get(2) == Some(&b':') && bytes[..2].iter().all(u8::is_ascii_digit);
    // A version, such as `1.14.10-1~deb12u1`.
    let is_version = bytes[0].is_ascii_digit() && bytes[1..].iter().take(6).any(|byte| *byte == b'.');
    is_version
        || word.contains("://")
        || word.starts_with(['/', '.', '~'])
        || is_time
        || is_clock
        || word.contains('/') && word.contains('.')
}

/// Returns whether a text in a list is a value rather than a word.
pub(super) fn is_mixed(content: &str) -> bool {
    // The start of a longer one is enough.
    let start = &content.as_bytes()[..content.len().min(LONG)];
    start.iter().any(u8::is_ascii_digit) || content.len() >= 16 && !is_plain(start)
}

/// Returns whether a value looks like a token: long, with digits and letters, without the parts of an address, a path or a sentence.
pub(super) fn is_token(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    value.len() >= TOKEN
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_alphabetic)
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=%".contains(byte))
        && !value.starts_with(b"/")
        && !is_pair(value)
        && !is_plain(value)
}

/// Returns whether a value consists of plain words and short numbers, such as `lightning-v2`, `en-US` or `api.smallest.ai`.
pub(super) fn is_plain(value: &[u8]) -> bool {
    let is_word = |part: &[u8]| {
        let letters = part.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let digits = part[letters..].iter().all(u8::is_ascii_digit);
        // `camelCase` is a word, random letters have more capitals.
        let capitals = part[..letters].iter().skip(1).filter(|byte| byte.is_ascii_uppercase()).count();
        let is_upper = part[..letters].iter().all(u8::is_ascii_uppercase);
        digits
            && part.len() - letters <= 4
            && (is_upper && letters <= 4 || capitals * 4 <= letters)
            && letters <= 2 * WINDOW
    };
    value.split(|byte| !byte.is_ascii_alphanumeric()).all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_distinguished_from_words() {
        for token in
            ["Zq7RtX0bVn4LpW2mKc9H", "hookKey_4f9c2b7e1a8d6035", "0123456789abcdef", "FwoGZXIvYXdzEJr1//wEaDHRlc3Q="]
        {
            assert!(is_token(token.as_bytes()), "{token}");
        }
        for other in [
            "lightning-v3.1-multilingual",
            "https://api.smallest.ai/waves/v1",
            "/waves/v1/pulse/get_text",
            "application/vnd.api+json",
            "eu-west-1.api.smallest.ai",
            "u=1, i",
            "2026-11-22",
            "short1",
        ] {
            assert!(!is_token(other.as_bytes()), "{other}");
        }
        for plain in ["dark", "en-US", "lightning-v2", "true", "GA1.2.1234"] {
            assert!(is_plain(plain.as_bytes()), "{plain}");
        }
        for random in ["abcdefghijklmnop", "x9f3k2", "QzWvXkRjPm"] {
            assert!(!is_plain(random.as_bytes()), "{random}");
        }
    }

    #[test]
    fn credentials_are_distinguished_from_words_of_sentences() {
        for credential in
            ["abc123def456", "dXNlcjpwYXNz", "hunter2Secret9", "secret123", "550e8400-e29b-41d4-a716-446655440000"]
        {
            assert!(is_credential(credential), "{credential}");
        }
        for word in [
            "Authentication",
            "authentication",
            "request_id=req_1",
            "not_required",
            "2026-11-22T14:00",
            "src/auth2.rs:12",
        ] {
            assert!(!is_credential(word), "{word}");
        }
    }

    #[test]
    fn references_and_code_reveal_nothing() {
        for value in [
            "null",
            "None",
            "String;",
            "***",
            "$TOKEN",
            "${{ secrets.X }}",
            "<KEY>",
            "<your key>",
            "[REDACTED]",
            "parse_token(input)?;",
            "self.token",
            "Token::new()",
            "process.env.TOKEN",
            "password",
            "Option<String>",
            "%PASSWORD%",
            "expired.",
        ] {
            assert!(reveals_nothing(value), "{value}");
        }
        for secret in ["hunter2", "correcthorsebattery", "$ecret123", "my.pass", "a(b", "p@ss", "abc<def"] {
            assert!(!reveals_nothing(secret), "{secret}");
        }
    }
}
