//! Objects in storage: whether the upload had ended, and whether the key that was asked for is the one that was uploaded.

use serde_json::Value;
use waves_errors_core::{Upload, field};

use super::{Exchange, Found};

const NEEDS_UPLOAD: &str = "the upload: its key, and the status that it was answered with";

impl Exchange<'_> {
    /// The upload had been answered with success.
    pub(super) fn upload_unfinished(&self) -> Found {
        match self.evidence.uploaded() {
            None => Found::cannot_tell(NEEDS_UPLOAD),
            Some(Upload { status: None, .. }) => Found::cannot_tell("the status that the upload was answered with"),
            Some(Upload { status: Some(200..=299), .. }) => Found::ruled_out(),
            Some(Upload { status: Some(0..=199), .. }) => Found::confirmed("the upload had not been answered"),
            Some(Upload { status: Some(status), .. }) => {
                Found::confirmed(format!("the upload was answered with {status}"))
            }
        }
    }

    /// The object that was asked for is the one that was uploaded.
    pub(super) fn object_key_mismatch(&self) -> Found {
        let Some(upload) = self.evidence.uploaded().filter(|upload| !upload.key.is_empty()) else {
            return Found::cannot_tell("the key of the uploaded object");
        };
        let uploaded = upload.key.trim_start_matches('/');
        let asked = self.asked_keys(uploaded);
        if asked.is_empty() {
            return Found::cannot_tell("the key that was asked for");
        }
        if asked.iter().any(|key| key == uploaded) {
            return Found::ruled_out();
        }
        let told = asked.iter().find_map(|key| difference(key, uploaded));
        Found::confirmed(told.unwrap_or("the key that was asked for is another one"))
    }

    /// The keys that the exchange asked for, cut to as many steps as the uploaded one has: what stands before may be a bucket.
    fn asked_keys(&self, uploaded: &str) -> Vec<String> {
        let steps = uploaded.split('/').count();
        let cut = |path: &str| {
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let parts: Vec<_> = path.split('/').collect();
            let from = parts.len().saturating_sub(steps);
            parts[from..].join("/")
        };
        let path = |url: &str| {
            let rest = url.split_once("://").map_or(url, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
            cut(rest)
        };
        let named = storage_key(self.evidence).map(|key| cut(&key));
        // The storage service itself was asked, or the API was told where to look.
        let told: Vec<_> = self.told_addresses().iter().map(|url| path(url)).collect();
        let url = self.evidence.url().map(path);
        let all = named.into_iter().chain(told.clone()).chain(url.filter(|_| told.is_empty()));
        all.filter(|key| !key.is_empty()).collect()
    }

    /// The addresses and keys in the request's body and query.
    fn told_addresses(&self) -> Vec<String> {
        let mut all = Vec::new();
        let body = self.evidence.sent().and_then(|body| serde_json::from_slice::<Value>(body.kept()).ok());
        collect(body.as_ref(), &mut all);
        let query = self.evidence.url().into_iter().flat_map(crate::redact::query_of);
        all.extend(query.map(|(_, value)| String::from_utf8_lossy(&crate::redact::decoded(value)).into_owned()));
        all.retain(|text| text.contains("://"));
        all
    }
}

/// The strings of JSON.
fn collect(value: Option<&Value>, into: &mut Vec<String>) {
    match value {
        Some(Value::String(text)) => into.push(text.clone()),
        Some(Value::Array(items)) => items.iter().for_each(|item| collect(Some(item), into)),
        Some(Value::Object(fields)) => fields.values().for_each(|item| collect(Some(item), into)),
        _ => {}
    }
}

/// The key that a storage service's answer names.
fn storage_key(evidence: &waves_errors_core::Evidence) -> Option<String> {
    if let Some(key) = field(evidence, "/Key") {
        return Some(key);
    }
    let text = std::str::from_utf8(evidence.answer()?.kept()).ok()?;
    let start = text.find("<Key>").filter(|_| text.contains("<Error>"))? + "<Key>".len();
    let key = text[start..].split('<').next()?;
    Some(
        key.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&"),
    )
}

/// In what alone two keys differ.
fn difference(asked: &str, uploaded: &str) -> Option<&'static str> {
    let decoded = |key: &str| String::from_utf8_lossy(&crate::redact::decoded(key)).into_owned();
    let lower = |key: &str| key.to_lowercase();
    // Keys are compared as they were meant: an address has them percent-coded.
    let (plain, other) = (decoded(asked), decoded(uploaded));
    if plain == uploaded || plain == other {
        return Some("the keys differ in percent-coding");
    }
    if lower(&plain) == lower(&other) {
        return Some("the keys differ in upper and lower case");
    }
    let stem =
        |key: &str| key.rsplit_once('.').filter(|(_, end)| !end.contains('/')).map_or(key, |(stem, _)| stem).to_owned();
    if stem(&plain) == stem(&other) {
        return Some("the keys differ in their extension");
    }
    if lower(&stem(&plain)) == lower(&stem(&other)) {
        return Some("the keys differ in their extension and in case");
    }
    if skeleton(&plain) == skeleton(&other) && !plain.is_ascii() && !other.is_ascii() {
        return Some("the keys differ in Unicode normalization: the same letters, written with other code points");
    }
    if plain.trim_end_matches('/') == other.trim_end_matches('/') {
        return Some("the keys differ in a slash at the end");
    }
    None
}

/// A key without the letters that may be written as one code point or as several.
fn skeleton(key: &str) -> String {
    let mut out = String::new();
    for c in key.chars() {
        if ('\u{300}'..='\u{36f}').contains(&c) {
            out.pop();
        } else if c.is_ascii() {
            out.push(c);
        }
    }
    out
}
