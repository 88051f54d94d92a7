//! The names and limits by which the redactor recognizes secrets.

use waves_errors_core::internal::Texts;

/// No output contains this many consecutive bytes of a credential.
pub(super) const WINDOW: usize = 6;

/// HTTP headers with credentials or session state.
pub(super) const PROOFS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];
/// The pseudo-headers of HTTP/2, without the colon.
pub(super) const PSEUDO: [&str; 4] = ["authority", "method", "path", "scheme"];
/// HTTP headers that contain a URL.
pub(super) const ADDRESSES: [&str; 4] = ["content-location", "location", "origin", "referer"];
/// The usual schemes of HTTP credentials.
pub(crate) const SCHEMES: [&str; 4] = ["basic", "bearer", "digest", "token"];
/// The last words in the names of secret parameters and fields, for all APIs: `client_secret`, `authToken`.
pub(super) const SECRETS: [&str; 17] = [
    "auth",
    "authorization",
    "bearer",
    "cookie",
    "credential",
    "credentials",
    "jwt",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "session",
    "sid",
    "sig",
    "signature",
    "token",
];
/// The words before `key` in the names of secrets: `api_key`.
pub(super) const KEYS: [&str; 8] = ["access", "api", "auth", "encryption", "license", "private", "secret", "signing"];

/// Returns the credentials in the value of a header, without the scheme: `scheme` or one of [`SCHEMES`].
pub(super) fn credentials<'v>(value: &'v [u8], schemes: Texts<'_>) -> &'v [u8] {
    let value = value.trim_ascii();
    let (first, rest) = value.split_at(value.iter().position(|b| b" \t".contains(b)).unwrap_or(value.len()));
    let is_scheme = SCHEMES.into_iter().chain(schemes).any(|known| first.eq_ignore_ascii_case(known.as_bytes()));
    if is_scheme { rest.trim_ascii() } else { value }
}

/// Splits a name into words in lower case: at each character that is not an ASCII letter or digit, such as `-` and `_`, and between
/// a lowercase and an uppercase letter.
pub(super) fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() || c.is_ascii_uppercase() && small {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric() {
            words.last_mut().into_iter().for_each(|word| word.push(c.to_ascii_lowercase()));
        }
        small = c.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}
