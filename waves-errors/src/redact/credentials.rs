//! The secrets of an exchange: what its requests prove and send, and what a server may repeat anywhere in its response.
//!
//! Values of unknown headers and parameters are hidden in their own place. Elsewhere only those are hidden that look like tokens: the name
//! of a model or a URL in a header must not hide the same words in a message.

use serde_json::{Map, Value};
use waves_errors_core::Evidence;

use super::decode::{View, base64};
use super::engine::Engine;
use super::line::Form;
use super::names::{PROOFS, credentials};
use super::notation::floor;
use super::rules::{Rules, Secrets};
use super::sibling;
use super::value::{is_mixed, is_plain, is_token};
use crate::url::{authority, percent_decoded, query};

/// The maximum length of a document that is parsed as JSON. A longer one would need too much memory, so it is searched as a text.
const PARSED: usize = 1 << 20;
/// The maximum number of secrets of a response.
const RESPONSE: usize = 20;
/// The length of the start of markup in a response that is searched.
const MARKUP: usize = 4 << 10;
/// The maximum number of secrets of a document.
const FIELDS: usize = 1000;
/// The maximum depth of JSON documents in strings of JSON documents.
const DEPTH: usize = 4;

/// Returns the secrets of an exchange, and of the earlier requests of its conversation.
pub(super) fn of_exchange(rules: &Rules, evidence: &Evidence) -> Secrets {
    let mut collector = Collector { rules, secrets: Secrets::default() };
    for request in evidence.earlier_requests().chain([evidence]) {
        collector.headers(request);
        if let Some(url) = request.url() {
            collector.url(url);
        }
        if let Some(text) = request.request_body().and_then(|body| std::str::from_utf8(body.bytes()).ok()) {
            collector.document(text);
            collector.prose(text);
        }
    }
    // The message of a response can be the value of a secret name in its body.
    let contents = collector.secrets.contents.len();
    for body in [evidence.body(), evidence.frame()].into_iter().flatten() {
        collector.response(body.bytes());
    }
    collector.secrets.contents.truncate(contents);
    collector.secrets
}

/// Returns the secrets of a document.
pub(super) fn of_document(rules: &Rules, text: &str) -> Secrets {
    let mut collector = Collector { rules, secrets: Secrets::default() };
    collector.document(text);
    collector.secrets
}

/// Collects the secrets of an exchange or of a document.
struct Collector<'r> {
    rules: &'r Rules,
    secrets: Secrets,
}

impl Collector<'_> {
    fn headers(&mut self, request: &Evidence) {
        request.request_headers().for_each(|(name, value)| self.header(name, value));
        for value in request.headers().filter(|(name, _)| *name == "set-cookie").map(|(_, value)| value) {
            self.cookie(value.split(|&byte| byte == b';').next().unwrap_or_default());
        }
    }

    fn header(&mut self, name: &str, value: &[u8]) {
        let rules = self.rules;
        if name == "host" || rules.allowed.keep_headers().contains(name) {
            return;
        }
        if name == "cookie" {
            value.split(|&byte| byte == b';').for_each(|cookie| self.cookie(cookie));
        } else if name == rules.key.header() || PROOFS.contains(&name) {
            let secret = credentials(value, rules.key.schemes());
            self.secrets.credentials.push(secret.to_vec());
            self.secrets.credentials.extend(password(value, secret));
        } else if !rules.is_secret_name(name) && !is_id(name) {
            // `Sec-WebSocket-Protocol: token, abc`.
            let words = value.split(|byte| b", \t".contains(byte)).filter(|word| is_token(word));
            self.secrets.credentials.extend(words.map(<[u8]>::to_vec));
        } else if rules.is_secret_name(name) {
            // Some clients send a scheme in any header.
            self.secrets.credentials.push(credentials(value, rules.key.schemes()).to_vec());
            self.secrets.credentials.extend(password(value, credentials(value, rules.key.schemes())));
        }
    }

    /// Adds the value of a cookie, `name=value`, unless it is a plain word such as that of `theme=dark`.
    fn cookie(&mut self, cookie: &[u8]) {
        let equals = cookie.iter().position(|&byte| byte == b'=');
        let (name, value) = equals.map_or((&b""[..], cookie), |equals| (&cookie[..equals], &cookie[equals + 1..]));
        let (name, value) = (String::from_utf8_lossy(name.trim_ascii()), value.trim_ascii());
        let lower = name.to_ascii_lowercase();
        let is_secret = ["sess", "sid", "auth", "token", "remember"].iter().any(|part| lower.contains(part));
        let is_number = value.iter().all(u8::is_ascii_digit);
        if is_secret || self.rules.is_secret_name(&name) || !is_plain(value) && !is_number {
            self.secrets.credentials.push(value.to_vec());
            self.secrets.credentials.extend(std::str::from_utf8(value).ok().map(percent_decoded));
        }
    }

    fn url(&mut self, url: &str) {
        let user = authority(url).and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
        // A user name alone is a token.
        let user = user.map(|user| user.split_once(':').map_or(user, |(_, password)| password));
        let is_secret = |name: &str, value: &str| {
            !self.rules.keeps_parameter(name)
                && (name.is_empty() && !is_plain(value.as_bytes())
                    || self.rules.is_secret_name(name)
                    || is_token(value.as_bytes()))
        };
        let parameters = query(url).filter(|(name, value)| is_secret(name, value));
        for value in parameters.map(|(_, value)| value).chain(user) {
            self.secrets.credentials.extend([value.as_bytes().to_vec(), percent_decoded(value)]);
        }
        // A malformed URL can still contain a key.
        self.named_values(url);
    }

    /// Adds the values of secret names in a text: a form, XML, the parts of a form, YAML.
    fn named_values(&mut self, text: &str) {
        for value in Engine::new(self.rules, Form::Text).named_values(text).into_iter().take(FIELDS) {
            // Entities of XML.
            let decoded = View::plain(&value).decoded().map(|view| view.text.as_bytes().to_vec());
            self.secrets
                .credentials
                .extend(decoded.into_iter().chain([value.as_bytes().to_vec(), percent_decoded(&value)]));
        }
    }

    /// Adds the secret fields of a document: JSON, JSON lines, or another format.
    fn document(&mut self, text: &str) {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.len() > PARSED {
            return self.named_values(text);
        }
        let documents: Vec<Value> = match serde_json::from_str(text) {
            Ok(document) => vec![document],
            Err(_) => text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(),
        };
        let before = self.secrets.credentials.len();
        for document in &documents {
            self.json(document, false, DEPTH);
        }
        self.secrets.credentials.truncate(before + 2 * FIELDS);
        if !documents.iter().any(|document| document.is_object() || document.is_array()) {
            self.named_values(text);
        }
    }

    /// Adds the secret fields of a response. The strings in it are redacted in their place, so they are not searched: a server controls how
    /// long they are.
    fn response(&mut self, body: &[u8]) {
        let mut triggers = Vec::new();
        self.rules.known.find(body, &mut triggers);
        let Some(text) = std::str::from_utf8(body).ok().map(str::trim).filter(|_| !triggers.is_empty()) else { return };
        let before = self.secrets.credentials.len();
        if let Ok(document) = serde_json::from_str::<Value>(text) {
            self.json(&document, false, 0);
        } else if text.starts_with('<') {
            self.named_values(&text[..floor(text, MARKUP)]);
        }
        self.secrets.credentials.truncate(before + RESPONSE);
    }

    /// Adds the secrets of a JSON value, and of JSON documents in its strings.
    fn json(&mut self, value: &Value, is_secret: bool, depth: usize) {
        match value {
            Value::String(text) if is_secret => self.field(text),
            Value::String(text) if depth > 0 && text.starts_with(['{', '[']) => {
                if let Ok(value) = serde_json::from_str(text) {
                    self.json(&value, is_secret, depth - 1);
                }
            }
            Value::String(text) if depth > 0 && text.contains("://") && !text.contains(char::is_whitespace) => {
                self.url(text);
            }
            // A form, XML, the parts of a form.
            Value::String(text) if depth > 0 && text.contains(['=', '<', ':']) => self.named_values(text),
            Value::Number(number) if is_secret => self.field(&number.to_string()),
            Value::Array(items) => {
                if let [Value::String(name), Value::String(value)] = items.as_slice()
                    && is_mixed(value)
                {
                    self.named(name, value);
                }
                for item in items {
                    self.json(item, is_secret, depth);
                }
            }
            Value::Object(object) => self.object(object, is_secret, depth),
            _ => {}
        }
    }

    fn object(&mut self, object: &Map<String, Value>, is_secret: bool, depth: usize) {
        if let Some((name, field)) = sibling::of_object(object) {
            self.named(name, object[field].as_str().unwrap_or_default());
        }
        for (name, value) in object {
            if let Value::String(text) = value {
                self.named(name, text);
                if self.rules.is_content_name(name) {
                    self.secrets.contents.push(text.clone());
                }
            }
            self.json(value, is_secret || self.rules.is_secret_name(name), depth);
        }
    }

    /// Adds the value of a secret name: a header, a cookie or a field.
    fn named(&mut self, name: &str, value: &str) {
        if self.rules.is_secret_name(name) {
            self.header(&name.to_ascii_lowercase(), value.as_bytes());
        }
    }

    /// Adds the value of a field.
    fn field(&mut self, value: &str) {
        // A value of an object with a secret name, such as a cookie's `"theme": "dark"`, can be a plain word.
        if !is_plain(value.as_bytes()) || value.len() > PLAIN {
            self.secrets.credentials.push(value.as_bytes().to_vec());
        }
    }

    /// Adds the text of a request body that is not JSON or a form: plain text and SSML.
    fn prose(&mut self, text: &str) {
        let is_document = text.trim_start().starts_with(['{', '[']) || text.contains("form-data");
        if !is_document && text.contains(' ') {
            self.secrets
                .contents
                .extend(text.split(['<', '>', '\n']).filter(|piece| piece.contains(' ')).map(str::to_owned));
        }
    }
}

/// The maximum length of a plain word that is hidden only in its place.
const PLAIN: usize = 5;

/// Returns the password of Basic credentials, or the user name if there is no password: it then is a token.
fn password(value: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let is_basic = value.trim_ascii().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic"));
    let decoded = std::str::from_utf8(secret).ok().filter(|_| is_basic).and_then(base64)?;
    let colon = decoded.iter().position(|&byte| byte == b':');
    let (user, password) = colon.map_or((&decoded[..], &b""[..]), |colon| (&decoded[..colon], &decoded[colon + 1..]));
    Some(if password.is_empty() { user.to_vec() } else { password.to_vec() })
}

/// Returns whether a header contains an id that support searches for.
fn is_id(name: &str) -> bool {
    name.ends_with("-id") || ["traceparent", "tracestate", "baggage", "b3"].contains(&name)
}
