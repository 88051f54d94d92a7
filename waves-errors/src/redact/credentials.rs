//! The secrets of an exchange: what its requests prove and send, and what a server may repeat anywhere in its response.
//!
//! Values of unknown headers and parameters are hidden in their own place. Elsewhere only those are hidden that look like tokens: the name
//! of a model or a URL in a header must not hide the same words in a message.

use serde_json::Value;
use waves_errors_core::Evidence;

use super::decode::base64;
use super::names::{PROOFS, SECRETS, WINDOW, credentials};
use super::redactor::Redactor;
use crate::url::{authority, percent_decoded, query};

/// The minimum length of a token without a name that says that it is secret.
const TOKEN: usize = 16;
/// The maximum number of secrets in the body of a request.
const FIELDS: usize = 1000;

impl Redactor {
    /// Returns the secrets of an exchange, and of the earlier requests of its conversation.
    pub(super) fn secrets_of(&self, evidence: &Evidence) -> Vec<Vec<u8>> {
        let mut secrets = Vec::new();
        for request in evidence.earlier_requests().chain([evidence]) {
            self.header_secrets(request, &mut secrets);
            if let Some(url) = request.url() {
                self.url_secrets(url, &mut secrets);
            }
            self.body_secrets(request, &mut secrets);
        }
        secrets.retain(|secret| !is_name(secret));
        secrets
    }

    fn header_secrets(&self, request: &Evidence, secrets: &mut Vec<Vec<u8>>) {
        for (name, value) in request.request_headers() {
            if name == "host" || self.allowed.keep_headers().contains(name) {
                continue;
            }
            if name == "cookie" {
                value.split(|&byte| byte == b';').for_each(|cookie| self.cookie(cookie, secrets));
            } else if name == self.key.header() || PROOFS.contains(&name) {
                let secret = credentials(value, self.key.schemes());
                secrets.push(secret.to_vec());
                secrets.extend(password(value, secret));
            } else if self.is_secret_name(name) || is_token(value) && !is_id(name) {
                secrets.push(value.trim_ascii().to_vec());
            }
        }
        for value in request.headers().filter(|(name, _)| *name == "set-cookie").map(|(_, value)| value) {
            self.cookie(value.split(|&byte| byte == b';').next().unwrap_or_default(), secrets);
        }
    }

    /// Adds the value of a cookie, `name=value`, unless it is a plain word such as that of `theme=dark`.
    fn cookie(&self, cookie: &[u8], secrets: &mut Vec<Vec<u8>>) {
        let equals = cookie.iter().position(|&byte| byte == b'=');
        let (name, value) = equals.map_or((&b""[..], cookie), |equals| (&cookie[..equals], &cookie[equals + 1..]));
        let (name, value) = (String::from_utf8_lossy(name.trim_ascii()), value.trim_ascii());
        let lower = name.to_ascii_lowercase();
        let is_secret = ["sess", "sid", "auth", "token", "remember"].iter().any(|part| lower.contains(part));
        if is_secret || self.is_secret_name(&name) || !is_plain(value) {
            secrets.push(value.to_vec());
            secrets.extend(std::str::from_utf8(value).ok().map(percent_decoded));
        }
    }

    fn url_secrets(&self, url: &str, secrets: &mut Vec<Vec<u8>>) {
        let user = authority(url).and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
        // A user name alone is a token.
        let user = user.map(|user| user.split_once(':').map_or(user, |(_, password)| password));
        let parameters = query(url).filter(|(name, value)| {
            !self.keeps_parameter(name) && (name.is_empty() || self.is_secret_name(name) || is_token(value.as_bytes()))
        });
        for value in parameters.map(|(_, value)| value).chain(user) {
            secrets.extend([value.as_bytes().to_vec(), percent_decoded(value)]);
        }
        // A malformed URL can still contain a key.
        let mut marks = Vec::new();
        self.parameters(url, &mut marks);
        secrets.extend(marks.into_iter().map(|mark| percent_decoded(&url[mark])));
    }

    /// Adds the secret fields of a JSON document or of a form.
    fn body_secrets(&self, request: &Evidence, secrets: &mut Vec<Vec<u8>>) {
        let Some(text) = request.request_body().and_then(|body| std::str::from_utf8(body.bytes()).ok()) else { return };
        let text = text.trim_start_matches('\u{feff}').trim();
        let documents: Vec<Value> = match serde_json::from_str(text) {
            Ok(document) => vec![document],
            // JSON lines.
            Err(_) => text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(),
        };
        let mut fields = Vec::new();
        for document in &documents {
            self.secret_fields(document, false, &mut fields);
        }
        secrets.extend(fields.into_iter().take(FIELDS).map(String::into_bytes));
        if let Some(form) = Some(text).filter(|form| documents.is_empty() && !form.contains(char::is_whitespace)) {
            let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
            let secret = pairs.filter(|(name, _)| self.is_secret_name(name)).take(FIELDS);
            secrets.extend(secret.flat_map(|(_, value)| [value.as_bytes().to_vec(), percent_decoded(value)]));
        }
    }

    /// Collects the strings and numbers in fields whose name says that they are secret. The parser bounds the depth.
    fn secret_fields(&self, value: &Value, is_secret: bool, fields: &mut Vec<String>) {
        match value {
            Value::String(text) if is_secret => fields.push(text.clone()),
            Value::Number(number) if is_secret => fields.push(number.to_string()),
            Value::Array(items) => items.iter().for_each(|item| self.secret_fields(item, is_secret, fields)),
            Value::Object(object) => {
                for (name, value) in object {
                    self.secret_fields(value, self.is_secret_name(name), fields);
                }
            }
            _ => {}
        }
    }
}

/// Returns the password of Basic credentials, or the user name if there is no password: it then is a token.
fn password(value: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let is_basic = value.trim_ascii().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic"));
    let decoded = std::str::from_utf8(secret).ok().filter(|_| is_basic).and_then(base64)?;
    let colon = decoded.iter().position(|&byte| byte == b':');
    let (user, password) = colon.map_or((&decoded[..], &b""[..]), |colon| (&decoded[..colon], &decoded[colon + 1..]));
    Some(if password.is_empty() { user.to_vec() } else { password.to_vec() })
}

/// Words that are sent instead of a secret.
const WORDS: [&str; 8] = ["false", "invalid", "missing", "none", "null", "true", "undefined", "unknown"];

/// Returns whether a value is a common word, or the name of a secret such as `password`: hiding this word everywhere would hide what an
/// error is about.
fn is_name(secret: &[u8]) -> bool {
    std::str::from_utf8(secret).is_ok_and(|secret| {
        let secret = secret.to_ascii_lowercase();
        SECRETS.iter().chain(&WORDS).any(|word| *word == secret)
    })
}

/// Returns whether a header contains an id that support searches for.
fn is_id(name: &str) -> bool {
    name.ends_with("-id") || ["traceparent", "tracestate", "baggage", "b3"].contains(&name)
}

/// Returns whether a value looks like a token: long, with digits and letters, without the parts of an address, a path or a sentence.
fn is_token(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    value.len() >= TOKEN
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_alphabetic)
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=%".contains(byte))
        && !value.starts_with(b"/")
        && !is_plain(value)
}

/// Returns whether a value consists of plain words and short numbers, such as `lightning-v2`, `en-US` or `api.smallest.ai`.
fn is_plain(value: &[u8]) -> bool {
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
}
