//! Objects in storage: whether the upload had ended, and whether the key that was asked for is the one that was uploaded.

use serde_json::Value;
use waves_errors_core::packed::is_storage;
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
        // What the storage service was asked for, as it says itself, or as its address says.
        let named = field(self.evidence, "/Key").map(|key| key.trim_start_matches('/').to_owned());
        let storage = is_storage(self.evidence);
        let asked = named.or_else(|| self.evidence.url().filter(|_| storage).map(|url| path_of(url, uploaded)));
        if let Some(asked) = asked.filter(|asked| !asked.is_empty()) {
            if asked == uploaded {
                return Found::ruled_out();
            }
            return Found::confirmed(
                difference(&asked, uploaded).unwrap_or("the key that was asked for is another one"),
            );
        }
        // Or what the API was told: of several addresses one that looks like the key is meant.
        let told: Vec<_> = self.told_addresses().iter().map(|url| path_of(url, uploaded)).collect();
        if told.iter().any(|key| key == uploaded) {
            return Found::ruled_out();
        }
        match told.iter().find_map(|key| difference(key, uploaded)) {
            Some(difference) => Found::confirmed(difference),
            None => Found::cannot_tell("the key that was asked for"),
        }
    }

    /// The addresses in the request's body and query.
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

/// The end of a key, with as many steps as another one has: what stands before may be a bucket.
fn last_steps(key: &str, other: &str) -> String {
    let parts: Vec<_> = key.trim_start_matches('/').split('/').collect();
    parts[parts.len().saturating_sub(other.split('/').count())..].join("/")
}

/// The key that an address asks for: of its path, decoded once, the last steps.
fn path_of(url: &str, other: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    // In a path a plus is a plus.
    let decoded = crate::redact::decoded(&path.replace('+', "%2B"));
    last_steps(&String::from_utf8_lossy(&decoded), other)
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

/// In what alone two keys differ.
fn difference(asked: &str, uploaded: &str) -> Option<&'static str> {
    let decoded = |key: &str| String::from_utf8_lossy(&crate::redact::decoded(key)).into_owned();
    let lower = |key: &str| key.to_lowercase();
    let (plain, other) = (decoded(asked), decoded(uploaded));
    if plain == other {
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
