//! The names of secrets.

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

/// The last words in the names of secret headers, parameters and fields, for all APIs: `client_secret`, `authToken`.
pub(super) const SECRETS: [&str; 33] = [
    "assertion",
    "auth",
    "authorization",
    "bearer",
    "cookie",
    "cred",
    "credential",
    "creds",
    "csrf",
    "csrftoken",
    "jsessionid",
    "jwt",
    "otp",
    "pass",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "passwort",
    "phpsessid",
    "pin",
    "pwd",
    "secret",
    "sessid",
    "session",
    "setcookie",
    "sid",
    "sig",
    "signature",
    "token",
    "totp",
    "xsrf",
    "xsrftoken",
];
/// The secrets whose names end other words without a separator: `PGPASSWORD`, `authtoken`.
const GLUED: [&str; 7] = ["cookie", "passphrase", "passwd", "password", "pwd", "secret", "token"];
/// The words before `key` in the names of secrets: `api_key`, `AccountKey`.
const KEYS: [&str; 25] = [
    "access",
    "account",
    "api",
    "app",
    "application",
    "auth",
    "client",
    "decryption",
    "encryption",
    "functions",
    "license",
    "master",
    "private",
    "rsa",
    "secret",
    "server",
    "session",
    "service",
    "shared",
    "signing",
    "ssh",
    "storage",
    "subscription",
    "webhook",
    "write",
];
/// The words before `pass` and `pw` in the names of passwords: `db_pass`, `smtppass`.
const PASSES: [&str; 21] = [
    "admin", "auth", "db", "ftp", "http", "key", "ldap", "login", "mail", "mongo", "my", "mysql", "pg", "proxy",
    "redis", "root", "smtp", "sql", "ssh", "store", "user",
];
/// The words after the name of a secret that do not change its meaning: `password_confirmation`, `JWT_SECRET_OLD`.
const SUFFIXES: [&str; 21] = [
    "again",
    "b64",
    "base",
    "base64",
    "confirm",
    "confirmation",
    "current",
    "data",
    "dev",
    "hash",
    "new",
    "old",
    "plain",
    "prod",
    "production",
    "raw",
    "repeat",
    "staging",
    "string",
    "test",
    "value",
];
/// The first words of names of settings about secrets: `needs_password`.
const SETTINGS: [&str; 18] = [
    "allow", "ask", "enable", "has", "hide", "is", "max", "min", "needs", "no", "num", "require", "requires", "show",
    "skip", "use", "uses", "without",
];
/// The names that occur in sentences and code, such as `invalid token: expired`, and not only before a secret.
const COMMON: [&str; 13] = [
    "assertion",
    "auth",
    "authorization",
    "bearer",
    "cookie",
    "credential",
    "otp",
    "pass",
    "pin",
    "session",
    "sig",
    "signature",
    "token",
];
/// The field in which validators quote what a user sent.
pub(super) const INPUT: &str = "input_value";
/// The maximum length of a name.
pub(super) const NAME: usize = 64;

/// The name of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SecretName {
    /// The word that says so, such as `token`.
    pub(super) word: &'static str,
    /// Whether the name also occurs in sentences: a single common word.
    pub(super) is_common: bool,
    /// Whether the name is a plural, such as `max_tokens`: its value can be their number.
    pub(super) is_plural: bool,
}

impl SecretName {
    /// Returns the name of a parameter or header that the catalog names.
    pub(super) fn of_catalog() -> Self {
        Self { word: "key", is_common: false, is_plural: false }
    }

    /// Returns whether the name is that of a password, whose value can be a word.
    pub(super) fn is_password(self) -> bool {
        ["pass", "passcode", "passphrase", "passwd", "password", "passwort", "pwd", "secret"].contains(&self.word)
    }

    /// Returns whether all words in a list or an object of this name are secret.
    pub(super) fn hides_words(self) -> bool {
        !self.is_common || ["cookie", "credential"].contains(&self.word)
    }
}

/// Returns the stems by which a text is searched for the names of secrets. Each has at least three characters.
pub(super) fn stems() -> impl Iterator<Item = &'static str> {
    SECRETS.into_iter().chain(["key", "_pw"])
}

/// Returns the part of a name that says that it names a secret, in the catalog's API or in any API.
pub(super) fn secret_name(name: &str) -> Option<SecretName> {
    let mut buffer = [0; 2 * NAME];
    let lower = in_words(name, &mut buffer)?;
    let mut words = lower.rsplit('_').filter(|word| !word.is_empty());
    let mut last = words.next()?;
    while is_suffix(last) {
        last = words.next()?;
    }
    let before = words.next();
    if SETTINGS.contains(&lower.split('_').find(|word| !word.is_empty())?) && before.is_some() {
        return None;
    }
    let stem = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let singular = stem.strip_suffix('s').unwrap_or(stem);
    let is_plural = singular.len() < stem.len() && !SECRETS.contains(&stem);
    let is_glued = |word: &str| word.len() < singular.len();
    let is_common = |word: &str| before.is_none() && !is_glued(word) && COMMON.contains(&word);
    let found = |word| Some(SecretName { word, is_common: is_common(word), is_plural });
    if let Some(word) = SECRETS.into_iter().find(|word| *word == stem || *word == singular) {
        return found(word);
    }
    let is_one_of = |words: &[&str], word: &str| words.contains(&word);
    let key =
        singular.strip_suffix("key").map(|glued| if glued.is_empty() { before.unwrap_or_default() } else { glued });
    let ends_with_one = |before: &str| KEYS.iter().any(|word| word.len() > 4 && before.ends_with(word));
    if key.is_some_and(|before| is_one_of(&KEYS, before) || ends_with_one(before)) {
        return found("key");
    }
    let password = stem.strip_suffix("pass").or(stem.strip_suffix("pw"));
    let password = password.map(|glued| if glued.is_empty() { before.unwrap_or_default() } else { glued });
    if password.is_some_and(|before| is_one_of(&PASSES, before)) {
        return found("password");
    }
    found(GLUED.into_iter().find(|word| singular.ends_with(word))?)
}

/// Returns whether a word after the name of a secret does not change its meaning.
fn is_suffix(word: &str) -> bool {
    let number = word.strip_prefix('v').unwrap_or(word);
    SUFFIXES.contains(&word) || !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

/// Writes a name in lower case, with `_` between its words: at each character that is not an ASCII letter or digit, such as `-` and `.`, and
/// between a lowercase and an uppercase letter. Returns `None` for text that is too long for a name.
fn in_words<'b>(name: &str, buffer: &'b mut [u8; 2 * NAME]) -> Option<&'b str> {
    if name.len() > NAME {
        return None;
    }
    let mut length = 0;
    let mut was_small = false;
    for byte in name.bytes() {
        if byte.is_ascii_uppercase() && was_small {
            buffer[length] = b'_';
            length += 1;
        }
        buffer[length] = if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b'_' };
        length += 1;
        was_small = byte.is_ascii_lowercase() || byte.is_ascii_digit();
    }
    std::str::from_utf8(&buffer[..length]).ok()
}

/// Returns whether a byte can belong to a name.
pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)
}

/// Returns the credentials in the value of a header, without the scheme: one of `schemes` or of [`SCHEMES`].
pub(super) fn credentials<'v>(value: &'v [u8], schemes: Texts<'_>) -> &'v [u8] {
    let value = value.trim_ascii();
    let (first, rest) = value.split_at(value.iter().position(|b| b" \t".contains(b)).unwrap_or(value.len()));
    let is_scheme = SCHEMES.into_iter().chain(schemes).any(|known| first.eq_ignore_ascii_case(known.as_bytes()));
    if is_scheme { rest.trim_ascii() } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_recognized() {
        for name in [
            "password",
            "Password",
            "db_pass",
            "PGPASSWORD",
            "MYSQL_PWD",
            "password2",
            "passwordConfirmation",
            "user.password",
            "apiKeys",
            "x-api-key",
            "APIKey",
            "AccountKey",
            "SharedAccessKey",
            "aws_secret_access_key",
            "secret_key_base",
            "JWT_SECRET_OLD",
            "SMALLEST_API_KEY",
            "authtoken",
            "_authToken",
            "refresh_tokens",
            "token_v2",
            "X-Amz-Security-Token",
            "Set-Cookie",
            "csrf_token",
            "smtppass",
            "db-pw",
            "GITHUB_TOKEN_PROD",
            "hub.verify_token",
        ] {
            assert!(secret_name(name).is_some(), "{name}");
        }
        for name in [
            "session_id",
            "token_type",
            "tokens_used",
            "session_duration",
            "tokenizer",
            "primary_key",
            "public_key",
            "api_key_id",
            "token_expires_in",
            "bypass",
            "compass",
            "author",
            "password_file",
            "secret_name",
            "key",
            "keyboard",
            "pinned",
            "authority",
            "sidecar",
            "value",
            "2",
            "",
        ] {
            assert_eq!(secret_name(name), None, "{name}");
        }
        assert!(secret_name("token").is_some_and(|name| name.is_common));
        assert!(secret_name("auth_token").is_some_and(|name| !name.is_common));
        assert!(secret_name(&"token".repeat(20)).is_none());
    }
}
